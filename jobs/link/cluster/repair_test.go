package cluster

import (
	"slices"
	"testing"

	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// TestLives holds records apart that tell of two lives.
func TestLives(t *testing.T) {
	w := newWorld(t)
	man := record.Raw{Number: one, Name: "王小明", Birth: "1949-12-31", Sex: "2", Region: "110105"}
	held := func(kind, place string, from, to int32) *record.Life {
		return &record.Life{Stays: []record.Stay{{Kind: kind, Place: place, From: from, To: to}}, Seen: from}
	}
	inCase := func(r record.Raw, own, cited string) record.Raw { r.Own, r.Cited = own, cited; return r }
	for name, c := range map[string]struct {
		raws  [2]record.Raw
		lives [2]*record.Life
		want  Reason
	}{
		"in two places":                {[2]record.Raw{man, man}, [2]*record.Life{held("detention", "p1", 100, 130), held("detention", "p2", 110, 112)}, Custody},
		"handed over within a day":     {[2]record.Raw{man, man}, [2]*record.Life{held("detention", "p1", 100, 130), held("detention", "p2", 129, 150)}, None},
		"in one place, told twice":     {[2]record.Raw{man, man}, [2]*record.Life{held("detention", "p1", 100, 130), held("detention", "p1", 101, 130)}, None},
		"told by police and by a jail": {[2]record.Raw{man, man}, [2]*record.Life{held("detention", "p1", 100, 130), held("custody", "d1", 101, 130)}, None},
		"one case taken over":          {[2]record.Raw{inCase(man, "A1", ""), inCase(man, "B1", "A1")}, [2]*record.Life{held("detention", "p1", 100, 130), held("detention", "p2", 110, 140)}, None},
		"held after the death":         {[2]record.Raw{man, man}, [2]*record.Life{{Died: 200}, held("detention", "p2", 210, 212)}, Death},
		"seen on the day of death":     {[2]record.Raw{man, man}, [2]*record.Life{{Died: 200}, {Seen: 200}}, None},
	} {
		tb := record.New(w.tables, 2)
		tb.Lives = map[uint64]*record.Life{0: c.lives[0], 1: c.lives[1]}
		for i := range c.raws {
			c.raws[i].Key = uint64(i)
			tb.Add(&c.raws[i])
		}
		if _, err := tb.Seal(record.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		x := w.plan.Compare(tb, &tb.Rows[0], &tb.Rows[1])
		got := Join(w.plan, w.weigher, tb, []score.Edge{{A: 0, B: 1, Weight: 30, Pattern: x}}, DefaultLimits(), Decisions{})
		if (got.Of[1] == 0) != (c.want == None) {
			t.Errorf("%s: clusters %v", name, got.Of)
		}
		if c.want != None && (len(got.Conflicts) != 1 || got.Conflicts[0].Reason != c.want) {
			t.Errorf("%s: refused %v, want %s", name, got.Conflicts, c.want)
		}
	}
}

// TestBridges builds two groups of three that a single weak edge holds together,
// and cuts it only where the records of both sides contradict one another and
// nobody decided that they are one.
func TestBridges(t *testing.T) {
	w := newWorld(t)
	a, b := record.Raw{Name: "王小明", Region: "110105"}, record.Raw{Name: "李四光", Region: "440103"}
	for name, c := range map[string]struct {
		raws   []record.Raw
		bridge float32
		must   [][2]uint32
		want   []uint32
	}{
		"two people":     {[]record.Raw{a, a, a, b, b, b}, 5, nil, []uint32{0, 0, 0, 3, 3, 3}},
		"one person":     {[]record.Raw{a, a, a, a, a, a}, 5, nil, []uint32{0, 0, 0, 0, 0, 0}},
		"a firm edge":    {[]record.Raw{a, a, a, b, b, b}, 7, nil, []uint32{0, 0, 0, 0, 0, 0}},
		"decided as one": {[]record.Raw{a, a, a, b, b, b}, 5, [][2]uint32{{2, 3}}, []uint32{0, 0, 0, 0, 0, 0}},
	} {
		tb := record.New(w.tables, 6)
		for i := range c.raws {
			c.raws[i].Key = uint64(i)
			tb.Add(&c.raws[i])
		}
		if _, err := tb.Seal(record.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		var edges []score.Edge
		for _, p := range [][2]uint32{{0, 1}, {1, 2}, {0, 2}, {3, 4}, {4, 5}, {3, 5}} {
			edges = append(edges, score.Edge{A: p[0], B: p[1], Weight: 20})
		}
		edges = append(edges, score.Edge{A: 2, B: 3, Weight: c.bridge})
		limits := DefaultLimits()
		got := Join(w.plan, w.weigher, tb, edges, limits, Decisions{Must: c.must})
		if !slices.Equal(got.Of, c.want) {
			t.Errorf("%s: %v, want %v", name, got.Of, c.want)
		}
		cut := slices.ContainsFunc(got.Conflicts, func(k Conflict) bool { return k.Reason == Bridge && k.A == 2 && k.B == 3 })
		if cut != (got.Of[5] == 3) || len(got.Tree)+len(c.must) != 5-int(got.Of[5])/3 {
			t.Errorf("%s: refused %v, tree %v", name, got.Conflicts, got.Tree)
		}
		slices.Reverse(edges)
		if again := Join(w.plan, w.weigher, tb, edges, limits, Decisions{Must: c.must}); !slices.Equal(again.Of, got.Of) {
			t.Errorf("%s: in another order %v", name, again.Of)
		}
	}
}
