package resolve

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/review"
	"hengjian/jobs/link/score"
)

// randomDecisions are pairs of any records, most of them against what linkage
// would say, that do not contradict one another.
func randomDecisions(r *rand.Rand, raws []record.Raw, n int) []review.Decision {
	group := map[uint64]uint64{}
	of := func(k uint64) uint64 {
		for group[k] != 0 && group[k] != k {
			k = group[k]
		}
		return k
	}
	apart := map[[2]uint64]bool{}
	var out []review.Decision
	for len(out) < n {
		a, b := raws[r.IntN(len(raws))].Key, raws[r.IntN(len(raws))].Key
		if r.IntN(2) == 0 { // neighbours are often one person
			at := r.IntN(len(raws) - 1)
			a, b = raws[at].Key, raws[at+1].Key
		}
		x, y := of(a), of(b)
		same := r.IntN(2) == 0
		if a == b || !same && x == y || same && slices.ContainsFunc(out, func(d review.Decision) bool {
			return !d.Same && (of(d.A) == x && of(d.B) == y || of(d.A) == y && of(d.B) == x)
		}) || apart[[2]uint64{min(a, b), max(a, b)}] {
			continue
		}
		if same {
			group[max(x, y)] = min(x, y)
		}
		apart[[2]uint64{min(a, b), max(a, b)}] = true
		out = append(out, review.Decision{A: a, B: b, Same: same, By: "li", Reason: "seen", Evidence: "file", At: time.Unix(int64(len(out)), 0)})
	}
	return out
}

// TestAThousandDecisionsHold decides a thousand random pairs: they hold in the
// first run, after the records came in again in another order, after the weights
// were learned from other pairs, and under frozen weights.
func TestAThousandDecisionsHold(t *testing.T) {
	n, plan := load(t)
	raws, _ := linktest.Population(3000, 41)
	r := rand.New(rand.NewPCG(41, 1000))
	decisions := randomDecisions(r, raws, 1000)
	on := time.Unix(2_000_000_000, 0)
	var frozen score.Parameters
	for _, c := range []struct {
		name    string
		shuffle bool
		seed    uint64
		freeze  bool
	}{{"first", false, 1, false}, {"ingested again", true, 1, false}, {"learned again", false, 99, false}, {"frozen", true, 1, true}} {
		order := slices.Clone(raws)
		if c.shuffle {
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		tb := record.New(n, len(order))
		for i := range order {
			tb.Add(&order[i])
		}
		if _, err := tb.Seal(record.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		row := map[uint64]uint32{}
		for i := range tb.Rows {
			row[tb.Rows[i].Key] = uint32(i)
		}
		find := func(key uint64) (uint32, bool) { i, ok := row[key]; return i, ok }
		standing := review.Stand(decisions, on, find, nil)
		config := DefaultConfig()
		config.Training.Sample, config.Training.Seed = 40_000, c.seed
		in := Input{Plan: plan, Table: tb, Decisions: standing.Decisions}
		if c.freeze {
			in.Frozen = &frozen
		}
		out, err := Persons(context.Background(), config, in)
		if err != nil {
			t.Fatal(err)
		}
		frozen = out.Parameters
		broken, against := 0, 0
		for _, d := range decisions {
			one := out.Clusters.Of[row[d.A]] == out.Clusters.Of[row[d.B]]
			if one != d.Same {
				broken++
			}
		}
		free, err := Persons(context.Background(), config, Input{Plan: plan, Table: tb, Frozen: &frozen})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range decisions {
			if (free.Clusters.Of[row[d.A]] == free.Clusters.Of[row[d.B]]) != d.Same {
				against++
			}
		}
		if broken > 0 || against < 300 {
			t.Errorf("%s: %d of 1000 decisions do not hold; linkage alone would break %d", c.name, broken, against)
		}
	}
}

// TestContradictingDecisionsAreFound closes a ring of two musts and a cannot.
func TestContradictingDecisionsAreFound(t *testing.T) {
	n, plan := load(t)
	raws, _ := linktest.Population(60, 3)
	tb := record.New(n, len(raws))
	for i := range raws {
		tb.Add(&raws[i])
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	model, err := score.Standard(plan)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Persons(context.Background(), DefaultConfig(), Input{Plan: plan, Table: tb, Frozen: &model, Decisions: cluster.Decisions{
		Must: [][2]uint32{{1, 2}, {2, 3}}, Cannot: [][2]uint32{{1, 3}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	found := slices.ContainsFunc(out.Clusters.Conflicts, func(c cluster.Conflict) bool { return c.Reason == cluster.Dispute && c.A == 1 && c.B == 3 })
	if of := out.Clusters.Of; !found || of[1] == of[2] || of[2] == of[3] {
		t.Errorf("the contradiction was not stopped: %v", out.Clusters.Of[:4])
	}
}
