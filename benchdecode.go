package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/bytedance/sonic"
	goccy "github.com/goccy/go-json"

	"hengjian/ingest/decode"
	"hengjian/ingest/simulate"
	"hengjian/warehouse/access"
)

// heard keeps the messages of a country in memory, by topic.
type heard struct{ byTopic map[string][][]byte }

// Put keeps a copy of the value.
func (h *heard) Put(_ context.Context, topic string, _, value []byte) error {
	h.byTopic[topic] = append(h.byTopic[topic], bytes.Clone(value))
	return nil
}

// fixedRegister is a register that never changes.
type fixedRegister struct{ *access.Register }

// Current returns the register.
func (f fixedRegister) Current() *access.Register { return f.Register }

// Reload changes nothing.
func (fixedRegister) Reload(context.Context) error { return nil }

// benchDecode decodes the messages of a small country with everything the
// loader needs (envelope, strict scanner, contract, digest, pseudonyms, seal,
// typed columns). The peers turn the same bytes into maps and check nothing.
func benchDecode(c *call) (measured, error) {
	scratch, err := os.MkdirTemp("", "hengjian-bench-")
	if err != nil {
		return measured{}, fmt.Errorf("make a scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	c.cfg.Data, c.cfg.ClickHouse.Port = scratch, 0
	var found measured
	err = c.withStore(func(ctx context.Context, s *store) error {
		country, err := c.newCountry(SimulateConfig{Cases: 1000, Seed: 7, AsOf: c.cfg.Simulate.AsOf}, nil)
		if err != nil {
			return err
		}
		messages := &heard{map[string][][]byte{}}
		if err := country.Emit(ctx, messages); err != nil {
			return fmt.Errorf("make the messages: %w", err)
		}
		ours, err := decodeAll(s, country, messages)
		if err != nil {
			return err
		}
		speeds, err := race(ctx, 5, ours,
			contender{"encoding/json into map", parseAll(messages, json.Unmarshal)},
			contender{"goccy/go-json into map", parseAll(messages, goccy.Unmarshal)},
			contender{"bytedance/sonic into map", parseAll(messages, sonic.Unmarshal)})
		if err != nil {
			return err
		}
		found = measured{
			Ratios:  against(ours.name, speeds),
			Figures: map[string]float64{"hengjian rows/s on one core": speeds[ours.name]},
			Notes:   []string{"ours validates, digests, seals and fills columns; the peers only parse, so a ratio of 1 means the checks are free"},
		}
		return nil
	})
	return found, err
}

// decodeAll is our side: one decoder and one block per record type.
func decodeAll(s *store, country *simulate.Country, messages *heard) (contender, error) {
	organs, err := organsIn(messages.byTopic["hj.organ"])
	if err != nil {
		return contender{}, err
	}
	deps := decode.Deps{Catalogue: s.defs.contracts, Vault: s.vault, Register: fixedRegister{organs}, Simulated: true}
	type bench struct {
		decoder *decode.Decoder
		block   *decode.Block
	}
	benches := map[string]bench{}
	for _, topic := range country.Topics() {
		t, ok := s.defs.contracts.Type(topic[len("hj."):])
		if !ok {
			return contender{}, fmt.Errorf("no contract for topic %s", topic)
		}
		d, err := decode.New(t, deps)
		if err != nil {
			return contender{}, fmt.Errorf("plan the decoder of %s: %w", topic, err)
		}
		benches[topic] = bench{d, d.NewBlock()}
	}
	landed := time.Now()
	return contender{"hengjian", func(ctx context.Context) (int, error) {
		n := 0
		for topic, b := range benches {
			b.block.Reset()
			at := decode.Coordinates{Stream: topic, Topic: topic, Landed: landed, Batch: "bench"}
			for i, value := range messages.byTopic[topic] {
				at.Offset = uint64(i)
				if err := b.decoder.Append(ctx, b.block, at, nil, value, nil); err != nil {
					return n, err
				}
			}
			n += len(messages.byTopic[topic])
		}
		return n, nil
	}}, nil
}

// parseAll is a peer: every message into a map; what does not parse is counted too.
func parseAll(messages *heard, parse func([]byte, any) error) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		n := 0
		for _, values := range messages.byTopic {
			for _, value := range values {
				into := map[string]any{}
				_ = parse(value, &into) // injected malformed messages fail here as they do with us
				n++
			}
		}
		return n, nil
	}
}

// organsIn makes the register from the organ messages themselves.
func organsIn(values [][]byte) (*access.Register, error) {
	var organs []access.Organ
	for i, value := range values {
		var m struct {
			Payload struct {
				Code   string `json:"code"`
				System string `json:"system"`
			} `json:"payload"`
		}
		if err := json.Unmarshal(value, &m); err != nil {
			return nil, fmt.Errorf("read an organ: %w", err)
		}
		organs = append(organs, access.Organ{ID: m.Payload.Code, Code: m.Payload.Code, System: m.Payload.System, Order: uint64(i)})
	}
	return access.NewRegister(organs), nil
}
