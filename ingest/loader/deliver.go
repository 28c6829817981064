package loader

import (
	"context"
	"fmt"
	"time"

	"hengjian/warehouse"
)

// deliver sends the block until it is answered, always the same block with the
// same token; it returns an error when the fence must come first or the loader
// must end. Afterwards the position has moved.
func (w *worker) deliver(ctx context.Context, b *batch) error {
	if err := w.loader.deps.Hooks.reach(Decoded, w.describe(b)); err != nil {
		return err
	}
	wait := newPause(w.loader.config)
	var previous class
	var short time.Time // since when the warehouse has no room
	defer func() {
		if !short.IsZero() {
			w.loader.metrics.shortage.WithLabelValues(w.topic.Name, causeWarehouse).Add(time.Since(short).Seconds())
		}
	}()
	for equal := 0; ; {
		duplicates, err := w.attempt(ctx, b)
		if err == nil {
			return w.answered(ctx, b, duplicates)
		}
		kind := classify(err)
		w.loader.metrics.failures.WithLabelValues(w.topic.Name, kind.String()).Inc()
		if equal++; kind != previous {
			equal, previous = 1, kind
		}
		if (kind == pressure || kind == memory) && short.IsZero() {
			short = time.Now()
			w.loader.metrics.episodes.WithLabelValues(w.topic.Name, causeWarehouse).Inc()
		}
		w.log.Warn("INSERT failed", "class", kind.String(), "attempt", b.attempt, "reason", reason(err))
		if err := w.answer(ctx, b, kind, equal, err); err != nil {
			return err
		}
		if !wait.wait(ctx) {
			return errStopped
		}
	}
}

// answer decides what a failure asks for: nil means the same block again.
func (w *worker) answer(ctx context.Context, b *batch, kind class, equal int, err error) error {
	switch kind {
	case fenced:
		if equal < equalFailures {
			return w.stillOwner(ctx)
		}
		return &againError{"our INSERTs are ended though the epoch is ours"}
	case connection:
		if equal >= equalFailures {
			w.halve(b)
			return &againError{"five attempts failed alike: " + reason(err)}
		}
		return nil
	case memory:
		w.board.alert("the warehouse is short of memory: " + reason(err))
		if equal >= equalFailures {
			w.halve(b)
			return &againError{"a smaller block may fit"}
		}
		return nil
	case pressure:
		w.board.alert("the warehouse takes no rows now, trying again: " + reason(err))
		return nil
	case data:
		if b.rows == 1 {
			return w.refusedRow(b, err)
		}
		w.cut(b)
		return &againError{"a row is refused by the table: cut smaller to find it"}
	}
	return err
}

// stillOwner reads the epoch after someone ended our INSERT.
func (w *worker) stillOwner(ctx context.Context) error {
	err := w.checkEpoch(ctx)
	if kind := classify(err); err != nil && (kind == lost || kind == again) {
		return err
	}
	return nil
}

// refusedRow names the one record the table does not take.
func (w *worker) refusedRow(b *batch, err error) error {
	code, _ := serverCode(err)
	for i, offset := range b.first {
		return stop(warehouse.Internal, fmt.Sprintf("the table %s refuses the record at offset %d of stream %s (ClickHouse error %d): contract and table differ, run `hengjian check`", w.topic.Table, offset, w.streams[i].name, code), err)
	}
	return stop(warehouse.Internal, fmt.Sprintf("the table %s refuses a record (ClickHouse error %d): run `hengjian check`", w.topic.Table, code), err)
}

// cut makes the coming blocks half as long as this one.
func (w *worker) cut(b *batch) {
	w.limit.Store(int64(max(1, b.rows/2)))
	w.calm = 0
}

// halve cuts the coming blocks to half of this one.
func (w *worker) halve(b *batch) {
	w.cut(b)
	w.log.Warn("blocks are cut to half", "rows", w.limit.Load())
}

// attempt sends once. A stop of the loader gives the attempt its grace.
func (w *worker) attempt(ctx context.Context, b *batch) (int64, error) {
	one, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.loader.config.InsertTimeout)
	defer cancel()
	undo := context.AfterFunc(ctx, func() { time.AfterFunc(w.loader.config.Grace, cancel) })
	defer undo()
	duplicates, err := w.send(one, b)
	if err != nil {
		return 0, err
	}
	return duplicates, w.loader.deps.Hooks.reach(Unanswered, w.describe(b))
}

// holds looks whether the log holds the rows of a block that the server has dropped
// as known. Another owner may have gone on meanwhile, and the look itself may fail:
// both ask for the fence, and for no alarm.
func (w *worker) holds(ctx context.Context, b *batch) error {
	next, err := w.positions(ctx, w.streams)
	if err != nil {
		return &againError{"the log cannot be read: " + reason(err)}
	}
	for i, last := range b.last {
		switch {
		case next[i] <= last:
			text := "a block was dropped as known although its rows are not in the log: nobody may delete from " + w.topic.Table
			w.board.stand(text)
			return &againError{text}
		case next[i] > last+1:
			return &againError{"another owner has gone on from this block"}
		}
	}
	return nil
}

// answered moves the position. A block that the server has dropped as known is
// counted, and the log must hold its rows: else rows were deleted behind our
// back and the position must be read again.
func (w *worker) answered(ctx context.Context, b *batch, duplicates int64) error {
	if duplicates > 0 {
		w.loader.metrics.duplicates.WithLabelValues(w.topic.Name).Add(float64(duplicates))
		w.log.Info("block was known", "attempt", b.attempt)
		if err := w.holds(ctx, b); err != nil {
			return err
		}
	}
	now := w.loader.deps.Now()
	for i, last := range b.last {
		s := w.streams[i]
		s.next = last + 1
		w.board.moved(i, s.next, now)
		w.loader.metrics.next.WithLabelValues(w.topic.Name, itoa(s.partition)).Set(float64(s.next))
	}
	w.loader.metrics.rows.WithLabelValues(w.topic.Name).Add(float64(b.rows))
	w.loader.metrics.batches.WithLabelValues(w.topic.Name).Inc()
	if b.attempt > 1 {
		w.board.calm()
	}
	if w.calm++; w.limit.Load() < int64(w.loader.config.MaxRows) && w.calm >= calmBlocks {
		w.limit.Store(min(w.limit.Load()*2, int64(w.loader.config.MaxRows)))
		w.calm = 0
	}
	w.noteLoaded()
	for _, c := range b.chunks {
		c.block.Refusals(func(reason string, rows int) {
			w.loader.metrics.refused.WithLabelValues(w.topic.Name, reason).Add(float64(rows))
		})
	}
	w.loader.metrics.size.WithLabelValues(w.topic.Name).Observe(float64(b.rows))
	return w.loader.deps.Hooks.reach(Answered, w.describe(b))
}
