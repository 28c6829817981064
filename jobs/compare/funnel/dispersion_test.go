package funnel

import (
	"math"
	"testing"
)

func TestBenjaminiHochbergEqualsR(t *testing.T) {
	var p, want []float64
	for _, c := range reference(t, "bh.csv") {
		p, want = append(p, c["p"]), append(want, c["bh"])
	}
	for i, got := range Discoveries(p) {
		if !near(got, want[i], 1e-9) {
			t.Errorf("adjusted p[%d] = %v, R says %v", i, got, want[i])
		}
	}
}

func TestVarianceBetweenOrgansEqualsMetafor(t *testing.T) {
	rows := reference(t, "dl.csv")
	var z, s []float64
	for _, c := range rows {
		se := math.Sqrt(c["centre"] * (1 - c["centre"]) / c["n"])
		z, s = append(z, (c["x"]/c["n"]-c["centre"])/se), append(s, se)
	}
	if got := spread(z, s); !near(got.Tau2, rows[0]["tau2"], 1e-6) {
		t.Errorf("tau² = %v, metafor says %v", got.Tau2, rows[0]["tau2"])
	}
	if Spread([]float64{9, -9}, []float64{1, 1}).Tau2 != 0 {
		t.Error("two organs give no spread")
	}
}

// Ten distances: the extreme ones are pulled in to the first and ninth decile.
func TestWinsorPullsTheTailsIn(t *testing.T) {
	got := winsorised([]float64{12, -1, 0, 1, 0.5, -0.5, 0.2, -0.2, 2, -30})
	if got[0] != 2 || got[9] != -30 && got[9] != -1 {
		t.Errorf("winsorised: %v", got)
	}
}

func TestStandardisationEqualsEpitools(t *testing.T) {
	var direct, indirect []Stratum
	rows := reference(t, "standard.csv")
	for _, c := range rows {
		direct = append(direct, Stratum{Num: c["count"], Den: c["pop"], RefDen: c["stdpop"]})
		indirect = append(indirect, Stratum{Num: c["count"], Den: c["pop"], RefNum: c["stdcount"], RefDen: c["stdpop"]})
	}
	d, ok := Direct(direct)
	if !ok || !near(d.Rate, rows[0]["direct"], 1e-9) {
		t.Errorf("direct rate %v (%v), epitools says %v", d.Rate, ok, rows[0]["direct"])
	}
	i, ok := Indirect(indirect)
	if !ok || !near(i.Expected, rows[0]["expected"], 1e-9) || !near(i.Rate, rows[0]["indirect"], 1e-9) {
		t.Errorf("indirect: expected %v, rate %v (%v); epitools says %v", i.Expected, i.Rate, ok, rows[0])
	}
	direct[1].Den = 0
	if s, ok := Direct(direct); ok || len(s.Missing) != 1 {
		t.Errorf("an organ without a case in a stratum has no direct rate: %+v %v", s, ok)
	}
}
