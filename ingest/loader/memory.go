package loader

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// budget bounds what the records of all topics take.
type budget struct {
	size int64
	free *semaphore.Weighted
}

func newBudget(size int64) *budget { return &budget{size, semaphore.NewWeighted(size)} }

// hold is what one topic has taken of the budget.
type hold struct {
	of    *budget
	bytes atomic.Int64
}

// take waits until so many bytes are free; false when ctx ended. waited says for
// how long memory was short.
func (h *hold) take(ctx context.Context, bytes int64) (taken int64, waited time.Duration, ok bool) {
	bytes = min(max(bytes, 1), h.of.size)
	if !h.of.free.TryAcquire(bytes) {
		begun := time.Now()
		if err := h.of.free.Acquire(ctx, bytes); err != nil {
			return 0, time.Since(begun), false
		}
		waited = time.Since(begun)
	}
	h.bytes.Add(bytes)
	return bytes, waited, true
}

// free gives bytes back, at most what is held.
func (h *hold) free(bytes int64) {
	for {
		held := h.bytes.Load()
		give := min(bytes, held)
		if give <= 0 {
			return
		}
		if h.bytes.CompareAndSwap(held, held-give) {
			h.of.free.Release(give)
			return
		}
	}
}

// freeAll gives everything back.
func (h *hold) freeAll() { h.free(h.bytes.Load()) }
