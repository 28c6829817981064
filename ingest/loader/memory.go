package loader

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// budget bounds what the records of all topics take, as they came and decoded.
type budget struct {
	size    int64
	free    *semaphore.Weighted
	streams atomic.Int64        // that fetch from it
	turns   *semaphore.Weighted // topics with a backlog that fill a block at the same time
	mu      sync.Mutex
	spare   []spareBlock // oldest first; beside size
	kept    int64        // bytes of spare
}

// spareBlock is an empty block that keeps its memory.
type spareBlock struct {
	of    *worker
	block Block
	bytes int64
}

func newBudget(size int64, turns int) *budget {
	return &budget{size: size, free: semaphore.NewWeighted(size), turns: semaphore.NewWeighted(int64(turns))}
}

// share is what one fetch may bring while its topic has no turn: all of them
// together an eighth.
func (b *budget) share() int64 { return b.size / 8 / max(1, b.streams.Load()) }

// keep takes a block to be used again, and drops the oldest ones where it is too
// much.
func (b *budget) keep(w *worker, block Block) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := spareBlock{w, block, int64(block.Bytes())}
	b.spare, b.kept = append(b.spare, one), b.kept+one.bytes
	dropped := 0
	for ; b.kept > b.size/2 && dropped < len(b.spare); dropped++ {
		b.kept -= b.spare[dropped].bytes
	}
	b.spare = slices.Delete(b.spare, 0, dropped)
}

// use gives the block of a worker that was kept last, nil when there is none.
func (b *budget) use(w *worker) Block {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.spare) - 1; i >= 0; i-- {
		if one := b.spare[i]; one.of == w {
			b.spare, b.kept = slices.Delete(b.spare, i, i+1), b.kept-one.bytes
			return one.block
		}
	}
	return nil
}

// hold is what one topic has taken of the budget.
type hold struct {
	of      *budget
	bytes   atomic.Int64
	waiting atomic.Int64 // fetchers of the topic for which there is not enough
}

// take waits until so many bytes are free; false when ctx ended. waited says for
// how long memory was short.
func (h *hold) take(ctx context.Context, bytes int64) (taken int64, waited time.Duration, ok bool) {
	bytes = min(max(bytes, 1), h.of.size)
	if !h.of.free.TryAcquire(bytes) {
		begun := time.Now()
		h.waiting.Add(1)
		defer h.waiting.Add(-1)
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
