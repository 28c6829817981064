package measure

import (
	"math"
	"testing"
)

func TestOf(t *testing.T) {
	// person 1: records 0 1 2, person 2: records 3 4; record 2 went to person 2.
	truth := []Truth{{1, nil}, {1, nil}, {1, []string{"typo"}}, {2, []string{"id_missing"}}, {2, []string{"id_missing"}}}
	s := Of([]uint32{0, 0, 3, 3, 3}, truth)
	if s.TruePairs != 4 || s.Found != 4 || s.Precision != 0.5 || s.Recall != 0.5 || s.F1 != 0.5 {
		t.Errorf("%+v", s)
	}
	if s.Slices["clean"] != (Rate{1, 1}) || s.Slices["typo"] != (Rate{0, 2}) || s.Slices["id_missing_both"] != (Rate{1, 1}) {
		t.Errorf("slices %v", s.Slices)
	}
	if s.Shared != 1 || math.Abs(s.Split-0.5) > 1e-9 || s.Persons != 2 {
		t.Errorf("persons %+v", s)
	}
}
