package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
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
// typed columns), beside parsers that turn the same bytes into maps and check
// nothing; then our scanner alone beside those it could be replaced by; then our
// way of inserting beside clickhouse-go's.
func benchDecode(c *call) (measured, error) {
	var found measured
	err := c.withScratch(func(ctx context.Context, s *store) error {
		country, err := c.newCountry(SimulateConfig{Cases: 1000, Seed: 7, AsOf: c.cfg.Simulate.AsOf}, nil)
		if err != nil {
			return err
		}
		messages := &heard{map[string][][]byte{}}
		if err := country.Emit(ctx, messages); err != nil {
			return fmt.Errorf("make the messages: %w", err)
		}
		ours, block, err := decodeAll(s, country, messages)
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
			Notes: []string{
				"ours validates, digests, seals and fills columns; the peers only parse, so a ratio of 1 means the checks are free",
				"scan: the members of envelope and payload are walked and nothing is stored; of " + fmt.Sprint(len(broken())) + " texts that are no strict JSON each should refuse all",
				"insert: ours begins at the bytes of messages, clickhouse-go at values that were decoded before",
			},
		}
		if err := benchScan(ctx, messages, &found); err != nil {
			return err
		}
		return benchInsert(ctx, s, block, &found)
	})
	return found, err
}

// benchScan lets the scanners race over the messages and counts what they take
// for whole.
func benchScan(ctx context.Context, messages *heard, found *measured) error {
	var all []contender
	for _, w := range walkers() {
		all = append(all, scanAll(messages, w))
		found.Figures["scan "+w.name+", broken texts taken"] = float64(taken(w))
	}
	speeds, err := race(ctx, 5, all...)
	if err != nil {
		return err
	}
	maps.Copy(found.Ratios, against(all[0].name, speeds))
	found.Figures[all[0].name+" rows/s on one core"] = speeds[all[0].name]
	return nil
}

// insertType is the record type whose log table the ways of inserting write.
const insertType = "case"

// benchInsert lets the ways of inserting race.
func benchInsert(ctx context.Context, s *store, block contenderBlock, found *measured) error {
	ways, spent, err := insertPaths(ctx, s, insertType, block)
	if err != nil {
		return err
	}
	speeds, err := race(ctx, 5, ways...)
	if err != nil {
		return err
	}
	maps.Copy(found.Ratios, against(ways[0].name, speeds))
	maps.Copy(found.Figures, spent.figures())
	return nil
}

// decodeAll is our side: one decoder and one block per record type; and a block
// of the rows that the ways of inserting insert.
func decodeAll(s *store, country *simulate.Country, messages *heard) (contender, contenderBlock, error) {
	organs, err := organsIn(messages.byTopic["hj.organ"])
	if err != nil {
		return contender{}, nil, err
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
			return contender{}, nil, fmt.Errorf("no contract for topic %s", topic)
		}
		d, err := decode.New(t, deps)
		if err != nil {
			return contender{}, nil, fmt.Errorf("plan the decoder of %s: %w", topic, err)
		}
		benches[topic] = bench{d, d.NewBlock()}
	}
	landed := time.Now()
	next := uint64(0)
	block := func(ctx context.Context) (*decode.Block, error) {
		topic := "hj." + insertType
		b, values := benches[topic], messages.byTopic[topic]
		b.block.Reset()
		at := decode.Coordinates{Stream: "bench", Topic: topic, Landed: landed, Batch: "bench"}
		for i := range insertRows {
			at.Offset, next = next, next+1
			if err := b.decoder.Append(ctx, b.block, at, nil, values[i%len(values)], nil); err != nil {
				return nil, err
			}
		}
		return b.block, nil
	}
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
	}}, block, nil
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
