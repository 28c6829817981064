package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"sync/atomic"

	"github.com/pierrec/lz4/v4"

	"hengjian/warehouse"
)

// Phrasebook is text that messages of one kind have in common (常用语表); Seal
// makes them shorter by it. It is not secret and must hold nothing personal: table
// seal_phrasebook keeps it in clear for as long as anything sealed with it.
type Phrasebook struct {
	id   phrasebookID
	text []byte
	at   [1 << bookBits]uint16 // by hash of five bytes: where they begin, counted from 1
	kept atomic.Bool           // it stands in the table
}

// phrasebookID is the beginning of the SHA-256 of the text.
type phrasebookID [8]byte

// String returns hex digits.
func (id phrasebookID) String() string { return hex.EncodeToString(id[:]) }

// The sizes of the tables of hashes, of the text that is used, and LZ4's own
// numbers: its offsets have 16 bits, a match has four bytes at least, the last
// one begins twelve bytes before the end, and the last five bytes are no match.
// Behind a match so many bytes are tried before the next comma is looked for.
const (
	bookBits = 12
	selfBits = 10
	bookMost = 32 << 10
	tries    = 2

	farthest   = 1<<16 - 1
	leastMatch = 4
	lastMatch  = 12
	lastBytes  = 5
)

func newPhrasebook(text []byte) *Phrasebook {
	text = append([]byte(nil), text[:min(len(text), bookMost)]...)
	p := &Phrasebook{text: text}
	sum := sha256.Sum256(text)
	copy(p.id[:], sum[:])
	for i := 0; i+8 <= len(text); i++ {
		if at := &p.at[hash5(binary.LittleEndian.Uint64(text[i:]))>>(64-bookBits)]; *at == 0 {
			*at = uint16(i + 1)
		}
	}
	return p
}

// hash5 is a hash of the first five bytes; its upper bits are the best.
func hash5(u uint64) uint64 { return (u << 24) * 0x9E3779B185EBCA87 }

// same counts the bytes in which a and b are equal from their beginning.
func same(a, b []byte) int {
	n := 0
	for len(a)-n >= 8 && len(b)-n >= 8 {
		if d := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); d != 0 {
			return n + bits.TrailingZeros64(d)>>3
		}
		n += 8
	}
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// selfTable says where five bytes were seen in the message itself, counted from 1.
type selfTable [1 << selfBits]uint32

// pack appends plain as one LZ4 block with the text as its dictionary. It is made
// for JSON messages of some hundred bytes, in which a general encoder takes longer
// to make its tables ready than to pack: matches are looked for where one has ended
// and at commas, behind which members begin.
func (p *Phrasebook) pack(dst, plain []byte, seen *selfTable) []byte {
	clear(seen[:])
	anchor, text := 0, p.text
	for i := 0; i+lastMatch <= len(plain); {
		u := binary.LittleEndian.Uint64(plain[i:])
		h := hash5(u)
		length, offset := 0, 0
		if at := int(p.at[h>>(64-bookBits)]) - 1; at >= 0 && binary.LittleEndian.Uint32(text[at:]) == uint32(u) && i+len(text)-at <= farthest {
			length, offset = same(text[at:], plain[i:len(plain)-lastBytes]), i+len(text)-at
		} else if at := int(seen[h>>(64-selfBits)]) - 1; at >= 0 && binary.LittleEndian.Uint32(plain[at:]) == uint32(u) && i-at <= farthest {
			length, offset = same(plain[at:], plain[i:len(plain)-lastBytes]), i-at
		}
		seen[h>>(64-selfBits)] = uint32(i + 1)
		switch {
		case length >= leastMatch:
			dst = appendSequence(dst, plain[anchor:i], offset, length)
			i += length
			anchor = i
		case i-anchor < tries:
			i++
		default:
			next := bytes.IndexByte(plain[i+1:], ',')
			if next < 0 {
				return appendSequence(dst, plain[anchor:], 0, 0)
			}
			i += 1 + next
		}
	}
	return appendSequence(dst, plain[anchor:], 0, 0)
}

// appendSequence writes literals and the match behind them; the last one has none.
func appendSequence(dst, literals []byte, offset, length int) []byte {
	token, rest := byte(min(len(literals), 15))<<4, length-leastMatch
	if length > 0 {
		token |= byte(min(rest, 15))
	}
	dst = appendLength(append(dst, token), len(literals))
	dst = append(dst, literals...)
	if length > 0 {
		dst = appendLength(binary.LittleEndian.AppendUint16(dst, uint16(offset)), rest)
	}
	return dst
}

// appendLength writes what of a length does not fit into the token's four bits.
func appendLength(dst []byte, n int) []byte {
	if n < 15 {
		return dst
	}
	for n -= 15; n >= 255; n -= 255 {
		dst = append(dst, 255)
	}
	return append(dst, byte(n))
}

// unpack gives what pack packed, of which the length is known.
func (p *Phrasebook) unpack(packed []byte, length int) ([]byte, error) {
	plain := make([]byte, length)
	n, err := lz4.UncompressBlockWithDict(packed, plain, p.text)
	if err != nil {
		return nil, fmt.Errorf("unpack a message: %w", err)
	}
	if n != length {
		return nil, fmt.Errorf("unpack a message: %d bytes of %d", n, length)
	}
	return plain, nil
}

// Phrasebook takes a text for Seal; what goes beyond 32 KiB is not used. All that
// were asked for are written into their table, in one INSERT, before the first
// message is sealed with one of them.
func (v *Vault) Phrasebook(text []byte) *Phrasebook {
	p := newPhrasebook(text)
	v.mu.Lock()
	defer v.mu.Unlock()
	if known := v.books[p.id]; known != nil {
		return known
	}
	v.books[p.id] = p
	return p
}

// keepBooks writes the phrasebooks that are not in their table. Of several that
// write the same at once one wins, or both rows say the same.
func (v *Vault) keepBooks(ctx context.Context) error {
	v.preparing.Lock()
	defer v.preparing.Unlock()
	known, err := v.store.phrasebooks(ctx)
	if err != nil {
		return err
	}
	var kept, fresh []*Phrasebook
	v.mu.RLock()
	for id, p := range v.books {
		if kept = append(kept, p); !known[id.String()] {
			fresh = append(fresh, p)
		}
	}
	v.mu.RUnlock()
	if err := v.store.insertPhrasebooks(ctx, fresh); err != nil {
		return err
	}
	for _, p := range kept {
		p.kept.Store(true)
	}
	return nil
}

// missing is the refusal of bytes whose phrasebook is not there. It is not NotFound,
// by which readers know that a key was destroyed on purpose and pass the record over.
func missing(id phrasebookID) error {
	return &warehouse.Error{Code: warehouse.Unavailable, Message: "the phrasebook " + id.String() + " of these bytes is missing: restore table seal_phrasebook from its copy (缺少密封用常用语表)"}
}

// book returns the phrasebook of an id.
func (v *Vault) book(ctx context.Context, id phrasebookID) (*Phrasebook, error) {
	v.mu.RLock()
	p := v.books[id]
	v.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	text, err := v.store.phrasebook(ctx, id)
	if err != nil {
		return nil, err
	}
	p = newPhrasebook(text)
	if p.id != id {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the phrasebook " + id.String() + " was changed: restore table seal_phrasebook from its copy (密封用常用语表被改动)", Err: errors.New("digest differs")}
	}
	p.kept.Store(true)
	v.mu.Lock()
	v.books[id] = p
	v.mu.Unlock()
	return p, nil
}
