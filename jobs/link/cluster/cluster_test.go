package cluster

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// world is a plan with plain weights: a first level weighs 8 bits, a last one -4.
type world struct {
	plan    *level.Plan
	weigher *score.Weigher
	tables  *normal.Normaliser
}

func newWorld(t *testing.T) *world {
	t.Helper()
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	n, err := normal.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := score.Parameters{Prior: 1.0 / 1024}
	for _, c := range plan.Comparisons {
		out := score.Comparison{ID: c.ID}
		for k := range c.Levels {
			u := []float64{1.0 / 256, 1.0 / 16, 1}[min(k, 2)]
			m := 1.0
			if k == len(c.Levels)-1 {
				u, m = 1, 1.0/16
			}
			out.Levels = append(out.Levels, score.Level{ID: c.Levels[k].ID, M: m, U: u})
		}
		p.Comparisons = append(p.Comparisons, out)
	}
	return &world{plan, score.NewWeigher(plan, p), n}
}

// join links records by all pairs of positive weight.
func (w *world) join(t *testing.T, raws []record.Raw, d Decisions) Result {
	t.Helper()
	tb := record.New(w.tables, len(raws))
	for i := range raws {
		raws[i].Key = uint64(i)
		tb.Add(&raws[i])
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	var edges []score.Edge
	for b := range tb.Rows {
		for a := range b {
			x := w.plan.Compare(tb, &tb.Rows[a], &tb.Rows[b])
			edges = append(edges, score.Edge{A: uint32(a), B: uint32(b), Weight: float32(w.weigher.Pattern(x)), Pattern: x})
		}
	}
	return Join(w.plan, w.weigher, tb, edges, DefaultLimits(), d)
}

const one, two = "11010519491231002X", "44010319800101001X"

func TestContradictions(t *testing.T) {
	w := newWorld(t)
	man := record.Raw{Number: one, Name: "王小明", Birth: "1949-12-31", Sex: "2", Region: "110105", Phone: "13800138000"}
	other := man
	other.Number = two
	nameless := man
	nameless.Number = ""
	lent := record.Raw{Number: one, Name: "李四光", Birth: "1980-05-06", Phone: "13800138000", Region: "110105", Sex: "2"}
	inDocket := func(r record.Raw, own string) record.Raw { r.Own = own; return r }
	old := nameless
	old.Birth = "1938-06-06"
	for name, c := range map[string]struct {
		raws   []record.Raw
		want   []uint32
		reason Reason
	}{
		"one person":                       {[]record.Raw{man, man, nameless}, []uint32{0, 0, 0}, None},
		"a lone record with another's ID":  {[]record.Raw{man, man, other}, []uint32{0, 0, 0}, None},
		"two groups of two numbers":        {[]record.Raw{man, man, other, other}, []uint32{0, 0, 2, 2}, Numbers},
		"two entries of one docket":        {[]record.Raw{inDocket(man, "A1"), inDocket(nameless, "A1")}, []uint32{0, 1}, Docket},
		"one number, two people":           {[]record.Raw{man, lent}, []uint32{0, 1}, Lent},
		"births too far apart":             {[]record.Raw{man, old}, []uint32{0, 1}, Births},
		"a record without number or birth": {[]record.Raw{man, {Name: "王小明", Region: "110105", Phone: "13800138000"}}, []uint32{0, 0}, None},
	} {
		got := w.join(t, c.raws, Decisions{})
		if !slices.Equal(got.Of, c.want) {
			t.Errorf("%s: %v, want %v", name, got.Of, c.want)
		}
		if c.reason != None && (len(got.Conflicts) == 0 || got.Conflicts[0].Reason != c.reason) {
			t.Errorf("%s: conflicts %v, want %s", name, got.Conflicts, c.reason)
		}
	}
	if s := w.join(t, []record.Raw{man, man, other}, Decisions{}).Suspects; !slices.Equal(s, []uint32{2}) {
		t.Errorf("suspect numbers %v", s)
	}
}

// TestDecisionsHold makes random edges and decisions: must-pairs end together
// unless disputed, cannot-pairs never do, and the order of edges says nothing.
func TestDecisionsHold(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 14).Draw(t, "records")
		tb := record.New(w.tables, n)
		for i := range n {
			raw := record.Raw{Key: uint64(i), Name: "王小明"}
			if rapid.IntRange(0, 3).Draw(t, "number") == 0 {
				raw.Number = []string{one, two}[i%2]
			}
			tb.Add(&raw)
		}
		if _, err := tb.Seal(record.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		var edges []score.Edge
		for b := range n {
			for a := range b {
				x := w.plan.Compare(tb, &tb.Rows[a], &tb.Rows[b])
				edges = append(edges, score.Edge{A: uint32(a), B: uint32(b), Weight: float32(rapid.IntRange(-8, 30).Draw(t, "weight")), Pattern: x})
			}
		}
		var d Decisions
		for range rapid.IntRange(0, 4).Draw(t, "decisions") {
			a, b := uint32(rapid.IntRange(0, n-1).Draw(t, "a")), uint32(rapid.IntRange(0, n-1).Draw(t, "b"))
			if a == b {
				continue
			}
			if rapid.Bool().Draw(t, "must") {
				d.Must = append(d.Must, [2]uint32{a, b})
			} else {
				d.Cannot = append(d.Cannot, [2]uint32{a, b})
			}
		}
		got := Join(w.plan, w.weigher, tb, edges, DefaultLimits(), d)
		disputed := slices.ContainsFunc(got.Conflicts, func(c Conflict) bool { return c.Reason == Dispute })
		for _, p := range d.Must {
			if !disputed && got.Of[p[0]] != got.Of[p[1]] {
				t.Fatalf("%v must be together: %v", p, got.Of)
			}
		}
		for _, p := range d.Cannot {
			if got.Of[p[0]] == got.Of[p[1]] {
				t.Fatalf("%v must be apart: %v", p, got.Of)
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		if again := Join(w.plan, w.weigher, tb, edges, DefaultLimits(), d); !slices.Equal(again.Of, got.Of) {
			t.Fatalf("another order of edges gives %v instead of %v", again.Of, got.Of)
		}
	})
}
