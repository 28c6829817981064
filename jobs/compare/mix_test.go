package compare

import (
	"math"
	"strings"
	"testing"

	"hengjian/jobs/compare/funnel"
)

// TestMixOfChargesExplainsADifference has two organs with the same rates by
// charge (one in ten of thefts, three in ten of frauds) and opposite mixes: 25 %
// and 15 % in all, and both 20 % once standardised, worked out by hand.
func TestMixOfChargesExplainsADifference(t *testing.T) {
	k := cellKey{"PR02", "year", "2025"}
	theft, fraud := "charge_group=property", "charge_group=market_order"
	m := mixes{k: {
		"a": {theft: part{10, 100}, fraud: part{90, 300}},
		"b": {theft: part{30, 300}, fraud: part{30, 100}},
	}}
	g := peerGroup{name: "provincial", members: setOf([]string{"a", "b"})}
	for organ, expected := range map[string]float64{"a": 100, "b": 60} {
		got, ok := m.standards(k, g)[organ]
		if !ok || got.Direct == nil || math.Abs(got.Expected-expected) > 1e-9 || math.Abs(got.Indirect-0.2) > 1e-12 || math.Abs(*got.Direct-0.2) > 1e-12 || math.Abs(got.Z) > 1e-9 {
			t.Errorf("%s: %+v", organ, got)
		}
		crude := map[string]uint64{"a": 100, "b": 60}[organ]
		say := mixSentence(Standing{Place: funnel.Place{Point: funnel.Point{Num: crude, Den: 400}, Centre: 0.2}, Mix: &got}, "%")
		if !strings.Contains(say.ZH, "20.0%") || !strings.Contains(say.ZH, "案件结构而来") || !strings.Contains(say.EN, "mix of charges") {
			t.Errorf("%s: %+v", organ, say)
		}
	}
	m[k]["c"] = map[string]part{theft: {1, 10}}
	g.members["c"] = true
	if c := m.standards(k, g)["c"]; c.Direct != nil || c.Indirect == 0 {
		t.Errorf("an organ without frauds has no rate to weigh: %+v", c)
	}
	m[k]["a"][unrecorded] = part{10, 1000}
	if none := m.standards(k, g); none != nil {
		t.Errorf("most charges are not stated, and yet: %+v", none)
	}
}
