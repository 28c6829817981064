package regular

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestRunLooksAfterEveryPause counts looks, each of which takes a while, on a
// clock of the test's own.
func TestRunLooksAfterEveryPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		var at []time.Duration
		err := Run(ctx, time.Minute, 3*time.Minute, func(context.Context) {
			at = append(at, time.Since(begun))
			time.Sleep(30 * time.Second)
		})
		want := []time.Duration{time.Minute, 4*time.Minute + 30*time.Second, 8 * time.Minute}
		if err != nil || len(at) != len(want) || at[0] != want[0] || at[1] != want[1] || at[2] != want[2] {
			t.Errorf("looks at %v (%v), want %v", at, err, want)
		}
	})
}
