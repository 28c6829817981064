package clock

import (
	"cmp"
	"slices"
)

// inside finds the event within the phase.
func (c *kase) inside(s *stretch, what *sought, after *event) *event {
	var found *event
	until := c.until(s)
	c.each(what, s.from, s.start, func(e *event) bool {
		if after != nil && e.pos <= after.pos {
			return true
		}
		if e.Day <= until {
			found = e
		}
		return false
	})
	return found
}

// extensions grants every tier that the record shows, in the order of the rule,
// and returns the end before suspension and rolling. An extension after the end it
// would extend is not one.
func (c *kase) extensions(s *stretch, unrolled day) day {
	end := unrolled
	for i := range s.phase.Extensions {
		x := &s.phase.Extensions[i]
		if (x.After != "" && !s.has(x.After)) || !holds(x.When, c) {
			continue
		}
		if x.Event == nil {
			end = c.grant(s, x, nil, unrolled, end)
			continue
		}
		var last *event
		for n := 0; x.Times == 0 || n < x.Times; n++ {
			e := c.inside(s, x.Event, last)
			if e == nil {
				break
			}
			if due, _, _ := c.rolled(s, end); e.Day > due {
				s.late = e
				break
			}
			end, last = c.grant(s, x, e, unrolled, end), e
		}
	}
	return end
}

// has reports whether a tier was granted.
func (s *stretch) has(id string) bool {
	return slices.ContainsFunc(s.granted, func(g grant) bool { return g.x.ID == id })
}

// grant notes an extension and returns the new end.
func (c *kase) grant(s *stretch, x *extension, e *event, unrolled, end day) day {
	before, _, _ := c.rolled(s, end)
	g := grant{x: x, event: e, before: before}
	end, g.added = c.extended(s.from, end, x)
	c.vouch(&g)
	s.granted = append(s.granted, g)
	return end
}

// vouch looks for approver and document of an extension.
func (c *kase) vouch(g *grant) {
	if a := g.x.Approver; a != nil {
		switch level := c.ofGrant(g.event, a.Attribute); {
		case level == "":
			g.open = a.Attribute.Name
		case !slices.Contains(a.Values, level):
			g.fault = a.Attribute.Name
		}
	}
	if g.x.Document.Name != "" && c.ofGrant(g.event, g.x.Document) == "" {
		g.fault = g.x.Document.Name
	}
}

// ofGrant reads an attribute of the extension's event, else of the own record.
func (c *kase) ofGrant(e *event, x ref) string {
	if e != nil {
		if text := valueOf(e.Attrs, x.attr); text != "" {
			return text
		}
		if &c.u.chain.records[e.Rec] != c.u.rec {
			return ""
		}
	}
	return c.attribute(x)
}

// extended adds the extension to the end so far, or replaces the limit.
func (c *kase) extended(from, end day, x *extension) (later day, added span) {
	switch {
	case x.Replace != nil:
		return from.after(*x.Replace), *x.Replace
	case x.Days != nil:
		added = span{Days: x.Days.read(c.attribute(x.Days.Attribute))}
	default:
		added = x.Add
	}
	return end.after(added), added
}

// extendedHours is the limit in hours with what was granted.
func (c *kase) extendedHours(s *stretch) int {
	hours := s.limit.Span.Hours
	for i := range s.phase.Extensions {
		x := &s.phase.Extensions[i]
		var e *event
		if x.Event != nil {
			if e = c.inside(s, x.Event, nil); e == nil {
				continue
			}
		}
		if (x.After != "" && !s.has(x.After)) || !holds(x.When, c) {
			continue
		}
		g := grant{x: x, event: e, before: none, added: x.Add}
		if x.Replace != nil {
			g.added = *x.Replace
			hours = x.Replace.Hours
		} else {
			hours += x.Add.Hours
		}
		c.vouch(&g)
		s.granted = append(s.granted, g)
	}
	return hours
}

// unclear reports that some extension was granted, but not which.
func (c *kase) unclear(s *stretch) bool {
	p := s.phase
	if p.Unclear.Name == "" {
		return false
	}
	e := c.inside(s, &p.ExtendedBy, nil)
	return e != nil && c.ofGrant(e, p.Unclear) == ""
}

// unclearExtension judges what holds under every extension the law knows.
func (c *kase) unclearExtension(s *stretch, unrolled day) {
	latest, open, tiers := s.due, false, unrolled
	for i := range s.phase.Extensions {
		x := &s.phase.Extensions[i]
		end, _ := c.extended(s.from, unrolled, x)
		if x.After != "" || slices.ContainsFunc(s.phase.Extensions, func(o extension) bool { return o.After == x.ID && x.ID != "" }) {
			tiers, _ = c.extended(s.from, tiers, x)
			end = max(end, tiers)
		}
		due, _, _ := c.rolled(s, end)
		latest, open = max(latest, due), open || x.Open
	}
	switch until := c.until(s); {
	case until <= s.base:
		c.compare(s)
	case until > latest && !open:
		s.due, s.rolledFrom = latest, none
		c.compare(s)
	default:
		s.cannot(s.phase.Unclear.Name)
	}
}

// suspendedDays counts the days in the phase on which the clock stood still; days
// covered twice count once.
func (c *kase) suspendedDays(s *stretch) int {
	type pause struct{ from, to day }
	var all []pause
	for i := range s.phase.Suspend {
		x := &s.phase.Suspend[i]
		until := c.until(s)
		c.each(&x.Event, s.from, s.start, func(e *event) bool {
			if e.Day > until {
				return false
			}
			to := until
			if back := c.first(&x.Resume, e.Day, s.start); back != nil {
				to = min(to, back.Day)
			} else if c.rd.resume != none {
				to = min(to, c.rd.resume)
			}
			if !x.Max.isZero() {
				to = min(to, e.Day.after(x.Max))
			}
			all = append(all, pause{e.Day, max(to, e.Day)})
			return true
		})
	}
	slices.SortFunc(all, func(a, b pause) int { return cmp.Compare(a.from, b.from) })
	n, covered := 0, none
	for _, one := range all {
		from := max(one.from, covered)
		if one.to > from {
			n += int(one.to - from)
			covered = one.to
		}
	}
	return n
}
