package clock

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// ref reads the name of a fact of the rule, or of an attribute that the unit's
// record type gives to an event.
func (d *decoder) ref(n *yaml.Node) ref {
	name := d.Text(n)
	x := ref{Name: name, fact: -1}
	if name == "" {
		return x
	}
	if i := slices.IndexFunc(d.rule.facts, func(f fact) bool { return f.Name == name }); i >= 0 {
		x.fact = i
		return x
	}
	if d.counts && name == "restarts" {
		x.own = restarts
		return x
	}
	if d.counts && name == "round" {
		x.own = round
		return x
	}
	x.attr = d.words.names.codes[name]
	if d.words.hasType(d.rule.Record) && !d.words.attributes[d.rule.Record][name] {
		d.Refuse(n, "no event of "+d.rule.Record+" carries the attribute "+strconv.Quote(name), "add it to an event of the contract, declare a fact of this name above, or correct the name")
	}
	return x
}

// attribute reads the name of an attribute; nil gives an empty name.
func (d *decoder) attribute(n *yaml.Node) ref {
	if n == nil {
		return ref{fact: -1}
	}
	return d.ref(n)
}

// attributeOf reads the name of an attribute that the event carries, or of a fact.
func (d *decoder) attributeOf(n *yaml.Node, event string) ref {
	name := d.Text(n)
	x := ref{Name: name, fact: -1, attr: d.words.names.codes[name]}
	if i := slices.IndexFunc(d.rule.facts, func(f fact) bool { return f.Name == name }); i >= 0 && !d.words.carried[event][name] {
		x.fact = i
		return x
	}
	if name != "" && d.words.known(event) && !d.words.carried[event][name] {
		d.Refuse(n, "the event "+event+" carries no attribute "+strconv.Quote(name), "add it to the event in the contract, or correct the name")
	}
	return x
}

// factNamed reads the name of a fact.
func (d *decoder) factNamed(n *yaml.Node) *ref {
	name := d.Text(n)
	i := slices.IndexFunc(d.rule.facts, func(f fact) bool { return f.Name == name })
	if name != "" && i < 0 {
		d.Refuse(n, "there is no fact "+strconv.Quote(name), "declare it in facts, above its use")
	}
	return &ref{Name: name, fact: i}
}

// conditions reads a mapping of names to what must hold of them.
func (d *decoder) conditions(n *yaml.Node) []condition {
	return d.conditionsBy(n, d.ref)
}

func (d *decoder) conditionsBy(n *yaml.Node, name func(*yaml.Node) ref) []condition {
	n = resolve(n)
	o := d.Object(n)
	var out []condition
	for _, key := range o.Keys {
		if key == "any" {
			var c condition
			for _, item := range d.list(o.At(key)) {
				c.Any = append(c.Any, d.conditionsBy(item, name))
			}
			out = append(out, c)
			continue
		}
		out = append(out, d.condition(name(keyNode(o.Node, key)), o.At(key)))
	}
	return out
}

// keyNode finds the node of a key, for its place in the file.
func keyNode(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i]
		}
	}
	return n
}

// condition reads what must hold of one value.
func (d *decoder) condition(x ref, n *yaml.Node) condition {
	c := condition{Ref: x}
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		c.Values = d.Texts(n)
		return c
	}
	o := d.Object(n, "not", "known", "at_least", "at_most", "more_than", "less_than")
	for _, key := range o.Keys {
		switch at := o.At(key); key {
		case "not":
			c.Not, c.Values = true, d.Texts(at)
		case "known":
			c.Known = d.choice(at, "true", "false")
		default:
			c.Bounds = append(c.Bounds, d.bound(key, at))
		}
	}
	if len(o.Keys) == 0 {
		d.Refuse(n, "nothing is asked of "+strconv.Quote(x.Name), "write a list of values, not, known or a bound such as at_least")
	}
	return c
}

// bound reads a number, a day, or the name of a fact that gives one.
func (d *decoder) bound(op string, n *yaml.Node) comparison {
	b := comparison{Op: op, Text: d.Text(n)}
	b.value = known(b.Text)
	if b.Text != "" && !b.value.numeric && !b.value.dated {
		b.Fact = d.factNamed(n)
	}
	return b
}

