package api

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
	"hengjian/warehouse"
)

// States of a posted package (数据包).
const (
	PackageArrived = "arrived" // whole and checked, not let in yet
	PackageWaiting = "waiting"
	PackageTaken   = "taken"
	PackageRefused = "refused"
)

// Package is what is known of one file package that was posted.
type Package struct {
	Digest, By, State      string // Digest: hex SHA-256 of its bytes; By: account that posted it
	Number, Sender, Ticket string // Number: the sender's own; Ticket: what Admit and Discard need
	Signed                 bool
	Bytes                  int64
	Received               time.Time
	Members                []PackageMember
	Faults                 []PackageFault
}

// PackageMember is one file of a package with its records so far.
type PackageMember struct {
	Name, RecordType, Stream string
	Counts                   warehouse.Counts
}

// PackageFault is one reason of a refusal; Member is "" for the package itself.
type PackageFault struct {
	Member string
	Text   Text
}

// Packages is the door for file packages; main adapts ingest to it. Receive
// streams and checks one and keeps it apart; what is let in is let in by Admit.
// Package answers NotFound for a digest that was never posted.
type Packages interface {
	Receive(ctx context.Context, body io.Reader, digest, by string) (Package, error)
	Admit(ticket string) (Package, error)
	Discard(ticket string) error
	Package(ctx context.Context, digest string) (Package, error)
}

func (s *Server) packageRoutes(r gin.IRouter) {
	r.POST("/ingest/packages", s.postPackage)
	read(s, r, "/ingest/packages/:digest", "getPackage", s.getPackage)
}

// Limits of an upload. A client that sends nothing for the pause is hung up.
const (
	packageLimit  = 1 << 30
	uploadPause   = 30 * time.Second
	uploadsAtOnce = 2
)

type packageView struct {
	Digest   string              `json:"digest"`
	State    string              `json:"state"`
	Number   string              `json:"number"`
	Sender   string              `json:"sender"`
	Organ    *organRef           `json:"organ"`
	Signed   bool                `json:"signed"`
	Bytes    int64               `json:"bytes"`
	Received string              `json:"received"`
	Members  []packageMemberView `json:"members"`
	Faults   []packageFaultView  `json:"faults"`
}

type packageMemberView struct {
	Name        string        `json:"name"`
	RecordType  recordTypeRef `json:"record_type"`
	Stream      string        `json:"stream"`
	Read        uint64        `json:"read"`
	Accepted    uint64        `json:"accepted"`
	Quarantined uint64        `json:"quarantined"`
}

type packageFaultView struct {
	Member string `json:"member"`
	Text   Text   `json:"text"`
}

// postPackage takes a file package for senders in scope: let in whole, or
// refused whole with every reason. The audit comes before it is let in.
func (s *Server) postPackage(c *gin.Context) {
	c.Set(operationKey, "postPackage")
	who, err := s.caller(c, "postPackage")
	if err != nil {
		s.refuse(c, err)
		return
	}
	digest, err := s.uploadAsked(c)
	if err != nil {
		s.refuse(c, err)
		return
	}
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	default:
		s.refuse(c, &failure{code: "too_many"})
		return
	}
	p, err := s.letIn(c.Request.Context(), who, steady(c), digest)
	if err != nil {
		s.refuse(c, err)
		return
	}
	status := http.StatusAccepted
	if p.State == PackageTaken {
		status = http.StatusOK
	}
	c.Header("Location", "/api/v1/ingest/packages/"+p.Digest)
	c.Header("Cache-Control", "no-store")
	writeJSON(c, status, "application/json; charset=utf-8", envelope[packageView]{Data: s.packageView(who, p), Meta: s.meta(who, nil)})
}

// uploadAsked reads what the headers promise; the digest is hex, "" for none.
func (s *Server) uploadAsked(c *gin.Context) (string, error) {
	switch {
	case s.deps.Packages == nil:
		return "", &warehouse.Error{Code: warehouse.Unavailable, Message: "this process takes no packages"}
	case c.ContentType() != "application/zip":
		return "", &failure{code: "invalid", detail: Text{"请以 Content-Type: application/zip 上传一个数据包", "Send one package as Content-Type: application/zip"}}
	case c.Request.ContentLength > packageLimit:
		return "", &failure{code: "too_large", detail: Text{"数据包超过 1 GiB，请拆分", "The package is larger than 1 GiB: split it"}}
	}
	asked := c.GetHeader("Content-Digest")
	if asked == "" {
		return "", nil
	}
	parts := regexp.MustCompile(`^sha-256=:([A-Za-z0-9+/=]+):$`).FindStringSubmatch(asked)
	if parts != nil {
		if sum, err := base64.StdEncoding.DecodeString(parts[1]); err == nil && len(sum) == 32 {
			return hex.EncodeToString(sum), nil
		}
	}
	return "", &failure{code: "invalid", detail: Text{"Content-Digest 应写为 sha-256=:Base64:（RFC 9530）", "Content-Digest is written sha-256=:base64: (RFC 9530)"}}
}

