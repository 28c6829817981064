package simulate

// anchor says where a chain stands on the legal day (基准日), if it was planned to.
type anchor uint8

const (
	free anchor = iota
	anchorHeld
	anchorAsked
	anchorReview
	anchorProsecution
	anchorTrial
)

// stay is the plan of one person's detention (拘留).
type stay struct {
	outcome  outcome
	used     int // days from execution to the request, or to the end
	class    string
	days     int // extension_days, -1 not sent
	document bool
	recorded bool // execution time recorded
	taken    int  // days from acceptance to decision of the arrest review
	review   outcome
}

// front is the plan of everything before prosecution review.
type front struct {
	detained, requested    bool
	stays                  [4]stay
	lead                   int // opening to the first detention
	lag                    int // request to acceptance
	gap                    int // last decision to transfer
	hand                   int // transfer to acceptance by prosecution review
	longest, used, running int
}

// after is how many days a front takes from its request, or from its detention
// where nothing is requested: cases are opened until the last day, and one that
// could not have come this far by then is one of those that still run.
func (f *front) after() int {
	if f.requested {
		return f.lag + f.longest + 1
	}
	return f.used + 1
}

// plan draws chain i.
func (p *planner) plan(i uint64) *chain {
	p.pcg.Seed(p.seed, i*0x9e3779b97f4a7c15+0x51ed270b)
	c := &p.c
	c.reset(i)
	c.area = p.drawArea()
	c.juvenile = p.chance(0.04)
	c.charge = charges[p.rng.IntN(len(charges))]
	c.enterprise = c.charge.enterprise
	switch {
	case p.chance(0.03):
		c.juvenile = false
		p.supervisory()
	default:
		p.police()
	}
	p.documents()
	p.spoil()
	return c
}

