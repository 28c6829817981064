// Package decode turns one message into one row of log_<type>. It owns the
// envelope, the strict JSON scanner and the plan that is compiled once per
// contract; it promises that every message becomes exactly one row, accepted or
// refused, and that the same bytes give the same row (vault nonces aside). It
// never reads the wall clock, never stores a default in place of a wrong value,
// and never lets a name or an identity number leave in clear.
package decode

import (
	"context"
	"time"

	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// Coordinates say where a message stands and when it landed; Landed is the
// batch's time, passed in so that a replay gives the same row.
type Coordinates struct {
	Stream string
	Offset uint64
	Topic  string
	Landed time.Time
	Batch  string
}

// Header is one header of a message. "sender" and "record_type" are compared
// with the envelope when present; all others are ignored.
type Header struct {
	Key   string
	Value []byte
}

// Vault is what the decoder needs of warehouse/vault; messages of one type are
// sealed with one phrasebook.
type Vault interface {
	Seal(ctx context.Context, dst []byte, sender, month string, plain []byte, p *vault.Phrasebook) (sealed []byte, keyID string, err error)
	Phrasebook(text []byte) *vault.Phrasebook
	Pseudonym(class string, value []byte) string
}

// RegisterSource gives the organ register in force. Reload reads it again; the
// decoder asks for that at most once per batch, on the first unknown organ.
type RegisterSource interface {
	Current() *access.Register
	Reload(ctx context.Context) error
}

// Deps are the neighbours of a Decoder. Simulated says that the warehouse was
// born simulated: only then are never-allocated county codes accepted.
type Deps struct {
	Catalogue *contract.Catalogue
	Vault     Vault
	Register  RegisterSource
	Divisions *Divisions // nil = read for this decoder alone
	Simulated bool
}
