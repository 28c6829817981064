package chain

import (
	"testing"
)

func TestFollowFindsWhatFollowsAHop(t *testing.T) {
	s, err := StandardSteps()
	if err != nil {
		t.Fatal(err)
	}
	dockets := []Received{
		0: {Kind: "police_investigation", Chain: "a", Day: 10, Persons: []string{"p1"}},
		1: {Kind: "prosecution_review", Chain: "a", Day: 41, Persons: []string{"p1"}},
		2: {Kind: "police_investigation", Chain: "b", Day: 10, Persons: []string{"p2"}},
		3: {Kind: "prosecution_review", Chain: "c", Unlinked: true, Day: 45, Persons: []string{"p2"}}, // its number was mistyped
		4: {Kind: "police_investigation", Chain: "d", Day: 10, Persons: []string{"p3"}},
		5: {Kind: "trial_first", Chain: "e", Unlinked: true, Day: 90, Persons: []string{"p3"}}, // the review was never sent
		6: {Kind: "police_investigation", Chain: "f", Day: 10, Persons: []string{"p4"}},
		7: {Kind: "police_investigation", Chain: "g", Day: 10, Persons: []string{"p2"}}, // a second case of p2: the review is taken
		8: {Kind: "trial_first", Chain: "h", Day: 90, Persons: []string{"p4"}},          // follows something that was received
	}
	var all []Announced
	for _, from := range []int{0, 2, 4, 6, 7} {
		day := 40
		if from == 7 {
			day = 20 // farther from the review
		}
		all = append(all, Announced{Hop: "transfer", From: from, Day: day})
	}
	all = append(all, Announced{Hop: "indictment", From: 1, Day: 60, Terminal: true})
	want := []Followed{{1, ByNumber, false}, {3, ByPerson, false}, {-1, "", true}, {-1, "", false}, {-1, "", false}, {-1, "", false}}
	for i, got := range s.Follow(all, dockets) {
		if got != want[i] {
			t.Errorf("hop %d: %+v, want %+v", i, got, want[i])
		}
	}
}

func TestCellsCountEveryHopOnce(t *testing.T) {
	var all []Expected
	for i := range 400 {
		all = append(all, Expected{Hop: "transfer", Sender: "p1", Start: 100 + i%3, Linked: i%10 > 0, Delay: i % 30})
	}
	all = append(all, Expected{Hop: "transfer", Sender: "p1", Start: 1990}, Expected{Hop: "transfer", Sender: "p1", Start: 100, Terminal: true}, Expected{Hop: "transfer", Sender: "p1", Start: 101, Proven: true})
	m := DefaultModel(2000)
	cells := Cells(all, m.Judge(all, m.Learn(all)), func(day int) int { return day / 1000 })
	if len(cells) != 2 {
		t.Fatalf("%d cells", len(cells))
	}
	old, young := cells[0], cells[1]
	if old.Expected != 401 || old.Linked != 360 || old.Proven != 1 || old.Probable < 39.9 || old.NoneDue != 1 || old.NotYet != 0 || old.Low > old.Rate || old.High < old.Rate {
		t.Errorf("%+v", old)
	}
	if young.Expected != 1 || young.NotYet != 1 || young.Probable > 0.2 || young.Linked != 0 {
		t.Errorf("%+v", young)
	}
}
