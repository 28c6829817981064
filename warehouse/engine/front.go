package engine

import (
	"bufio"
	"io"
	"net"
	"sync"
	"time"
)

// front stands between clients and the engine's own port, in the same process.
// The engine ends as a whole when an idle connection is reset and when it must
// refuse a hello; the front refuses hellos itself and turns a reset into a
// half-close, so that the engine always sees an orderly end. What it cannot
// help: a signed-in client cut in the middle of a query packet still ends the
// engine (a client writes that packet at once, so only a query larger than a
// socket buffer can be cut); Run restarts it.
type front struct {
	listener net.Listener
	inner    string // address of the engine's own port
	guard    guard
	mu       sync.Mutex
	closed   bool
	open     map[net.Conn]bool
	work     sync.WaitGroup
}

// helloTimeout is how long a client may take for its hello.
const helloTimeout = 10 * time.Second

// newFront returns a front that accepts nothing yet.
func newFront(listener net.Listener, inner string, g guard) *front {
	return &front{listener: listener, inner: inner, guard: g, open: map[net.Conn]bool{}}
}

// serve accepts until hangUp.
func (f *front) serve() {
	for {
		client, err := f.listener.Accept()
		if err != nil {
			f.mu.Lock()
			closed := f.closed
			f.mu.Unlock()
			if closed {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of descriptors: the next try may succeed
			continue
		}
		if !f.keep(client) {
			client.Close()
			return
		}
		f.work.Add(1)
		go func() {
			defer f.work.Done()
			defer f.forget(client)
			f.forward(client)
		}()
	}
}

// keep remembers an open client; false after hangUp.
func (f *front) keep(client net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.open[client] = true
	return true
}

// forget closes a client and drops it from the list.
func (f *front) forget(client net.Conn) {
	client.Close()
	f.mu.Lock()
	delete(f.open, client)
	f.mu.Unlock()
}

// forward carries one connection. Toward the engine there is only data and
// half-close; the engine's side is always read to its end.
func (f *front) forward(client net.Conn) {
	client.SetDeadline(time.Now().Add(helloTimeout)) //nolint:errcheck // a dead connection fails at the read
	reader := bufio.NewReader(client)
	first, err := readHello(reader)
	if err != nil {
		return
	}
	if code, message := f.guard.check(first); code != 0 {
		client.Write(refusal(code, message)) //nolint:errcheck // whoever is gone needs no answer
		return
	}
	client.SetDeadline(time.Time{}) //nolint:errcheck // as above
	begun, err := reader.Peek(reader.Buffered())
	if err != nil {
		return
	}
	conn, err := net.Dial("tcp", f.inner)
	if err != nil {
		return
	}
	defer conn.Close()
	engine := conn.(*net.TCPConn)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if _, err := engine.Write(append(first.packet, begun...)); err == nil {
			io.Copy(engine, client) //nolint:errcheck // whatever ends the client ends in a half-close
		}
		engine.CloseWrite() //nolint:errcheck // the engine is gone then
	}()
	if _, err := io.Copy(client, engine); err != nil {
		io.Copy(io.Discard, engine) //nolint:errcheck // read the engine's side to its end
	}
	client.Close() // ends the copy above
	<-sent
}

// hangUp stops accepting, ends every client and waits until the engine has
// seen all ends, at most for the given time.
func (f *front) hangUp(patience time.Duration) {
	f.mu.Lock()
	f.closed = true
	for client := range f.open {
		client.Close()
	}
	f.mu.Unlock()
	f.listener.Close()
	done := make(chan struct{})
	go func() { f.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
	}
}
