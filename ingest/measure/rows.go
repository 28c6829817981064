package measure

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// rowBatch is how many rows the row-append loader sends at once.
const rowBatch = 50_000

// envelope is a message as a row-append loader reads it.
type envelope struct {
	MessageID     string         `json:"message_id"`
	Sender        string         `json:"sender"`
	SenderSeq     uint64         `json:"sender_seq"`
	SchemaVersion uint16         `json:"schema_version"`
	Op            string         `json:"op"`
	Revision      uint64         `json:"revision"`
	BusinessTime  time.Time      `json:"business_time"`
	SentTime      time.Time      `json:"sent_time"`
	Digest        string         `json:"digest"`
	Payload       map[string]any `json:"payload"`
}

// rows is the loader most teams write: a group reader per topic, encoding/json,
// one Append per row, offsets committed after each batch.
func (s *stage) rows(ctx context.Context) error {
	catalogue, err := contract.Load("")
	if err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, s.order.DSN, 32)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is on its way
	if err := s.ready(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked, stop := s.asked(), s.profile()
	go func() {
		<-asked
		cancel()
	}()
	group, inner := errgroup.WithContext(ctx)
	for _, t := range catalogue.Types() {
		if t.Door == "file" || t.Name == "organ" {
			continue
		}
		group.Go(func() error { return s.rowsOf(inner, db, t) })
	}
	err = group.Wait()
	stop()
	if ctx.Err() != nil {
		err = nil
	}
	return errors.Join(err, s.done(os.Getpid()))
}

// rowsOf loads one topic.
func (s *stage) rowsOf(ctx context.Context, db *warehouse.DB, t *contract.Type) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: s.order.Brokers, GroupID: "rows-" + t.Name + "-" + fmt.Sprint(os.Getpid()), Topic: t.Topic(), StartOffset: kafka.FirstOffset,
		MinBytes: 1, MaxBytes: 4 << 20, MaxWait: 500 * time.Millisecond, QueueCapacity: 10_000,
	})
	defer reader.Close() //nolint:errcheck // the offsets are committed
	names, _ := projection(t, "", "", false)
	insert := "INSERT INTO log_" + t.Name + " (" + strings.Join(names, ", ") + ")"
	for {
		batch, err := db.PrepareBatch(ctx, insert)
		if err != nil {
			return err
		}
		var last []kafka.Message
		deadline := time.Now().Add(time.Second)
		for batch.Rows() < rowBatch {
			wait, cancel := context.WithDeadline(ctx, deadline)
			m, err := reader.FetchMessage(wait)
			cancel()
			if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
				break
			}
			if err != nil {
				return err
			}
			values, err := rowOf(t, m)
			if err != nil {
				return fmt.Errorf("read %s/%d at %d: %w", m.Topic, m.Partition, m.Offset, err)
			}
			if err := batch.Append(values...); err != nil {
				return fmt.Errorf("append: %w", err)
			}
			last = append(last, kafka.Message{Topic: m.Topic, Partition: m.Partition, Offset: m.Offset})
		}
		if batch.Rows() == 0 {
			if err := batch.Abort(); err != nil {
				return err
			}
			continue
		}
		if err := batch.Send(); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		if err := reader.CommitMessages(ctx, last...); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
	}
}

// rowOf makes the values of a row in the order of projection.
func rowOf(t *contract.Type, m kafka.Message) ([]any, error) {
	var e envelope
	if err := json.Unmarshal(m.Value, &e); err != nil {
		return nil, err
	}
	digest, err := hex.DecodeString(e.Digest)
	if err != nil {
		return nil, err
	}
	key := make([]string, len(t.Key))
	for i, k := range t.Key {
		key[i] = fmt.Sprint(e.Payload[k])
	}
	row := []any{
		fmt.Sprintf("kafka:%s/%d", m.Topic, m.Partition), uint64(m.Offset), time.Now(), "accepted", e.SchemaVersion, string(digest),
		e.MessageID, e.Sender, e.SenderSeq, e.Op, e.Revision, e.BusinessTime, e.SentTime, strings.Join(key, "|"),
	}
	for _, c := range t.Columns() {
		value, err := cellOf(t.Fields[c.Field], c.Part, e.Payload[t.Fields[c.Field].Name])
		if err != nil {
			return nil, err
		}
		row = append(row, value)
	}
	return row, nil
}

// cellOf makes one value as clickhouse-go takes it.
func cellOf(f contract.Field, part string, v any) (any, error) {
	if v == nil || part == "id" {
		return nil, nil
	}
	switch x := v.(type) {
	case bool:
		return x, nil
	case float64:
		if f.Kind == contract.KindUint {
			return uint64(x), nil
		}
		return int64(x), nil
	case string:
		switch {
		case part == "year":
			day, err := time.Parse(time.DateOnly, x)
			return uint16(day.Year()), err
		case f.Kind == contract.KindDate && f.Personal == "":
			return time.Parse(time.DateOnly, x)
		case f.Kind == contract.KindInstant:
			return time.Parse(time.RFC3339, x)
		}
		return x, nil
	}
	return nil, fmt.Errorf("field %s holds %T", f.Name, v)
}
