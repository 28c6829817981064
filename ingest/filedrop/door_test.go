package filedrop_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hengjian/ingest/filedrop"
	"hengjian/warehouse"
)

func TestAPostedPackageIsLetInOnceAndFollowed(t *testing.T) {
	f := newFixture(t)
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "arriving"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "arriving", "1.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return f.deps.Landed }
	door, err := filedrop.NewDoor(folder, nil, f.catalogue, f.db, now)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(folder, "arriving")); len(left) != 0 {
		t.Errorf("what a killed process left is still there: %v", left)
	}
	whole := pack(t, nil, nil)
	receive := func(d *filedrop.Door) filedrop.Posted {
		t.Helper()
		p, err := d.Receive(t.Context(), bytes.NewReader(whole), "", "steward")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	// Two at once with the same bytes: one file comes of it.
	p, twin := receive(door), receive(door)
	if p.State != filedrop.StateArrived || p.Sender != "A330100" || p.Package != "P1" || len(p.Members) != 3 || p.Digest != twin.Digest {
		t.Fatalf("%+v", p)
	}
	if zips, _ := filepath.Glob(filepath.Join(folder, "*.zip")); len(zips) != 0 {
		t.Errorf("in before it was let in: %v", zips)
	}
	if p, err = door.Admit(p.Ticket); err != nil || p.State != filedrop.StateWaiting {
		t.Fatalf("let in: %+v %v", p, err)
	}
	if err := door.Discard(twin.Ticket); err != nil {
		t.Fatal(err)
	}
	if _, err := door.Admit(twin.Ticket); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("a ticket used twice: %v", err)
	}
	w := filedrop.Watcher{Folder: folder, Every: time.Hour, Log: slog.New(slog.DiscardHandler), Deps: func(context.Context) (filedrop.Deps, error) { return f.deps, nil }}
	for _, name := range []string{"taken", "refused"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if again := receive(door); again.State != filedrop.StateWaiting {
		t.Errorf("posted again while it waits: %+v", again)
	}
	for range 2 {
		if err := w.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	restarted, err := filedrop.NewDoor(folder, nil, f.catalogue, f.db, now)
	if err != nil {
		t.Fatal(err)
	}
	again := receive(restarted)
	if again.State != filedrop.StateTaken || again.Ticket != "" || again.By != "steward" {
		t.Errorf("posted again when it is taken: %+v", again)
	}
	var read, accepted uint64
	for _, m := range again.Members {
		read, accepted = read+m.Counts.Read, accepted+m.Counts.Accepted
	}
	if read != 5 || accepted != 4 || f.text(t, "SELECT toString(count()) FROM log_case") != "5" {
		t.Errorf("%d read, %d accepted: %+v", read, accepted, again.Members)
	}
}

func TestABadPostLeavesOnlyItsReason(t *testing.T) {
	f := newFixture(t)
	folder := t.TempDir()
	door, err := filedrop.NewDoor(folder, nil, f.catalogue, f.db, func() time.Time { return f.deps.Landed })
	if err != nil {
		t.Fatal(err)
	}
	whole := pack(t, nil, nil)
	two := pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { (*files)[0].text += "x"; (*files)[2].text += "y" })
	p, err := door.Receive(t.Context(), bytes.NewReader(two), "", "steward")
	if err != nil || p.State != filedrop.StateRefused || len(p.Refusals) != 2 || p.Refusals[0].Member != "cases.csv" || p.Refusals[1].Member != "cases.jsonl" || p.Refusals[0].ZH == "" {
		t.Errorf("every reason at once: %+v %v", p, err)
	}
	if kept, err := door.Posted(t.Context(), p.Digest); err != nil || kept.State != filedrop.StateRefused || len(kept.Refusals) != 2 || kept.Sender != "A330100" {
		t.Errorf("the reasons are kept: %+v %v", kept, err)
	}
	p, err = door.Receive(t.Context(), bytes.NewReader(whole), strings.Repeat("0", 64), "steward")
	if err != nil || p.State != filedrop.StateRefused || !strings.Contains(p.Refusals[0].EN, "not the one that was named") {
		t.Errorf("another digest than promised: %+v %v", p, err)
	}
	if _, err := door.Posted(t.Context(), p.Digest); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("bytes that were changed on the way are noted: %v", err)
	}
	cut := errors.New("connection reset")
	if _, err := door.Receive(t.Context(), io.MultiReader(bytes.NewReader(whole[:300]), iotest.ErrReader(cut)), "", "steward"); !errors.Is(err, cut) || !strings.Contains(err.Error(), "broke off after 300 bytes") {
		t.Errorf("an upload that broke off: %v", err)
	}
	for _, digest := range []string{"", "..", "../taken/x", strings.Repeat("g", 64), strings.Repeat("0", 64)} {
		if _, err := door.Posted(t.Context(), digest); warehouse.CodeOf(err) != warehouse.NotFound {
			t.Errorf("%q: %v", digest, err)
		}
	}
	for _, pattern := range []string{"arriving/*", "*.zip"} {
		if left, _ := filepath.Glob(filepath.Join(folder, pattern)); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
