package decode

import (
	"encoding/binary"
	"slices"

	"github.com/ClickHouse/ch-go/proto"
)

// valueColumn is one physical payload column. Rows without a value are not written
// one by one: append and pad fill them with NULL up to the row they are given.
type valueColumn interface {
	sized
	append(row int, c *cell, p part)
	pad(rows int)
}

// part says which value of a cell a column holds.
type part uint8

const (
	partValue part = iota
	partID         // the organ's id
	partNorm       // the canonical number
	partYear       // the year of a day
)

func partOf(name string) (part, bool) {
	at := slices.Index([]string{"", "id", "norm", "year"}, name)
	return part(max(at, 0)), at >= 0
}

// sized is what every column of a Block can do beside being written. join makes
// one column of the same column of several blocks, without copying values.
type sized interface {
	proto.ColInput
	size() int
	reset()
	join(parts []sized) proto.ColInput
}

// wireText is String as the wire has it, each value behind its length, so that
// it is written without another copy.
type wireText struct {
	buf []byte
	n   int
}

// Type returns the type's name.
func (c *wireText) Type() proto.ColumnType { return proto.ColumnTypeString }

// Rows returns the number of rows.
func (c *wireText) Rows() int { return c.n }

// EncodeColumn writes the values.
func (c *wireText) EncodeColumn(b *proto.Buffer) { b.Buf = append(b.Buf, c.buf...) }

// WriteColumn writes the values.
func (c *wireText) WriteColumn(w *proto.Writer) { w.ChainWrite(c.buf) }

// AppendBytes adds a value.
func (c *wireText) AppendBytes(v []byte) {
	c.buf = append(binary.AppendUvarint(c.buf, uint64(len(v))), v...)
	c.n++
}

// Append adds a value.
func (c *wireText) Append(v string) {
	c.buf = append(binary.AppendUvarint(c.buf, uint64(len(v))), v...)
	c.n++
}

func (c *wireText) empty() { c.buf, c.n = c.buf[:0], 0 }

// nulls is the null mask in front of a Nullable column's values.
type nulls struct{ mask proto.ColUInt8 }

// Rows returns the number of rows.
func (n *nulls) Rows() int { return len(n.mask) }

func (n *nulls) set(null uint8) { n.mask = append(n.mask, null) }

// fill marks rows as NULL up to a row and returns how many they were.
func (n *nulls) fill(rows int) int {
	from := len(n.mask)
	if from >= rows {
		return 0
	}
	n.mask = slices.Grow(n.mask, rows-from)[:rows]
	for i := from; i < rows; i++ {
		n.mask[i] = 1
	}
	return rows - from
}

// zeros appends zero values.
func zeros[T any](to []T, n int) []T {
	to = slices.Grow(to, n)
	clear(to[len(to) : len(to)+n])
	return to[:len(to)+n]
}

// textColumn is Nullable(String).
type textColumn struct {
	nulls
	text wireText
}

// Type returns the type's name.
func (c *textColumn) Type() proto.ColumnType { return "Nullable(String)" }

// EncodeColumn writes mask and values.
func (c *textColumn) EncodeColumn(b *proto.Buffer) {
	c.mask.EncodeColumn(b)
	c.text.EncodeColumn(b)
}

// WriteColumn writes mask and values.
func (c *textColumn) WriteColumn(w *proto.Writer) {
	c.mask.WriteColumn(w)
	c.text.WriteColumn(w)
}

func (c *textColumn) append(row int, v *cell, p part) {
	c.pad(row)
	c.nulls.set(0)
	switch {
	case p == partNorm:
		c.text.AppendBytes(v.norm)
	case v.code != "":
		c.text.Append(v.code)
	default:
		c.text.AppendBytes(v.text)
	}
}

func (c *textColumn) pad(rows int) {
	if n := c.fill(rows); n > 0 {
		c.text.buf, c.text.n = zeros(c.text.buf, n), rows
	}
}

func (c *textColumn) size() int { return len(c.text.buf) + len(c.mask) }

