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
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
	"hengjian/warehouse"
)

// States of a posted package (数据包).
const (
	PackagePartial = "partial" // Bytes of it came, the rest is waited for
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

// PackagePiece is a run of bytes of a package that comes in pieces: of which
// package (hex SHA-256 of the whole), from whom, from which byte, of how many.
type PackagePiece struct {
	Digest, By  string
	From, Total int64
}

// Packages is the door for file packages; main adapts ingest to it. Receive
// streams and checks one and keeps it apart; what is let in is let in by Admit.
// Continue does so piece by piece: the package is partial until its last byte came.
// Package answers NotFound for a digest that was never posted.
type Packages interface {
	Receive(ctx context.Context, body io.Reader, digest, by string) (Package, error)
	Continue(ctx context.Context, body io.Reader, piece PackagePiece) (Package, error)
	Admit(ticket string) (Package, error)
	Discard(ticket string) error
	Package(ctx context.Context, digest, by string) (Package, error)
}

func (s *Server) packageRoutes(r gin.IRouter) {
	r.POST("/ingest/packages", s.postPackage)
	r.PATCH("/ingest/packages/:digest", s.patchPackage)
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
	s.takeUpload(c, "postPackage", func(ctx context.Context, who caller) (Package, error) {
		digest, err := s.uploadAsked(c)
		if err != nil {
			return Package{}, err
		}
		return s.deps.Packages.Receive(ctx, steady(c), digest, who.account.Name)
	})
}

// patchPackage takes a piece of a package that comes in pieces; the last one
// makes it whole, and then it is as if it had been posted.
func (s *Server) patchPackage(c *gin.Context) {
	c.Set(operationKey, "patchPackage")
	s.takeUpload(c, "patchPackage", func(ctx context.Context, who caller) (Package, error) {
		if _, err := s.uploadAsked(c); err != nil {
			return Package{}, err
		}
		piece, err := pieceAsked(c, who.account.Name)
		if err != nil {
			return Package{}, err
		}
		p, err := s.deps.Packages.Continue(ctx, steady(c), piece)
		at := strconv.FormatInt(p.Bytes, 10)
		c.Header("Upload-Offset", at)
		switch warehouse.CodeOf(err) {
		case warehouse.Conflict:
			return p, &failure{code: "conflict", detail: Text{"已收到 " + at + " 字节，请从该处续传；同一数据包一次只能有一个上传", at + " bytes are here: go on from there, with one upload of a package at a time"}, err: err}
		case warehouse.TooMany:
			return p, &failure{code: "too_many", detail: Text{"未传完的数据包过多，请先传完一个，或一天后再试", "Too many packages are here by halves: end one, or try again in a day"}, err: err}
		}
		return p, err
	})
}

// takeUpload lets one upload through the door and answers it.
func (s *Server) takeUpload(c *gin.Context, operation string, receive func(ctx context.Context, who caller) (Package, error)) {
	who, err := s.caller(c, operation)
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
	p, err := receive(c.Request.Context(), who)
	if err != nil || p.State != PackagePartial {
		p, err = s.letIn(c.Request.Context(), who, p, err)
	}
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

// pieceAsked reads which bytes of which package come.
func pieceAsked(c *gin.Context, by string) (PackagePiece, error) {
	p := PackagePiece{Digest: c.Param("digest"), By: by}
	bad := &failure{code: "invalid", detail: Text{"请以 Content-Range: bytes 起-止/总长 说明所传的字节，长度与 Content-Length 一致，地址中写整包的 SHA-256", "Name the bytes sent as Content-Range: bytes FIRST-LAST/TOTAL, as many as Content-Length says, and the SHA-256 of the whole package in the address"}}
	parts := regexp.MustCompile(`^bytes (\d{1,10})-(\d{1,10})/(\d{1,10})$`).FindStringSubmatch(c.GetHeader("Content-Range"))
	if parts == nil || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(p.Digest) {
		return p, bad
	}
	var last int64
	for i, to := range []*int64{&p.From, &last, &p.Total} {
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		if err != nil {
			return p, bad
		}
		*to = n
	}
	if p.Total > packageLimit {
		return p, &failure{code: "too_large", detail: Text{"数据包超过 1 GiB，请拆分", "The package is larger than 1 GiB: split it"}}
	}
	if last < p.From || last >= p.Total || c.Request.ContentLength != last-p.From+1 {
		return p, bad
	}
	return p, nil
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

// letIn asks the scope for what was received, audits and admits; err is how
// receiving ended.
func (s *Server) letIn(ctx context.Context, who caller, p Package, err error) (Package, error) {
	entry := audit.Entry{Account: who.account.Name, Action: "post_package", Target: p.Digest, Purpose: p.Sender + " " + p.Number, Bytes: uint64(p.Bytes)}
	record := func(outcome, message string) error {
		entry.Outcome, entry.Message = outcome, message
		if err := s.audit.Record(ctx, entry); err != nil {
			return errors.Join(fmt.Errorf("audit the package: %w", err), s.deps.Packages.Discard(p.Ticket))
		}
		return nil
	}
	var large *http.MaxBytesError
	var refusal *failure
	switch {
	case errors.As(err, &refusal):
		return p, err
	case errors.As(err, &large):
		return p, errors.Join(record("too_large", ""), &failure{code: "too_large", detail: Text{"数据包超过 1 GiB，请拆分", "The package is larger than 1 GiB: split it"}, err: err})
	case errors.Is(err, errUpload) && p.State == PackagePartial:
		at := strconv.FormatInt(p.Bytes, 10)
		return p, &failure{code: "package_refused", detail: Text{"上传中断，已收到 " + at + " 字节，请从该处续传", "The upload broke off; " + at + " bytes are here: go on from there"}, err: err}
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
	p, err := s.deps.Packages.Package(ctx, q.Digest, who.account.Name)
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
