package decode

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
)

// Join gives the columns of several blocks of one decoder as one INSERT, in the
// order of the log table: by stream, then as given. Values are not copied, so
// the blocks must not change until the INSERT is answered.
func Join(blocks []*Block) proto.Input {
	blocks = slices.Clone(blocks)
	slices.SortStableFunc(blocks, func(a, b *Block) int { return strings.Compare(a.stream.last, b.stream.last) })
	if len(blocks) == 1 {
		return blocks[0].Input()
	}
	for _, b := range blocks {
		b.level()
	}
	input := make(proto.Input, len(blocks[0].input))
	parts := make([]sized, len(blocks))
	for i, c := range blocks[0].input {
		for n, b := range blocks {
			parts[n] = b.columns[i]
		}
		input[i] = proto.InputColumn{Name: c.Name, Data: parts[0].join(parts)}
	}
	return input
}

// series writes the sections of several columns, each section of all of them
// before the next.
type series struct {
	kind     proto.ColumnType
	rows     int
	sections [][]proto.ColInput
}

// Type returns the type's name.
func (s *series) Type() proto.ColumnType { return s.kind }

// Rows returns the number of rows of all parts.
func (s *series) Rows() int { return s.rows }

// EncodeColumn writes the sections.
func (s *series) EncodeColumn(b *proto.Buffer) {
	for _, section := range s.sections {
		for _, part := range section {
			part.EncodeColumn(b)
		}
	}
}

// WriteColumn writes the sections.
func (s *series) WriteColumn(w *proto.Writer) {
	for _, section := range s.sections {
		for _, part := range section {
			part.WriteColumn(w)
		}
	}
}

// joined makes a series of columns; cut gives the sections of one.
func joined[C proto.ColInput](parts []sized, cut func(c C) []proto.ColInput) proto.ColInput {
	s := &series{kind: parts[0].Type()}
	for _, p := range parts {
		s.rows += p.Rows()
		c, ok := p.(C)
		if !ok {
			continue // blocks of one decoder have the same columns
		}
		for i, section := range cut(c) {
			if i == len(s.sections) {
				s.sections = append(s.sections, nil)
			}
			s.sections[i] = append(s.sections[i], section)
		}
	}
	return s
}

func (c *plainText) join(parts []sized) proto.ColInput {
	return joined(parts, func(c *plainText) []proto.ColInput { return []proto.ColInput{c} })
}

func (c *plainNumber[T]) join(parts []sized) proto.ColInput {
	return joined(parts, func(c *plainNumber[T]) []proto.ColInput { return []proto.ColInput{c} })
}

func (c *digestColumn) join(parts []sized) proto.ColInput {
	return joined(parts, func(c *digestColumn) []proto.ColInput { return []proto.ColInput{c} })
}

func (c *textColumn) join(parts []sized) proto.ColInput {
	return joined(parts, func(c *textColumn) []proto.ColInput { return []proto.ColInput{c.mask, &c.text} })
}

func (c *numberColumn[T]) join(parts []sized) proto.ColInput {
	return joined(parts, func(c *numberColumn[T]) []proto.ColInput { return []proto.ColInput{c.mask, c.view(c.raw)} })
}

func (c *dictColumn) join(parts []sized) proto.ColInput {
	all := make([]*dictColumn, 0, len(parts))
	for _, p := range parts {
		if d, ok := p.(*dictColumn); ok {
			all = append(all, d)
		}
	}
	return joinDicts(all)
}

func (c *listColumn) join(parts []sized) proto.ColInput {
	l := &joinedList{kind: c.Type()}
	for _, p := range parts {
		if one, ok := p.(*listColumn); ok {
			l.ends = append(l.ends, one.ends)
			l.rows += len(one.ends)
			l.data = append(l.data, one.data)
		}
	}
	l.words = joinDicts(l.data)
	return l
}

// joinedDict writes several dictionary columns under one dictionary; of a single
// one neither words nor keys need to change.
type joinedDict struct {
	one   *dictColumn
	parts []*dictColumn
	words *wireText
	keys  [][]uint32 // by part: key of the part to key of all
	rows  int
}

