package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/pair"
	"hengjian/jobs/link/record"
)

// Training says how a model is learned.
type Training struct {
	Sample    int     // random pairs for u
	Seed      uint64  // of the sample
	Recall    float64 // share of the pairs of one person that have an equal number, or name, birth and county
	Threshold float64 // weight from which records are joined
}

// DefaultTraining follows the measurements: a million pairs do for u.
func DefaultTraining() Training {
	return Training{Sample: 1_000_000, Seed: 1, Recall: 0.85, Threshold: 4}
}

const (
	smallestM = 1e-6
	smallestU = 2e-8
	rounds    = 50
	certain   = 20 // sampled pairs from which a share is taken as measured
)

// Train learns a model from the candidate pairs of a table.
func Train(c Training, plan *level.Plan, t *record.Table, pairs []pair.Pair) (Parameters, error) {
	if len(t.Rows) < 2 {
		return Parameters{}, fmt.Errorf("learn the weights: %d records are too few; use a frozen parameter file", len(t.Rows))
	}
	l := &learner{plan: plan, all: float64(len(t.Rows)) * float64(len(t.Rows)-1) / 2}
	l.prior(c, t, pairs)
	l.sample(c, t)
	l.blocked(t, pairs)
	blocks := l.blocks(t, pairs)
	l.m = l.guess()
	l.notes = nil
	for range 2 { // u needs m to take the pairs of one person out of the sample
		l.correct()
		l.notes = nil
		l.maximise(blocks)
	}
	l.correct()
	p := Parameters{Version: "trained", Levels: plan.Hash, Records: len(t.Rows), Seed: c.Seed, Prior: l.lambda, Threshold: c.Threshold, Notes: l.notes}
	for i, k := range plan.Comparisons {
		out := Comparison{ID: k.ID}
		for j, v := range k.Levels {
			out.Levels = append(out.Levels, Level{ID: v.ID, M: l.m[i][j], U: l.u[i][j], Source: l.source[i][j]})
		}
		p.Comparisons = append(p.Comparisons, out)
	}
	p.Hash = p.Sum()
	return p, p.check()
}

// learner holds what training has found so far; the inner index is level-1.
type learner struct {
	plan        *level.Plan
	all, lambda float64
	seen        [][]float64 // sampled pairs by level
	given       []float64   // sampled pairs with the value on both sides
	apart       [][]float64 // blocked pairs of certainly two persons by level
	bothValid   float64     // share of pairs with two valid numbers
	u, m        [][]float64
	source      [][]string
	notes       []string
}

func (l *learner) table() [][]float64 {
	out := make([][]float64, len(l.plan.Comparisons))
	for i, c := range l.plan.Comparisons {
		out[i] = make([]float64, len(c.Levels))
	}
	return out
}

// prior estimates λ from strict rules and their assumed recall.
func (l *learner) prior(c Training, t *record.Table, pairs []pair.Pair) {
	strict := 0.0
	for _, p := range pairs {
		a, b := &t.Rows[p.A], &t.Rows[p.B]
		sameNumber := a.Valid && b.Valid && a.Number == b.Number
		if sameNumber || a.Name != 0 && a.Name == b.Name && a.Birth != 0 && a.Birth == b.Birth && a.Region != 0 && a.Region == b.Region {
			strict++
		}
	}
	l.lambda = min(max(strict/c.Recall/l.all, 1/l.all), 0.5)
}

// sample compares random pairs.
func (l *learner) sample(c Training, t *record.Table) {
	l.seen, l.given = l.table(), make([]float64, len(l.plan.Comparisons))
	random := rand.New(rand.NewPCG(c.Seed, 0x68656e676a69616e))
	valid := 0.0
	for i := range t.Rows {
		if t.Rows[i].Valid {
			valid++
		}
	}
	l.bothValid = max(valid*valid/float64(len(t.Rows))/float64(len(t.Rows)), 1e-9)
	drawn := make([][2]uint32, c.Sample)
	for i := range drawn {
		drawn[i] = [2]uint32{uint32(random.IntN(len(t.Rows))), uint32(random.IntN(len(t.Rows)))}
	}
	for x, n := range l.patterns(t, drawn) {
		for i := range l.seen {
			if at := l.plan.Of(x, i); at > 0 {
				l.seen[i][at-1] += n
				l.given[i] += n
			}
		}
	}
}

// patterns compares pairs of rows on all processors and counts their patterns.
func (l *learner) patterns(t *record.Table, pairs [][2]uint32) map[level.Pattern]float64 {
	workers := runtime.GOMAXPROCS(0)
	counts := make([]map[level.Pattern]float64, workers)
	var group sync.WaitGroup
	for w := range counts {
		group.Go(func() {
			count := map[level.Pattern]float64{}
			for _, p := range pairs[len(pairs)*w/workers : len(pairs)*(w+1)/workers] {
				if p[0] != p[1] {
					count[l.plan.Compare(t, &t.Rows[p[0]], &t.Rows[p[1]])]++
				}
			}
			counts[w] = count
		})
	}
	group.Wait()
	for _, more := range counts[1:] {
		for x, n := range more {
			counts[0][x] += n
		}
	}
	return counts[0]
}

