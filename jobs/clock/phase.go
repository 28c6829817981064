package clock

import "slices"

// stretch is one phase as it went under one reading, or one check.
type stretch struct {
	phase        *phase
	check        *check
	outcome      string
	from, due    day
	end          day // stop, none while running
	base         day // due day without any extension
	hint         day // due day of the shorter of two sources
	over         int
	unit         string
	missing      string
	sure         bool
	rolledFrom   day // the last day before rolling, none if it did not roll
	limit        *limit
	dueAt        moment // last minute of a limit in hours
	granted      []grant
	late         *event // an extension after the end it would have extended
	suspended    int
	start, stop  *event
	deferred     *event
	stated       bool
	waiting      bool
	restarted    bool // ended by counting anew
	overlap      bool // two provisions cover the case
	triggerOrgan string
}

// grant is one extension that the record shows.
type grant struct {
	x      *extension
	event  *event
	before day  // due day without it
	added  span // what it adds, or the whole limit it replaces
	fault  string
	open   string // attribute that would have to be known
}

// state says whether the clock still runs.
func (s *stretch) state() string {
	if s.end == none && s.check == nil {
		return running
	}
	return stopped
}

func (s *stretch) cannot(missing string) {
	s.outcome, s.missing = cannotJudge, missing
}

func newStretch(p *phase) stretch {
	return stretch{phase: p, from: none, due: none, end: none, base: none, hint: none, rolledFrom: none, unit: "day", sure: true}
}

// phase reads one phase and adds its stretches to the parts; none means that it
// did not take place.
func (c *kase) phase(p *phase) {
	after := none
	if q := p.Requires; q != nil {
		before := c.part(q.Phase)
		if before == nil || before.stop == nil || !slices.Contains(q.By, c.r.words.events.names[before.stop.Code]) {
			return
		}
		after = before.end
	}
	if len(p.When) > 0 {
		if a := decide(p.When, c); !a.sure() {
			s := newStretch(p)
			s.cannot(a.missing)
			c.parts = append(c.parts, s)
			return
		} else if !a.yes {
			return
		}
	}
	from := after
	if p.Triggers[0].In == inRecord {
		from = none // the own record may have begun before the other phase ended
	}
	if !p.Each {
		c.stretch(p, c.firstOf(p.Triggers, from, nil, nil), after)
		return
	}
	var last *event
	for {
		start := c.firstOf(p.Triggers, from, nil, last)
		if start == nil {
			break
		}
		c.round++
		c.stretch(p, start, after)
		last, from = start, start.Day
	}
	if c.round == 0 {
		c.stretch(p, nil, after)
	}
	c.round = 0
}

// part finds the newest stretch of a phase.
func (c *kase) part(id string) *stretch {
	for i := len(c.parts) - 1; i >= 0; i-- {
		if p := c.parts[i].phase; p != nil && p.ID == id {
			return &c.parts[i]
		}
	}
	return nil
}

// stretch reads a phase from one trigger, and again from every event that lets it
// count anew.
func (c *kase) stretch(p *phase, start *event, after day) {
	s := newStretch(p)
	s.start = start
	if text := c.attribute(p.Stated); p.Stated.Name != "" && text != "" {
		if start != nil {
			s.from, s.triggerOrgan = start.Day, c.organOf(start)
		}
		c.statedPhase(&s, text)
		c.parts = append(c.parts, s)
		return
	}
	if start == nil {
		if c.withoutTrigger(&s, after) {
			c.parts = append(c.parts, s)
		}
		return
	}
	used := [8]int{}
	for {
		s.from, s.triggerOrgan = s.start.Day, c.organOf(start)
		next := c.segment(&s, used[:])
		c.parts = append(c.parts, s)
		if next == nil {
			break
		}
		c.restarts++
		s = newStretch(p)
		s.start = next
	}
	c.restarts = 0
}

func (c *kase) organOf(e *event) string { return c.u.chain.records[e.Rec].Organ }

// segment reads a phase from its trigger to its stop or to the event that lets it
// count anew, which it returns.
func (c *kase) segment(s *stretch, used []int) *event {
	p := s.phase
	var later *event
	if c.round > 1 || c.restarts > 0 {
		later = s.start
	}
	s.stop = c.firstOf(p.Stops, s.from, s.start, later)
	next := c.restart(s, used)
	switch {
	case next != nil:
		s.stop, s.end, s.restarted = next, next.Day, true
	case s.stop != nil:
		s.end = s.stop.Day
	case later == nil && c.firstOf(p.Stops, none, s.start, nil) != nil:
		s.cannot(p.Stops[0].Event) // dates in impossible order
		return nil
	}
	if proof := c.firstOf(p.Implied, s.from, s.start, later); next == nil && proof != nil && (s.stop == nil || proof.Day < s.end) {
		s.stop, s.end = nil, none
		s.cannot(p.Stops[0].Event)
		return nil
	}
	if c.notYet(s) {
		return next
	}
	i := slices.IndexFunc(p.Limits, func(l limit) bool { return holds(l.When, c) })
	if i < 0 {
		s.cannot("limit")
		return next
	}
	s.limit = &p.Limits[i]
	switch {
	case s.limit.Unlimited:
		s.outcome = inTime
	case s.limit.Span.Hours > 0:
		c.hours(s)
	default:
		c.days(s)
	}
	return next
}

