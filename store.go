package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"hengjian/jobs/clock"
	"hengjian/jobs/compare/pattern"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/backup"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
	"hengjian/warehouse/engine"
	"hengjian/warehouse/migrations"
	"hengjian/warehouse/vault"
)

// baseDatabase is the name of the database with the base tables.
const baseDatabase = "hengjian"

// definitions are all that is data: contracts, rules, indicators, patterns.
type definitions struct {
	contracts  *contract.Catalogue
	rules      *clock.Rules
	indicators *indicator.Catalogue
	patterns   []pattern.Pattern
	digest     string
}

// loadDefinitions reads the embedded definitions and the overlay; every problem
// of every file is in the error.
func loadDefinitions(overlay string) (definitions, error) {
	contracts, err := contract.Load(overlay)
	if err != nil {
		return definitions{}, definitionError(err)
	}
	rules, errRules := clock.Load(overlay)
	indicators, errIndicators := indicator.Load(overlay, contracts)
	patterns, errPatterns := pattern.Load(overlay, contracts)
	if err := errors.Join(errRules, errIndicators, errPatterns); err != nil {
		return definitions{}, definitionError(err)
	}
	text := contracts.Digest() + rules.Digest() + indicators.Digest()
	for _, p := range patterns {
		text += p.Digest
	}
	sum := sha256.Sum256([]byte(text))
	return definitions{contracts, rules, indicators, patterns, hex.EncodeToString(sum[:])}, nil
}

func definitionError(err error) error {
	return &warehouse.Error{Code: warehouse.Invalid, Message: "the definitions do not load:\n" + err.Error(), Err: err}
}

// store is an open warehouse: the pool of the owner and what belongs to it.
type store struct {
	owner    *warehouse.DB
	dsn      func(account string) string
	engine   *engine.Engine // nil when another process or an external server runs it
	vault    *vault.Vault
	keys     *keyProcess // of pseudonymised linkage; started at its first use
	defs     definitions
	external bool
	restore  string // backup to restore before anything is opened, "" for none
	born     string // kind of a new warehouse, "" takes what is there
	kind     string // simulated or real
	log      *slog.Logger
}

// attachment lets other commands of this user reach a running embedded engine.
type attachment struct {
	PID     int    `json:"pid"`
	Owner   string `json:"owner"`
	Service string `json:"service"`
}

// withStore opens the warehouse, does the work and closes it again. An embedded
// engine outlives the work, so that blocks in flight are answered; if it cannot
// go on, the work's context ends.
func (c *call) withStore(work func(context.Context, *store) error) error {
	return c.withBorn("", work)
}

// withBorn is withStore for a warehouse that, when new, is of the kind born.
func (c *call) withBorn(born string, work func(context.Context, *store) error) error {
	defs, err := loadDefinitions(c.cfg.Definitions)
	if err != nil {
		return err
	}
	engineCtx, stopEngine := context.WithCancel(context.WithoutCancel(c.ctx))
	defer stopEngine()
	workCtx, stopWork := context.WithCancelCause(c.ctx)
	defer stopWork(nil)
	var engines errgroup.Group
	s := &store{defs: defs, log: c.cfg.Log.logger(c.err), born: born, restore: c.restoreFrom, keys: newKeyProcess(c.cfg, c.err)}
	start := func(e *engine.Engine) {
		engines.Go(func() error {
			err := e.Run(engineCtx)
			stopWork(err)
			return err
		})
	}
	err = s.open(workCtx, c.cfg, start)
	if err == nil {
		err = work(workCtx, s)
	}
	s.Close()
	stopEngine()
	ended := engines.Wait()
	if err == nil || context.Cause(workCtx) == ended { // the engine's end came first: the rest follows from it
		if ended != nil && !errors.Is(ended, context.Canceled) {
			return ended
		}
	}
	return err
}

// open connects to the warehouse and brings its tables up to date.
func (s *store) open(ctx context.Context, cfg Config, start func(*engine.Engine)) (err error) {
	if err := s.connect(ctx, cfg, start); err != nil {
		return err
	}
	if err := migrations.Apply(ctx, s.owner); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	if err := contract.Reconcile(ctx, s.owner, s.defs.contracts); err != nil {
		return fmt.Errorf("bring the record tables up to date: %w", err)
	}
	regions, err := identifier.LoadRegions()
	if err != nil {
		return err
	}
	if err := contract.ReconcileRegions(ctx, s.owner, regions); err != nil {
		return err
	}
	if err := access.ReconcileViews(ctx, s.owner, s.defs.contracts); err != nil {
		return fmt.Errorf("bring the views up to date: %w", err)
	}
	if err := s.birth(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.path("keys"), 0o700); err != nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the folder " + cfg.path("keys") + " cannot be made: check its owner and rights", Err: err}
	}
	if s.vault, err = vault.Open(ctx, vault.Config{KeyFile: cfg.path("keys/master.key")}, s.owner); err != nil {
		return fmt.Errorf("open the vault: %w", err)
	}
	return nil
}

