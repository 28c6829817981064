package clock

import "slices"

// judgeVersions judges by the version in force, by the transition that each
// version states; the newest that fits counts. Where a version names two
// defensible transitions and they choose different versions with different
// outcomes, both are shown and the verdict is cannot_judge.
func (c *kase) judgeVersions(u *unit, versions []*Rule) verdict {
	first, on := c.governing(u, versions, false)
	second := first
	for _, r := range versions {
		if r.Alternative != "" {
			second, _ = c.governing(u, versions, true)
			break
		}
	}
	a := c.underVersion(u, first, versions)
	a.decided = on
	if first == second {
		return a
	}
	a.parts = slices.Clone(a.parts)
	b := c.underVersion(u, second, versions)
	if a.Outcome == b.Outcome {
		return a
	}
	c.begin(u, b.Rule)
	out := divided(c.frame(), []verdict{a, b}, []string{"transition"})
	out.decided = on
	return out
}

// underVersion judges by one version; none means that no version governs.
func (c *kase) underVersion(u *unit, r *Rule, versions []*Rule) verdict {
	if r != nil {
		return c.judge(u, r)
	}
	c.begin(u, versions[len(versions)-1])
	v := c.frame()
	v.Outcome = notApplicable
	return v
}

// governing finds the version in force under the first or the alternative
// transition, nil if none, and the day that the newest version asks for.
func (c *kase) governing(u *unit, versions []*Rule, alternative bool) (*Rule, day) {
	on := none
	for i := len(versions) - 1; i >= 0; i-- {
		r := versions[i]
		mode := r.Transition
		if alternative && r.Alternative != "" {
			mode = r.Alternative
		}
		c.begin(u, r)
		d := c.decisive(mode)
		if on == none {
			on = d
		}
		if d >= r.from && (r.to == none || d <= r.to) {
			return r, d
		}
	}
	return nil, on
}

// decisive is the day that decides whether this version of the rule governs the unit.
func (c *kase) decisive(mode string) day {
	trigger := c.earliest()
	if len(c.r.phases) > 0 {
		if e := c.firstOf(c.r.phases[0].Triggers, none, nil, nil); e != nil {
			trigger = e.Day
		}
	}
	switch mode {
	case "pending_from_validity":
		if len(c.r.phases) == 0 {
			return c.asOf
		}
		if e := c.firstOf(c.r.phases[0].Stops, trigger, nil, nil); e != nil {
			return e.Day
		}
		return c.asOf
	case "act_date", "offence_date":
		if c.r.decidesBy != nil {
			if v := c.value(*c.r.decidesBy); v.dated {
				return v.at.day()
			}
			return trigger
		}
		if e := c.first(&c.r.decides, none, nil); e != nil {
			return e.Day
		}
	}
	return trigger
}
