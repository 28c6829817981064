package simulate

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hengjian/warehouse/contract"
)

// eachChain plans countries of several seeds and legal days and looks at every chain.
func eachChain(t *testing.T, look func(fail func(string, ...any), k *Country, c *chain)) {
	t.Helper()
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		asOf := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 600).Draw(t, "as_of"))
		k, err := New(Config{Seed: rapid.Uint64().Draw(t, "seed"), Cases: 40, AsOf: asOf, Faults: 0.3, Contracts: contracts})
		if err != nil {
			t.Fatal(err)
		}
		p := k.planner()
		for i := range uint64(k.cases) {
			look(t.Fatalf, k, p.plan(i))
		}
	})
}

// facts are the dates of one record that state what has happened.
func (c *chain) facts(s *sending) []day {
	switch s.kind {
	case typeCase:
		r := &c.cases[s.index]
		return []day{r.opened, r.closed, r.requested, r.transferred}
	case typePerson:
		return []day{c.persons[s.index].birth}
	case typeMeasure:
		r := &c.measures[s.index]
		return []day{r.decided, r.executed, r.ended, r.extended}
	case typeReview:
		r := &c.reviews[s.index]
		return []day{r.accepted, r.decided, r.receipt, r.reconsidered, r.reconsideredBy}
	case typeDecision:
		r := &c.decisions[s.index]
		return []day{r.accepted, r.extended, r.returned[0], r.resubmit[0], r.returned[1], r.resubmit[1], r.decided}
	case typeTrial:
		r := &c.trials[s.index]
		return []day{r.filed, r.extended, r.suspended, r.resumed, r.judged, r.serve}
	case typeChange:
		r := &c.changes[s.index]
		return []day{r.requested, r.published, r.ruled, r.served}
	}
	r := &c.documents[s.index]
	return []day{r.issued, r.served, r.replied, r.corrected, r.urged, r.escalated}
}

func TestNoFactLiesAfterItsSendingOrTheLegalDay(t *testing.T) {
	eachChain(t, func(fail func(string, ...any), k *Country, c *chain) {
		for i := range c.sendings {
			s := &c.sendings[i]
			if s.sent > k.asOf || s.sent < s.fact || s.fact > k.asOf {
				fail("chain %d %s: fact %s, sent %s, legal day %s", c.index, typeNames[s.kind], s.fact, s.sent, k.asOf)
			}
			for _, d := range c.facts(s) {
				if d.present() && d > s.fact {
					fail("chain %d %s: a fact of %s, but business time %s", c.index, typeNames[s.kind], d, s.fact)
				}
			}
			p := planner{Country: k, c: *c}
			if at := p.mainDate(s); s.shift != 0 && (!at.present() || at+s.shift > s.sent) {
				fail("chain %d %s: wrong date %s, sent %s", c.index, typeNames[s.kind], at+s.shift, s.sent)
			}
		}
	})
}

func TestFactsOfARecordFollowEachOther(t *testing.T) {
	inOrder := func(days ...day) bool {
		last := none
		for _, d := range days {
			if d.present() && d < last {
				return false
			}
			last = max(last, d)
		}
		return true
	}
	eachChain(t, func(fail func(string, ...any), _ *Country, c *chain) {
		for _, r := range c.cases {
			if !inOrder(r.opened, r.requested, r.transferred, r.closed) {
				fail("chain %d: docket %+v", c.index, r)
			}
		}
		for _, r := range c.measures {
			if !inOrder(r.decided, r.executed, r.extended, r.ended) {
				fail("chain %d: measure %s %s %s %s", c.index, r.decided, r.executed, r.extended, r.ended)
			}
		}
		for _, r := range c.reviews {
			if !inOrder(r.accepted, r.decided, r.reconsidered, r.reconsideredBy) || r.decided == r.accepted {
				fail("chain %d: arrest review %+v", c.index, r)
			}
		}
		for _, r := range c.decisions {
			if !inOrder(r.accepted, r.returned[0], r.resubmit[0], r.returned[1], r.resubmit[1], r.decided) || !inOrder(r.accepted, r.extended, r.decided) {
				fail("chain %d: prosecution review %+v", c.index, r)
			}
		}
		for _, r := range c.trials {
			if !inOrder(r.filed, r.suspended, r.resumed, r.judged, r.serve) || !inOrder(r.filed, r.extended, r.judged) {
				fail("chain %d: trial %+v", c.index, r)
			}
		}
		for _, r := range c.documents {
			if !inOrder(r.issued, r.served, r.replied) {
				fail("chain %d: document %+v", c.index, r)
			}
		}
	})
}

