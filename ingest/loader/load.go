package loader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
)

const (
	chunkRows     = 4096 // records that are decoded in one piece
	blocksPerTurn = 8    // in a row of one topic with a backlog, so that they use the memory of one another
	patient       = 10   // how many times longer a block waits while more is known to come
)

// load fetches, decodes and sends until ctx ends (nil) or the fence is needed.
func (w *worker) load(ctx context.Context) error {
	running, cancel := context.WithCancel(ctx)
	p := &pipeline{worker: w, running: running, deliveries: make(chan delivery), full: make(chan *batch), linger: time.NewTimer(time.Hour)}
	defer w.hold.freeAll()
	var others sync.WaitGroup
	defer others.Wait()
	defer cancel()
	w.loader.budget.streams.Add(int64(len(w.streams)))
	defer w.loader.budget.streams.Add(-int64(len(w.streams)))
	p.more = make([]bool, len(w.streams))
	for i, s := range w.streams {
		from := s.next
		others.Go(func() { w.fetch(running, i, from, p.deliveries) })
	}
	others.Go(func() { w.grow(running, p.deliveries) })
	others.Go(func() {
		p.failure = p.send(ctx)
		cancel()
	})
	err := p.fill()
	w.endTurn()
	close(p.full)
	cancel()
	others.Wait()
	if p.failure == nil && ctx.Err() != nil {
		return nil
	}
	return errors.Join(p.failure, err)
}

// pipeline is one load: fetchers fill deliveries, fill cuts them into blocks
// whose chunks the crew decodes, send sends one block after the other.
type pipeline struct {
	worker     *worker
	running    context.Context
	deliveries chan delivery
	full       chan *batch
	more       []bool // by stream: Kafka holds more than was fetched
	linger     *time.Timer
	since      time.Time // when the block in hand got its first record
	blocks     int       // handed over so far
	failure    error     // of send, once it has ended
}

// send takes full blocks in their order; it returns at the first failure.
func (p *pipeline) send(ctx context.Context) error {
	w := p.worker
	for b := range p.full {
		if whole, err := p.decoded(b); err != nil || !whole || ctx.Err() != nil {
			return err
		}
		if err := w.deliver(ctx, b); err != nil {
			return err
		}
		for _, c := range b.chunks {
			w.hold.free(c.held)
			w.loader.budget.keep(w, c.block)
		}
	}
	return nil
}

// decoded waits for the chunks of a block and joins them; false when the load
// has ended before.
func (p *pipeline) decoded(b *batch) (bool, error) {
	blocks := make([]Block, len(b.chunks))
	for i, c := range b.chunks {
		select {
		case <-c.done:
		case <-p.running.Done():
			return false, nil
		}
		if errors.Is(c.err, errStopped) {
			return false, nil
		}
		if c.err != nil {
			return false, c.err
		}
		blocks[i] = c.block
	}
	var err error
	if b.input, err = p.worker.topic.Decoder.Join(blocks); err != nil {
		return false, stop(warehouse.Internal, "the decoder of "+p.worker.topic.Name+" cannot join its blocks", err)
	}
	return true, nil
}

// fill takes deliveries until the load ends; nil then.
func (p *pipeline) fill() error {
	w := p.worker
	b := w.newBatch()
	defer p.linger.Stop()
	for {
		d, ok := next(p.running, p.deliveries, p.linger, b.rows > 0 || w.turn.Load())
		if p.running.Err() != nil {
			return nil
		}
		if d.err != nil {
			return d.err
		}
		if !ok && b.rows == 0 { // nothing comes: others may fill
			w.endTurn()
			continue
		}
		if !ok {
			if p.early(b) {
				p.linger.Reset(w.loader.config.Linger)
				continue
			}
			if b = p.hand(b); b == nil {
				return nil
			}
			continue
		}
		p.more[d.index] = d.more
		if d.more && !w.takeTurn(p.running) {
			return nil
		}
		if b.rows == 0 {
			p.linger.Reset(w.loader.config.Linger)
			p.since = time.Now()
		}
		var err error
		if b, err = p.take(b, d); err != nil || b == nil {
			return err
		}
		if !slices.Contains(p.more, true) {
			w.endTurn() // the last block of a backlog lingers without one
		}
	}
}

