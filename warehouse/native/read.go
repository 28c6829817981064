package native

import (
	"fmt"

	"github.com/ClickHouse/ch-go/proto"
)

// Column receives the values of one column of a SELECT, block by block.
type Column interface {
	kind() string
	decode(r *proto.Reader, rows int) error
}

// Texts is a column of type String.
type Texts struct{ col proto.ColStr }

func (*Texts) kind() string { return "String" }

func (t *Texts) decode(r *proto.Reader, rows int) error {
	t.col.Reset()
	return t.col.DecodeColumn(r, rows)
}

// Taken are texts that their holder owns, however long.
type Taken struct {
	all  string
	ends []uint32
}

// Take copies the block: one allocation for all texts.
func (t *Texts) Take() Taken {
	out := Taken{ends: make([]uint32, len(t.col.Pos))}
	if len(t.col.Pos) == 0 {
		return out
	}
	out.all = string(t.col.Buf[:t.col.Pos[len(t.col.Pos)-1].End])
	for i, p := range t.col.Pos {
		out.ends[i] = uint32(p.End)
	}
	return out
}

// At is one text; it allocates nothing.
func (t *Taken) At(i int) string {
	if i == 0 {
		return t.all[:t.ends[0]]
	}
	return t.all[t.ends[i-1]:t.ends[i]]
}

// Words is a column of type LowCardinality(String): each row is a place in a
// dictionary of the block.
type Words struct {
	raw   proto.ColLowCardinalityRaw
	index proto.ColStr
}

func (*Words) kind() string { return "LowCardinality(String)" }

func (w *Words) decode(r *proto.Reader, rows int) error {
	if err := w.state(r); err != nil {
		return err
	}
	return w.rows(r, rows)
}

func (w *Words) state(r *proto.Reader) error {
	w.raw.Index = &w.index
	w.index.Reset()
	return w.raw.DecodeState(r)
}

func (w *Words) rows(r *proto.Reader, rows int) error {
	if rows == 0 {
		return nil
	}
	w.raw.Reset()
	if err := w.raw.DecodeColumn(r, rows); err != nil {
		return err
	}
	if n := w.raw.Rows(); n != rows {
		return fmt.Errorf("%d rows came instead of %d", n, rows)
	}
	return nil
}

// Take copies the dictionary and the place of each row in it.
func (w *Words) Take() (dictionary []string, places []uint32) {
	dictionary = make([]string, w.index.Rows())
	for i := range dictionary {
		dictionary[i] = w.index.Row(i)
	}
	switch w.raw.Key {
	case proto.KeyUInt8:
		places = widened(w.raw.Keys8)
	case proto.KeyUInt16:
		places = widened(w.raw.Keys16)
	case proto.KeyUInt32:
		places = widened(w.raw.Keys32)
	default:
		places = widened(w.raw.Keys64)
	}
	return dictionary, places
}

func widened[T uint8 | uint16 | uint32 | uint64](from []T) []uint32 {
	out := make([]uint32, len(from))
	for i, x := range from {
		out[i] = uint32(x)
	}
	return out
}

// Pairs is a column of type Map(LowCardinality(String), String).
type Pairs struct {
	Names   Words
	Values  Texts
	offsets proto.ColUInt64
}

func (*Pairs) kind() string { return "Map(LowCardinality(String), String)" }

func (p *Pairs) decode(r *proto.Reader, rows int) error {
	if err := p.Names.state(r); err != nil {
		return err
	}
	p.offsets.Reset()
	if err := p.offsets.DecodeColumn(r, rows); err != nil {
		return err
	}
	n := int(p.offsets[rows-1])
	p.Names.raw.Reset()
	if err := p.Names.rows(r, n); err != nil {
		return err
	}
	return p.Values.decode(r, n)
}

// Ends copies where the pairs of each row end.
func (p *Pairs) Ends() []uint32 { return widened(p.offsets) }

// Numbers is a column of a fixed width.
type Numbers[T int8 | uint8 | int64] struct{ Values []T }

func (n *Numbers[T]) kind() string {
	var zero T
	switch any(zero).(type) {
	case int8:
		return "Int8"
	case uint8:
		return "UInt8"
	}
	return "Int64"
}

func (n *Numbers[T]) decode(r *proto.Reader, rows int) error {
	switch values := any(&n.Values).(type) {
	case *[]int8:
		col := proto.ColInt8((*values)[:0])
		err := col.DecodeColumn(r, rows)
		*values = col
		return err
	case *[]uint8:
		col := proto.ColUInt8((*values)[:0])
		err := col.DecodeColumn(r, rows)
		*values = col
		return err
	case *[]int64:
		col := proto.ColInt64((*values)[:0])
		err := col.DecodeColumn(r, rows)
		*values = col
		return err
	}
	return nil
}
