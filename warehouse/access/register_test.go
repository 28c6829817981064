package access

import (
	"slices"
	"testing"
	"time"
)

// country is a small register: two levels of procuratorates with their police,
// a court, and one police organ led by another.
func country() *Register {
	ended := time.Date(2018, 12, 31, 0, 0, 0, 0, time.UTC)
	return NewRegister([]Organ{
		{ID: "o3", Code: "330100", System: "procuratorate", Order: 3, LedBy: "330000"},
		{ID: "o1", Code: "100000", System: "procuratorate", Order: 1},
		{ID: "o2", Code: "330000", System: "procuratorate", Order: 2, LedBy: "o1"},
		{ID: "o4", Code: "330106", System: "procuratorate", Order: 4, LedBy: "330100"},
		{ID: "p4", Code: "P330106", System: "police", Order: 5, SupervisedBy: "330106", LedBy: "P330100", Counterpart: "330106"},
		{ID: "p3", Code: "P330100", System: "police", Order: 6, SupervisedBy: "330100"},
		{ID: "c4", Code: "C330106", System: "court", Order: 7, SupervisedBy: "330106", AppealsTo: "nowhere"},
		{ID: "old", Code: "330100", System: "procuratorate", Order: 0, ValidTo: ended},
	})
}

func TestRegisterResolvesRelationsFromCodes(t *testing.T) {
	r := country()
	p, ok := r.ByCode("P330106")
	if !ok || p.SupervisedBy != "o4" || p.LedBy != "p3" || p.Counterpart != "o4" {
		t.Fatalf("police organ: %+v", p)
	}
	if c, _ := r.ByID("c4"); c.AppealsTo != "" {
		t.Errorf("a relation to an unknown organ stayed: %q", c.AppealsTo)
	}
	if o, _ := r.ByCode("330100"); o.ID != "o3" {
		t.Errorf("code of two organs means %s, want the one in being", o.ID)
	}
	if _, ok := r.ByCode(""); ok {
		t.Error("the empty code names an organ")
	}
}

func TestRegisterWalksTheHierarchy(t *testing.T) {
	r := country()
	for _, c := range []struct {
		name, id string
		walk     func(string) []string
		want     []string
	}{
		{"led from the top", "o1", r.Led, []string{"o1", "o2", "o3", "o4"}},
		{"led at the bottom", "o4", r.Led, []string{"o4"}},
		{"closure of a prefecture", "o3", r.Closure, []string{"o3", "o4", "p4", "p3", "c4"}},
		{"closure of police leads police", "p3", r.Closure, []string{"p4", "p3"}},
		{"unknown", "x", r.Closure, nil},
	} {
		if got := c.walk(c.id); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if first := r.All()[0].ID; first != "old" {
		t.Errorf("administrative order begins with %s", first)
	}
}

func TestRegisterEndsOnCircles(t *testing.T) {
	r := NewRegister([]Organ{{ID: "a", Code: "A", System: "procuratorate", LedBy: "b"}, {ID: "b", Code: "B", System: "procuratorate", LedBy: "a"}})
	if got := r.Closure("a"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("closure of a circle: %v", got)
	}
}

func TestByCodeDoesNotAllocate(t *testing.T) {
	r := country()
	if n := testing.AllocsPerRun(100, func() { r.ByCode("330106") }); n != 0 {
		t.Errorf("%v allocations per lookup", n)
	}
}

func TestScopeIsOrgansTimesCompartments(t *testing.T) {
	r := country()
	s := r.ScopeOf(Account{Name: "a", Organs: []string{"o4"}, Compartments: []string{"general", "juvenile", "invented"}})
	for _, c := range []struct {
		organ, compartment string
		want               bool
	}{
		{"o4", "general", true},
		{"p4", "juvenile", true},
		{"o4", "secret", false},
		{"o4", "invented", false},
		{"o4", "", false},
		{"o3", "general", false},
		{"", "general", false},
	} {
		if got := s.Allows(c.organ, c.compartment); got != c.want {
			t.Errorf("Allows(%q, %q) = %v", c.organ, c.compartment, got)
		}
	}
	if got := s.Compartments(); !slices.Equal(got, []string{"general", "juvenile"}) {
		t.Errorf("compartments %v", got)
	}
	cleared := r.ScopeOf(Account{Organs: []string{"o4"}, Compartments: []string{"secret"}})
	if !cleared.Allows("o4", "invented") {
		t.Error("the strictest grant must cover an unknown compartment")
	}
	if (Scope{}).Allows("o4", "general") {
		t.Error("the zero scope sees something")
	}
}

func TestScopeDigestFollowsRights(t *testing.T) {
	r := country()
	a := r.ScopeOf(Account{Name: "a", Organs: []string{"o4", "o3"}, Compartments: []string{"juvenile", "general"}})
	b := r.ScopeOf(Account{Name: "b", Organs: []string{"o3"}, Compartments: []string{"general", "juvenile"}})
	c := r.ScopeOf(Account{Name: "b", Organs: []string{"o3"}, Compartments: []string{"general"}})
	if a.Digest() != b.Digest() {
		t.Error("equal rights, different digests")
	}
	if a.Digest() == c.Digest() || c.Digest() == Job("clock").Digest() {
		t.Error("different rights, equal digests")
	}
	if !Job("clock").Allows("anything", "secret") {
		t.Error("a job must see everything")
	}
}

func TestHeirsFollowSuccessionUntilADay(t *testing.T) {
	ended := func(y int) time.Time { return time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC) }
	r := NewRegister([]Organ{
		{ID: "a", Code: "A", Successor: "B", ValidTo: ended(2020)},
		{ID: "b", Code: "B", Successor: "c", ValidTo: ended(2023)},
		{ID: "c", Code: "C"},
		{ID: "x", Code: "X", Successor: "Y", ValidTo: ended(2020)},
		{ID: "y", Code: "Y", Successor: "X", ValidTo: ended(2020)},
		{ID: "z", Code: "Z", Successor: "gone", ValidTo: ended(2020)},
	})
	for _, w := range []struct {
		organ string
		year  int
		heir  string
	}{{"a", 2019, "a"}, {"a", 2021, "b"}, {"a", 2024, "c"}, {"c", 2024, "c"}, {"z", 2024, "z"}, {"unknown", 2024, "unknown"}} {
		if got := r.Heir(w.organ, ended(w.year)); got != w.heir {
			t.Errorf("heir of %s at the end of %d: %s, want %s", w.organ, w.year, got, w.heir)
		}
	}
	if got := r.Heir("x", ended(2024)); got != "x" && got != "y" {
		t.Errorf("a circle must end: %s", got)
	}
}
