package simulate

import (
	"context"

	"github.com/segmentio/kafka-go"
)

// resumed drops what a topic holds already.
type resumed struct {
	sink  Sink
	left  map[string][]uint64 // messages still to drop, by topic and partition
	parts map[string][]int
	hash  kafka.Hash
}

// Resume continues an Emit that was cut off: of each topic it drops the first
// have[topic][p] messages that the hash of the key routes to partition p and
// passes the rest on to sink. This is exact only for the same Config, since the
// same seed gives the same bytes, and for a topic with len(have[topic]) partitions
// that nobody else wrote to. have is not changed; a topic it lacks is sent whole.
func Resume(sink Sink, have map[string][]uint64) Sink {
	r := &resumed{sink: sink, left: map[string][]uint64{}, parts: map[string][]int{}}
	for topic, counts := range have {
		r.left[topic] = append([]uint64(nil), counts...)
		for p := range counts {
			r.parts[topic] = append(r.parts[topic], p)
		}
	}
	return r
}

// Put drops the message or passes it on.
func (r *resumed) Put(ctx context.Context, topic string, key, value []byte) error {
	if left := r.left[topic]; len(left) > 0 {
		if p := r.hash.Balance(kafka.Message{Key: key}, r.parts[topic]...); left[p] > 0 {
			left[p]--
			return nil
		}
	}
	return r.sink.Put(ctx, topic, key, value)
}
