package clock

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
)

// The outcomes of a verdict: those of a clock, then those of a check.
const (
	inTime          = "in_time"
	dueSoon         = "due_soon"
	outOfTime       = "out_of_time"
	withoutDocument = "extended_without_document"
	cannotJudge     = "cannot_judge"
	notApplicable   = "not_applicable"
	conforming      = "conforming"
	nonconforming   = "apparent_nonconformity"
)

// The states of a clock.
const (
	running = "running"
	stopped = "stopped"
)

// tooManyEvents stands in missing when a case has more events than are judged.
const tooManyEvents = "too_many_events"

// severityOf orders outcomes: the worst phase or check decides the verdict.
func severityOf(outcome string) int {
	return slices.Index([]string{conforming, inTime, dueSoon, cannotJudge, withoutDocument, nonconforming, outOfTime}, outcome)
}

// verdict (判定) is what the machine says of one unit under one rule.
type verdict struct {
	Rule               *Rule
	Unit               unit
	Outcome, State     string
	Triggered, Due     day
	Stopped, Period    day
	Over               int
	OverUnit           string // day or hour
	Missing            string
	Provisional        bool
	Organ, Responsible string // organ ids, set by attribute
	Route              string // the way to the responsible organ, set by attribute
	responsible        responsible
	triggerOrgan       string
	asOf               day
	decided            day       // the day that chose the version
	uncertain          []string  // what the readings differ on
	parts              []stretch // phases or checks, under every reading that is shown; good until the next is judged
	deciding           int       // place among the parts, -1 if none decides
}

// reading fixes what the records leave open: custody and doubtful attributes.
type reading struct {
	held   bool
	resume day // assumed end of a suspension that has none, none if stated
	doubts map[string]string
}

// number names the finding by the rule and the senders' own keys only, so that it
// outlives linkage, re-runs and new versions of the rule.
func (v *verdict) number() uint64 {
	rec := v.Unit.rec
	var room [256]byte
	text := room[:0]
	for _, part := range [...]string{
		v.Rule.ID, v.Rule.Source.ID, rec.Organ, rec.Docket, v.Unit.entry, v.Unit.chain.typeName(v.Rule.words, rec.Type), rec.Key,
	} {
		text = append(append(text, part...), 0)
	}
	text = append(strconv.AppendInt(text, int64(v.Unit.nth), 10), 0)
	sum := sha256.Sum256(text)
	return binary.BigEndian.Uint64(sum[:8])
}

// finding is the number as people and tables write it.
func (v *verdict) finding() string { return findingID(v.number()) }

// findingID writes the number of a finding with sixteen digits.
func findingID(number uint64) string {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], number)
	return hex.EncodeToString(raw[:])
}

func (c *chain) typeName(w *vocabulary, code uint16) string {
	if int(code) < len(w.types.names) {
		return w.types.names[code]
	}
	return ""
}

// kase is the law and nothing else: no SQL, no wall clock, no log. The chain of a
// unit is indexed for asOf; what came later has not happened yet. It holds what
// one judgement needs; a worker uses it again and again.
type kase struct {
	u        *unit
	r        *Rule
	cal      *calendar
	asOf     day
	rd       reading
	facts    []derived
	parts    []stretch
	restarts int
	round    int
	heads    []int32 // tables that are lent to the chain in hand
	tails    []int32
	units    []unit
	verdict  verdict
	one      [1]reading
}

// begin turns to another unit or rule.
func (c *kase) begin(u *unit, r *Rule) {
	c.u, c.r, c.restarts, c.round = u, r, 0, 0
	c.read(reading{resume: none})
}

// read turns to another reading: facts are derived anew.
func (c *kase) read(rd reading) {
	c.rd = rd
	if n := len(c.r.facts); cap(c.facts) < n {
		c.facts = make([]derived, n)
	} else {
		c.facts = c.facts[:n]
		clear(c.facts)
	}
	c.parts = c.parts[:0]
}

// judge asks whether the rule applies, then reads it in every way the records
// leave open.
func (c *kase) judge(u *unit, r *Rule) verdict {
	c.begin(u, r)
	v := c.frame()
	if len(r.applies) > 0 {
		switch a := decide(r.applies, c); {
		case !a.sure():
			v.Outcome, v.State, v.Missing = cannotJudge, running, a.missing
			return v
		case !a.yes:
			v.Outcome = notApplicable
			return v
		}
	}
	readings, open := c.readings()
	if len(readings) == 1 {
		c.read(readings[0])
		c.under(&v)
		return v
	}
	results := make([]verdict, len(readings))
	for i, rd := range readings {
		results[i] = v
		c.read(rd)
		c.under(&results[i])
		results[i].parts = slices.Clone(results[i].parts)
	}
	v = results[0]
	for _, other := range results[1:] {
		if other.Outcome != v.Outcome {
			return divided(c.frame(), results, open)
		}
		if other.Due > v.Due {
			v = other
		}
	}
	v.uncertain = open
	return v
}

