package keeper

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/record"
	"hengjian/warehouse"
)

// house is a key process in this one, with its files.
type house struct {
	config Config
	file   string
	end    func()
}

// start runs a key process; it ends with the test or when end is called.
func start(t *testing.T, limits Limits) *house {
	t.Helper()
	dir, err := os.MkdirTemp("", "keys") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	h := &house{file: filepath.Join(dir, "linkage.key"), config: Config{Socket: filepath.Join(dir, "s"), Audit: filepath.Join(dir, "audit"), Limits: limits}}
	h.begin(t)
	return h
}

func (h *house) server(t *testing.T) *Server {
	t.Helper()
	s, err := New(h.config, Deps{Key: func() (Key, error) { return Obtain(h.file) }, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (h *house) begin(t *testing.T) {
	t.Helper()
	s := h.server(t)
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	h.end = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	t.Cleanup(h.end)
}

func (h *house) audit(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(h.config.Audit)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func some(n int) []record.Raw {
	raws, _ := linktest.Population(n, 9)
	return raws
}

func TestOneAccountOnePurposeAndEveryBatchAudited(t *testing.T) {
	h := start(t, DefaultLimits())
	ctx, raws := context.Background(), some(40)
	if b, err := Dial(h.config.Socket).Ask(ctx, Request{Records: raws}); err != nil || len(b.Rows) != 40 || b.Epoch != 1 {
		t.Fatalf("%v %v", b, err)
	}
	curious := Dial(h.config.Socket)
	curious.purpose = "search"
	if _, err := curious.Ask(ctx, Request{Records: raws}); warehouse.CodeOf(err) != warehouse.Forbidden {
		t.Errorf("another purpose: %v", err)
	}
	if _, err := Dial(h.config.Socket).Ask(ctx, Request{Records: make([]record.Raw, maxRecords+1)}); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("too large a batch: %v", err)
	}
	for _, file := range []string{h.config.Socket, h.config.Audit, h.file} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(file), info.Mode(), err)
		}
	}
	audit := h.audit(t)
	for _, want := range []string{`"purpose":"link","records":40`, `"purpose":"search","records":40`, `"answer":"granted"`, "refused: keys are made for linkage alone", "refused: a batch holds"} {
		if !strings.Contains(audit, want) {
			t.Errorf("the audit lacks %s:\n%s", want, audit)
		}
	}
	for _, r := range raws {
		for _, clear := range []string{r.Name, r.Number, r.Birth, r.Phone, r.Address} {
			if clear != "" && strings.Contains(audit, clear) {
				t.Fatalf("the audit holds %s", clear)
			}
		}
	}
}

// TestAnotherAccountIsRefused puts the kernel's word about a stranger, or no word,
// in place of that about this process.
func TestAnotherAccountIsRefused(t *testing.T) {
	h := start(t, DefaultLimits())
	s := h.server(t)
	for _, who := range []*unix.Ucred{nil, {Uid: uint32(os.Geteuid()) + 1, Pid: 7}} {
		var body bytes.Buffer
		if err := gob.NewEncoder(&body).Encode(Request{Purpose: Purpose, Records: some(3)}); err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodPost, "/parts", &body)
		answer := httptest.NewRecorder()
		s.answer(answer, request.WithContext(context.WithValue(request.Context(), peer{}, who)))
		if answer.Code != http.StatusForbidden || !strings.Contains(answer.Body.String(), "its own account alone") {
			t.Errorf("%v: %d %s", who, answer.Code, answer.Body.String())
		}
	}
}

