package clock

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// decoder reads one rule file; it records every problem and goes on.
type decoder struct {
	*contract.Reading
	words  *vocabulary
	rule   *Rule
	counts bool // the counts of the engine may be named here
}

// decodeRule reads the whole file into a Rule.
func decodeRule(r *contract.Reading, words *vocabulary) *Rule {
	d := &decoder{Reading: r, words: words, rule: &Rule{root: r.Root, words: words}}
	o := r.Object(r.Root, "id", "version", "source", "name", "reading", "severity", "valid_from", "valid_to", "transition", "basis",
		"unit", "applies", "facts", "doubt", "custody", "lead", "organ", "route", "document", "phases", "checks", "examples")
	if o.Has("id") {
		r.ID = r.Text(o.At("id"))
	}
	r.Need(o, "id", "version", "name", "reading", "severity", "valid_from", "transition", "basis", "unit", "organ", "examples")
	d.head(o)
	d.unit(o.At("unit"))
	for _, n := range d.list(o.At("facts")) {
		d.fact(n)
	}
	d.transition(o.At("transition"))
	d.rule.applies = d.conditions(o.At("applies"))
	d.doubts(o.At("doubt"))
	d.custody(o.At("custody"))
	switch {
	case o.Has("phases") == o.Has("checks"):
		r.Refuse(nil, "a rule is either a time limit or a check", "write exactly one of phases and checks")
	case o.Has("phases"):
		r.Need(o, "custody", "lead")
	}
	for _, n := range d.list(o.At("phases")) {
		d.phase(n)
	}
	for _, n := range d.list(o.At("checks")) {
		d.check(n)
	}
	d.examples(o.At("examples"))
	return d.rule
}

// head reads what people see of the rule.
func (d *decoder) head(o contract.Object) {
	rule := d.rule
	rule.ID, rule.Version = d.ID, d.Text(o.At("version"))
	if n := o.At("source"); n != nil {
		so := d.Object(n, "id", "zh", "en")
		d.Need(so, "id", "zh", "en")
		rule.Source = Source{ID: d.Text(so.At("id")), Name: Text{d.Text(so.At("zh")), d.Text(so.At("en"))}}
	}
	rule.Name, rule.Reading = d.text(o.At("name")), d.text(o.At("reading"))
	rule.Severity = d.choice(o.At("severity"), "high", "medium", "low")
	rule.from, rule.to = d.day(o.At("valid_from")), d.day(o.At("valid_to"))
	rule.ValidFrom, rule.ValidTo = rule.from.String(), rule.to.String()
	if rule.to != none && rule.to < rule.from {
		d.Refuse(o.At("valid_to"), "the rule ends before it begins", "write a last day on or after valid_from")
	}
	d.basis(o.At("basis"))
	rule.cited = rule.articles()
	rule.Lead = d.Number(o.At("lead"))
	rule.organ = d.choice(o.At("organ"), organOwn, organSupervisor, organIssuer)
	rule.Route, rule.Document = routeByLevel, "correction_notice"
	if o.Has("route") {
		rule.Route = d.choice(o.At("route"), routeByLevel, routeUpper, routeOwn)
	}
	if o.Has("document") {
		rule.Document = d.choice(o.At("document"), "correction_notice", "recommendation", "oral", "reply_urge", "none")
	}
}

