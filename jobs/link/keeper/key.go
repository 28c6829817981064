package keeper

import (
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
	"hengjian/warehouse/vault"
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

func (k Key) text() string { return fmt.Sprintf("%d:%s", k.Epoch, hex.EncodeToString(k.Secret)) }

// linkageKey names the linkage key in errors.
const linkageKey = "linkage key"

// ReadKey reads a key file that its owner alone may read. The error is
// fs.ErrNotExist when there is none.
func ReadKey(file string) (Key, error) {
	text, err := vault.ReadSecret(file, linkageKey)
	if err != nil {
		return Key{}, err
	}
	return ParseKey(text)
}

// Obtain reads the key file and makes it, at epoch 1, when there is none. No part
// key outlives a run, so a lost linkage key costs nothing but a run.
func Obtain(file string) (Key, error) {
	key, err := ReadKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = write(file, 1, false); errors.Is(err, fs.ErrExist) {
		return ReadKey(file) // another process was first
	}
	return key, err
}

// Rotate puts a new linkage key in force, one epoch on, and forgets the old one.
func Rotate(file string) (Key, error) {
	key, err := ReadKey(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Key{}, err
	}
	return write(file, key.Epoch+1, true)
}

// write draws a key and writes it whole or not at all.
func write(file string, epoch uint32, replace bool) (Key, error) {
	key := Key{Epoch: epoch, Secret: make([]byte, keyLength)}
	if _, err := rand.Read(key.Secret); err != nil {
		return Key{}, fmt.Errorf("draw a linkage key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return Key{}, fmt.Errorf("write the linkage key: %w", err)
	}
	if err := vault.WriteSecret(file, linkageKey, key.text(), replace); err != nil {
		return Key{}, err
	}
	return key, nil
}
