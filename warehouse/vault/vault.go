// Package vault owns the keys: it seals original bytes (原始报文) under one data
// key per sender and month, and turns names and numbers into keyed pseudonyms
// (假名). It promises that the master key stays in a file outside the database,
// that a data key never leaves this process unwrapped, and that a destroyed key
// makes its bytes unreadable. It never writes or logs plain bytes.
package vault

import (
	"cmp"
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"hengjian/warehouse"
)

// Config says where the master key lives. The file is made with mode 0600 when
// it is absent and nothing was sealed yet.
type Config struct{ KeyFile string }

// Vault seals and opens bytes and makes pseudonyms. Many goroutines may use it.
type Vault struct {
	file  string
	store store

	mu      sync.RWMutex
	masters map[string]master // by fingerprint
	current string            // fingerprint of the master key in force
	bySlot  map[slot]*dataKey
	byID    map[string]*dataKey

	gone map[string]bool // ids of destroyed keys, which stay so

	destroyed atomic.Int64 // size of the marker as last seen
	changing  sync.Mutex   // beside the lock between processes
	preparing sync.Mutex
	prepared  map[string]bool // months whose keys are made ahead
	digests   sync.Pool       // of *digester
	sealings  sync.Pool       // of *sealing
	books     map[phrasebookID]*Phrasebook
}

// slot is what one data key is for.
type slot struct{ sender, month string }

// dataKey is an unwrapped data key in memory.
type dataKey struct {
	id   string
	aead cipher.AEAD
}

// pseudonyms is the slot of the one key that pseudonyms are made with; it is
// wrapped like a data key, so that they stay equal when the master key changes.
var pseudonyms = slot{"", "pseudonym"}

var monthForm = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// Open reads or makes the master key and the key of the pseudonyms. Invalid
// when the key file is readable by others, damaged, or not that of this warehouse.
func Open(ctx context.Context, cfg Config, db *warehouse.DB) (*Vault, error) {
	v := &Vault{file: cfg.KeyFile, store: store{db}, masters: map[string]master{}, bySlot: map[slot]*dataKey{}, byID: map[string]*dataKey{}, gone: map[string]bool{}, prepared: map[string]bool{}, books: map[phrasebookID]*Phrasebook{}}
	v.sealings.New = func() any { return new(sealing) }
	v.forget() // only notes what is so far
	if err := v.exclusively(ctx, func() error { return nil }); err != nil {
		return nil, err
	}
	raw, _, err := v.obtain(ctx, pseudonyms)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	v.digests.New = func() any {
		return &digester{mac: hmac.New(sha256.New, raw)}
	}
	return v, nil
}

// Destroy makes everything sealed for the senders in a month unreadable for
// ever, in this process and in every other. A month in which bytes still land
// must not be destroyed: nothing more could be sealed. Destroying twice is no error.
func (v *Vault) Destroy(ctx context.Context, month string, senders ...string) error {
	if !monthForm.MatchString(month) {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the month of a data key is written 2025-03"}
	}
	return v.exclusively(ctx, func() error { return v.destroy(ctx, month, senders) })
}

func (v *Vault) destroy(ctx context.Context, month string, senders []string) error {
	rows, err := v.store.ofMonth(ctx, month)
	if err != nil {
		return err
	}
	var gone []keyRow
	found := map[string]bool{}
	for _, row := range rows {
		if !slices.Contains(senders, row.sender) {
			continue
		}
		found[row.sender] = true
		if !row.destroyed {
			gone = append(gone, keyRow{id: row.id, slot: row.slot, version: row.version + 1, destroyed: true})
		}
	}
	if len(found) < len(senders) {
		return &warehouse.Error{Code: warehouse.NotFound, Message: "nothing was sealed for that sender and month"}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := v.store.insertAll(ctx, gone, ""); err != nil {
		return fmt.Errorf("destroy the data keys of %s: %w", month, err)
	}
	if err := v.touch(); err != nil {
		return err
	}
	v.forget()
	return v.store.forgetOlder(ctx)
}

// Key is what may be shown of a data key.
type Key struct {
	Sender, Month string
	Destroyed     bool
}

// Keys lists the data keys by month and sender, without that of the pseudonyms.
func (v *Vault) Keys(ctx context.Context) ([]Key, error) {
	rows, err := v.store.all(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Key, 0, len(rows))
	for _, r := range rows {
		if r.slot != pseudonyms {
			out = append(out, Key{r.sender, r.month, r.destroyed})
		}
	}
	slices.SortFunc(out, func(a, b Key) int {
		return cmp.Or(strings.Compare(a.Month, b.Month), strings.Compare(a.Sender, b.Sender))
	})
	return out, nil
}

// Master is the fingerprint of the master key in force.
func (v *Vault) Master() string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.current
}

// Prepare makes the data keys of a month for senders that have none yet, all in
// one INSERT; the first call of a month does it, later ones cost nothing. Two
// machines that do it at once may each leave a key of one slot: all choose the
// same from then on, and Destroy destroys both.
func (v *Vault) Prepare(ctx context.Context, month string, senders []string) error {
	v.preparing.Lock()
	defer v.preparing.Unlock()
	if v.prepared[month] {
		return nil
	}
	if !monthForm.MatchString(month) {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the month of a data key is written 2025-03"}
	}
	if err := v.exclusively(ctx, func() error { return v.prepare(ctx, month, senders) }); err != nil {
		return err
	}
	v.prepared[month] = true
	return nil
}

