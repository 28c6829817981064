package chain

import (
	"cmp"
	"math"
	"slices"
)

const (
	fewest   = 10   // confirmed hops before a step is believed to exist
	margin   = 1.0  // of the score, in nats: closer rivals make a hop ambiguous
	farthest = 4.0  // deviations of the logarithm of the delay that are believed
	skipped  = 0.05 // probability that a lost docket stood between, from which a hop is ambiguous
	worth    = 5.0  // dockets that the national loss rate counts for in an organ's
)

// score is how well from precedes to, in nats; false when it cannot. Both have a
// person in common.
func (b *builder) score(from, to int) (float64, bool) {
	x, y := &b.g.Dockets[from], &b.g.Dockets[to]
	s := b.steps[pairOf{x.Kind, y.Kind}]
	days := float64(y.Day - x.Day)
	if s == nil || s.n < fewest || days < 0 || days > 1.5*s.longest {
		return 0, false
	}
	z := (math.Log1p(days) - s.mean) / s.deviation
	if math.Abs(z) > farthest {
		return 0, false
	}
	total := math.Log(s.n/b.into[y.Kind]) - z*z/2 - math.Log(s.deviation*(1+days))
	if x.Organ == y.Organ {
		total += 3
	}
	return total + 2*overlap(x.Persons, y.Persons), true
}

// overlap is the share of common persons (Jaccard).
func overlap(x, y []uint32) float64 {
	common := 0
	for _, p := range x {
		if slices.Contains(y, p) {
			common++
		}
	}
	return float64(common) / float64(len(x)+len(y)-common)
}

// candidate is a possible predecessor.
type candidate struct {
	from, to int
	score    float64
}

// candidates lists the dockets of a docket's persons that could precede it and
// that no docket of the same person follows yet, the best first.
func (b *builder) candidates(to int) []candidate {
	var out []candidate
	for _, p := range b.g.Dockets[to].Persons {
		for _, from := range b.byPerson[p] {
			if from == to || slices.ContainsFunc(out, func(c candidate) bool { return c.from == from }) || b.followed(from, p) {
				continue
			}
			if v, ok := b.score(from, to); ok {
				out = append(out, candidate{from, to, v})
			}
		}
	}
	slices.SortFunc(out, func(a, c candidate) int { return cmp.Or(cmp.Compare(c.score, a.score), cmp.Compare(a.from, c.from)) })
	return out
}

// followed reports whether a docket that person p stands in follows from.
func (b *builder) followed(from int, p uint32) bool {
	return slices.ContainsFunc(b.after[from], func(to int) bool { return slices.Contains(b.g.Dockets[to].Persons, p) })
}

// repair connects a docket whose cited number differs in one sign from that of
// an earlier docket of the same person.
func (b *builder) repair(to int) bool {
	found, score, rivals := -1, 0.0, 0
	for _, c := range b.candidates(to) {
		if !slices.ContainsFunc(b.g.Dockets[to].Cited, func(n string) bool { return oneSign(n, b.g.Dockets[c.from].Own) }) {
			continue
		}
		if found >= 0 {
			rivals++
			continue
		}
		found, score = c.from, c.score
	}
	if found < 0 || math.IsNaN(score) {
		return false
	}
	b.hop(Hop{found, to, Repaired, rivals})
	return true
}

// oneSign reports whether two numbers of one length differ in exactly one digit.
func oneSign(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	differ := 0
	for i := range len(a) {
		if a[i] != b[i] {
			differ++
			if a[i] < '0' || a[i] > '9' || b[i] < '0' || b[i] > '9' {
				return false
			}
		}
	}
	return differ == 1
}