func TestEveryUnitHasOneVerdict(t *testing.T) {
	eachChain(t, func(fail func(string, ...any), _ *Country, c *chain) {
		var units, verdicts [ruleCount]int
		for _, r := range c.measures {
			if r.measure == "detention" {
				units[ruleDetention]++
			}
		}
		units[ruleProsecution] = len(c.decisions)
		for _, r := range c.trials {
			if r.kind == "trial_first" {
				units[ruleTrial]++
			}
		}
		for _, r := range c.documents {
			switch r.kind {
			case "recommendation":
				units[ruleRecommendation]++
			case "correction_notice":
				units[ruleNotice]++
			}
		}
		for _, v := range c.verdicts {
			verdicts[v.rule]++
			if v.organ.system != "procuratorate" {
				fail("chain %d: %s for %s", c.index, ruleNames[v.rule], v.organ.code)
			}
		}
		if units != verdicts {
			fail("chain %d: units %v, verdicts %v", c.index, units, verdicts)
		}
	})
}

func TestEveryRecordIsSentOnce(t *testing.T) {
	eachChain(t, func(fail func(string, ...any), _ *Country, c *chain) {
		var sent [typeCount]int
		twice := map[[2]int32]bool{}
		for _, s := range c.sendings {
			sent[s.kind]++
			k := [2]int32{int32(s.kind), s.index}
			if twice[k] {
				fail("chain %d: %s %d is sent twice", c.index, typeNames[s.kind], s.index)
			}
			twice[k] = true
		}
		want := [typeCount]int{
			typeCase: len(c.cases), typePerson: len(c.persons), typeMeasure: len(c.measures), typeReview: len(c.reviews),
			typeDecision: len(c.decisions), typeTrial: len(c.trials), typeChange: len(c.changes), typeDocument: len(c.documents),
		}
		if sent != want {
			fail("chain %d: sent %v, planned %v", c.index, sent, want)
		}
	})
}

func TestLinksAreAsPlanned(t *testing.T) {
	eachChain(t, func(fail func(string, ...any), _ *Country, c *chain) {
		issued := map[number]bool{}
		for _, r := range c.cases {
			issued[r.num], issued[r.requestNum], issued[r.transferNum] = true, true, true
		}
		for _, r := range c.decisions {
			issued[r.decisionDoc] = true
		}
		delete(issued, number{})
		lost, roots := 0, 0
		for _, r := range c.cases {
			switch {
			case r.from == nil:
				roots++
			case !issued[r.ref.of] || r.ref.mistyped:
				lost++
			}
		}
		if roots != 1 || lost != c.unlinked {
			fail("chain %d: %d roots, %d lost references, %d planned", c.index, roots, lost, c.unlinked)
		}
		names := map[string]bool{}
		for _, h := range c.people {
			if names[h.name] {
				fail("chain %d: two people of one name", c.index)
			}
			names[h.name] = true
		}
	})
}

func TestIdentityNumbersHoldUnlessPlanned(t *testing.T) {
	good := func(id string) bool {
		sum := 0
		for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
			sum += int(id[i]-'0') * w
		}
		return "10X98765432"[sum%11] == id[17]
	}
	eachChain(t, func(fail func(string, ...any), k *Country, c *chain) {
		for _, r := range c.persons {
			h := &c.people[r.person]
			if r.id == idMissing {
				continue
			}
			id := string(appendIdentity(nil, h, r.id))
			switch {
			case r.id == idLegacy && (len(id) != 15 || h.birth.year() > 1999):
				fail("old form %s of a birth on %s", id, h.birth)
			case r.id == idLegacy:
			case len(id) != 18 || good(id) == (r.id == idBadCheck):
				fail("number %s in form %d", id, r.id)
			case (id[16]-'0')%2 == 1 != h.male:
				fail("number %s, male %v", id, h.male)
			}
			written := string(appendWrittenIdentity(nil, c.people, &r))
			if r.id == idMistyped && (written == id || good(written) && r.lent == 0) || r.lent > 0 && written == id {
				fail("%s written as %s in form %d", id, written, r.id)
			}
		}
	})
}

