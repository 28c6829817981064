package engine

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	portTries   = 5                      // how often another inner port is tried
	lockPause   = 250 * time.Millisecond // between two tries at a data directory in use
	stableAfter = time.Minute            // a child that lived so long resets the back-off
)

// Run starts the server and keeps it running until ctx ends, then stops it
// gracefully. It returns an error only when the server cannot start at all;
// once it has been ready, a death of the child is answered by a restart.
// Run may be called once.
func (e *Engine) Run(ctx context.Context) (err error) {
	defer func() {
		e.change(func() { e.ended, e.ready, e.failure = true, false, err })
	}()
	if e.config.Library == "" {
		if e.config.Library, err = FetchedLibrary(""); err != nil {
			return err
		}
	}
	if err := checkStamp(e.config.Library); err != nil {
		return err
	}
	if err := e.config.prepare(e.passwords); err != nil {
		return err
	}
	listener, err := e.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	e.change(func() { e.addr = listener.Addr().String() })

	// The child asks to be killed when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return e.supervise(ctx, listener)
}

// supervise runs one child after the other.
func (e *Engine) supervise(ctx context.Context, listener *net.TCPListener) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, 10*time.Second
	var locked, ports int
	for {
		end := e.runChild(ctx, listener)
		if ctx.Err() != nil {
			return nil
		}
		switch {
		case end.ready && end.lived > stableAfter:
			pause.Reset()
			locked, ports = 0, 0
		case end.code == codePortInUse && ports < portTries:
			ports++
			continue
		case end.code == codePathLocked && time.Duration(locked)*lockPause < e.config.LockPatience:
			locked++
			if !drain(ctx, listener, lockPause) {
				return nil
			}
			continue
		case e.Generation() == 0:
			return end.err
		}
		wait := pause.NextBackOff()
		e.deps.Log.Warn("engine ended, starting it again", "reason", end.err.Error(), "cause", cause(end.err), "in", wait)
		if !drain(ctx, listener, wait) {
			return nil
		}
	}
}

// cause returns the log text behind a sentence.
func cause(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return ""
}

// drain waits while no child runs and closes every connection that comes in,
// so that a client fails at once instead of waiting; false when ctx ended.
func drain(ctx context.Context, listener *net.TCPListener, wait time.Duration) bool {
	if err := setNonblocking(listener); err != nil {
		return pauseFor(ctx, wait)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	going := pauseFor(ctx, wait)
	listener.SetDeadline(time.Unix(1, 0)) //nolint:errcheck // a closed listener ends the loop as well
	<-done
	listener.SetDeadline(time.Time{}) //nolint:errcheck // as above
	return going
}

// pauseFor waits; false when ctx ended.
func pauseFor(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// closeAll closes files that were handed to a child or not needed any more.
func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}
