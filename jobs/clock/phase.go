package clock

import "slices"

// stretch is one phase as it went under one reading.
type stretch struct {
	phase        *phase
	outcome      string
	from, due    day
	end          day // stop, none while running
	base         day // due day without any extension
	over         int
	unit         string
	missing      string
	sure         bool
	rolledFrom   day // the last day before rolling, none if it did not roll
	limit        limit
	extension    *extension
	added        span // what the extension adds
	suspended    int
	start, stop  *event
	stated       bool
	waiting      bool
	triggerOrgan string
	told         Text // the step as people read it
}

// state says whether the clock still runs.
func (s *stretch) state() string {
	if s.end == none {
		return running
	}
	return stopped
}

// matches reports whether the event is the one sought, in its place.
func (c *kase) matches(e *event, s sought, trigger *event) bool {
	if e.Name != s.Event || (s.Ordinal != 0 && e.Ordinal != s.Ordinal) {
		return false
	}
	switch s.In {
	case inDocket:
		return e.Docket == c.u.Docket
	case inChainPerson:
		return c.u.ChainPerson != "" && e.ChainPerson == c.u.ChainPerson
	case inChain:
		return true
	case inTrigger:
		return trigger != nil && e.Record == trigger.Record && e.RecordType == trigger.RecordType
	}
	return e.Record == c.u.Record && e.RecordType == c.u.RecordType
}

// first finds the earliest event sought on or after a day.
func (c *kase) first(s sought, from day, trigger *event) *event {
	for i := range c.seen {
		if e := &c.seen[i]; e.Day >= from && c.matches(e, s, trigger) {
			return e
		}
	}
	return nil
}

// firstOf finds the earliest of several; on one day the order of the rule counts.
func (c *kase) firstOf(all []sought, from day, trigger *event) *event {
	var found *event
	for _, s := range all {
		if e := c.first(s, from, trigger); e != nil && (found == nil || e.Day < found.Day) {
			found = e
		}
	}
	return found
}

// phase reads one phase; nil means that it did not take place.
func (c *kase) phase(p *phase, rd reading, done map[string]*stretch) *stretch {
	s := &stretch{phase: p, from: none, due: none, end: none, base: none, rolledFrom: none, unit: "day", sure: true}
	after := none
	if q := p.Requires; q != nil {
		before := done[q.Phase]
		if before == nil || before.stop == nil || before.stop.Name != q.By {
			return nil
		}
		after = before.end
	}
	from := after
	if p.Trigger.In == inRecord {
		from = none // the own record may have begun before the other phase ended
	}
	s.start = c.first(p.Trigger, from, nil)
	if s.start != nil {
		s.from, s.triggerOrgan = s.start.Day, s.start.Organ
	}
	if text := c.attribute(p.Stated, rd); p.Stated != "" && text != "" {
		return c.statedPhase(s, text)
	}
	if s.start == nil {
		return c.withoutTrigger(s, after)
	}
	s.stop = c.firstOf(p.Stops, s.from, s.start)
	if s.stop == nil {
		if early := c.firstOf(p.Stops, none, s.start); early != nil {
			return s.cannot(p.Stops[0].Event) // dates in impossible order
		}
	} else {
		s.end = s.stop.Day
	}
	if proof := c.firstOf(p.Implied, s.from, s.start); proof != nil && (s.stop == nil || proof.Day < s.end) {
		s.stop, s.end = nil, none
		return s.cannot(p.Stops[0].Event)
	}
	i := slices.IndexFunc(p.Limits, func(l limit) bool { return c.holds(l.When, rd) })
	if i < 0 {
		return s.cannot("limit")
	}
	s.limit = p.Limits[i]
	if s.limit.Span.Hours > 0 {
		return c.hours(s)
	}
	return c.days(s, rd)
}

func (s *stretch) cannot(missing string) *stretch {
	s.outcome, s.missing = cannotJudge, missing
	return s
}

// withoutTrigger decides what a trigger that is not there means.
func (c *kase) withoutTrigger(s *stretch, after day) *stretch {
	switch q := s.phase.Requires; {
	case s.phase.Optional:
		return nil
	case q != nil && q.Wait > 0 && c.asOf <= after+day(q.Wait):
		s.outcome, s.waiting = inTime, true
		return s
	}
	return s.cannot(s.phase.Trigger.Event)
}

// statedPhase reads a phase whose due day the document itself states.
func (c *kase) statedPhase(s *stretch, text string) *stretch {
	due, err := parseDay(text)
	if err != nil {
		return s.cannot(s.phase.Stated)
	}
	s.stop, s.stated = c.firstOf(s.phase.Stops, none, s.start), true
	if s.stop != nil {
		s.end = s.stop.Day
	}
	s.due, s.base = due, due
	return c.compare(s)
}

// days reads a phase in days and months: start day not counted, extension added
// to the unrolled end, days of suspension added, the last day rolled once.
func (c *kase) days(s *stretch, rd reading) *stretch {
	s.suspended = c.suspendedDays(s, rd)
	unrolled := s.from.after(s.limit.Span)
	end := unrolled
	s.extension = c.granted(s, rd)
	if s.extension != nil {
		end, s.added = c.extended(s.from, unrolled, s.extension)
	}
	s.base, _, _ = c.rolled(unrolled+day(s.suspended), rd)
	var moved bool
	s.due, moved, s.sure = c.rolled(end+day(s.suspended), rd)
	if moved {
		s.rolledFrom = end + day(s.suspended)
	}
	if s.extension == nil && c.unclear(s) {
		return c.unclearExtension(s, unrolled, rd)
	}
	return c.compare(s)
}