func TestLimits(t *testing.T) {
	l := ledger{limits: Limits{Burst: 100, Rate: 10, Daily: 250}, of: map[string]*account{}}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, c := range []struct {
		caller string
		after  time.Duration
		values int
		want   time.Duration // -1: refused for the day
	}{
		{"a", 0, 100, 0},
		{"a", 0, 50, 5*time.Second + time.Millisecond},
		{"b", 0, 100, 0}, // another caller has its own
		{"a", 5 * time.Second, 50, 0},
		{"a", time.Hour, 100, 0},
		{"a", time.Hour, 1, -1}, // 250 in this day
		{"a", 24 * time.Hour, 100, 0},
	} {
		now = now.Add(c.after)
		if got := l.take(c.caller, c.values, now); got != c.want {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
	}
}

// TestTooFastWaits: a client that comes too fast is slowed down and gets through.
func TestTooFastWaits(t *testing.T) {
	raws := some(20)
	n := count(&Request{Records: raws})
	h := start(t, Limits{Burst: n, Rate: float64(10 * n)})
	client := Dial(h.config.Socket)
	for range 3 {
		if _, err := client.Ask(context.Background(), Request{Records: raws}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(h.audit(t), "refused: too many values at once") {
		t.Error("nothing was slowed down")
	}
	h.end()
	h.config.Limits.Daily = uint64(n)
	h.begin(t)
	if _, err := client.Ask(context.Background(), Request{Records: raws}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Ask(context.Background(), Request{Records: raws}); warehouse.CodeOf(err) != warehouse.TooMany {
		t.Errorf("over the day's bound: %v", err)
	}
}

// TestARunEndsClearlyAndGoesOn: without the key process a run fails and says so,
// with it back it goes on; a rotation in the middle of a run ends it.
func TestARunEndsClearlyAndGoesOn(t *testing.T) {
	h := start(t, DefaultLimits())
	ctx, raws := context.Background(), some(30)
	client := Dial(h.config.Socket)
	run := func(between func()) error {
		table := record.NewKeyed(30)
		adder := NewAdder(client, table, nil)
		for i := range raws {
			if i == 15 {
				if err := adder.Flush(ctx); err != nil {
					return err
				}
				between()
			}
			if err := adder.Add(ctx, raws[i]); err != nil {
				return err
			}
		}
		if err := adder.Flush(ctx); err != nil {
			return err
		}
		if len(table.Rows) != len(raws) {
			t.Errorf("%d rows of %d records", len(table.Rows), len(raws))
		}
		return nil
	}
	if err := run(func() {}); err != nil {
		t.Fatal(err)
	}
	if err := run(h.end); warehouse.CodeOf(err) != warehouse.Unavailable || !strings.Contains(err.Error(), "started again") {
		t.Errorf("killed in a run: %v", err)
	}
	h.begin(t)
	if err := run(func() {}); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	err := run(func() {
		if key, err := Rotate(h.file); err != nil || key.Epoch != 2 {
			t.Fatalf("rotate: %v %v", key.Epoch, err)
		}
	})
	var known *warehouse.Error
	if !errors.As(err, &known) || known.Code != warehouse.Conflict || !strings.Contains(known.Message, "changed during the run") {
		t.Errorf("rotated in a run: %v", err)
	}
	if err := run(func() {}); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
	if !strings.Contains(h.audit(t), `"epoch":2,"answer":"granted"`) {
		t.Error("the audit does not name the epoch")
	}
}

func TestKeyFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys", "linkage.key")
	first, err := Obtain(file)
	if err != nil || first.Epoch != 1 {
		t.Fatal(first.Epoch, err)
	}
	if again, err := Obtain(file); err != nil || !bytes.Equal(again.Secret, first.Secret) {
		t.Errorf("read again: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Obtain(file); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
	for _, bad := range []string{"", "1", "1:00", "0:" + strings.Repeat("0", 64), strings.Repeat("0", 64), "1:" + strings.Repeat("g", 64)} {
		if _, err := ParseKey(bad); warehouse.CodeOf(err) != warehouse.Invalid {
			t.Errorf("%q is a key: %v", bad, err)
		}
	}
}

// TestOneServesASocket: a second process does not take the socket of a living one.
func TestOneServesASocket(t *testing.T) {
	h := start(t, DefaultLimits())
	if err := h.server(t).Run(context.Background(), func() {}); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("two key processes on one socket: %v", err)
	}
}
