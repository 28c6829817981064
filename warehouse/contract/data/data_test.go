package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"regexp"
	"testing"
)

var row = regexp.MustCompile(`(?m)^\| ([a-z0-9_.]+) \| ([^|]+) \| ([^|]+) \| ([0-9a-f]{64}) \|$`)

func TestEveryFileHasItsSource(t *testing.T) {
	text, err := fs.ReadFile(Files(), "SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, m := range row.FindAllSubmatch(text, -1) {
		if len(bytes.TrimSpace(m[2])) == 0 || len(bytes.TrimSpace(m[3])) == 0 {
			t.Errorf("%s has no origin or no licence", m[1])
		}
		digests[string(m[1])] = string(m[4])
	}
	entries, err := fs.ReadDir(Files(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "SOURCES.md" {
			continue
		}
		content, err := fs.ReadFile(Files(), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); digests[e.Name()] != got {
			t.Errorf("%s: digest in SOURCES.md %q, file has %q", e.Name(), digests[e.Name()], got)
		}
		delete(digests, e.Name())
	}
	for name := range digests {
		t.Errorf("SOURCES.md names %s, which is not there", name)
	}
}
