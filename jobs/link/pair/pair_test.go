package pair

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/record"
)

func population(t *testing.T, records int, seed uint64) *record.Table {
	t.Helper()
	tb, _ := linktest.Table(t, records, seed)
	return tb
}

func standard(t *testing.T) *level.Plan {
	t.Helper()
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func byPlace(a, b Pair) int {
	if a.A != b.A {
		return int(a.A) - int(b.A)
	}
	return int(a.B) - int(b.B)
}

// TestFindsWhatEveryPairOfRecordsShows compares with the slow and obvious way:
// all pairs, kept when some rule's parts are equal.
func TestFindsWhatEveryPairOfRecordsShows(t *testing.T) {
	tb, plan := population(t, 1200, 11), standard(t)
	var want []Pair
	for b := range tb.Rows {
		for a := range b {
			if slices.ContainsFunc(plan.Blocking, func(r level.Rule) bool { return r.Same(tb, &tb.Rows[a], &tb.Rows[b]) }) {
				want = append(want, Pair{uint32(a), uint32(b), plan.Compare(tb, &tb.Rows[a], &tb.Rows[b])})
			}
		}
	}
	slices.SortFunc(want, byPlace)
	var first []Pair
	for workers := 1; workers <= 3; workers++ {
		c := DefaultConfig()
		c.Workers = workers
		got, _, err := Find(context.Background(), c, plan, tb)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = slices.Clone(got)
		} else if !slices.Equal(first, got) {
			t.Errorf("%d workers give another order", workers)
		}
		slices.SortFunc(got, byPlace)
		if len(want) < 1000 || !slices.Equal(got, want) {
			t.Errorf("%d workers: %d pairs, want %d", workers, len(got), len(want))
		}
	}
}

func TestRefusesWhatExceedsTheBudget(t *testing.T) {
	tb, plan := population(t, 600, 3), standard(t)
	c := DefaultConfig()
	c.Pairs = 50
	if _, _, err := Find(context.Background(), c, plan, tb); err == nil || !strings.Contains(err.Error(), "the budget is 50") {
		t.Errorf("a run over the budget: %v", err)
	}
}

// TestSplitsLargeBlocks lets every block over ten records be divided; a pair that
// a divided block lost is still found by a later rule.
func TestSplitsLargeBlocks(t *testing.T) {
	tb, plan := population(t, 3000, 5), standard(t)
	whole, _, err := Find(context.Background(), DefaultConfig(), plan, tb)
	if err != nil {
		t.Fatal(err)
	}
	c := DefaultConfig()
	c.Block = 10
	some, costs, err := Find(context.Background(), c, plan, tb)
	if err != nil {
		t.Fatal(err)
	}
	split := 0
	for _, k := range costs {
		split += k.Split
	}
	if split == 0 || len(some) >= len(whole) {
		t.Fatalf("%d blocks split, %d pairs of %d", split, len(some), len(whole))
	}
	seen := map[[2]uint32]bool{}
	for _, p := range some {
		if seen[[2]uint32{p.A, p.B}] {
			t.Fatalf("pair %d %d twice", p.A, p.B)
		}
		seen[[2]uint32{p.A, p.B}] = true
	}
	for i := range plan.Blocking { // what a rule's own undivided block brings must be there
		blocks, _, _ := blocksOf(c, &plan.Blocking[i], tb)
		for _, b := range blocks {
			for x := range b {
				for y := range x {
					if at := [2]uint32{min(b[x].row, b[y].row), max(b[x].row, b[y].row)}; !seen[at] {
						t.Fatalf("rule %s brings %v, which was lost", plan.Blocking[i].ID, at)
					}
				}
			}
		}
	}
}

func TestOrderedIsASort(t *testing.T) {
	entries := make([]entry, 5000)
	for i := range entries {
		entries[i] = entry{uint64(i*2654435761) << 20 % 977, uint32(i)}
	}
	want := slices.Clone(entries)
	slices.SortStableFunc(want, func(a, b entry) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	if !slices.Equal(ordered(entries), want) {
		t.Error("the order differs from that of a stable sort")
	}
}
