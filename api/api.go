// Package api owns the HTTP surface: the resources of openapi.yaml, sign-in,
// the pages and the probes of operation. It promises that every route asks one
// authoriser, that every read for a person carries that person's scope, and
// that organs stand in administrative order. It never computes an indicator or
// a verdict, and it never reads a base table for a person without a predicate.
package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"hengjian/api/adhoc"
	"hengjian/api/audit"
	"hengjian/api/auth"
	"hengjian/jobs/clock"
	"hengjian/jobs/compare"
	"hengjian/jobs/compare/pattern"
	life "hengjian/jobs/finding"
	"hengjian/jobs/indicator"
	"hengjian/jobs/link/ledger"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
)

// StreamStatus is what ingest says of one stream.
type StreamStatus struct {
	Stream, RecordType string
	Position           uint64 // offset of the next record to load
	HighWater, Lag     uint64
	Moved              time.Time
	Alarm              bool
}

// Ingest says how data arrive; main adapts the loader to it.
type Ingest interface {
	Streams(ctx context.Context) ([]StreamStatus, error)
}

// Deps are the neighbours.
type Deps struct {
	Service    *warehouse.DB                            // reads and inserts of the API itself
	Owner      *warehouse.DB                            // writes the scope tables
	Readers    func(slot string) (*warehouse.DB, error) // the pool of a reader account, on the database of views
	People     func(*access.Register) []access.Account  // who exists and what they are granted
	Passwords  map[string]string                        // auth.Hash of each account's password
	Contracts  *contract.Catalogue
	Indicators *indicator.Catalogue
	Rules      *clock.Rules
	Patterns   []pattern.Pattern
	Ingest     Ingest               // nil when this process takes nothing in
	Packages   Packages             // nil when this process takes no packages
	Assets     fs.FS                // the pages; without index.html they are not built
	Registry   *prometheus.Registry // nil makes a new one
	Log        *slog.Logger
	Now        func() time.Time
}

// Server serves the resources of openapi.yaml, the pages and the probes.
type Server struct {
	config      Config
	deps        Deps
	door        *auth.Door
	audit       *audit.Log
	gateway     *adhoc.Gateway
	sessions    *scs.SessionManager
	router      *gin.Engine
	handler     http.Handler
	metrics     metrics
	cursors     cursorKey
	lives       *life.Store
	links       *ledger.Store
	values      *indicator.Reader
	groups      *compare.Reader
	patterns    *pattern.Reader
	regions     *identifier.Regions
	glossary    []term
	headlines   []indicator.Indicator
	definitions string
	state       atomic.Pointer[state]
	leaks       atomic.Pointer[[]access.Finding]
	addr        chan string
	uploads     chan struct{} // a place for each upload at once
}

// New checks c and d and builds the server; it starts nothing. Invalid for a
// bad section or a missing neighbour.
func New(c Config, d Deps) (*Server, error) {
	c.EnsureDefaults()
	if err := c.Validate(); err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: err.Error(), Err: err}
	}
	if err := d.check(); err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: err.Error(), Err: err}
	}
	if d.Registry == nil {
		d.Registry = prometheus.NewRegistry()
	}
	door, err := auth.NewDoor(d.Passwords, c.Logins, d.Now)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, deps: d, door: door, addr: make(chan string, 1), uploads: make(chan struct{}, uploadsAtOnce), metrics: newMetrics(d.Registry), cursors: newCursorKey()}
	s.audit = audit.New(d.Service, d.Now)
	s.gateway = adhoc.New(c.Queries, adhoc.Deps{
		Service: d.Service, Readers: d.Readers, Views: access.Views(d.Service.Database(), d.Contracts),
		Base: d.Service.Database(), Audit: s.audit, Now: d.Now,
	})
	s.values = indicator.NewReader(indicator.ReaderDeps{DB: d.Service, Contracts: d.Contracts, Catalogue: d.Indicators})
	s.groups = compare.NewReader(d.Service)
	s.patterns = pattern.NewReader(d.Service, d.Patterns)
	s.lives, s.links = life.NewStore(d.Service, d.Now), newLinks(d)
	if s.regions, err = identifier.LoadRegions(); err != nil {
		return nil, fmt.Errorf("load the region register: %w", err)
	}
	if s.glossary, err = readGlossary(); err != nil {
		return nil, err
	}
	if s.headlines, err = readHeadlines(d.Indicators); err != nil {
		return nil, err
	}
	s.definitions = d.Contracts.Digest()[:12] + "-" + d.Rules.Digest()[:12] + "-" + d.Indicators.Digest()[:12]
	s.sessions = scs.New()
	s.sessions.Store = memstore.NewWithCleanupInterval(0)
	s.sessions.IdleTimeout, s.sessions.Lifetime = c.Idle, c.Longest
	s.sessions.Cookie.Name, s.sessions.Cookie.Path = "hengjian_session", "/"
	s.sessions.Cookie.HttpOnly, s.sessions.Cookie.SameSite, s.sessions.Cookie.Persist = true, http.SameSiteStrictMode, false
	s.state.Store(&state{register: access.NewRegister(nil), people: map[string]person{}})
	s.router = s.routes()
	s.handler = s.guarded(s.sessions.LoadAndSave(s.router))
	return s, nil
}