// resolve follows a YAML alias.
func resolve(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// list reads a sequence that must not be empty.
func (d *decoder) list(n *yaml.Node) []*yaml.Node {
	n = resolve(n)
	items := d.List(n)
	if n != nil && len(items) == 0 {
		d.Refuse(n, "the list is empty", "write at least one item")
	}
	return items
}

func (d *decoder) text(n *yaml.Node) Text {
	o := d.Object(resolve(n), "zh", "en")
	if n != nil {
		d.Need(o, "zh", "en")
	}
	return Text{ZH: d.Text(o.At("zh")), EN: d.Text(o.At("en"))}
}

func (d *decoder) choice(n *yaml.Node, of ...string) string {
	text := d.Text(n)
	for _, one := range of {
		if text == one {
			return text
		}
	}
	if text != "" {
		d.Refuse(n, strconv.Quote(text)+" is not one of "+strings.Join(of, ", "), "choose one of them")
	}
	return ""
}

func (d *decoder) day(n *yaml.Node) day {
	text := d.Text(n)
	if text == "" {
		return none
	}
	out, err := parseDay(text)
	if err != nil {
		d.Refuse(n, "not a date", "write YYYY-MM-DD")
	}
	return out
}

func transitionModes() []string {
	return []string{"trigger_date", "pending_from_validity", "act_date", "offence_date"}
}

func (d *decoder) transition(n *yaml.Node) {
	if n == nil {
		return
	}
	o := d.Object(n, "mode", "or", "event", "fact", "source")
	d.Need(o, "mode", "source")
	d.rule.Transition = d.choice(o.At("mode"), transitionModes()...)
	if o.Has("or") {
		d.rule.Alternative = d.choice(o.At("or"), transitionModes()...)
	}
	d.rule.Transitions = d.Text(o.At("source"))
	if o.Has("event") {
		d.rule.decides = d.sought(o.At("event"), false)
	}
	if o.Has("fact") {
		d.rule.decidesBy = d.factNamed(o.At("fact"))
	}
	by := func(mode string) bool { return mode == "act_date" || mode == "offence_date" }
	if needs := by(d.rule.Transition) || by(d.rule.Alternative); needs != (o.Has("event") || o.Has("fact")) {
		d.Refuse(n, "act_date and offence_date need the event whose date decides, other modes none", "add or remove event")
	}
}

func (d *decoder) basis(n *yaml.Node) {
	for _, item := range d.list(n) {
		o := d.Object(item, "law", "version", "article", "summary", "unverified")
		d.Need(o, "law", "version", "article", "summary")
		d.rule.Basis = append(d.rule.Basis, Basis{
			Law: d.Text(o.At("law")), Version: d.Text(o.At("version")), Article: d.Text(o.At("article")),
			Summary: d.text(o.At("summary")), Unverified: d.Flag(o.At("unverified")),
		})
	}
}

func (d *decoder) unit(n *yaml.Node) {
	o := d.Object(n, "record", "events", "per")
	if n != nil {
		d.Need(o, "record", "events")
	}
	d.rule.Record, d.rule.per = d.Text(o.At("record")), perRecord
	if o.Has("per") {
		d.rule.per = d.choice(o.At("per"), perRecord, perEvent, perPerson)
	}
	if d.rule.Record != "" && !d.words.hasType(d.rule.Record) {
		d.Refuse(o.At("record"), "there is no record type "+strconv.Quote(d.rule.Record), "name a type of the contracts")
	}
	if !o.Has("events") {
		return
	}
	for _, item := range d.list(o.At("events")) {
		name := d.event(item)
		if d.words.known(name) && !d.words.declares(d.rule.Record, name) {
			d.Refuse(item, d.rule.Record+" declares no event "+strconv.Quote(name), "name an event of the unit's own record type")
		}
		d.rule.events = append(d.rule.events, d.words.events.codes[name])
	}
}

// event reads the name of an event that some contract declares.
func (d *decoder) event(n *yaml.Node) string {
	name := d.Text(n)
	if name != "" && !d.words.known(name) {
		d.Refuse(n, "no contract declares the event "+strconv.Quote(name), "correct the name, or declare the event in a contract")
	}
	return name
}

// doubts reads names, or names with the values to try.
func (d *decoder) doubts(n *yaml.Node) {
	if n == nil {
		return
	}
	for _, item := range d.list(n) {
		if item.Kind != yaml.MappingNode {
			d.rule.doubt = append(d.rule.doubt, doubt{Ref: d.ref(item), Values: []string{"", "true"}})
			continue
		}
		o := d.Object(item, "name", "values")
		d.Need(o, "name", "values")
		d.rule.doubt = append(d.rule.doubt, doubt{Ref: d.ref(o.At("name")), Values: d.Texts(o.At("values"))})
	}
}

func (d *decoder) custody(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind == yaml.MappingNode {
		o := d.Object(n, "attribute")
		d.Need(o, "attribute")
		d.rule.custody = custody{Mode: custodyAttribute, Ref: d.ref(o.At("attribute"))}
		return
	}
	d.rule.custody.Mode = d.choice(n, custodyAlways, custodyNever)
}
