package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hengjian/warehouse"
)

// keyLength is that of AES-256.
const keyLength = 32

// master is a master key (主密钥) in memory.
type master struct {
	print string // fingerprint, safe to show
	aead  cipher.AEAD
}

func newMaster(raw []byte) (master, error) {
	aead, err := newAEAD(raw)
	if err != nil {
		return master{}, err
	}
	sum := sha256.Sum256(append([]byte("hengjian master key\x00"), raw...))
	return master{hex.EncodeToString(sum[:8]), aead}, nil
}

// newAEAD is AES-256-GCM with a random nonce in front of what it seals.
func newAEAD(raw []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return aead, nil
}

// nextFile holds the new master key while Rewrap is under way.
func (v *Vault) nextFile() string { return v.file + ".next" }

// loadMasters reads the key file, makes it in an empty warehouse, and finishes a
// Rewrap that was cut off; under the lock, so that none under way is taken for one.
func (v *Vault) loadMasters(ctx context.Context) error {
	raw, err := readKey(v.file)
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = v.firstKey(ctx)
	}
	if err != nil {
		return err
	}
	m, err := newMaster(raw)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.masters[m.print], v.current = m, m.print
	v.mu.Unlock()
	next, err := readKey(v.nextFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return v.change(ctx, next)
}

// firstKey makes the master key, unless keys exist that it could not open.
func (v *Vault) firstKey(ctx context.Context) ([]byte, error) {
	n, err := v.store.count(ctx)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		// A process that was first makes the file before any row: look once more.
		if raw, err := readKey(v.file); !errors.Is(err, fs.ErrNotExist) {
			return raw, err
		}
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the master key file is missing but this warehouse holds sealed data: put the file back from its safe copy"}
	}
	raw := make([]byte, keyLength)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	if err := writeKey(v.file, raw); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return readKey(v.file) // another process may have been first
}

// masterKey names the master key in errors.
const masterKey = "master key"

// readKey reads a key file: 64 hex digits, for its owner alone.
func readKey(file string) ([]byte, error) {
	text, err := ReadSecret(file, masterKey)
	if err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != keyLength {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the master key file does not hold a key: %d hex digits are needed; put the file back from its safe copy", 2*keyLength)}
	}
	return raw, nil
}

// writeKey writes a key file whole or not at all; fs.ErrExist when one is there.
func writeKey(file string, raw []byte) error {
	return WriteSecret(file, masterKey, hex.EncodeToString(raw), false)
}

// wrap fills in the wrapped form of a data key under the master key in force.
func (v *Vault) wrap(row keyRow, raw []byte) keyRow {
	v.mu.RLock()
	m := v.masters[v.current]
	v.mu.RUnlock()
	row.master = m.print
	row.wrapped = m.aead.Seal(nil, nil, raw, row.bound())
	return row
}

// unwrap opens a data key with the master key that wrapped it. While another
// process puts a new master key in force, the row is read again.
func (v *Vault) unwrap(ctx context.Context, row keyRow) ([]byte, error) {
	m, ok := v.masterOf(row)
	for try := 0; !ok && try < 3; try++ {
		if err := v.learn(); err != nil {
			return nil, err
		}
		if m, ok = v.masterOf(row); ok {
			break
		}
		again, err := v.store.byID(ctx, row.id)
		if err != nil {
			return nil, err
		}
		if again == nil || again.destroyed {
			break
		}
		row = *again
		m, ok = v.masterOf(row)
	}
	if !ok {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the master key file is not the one of this warehouse (key %s is needed): put that file back from its safe copy", row.master)}
	}
	raw, err := m.aead.Open(nil, nil, row.wrapped, row.bound())
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "a wrapped data key was changed in the database: restore table seal_key from its copy", Err: err}
	}
	return raw, nil
}

func (v *Vault) masterOf(row keyRow) (master, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	m, ok := v.masters[row.master]
	return m, ok
}

// Rewrap puts a new master key of 32 bytes in force and wraps every data key
// with it; nothing sealed and no pseudonym changes, and other processes of this
// machine go on sealing meanwhile. Cut off at any moment, the next start or the
// next new key finishes it. Loaders on other machines have key files of their
// own: stop them, and give them the new file.
func (v *Vault) Rewrap(ctx context.Context, newMaster []byte) error {
	if len(newMaster) != keyLength {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("a master key has %d bytes", keyLength)}
	}
	return v.exclusively(ctx, func() error {
		if err := writeKey(v.nextFile(), newMaster); err != nil {
			return err
		}
		return v.change(ctx, newMaster)
	})
}

// Rotate is Rewrap with a master key drawn at random.
func (v *Vault) Rotate(ctx context.Context) error {
	raw := make([]byte, keyLength)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("make the master key: %w", err)
	}
	return v.Rewrap(ctx, raw)
}

// change wraps all keys with the master key of nextFile and makes it the key file.
func (v *Vault) change(ctx context.Context, raw []byte) error {
	m, err := newMaster(raw)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.masters[m.print], v.current = m, m.print
	v.mu.Unlock()
	rows, err := v.store.all(ctx)
	if err != nil {
		return err
	}
	var wrapped []keyRow
	for _, row := range rows {
		if row.destroyed || row.master == m.print {
			continue
		}
		data, err := v.unwrap(ctx, row)
		if err != nil {
			return err
		}
		row.version++
		wrapped = append(wrapped, v.wrap(row, data))
	}
	if len(wrapped) > 0 {
		if err := v.store.insertAll(ctx, wrapped, ""); err != nil {
			return fmt.Errorf("wrap the data keys with the new master key: %w", err)
		}
	}
	if err := os.Rename(v.nextFile(), v.file); err != nil {
		return fmt.Errorf("put the new master key in force: %w", err)
	}
	return v.store.forgetOlder(ctx)
}
