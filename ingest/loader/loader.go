// Package loader inserts fetched records exactly once. It owns log_<type> and
// the epochs of its streams; it promises that the position of a stream is the
// greatest offset in its log table and that no record is lost, doubled or
// reordered, whoever is killed, stopped or restarted. It never trusts a
// committed offset, never deletes from a log and never skips a gap silently.
package loader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
)

// Broker is what the loader needs of Kafka; *broker.Client is one.
type Broker interface {
	ClusterID() string
	Bounds(ctx context.Context, topic string) ([]broker.Bound, error)
	Fetch(ctx context.Context, topic string, partition int, from uint64, maxBytes int64, wait time.Duration) (broker.Fetched, error)
}

// Sharing says which partitions are this loader's; *broker.Group is one. work is
// called again after each change and must have returned before partitions go to
// another loader.
type Sharing interface {
	Run(ctx context.Context, topics []string, work func(ctx context.Context, own map[string][]int) error) error
}

// Deps are the neighbours. DSN is the address of the same server and database
// as DB, for the INSERT connections; it is a secret. Gate is called once, after
// the topics marked First are loaded, and returns when what depends on them may
// be loaded; nil opens at once.
type Deps struct {
	DB         *warehouse.DB
	DSN        string
	Broker     Broker
	Topics     []Topic
	Sharing    Sharing // nil = all partitions are ours
	Gate       func(ctx context.Context) error
	Hooks      Hooks
	Log        *slog.Logger          // nil = no log
	Registerer prometheus.Registerer // nil = private figures
	Now        func() time.Time      // nil = the wall clock
}

// Loader loads topics into their log tables.
type Loader struct {
	config  Config
	deps    Deps
	options *clickhouse.Options
	metrics *metrics
	owner   string
	workers []*worker
	budget  *budget
	crew    chan *chunk
}

// New checks the configuration and the topics; it starts nothing.
func New(c Config, d Deps) (*Loader, error) {
	c.EnsureDefaults()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.DB == nil || d.Broker == nil || len(d.Topics) == 0 {
		return nil, errors.New("loader: DB, Broker and one topic at least are needed")
	}
	options, err := clickhouse.ParseDSN(d.DSN)
	if err != nil || len(options.Addr) == 0 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the ClickHouse address of the loader is not valid: write clickhouse://account:password@host:port/database", Err: err}
	}
	if options.Auth.Database != d.DB.Database() {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the loader's address names the database %q, its pool %q: both must be the same", options.Auth.Database, d.DB.Database())}
	}
	m, err := newMetrics(d.Registerer)
	if err != nil {
		return nil, fmt.Errorf("register the loader's figures: %w", err)
	}
	l := &Loader{config: c, deps: d, options: options, metrics: m, owner: newOwner(), budget: newBudget(c.Memory, c.Turns), crew: make(chan *chunk)}
	seen := map[string]bool{}
	for _, t := range d.Topics {
		if !validTopic.MatchString(t.Name) || t.Table == "" || t.Decoder == nil || seen[t.Name] {
			return nil, fmt.Errorf("loader: topic %q needs a valid name of its own, a table and a decoder", t.Name)
		}
		seen[t.Name] = true
		l.workers = append(l.workers, newWorker(l, t))
	}
	return l, nil
}

// Run loads until ctx ends and returns nil once the block in flight is answered.
// It returns an error when going on would be wrong: tables, rights or settings
// do not fit, or Kafka holds less than the log.
func (l *Loader) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	open := make(chan struct{})
	for range l.config.Decoders {
		g.Go(func() error {
			l.crewman(ctx)
			return nil
		})
	}
	g.Go(func() error {
		l.control(ctx)
		return nil
	})
	g.Go(func() error {
		if l.deps.Sharing == nil {
			return l.work(ctx, open, nil)
		}
		names := make([]string, len(l.workers))
		for i, w := range l.workers {
			names[i] = w.topic.Name
		}
		return l.deps.Sharing.Run(ctx, names, func(ctx context.Context, own map[string][]int) error {
			l.deps.Log.Info("partitions are shared anew", "own", own)
			return l.work(ctx, open, own)
		})
	})
	g.Go(func() error {
		if err := l.openGate(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		close(open)
		return nil
	})
	return g.Wait()
}

// work loads the own partitions, nil for all, until ctx ends.
func (l *Loader) work(ctx context.Context, open <-chan struct{}, own map[string][]int) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range l.workers {
		w.assign(own)
		g.Go(func() error {
			if !w.topic.First {
				select {
				case <-open:
				case <-ctx.Done():
					return nil
				}
			}
			err := w.run(ctx)
			w.board.set(StateStopped)
			if err != nil {
				w.board.alert(reason(err))
				return fmt.Errorf("load %s: %w", w.topic.Name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// openGate waits until the first topics are loaded, then for the gate.
func (l *Loader) openGate(ctx context.Context) error {
	for _, w := range l.workers {
		if !w.topic.First {
			continue
		}
		select {
		case <-w.loaded:
		case <-ctx.Done():
			return nil
		}
	}
	if l.deps.Gate == nil {
		return nil
	}
	if err := l.deps.Gate(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("wait for the organ register: %w", err)
	}
	return nil
}
