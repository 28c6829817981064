package clock

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// leastExamples is how many worked examples each rule brings.
const leastExamples = 3

// examples reads the worked examples.
func (d *decoder) examples(n *yaml.Node) {
	if n == nil {
		return
	}
	boundary := false
	for _, item := range d.List(n) {
		o := d.Object(item, "name", "boundary", "as_of", "record", "events", "want")
		d.Need(o, "name", "as_of", "events", "want")
		x := example{
			Name: d.Text(o.At("name")), Boundary: d.Flag(o.At("boundary")), AsOf: d.day(o.At("as_of")),
			Record: d.pairs(o.At("record")), Want: d.pairs(o.At("want")), node: item,
		}
		for name := range x.Record {
			if d.words.types[d.rule.Record] && !d.words.attributes[d.rule.Record][name] {
				d.Refuse(o.At("record"), "no event of "+d.rule.Record+" carries the attribute "+strconv.Quote(name), "correct the name")
			}
		}
		for _, e := range d.list(o.At("events")) {
			x.Events = append(x.Events, d.exampleEvent(e))
		}
		boundary = boundary || x.Boundary
		d.rule.examples = append(d.rule.examples, x)
	}
	if len(d.rule.examples) < leastExamples {
		d.Refuse(n, fmt.Sprintf("there are %d examples", len(d.rule.examples)), "work out at least three")
	}
	if !boundary {
		d.Refuse(n, "no example stands at a boundary", "add one on the last day and mark it boundary: true")
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
	o := d.Object(n, "event", "ordinal", "at", "in", "attributes")
	d.Need(o, "event", "at")
	e := exampleEvent{Event: d.event(o.At("event")), Ordinal: d.Number(o.At("ordinal")), Minute: -1, In: inRecord, Attributes: d.pairs(o.At("attributes"))}
	if o.Has("in") {
		e.In = d.choice(o.At("in"), inRecord, inDocket, inChainPerson, inChain)
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

// run judges the example and says what differs from what is wanted, "" if nothing.
func (x *example) run(r *Rule, cal *calendar) string {
	return x.against(judge(x.unit(r), r, cal, x.AsOf))
}

// against says what differs between a verdict and what is wanted.
func (x *example) against(v verdict) string {
	got := map[string]string{
		"outcome": v.Outcome, "state": v.State, "due": v.Due.String(), "stopped": v.Stopped.String(), "triggered": v.Triggered.String(),
		"period": v.Period.String(), "over": strconv.Itoa(v.Over), "missing": v.Missing, "provisional": strconv.FormatBool(v.Provisional),
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

// unit makes the unit of the example: own events carry the record's attributes.
func (x *example) unit(r *Rule) *unit {
	u := &unit{RecordType: r.Record, Record: "own", Chain: "chain", ChainPerson: "chain/1", Docket: "docket", PersonEntry: "docket|1"}
	for _, e := range x.Events {
		out := event{
			Name: e.Event, Ordinal: e.Ordinal, Day: e.Day, Minute: e.Minute, RecordType: "other", Record: "other",
			Docket: "elsewhere", ChainPerson: "chain/2", Attributes: e.Attributes,
		}
		switch e.In {
		case inRecord:
			out.RecordType, out.Record, out.Docket, out.ChainPerson = u.RecordType, u.Record, u.Docket, u.ChainPerson
			for name, value := range x.Record {
				out.Attributes[name] = value
			}
		case inDocket:
			out.Docket = u.Docket
		case inChainPerson:
			out.ChainPerson = u.ChainPerson
		}
		u.Events = append(u.Events, out)
	}
	slices.SortStableFunc(u.Events, func(a, b event) int { return int(a.Day) - int(b.Day) })
	return u
}
