package filedrop_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hengjian/ingest/filedrop"
	"hengjian/warehouse"
)

// TestPackagesInPieces sends one package in three pieces, over a broken
// connection and a new start of the program.
func TestPackagesInPieces(t *testing.T) {
	f := newFixture(t)
	folder, now := t.TempDir(), f.deps.Landed
	open := func() *filedrop.Door {
		t.Helper()
		d, err := filedrop.NewDoor(folder, nil, f.catalogue, f.db, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	door, whole := open(), pack(t, nil, nil)
	sum := sha256.Sum256(whole)
	digest, total, cut := hex.EncodeToString(sum[:]), int64(len(whole)), errors.New("cut")
	send := func(by string, from int64, body io.Reader) (filedrop.Posted, error) {
		return door.Continue(t.Context(), body, filedrop.Piece{Digest: digest, By: by, From: from, Total: total})
	}
	want := func(what string, p filedrop.Posted, err error, state string, held int64, code warehouse.Code) {
		t.Helper()
		if p.State != state || p.Bytes != held || (err != nil && warehouse.CodeOf(err) != code) || (err == nil) != (code == "") {
			t.Fatalf("%s: %s with %d bytes, %v; want %s with %d, %q", what, p.State, p.Bytes, err, state, held, code)
		}
	}
	p, err := send("steward", 0, io.MultiReader(bytes.NewReader(whole[:300]), iotest.ErrReader(cut)))
	if !errors.Is(err, cut) || p.State != filedrop.StatePartial || p.Bytes != 300 {
		t.Fatalf("a broken upload: %+v %v", p, err)
	}
	p, err = send("steward", 0, bytes.NewReader(whole))
	want("from the start again", p, err, filedrop.StatePartial, 300, warehouse.Conflict)
	p, err = send("other", 300, bytes.NewReader(whole[300:]))
	want("by another account", p, err, filedrop.StatePartial, 0, warehouse.Conflict)
	door = open() // what came is still there
	if door.Held(digest, "steward") != 300 || door.Held(digest, "other") != 0 || door.Held("../x", "steward") != 0 {
		t.Error("the bytes held")
	}
	p, err = send("steward", 300, bytes.NewReader(whole[300:400]))
	want("the second piece", p, err, filedrop.StatePartial, 400, "")
	p, err = send("steward", 400, bytes.NewReader(append(whole[400:len(whole):len(whole)], "more"...)))
	want("the last piece", p, err, filedrop.StateArrived, total, "")
	if p.Digest != digest || p.Package != "P1" || p.By != "steward" || door.Held(digest, "steward") != 0 {
		t.Fatalf("whole: %+v", p)
	}
	if p, err = door.Admit(p.Ticket); err != nil || p.State != filedrop.StateWaiting {
		t.Fatalf("let in: %+v %v", p, err)
	}
	if inside, err := os.ReadFile(filepath.Join(folder, digest+".zip")); err != nil || !bytes.Equal(inside, whole) {
		t.Errorf("the bytes that came in are not those sent: %v", err)
	}
	p, err = send("steward", 0, bytes.NewReader(whole))
	want("again", p, err, filedrop.StateWaiting, total, "")

	// Bytes that are not those of the digest are refused whole and forgotten.
	digest = strings.Repeat("0", 64)
	p, err = send("steward", 0, bytes.NewReader(whole))
	want("other bytes", p, err, filedrop.StateRefused, total, "")
	if len(p.Refusals) != 1 || p.Refusals[0].ZH == "" || door.Held(digest, "steward") != 0 {
		t.Errorf("other bytes: %+v", p)
	}
	if left, _ := os.ReadDir(filepath.Join(folder, "arriving")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, piece := range []filedrop.Piece{{Digest: "x", Total: 1}, {Digest: digest}, {Digest: digest, From: 5, Total: 5}, {Digest: digest, Total: 1<<30 + 1}} {
		if _, err := door.Continue(t.Context(), strings.NewReader("x"), piece); warehouse.CodeOf(err) != warehouse.Invalid {
			t.Errorf("%+v: %v", piece, err)
		}
	}
}

// TestPackagesByHalvesAreFew holds that four packages by halves are the most an
// account may have, and for a day.
func TestPackagesByHalvesAreFew(t *testing.T) {
	f := newFixture(t)
	folder, now := t.TempDir(), f.deps.Landed
	door, err := filedrop.NewDoor(folder, nil, f.catalogue, f.db, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	half := func(n int) error {
		digest := strings.Repeat(string(rune('a'+n)), 64)
		_, err := door.Continue(t.Context(), strings.NewReader("x"), filedrop.Piece{Digest: digest, By: "steward", Total: 1000})
		return err
	}
	for n := range 4 {
		if err := half(n); err != nil {
			t.Fatal(err)
		}
	}
	now = time.Now() // the files carry the machine's time
	if err := half(4); warehouse.CodeOf(err) != warehouse.TooMany {
		t.Errorf("the fifth: %v", err)
	}
	now = now.Add(25 * time.Hour)
	if err := half(4); err != nil {
		t.Errorf("a day later: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(folder, "partial")); len(left) != 1 {
		t.Errorf("%d packages by halves are kept", len(left))
	}
}
