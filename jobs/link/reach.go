package link

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"slices"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/identity"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// reach is a run that compares and joins only what new and corrected records can
// reach. Everything else of the base run stands: with the frequencies of the span it
// ends with the persons of a run over all entries.
type reach struct {
	j       *Job
	r, base warehouse.Run
	s       span
	plan    *level.Plan
	model   score.Parameters
	now     map[uint64]present
	was     map[uint64]compared
	keys    *keys
	must    map[uint64][]uint64

	changed map[uint64]bool // new, or with another mark
	gone    []uint64
	old     map[uint64][]kept // pairs of the base that still hold, of the entries looked at
	fresh   map[uint64][]kept // pairs compared now
	pairs   int
	opened  int
	inside  map[uint64]bool // entries joined anew
	written map[uint64][]uint64
}

// kept is a compared pair from one side.
type kept struct {
	other   uint64
	weight  float32
	pattern level.Pattern
}

// errFull says that only a run over all entries can go on.
type errFull string

func (e errFull) Error() string { return string(e) }

// find looks up what is changed, compares it and follows the edges. decided are the
// entries about which somebody decided, where the decisions have changed.
func (x *reach) find(ctx context.Context, decided []uint64) error {
	x.changed, x.old, x.fresh, x.inside, x.written = map[uint64]bool{}, map[uint64][]kept{}, map[uint64][]kept{}, map[uint64]bool{}, map[uint64][]uint64{}
	var touched []uint64
	for entry, p := range x.now {
		if w, ok := x.was[entry]; !ok || w.mark != p.mark {
			x.changed[entry] = true
			touched = append(touched, entry)
		}
	}
	for entry := range x.was {
		if _, ok := x.now[entry]; !ok {
			x.gone = append(x.gone, entry)
		}
	}
	slices.Sort(touched)
	slices.Sort(x.gone)
	if 2*len(touched) > len(x.now) {
		return errFull("most entries are new or changed")
	}
	if uint64(len(x.now)) > 2*max(x.s.entries, 1000) {
		return errFull("the entries have doubled since the values were counted")
	}
	begin := slices.Clone(touched)
	before := append(slices.Clone(touched), x.gone...)
	if err := x.kept(ctx, before); err != nil {
		return err
	}
	for _, entry := range before { // whoever it was compared with closely is touched too
		for _, k := range x.old[entry] {
			if x.near(k.weight) {
				begin = append(begin, k.other)
			}
		}
	}
	if err := x.compare(ctx, touched); err != nil {
		return err
	}
	for _, some := range x.fresh {
		for _, k := range some {
			if x.near(k.weight) {
				begin = append(begin, k.other)
			}
		}
	}
	return x.follow(ctx, append(begin, decided...))
}

// near are weights that join, or that a person might look at.
func (x *reach) near(weight float32) bool {
	return float64(weight) >= x.model.Threshold-openBits
}

// valid reports whether what a generation said of two entries is their newest.
func (x *reach) valid(a, b uint64, generation uint32) bool {
	p, okA := x.was[a]
	q, okB := x.was[b]
	return okA && okB && generation == max(p.generation, q.generation)
}

// kept reads the pairs of entries that still held in the base.
func (x *reach) kept(ctx context.Context, entries []uint64) error {
	return portions(entries, func(some []uint64) error {
		return x.j.eachRow(ctx, "SELECT entry, other, weight, pattern, generation FROM link_pair WHERE span = {span:UInt32} AND generation IN {known:Array(UInt32)} AND entry IN {entries:Array(UInt64)}", func(scan func(...any) error) error {
			var entry, other uint64
			var weight float32
			var pattern, generation uint32
			if err := scan(&entry, &other, &weight, &pattern, &generation); err != nil {
				return err
			}
			if x.valid(entry, other, generation) {
				x.old[entry] = append(x.old[entry], kept{other, weight, level.Pattern(pattern)})
			}
			return nil
		}, number32("span", x.s.id), warehouse.Param("known", x.s.known), numbers("entries", some))
	})
}

// sharing reads which unchanged entries have one of the keys.
func (x *reach) sharing(ctx context.Context, all []uint64) (map[uint64][]uint64, error) {
	out := map[uint64][]uint64{}
	err := portions(all, func(some []uint64) error {
		return x.j.eachRow(ctx, "SELECT key, entry, generation FROM link_key WHERE span = {span:UInt32} AND generation IN {known:Array(UInt32)} AND key IN {keys:Array(UInt64)}", func(scan func(...any) error) error {
			var key, entry uint64
			var generation uint32
			if err := scan(&key, &entry, &generation); err != nil {
				return err
			}
			if _, here := x.now[entry]; here && !x.changed[entry] && x.was[entry].generation == generation {
				out[key] = append(out[key], entry)
			}
			return nil
		}, number32("span", x.s.id), warehouse.Param("known", x.s.known), numbers("keys", some))
	})
	return out, err
}

