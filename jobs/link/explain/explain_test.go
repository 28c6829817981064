package explain

import (
	"context"
	"math"
	"strconv"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/score"
)

// TestPartsAddUp explains every joining edge of a population: prior, fields and
// frequency give the weight on which the run decided, and the path connects.
func TestPartsAddUp(t *testing.T) {
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	tb, _ := linktest.Table(t, 1500, 61)
	config := resolve.DefaultConfig()
	config.Training.Sample = 50_000
	out, err := resolve.Persons(context.Background(), config, resolve.Input{Plan: plan, Table: tb})
	if err != nil {
		t.Fatal(err)
	}
	name := func(i uint32) string { return strconv.FormatUint(tb.Rows[i].Key, 10) }
	var edges []Edge
	for _, e := range out.Clusters.Tree {
		edges = append(edges, Edge{A: name(e.A), B: name(e.B), Weight: float64(e.Weight), Pattern: e.Pattern, Joined: true})
	}
	for _, e := range edges {
		pair := Of(plan, out.Parameters, e)
		sum := pair.Prior + pair.Frequency
		for _, f := range pair.Fields {
			sum += f.Weight
		}
		if math.Abs(sum-e.Weight) > 1e-4 || pair.Band == score.Below || pair.Probability != nil {
			t.Fatalf("%+v: parts sum to %.3f", pair, sum)
		}
	}
	whole := 0
	for i := range tb.Rows {
		top := out.Clusters.Of[i]
		if uint32(i) == top {
			continue
		}
		x := Records(plan, out.Parameters, name(uint32(i)), name(top), true, nil, edges)
		if len(x.Path) == 0 {
			t.Fatalf("no path between %s and %s of one person", name(uint32(i)), name(top))
		}
		whole++
	}
	if whole < 500 || Path(edges, name(0), "nobody") != nil {
		t.Errorf("%d records explained", whole)
	}
}
