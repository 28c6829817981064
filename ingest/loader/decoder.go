package loader

import (
	"context"
	"fmt"

	"github.com/ClickHouse/ch-go/proto"

	"hengjian/ingest/decode"
	"hengjian/warehouse/contract"
)

// Coordinates say where a message stands, when its batch landed and what the
// batch is called; Header is one header of a message.
type (
	Coordinates = decode.Coordinates
	Header      = decode.Header
)

// Block is a columnar buffer of rows of one log table.
type Block interface {
	Input() proto.Input
	Rows() int
	Bytes() int
	Reset()
	Refusals(each func(reason string, rows int))
}

// Decoder turns messages into rows. Append adds exactly one row per message,
// accepted or refused; it fails only when something else than the message is
// broken, and has added nothing then. Grow makes room in a block for so many more
// rows whose messages have so many bytes together. A Decoder serves one goroutine; Fork makes
// another one for another. Join gives several blocks as the columns of one
// INSERT; they must not change until it is answered.
type Decoder interface {
	NewBlock() Block
	Grow(b Block, rows, bytes int)
	Append(ctx context.Context, b Block, at Coordinates, key, value []byte, headers []Header) error
	Fork() Decoder
	Join(blocks []Block) (proto.Input, error)
}

// Topic is one Kafka topic and the log table its records land in.
type Topic struct {
	Name       string // hj.case
	RecordType string // case
	Table      string // log_case
	First      bool   // the others wait until this one is loaded and the gate is open
	Decoder    Decoder
}

// first is the record type whose records the decoders of all others need.
const first = "organ"

// Topics returns the topic of every contract that comes through Kafka, each with
// a decoder of its own; the organ register comes first.
func Topics(c *contract.Catalogue, d decode.Deps) ([]Topic, error) {
	if d.Divisions == nil {
		var err error
		if d.Divisions, err = decode.LoadDivisions(); err != nil {
			return nil, err
		}
	}
	var all []Topic
	for _, t := range c.Types() {
		if t.Door != "kafka" {
			continue
		}
		decoder, err := decode.New(t, d)
		if err != nil {
			return nil, fmt.Errorf("make the decoder of %s: %w", t.Name, err)
		}
		all = append(all, Topic{Name: t.Topic(), RecordType: t.Name, Table: "log_" + t.Name, First: t.Name == first, Decoder: contracted{decoder}})
	}
	return all, nil
}

// contracted makes a decode.Decoder a Decoder.
type contracted struct{ decoder *decode.Decoder }

// NewBlock returns an empty block of the decoder's table.
func (c contracted) NewBlock() Block { return c.decoder.NewBlock() }

// Grow makes room in a block that NewBlock made.
func (c contracted) Grow(b Block, rows, bytes int) {
	if block, ok := b.(*decode.Block); ok {
		block.Grow(rows, bytes)
	}
}

// Append adds one row to a block that NewBlock made.
func (c contracted) Append(ctx context.Context, b Block, at Coordinates, key, value []byte, headers []Header) error {
	block, ok := b.(*decode.Block)
	if !ok {
		return fmt.Errorf("append to a block of another decoder: %T", b)
	}
	return c.decoder.Append(ctx, block, at, key, value, headers)
}

// Fork makes a decoder for another goroutine.
func (c contracted) Fork() Decoder { return contracted{c.decoder.Fork()} }

// Join gives blocks that NewBlock made as one INSERT.
func (c contracted) Join(blocks []Block) (proto.Input, error) {
	own := make([]*decode.Block, len(blocks))
	for i, b := range blocks {
		block, ok := b.(*decode.Block)
		if !ok {
			return nil, fmt.Errorf("join a block of another decoder: %T", b)
		}
		own[i] = block
	}
	return decode.Join(own), nil
}
