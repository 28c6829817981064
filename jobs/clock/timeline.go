package clock

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
)

// mostEvents is how many events of one case are judged; more are an error of the
// data, and judging them would take the time of a whole court.
const mostEvents = 20_000

// Timeline (时间线) is one case as its author writes it: no warehouse is needed.
type Timeline struct {
	Case      string          `json:"case"`
	Organ     string          `json:"organ"`
	Procedure string          `json:"procedure"`
	Juvenile  *bool           `json:"juvenile"`
	InCustody *bool           `json:"in_custody"`
	AsOf      string          `json:"as_of"`
	Persons   []string        `json:"persons"`
	Events    []TimelineEvent `json:"events"`
}

// TimelineEvent is one event. Record names the record it stands in, where one
// person has several of one type; RecordType is needed only when several types
// declare the event.
type TimelineEvent struct {
	Type       string         `json:"type"`
	At         string         `json:"at"`
	Person     string         `json:"person"`
	Ordinal    int            `json:"ordinal"`
	Revision   uint64         `json:"revision"`
	Retraction bool           `json:"retraction"`
	Record     string         `json:"record"`
	RecordType string         `json:"record_type"`
	Docket     string         `json:"docket"`
	Organ      string         `json:"organ"`
	Attributes map[string]any `json:"attributes"`
}

// Outcome is what one rule says of one unit of a timeline.
type Outcome struct {
	Case     string   `json:"case"`
	Person   string   `json:"person"`
	Rule     string   `json:"rule"`
	Version  string   `json:"version"`
	Source   string   `json:"source,omitempty"`
	Outcome  string   `json:"outcome"`
	Deadline *string  `json:"deadline"`
	Over     Over     `json:"over"`
	Missing  string   `json:"missing"`
	Basis    []string `json:"basis"`
	Reading  string   `json:"reading"`
	Steps    []step   `json:"steps"`

	Explanation Text `json:"-"`
}

// Over is by how much a limit was passed.
type Over struct {
	N    int    `json:"n"`
	Unit string `json:"unit"`
}

// Checker judges timelines by all rules.
type Checker struct {
	rules *Rules
	kase  kase
	kinds [][]family
}

// Checker returns a checker; it is for one goroutine.
func (s *Rules) Checker() *Checker {
	return &Checker{rules: s, kase: kase{cal: s.calendar}, kinds: s.byType()}
}

// Check judges one line of JSON. asOf, when given, replaces the line's own. Units
// to which no rule applies are left out unless all is set. Invalid names what is
// wrong with the line and what to do.
func (c *Checker) Check(line []byte, asOf string, all bool) ([]Outcome, error) {
	var t Timeline
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return nil, wrong("the line is not a timeline: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong("more than one value stands on the line: write one JSON object a line")
	}
	if asOf != "" {
		t.AsOf = asOf
	}
	if t.AsOf == "" {
		return nil, wrong("case %q has no as_of: write the legal day, or give --as-of", t.Case)
	}
	day, err := sensibleDay(t.AsOf)
	if err != nil {
		return nil, wrong("case %q, as_of: %v", t.Case, err)
	}
	ch, err := t.chain(c.rules.words)
	if err != nil {
		return nil, err
	}
	c.kase.asOf = day
	return c.judge(&t, ch, all), nil
}

// judge runs every rule over the chain of a timeline.
func (c *Checker) judge(t *Timeline, ch *chain, all bool) []Outcome {
	out := []Outcome{}
	ch.index(len(c.rules.words.events.names), c.kase.asOf)
	for i := range ch.records {
		for _, f := range c.kinds[ch.records[i].Type] {
			for _, u := range unitsOf(f, ch, int32(i), nil) {
				v := c.kase.judgeVersions(&u, f.versions)
				if v.Outcome == notApplicable && !all {
					continue
				}
				out = append(out, v.outcome(t.Case))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Outcome) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Person, b.Person))
	})
	return out
}

