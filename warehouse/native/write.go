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
	places []uint32
	raw    proto.ColLowCardinalityRaw
	index  proto.ColStr
	at     map[string]uint32
	last   string // the newest text, once found
	place  uint32
	found  bool
}

// Add appends a text; equal texts are sent once.
func (f *FillWords) Add(s string) {
	if s != f.last || !f.found {
		f.last, f.place, f.found = s, f.Place(s), true
	}
	f.places = append(f.places, f.place)
}

// Place is where a text stands in the dictionary, until the next Reset.
func (f *FillWords) Place(s string) uint32 {
	if place, known := f.at[s]; known {
		return place
	}
	if f.at == nil {
		f.at = map[string]uint32{}
	}
	place := uint32(len(f.at))
	f.at[s] = place
	f.index.Append(s)
	return place
}

// AddPlace appends the text of a place.
func (f *FillWords) AddPlace(place uint32) { f.places = append(f.places, place) }

// Reset forgets the rows and keeps the room.
func (f *FillWords) Reset() {
	clear(f.at)
	f.index.Reset()
	f.places, f.found = f.places[:0], false
}

// input sends places in as few bytes as the dictionary needs.
func (f *FillWords) input() proto.ColInput {
	f.raw.Index = &f.index
	switch n := len(f.at); {
	case n <= 1<<8:
		f.raw.Key, f.raw.Keys8 = proto.KeyUInt8, narrowed(f.raw.Keys8, f.places)
	case n <= 1<<16:
		f.raw.Key, f.raw.Keys16 = proto.KeyUInt16, narrowed(f.raw.Keys16, f.places)
	default:
		f.raw.Key, f.raw.Keys32 = proto.KeyUInt32, f.places
	}
	return &f.raw
}

func narrowed[T uint8 | uint16](room []T, from []uint32) []T {
	room = room[:0]
	for _, n := range from {
		room = append(room, T(n))
	}
	return room
}

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
type FillNumbers[T uint8 | uint16 | int32 | uint32 | uint64] struct{ values []T }

// Add appends a number.
func (f *FillNumbers[T]) Add(n T) { f.values = append(f.values, n) }

// Reset forgets the rows and keeps the room.
func (f *FillNumbers[T]) Reset() { f.values = f.values[:0] }

func (f *FillNumbers[T]) input() proto.ColInput {
	switch values := any(f.values).(type) {
	case []uint8:
		col := proto.ColUInt8(values)
		return &col
	case []uint16:
		col := proto.ColUInt16(values)
		return &col
	case []int32:
		col := proto.ColInt32(values)
		return &col
	case []uint64:
		col := proto.ColUInt64(values)
		return &col
	case []uint32:
		col := proto.ColUInt32(values)
		return &col
	}
	return nil
}

// Ends say where the list of each row ends; lists of one length share them.
type Ends struct{ col proto.ColUInt64 }

// Add appends a row; rows is how many values the lists then hold in all.
func (e *Ends) Add(rows int) { e.col = append(e.col, uint64(rows)) }

// Rows is how many rows there are.
func (e *Ends) Rows() int { return len(e.col) }

// Reset forgets the rows and keeps the room.
func (e *Ends) Reset() { e.col = e.col[:0] }

// FillLists sends a column as lists: of type Array.
type FillLists struct {
	Of   Filled
	Ends *Ends
}

// Reset forgets the values; the ends, which others share, have a Reset of their own.
func (f FillLists) Reset() { f.Of.Reset() }

func (f FillLists) input() proto.ColInput { return lists{f.Of.input(), &f.Ends.col} }

// lists is a column of lists on its way.
type lists struct {
	of   proto.ColInput
	ends *proto.ColUInt64
}

// Type is that of the values, in a list.
func (l lists) Type() proto.ColumnType { return proto.ColumnTypeArray.Sub(l.of.Type()) }

// Rows is how many lists there are.
func (l lists) Rows() int { return l.ends.Rows() }

// EncodeState writes what stands before the column.
func (l lists) EncodeState(b *proto.Buffer) {
	if s, ok := l.of.(proto.StateEncoder); ok {
		s.EncodeState(b)
	}
}

// EncodeColumn writes where each list ends, then the values.
func (l lists) EncodeColumn(b *proto.Buffer) {
	l.ends.EncodeColumn(b)
	l.of.EncodeColumn(b)
}

// WriteColumn does the same without a copy.
func (l lists) WriteColumn(w *proto.Writer) {
	l.ends.WriteColumn(w)
	l.of.WriteColumn(w)
}
