package simulate

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/segmentio/kafka-go"
)

// DirSink writes one JSON Lines file per topic. A line holds the key and the
// value as text, or as base64 where the value is no text (value_base64).
type DirSink struct {
	dir   string
	files map[string]*os.File
	out   map[string]*bufio.Writer
	line  []byte
}

// NewDirSink makes the folder; the files come with their first message.
func NewDirSink(dir string) (*DirSink, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder of messages: %w", err)
	}
	return &DirSink{dir: dir, files: map[string]*os.File{}, out: map[string]*bufio.Writer{}}, nil
}

// Put appends one line to <topic>.jsonl.
func (s *DirSink) Put(_ context.Context, topic string, key, value []byte) error {
	w := s.out[topic]
	if w == nil {
		f, err := os.Create(filepath.Join(s.dir, topic+".jsonl"))
		if err != nil {
			return fmt.Errorf("create file of %s: %w", topic, err)
		}
		w = bufio.NewWriterSize(f, 1<<18)
		s.files[topic], s.out[topic] = f, w
	}
	s.line = append(s.line[:0], `{"key":"`...)
	s.line = append(s.line, key...)
	if utf8.Valid(value) {
		s.line = append(s.line, `","value":`...)
		s.line = appendText(s.line, value)
	} else {
		s.line = append(s.line, `","value_base64":"`...)
		s.line = base64.StdEncoding.AppendEncode(s.line, value)
		s.line = append(s.line, '"')
	}
	s.line = append(s.line, '}', '\n')
	if _, err := w.Write(s.line); err != nil {
		return fmt.Errorf("write message of %s: %w", topic, err)
	}
	return nil
}

// appendText writes a JSON string; a value without control characters needs
// only its quotes and backslashes escaped.
func appendText(b, v []byte) []byte {
	for _, c := range v {
		if c < ' ' {
			text, _ := json.Marshal(string(v)) // a string always encodes
			return append(b, text...)
		}
	}
	b = append(b, '"')
	for _, c := range v {
		if c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, '"')
}

// Close flushes and closes all files.
func (s *DirSink) Close() error {
	var errs []error
	for topic, w := range s.out {
		errs = append(errs, w.Flush(), s.files[topic].Close())
	}
	return errors.Join(errs...)
}

// Writer is what KafkaSink needs of a kafka-go writer. It must route by a hash
// of the key, so that all statements on one record keep their order.
type Writer interface {
	WriteMessages(ctx context.Context, messages ...kafka.Message) error
	Close() error
}

const (
	kafkaBatch   = 5_000                // messages that travel in one call
	batchTimeout = 5 * time.Millisecond // how long the writer waits for more of a batch
	closeTimeout = 30 * time.Second     // for the last batch
)

// KafkaSink sends messages to Kafka in batches, one call after the other.
type KafkaSink struct {
	w     Writer
	batch []kafka.Message
	arena []byte
	lost  bool // a batch failed: what of it arrived is not known
}

// NewKafkaSink sends through w, such as broker.Client.Writer or a kafka.Writer
// with Balancer kafka.Hash; the sink closes it. A kafka.Writer without a batch
// timeout gets a short one: the sink hands it whole batches, nothing more comes.
func NewKafkaSink(w Writer) *KafkaSink {
	if k, ok := w.(*kafka.Writer); ok && k.BatchTimeout == 0 {
		k.BatchTimeout = batchTimeout
	}
	return &KafkaSink{w: w}
}

// DialKafka makes a sink for plain brokers without sign-in.
func DialKafka(brokers []string) *KafkaSink {
	return NewKafkaSink(&kafka.Writer{Addr: kafka.TCP(brokers...), Balancer: &kafka.Hash{}, BatchSize: kafkaBatch, RequiredAcks: kafka.RequireAll})
}

// Put keeps a copy and sends when a batch is full.
func (s *KafkaSink) Put(ctx context.Context, topic string, key, value []byte) error {
	at := len(s.arena)
	s.arena = append(append(s.arena, key...), value...)
	middle, end := at+len(key), len(s.arena)
	s.batch = append(s.batch, kafka.Message{Topic: topic, Key: s.arena[at:middle:middle], Value: s.arena[middle:end:end]})
	if len(s.batch) < kafkaBatch {
		return nil
	}
	return s.Flush(ctx)
}

// Flush sends what is waiting. The memory of a batch is never used again: the
// writer may still hold it when a call ends early.
func (s *KafkaSink) Flush(ctx context.Context) error {
	if len(s.batch) == 0 {
		return nil
	}
	if err := s.w.WriteMessages(ctx, s.batch...); err != nil {
		s.lost = true
		return fmt.Errorf("write %d messages to kafka: %w", len(s.batch), err)
	}
	s.batch = make([]kafka.Message, 0, kafkaBatch)
	s.arena = make([]byte, 0, cap(s.arena))
	return nil
}

// Close sends what is waiting and closes the writer. After a failed batch it
// sends nothing more, so that no message arrives twice or ahead of a lost one.
func (s *KafkaSink) Close() error {
	var errs []error
	if !s.lost {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		errs = append(errs, s.Flush(ctx))
	}
	if err := s.w.Close(); err != nil {
		errs = append(errs, fmt.Errorf("close kafka writer: %w", err))
	}
	return errors.Join(errs...)
}
