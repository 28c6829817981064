package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// ending says how one child ended.
type ending struct {
	ready bool          // it had become ready
	lived time.Duration // from start to end
	code  int           // the engine's error code, 0 if none
	err   error         // one sentence
}

// started is a running child with the parent's ends of its pipes.
type started struct {
	cmd      *exec.Cmd
	stderr   *ring
	lifeline *os.File
	news     chan news
	exited   chan struct{}
}

// runChild starts a child, follows it, and returns when it has ended. When ctx
// ends it asks the child to stop and kills it after the grace.
func (e *Engine) runChild(ctx context.Context, listener *net.TCPListener) ending {
	begin := time.Now()
	p, err := e.startChild(listener)
	if err != nil {
		return ending{err: sentence(err, "the engine's child process cannot be started: check memory and process limits")}
	}
	e.change(func() { e.process = p.cmd.Process })
	failure, ready := "", false
	incoming, stopped := p.news, ctx.Done()
	var grace <-chan time.Time
	for running := true; running; {
		select {
		case n, ok := <-incoming:
			switch {
			case !ok:
				incoming = nil
			case n.Ready:
				ready = true
				e.change(func() { e.ready, e.confined, e.generation = true, n.Confined, e.generation+1 })
			default:
				failure = n.Failure
			}
		case <-stopped:
			e.change(func() { e.ready = false })
			closeAll(p.lifeline)
			stopped, grace = nil, time.After(e.config.Grace)
		case <-grace:
			e.Kill()
		case <-p.exited:
			running = false
		}
	}
	for n := range p.news {
		if n.Failure != "" {
			failure = n.Failure
		}
	}
	e.change(func() { e.ready, e.process = false, nil })
	closeAll(p.lifeline)
	code, why := explain(e.config, failure, p.stderr.String(), p.cmd.ProcessState.String())
	return ending{ready: ready, lived: time.Since(begin), code: code, err: why}
}

// startChild re-executes this program as an engine child with three inherited
// files and an environment that holds no secret.
func (e *Engine) startChild(listener *net.TCPListener) (*started, error) {
	program := e.deps.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
	}
	orderFile, lifeline, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open the lifeline: %w", err)
	}
	reports, reportFile, err := os.Pipe()
	if err != nil {
		closeAll(orderFile, lifeline)
		return nil, fmt.Errorf("open the report pipe: %w", err)
	}
	port, err := listener.File()
	if err != nil {
		closeAll(orderFile, lifeline, reports, reportFile)
		return nil, fmt.Errorf("hand over the port: %w", err)
	}
	defer closeAll(orderFile, reportFile, port)
	p := &started{
		cmd: exec.Command(program, append([]string{childArgument}, e.confinement()...)...), stderr: &ring{},
		lifeline: lifeline, news: make(chan news, 8), exited: make(chan struct{}),
	}
	p.cmd.Stderr = p.stderr
	p.cmd.Dir = e.config.Dir
	p.cmd.Env = []string{"HOME=" + e.config.Dir, "TMPDIR=" + e.config.tempDir(), "TZ=" + e.config.Timezone, "LANG=C.UTF-8"}
	p.cmd.ExtraFiles = []*os.File{orderFile, reportFile, port}
	p.cmd.SysProcAttr = childAttributes()
	if err := p.cmd.Start(); err != nil {
		closeAll(lifeline, reports)
		return nil, fmt.Errorf("start the child: %w", err)
	}
	go p.follow(reports)
	text, err := json.Marshal(orders{
		Library: e.config.Library, Config: e.config.configFile(), Data: e.config.dataDir(), Password: e.passwords[keeper],
		Accounts: digests(e.config.Accounts, e.passwords),
	})
	if err == nil {
		_, err = lifeline.Write(append(text, '\n'))
	}
	if err != nil {
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // it has ended then
	}
	return p, nil
}

// follow passes on the child's news and waits for its end.
func (p *started) follow(reports *os.File) {
	lines := bufio.NewScanner(reports)
	for lines.Scan() {
		var n news
		if err := json.Unmarshal(lines.Bytes(), &n); err == nil {
			p.news <- n
		}
	}
	reports.Close()
	close(p.news)
	p.cmd.Wait() //nolint:errcheck // how it ended stands in ProcessState
	close(p.exited)
}
