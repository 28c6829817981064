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
	chunkRows   = 4096 // records that are decoded in one piece
	spareBlocks = 32   // empty blocks that a topic keeps at most
	patient     = 10   // how many times longer a block waits while more is known to come
)

// load fetches, decodes and sends until ctx ends (nil) or the fence is needed.
func (w *worker) load(ctx context.Context) error {
	running, cancel := context.WithCancel(ctx)
	p := &pipeline{worker: w, running: running, deliveries: make(chan delivery), full: make(chan *batch)}
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
	others.Go(func() {
		p.failure = p.send(ctx)
		cancel()
	})
	err := p.fill()
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
	more       []bool    // by stream: Kafka holds more than was fetched
	since      time.Time // when the block in hand got its first record
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
			w.hold.free(c.bytes)
			w.putBlock(c.block)
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
	linger := time.NewTimer(time.Hour)
	defer linger.Stop()
	for {
		d, ok := next(p.running, p.deliveries, linger, b.rows > 0)
		if p.running.Err() != nil {
			return nil
		}
		if d.err != nil {
			return d.err
		}
		if !ok {
			if p.early(b) {
				linger.Reset(w.loader.config.Linger)
				continue
			}
			if b = p.hand(b); b == nil {
				return nil
			}
			continue
		}
		if b.rows == 0 {
			linger.Reset(w.loader.config.Linger)
			p.since = time.Now()
		}
		p.more[d.index] = d.more
		var err error
		if b, err = p.take(b, d); err != nil || b == nil {
			return err
		}
	}
}

// early reports whether a block that has lingered should wait on: more is known
// to come, and memory is not short or this block is not what it is short of.
func (p *pipeline) early(b *batch) bool {
	w := p.worker
	pool := w.loader.budget
	if !slices.Contains(p.more, true) || time.Since(p.since) >= patient*w.loader.config.Linger {
		return false
	}
	return pool.waiting.Load() == 0 || b.bytes < pool.size/4/int64(len(w.loader.workers))
}

// hand gives a block to send and begins the next; nil when the load has ended.
func (p *pipeline) hand(b *batch) *batch {
	select {
	case p.full <- b:
		return p.worker.newBatch()
	case <-p.running.Done():
		return nil
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

// take cuts a delivery into chunks of the block and hands the block over when
// it is full. The block it returns is nil when the load has ended.
func (p *pipeline) take(b *batch, d delivery) (*batch, error) {
	w := p.worker
	s := w.streams[d.index]
	for records := d.records; len(records) > 0; {
		r := &records[0]
		if r.Offset < s.cursor {
			w.hold.free(r.Size())
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
		c := &chunk{worker: w, running: p.running, index: d.index, stream: s.name, records: records[:n:n], bytes: bytes, name: b.name, landed: b.landed, done: make(chan struct{})}
		b.add(c)
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
func (w *worker) takeBlock() Block {
	select {
	case b := <-w.spare:
		w.loader.budget.spare.Add(-int64(b.Bytes()))
		b.Reset()
		return b
	default:
		return w.topic.Decoder.NewBlock()
	}
}

// putBlock keeps a block for the next use if there is room for one more; it is
// emptied when it is taken.
func (w *worker) putBlock(b Block) {
	size := int64(b.Bytes())
	if !w.loader.budget.keep(size) {
		return
	}
	select {
	case w.spare <- b:
	default:
		w.loader.budget.spare.Add(-size)
	}
}

// chunk is a run of records of one stream without a gap, and the block they
// become.
type chunk struct {
	worker  *worker
	running context.Context
	index   int
	stream  string
	records []broker.Record
	bytes   int64
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
			c.block = c.worker.takeBlock()
			c.err = c.decode(d)
			c.records = nil
			close(c.done)
		}
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
