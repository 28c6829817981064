package identity

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// counter gives ids in order, so that a test can name them.
type counter struct{ n uint32 }

func (c *counter) Read(b []byte) (int, error) {
	c.n++
	clear(b)
	binary.BigEndian.PutUint32(b[len(b)-4:], c.n)
	return len(b), nil
}

func id(n byte) ID { return ID{11: n} }

func TestMergeSplitMergeLeavesAReadableHistory(t *testing.T) {
	random := &counter{}
	s := NewState()
	var all []Event
	for i, run := range [][]Cluster{
		{{1, 2, 3}, {4, 5}},
		{{1, 2, 3, 4, 5}},
		{{1, 2, 3}, {4, 5}},
		{{1, 2, 3, 4, 5, 6}},
		{{1, 2, 3, 4, 5}, {6}},
		{{1, 2, 3, 4, 5}},
	} {
		next, events, err := Assign(s, run, random, string(rune('a'+i)), "test")
		if err != nil {
			t.Fatal(err)
		}
		s, all = next, append(all, events...)
	}
	want := []Event{
		{"a", Created, ID{}, id(1), 3, "test"},
		{"a", Created, ID{}, id(2), 2, "test"},
		{"b", Merged, id(2), id(1), 2, "test"},
		{"c", Split, id(1), id(3), 2, "test"},
		{"d", Merged, id(3), id(1), 2, "test"},
		{"e", Split, id(1), id(4), 1, "test"},
		{"f", Retired, id(4), ID{}, 0, "test"},
	}
	if !slices.Equal(all, want) {
		t.Errorf("history\n%v\nwant\n%v", all, want)
	}
	for _, old := range []ID{id(1), id(2), id(3)} {
		if now, ok := s.Resolve(old); !ok || now != id(1) {
			t.Errorf("%s resolves to %s", old, now)
		}
	}
	if _, ok := s.Resolve(id(9)); ok {
		t.Error("an id that was never given resolves")
	}
}

// TestIDsOfAnyHistory moves records about: an unchanged cluster keeps its id, no
// two clusters share one, and every id ever given resolves to a living or retired one.
func TestIDsOfAnyHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := &counter{}
		s := NewState()
		former := map[string]ID{}
		for range rapid.IntRange(2, 6).Draw(t, "runs") {
			n := rapid.IntRange(1, 12).Draw(t, "records")
			groups := map[int]Cluster{}
			var order []int
			for key := range n {
				g := rapid.IntRange(0, 4).Draw(t, "group")
				if groups[g] == nil {
					order = append(order, g)
				}
				groups[g] = append(groups[g], uint64(key))
			}
			var clusters []Cluster
			for _, g := range order {
				clusters = append(clusters, groups[g])
			}
			next, _, err := Assign(s, clusters, random, "r", "")
			if err != nil {
				t.Fatal(err)
			}
			now, taken := map[string]ID{}, map[ID]bool{}
			for _, c := range clusters {
				given := next.Of[c[0]]
				for _, key := range c {
					if next.Of[key] != given {
						t.Fatalf("two ids in one cluster")
					}
				}
				if taken[given] {
					t.Fatalf("one id for two clusters")
				}
				taken[given] = true
				var name bytes.Buffer
				for _, key := range c {
					name.WriteByte(byte('a' + key))
				}
				now[name.String()] = given
				if had, same := former[name.String()]; same && had != given {
					t.Fatalf("unchanged cluster %s was %s and is %s", name.String(), had, given)
				}
				if answer, ok := next.Resolve(given); !ok || answer != given {
					t.Fatalf("%s lives and resolves to %s", given, answer)
				}
			}
			for old := range next.Born {
				if _, ok := next.Resolve(old); !ok {
					t.Fatalf("%s does not resolve", old)
				}
			}
			s, former = next, now
		}
	})
}

func TestParseID(t *testing.T) {
	want := id(7)
	if got, err := ParseID(want.String()); err != nil || got != want {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{"", "p-", "q-" + want.String()[2:], want.String() + "0", "p-zz" + want.String()[4:]} {
		if _, err := ParseID(bad); err == nil {
			t.Errorf("%q is taken for an id", bad)
		}
	}
	if _, _, err := Assign(NewState(), []Cluster{{1}}, io.LimitReader(&counter{}, 5), "r", ""); err == nil {
		t.Error("a broken source of randomness was accepted")
	}
}
