package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"hengjian/api"
	"hengjian/api/auth"
	"hengjian/dashboards"
	"hengjian/ingest/decode"
	"hengjian/ingest/filedrop"
	"hengjian/ingest/loader"
	"hengjian/warehouse"
	"hengjian/warehouse/migrations"
)

type upCommand struct{}

// Help gives an example.
func (upCommand) Help() string {
	return "Example: hengjian up --set simulate.cases=2000\n\nA new warehouse is born simulated and filled; a second start takes up where the first ended."
}

// Run starts everything and fills a new warehouse.
func (upCommand) Run(c *call) error { return c.platform(migrations.Simulated) }

type serveCommand struct{}

// Help gives an example.
func (serveCommand) Help() string {
	return "Example: hengjian serve --kafka-brokers broker:9092\n\nA new warehouse is born for real data; nothing is simulated."
}

// Run starts everything without simulating.
func (serveCommand) Run(c *call) error { return c.platform(migrations.Real) }

// alongside runs work beside background parts and ends them when it returns.
// What the parts used is closed after they have ended.
func (c *call) alongside(ctx context.Context, work func(context.Context, *errgroup.Group) error) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	group, groupCtx := errgroup.WithContext(inner)
	err := work(groupCtx, group)
	stop()
	ended := group.Wait()
	for _, closing := range slices.Backward(c.closing) {
		closing.Close() //nolint:errcheck // everything has been answered
	}
	c.closing = nil
	if err == nil || errors.Is(err, context.Canceled) {
		if ended != nil && !errors.Is(ended, context.Canceled) {
			return ended
		}
	}
	return err
}

// platform starts every room; born is the kind of a warehouse that is new.
func (c *call) platform(born string) error {
	return c.withBorn(born, func(ctx context.Context, s *store) error {
		return c.alongside(ctx, func(ctx context.Context, group *errgroup.Group) error {
			registry := prometheus.NewRegistry()
			in, err := c.newIntake(ctx, s, group, registry)
			if err != nil {
				return err
			}
			server, err := c.newServer(ctx, s, in, registry)
			if err != nil {
				return err
			}
			if c.cfg.Link.Mode == pseudonymised {
				if _, err := s.keys.Client(ctx); err != nil {
					return err
				}
			}
			group.Go(func() error { return server.Run(ctx) })
			address, err := server.Addr(ctx)
			if err != nil {
				return err
			}
			if err := c.first(ctx, s, in); err != nil {
				return err
			}
			in.start(ctx, group)
			if err := c.arrived(ctx, s, in); err != nil {
				return err
			}
			runner, err := s.runner(c.cfg)
			if err != nil {
				return err
			}
			if _, found, err := newest(ctx, s); err != nil {
				return err
			} else if !found {
				fmt.Fprintln(c.err, "computing verdicts and indicators")
				if _, _, err := runner.Once(ctx, firstRun()); err != nil {
					return err
				}
			}
			group.Go(func() error { return runner.Run(ctx) })
			if err := c.watch(ctx, s, in, group, registry); err != nil {
				return err
			}
			debug.FreeOSMemory() // the first load needed far more than what follows
			fmt.Fprintf(c.out, "open http://%s\n", address)
			<-ctx.Done()
			return ctx.Err()
		})
	})
}

// first fills a new simulated warehouse and loads the official figures. The
// whole organ register is in the broker before anything is checked against it.
func (c *call) first(ctx context.Context, s *store, in *intake) error {
	if err := c.official(ctx, s); err != nil {
		return err
	}
	if !c.simulates(s) {
		return nil
	}
	return c.fill(ctx, s, in.client, c.cfg.Simulate)
}

// simulates reports whether this start has to fill the warehouse.
func (c *call) simulates(s *store) bool {
	_, err := os.Stat(c.cfg.path("simulated.json"))
	return err != nil && s.kind == migrations.Simulated && c.cfg.Simulate.Cases > 0 && len(c.cfg.Kafka.Brokers) == 0
}

// arrived waits until the simulated records are in, and notes that they are.
func (c *call) arrived(ctx context.Context, s *store, in *intake) error {
	if !c.simulates(s) {
		return nil
	}
	if err := in.caughtUp(ctx, c.progress("loaded", "records")); err != nil {
		return err
	}
	fmt.Fprintln(c.err)
	text, err := json.Marshal(c.cfg.Simulate)
	if err != nil {
		return fmt.Errorf("note the simulation: %w", err)
	}
	if err := os.WriteFile(c.cfg.path("simulated.json"), text, 0o600); err != nil {
		return fmt.Errorf("note the simulation: %w", err)
	}
	return nil
}

