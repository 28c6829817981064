// Package engine owns the embedded ClickHouse server: the fetched library, the
// child process that runs it, its accounts and its data directory. It promises
// one address that stays the same over restarts, a restart after every death of
// the child, and one clear sentence when it cannot start. It never opens an
// HTTP port, never runs the library in the parent, never writes a password or
// a query to a log.
package engine

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Deps are the neighbours of the engine.
type Deps struct {
	Log     *slog.Logger
	Program string // executable that becomes the child; "" means this one
}

// Engine is one embedded server. Its methods may be called from any goroutine.
type Engine struct {
	config    Config
	deps      Deps
	passwords map[string]string

	mu         sync.Mutex
	addr       string
	generation uint64
	ready      bool
	confined   bool
	ended      bool
	failure    error
	process    *os.Process
	changed    chan struct{} // closed and replaced at every change
}

// New checks the configuration and draws the passwords; it starts nothing.
func New(c Config, d Deps) (*Engine, error) {
	c.EnsureDefaults()
	if err := c.Validate(); err != nil {
		return nil, &engineConfigError{err}
	}
	dir, err := filepath.Abs(c.Dir) // the child runs in it, so a relative path would mean another place there
	if err != nil {
		return nil, sentence(err, "the engine's data directory %s has no absolute path: name one with --data", c.Dir)
	}
	c.Dir = dir
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{config: c, deps: d, passwords: drawPasswords(c.Accounts), changed: make(chan struct{})}, nil
}

// engineConfigError marks a section that does not hold.
type engineConfigError struct{ error }

// Unwrap returns the joined problems.
func (e *engineConfigError) Unwrap() error { return e.error }

// Ready waits until the server answers. It returns Run's error when Run has
// ended, and the context's when that ends first.
func (e *Engine) Ready(ctx context.Context) error {
	for {
		e.mu.Lock()
		ready, ended, failure, changed := e.ready, e.ended, e.failure, e.changed
		e.mu.Unlock()
		switch {
		case ready:
			return nil
		case failure != nil:
			return failure
		case ended:
			return sentence(nil, "the engine has been stopped")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// Addr returns host:port of the native protocol, "" before Run has opened it.
// It stays the same until Run returns.
func (e *Engine) Addr() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.addr
}

// Generation counts how often the server has become ready: 1 after the first
// start. A loader that sees it grow must fence and read its position again.
func (e *Engine) Generation() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.generation
}

// Restarts returns a channel that is closed when the state of the server next
// changes (it died, or it is ready again).
func (e *Engine) Restarts() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.changed
}

// Confined reports whether the kernel keeps the child inside its own folders.
func (e *Engine) Confined() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.confined
}

// DSN returns the address with an account and its password of this start, as
// warehouse.Open takes it. It is a secret.
func (e *Engine) DSN(account, database string) string {
	u := url.URL{
		Scheme: "clickhouse", Host: e.Addr(), Path: "/" + database,
		User: url.UserPassword(account, e.passwords[account]),
	}
	return u.String()
}

// Kill ends the child with SIGKILL, as a crash would; Run restarts it. It
// reports whether there was a child. For tests.
func (e *Engine) Kill() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.process == nil {
		return false
	}
	return syscall.Kill(-e.process.Pid, syscall.SIGKILL) == nil
}

// PID returns the process id of the child, 0 when there is none.
func (e *Engine) PID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.process == nil {
		return 0
	}
	return e.process.Pid
}

// change alters the state under the lock and wakes everyone who waits for it.
func (e *Engine) change(alter func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	alter()
	close(e.changed)
	e.changed = make(chan struct{})
}

// listen opens the public port, which outlives every child.
func (e *Engine) listen() (*net.TCPListener, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: e.config.Port})
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, sentence(err, "the port %d of the engine is taken: free it or set another clickhouse.port", e.config.Port)
	}
	if err != nil {
		return nil, sentence(err, "the port %d of the engine cannot be opened: choose another clickhouse.port", e.config.Port)
	}
	return listener, nil
}
