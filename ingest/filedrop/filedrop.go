// Package filedrop is the second door (文件通道): records that come as a CSV
// file instead of through Kafka. It owns the reading of such files and the
// official figures that are delivered with the program. It promises that every
// data row passes through the same decoder into the same log as a message
// would, that bad rows are quarantined and not dropped, and that a file of equal
// bytes is taken once. It never writes to any other table than the log and the
// register of streams.
package filedrop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"hengjian/ingest/decode"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

//go:embed data/official_figures.csv
var embedded embed.FS

// maxFile bounds a file, which is read whole.
const maxFile = 256 << 20

// Sender writes one block into a log table with a deduplication token, exactly
// once per token.
type Sender interface {
	Send(ctx context.Context, table string, b *decode.Block, token string) error
}

// Deps are the neighbours of a load. Sender is the organ that is entered as
// sender of every row; Landed stands as business, sending and landing time.
type Deps struct {
	DB     *warehouse.DB
	Blocks Sender
	Decode decode.Deps
	Sender string
	Landed time.Time
	Rows   int // rows per block, 0 = 50,000
}

// Result says what a load did. Counts has Read, Accepted and Quarantined; fates
// are decided later by derive. Already is true when a file of equal bytes had
// been taken before: then nothing was read, and Message says so.
type Result struct {
	Stream  string
	Counts  warehouse.Counts
	Already bool
	Message string
}

// Official returns the official figures (公布数据) that come with the program,
// for the contract official_figure.
func Official() (name string, data []byte, err error) {
	data, err = embedded.ReadFile("data/official_figures.csv")
	return "official_figures.csv", data, err
}

// LoadCSV loads the file at path as records of type t.
func LoadCSV(ctx context.Context, path string, t *contract.Type, d Deps) (Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return Result{}, &warehouse.Error{Code: warehouse.NotFound, Message: "the file cannot be opened: check its name and rights", Err: err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Result{}, fmt.Errorf("read %s: %w", path, err)
	}
	return Load(ctx, filepath.Base(path), data, t, d)
}

// Load loads the bytes of a CSV file named name as records of type t. The stream
// is file:<first 16 digits of the digest>/<name>, the offset is the number of
// the data row, from 1.
func Load(ctx context.Context, name string, data []byte, t *contract.Type, d Deps) (Result, error) {
	if len(data) > maxFile {
		return Result{}, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the file is larger than %d MiB: split it", maxFile>>20)}
	}
	sum := sha256.Sum256(data)
	l := &load{deps: d, typ: t, digest: hex.EncodeToString(sum[:]), name: name}
	l.stream = "file:" + l.digest[:16] + "/" + name
	first, err := l.taken(ctx)
	if err != nil || first != "" {
		return Result{Stream: first, Already: first != "", Message: "a file with the same content was taken before as " + first + "; nothing was read"}, err
	}
	if err := l.read(data); err != nil {
		return Result{}, err
	}
	counts, err := l.send(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := l.register(ctx); err != nil {
		return Result{}, err
	}
	return Result{Stream: l.stream, Counts: counts, Message: fmt.Sprintf("%d rows read: %d accepted, %d quarantined", counts.Read, counts.Accepted, counts.Quarantined)}, nil
}

// load is one file on its way.
type load struct {
	deps                 Deps
	typ                  *contract.Type
	name, digest, stream string
	fields               []int // per CSV column the field's index; revisionColumn for the revision
	rows                 [][]string
}

const revisionColumn = -1

// taken gives the stream under which a file of these bytes was completed, "" if none.
func (l *load) taken(ctx context.Context) (string, error) {
	rows, err := l.deps.DB.Query(ctx, "SELECT stream FROM stream WHERE digest = {digest:String} AND record_type = {type:String} ORDER BY stream LIMIT 1",
		warehouse.Param("digest", l.digest), warehouse.Param("type", l.typ.Name))
	if err != nil {
		return "", fmt.Errorf("look whether the file was taken before: %w", err)
	}
	defer rows.Close()
	var stream string
	if rows.Next() {
		if err := rows.Scan(&stream); err != nil {
			return "", fmt.Errorf("look whether the file was taken before: %w", err)
		}
	}
	return stream, rows.Err()
}

// register writes the stream's identity; it is written last, so that a broken
// load is taken up again and goes on after the last row in the log.
func (l *load) register(ctx context.Context) error {
	err := l.deps.DB.Exec(ctx, `INSERT INTO stream (stream, source, topic, incarnation, partition, digest, record_type, created)
SELECT {stream:String}, 'file', {name:String}, 0, 0, {digest:String}, {type:String}, now64(3)`,
		warehouse.Param("stream", l.stream), warehouse.Param("name", l.name), warehouse.Param("digest", l.digest), warehouse.Param("type", l.typ.Name))
	if err != nil {
		return fmt.Errorf("register stream %s: %w", l.stream, err)
	}
	return nil
}

// read takes the header and the rows; only a file that is no CSV of this
// contract at all is refused as a whole.
func (l *load) read(data []byte) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the file is not valid CSV: " + err.Error(), Err: err}
	}
	if len(rows) == 0 {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the file is empty: the first line must name the fields"}
	}
	var errs []error
	for i, column := range rows[0] {
		at := slices.IndexFunc(l.typ.Fields, func(f contract.Field) bool { return f.Name == column })
		if column == "revision" && at < 0 {
			at = revisionColumn
		} else if at < 0 {
			errs = append(errs, fmt.Errorf("column %d %q is no field of %s", i+1, column, l.typ.Name))
		}
		if slices.Contains(l.fields, at) {
			errs = append(errs, fmt.Errorf("column %d %q stands twice", i+1, column))
		}
		l.fields = append(l.fields, at)
	}
	if err := errors.Join(errs...); err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the first line does not fit the contract: " + err.Error()}
	}
	l.rows = rows[1:]
	return nil
}

