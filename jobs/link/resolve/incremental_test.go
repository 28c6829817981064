package resolve

import (
	"context"
	"maps"
	"math/rand/v2"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// full links all records at once and freezes what it learned.
func full(t *testing.T, n *normal.Normaliser, plan *level.Plan, raws []record.Raw, frozen *score.Parameters, snapshot *score.Snapshot) (map[uint64]uint64, *Output, score.Snapshot) {
	t.Helper()
	tb := record.New(n, len(raws))
	for i := range raws {
		tb.Add(&raws[i])
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	config := DefaultConfig()
	config.Training.Sample = 50_000
	out, err := Persons(context.Background(), config, Input{Plan: plan, Table: tb, Frozen: frozen, Snapshot: snapshot})
	if err != nil {
		t.Fatal(err)
	}
	persons := map[uint64]uint64{}
	for i := range tb.Rows {
		persons[tb.Rows[i].Key] = tb.Rows[out.Clusters.Of[i]].Key
	}
	return persons, out, out.Frequencies.Snapshot(tb)
}

// TestFiftyBatchesInAnyOrderEqualTheFullRun sends a population in fifty batches in
// random order, a tenth of the records first in a wrong version, and ends with
// the very persons of one full run.
func TestFiftyBatchesInAnyOrderEqualTheFullRun(t *testing.T) {
	n, plan := load(t)
	raws, _ := linktest.Population(2500, 91)
	want, out, snapshot := full(t, n, plan, raws, nil, nil)
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 50))
		order := r.Perm(len(raws))
		x := NewIncremental(DefaultConfig(), plan, record.New(n, len(raws)), out.Parameters, snapshot)
		var late []record.Raw
		size := (len(raws) + 39) / 40
		for from := 0; from < len(order); from += size {
			var batch []record.Raw
			for _, at := range order[from:min(from+size, len(order))] {
				one := raws[at]
				if r.IntN(10) == 0 {
					late = append(late, one)
					other := raws[r.IntN(len(raws))]
					other.Key = one.Key
					one = other
				}
				batch = append(batch, one)
			}
			if _, err := x.Add(batch); err != nil {
				t.Fatal(err)
			}
		}
		for k := range 10 {
			part := late[k*len(late)/10 : (k+1)*len(late)/10]
			touched, err := x.Add(part)
			if err != nil {
				t.Fatal(err)
			}
			if touched.Joined > len(raws)/2 {
				t.Errorf("%d corrections joined %d of %d records anew", len(part), touched.Joined, len(raws))
			}
		}
		if got := x.Persons(); !maps.Equal(got, want) {
			differ := 0
			for k := range want {
				if got[k] != want[k] {
					differ++
				}
			}
			t.Errorf("order %d: %d of %d records have another person than in the full run", seed, differ, len(want))
		}
	}
}

// TestStrangersChangeNobody adds ten times as many strangers: with frozen weights
// no person of the first thousand records may change.
func TestStrangersChangeNobody(t *testing.T) {
	n, plan := load(t)
	raws, _ := linktest.Population(1000, 13)
	want, out, snapshot := full(t, n, plan, raws, nil, nil)
	strangers, _ := linktest.Population(10_000, 14)
	all := raws
	for _, s := range strangers {
		s.Key += 1_000_000
		s.Own, s.Cited = "S"+s.Own, ""
		all = append(all, s)
	}
	got, _, _ := full(t, n, plan, all, &out.Parameters, &snapshot)
	changed := 0
	for a := range raws {
		for b := range a {
			x, y := raws[a].Key, raws[b].Key
			if (got[x] == got[y]) != (want[x] == want[y]) {
				changed++
			}
		}
	}
	if changed > 5 { // of about 3,600 pairs within persons: 0.1 %
		t.Errorf("strangers changed %d pairs", changed)
	}
}
