package chain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// country makes cases that go police, review, court, prison, with delays, lost
// dockets, missing and mistyped references; right are the true hops between what
// was received, by number.
type country struct {
	entries []Entry
	right   map[[2]string]bool
	asOf    int
}

func newCountry(cases int, seed uint64) country {
	r := rand.New(rand.NewPCG(seed, 3))
	c := country{right: map[[2]string]bool{}, asOf: 2000}
	kinds := []string{"police", "review", "court", "prison"}
	for person := range cases {
		day, before, sent := r.IntN(2000), "", true
		organ := fmt.Sprint("o", r.IntN(20))
		for k, kind := range kinds {
			own := fmt.Sprintf("%s%07d", kind, person)
			if k > 0 {
				day += int(math.Exp(r.NormFloat64()*0.5+3.2)) + 1
			}
			if day > c.asOf {
				break
			}
			lost := k > 0 && r.IntN(100) < 2
			if k > 0 && sent && !lost {
				c.right[[2]string{before, own}] = true
			}
			cited := before
			switch x := r.IntN(100); {
			case x < 10:
				cited = ""
			case x < 12 && before != "":
				b := []byte(before)
				b[len(b)-1] = '0' + (b[len(b)-1]-'0'+1)%10
				b[len(b)-4] = '9'
				cited = string(b)
			case x < 14 && before != "":
				b := []byte(before)
				b[len(b)-7] = '9' // no other docket has such a number
				cited = string(b)
			}
			if !lost {
				c.entries = append(c.entries, Entry{Person: uint32(person + 1), Kind: kind, Organ: organ, Own: own, Cited: cited, Day: day})
			}
			before, sent = own, !lost
		}
	}
	return c
}

func TestConnect(t *testing.T) {
	c := newCountry(6000, 1)
	g := Connect(c.entries)
	hit, wrong, firm := 0, 0, 0
	follows := map[int]bool{}
	for _, h := range g.Hops {
		from, to := g.Dockets[h.From], g.Dockets[h.To]
		if from.Day > to.Day || follows[h.To] {
			t.Fatalf("%s to %s: against time or twice", from.Own, to.Own)
		}
		follows[h.To] = true
		if h.How == Ambiguous {
			continue
		}
		firm++
		if c.right[[2]string{from.Own, to.Own}] {
			hit++
		} else {
			wrong++
		}
	}
	// two wrong signs in two of a hundred references cannot be repaired
	if linked := float64(hit) / float64(len(c.right)); linked < 0.975 {
		t.Errorf("%.4f of %d received hops linked", linked, len(c.right))
	}
	if share := float64(wrong) / float64(firm); share > 0.0005 {
		t.Errorf("%.4f %% of hops are wrong", 100*share)
	}
}

func TestWaysOfConnecting(t *testing.T) {
	var entries []Entry
	add := func(person uint32, kind, own, cited string, day int) {
		entries = append(entries, Entry{Person: person, Kind: kind, Organ: "a", Own: own, Cited: cited, Day: day})
	}
	for i := range uint32(40) { // from these the steps are learned
		add(1000+i, "police", fmt.Sprintf("P%03d", i), "", int(i))
		add(1000+i, "review", fmt.Sprintf("R%03d", i), fmt.Sprintf("P%03d", i), int(i)+20+int(i)%9)
	}
	add(1, "police", "P901", "", 100)
	add(1, "review", "R901", "", 122) // no number
	add(2, "police", "P902", "", 100)
	add(2, "review", "R902", "P802", 123) // one digit wrong
	add(3, "police", "P903", "", 100)
	add(4, "review", "R903", "P903", 125) // nobody in common
	add(5, "police", "P905", "", 100)
	add(5, "police", "P906", "", 101)
	add(5, "review", "R905", "", 121)     // two as good
	add(6, "review", "R906", "P777", 130) // cites what nobody sent
	add(7, "police", "P907", "", 100)
	add(7, "review", "R907", "", 900) // far beyond the delays of the step
	g := Connect(entries)
	how := map[string]How{}
	for _, h := range g.Hops {
		how[g.Dockets[h.To].Own] = h.How
	}
	for own, want := range map[string]How{"R901": ByPerson, "R902": Repaired, "R903": Unconfirmed, "R905": Ambiguous, "R906": "", "R907": "", "R001": ByNumber} {
		if how[own] != want {
			t.Errorf("%s by %q, want %q", own, how[own], want)
		}
	}
	if len(g.Lost) != 1 || g.Dockets[g.Lost[0].To].Own != "R906" {
		t.Errorf("lost %v", g.Lost)
	}
}