// send decodes the rows after the last one in the log and inserts them in blocks.
func (l *load) send(ctx context.Context) (warehouse.Counts, error) {
	var counts warehouse.Counts
	table := "log_" + l.typ.Name
	var last uint64
	if err := l.deps.DB.QueryRow(ctx, "SELECT max(offset) FROM `"+table+"` WHERE stream = {stream:String}", warehouse.Param("stream", l.stream)).Scan(&last); err != nil {
		return counts, fmt.Errorf("read the position of %s: %w", l.stream, err)
	}
	decoder, err := decode.New(l.typ, l.deps.Decode)
	if err != nil {
		return counts, fmt.Errorf("prepare the decoder: %w", err)
	}
	limit := l.deps.Rows
	if limit == 0 {
		limit = 50_000
	}
	block := decoder.NewBlock()
	var record []byte
	for first := last; first < uint64(len(l.rows)); {
		upto := min(first+uint64(limit), uint64(len(l.rows)))
		token := fmt.Sprintf("%s/%s:%d-%d", table, l.stream, first+1, upto)
		block.Reset()
		for n := first; n < upto; n++ {
			record = l.envelope(record[:0], n+1, l.rows[n])
			at := decode.Coordinates{Stream: l.stream, Offset: n + 1, Topic: l.typ.Topic(), Landed: l.deps.Landed, Batch: token}
			if err := decoder.Append(ctx, block, at, nil, record, nil); err != nil {
				return counts, fmt.Errorf("decode row %d: %w", n+1, err)
			}
		}
		refused := uint64(block.Refused())
		if err := l.deps.Blocks.Send(ctx, table, block, token); err != nil {
			return counts, fmt.Errorf("insert rows %d to %d: %w", first+1, upto, err)
		}
		counts.Read += upto - first
		counts.Quarantined += refused
		counts.Accepted += upto - first - refused
		first = upto
	}
	return counts, nil
}

// envelope writes one row as a message. A row with too few or too many cells is
// passed on as it is: the decoder refuses it, and its bytes stay readable.
func (l *load) envelope(dst []byte, line uint64, row []string) []byte {
	if len(row) != len(l.fields) {
		return appendList(dst, row)
	}
	number := strconv.FormatUint(line, 10)
	revision := "1"
	for i, at := range l.fields {
		if at == revisionColumn && row[i] != "" {
			revision = row[i]
		}
	}
	at := l.deps.Landed.UTC().Format(time.RFC3339Nano)
	dst = append(dst, `{"message_id":`...)
	dst = appendString(dst, l.digest[:16]+"/"+number)
	dst = append(dst, `,"sender":`...)
	dst = appendString(dst, l.deps.Sender)
	dst = append(dst, `,"sender_seq":`+number+`,"record_type":`...)
	dst = appendString(dst, l.typ.Name)
	dst = append(dst, `,"schema_version":`+strconv.Itoa(l.typ.Version)+`,"op":"upsert","revision":`...)
	dst = appendScalar(dst, revision, "0123456789")
	dst = append(dst, `,"business_time":"`+at+`","sent_time":"`+at+`","payload":{`...)
	comma := false
	for i, at := range l.fields {
		if at == revisionColumn || row[i] == "" {
			continue
		}
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		f := &l.typ.Fields[at]
		dst = append(appendString(dst, f.Name), ':')
		dst = appendValue(dst, f.Kind, row[i])
	}
	return append(dst, "}}"...)
}
