package clock

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// phase reads one phase and appends it to the rule.
func (d *decoder) phase(n *yaml.Node) {
	o := d.Object(n, "id", "name", "informative", "optional", "each", "when", "requires", "trigger", "deferred", "stated", "stops", "implied", "limits",
		"extended_by", "unclear", "extensions", "suspend", "restarts", "marks", "responsible")
	d.Need(o, "id", "name", "trigger", "stops", "limits", "responsible")
	p := phase{
		ID: d.Text(o.At("id")), Name: d.text(o.At("name")), When: d.conditions(o.At("when")),
		Informative: d.Flag(o.At("informative")), Optional: d.Flag(o.At("optional")), Each: d.Flag(o.At("each")),
		Triggers: d.triggers(o.At("trigger")), Stated: d.attribute(o.At("stated")), Responsible: d.responsible(o.At("responsible")),
	}
	if d.phaseNamed(p.ID) {
		d.Refuse(o.At("id"), "phase "+strconv.Quote(p.ID)+" stands twice", "give each phase its own id")
	}
	p.Requires = d.requires(o.At("requires"))
	p.Deferred = d.deferred(o.At("deferred"))
	p.Stops, p.Implied = d.soughts(o.At("stops")), d.soughts(o.At("implied"))
	d.counts = true
	for _, item := range d.list(o.At("limits")) {
		p.Limits = append(p.Limits, d.limit(item))
	}
	for _, item := range d.list(o.At("extensions")) {
		d.extension(item, &p)
	}
	d.counts = false
	if o.Has("unclear") != o.Has("extended_by") {
		d.Refuse(n, "extended_by and unclear belong together", "write both or none")
	} else if o.Has("unclear") {
		p.ExtendedBy = d.sought(o.At("extended_by"), false)
		p.Unclear = d.attributeOf(o.At("unclear"), p.ExtendedBy.Event)
	}
	for _, item := range oneOrMore(o.At("suspend")) {
		so := d.Object(item, "event", "resume", "max", "note")
		d.Need(so, "event", "resume")
		x := suspension{Event: d.sought(so.At("event"), true), Resume: d.sought(so.At("resume"), true), Note: d.text(so.At("note"))}
		if at := so.At("max"); at != nil {
			x.Max = d.span(at, d.Object(at, "months", "days"))
		}
		p.Suspend = append(p.Suspend, x)
	}
	for _, item := range oneOrMore(o.At("restarts")) {
		ro := d.Object(item, "event", "max", "note")
		d.Need(ro, "event", "note")
		p.Restarts = append(p.Restarts, restart{Event: d.sought(ro.At("event"), true), Max: d.Number(ro.At("max")), Note: d.text(ro.At("note"))})
	}
	for _, item := range d.list(o.At("marks")) {
		p.Marks = append(p.Marks, d.mark(item))
	}
	d.hoursFit(n, &p)
	d.rule.phases = append(d.rule.phases, p)
}

// hoursFit refuses what cannot be counted in hours.
func (d *decoder) hoursFit(n *yaml.Node, p *phase) {
	inHours := slices.ContainsFunc(p.Limits, func(l limit) bool { return l.Span.Hours > 0 })
	other := slices.ContainsFunc(p.Limits, func(l limit) bool { return l.Span.Hours == 0 && !l.Unlimited })
	extended := func(x extension) bool { return x.Add.Hours > 0 || (x.Replace != nil && x.Replace.Hours > 0) }
	switch {
	case inHours && (len(p.Suspend) > 0 || slices.ContainsFunc(p.Extensions, func(x extension) bool { return !extended(x) })):
		d.Refuse(n, "a limit in hours takes no suspension, and an extension in hours only", "state the limit in days, or the extension in hours")
	case other && slices.ContainsFunc(p.Extensions, extended):
		d.Refuse(n, "an extension in hours needs a limit in hours", "state both in one way")
	}
}

// oneOrMore reads one mapping or a list of them.
func oneOrMore(n *yaml.Node) []*yaml.Node {
	n = resolve(n)
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	return []*yaml.Node{n}
}

func (d *decoder) mark(n *yaml.Node) mark {
	o := d.Object(n, "months", "days", "note")
	d.Need(o, "note")
	return mark{Span: d.span(n, o), Note: d.text(o.At("note"))}
}

