package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"

	"hengjian/api/auth"
	"hengjian/warehouse/access"
)

// The keys under which a request carries what the log and the problem need.
const (
	traceKey     = "trace"
	operationKey = "operation"
	codeKey      = "code"
)

// caller is who asks: account, scope and the register as it stands.
type caller struct {
	access.Scope
	account access.Account
	state   *state
	address string
}

// answer is what a handler returns: data, the run they come from, the next page.
type answer[T any] struct {
	data T
	run  *runRef
	next string
}

// envelope is the body of an answer.
type envelope[T any] struct {
	Data T    `json:"data"`
	Meta meta `json:"meta"`
}

// none is the request of an operation without parameters.
type none struct{}

// read registers a GET of the document.
func read[Q, A any](s *Server, r gin.IRouter, path, operation string, f func(context.Context, caller, Q) (answer[A], error)) {
	r.GET(path, handle(s, operation, f, func(c *gin.Context, who caller, a answer[A]) { writeAnswer(s, c, who, a) }))
}

// handle alone asks the authoriser, binds, calls, encodes and maps errors.
func handle[Q, A any](s *Server, operation string, f func(context.Context, caller, Q) (A, error), write func(*gin.Context, caller, A)) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Set(operationKey, operation)
		who, err := s.caller(c, operation)
		if err != nil {
			s.refuse(c, err)
			return
		}
		var q Q
		if err := bind(c, &q); err != nil {
			s.refuse(c, err)
			return
		}
		a, err := f(c.Request.Context(), who, q)
		if err != nil {
			s.refuse(c, err)
			return
		}
		write(c, who, a)
	}
}

// caller finds who is signed in and asks the authoriser.
func (s *Server) caller(c *gin.Context, operation string) (caller, error) {
	name := s.sessions.GetString(c.Request.Context(), "account")
	if name == "" {
		return caller{}, &failure{code: "unauthenticated"}
	}
	now := s.state.Load()
	who, ok := now.people[name]
	if !ok {
		return caller{}, &failure{code: "unauthenticated"}
	}
	if !auth.Allowed(who.account.Role, operation) {
		return caller{}, &failure{code: "forbidden"}
	}
	return caller{Scope: who.scope, account: who.account, state: now, address: c.ClientIP()}, nil
}

// bodyLimit is the most a request body may have.
const bodyLimit = 1 << 20

// bind fills the request from path, query and body, in this order.
func bind(c *gin.Context, q any) error {
	if len(c.Params) > 0 {
		path := map[string][]string{}
		for _, p := range c.Params {
			path[p.Key] = []string{p.Value}
		}
		// the rules are asked once, below, when query or body is in as well
		if err := binding.MapFormWithTag(q, path, "uri"); err != nil {
			return &failure{code: "invalid", err: err}
		}
	}
	if c.Request.Method != http.MethodPost {
		if err := c.ShouldBindQuery(q); err != nil {
			return &failure{code: "invalid", err: err}
		}
		return nil
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit)
	decoder := json.NewDecoder(c.Request.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(q)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &failure{code: "too_large", err: err}
	case err != nil:
		return &failure{code: "invalid", detail: Text{"请求体不是所约定的 JSON", "The body is not the JSON of the document"}, err: err}
	}
	if err := binding.Validator.ValidateStruct(q); err != nil {
		return &failure{code: "invalid", err: err}
	}
	return nil
}

// writeAnswer writes {data, meta} with an ETag over both, scope and language
// included; 304 when the client has it.
func writeAnswer[A any](s *Server, c *gin.Context, who caller, a answer[A]) {
	m := s.meta(who, a.run)
	if a.next != "" {
		m.Next = &a.next
	}
	body, err := json.Marshal(envelope[A]{Data: a.data, Meta: m})
	if err != nil {
		s.refuse(c, err)
		return
	}
	h := sha256.New()
	h.Write(body)
	h.Write([]byte(who.Digest() + language(c.Request)))
	tag := `"` + hex.EncodeToString(h.Sum(nil)[:16]) + `"`
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Accept-Language, Cookie")
	c.Header("ETag", tag)
	for _, known := range strings.Split(c.GetHeader("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			c.Status(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
}

// writeJSON writes a body without caching.
func writeJSON(c *gin.Context, status int, kind string, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Data(status, kind, text)
}

// language is en when the client prefers English, else zh.
func language(r *http.Request) string {
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "en") {
		return "en"
	}
	return "zh"
}

// day writes a legal day, nil for none.
func day(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := t.Format(time.DateOnly)
	return &text
}

// instant writes a time with the offset of Shanghai.
func instant(t time.Time) string {
	return t.In(shanghai()).Format("2006-01-02T15:04:05.000Z07:00")
}

// shanghai is the zone in which instants are written; since 1992 it has one offset.
func shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }

// text returns nil for an empty text.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
