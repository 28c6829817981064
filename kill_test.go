package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"hengjian/warehouse/engine/enginetest"
)

// asProduct makes this test binary be the product: main runs instead of tests.
const asProduct = "TEST_BINARY_IS_HENGJIAN"

func TestMain(m *testing.M) {
	if os.Getenv(asProduct) == "1" {
		main()
		return
	}
	enginetest.Main(m)
}

// process is one `hengjian up` as a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *screen
	gone chan struct{}
}

// launch starts the product on data.
func launch(t *testing.T, data string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, out: &screen{}, gone: make(chan struct{})}
	p.cmd = exec.Command(self, append([]string{"up", "--data", data, "--set", "listen=127.0.0.1:0"}, args...)...)
	p.cmd.Env = append(os.Environ(), asProduct+"=1")
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait() //nolint:errcheck // how it ended shows in what it printed
		close(p.gone)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process as kill -9 does and waits until it is gone.
func (p *process) kill() {
	p.cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may be gone already
	<-p.gone
}

// says waits until the process has printed text.
func (p *process) says(text string) {
	p.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(9 * time.Minute)
	defer limit.Stop()
	for !strings.Contains(p.out.String(), text) {
		select {
		case <-tick.C:
		case <-p.gone:
			if !strings.Contains(p.out.String(), text) {
				p.t.Fatalf("the process ended before it said %q:\n%s", text, p.out.String())
			}
		case <-limit.C:
			p.t.Fatalf("the process did not say %q:\n%s", text, p.out.String())
		}
	}
}

// TestKilledProduct kills the product as a process while it simulates, while it
// loads, while it computes and when it is idle: each start takes up where the
// last ended, and in the end every number equals the truth.
func TestKilledProduct(t *testing.T) {
	data := t.TempDir()
	cases := []string{"--set", "simulate.cases=600"}
	for _, moment := range []string{"simulated 10000", "loaded ", "computing verdicts"} {
		p := launch(t, data, cases...)
		p.says(moment)
		p.kill()
	}
	for _, state := range []string{"after three kills", "after a kill when idle"} {
		p := launch(t, data, cases...)
		p.says("open http://")
		db := owner(t, data)
		t.Log(state)
		equalsTruth(t, db, readTruth(t, data))
		db.Close()
		p.kill()
	}
}
