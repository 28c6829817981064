package loader

import (
	"context"
	"errors"
	"sync/atomic"

	"hengjian/ingest/broker"
)

// delivery is what one fetch brought of one stream, or why there will be no more.
type delivery struct {
	index int
	lot   *lot
	more  bool // Kafka holds more of this stream
	err   error
}

// lot is the records of one fetch; their memory is given back when the last piece
// of them is decoded.
type lot struct {
	fetched broker.Fetched
	pieces  atomic.Int64 // that are not decoded yet, and one more until all are cut
}

func (l *lot) done() {
	if l.pieces.Add(-1) == 0 {
		l.fetched.Release()
	}
}

// idleBytes is asked for where nothing waits, so that many quiet partitions do
// not hold memory; minBytes is the least that is asked for where records wait;
// firstSwell is how much larger than on the wire records are taken to be before
// the first answer has shown it; records are held as they came and decoded, which
// is twice.
const (
	idleBytes  = 64 << 10
	minBytes   = 32 << 10
	firstSwell = 4
	twice      = 2
)

// want is how many bytes of records one fetch may bring: its part of what the
// block in hand still takes, or little where it is not the topic's turn.
func (w *worker) want() int64 {
	if !w.turn.Load() {
		return w.loader.budget.share()
	}
	return max(w.loader.budget.share(), w.room.Load()/int64(len(w.streams)))
}

// fetch asks for the records of one stream from an offset on and hands them
// over, one answer at a time: while the worker is busy or memory is short nothing
// is fetched.
func (w *worker) fetch(ctx context.Context, index int, from uint64, out chan<- delivery) {
	s, c := w.streams[index], w.loader.config
	pause := newPause(c)
	failed := 0
	hand := func(d delivery) bool {
		select {
		case out <- d:
			return true
		case <-ctx.Done():
			return false
		}
	}
	behind, swell := s.highWater > from, int64(firstSwell)
	for w.rested(ctx) {
		ask := min(c.FetchBytes, idleBytes)
		if behind {
			ask = min(c.FetchBytes, max(minBytes, w.want()/swell))
		}
		taken, waited, ok := w.hold.take(ctx, ask*swell*twice)
		if waited > 0 {
			w.loader.metrics.held(w.topic.Name, waited)
		}
		if !ok {
			return
		}
		f, err := w.loader.deps.Broker.Fetch(ctx, w.topic.Name, s.partition, from, ask, c.FetchWait)
		if spare := taken - int64(f.Bytes)*twice; spare > 0 {
			w.hold.free(spare)
		}
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, broker.ErrOutOfRange):
			hand(delivery{index: index, err: &againError{"the offset asked for is not in Kafka"}})
			return
		case err != nil:
			if failed++; failed == 3 {
				w.board.alert(err.Error())
				w.log.Warn("Kafka does not answer", "partition", s.partition, "error", err, "cause", errors.Unwrap(err))
			}
			pause.wait(ctx)
			continue
		}
		if failed >= 3 {
			w.board.calm()
		}
		failed = 0
		w.loader.metrics.lag.WithLabelValues(w.topic.Name, itoa(s.partition)).Set(float64(w.board.highWater(index, f.Next)))
		if len(f.Records) == 0 {
			f.Release()
			if f.Next > from { // nothing but marks of transactions
				pause.wait(ctx)
			}
			continue
		}
		pause.reset()
		if behind {
			swell = max(1, (int64(f.Bytes)+ask-1)/ask)
		}
		from = f.Records[len(f.Records)-1].Offset + 1
		behind = f.Next > from
		l := &lot{fetched: f}
		l.pieces.Store(1)
		if !hand(delivery{index: index, lot: l, more: behind}) {
			return
		}
	}
}
