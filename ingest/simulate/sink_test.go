package simulate_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hengjian/ingest/broker/brokertest"
	"hengjian/ingest/simulate"
)

var errCut = errors.New("cut off")

// cut passes a number of messages on and then fails.
type cut struct {
	to   simulate.Sink
	left int
}

func (c *cut) Put(ctx context.Context, topic string, key, value []byte) error {
	if c.left--; c.left < 0 {
		return errCut
	}
	return c.to.Put(ctx, topic, key, value)
}

func TestResumeSendsTheRest(t *testing.T) {
	c := simulate.Config{Seed: 21, Cases: 200, Faults: 0.2}
	_, whole := emitted(t, c)
	const partitions = 4
	for _, at := range []int{0, 1, 1700, len(whole) - 1, len(whole)} {
		k, err := simulate.New(c)
		if err != nil {
			t.Fatal(err)
		}
		first, have := &memory{}, map[string][]uint64{}
		if err := k.Emit(t.Context(), &cut{first, at}); err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		for _, topic := range k.Topics() {
			have[topic] = make([]uint64, partitions)
		}
		hash := &kafka.Hash{}
		for _, m := range first.all {
			have[m.topic][hash.Balance(kafka.Message{Key: []byte(m.key)}, 0, 1, 2, 3)]++
		}
		rest := &memory{}
		if err := k.Emit(t.Context(), simulate.Resume(rest, have)); err != nil {
			t.Fatal(err)
		}
		got := append(first.all, rest.all...)
		if len(got) != len(whole) {
			t.Fatalf("cut at %d: %d messages, want %d", at, len(got), len(whole))
		}
		for i := range got {
			if got[i].topic != whole[i].topic || got[i].key != whole[i].key || string(got[i].value) != string(whole[i].value) {
				t.Fatalf("cut at %d: message %d differs", at, i)
			}
		}
	}
}

// TestKafkaKeepsTheOrderOfAKey sends a country over the wire and, after a cut, the rest.
func TestKafkaKeepsTheOrderOfAKey(t *testing.T) {
	c := simulate.Config{Seed: 22, Cases: 150, Faults: 0.3}
	_, whole := emitted(t, c)
	b := brokertest.Start(t)
	client := b.Dial(t)
	k, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.CreateTopics(t.Context(), k.Topics(), 4); err != nil {
		t.Fatal(err)
	}
	send := func(wrap func(simulate.Sink) simulate.Sink) error {
		s := simulate.NewKafkaSink(client.Writer())
		err := k.Emit(t.Context(), wrap(s))
		return errors.Join(err, s.Close())
	}
	if err := send(func(s simulate.Sink) simulate.Sink { return &cut{s, 2500} }); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	have := map[string][]uint64{}
	for topic, messages := range stored(t, k.Topics(), b.Addrs()) {
		have[topic] = make([]uint64, 4)
		for p := range messages {
			have[topic][p] = uint64(len(messages[p]))
		}
	}
	if err := send(func(s simulate.Sink) simulate.Sink { return simulate.Resume(s, have) }); err != nil {
		t.Fatal(err)
	}
	want, hash := map[string][]string{}, &kafka.Hash{}
	for _, m := range whole {
		at := fmt.Sprint(m.topic, hash.Balance(kafka.Message{Key: []byte(m.key)}, 0, 1, 2, 3))
		want[at] = append(want[at], m.key+string(m.value))
	}
	for topic, partitions := range stored(t, k.Topics(), b.Addrs()) {
		for p, got := range partitions {
			if fmt.Sprint(got) != fmt.Sprint(want[fmt.Sprint(topic, p)]) {
				t.Errorf("%s/%d: %d messages, want %d, or their order differs", topic, p, len(got), len(want[fmt.Sprint(topic, p)]))
			}
			delete(want, fmt.Sprint(topic, p))
		}
	}
	if len(want) > 0 {
		t.Errorf("%d partitions were never written", len(want))
	}
}

// stored reads everything that the topics hold, by partition.
func stored(t *testing.T, topics, addrs []string) map[string][4][]string {
	t.Helper()
	out := map[string][4][]string{}
	for _, topic := range topics {
		var partitions [4][]string
		for p := range partitions {
			partitions[p] = storedIn(t, addrs[0], topic, p)
		}
		out[topic] = partitions
	}
	return out
}

func storedIn(t *testing.T, addr, topic string, p int) []string {
	t.Helper()
	conn, err := kafka.DialLeader(t.Context(), "tcp", addr, topic, p)
	if err != nil {
		t.Fatal(err)
	}
	_, last, err := conn.ReadOffsets()
	if err = errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{addr}, Topic: topic, Partition: p, MaxWait: 50 * time.Millisecond})
	var out []string
	for int64(len(out)) < last {
		m, err := r.ReadMessage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(m.Key)+string(m.Value))
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}