// triggers reads one event sought, or several of which the earliest counts.
func (d *decoder) triggers(n *yaml.Node) []sought {
	var out []sought
	for _, item := range oneOrMore(n) {
		out = append(out, d.sought(item, false))
	}
	if len(out) == 0 {
		out = []sought{{In: inRecord}}
	}
	return out
}

func (d *decoder) soughts(n *yaml.Node) []sought {
	var out []sought
	for _, item := range d.list(n) {
		out = append(out, d.sought(item, true))
	}
	return out
}

func (d *decoder) deferred(n *yaml.Node) *deferral {
	if n == nil {
		return nil
	}
	o := d.Object(n, "by", "until", "note")
	d.Need(o, "by", "until", "note")
	return &deferral{By: d.sought(o.At("by"), false), Until: d.sought(o.At("until"), false), Note: d.text(o.At("note"))}
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
	q := &requirement{Phase: d.Text(o.At("phase")), Wait: d.Number(o.At("wait_days"))}
	for _, item := range oneOrMore(o.At("by")) {
		q.By = append(q.By, d.event(item))
	}
	if q.Phase != "" && !d.phaseNamed(q.Phase) {
		d.Refuse(o.At("phase"), "there is no earlier phase "+strconv.Quote(q.Phase), "name a phase that stands before this one")
	}
	return q
}

// sought reads where an event is looked for; events of other record types need
// a wider place than the own record.
func (d *decoder) sought(n *yaml.Node, mayFollow bool) sought {
	n = resolve(n)
	if n != nil && n.Kind == yaml.ScalarNode {
		s := sought{Event: d.event(n), In: inRecord}
		s.code = d.words.events.codes[s.Event]
		d.placed(n, s)
		return s
	}
	o := d.Object(n, "event", "ordinal", "in", "where", "pick", "from", "until")
	if n != nil {
		d.Need(o, "event")
	}
	s := sought{Event: d.event(o.At("event")), Ordinal: d.Number(o.At("ordinal")), In: inRecord}
	s.code = d.words.events.codes[s.Event]
	if o.Has("in") {
		places := []string{inRecord, inUnit, inDocket, inDocketPerson, inChainPerson, inChain}
		if mayFollow {
			places = append(places, inTrigger)
		}
		s.In = d.choice(o.At("in"), places...)
	}
	if o.Has("where") {
		s.Where = d.conditionsBy(o.At("where"), func(n *yaml.Node) ref { return d.attributeOf(n, s.Event) })
	}
	if o.Has("pick") {
		s.Last = d.choice(o.At("pick"), "first", "last") == "last"
	}
	if o.Has("from") {
		s.From = d.factNamed(o.At("from"))
	}
	if o.Has("until") {
		s.Until = d.factNamed(o.At("until"))
	}
	d.placed(o.At("event"), s)
	if s.Ordinal > 0 && d.words.known(s.Event) && !d.words.ordinals[s.Event][s.Ordinal] {
		d.Refuse(o.At("ordinal"), "no contract declares this ordinal of "+strconv.Quote(s.Event), "use a declared ordinal")
	}
	return s
}

// placed refuses an event that the place cannot hold.
func (d *decoder) placed(n *yaml.Node, s sought) {
	if (s.In == inRecord || s.In == inUnit) && d.words.known(s.Event) && d.words.hasType(d.rule.Record) && !d.words.declares(d.rule.Record, s.Event) {
		d.Refuse(n, d.rule.Record+" declares no event "+strconv.Quote(s.Event), "say where it is sought: in: docket, docket_person, chain_person or chain")
	}
	if s.In == inUnit && d.rule.per != perEvent {
		d.Refuse(n, "the unit is no event", "write per: event in unit, or another place")
	}
}

// span reads months, days or hours of a mapping; none of them is a problem.
func (d *decoder) span(n *yaml.Node, o contract.Object) span {
	s := span{Months: d.Number(o.At("months")), Days: d.Number(o.At("days")), Hours: d.Number(o.At("hours"))}
	switch {
	case s.isZero():
		d.Refuse(n, "no length of time is stated", "write months, days or hours, or immediately: true")
	case s.Hours > 0 && (s.Days > 0 || s.Months > 0):
		d.Refuse(n, "hours are mixed with days or months", "state the limit in one way")
	}
	return s
}