// outcome turns a verdict into what is printed.
func (v *verdict) outcome(name string) Outcome {
	steps := v.steps()
	o := Outcome{
		Case: name, Person: v.Unit.name, Rule: v.Rule.ID, Version: v.Rule.Version, Source: v.Rule.Source.ID, Outcome: v.Outcome,
		Over: Over{v.Over, v.OverUnit}, Missing: v.Missing, Reading: v.Rule.Reading.ZH, Steps: steps, Explanation: v.explain(steps),
	}
	for _, b := range v.Rule.Basis {
		text := "《" + b.Law + "》（" + b.Version + "）" + b.Article
		if b.Unverified {
			text += "（未核实）"
		}
		o.Basis = append(o.Basis, text)
	}
	if v.Due != none {
		due := v.Due.String()
		o.Deadline = &due
	}
	return o
}

func wrong(format string, args ...any) error {
	return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf(format, args...)}
}

// sensibleDay reads a day that lies in the time of the laws in question.
func sensibleDay(text string) (day, error) {
	d, err := parseDay(text)
	if err != nil {
		return none, err
	}
	if y := d.time().Year(); y < 1949 || y > 2200 {
		return none, fmt.Errorf("%q lies outside of 1949 to 2200", text)
	}
	return d, nil
}

// sensibleTime reads a date, or a date and time of day; a zone is turned into
// legal time.
func sensibleTime(text string) (d day, minute int16, err error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		t = t.In(time.FixedZone("CST", 8*60*60))
		d, err := sensibleDay(t.Format(time.DateOnly))
		return d, int16(t.Hour()*60 + t.Minute()), err
	}
	date, clock, timed := strings.Cut(strings.Replace(text, "T", " ", 1), " ")
	if d, err = sensibleDay(date); err != nil {
		return none, -1, fmt.Errorf("%q is not a time: write 2024-05-01, 2024-05-01T21:30 or 2024-05-01T21:30:00+08:00", text)
	}
	if !timed {
		return d, -1, nil
	}
	if parts := strings.Split(clock, ":"); len(parts) == 3 {
		clock = parts[0] + ":" + parts[1]
	}
	m, err := parseMinute(clock)
	return d, int16(m), err
}

// chain turns the timeline into the events of one case chain, in an order that
// does not depend on the order of the line.
func (t *Timeline) chain(w *vocabulary) (*chain, error) {
	if len(t.Events) > mostEvents {
		return nil, wrong("case %q has %d events: at most %d of one case are judged; check whether several cases were merged", t.Case, len(t.Events), mostEvents)
	}
	type placed struct {
		e        event
		rec      record
		revision uint64
		gone     bool
		identity string
	}
	all := make([]placed, 0, len(t.Events))
	for i := range t.Events {
		x := &t.Events[i]
		e, rec, err := t.event(w, x)
		if err != nil {
			return nil, wrong("case %q, event %d: %v", t.Case, i+1, err)
		}
		identity := strconv.Itoa(int(rec.Type)) + "\x00" + rec.Key + "\x00" + x.Type + "\x00" + strconv.Itoa(x.Ordinal)
		if x.Revision == 0 && !x.Retraction {
			identity += "\x00" + x.At // without revisions each time is an event of its own
		}
		all = append(all, placed{e, rec, x.Revision, x.Retraction, identity})
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(strings.Compare(a.identity, b.identity), cmp.Compare(b.revision, a.revision), cmp.Compare(a.e.Day, b.e.Day))
	})
	all = slices.CompactFunc(all, func(a, b placed) bool { return a.identity == b.identity })
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.e.Day.at(int(max(a.e.Minute, 0))), b.e.Day.at(int(max(b.e.Minute, 0)))), strings.Compare(a.identity, b.identity))
	})
	c := &chain{name: t.Case}
	places := map[string]int32{}
	for _, p := range all {
		if p.gone {
			continue
		}
		key := strconv.Itoa(int(p.rec.Type)) + "\x00" + p.rec.Key
		at, ok := places[key]
		if !ok {
			at = int32(len(c.records))
			places[key] = at
			c.records = append(c.records, p.rec)
		}
		p.e.Rec = at
		c.events = append(c.events, p.e)
	}
	return c, nil
}