// takeTurn waits until this topic may fill a block from its backlog; false when
// ctx has ended. A topic that waits holds one small fetch per stream.
func (w *worker) takeTurn(ctx context.Context) bool {
	if w.turn.Load() {
		return true
	}
	if w.loader.budget.turns.Acquire(ctx, 1) != nil {
		return false
	}
	w.turn.Store(true)
	return true
}

func (w *worker) endTurn() {
	if w.turn.Swap(false) {
		w.loader.budget.turns.Release(1)
	}
}

// early reports whether a block that has lingered should wait on: more is known
// to come, and there is memory for it or the block is small.
func (p *pipeline) early(b *batch) bool {
	w := p.worker
	if !slices.Contains(p.more, true) || time.Since(p.since) >= patient*w.loader.config.Linger {
		return false
	}
	return w.hold.waiting.Load() == 0 || b.bytes < w.loader.budget.size/16
}

// hand gives a block to send and begins the next; nil when the load has ended. A
// topic whose blocks are not answered does not keep its turn from the others.
func (p *pipeline) hand(b *batch) *batch {
	w := p.worker
	stuck := time.AfterFunc(patient*w.loader.config.Linger, w.endTurn)
	defer stuck.Stop()
	select {
	case p.full <- b:
		if p.blocks++; p.blocks%blocksPerTurn == 0 {
			w.endTurn()
		}
		w.room.Store(int64(w.loader.config.MaxBytes))
		p.linger.Reset(w.loader.config.Linger)
		return w.newBatch()
	case <-p.running.Done():
		return nil
	}
}

// next returns a delivery that is at hand, or waits for one; false when a block
// with rows, or an unused turn, has lingered long enough.
func next(ctx context.Context, deliveries <-chan delivery, linger *time.Timer, lingers bool) (delivery, bool) {
	select {
	case d := <-deliveries:
		return d, true
	default:
	}
	timer := linger.C
	if !lingers {
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

// take cuts a delivery into chunks of the block and hands the block over when
// it is full. The block it returns is nil when the load has ended.
func (p *pipeline) take(b *batch, d delivery) (*batch, error) {
	w := p.worker
	s := w.streams[d.index]
	defer d.lot.done()
	for records := d.lot.fetched.Records; len(records) > 0; {
		r := &records[0]
		if r.Offset < s.cursor {
			w.hold.free(r.Size() * twice)
			records = records[1:]
			continue
		}
		if r.Offset > s.cursor {
			if err := w.declareGap(p.running, s, s.cursor, r.Offset-1, "Kafka skips these offsets"); err != nil {
				return b, err
			}
			s.cursor = r.Offset
		}
		n, bytes := p.cut(b, records)
		c := &chunk{worker: w, running: p.running, index: d.index, stream: s.name, lot: d.lot, records: records[:n:n], bytes: bytes, held: bytes * twice, name: b.name, landed: b.landed, done: make(chan struct{})}
		d.lot.pieces.Add(1)
		b.add(c)
		w.room.Store(p.room(b))
		select {
		case w.loader.crew <- c:
		case <-p.running.Done():
			return nil, nil
		}
		s.cursor = records[n-1].Offset + 1
		records = records[n:]
		if int64(b.rows) < w.limit.Load() && b.bytes < int64(w.loader.config.MaxBytes) {
			continue
		}
		if b = p.hand(b); b == nil {
			return nil, nil
		}
	}
	return b, nil
}

// room is about how many bytes of records a block still takes.
func (p *pipeline) room(b *batch) int64 {
	w := p.worker
	rows := w.limit.Load() - int64(b.rows)
	return max(0, min(int64(w.loader.config.MaxBytes)-b.bytes, rows*b.bytes/int64(max(1, b.rows))))
}

// cut says how many of the records, which begin at the cursor, make the next
// chunk: no more than the block has room for, and none behind a gap.
func (p *pipeline) cut(b *batch, records []broker.Record) (n int, bytes int64) {
	room := max(1, min(int(p.worker.limit.Load())-b.rows, chunkRows, len(records)))
	for n < room && (n == 0 || (records[n].Offset == records[n-1].Offset+1 && b.bytes+bytes < int64(p.worker.loader.config.MaxBytes))) {
		bytes += records[n].Size()
		n++
	}
	return n, bytes
}

func (b *batch) add(c *chunk) {
	first, last := c.records[0].Offset, c.records[len(c.records)-1].Offset
	if _, ok := b.first[c.index]; !ok {
		b.first[c.index] = first
	}
	b.last[c.index] = last
	b.chunks = append(b.chunks, c)
	b.rows += len(c.records)
	b.bytes += c.bytes
}

// takeBlock returns an empty block, one that was used before if there is one.
func (w *worker) takeBlock(d Decoder) Block {
	if b := w.loader.budget.use(w); b != nil {
		b.Reset()
		return b
	}
	return d.NewBlock()
}

// chunk is a run of records of one stream without a gap, and the block they
// become.
type chunk struct {
	worker  *worker
	running context.Context
	index   int
	stream  string
	lot     *lot
	records []broker.Record
	bytes   int64  // of the records
	held    int64  // of the budget
	name    string // of the block it belongs to
	landed  time.Time
	block   Block
	err     error
	done    chan struct{} // closed when block or err is there
}

// crewman decodes chunks of all topics until ctx ends. Chunks of one block are
// decoded by several at once and joined in their order, so the same records give
// the same block.
func (l *Loader) crewman(ctx context.Context) {
	decoders := map[*worker]Decoder{}
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-l.crew:
			d := decoders[c.worker]
			if d == nil {
				d = c.worker.topic.Decoder.Fork()
				decoders[c.worker] = d
			}
			c.block = c.worker.takeBlock(d)
			d.Grow(c.block, len(c.records), int(c.bytes))
			c.err = c.decode(d)
			c.records = nil
			c.lot.done()
			c.shrink()
			close(c.done)
		}
	}
}

