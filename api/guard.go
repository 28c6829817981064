package api

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// policy is the content security policy of pages: own files only, no inline code.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// clientHeader must stand in every request that changes something.
const clientHeader = "X-Hengjian-Client"

// guarded sets the headers that every answer carries.
func (s *Server) guarded(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		inner.ServeHTTP(w, r)
	})
}

// trace numbers a request, refuses foreign hosts and origins, logs and counts it.
func (s *Server) trace(c *gin.Context) {
	began := s.deps.Now()
	id, err := uuid.NewV7()
	if err != nil {
		id = uuid.New()
	}
	c.Set(traceKey, id.String())
	c.Header("X-Trace-Id", id.String())
	foreign := http.NewCrossOriginProtection().Check(c.Request)
	switch {
	case !s.hostAllowed(c.Request.Host):
		s.refuse(c, &failure{code: "host_refused"})
	case foreign != nil:
		s.refuse(c, &failure{code: "foreign_origin", err: foreign})
	case c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead && c.GetHeader(clientHeader) == "":
		s.refuse(c, &failure{code: "foreign_origin"})
	default:
		c.Next()
	}
	took := s.deps.Now().Sub(began)
	operation, status := c.GetString(operationKey), c.Writer.Status()
	if operation == "" {
		operation = "none"
	}
	s.metrics.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	s.metrics.seconds.WithLabelValues(operation).Observe(took.Seconds())
	s.deps.Log.Info("request", "operation", operation, "method", c.Request.Method, "status", status,
		"code", c.GetString(codeKey), "took", took.Round(time.Microsecond).String(), "trace", id.String())
}

// hostAllowed accepts loopback names and those of the configuration: another
// name that points here is somebody else's page.
func (s *Server) hostAllowed(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return slices.Contains([]string{"127.0.0.1", "localhost", "::1", "[::1]"}, host) || slices.Contains(s.config.Hosts, host)
}
