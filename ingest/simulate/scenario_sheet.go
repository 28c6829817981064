package simulate

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// partKind says how a part of a payload is written.
type partKind uint8

const (
	partText      partKind = iota // as it stands
	partDay                       // base day + n
	partInstant                   // base day + n at minute
	partNumber                    // number n as its organ writes it
	partQuote                     // number n as another organ types it
	partOrgan                     // code of the organ in role n
	partRegion                    // region of the organ in role n
	partName                      // name of person n
	partID                        // identity number of person n, in form
	partBirth                     // birth date of person n
	partCounty                    // household region of person n
	partEntry                     // number that the sender gives person n
	partSlip                      // name of person n with one character mistyped
	partHomophone                 // name of person n with one character that sounds alike
	partChoice                    // one of several texts
)

// part is one piece of a payload.
type part struct {
	kind    partKind
	text    []byte
	n       int
	minute  int
	owner   role
	form    idForm
	choices []string
}

// expression is a value that depends on the scene.
var expression = regexp.MustCompile(`^\$(day|hour|number|quote|organ|region|person)(?:\.([a-z_0-9]+))?(?:\.([a-z_0-9]+))?(?:([+-][0-9]+))?(?:T([0-9]{2}):([0-9]{2})|:([0-9]{2}))?$`)

// sheet reads one record and checks it against its contract.
func (d *scenarioReader) sheet(n *yaml.Node) sheet {
	o := d.Object(n, "type", "by", "at", "person", "fields")
	d.Need(o, "type", "by", "fields")
	s := sheet{by: d.role(o.At("by")), person: -1}
	t, ok := d.catalogue.Type(d.Text(o.At("type")))
	if !ok {
		d.Refuse(o.At("type"), "there is no record type "+strconv.Quote(d.Text(o.At("type"))), "name a type of the contracts")
		return s
	}
	s.kind = t
	if system := roleSystems[s.by]; !slices.Contains(t.Senders, system) {
		d.Refuse(o.At("by"), "a "+system+" does not send "+t.Name, "name one of "+strings.Join(t.Senders, ", "))
	}
	if o.Has("person") {
		s.person = d.person(o.At("person"), d.Text(o.At("person")))
	}
	fields := d.Object(o.At("fields"))
	for _, name := range fields.Keys {
		if _, known := t.Field(name); !known {
			d.Refuse(fields.At(name), t.Name+" has no field "+strconv.Quote(name), "name a field of the contract")
		}
	}
	w := &sheetWriter{scenarioReader: d, sheet: &s, fields: fields, owner: s.by}
	if t.Docket != nil && t.Docket.Organ != t.OrganField { // the person is numbered by whose docket it is
		if n := fields.At(t.Docket.Organ); n != nil {
			if i := slices.Index(roleNames[:], strings.TrimPrefix(n.Value, "$organ.")); i >= 0 {
				w.owner = role(i)
			}
		}
	}
	for _, f := range t.Fields {
		w.field(f)
	}
	w.lit("}")
	s.fact, s.after = w.latest, w.after
	if o.Has("at") {
		s.fact = d.integer(o.At("at"))
	}
	d.last = max(d.last, s.fact)
	return s
}

func (d *scenarioReader) person(n *yaml.Node, role string) int {
	i := slices.IndexFunc(d.people, func(p casting) bool { return p.role == role })
	if i < 0 {
		d.Refuse(n, "nobody is cast as "+strconv.Quote(role), "list the person under people")
	}
	return i
}

// sheetWriter turns the fields of a record into parts.
type sheetWriter struct {
	*scenarioReader
	sheet  *sheet
	fields contract.Object
	owner  role // whose docket the record stands in
	latest int  // greatest offset of a date that is no plan
	after  int
	any    bool
}

// lit appends fixed text.
func (w *sheetWriter) lit(text string) {
	parts := &w.sheet.parts
	if n := len(*parts); n > 0 && (*parts)[n-1].kind == partText {
		(*parts)[n-1].text = append((*parts)[n-1].text, text...)
		return
	}
	*parts = append(*parts, part{kind: partText, text: []byte(text)})
}

func (w *sheetWriter) add(p part) { w.sheet.parts = append(w.sheet.parts, p) }

// field writes one field: as given, else what follows from sender and person.
func (w *sheetWriter) field(f contract.Field) {
	n := w.fields.At(f.Name)
	p, known := w.usual(f)
	if n == nil && !known {
		if f.Required {
			w.Refuse(w.fields.Node, w.sheet.kind.Name+" needs "+f.Name, "give it a value")
		}
		return
	}
	if n != nil && n.Tag == "!!null" { // withheld on purpose
		return
	}
	sep := ","
	if !w.any {
		sep, w.any = "{", true
	}
	w.lit(sep + strconv.Quote(f.Name) + ":")
	if n == nil {
		w.lit(`"`)
		w.add(p)
		w.lit(`"`)
		return
	}
	w.value(f, n)
}

// usual is the value that a field has without being named.
func (w *sheetWriter) usual(f contract.Field) (part, bool) {
	t := w.sheet.kind
	switch {
	case f.Name == t.OrganField:
		return part{kind: partOrgan, n: int(w.sheet.by)}, true
	case f.Name == t.RegionField:
		return part{kind: partRegion, n: int(w.sheet.by)}, true
	case f.Name == "compartment":
		return part{kind: partText, text: []byte("general")}, true
	case w.sheet.person < 0:
		return part{}, false
	case t.Docket != nil && f.Name == t.Docket.Person:
		return part{kind: partEntry, n: w.sheet.person, owner: w.owner}, true
	}
	kinds := map[string]partKind{"name": partName, "id": partID, "birth": partBirth, "place": partCounty}
	kind, ok := kinds[f.Personal]
	return part{kind: kind, n: w.sheet.person}, ok
}

