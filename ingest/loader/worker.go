package loader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
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

// worker loads one topic: all its partitions, one INSERT at a time. While a block
// is on its way the next one is fetched and decoded.
type worker struct {
	loader *Loader
	topic  Topic
	db     *warehouse.DB
	log    *slog.Logger
	board  *board
	loaded chan struct{} // closed when the topic was loaded up to what Kafka held at the start
	once   sync.Once
	target []uint64 // what Kafka held at the first fence, by stream

	shared        bool         // own says which partitions are ours
	own           map[int]bool // by partition
	streams       []*stream
	names, hashes []string
	epoch         uint64
	uptime        time.Time // when the fenced server has started
	conn          *ch.Client
	attempts      uint64
	blocks        uint64
	limit         atomic.Int64 // rows per block now
	paused        atomic.Bool
	calm          int          // blocks since it was cut
	hold          hold         // memory that fetched records and blocks take
	turn          atomic.Bool  // the block in hand has one of the budget's turns
	room          atomic.Int64 // bytes of records that the block in hand still takes
}

func newWorker(l *Loader, t Topic) *worker {
	w := &worker{
		loader: l, topic: t, db: l.deps.DB, log: l.deps.Log.With("topic", t.Name), board: &board{topic: t, state: StateWaiting},
		loaded: make(chan struct{}), hold: hold{of: l.budget},
	}
	w.limit.Store(int64(l.config.MaxRows))
	return w
}

// assign says which partitions are ours from now on; nil means all.
func (w *worker) assign(own map[string][]int) {
	w.shared, w.own, w.target = own != nil, map[int]bool{}, nil
	for _, p := range own[w.topic.Name] {
		w.own[p] = true
	}
	w.board.forget()
}

// mine leaves the bounds of the partitions that are ours.
func (w *worker) mine(bounds []broker.Bound) []broker.Bound {
	if !w.shared {
		return bounds
	}
	return slices.DeleteFunc(bounds, func(b broker.Bound) bool { return !w.own[b.Partition] })
}

// follow watches a topic of which no partition is ours until it is loaded by
// others up to what Kafka held at the first look.
func (w *worker) follow(ctx context.Context) error {
	w.board.set(StateStandby)
	w.shared = false // look at all of them
	defer func() { w.shared = true }()
	wait := newPause(w.loader.config)
	for ctx.Err() == nil {
		bounds, err := w.loader.deps.Broker.Bounds(ctx, w.topic.Name)
		if err == nil {
			w.name(bounds)
			if _, _, err = w.look(ctx); err == nil {
				select {
				case <-w.loaded:
					<-ctx.Done()
				default:
				}
			}
		}
		wait.wait(ctx)
	}
	return nil
}

// run owns, loads, and comes back to owning after everything that shook the
// ownership; it returns when ctx ends or going on would be wrong.
func (w *worker) run(ctx context.Context) error {
	defer w.hangUp()
	if w.shared && len(w.own) == 0 {
		return w.follow(ctx)
	}
	wait := newPause(w.loader.config)
	for failed := 0; ctx.Err() == nil; {
		err := w.fence(ctx)
		if err == nil {
			w.board.calm()
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
	bounds = w.mine(bounds)
	if err != nil || len(bounds) < len(w.streams) {
		return false, false, errors.Join(err, ctx.Err())
	}
	next, err := w.positions(ctx, w.streams)
	if err != nil {
		return false, false, err
	}
	for i, s := range w.streams {
		moved = moved || next[i] != s.next
		s.next, s.highWater = next[i], bounds[i].Next
		lag = lag || s.next < s.highWater
	}
	w.board.show(w.streams, w.loader.deps.Now())
	w.noteLoaded()
	return moved, lag, nil
}
