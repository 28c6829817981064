// Package identity owns the names of persons: random ids that outlive runs, and
// the history of what was merged and split. It promises that a person whose
// records did not change keeps the id, that every id ever given resolves, and that
// no id says anything about a person. It never decides who is one person.
package identity

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
)

// ID is a person's id (人员编号): 96 random bits.
type ID [12]byte

// String is the form that tables and pages use.
func (i ID) String() string { return "p-" + hex.EncodeToString(i[:]) }

// ParseID reads the form of String.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 26 || s[:2] != "p-" {
		return id, fmt.Errorf("%q is no person's id: write p- and 24 hex digits", s)
	}
	if _, err := hex.Decode(id[:], []byte(s[2:])); err != nil {
		return id, fmt.Errorf("%q is no person's id: write p- and 24 hex digits", s)
	}
	return id, nil
}

// Kind says what happened to an id.
type Kind string

// The kinds of events.
const (
	Created Kind = "created" // a new person
	Merged  Kind = "merged"  // Old now answers as New
	Split   Kind = "split"   // records of Old became New
	Moved   Kind = "moved"   // some records of Old went to New, both go on
	Retired Kind = "retired" // no record is left
)

// Event is one line of the history (合并拆分记录).
type Event struct {
	Run      string
	Kind     Kind
	Old, New ID
	Records  int
	Cause    string
}

// State is what outlives a run; it is backed up and never rebuilt.
type State struct {
	Of   map[uint64]ID // of a record's key
	Into map[ID]ID     // merged ids and who answers for them
	Born map[ID]uint64 // order of birth: the lower is the older
	Last uint64        // order of the youngest ever born, whether Born has it or not
}

// NewState is that of an empty warehouse.
func NewState() State {
	return State{Of: map[uint64]ID{}, Into: map[ID]ID{}, Born: map[ID]uint64{}}
}

// Resolve follows merges to the id that answers now; false for one never given.
func (s State) Resolve(id ID) (ID, bool) {
	if _, ok := s.Born[id]; !ok {
		return id, false
	}
	for range len(s.Into) + 1 {
		next, ok := s.Into[id]
		if !ok {
			return id, true
		}
		id = next
	}
	return id, false
}

// Cluster is one person of a run: the keys of the records.
type Cluster []uint64

// overlap is how many records a former person and a cluster share.
type overlap struct {
	old     ID
	cluster int
	records int
}

// Assign names the clusters of a run. A person keeps its id on the part with most
// of its records, a cluster takes that of whom it shares most records with, ties
// go to the older id. Ids come from random; cause is why the run was made.
func Assign(s State, clusters []Cluster, random io.Reader, run, cause string) (State, []Event, error) {
	n := namer{old: s, next: State{Of: map[uint64]ID{}, Into: map[ID]ID{}, Born: map[ID]uint64{}}, random: random, run: run, cause: cause}
	for id, other := range s.Into {
		n.next.Into[id] = other
	}
	n.next.Last = s.Last
	for id, at := range s.Born {
		n.next.Born[id], n.next.Last = at, max(n.next.Last, at)
	}
	err := n.name(clusters)
	return n.next, n.events, err
}

type namer struct {
	old, next  State
	random     io.Reader
	run, cause string
	events     []Event
}

func (n *namer) name(clusters []Cluster) error {
	shared := n.overlaps(clusters)
	of := make([]ID, len(clusters))
	named, kept := make([]bool, len(clusters)), map[ID]int{}
	for _, o := range shared {
		if _, taken := kept[o.old]; !taken && !named[o.cluster] {
			of[o.cluster], named[o.cluster], kept[o.old] = o.old, true, o.cluster
		}
	}
	for i := range clusters {
		if !named[i] {
			id, err := n.fresh()
			if err != nil {
				return err
			}
			of[i] = id
		}
		for _, key := range clusters[i] {
			n.next.Of[key] = of[i]
		}
	}
	n.history(clusters, shared, of, named, kept)
	return nil
}

// overlaps lists who shares records with whom, the largest first.
func (n *namer) overlaps(clusters []Cluster) []overlap {
	var out []overlap
	for i, c := range clusters {
		counts := map[ID]int{}
		for _, key := range c {
			if id, ok := n.old.Of[key]; ok {
				counts[id]++
			}
		}
		for id, records := range counts {
			out = append(out, overlap{id, i, records})
		}
	}
	slices.SortFunc(out, func(a, b overlap) int {
		return cmp.Or(cmp.Compare(b.records, a.records), cmp.Compare(n.old.Born[a.old], n.old.Born[b.old]), cmp.Compare(clusters[a.cluster][0], clusters[b.cluster][0]))
	})
	return out
}

func (n *namer) fresh() (ID, error) {
	var id ID
	if _, err := io.ReadFull(n.random, id[:]); err != nil {
		return id, fmt.Errorf("draw a person's id: %w", err)
	}
	if _, taken := n.next.Born[id]; taken {
		return id, fmt.Errorf("a person's id was drawn twice: the source of randomness is broken")
	}
	n.next.Last++
	n.next.Born[id] = n.next.Last
	return id, nil
}

// history writes what happened to the former ids and whom the new ones name.
func (n *namer) history(clusters []Cluster, shared []overlap, of []ID, named []bool, kept map[ID]int) {
	seen := map[ID]bool{}
	origin := make([]bool, len(clusters))
	for _, o := range shared { // the first of an id is where most of its records are
		first := !seen[o.old]
		seen[o.old] = true
		at, keeps := kept[o.old]
		switch {
		case keeps && at == o.cluster:
		case !keeps && first:
			n.next.Into[o.old] = of[o.cluster]
			n.add(Merged, o.old, of[o.cluster], o.records)
		case named[o.cluster]:
			n.add(Moved, o.old, of[o.cluster], o.records)
		default:
			origin[o.cluster] = true
			n.add(Split, o.old, of[o.cluster], o.records)
		}
	}
	for i, c := range clusters {
		if !named[i] && !origin[i] {
			n.add(Created, ID{}, of[i], len(c))
		}
	}
	gone := map[ID]bool{}
	for _, id := range n.old.Of {
		if !seen[id] && !gone[id] {
			gone[id] = true
		}
	}
	lost := make([]ID, 0, len(gone))
	for id := range gone {
		lost = append(lost, id)
	}
	slices.SortFunc(lost, func(a, b ID) int { return cmp.Compare(n.old.Born[a], n.old.Born[b]) })
	for _, id := range lost {
		n.add(Retired, id, ID{}, 0)
	}
}

func (n *namer) add(k Kind, from, to ID, records int) {
	n.events = append(n.events, Event{n.run, k, from, to, records, n.cause})
}