func (p *planner) drawArea() *area {
	x := p.rng.Float64() * p.weights[len(p.weights)-1]
	lo, hi := 0, len(p.weights)-1
	for lo < hi {
		if m := (lo + hi) / 2; p.weights[m] > x {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return p.areas[lo]
}

func (p *planner) police() {
	c := &p.c
	c.compartment = "general"
	if c.juvenile {
		c.compartment = "juvenile"
		if p.chance(0.2) {
			c.compartment = "juvenile_sealed"
		}
	} else if p.chance(0.002) {
		c.compartment = "secret"
	}
	a := free
	people := 1 + p.pick(0.82, 0.12, 0.04, 0.02)
	if p.chance(0.05) {
		a = anchor(1 + p.pick(0.22, 0.1, 0.2, 0.28, 0.2))
		people = 1
	}
	p.crowd(people)
	p.identify()
	f := p.front(a)
	p.open(f, a)
}

// front draws the plan of detention and arrest review.
func (p *planner) front(a anchor) front {
	f := front{detained: p.chance(0.74), lead: p.between(0, 3), lag: p.between(0, 1), gap: p.between(20, 100), hand: p.between(0, 3)}
	f.requested = p.chance(0.9)
	if !f.detained {
		f.requested = p.chance(0.12)
	}
	switch a {
	case anchorHeld:
		f.detained, f.requested = true, false
	case anchorAsked, anchorReview:
		f.detained, f.requested = true, true
	}
	for i := range p.c.people {
		s := &f.stays[i]
		*s = stay{days: -1, recorded: true}
		p.c.people[i].detained = f.detained
		switch {
		case f.detained && a == anchorHeld:
			p.holdNow(s)
		case f.detained && f.requested:
			p.holdThenAsk(s)
			if a != free && !s.recorded {
				s.recorded, s.outcome = true, inTime
				p.c.noted[executionUnrecorded]--
			}
		case f.detained:
			p.holdThenRelease(s)
		}
		if f.requested {
			p.review(s, f.detained)
		}
		f.longest = max(f.longest, s.taken)
		f.used = max(f.used, s.used)
	}
	return f
}

func (p *planner) special(s *stay, unsaid bool) int {
	s.class = "special"
	if unsaid {
		return 7
	}
	s.days = p.between(1, 4)
	return 3 + s.days
}

// holdThenAsk plans the phase from execution to the request for arrest.
func (p *planner) holdThenAsk(s *stay) {
	late := 0.03 * p.c.area.late
	s.outcome, s.document = inTime, true
	switch p.pick(0.55, 0.08, 0.13, 0.02, 0.11, late, late/2, 0.025, 0.012) {
	case 0:
		s.used = p.between(0, 2)
		p.c.note(requestInTime)
	case 1:
		s.used = 3
		p.c.note(requestBoundary)
	case 2:
		s.used = p.between(4, p.special(s, false))
		p.c.note(requestSpecial)
	case 3:
		s.used = p.between(4, p.special(s, true))
		p.c.note(requestSpecialDaysUnsaid)
	case 4:
		s.class, s.used = "thirty_days", p.between(8, 30)
		p.c.note(requestThirty)
	case 5:
		s.outcome, s.used, s.document = outOfTime, 3+p.between(1, 9), false
		p.c.note(requestLate)
	case 6:
		s.outcome = outOfTime
		if p.chance(0.5) {
			s.used = p.special(s, false) + p.between(1, 8)
		} else {
			s.class, s.used = "thirty_days", 30+p.between(1, 8)
		}
		p.c.note(requestLateExtended)
	case 7:
		s.outcome, s.document = undocumented, false
		if p.chance(0.5) {
			s.used = p.between(4, p.special(s, false))
		} else {
			s.class, s.used = "thirty_days", p.between(4, 30)
		}
		p.c.note(requestUndocumented)
	case 8:
		s.outcome, s.recorded, s.used = cannotJudge, false, p.between(1, 3)
		p.c.note(executionUnrecorded)
	}
}

// holdThenRelease plans a detention that ends without a request.
func (p *planner) holdThenRelease(s *stay) {
	s.outcome, s.document = inTime, true
	switch p.pick(0.6, 0.2, 0.15, 0.04*p.c.area.late) {
	case 0:
		s.used = p.between(1, 2)
		p.c.note(endedInTime)
	case 1:
		s.used = 3
		p.c.note(endedBoundary)
	case 2:
		s.used = p.between(4, p.special(s, false))
		p.c.note(endedSpecial)
	case 3:
		s.outcome, s.used, s.document = outOfTime, 3+p.between(1, 9), false
		p.c.note(endedLate)
	}
}

// holdNow plans a detention that still runs on the legal day; used counts to it.
func (p *planner) holdNow(s *stay) {
	s.document = true
	switch p.pick(0.5, 0.25, 0.25) {
	case 0:
		s.outcome, s.used = inTime, p.between(0, 1)
		if p.chance(0.4) {
			s.class, s.used = "thirty_days", p.between(4, 25)
		}
		p.c.note(heldInTime)
	case 1:
		s.outcome, s.used = dueSoon, 3
		if p.chance(0.3) {
			s.used = p.special(s, false)
		}
		p.c.note(heldDueSoon)
	case 2:
		s.outcome, s.used, s.document = outOfTime, 3+p.between(1, 12), false
		p.c.note(heldLate)
	}
}

// review plans the phase from acceptance to decision.
func (p *planner) review(s *stay, detained bool) {
	s.review = inTime
	if !detained {
		s.taken = p.between(4, 14)
		return
	}
	which := p.pick(0.86, 0.09, 0.015*p.c.area.late)
	if !s.recorded {
		which = 0
	}
	switch which {
	case 0:
		s.taken = p.between(1, 6)
		p.c.note(reviewInTime)
	case 1:
		s.taken = 7
		p.c.note(reviewBoundary)
	case 2:
		s.taken, s.review = 7+p.between(1, 9), outOfTime
		p.c.note(reviewLate)
	}
}
