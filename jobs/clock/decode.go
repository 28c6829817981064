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
	words *vocabulary
	rule  *Rule
}

// decodeRule reads the whole file into a Rule.
func decodeRule(r *contract.Reading, words *vocabulary) *Rule {
	d := &decoder{Reading: r, words: words, rule: &Rule{root: r.Root, labels: words.labels}}
	o := r.Object(r.Root, "id", "version", "name", "reading", "severity", "valid_from", "valid_to", "transition", "basis",
		"unit", "context", "applies", "doubt", "custody", "lead", "organ", "phases", "examples")
	if o.Has("id") {
		r.ID = r.Text(o.At("id"))
	}
	r.Need(o, "id", "version", "name", "reading", "severity", "valid_from", "transition", "basis", "unit", "custody", "lead", "organ", "phases", "examples")
	rule := d.rule
	rule.ID, rule.Version = r.ID, r.Text(o.At("version"))
	rule.Name, rule.Reading = d.text(o.At("name")), d.text(o.At("reading"))
	rule.Severity = d.choice(o.At("severity"), "high", "medium", "low")
	rule.from, rule.to = d.day(o.At("valid_from")), d.day(o.At("valid_to"))
	rule.ValidFrom, rule.ValidTo = rule.from.String(), rule.to.String()
	if rule.to != none && rule.to < rule.from {
		r.Refuse(o.At("valid_to"), "the rule ends before it begins", "write a last day on or after valid_from")
	}
	d.transition(o.At("transition"))
	d.basis(o.At("basis"))
	rule.cited = rule.articles()
	d.unit(o.At("unit"))
	rule.context = d.events(o.At("context"))
	rule.applies = d.conditions(o.At("applies"))
	rule.doubt = d.attributes(o.At("doubt"))
	d.custody(o.At("custody"))
	rule.Lead = r.Number(o.At("lead"))
	rule.organ = d.choice(o.At("organ"), organOwn, organSupervisor, organIssuer)
	for _, n := range d.list(o.At("phases")) {
		d.phase(n)
	}
	d.examples(o.At("examples"))
	return rule
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

func (d *decoder) transition(n *yaml.Node) {
	if n == nil {
		return
	}
	o := d.Object(n, "mode", "event", "source")
	d.Need(o, "mode", "source")
	d.rule.Transition = d.choice(o.At("mode"), "trigger_date", "pending_from_validity", "act_date", "offence_date")
	d.rule.Source = d.Text(o.At("source"))
	d.rule.transition = d.event(o.At("event"))
	if needs := d.rule.Transition == "act_date" || d.rule.Transition == "offence_date"; needs != o.Has("event") {
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
	o := d.Object(n, "record", "events")
	if n != nil {
		d.Need(o, "record", "events")
	}
	d.rule.Record = d.Text(o.At("record"))
	if d.rule.Record != "" && !d.words.types[d.rule.Record] {
		d.Refuse(o.At("record"), "there is no record type "+strconv.Quote(d.rule.Record), "name a type of the contracts")
	}
	d.rule.events = d.events(o.At("events"))
	for i, name := range d.rule.events {
		if d.words.known(name) && !d.words.declares(d.rule.Record, name) {
			d.Refuse(o.At("events").Content[i], d.rule.Record+" declares no event "+strconv.Quote(name), "name an event of the unit's own record type")
		}
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

func (d *decoder) events(n *yaml.Node) []string {
	var out []string
	if n == nil {
		return nil
	}
	for _, item := range d.list(n) {
		out = append(out, d.event(item))
	}
	return out
}

// attribute reads the name of an attribute that the unit's record type gives to an event.
func (d *decoder) attribute(n *yaml.Node) string {
	name := d.Text(n)
	if name != "" && d.words.types[d.rule.Record] && !d.words.attributes[d.rule.Record][name] {
		d.Refuse(n, "no event of "+d.rule.Record+" carries the attribute "+strconv.Quote(name), "add it to an event of the contract, or correct the name")
	}
	return name
}

func (d *decoder) attributes(n *yaml.Node) []string {
	var out []string
	if n == nil {
		return nil
	}
	for _, item := range d.list(n) {
		out = append(out, d.attribute(item))
	}
	return out
}

// conditions reads {attribute: [values]} or {attribute: {not: [values]}}.
func (d *decoder) conditions(n *yaml.Node) []condition {
	o := d.Object(resolve(n))
	var out []condition
	for i, key := range o.Keys {
		c := condition{Attribute: d.attribute(o.Node.Content[2*i])}
		values := o.At(key)
		if values.Kind == yaml.MappingNode {
			not := d.Object(values, "not")
			d.Need(not, "not")
			c.Not, values = true, not.At("not")
		}
		c.Values = d.Texts(values)
		out = append(out, c)
	}
	return out
}

func (d *decoder) custody(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind == yaml.MappingNode {
		o := d.Object(n, "attribute")
		d.Need(o, "attribute")
		d.rule.custody = custody{Mode: custodyAttribute, Attribute: d.attribute(o.At("attribute"))}
		return
	}
	d.rule.custody.Mode = d.choice(n, custodyAlways, custodyNever)
}
