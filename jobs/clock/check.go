package clock

// check reads one requirement that is not a time limit.
func (c *kase) check(k *check) {
	s := stretch{check: k, from: none, due: none, end: none, base: none, hint: none, rolledFrom: none, unit: "day", sure: true}
	if len(k.When) > 0 {
		switch a := decide(k.When, c); {
		case !a.sure():
			s.cannot(a.missing)
			c.parts = append(c.parts, s)
			return
		case !a.yes:
			return
		}
	}
	s.from = c.earliest()
	if k.On != nil {
		on := c.value(*k.On)
		switch {
		case !on.dated:
			s.from = none
			s.cannot(on.missing)
			c.parts = append(c.parts, s)
			return
		case c.asOf < on.at.day():
			return
		}
		s.from = on.at.day()
	}
	if len(k.Overlap) > 0 {
		if a := decide(k.Overlap, c); a.sure() && a.yes {
			s.outcome, s.overlap = conforming, true
			c.parts = append(c.parts, s)
			return
		}
	}
	switch a := decide(k.Test, c); {
	case !a.sure():
		s.cannot(a.missing)
	case a.yes:
		s.outcome = conforming
	default:
		s.outcome = nonconforming
	}
	c.parts = append(c.parts, s)
}
