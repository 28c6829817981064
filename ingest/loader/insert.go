package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"hengjian/warehouse/native"
)

// restartSlack is how much later than we know a server may seem to have started
// without having been restarted: its uptime counts whole seconds.
const restartSlack = 3 * time.Second

// batch is one block on its way: its chunks, what it holds per stream and how it
// is called.
type batch struct {
	name    string // token, and batch column of its rows: <table>/<owner>/<epoch>/<number>
	landed  time.Time
	chunks  []*chunk
	rows    int
	bytes   int64          // of the records
	first   map[int]uint64 // by index of the stream
	last    map[int]uint64
	input   proto.Input // once all chunks are decoded
	attempt int
}

func (w *worker) newBatch() *batch {
	w.blocks++
	return &batch{
		name:   fmt.Sprintf("%s/%s/%d/%d", w.topic.Table, w.loader.owner, w.epoch, w.blocks),
		landed: w.loader.deps.Now(), first: map[int]uint64{}, last: map[int]uint64{},
	}
}

func (w *worker) describe(b *batch) Batch {
	return Batch{Topic: w.topic.Name, Token: b.name, Rows: b.rows, Attempt: b.attempt}
}

// connect returns the INSERT connection; a new one first looks whether the
// server is still the one that was fenced.
func (w *worker) connect(ctx context.Context) (*ch.Client, error) {
	if w.conn != nil && !w.conn.IsClosed() {
		return w.conn, nil
	}
	started, err := w.readUptime(ctx)
	if err != nil {
		return nil, err
	}
	if started.After(w.uptime.Add(restartSlack)) {
		return nil, &againError{"the server was restarted"}
	}
	w.conn, err = native.Dial(ctx, w.loader.options, "hengjian-loader")
	return w.conn, err
}

// hangUp closes the INSERT connection.
func (w *worker) hangUp() {
	if w.conn != nil {
		w.conn.Close() //nolint:errcheck // what it says of its end changes nothing
		w.conn = nil
	}
}

// hidden is a column that shows no rows until the gate is open, so that the
// server has registered the INSERT before anything is sent.
type hidden struct{ proto.ColInput }

// Rows returns 0: the INSERT asks for input before it sends.
func (h hidden) Rows() int { return 0 }

// Infer passes the server's type on to the real column.
func (h hidden) Infer(t proto.ColumnType) error {
	if i, ok := h.ColInput.(proto.Inferable); ok {
		return i.Infer(t)
	}
	return nil
}

// send makes one attempt: register, check the epoch, send the block. It returns
// how many blocks the server has dropped as known.
func (w *worker) send(ctx context.Context, b *batch) (duplicates int64, err error) {
	conn, err := w.connect(ctx)
	if err != nil {
		return 0, err
	}
	b.attempt++
	w.attempts++
	real := b.input
	input := append(proto.Input(nil), real...)
	input[0].Data = hidden{real[0].Data}
	opened := false
	query := ch.Query{
		Body:     insertText(w.topic.Table, real),
		QueryID:  queryID(w.topic.Name, w.hashes, w.epoch, w.loader.owner, w.attempts),
		Settings: insertSettings(b.name, w.loader.config.ReceiveTimeout),
		Input:    input,
		OnInput: func(ctx context.Context) error {
			if opened {
				input[0].Data = hidden{real[0].Data}
				return io.EOF
			}
			if err := w.checkEpoch(ctx); err != nil {
				return err
			}
			if err := w.loader.deps.Hooks.reach(Sending, w.describe(b)); err != nil {
				return err
			}
			opened = true
			input[0].Data = real[0].Data
			return nil
		},
		OnProfileEvents: func(_ context.Context, events []ch.ProfileEvent) error {
			for _, e := range events {
				if e.Name == "DuplicatedInsertedBlocks" {
					duplicates += e.Value
				}
			}
			return nil
		},
	}
	begun := time.Now()
	if err := conn.Do(ctx, query); err != nil {
		w.hangUp()
		return 0, fmt.Errorf("insert into %s: %w", w.topic.Table, err)
	}
	if !opened {
		return 0, errors.New("the server answered an INSERT that was not sent")
	}
	w.loader.metrics.seconds.WithLabelValues(w.topic.Name).Observe(time.Since(begun).Seconds())
	return duplicates, nil
}

// insertSettings are those of design §5: one block, one part, known by its token.
func insertSettings(token string, receiveTimeout int) []ch.Setting {
	return []ch.Setting{
		ch.SettingInt("async_insert", 0),
		{Key: "insert_deduplication_token", Value: token, Important: true},
		{Key: "deduplicate_insert", Value: "enable", Important: true},
		ch.SettingInt("use_strict_insert_block_limits", 0),
		ch.SettingInt("receive_timeout", receiveTimeout),
		ch.SettingInt("send_profile_events", 1),
	}
}

// insertText names the table and the columns of a block.
func insertText(table string, input proto.Input) string {
	names := make([]string, len(input))
	for i, c := range input {
		names[i] = "`" + c.Name + "`"
	}
	return "INSERT INTO `" + table + "` (" + strings.Join(names, ", ") + ") VALUES"
}