// assign gives dockets without a number their predecessors, the best pair first,
// each docket of a person at most one successor.
func (b *builder) assign(open []int) {
	var all []candidate
	first, second := map[int]float64{}, map[int]float64{}
	count := map[int]int{}
	for _, to := range open {
		some := b.candidates(to)
		if len(some) > 0 {
			first[to] = some[0].score
		}
		second[to] = math.Inf(-1)
		if len(some) > 1 {
			second[to] = some[1].score
		}
		count[to] = len(some)
		all = append(all, some...)
	}
	slices.SortFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.to, y.to), cmp.Compare(x.from, y.from))
	})
	for _, c := range all {
		if b.before[c.to] >= 0 || !b.free(c.from, c.to) {
			continue
		}
		how := ByPerson
		if first[c.to]-second[c.to] < margin || b.skip(c.from, c.to) > skipped {
			how = Ambiguous
		}
		b.hop(Hop{c.from, c.to, how, count[c.to] - 1})
	}
}

// free reports whether some common person of both has no successor of from yet.
func (b *builder) free(from, to int) bool {
	for _, p := range b.g.Dockets[from].Persons {
		if slices.Contains(b.g.Dockets[to].Persons, p) && !b.followed(from, p) {
			return true
		}
	}
	return false
}

// shouldFollow finds the open docket of the same person that stands before the
// one that was lost in front of to: the latest that could lead there in two steps.
func (b *builder) shouldFollow(to int) int {
	best := -1
	y := &b.g.Dockets[to]
	for _, p := range y.Persons {
		for _, from := range b.byPerson[p] {
			x := &b.g.Dockets[from]
			if from == to || x.Day > y.Day || b.followed(from, p) || !b.twoSteps(x.Kind, y.Kind) || x.Organ != y.Organ {
				continue
			}
			if best < 0 || x.Day > b.g.Dockets[best].Day {
				best = from
			}
		}
	}
	return best
}

// twoSteps reports whether some kind can stand between two kinds.
func (b *builder) twoSteps(from, to string) bool {
	for p, s := range b.steps {
		if p.from == from && s.n >= fewest {
			if next := b.steps[pairOf{p.to, to}]; next != nil && next.n >= fewest {
				return true
			}
		}
	}
	return false
}

// lossRates counts by organ how often what is cited was never received.
func (b *builder) lossRates() {
	for _, l := range b.g.Lost {
		b.losses[b.g.Dockets[l.To].Organ]++
		b.losses[""]++
	}
	for i := range b.g.Dockets {
		if len(b.g.Dockets[i].Cited) > 0 {
			b.cites[b.g.Dockets[i].Organ]++
			b.cites[""]++
		}
	}
}

// skip is the probability that a docket which was lost stood between two.
func (b *builder) skip(from, to int) float64 {
	x, y := &b.g.Dockets[from], &b.g.Dockets[to]
	national := b.losses[""] / max(1, b.cites[""])
	loss := (b.losses[y.Organ] + worth*national) / (b.cites[y.Organ] + worth)
	around := 0.0
	for p, s := range b.steps {
		if p.from != x.Kind || s.n < fewest {
			continue
		}
		if next := b.steps[pairOf{p.to, y.Kind}]; next != nil {
			around += s.n / b.outOf[x.Kind] * next.n * loss
		}
	}
	direct := b.steps[pairOf{x.Kind, y.Kind}]
	straight := direct.n * (1 - loss)
	return around / (around + straight)
}

// byName notes an ambiguous hop from an open docket of the same organ in which
// somebody has the same name: the persons may be one although linkage says two.
func (b *builder) byName(to int) {
	y := &b.g.Dockets[to]
	best, score := -1, math.Inf(-1)
	for _, name := range y.Names {
		for _, from := range b.named[nameIn{y.Organ, name}] {
			if from == to || len(b.after[from]) > 0 {
				continue
			}
			if len(y.Cited) > 0 && !slices.ContainsFunc(y.Cited, func(n string) bool { return oneSign(n, b.g.Dockets[from].Own) }) {
				continue
			}
			if v, ok := b.score(from, to); ok && v > score {
				best, score = from, v
			}
		}
	}
	if best >= 0 {
		b.hop(Hop{best, to, Ambiguous, 0})
	}
}
