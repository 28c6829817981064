package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// Incremental keeps persons up to date as records arrive or are corrected. With
// frozen parameters and frequencies it ends, in whatever order the records came,
// with the persons of a full run over all of them; it compares and joins only
// what a new record can reach.
type Incremental struct {
	plan    *level.Plan
	weigher *score.Weigher
	terms   *score.Terms
	frozen  score.Snapshot
	table   *record.Table
	limits  cluster.Limits
	block   int
	chain   int

	row   map[uint64]uint32     // of a record's key
	keys  [][]uint64            // of a row by rule
	index []map[uint64][]uint32 // by rule: rows of a key
	edges []map[uint32]score.Edge
	of    []uint64 // the person of a row: the smallest key in it

	entries map[uint32][]uint32 // rows of a docket
	citing  map[uint32][]uint32 // rows that cite a docket
	waiting map[uint64][]uint32 // rows that cite a number nobody issued yet
}

// NewIncremental begins without records. The table must be new.
func NewIncremental(c Config, plan *level.Plan, table *record.Table, p score.Parameters, f score.Snapshot) *Incremental {
	x := &Incremental{
		plan: plan, weigher: score.NewWeigher(plan, p), frozen: f, table: table, limits: c.Limits, block: c.Pairs.Block, chain: record.DefaultLimits().Chain,
		row: map[uint64]uint32{}, index: make([]map[uint64][]uint32, len(plan.Blocking)),
		entries: map[uint32][]uint32{}, citing: map[uint32][]uint32{}, waiting: map[uint64][]uint32{},
	}
	x.limits.Threshold = p.Threshold
	for i := range x.index {
		x.index[i] = map[uint64][]uint32{}
	}
	return x
}

// Touched says how far a batch reached: rows compared anew, pairs compared, rows
// joined anew.
type Touched struct{ Changed, Compared, Joined int }

// Add takes new records and new versions of known ones. An error means that only
// a full run can go on, because a block has outgrown its limit.
func (x *Incremental) Add(raws []record.Raw) (Touched, error) {
	changed := map[uint32]bool{}
	for i := range raws {
		x.put(&raws[i], changed)
	}
	x.terms = score.NewTerms(x.plan, x.frozen.Restore(x.table))
	reach := map[uint32]bool{}
	rows := slices.Sorted(maps.Keys(changed))
	for _, i := range rows { // whoever it was joined with is touched too
		reach[i] = true
		for other := range x.edges[i] {
			reach[other] = true
			delete(x.edges[other], i)
		}
		clear(x.edges[i])
	}
	t := Touched{Changed: len(rows)}
	for _, i := range rows {
		if err := x.register(i); err != nil {
			return t, err
		}
	}
	for _, i := range rows {
		t.Compared += x.compare(i)
	}
	t.Joined = x.rejoin(reach)
	return t, nil
}

// put stores one record and marks every row whose comparisons it changes.
func (x *Incremental) put(raw *record.Raw, changed map[uint32]bool) {
	row := x.table.Row(raw)
	i, known := x.row[raw.Key]
	if known {
		x.forget(i, changed)
		x.table.Rows[i] = row
	} else {
		i = uint32(len(x.table.Rows))
		x.row[raw.Key] = i
		x.table.Rows = append(x.table.Rows, row)
		x.keys = append(x.keys, make([]uint64, len(x.plan.Blocking)))
		x.edges = append(x.edges, map[uint32]score.Edge{})
		x.of = append(x.of, 0)
	}
	changed[i] = true
	r := &x.table.Rows[i]
	if r.Docket != 0 {
		x.entries[r.Docket] = append(x.entries[r.Docket], i)
		if r.Wants != 0 {
			x.cite(i, changed)
		}
	}
	if number := x.table.OwnNumber(raw); number != 0 { // others may have waited for this docket
		waiting := x.waiting[number]
		delete(x.waiting, number)
		for _, k := range waiting {
			x.cite(k, changed)
		}
	}
	x.rechain(r.Docket, changed)
}

// cite resolves what a row cites, or lets it wait.
func (x *Incremental) cite(i uint32, changed map[uint32]bool) {
	r := &x.table.Rows[i]
	target := x.table.Docket(r.Wants)
	switch {
	case target == 0 || len(x.entries[target]) == 0:
		x.waiting[r.Wants] = append(x.waiting[r.Wants], i)
	case target != r.Docket:
		r.Cites = target
		x.citing[target] = append(x.citing[target], i)
		changed[i] = true
	}
}

