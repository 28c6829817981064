package clock

import "hengjian/warehouse/contract"

// coverage is what the worked examples of a rule show; it is read off the
// verdicts, not declared.
type coverage struct {
	lastDay, oneOver, extension, missing bool // clocks
	conforming, nonconforming            bool // checks
	validFrom, validTo                   bool
}

// see takes in the verdict of one example.
func (k *coverage) see(r *Rule, v verdict, decided day) {
	switch v.Outcome {
	case inTime:
		k.lastDay = k.lastDay || (v.Stopped != none && v.onLastUnit())
		for _, s := range v.parts {
			for _, g := range s.granted {
				k.extension = k.extension || (s.outcome == inTime && s.end != none && (s.end > g.before || s.unit == "hour"))
			}
		}
	case outOfTime:
		k.oneOver = k.oneOver || v.Over == 1
	case cannotJudge:
		k.missing = true
	case conforming:
		k.conforming = true
	case nonconforming:
		k.nonconforming = true
	}
	k.validFrom = k.validFrom || decided == r.from || decided == r.from-1
	k.validTo = k.validTo || r.to == none || decided == r.to || decided == r.to+1
}

// onLastUnit reports that the clock stopped on its last day or in its last hour.
func (v *verdict) onLastUnit() bool {
	for _, s := range v.parts {
		if s.end == none || s.outcome != inTime {
			continue
		}
		if s.unit == "hour" && s.stop != nil && s.start != nil && s.dueAt-s.lastStop() < 60 {
			return true
		}
		if s.unit == "day" && s.end == s.due {
			return true
		}
	}
	return false
}

// lastStop is the last minute in which the stop may lie.
func (s *stretch) lastStop() moment {
	_, late := s.stop.within()
	return late
}

// Extensible reports whether the rule knows any extension or cannot be overrun.
func (r *Rule) Extensible() bool {
	for _, p := range r.phases {
		if len(p.Extensions) > 0 && !p.Informative {
			return true
		}
	}
	return false
}

// demand says which kinds of example the rule still owes.
func (k *coverage) demand(r *Rule, d *contract.Reading) {
	owe := func(lacks bool, what, remedy string) {
		if lacks {
			d.Refuse(keyNode(r.root, "examples"), what, remedy)
		}
	}
	if len(r.checks) > 0 {
		owe(!k.conforming, "no example conforms", "add one with outcome conforming")
		owe(!k.nonconforming, "no example shows the non-conformity", "add one with outcome apparent_nonconformity")
	} else {
		owe(!k.lastDay, "no example stands at a boundary: none is in time on the last day", "add one that stops on the due day")
		owe(!k.oneOver, "no example is out of time by one unit", "add one that stops one day (or hour) later: over 1")
		owe(r.Extensible() && !k.extension, "no example shows a lawful extension", "add one that is in time only thanks to the extension")
	}
	owe(!k.missing, "no example lacks an event or attribute", "add one with outcome cannot_judge")
	owe(!k.validFrom, "no example stands at the first day of validity", "add one whose deciding day is valid_from, or the day before with outcome not_applicable")
	owe(!k.validTo, "no example stands at the last day of validity", "add one whose deciding day is valid_to, or the day after with outcome not_applicable")
}
