package decode

import (
	"github.com/ClickHouse/ch-go/proto"
)

// Constants of the LowCardinality wire format: version of the key
// serialisation, and the flags "additional keys follow" and "update dictionary".
const (
	dictionaryVersion = 1
	dictionaryFlags   = 1<<9 | 1<<10
)

// dictColumn is LowCardinality(String) or LowCardinality(Nullable(String)),
// written from a dictionary that grows with the values of the block. In a
// nullable dictionary index 0 stands for NULL.
type dictColumn struct {
	nullable bool
	words    wireText
	index    map[string]uint32
	keys     []uint32
	known    []uint32 // by ordinal: key + 1 of a word that the decoder has numbered
	last     string   // the word before, which often comes again
	lastKey  uint32
}

func newDictColumn(nullable bool) *dictColumn {
	c := &dictColumn{nullable: nullable, index: make(map[string]uint32)}
	c.words.Append("")
	if !nullable {
		c.index[""] = 0
	}
	return c
}

// Type returns the type's name.
func (c *dictColumn) Type() proto.ColumnType {
	if c.nullable {
		return "LowCardinality(Nullable(String))"
	}
	return "LowCardinality(String)"
}

// Rows returns the number of rows.
func (c *dictColumn) Rows() int { return len(c.keys) }

// EncodeState writes the version of the key serialisation.
func (c *dictColumn) EncodeState(b *proto.Buffer) { b.PutInt64(dictionaryVersion) }

// EncodeColumn writes dictionary and keys.
func (c *dictColumn) EncodeColumn(b *proto.Buffer) { (&joinedDict{one: c}).EncodeColumn(b) }

// WriteColumn writes dictionary and keys.
func (c *dictColumn) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }

func (c *dictColumn) append(row int, v *cell, p part) {
	c.pad(row)
	switch {
	case p == partID:
		c.ordinal(v.ordinal, v.organID())
	case v.ordinal > 0:
		c.ordinal(v.ordinal, v.code)
	case v.code != "":
		c.word(v.code)
	default:
		c.bytes(v.text)
	}
}

// ordinal appends a word that the decoder has given a number above 0; one number
// stands for one word in all rows of the block.
func (c *dictColumn) ordinal(n int32, v string) {
	if int(n) < len(c.known) && c.known[n] != 0 {
		c.keys = append(c.keys, c.known[n]-1)
		return
	}
	c.word(v)
	if int(n) >= len(c.known) {
		c.known = append(c.known, make([]uint32, int(n)+1-len(c.known))...)
	}
	c.known[n] = c.keys[len(c.keys)-1] + 1
}

// same appends a word that is likely the one before.
func (c *dictColumn) same(v string) {
	if v != c.last || len(c.keys) == 0 {
		c.word(v)
		c.last, c.lastKey = v, c.keys[len(c.keys)-1]
		return
	}
	c.keys = append(c.keys, c.lastKey)
}

// word appends a string that outlives the block (a code or an organ's id).
func (c *dictColumn) word(v string) {
	if v == "" && !c.nullable {
		c.keys = append(c.keys, 0)
		return
	}
	k, ok := c.index[v]
	if !ok {
		k = c.add(v)
	}
	c.keys = append(c.keys, k)
}

// bytes appends a value that is copied only when it is new to the block.
func (c *dictColumn) bytes(v []byte) {
	k, ok := c.index[string(v)]
	if !ok {
		k = c.add(string(v))
	}
	c.keys = append(c.keys, k)
}

func (c *dictColumn) add(v string) uint32 {
	k := uint32(c.words.Rows())
	c.words.Append(v)
	c.index[v] = k
	return k
}

// pad appends NULL up to a row.
func (c *dictColumn) pad(rows int) {
	if n := rows - len(c.keys); n > 0 {
		c.keys = zeros(c.keys, n)
	}
}

func (c *dictColumn) size() int { return 4*len(c.keys) + len(c.words.buf) }

func (c *dictColumn) reset() {
	clear(c.index)
	clear(c.known)
	c.words.empty()
	c.words.Append("")
	if !c.nullable {
		c.index[""] = 0
	}
	c.keys = c.keys[:0]
}

// listColumn is Array(LowCardinality(String)).
type listColumn struct {
	ends proto.ColUInt64
	data *dictColumn
}

func newListColumn() *listColumn { return &listColumn{data: newDictColumn(false)} }

// Type returns the type's name.
func (c *listColumn) Type() proto.ColumnType { return proto.ColumnTypeArray.Sub(c.data.Type()) }

// Rows returns the number of rows.
func (c *listColumn) Rows() int { return len(c.ends) }

// EncodeState writes the state of the elements.
func (c *listColumn) EncodeState(b *proto.Buffer) { c.data.EncodeState(b) }

// EncodeColumn writes ends and elements.
func (c *listColumn) EncodeColumn(b *proto.Buffer) {
	c.ends.EncodeColumn(b)
	c.data.EncodeColumn(b)
}

// WriteColumn writes ends and elements.
func (c *listColumn) WriteColumn(w *proto.Writer) {
	c.ends.WriteColumn(w)
	c.data.WriteColumn(w)
}

// close ends the list of the present row.
func (c *listColumn) close() { c.ends = append(c.ends, uint64(len(c.data.keys))) }

func (c *listColumn) reset() {
	c.ends = c.ends[:0]
	c.data.reset()
}

func (c *listColumn) size() int { return 8*len(c.ends) + c.data.size() }
