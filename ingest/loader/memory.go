package loader

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// budget bounds what the records of all topics take.
type budget struct {
	size    int64
	free    *semaphore.Weighted
	streams atomic.Int64 // that fetch from it
	waiting atomic.Int64 // fetchers for which there is not enough
	spare   atomic.Int64 // bytes of empty blocks kept for use again, beside size
}

func newBudget(size int64) *budget { return &budget{size: size, free: semaphore.NewWeighted(size)} }

// share is what one fetch may bring: all of them together a quarter, so that
// blocks grow.
func (b *budget) share() int64 { return b.size / 4 / max(1, b.streams.Load()) }

// keep reports whether so many bytes of an empty block may be kept.
func (b *budget) keep(bytes int64) bool {
	if b.spare.Add(bytes) <= b.size/4 {
		return true
	}
	b.spare.Add(-bytes)
	return false
}

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
		h.of.waiting.Add(1)
		defer h.of.waiting.Add(-1)
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
