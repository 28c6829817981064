package simulate

// running is a chain planned to stand at a certain point on the legal day.
type running struct {
	kind     note
	accepted day // by prosecution review
	returned day // first return that still runs, or none
	filed    day // first trial that still runs, or none
	length   int // days of the completed segment before
}

// monthBack finds a start whose due day, n months on, lies from lo to hi days
// after the legal day; hi-lo is at least 4 so that short months leave a choice.
func (p *planner) monthBack(n, lo, hi int) day {
	want := p.asOf + p.days(lo, hi-3)
	s := p.asOf - day(31*n+60)
	for s.plusMonths(n) < want {
		s++
	}
	return s
}

// anchorLater plans a chain that is under prosecution review or first trial on the legal day.
func (p *planner) anchorLater(a anchor, f front) *running {
	custody := f.requested && p.chance(0.7)
	p.c.want = triOf(custody)
	r := &running{returned: none, filed: none, length: p.between(5, 14)}
	if a == anchorTrial {
		r.kind = trialRunning
		switch p.pick(0.4, 0.3, 0.3) {
		case 0:
			r.filed = p.asOf - p.days(0, 60)
		case 1:
			r.kind = trialDueSoon
			r.filed = p.monthBack(3, 1, 6)
			if !custody {
				r.kind, r.filed = trialRunning, p.asOf-p.days(0, 60)
			}
		case 2:
			r.kind = trialRunningLate
			r.filed = p.monthBack(3, -45, -14)
		}
		r.accepted = r.filed - day(r.length) - p.days(1, 6)
		return r
	}
	p.anchorProsecution(r, custody)
	return r
}

func (p *planner) anchorProsecution(r *running, custody bool) {
	start := none
	late := -14
	if custody {
		late = -1
	}
	which := p.pick(0.3, 0.35, 0.35)
	if which == 1 && !custody {
		which = 0
	}
	returned := p.chance(0.4)
	switch which {
	case 0:
		r.kind, start = prosecutionRunning, p.asOf-p.days(0, 7)
	case 1:
		r.kind, start = prosecutionDueSoon, p.monthBack(1, 1, 6)
	case 2:
		r.kind, start = prosecutionRunningLate, p.monthBack(1, late-25, late)
	}
	r.accepted = start
	if returned {
		r.kind += returnRunning - prosecutionRunning
		r.accepted, r.returned = start-day(r.length), start
	}
}

// outcomeOf is what a running kind means.
func (r *running) outcome() outcome {
	switch r.kind {
	case prosecutionDueSoon, returnDueSoon, trialDueSoon:
		return dueSoon
	case prosecutionRunningLate, returnRunningLate, trialRunningLate:
		return outOfTime
	}
	return inTime
}
