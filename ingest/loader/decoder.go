package loader

import (
	"context"
	"time"

	"github.com/ClickHouse/ch-go/proto"
)

// Coordinates say where a message stands, when its batch landed and what the
// batch is called.
type Coordinates struct {
	Stream string
	Offset uint64
	Topic  string
	Landed time.Time
	Batch  string
}

// Header is one header of a message.
type Header struct {
	Key   string
	Value []byte
}

// Block is a columnar buffer of rows of one log table.
type Block interface {
	Input() proto.Input
	Rows() int
	Bytes() int
	Reset()
}

// Decoder turns messages into rows. Append adds exactly one row per message,
// accepted or refused; it fails only when something else than the message is
// broken, and has added nothing then. A Decoder serves one goroutine.
type Decoder interface {
	NewBlock() Block
	Append(ctx context.Context, b Block, at Coordinates, key, value []byte, headers []Header) error
}

// Topic is one Kafka topic and the log table its records land in.
type Topic struct {
	Name       string // hj.case
	RecordType string // case
	Table      string // log_case
	First      bool   // the others wait until this one is loaded and the gate is open
	Decoder    Decoder
}