// letIn receives, asks the scope, audits and admits.
func (s *Server) letIn(ctx context.Context, who caller, body io.Reader, digest string) (Package, error) {
	p, err := s.deps.Packages.Receive(ctx, body, digest, who.account.Name)
	entry := audit.Entry{Account: who.account.Name, Action: "post_package", Target: p.Digest, Purpose: p.Sender + " " + p.Number, Bytes: uint64(p.Bytes)}
	record := func(outcome, message string) error {
		entry.Outcome, entry.Message = outcome, message
		if err := s.audit.Record(ctx, entry); err != nil {
			return errors.Join(fmt.Errorf("audit the package: %w", err), s.deps.Packages.Discard(p.Ticket))
		}
		return nil
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return p, errors.Join(record("too_large", ""), &failure{code: "too_large", detail: Text{"数据包超过 1 GiB，请拆分", "The package is larger than 1 GiB: split it"}, err: err})
	case err != nil && errors.Is(err, errUpload):
		return p, &failure{code: "package_refused", detail: Text{"上传中断，未接收任何内容，请重新上传", "The upload broke off and nothing of it was kept: send it again"}, err: err}
	case err != nil:
		return p, fmt.Errorf("receive the package: %w", err)
	case p.State == PackageRefused:
		f := &failure{code: "package_refused"}
		for _, fault := range p.Faults {
			f.parts = append(f.parts, problemPart{Where: fault.Member, Detail: fault.Text})
		}
		return p, errors.Join(record("refused", f.parts[0].Detail.EN), f)
	case !s.sends(who, p.Sender):
		f := &failure{code: "forbidden", detail: Text{"清单中的报送单位不在您的权限范围内", "The sender that the manifest names is not in your scope"}}
		return p, errors.Join(record("forbidden", ""), s.deps.Packages.Discard(p.Ticket), f)
	}
	if err := record("done", p.State); err != nil {
		return p, err
	}
	if p.State != PackageArrived {
		return p, nil // it is in already
	}
	return s.deps.Packages.Admit(p.Ticket)
}

// sends reports whether a sender's organ is in the scope of who asks.
func (s *Server) sends(who caller, sender string) bool {
	o, ok := who.state.register.ByCode(sender)
	return ok && slices.Contains(who.Organs(), o.ID)
}

// digestQuery names a package.
type digestQuery struct {
	Digest string `uri:"digest" binding:"required,len=64,hexadecimal"`
}

// getPackage answers what became of a package of a sender in scope, or of one
// that the caller posted; not_found for any other.
func (s *Server) getPackage(ctx context.Context, who caller, q digestQuery) (answer[packageView], error) {
	var a answer[packageView]
	if s.deps.Packages == nil {
		return a, &failure{code: "not_found"}
	}
	p, err := s.deps.Packages.Package(ctx, q.Digest)
	if err != nil {
		return a, err
	}
	if p.By != who.account.Name && !s.sends(who, p.Sender) {
		return a, &failure{code: "not_found"}
	}
	a.data = s.packageView(who, p)
	return a, nil
}

func (s *Server) packageView(who caller, p Package) packageView {
	v := packageView{
		Digest: p.Digest, State: p.State, Number: p.Number, Sender: p.Sender, Signed: p.Signed, Bytes: p.Bytes, Received: instant(p.Received),
		Members: []packageMemberView{}, Faults: []packageFaultView{},
	}
	if o, ok := who.state.register.ByCode(p.Sender); ok {
		v.Organ = who.state.refOrNil(o.ID)
	}
	for _, m := range p.Members {
		v.Members = append(v.Members, packageMemberView{m.Name, s.recordType(m.RecordType), m.Stream, m.Counts.Read, m.Counts.Accepted, m.Counts.Quarantined})
	}
	for _, f := range p.Faults {
		v.Faults = append(v.Faults, packageFaultView(f))
	}
	return v
}

// errUpload marks an error that came from the client's side of an upload.
var errUpload = errors.New("the upload broke off")

// upload reads a body that must go on coming.
type upload struct {
	body    io.Reader
	control *http.ResponseController
}

// steady bounds an upload in size and in silence.
func steady(c *gin.Context) io.Reader {
	return &upload{http.MaxBytesReader(c.Writer, c.Request.Body, packageLimit), http.NewResponseController(c.Writer)}
}

func (u *upload) Read(p []byte) (int, error) {
	u.control.SetReadDeadline(time.Now().Add(uploadPause)) //nolint:errcheck // a recorder in a test has no connection
	n, err := u.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = errors.Join(errUpload, err)
	}
	return n, err
}
