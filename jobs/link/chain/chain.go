// Package chain owns the connections between dockets of different organs (案链):
// by document number and organ where a person confirms it, by person, time and
// co-defendants where the number is missing or mistyped, and the judgement
// whether a connection that is missing is broken. It promises that a docket never
// follows two predecessors of one person, that every connection says how it was
// found, and that what is too young to judge is refused. It never guesses a
// connection that only the calendar supports.
package chain

import (
	"cmp"
	"math"
	"slices"
)

// Entry is one person in one docket.
type Entry struct {
	Person     uint32
	Name       uint32 // code of the name, 0 for none: points to what a split person hides
	Kind       string // of the docket
	Organ      string // region or code of the organ
	Own, Cited string // document numbers in canonical form
	Day        int    // days from a fixed origin
}

// Docket is the entries of one number of one organ.
type Docket struct {
	Kind, Organ, Own string
	Cited            []string // distinct, as its entries quote them
	Day              int
	Persons, Names   []uint32
}

// How a connection was found.
type How string

// The ways, from the firmest.
const (
	ByNumber    How = "number"    // number and organ, and a person stands in both
	Unconfirmed How = "doubtful"  // number and organ, but nobody stands in both
	Repaired    How = "repaired"  // one wrong sign in the number, and a person stands in both
	ByPerson    How = "person"    // no number: person, order of steps and time
	Ambiguous   How = "ambiguous" // by person, with a second candidate as good
)

// Hop (流转) connects a docket with the one it came from.
type Hop struct {
	From, To int // into Graph.Dockets
	How      How
	Rivals   int // further candidates
}

// Graph is all dockets and how they are connected: a DAG by order of days.
type Graph struct {
	Dockets []Docket
	Hops    []Hop
	Lost    []Loss // citations of numbers that were never received
}

// Loss is the proof that a docket is missing: To cites a number that nobody sent.
type Loss struct {
	To    int
	After int // the open docket of the same person that it should have followed; -1 when none
}

// pairOf names a step from one kind to another.
type pairOf struct{ from, to string }

// nameIn is a name in the dockets of an organ.
type nameIn struct {
	organ string
	name  uint32
}

// step is what is known of a pair of kinds from confirmed hops.
type step struct {
	n, mean, deviation float64 // of ln(1+days)
	longest            float64
	delays             []int
}

// builder is a run of Connect.
type builder struct {
	g        Graph
	byNumber map[string]int
	byPerson map[uint32][]int
	steps    map[pairOf]*step
	into     map[string]float64 // confirmed hops by kind of their end
	outOf    map[string]float64 // by kind of their start
	losses   map[string]float64 // citations of numbers never received, by organ
	cites    map[string]float64 // dockets that cite, by organ
	named    map[nameIn][]int   // dockets of an organ with a name
	before   []int              // predecessor of a docket, -1
	after    [][]int            // successors of a docket
}

// Connect finds the hops between the dockets of the entries.
func Connect(entries []Entry) Graph {
	b := &builder{
		byNumber: map[string]int{}, byPerson: map[uint32][]int{}, steps: map[pairOf]*step{}, into: map[string]float64{},
		named: map[nameIn][]int{}, outOf: map[string]float64{}, losses: map[string]float64{}, cites: map[string]float64{},
	}
	b.dockets(entries)
	var open, unconfirmed []int
	for to := range b.g.Dockets {
		switch from := b.cited(to); {
		case from < 0:
			open = append(open, to)
		case b.meet(from, to):
			b.hop(Hop{from, to, ByNumber, 0})
		default:
			unconfirmed = append(unconfirmed, to)
		}
	}
	b.learn()
	for _, to := range unconfirmed { // rather a near number of the same person than the exact one of a stranger
		if !b.repair(to) {
			b.hop(Hop{b.cited(to), to, Unconfirmed, 0})
		}
	}
	var numberless []int
	for _, to := range open {
		switch {
		case len(b.g.Dockets[to].Cited) == 0:
			numberless = append(numberless, to)
		case !b.repair(to):
			b.g.Lost = append(b.g.Lost, Loss{to, -1})
		}
	}
	b.lossRates()
	b.assign(numberless)
	for _, to := range open {
		if b.before[to] < 0 {
			b.byName(to)
		}
	}
	b.g.Lost = slices.DeleteFunc(b.g.Lost, func(l Loss) bool { return b.before[l.To] >= 0 })
	for i := range b.g.Lost {
		b.g.Lost[i].After = b.shouldFollow(b.g.Lost[i].To)
	}
	slices.SortFunc(b.g.Hops, func(x, y Hop) int { return cmp.Or(cmp.Compare(x.To, y.To), cmp.Compare(x.From, y.From)) })
	return b.g
}

