package engine

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// stubNpm puts a program called npm first on PATH. It counts its calls, fails
// as often as fail says, and then hands over a small package.
func stubNpm(t *testing.T, fail int) (r release, calls func() int) {
	t.Helper()
	dir := t.TempDir()
	packed := smallPackage(t, "package/libchdb.so", bytes.Repeat([]byte("engine"), 1000))
	if err := os.WriteFile(filepath.Join(dir, "engine.tgz"), packed, 0o644); err != nil {
		t.Fatal(err)
	}
	script := `#!/bin/sh
here=${0%/*}
echo call >> "$here/calls"
if [ "$(wc -l < "$here/calls")" -le ` + strconv.Itoa(fail) + ` ]; then echo "network is down" >&2; exit 1; fi
while [ $# -gt 0 ]; do [ "$1" = --pack-destination ] && target=$2; shift; done
cp "$here/engine.tgz" "$target/"
`
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	sum := sha512.Sum512(packed)
	r = release{
		pkg: "@chdb/small", integrity: "sha512-" + base64.StdEncoding.EncodeToString(sum[:]),
		library: "libchdb.so", packed: int64(len(packed)), unpacked: 6000,
	}
	return r, func() int {
		text, _ := os.ReadFile(filepath.Join(dir, "calls"))
		return strings.Count(string(text), "call")
	}
}

// smallPackage packs one file as npm does.
func smallPackage(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, member := range []string{"package/package.json", name} {
		if err := archive.WriteHeader(&tar.Header{Name: member, Typeflag: tar.TypeReg, Size: int64(len(content)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// libraryIn returns where the library of a release stands in a cache.
func libraryIn(t *testing.T, r release, cache string) string {
	t.Helper()
	folder, err := r.folder(cache)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, r.library)
}

func TestFetchOnceThenNothing(t *testing.T) {
	r, calls := stubNpm(t, 0)
	c := FetchConfig{Cache: t.TempDir()}
	var last, total int64
	for range 3 {
		if err := fetch(t.Context(), c, r, func(done, all int64) { last, total = done, all }); err != nil {
			t.Fatal(err)
		}
	}
	if calls() != 1 {
		t.Fatalf("npm was called %d times, want once", calls())
	}
	if last != total || total == 0 {
		t.Fatalf("progress ended at %d of %d", last, total)
	}
	library := libraryIn(t, r, c.Cache)
	if err := Verify(t.Context(), library); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(c.Cache, ".fetch-*")); err != nil || len(left) != 0 {
		t.Fatalf("left behind: %v %v", left, err)
	}
	c.Force = true
	if err := fetch(t.Context(), c, r, nil); err != nil || calls() != 2 {
		t.Fatalf("force: %v, %d calls", err, calls())
	}
}

func TestDamageIsSeen(t *testing.T) {
	r, calls := stubNpm(t, 0)
	c := FetchConfig{Cache: t.TempDir()}
	if err := fetch(t.Context(), c, r, nil); err != nil {
		t.Fatal(err)
	}
	library := libraryIn(t, r, c.Cache)
	content, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	content[17] ^= 1
	if err := os.WriteFile(library, content, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := checkStamp(library); err != nil {
		t.Fatalf("the quick check looks at the size only: %v", err)
	}
	wantSentence(t, Verify(t.Context(), library), "its digest differs): run `hengjian engine fetch --force`")
	if err := os.Truncate(library, 100); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, checkStamp(library), "(100 bytes instead of 6000): run `hengjian engine fetch --force`")
	if err := fetch(t.Context(), c, r, nil); err != nil || calls() != 2 {
		t.Fatalf("a damaged library was not fetched again: %v, %d calls", err, calls())
	}
	if err := Verify(t.Context(), library); err != nil {
		t.Fatal(err)
	}
}

func TestWrongPackageIsRefused(t *testing.T) {
	r, calls := stubNpm(t, 0)
	r.integrity = "sha512-" + base64.StdEncoding.EncodeToString(make([]byte, 64))
	c := FetchConfig{Cache: t.TempDir()}
	wantSentence(t, fetch(t.Context(), c, r, nil), "is not the pinned one (its digest differs) and was thrown away")
	if calls() != 1 {
		t.Fatalf("npm was called %d times for a package that will not change", calls())
	}
	if _, err := os.Stat(libraryIn(t, r, c.Cache)); !os.IsNotExist(err) {
		t.Fatalf("the refused library stayed: %v", err)
	}
}

func TestDownloadIsTriedAgain(t *testing.T) {
	r, calls := stubNpm(t, 1)
	if err := fetch(t.Context(), FetchConfig{Cache: t.TempDir()}, r, nil); err != nil {
		t.Fatal(err)
	}
	if calls() != 2 {
		t.Fatalf("%d calls, want one failure and one success", calls())
	}
}

func TestMissingNpm(t *testing.T) {
	t.Setenv("PATH", "")
	r, err := releaseFor("linux", "amd64")
	if err != nil {
		t.Fatal(err)
	}
	wantSentence(t, fetch(t.Context(), FetchConfig{Cache: t.TempDir()}, r, nil), "npm is missing, it brings the engine: install Node.js 20")
}

func TestUnknownPlatform(t *testing.T) {
	_, err := releaseFor("plan9", "mips")
	wantSentence(t, err, "there is no checked engine for plan9/mips: run on linux/amd64")
}

func TestParallelFetchesDownloadOnce(t *testing.T) {
	r, calls := stubNpm(t, 0)
	c := FetchConfig{Cache: t.TempDir()}
	var all sync.WaitGroup
	errs := make(chan error, 4)
	for range 4 {
		all.Add(1)
		go func() { defer all.Done(); errs <- fetch(t.Context(), c, r, nil) }()
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if calls() != 1 {
		t.Fatalf("npm was called %d times, want once", calls())
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	r, calls := stubNpm(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fetch(ctx, FetchConfig{Cache: t.TempDir()}, r, nil); err == nil || calls() != 0 {
		t.Fatalf("a cancelled fetch went on: %v, %d calls", err, calls())
	}
}

// wantSentence checks a one-line message for a person.
func wantSentence(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want one sentence with %q", err, want)
	}
}