// restart finds the next event inside the segment that lets the phase count anew.
func (c *kase) restart(s *stretch, used []int) *event {
	var found *event
	which := 0
	for i := range s.phase.Restarts {
		x := &s.phase.Restarts[i]
		if x.Max > 0 && used[i%len(used)] >= x.Max {
			continue
		}
		c.each(&x.Event, s.from, s.start, func(e *event) bool {
			if e.pos <= s.start.pos {
				return true
			}
			if (s.stop == nil || e.pos < s.stop.pos) && (found == nil || e.pos < found.pos) {
				found, which = e, i
			}
			return false
		})
	}
	if found != nil {
		used[which%len(used)]++
	}
	return found
}

// notYet moves the start to the clarification that the phase waits for, and
// reports that it has not come.
func (c *kase) notYet(s *stretch) bool {
	d := s.phase.Deferred
	if d == nil {
		return false
	}
	by := c.first(&d.By, none, s.start)
	if by == nil {
		return false
	}
	s.deferred = by
	until := c.first(&d.Until, by.Day, s.start)
	if until == nil {
		s.waiting, s.outcome = true, inTime
		return true
	}
	s.from = max(s.from, until.Day)
	s.deferred = until
	return false
}

// withoutTrigger decides what a trigger that is not there means; false: nothing.
func (c *kase) withoutTrigger(s *stretch, after day) bool {
	switch q := s.phase.Requires; {
	case s.phase.Optional:
		return false
	case q != nil && q.Wait > 0 && c.asOf <= after+day(q.Wait):
		s.outcome, s.waiting = inTime, true
		return true
	}
	s.cannot(s.phase.Triggers[0].Event)
	return true
}

// statedPhase reads a phase whose due day the document itself states.
func (c *kase) statedPhase(s *stretch, text string) {
	due, err := parseDay(text)
	if err != nil {
		s.cannot(s.phase.Stated.Name)
		return
	}
	s.stop, s.stated = c.firstOf(s.phase.Stops, none, s.start, nil), true
	if s.stop != nil {
		s.end = s.stop.Day
	}
	s.due, s.base = due, due
	c.compare(s)
}

// days reads a phase in days and months: start day not counted, extensions added
// to the unrolled end, days of suspension added, the last day rolled once.
func (c *kase) days(s *stretch) {
	s.suspended = c.suspendedDays(s)
	unrolled := s.from.after(s.limit.Span)
	s.base, _, _ = c.rolled(s, unrolled)
	end := c.extensions(s, unrolled)
	var moved bool
	s.due, moved, s.sure = c.rolled(s, end)
	if moved {
		s.rolledFrom = end + day(s.suspended)
	}
	if also := s.limit.Also; also != nil {
		other, _, sure := c.rolled(s, s.from.after(also.Span)+(end-unrolled))
		s.hint, s.due, s.sure = min(s.due, other), max(s.due, other), s.sure && sure
	}
	if len(s.granted) == 0 && c.unclear(s) {
		c.unclearExtension(s, unrolled)
		return
	}
	c.compare(s)
}

// rolled adds the suspension and applies the convention for a last day that is a
// holiday; what must happen at once does not wait for a working day.
func (c *kase) rolled(s *stretch, d day) (due day, moved, sure bool) {
	d += day(s.suspended)
	if c.rd.held || (s.limit != nil && s.limit.Immediate) {
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
func (c *kase) compare(s *stretch) {
	until := c.until(s)
	if until > s.due {
		if slices.ContainsFunc(s.granted, func(g grant) bool { return g.x.Open }) {
			s.cannot("limit")
			return
		}
		s.outcome, s.over = outOfTime, int(until-s.due)
		return
	}
	open := ""
	for _, g := range s.granted {
		if until <= g.before {
			continue // the extension was not needed
		}
		if g.fault != "" {
			s.outcome, s.missing = withoutDocument, g.fault
			return
		}
		if g.open != "" {
			open = g.open
		}
	}
	soon := s.due
	if s.hint != none {
		soon = s.hint
	}
	switch {
	case open != "":
		s.cannot(open)
	case s.end == none && soon-until <= day(c.r.Lead):
		s.outcome = dueSoon
	default:
		s.outcome = inTime
	}
}

// hours reads a phase in hours; an event known only by its day may lie anywhere in it.
func (c *kase) hours(s *stretch) {
	s.unit = "hour"
	hours := c.extendedHours(s)
	early, late := s.start.within()
	if s.from > s.start.Day { // deferred: the day of clarification counts
		early, late = s.deferred.within()
	}
	dueEarly, dueLate := early.dueAfterHours(hours), late.dueAfterHours(hours)
	s.due, s.base, s.dueAt = dueLate.day(), dueLate.day(), dueLate
	from, to := c.asOf.at(0), c.asOf.at(0)
	if s.stop != nil {
		from, to = s.stop.within()
		to = max(to, from)
	}
	switch {
	case from > dueLate:
		s.outcome, s.over = outOfTime, int(from-dueLate+59)/60
	case to > dueEarly:
		missing := c.r.words.events.names[s.start.Code]
		if s.start.Minute >= 0 && s.stop != nil {
			missing = c.r.words.events.names[s.stop.Code]
		}
		s.cannot(missing)
	case s.stop == nil && dueEarly-to <= moment(c.r.Lead*minutesPerDay):
		s.outcome = dueSoon
	default:
		s.outcome = inTime
	}
	for _, g := range s.granted {
		if s.outcome != outOfTime && s.outcome != cannotJudge && g.fault != "" && from > early.dueAfterHours(s.limit.Span.Hours) {
			s.outcome, s.missing = withoutDocument, g.fault
		}
	}
}

// within returns the first and the last minute in which the event may lie.
func (e *event) within() (early, late moment) {
	if e.Minute >= 0 {
		return e.Day.at(int(e.Minute)), e.Day.at(int(e.Minute))
	}
	return e.Day.at(0), e.Day.at(minutesPerDay - 1)
}
