package decode

import (
	"slices"
	"strings"

	"github.com/ClickHouse/ch-go/proto"

	"hengjian/warehouse/contract"
)

func hasPrefix(s, prefix string) bool { return strings.HasPrefix(s, prefix) }

// nullableInner gives T of Nullable(T), or "" for any other type.
func nullableInner(t string) string {
	inner, ok := strings.CutPrefix(t, "Nullable(")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(inner, ")")
}

// What Grow takes an identifier of a row to need, how much shorter sealing makes a
// message, and what a sealed one needs beside its bytes.
const (
	typicalText  = 48
	sealShrinks  = 2
	sealOverhead = 48
)

// Status of a row in the log.
const (
	statusAccepted = 1
	statusRefused  = 2
)

// plainText is String, never NULL.
type plainText struct{ wireText }

func (c *plainText) size() int { return len(c.buf) }
func (c *plainText) reset()    { c.empty() }

// plainNumber is a number that is never NULL, under its full type name.
type plainNumber[T integer | ~int8] struct {
	name  proto.ColumnType
	width int
	raw   []T
	view  func([]T) proto.ColInput
}

// Type returns the full type name.
func (c *plainNumber[T]) Type() proto.ColumnType { return c.name }

// Rows returns the number of rows.
func (c *plainNumber[T]) Rows() int { return len(c.raw) }

// EncodeColumn writes the values.
func (c *plainNumber[T]) EncodeColumn(b *proto.Buffer) { c.view(c.raw).EncodeColumn(b) }

// WriteColumn writes the values.
func (c *plainNumber[T]) WriteColumn(w *proto.Writer) { c.view(c.raw).WriteColumn(w) }

func (c *plainNumber[T]) put(v T)   { c.raw = append(c.raw, v) }
func (c *plainNumber[T]) size() int { return len(c.raw) * c.width }
func (c *plainNumber[T]) reset()    { c.raw = c.raw[:0] }

func newUint64() *plainNumber[uint64] {
	return &plainNumber[uint64]{name: "UInt64", width: 8, view: uint64s}
}

func newEnum(name proto.ColumnType) *plainNumber[int8] {
	return &plainNumber[int8]{name: name, width: 1, view: func(v []int8) proto.ColInput { return proto.ColInt8(v) }}
}

// digestColumn is FixedString(32).
type digestColumn struct{ proto.ColFixedStr }

func (c *digestColumn) size() int { return len(c.Buf) }
func (c *digestColumn) reset()    { c.Buf = c.Buf[:0] }

// Block is one batch of rows of log_<type> in columns. It is reusable: Reset
// keeps its memory. It is not safe for concurrent use.
type Block struct {
	stream, reason, field, sender                  *dictColumn
	batch, masked, sealed, sealKey, messageID, key *plainText
	offset, seq, revision                          *plainNumber[uint64]
	landed                                         *plainNumber[int64]
	status, op                                     *plainNumber[int8]
	contract                                       *plainNumber[uint16]
	digest                                         *digestColumn
	business, sent                                 *numberColumn[int64]
	flags, absent                                  *listColumn
	extra                                          *plainText // nil where unknown members are refused
	payload                                        []valueColumn
	columns                                        []sized // all of them, in the order of the table
	input                                          proto.Input
	sealing                                        bool // messages have been sealed so far
	refused                                        int
	reasons                                        map[string]int
}

// NewBlock makes an empty block for the decoder's type.
func (d *Decoder) NewBlock() *Block {
	text := func() *plainText { return new(plainText) }
	dict := func() *dictColumn { return newDictColumn(false) }
	b := &Block{
		stream: dict(), reason: dict(), field: dict(), sender: dict(),
		batch: text(), masked: text(), sealed: text(), sealKey: text(), messageID: text(), key: text(),
		offset: newUint64(), seq: newUint64(), revision: newUint64(),
		landed:   &plainNumber[int64]{name: instantType, width: 8, view: int64s},
		status:   newEnum("Enum8('accepted' = 1, 'refused' = 2)"),
		op:       newEnum("Enum8('upsert' = 1, 'correct' = 2, 'retract' = 3)"),
		contract: &plainNumber[uint16]{name: "UInt16", width: 2, view: uint16s},
		digest:   &digestColumn{proto.ColFixedStr{Size: 32}},
		business: newInstantColumn(), sent: newInstantColumn(),
		flags: newListColumn(), absent: newListColumn(), reasons: map[string]int{}, sealing: len(d.sealed) > 0,
	}
	for _, c := range []struct {
		name string
		data sized
	}{
		{"stream", b.stream},
		{"offset", b.offset},
		{"batch", b.batch},
		{"landed", b.landed},
		{"status", b.status},
		{"reason", b.reason},
		{"field", b.field},
		{"masked", b.masked},
		{"contract", b.contract},
		{"digest", b.digest},
		{"sealed", b.sealed},
		{"seal_key", b.sealKey},
		{"message_id", b.messageID},
		{"sender", b.sender},
		{"sender_seq", b.seq},
		{"op", b.op},
		{"revision", b.revision},
		{"business_time", b.business},
		{"sent_time", b.sent},
		{"key", b.key},
		{"flags", b.flags},
		{"absent", b.absent},
	} {
		b.input, b.columns = append(b.input, proto.InputColumn{Name: c.name, Data: c.data}), append(b.columns, c.data)
	}
	if d.keep {
		b.extra = text()
		b.input, b.columns = append(b.input, proto.InputColumn{Name: contract.ExtraColumn, Data: b.extra}), append(b.columns, b.extra)
	}
	for _, c := range d.columns {
		col, _ := newValueColumn(c.clickhouse) // New has tried every type
		b.payload = append(b.payload, col)
		b.input, b.columns = append(b.input, proto.InputColumn{Name: c.name, Data: col}), append(b.columns, col)
	}
	return b
}

