package verify

import (
	"reflect"
	"testing"
)

// TestWorkInFlightIsNoFault gives two readings of which each saw other work in
// flight beside one fault.
func TestWorkInFlightIsNoFault(t *testing.T) {
	fault := func(offset, total uint64) Fault {
		return Fault{Fault: historyMissing, RecordType: "case", Stream: "s", Offset: offset, Total: total}
	}
	got := lasting([]Fault{fault(3, 3), fault(7, 3), fault(8, 3)}, []Fault{fault(3, 2), fault(11, 2)})
	if want := []Fault{fault(3, 1)}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := lasting([]Fault{fault(7, 1)}, []Fault{fault(11, 1)}); len(got) > 0 {
		t.Errorf("work in flight: %+v", got)
	}
	if got := lasting([]Fault{fault(1, 99), fault(2, 99)}, []Fault{fault(1, 98), fault(2, 98)}); len(got) != 2 || got[0].Total != 98 {
		t.Errorf("more than are listed: %+v", got)
	}
}
