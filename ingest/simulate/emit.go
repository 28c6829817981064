package simulate

import (
	"context"
	"fmt"
)

// Sink takes messages. Put may keep neither key nor value after it returns;
// messages of one key must stay in the order of the calls.
type Sink interface {
	Put(ctx context.Context, topic string, key, value []byte) error
}

// progressEvery is how many messages lie between two reports of progress.
const progressEvery = 10_000

// emitter encodes planned chains into messages.
type emitter struct {
	*Country
	sink  Sink
	body  payload
	value []byte
	key   []byte
	seqs  [][]uint64 // last sender_seq, by organ and type
	id    uint64
	sent  uint64
}

// Emit sends the whole country: the organ register first, chain by chain,
// then scene by
// scene of the scenarios. It stops at the first error of the sink or of ctx.
func (k *Country) Emit(ctx context.Context, sink Sink) error {
	e := &emitter{Country: k, sink: sink, seqs: make([][]uint64, len(k.organs))}
	for i := range e.seqs {
		e.seqs[i] = make([]uint64, len(k.types))
	}
	for _, o := range k.organs {
		if err := e.organ(ctx, o); err != nil {
			return fmt.Errorf("send organ %s: %w", o.code, err)
		}
	}
	p := k.planner()
	for i := range uint64(k.cases) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("send chain %d: %w", i, err)
		}
		c := p.plan(i)
		e.id = 1<<20 + i<<9
		for n := range c.sendings {
			if err := e.send(ctx, c, &c.sendings[n]); err != nil {
				return fmt.Errorf("send chain %d: %w", i, err)
			}
		}
	}
	if err := e.scenes(ctx); err != nil {
		return err
	}
	if k.progress != nil {
		k.progress(e.sent)
	}
	return nil
}

func (e *emitter) organ(ctx context.Context, o *organ) error {
	writeOrgan(&e.body, o, e.start-3650)
	keeper := e.organs[0]
	e.id++
	l := letter{kind: typeOrgan, sender: keeper, id: e.id, seq: e.next(keeper, typeOrgan), op: "upsert", revision: 1, fact: e.start - 30, sent: e.start - 30}
	e.value = e.envelope(&l)
	e.key = append(e.key[:0], o.id...)
	return e.put(ctx, typeOrgan, e.value)
}

// envelope puts the message around the payload that was just written.
func (e *emitter) envelope(l *letter) []byte {
	l.typeName, l.version = e.types[l.kind], e.versions[l.kind]
	return appendEnvelope(e.value[:0], l, e.body.b, e.seed)
}

func (e *emitter) next(o *organ, kind uint8) uint64 {
	e.seqs[o.index][kind]++
	return e.seqs[o.index][kind]
}

func (e *emitter) put(ctx context.Context, kind uint8, value []byte) error {
	if err := e.sink.Put(ctx, e.topics[kind], e.key, value); err != nil {
		return err
	}
	if e.sent++; e.sent%progressEvery == 0 && e.progress != nil {
		e.progress(e.sent)
	}
	return nil
}

// send puts all messages of one record, its fault included.
func (e *emitter) send(ctx context.Context, c *chain, s *sending) error {
	e.makeKey(c, s, "")
	switch s.fault {
	case outOfOrder:
		if err := e.message(ctx, c, s, "correct", 2, variant{}); err != nil {
			return err
		}
		return e.message(ctx, c, s, "upsert", 1, variant{shift: s.shift})
	case corrected:
		if err := e.message(ctx, c, s, "upsert", 1, variant{shift: s.shift}); err != nil {
			return err
		}
		return e.message(ctx, c, s, "correct", 2, variant{})
	}
	if err := e.message(ctx, c, s, "upsert", 1, variant{}); err != nil {
		return err
	}
	switch s.fault {
	case duplicate:
		return e.put(ctx, s.kind, e.value)
	case conflict:
		return e.message(ctx, c, s, "upsert", 1, variant{shift: s.shift})
	case retracted:
		e.makeKey(c, s, "X")
		if err := e.message(ctx, c, s, "upsert", 1, variant{extra: "X"}); err != nil {
			return err
		}
		return e.message(ctx, c, s, "retract", 2, variant{extra: "X"})
	case malformed:
		e.makeKey(c, s, "Y")
		return e.message(ctx, c, s, "upsert", 1, variant{extra: "Y", isBad: true, bad: s.bad, sent: s.sent})
	}
	return nil
}

// makeKey makes the Kafka key: one per natural key and nothing else.
func (e *emitter) makeKey(c *chain, s *sending, extra string) {
	e.key = append(e.key[:0], typeNames[s.kind]...)
	e.key = append(e.key, '-')
	e.key = appendPadded(e.key, c.index, 1)
	e.key = append(e.key, '-')
	e.key = appendPadded(e.key, uint64(s.index), 1)
	e.key = append(e.key, extra...)
}

// message encodes and puts one message.
func (e *emitter) message(ctx context.Context, c *chain, s *sending, op string, revision int, v variant) error {
	sender := c.write(&e.body, s, v)
	e.id++
	l := letter{
		kind: s.kind, sender: sender, id: e.id, seq: e.next(sender, s.kind), op: op, revision: revision, fact: s.fact, sent: s.sent,
		minute: int(e.id * 7 % 360), bad: v.bad, isBad: v.isBad,
	}
	e.value = e.envelope(&l)
	if v.isBad {
		switch v.bad {
		case truncated:
			e.value = e.value[:len(e.value)*3/5]
		case notUTF8:
			e.value[len(e.value)/2] = 0xFF
		}
	}
	return e.put(ctx, s.kind, e.value)
}

// write encodes the payload of one record and names its sender.
func (c *chain) write(w *payload, s *sending, v variant) *organ {
	switch s.kind {
	case typeCase:
		c.writeCase(w, &c.cases[s.index], v)
		return c.cases[s.index].organ
	case typePerson:
		c.writePerson(w, &c.persons[s.index], v)
		return c.persons[s.index].organ
	case typeMeasure:
		c.writeMeasure(w, &c.measures[s.index], v)
		return c.measures[s.index].organ
	case typeReview:
		c.writeReview(w, &c.reviews[s.index], v)
		return c.reviews[s.index].organ
	case typeDecision:
		c.writeDecision(w, &c.decisions[s.index], v)
		return c.decisions[s.index].organ
	case typeTrial:
		c.writeTrial(w, &c.trials[s.index], v)
		return c.trials[s.index].organ
	case typeChange:
		c.writeChange(w, &c.changes[s.index], v)
		return c.changes[s.index].organ
	}
	c.writeDocument(w, &c.documents[s.index], v)
	return c.documents[s.index].organ
}
