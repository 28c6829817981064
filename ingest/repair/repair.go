// Package repair is what people do with records that went wrong (隔离处置): list
// what was refused, read one, send it in again as it was or repaired, decode all
// of it again after a contract or decoder changed, and rule on two statements of
// one revision. It owns the table replay and writes ruling. It promises that a
// record comes in again only through the decoder and only if it is accepted now,
// that the same bytes come in once, and that the refused row stays as it was. It
// never changes a log row and never acts without a person and a reason; auditing
// is its caller's.
package repair

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hengjian/ingest/decode"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Opener reads sealed bytes.
type Opener interface {
	Open(ctx context.Context, keyID string, sealed []byte) ([]byte, error)
}

// Sender writes one block into a log table, once per token.
type Sender interface {
	Send(ctx context.Context, table string, b *decode.Block, token string) error
}

// Deps are the neighbours of a Desk.
type Deps struct {
	DB     *warehouse.DB
	Decode decode.Deps
	Vault  Opener
	Blocks Sender
	Now    func() time.Time
}

// Desk does the work.
type Desk struct{ deps Deps }

// New checks d.
func New(d Deps) (*Desk, error) {
	if d.DB == nil || d.Decode.Catalogue == nil || d.Vault == nil || d.Blocks == nil || d.Now == nil {
		return nil, errors.New("repair needs a database, a decoder's neighbours, a vault, a sender and a clock")
	}
	return &Desk{d}, nil
}

// Refused is one record in quarantine, masked.
type Refused struct {
	RecordType, Stream     string
	Offset                 uint64
	Landed                 time.Time
	Sender, MessageID      string
	Reason, Field, Masked  string
	Words                  contract.Refusal
	ReplayedAs, ReplayedBy string // "" while nobody sent it in again
}

// Filter chooses refused records; "" takes all.
type Filter struct {
	RecordType, Reason, Sender string
	Open                       bool // only those that nobody sent in again
	Limit                      int
}

// List reads refused records, newest first.
func (d *Desk) List(ctx context.Context, f Filter) ([]Refused, error) {
	var out []Refused
	for _, t := range d.deps.Decode.Catalogue.Types() {
		if f.RecordType != "" && f.RecordType != t.Name {
			continue
		}
		rows, err := d.list(ctx, t, f)
		if err != nil {
			return nil, fmt.Errorf("list what was refused of %s: %w", t.Name, err)
		}
		out = append(out, rows...)
		if len(out) >= f.Limit {
			return out[:f.Limit], nil
		}
	}
	return out, nil
}

