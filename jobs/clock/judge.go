package clock

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// The outcomes of a verdict.
const (
	inTime          = "in_time"
	dueSoon         = "due_soon"
	outOfTime       = "out_of_time"
	withoutDocument = "extended_without_document"
	cannotJudge     = "cannot_judge"
	notApplicable   = "not_applicable"
)

// The states of a clock.
const (
	running = "running"
	stopped = "stopped"
)

// severityOf orders outcomes: the worst phase decides the verdict.
var severityOf = map[string]int{outOfTime: 5, withoutDocument: 4, cannotJudge: 3, dueSoon: 2, inTime: 1}

// event is one event (案件事件) of a case chain.
type event struct {
	Name                             string
	Ordinal                          int
	Day                              day
	Minute                           int // of the day, -1 when only the day is known
	RecordType, Record               string
	Docket, PersonEntry, ChainPerson string
	Organ, Compartment               string
	Attributes                       map[string]string
}

// unit is one record under one rule, with all events of its case chain in order.
type unit struct {
	RecordType, Record, Chain        string
	ChainPerson, Docket, PersonEntry string
	Organ, Compartment               string
	Events                           []event
}

// verdict (判定) is what the machine says of one unit under one rule.
type verdict struct {
	Finding            string
	Rule               *Rule
	Unit               *unit
	Outcome, State     string
	Triggered, Due     day
	Stopped, Period    day
	Over               int
	OverUnit           string // day or hour
	Missing            string
	Provisional        bool
	Organ, Responsible string // organ ids, set by attribute
	explained          Text
	steps              []step
	responsible        responsible
	triggerOrgan       string
	uncertain          []string // attributes on which the readings differ
	deciding           *stretch
}

// reading fixes what the records leave open: custody and doubtful attributes.
type reading struct {
	held   bool
	resume day // assumed end of a suspension that has none, none if stated
	doubts map[string]string
}

// findingID names a finding by the rule and the sender's own key only.
func findingID(rule, record string) string {
	sum := sha256.Sum256([]byte(rule + record))
	return hex.EncodeToString(sum[:])[:16]
}

// judge is the law and nothing else: no SQL, no wall clock, no log. Events after
// asOf have not happened yet.
func judge(u *unit, r *Rule, cal *calendar, asOf day) verdict {
	return newCase(u, r, cal, asOf).judge()
}

// judge asks whether the rule applies, then reads it in every way the records
// leave open.
func (c *kase) judge() verdict {
	first, r := c.frame(), c.r
	for _, cond := range r.applies {
		switch value := c.attribute(cond.Attribute, reading{}); {
		case value == "":
			return c.undecided(first, cond.Attribute)
		case !slices.Contains(cond.Values, value):
			first.Outcome, first.State = notApplicable, stopped
			c.explain(&first)
			return first
		}
	}
	readings, open := c.readings()
	results := make([]verdict, len(readings))
	for i, rd := range readings {
		results[i] = c.under(first, rd)
	}
	v := results[0]
	for _, other := range results[1:] {
		if other.Outcome != v.Outcome {
			return c.divided(v, results, open)
		}
		if other.Due > v.Due {
			v = other
		}
	}
	v.uncertain = open
	c.explain(&v)
	return v
}

// kase holds what one judgement needs; it lives for one call of judge.
type kase struct {
	u    *unit
	r    *Rule
	cal  *calendar
	asOf day
	seen []event // events up to asOf
	own  map[string]string
}

// newCase gathers what is known on asOf; the events of u are in order of time.
func newCase(u *unit, r *Rule, cal *calendar, asOf day) *kase {
	c := &kase{u: u, r: r, cal: cal, asOf: asOf, own: map[string]string{}}
	for i := range u.Events {
		e := &u.Events[i]
		if e.Day > asOf {
			break // events are in order of time
		}
		c.seen = u.Events[:i+1]
		if e.Record == u.Record && e.RecordType == u.RecordType {
			for name, value := range e.Attributes {
				if value != "" {
					c.own[name] = value
				}
			}
		}
	}
	return c
}

// frame is a verdict with everything that no reading changes.
func (c *kase) frame() verdict {
	v := verdict{Rule: c.r, Unit: c.u, OverUnit: "day", Triggered: none, Due: none, Stopped: none, Period: c.earliest(), State: stopped}
	v.Finding = findingID(c.r.ID, c.u.Record)
	v.responsible = responsible{Kind: responsibleOwn}
	return v
}

// earliest is the day of the record's first event.
func (c *kase) earliest() day {
	for _, e := range c.seen {
		if e.Record == c.u.Record && e.RecordType == c.u.RecordType {
			return e.Day
		}
	}
	return c.asOf
}

