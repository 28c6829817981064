package loader

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hengjian/ingest/broker"
)

// The states of a stream.
const (
	StateWaiting = "waiting" // for the topic, for the gate or for the warehouse
	StateFencing = "fencing" // taking an epoch and reading the position
	StateLoading = "loading"
	StateStandby = "standby" // another loader owns the stream
	StatePaused  = "paused"  // an operator lets it rest
	StateStopped = "stopped"
)

// StreamStatus is what is known of one stream.
type StreamStatus struct {
	Stream    string
	Type      string
	Topic     string
	Partition int
	Position  uint64 // offset of the next record to load; everything below is in the log or declared as a gap
	HighWater uint64 // offset of the next record Kafka will take
	Lag       uint64
	Moved     time.Time // when Position last moved, or when the loader first saw it
	State     string
	Alarm     string // empty when all is well
}

// board keeps the status of one topic.
type board struct {
	mu      sync.Mutex
	topic   Topic
	streams []StreamStatus
	state   string
	alarm   string
	stays   string // alarm that stays, such as a gap
	resting bool
}

// show replaces the streams after a fence and keeps when they moved.
func (b *board) show(streams []*stream, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(streams, now)
}

func (b *board) put(streams []*stream, now time.Time) {
	for i, s := range streams {
		if i < len(b.streams) && b.streams[i].Stream != s.name {
			b.streams = b.streams[:i] // other partitions than before are ours
		}
		if i == len(b.streams) {
			b.streams = append(b.streams, StreamStatus{Stream: s.name, Type: b.topic.RecordType, Topic: b.topic.Name, Partition: s.partition, Moved: now})
		}
		one := &b.streams[i]
		if one.Position != s.next {
			one.Position, one.Moved = s.next, now
		}
		one.HighWater = max(one.HighWater, s.highWater)
	}
	b.streams = b.streams[:len(streams)]
}

// forget drops the streams: others may be shown next.
func (b *board) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.streams = nil
}

// moved notes a new position of partition i.
func (b *board) moved(i int, next uint64, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.streams[i].Position, b.streams[i].Moved = next, now
}

// highWater notes what Kafka holds of partition i and returns the lag.
func (b *board) highWater(i int, next uint64) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.streams[i].HighWater = max(b.streams[i].HighWater, next)
	return lagOf(b.streams[i])
}

func (b *board) set(state string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = state
}

func (b *board) alert(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.alarm = text
}

// stand raises an alarm that stays.
func (b *board) stand(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stays, b.alarm = text, text
}

// rest notes that the topic is paused or not any more.
func (b *board) rest(paused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resting = paused
}

// calm ends a passing alarm.
func (b *board) calm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.alarm = b.stays
}

func lagOf(s StreamStatus) uint64 {
	if s.HighWater > s.Position {
		return s.HighWater - s.Position
	}
	return 0
}

// read returns the streams with lag and alarm as of now.
func (b *board) read(now time.Time, patience time.Duration) []StreamStatus {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := append([]StreamStatus(nil), b.streams...)
	if len(all) == 0 {
		all = []StreamStatus{{Type: b.topic.RecordType, Topic: b.topic.Name, Partition: -1, Moved: now}}
	}
	for i := range all {
		s := &all[i]
		s.State, s.Alarm, s.Lag = b.state, b.alarm, lagOf(*s)
		if b.resting && s.State != StateStopped {
			s.State = StatePaused
			continue
		}
		if still := now.Sub(s.Moved); s.Alarm == "" && s.Lag > 0 && still > patience {
			s.Alarm = "records wait and the position has not moved for " + still.Truncate(time.Second).String()
		}
	}
	return all
}

// Status asks Kafka what it holds and returns every stream by topic and
// partition. A topic that Kafka does not answer for gives what was known last,
// or one row with partition -1. Streams that nobody has fenced yet show the
// position in the log.
func (l *Loader) Status(ctx context.Context) ([]StreamStatus, error) {
	var all []StreamStatus
	for _, w := range l.workers {
		if err := w.refresh(ctx); err != nil && ctx.Err() != nil {
			return nil, fmt.Errorf("read the streams: %w", ctx.Err())
		}
		all = append(all, w.board.read(l.deps.Now(), l.config.Patience)...)
	}
	return all, nil
}

// refresh brings the high-water marks of a topic up to date.
func (w *worker) refresh(ctx context.Context) error {
	bounds, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
	if err != nil {
		return err
	}
	if w.board.raise(bounds) {
		return nil
	}
	preview := make([]*stream, len(bounds))
	for i, b := range bounds {
		preview[i] = w.stream(b.Partition)
		preview[i].highWater = b.Next
	}
	next, err := w.positions(ctx, preview)
	if err != nil {
		return err
	}
	for i := range preview {
		preview[i].next = next[i]
	}
	w.board.preview(preview, w.loader.deps.Now())
	return nil
}

// raise notes what Kafka holds; false when the streams are not known yet.
func (b *board) raise(bounds []broker.Bound) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.streams {
		for _, bound := range bounds {
			if s := &b.streams[i]; s.Partition == bound.Partition {
				s.HighWater = max(s.HighWater, bound.Next)
			}
		}
	}
	return len(b.streams) > 0
}

// preview shows streams before the first fence has.
func (b *board) preview(streams []*stream, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.streams) == 0 {
		b.put(streams, now)
	}
}