// check names each missing neighbour.
func (d *Deps) check() error {
	missing := map[string]bool{
		"Service": d.Service == nil, "Owner": d.Owner == nil, "Readers": d.Readers == nil, "People": d.People == nil, "Contracts": d.Contracts == nil,
		"Indicators": d.Indicators == nil, "Rules": d.Rules == nil, "Assets": d.Assets == nil, "Log": d.Log == nil, "Now": d.Now == nil,
	}
	var errs []error
	for name, absent := range missing {
		if absent {
			errs = append(errs, fmt.Errorf("api needs %s", name))
		}
	}
	return errors.Join(errs...)
}

// routes builds the router; the document lists the same routes.
func (s *Server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.SetTrustedProxies(nil) //nolint:errcheck // no proxy is trusted, which cannot fail
	r.Use(s.trace, gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, what any) {
		s.refuse(c, fmt.Errorf("panic: %v", what))
	}))
	v1 := r.Group("/api/v1")
	s.sessionRoutes(v1)
	s.overviewRoutes(v1)
	s.registerRoutes(v1)
	s.indicatorRoutes(v1)
	s.lineageRoutes(v1)
	s.comparisonRoutes(v1)
	s.patternRoutes(v1)
	s.findingRoutes(v1)
	s.chainRoutes(v1)
	s.linkRoutes(v1)
	s.ingestRoutes(v1)
	s.qualityRoutes(v1)
	s.packageRoutes(v1)
	s.senderRoutes(v1)
	s.runRoutes(v1)
	s.queryRoutes(v1)
	s.operationRoutes(r)
	r.NoRoute(s.pages)
	r.NoMethod(func(c *gin.Context) { s.refuse(c, &failure{code: "not_found"}) })
	return r
}

// Handler returns the whole surface, for tests and for Run.
func (s *Server) Handler() http.Handler { return s.handler }

// Addr returns the address listened on once Run listens.
func (s *Server) Addr(ctx context.Context) (string, error) {
	select {
	case addr := <-s.addr:
		s.addr <- addr
		return addr, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Run listens and serves until ctx ends, then lets open requests finish for
// Config.Grace. It reads register and scopes anew all the time and tries the
// known leaks of the engine as soon as there are tables to try them on.
func (s *Server) Run(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.config.Listen)
	if err != nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: fmt.Sprintf("cannot listen on %s: another program may use the port; set another with --set listen=127.0.0.1:PORT", s.config.Listen), Err: err}
	}
	s.addr <- listener.Addr().String()
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16,
		ErrorLog: slog.NewLogLogger(s.deps.Log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	kept := make(chan struct{})
	go func() { defer close(kept); s.keep(ctx) }()
	select {
	case err = <-ended:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	<-kept
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Grace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		server.Close() //nolint:errcheck // the grace is over
	}
	<-ended
	return nil
}

// keep refreshes the state and tries the leaks until ctx ends.
func (s *Server) keep(ctx context.Context) {
	ticker := time.NewTicker(s.config.Refresh)
	defer ticker.Stop()
	for {
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.deps.Log.Warn("refresh failed, will try again", "error", err)
		}
		if s.leaks.Load() == nil {
			if err := s.Probe(ctx); err != nil && ctx.Err() == nil {
				s.deps.Log.Warn("the known leaks could not be tried, will try again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
