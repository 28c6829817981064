package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"hengjian/ingest/broker"
	"hengjian/ingest/decode"
	"hengjian/ingest/derive"
	"hengjian/ingest/loader"
	"hengjian/ingest/simulate"
	"hengjian/jobs/clock"
	"hengjian/jobs/compare"
	"hengjian/jobs/compare/pattern"
	life "hengjian/jobs/finding"
	"hengjian/jobs/indicator"
	"hengjian/jobs/link"
	pipeline "hengjian/jobs/run"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// intake is the way in: broker, loader and derive over one warehouse.
type intake struct {
	client *broker.Client
	loader *loader.Loader
	derive *derive.Deriver
	log    *slog.Logger
}

// register holds the organ register that decoding reads, renewed on demand.
type register struct {
	db      *warehouse.DB
	current atomic.Pointer[access.Register]
}

// Current returns the register as last read.
func (r *register) Current() *access.Register { return r.current.Load() }

// Reload reads the register anew.
func (r *register) Reload(ctx context.Context) error {
	fresh, err := access.LoadRegister(ctx, r.db)
	if err != nil {
		return fmt.Errorf("read the organ register: %w", err)
	}
	r.current.Store(fresh)
	return nil
}

// dialBroker connects to the external cluster, or starts the embedded broker in group.
func (c *call) dialBroker(ctx context.Context, group *errgroup.Group, log *slog.Logger) (*broker.Client, error) {
	k := c.cfg.Kafka
	remote := broker.Remote{Brokers: k.Brokers, TLS: k.TLS, Mechanism: k.Mechanism, User: k.User, Password: k.Password}
	if len(k.Brokers) == 0 {
		embedded, err := broker.NewEmbedded(broker.Config{Dir: c.cfg.path("broker"), SyncWrites: true}, broker.Deps{Log: log})
		if err != nil {
			return nil, err
		}
		group.Go(func() error { return embedded.Run(ctx) })
		if err := embedded.Ready(ctx); err != nil {
			return nil, err
		}
		remote = broker.Remote{Brokers: embedded.Addrs()}
	}
	return broker.Dial(ctx, remote)
}

// newIntake wires broker, loader and derive; nothing runs yet.
func (c *call) newIntake(ctx context.Context, s *store, group *errgroup.Group, reg prometheus.Registerer) (*intake, error) {
	client, err := c.dialBroker(ctx, group, s.log)
	if err != nil {
		return nil, err
	}
	in := &intake{client: client, log: s.log}
	c.keep(in)
	for _, t := range s.defs.contracts.Types() {
		if t.Door == "file" {
			continue
		}
		partitions := 4
		if t.Name == "organ" {
			partitions = 1
		}
		if err := client.CreateTopics(ctx, []string{t.Topic()}, partitions); err != nil {
			return nil, err
		}
	}
	if in.derive, err = derive.New(derive.DefaultConfig(), derive.Deps{DB: s.owner, Catalogue: s.defs.contracts, Log: s.log}); err != nil {
		return nil, err
	}
	organs := &register{db: s.owner}
	if err := organs.Reload(ctx); err != nil {
		return nil, err
	}
	topics, err := loader.Topics(s.defs.contracts, decode.Deps{Catalogue: s.defs.contracts, Vault: s.vault, Register: organs, Simulated: s.kind == "simulated"})
	if err != nil {
		return nil, err
	}
	var sharing loader.Sharing
	if c.cfg.Kafka.Group != "" && len(c.cfg.Kafka.Brokers) > 0 {
		sharing = client.Group(c.cfg.Kafka.Group, s.log)
	}
	in.loader, err = loader.New(loader.Config{Incarnation: uint32(c.cfg.Kafka.Incarnation), StopAtGap: c.cfg.Ingest.StopAtGap}, loader.Deps{
		DB: s.owner, DSN: s.dsn("owner"), Broker: client, Topics: topics, Sharing: sharing, Log: s.log, Registerer: reg, Now: time.Now,
		Gate: func(ctx context.Context) error {
			// Nothing can be checked against an empty register: the others wait.
			return poll(ctx, 200*time.Millisecond, func() (bool, error) {
				if err := in.derived(ctx); err != nil {
					return false, err
				}
				err := organs.Reload(ctx)
				return err == nil && len(organs.Current().All()) > 0, err
			})
		},
	})
	return in, err
}

// derived waits until derive has decided everything that is loaded.
func (in *intake) derived(ctx context.Context) error {
	return poll(ctx, 100*time.Millisecond, func() (bool, error) {
		behind, err := in.derive.Behind(ctx)
		return behind == 0, err
	})
}