// attribute reads one attribute of the unit's record under a reading.
func (c *kase) attribute(name string, rd reading) string {
	if value := c.own[name]; value != "" {
		return value
	}
	return rd.doubts[name]
}

// holds reports whether all conditions hold.
func (c *kase) holds(all []condition, rd reading) bool {
	for _, cond := range all {
		if slices.Contains(cond.Values, c.attribute(cond.Attribute, rd)) == cond.Not {
			return false
		}
	}
	return true
}

// readings lists every way to read what the records leave open, and the names
// of what is open.
func (c *kase) readings() (all []reading, open []string) {
	all = []reading{{resume: none, doubts: map[string]string{}}}
	switch c.r.custody.Mode {
	case custodyAlways:
		all[0].held = true
	case custodyAttribute:
		switch c.own[c.r.custody.Attribute] {
		case "true", "1":
			all[0].held = true
		case "":
			all = append(all, reading{held: true, resume: none, doubts: map[string]string{}})
			open = append(open, c.r.custody.Attribute)
		}
	}
	for _, name := range c.r.doubt {
		if c.own[name] != "" {
			continue
		}
		open = append(open, name)
		all = multiply(all, func(rd reading) []reading {
			yes := reading{held: rd.held, resume: rd.resume, doubts: map[string]string{name: "true"}}
			for k, v := range rd.doubts {
				yes.doubts[k] = v
			}
			return []reading{rd, yes}
		})
	}
	if e, ends := c.openSuspension(); e != nil {
		open = append(open, e.Resume)
		all = multiply(all, func(rd reading) []reading {
			short, long := rd, rd
			short.resume, long.resume = ends[0], ends[1]
			return []reading{short, long}
		})
	}
	return all, open
}

func multiply(all []reading, each func(reading) []reading) []reading {
	var out []reading
	for _, rd := range all {
		out = append(out, each(rd)...)
	}
	return out
}

// openSuspension finds a suspension without its end in a phase that was stopped
// all the same, and the two extremes of when it may have ended.
func (c *kase) openSuspension() (*suspension, [2]day) {
	for i := range c.r.phases {
		s := c.r.phases[i].Suspend
		if s == nil {
			continue
		}
		from := c.first(sought{Event: s.Event, In: inRecord}, none, nil)
		if from == nil || c.first(sought{Event: s.Resume, In: inRecord}, from.Day, nil) != nil {
			continue
		}
		if stop := c.firstOf(c.r.phases[i].Stops, from.Day, nil); stop != nil {
			return s, [2]day{from.Day, stop.Day}
		}
	}
	return nil, [2]day{}
}

// under judges all phases under one reading and takes the worst.
func (c *kase) under(v verdict, rd reading) verdict {
	done := map[string]*stretch{}
	var worst *stretch
	for i := range c.r.phases {
		p := &c.r.phases[i]
		s := c.phase(p, rd, done)
		if s == nil {
			continue
		}
		done[p.ID] = s
		v.steps = append(v.steps, c.step(s))
		if p.Informative {
			continue
		}
		if worst == nil || severityOf[s.outcome] > severityOf[worst.outcome] ||
			(s.outcome == inTime && worst.outcome == inTime) {
			worst = s
		}
	}
	if worst == nil {
		return c.undecided(v, c.r.phases[0].Trigger.Event)
	}
	v.deciding = worst
	v.Outcome, v.State, v.Missing = worst.outcome, worst.state(), worst.missing
	v.Triggered, v.Due, v.Stopped = worst.from, worst.due, worst.end
	v.Over, v.OverUnit, v.Provisional = worst.over, worst.unit, !worst.sure
	v.responsible, v.triggerOrgan = worst.phase.Responsible, worst.triggerOrgan
	if v.Due != none {
		v.Period = v.Due
	}
	return v
}

// undecided is a verdict that nothing can be said without the named event or attribute.
func (c *kase) undecided(v verdict, missing string) verdict {
	v.Outcome, v.State, v.Missing = cannotJudge, running, missing
	c.explain(&v)
	return v
}

// divided is a verdict whose readings give different outcomes; both are shown.
func (c *kase) divided(v verdict, results []verdict, open []string) verdict {
	out := c.frame()
	out.Outcome, out.State, out.Missing = cannotJudge, v.State, open[0]
	out.Triggered, out.Stopped, out.Due = v.Triggered, v.Stopped, v.Due
	out.responsible, out.triggerOrgan, out.uncertain = v.responsible, v.triggerOrgan, open
	if out.Due != none {
		out.Period = out.Due
	}
	for _, one := range results {
		out.steps = append(out.steps, one.steps...)
	}
	c.explain(&out)
	return out
}
