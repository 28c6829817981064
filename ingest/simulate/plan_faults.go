package simulate

// fault is what goes wrong on the way of one record.
type fault uint8

const (
	sound fault = iota
	duplicate
	late
	outOfOrder
	corrected
	retracted
	conflict
	malformed
	faultCount
)

var faultNames = [faultCount]string{"none", "duplicate", "late", "out_of_order", "corrected", "retracted", "conflict", "malformed"}

// badness is how a malformed message is wrong; each is refused once.
type badness uint8

const (
	truncated badness = iota
	duplicateKey
	unknownType
	wrongVersion
	missingRevision
	unknownOrgan
	dateWithoutZone
	futureDate
	notUTF8
	missingField
	notADate
	unknownValue
	badCount
)

var badNames = [badCount]string{
	"truncated_json", "duplicate_key", "unknown_type", "wrong_version", "missing_revision", "unknown_organ",
	"date_without_zone", "future_date", "not_utf8", "missing_field", "not_a_date", "unknown_value",
}

// spoil gives each record its sending day and draws its fault, if any.
func (p *planner) spoil() {
	for i := range p.c.sendings {
		s := &p.c.sendings[i]
		s.sent = min(s.fact+p.days(0, 3), p.asOf)
		if !p.chance(p.faults) {
			continue
		}
		s.fault = fault(1 + p.pick(0.25, 0.16, 0.14, 0.2, 0.07, 0.08, 0.1))
		at := p.mainDate(s)
		if s.fault == late && s.fact+30 > p.asOf || s.fault > late && !at.present() {
			s.fault = duplicate
		}
		switch s.fault {
		case late:
			s.sent = min(s.fact+p.days(30, 220), p.asOf)
		case outOfOrder, corrected, conflict:
			p.mistake(s, at)
		case malformed:
			s.bad = badness(p.rng.IntN(int(badCount)))
			if s.bad == futureDate && s.kind == typePerson {
				s.bad = truncated
			}
		}
	}
}

// mistake draws a wrong date; it must not lie in the future of its own sending.
func (p *planner) mistake(s *sending, at day) {
	s.shift = p.days(1, 25)
	if s.kind == typePerson || p.chance(0.4) || at+s.shift > p.asOf {
		s.shift = -s.shift
		return
	}
	s.sent = max(s.sent, at+s.shift)
}

// mainDate is the date of a record that corrections correct.
func (p *planner) mainDate(s *sending) day {
	c := &p.c
	either := func(a, b day) day {
		if a.present() {
			return a
		}
		return b
	}
	switch s.kind {
	case typeCase:
		return c.cases[s.index].opened
	case typePerson:
		return c.persons[s.index].birth
	case typeMeasure:
		return c.measures[s.index].decided
	case typeReview:
		return either(c.reviews[s.index].decided, c.reviews[s.index].accepted)
	case typeDecision:
		return either(c.decisions[s.index].decided, c.decisions[s.index].accepted)
	case typeTrial:
		return either(c.trials[s.index].judged, c.trials[s.index].filed)
	case typeChange:
		return c.changes[s.index].ruled
	}
	return c.documents[s.index].issued
}