// TestBrokenLinks draws delays and losses and compares judgements with the truth.
func TestBrokenLinks(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	m := DefaultModel(3000)
	var all []Expected
	var lost []bool
	for range 60_000 {
		start, delay := r.IntN(3000), int(math.Exp(r.NormFloat64()*0.6+3.4))
		gone := r.IntN(100) < 2
		e := Expected{Hop: "trial", Sender: fmt.Sprint(r.IntN(30)), Start: start}
		if !gone && start+delay <= 3000 {
			e.Linked, e.Delay = true, delay
		}
		all, lost = append(all, e), append(lost, gone && start+delay <= 3000) // what is not due yet is not broken
		all, lost = append(all, Expected{Hop: "slow", Start: 2900 + r.IntN(100), Linked: r.IntN(2) == 0, Delay: 10}), append(lost, false)
	}
	all, lost = append(all, Expected{Hop: "trial", Start: 10, Terminal: true}), append(lost, false)
	all, lost = append(all, Expected{Hop: "trial", Start: 2995, Proven: true}), append(lost, true)
	models := m.Learn(all)
	if _, ok := models["slow"]; ok {
		t.Error("a hop that began less than the shortest horizon ago has a model")
	}
	judged := m.Judge(all, models)
	said, right, truth, sum := 0, 0, 0, 0.0
	for i, j := range judged {
		if all[i].Hop == "slow" {
			if !all[i].Linked && j.Status != Refused {
				t.Fatalf("an immature hop was judged %s", j.Status)
			}
			continue
		}
		sum += j.Probability
		if lost[i] {
			truth++
		}
		if j.Probability >= 0.9 {
			said++
			if lost[i] {
				right++
			}
		}
	}
	if p, q := float64(right)/float64(said), float64(right)/float64(truth); p < 0.99 || q < 0.9 || math.Abs(sum/float64(truth)-1) > 0.05 {
		t.Errorf("precision %.3f, recall %.3f, %.0f expected of %d", p, q, sum, truth)
	} else {
		t.Logf("broken at P >= 0.9: precision %.4f, recall %.4f; %.0f expected of %d", p, q, sum, truth)
	}
	n := len(judged)
	if judged[n-2].Status != NoneDue || judged[n-1].Status != Proven {
		t.Errorf("terminal %s, proven %s", judged[n-2].Status, judged[n-1].Status)
	}
	cells := Cells(all, judged, func(day int) int { return day / 300 })
	covered, with := 0, 0
	for _, c := range cells {
		if c.Expected < 50 || c.Hop != "trial" {
			continue
		}
		with++
		if c.Low <= 0.02 && 0.02 <= c.High {
			covered++
		}
	}
	if with < 200 || float64(covered)/float64(with) < 0.9 {
		t.Errorf("the interval covers the truth in %d of %d cells", covered, with)
	}
	if !slices.IsSortedFunc(cells, func(a, b Cell) int {
		if a.Hop != b.Hop {
			return 1 - 2*map[bool]int{true: 1}[a.Hop < b.Hop]
		}
		return 0
	}) {
		t.Error("cells are not in order")
	}
}

func TestBrokenFormula(t *testing.T) {
	d := Delays{Delays: []int{10, 20, 30, 40}, Pi: 0.1}
	for days, want := range map[int]float64{0: 0, 10: 0.025 / (0.025 + 0.75), 25: 0.05 / (0.05 + 0.5), 40: 1} {
		if got := d.Broken(days); math.Abs(got-want) > 1e-12 {
			t.Errorf("open for %d days: %.4f, want %.4f", days, got, want)
		}
	}
}
