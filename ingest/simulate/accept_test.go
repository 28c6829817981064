package simulate_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/decode"
	"hengjian/ingest/simulate"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// openVault stands in for the vault: what is sealed does not matter here.
type openVault struct{}

func (openVault) Seal(_ context.Context, dst []byte, _, _ string, _ []byte, _ *vault.Phrasebook) ([]byte, string, error) {
	return dst, "k", nil
}

// Phrasebook gives none.
func (openVault) Phrasebook([]byte) *vault.Phrasebook { return nil }

func (openVault) Pseudonym(class string, value []byte) string {
	sum := sha256.Sum256([]byte(class + string(value)))
	return hex.EncodeToString(sum[:16])
}

// fixed is a register that the organ messages themselves filled.
type fixed struct{ r *access.Register }

func (f fixed) Current() *access.Register  { return f.r }
func (fixed) Reload(context.Context) error { return nil }

func sum(b []byte) [32]byte { return sha256.Sum256(b) }

type message struct {
	topic, key string
	value      []byte
}

// memory keeps every message.
type memory struct{ all []message }

func (m *memory) Put(_ context.Context, topic string, key, value []byte) error {
	m.all = append(m.all, message{topic, string(key), bytes.Clone(value)})
	return nil
}

func emitted(t *testing.T, c simulate.Config) (simulate.Truth, []message) {
	t.Helper()
	k, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	tr, m := k.Truth(), &memory{}
	if err := k.Emit(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return tr, m.all
}

type envelope struct {
	MessageID    string          `json:"message_id"`
	Sender       string          `json:"sender"`
	Seq          uint64          `json:"sender_seq"`
	RecordType   string          `json:"record_type"`
	Version      int             `json:"schema_version"`
	Op           string          `json:"op"`
	Revision     *uint64         `json:"revision"`
	BusinessTime string          `json:"business_time"`
	SentTime     string          `json:"sent_time"`
	Payload      json.RawMessage `json:"payload"`
	Digest       string          `json:"digest"`
}

// register reads the organ messages as derive and access would.
func register(t *testing.T, all []message) *access.Register {
	t.Helper()
	var organs []access.Organ
	for _, m := range all {
		if m.topic != "hj.organ" {
			continue
		}
		var e envelope
		var o struct {
			ID           string `json:"organ_id"`
			Code         string `json:"code"`
			System       string `json:"system"`
			Order        uint64 `json:"admin_order"`
			SupervisedBy string `json:"supervised_by"`
		}
		if err := json.Unmarshal(m.value, &e); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(e.Payload, &o); err != nil {
			t.Fatal(err)
		}
		organs = append(organs, access.Organ{ID: o.ID, Code: o.Code, System: o.System, Order: o.Order, SupervisedBy: o.SupervisedBy})
	}
	return access.NewRegister(organs)
}

// TestTheDecoderAgrees puts every message through the real decoder: exactly the
// planned ones are refused, all others are accepted.
func TestTheDecoderAgrees(t *testing.T) {
	tr, all := emitted(t, simulate.Config{Seed: 11, Cases: 1500, Faults: 0.3})
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	deps := decode.Deps{Catalogue: catalogue, Vault: openVault{}, Register: fixed{register(t, all)}, Simulated: true}
	decoders, blocks, shown := map[string]*decode.Decoder{}, map[string]*decode.Block{}, map[string]int{}
	for i, m := range all {
		name := strings.TrimPrefix(m.topic, "hj.")
		d := decoders[name]
		if d == nil {
			ct, ok := catalogue.Type(name)
			if !ok {
				t.Fatal("no contract " + name)
			}
			if d, err = decode.New(ct, deps); err != nil {
				t.Fatal(err)
			}
			decoders[name], blocks[name] = d, d.NewBlock()
		}
		b := blocks[name]
		before := b.Refused()
		at := decode.Coordinates{Stream: "s", Offset: uint64(i), Topic: m.topic, Landed: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Batch: "b"}
		if err := d.Append(t.Context(), b, at, nil, m.value, nil); err != nil {
			t.Fatal(err)
		}
		if planned := strings.HasSuffix(m.key, "Y"); planned != (b.Refused() > before) && shown[name] < 2 {
			shown[name]++
			t.Errorf("%s: refused %v, planned %v: %s", m.topic, !planned, planned, m.value)
		}
	}
	for name, f := range tr.Records {
		if b := blocks[name]; b == nil || uint64(b.Rows()) != f.Sent || uint64(b.Refused()) != f.Refused {
			t.Errorf("%s: decoded otherwise than %+v", name, f)
		}
	}
}
