// Package review owns people's part in linkage: their decisions as input of every
// run, the queue of what to look at next, and what their labels say of accuracy.
// It promises that decisions hold on record keys whatever is retrained, that a
// contradiction stops and goes to a second person, and that every published share
// has an interval. It never changes a decision.
package review

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/score"
)

// Decision (人工判定) says that two records are one person or two. Records are
// named by the sender's own keys, so a decision outlives runs and re-ingestion.
type Decision struct {
	A, B       uint64 // keys of records
	Same       bool   // must link, else cannot link
	By         string // account
	At         time.Time
	Reason     string
	Evidence   string    // document or record on which it rests
	Until      time.Time // zero: without end
	RevisionA  uint64    // the versions that the person saw
	RevisionB  uint64
	SecondedBy string // who settled a contradiction
}

// Check says what a decision lacks.
func (d Decision) Check() error {
	switch {
	case d.A == d.B:
		return fmt.Errorf("a decision is about two records, both are %d", d.A)
	case d.By == "" || d.Reason == "" || d.Evidence == "":
		return fmt.Errorf("the decision on %d and %d lacks who, reason or evidence: fill in all three", d.A, d.B)
	}
	return nil
}

// Standing is what decisions amount to on a day.
type Standing struct {
	Decisions cluster.Decisions
	Reopened  []Decision // a record was corrected after the decision
	Expired   []Decision
	Disputed  []Decision // a pair with both answers: the parties wait for a second person
}

// Stand sorts decisions for a run: row finds the row of a key, revision the
// version that holds now. The newest on a pair counts when the same person gave
// both or a second person settled it; else the pair is disputed and stands in
// both lists, so that the joining stops there.
func Stand(all []Decision, on time.Time, row func(uint64) (uint32, bool), revision func(uint64) uint64) Standing {
	var out Standing
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(min(a.A, a.B), min(b.A, b.B)), cmp.Compare(max(a.A, a.B), max(b.A, b.B)), a.At.Compare(b.At))
	})
	for from := 0; from < len(sorted); {
		to := from
		var live []Decision
		for to < len(sorted) && pairOf(sorted[to]) == pairOf(sorted[from]) {
			d := sorted[to]
			to++
			switch {
			case !d.Until.IsZero() && on.After(d.Until):
				out.Expired = append(out.Expired, d)
			case newer(revision, d):
				out.Reopened = append(out.Reopened, d)
			default:
				live = append(live, d)
			}
		}
		from = to
		out.pair(live, row)
	}
	return out
}

func pairOf(d Decision) [2]uint64 { return [2]uint64{min(d.A, d.B), max(d.A, d.B)} }

func newer(revision func(uint64) uint64, d Decision) bool {
	return revision != nil && (revision(d.A) > d.RevisionA || revision(d.B) > d.RevisionB)
}

// pair takes the live decisions on one pair, oldest first.
func (s *Standing) pair(live []Decision, row func(uint64) (uint32, bool)) {
	if len(live) == 0 {
		return
	}
	last := live[len(live)-1]
	a, okA := row(last.A)
	b, okB := row(last.B)
	if !okA || !okB {
		return // a record that is gone cannot be joined
	}
	disputed := last.SecondedBy == "" && slices.ContainsFunc(live, func(d Decision) bool { return d.Same != last.Same && d.By != last.By })
	if disputed {
		s.Disputed = append(s.Disputed, live...)
	}
	if last.Same || disputed {
		s.Decisions.Must = append(s.Decisions.Must, [2]uint32{a, b})
	}
	if !last.Same || disputed {
		s.Decisions.Cannot = append(s.Decisions.Cannot, [2]uint32{a, b})
	}
}

// Candidate is a pair or refusal that a person might look at.
type Candidate struct {
	A, B     uint64
	Weight   float64
	Refused  bool // a contradiction kept it apart
	Records  int  // of the smaller side: how much the answer moves
	Findings int  // that rest on it
	Stratum  string
}

