package chain

import (
	"bytes"
	_ "embed" // the hops
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"
)

//go:embed hops.yaml
var hopsText []byte

// Step is a hop that records announce.
type Step struct {
	ID       string              `yaml:"id"`
	ZH       string              `yaml:"zh"`
	EN       string              `yaml:"en"`
	Event    string              `yaml:"event"`    // of the docket that hands over
	When     map[string][]string `yaml:"when"`     // attributes of the event, any of the values
	Terminal bool                `yaml:"terminal"` // the event without them ends the case there
	To       []string            `yaml:"to"`       // kinds of the docket that should follow
}

// Steps are the hops and the order in which a case passes kinds of docket.
type Steps struct {
	Order []string `yaml:"order"`
	Hops  []Step   `yaml:"hops"`
}

// StandardSteps loads hops.yaml; an error names the hop and what it lacks.
func StandardSteps() (Steps, error) {
	var s Steps
	d := yaml.NewDecoder(bytes.NewReader(hopsText))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("hops.yaml: %w", err)
	}
	seen := map[string]bool{}
	for _, h := range s.Hops {
		if h.ID == "" || seen[h.ID] || h.ZH == "" || h.EN == "" || h.Event == "" || len(h.To) == 0 {
			return s, fmt.Errorf("hops.yaml: %q: give each hop an id of its own, zh, en, event and to", h.ID)
		}
		for _, kind := range h.To {
			if s.rank(kind) < 0 {
				return s, fmt.Errorf("hops.yaml: %s: kind %q is not in order", h.ID, kind)
			}
		}
		seen[h.ID] = true
	}
	return s, nil
}

func (s Steps) rank(kind string) int { return slices.Index(s.Order, kind) }

// Announced is an event that says another organ takes over.
type Announced struct {
	Hop      string
	From     int // docket
	Day      int
	Terminal bool // nothing is due
}

// Received is a docket as the warehouse linked it.
type Received struct {
	Kind, Chain string
	Unlinked    bool
	Day         int      // of its first event
	Persons     []string // person ids
}

// Followed says what followed an announced hop.
type Followed struct {
	To     int // docket, -1 for none
	How    How // ByNumber or ByPerson
	Proven bool
}

// Follow finds the docket that follows each announced hop: in the chain, else an
// unlinked one of the same person, the nearest in time first and each only once;
// and whether a later docket of the person proves that the missing one existed.
func (s Steps) Follow(all []Announced, dockets []Received) []Followed {
	f := follower{steps: s, dockets: dockets, byChain: map[string][]int{}, byPerson: map[string][]int{}, taken: map[int]bool{}}
	for i, d := range dockets {
		f.byChain[d.Chain] = append(f.byChain[d.Chain], i)
		for _, p := range d.Persons {
			f.byPerson[p] = append(f.byPerson[p], i)
		}
	}
	out := make([]Followed, len(all))
	for i, a := range all {
		out[i] = Followed{To: -1}
		if to := f.nearest(a, f.byChain[dockets[a.From].Chain], false); to >= 0 {
			out[i] = Followed{To: to, How: ByNumber}
		}
	}
	f.byPersons(all, out)
	for i, a := range all {
		if out[i].To < 0 && !a.Terminal {
			out[i].Proven = f.proven(a)
		}
	}
	return out
}

type follower struct {
	steps             Steps
	dockets           []Received
	byChain, byPerson map[string][]int
	taken             map[int]bool
}

func (s Steps) step(id string) Step {
	return s.Hops[slices.IndexFunc(s.Hops, func(h Step) bool { return h.ID == id })]
}

// early is how many days before the event a docket may begin that follows it:
// days are written down by two organs.
const early = 3

// nearest is the first docket of the hop's kinds that begins after the event.
func (f *follower) nearest(a Announced, among []int, unlinked bool) int {
	best, kinds := -1, f.steps.step(a.Hop).To
	for _, i := range among {
		d := &f.dockets[i]
		if i == a.From || d.Day < a.Day-early || !slices.Contains(kinds, d.Kind) || unlinked && (!d.Unlinked || f.taken[i]) {
			continue
		}
		if best < 0 || d.Day < f.dockets[best].Day {
			best = i
		}
	}
	return best
}

// byPersons gives the hops without a follower unlinked dockets of their persons.
func (f *follower) byPersons(all []Announced, out []Followed) {
	type offer struct{ hop, to, days int }
	var offers []offer
	for i, a := range all {
		if out[i].To >= 0 || a.Terminal {
			continue
		}
		for _, p := range f.dockets[a.From].Persons {
			if to := f.nearest(a, f.byPerson[p], true); to >= 0 {
				offers = append(offers, offer{i, to, f.dockets[to].Day - a.Day})
			}
		}
	}
	slices.SortStableFunc(offers, func(x, y offer) int { return x.days - y.days })
	for _, o := range offers {
		if out[o.hop].To < 0 && !f.taken[o.to] {
			f.taken[o.to] = true
			out[o.hop] = Followed{To: o.to, How: ByPerson}
		}
	}
}

// proven reports whether a person of the docket stands in a later kind of docket
// that follows nothing that was received.
func (f *follower) proven(a Announced) bool {
	after := 0
	for _, kind := range f.steps.step(a.Hop).To {
		after = max(after, f.steps.rank(kind))
	}
	for _, p := range f.dockets[a.From].Persons {
		for _, i := range f.byPerson[p] {
			if d := &f.dockets[i]; d.Unlinked && d.Day >= a.Day && f.steps.rank(d.Kind) > after && d.Chain != f.dockets[a.From].Chain {
				return true
			}
		}
	}
	return false
}