func (d *Desk) list(ctx context.Context, t *contract.Type, f Filter) ([]Refused, error) {
	rows, err := d.deps.DB.Query(ctx, fmt.Sprintf(`SELECT toString(l.stream), l.offset, l.landed, toString(l.sender), l.message_id, toString(l.reason), toString(l.field), l.masked, r.as_stream, r.person
FROM (SELECT * FROM `+"`log_%s`"+` WHERE status = 'refused' AND ({reason:String} = '' OR reason = {reason:String}) AND ({sender:String} = '' OR sender = {sender:String})) AS l
LEFT JOIN (SELECT stream, offset, as_stream, person FROM replay WHERE record_type = {type:String} ORDER BY at DESC LIMIT 1 BY stream, offset) AS r ON r.stream = l.stream AND r.offset = l.offset
WHERE NOT {open:Bool} OR r.as_stream = '' ORDER BY l.landed DESC, l.stream, l.offset LIMIT {limit:UInt32} SETTINGS join_use_nulls = 0`, t.Name),
		warehouse.Param("type", t.Name), warehouse.Param("reason", f.Reason), warehouse.Param("sender", f.Sender), warehouse.Param("open", strconv.FormatBool(f.Open)), warehouse.Param("limit", strconv.Itoa(f.Limit)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Refused
	for rows.Next() {
		r := Refused{RecordType: t.Name}
		if err := rows.Scan(&r.Stream, &r.Offset, &r.Landed, &r.Sender, &r.MessageID, &r.Reason, &r.Field, &r.Masked, &r.ReplayedAs, &r.ReplayedBy); err != nil {
			return nil, err
		}
		r.Words, _ = d.deps.Decode.Catalogue.Refusal(r.Reason)
		out = append(out, r)
	}
	return out, rows.Err()
}

// Place names one row of a log.
type Place struct {
	RecordType, Stream string
	Offset             uint64
}

// String is type stream:offset.
func (p Place) String() string { return fmt.Sprintf("%s %s:%d", p.RecordType, p.Stream, p.Offset) }

// Show opens the original bytes of a refused record. NotFound when there is none.
func (d *Desk) Show(ctx context.Context, p Place) ([]byte, error) {
	if _, ok := d.deps.Decode.Catalogue.Type(p.RecordType); !ok {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no record type " + p.RecordType}
	}
	rows, err := d.deps.DB.Query(ctx, "SELECT seal_key, sealed FROM `log_"+p.RecordType+"` WHERE stream = {stream:String} AND offset = {offset:UInt64} AND status = 'refused' LIMIT 1",
		warehouse.Param("stream", p.Stream), warehouse.Param("offset", strconv.FormatUint(p.Offset, 10)))
	if err != nil {
		return nil, fmt.Errorf("read the refused record: %w", err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(rows.Err(), &warehouse.Error{Code: warehouse.NotFound, Message: "no refused record stands at " + p.String() + ": hengjian quarantine list shows them (没有这条隔离记录)"})
	}
	var key, sealed string
	if err := rows.Scan(&key, &sealed); err != nil {
		return nil, fmt.Errorf("read the refused record: %w", err)
	}
	return d.deps.Vault.Open(ctx, key, []byte(sealed))
}

// Act says who replays or rules, and why.
type Act struct{ Person, Reason string }

func (a Act) check() error {
	if a.Person == "" || a.Reason == "" {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "say who acts and why (请写明经办人和理由)"}
	}
	return nil
}

// Replay sends a refused record in again; with repaired nil its original bytes.
// It returns the stream under which the record came in. Invalid, with reason and
// remedy, when the decoder still refuses it; then nothing is written.
func (d *Desk) Replay(ctx context.Context, p Place, repaired []byte, a Act) (string, error) {
	if err := a.check(); err != nil {
		return "", err
	}
	message, err := d.Show(ctx, p)
	if err != nil {
		return "", err
	}
	if repaired != nil {
		message = repaired
	}
	t, _ := d.deps.Decode.Catalogue.Type(p.RecordType)
	decoder, err := decode.New(t, d.deps.Decode)
	if err != nil {
		return "", err
	}
	return d.replay(ctx, decoder, t, p, message, repaired != nil, a)
}

// replay decodes one message and, if it is accepted, writes it under a stream
// that its place and bytes name.
func (d *Desk) replay(ctx context.Context, decoder *decode.Decoder, t *contract.Type, p Place, message []byte, repaired bool, a Act) (string, error) {
	sum := sha256.Sum256(append([]byte(p.String()+"\x00"), message...))
	stream := "manual:" + hex.EncodeToString(sum[:])[:32]
	block := decoder.NewBlock()
	at := decode.Coordinates{Stream: stream, Offset: 1, Topic: t.Topic(), Landed: d.deps.Now(), Batch: stream}
	if err := decoder.Append(ctx, block, at, nil, message, nil); err != nil {
		return "", fmt.Errorf("decode the record: %w", err)
	}
	if o := decoder.Last(); o.Reason != "" {
		w, _ := d.deps.Decode.Catalogue.Refusal(o.Reason)
		return "", &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%s is still refused: %s (%s): %s; %s (%s)", p, w.EN, o.Field, w.RemedyEN, w.ZH, w.RemedyZH)}
	}
	if err := d.write(ctx, t, p, stream, block); err != nil {
		return "", err
	}
	flag := "0"
	if repaired {
		flag = "1"
	}
	err := d.deps.DB.Exec(ctx, `INSERT INTO replay (record_type, stream, offset, as_stream, person, reason, repaired, at)
SELECT {type:String}, {stream:String}, {offset:UInt64}, {as:String}, {person:String}, {reason:String}, {repaired:UInt8}, now64(3)
WHERE {as:String} NOT IN (SELECT as_stream FROM replay WHERE record_type = {type:String})`,
		warehouse.Param("type", t.Name), warehouse.Param("stream", p.Stream), warehouse.Param("offset", strconv.FormatUint(p.Offset, 10)), warehouse.Param("as", stream),
		warehouse.Param("person", a.Person), warehouse.Param("reason", a.Reason), warehouse.Param("repaired", flag))
	if err != nil {
		return "", fmt.Errorf("note the replay: %w", err)
	}
	return stream, nil
}

// write registers the stream and sends the block, unless the log has it already.
func (d *Desk) write(ctx context.Context, t *contract.Type, p Place, stream string, block *decode.Block) error {
	var there uint64
	if err := d.deps.DB.QueryRow(ctx, "SELECT count() FROM `log_"+t.Name+"` WHERE stream = {stream:String}", warehouse.Param("stream", stream)).Scan(&there); err != nil {
		return fmt.Errorf("look whether these bytes came in before: %w", err)
	}
	if there > 0 {
		return nil
	}
	if err := d.deps.DB.Exec(ctx, `INSERT INTO stream (stream, source, topic, incarnation, partition, digest, record_type, created)
SELECT {stream:String}, 'manual', {of:String}, 0, 0, '', {type:String}, now64(3)`, warehouse.Param("stream", stream), warehouse.Param("of", p.Stream), warehouse.Param("type", t.Name)); err != nil {
		return fmt.Errorf("register the stream: %w", err)
	}
	if err := d.deps.Blocks.Send(ctx, "log_"+t.Name, block, "replay/"+stream); err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	return nil
}
