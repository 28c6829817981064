package loader

import (
	"context"
	"fmt"
	"time"

	"hengjian/ingest/regular"
	"hengjian/warehouse"
)

// SetPaused writes that the loading of a topic rests or goes on, by whom and why.
// Running loaders follow within Config.ControlPoll; a pause outlives restarts.
// Records stay in Kafka meanwhile, so its retention bounds how long a pause may be.
func SetPaused(ctx context.Context, db *warehouse.DB, topic string, paused bool, account, reason string) error {
	batch, err := db.PrepareBatch(ctx, "INSERT INTO ingest_pause (topic, paused, reason, account)")
	if err != nil {
		return fmt.Errorf("write the pause of %s: %w", topic, err)
	}
	flag := uint8(0)
	if paused {
		flag = 1
	}
	if err := batch.Append(topic, flag, reason, account); err != nil {
		return fmt.Errorf("write the pause of %s: %w", topic, err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the pause of %s: %w", topic, err)
	}
	return nil
}

// readPaused returns the topics that rest, with the reason.
func readPaused(ctx context.Context, db *warehouse.DB) (map[string]string, error) {
	rows, err := db.Query(ctx, "SELECT toString(topic), paused, reason FROM ingest_pause ORDER BY written DESC LIMIT 1 BY topic")
	if err != nil {
		return nil, fmt.Errorf("read the pauses: %w", err)
	}
	defer rows.Close()
	paused := map[string]string{}
	for rows.Next() {
		var topic, reason string
		var flag uint8
		if err := rows.Scan(&topic, &flag, &reason); err != nil {
			return nil, fmt.Errorf("read the pauses: %w", err)
		}
		if flag == 1 {
			paused[topic] = reason
		}
	}
	return paused, rows.Err()
}

// control follows what SetPaused has written until ctx ends. While the warehouse
// does not answer, what was known last holds.
func (l *Loader) control(ctx context.Context) {
	regular.Run(ctx, 0, l.config.ControlPoll, func(ctx context.Context) { //nolint:errcheck // it ends with ctx alone
		paused, err := readPaused(ctx, l.deps.DB)
		if err != nil {
			return
		}
		for _, w := range l.workers {
			reason, rests := paused[w.topic.Name]
			if w.paused.Swap(rests) == rests {
				continue
			}
			l.deps.Log.Warn("loading is paused or goes on", "topic", w.topic.Name, "paused", rests, "reason", reason)
			w.board.rest(rests)
		}
	})
}

// rested waits while the topic is paused; false when ctx ended.
func (w *worker) rested(ctx context.Context) bool {
	if !w.paused.Load() {
		return ctx.Err() == nil
	}
	tick := time.NewTicker(w.loader.config.ControlPoll)
	defer tick.Stop()
	for w.paused.Load() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return ctx.Err() == nil
}