// compare weighs the changed entries against all that share a key with them.
func (x *reach) compare(ctx context.Context, touched []uint64) error {
	if len(touched) == 0 {
		return nil
	}
	p, err := x.j.population(ctx, x.r, x.now, touched)
	if err != nil {
		return err
	}
	blocks := map[uint64][]uint64{}
	var asked []uint64
	for i := range p.table.Rows {
		row := &p.table.Rows[i]
		x.written[row.Key] = x.keys.row(x.plan, p.table, row, x.now[row.Key].chain)
		for _, key := range x.written[row.Key] {
			if blocks[key] == nil {
				asked = append(asked, key)
			}
			blocks[key] = append(blocks[key], row.Key)
		}
	}
	slices.Sort(asked)
	others, err := x.sharing(ctx, asked)
	if err != nil {
		return err
	}
	open := slices.Clone(touched)
	block := resolve.DefaultConfig().Pairs.Block
	for key, some := range others {
		if len(some)+len(blocks[key]) > block {
			return errFull("a block of records with one key has outgrown its limit and is divided by a run over all entries")
		}
		open = append(open, some...)
	}
	slices.Sort(open)
	open = slices.Compact(open)
	if p, err = x.j.population(ctx, x.r, x.now, open); err != nil {
		return err
	}
	x.opened += len(p.table.Rows)
	snapshot, err := x.j.frequencies(ctx, x.s, x.keys, p.table)
	if err != nil {
		return err
	}
	weigher, terms := score.NewWeigher(x.plan, x.model), score.NewTerms(x.plan, snapshot.Restore(p.table))
	seen := map[[2]uint64]bool{}
	for key, ours := range blocks {
		for i, a := range ours {
			for _, b := range append(slices.Clone(ours[i+1:]), others[key]...) {
				x.weigh(p, weigher, terms, [2]uint64{min(a, b), max(a, b)}, seen)
			}
		}
	}
	return nil
}

// weigh compares a pair of entries once.
func (x *reach) weigh(p *population, w *score.Weigher, terms *score.Terms, pair [2]uint64, seen map[[2]uint64]bool) {
	if seen[pair] {
		return
	}
	seen[pair] = true
	a, okA := p.row(pair[0])
	b, okB := p.row(pair[1])
	if !okA || !okB {
		return // its bytes cannot be opened any more
	}
	x.pairs++
	pattern := x.plan.Compare(p.table, &p.table.Rows[a], &p.table.Rows[b])
	weight := float32(w.Pattern(pattern) + terms.Of(p.table, pattern, &p.table.Rows[a]))
	if float64(weight) >= resolve.DefaultConfig().Floor {
		x.fresh[pair[0]] = append(x.fresh[pair[0]], kept{pair[1], weight, pattern})
		x.fresh[pair[1]] = append(x.fresh[pair[1]], kept{pair[0], weight, pattern})
	}
}

// follow collects everything that edges and decisions connect with the entries.
func (x *reach) follow(ctx context.Context, begin []uint64) error {
	var front []uint64
	enter := func(entry uint64) {
		if _, here := x.now[entry]; here && !x.inside[entry] {
			x.inside[entry] = true
			front = append(front, entry)
		}
	}
	for _, entry := range begin {
		enter(entry)
	}
	for len(front) > 0 {
		at := front
		front = nil
		var unread []uint64
		for _, entry := range at {
			if _, read := x.old[entry]; !read && !x.changed[entry] {
				unread = append(unread, entry)
			}
		}
		if err := x.kept(ctx, unread); err != nil {
			return err
		}
		for _, entry := range at {
			for _, k := range x.pairsOf(entry) {
				if float64(k.weight) >= x.model.Threshold {
					enter(k.other)
				}
			}
			for _, other := range x.must[entry] {
				enter(other)
			}
		}
	}
	return nil
}

// pairsOf are the pairs of an entry that hold now.
func (x *reach) pairsOf(entry uint64) []kept {
	out := slices.Clone(x.fresh[entry])
	if x.changed[entry] {
		return out
	}
	for _, k := range x.old[entry] {
		if _, here := x.now[k.other]; here && !x.changed[k.other] {
			out = append(out, k)
		}
	}
	return out
}

// join makes the persons of the entries inside anew.
func (x *reach) join(ctx context.Context, standing cluster.Decisions, at []uint64) (*population, *resolve.Output, cluster.Decisions, error) {
	entries := make([]uint64, 0, len(x.inside))
	for entry := range x.inside {
		entries = append(entries, entry)
	}
	slices.Sort(entries)
	p, err := x.j.population(ctx, x.r, x.now, entries)
	if err != nil {
		return nil, nil, cluster.Decisions{}, err
	}
	out := &resolve.Output{Parameters: x.model, Pairs: x.pairs, Weigher: score.NewWeigher(x.plan, x.model)}
	for i := range p.table.Rows {
		for _, k := range x.pairsOf(p.table.Rows[i].Key) {
			if other, ok := p.row(k.other); ok && other > uint32(i) {
				out.Edges = append(out.Edges, score.Edge{A: uint32(i), B: other, Weight: k.weight, Pattern: k.pattern})
			}
		}
	}
	decisions := p.decisions(standing, at)
	limits := resolve.DefaultConfig().Limits
	limits.Threshold = x.model.Threshold
	out.Clusters = cluster.Join(x.plan, out.Weigher, p.table, out.Edges, limits, decisions)
	return p, out, decisions, nil
}

