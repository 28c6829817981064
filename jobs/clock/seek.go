package clock

// matches reports whether the event is the one sought, in its place.
func (c *kase) matches(e *event, s *sought, trigger *event) bool {
	if e.Code != s.code || (s.Ordinal != 0 && int(e.Ordinal) != s.Ordinal) {
		return false
	}
	own, rec := c.u.rec, &c.u.chain.records[e.Rec]
	in := rec == own
	switch s.In {
	case inUnit:
		in = e == c.u.event
	case inTrigger:
		in = trigger != nil && e.Rec == trigger.Rec
	case inDocket:
		in = rec.docket == own.docket
	case inDocketPerson:
		in = rec.docket == own.docket && c.u.person >= 0 && rec.person == c.u.person
	case inChainPerson:
		in = c.u.person >= 0 && rec.person == c.u.person
	case inChain:
		in = true
	}
	return in && (len(s.Where) == 0 || holds(s.Where, ofEvent{c, e}))
}

// bounds are the days between which the event is sought; false when a bound is not known.
func (c *kase) bounds(s *sought, from day) (first, last day, ok bool) {
	first, last = from, c.asOf
	if s.From != nil {
		v := c.value(*s.From)
		if !v.dated {
			return 0, 0, false
		}
		first = max(first, v.at.day())
	}
	if s.Until != nil {
		v := c.value(*s.Until)
		if !v.dated {
			return 0, 0, false
		}
		last = min(last, v.at.day())
	}
	return first, last, true
}

// each visits the events sought on or after a day, in order of time, until visit says no.
func (c *kase) each(s *sought, from day, trigger *event, visit func(*event) bool) {
	first, last, ok := c.bounds(s, from)
	if !ok || s.Event == "" {
		return
	}
	events, byRecord := c.u.chain.events, true
	at := c.u.rec.first
	switch {
	case s.In == inTrigger && trigger != nil:
		at = c.u.chain.records[trigger.Rec].first
	case s.In != inRecord && s.In != inUnit:
		at, byRecord = c.u.chain.heads[s.code], false
	}
	for at >= 0 {
		e := &events[at]
		if e.Day > last {
			return
		}
		if e.Day >= first && c.matches(e, s, trigger) && !visit(e) {
			return
		}
		if byRecord {
			at = e.ofRecord
		} else {
			at = e.next
		}
	}
}

// first finds the event sought on or after a day: the earliest, or the newest for pick: last.
func (c *kase) first(s *sought, from day, trigger *event) *event {
	var found *event
	c.each(s, from, trigger, func(e *event) bool {
		found = e
		return s.Last
	})
	return found
}

// firstOf finds the earliest of several; on one day the order of the rule counts.
// After, when given, leaves out what stands before that event.
func (c *kase) firstOf(all []sought, from day, trigger, after *event) *event {
	var found *event
	for i := range all {
		var e *event
		c.each(&all[i], from, trigger, func(x *event) bool {
			if after != nil && x.pos <= after.pos {
				return true
			}
			e = x
			return all[i].Last
		})
		if e != nil && (found == nil || e.Day < found.Day) {
			found = e
		}
	}
	return found
}