// joinDicts makes one dictionary of several.
func joinDicts(parts []*dictColumn) *joinedDict {
	all := newDictColumn(parts[0].nullable)
	j := &joinedDict{one: parts[0], parts: parts, words: &all.words}
	for _, p := range parts {
		keys := make([]uint32, 1, p.words.n)
		for at := p.words.buf[1:]; len(at) > 0; { // the first word is NULL, or the empty one
			n, size := binary.Uvarint(at)
			word := at[size : size+int(n)]
			at = at[size+int(n):]
			k, ok := all.index[string(word)]
			if !ok {
				k = all.add(string(word))
			}
			keys = append(keys, k)
		}
		j.keys, j.rows = append(j.keys, keys), j.rows+len(p.keys)
	}
	return j
}

// Type returns the type's name.
func (j *joinedDict) Type() proto.ColumnType { return j.one.Type() }

// Rows returns the number of rows of all parts.
func (j *joinedDict) Rows() int { return j.rows }

// EncodeState writes the version of the key serialisation.
func (j *joinedDict) EncodeState(b *proto.Buffer) { j.one.EncodeState(b) }

// EncodeColumn writes dictionary and keys.
func (j *joinedDict) EncodeColumn(b *proto.Buffer) {
	words, rows := j.words, j.rows
	if words == nil {
		words, rows = &j.one.words, len(j.one.keys)
	}
	if rows == 0 {
		return
	}
	kind := proto.KeyUInt32
	switch {
	case words.n <= 1<<8:
		kind = proto.KeyUInt8
	case words.n <= 1<<16:
		kind = proto.KeyUInt16
	}
	b.PutInt64(dictionaryFlags | int64(kind))
	b.PutInt64(int64(words.n))
	words.EncodeColumn(b)
	b.PutInt64(int64(rows))
	if j.parts == nil {
		b.Buf = appendKeys(b.Buf, kind, j.one.keys, nil)
	}
	for i, p := range j.parts {
		b.Buf = appendKeys(b.Buf, kind, p.keys, j.keys[i])
	}
}

// WriteColumn writes dictionary and keys.
func (j *joinedDict) WriteColumn(w *proto.Writer) { w.ChainBuffer(j.EncodeColumn) }

// appendKeys writes keys in their width; with renamed ones where given.
func appendKeys(dst []byte, kind proto.CardinalityKey, keys, renamed []uint32) []byte {
	for _, k := range keys {
		if renamed != nil {
			k = renamed[k]
		}
		switch kind {
		case proto.KeyUInt8:
			dst = append(dst, byte(k))
		case proto.KeyUInt16:
			dst = binary.LittleEndian.AppendUint16(dst, uint16(k))
		default:
			dst = binary.LittleEndian.AppendUint32(dst, k)
		}
	}
	return dst
}

// joinedList writes several list columns as one.
type joinedList struct {
	kind  proto.ColumnType
	ends  []proto.ColUInt64
	rows  int
	data  []*dictColumn
	words *joinedDict
}

// Type returns the type's name.
func (l *joinedList) Type() proto.ColumnType { return l.kind }

// Rows returns the number of rows of all parts.
func (l *joinedList) Rows() int { return l.rows }

// EncodeState writes the state of the elements.
func (l *joinedList) EncodeState(b *proto.Buffer) { l.words.EncodeState(b) }

// EncodeColumn writes ends and elements.
func (l *joinedList) EncodeColumn(b *proto.Buffer) {
	before := uint64(0)
	for i, ends := range l.ends {
		for _, end := range ends {
			b.PutUInt64(before + end)
		}
		before += uint64(len(l.data[i].keys))
	}
	l.words.EncodeColumn(b)
}

// WriteColumn writes ends and elements.
func (l *joinedList) WriteColumn(w *proto.Writer) { w.ChainBuffer(l.EncodeColumn) }
