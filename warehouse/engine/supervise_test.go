package engine

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// TestNobodyWaitsForAnEngineThatIsDown drains a port that a child had: its
// clients must see an end at once, and the port must work afterwards.
func TestNobodyWaitsForAnEngineThatIsDown(t *testing.T) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	handed, err := listener.File()
	if err != nil {
		t.Fatal(err)
	}
	handed.Fd() // what starting a child does: the port is blocking now
	handed.Close()
	done := make(chan bool, 1)
	go func() { done <- drain(t.Context(), listener, 300*time.Millisecond) }()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Fatalf("a client of a dead engine sees %v, want its end", err)
	}
	select {
	case going := <-done:
		if !going {
			t.Fatal("drain says that the context ended")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("drain hangs in accept")
	}
	later, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatalf("the port is of no use after a drain: %v", err)
	}
	accepted.Close()
}
