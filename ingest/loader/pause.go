package loader

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pause is a growing wait with jitter between attempts.
type pause struct{ steps *backoff.ExponentialBackOff }

func newPause(c Config) *pause {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = c.PauseMin, c.PauseMax
	return &pause{b}
}

// wait waits; false when ctx ended.
func (p *pause) wait(ctx context.Context) bool {
	timer := time.NewTimer(p.steps.NextBackOff())
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (p *pause) reset() { p.steps.Reset() }