// fact reads one fact; it may use the facts above it.
func (d *decoder) fact(n *yaml.Node) {
	o := d.Object(n, "name", "attribute", "of", factExists, factCount, factDate, factState, factBetween, factCalc, factCases, "otherwise")
	d.Need(o, "name")
	f := fact{Name: d.Text(o.At("name"))}
	if slices.ContainsFunc(d.rule.facts, func(x fact) bool { return x.Name == f.Name }) {
		d.Refuse(o.At("name"), "fact "+strconv.Quote(f.Name)+" stands twice", "give each fact its own name")
	}
	kinds := []string{factAttribute, factExists, factCount, factDate, factState, factBetween, factCalc, factCases}
	for _, kind := range kinds {
		if !o.Has(kind) {
			continue
		}
		if f.Kind != "" {
			d.Refuse(o.At(kind), "a fact is one thing only", "keep one of "+strings.Join(kinds, ", "))
		}
		f.Kind = kind
	}
	f.Otherwise = d.Text(o.At("otherwise"))
	switch at := o.At(f.Kind); f.Kind {
	case "":
		d.Refuse(n, "the fact says nothing", "write one of "+strings.Join(kinds, ", "))
	case factAttribute:
		f.Attribute, f.Of = d.carriedBy(at, o.At("of"))
	case factExists, factCount:
		s := d.sought(at, false)
		f.Of = &s
	case factDate:
		d.dateFact(&f, at)
	case factState:
		d.stateFact(&f, at)
	case factBetween:
		bo := d.Object(at, "from", "to", "unit")
		d.Need(bo, "from", "to", "unit")
		f.From, f.To = d.dateNamed(bo.At("from")), d.dateNamed(bo.At("to"))
		f.Unit = d.choice(bo.At("unit"), "days", "months", "hours")
	case factCalc:
		d.calcFact(&f, at)
	case factCases:
		for _, item := range d.list(at) {
			co := d.Object(item, "when", "value")
			d.Need(co, "when", "value")
			f.Cases = append(f.Cases, factCase{When: d.conditions(co.At("when")), Value: d.Text(co.At("value"))})
		}
	}
	d.rule.facts = append(d.rule.facts, f)
}

// carriedBy reads an attribute with the event that carries it.
func (d *decoder) carriedBy(n, of *yaml.Node) (ref, *sought) {
	if of == nil {
		return d.ref(n), nil
	}
	s := d.sought(of, false)
	return d.attributeOf(n, s.Event), &s
}

// dateNamed reads the name of a fact or of an attribute that holds a day.
func (d *decoder) dateNamed(n *yaml.Node) *ref {
	x := d.ref(n)
	return &x
}

func (d *decoder) dateFact(f *fact, n *yaml.Node) {
	o := d.Object(n, "of", "attribute", "from", "months", "days", "part")
	switch {
	case o.Has("from"):
		f.From = d.dateNamed(o.At("from"))
		f.Months, f.Days = d.operand(o.At("months")), d.operand(o.At("days"))
		if at := o.At("part"); at != nil {
			a, b, ok := strings.Cut(d.Text(at), "/")
			num, errA := strconv.Atoi(a)
			den, errB := strconv.Atoi(b)
			if !ok || errA != nil || errB != nil || num < 1 || den < 1 {
				d.Refuse(at, "not a part", "write 1/2")
			}
			f.Part = [2]int{num, den}
		}
	case o.Has("attribute"):
		f.Attribute, f.Of = d.carriedBy(o.At("attribute"), o.At("of"))
	case o.Has("of"):
		s := d.sought(o.At("of"), false)
		f.Of = &s
	default:
		d.Refuse(n, "the day comes from nowhere", "write of, attribute or from")
	}
}

func (d *decoder) stateFact(f *fact, n *yaml.Node) {
	o := d.Object(n, "from", "to", "at", "otherwise")
	d.Need(o, "from", "to")
	for _, item := range d.list(o.At("from")) {
		f.Begins = append(f.Begins, d.sought(item, false))
	}
	for _, item := range d.list(o.At("to")) {
		f.Ends = append(f.Ends, d.sought(item, false))
	}
	if o.Has("at") {
		f.From = d.dateNamed(o.At("at"))
	}
	if o.Has("otherwise") {
		f.Otherwise = d.Text(o.At("otherwise"))
	}
}

// calcFact reads A op B.
func (d *decoder) calcFact(f *fact, n *yaml.Node) {
	parts := strings.Fields(d.Text(n))
	if len(parts) != 3 || !slices.Contains([]string{"+", "-", "*", "/", "min", "max"}, parts[1]) {
		d.Refuse(n, "not a calculation", "write A op B with blanks between, op one of + - * / min max")
		return
	}
	one := func(text string) operand {
		return d.operand(&yaml.Node{Kind: yaml.ScalarNode, Value: text, Line: n.Line, Column: n.Column})
	}
	f.A, f.Op, f.B = one(parts[0]), parts[1], one(parts[2])
}

// operand reads a number or the name of one.
func (d *decoder) operand(n *yaml.Node) operand {
	if n == nil {
		return operand{}
	}
	text := d.Text(n)
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return operand{Number: number}
	}
	x := d.ref(n)
	return operand{Ref: &x}
}