// frame is a verdict with everything that no reading changes.
func (c *kase) frame() verdict {
	return verdict{
		Rule: c.r, Unit: *c.u, OverUnit: "day", Triggered: none, Due: none, Stopped: none, Period: c.earliest(), State: stopped,
		responsible: responsible{Kind: responsibleOwn}, asOf: c.asOf, deciding: -1,
	}
}

// earliest is the day of the unit's first event.
func (c *kase) earliest() day {
	switch {
	case c.u.event != nil:
		return c.u.event.Day
	case c.u.rec.first >= 0:
		return c.u.chain.events[c.u.rec.first].Day
	}
	return c.asOf
}

// attribute reads one attribute of the unit's event or record under a reading.
func (c *kase) attribute(x ref) string {
	if x.fact >= 0 {
		v := c.value(x)
		return v.text
	}
	if c.u.event != nil {
		if text := valueOf(c.u.event.Attrs, x.attr); text != "" {
			return text
		}
	}
	if text := valueOf(c.u.rec.attrs, x.attr); text != "" {
		return text
	}
	return c.rd.doubts[x.Name]
}

// readings lists every way to read what the records leave open, and the names
// of what is open.
func (c *kase) readings() (all []reading, open []string) {
	c.one[0] = reading{resume: none}
	all = c.one[:1:1]
	switch c.r.custody.Mode {
	case custodyAlways:
		all[0].held = true
	case custodyAttribute:
		switch c.attribute(c.r.custody.Ref) {
		case "true", "1":
			all[0].held = true
		case "":
			all = append(all, reading{held: true, resume: none})
			open = append(open, c.r.custody.Ref.Name)
		}
	}
	for _, d := range c.r.doubt {
		if c.attribute(d.Ref) != "" {
			continue
		}
		open = append(open, d.Ref.Name)
		all = multiply(all, func(rd reading) []reading {
			out := make([]reading, 0, len(d.Values))
			for _, value := range d.Values {
				one := reading{held: rd.held, resume: rd.resume, doubts: map[string]string{d.Ref.Name: value}}
				for k, v := range rd.doubts {
					one.doubts[k] = v
				}
				out = append(out, one)
			}
			return out
		})
	}
	if resume, ends := c.openSuspension(); resume != "" {
		open = append(open, resume)
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
func (c *kase) openSuspension() (resume string, ends [2]day) {
	for i := range c.r.phases {
		p := &c.r.phases[i]
		for k := range p.Suspend {
			x := &p.Suspend[k]
			from := c.first(&x.Event, none, nil)
			if from == nil || c.first(&x.Resume, from.Day, nil) != nil {
				continue
			}
			if stop := c.firstOf(p.Stops, from.Day, nil, nil); stop != nil {
				return x.Resume.Event, [2]day{from.Day, stop.Day}
			}
		}
	}
	return "", ends
}

// under judges all phases or checks under one reading and takes the worst.
func (c *kase) under(v *verdict) {
	for i := range c.r.phases {
		c.phase(&c.r.phases[i])
	}
	for i := range c.r.checks {
		c.check(&c.r.checks[i])
	}
	worst := -1
	for i := range c.parts {
		s := &c.parts[i]
		if s.phase != nil && s.phase.Informative {
			continue
		}
		if worst < 0 || severityOf(s.outcome) > severityOf(c.parts[worst].outcome) ||
			(s.outcome == c.parts[worst].outcome && (s.outcome == inTime || s.outcome == conforming)) {
			worst = i
		}
	}
	v.parts, v.deciding = c.parts, worst
	if worst < 0 {
		if len(c.r.checks) > 0 {
			v.Outcome = notApplicable
			return
		}
		v.Outcome, v.State, v.Missing = cannotJudge, running, c.r.phases[0].Triggers[0].Event
		return
	}
	s := &c.parts[worst]
	v.Outcome, v.State, v.Missing = s.outcome, s.state(), s.missing
	v.Triggered, v.Due, v.Stopped = s.from, s.due, s.end
	v.Over, v.OverUnit, v.Provisional = s.over, s.unit, !s.sure || v.Rule.BasisKind == BasisUnverified
	v.responsible, v.triggerOrgan = s.responsible(), s.triggerOrgan
	switch {
	case v.Due != none:
		v.Period = v.Due
	case s.check != nil && s.from != none:
		v.Period = s.from
	}
}

func (s *stretch) responsible() responsible {
	if s.check != nil {
		return s.check.Responsible
	}
	return s.phase.Responsible
}

// divided is a verdict whose readings give different outcomes; all are shown.
func divided(out verdict, results []verdict, open []string) verdict {
	v := results[0]
	out.Outcome, out.State, out.Missing = cannotJudge, v.State, open[0]
	out.Triggered, out.Stopped, out.Due = v.Triggered, v.Stopped, v.Due
	out.responsible, out.triggerOrgan, out.uncertain = v.responsible, v.triggerOrgan, open
	if out.Due != none {
		out.Period = out.Due
	}
	for _, one := range results {
		out.parts = append(out.parts, one.parts...)
	}
	return out
}