// shrink holds no more than the decoded rows take.
func (c *chunk) shrink() {
	if spare := c.held - int64(c.block.Bytes()); spare > 0 {
		c.held -= spare
		c.worker.hold.free(spare)
	}
}

// decode makes one row of each record.
func (c *chunk) decode(d Decoder) error {
	w := c.worker
	at := Coordinates{Stream: c.stream, Topic: w.topic.Name, Landed: c.landed, Batch: c.name}
	for i := range c.records {
		r := &c.records[i]
		at.Offset = r.Offset
		headers := make([]Header, len(r.Headers))
		for n, h := range r.Headers {
			headers[n] = Header{Key: h.Key, Value: h.Value}
		}
		before := c.block.Rows()
		err := d.Append(c.running, c.block, at, r.Key, r.Value, headers)
		if err != nil && c.block.Rows() == before {
			err = c.again(d, at, r, headers, err)
		}
		if c.block.Rows() == before+1 && err == nil {
			continue
		}
		if err != nil && c.running.Err() != nil {
			return errStopped
		}
		return stop(warehouse.Internal, fmt.Sprintf("the decoder of %s made %d rows of one record", w.topic.Name, c.block.Rows()-before), err)
	}
	return nil
}

// again tries a record until what is broken, which is never the record, works.
func (c *chunk) again(d Decoder, at Coordinates, r *broker.Record, headers []Header, err error) error {
	w, before := c.worker, c.block.Rows()
	wait := newPause(w.loader.config)
	w.log.Error("records cannot be decoded for now", "error", err)
	for err != nil && c.block.Rows() == before {
		w.board.alert("records cannot be sealed: " + err.Error())
		if !wait.wait(c.running) {
			return errStopped
		}
		err = d.Append(c.running, c.block, at, r.Key, r.Value, headers)
	}
	w.board.calm()
	return err
}