func (c *textColumn) reset() {
	c.mask = c.mask[:0]
	c.text.empty()
}

// integer is the raw form of a date, instant, number, amount or boolean.
type integer interface {
	~uint8 | ~uint16 | ~uint64 | ~int32 | ~int64
}

// numberColumn is Nullable(T) for everything that is one integer on the wire.
type numberColumn[T integer] struct {
	nulls
	name  proto.ColumnType
	width int
	raw   []T
	view  func([]T) proto.ColInput
}

// Type returns the full name, such as Nullable(Decimal(18, 2)).
func (c *numberColumn[T]) Type() proto.ColumnType { return proto.ColumnTypeNullable.Sub(c.name) }

// EncodeColumn writes mask and values.
func (c *numberColumn[T]) EncodeColumn(b *proto.Buffer) {
	c.mask.EncodeColumn(b)
	c.view(c.raw).EncodeColumn(b)
}

// WriteColumn writes mask and values.
func (c *numberColumn[T]) WriteColumn(w *proto.Writer) {
	c.mask.WriteColumn(w)
	c.view(c.raw).WriteColumn(w)
}

func (c *numberColumn[T]) append(row int, v *cell, p part) {
	c.pad(row)
	c.nulls.set(0)
	if p == partYear {
		c.raw = append(c.raw, T(v.year))
		return
	}
	c.raw = append(c.raw, T(v.number))
}

func (c *numberColumn[T]) pad(rows int) {
	if n := c.fill(rows); n > 0 {
		c.raw = zeros(c.raw, n)
	}
}

// put appends a number, or NULL when it is not known.
func (c *numberColumn[T]) put(v T, known bool) {
	if !known {
		c.pad(len(c.raw) + 1)
		return
	}
	c.nulls.set(0)
	c.raw = append(c.raw, v)
}

func (c *numberColumn[T]) size() int { return len(c.raw) * (c.width + 1) }

func (c *numberColumn[T]) reset() { c.mask, c.raw = c.mask[:0], c.raw[:0] }

func uint8s(v []uint8) proto.ColInput   { return proto.ColUInt8(v) }
func uint16s(v []uint16) proto.ColInput { return proto.ColUInt16(v) }
func uint64s(v []uint64) proto.ColInput { return proto.ColUInt64(v) }
func int32s(v []int32) proto.ColInput   { return proto.ColInt32(v) }
func int64s(v []int64) proto.ColInput   { return proto.ColInt64(v) }

// instant is the type of every point in time, in milliseconds since 1970.
const instantType = "DateTime64(3, 'Asia/Shanghai')"

func newInstantColumn() *numberColumn[int64] {
	return &numberColumn[int64]{name: instantType, width: 8, view: int64s}
}

// newValueColumn makes the column of a physical ClickHouse type as contracts
// use them; false for a type that no contract can produce.
func newValueColumn(clickhouse string) (valueColumn, bool) {
	switch name := nullableInner(clickhouse); {
	case clickhouse == "LowCardinality(Nullable(String))":
		return newDictColumn(true), true
	case name == "String":
		return new(textColumn), true
	case name == "Date32":
		return &numberColumn[int32]{name: "Date32", width: 4, view: int32s}, true
	case hasPrefix(name, "DateTime64"):
		return newInstantColumn(), true
	case name == "UInt64":
		return &numberColumn[uint64]{name: "UInt64", width: 8, view: uint64s}, true
	case name == "Int64":
		return &numberColumn[int64]{name: "Int64", width: 8, view: int64s}, true
	case name == "UInt16":
		return &numberColumn[uint16]{name: "UInt16", width: 2, view: uint16s}, true
	case hasPrefix(name, "Decimal"):
		return &numberColumn[int64]{name: "Decimal(18, 2)", width: 8, view: int64s}, true
	case name == "Bool":
		return &numberColumn[uint8]{name: "Bool", width: 1, view: uint8s}, true
	}
	return nil, false
}