// Input gives the columns for an INSERT, in the order of the log table.
func (b *Block) Input() proto.Input {
	b.level()
	return b.input
}

// level gives every payload column as many rows as the block has.
func (b *Block) level() {
	for _, c := range b.payload {
		c.pad(b.Rows())
	}
}

// Rows returns the number of rows.
func (b *Block) Rows() int { return b.offset.Rows() }

// Refused returns how many of the rows are refused records.
func (b *Block) Refused() int { return b.refused }

// Refusals gives each reason of refused records with the number of rows.
func (b *Block) Refusals(each func(reason string, rows int)) {
	for reason, rows := range b.reasons {
		each(reason, rows)
	}
}

// Bytes returns about how much memory the rows take.
func (b *Block) Bytes() int {
	n := 0
	for _, c := range b.columns {
		n += c.size()
	}
	return n
}

// Grow makes room for so many more rows whose messages have so many bytes
// together.
func (b *Block) Grow(rows, bytes int) {
	for _, c := range []*plainText{b.batch, b.messageID, b.key} {
		c.buf = slices.Grow(c.buf, rows*typicalText)
	}
	if b.sealing {
		b.sealed.buf = slices.Grow(b.sealed.buf, bytes/sealShrinks+rows*sealOverhead)
	}
}

// Reset empties the block and keeps its memory.
func (b *Block) Reset() {
	b.refused = 0
	clear(b.reasons)
	for _, c := range b.columns {
		c.reset()
	}
}

// write appends the decoded row at its coordinates.
func (b *Block) write(d *Decoder, at Coordinates, sealed []byte, sealKey string) {
	r := &d.row
	status := int8(statusAccepted)
	if r.reason != "" {
		status = statusRefused
		b.refused++
		b.reasons[r.reason]++
	}
	b.stream.same(at.Stream)
	b.offset.put(at.Offset)
	b.batch.Append(at.Batch)
	b.landed.put(at.Landed.UnixMilli())
	b.status.put(status)
	b.reason.word(r.reason)
	b.field.word(r.field)
	b.masked.AppendBytes(r.masked)
	b.contract.put(d.version)
	b.digest.Append(r.digest[:])
	b.sealed.AppendBytes(sealed)
	b.sealing = b.sealing || len(sealed) > 0
	b.sealKey.Append(sealKey)
	b.messageID.AppendBytes(r.messageID)
	if r.organ > 0 {
		b.sender.ordinal(r.organ, r.sealFor)
	} else {
		b.sender.bytes(r.sender)
	}
	b.seq.put(r.seq)
	b.op.put(r.op)
	b.revision.put(r.revision)
	b.business.put(r.business.ms, r.business.known)
	b.sent.put(r.sent.ms, r.sent.known)
	b.key.AppendBytes(r.key)
	b.writePayload(d)
}

func (b *Block) writeExtra(d *Decoder, refused bool) {
	if refused || len(d.extra) == 0 {
		b.extra.Append("")
		return
	}
	d.extra = append(d.extra, '}')
	b.extra.AppendBytes(d.extra)
	b.flags.data.word(extraFlag)
}

func (b *Block) writePayload(d *Decoder) {
	if d.row.reason == "" {
		row := b.Rows() - 1
		for i := d.touched.next(0); i >= 0; i = d.touched.next(i + 1) {
			f, c := &d.fields[i], &d.cells[i]
			if c.flag != "" {
				b.flags.data.word(f.flags[c.flag])
			}
			if c.absent != "" {
				b.absent.data.word(f.absent[c.absent])
			}
			if c.set {
				for _, to := range f.columns {
					b.payload[to.at].append(row, c, to.part)
				}
			}
		}
	}
	if b.extra != nil {
		b.writeExtra(d, d.row.reason != "")
	}
	b.flags.close()
	b.absent.close()
}
