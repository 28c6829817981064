package vault

import (
	"context"
	"crypto/cipher"
	"encoding/binary"
	"errors"

	"hengjian/warehouse"
)

// The two forms of sealed bytes. The first has no mark: nonce, ciphertext, tag,
// bound to the id of the key. The second begins with formPacked and the id of a
// phrasebook, to which it is bound too; inside stand the length of the message and
// its LZ4 block. Bytes of the first form that happen to begin with the mark are
// told from the second by their tag.
const formPacked = 2

// headLength is that of the mark and the phrasebook's id.
const headLength = 1 + len(phrasebookID{})

// mostPlain bounds what sealed bytes may claim to unpack to; Kafka takes 16 MiB.
const mostPlain = 1 << 30

// sealing is what sealing one message needs of memory.
type sealing struct {
	bound, packed []byte
	seen          selfTable
}

// Seal encrypts plain under the data key of sender and month (2025-03), packed by a
// phrasebook of this vault where one is given, and appends the result to dst. Conflict when
// that key was destroyed.
func (v *Vault) Seal(ctx context.Context, dst []byte, sender, month string, plain []byte, p *Phrasebook) (sealed []byte, keyID string, err error) {
	v.mu.RLock()
	key := v.bySlot[slot{sender, month}]
	v.mu.RUnlock()
	if key == nil {
		if !monthForm.MatchString(month) {
			return dst, "", &warehouse.Error{Code: warehouse.Invalid, Message: "the month of a data key is written 2025-03"}
		}
		if key, err = v.fill(ctx, slot{sender, month}); err != nil {
			return dst, "", err
		}
	}
	if p == nil {
		return key.aead.Seal(dst, nil, plain, []byte(key.id)), key.id, nil
	}
	if !p.kept.Load() {
		if err := v.keepBooks(ctx); err != nil {
			return dst, "", err
		}
	}
	s := v.sealings.Get().(*sealing) //nolint:forcetypeassert // the pool holds nothing else
	s.packed = p.pack(binary.AppendUvarint(s.packed[:0], uint64(len(plain))), plain, &s.seen)
	from := len(dst)
	dst = append(append(dst, formPacked), p.id[:]...)
	s.bound = append(append(s.bound[:0], key.id...), dst[from:]...)
	dst = key.aead.Seal(dst, nil, s.packed, s.bound)
	clear(s.packed)
	v.sealings.Put(s)
	return dst, key.id, nil
}

// Open decrypts what Seal gave, of either form. NotFound when the key is unknown or
// destroyed, also by another process a moment ago; Unavailable when the phrasebook
// is missing; Invalid when the bytes were changed.
func (v *Vault) Open(ctx context.Context, keyID string, sealed []byte) ([]byte, error) {
	key, err := v.keyOf(ctx, keyID)
	if err != nil {
		return nil, err
	}
	return opened(key.aead, key.id, sealed, func(id phrasebookID) (*Phrasebook, error) { return v.book(ctx, id) })
}

// opened decrypts sealed bytes of either form; book finds the phrasebook of the second.
func opened(aead cipher.AEAD, keyID string, sealed []byte, book func(phrasebookID) (*Phrasebook, error)) ([]byte, error) {
	if len(sealed) > headLength && sealed[0] == formPacked {
		head := sealed[:headLength]
		if packed, err := aead.Open(nil, nil, sealed[headLength:], append([]byte(keyID), head...)); err == nil {
			p, err := book(phrasebookID(head[1:]))
			if err != nil {
				return nil, err
			}
			return p.message(packed)
		}
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(keyID))
	if err != nil {
		return nil, changed(err)
	}
	return plain, nil
}

// changed is the refusal of bytes that are not what Seal gave.
func changed(err error) error {
	return &warehouse.Error{Code: warehouse.Invalid, Message: "the sealed bytes were changed or belong to another key", Err: err}
}

// message gives the message inside the second form.
func (p *Phrasebook) message(packed []byte) ([]byte, error) {
	length, n := binary.Uvarint(packed)
	if n <= 0 || length > mostPlain {
		return nil, changed(errors.New("no length"))
	}
	plain, err := p.unpack(packed[n:], int(length))
	if err != nil {
		return nil, changed(err)
	}
	return plain, nil
}

// keyOf returns an unwrapped data key by its id.
func (v *Vault) keyOf(ctx context.Context, keyID string) (*dataKey, error) {
	v.forget()
	v.mu.RLock()
	key, gone := v.byID[keyID], v.gone[keyID]
	v.mu.RUnlock()
	if key == nil && !gone {
		row, err := v.store.byID(ctx, keyID)
		if err != nil {
			return nil, err
		}
		if row != nil && !row.destroyed {
			raw, err := v.unwrap(ctx, *row)
			if err != nil {
				return nil, err
			}
			if key, err = v.keep(*row, raw); err != nil {
				return nil, err
			}
		} else if row != nil {
			v.mu.Lock()
			v.gone[keyID] = true
			v.mu.Unlock()
		}
	}
	if key == nil {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "the key of these bytes was destroyed or never was here: they cannot be read any more (密钥已到期销毁或不存在，原始报文不能再读取)"}
	}
	return key, nil
}
