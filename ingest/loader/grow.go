package loader

import (
	"context"
	"time"
)

// growthLooks is after how many looks for pauses one looks for new partitions.
const growthLooks = 5

// grow watches whether Kafka has more partitions of a topic than were fenced,
// and sends the load back to the fence, which takes them in. A group is told of
// new partitions by Kafka.
func (w *worker) grow(ctx context.Context, deliveries chan<- delivery) {
	if w.shared {
		return
	}
	tick := time.NewTicker(growthLooks * w.loader.config.ControlPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		bounds, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
		if err != nil || len(bounds) <= len(w.streams) {
			continue // a broker that is down is the fetchers' to tell
		}
		select {
		case deliveries <- delivery{err: &againError{"Kafka has more partitions"}}:
		case <-ctx.Done():
		}
		return
	}
}
