package clock

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// ref names a value that conditions and facts read: an attribute of the unit's
// record, a fact of the rule, or a count that the engine keeps.
type ref struct {
	Name string
	attr uint16
	fact int // place among the rule's facts, -1 when it is none
	own  ownCount
}

// ownCount are the counts that the engine itself keeps.
type ownCount uint8

const (
	notOwn   ownCount = iota
	restarts          // restarts so far in the phase
	round             // which trigger of a phase with each, from 1
)

// comparison is a bound: a constant, or the value of a fact.
type comparison struct {
	Op    string // at_least, at_most, more_than or less_than
	Text  string
	Fact  *ref
	value value
}

// condition holds when the value named is one of Values (with Not: none of them),
// within all bounds, and known as Known says; or when one of Any holds.
type condition struct {
	Ref    ref
	Values []string
	Not    bool
	Known  string // "true", "false" or "" when it does not matter
	Bounds []comparison
	Any    [][]condition
}

// value is what an attribute or fact gives; missing names what would have to be
// known to give more, and is empty when the value is known.
type value struct {
	text    string
	missing string
	number  float64
	numeric bool
	at      moment
	dated   bool
	timed   bool // at is exact to the minute
}

// known makes a value of a text, reading it as number or day where it is one.
func known(text string) value {
	v := value{text: text}
	if text == "" {
		return v
	}
	if c := text[0]; c != '-' && (c < '0' || c > '9') {
		return v
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		v.number, v.numeric = n, true
		return v
	}
	date, clock, timed := strings.Cut(text, " ")
	if d, err := parseDay(date); err == nil {
		v.dated, v.at = true, d.at(0)
		if minute, err := parseMinute(clock); timed && err == nil {
			v.at, v.timed = d.at(minute), true
		}
	}
	return v
}

// unknown is a value that cannot be given without what is named.
func unknown(missing string) value { return value{missing: missing} }

// answer is yes, no or, when something is missing, neither.
type answer struct {
	yes     bool
	missing string
}

func (a answer) sure() bool { return a.missing == "" }

func sayYes(yes bool) answer { return answer{yes: yes} }

// reader gives the values of refs; conditions on an event's own attributes are
// read with the event alone.
type reader interface{ value(ref) value }

// decide asks whether all conditions hold; one that does not hold decides.
func decide(all []condition, from reader) answer {
	open := answer{yes: true}
	for i := range all {
		a := all[i].ask(from)
		if a.sure() && !a.yes {
			return a
		}
		if !a.sure() && open.sure() {
			open = a
		}
	}
	return open
}

func (c *condition) ask(from reader) answer {
	if len(c.Any) > 0 {
		open := answer{}
		for _, one := range c.Any {
			a := decide(one, from)
			if a.sure() && a.yes {
				return a
			}
			if !a.sure() && open.sure() {
				open = a
			}
		}
		return open
	}
	v := from.value(c.Ref)
	if c.Known != "" {
		return sayYes((v.missing == "") == (c.Known == "true"))
	}
	if v.missing != "" {
		return answer{missing: v.missing}
	}
	if len(c.Values) > 0 && slices.Contains(c.Values, v.text) == c.Not {
		return sayYes(false)
	}
	for i := range c.Bounds {
		if a := c.Bounds[i].ask(v, from, c.Ref.Name); !a.sure() || !a.yes {
			return a
		}
	}
	return sayYes(true)
}

// ask compares numbers with numbers and days with days; anything else is unknown.
func (b *comparison) ask(v value, from reader, name string) answer {
	other := b.value
	if b.Fact != nil {
		if other = from.value(*b.Fact); other.missing != "" {
			return answer{missing: other.missing}
		}
	}
	order := 0
	switch {
	case v.numeric && other.numeric:
		order = cmp.Compare(v.number, other.number)
	case v.dated && other.dated && v.timed && other.timed:
		order = cmp.Compare(v.at, other.at)
	case v.dated && other.dated:
		order = cmp.Compare(v.at.day(), other.at.day())
	default:
		return answer{missing: name}
	}
	switch b.Op {
	case "at_least":
		return sayYes(order >= 0)
	case "at_most":
		return sayYes(order <= 0)
	case "more_than":
		return sayYes(order > 0)
	}
	return sayYes(order < 0)
}

// holds reads conditions as a clock does: what is missing is not the value asked
// for, and therefore also not a value that is excluded.
func holds(all []condition, from reader) bool {
	for i := range all {
		c := &all[i]
		a := c.ask(from)
		if !a.sure() {
			a.yes = c.Not
		}
		if !a.yes {
			return false
		}
	}
	return true
}

// ofEvent reads the attributes of one event; facts come from the case.
type ofEvent struct {
	c *kase
	e *event
}

func (r ofEvent) value(x ref) value {
	if x.fact >= 0 {
		return r.c.value(x)
	}
	if text := valueOf(r.e.Attrs, x.attr); text != "" {
		return known(text)
	}
	return unknown(x.Name)
}
