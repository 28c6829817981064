package clock

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// leastExamples is how many worked examples each rule brings.
const leastExamples = 4

// examples reads the worked examples.
func (d *decoder) examples(n *yaml.Node) {
	if n == nil {
		return
	}
	for _, item := range d.List(n) {
		o := d.Object(item, "name", "boundary", "as_of", "record", "events", "want")
		d.Need(o, "name", "as_of", "events", "want")
		x := example{
			Name: d.Text(o.At("name")), AsOf: d.day(o.At("as_of")),
			Record: d.pairs(o.At("record")), Want: d.pairs(o.At("want")), node: item,
		}
		for name := range x.Record {
			if d.words.hasType(d.rule.Record) && !d.words.attributes[d.rule.Record][name] {
				d.Refuse(o.At("record"), "no event of "+d.rule.Record+" carries the attribute "+strconv.Quote(name), "correct the name")
			}
		}
		for _, e := range d.list(o.At("events")) {
			x.Events = append(x.Events, d.exampleEvent(e))
		}
		d.rule.examples = append(d.rule.examples, x)
	}
	if len(d.rule.examples) < leastExamples {
		d.Refuse(n, fmt.Sprintf("there are %d examples", len(d.rule.examples)), "work out at least four")
	}
}

func (d *decoder) pairs(n *yaml.Node) map[string]string {
	out := map[string]string{}
	o := d.Object(n)
	for _, key := range o.Keys {
		out[key] = d.Text(o.At(key))
	}
	return out
}

func (d *decoder) exampleEvent(n *yaml.Node) exampleEvent {
	o := d.Object(n, "event", "ordinal", "at", "in", "record", "attributes")
	d.Need(o, "event", "at")
	e := exampleEvent{
		Event: d.event(o.At("event")), Ordinal: d.Number(o.At("ordinal")), Minute: -1, In: inRecord,
		Record: d.Text(o.At("record")), Attributes: d.pairs(o.At("attributes")),
	}
	for name := range e.Attributes {
		if d.words.known(e.Event) && !d.words.carried[e.Event][name] {
			d.Refuse(o.At("attributes"), "the event "+e.Event+" carries no attribute "+strconv.Quote(name), "correct the name")
		}
	}
	if o.Has("in") {
		e.In = d.choice(o.At("in"), inRecord, inDocket, inDocketPerson, inChainPerson, inChain)
	}
	if e.In == inRecord && d.words.known(e.Event) && d.words.hasType(d.rule.Record) && !d.words.declares(d.rule.Record, e.Event) {
		d.Refuse(o.At("event"), d.rule.Record+" declares no event "+strconv.Quote(e.Event), "say where it is: in: docket, docket_person, chain_person or chain")
	}
	text := d.Text(o.At("at"))
	date, clock, timed := strings.Cut(text, " ")
	var err error
	if e.Day, err = parseDay(date); err == nil && timed {
		e.Minute, err = parseMinute(clock)
	}
	if text != "" && err != nil {
		d.Refuse(o.At("at"), "not a time", "write 2024-05-01 or 2024-05-01 21:30")
	}
	return e
}

// parseMinute reads HH:MM as minutes of the day.
func parseMinute(text string) (int, error) {
	h, m, ok := strings.Cut(text, ":")
	hour, errH := strconv.Atoi(h)
	minute, errM := strconv.Atoi(m)
	if !ok || errH != nil || errM != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return -1, fmt.Errorf("%q is not a time of day", text)
	}
	return hour*60 + minute, nil
}

// run judges the example as the engine would, with this version of the rule
// alone; one unit must come out of it, or the worst of several.
func (x *example) run(r *Rule, cal *calendar) (verdict, error) {
	c := x.chain(r)
	c.index(len(r.words.events.names), x.AsOf)
	k := kase{cal: cal, asOf: x.AsOf}
	var worst *verdict
	for _, u := range unitsOf(familyOf([]*Rule{r}), c, 0, nil) {
		v := k.judgeVersions(&u, []*Rule{r})
		v.parts = slices.Clone(v.parts)
		if worst == nil || severityOf(v.Outcome) > severityOf(worst.Outcome) {
			worst = &v
		}
	}
	if worst == nil {
		return verdict{}, errors.New("no event of the unit has happened by as_of")
	}
	return *worst, nil
}

// against says what differs between a verdict and what is wanted, "" if nothing.
func (x *example) against(v verdict) string {
	got := map[string]string{
		"outcome": v.Outcome, "state": v.State, "due": v.Due.String(), "stopped": v.Stopped.String(), "triggered": v.Triggered.String(),
		"period": v.Period.String(), "over": strconv.Itoa(v.Over), "unit": v.OverUnit, "missing": v.Missing,
		"provisional": strconv.FormatBool(v.Provisional), "part": v.part(),
	}
	var wrong []string
	for key, want := range x.Want {
		if have, known := got[key]; !known {
			wrong = append(wrong, "there is no "+strconv.Quote(key)+" to want")
		} else if have != want {
			wrong = append(wrong, fmt.Sprintf("%s is %q, wanted %q", key, have, want))
		}
	}
	if x.Want["outcome"] == "" {
		wrong = append(wrong, "want says no outcome")
	}
	slices.Sort(wrong)
	return strings.Join(wrong, "; ")
}

// part names the phase or check that decided, "" if none did.
func (v *verdict) part() string {
	switch {
	case v.deciding < 0:
		return ""
	case v.parts[v.deciding].check != nil:
		return v.parts[v.deciding].check.ID
	}
	return v.parts[v.deciding].phase.ID
}

// chain makes the events of the example: own events carry the record's attributes.
// Events elsewhere in one place and of one record type are one record, unless they
// name different records.
func (x *example) chain(r *Rule) *chain {
	c := &chain{name: "chain"}
	places := map[string]int32{"": 0}
	c.records = append(c.records, record{
		Type: r.words.types.codes[r.Record], Key: "own", Docket: "docket", Entry: "docket|1", Person: "chain/1", Organ: "organ",
	})
	for _, e := range x.Events {
		out := event{Code: r.words.events.codes[e.Event], Ordinal: uint8(e.Ordinal), Day: e.Day, Minute: int16(e.Minute)}
		kind := slices.Min(slices.Collect(maps.Keys(r.words.declared[e.Event])))
		key := e.In + "/" + kind + "/" + e.Record
		if e.In == inRecord {
			key = ""
			out.Attrs = r.words.attrs(x.Record)
		}
		at, ok := places[key]
		if !ok {
			at = int32(len(c.records))
			places[key] = at
			other := record{Type: r.words.types.codes[kind], Key: key, Docket: "elsewhere", Person: "chain/2", Organ: "other"}
			if e.In == inDocket || e.In == inDocketPerson {
				other.Docket = "docket"
			}
			if e.In == inChainPerson || e.In == inDocketPerson {
				other.Person = "chain/1"
			}
			if e.In == inDocket {
				other.Person = ""
			}
			c.records = append(c.records, other)
		}
		out.Rec, out.Attrs = at, append(out.Attrs, r.words.attrs(e.Attributes)...)
		c.events = append(c.events, out)
	}
	slices.SortStableFunc(c.events, func(a, b event) int {
		return cmp.Compare(a.Day.at(int(max(a.Minute, 0))), b.Day.at(int(max(b.Minute, 0))))
	})
	return c
}

// attrs turns names into places of the vocabulary, in order of names.
func (w *vocabulary) attrs(of map[string]string) []attr {
	var out []attr
	for _, name := range slices.Sorted(maps.Keys(of)) {
		out = append(out, attr{Name: w.names.codes[name], Value: of[name]})
	}
	return out
}
