package score

import (
	"context"
	"math"
	"strings"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/pair"
	"hengjian/jobs/link/record"
)

func learned(t *testing.T, seed uint64) (*level.Plan, *record.Table, []uint64, []pair.Pair, Parameters) {
	t.Helper()
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	tb, truth := linktest.Table(t, 4000, seed)
	pairs, _, err := pair.Find(context.Background(), pair.DefaultConfig(), plan, tb)
	if err != nil {
		t.Fatal(err)
	}
	c := DefaultTraining()
	c.Sample = 60_000
	p, err := Train(c, plan, tb, pairs)
	if err != nil {
		t.Fatal(err)
	}
	return plan, tb, truth, pairs, p
}

// TestTrainingFindsTheShares compares m and u, learned without the truth, with
// what the truth says of all pairs.
func TestTrainingFindsTheShares(t *testing.T) {
	plan, tb, truth, pairs, p := learned(t, 31)
	for _, id := range []string{"name", "id", "birth", "sex", "region", "phone"} {
		i := plan.Index(id)
		hit, all := 0.0, 0.0
		for a := range tb.Rows {
			for b := a + 1; b < len(tb.Rows) && truth[b] == truth[a]; b++ {
				if at := plan.Of(plan.One(i, tb, &tb.Rows[a], &tb.Rows[b]), i); at > 0 {
					all++
					if at == 1 {
						hit++
					}
				}
			}
		}
		if got := p.Comparisons[i].Levels[0].M; math.Abs(got-hit/all) > 0.05 {
			t.Errorf("m of %s equal: %.3f, the truth says %.3f", id, got, hit/all)
		}
	}
	sex := plan.Index("sex")
	if u := p.Comparisons[sex].Levels[0].U; math.Abs(u-0.5) > 0.03 {
		t.Errorf("u of sex equal: %.3f of two equally common sexes", u)
	}
	if u := p.Comparisons[plan.Index("id")].Levels[0].U; u > 1e-5 {
		t.Errorf("u of an equal number is %g: the pairs of one person were not taken out of the sample", u)
	}
	again, err := Train(Training{Sample: 60_000, Seed: 1, Recall: 0.85, Threshold: p.Threshold}, plan, tb, pairs)
	if err != nil || again.Hash != p.Hash {
		t.Errorf("the same pairs and seed gave other parameters: %v", err)
	}
}

func TestFrozenParametersCannotBeChanged(t *testing.T) {
	plan, _, _, _, p := learned(t, 32)
	text, err := p.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Thaw(text, plan)
	if err != nil || back.Hash != p.Sum() {
		t.Fatalf("thaw: %v", err)
	}
	if _, err := Thaw([]byte(strings.Replace(string(text), `"prior": 0.`, `"prior": 0.1`, 1)), plan); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Errorf("a changed file: %v", err)
	}
	other := *plan
	other.Hash = "x"
	if _, err := Thaw(text, &other); err == nil || !strings.Contains(err.Error(), "other levels") {
		t.Errorf("other levels: %v", err)
	}
}

func TestFrequencyCountsPersons(t *testing.T) {
	_, tb, truth, _, _ := learned(t, 33)
	f := Count(tb, func(i int) uint64 { return truth[i] })
	persons := map[uint32]map[uint64]bool{}
	for i := range tb.Rows {
		sense := tb.Names[tb.Rows[i].Name].Sense
		if persons[sense] == nil {
			persons[sense] = map[uint64]bool{}
		}
		persons[sense][truth[i]] = true
	}
	for sense, who := range persons {
		if sense != 0 && f.of["name"][sense] != uint32(len(who)) {
			t.Fatalf("name %d: %d persons, want %d", sense, f.of["name"][sense], len(who))
		}
	}
}
