package loader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ClickHouse/ch-go"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
)

// The numbers of the error classes: how often the same failure may come before
// the block is cut anew, and how many blocks must pass before it grows again.
const (
	equalFailures = 5
	calmBlocks    = 10
)

// worker loads one topic: all its partitions, one block at a time.
type worker struct {
	loader *Loader
	topic  Topic
	db     *warehouse.DB
	log    *slog.Logger
	board  *board
	loaded chan struct{} // closed when the topic was loaded up to what Kafka held at the start
	once   sync.Once
	target []uint64 // what Kafka held at the first fence, by stream

	streams       []*stream
	names, hashes []string
	epoch         uint64
	uptime        time.Time // when the fenced server has started
	standing      string    // alarm that stays, such as a gap
	conn          *ch.Client
	attempts      uint64
	blocks        uint64
	block         Block
	limit, calm   int // rows per block now; blocks since it was cut
}

func newWorker(l *Loader, t Topic) *worker {
	return &worker{
		loader: l, topic: t, db: l.deps.DB, log: l.deps.Log.With("topic", t.Name), board: &board{topic: t, state: StateWaiting},
		loaded: make(chan struct{}), limit: l.config.MaxRows, block: t.Decoder.NewBlock(),
	}
}

// run owns, loads, and comes back to owning after everything that shook the
// ownership; it returns when ctx ends or going on would be wrong.
func (w *worker) run(ctx context.Context) error {
	defer w.hangUp()
	wait := newPause(w.loader.config)
	for failed := 0; ctx.Err() == nil; {
		err := w.fence(ctx)
		if err == nil {
			w.board.alert(w.standing)
			w.board.set(StateLoading)
			failed = 0
			wait.reset()
			w.noteLoaded()
			err = w.load(ctx)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
		w.hangUp()
		kind := classify(err)
		w.loader.metrics.failures.WithLabelValues(w.topic.Name, kind.String()).Inc()
		switch kind {
		case ended:
			return err
		case schema:
			return w.misfit(err)
		case lost:
			w.log.Warn("another loader owns the streams, standing by")
			w.standby(ctx)
		default:
			w.log.Warn("back to the fence", "class", kind.String(), "reason", reason(err))
			if failed++; failed >= 3 {
				w.board.alert(reason(err))
			}
			wait.wait(ctx)
		}
	}
	return nil
}

// misfit is the sentence for tables, rights and settings that do not fit.
func (w *worker) misfit(err error) error {
	code, _ := serverCode(err)
	return stop(warehouse.Invalid, fmt.Sprintf("the table %s does not take what the contract says, or the account may not write it (ClickHouse error %d): run `hengjian check` and look at the account's rights", w.topic.Table, code), err)
}

// load fetches, decodes and sends until ctx ends (nil) or the fence is needed.
func (w *worker) load(ctx context.Context) error {
	fetching, cancel := context.WithCancel(ctx)
	deliveries := make(chan delivery)
	var fetchers sync.WaitGroup
	for i, s := range w.streams {
		from := s.next
		fetchers.Go(func() { w.fetch(fetching, i, from, deliveries) })
	}
	defer fetchers.Wait()
	defer cancel()
	w.block.Reset()
	b := w.newBatch()
	linger := time.NewTimer(time.Hour)
	defer linger.Stop()
	for {
		d, ok := next(ctx, deliveries, linger, w.block.Rows() > 0)
		if ctx.Err() != nil {
			return nil
		}
		if d.err != nil {
			return d.err
		}
		if !ok {
			if err := w.deliver(ctx, b); err != nil {
				return err
			}
			b = w.newBatch()
			continue
		}
		if w.block.Rows() == 0 {
			linger.Reset(w.loader.config.Linger)
		}
		var err error
		if b, err = w.fill(ctx, b, d); err != nil {
			return err
		}
	}
}

// next returns a delivery that is at hand, or waits for one; false when a block
// with rows has lingered long enough.
func next(ctx context.Context, deliveries <-chan delivery, linger *time.Timer, rows bool) (delivery, bool) {
	select {
	case d := <-deliveries:
		return d, true
	default:
	}
	timer := linger.C
	if !rows {
		timer = nil
	}
	select {
	case d := <-deliveries:
		return d, true
	case <-timer:
		return delivery{}, false
	case <-ctx.Done():
		return delivery{}, false
	}
}

// fill decodes a delivery into the block and sends whenever the block is full.
func (w *worker) fill(ctx context.Context, b *batch, d delivery) (*batch, error) {
	s := w.streams[d.index]
	for i := range d.records {
		r := &d.records[i]
		if r.Offset < s.cursor {
			continue
		}
		if r.Offset > s.cursor {
			if err := w.declareGap(ctx, s, s.cursor, r.Offset-1, "Kafka skips these offsets"); err != nil {
				return b, err
			}
		}
		if err := w.decode(ctx, b, d.index, r); err != nil {
			return b, err
		}
		s.cursor = r.Offset + 1
		if w.block.Rows() < w.limit && w.block.Bytes() < w.loader.config.MaxBytes {
			continue
		}
		if err := w.deliver(ctx, b); err != nil {
			return b, err
		}
		b = w.newBatch()
	}
	return b, nil
}

// decode appends one record as one row; what fails here is never the record.
func (w *worker) decode(ctx context.Context, b *batch, index int, r *broker.Record) error {
	wait, failed := newPause(w.loader.config), false
	before := w.block.Rows()
	at := Coordinates{Stream: w.streams[index].name, Offset: r.Offset, Topic: w.topic.Name, Landed: b.landed, Batch: b.name}
	headers := make([]Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = Header{Key: h.Key, Value: h.Value}
	}
	for {
		err := w.topic.Decoder.Append(ctx, w.block, at, r.Key, r.Value, headers)
		if err == nil && w.block.Rows() == before+1 {
			break
		}
		if w.block.Rows() != before {
			return stop(warehouse.Internal, fmt.Sprintf("the decoder of %s made %d rows of one record", w.topic.Name, w.block.Rows()-before), err)
		}
		if err == nil {
			return stop(warehouse.Internal, fmt.Sprintf("the decoder of %s made no row of a record", w.topic.Name), nil)
		}
		w.board.alert("records cannot be sealed: " + err.Error())
		if !failed {
			w.log.Error("records cannot be decoded for now", "error", err)
		}
		failed = true
		if !wait.wait(ctx) {
			return errStopped
		}
	}
	if failed {
		w.board.alert(w.standing)
	}
	if _, ok := b.first[index]; !ok {
		b.first[index] = r.Offset
	}
	b.last[index] = r.Offset
	return nil
}

// noteLoaded closes loaded once the position has reached what Kafka held at the
// first look.
func (w *worker) noteLoaded() {
	if w.target == nil {
		for _, s := range w.streams {
			w.target = append(w.target, s.highWater)
		}
	}
	for i, s := range w.streams {
		if i < len(w.target) && s.next < w.target[i] {
			return
		}
	}
	w.once.Do(func() { close(w.loaded) })
}

// standby watches the positions while another loader owns the streams; it
// returns when records wait and nothing has moved for the patience.
func (w *worker) standby(ctx context.Context) {
	w.board.set(StateStandby)
	tick := time.NewTicker(w.loader.config.StandbyPoll)
	defer tick.Stop()
	still := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		moved, lag, err := w.look(ctx)
		if err != nil || moved || !lag {
			still = time.Now()
		} else if time.Since(still) > w.loader.config.Patience {
			w.log.Warn("the owner has not moved, taking over")
			return
		}
	}
}

// look reads positions and bounds without owning anything.
func (w *worker) look(ctx context.Context) (moved, lag bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, w.loader.config.FenceTimeout)
	defer cancel()
	bounds, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
	if err != nil || len(bounds) < len(w.streams) {
		return false, false, errors.Join(err, ctx.Err())
	}
	for i, s := range w.streams {
		next, err := w.position(ctx, s.name)
		if err != nil {
			return false, false, err
		}
		moved = moved || next != s.next
		s.next, s.highWater = next, bounds[i].Next
		lag = lag || s.next < s.highWater
	}
	w.board.show(w.streams, w.loader.deps.Now())
	w.noteLoaded()
	return moved, lag, nil
}