// rolled applies the convention for a last day that is a holiday.
func (c *kase) rolled(d day, rd reading) (due day, moved, sure bool) {
	if rd.held {
		return d, false, true
	}
	due, sure = c.cal.roll(d)
	return due, due != d, sure
}

// until is the day on which the phase is read: its stop, else asOf.
func (c *kase) until(s *stretch) day {
	if s.end != none {
		return s.end
	}
	return c.asOf
}

// compare gives the outcome of a phase whose due day is known.
func (c *kase) compare(s *stretch) *stretch {
	until := c.until(s)
	extended := s.extension != nil && until > s.base
	switch {
	case until > s.due && s.extension != nil && s.extension.Open:
		return s.cannot("limit")
	case until > s.due:
		s.outcome, s.over = outOfTime, int(until-s.due)
	case extended && s.extension.Document != "" && c.own[s.extension.Document] == "":
		s.outcome, s.missing = withoutDocument, s.extension.Document
	case s.end == none && s.due-until <= day(c.r.Lead):
		s.outcome = dueSoon
	default:
		s.outcome = inTime
	}
	return s
}

// inside finds the event in the unit's record within the phase.
func (c *kase) inside(s *stretch, name string) *event {
	e := c.first(sought{Event: name, In: inRecord}, s.from, nil)
	if e == nil || e.Day > c.until(s) {
		return nil
	}
	return e
}

// granted finds the extension that the record shows for this phase.
func (c *kase) granted(s *stretch, rd reading) *extension {
	for i := range s.phase.Extensions {
		x := &s.phase.Extensions[i]
		if (x.Event == "" || c.inside(s, x.Event) != nil) && c.holds(x.When, rd) {
			return x
		}
	}
	return nil
}

// extended adds the extension to the unrolled end, or replaces the limit.
func (c *kase) extended(from, unrolled day, x *extension) (end day, added span) {
	switch {
	case x.Replace != nil:
		return from.after(*x.Replace), *x.Replace
	case x.Days != nil:
		added = span{Days: x.Days.read(c.own[x.Days.Attribute])}
	default:
		added = x.Add
	}
	return unrolled.after(added), added
}

// unclear reports that some extension was granted, but not which.
func (c *kase) unclear(s *stretch) bool {
	p := s.phase
	return p.Unclear != "" && c.own[p.Unclear] == "" && c.inside(s, p.ExtendedBy) != nil
}

// unclearExtension judges what holds under every extension the law knows.
func (c *kase) unclearExtension(s *stretch, unrolled day, rd reading) *stretch {
	latest, open := s.due, false
	for i := range s.phase.Extensions {
		x := &s.phase.Extensions[i]
		end, _ := c.extended(s.from, unrolled, x)
		due, _, _ := c.rolled(end+day(s.suspended), rd)
		latest, open = max(latest, due), open || x.Open
	}
	switch until := c.until(s); {
	case until <= s.base:
		return c.compare(s)
	case until > latest && !open:
		s.due, s.rolledFrom = latest, none
		return c.compare(s)
	}
	return s.cannot(s.phase.Unclear)
}

// suspendedDays counts the days between suspension and resumption in the phase.
func (c *kase) suspendedDays(s *stretch, rd reading) int {
	x := s.phase.Suspend
	if x == nil {
		return 0
	}
	from := c.inside(s, x.Event)
	if from == nil {
		return 0
	}
	to := c.until(s)
	if e := c.first(sought{Event: x.Resume, In: inRecord}, from.Day, nil); e != nil {
		to = min(to, e.Day)
	} else if rd.resume != none {
		to = min(to, rd.resume)
	}
	return int(to - from.Day)
}

// hours reads a phase in hours; an event known only by its day may lie anywhere in it.
func (c *kase) hours(s *stretch) *stretch {
	s.unit = "hour"
	early, late := s.start.within()
	dueEarly, dueLate := early.dueAfterHours(s.limit.Span.Hours), late.dueAfterHours(s.limit.Span.Hours)
	s.due, s.base = dueLate.day(), dueLate.day()
	from, to := c.asOf.at(0), c.asOf.at(0)
	if s.stop != nil {
		from, to = s.stop.within()
		to = max(to, from)
	}
	switch {
	case from > dueLate:
		s.outcome, s.over = outOfTime, int(from-dueLate)/60
	case to > dueEarly:
		missing := s.start.Name
		if s.start.Minute >= 0 && s.stop != nil {
			missing = s.stop.Name
		}
		return s.cannot(missing)
	case s.stop == nil && dueEarly-to <= moment(c.r.Lead*minutesPerDay):
		s.outcome = dueSoon
	default:
		s.outcome = inTime
	}
	return s
}

// within returns the first and the last minute in which the event may lie.
func (e *event) within() (early, late moment) {
	if e.Minute >= 0 {
		return e.Day.at(e.Minute), e.Day.at(e.Minute)
	}
	return e.Day.at(0), e.Day.at(minutesPerDay - 1)
}
