package run

import (
	"context"
	"fmt"
	"maps"
	"time"

	"hengjian/warehouse"
)

// Run makes a run whenever the derived positions have moved since the newest run
// and stood still for Settle; with data and no run yet it runs at once. It
// returns when ctx ends; a failed run is logged and tried again after Retry.
func (r *Runner) Run(ctx context.Context) error {
	done, ran, err := r.newestKnown(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(r.config.Poll)
	defer tick.Stop()
	var seen warehouse.Known
	var since, notBefore time.Time
	for {
		now, err := Positions(ctx, r.deps.DB)
		at := r.deps.Now()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.deps.Log.Warn("positions cannot be read", "error", err)
		case len(now) == 0 || (ran && maps.Equal(now, done)):
			seen = nil
		case seen == nil || !maps.Equal(now, seen):
			seen, since = now, at
		}
		if err == nil && seen != nil && !at.Before(notBefore) && (!ran || at.Sub(since) >= r.config.Settle) {
			run, _, err := r.Once(ctx, Request{Reason: "positions moved"})
			if err != nil && ctx.Err() == nil {
				r.deps.Log.Error("run failed", "run", run.ID, "error", err)
				notBefore = r.deps.Now().Add(r.config.Retry)
			}
			if err == nil {
				done, ran, seen = run.Known, true, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// newestKnown returns what the newest run that finished its last family knew.
func (r *Runner) newestKnown(ctx context.Context) (warehouse.Known, bool, error) {
	last := r.deps.Jobs[len(r.deps.Jobs)-1].Name()
	run, found, err := Newest(ctx, r.deps.DB, last)
	if err != nil {
		return nil, false, fmt.Errorf("find where the last run stood: %w", err)
	}
	return run.Known, found, nil
}
