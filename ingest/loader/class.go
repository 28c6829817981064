package loader

import (
	"context"
	"errors"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/clickhouse-go/v2"

	"hengjian/warehouse"
)

// class says what an error of the warehouse asks for.
type class uint8

const (
	connection class = iota // three possible truths: the same block with the same token again
	fenced                  // someone ended our INSERT: read the epoch
	lost                    // another owner has a later epoch: stand by
	again                   // fence and read the position before anything else
	pressure                // the server has no room now: the same block, for ever, with an alarm
	memory                  // pressure that a smaller block may end
	data                    // a value the table refuses: cut smaller to find it
	schema                  // tables, rights or settings are wrong: stop and say so
	ended                   // a hook or a stop of our own
)

// String returns the label of the metric.
func (c class) String() string {
	return [...]string{"connection", "fenced", "lost", "again", "pressure", "memory", "data", "schema", "ended"}[c]
}

// classes is the one table of the server's error codes; a code that is not here
// is treated as a connection error, whose answer is right in every case.
var classes = map[int32]class{
	216: fenced, // query id is running already
	394: fenced, // query was cancelled

	241: memory,   // memory limit exceeded
	252: pressure, // too many parts
	243: pressure, // not enough space
	164: pressure, // read-only account or profile for now
	242: pressure, // table is read-only
	202: pressure, // too many simultaneous queries
	203: pressure, // no free connection
	261: pressure, // unknown block info
	319: pressure, // unknown status of insert
	425: pressure, // system error
	999: pressure, // keeper

	6: data, 27: data, 38: data, 41: data, 72: data, // cannot parse
	69: data, 131: data, 321: data, 349: data, 407: data, 691: data, // out of range, too large, null, unknown element
	469: data, // violated constraint

	10: schema, 16: schema, 20: schema, 44: schema, 47: schema, 53: schema, 60: schema, 62: schema, 70: schema, 81: schema, // columns, types, tables
	115: schema, 452: schema, 472: schema, // settings
	192: schema, 193: schema, 194: schema, 291: schema, 497: schema, 516: schema, // accounts and rights
}

// The reasons the loader itself leaves a block for.
var (
	errLost    = errors.New("another owner has a later epoch")
	errStopped = errors.New("the loader stops")
)

// againError asks for a fence and says why.
type againError struct{ why string }

// Error returns the reason.
func (e *againError) Error() string { return "fence again: " + e.why }

// stopError ends Run with one sentence for the person.
type stopError struct{ err *warehouse.Error }

// Error returns the sentence.
func (e *stopError) Error() string { return e.err.Error() }

// Unwrap returns the error for the person.
func (e *stopError) Unwrap() error { return e.err }

func stop(code warehouse.Code, message string, cause error) error {
	return &stopError{&warehouse.Error{Code: code, Message: message, Err: cause}}
}

// classify finds the class of an error.
func classify(err error) class {
	var hook *hookError
	var halt *stopError
	var redo *againError
	switch {
	case errors.As(err, &hook), errors.As(err, &halt), errors.Is(err, errStopped):
		return ended
	case errors.Is(err, errLost):
		return lost
	case errors.As(err, &redo):
		return again
	}
	code, known := serverCode(err)
	if !known {
		return connection
	}
	if c, ok := classes[code]; ok {
		return c
	}
	return connection
}

// serverCode returns the code of the server's exception in err.
func serverCode(err error) (int32, bool) {
	var low *ch.Exception
	if errors.As(err, &low) {
		return int32(low.Code), true
	}
	var high *clickhouse.Exception
	if errors.As(err, &high) {
		return high.Code, true
	}
	return 0, false
}

// reason returns a text without the server's words, which may quote data.
func reason(err error) string {
	if code, ok := serverCode(err); ok {
		return "ClickHouse error " + itoa(code)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return err.Error()
}
