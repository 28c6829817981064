package clock

import (
	"strconv"
)

// The kinds of fact.
const (
	factAttribute = "attribute"
	factExists    = "exists"
	factCount     = "count"
	factDate      = "date"
	factState     = "state"
	factBetween   = "between"
	factCalc      = "calc"
	factCases     = "cases"
)

// fact (事实) is a named value derived from events; a rule's conditions read it
// like an attribute.
type fact struct {
	Name      string
	Kind      string
	Attribute ref     // of the event, or of the unit's record without Of
	Of        *sought // the event that carries it
	From, To  *ref    // days of a date or an interval
	Unit      string  // days, months or hours
	Months    operand
	Days      operand
	Part      [2]int // numerator and denominator of the months and days added
	Begins    []sought
	Ends      []sought
	Otherwise string
	A, B      operand
	Op        string
	Cases     []factCase
}

// operand is a number or the name of one.
type operand struct {
	Number float64
	Ref    *ref
}

// factCase is one row of a table of cases.
type factCase struct {
	When  []condition
	Value string
}

// derived keeps what a fact gave under the present reading.
type derived struct {
	done bool
	v    value
}

// value reads an attribute, a fact or a count of the engine.
func (c *kase) value(x ref) value {
	switch x.own {
	case restarts:
		return numberValue(float64(c.restarts))
	case round:
		return numberValue(float64(c.round))
	}
	if x.fact < 0 {
		if text := c.attribute(x); text != "" {
			return known(text)
		}
		return unknown(x.Name)
	}
	d := &c.facts[x.fact]
	if !d.done {
		d.done = true
		d.v = c.derive(&c.r.facts[x.fact])
		if d.v.missing != "" {
			if text := c.rd.doubts[x.Name]; text != "" {
				d.v = known(text)
			}
		}
	}
	return d.v
}

func numberValue(n float64) value {
	return value{text: strconv.FormatFloat(n, 'f', -1, 64), number: n, numeric: true}
}

func flagValue(yes bool) value { return value{text: strconv.FormatBool(yes)} }

func dateValue(m moment, timed bool) value {
	v := value{text: m.day().String(), at: m, dated: true, timed: timed}
	if timed {
		v.text += " " + clockText(m)
	}
	return v
}

// clockText prints the time of day as HH:MM.
func clockText(m moment) string {
	minute := int(m.mod(minutesPerDay))
	return strconv.Itoa(minute/600) + strconv.Itoa(minute/60%10) + ":" + strconv.Itoa(minute%60/10) + strconv.Itoa(minute%10)
}

// derive works a fact out.
func (c *kase) derive(f *fact) value {
	switch f.Kind {
	case factAttribute:
		return c.attributeFact(f)
	case factExists:
		return flagValue(c.first(f.Of, none, nil) != nil)
	case factCount:
		n := 0
		c.each(f.Of, none, nil, func(*event) bool { n++; return true })
		return numberValue(float64(n))
	case factDate:
		return c.dateFact(f)
	case factState:
		return c.stateFact(f)
	case factBetween:
		return c.betweenFact(f)
	case factCalc:
		return c.calcFact(f)
	}
	for i := range f.Cases {
		switch a := decide(f.Cases[i].When, c); {
		case !a.sure():
			return unknown(a.missing)
		case a.yes:
			return known(f.Cases[i].Value)
		}
	}
	if f.Otherwise == "" {
		return unknown(f.Name)
	}
	return known(f.Otherwise)
}

// attributeFact reads an attribute of an event; without the event, that event is missing.
func (c *kase) attributeFact(f *fact) value {
	if f.Of == nil {
		return c.value(f.Attribute)
	}
	e := c.first(f.Of, none, nil)
	if e == nil {
		return unknown(f.Of.Event)
	}
	return ofEvent{c, e}.value(f.Attribute)
}

// dateFact is the day of an event, or the day an attribute holds, or a day some
// months and days after another.
func (c *kase) dateFact(f *fact) value {
	switch {
	case f.From != nil:
		return c.laterDate(f)
	case f.Attribute.Name != "":
		if v := c.attributeFact(f); v.missing != "" || v.dated {
			return v
		}
		return unknown(f.Attribute.Name)
	}
	e := c.first(f.Of, none, nil)
	if e == nil {
		return unknown(f.Of.Event)
	}
	return dateValue(e.Day.at(max(int(e.Minute), 0)), e.Minute >= 0)
}

