package decode_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"hengjian/ingest/decode"
	"hengjian/ingest/simulate"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// heard keeps the messages of a country, by topic.
type heard map[string][][]byte

// Put keeps a copy.
func (h heard) Put(_ context.Context, topic string, _, value []byte) error {
	h[topic] = append(h[topic], bytes.Clone(value))
	return nil
}

// BenchmarkCountry decodes the records of a simulated country, all types in turn.
func BenchmarkCountry(b *testing.B) {
	country, err := simulate.New(simulate.Config{Seed: 7, Cases: 300})
	if err != nil {
		b.Fatal(err)
	}
	messages := heard{}
	if err := country.Emit(b.Context(), messages); err != nil {
		b.Fatal(err)
	}
	catalogue, err := contract.Load("")
	if err != nil {
		b.Fatal(err)
	}
	deps := decode.Deps{Catalogue: catalogue, Vault: openVault{}, Register: &register{now: organsOf(b, messages["hj.organ"])}, Simulated: true}
	type side struct {
		decoder *decode.Decoder
		block   *decode.Block
		values  [][]byte
	}
	var sides []side
	total, size := 0, 0
	for _, t := range catalogue.Types() {
		if values := messages[t.Topic()]; len(values) > 0 && t.Name != "organ" {
			d, err := decode.New(t, deps)
			if err != nil {
				b.Fatal(err)
			}
			sides = append(sides, side{d, d.NewBlock(), values})
			for _, v := range values {
				total, size = total+1, size+len(v)
			}
		}
	}
	at := decode.Coordinates{Stream: "s", Landed: time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC), Batch: "b"}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	refused := 0
	for b.Loop() {
		refused = 0
		for _, s := range sides {
			s.block.Reset()
			for _, v := range s.values {
				at.Offset++
				if err := s.decoder.Append(b.Context(), s.block, at, nil, v, nil); err != nil {
					b.Fatal(err)
				}
			}
			refused += s.block.Refused()
		}
	}
	if refused > total/50 {
		b.Fatalf("%d of %d records refused", refused, total)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*total), "ns/record")
}

// organsOf makes a register of every code that senders have.
func organsOf(b *testing.B, values [][]byte) *access.Register {
	b.Helper()
	var all []access.Organ
	for i, v := range values {
		m := parsed(b, string(v))
		p, ok := m["payload"].(map[string]any)
		if !ok {
			continue
		}
		text := func(name string) string { s, _ := p[name].(string); return s }
		all = append(all, access.Organ{ID: text("organ_id"), Code: text("code"), System: text("system"), Region: text("region"), Order: uint64(i)})
	}
	return access.NewRegister(all)
}
