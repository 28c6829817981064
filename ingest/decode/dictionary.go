package decode

import (
	"encoding/binary"

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
	words    proto.ColStr
	index    map[string]uint32
	keys     []uint32
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
func (c *dictColumn) EncodeColumn(b *proto.Buffer) {
	if len(c.keys) == 0 {
		return
	}
	kind := proto.KeyUInt32
	switch n := c.words.Rows(); {
	case n <= 1<<8:
		kind = proto.KeyUInt8
	case n <= 1<<16:
		kind = proto.KeyUInt16
	}
	b.PutInt64(dictionaryFlags | int64(kind))
	b.PutInt64(int64(c.words.Rows()))
	c.words.EncodeColumn(b)
	b.PutInt64(int64(len(c.keys)))
	for _, k := range c.keys {
		switch kind {
		case proto.KeyUInt8:
			b.Buf = append(b.Buf, byte(k))
		case proto.KeyUInt16:
			b.Buf = binary.LittleEndian.AppendUint16(b.Buf, uint16(k))
		default:
			b.Buf = binary.LittleEndian.AppendUint32(b.Buf, k)
		}
	}
}

// WriteColumn writes dictionary and keys.
func (c *dictColumn) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }

func (c *dictColumn) append(v *cell, part string) {
	switch {
	case part == "id":
		c.word(v.organID)
	case v.code != "":
		c.word(v.code)
	default:
		c.bytes(v.text)
	}
}

// word appends a string that outlives the block (a code or an organ's id).
func (c *dictColumn) word(v string) {
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

// null appends NULL, or the empty string where NULL is not possible.
func (c *dictColumn) null() { c.keys = append(c.keys, 0) }

func (c *dictColumn) size() int { return len(c.keys) + len(c.words.Buf) }

func (c *dictColumn) reset() {
	clear(c.index)
	c.words.Reset()
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