// forget takes the old version of a row out of the dockets. Who cites a docket
// that loses its last entry waits for it again.
func (x *Incremental) forget(i uint32, changed map[uint32]bool) {
	r := x.table.Rows[i]
	drop := func(list []uint32) []uint32 {
		return slices.DeleteFunc(list, func(k uint32) bool { return k == i })
	}
	x.entries[r.Docket], x.citing[r.Cites], x.waiting[r.Wants] = drop(x.entries[r.Docket]), drop(x.citing[r.Cites]), drop(x.waiting[r.Wants])
	x.table.Rows[i].Docket, x.table.Rows[i].Cites = 0, 0
	var left []uint32
	if r.Docket != 0 && len(x.entries[r.Docket]) == 0 {
		left = x.citing[r.Docket]
		delete(x.citing, r.Docket)
		for _, k := range left {
			other := &x.table.Rows[k]
			other.Cites = 0
			x.waiting[other.Wants] = append(x.waiting[other.Wants], k)
			changed[k] = true
		}
	}
	x.rechain(r.Docket, changed)
	x.rechain(r.Cites, changed)
	for _, k := range left {
		x.rechain(x.table.Rows[k].Docket, changed)
	}
}

// rechain walks the dockets connected with one and gives their rows one chain.
func (x *Incremental) rechain(docket uint32, changed map[uint32]bool) {
	if docket == 0 {
		return
	}
	seen, queue := map[uint32]bool{docket: true}, []uint32{docket}
	visit := func(d uint32) {
		if d != 0 && !seen[d] {
			seen[d] = true
			queue = append(queue, d)
		}
	}
	var rows []uint32
	for len(queue) > 0 {
		d := queue[0]
		queue = queue[1:]
		for _, i := range x.entries[d] {
			rows = append(rows, i)
			visit(x.table.Rows[i].Cites)
		}
		for _, i := range x.citing[d] {
			visit(x.table.Rows[i].Docket)
		}
	}
	name := uint32(0)
	if len(rows) > 1 && len(rows) <= x.chain {
		name = slices.Min(slices.Collect(maps.Keys(seen)))
	}
	for _, i := range rows {
		if r := &x.table.Rows[i]; r.Chain != name {
			r.Chain = name
			changed[i] = true
		}
	}
}

// register puts a row under its keys.
func (x *Incremental) register(i uint32) error {
	for r := range x.plan.Blocking {
		old, now := x.keys[i][r], x.plan.Blocking[r].Key(x.table, &x.table.Rows[i])
		if old == now {
			continue
		}
		if old != 0 {
			x.index[r][old] = slices.DeleteFunc(x.index[r][old], func(k uint32) bool { return k == i })
		}
		if now != 0 {
			x.index[r][now] = append(x.index[r][now], i)
			if n := len(x.index[r][now]); n > x.block {
				return fmt.Errorf("a block of rule %s has grown to %d records, over the limit of %d: make a full run, which divides it", x.plan.Blocking[r].ID, n, x.block)
			}
		}
		x.keys[i][r] = now
	}
	return nil
}

// compare weighs a row against all that share a key with it.
func (x *Incremental) compare(i uint32) int {
	seen := map[uint32]bool{i: true}
	for r := range x.plan.Blocking {
		if x.keys[i][r] == 0 {
			continue
		}
		for _, k := range x.index[r][x.keys[i][r]] {
			if seen[k] {
				continue
			}
			seen[k] = true
			a, b := &x.table.Rows[i], &x.table.Rows[k]
			if b.Key < a.Key {
				a, b = b, a
			}
			p := x.plan.Compare(x.table, a, b)
			if w := float32(x.weigher.Pattern(p) + x.terms.Of(x.table, p, a)); float64(w) >= x.limits.Threshold {
				e := score.Edge{A: i, B: k, Weight: w, Pattern: p}
				x.edges[i][k], x.edges[k][i] = e, e
			}
		}
	}
	return len(seen) - 1
}

// rejoin makes the persons anew of everything that edges connect with reach.
func (x *Incremental) rejoin(reach map[uint32]bool) int {
	queue := slices.Sorted(maps.Keys(reach))
	for at := 0; at < len(queue); at++ {
		for other := range x.edges[queue[at]] {
			if !reach[other] {
				reach[other] = true
				queue = append(queue, other)
			}
		}
	}
	slices.SortFunc(queue, func(a, b uint32) int { return cmp.Compare(x.table.Rows[a].Key, x.table.Rows[b].Key) })
	part := x.table.Part(len(queue))
	local := make(map[uint32]uint32, len(queue))
	for k, i := range queue {
		local[i] = uint32(k)
		part.Rows = append(part.Rows, x.table.Rows[i])
	}
	var edges []score.Edge
	for _, i := range queue {
		for other, e := range x.edges[i] {
			if a, b := local[i], local[other]; a < b {
				edges = append(edges, score.Edge{A: a, B: b, Weight: e.Weight, Pattern: e.Pattern})
			}
		}
	}
	result := cluster.Join(x.plan, x.weigher, part, edges, x.limits, cluster.Decisions{})
	for k, i := range queue {
		x.of[i] = part.Rows[result.Of[k]].Key
	}
	return len(queue)
}

// Persons gives each record's person, named by the smallest key in it.
func (x *Incremental) Persons() map[uint64]uint64 {
	out := make(map[uint64]uint64, len(x.of))
	for i, person := range x.of {
		out[x.table.Rows[i].Key] = person
	}
	return out
}