// Item is a place in the queue.
type Item struct {
	Candidate
	Value   float64
	Blind   bool // two persons answer without seeing each other
	Sampled bool // drawn by chance: what it says holds for all pairs of its bit of weight
}

// Queue orders candidates by expected value: how open the question is, times what
// the answer moves. One in twenty, chosen by the records and not by the value,
// goes to two persons blind.
func Queue(all []Candidate, threshold float64, limit int) []Item {
	out := make([]Item, 0, len(all))
	for _, c := range all {
		p := 1 / (1 + math.Exp2((threshold-c.Weight)/1.5)) // flat near the threshold: the model is too sure of itself
		open := 4 * p * (1 - p)
		if c.Refused {
			open = max(open, 0.5)
		}
		out = append(out, Item{Candidate: c, Value: open * (1 + math.Log2(float64(1+c.Records)) + 4*float64(c.Findings)), Blind: mixed(c.A, c.B)%20 == 0})
	}
	slices.SortFunc(out, func(x, y Item) int {
		return cmp.Or(cmp.Compare(y.Value, x.Value), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return out[:min(limit, len(out))]
}

const (
	sampledNear = 42 // pairs of a bit of weight that are drawn, within nearBits of the threshold
	sampledFar  = 12 // elsewhere
	nearBits    = 10.0
)

// Sample draws pairs by chance from every bit of weight, more where the answers
// differ. The queue asks what is worth asking, which says nothing of all other pairs;
// probabilities are calibrated on these. top is the value of the first item of the
// queue; the sample is spread evenly below it.
func Sample(all []Candidate, threshold, top float64) []Item {
	bits := map[int][]Candidate{}
	for _, c := range all {
		at := int(math.Floor(c.Weight))
		bits[at] = append(bits[at], c)
	}
	var out []Item
	for at, some := range bits {
		slices.SortFunc(some, func(x, y Candidate) int {
			return cmp.Or(cmp.Compare(mixed(x.A, x.B), mixed(y.A, y.B)), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
		})
		n := sampledFar
		if math.Abs(float64(at)-threshold) <= nearBits {
			n = sampledNear
		}
		for _, c := range some[:min(n, len(some))] {
			h := mixed(c.B+1, c.A)
			out = append(out, Item{Candidate: c, Value: top * float64(h>>11) / (1 << 53), Blind: mixed(c.A, c.B)%20 == 0, Sampled: true})
		}
	}
	slices.SortFunc(out, func(x, y Item) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}

// Calibrate makes probabilities of the answers to a sample: pairs are how many lie
// in each bit of weight, so that a bit that was asked about more counts no more.
func Calibrate(answers []score.Label, pairs map[int]uint64) score.Calibration {
	asked := map[int]float64{}
	for _, l := range answers {
		asked[int(math.Floor(l.Weight))]++
	}
	labels := slices.Clone(answers)
	for i := range labels {
		at := int(math.Floor(labels[i].Weight))
		labels[i].Share = min(1, asked[at]/float64(max(1, pairs[at])))
	}
	return score.Calibrate(labels)
}

// mixed spreads a pair of keys evenly.
func mixed(a, b uint64) uint64 {
	h := min(a, b)*0x9E3779B97F4A7C15 ^ max(a, b)
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}

// Agreement is Cohen's kappa (1960) of two persons' answers on the same pairs; 1
// when both always give one and the same answer.
func Agreement(first, second []bool) float64 {
	n := float64(len(first))
	if n == 0 {
		return 0
	}
	both, a, b := 0.0, 0.0, 0.0
	for i := range first {
		if first[i] == second[i] {
			both++
		}
		if first[i] {
			a++
		}
		if second[i] {
			b++
		}
	}
	chance := (a*b + (n-a)*(n-b)) / n / n
	if chance == 1 {
		return 1
	}
	return (both/n - chance) / (1 - chance)
}
