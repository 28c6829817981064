package loader_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy stands between the INSERT connection and the engine and breaks it in
// the ways a network can.
type proxy struct {
	listener net.Listener
	target   string
	swallow  atomic.Int64 // bytes of a connection after which its answers are swallowed; 0 = never
	cut      atomic.Int64 // bytes of a connection after which both sides are cut; 0 = never
	broken   atomic.Int64 // how often it did
	left     atomic.Int64 // how often it still may
	mu       sync.Mutex
	open     []net.Conn
}

// newProxy returns a proxy and the address through it.
func newProxy(t testing.TB, dsn string) (*proxy, string) {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{target: address.Host}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	address.Host = p.listener.Addr().String()
	go p.serve()
	t.Cleanup(func() {
		p.listener.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.open {
			c.Close()
		}
	})
	return p, address.String()
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.open = append(p.open, client, server)
		p.mu.Unlock()
		go p.carry(client, server)
	}
}

// carry copies both ways until one side ends or the connection is broken.
func (p *proxy) carry(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	var swallowing atomic.Bool
	go func() {
		defer client.Close()
		buffer := make([]byte, 32<<10)
		for {
			n, err := server.Read(buffer)
			if swallowing.Load() {
				// What the server says is lost; once it has said all, so is the connection.
				if err != nil {
					return
				}
				server.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
				continue
			}
			if n > 0 {
				if _, err := client.Write(buffer[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	buffer, sent := make([]byte, 4<<10), int64(0)
	for {
		n, err := client.Read(buffer)
		if n > 0 {
			sent += int64(n)
			if limit := p.swallow.Load(); limit > 0 && sent > limit && !swallowing.Load() && p.left.Add(-1) >= 0 {
				p.broken.Add(1)
				swallowing.Store(true)
			}
			if limit := p.cut.Load(); limit > 0 && sent > limit && p.left.Add(-1) >= 0 {
				p.broken.Add(1)
				server.Write(buffer[:n/2])
				return
			}
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if !swallowing.Load() || err == io.EOF {
				server.SetReadDeadline(time.Now())
			}
			return
		}
	}
}