func (d *decoder) limit(n *yaml.Node) limit {
	o := d.Object(n, "when", "months", "days", "hours", "immediately", "unlimited", "also", "label", "note")
	l := limit{When: d.conditions(o.At("when")), Immediate: d.Flag(o.At("immediately")), Unlimited: d.Flag(o.At("unlimited")), Note: d.text(o.At("note"))}
	switch {
	case l.Immediate:
		l.Span, l.Label = span{Days: d.Number(o.At("days"))}, labelNoNumber
	case !l.Unlimited:
		l.Span = d.span(n, o)
	case o.Has("months") || o.Has("days") || o.Has("hours"):
		d.Refuse(n, "an unlimited time has no length", "remove unlimited, or the length")
	}
	if o.Has("label") {
		l.Label = d.choice(o.At("label"), labelNoNumber, labelUnverified)
	}
	if at := o.At("also"); at != nil {
		m := d.mark(at)
		l.Also = &m
	}
	return l
}

// extension reads one tier and appends it to the phase.
func (d *decoder) extension(n *yaml.Node, p *phase) {
	o := d.Object(n, "id", "event", "when", "after", "times", "add", "stated_days", "replace", "approver", "document", "open", "note")
	d.Need(o, "note")
	x := extension{
		ID: d.Text(o.At("id")), When: d.conditions(o.At("when")), After: d.Text(o.At("after")), Times: 1,
		Open: d.Flag(o.At("open")), Note: d.text(o.At("note")),
	}
	if o.Has("times") {
		x.Times = d.Number(o.At("times"))
	}
	carrier := ""
	if at := o.At("event"); at != nil {
		s := d.sought(at, true)
		x.Event = &s
		carrier = s.Event
	}
	x.Document = d.ofExtension(o.At("document"), carrier)
	if at := o.At("approver"); at != nil {
		ao := d.Object(at, "attribute", "values")
		d.Need(ao, "attribute", "values")
		x.Approver = &approver{Attribute: d.ofExtension(ao.At("attribute"), carrier), Values: d.Texts(ao.At("values"))}
	}
	d.added(n, o, &x)
	if x.Event == nil && len(x.When) == 0 {
		d.Refuse(n, "nothing says when the extension was granted", "add event or when")
	}
	d.reachable(n, o, &x, p)
	p.Extensions = append(p.Extensions, x)
}

// added reads what the extension adds.
func (d *decoder) added(n *yaml.Node, o contract.Object, x *extension) {
	ways := 0
	if a := o.At("add"); a != nil {
		ways++
		x.Add = d.span(a, d.Object(a, "months", "days", "hours"))
	}
	if a := o.At("replace"); a != nil {
		ways++
		whole := d.span(a, d.Object(a, "months", "days", "hours"))
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
}

// ofExtension reads an attribute of the extension's event, else of the own record.
func (d *decoder) ofExtension(n *yaml.Node, carrier string) ref {
	switch {
	case n == nil:
		return ref{fact: -1}
	case carrier != "" && d.words.carried[carrier][n.Value]:
		return ref{Name: n.Value, fact: -1, attr: d.words.names.codes[n.Value]}
	}
	return d.ref(n)
}

// reachable refuses a tier that can never be granted.
func (d *decoder) reachable(n *yaml.Node, o contract.Object, x *extension, p *phase) {
	named := func(id string) bool {
		return slices.ContainsFunc(p.Extensions, func(e extension) bool { return e.ID == id })
	}
	if x.ID != "" && named(x.ID) {
		d.Refuse(o.At("id"), "extension "+strconv.Quote(x.ID)+" stands twice", "give each tier its own id")
	}
	if x.After != "" && !named(x.After) {
		d.Refuse(o.At("after"), "this tier is never reached: there is no earlier tier "+strconv.Quote(x.After), "name a tier that stands above this one")
	}
	if o.Has("approver") && len(x.Approver.Values) == 0 {
		d.Refuse(n, "this tier is never reached: no level may approve it", "list the levels in values")
	}
	if x.Days != nil && x.Days.Max == 0 {
		d.Refuse(n, "this tier is never reached: it adds at most no day", "write the greatest number of days in max")
	}
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
		x := d.ref(o.At("attribute"))
		return responsible{Kind: responsibleAttribute, Name: x.Name, attr: x.attr}
	}
	return responsible{}
}
