package loader

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/clickhouse-go/v2"

	"hengjian/ingest/decode"
	"hengjian/warehouse/native"
)

// Sender inserts blocks whose position somebody else keeps, such as those of
// file packages, with the same settings as the loader. It has one connection;
// its methods may be called from several goroutines.
type Sender struct {
	dsn  string
	mu   sync.Mutex
	conn *ch.Client
}

// NewSender returns a sender to a server and database; it connects at the first
// block. The address is a secret.
func NewSender(dsn string) *Sender { return &Sender{dsn: dsn} }

// Send inserts one block as one part. After a lost connection it sends the same
// block with the same token again, which the server drops if it has it; while
// the server has no room it waits until ctx ends.
func (s *Sender) Send(ctx context.Context, table string, b *decode.Block, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := DefaultConfig()
	wait := newPause(config)
	for failed := 1; ; failed++ {
		err := s.once(ctx, config, table, b, token)
		if err == nil {
			return nil
		}
		s.hangUp()
		kind := classify(err)
		patient := kind == pressure || kind == memory
		if !patient && (kind != connection || failed >= equalFailures) {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		if !wait.wait(ctx) {
			return fmt.Errorf("insert into %s: %w", table, ctx.Err())
		}
	}
}

// once makes one attempt.
func (s *Sender) once(ctx context.Context, c Config, table string, b *decode.Block, token string) error {
	ctx, cancel := context.WithTimeout(ctx, c.InsertTimeout)
	defer cancel()
	if s.conn == nil || s.conn.IsClosed() {
		options, err := clickhouse.ParseDSN(s.dsn)
		if err != nil {
			return fmt.Errorf("read the ClickHouse address: %w", err)
		}
		if s.conn, err = native.Dial(ctx, options, "hengjian-loader"); err != nil {
			return err
		}
	}
	return s.conn.Do(ctx, ch.Query{
		Body: insertText(table, b.Input()), Input: b.Input(),
		Settings: insertSettings(token, int(max(c.InsertTimeout/time.Second, 1))),
	})
}

func (s *Sender) hangUp() {
	if s.conn != nil {
		s.conn.Close() //nolint:errcheck // what it says of its end changes nothing
		s.conn = nil
	}
}

// Close closes the connection.
func (s *Sender) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp()
	return nil
}
