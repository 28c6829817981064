package link

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/identity"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/review"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// work is the linking of the persons of one run.
type work struct {
	j        *Job
	r        warehouse.Run
	base     *warehouse.Run // that this one may build on; nil for none
	plan     *level.Plan
	model    score.Parameters
	now      map[uint64]present
	at       []uint64 // keys of now in order
	chainOf  map[string]string
	standing review.Standing
	f        map[string]uint64
}

// link builds on an earlier run where it can, else it links all entries.
func (w *work) link(ctx context.Context) error {
	var s span
	counted := false
	if w.j.deps.Keys != nil && w.base != nil {
		var err error
		if s, counted, err = w.j.spanOf(ctx, *w.base); err != nil {
			return err
		}
		if counted && !w.j.config.Whole {
			err := w.build(ctx, *w.base, s)
			var full errFull
			if !errors.As(err, &full) {
				return err
			}
		}
	}
	return w.all(ctx, s, counted)
}

// digest stands for the decisions that hold.
func (w *work) digest() uint64 {
	sum := xxhash.New()
	for i, pairs := range [][][2]uint32{w.standing.Decisions.Must, w.standing.Decisions.Cannot} {
		for _, p := range pairs {
			fmt.Fprintf(sum, "%d %x %x;", i, w.at[p[0]], w.at[p[1]])
		}
	}
	return sum.Sum64()
}

// chains are the chains of the rows of a population.
func (w *work) chains(p *population) []string {
	out := make([]string, len(p.table.Rows))
	for i := range out {
		out[i] = w.chainOf[p.docket[p.table.Rows[i].Key]]
	}
	return out
}

// all links every entry, with the frequencies of a span where it has counted
// enough of them.
func (w *work) all(ctx context.Context, s span, counted bool) error {
	p, err := w.j.population(ctx, w.r, w.now, nil)
	if err != nil || len(p.table.Rows) == 0 {
		return err
	}
	in := resolve.Input{Plan: w.plan, Table: p.table, Frozen: &w.model, Decisions: p.decisions(w.standing.Decisions, w.at)}
	var k *keys
	if w.j.deps.Keys != nil {
		k = newKeys(w.j.deps.Keys)
	}
	if counted = counted && k != nil && uint64(len(w.now)) <= 2*max(s.entries, 1000); counted {
		snapshot, err := w.j.frequencies(ctx, s, k, p.table)
		if err != nil {
			return err
		}
		in.Snapshot = &snapshot
	}
	out, err := resolve.Persons(ctx, resolve.DefaultConfig(), in)
	if err != nil {
		return fmt.Errorf("find persons across departments: %w", err)
	}
	before, err := w.j.identityState(ctx, p)
	if err != nil {
		return err
	}
	state, events, err := identity.Assign(before, clustersOf(p, out.Clusters.Of), rand.Reader, w.r.ID, "run")
	if err != nil {
		return err
	}
	w.f["persons_across"], w.f["entries_across"], w.f["entries_closed"] = uint64(distinct(out.Clusters.Of)), uint64(len(p.table.Rows)), uint64(p.closed)
	w.f["refused_joins"], w.f["suspect_numbers"] = uint64(len(out.Clusters.Conflicts)), uint64(len(out.Clusters.Suspects))
	w.f["entries_opened"], w.f["pairs_compared"], w.f["entries_joined"] = uint64(len(p.table.Rows)), uint64(out.Pairs), uint64(len(p.table.Rows))
	if err := w.j.keepReview(ctx, w.r, p, out, in.Decisions, nil, w.f); err != nil {
		return err
	}
	if k != nil {
		if err := w.keepAll(ctx, k, p, out, s, counted); err != nil {
			return err
		}
	}
	return w.j.keep(ctx, w.r, p, out, held(out, in.Decisions.Must, w.chains(p)), state, events)
}