// birth reads what kind of warehouse this is, and writes it for a new one.
func (s *store) birth(ctx context.Context) (err error) {
	if s.kind, err = migrations.Kind(ctx, s.owner); err == nil {
		return nil
	}
	if warehouse.CodeOf(err) != warehouse.NotFound {
		return fmt.Errorf("read what kind of warehouse this is: %w", err)
	}
	if s.born == "" {
		s.born = migrations.Simulated
	}
	s.kind = s.born
	return migrations.Birth(ctx, s.owner, s.born, time.Now())
}

// connect reaches an external server, a running embedded engine, or starts one.
func (s *store) connect(ctx context.Context, cfg Config, start func(*engine.Engine)) (err error) {
	if cfg.ClickHouse.DSN != "" {
		s.external, s.dsn = true, func(string) string { return cfg.ClickHouse.DSN }
		s.owner, err = warehouse.Open(ctx, cfg.ClickHouse.DSN, 16)
		return err
	}
	if s.attach(ctx, cfg) {
		return nil
	}
	library := ""
	if cfg.ClickHouse.Library != "" {
		if library, err = engine.FetchedLibrary(cfg.ClickHouse.Library); err != nil {
			return err
		}
	}
	s.engine, err = engine.New(engine.Config{
		Dir: cfg.path("engine"), Library: library, Port: cfg.ClickHouse.Port,
		MaxMemory: uint64(cfg.ClickHouse.MemoryMB) << 20, MarkCache: 64 << 20,
		Accounts: engine.StandardAccounts(baseDatabase),
	}, engine.Deps{Log: s.log})
	if err != nil {
		return err
	}
	start(s.engine)
	if err := s.engine.Ready(ctx); err != nil {
		return err
	}
	s.dsn = func(account string) string { return s.engine.DSN(account, baseDatabase) }
	if err := createDatabase(ctx, s.engine.DSN("owner", "default"), s.restore); err != nil {
		return err
	}
	if s.owner, err = warehouse.Open(ctx, s.dsn("owner"), 24); err != nil {
		return err
	}
	return writeAttachment(cfg, attachment{PID: os.Getpid(), Owner: s.dsn("owner"), Service: s.dsn("service")})
}

// readerDSN is the address of a reader account, on the database of views.
func (s *store) readerDSN(slot string) string {
	views, _ := warehouse.Names(baseDatabase)
	return s.engine.DSN(slot, views)
}

// attach connects to the embedded engine of another process of this user.
func (s *store) attach(ctx context.Context, cfg Config) bool {
	text, err := os.ReadFile(cfg.path("engine/attach.json"))
	if err != nil {
		return false
	}
	var a attachment
	if json.Unmarshal(text, &a) != nil {
		return false
	}
	probe, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	db, err := warehouse.Open(probe, a.Owner, 16)
	if err != nil {
		return false
	}
	s.owner = db
	s.dsn = func(account string) string {
		if account == "service" {
			return a.Service
		}
		return a.Owner
	}
	return true
}

func writeAttachment(cfg Config, a attachment) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write the attachment: %w", err)
	}
	path := cfg.path("engine/attach.json")
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return fmt.Errorf("write the attachment: %w", err)
	}
	if err := os.Rename(path+".new", filepath.Clean(path)); err != nil {
		return fmt.Errorf("write the attachment: %w", err)
	}
	return nil
}

// createDatabase makes the base database, from a backup where one is named.
func createDatabase(ctx context.Context, dsn, from string) error {
	db, err := warehouse.Open(ctx, dsn, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	if from != "" {
		return backup.Restore(ctx, db, baseDatabase, from)
	}
	if err := db.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+baseDatabase); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// Close closes the pools, so that the engine stops at once.
func (s *store) Close() {
	if s.keys != nil {
		s.keys.Close() //nolint:errcheck // it ends with this process anyway
	}
	if s.owner != nil {
		s.owner.Close()
	}
}
