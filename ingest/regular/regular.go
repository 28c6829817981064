// Package regular owns the loop of work that looks now and then (定时任务). It
// promises that one look ends before the next begins and that the pause is
// counted from the end of a look. It never ends because a look failed: telling
// of a failure is the look's own matter.
package regular

import (
	"context"
	"time"
)

// Run calls look after the time first and then again after every pause, until
// ctx ends; it returns nil then.
func Run(ctx context.Context, first, pause time.Duration, look func(context.Context)) error {
	timer := time.NewTimer(first)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		look(ctx)
		timer.Reset(pause)
	}
}
