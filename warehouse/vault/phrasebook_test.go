package vault

import (
	"bytes"
	"strings"
	"testing"

	"hengjian/warehouse"
)

const message = `{"message_id":"7-15b","sender":"JC330106","sender_seq":12,"record_type":"case","payload":{"docket_number":"杭西检刑诉〔2025〕12号","charge_group":"property","opened_on":"2025-03-03"}}`

// phrases are as contracts give them.
var phrases = []byte(`,"charge_group":"property","opened_on":"202{"message_id":"","sender":"","sender_seq":1,"record_type":"case","payload":{"docket_number":"`)

func TestMessagesAreSealedShort(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	whole, keyID := mustSeal(t, v, "a", "2025-03", message)
	short, sameKey, err := v.Seal(t.Context(), []byte("head"), "a", "2025-03", []byte(message), v.Phrasebook(phrases))
	if err != nil || keyID != sameKey || !bytes.HasPrefix(short, []byte("head")) {
		t.Fatalf("sealed %q by key %s, %v", short, sameKey, err)
	}
	short = short[4:]
	if len(short) > len(whole)*3/5 {
		t.Errorf("%d bytes with phrases, %d without", len(short), len(whole))
	}
	other := mustOpen(t, db, cfg)
	wantOpen(t, other, keyID, whole, message)
	wantOpen(t, other, keyID, short, message)
	for i := range short {
		changed := bytes.Clone(short)
		changed[i] ^= 1
		if _, err := other.Open(t.Context(), keyID, changed); warehouse.CodeOf(err) != warehouse.Invalid {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
}

// TestAnOpenerReadsBothForms opens sealed bytes without the database, as the key
// process does: with the wrapped key, and the phrasebooks for the second form.
func TestAnOpenerReadsBothForms(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	whole, keyID := mustSeal(t, v, "a", "2025-03", message)
	short, _, err := v.Seal(t.Context(), nil, "a", "2025-03", []byte(message), v.Phrasebook(phrases))
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := v.Wrapped(t.Context(), keyID)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := v.Phrases(t.Context())
	if err != nil || len(texts) != 1 || texts[0] != string(phrases) {
		t.Fatalf("phrasebooks %q, %v", texts, err)
	}
	for _, with := range [][]string{texts, nil} {
		o, err := NewOpener(cfg.KeyFile, with)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Learn(wrapped); err != nil {
			t.Fatal(err)
		}
		if plain, err := o.Open(keyID, whole); err != nil || string(plain) != message {
			t.Errorf("the first form: %q, %v", plain, err)
		}
		plain, err := o.Open(keyID, short)
		if with == nil {
			if warehouse.CodeOf(err) != warehouse.Unavailable {
				t.Errorf("the second form without its phrasebook: %q, %v", plain, err)
			}
		} else if err != nil || string(plain) != message {
			t.Errorf("the second form: %q, %v", plain, err)
		}
	}
}

// TestOldFormWithTheMark opens bytes of the first form whose nonce begins as the
// second form does.
func TestOldFormWithTheMark(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	for range 5000 {
		sealed, keyID := mustSeal(t, v, "a", "2025-03", message)
		if sealed[0] == formPacked {
			wantOpen(t, v, keyID, sealed, message)
			return
		}
	}
	t.Fatal("5000 nonces and none begins with the mark: are they random?")
}

func TestPhrasebookIsNeeded(t *testing.T) {
	db, cfg := ground(t)
	v := mustOpen(t, db, cfg)
	sealed, keyID, err := v.Seal(t.Context(), nil, "a", "2025-03", []byte(message), v.Phrasebook(phrases))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		sql, want string
		code      warehouse.Code
	}{
		{"ALTER TABLE seal_phrasebook UPDATE text = concat(text, ' ') WHERE 1 SETTINGS mutations_sync = 2", "was changed", warehouse.Invalid},
		{"TRUNCATE TABLE seal_phrasebook", "缺少密封用常用语表", warehouse.Unavailable},
	} {
		if err := db.Exec(t.Context(), one.sql); err != nil {
			t.Fatal(err)
		}
		_, err := mustOpen(t, db, cfg).Open(t.Context(), keyID, sealed)
		if warehouse.CodeOf(err) != one.code || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", one.sql, err)
		}
	}
}

// FuzzPhrasebook packs any message by any phrasebook; the library unpacks it.
func FuzzPhrasebook(f *testing.F) {
	f.Add(phrases, []byte(message), 1)
	f.Add([]byte(nil), []byte(nil), 0)
	f.Add([]byte("0123456789"), bytes.Repeat([]byte("0123456789abcdef"), 40), 9)
	f.Add(bytes.Repeat([]byte("x"), 70_000), bytes.Repeat([]byte("x"), 70_000), 2)
	f.Fuzz(func(t *testing.T, text, plain []byte, times int) {
		plain = bytes.Repeat(plain, 1+max(0, times)%50)
		p := newPhrasebook(text)
		packed := p.pack([]byte("head"), plain, new(selfTable))
		got, err := p.unpack(packed[4:], len(plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes by a phrasebook of %d came back as %d, %v", len(plain), len(text), len(got), err)
		}
		if _, err := p.unpack(packed[4:], len(plain)+1); err == nil {
			t.Fatal("a longer message was unpacked")
		}
	})
}

func BenchmarkPack(b *testing.B) {
	p, seen, dst := newPhrasebook(phrases), new(selfTable), []byte(nil)
	plain := []byte(message)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		dst = p.pack(dst[:0], plain, seen)
	}
}
