package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"hengjian/warehouse"
)

// shelf stands for the door of file packages: a body is "SENDER" or "SENDER bad".
type shelf struct {
	in        map[string]Package
	discarded int
}

var _ Packages = (*shelf)(nil)

func (f *shelf) Receive(_ context.Context, body io.Reader, digest, by string) (Package, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return Package{}, err
	}
	sum := sha256.Sum256(text)
	sender, bad, _ := strings.Cut(string(text), " ")
	p := Package{Digest: hex.EncodeToString(sum[:]), By: by, State: PackageArrived, Sender: sender, Ticket: "t", Bytes: int64(len(text))}
	if bad != "" || (digest != "" && digest != p.Digest) {
		p.State, p.Faults = PackageRefused, []PackageFault{{"cases.csv", Text{"摘要不符", "its digest is not the one"}}}
	}
	f.in[p.Digest] = p
	return p, nil
}

func (f *shelf) Admit(string) (Package, error) {
	for digest, p := range f.in {
		if p.State == PackageArrived {
			p.State = PackageWaiting
			f.in[digest] = p
			return p, nil
		}
	}
	return Package{}, &warehouse.Error{Code: warehouse.NotFound}
}

func (f *shelf) Discard(ticket string) error {
	if ticket != "" {
		f.discarded++
	}
	return nil
}

// Continue keeps the bytes in a package's number until they are whole.
func (f *shelf) Continue(ctx context.Context, body io.Reader, piece PackagePiece) (Package, error) {
	p := f.in[piece.Digest]
	p.Digest, p.By, p.State = piece.Digest, piece.By, PackagePartial
	if p.Bytes != piece.From {
		return p, &warehouse.Error{Code: warehouse.Conflict}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return p, err
	}
	p.Number += string(text)
	p.Bytes = int64(len(p.Number))
	f.in[piece.Digest] = p
	if p.Bytes < piece.Total {
		return p, nil
	}
	return f.Receive(ctx, strings.NewReader(p.Number), piece.Digest, piece.By)
}

func (f *shelf) Package(_ context.Context, digest, _ string) (Package, error) {
	p, ok := f.in[digest]
	if !ok {
		return p, &warehouse.Error{Code: warehouse.NotFound}
	}
	return p, nil
}

func TestPackagesArePostedWithinTheScope(t *testing.T) {
	s := filled(t)
	door := &shelf{in: map[string]Package{}}
	s.deps.Packages = door
	v := s.signedIn(t, "steward") // of A110000
	v.header["Content-Type"] = "application/zip"
	sum := sha256.Sum256([]byte("A110000"))
	v.header["Content-Digest"] = "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
	status, body := v.do("POST", "/api/v1/ingest/packages", "A110000")
	var e envelope[packageView]
	if status != 202 || json.Unmarshal([]byte(body), &e) != nil || e.Data.State != PackageWaiting || e.Data.Organ == nil {
		t.Fatalf("a package of the own organ: %d %s", status, body)
	}
	var again packageView
	v.get("/api/v1/ingest/packages/"+e.Data.Digest, &again)
	if again.Digest != hex.EncodeToString(sum[:]) {
		t.Errorf("its state: %+v", again)
	}
	for _, c := range []struct {
		name, kind, digest, body string
		status                   int
		code                     string
	}{
		{"tampered", "application/zip", "", "A110000 bad", 422, "package_refused"},
		{"another province", "application/zip", "", "A130000", 403, "forbidden"},
		{"nobody known", "application/zip", "", "X", 403, "forbidden"},
		{"no zip", "text/plain", "", "A110000", 400, "invalid"},
		{"a digest that is none", "application/zip", "md5=:x:", "A110000", 400, "invalid"},
	} {
		v.header["Content-Type"], v.header["Content-Digest"] = c.kind, c.digest
		if status, body := v.do("POST", "/api/v1/ingest/packages", c.body); status != c.status || code(body) != c.code {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
	}
	if door.discarded != 2 {
		t.Errorf("%d packages of others were thrown away, want 2", door.discarded)
	}
	var trail string
	if err := s.owner.QueryRow(t.Context(), "SELECT arrayStringConcat(groupArray(outcome), ' ') FROM (SELECT outcome FROM audit WHERE action = 'post_package' ORDER BY at)").Scan(&trail); err != nil || trail != "done refused forbidden forbidden" {
		t.Errorf("audit: %q %v", trail, err)
	}
	foreign := strings.Repeat("f", 64)
	door.in[foreign] = Package{Digest: foreign, By: "somebody", State: PackageTaken, Sender: "A130000"}
	if status, _ := v.do("GET", "/api/v1/ingest/packages/"+foreign, ""); status != 404 {
		t.Errorf("a package of another province: %d", status)
	}
	packageInPieces(t, v)
	for range uploadsAtOnce {
		s.uploads <- struct{}{}
	}
	v.header["Content-Type"], v.header["Content-Digest"] = "application/zip", ""
	if status, body := v.do("POST", "/api/v1/ingest/packages", "A110000"); status != 429 || code(body) != "too_many" {
		t.Errorf("a third upload at once: %d %s", status, body)
	}
}

// packageInPieces sends a package in two pieces; a piece that is not what its
// headers say, or begins elsewhere, is not taken.
func packageInPieces(t *testing.T, v *visitor) {
	t.Helper()
	const whole = "A110000 of two pieces"
	sum := sha256.Sum256([]byte(whole))
	path := "/api/v1/ingest/packages/" + hex.EncodeToString(sum[:])
	v.header["Content-Digest"], v.header["Content-Type"] = "", "application/zip"
	for _, c := range []struct {
		span, body, code string
		status           int
		state            string
	}{
		{"", "A110000", "invalid", 400, ""},
		{"bytes 0-7/21", "A110000", "invalid", 400, ""},
		{"bytes 7-6/21", "", "invalid", 400, ""},
		{"bytes 15-21/21", " pieces", "invalid", 400, ""},
		{"bytes 0-6/9999999999", "A110000", "too_large", 413, ""},
		{"bytes 0-6/21", "A110000", "", 202, PackagePartial},
		{"bytes 0-6/21", "A110000", "conflict", 409, ""},
		{"bytes 7-20/21", " of two pieces", "package_refused", 422, ""},
	} {
		v.header["Content-Range"] = c.span
		status, body := v.do("PATCH", path, c.body)
		var e envelope[packageView]
		if status != c.status || (c.code != "" && code(body) != c.code) || (c.state != "" && (json.Unmarshal([]byte(body), &e) != nil || e.Data.State != c.state || e.Data.Bytes != 7)) {
			t.Errorf("%q %q: %d %s", c.span, c.body, status, body)
		}
		if c.code == "conflict" && !strings.Contains(body, "7 bytes are here") {
			t.Errorf("it does not say where to go on: %s", body)
		}
	}
	v.header["Content-Range"] = ""
}