// value writes what the author gave.
func (w *sheetWriter) value(f contract.Field, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		choices := w.Texts(n)
		for i, item := range n.Content {
			choices[i] = w.literal(f, item)
		}
		w.add(part{kind: partChoice, choices: choices})
		return
	}
	if n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, "$") {
		p, ok := w.expression(f, n)
		if !ok {
			return
		}
		w.lit(`"`)
		w.add(p)
		w.lit(`"`)
		return
	}
	w.lit(w.literal(f, n))
}

// literal checks a fixed value and returns it as JSON.
func (w *sheetWriter) literal(f contract.Field, n *yaml.Node) string {
	text, wrong := n.Value, ""
	switch f.Kind {
	case contract.KindBool:
		if n.Tag != "!!bool" {
			wrong = "write true or false"
		}
		return w.checked(n, text, wrong)
	case contract.KindUint, contract.KindInt:
		if n.Tag != "!!int" {
			wrong = "write a whole number"
		}
		return w.checked(n, text, wrong)
	case contract.KindEnum:
		if !slices.ContainsFunc(f.Values, func(v contract.Value) bool { return v.Code == text }) {
			wrong = "write one of the field's codes"
		}
	case contract.KindDate, contract.KindInstant:
		wrong = "write a distance from the base day, such as $day+12 or $day+1T09:30"
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		wrong = err.Error()
	}
	return w.checked(n, string(quoted), wrong)
}

func (w *sheetWriter) checked(n *yaml.Node, text, wrong string) string {
	if wrong != "" {
		w.Refuse(n, strconv.Quote(n.Value)+" does not fit the field", wrong)
	}
	return text
}

// expression reads a value that begins with $.
func (w *sheetWriter) expression(f contract.Field, n *yaml.Node) (part, bool) {
	m := expression.FindStringSubmatch(n.Value)
	if m == nil {
		w.Refuse(n, n.Value+" cannot be read", "write $day+12, $day+1T09:30, $hour+36, $number.NAME, $quote.NAME, $organ.ROLE, $region.ROLE or $person.ROLE.name")
		return part{}, false
	}
	offset, _ := strconv.Atoi(m[4]) // "" is the base day itself
	switch m[1] {
	case "day", "hour":
		return w.moment(f, n, m, offset), true
	case "number", "quote":
		i := slices.IndexFunc(w.numbers, func(s series) bool { return s.name == m[2] })
		if i < 0 {
			w.Refuse(n, "there is no number "+strconv.Quote(m[2]), "list it under numbers")
			return part{}, false
		}
		return part{kind: map[string]partKind{"number": partNumber, "quote": partQuote}[m[1]], n: i}, true
	case "organ", "region":
		i := slices.Index(roleNames[:], m[2])
		if i < 0 {
			w.Refuse(n, "there is no role "+strconv.Quote(m[2]), "write one of "+strings.Join(roleNames[:], ", "))
			return part{}, false
		}
		if m[1] == "region" {
			return part{kind: partRegion, n: i}, true
		}
		w.sheet.organs = append(w.sheet.organs, role(i))
		return part{kind: partOrgan, n: i}, true
	}
	return w.personal(n, m[2], m[3])
}

// personal reads $person.ROLE.PART.
func (w *sheetWriter) personal(n *yaml.Node, role, what string) (part, bool) {
	p, ok := map[string]part{
		"name": {kind: partName}, "id": {kind: partID}, "id_bad": {kind: partID, form: idBadCheck}, "id_legacy": {kind: partID, form: idLegacy},
		"birth": {kind: partBirth}, "region": {kind: partCounty}, "no": {kind: partEntry, owner: w.owner}, "name_mistyped": {kind: partSlip}, "name_homophone": {kind: partHomophone},
	}[what]
	if !ok {
		w.Refuse(n, "a person has no "+strconv.Quote(what), "write name, name_mistyped, name_homophone, id, id_bad, id_legacy, birth, region or no")
		return part{}, false
	}
	p.n = w.person(n, role)
	return p, p.n >= 0
}

// moment reads $day and $hour.
func (w *sheetWriter) moment(f contract.Field, n *yaml.Node, m []string, offset int) part {
	p := part{kind: partDay, n: offset}
	minute := func(hour, min string) int {
		h, _ := strconv.Atoi(hour)
		mm, _ := strconv.Atoi(min)
		return h*60 + mm
	}
	switch {
	case m[1] == "hour":
		p.kind, p.n, p.minute = partInstant, floorDiv(offset, 24), offset-24*floorDiv(offset, 24)
		p.minute = p.minute*60 + minute("0", m[7])
	case m[5] != "":
		p.kind, p.minute = partInstant, minute(m[5], m[6])
	}
	if (p.kind == partInstant) != (f.Kind == contract.KindInstant) || f.Kind != contract.KindDate && f.Kind != contract.KindInstant {
		w.Refuse(n, n.Value+" does not fit the field", "write $day+12 for a date and $day+12T09:30 or $hour+36 for an instant")
	}
	if !f.Future {
		over := p.n
		if p.minute >= sendingFrom {
			over++
		}
		w.latest, w.after, w.last = max(w.latest, p.n), max(w.after, over), max(w.last, over)
	}
	return p
}

// sendingFrom is the minute of the day from which records of that day are sent.
const sendingFrom = 17 * 60

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
