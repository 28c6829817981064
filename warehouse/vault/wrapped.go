package vault

import (
	"context"
	"crypto/cipher"
	"fmt"

	"hengjian/warehouse"
)

// Wrapped is a data key as the database holds it: safe to hand to another process,
// which opens it only with the master key file.
type Wrapped struct {
	ID, Sender, Month, Master string
	Bytes                     []byte
}

// Wrapped returns a data key in its wrapped form. NotFound when it is unknown or
// destroyed.
func (v *Vault) Wrapped(ctx context.Context, id string) (Wrapped, error) {
	row, err := v.store.byID(ctx, id)
	if err != nil {
		return Wrapped{}, err
	}
	if row == nil || row.destroyed {
		return Wrapped{}, &warehouse.Error{Code: warehouse.NotFound, Message: "the key of these bytes was destroyed or never was here"}
	}
	return Wrapped{ID: row.id, Sender: row.sender, Month: row.month, Master: row.master, Bytes: row.wrapped}, nil
}

// Phrases returns the texts of all phrasebooks that messages were sealed with; like
// a wrapped key they may be handed to another process.
func (v *Vault) Phrases(ctx context.Context) ([]string, error) { return v.store.distinct(ctx, "text") }

// Opener opens sealed bytes without a database: with the master key file, and with
// the wrapped keys and phrasebooks that come with the bytes. It keeps no data key
// longer than it lives.
type Opener struct {
	masters map[string]master
	keys    map[string]cipher.AEAD
	books   map[phrasebookID]*Phrasebook
}

// NewOpener reads the master key file, and the next one while a change is under
// way; phrases are the texts of Phrases.
func NewOpener(file string, phrases []string) (*Opener, error) {
	v := &Vault{file: file, masters: map[string]master{}}
	if err := v.learn(); err != nil {
		return nil, err
	}
	if len(v.masters) == 0 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "there is no master key file: the key process needs it to open sealed records"}
	}
	o := &Opener{masters: v.masters, keys: map[string]cipher.AEAD{}, books: map[phrasebookID]*Phrasebook{}}
	for _, text := range phrases {
		p := newPhrasebook([]byte(text))
		o.books[p.id] = p
	}
	return o, nil
}

// Learn unwraps a data key, after which Open knows it. Invalid when it was wrapped
// with another master key or was changed.
func (o *Opener) Learn(w Wrapped) error {
	m, ok := o.masters[w.Master]
	if !ok {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the master key file is not the one that wrapped a data key: start the key process again after a rotation"}
	}
	raw, err := m.aead.Open(nil, nil, w.Bytes, keyRow{id: w.ID, slot: slot{w.Sender, w.Month}}.bound())
	if err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "a wrapped data key was changed on its way", Err: err}
	}
	if o.keys[w.ID], err = newAEAD(raw); err != nil {
		return err
	}
	return nil
}

// Open decrypts sealed bytes of a learned key, of either form. Unavailable when their
// phrasebook did not come with them.
func (o *Opener) Open(id string, sealed []byte) ([]byte, error) {
	key, ok := o.keys[id]
	if !ok {
		return nil, fmt.Errorf("open sealed bytes: their data key %s did not come with them", id)
	}
	return opened(key, id, sealed, func(book phrasebookID) (*Phrasebook, error) {
		if p := o.books[book]; p != nil {
			return p, nil
		}
		return nil, missing(book)
	})
}
