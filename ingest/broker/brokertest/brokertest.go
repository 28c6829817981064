// Package brokertest owns embedded brokers of tests. It promises a broker on a
// free port with a folder of its own that ends with the test. It never shares
// one between tests.
package brokertest

import (
	"context"
	"testing"
	"time"

	"hengjian/ingest/broker"
)

// patience is how long a broker may take to start on a busy machine.
const patience = 30 * time.Second

// Broker is a running embedded broker with its folder.
type Broker struct {
	*broker.Embedded
	Dir string
}

// Start runs a broker in a new folder until the test ends.
func Start(t testing.TB) *Broker {
	t.Helper()
	return Open(t, t.TempDir())
}

// Open runs a broker in a folder that may hold the log of an earlier one.
func Open(t testing.TB, dir string) *Broker {
	t.Helper()
	e, err := broker.NewEmbedded(broker.Config{Dir: dir}, broker.Deps{})
	if err != nil {
		t.Fatalf("configure the test broker: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Run(context.Background()) }()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := e.Ready(ctx); err != nil {
		t.Fatalf("start the test broker: %v", err)
	}
	t.Cleanup(func() {
		e.Close()
		if err := <-ended; err != nil {
			t.Errorf("stop the test broker: %v", err)
		}
	})
	return &Broker{Embedded: e, Dir: dir}
}

// Dial returns a client of the broker that is closed with the test.
func (b *Broker) Dial(t testing.TB) *broker.Client {
	t.Helper()
	c, err := broker.Dial(t.Context(), broker.Remote{Brokers: b.Addrs()})
	if err != nil {
		t.Fatalf("dial the test broker: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}