// blocked counts the levels of candidate pairs whose valid numbers are far apart
// or those of relatives: two persons for certain. Random pairs hardly ever show
// the rare levels where relatives and co-defendants stand.
func (l *learner) blocked(t *record.Table, pairs []pair.Pair) {
	l.apart = l.table()
	for _, p := range pairs {
		a, b := &t.Rows[p.A], &t.Rows[p.B]
		if !a.Valid || !b.Valid || a.Number == b.Number {
			continue
		}
		for i := range l.apart {
			if at := l.plan.Of(p.Pattern, i); at > 0 {
				l.apart[i][at-1]++
			}
		}
	}
}

// correct computes u: the sampled share less the pairs of one person in it, or
// for levels too rare for the sample what the blocks show.
func (l *learner) correct() {
	l.u, l.source = l.table(), make([][]string, len(l.seen))
	for i := range l.seen {
		l.source[i] = make([]string, len(l.seen[i]))
		for k, n := range l.seen[i] {
			u, how := 0.0, "sample"
			if l.given[i] > 0 {
				u = (n/l.given[i] - l.lambda*l.m[i][k]) / (1 - l.lambda)
			}
			if blocked := l.apart[i][k] / (l.all * l.bothValid); n < certain {
				u, how = blocked, "blocked"
			}
			if u < smallestU {
				u, how = smallestU, "floor"
			}
			l.u[i][k], l.source[i][k] = min(u, 1), how
		}
	}
}

// guess is where m begins: the first level nine times in ten.
func (l *learner) guess() [][]float64 {
	m := l.table()
	for i := range m {
		for k := range m[i] {
			m[i][k] = 0.1 / float64(len(m[i])-1)
		}
		m[i][0] = 0.9
	}
	if i := l.plan.Index("chain"); i >= 0 { // its first level is two entries of one docket
		for k := range m[i] {
			m[i][k] = 1 / float64(len(m[i]))
		}
	}
	return m
}

// trained is one training block: how often each pattern occurs.
type trained struct {
	name   string
	fixed  []bool
	counts map[level.Pattern]float64
}

func (l *learner) blocks(t *record.Table, pairs []pair.Pair) []trained {
	var out []trained
	for i := range l.plan.Trainings {
		training := &l.plan.Trainings[i]
		b := trained{training.Block, make([]bool, len(l.plan.Comparisons)), map[level.Pattern]float64{}}
		for _, id := range training.Fixed {
			b.fixed[l.plan.Index(id)] = true
		}
		rule := training.Rule()
		for _, p := range pairs {
			if rule.Same(t, &t.Rows[p.A], &t.Rows[p.B]) {
				b.counts[p.Pattern]++
			}
		}
		out = append(out, b)
	}
	return out
}

// maximise learns m by expectation and maximisation in each block and averages.
func (l *learner) maximise(blocks []trained) {
	sums, times := l.table(), make([]float64, len(l.m))
	ratios := make([][]float64, len(l.m))
	for _, b := range blocks {
		m, ok := l.expect(b)
		if !ok {
			l.notes = append(l.notes, fmt.Sprintf("block %s has no pairs: it taught nothing", b.name))
			continue
		}
		for i := range m {
			if b.fixed[i] {
				continue
			}
			times[i]++
			ratios[i] = append(ratios[i], m[i][0])
			for k := range m[i] {
				sums[i][k] += m[i][k]
			}
		}
	}
	for i := range sums {
		if times[i] == 0 {
			continue
		}
		for k := range sums[i] {
			l.m[i][k] = max(sums[i][k]/times[i], smallestM)
			if l.m[i][k] == smallestM {
				l.notes = append(l.notes, fmt.Sprintf("%s.%s was never seen among pairs of one person: m is the floor %g", l.plan.Comparisons[i].ID, l.plan.Comparisons[i].Levels[k].ID, smallestM))
			}
		}
		if r := ratios[i]; len(r) == 2 && (r[0] > 2*r[1] || r[1] > 2*r[0]) {
			l.notes = append(l.notes, fmt.Sprintf("%s: two blocks disagree on m of the first level, %.3f and %.3f", l.plan.Comparisons[i].ID, r[0], r[1]))
		}
	}
}

// expect runs the rounds of one block; false when it has no pairs.
func (l *learner) expect(b trained) ([][]float64, bool) {
	if len(b.counts) == 0 {
		return nil, false
	}
	m := l.table()
	for i := range m {
		copy(m[i], l.m[i])
	}
	lambda := 0.9
	keys := sortedKeys(b.counts)
	for range rounds {
		next, given := l.table(), make([]float64, len(m))
		matched, all := 0.0, 0.0
		for _, x := range keys {
			n := b.counts[x]
			ratio := 1.0
			for i := range m {
				if at := l.plan.Of(x, i); at > 0 && !b.fixed[i] {
					ratio *= m[i][at-1] / l.u[i][at-1]
				}
			}
			g := lambda * ratio / (lambda*ratio + 1 - lambda)
			if math.IsInf(ratio, 1) {
				g = 1
			}
			matched, all = matched+g*n, all+n
			for i := range next {
				if at := l.plan.Of(x, i); at > 0 {
					next[i][at-1] += g * n
					given[i] += g * n
				}
			}
		}
		moved := math.Abs(matched/all - lambda)
		lambda = min(max(matched/all, 1e-6), 1-1e-6)
		for i := range next {
			for k := range next[i] {
				if b.fixed[i] || given[i] == 0 {
					continue
				}
				v := max(next[i][k]/given[i], smallestM)
				moved = max(moved, math.Abs(v-m[i][k]))
				m[i][k] = v
			}
		}
		if moved < 1e-5 {
			break
		}
	}
	return m, true
}
