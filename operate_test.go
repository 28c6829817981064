package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// client is a signed-in data steward with a program of its own.
type client struct {
	t    *testing.T
	http http.Client
	url  string
}

// steward signs in with the password that the first start prints.
func steward(t *testing.T, r running) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, http: http.Client{Jar: jar}, url: r.url}
	password := regexp.MustCompile(`account steward password (\S+)`).FindStringSubmatch(r.screen)
	if password == nil {
		t.Fatal("no password of the steward on the screen")
	}
	if status, body := c.post("/api/v1/session", "application/json", []byte(`{"account":"steward","password":"`+password[1]+`"}`)); status != 200 {
		t.Fatalf("sign in: %d %s", status, body)
	}
	return c
}

func (c *client) do(r *http.Request) (int, string) {
	c.t.Helper()
	r.Header.Set("X-Hengjian-Client", "test")
	answer, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (c *client) post(path, kind string, body []byte) (int, string) {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	return c.do(r)
}

// posted is what the test reads of an answer about a package.
type posted struct {
	Data struct {
		Digest, State string
		Members       []struct{ Read, Accepted, Quarantined uint64 }
	}
	Code   string
	Errors []struct {
		Where  string
		Detail struct{ ZH, EN string }
	}
}

// postedFile is one file of a package.
type postedFile struct{ name, text string }

// zipped builds a package of one sender; change may spoil its files.
func zipped(t *testing.T, sender, organ string, change func(files []postedFile) []postedFile) []byte {
	t.Helper()
	rows := "organ,handling_region,compartment,docket_kind,docket_number,opened_on,revision\n" +
		organ + ",330106,general,police_investigation,邮1,2025-05-01,1\n" + organ + ",330106,general,police_investigation,邮2,2025-02-30,1\n"
	sum := sha256.Sum256([]byte(rows))
	manifest := fmt.Sprintf(`{"package":"P1","sender":%q,"created":"2025-06-01T00:00:00+08:00","members":[{"name":"cases.csv","record_type":"case","format":"csv","sha256":%q,"records":2}]}`, sender, hex.EncodeToString(sum[:]))
	files := []postedFile{{"manifest.json", manifest}, {"cases.csv", rows}}
	if change != nil {
		files = change(files)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		one, err := w.Create(f.name)
		if err == nil {
			_, err = io.WriteString(one, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOperations does to the running product what its keepers do: packages are
// posted to it, its master key is turned, and a backup of it is restored with
// every row of every table.
func TestOperations(t *testing.T) {
	data := t.TempDir()
	r := up(t, data, "--set", "simulate.cases=40")
	db := owner(t, data)
	c := steward(t, r)
	var code string
	if err := db.QueryRow(t.Context(), "SELECT code FROM organ FINAL WHERE system = 'police' ORDER BY admin_order LIMIT 1").Scan(&code); err != nil {
		t.Fatal(err)
	}
	packagesArePosted(t, c, code)
	cutUpload(t, r.url, c)
	if left, _ := filepath.Glob(filepath.Join(data, "packages", "arriving", "*")); len(left) != 0 {
		t.Errorf("left behind by uploads that failed: %v", left)
	}
	trail := facts(t, db, "SELECT outcome, toString(count()) FROM audit WHERE action = 'post_package' GROUP BY outcome")
	if trail["done"] != "2" || trail["refused"] != "5" || trail["forbidden"] != "1" {
		t.Errorf("the audit of the packages: %v", trail)
	}
	db.Close()
	by := []string{"--person", "steward", "--reason", "test"}
	if text := said(t, append([]string{"keys", "rotate", "--data", data}, by...)...); !strings.Contains(text, "is in force") {
		t.Errorf("keys rotate: %s", text)
	}
	month := time.Now().Format("2006-01")
	if text := said(t, "keys", "list", "--data", data); !strings.Contains(text, month) && !strings.Contains(text, "destroyed") {
		t.Errorf("keys list: %s", text)
	}
	if err := run(t.Context(), append([]string{"keys", "expire", "--before", "9999-01", "--yes", "--data", data}, by...), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "still land") {
		t.Errorf("the key of this month may be destroyed: %v", err)
	}
	if status, body := c.post("/api/v1/ingest/packages", "application/zip", zipped(t, code, code, func(f []postedFile) []postedFile { f[0].text += " "; return f })); status != 202 {
		t.Errorf("a package after the master key was turned: %d %s", status, body)
	}
	if err := r.stop(); exitCode(err, io.Discard) != 0 {
		t.Fatalf("the stop: %v", err)
	}
	restoredEqually(t, data)
}

// restoredEqually backs a stopped warehouse up, restores it elsewhere and
// compares all tables; the restored originals open and the verifier is content.
func restoredEqually(t *testing.T, data string) {
	t.Helper()
	out, again := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "again")
	said(t, "backup", "--data", data, "--out", out)
	before := contents(t, data)
	said(t, "restore", "--from", out, "--data", again)
	after := contents(t, again)
	same(t, "tables of the backup", after, before)
	for _, name := range []string{"log_case", "record_fate", "case", "case_history", "verdict", "indicator_value", "run_commit", "audit", "seal_key", "receipt_position"} {
		if before[name] == "" && name != "receipt_position" {
			t.Errorf("table %s is empty or missing: nothing was compared", name)
		}
	}
	if err := run(t.Context(), []string{"restore", "--from", out, "--data", again}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restored over a warehouse: %v", err)
	}
}

// contents gives number of rows and a digest over all rows of every table that
// has rows, and opens one original of each month and sender of the log of cases.
func contents(t *testing.T, data string) map[string]string {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Data = data
	all := map[string]string{}
	c := &call{ctx: t.Context(), out: io.Discard, err: io.Discard, cfg: cfg}
	err := c.withStore(func(ctx context.Context, s *store) error {
		names := facts(t, s.owner, "SELECT name, engine FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'")
		for name := range names {
			for _, text := range facts(t, s.owner, "SELECT '', concat(toString(count()), ' ', toString(sum(cityHash64(toString(tuple(*)))))) FROM `"+name+"`") {
				if !strings.HasPrefix(text, "0 ") {
					all[name] = text
				}
			}
		}
		proven(t, s.owner)
		opened := 0
		for key, sealed := range facts(t, s.owner, "SELECT seal_key, any(sealed) FROM log_case WHERE sealed != '' GROUP BY seal_key") {
			if _, err := s.vault.Open(ctx, key, []byte(sealed)); err != nil {
				return err
			}
			opened++
		}
		if opened == 0 {
			t.Error("no original was opened")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func packagesArePosted(t *testing.T, c *client, code string) {
	t.Helper()
	send := func(body []byte) (int, posted) {
		t.Helper()
		status, text := c.post("/api/v1/ingest/packages", "application/zip", body)
		var p posted
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%d %s: %v", status, text, err)
		}
		return status, p
	}
	whole := zipped(t, code, code, nil)
	for _, bad := range []struct {
		name, want string
		body       []byte
	}{
		{"tampered", "digest is not the one", zipped(t, code, code, func(f []postedFile) []postedFile { f[1].text += "x"; return f })},
		{"zip bomb", "far more than it holds", zipped(t, code, code, func(f []postedFile) []postedFile { return append(f, postedFile{"x", strings.Repeat("0", 16<<20)}) })},
		{"path escaping", "leads out of the package", zipped(t, code, code, func(f []postedFile) []postedFile { return append(f, postedFile{"../../x", "x"}) })},
		{"half-written", "not a whole zip", whole[:len(whole)/2]},
		{"empty", "not a whole zip", nil},
	} {
		if status, p := send(bad.body); status != 422 || p.Code != "package_refused" || len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Detail.EN, bad.want) || p.Errors[0].Detail.ZH == "" {
			t.Errorf("%s: %d %+v", bad.name, status, p)
		}
	}
	if status, p := send(zipped(t, "nobody", "nobody", nil)); status != 403 {
		t.Errorf("a sender out of scope: %d %+v", status, p)
	}
	status, p := send(whole)
	if status != 202 || p.Data.State != "waiting" {
		t.Fatalf("a whole package: %d %+v", status, p)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(time.Minute); p.Data.State == "waiting"; {
		r, err := http.NewRequest(http.MethodGet, c.url+"/api/v1/ingest/packages/"+p.Data.Digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		status, text := c.do(r)
		if err := json.Unmarshal([]byte(text), &p); err != nil || status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		select {
		case <-limit:
			t.Fatal("the package was not taken in a minute")
		case <-tick.C:
		}
	}
	if len(p.Data.Members) != 1 || p.Data.Members[0].Read != 2 || p.Data.Members[0].Accepted != 1 || p.Data.Members[0].Quarantined != 1 {
		t.Errorf("taken: %+v", p.Data)
	}
	if status, again := send(whole); status != 200 || again.Data.State != "taken" || again.Data.Members[0].Read != 2 {
		t.Errorf("posted again: %d %+v", status, again)
	}
}

// cutUpload hangs up in the middle of an upload.
func cutUpload(t *testing.T, address string, c *client) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	cookies := c.http.Jar.Cookies(u)
	fmt.Fprintf(conn, "POST /api/v1/ingest/packages HTTP/1.1\r\nHost: %s\r\nX-Hengjian-Client: t\r\nContent-Type: application/zip\r\nContent-Length: 5000\r\nCookie: %s=%s\r\n\r\nPK", u.Host, cookies[0].Name, cookies[0].Value)
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.CloseWrite() //nolint:errcheck // the answer tells
	}
	answer, err := io.ReadAll(conn)
	conn.Close()
	if err != nil || !strings.Contains(string(answer), "422 Unprocessable") || !strings.Contains(string(answer), "broke off") {
		t.Errorf("an upload that broke off: %q %v", answer, err)
	}
}