// event checks one event against the contracts.
func (t *Timeline) event(w *vocabulary, x *TimelineEvent) (event, record, error) {
	var e event
	var rec record
	code, ok := w.events.codes[x.Type]
	if !ok {
		return e, rec, fmt.Errorf("no contract declares the event %q; the nearest is %q", x.Type, nearest(x.Type, w.events.names))
	}
	kinds := slices.Sorted(maps.Keys(w.declared[x.Type]))
	switch {
	case x.RecordType == "" && len(kinds) > 1:
		return e, rec, fmt.Errorf("several record types declare %s: write record_type, one of %s", x.Type, strings.Join(kinds, ", "))
	case x.RecordType != "" && !slices.Contains(kinds, x.RecordType):
		return e, rec, fmt.Errorf("the record type %q declares no %s: write one of %s", x.RecordType, x.Type, strings.Join(kinds, ", "))
	case x.RecordType != "":
		kinds = []string{x.RecordType}
	}
	if x.Ordinal < 0 || x.Ordinal > 255 || (x.Ordinal > 0 && !w.ordinals[x.Type][x.Ordinal]) {
		return e, rec, fmt.Errorf("no contract declares ordinal %d of %s", x.Ordinal, x.Type)
	}
	person := x.Person
	if person == "" && len(t.Persons) == 1 {
		person = t.Persons[0]
	}
	if person != "" && len(t.Persons) > 0 && !slices.Contains(t.Persons, person) {
		return e, rec, fmt.Errorf("the person %q does not stand in persons", person)
	}
	d, minute, err := sensibleTime(x.At)
	if err != nil {
		return e, rec, err
	}
	e = event{Code: code, Ordinal: uint8(x.Ordinal), Day: d, Minute: minute}
	if e.Attrs, err = t.attributes(w, x, kinds[0]); err != nil {
		return e, rec, err
	}
	rec = record{
		Type: w.types.codes[kinds[0]], Key: cmp.Or(x.Record, t.Case+"|"+person), Docket: cmp.Or(x.Docket, t.Case), Person: person,
		Entry: cmp.Or(x.Docket, t.Case) + "|" + person, Organ: cmp.Or(x.Organ, t.Organ), Compartment: "general",
	}
	return e, rec, nil
}

// attributes reads the event's own attributes and those of the whole case.
func (t *Timeline) attributes(w *vocabulary, x *TimelineEvent, kind string) ([]attr, error) {
	all := map[string]string{}
	common := map[string]string{"procedure": t.Procedure}
	if t.Juvenile != nil {
		common["juvenile"] = strconv.FormatBool(*t.Juvenile)
	}
	if t.InCustody != nil {
		common["in_custody"] = strconv.FormatBool(*t.InCustody)
	}
	for name, value := range common {
		if value != "" && w.attributes[kind][name] {
			all[name] = value
		}
	}
	for name, value := range x.Attributes {
		if !w.attributes[kind][name] {
			return nil, fmt.Errorf("no event of %s carries the attribute %q; the nearest is %q", kind, name, nearest(name, slices.Sorted(maps.Keys(w.attributes[kind]))))
		}
		switch v := value.(type) {
		case string:
			all[name] = v
		case bool:
			all[name] = strconv.FormatBool(v)
		case float64:
			all[name] = strconv.FormatFloat(v, 'f', -1, 64)
		case nil:
			delete(all, name)
		default:
			return nil, fmt.Errorf("the attribute %q is neither text, number nor true/false", name)
		}
	}
	return w.attrs(all), nil
}

// nearest finds the name with the fewest changed letters.
func nearest(name string, among []string) string {
	best, least := "", 1<<30
	for _, other := range among {
		if n := distance(name, other); n < least {
			best, least = other, n
		}
	}
	return best
}

// distance counts letters to change, add or drop (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