// dockets groups entries by organ and own number; one without number stands alone.
func (b *builder) dockets(entries []Entry) {
	for _, e := range entries {
		key := e.Organ + "|" + e.Own
		at, ok := b.byNumber[key]
		if !ok || e.Own == "" {
			at = len(b.g.Dockets)
			b.g.Dockets = append(b.g.Dockets, Docket{Kind: e.Kind, Organ: e.Organ, Own: e.Own, Day: e.Day})
			b.byNumber[key] = at
		}
		d := &b.g.Dockets[at]
		if e.Cited != "" && !slices.Contains(d.Cited, e.Cited) {
			d.Cited = append(d.Cited, e.Cited)
		}
		if e.Name != 0 && !slices.Contains(d.Names, e.Name) {
			d.Names = append(d.Names, e.Name)
			b.named[nameIn{e.Organ, e.Name}] = append(b.named[nameIn{e.Organ, e.Name}], at)
		}
		if !slices.Contains(d.Persons, e.Person) {
			d.Persons = append(d.Persons, e.Person)
			b.byPerson[e.Person] = append(b.byPerson[e.Person], at)
		}
	}
	b.before, b.after = make([]int, len(b.g.Dockets)), make([][]int, len(b.g.Dockets))
	for i := range b.before {
		b.before[i] = -1
	}
}

// cited is the docket whose number a docket quotes, -1 when nobody sent it. Of
// several quoted numbers one of a docket with a common person goes first.
func (b *builder) cited(to int) int {
	found := -1
	d := &b.g.Dockets[to]
	for _, number := range d.Cited {
		at, ok := b.byNumber[d.Organ+"|"+number]
		if !ok || at == to || b.g.Dockets[at].Day > d.Day {
			continue
		}
		if b.meet(at, to) {
			return at
		}
		if found < 0 {
			found = at
		}
	}
	return found
}

// meet reports whether a person stands in both dockets.
func (b *builder) meet(x, y int) bool {
	for _, p := range b.g.Dockets[x].Persons {
		if slices.Contains(b.g.Dockets[y].Persons, p) {
			return true
		}
	}
	return false
}

func (b *builder) hop(h Hop) {
	b.before[h.To] = h.From
	b.after[h.From] = append(b.after[h.From], h.To)
	b.g.Hops = append(b.g.Hops, h)
}

// learn takes order and delays of steps from the hops that number and person confirm.
func (b *builder) learn() {
	for _, h := range b.g.Hops {
		from, to := &b.g.Dockets[h.From], &b.g.Dockets[h.To]
		s := b.steps[pairOf{from.Kind, to.Kind}]
		if s == nil {
			s = &step{}
			b.steps[pairOf{from.Kind, to.Kind}] = s
		}
		s.delays = append(s.delays, to.Day-from.Day)
		b.into[to.Kind]++
		b.outOf[from.Kind]++
	}
	for _, s := range b.steps {
		s.n = float64(len(s.delays))
		var squares float64
		for _, d := range s.delays {
			s.mean += math.Log1p(float64(d)) / s.n
		}
		for _, d := range s.delays {
			squares += (math.Log1p(float64(d)) - s.mean) * (math.Log1p(float64(d)) - s.mean)
			s.longest = max(s.longest, float64(d))
		}
		s.deviation = max(math.Sqrt(squares/s.n), 0.1)
		s.delays = nil
	}
}
