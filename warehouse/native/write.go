package native

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"
)

// Filled is a column of an INSERT.
type Filled interface {
	input() proto.ColInput
	Reset()
}

// FillTexts collects a column of type String.
type FillTexts struct{ col proto.ColStr }

// Add appends a text.
func (f *FillTexts) Add(s string) { f.col.Append(s) }

// Reset forgets the rows and keeps the room.
func (f *FillTexts) Reset() { f.col.Reset() }

func (f *FillTexts) input() proto.ColInput { return &f.col }

// FillWords collects a column of type LowCardinality(String) by its dictionary.
type FillWords struct {
	raw   proto.ColLowCardinalityRaw
	index proto.ColStr
	at    map[string]uint32
	last  string
	place uint32
}

// Add appends a text; equal texts are sent once.
func (f *FillWords) Add(s string) {
	if f.at == nil {
		f.at = map[string]uint32{}
		f.raw.Index, f.raw.Key = &f.index, proto.KeyUInt32
	}
	if s != f.last || len(f.raw.Keys32) == 0 {
		place, known := f.at[s]
		if !known {
			place = uint32(len(f.at))
			f.at[s] = place
			f.index.Append(s)
		}
		f.last, f.place = s, place
	}
	f.raw.Keys32 = append(f.raw.Keys32, f.place)
}

// Reset forgets the rows and keeps the room.
func (f *FillWords) Reset() {
	clear(f.at)
	f.index.Reset()
	f.raw.Keys32 = f.raw.Keys32[:0]
}

func (f *FillWords) input() proto.ColInput { return &f.raw }

// FillDays collects a column of type Date32 or, with Nullable, Nullable(Date32);
// days are counted from 1970-01-01.
type FillDays struct {
	Nullable bool
	days     proto.ColDate32
	nulls    proto.ColUInt8
}

// Add appends a day.
func (f *FillDays) Add(d int32) {
	f.days = append(f.days, proto.Date32(d))
	f.nulls = append(f.nulls, 0)
}

// AddNull appends that there is no day.
func (f *FillDays) AddNull() {
	f.days = append(f.days, 0)
	f.nulls = append(f.nulls, 1)
}

// Reset forgets the rows and keeps the room.
func (f *FillDays) Reset() { f.days, f.nulls = f.days[:0], f.nulls[:0] }

func (f *FillDays) input() proto.ColInput {
	if f.Nullable {
		return &proto.ColNullable[time.Time]{Nulls: f.nulls, Values: &f.days}
	}
	return &f.days
}

// FillNumbers collects a column of a fixed width.
type FillNumbers[T uint8 | int32 | uint32] struct{ values []T }

// Add appends a number.
func (f *FillNumbers[T]) Add(n T) { f.values = append(f.values, n) }

// Reset forgets the rows and keeps the room.
func (f *FillNumbers[T]) Reset() { f.values = f.values[:0] }

func (f *FillNumbers[T]) input() proto.ColInput {
	switch values := any(f.values).(type) {
	case []uint8:
		col := proto.ColUInt8(values)
		return &col
	case []int32:
		col := proto.ColInt32(values)
		return &col
	case []uint32:
		col := proto.ColUInt32(values)
		return &col
	}
	return nil
}