// name gives the persons inside their stable ids.
func (x *reach) name(ctx context.Context, p *population, of []uint32) (identity.State, []identity.Event, error) {
	touched := append(slices.Clone(x.gone), p.keys()...)
	before, err := x.j.identityOf(ctx, touched)
	if err != nil {
		return identity.State{}, nil, err
	}
	return identity.Assign(before, clustersOf(p, of), rand.Reader, x.r.ID, "run")
}

// histogram is how the weights of the base change: pairs of entries inside and
// gone leave their bins, those that hold now come in.
func (x *reach) histogram(p *population, of []uint32, person map[uint64]string) map[bin]int64 {
	out := map[bin]int64{}
	count := func(entry uint64, some []kept, n int64, joined func(a, b uint64) bool) {
		for _, k := range some {
			if _, gone := slices.BinarySearch(x.gone, k.other); (gone || x.inside[k.other]) && k.other < entry {
				continue // counted from the other side
			}
			out[bin{int(math.Floor(float64(k.weight))), joined(entry, k.other)}] += n
		}
	}
	was := func(a, b uint64) bool { return person[a] != "" && person[a] == person[b] }
	is := func(a, b uint64) bool {
		i, okA := p.row(a)
		k, okB := p.row(b)
		return okA && okB && of[i] == of[k]
	}
	for _, entry := range append(p.keys(), x.gone...) {
		count(entry, x.old[entry], -1, was)
		if x.inside[entry] {
			count(entry, x.pairsOf(entry), 1, is)
		}
	}
	return out
}

// keep writes what the next run builds on.
func (x *reach) keep(ctx context.Context, decided uint64) error {
	var entries, marks, keyed, of, from, to []uint64
	var gone []uint8
	var weights []float32
	var patterns []uint32
	for entry := range x.changed {
		entries, marks, gone = append(entries, entry), append(marks, x.now[entry].mark), append(gone, 0)
		for _, key := range x.written[entry] {
			keyed, of = append(keyed, key), append(of, entry)
		}
	}
	for _, entry := range x.gone {
		entries, marks, gone = append(entries, entry), append(marks, 0), append(gone, 1)
	}
	for entry, some := range x.fresh {
		for _, k := range some {
			from, to, weights, patterns = append(from, entry), append(to, k.other), append(weights, k.weight), append(patterns, uint32(k.pattern))
		}
	}
	if err := x.j.inSpan(ctx, x.s, x.r, spanEntries, len(entries), entries, marks, gone); err != nil {
		return err
	}
	if err := x.j.inSpan(ctx, x.s, x.r, spanKeys, len(of), keyed, of); err != nil {
		return err
	}
	if err := x.j.inSpan(ctx, x.s, x.r, spanPairs, len(from), from, to, weights, patterns); err != nil {
		return err
	}
	s := x.s
	s.decided = decided
	return x.j.keepSpan(ctx, x.r, s, reached{len(x.now), len(x.changed) + len(x.gone), x.opened, x.pairs, len(x.inside)})
}

// reached says how far a run went.
type reached struct{ entries, changed, opened, compared, joined int }

func (j *Job) keepSpan(ctx context.Context, r warehouse.Run, s span, n reached) error {
	err := j.insert(ctx, "link_span (run_id, generation, span, counted, counted_entries, persons, chances, decided, entries, changed, opened, compared, joined)", 1, func(int) []any {
		return []any{
			r.ID, r.Generation, s.id, s.counted, s.entries, s.persons, s.chances, s.decided,
			uint64(n.entries), uint64(n.changed), uint64(n.opened), uint64(n.compared), uint64(n.joined),
		}
	})
	if err != nil {
		return fmt.Errorf("keep what was compared: %w", err)
	}
	return nil
}

// keys are the entries of a population in order.
func (p *population) keys() []uint64 {
	out := make([]uint64, len(p.table.Rows))
	for i := range p.table.Rows {
		out[i] = p.table.Rows[i].Key
	}
	return out
}

// row finds the row of an entry.
func (p *population) row(key uint64) (uint32, bool) {
	at, ok := slices.BinarySearchFunc(p.table.Rows, key, func(r record.Row, k uint64) int { return cmp.Compare(r.Key, k) })
	return uint32(at), ok
}

// decisions are the decided pairs, given by places in the sorted entries at, of
// which both are here.
func (p *population) decisions(d cluster.Decisions, at []uint64) cluster.Decisions {
	here := func(pairs [][2]uint32) (out [][2]uint32) {
		for _, pair := range pairs {
			a, okA := p.row(at[pair[0]])
			b, okB := p.row(at[pair[1]])
			if okA && okB {
				out = append(out, [2]uint32{a, b})
			}
		}
		return out
	}
	return cluster.Decisions{Must: here(d.Must), Cannot: here(d.Cannot)}
}