// keepAll begins a span: what a run over all entries compared.
func (w *work) keepAll(ctx context.Context, k *keys, p *population, out *resolve.Output, s span, counted bool) error {
	if !counted {
		snapshot := out.Frequencies.Snapshot(p.table)
		s = span{counted: w.r.Generation, entries: uint64(len(w.now)), persons: snapshot.Persons, chances: snapshot.Chances}
		var kinds []string
		var values []uint64
		var persons []uint32
		for kind, some := range snapshot.Of {
			for text, n := range some {
				kinds, values, persons = append(kinds, kind), append(values, k.of(kind, text)), append(persons, n)
			}
		}
		if err := w.j.columns(ctx, "link_frequency (counted, kind, value, persons)", same(len(kinds), s.counted), kinds, values, persons); err != nil {
			return err
		}
	}
	s.id, s.decided = w.r.Generation, w.digest()
	if err := w.j.forget(ctx, s); err != nil {
		return err
	}
	marks := make([]uint64, len(w.at))
	for i, key := range w.at {
		marks[i] = w.now[key].mark
	}
	if err := w.j.inSpan(ctx, s, w.r, spanEntries, len(marks), w.at, marks, make([]uint8, len(marks))); err != nil {
		return err
	}
	var keyed, of []uint64
	for i := range p.table.Rows {
		row := &p.table.Rows[i]
		for _, key := range k.row(w.plan, p.table, row, w.now[row.Key].chain) {
			keyed, of = append(keyed, key), append(of, row.Key)
		}
	}
	if err := w.j.inSpan(ctx, s, w.r, spanKeys, len(of), keyed, of); err != nil {
		return err
	}
	n := 2 * len(out.Edges)
	from, to, weights, patterns := make([]uint64, 0, n), make([]uint64, 0, n), make([]float32, 0, n), make([]uint32, 0, n)
	for _, e := range out.Edges {
		a, b := p.table.Rows[e.A].Key, p.table.Rows[e.B].Key
		from, to = append(from, a, b), append(to, b, a)
		weights, patterns = append(weights, e.Weight, e.Weight), append(patterns, uint32(e.Pattern), uint32(e.Pattern))
	}
	if err := w.j.inSpan(ctx, s, w.r, spanPairs, n, from, to, weights, patterns); err != nil {
		return err
	}
	return w.j.keepSpan(ctx, w.r, s, reached{len(w.now), len(w.now), len(p.table.Rows), out.Pairs, len(p.table.Rows)})
}

// build compares what changed since the base and carries the rest over.
func (w *work) build(ctx context.Context, base warehouse.Run, s span) error {
	x := &reach{j: w.j, r: w.r, base: base, s: s, plan: w.plan, model: w.model, now: w.now, keys: newKeys(w.j.deps.Keys), must: map[uint64][]uint64{}}
	for _, p := range w.standing.Decisions.Must {
		a, b := w.at[p[0]], w.at[p[1]]
		x.must[a], x.must[b] = append(x.must[a], b), append(x.must[b], a)
	}
	var err error
	if x.was, err = w.j.compared(ctx, s); err != nil {
		return err
	}
	digest := w.digest()
	var decided []uint64
	if digest != s.decided {
		if decided, err = w.j.everDecided(ctx); err != nil {
			return err
		}
	}
	if err := x.find(ctx, decided); err != nil {
		return err
	}
	p, out, decisions, err := x.join(ctx, w.standing.Decisions, w.at)
	if err != nil {
		return err
	}
	state, events, err := x.name(ctx, p, out.Clusters.Of)
	if err != nil {
		return err
	}
	away := slices.Concat(p.keys(), x.gone, closedOf(x, p))
	person, err := w.j.personsOf(ctx, base, x, away)
	if err != nil {
		return err
	}
	if err := w.j.carry(ctx, w.r, base, away); err != nil {
		return err
	}
	if err := w.j.keepReview(ctx, w.r, p, out, decisions, x.histogram(p, out.Clusters.Of, person), w.f); err != nil {
		return err
	}
	if err := w.j.keep(ctx, w.r, p, out, held(out, decisions.Must, w.chains(p)), state, events); err != nil {
		return err
	}
	if err := x.keep(ctx, digest); err != nil {
		return err
	}
	w.f["entries_changed"], w.f["entries_opened"], w.f["pairs_compared"], w.f["entries_joined"] = uint64(len(x.changed)+len(x.gone)), uint64(x.opened), uint64(x.pairs), uint64(len(x.inside))
	return w.j.counted(ctx, w.r, w.f)
}

// closedOf are the entries inside whose bytes cannot be opened any more.
func closedOf(x *reach, p *population) []uint64 {
	var out []uint64
	for entry := range x.inside {
		if _, ok := p.row(entry); !ok {
			out = append(out, entry)
		}
	}
	return out
}
