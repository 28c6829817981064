package loader_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/segmentio/kafka-go"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

// least is the least memory that a loader can be given.
const least = 8 << 20

// TestLagBeyondMemory loads several times as much as the loader may hold: what is
// taken must come back, and never more is held than allowed.
func TestLagBeyondMemory(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(120_000)
	c, d := quick(), r.deps()
	c.MaxRows, c.Memory = 20_000, least
	var l *running
	var mu sync.Mutex
	most := int64(0)
	d.Hooks.Reach = func(loader.Point, loader.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		if l != nil {
			most = max(most, l.Held())
		}
		return nil
	}
	mu.Lock()
	l = r.start(c, d)
	mu.Unlock()
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if most == 0 || most > least {
		t.Fatalf("%d bytes were held at most, allowed are %d", most, least)
	}
	if held := l.Held(); held != 0 {
		t.Fatalf("%d bytes are held after the end", held)
	}
	r.verify()
}

// TestStuckTopicKeepsNoTurn lets one topic get no answer: another one with a
// backlog must load all the same, though one turn is all there is.
func TestStuckTopicKeepsNoTurn(t *testing.T) {
	const other, rows = "hj.other", 8000
	r := newRig(t, enginetest.Start(t))
	r.produce(20_000)
	if err := r.db.Exec(t.Context(), "CREATE TABLE log_other AS "+table); err != nil {
		t.Fatal(err)
	}
	if err := r.client.CreateTopics(t.Context(), []string{other}, 2); err != nil {
		t.Fatal(err)
	}
	w := r.client.Writer()
	defer w.Close()
	var messages []kafka.Message
	for i := range rows {
		messages = append(messages, kafka.Message{Topic: other, Key: fmt.Append(nil, i), Value: fmt.Appendf(nil, `{"message_id":"%d"}`, i)})
	}
	if err := w.WriteMessages(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
	c, d, answer := quick(), r.deps(), make(chan struct{})
	c.Turns = 1
	d.Topics = append(d.Topics, loader.Topic{Name: other, RecordType: "other", Table: "log_other", Decoder: plainDecoder{}})
	d.Hooks.Reach = func(at loader.Point, b loader.Batch) error {
		if at == loader.Sending && b.Topic == topic {
			<-answer
		}
		return nil
	}
	l := r.start(c, d)
	r.until("the other topic is in the log", func() bool {
		var n uint64
		err := r.db.QueryRow(t.Context(), "SELECT count() FROM log_other").Scan(&n)
		return err == nil && n == rows
	})
	if n := r.rows(); n != 0 {
		t.Fatalf("%d rows of the stuck topic are in the log", n)
	}
	close(answer)
	r.until("the stuck topic is in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}
