package api

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hengjian/warehouse/access"
)

// metrics are the figures of this room.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	open     *prometheus.GaugeVec
}

func newMetrics(registry *prometheus.Registry) metrics {
	m := metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hengjian_api_requests_total", Help: "Requests by operation and status."}, []string{"operation", "status"}),
		seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hengjian_api_seconds", Help: "Time of a request.", Buckets: prometheus.ExponentialBuckets(0.002, 2, 14)}, []string{"operation"}),
		open:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hengjian_api_leak_open", Help: "1 when the probe of a known leak succeeds."}, []string{"leak", "expected"}),
	}
	registry.MustRegister(m.requests, m.seconds, m.open)
	return m
}

// operationRoutes are for operators and the machine's own checks; they say
// nothing of any case.
func (s *Server) operationRoutes(r gin.IRouter) {
	r.GET("/healthz", func(c *gin.Context) { c.Set(operationKey, "healthz"); c.String(http.StatusOK, "ok\n") })
	r.GET("/readyz", s.ready)
	metricsHandler := promhttp.HandlerFor(s.deps.Registry, promhttp.HandlerOpts{})
	r.GET("/metrics", func(c *gin.Context) { c.Set(operationKey, "metrics"); metricsHandler.ServeHTTP(c.Writer, c.Request) })
}

// ready answers 503 with one line per reason while this process should not be used.
func (s *Server) ready(c *gin.Context) {
	c.Set(operationKey, "readyz")
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	reasons := s.unready(ctx)
	if len(reasons) == 0 {
		c.String(http.StatusOK, "ready\n")
		return
	}
	c.String(http.StatusServiceUnavailable, strings.Join(reasons, "\n")+"\n")
}

// unready lists what is missing.
func (s *Server) unready(ctx context.Context) []string {
	var one uint8
	if err := s.deps.Service.QueryRow(ctx, "SELECT toUInt8(1)").Scan(&one); err != nil {
		return []string{"the engine does not answer"}
	}
	var reasons []string
	if s.state.Load().kind == "" {
		reasons = append(reasons, "the warehouse is not born yet: simulated or real")
	}
	leaks := s.leaks.Load()
	if leaks == nil {
		return append(reasons, "the known leaks of the engine have not been tried yet")
	}
	for _, f := range *leaks {
		if f.New() {
			reasons = append(reasons, "the engine answers what it refused before: "+f.Leak.ID)
		}
	}
	return reasons
}

// probeSlot is the reader account the leaks are tried as; no person has it.
const probeSlot = "reader_31"

// Probe tries the known leaks as a reader account and keeps the outcome for
// /readyz and the gateway.
func (s *Server) Probe(ctx context.Context) error {
	reader, err := s.deps.Readers(probeSlot)
	if err != nil {
		return fmt.Errorf("open the reader account %s: %w", probeSlot, err)
	}
	findings, err := access.Probe(ctx, reader, s.deps.Service.Database())
	if err != nil {
		return err
	}
	for _, f := range findings {
		open := 0.0
		if f.Open {
			open = 1
		}
		s.metrics.open.WithLabelValues(f.Leak.ID, string(f.Leak.Want)).Set(open)
		if f.New() {
			s.deps.Log.Error("a leak that was closed is open", "leak", f.Leak.ID, "shows", f.Leak.What)
		}
	}
	s.leaks.Store(&findings)
	return nil
}

// sqlOffered reports whether ad hoc SQL may be offered: probes tried, none newly
// open, and on real data none open at all.
func (s *Server) sqlOffered() bool {
	leaks := s.leaks.Load()
	if leaks == nil {
		return false
	}
	real := s.state.Load().kind == "real"
	for _, f := range *leaks {
		if f.New() || (real && f.Open) {
			return false
		}
	}
	return true
}

// pages serves the built pages; an unknown path without an extension is a page
// of the application. Without a build it says what to do.
func (s *Server) pages(c *gin.Context) {
	c.Set(operationKey, "pages")
	if strings.HasPrefix(c.Request.URL.Path, "/api/") || (c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead) {
		s.refuse(c, &failure{code: "not_found"})
		return
	}
	index, err := fs.ReadFile(s.deps.Assets, "index.html")
	if err != nil {
		c.Header("Cache-Control", "no-store")
		c.String(http.StatusServiceUnavailable, "页面尚未构建 · the pages are not built: run make build\n")
		return
	}
	name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
	if info, err := fs.Stat(s.deps.Assets, name); err == nil && !info.IsDir() && name != "index.html" {
		if strings.HasPrefix(name, "assets/") { // names carry a digest of the content
			c.Header("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			c.Header("Cache-Control", "no-cache")
		}
		http.ServeFileFS(c.Writer, c.Request, s.deps.Assets, name)
		return
	}
	if path.Ext(name) != "" && name != "index.html" {
		s.refuse(c, &failure{code: "not_found"})
		return
	}
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/html; charset=utf-8", index)
}
