// Package enginetest owns the embedded engine of a test binary. It promises one
// engine per binary, started by the first test that asks for it, one database
// per test, and an end without leftovers. It never skips: a missing library
// fails the test with its remedy.
package enginetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"hengjian/warehouse"
	"hengjian/warehouse/engine"
)

// patience is how long a test engine may take to start on a busy machine.
const patience = time.Minute

// Server is a running engine.
type Server struct {
	engine *engine.Engine
	dir    string
	stop   context.CancelFunc
	ended  chan error
	admin  driver.Conn
}

// holder keeps the one engine of a test binary between Start and Main.
type holder struct {
	mu     sync.Mutex
	tried  bool
	server *Server
	err    error
}

var shared = &holder{}

// Main runs the tests of a package and then stops the shared engine. The
// TestMain of a package that uses an engine is: enginetest.Main(m).
func Main(m *testing.M) {
	if engine.IsChild(os.Args) {
		os.Exit(engine.ChildMain(os.Args))
	}
	code := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the test engine:", err)
		code = 1
	}
	os.Exit(code)
}

// Start returns the engine of this test binary and starts it the first time.
// Its accounts are engine.StandardAccounts("t_*"), which fit every Database.
func Start(t testing.TB) *Server {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.tried {
		shared.tried = true
		shared.server, shared.err = open(Config())
	}
	if shared.err != nil {
		t.Fatalf("start the test engine: %v", shared.err)
	}
	return shared.server
}

// Fresh starts an engine of the test's own, for tests that kill it or need
// other accounts. alter may change its configuration. It ends with the test.
func Fresh(t testing.TB, alter ...func(*engine.Config)) *Server {
	t.Helper()
	c := Config()
	for _, change := range alter {
		change(&c)
	}
	s, err := open(c)
	if err != nil {
		t.Fatalf("start a fresh test engine: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("stop the fresh test engine: %v", err)
		}
	})
	return s
}

// Config returns the configuration of test engines: little memory, any port,
// accounts for test databases. Dir is empty: Start and Fresh take a new one.
func Config() engine.Config {
	return engine.Config{
		MaxMemory: 2 << 30, MarkCache: 64 << 20, MaxConnections: 256, MaxConcurrentQueries: 64,
		Accounts: engine.StandardAccounts("t_*"),
	}
}

// open starts an engine and waits until it answers.
func open(c engine.Config) (*Server, error) {
	s := &Server{ended: make(chan error, 1)}
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "hengjian-engine-")
		if err != nil {
			return nil, fmt.Errorf("make a directory: %w", err)
		}
		s.dir, c.Dir = dir, dir
	}
	e, err := engine.New(c, engine.Deps{})
	if err != nil {
		return nil, fmt.Errorf("configure the engine: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.engine, s.stop = e, stop
	go func() { s.ended <- e.Run(ctx) }()
	ready, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := e.Ready(ready); err != nil {
		stop()
		<-s.ended
		os.RemoveAll(s.dir)
		return nil, fmt.Errorf("wait for the engine: %w", withRemedy(err))
	}
	if s.admin, err = s.open("owner", "default"); err != nil {
		return nil, fmt.Errorf("address the engine: %w", err)
	}
	return s, nil
}

// withRemedy names what a developer does in this tree.
func withRemedy(err error) error {
	library, found := engine.FetchedLibrary("")
	if found != nil {
		return err
	}
	if _, missing := os.Stat(library); missing != nil {
		return fmt.Errorf("%w (in this tree: `go run . engine fetch`)", err)
	}
	return err
}

// close stops the shared engine if it was started.
func (h *holder) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		return nil
	}
	return h.server.Close()
}

// Close stops the server and removes its directory; the owners of a server call
// it (Main and Fresh), tests only to see a graceful end. It may be called twice.
func (s *Server) Close() error {
	if s.stop == nil {
		return nil
	}
	s.admin.Close()
	s.stop()
	s.stop = nil
	err := <-s.ended
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
	return err
}

// Engine returns the engine itself, for Kill and Generation.
func (s *Server) Engine() *engine.Engine { return s.engine }

// DSN returns the address of a database as an account.
func (s *Server) DSN(account, database string) string { return s.engine.DSN(account, database) }

// Database creates a database of its own for the test and returns its name;
// the test's end drops it together with its views and scope databases
// (warehouse.Names).
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	raw := make([]byte, 6)
	rand.Read(raw) //nolint:errcheck // never fails by its contract
	base := "t_" + hex.EncodeToString(raw)
	if err := s.admin.Exec(context.Background(), "CREATE DATABASE "+base); err != nil {
		t.Fatalf("create the test database: %v", err)
	}
	views, access := warehouse.Names(base)
	t.Cleanup(func() {
		if s.stop == nil {
			return // the test stopped its server
		}
		for _, name := range []string{views, access, base} {
			if err := s.admin.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
				t.Errorf("drop the test database %s: %v", name, err)
			}
		}
	})
	return base
}

// Conn opens a pool to a database as owner; the test's end closes it.
func (s *Server) Conn(t testing.TB, database string) driver.Conn {
	t.Helper()
	return s.ConnAs(t, "owner", database)
}

// DB opens a database as owner by its address, as the product does; the test's end
// closes it.
func (s *Server) DB(t testing.TB, database string) *warehouse.DB {
	t.Helper()
	return s.DBAs(t, "owner", database)
}

// DBAs opens a database as an account by its address; the test's end closes it.
func (s *Server) DBAs(t testing.TB, account, database string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(context.Background(), s.DSN(account, database), 8)
	if err != nil {
		t.Fatalf("open %s as %s: %v", database, account, err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// ConnAs opens a pool to a database as an account; the test's end closes it.
func (s *Server) ConnAs(t testing.TB, account, database string) driver.Conn {
	t.Helper()
	conn, err := s.open(account, database)
	if err != nil {
		t.Fatalf("connect as %s: %v", account, err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// open opens a pool.
func (s *Server) open(account, database string) (driver.Conn, error) {
	options, err := clickhouse.ParseDSN(s.DSN(account, database))
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	options.DialTimeout, options.ReadTimeout = 10*time.Second, 2*time.Minute
	options.MaxOpenConns, options.MaxIdleConns = 8, 8
	return clickhouse.Open(options)
}