// laterDate adds months and days; a part of an odd month is counted at thirty days.
func (c *kase) laterDate(f *fact) value {
	from, months, days := c.value(*f.From), c.operand(f.Months), c.operand(f.Days)
	for _, v := range []value{from, months, days} {
		if v.missing != "" {
			return v
		}
	}
	if !from.dated {
		return unknown(f.From.Name)
	}
	const daysPerMonth = 30
	m, rest := int(months.number), days.number+(months.number-float64(int(months.number)))*daysPerMonth
	if f.Part[1] > 0 {
		whole := m * f.Part[0]
		rest = (rest*float64(f.Part[0]) + float64(whole%f.Part[1])*daysPerMonth) / float64(f.Part[1])
		m = whole / f.Part[1]
	}
	return dateValue(from.at.day().after(span{Months: m, Days: int(rest + 0.999)}).at(0), false)
}

// stateFact says whether the newest of the opening and closing events is an opening one.
func (c *kase) stateFact(f *fact) value {
	until := c.asOf
	if f.From != nil {
		at := c.value(*f.From)
		if at.missing != "" || !at.dated {
			return unknown(at.missing)
		}
		until = at.at.day()
	}
	newest := func(all []sought) int32 {
		found := int32(-1)
		for i := range all {
			c.each(&all[i], none, nil, func(e *event) bool {
				if e.Day > until {
					return false
				}
				found = max(found, e.pos)
				return true
			})
		}
		return found
	}
	begun, ended := newest(f.Begins), newest(f.Ends)
	switch {
	case begun < 0 && ended < 0 && f.Otherwise == "":
		return unknown(f.Begins[0].Event)
	case begun < 0 && ended < 0:
		return known(f.Otherwise)
	}
	return flagValue(begun > ended)
}

// betweenFact counts whole days, months or hours from one moment to another.
func (c *kase) betweenFact(f *fact) value {
	from, to := c.value(*f.From), c.value(*f.To)
	switch {
	case from.missing != "":
		return from
	case to.missing != "":
		return to
	case !from.dated:
		return unknown(f.From.Name)
	case !to.dated:
		return unknown(f.To.Name)
	}
	switch f.Unit {
	case "days":
		return numberValue(float64(to.at.day() - from.at.day()))
	case "months":
		return numberValue(float64(wholeMonths(from.at.day(), to.at.day())))
	}
	if !from.timed {
		return unknown(f.From.Name)
	}
	if !to.timed {
		return unknown(f.To.Name)
	}
	return numberValue(float64(to.at-from.at) / 60)
}

// wholeMonths is how many months have fully passed from one day to another.
func wholeMonths(from, to day) int {
	if to < from {
		return -wholeMonths(to, from)
	}
	a, b := from.time(), to.time()
	n := (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
	if from.addMonths(n) > to {
		n--
	}
	return n
}

// operand reads a number or the name of one.
func (c *kase) operand(o operand) value {
	if o.Ref == nil {
		return numberValue(o.Number)
	}
	v := c.value(*o.Ref)
	if v.missing == "" && !v.numeric {
		return unknown(o.Ref.Name)
	}
	return v
}

// calcFact is A op B.
func (c *kase) calcFact(f *fact) value {
	a, b := c.operand(f.A), c.operand(f.B)
	if a.missing != "" {
		return a
	}
	if b.missing != "" {
		return b
	}
	switch f.Op {
	case "+":
		return numberValue(a.number + b.number)
	case "-":
		return numberValue(a.number - b.number)
	case "*":
		return numberValue(a.number * b.number)
	case "min":
		return numberValue(min(a.number, b.number))
	case "max":
		return numberValue(max(a.number, b.number))
	}
	if b.number == 0 {
		return unknown(f.B.name())
	}
	return numberValue(a.number / b.number)
}

func (o operand) name() string {
	if o.Ref == nil {
		return "0"
	}
	return o.Ref.Name
}
