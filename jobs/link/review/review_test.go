package review

import (
	"math"
	"slices"
	"testing"
	"time"
)

func on(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }

func TestStand(t *testing.T) {
	row := func(k uint64) (uint32, bool) { return uint32(k), k < 100 }
	say := func(a, b uint64, same bool, by string, day int) Decision {
		return Decision{A: a, B: b, Same: same, By: by, At: on(day), Reason: "r", Evidence: "e", RevisionA: 1, RevisionB: 1}
	}
	ended, settled := say(5, 6, true, "li", 1), say(9, 10, false, "wu", 5)
	ended.Until, settled.SecondedBy = on(3), "zhao"
	s := Stand([]Decision{
		say(1, 2, true, "li", 1), say(2, 1, false, "li", 2), // changed her mind
		say(3, 4, true, "li", 1), say(4, 3, false, "wu", 2), // two persons, two answers
		ended,
		say(7, 8, true, "li", 1),           // record 8 was corrected since
		say(9, 10, true, "li", 1), settled, // settled by a third
		say(11, 200, true, "li", 1), // record 200 is gone
	}, on(9), row, func(k uint64) uint64 {
		if k == 8 {
			return 2
		}
		return 1
	})
	if !slices.Equal(s.Decisions.Must, [][2]uint32{{4, 3}}) || !slices.Equal(s.Decisions.Cannot, [][2]uint32{{2, 1}, {4, 3}, {9, 10}}) {
		t.Errorf("%+v", s.Decisions)
	}
	if len(s.Disputed) != 2 || len(s.Expired) != 1 || len(s.Reopened) != 1 || s.Reopened[0].B != 8 {
		t.Errorf("%+v", s)
	}
	if (Decision{A: 1, B: 2, By: "li", Reason: "r"}).Check() == nil || say(1, 1, true, "li", 1).Check() == nil || say(1, 2, true, "li", 1).Check() != nil {
		t.Error("checks of decisions")
	}
}

func TestQueuePutsOpenAndWeightyQuestionsFirst(t *testing.T) {
	q := Queue([]Candidate{
		{A: 1, B: 2, Weight: 30, Records: 9},
		{A: 3, B: 4, Weight: 4, Records: 1},
		{A: 5, B: 6, Weight: 4, Records: 1, Findings: 1},
		{A: 7, B: 8, Weight: 25, Records: 9, Refused: true},
		{A: 9, B: 10, Weight: -20, Records: 9},
	}, 4, 4)
	var order []uint64
	for _, i := range q {
		order = append(order, i.A)
	}
	if !slices.Equal(order, []uint64{5, 7, 3, 9}) {
		t.Errorf("order %v", order)
	}
	blind := 0
	for k := range uint64(20_000) {
		if mixed(k, k+7)%20 == 0 {
			blind++
		}
		if mixed(k, k+7) != mixed(k+7, k) {
			t.Fatal("the order of the records counts")
		}
	}
	if blind < 900 || blind > 1100 {
		t.Errorf("%d of 20000 are blind, want one in twenty", blind)
	}
}

func TestAgreement(t *testing.T) {
	// Cohen's own form: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4.
	var a, b []bool
	add := func(n int, x, y bool) {
		for range n {
			a, b = append(a, x), append(b, y)
		}
	}
	add(20, true, true)
	add(5, true, false)
	add(10, false, true)
	add(15, false, false)
	if got := Agreement(a, b); math.Abs(got-0.4) > 1e-9 {
		t.Errorf("kappa %.3f", got)
	}
}
