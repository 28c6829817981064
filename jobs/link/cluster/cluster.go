// Package cluster owns the joining of records into persons: agglomeration under
// constraints, refusals with their reasons, repair of weak bridges, and people's
// decisions as input. It promises the same clusters for the same edges in any
// order, that must-pairs are together and cannot-pairs apart, and that whatever
// it refuses is a row for a person to see. It never joins against a contradiction.
package cluster

import (
	"cmp"
	"math"
	"slices"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// Limits are the constraints; each says when two groups are two persons.
type Limits struct {
	Threshold  float64 // weight from which an edge joins
	YearsApart int     // births further apart contradict
	SexRecords int     // records of each sex on the two sides that contradict
	LoneWeight float64 // a lone record whose number contradicts still joins from this weight without the number
	OneDocket  bool    // two entries of one docket are two persons
	HandOver   int32   // days from which two stays in custody overlap, and from which life after a death counts
	BridgeFrom int     // groups of as many records and more are searched for weak bridges
	BridgeSide int     // records on each side of a bridge that may be cut
	BridgeBits float64 // a bridge that far over the threshold is never cut
}

// DefaultLimits are the measured ones.
func DefaultLimits() Limits {
	return Limits{Threshold: 4, YearsApart: 3, SexRecords: 2, LoneWeight: 6, OneDocket: true, HandOver: 2, BridgeFrom: 4, BridgeSide: 2, BridgeBits: 2}
}

// Reason says why a join was refused.
type Reason uint8

// The reasons of refusals.
const (
	None       Reason = iota
	Numbers           // the valid identity numbers are those of two persons
	Docket            // both sides have an entry in one docket
	Sexes             // both sides agree in themselves on different sexes
	Births            // the births are too far apart
	Lent              // one number, two names and births: the number is another's
	Custody           // in two places of detention at one time
	Death             // alive after the death of the other
	Decided           // a person decided that they are two
	Dispute           // decisions contradict one another
	Average           // the records of both sides contradict one another on the whole
	Bridge            // one weak edge held two groups that speak against one another
	numReasons = iota
)

func reasonWords() [numReasons]string {
	return [numReasons]string{"none", "numbers", "docket", "sexes", "births", "lent_number", "custody", "death", "decided", "dispute", "average", "bridge"}
}

// String is the word that tables and pages use.
func (r Reason) String() string { return reasonWords()[r] }

// ReasonOf reads the word of a reason; None for one that is unknown or empty.
func ReasonOf(word string) Reason {
	for r, w := range reasonWords() {
		if w == word {
			return Reason(r)
		}
	}
	return None
}

// Conflict is a refused join: the best edge between two groups and why.
type Conflict struct {
	A, B    uint32
	Weight  float32
	Pattern level.Pattern
	Reason  Reason
}

// Result are the clusters: Of names each row's cluster by its smallest row.
type Result struct {
	Of        []uint32
	Conflicts []Conflict
	Tree      []score.Edge // the edges that joined, in the order in which they did
	Suspects  []uint32     // rows whose identity number is that of another person
}

// Join makes clusters of the rows of a table.
func Join(plan *level.Plan, w *score.Weigher, t *record.Table, edges []score.Edge, l Limits, d Decisions) Result {
	j := &joiner{plan: plan, weigher: w, table: t, limits: l, id: plan.Index("id"), name: plan.Index("name"), birth: plan.Index("birth"), sex: plan.Index("sex"), chain: plan.Index("chain")}
	j.begin(len(t.Rows))
	j.decide(d)
	order := slices.Clone(edges)
	slices.SortFunc(order, func(x, y score.Edge) int {
		return cmp.Or(-cmp.Compare(x.Weight, y.Weight), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	refused := map[uint64]bool{}
	var tree []score.Edge
	for _, e := range order {
		if float64(e.Weight) < l.Threshold {
			break
		}
		a, b := j.find(e.A), j.find(e.B)
		if a == b {
			continue
		}
		if reason := j.contradiction(a, b, e); reason != None {
			if pair := uint64(min(a, b))<<32 | uint64(max(a, b)); !refused[pair] {
				refused[pair] = true
				j.conflicts = append(j.conflicts, Conflict{e.A, e.B, e.Weight, e.Pattern, reason})
			}
			continue
		}
		j.join(a, b)
		tree = append(tree, e)
	}
	tree = j.repair(tree, order, d.Must)
	out := Result{Tree: tree, Of: make([]uint32, len(t.Rows)), Conflicts: j.conflicts, Suspects: j.suspects}
	for i := range out.Of {
		out.Of[i] = j.find(uint32(i))
	}
	return out
}

// joiner is a run of Join.
type joiner struct {
	plan    *level.Plan
	weigher *score.Weigher
	table   *record.Table
	limits  Limits

	id, name, birth, sex, chain int

	root, next, last, size []uint32 // union-find; members of a group as a list from its root
	cannot                 map[uint32][]uint32
	frozen                 map[uint32]bool
	conflicts              []Conflict
	suspects               []uint32
	ours, theirs           profile
}

const end = math.MaxUint32

func (j *joiner) begin(n int) {
	j.root, j.next, j.last, j.size = make([]uint32, n), make([]uint32, n), make([]uint32, n), make([]uint32, n)
	for i := range j.root {
		j.root[i], j.last[i], j.next[i], j.size[i] = uint32(i), uint32(i), end, 1
	}
	j.cannot, j.frozen = map[uint32][]uint32{}, map[uint32]bool{}
}

// find returns the smallest row of the group of i.
func (j *joiner) find(i uint32) uint32 {
	for j.root[i] != i {
		j.root[i] = j.root[j.root[i]]
		i = j.root[i]
	}
	return i
}

// join puts two groups together under the smaller root.
func (j *joiner) join(a, b uint32) {
	a, b = min(a, b), max(a, b)
	j.root[b] = a
	j.next[j.last[a]] = b
	j.last[a] = j.last[b]
	j.size[a] += j.size[b]
	if list := j.cannot[b]; len(list) > 0 {
		j.cannot[a] = append(j.cannot[a], list...)
		delete(j.cannot, b)
	}
	if j.frozen[b] {
		j.frozen[a] = true
	}
}
