package clock

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// phase reads one phase and appends it to the rule.
func (d *decoder) phase(n *yaml.Node) {
	o := d.Object(n, "id", "name", "informative", "optional", "requires", "trigger", "stated", "stops", "implied", "limits",
		"extended_by", "unclear", "extensions", "suspend", "marks", "responsible")
	d.Need(o, "id", "name", "trigger", "stops", "limits", "responsible")
	p := phase{
		ID: d.Text(o.At("id")), Name: d.text(o.At("name")),
		Informative: d.Flag(o.At("informative")), Optional: d.Flag(o.At("optional")),
		Trigger: d.sought(o.At("trigger"), false), Stated: d.attribute(o.At("stated")),
		ExtendedBy: d.event(o.At("extended_by")), Unclear: d.attribute(o.At("unclear")),
		Responsible: d.responsible(o.At("responsible")),
	}
	if d.phaseNamed(p.ID) {
		d.Refuse(o.At("id"), "phase "+strconv.Quote(p.ID)+" stands twice", "give each phase its own id")
	}
	p.Requires = d.requires(o.At("requires"))
	for _, item := range d.list(o.At("stops")) {
		p.Stops = append(p.Stops, d.sought(item, true))
	}
	for _, item := range d.list(o.At("implied")) {
		p.Implied = append(p.Implied, d.sought(item, true))
	}
	for _, item := range d.list(o.At("limits")) {
		p.Limits = append(p.Limits, d.limit(item))
	}
	for _, item := range d.list(o.At("extensions")) {
		p.Extensions = append(p.Extensions, d.extension(item))
	}
	if (p.Unclear == "") != (p.ExtendedBy == "") {
		d.Refuse(n, "extended_by and unclear belong together", "write both or none")
	}
	if s := o.At("suspend"); s != nil {
		so := d.Object(s, "event", "resume")
		d.Need(so, "event", "resume")
		p.Suspend = &suspension{Event: d.event(so.At("event")), Resume: d.event(so.At("resume"))}
	}
	for _, item := range d.list(o.At("marks")) {
		mo := d.Object(item, "months", "days", "note")
		d.Need(mo, "note")
		p.Marks = append(p.Marks, mark{Span: d.span(item, mo), Note: d.text(mo.At("note"))})
	}
	if slices.ContainsFunc(p.Limits, func(l limit) bool { return l.Span.Hours > 0 }) && (len(p.Extensions) > 0 || p.Suspend != nil) {
		d.Refuse(n, "a limit in hours takes no extension and no suspension", "state the limit in days, or remove them")
	}
	d.rule.phases = append(d.rule.phases, p)
}

func (d *decoder) phaseNamed(id string) bool {
	return slices.ContainsFunc(d.rule.phases, func(p phase) bool { return p.ID == id })
}

func (d *decoder) requires(n *yaml.Node) *requirement {
	if n == nil {
		return nil
	}
	o := d.Object(n, "phase", "by", "wait_days")
	d.Need(o, "phase", "by")
	q := &requirement{Phase: d.Text(o.At("phase")), By: d.event(o.At("by")), Wait: d.Number(o.At("wait_days"))}
	if q.Phase != "" && !d.phaseNamed(q.Phase) {
		d.Refuse(o.At("phase"), "there is no earlier phase "+strconv.Quote(q.Phase), "name a phase that stands before this one")
	}
	return q
}

// sought reads where an event is looked for; events of other record types need
// a wider place than the own record.
func (d *decoder) sought(n *yaml.Node, mayFollow bool) sought {
	o := d.Object(n, "event", "ordinal", "in")
	if n != nil {
		d.Need(o, "event")
	}
	s := sought{Event: d.event(o.At("event")), Ordinal: d.Number(o.At("ordinal")), In: inRecord}
	if o.Has("in") {
		places := []string{inRecord, inDocket, inChainPerson, inChain}
		if mayFollow {
			places = append(places, inTrigger)
		}
		s.In = d.choice(o.At("in"), places...)
	}
	if s.In == inRecord && d.words.known(s.Event) && d.words.types[d.rule.Record] && !d.words.declares(d.rule.Record, s.Event) {
		d.Refuse(o.At("event"), d.rule.Record+" declares no event "+strconv.Quote(s.Event), "say where it is sought: in: docket, chain_person or chain")
	}
	if s.Ordinal > 0 && d.words.known(s.Event) && !d.words.ordinals[s.Event][s.Ordinal] {
		d.Refuse(o.At("ordinal"), "no contract declares this ordinal of "+strconv.Quote(s.Event), "use a declared ordinal")
	}
	return s
}

// span reads months, days or hours of a mapping; none of them is a problem.
func (d *decoder) span(n *yaml.Node, o contract.Object) span {
	s := span{Months: d.Number(o.At("months")), Days: d.Number(o.At("days")), Hours: d.Number(o.At("hours"))}
	switch {
	case s.isZero():
		d.Refuse(n, "no length of time is stated", "write months, days or hours")
	case s.Hours > 0 && (s.Days > 0 || s.Months > 0):
		d.Refuse(n, "hours are mixed with days or months", "state the limit in one way")
	}
	return s
}

func (d *decoder) limit(n *yaml.Node) limit {
	o := d.Object(n, "when", "months", "days", "hours", "note")
	return limit{When: d.conditions(o.At("when")), Span: d.span(n, o), Note: d.text(o.At("note"))}
}

func (d *decoder) extension(n *yaml.Node) extension {
	o := d.Object(n, "event", "when", "add", "stated_days", "replace", "document", "open", "note")
	d.Need(o, "note")
	x := extension{
		Event: d.event(o.At("event")), When: d.conditions(o.At("when")), Document: d.attribute(o.At("document")),
		Open: d.Flag(o.At("open")), Note: d.text(o.At("note")),
	}
	ways := 0
	if a := o.At("add"); a != nil {
		ways++
		x.Add = d.span(a, d.Object(a, "months", "days"))
	}
	if a := o.At("replace"); a != nil {
		ways++
		whole := d.span(a, d.Object(a, "months", "days"))
		x.Replace = &whole
	}
	if a := o.At("stated_days"); a != nil {
		ways++
		so := d.Object(a, "attribute", "max", "missing")
		d.Need(so, "attribute", "max", "missing")
		x.Days = &counted{Attribute: d.attribute(so.At("attribute")), Max: d.Number(so.At("max")), Missing: d.Number(so.At("missing"))}
	}
	if ways != 1 {
		d.Refuse(n, "an extension needs exactly one of add, replace and stated_days", "keep one of them")
	}
	if x.Event == "" && len(x.When) == 0 {
		d.Refuse(n, "nothing says when the extension was granted", "add event or when")
	}
	return x
}

func (d *decoder) responsible(n *yaml.Node) responsible {
	if n == nil {
		return responsible{}
	}
	if n.Kind != yaml.MappingNode {
		return responsible{Kind: d.choice(n, responsibleOwn, responsibleOrgan, responsibleTrigger)}
	}
	o := d.Object(n, "system", "attribute")
	switch {
	case o.Has("system") == o.Has("attribute"):
		d.Refuse(n, "the responsible organ is not clear", "write own, organ, trigger, {system: …} or {attribute: …}")
	case o.Has("system"):
		system := d.choice(o.At("system"), "procuratorate", "court", "police", "prison", "detention_centre", "community_correction", "supervisory", "administrative")
		return responsible{Kind: responsibleSystem, Name: system}
	case o.Has("attribute"):
		return responsible{Kind: responsibleAttribute, Name: d.attribute(o.At("attribute"))}
	}
	return responsible{}
}
