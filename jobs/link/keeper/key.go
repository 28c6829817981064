package keeper

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hengjian/warehouse"
)

// keyLength is that of a linkage key in bytes.
const keyLength = 32

// Key is the linkage key (关联密钥) with its epoch, which counts rotations from 1.
type Key struct {
	Epoch  uint32
	Secret []byte
}

// ParseKey reads a key as it is stored: the epoch, a colon and 64 hex digits.
func ParseKey(text string) (Key, error) {
	epoch, digits, ok := strings.Cut(strings.TrimSpace(text), ":")
	n, err := strconv.ParseUint(epoch, 10, 32)
	raw, errHex := hex.DecodeString(digits)
	if !ok || err != nil || n == 0 || errHex != nil || len(raw) != keyLength {
		return Key{}, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the linkage key is not one: it is written as epoch:%d hex digits, such as 1:00…ff (关联密钥格式为 轮次:%d位十六进制)", 2*keyLength, 2*keyLength)}
	}
	return Key{Epoch: uint32(n), Secret: raw}, nil
}

func (k Key) text() string { return fmt.Sprintf("%d:%s\n", k.Epoch, hex.EncodeToString(k.Secret)) }

// ReadKey reads a key file that its owner alone may read. The error is
// fs.ErrNotExist when there is none.
func ReadKey(file string) (Key, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Key{}, fmt.Errorf("read the linkage key: %w", err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return Key{}, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the linkage key file may be read by others (mode %04o): give it to its owner alone with chmod 600 %s", info.Mode().Perm(), file)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return Key{}, fmt.Errorf("read the linkage key: %w", err)
	}
	return ParseKey(string(bytes.TrimSpace(text)))
}

// Obtain reads the key file and makes it, at epoch 1, when there is none. No part
// key outlives a run, so a lost linkage key costs nothing but a run.
func Obtain(file string) (Key, error) {
	key, err := ReadKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		return write(file, 1)
	}
	return key, err
}

// Rotate puts a new linkage key in force, one epoch on, and forgets the old one.
func Rotate(file string) (Key, error) {
	key, err := ReadKey(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Key{}, err
	}
	return write(file, key.Epoch+1)
}

// write draws a key and writes it whole or not at all.
func write(file string, epoch uint32) (Key, error) {
	key := Key{Epoch: epoch, Secret: make([]byte, keyLength)}
	if _, err := rand.Read(key.Secret); err != nil {
		return Key{}, fmt.Errorf("draw a linkage key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return Key{}, fmt.Errorf("write the linkage key: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".key-*") // mode 0600
	if err != nil {
		return Key{}, fmt.Errorf("write the linkage key: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(key.text())
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return Key{}, fmt.Errorf("write the linkage key: %w", err)
	}
	return key, nil
}
