package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hengjian/jobs/link/keeper"
	"hengjian/jobs/link/linktest"
)

// TestKeyProcessLivesAndDiesWithItsParent starts the key process as a child, kills
// it, has it started again, and ends it.
func TestKeyProcessLivesAndDiesWithItsParent(t *testing.T) {
	t.Setenv(asProduct, "1")
	cfg := DefaultConfig()
	cfg.Data = t.TempDir()
	cfg.Link.Key = "7:" + strings.Repeat("ab", 32)
	var log screen
	k := newKeyProcess(cfg, &log)
	defer k.Close()
	raws, _ := linktest.Population(10, 3)
	ask := func() {
		t.Helper()
		client, err := k.Client(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b, err := client.Ask(t.Context(), keeper.Request{Records: raws}); err != nil || b.Epoch != 7 || len(b.Rows) != 10 {
			t.Fatalf("%v %v", b, err)
		}
	}
	ask()
	before, socket := k.child.Process.Pid, k.socket()
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-k.gone
	ask()
	if k.child.Process.Pid == before || !strings.Contains(log.String(), "had ended") {
		t.Errorf("process %d still answers: %s", before, log.String())
	}
	arguments, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(k.child.Process.Pid), "cmdline"))
	if err != nil || bytes.Contains(arguments, []byte("abab")) {
		t.Errorf("the linkage key stands among the arguments: %v", err)
	}
	gone := k.gone
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	<-gone
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket outlives its process: %v", err)
	}
	cfg.Link.Key = "no key"
	broken := newKeyProcess(cfg, &log)
	defer broken.Close()
	if _, err := broken.Client(t.Context()); err == nil || !strings.Contains(log.String(), "the linkage key is not one") {
		t.Errorf("a key process without a key: %v\n%s", err, log.String())
	}
}