func (v *Vault) prepare(ctx context.Context, month string, senders []string) error {
	known, err := v.keepMonth(ctx, month)
	if err != nil {
		return err
	}
	var fresh []keyRow
	for _, sender := range senders {
		if known[sender] || sender == "" {
			continue
		}
		known[sender] = true
		row, err := v.fresh(slot{sender, month})
		if err != nil {
			return err
		}
		fresh = append(fresh, row)
	}
	if len(fresh) > 0 {
		if err := v.store.insertAll(ctx, fresh, ""); err != nil {
			return fmt.Errorf("write the data keys of %s: %w", month, err)
		}
		if _, err := v.keepMonth(ctx, month); err != nil {
			return err
		}
	}
	return nil
}

// keepMonth reads the keys of a month and says which senders have one.
func (v *Vault) keepMonth(ctx context.Context, month string) (map[string]bool, error) {
	rows, err := v.store.ofMonth(ctx, month)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, row := range rows {
		if known[row.sender] {
			continue // the first counts
		}
		known[row.sender] = true
		if row.destroyed {
			continue
		}
		raw, err := v.unwrap(ctx, row)
		if err != nil {
			return nil, err
		}
		if _, err := v.keep(row, raw); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// fill makes or reads the key of a slot and keeps it.
func (v *Vault) fill(ctx context.Context, at slot) (*dataKey, error) {
	raw, row, err := v.obtain(ctx, at)
	if err != nil {
		return nil, err
	}
	return v.keep(row, raw)
}

func (v *Vault) keep(row keyRow, raw []byte) (*dataKey, error) {
	aead, err := newAEAD(raw)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if key := v.byID[row.id]; key != nil {
		v.bySlot[row.slot] = key
		return key, nil
	}
	key := &dataKey{id: row.id, aead: aead}
	v.bySlot[row.slot], v.byID[row.id] = key, key
	return key, nil
}

// obtain reads the key of a slot and makes it when there is none. Of several
// that make it at once one wins: its insert takes the token of the slot, the
// others' inserts are dropped, and all read back what is there.
func (v *Vault) obtain(ctx context.Context, at slot) (raw []byte, row keyRow, err error) {
	found, err := v.store.newest(ctx, at)
	if err != nil {
		return nil, keyRow{}, err
	}
	if found == nil {
		if err := v.exclusively(ctx, func() error { return v.create(ctx, at) }); err != nil {
			return nil, keyRow{}, err
		}
		if found, err = v.store.newest(ctx, at); err != nil {
			return nil, keyRow{}, err
		}
		if found == nil {
			return nil, keyRow{}, errors.New("a data key was written and cannot be read back")
		}
	}
	if found.destroyed {
		return nil, keyRow{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("the data key of %s was destroyed: nothing more can be sealed for that month", at.month)}
	}
	raw, err = v.unwrap(ctx, *found)
	return raw, *found, err
}

func (v *Vault) create(ctx context.Context, at slot) error {
	row, err := v.fresh(at)
	if err != nil {
		return err
	}
	if err := v.store.insert(ctx, row, "seal_key/"+hex.EncodeToString([]byte(at.sender))+"/"+at.month); err != nil {
		return fmt.Errorf("write a data key: %w", err)
	}
	return nil
}

// fresh draws a data key and wraps it.
func (v *Vault) fresh(at slot) (keyRow, error) {
	raw := make([]byte, keyLength)
	id := make([]byte, 12)
	if _, err := rand.Read(raw); err != nil {
		return keyRow{}, fmt.Errorf("make a data key: %w", err)
	}
	if _, err := rand.Read(id); err != nil {
		return keyRow{}, fmt.Errorf("make a data key: %w", err)
	}
	return v.wrap(keyRow{id: hex.EncodeToString(id), slot: at, version: 1}, raw), nil
}

// digester is a keyed digest with the buffers it needs.
type digester struct {
	mac  hash.Hash
	in   []byte
	sum  [sha256.Size]byte
	text [2 * pseudonymLength]byte
}

// pseudonymLength is the length of a pseudonym in bytes before hex.
const pseudonymLength = 16

// Pseudonym returns the keyed digest of a value as 32 hex digits. Class (name,
// id, birth) keeps equal texts of different classes apart. It allocates only
// its result.
func (v *Vault) Pseudonym(class string, value []byte) string {
	d := v.digests.Get().(*digester) //nolint:forcetypeassert // the pool holds nothing else
	d.mac.Reset()
	d.in = append(append(append(d.in[:0], class...), 0), value...)
	d.mac.Write(d.in)
	sum := d.mac.Sum(d.sum[:0])
	hex.Encode(d.text[:], sum[:pseudonymLength])
	text := string(d.text[:])
	clear(d.in)
	v.digests.Put(d)
	return text
}