// official loads the published national figures through the file door, once.
func (c *call) official(ctx context.Context, s *store) error {
	t, ok := s.defs.contracts.Type("official_figure")
	if !ok {
		return nil
	}
	name, data, err := filedrop.Official()
	if err != nil {
		return fmt.Errorf("read the official figures: %w", err)
	}
	organs := &register{db: s.owner}
	if err := organs.Reload(ctx); err != nil {
		return err
	}
	sender := loader.NewSender(s.dsn("owner"))
	defer sender.Close()
	_, err = filedrop.Load(ctx, name, data, t, filedrop.Deps{
		DB: s.owner, Blocks: sender, Sender: "official", Landed: time.Now(),
		Decode: decode.Deps{Catalogue: s.defs.contracts, Vault: s.vault, Register: organs, Simulated: s.kind == migrations.Simulated},
	})
	if err != nil {
		return fmt.Errorf("load the official figures: %w", err)
	}
	return nil
}

// streams adapts the loader's status to what the API shows.
type streams struct{ in *intake }

// Streams lists the streams as the loader sees them.
func (s streams) Streams(ctx context.Context) ([]api.StreamStatus, error) {
	all, err := s.in.loader.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]api.StreamStatus, 0, len(all))
	for _, x := range all {
		if x.Partition >= 0 {
			out = append(out, api.StreamStatus{Stream: x.Stream, RecordType: x.Type, Position: x.Position, HighWater: x.HighWater, Lag: x.Lag, Moved: x.Moved, Alarm: x.Alarm != ""})
		}
	}
	return out, nil
}

// newServer wires the API over its own pools.
func (c *call) newServer(ctx context.Context, s *store, in *intake, registry *prometheus.Registry) (*api.Server, error) {
	service, err := warehouse.Open(ctx, s.dsn("service"), 16)
	if err != nil {
		return nil, err
	}
	c.closing = append(c.closing, service)
	hashes, err := c.passwords()
	if err != nil {
		return nil, err
	}
	door, err := c.packageDoor(s)
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{Listen: c.cfg.Listen}, api.Deps{
		Service: service, Owner: s.owner, People: auth.DevelopmentAccounts, Passwords: hashes,
		Readers:   c.readers(ctx, s),
		Contracts: s.defs.contracts, Indicators: s.defs.indicators, Rules: s.defs.rules, Patterns: s.defs.patterns,
		Ingest: streams{in}, Packages: door, Assets: dashboards.Assets(), Registry: registry, Log: s.log, Now: time.Now,
	})
}

// readers returns the pool of a reader account, opened at its first use.
func (c *call) readers(ctx context.Context, s *store) func(slot string) (*warehouse.DB, error) {
	var mu sync.Mutex
	pools := map[string]*warehouse.DB{}
	return func(slot string) (*warehouse.DB, error) {
		if s.engine == nil {
			return nil, &warehouse.Error{Code: warehouse.Unavailable, Message: "ad hoc SQL needs the reader accounts of the embedded engine"}
		}
		mu.Lock()
		defer mu.Unlock()
		if pools[slot] == nil {
			db, err := warehouse.Open(ctx, s.readerDSN(slot), 4)
			if err != nil {
				return nil, err
			}
			c.keep(db)
			pools[slot] = db
		}
		return pools[slot], nil
	}
}

// keep has x closed at the end; readers may come while requests run.
func (c *call) keep(x io.Closer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = append(c.closing, x)
}

// passwords returns the hashes of the development accounts; at the first start
// it draws the passwords and prints them once.
func (c *call) passwords() (map[string]string, error) {
	path := c.cfg.path("keys/accounts.json")
	text, err := os.ReadFile(path)
	if err == nil {
		hashes := map[string]string{}
		if err := json.Unmarshal(text, &hashes); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		fmt.Fprintln(c.out, "accounts as at the first start (delete keys/accounts.json for new passwords)")
		return hashes, nil
	}
	hashes := map[string]string{}
	for _, name := range auth.DevelopmentNames() {
		random := make([]byte, 10)
		if _, err := rand.Read(random); err != nil {
			return nil, fmt.Errorf("draw a password: %w", err)
		}
		password := strings.ToLower(base32.StdEncoding.EncodeToString(random))
		if hashes[name], err = auth.Hash(password); err != nil {
			return nil, err
		}
		fmt.Fprintf(c.out, "account %s password %s\n", name, password)
	}
	if text, err = json.Marshal(hashes); err != nil {
		return nil, fmt.Errorf("write the accounts: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("write the accounts: %w", err)
	}
	return hashes, os.WriteFile(path, text, 0o600)
}