// caughtUp waits until everything in the broker is loaded and derived.
func (in *intake) caughtUp(ctx context.Context, progress func(uint64)) error {
	return poll(ctx, 250*time.Millisecond, func() (bool, error) {
		streams, err := in.loader.Status(ctx)
		if err != nil {
			return false, err
		}
		var lag, loaded, unknown uint64
		for _, s := range streams {
			if s.Partition < 0 {
				unknown++
				continue
			}
			lag += s.Lag
			loaded += s.Position
		}
		behind, err := in.derive.Behind(ctx)
		if progress != nil {
			progress(loaded)
		}
		return unknown == 0 && lag == 0 && behind == 0, err
	})
}

// poll asks until done, at most until ctx ends.
func poll(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// runner wires the batch jobs in the order link, clock, finding, indicator, compare, pattern.
func (s *store) runner(cfg Config) (*pipeline.Runner, error) {
	linking, errLink := link.New(link.DefaultConfig(), s.linkDeps(cfg))
	clocks, errClock := clock.New(clock.DefaultConfig(), clock.Deps{DB: s.owner, Rules: s.defs.rules})
	findings, errFinding := life.New(life.Deps{DB: s.owner, Now: time.Now})
	indicators, errIndicator := indicator.New(indicator.DefaultConfig(), indicator.Deps{DB: s.owner, Contracts: s.defs.contracts, Catalogue: s.defs.indicators})
	comparison, errCompare := compare.New(compare.DefaultConfig(), compare.Deps{DB: s.owner, Proportions: s.defs.indicators.Proportions(), Rates: s.defs.indicators.Rates()})
	patterns, errPattern := pattern.New(pattern.DefaultConfig(), pattern.Deps{DB: s.owner, Patterns: s.defs.patterns})
	if err := errors.Join(errLink, errClock, errFinding, errIndicator, errCompare, errPattern); err != nil {
		return nil, err
	}
	config := pipeline.DefaultConfig()
	config.Settle = cfg.Jobs.Settle
	return pipeline.New(config, pipeline.Deps{
		DB: s.owner, Now: time.Now, Log: s.log, Definitions: s.defs.digest, Code: version,
		AsOf: func(now time.Time) time.Time { return s.asOf(cfg, now) },
		Jobs: []pipeline.Job{linking, clocks, findings, indicators, comparison, patterns},
	})
}

// simulateInto writes the country to the broker of a simulated warehouse.
func (c *call) simulateInto(ctx context.Context, s *store, cfg SimulateConfig) error {
	if s.kind != "simulated" {
		return &warehouse.Error{Code: warehouse.Conflict, Message: "this warehouse holds real data: simulate refuses it; name another folder with --data"}
	}
	var group errgroup.Group
	inner, stop := context.WithCancel(ctx)
	defer stop()
	client, err := c.dialBroker(inner, &group, s.log)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := c.fill(ctx, s, client, cfg); err != nil {
		return err
	}
	stop()
	return group.Wait()
}

// fill emits a country into the broker.
func (c *call) fill(ctx context.Context, s *store, client *broker.Client, cfg SimulateConfig) error {
	country, err := c.newCountry(cfg, c.progress("simulated", "records"))
	if err != nil {
		return err
	}
	defer fmt.Fprintln(c.err)
	have, err := held(ctx, s, client)
	if err != nil {
		return err
	}
	kafka := simulate.NewKafkaSink(client.Writer())
	return emit(ctx, country, filepath.Join(c.cfg.Data, "truth.json"), simulate.Resume(kafka, have), kafka.Close)
}

// held counts what each partition holds already, so that a fill that was cut
// off goes on where it ended.
func held(ctx context.Context, s *store, client *broker.Client) (map[string][]uint64, error) {
	have := map[string][]uint64{}
	for _, t := range s.defs.contracts.Types() {
		if t.Door == "file" {
			continue
		}
		bounds, err := client.Bounds(ctx, t.Topic())
		if err != nil {
			return nil, fmt.Errorf("read what %s holds: %w", t.Topic(), err)
		}
		counts := make([]uint64, len(bounds))
		for _, b := range bounds {
			counts[b.Partition] = b.Next
		}
		have[t.Topic()] = counts
	}
	return have, nil
}

// Close hangs up the broker, when loader and derive have ended.
func (in *intake) Close() error {
	in.client.Close()
	return nil
}

// start runs loader and derive in group.
func (in *intake) start(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { return in.loader.Run(ctx) })
	group.Go(func() error { return in.derive.Run(ctx) })
}
