package filedrop

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"hengjian/ingest/decode"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Taken says what became of a package.
type Taken struct {
	Package, Sender, Digest string
	Signed, Already         bool // Already: a package of equal manifest had been taken before
	Members                 []MemberResult
}

// MemberResult says what became of one member.
type MemberResult struct {
	Name, RecordType, Stream string
	Counts                   warehouse.Counts
}

// Take takes a package in: it is checked whole, then each member becomes a
// stream of its own in the log of its type, read once. A take that was cut off
// goes on where it ended; a package that was taken is not taken again. Invalid
// when the package is refused: then no row was written.
func Take(ctx context.Context, r io.ReaderAt, size int64, keys Keys, d Deps) (Taken, error) {
	o, err := Open(r, size, keys)
	if err != nil {
		return Taken{}, err
	}
	out := Taken{Package: o.Manifest.Package, Sender: o.Manifest.Sender, Digest: o.Digest, Signed: o.Signed}
	if err := o.readable(d.Decode.Catalogue); err != nil {
		return out, err
	}
	for _, m := range o.Manifest.Members {
		t, _ := d.Decode.Catalogue.Type(m.RecordType)
		l := &load{deps: d, typ: t, digest: o.Digest, name: m.Name, stream: o.stream(m)}
		done, err := l.finished(ctx)
		if err != nil {
			return out, err
		}
		result := MemberResult{Name: m.Name, RecordType: m.RecordType, Stream: l.stream}
		if !done {
			if result.Counts, err = o.load(ctx, m, l); err != nil {
				return out, fmt.Errorf("take %s: %w", m.Name, err)
			}
			if err := l.register(ctx); err != nil {
				return out, err
			}
		}
		out.Already = done && (out.Already || len(out.Members) == 0)
		out.Members = append(out.Members, result)
	}
	return out, nil
}

// stream names the stream of a member.
func (o *Opened) stream(m Member) string { return "file:" + o.Digest[:16] + "/" + m.Name }

// readable reads every member once without keeping anything: types are known,
// formats are whole, and the numbers of records are those of the manifest.
func (o *Opened) readable(catalogue *contract.Catalogue) error {
	if _, err := time.Parse(time.RFC3339, o.Manifest.Created); err != nil {
		return refused("manifest.json", "created is not a time with offset", "created 应为带时区的时间")
	}
	for _, m := range o.Manifest.Members {
		t, ok := catalogue.Type(m.RecordType)
		if !ok {
			return refused(m.Name, fmt.Sprintf("there is no record type %q", m.RecordType), "记录类型未约定")
		}
		n, err := o.each(m, t, func(uint64, []byte) error { return nil })
		if err != nil {
			return err
		}
		if n != m.Records {
			return refused(m.Name, fmt.Sprintf("it holds %d records and the manifest says %d", n, m.Records), "记录条数与清单不符")
		}
	}
	return nil
}

func (o *Opened) each(m Member, t *contract.Type, each func(n uint64, message []byte) error) (uint64, error) {
	file, err := o.zip.Open(m.Name)
	if err != nil {
		return 0, refused(m.Name, "it cannot be opened", "无法打开")
	}
	defer file.Close()
	return records(file, m, t, stamp{digest: o.Digest[:16] + "/" + m.Name, sender: o.Manifest.Sender, sent: o.Manifest.Created}, each)
}

// finished reports whether the stream was completed before.
func (l *load) finished(ctx context.Context) (bool, error) {
	var n uint64
	err := l.deps.DB.QueryRow(ctx, "SELECT count() FROM stream WHERE stream = {stream:String}", warehouse.Param("stream", l.stream)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look whether %s was taken before: %w", l.stream, err)
	}
	return n > 0, nil
}

// load decodes the records after the last one in the log and inserts them in blocks.
func (o *Opened) load(ctx context.Context, m Member, l *load) (warehouse.Counts, error) {
	var counts warehouse.Counts
	table := "log_" + l.typ.Name
	var last uint64
	if err := l.deps.DB.QueryRow(ctx, "SELECT max(offset) FROM `"+table+"` WHERE stream = {stream:String}", warehouse.Param("stream", l.stream)).Scan(&last); err != nil {
		return counts, fmt.Errorf("read the position: %w", err)
	}
	decoder, err := decode.New(l.typ, l.deps.Decode)
	if err != nil {
		return counts, fmt.Errorf("prepare the decoder: %w", err)
	}
	limit := uint64(l.deps.Rows)
	if limit == 0 {
		limit = 50_000
	}
	block, first := decoder.NewBlock(), last+1
	batch := func() string { return table + "/" + l.stream + ":" + strconv.FormatUint(first, 10) }
	flush := func() error {
		rows, refused := uint64(block.Rows()), uint64(block.Refused())
		if rows == 0 {
			return nil
		}
		if err := l.deps.Blocks.Send(ctx, table, block, batch()); err != nil {
			return fmt.Errorf("insert from record %d: %w", first, err)
		}
		counts.Read += rows
		counts.Quarantined += refused
		counts.Accepted += rows - refused
		first += rows
		block.Reset()
		return nil
	}
	// The sender of the package speaks for every record in it.
	sender := []decode.Header{{Key: "sender", Value: []byte(o.Manifest.Sender)}}
	_, err = o.each(m, l.typ, func(n uint64, message []byte) error {
		if n <= last {
			return nil
		}
		at := decode.Coordinates{Stream: l.stream, Offset: n, Topic: l.typ.Topic(), Landed: l.deps.Landed, Batch: batch()}
		if err := decoder.Append(ctx, block, at, nil, message, sender); err != nil {
			return fmt.Errorf("decode record %d: %w", n, err)
		}
		if uint64(block.Rows()) >= limit {
			return flush()
		}
		return nil
	})
	if err != nil {
		return counts, err
	}
	return counts, flush()
}