func TestQuietDaysAreQuiet(t *testing.T) {
	k := country(t, Config{Cases: 1})
	p := k.planner()
	for d := k.start; d < k.asOf; d++ {
		q := p.quietDay(d)
		_, m, n := q.civil()
		if q.weekday() < 2 || q.weekday() > 4 || n < 10 || n > 20 || (m != 3 && m != 7 && m != 8 && m != 11 && m != 12) {
			t.Fatalf("%s for %s", q, d)
		}
	}
}

func TestBooksArePermutations(t *testing.T) {
	k := country(t, Config{Cases: 100_000})
	p := k.planner()
	for b := range bookCount {
		seen := make([]bool, k.serials+1)
		for i := range uint64(100_000) {
			p.c.index = i
			s := p.serial(b)
			if s == 0 || s > k.serials || seen[s] {
				t.Fatalf("book %d gives %d again at %d", b, s, i)
			}
			seen[s] = true
		}
	}
}

func TestHumansRecurAndKeepTheirIdentity(t *testing.T) {
	k := country(t, Config{Seed: 5, Cases: 2000})
	p := k.planner()
	type identity struct {
		name, county string
		birth        day
		seq          int
	}
	known, chains := map[uint64]identity{}, map[uint64]map[uint64]bool{}
	for i := range uint64(k.cases) {
		for _, h := range p.plan(i).people {
			now := identity{h.name, h.county, h.birth, h.seq}
			if before, ok := known[h.human]; ok && before != now {
				t.Fatalf("human %x is %+v and %+v", h.human, before, now)
			}
			if known[h.human] = now; chains[h.human] == nil {
				chains[h.human] = map[uint64]bool{}
			}
			chains[h.human][i] = true
		}
	}
	again := 0
	for _, in := range chains {
		if len(in) > 1 {
			again++
		}
	}
	if again < 80 || again > 170 { // 156 recurring humans over 32 blocks, 2.4 chains each
		t.Errorf("%d humans stand in several chains", again)
	}
	wrong := map[string]int{}
	entries := 0
	k.EachEntry(func(e Entry) { wrong[e.Wrong]++; entries++ })
	if share := float64(entries-wrong[""]) / float64(entries); share < 0.05 || share > 0.2 || wrong["lent"] == 0 {
		t.Errorf("of %d entries wrong: %v", entries, wrong)
	}
}

// TestNobodyIsInTwoPlaces looks at what the records of each human say: detentions
// of different chains never overlap, and nothing begins while a sentence is served.
func TestNobodyIsInTwoPlaces(t *testing.T) {
	k := country(t, Config{Seed: 6, Cases: 3000})
	p := k.planner()
	type stay struct {
		chain    uint64
		from, to day
	}
	stays, begun := map[uint64][]stay{}, map[uint64][]stay{}
	for i := range uint64(k.cases) {
		c := p.plan(i)
		human := c.people[0].human
		begun[human] = append(begun[human], stay{i, c.cases[0].opened, c.cases[0].opened})
		for _, m := range c.measures {
			if m.no == policeEntries[0] && m.measure == "detention" && m.executed.present() {
				to := m.ended
				if !to.present() {
					to = p.asOf
				}
				stays[human] = append(stays[human], stay{i, m.executed, to})
			}
		}
		for _, r := range c.trials {
			if r.who == 0 && r.sentence == "fixed_term" && r.probation != yes {
				stays[human] = append(stays[human], stay{i, r.judged, r.judged.plusMonths(r.months)})
			}
		}
	}
	seen := 0
	for human, all := range stays {
		for _, a := range all {
			for _, b := range append(all, begun[human]...) {
				if a.chain != b.chain {
					seen++
					if a.from <= b.to && b.from <= a.to {
						t.Errorf("human %x: chain %d from %s to %s, chain %d from %s to %s", human, a.chain, a.from, a.to, b.chain, b.from, b.to)
					}
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d pairs of stays of one human", seen)
	}
}
