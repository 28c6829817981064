package contract

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	systems  = []string{"procuratorate", "court", "police", "prison", "detention_centre", "community_correction", "supervisory", "administrative"}
	doors    = []string{"kafka", "file"}
	onBad    = []string{"reject", "flag"}
	personal = []string{"name", "id", "birth", "place"}
	exact    = []string{"day", "minute"}
	kinds    = []string{"string", "text", "enum", "date", "instant", "uint", "int", "decimal", "bool", "organ", "region", "document_number", "court_case_number", "person_name", "resident_id"}
)

// check refuses every contradiction of a parsed contract; taken are the tables of
// the warehouse that are not record types.
func check(r *Reading, p *parsed, taken []string) {
	if !name.MatchString(p.Name) {
		r.refuse(p.top.At("type"), "bad_name", p.Name)
	}
	if slices.Contains(taken, p.Name) || strings.HasPrefix(p.Name, "log_") || strings.HasSuffix(p.Name, "_history") {
		r.refuse(p.top.At("type"), "reserved_name", p.Name)
	}
	if p.Version == 0 && p.top.Has("version") {
		r.refuse(p.top.At("version"), "bad_version")
	}
	for _, s := range p.Senders {
		choice(r, p.top.At("senders"), s, systems)
	}
	choice(r, p.top.At("door"), p.Door, doors)
	if n := p.top.At("unknown"); n != nil {
		choice(r, n, r.Text(n), []string{"refuse", "keep"})
	}
	if len(p.Fields) == 0 {
		r.refuse(p.top.At("fields"), "no_fields")
	}
	p.checkFields(r)
	p.checkKey(r)
	p.checkOrgan(r)
	p.checkDocket(r)
	for i := range p.Events {
		p.checkEvent(r, p.Events[i], p.events[i])
	}
}

func choice(r *Reading, n *yaml.Node, value string, of []string) {
	if n != nil && value != "" && !slices.Contains(of, value) {
		r.refuse(n, "bad_choice", value, strings.Join(of, ", "))
	}
}

func (p *parsed) checkFields(r *Reading) {
	owner := map[string]string{}
	for _, c := range systemColumns() {
		owner[c] = "the warehouse"
	}
	if p.KeepUnknown {
		owner[ExtraColumn] = "the warehouse"
	}
	seen := map[string]bool{}
	for i, f := range p.Fields {
		o := p.fields[i]
		if f.Name == "" {
			continue
		}
		if !name.MatchString(f.Name) {
			r.refuse(o.At("name"), "bad_name", f.Name)
		}
		if seen[f.Name] {
			r.refuse(o.At("name"), "field_twice", f.Name)
			continue
		}
		seen[f.Name] = true
		for n, alias := range f.Aliases {
			if !name.MatchString(alias) {
				r.refuse(item(o.At("aliases"), n), "bad_name", alias)
			}
			if _, taken := p.Field(alias); taken || seen[alias] {
				r.refuse(item(o.At("aliases"), n), "field_twice", alias)
			}
			seen[alias] = true
		}
		p.checkField(r, f, o)
		for _, c := range columnsOf(f, i) {
			if owner[c.Name] != "" {
				r.refuse(o.At("name"), "column_taken", f.Name, c.Name)
			}
			owner[c.Name] = f.Name
		}
	}
}

func (p *parsed) checkField(r *Reading, f Field, o Object) {
	choice(r, o.At("type"), string(f.Kind), kinds)
	choice(r, o.At("on_bad"), f.OnBad, onBad)
	choice(r, o.At("personal"), f.Personal, personal)
	if f.Kind == KindEnum && len(f.Values) == 0 && f.Codes == "" {
		r.refuse(o.Node, "no_values", f.Name)
	}
	only := func(key string, kinds ...FieldKind) {
		if n := o.At(key); n != nil && !slices.Contains(kinds, f.Kind) {
			r.refuse(n, "value_not_expected", key, list(kinds))
		}
	}
	only("values", KindEnum)
	only("codes", KindEnum)
	only("max", KindString, KindText, KindDocumentNumber, KindCourtCaseNumber, KindPersonName)
	only("future", KindDate, KindInstant)
	only("reference", KindOrgan, KindDocumentNumber, KindCourtCaseNumber)
	only("issues", KindDocumentNumber, KindCourtCaseNumber)
	switch {
	case f.Kind == KindPersonName && f.Personal != "name":
		r.refuse(o.Node, "personal_class", f.Name, f.Kind, "name")
	case f.Kind == KindResidentID && f.Personal != "id":
		r.refuse(o.Node, "personal_class", f.Name, f.Kind, "id")
	case f.Personal == "birth":
		only("personal", KindDate)
	case f.Personal == "place":
		only("personal", KindRegion)
	case f.Personal == "name":
		only("personal", KindPersonName, KindString)
	case f.Personal == "id":
		only("personal", KindResidentID, KindString)
	}
}

func (p *parsed) checkKey(r *Reading) {
	at := p.top.At("key")
	if at != nil && len(p.Key) == 0 {
		r.refuse(at, "key_empty")
	}
	for i, k := range p.Key {
		p.named(r, item(at, i), k, true, KindString, KindEnum, KindDate, KindUint, KindOrgan, KindRegion, KindDocumentNumber, KindCourtCaseNumber)
	}
}

func (p *parsed) checkOrgan(r *Reading) {
	if p.OrganField != "" {
		p.named(r, p.top.At("organ"), p.OrganField, true, KindOrgan)
		if f, ok := p.Field("compartment"); !ok || f.Kind != KindEnum || !f.Required {
			r.refuse(p.top.At("organ"), "no_compartment")
		}
	}
	if p.RegionField != "" {
		p.named(r, p.top.At("region"), p.RegionField, true, KindRegion)
	}
}

func (p *parsed) checkDocket(r *Reading) {
	d, at := p.Docket, new(Reading).Object(p.top.At("docket"))
	if d == nil {
		if len(p.Events) > 0 {
			r.refuse(p.top.At("events"), "event_without_docket")
		}
		return
	}
	p.named(r, at.At("organ"), d.Organ, true, KindOrgan)
	if !strings.HasPrefix(d.Kind, "=") {
		p.named(r, at.At("kind"), d.Kind, true, KindEnum)
	} else if !name.MatchString(d.Kind[1:]) {
		r.refuse(at.At("kind"), "bad_name", d.Kind[1:])
	}
	p.named(r, at.At("number"), d.Number, true, KindDocumentNumber, KindCourtCaseNumber)
	p.named(r, at.At("person"), d.Person, true, KindString)
}

func (p *parsed) checkEvent(r *Reading, e Event, o Object) {
	if e.Type != "" && !eventName(e.Type) {
		r.refuse(o.At("type"), "bad_name", e.Type)
	}
	choice(r, o.At("precision"), e.Precision, exact)
	if f, ok := p.Field(e.At); e.At != "" && !ok {
		r.refuse(o.At("at"), "unknown_field", e.At)
	} else if ok && (f.Personal != "" || (f.Kind != KindDate && f.Kind != KindInstant)) {
		r.refuse(o.At("at"), "event_time", e.At)
	}
	when := new(Reading).Object(o.At("when"))
	for _, field := range when.Keys {
		p.named(r, when.At(field), field, false, KindEnum)
		f, ok := p.Field(field)
		for i, code := range e.When[field] {
			if ok && f.Kind == KindEnum && !slices.ContainsFunc(f.Values, func(v Value) bool { return v.Code == code }) {
				r.refuse(item(when.At(field), i), "when_value", code, field)
			}
		}
	}
	for i, a := range e.Attributes {
		at := item(o.At("attributes"), i)
		c, ok := p.column(a)
		if !ok {
			r.refuse(at, "no_attribute", a)
		} else if p.Fields[c.Field].Personal != "" {
			r.refuse(at, "personal_attribute", a)
		}
	}
}

// named refuses a reference to a field that is absent, of another kind or optional.
func (p *parsed) named(r *Reading, at *yaml.Node, field string, required bool, kinds ...FieldKind) {
	if field == "" {
		return
	}
	f, ok := p.Field(field)
	switch {
	case !ok:
		r.refuse(at, "unknown_field", field)
	case !slices.Contains(kinds, f.Kind) || f.Personal != "":
		r.refuse(at, "field_kind", field, f.Kind)
	case required && (!f.Required || f.OnBad == "flag"):
		r.refuse(at, "not_required", field)
	}
}

func item(list *yaml.Node, i int) *yaml.Node {
	if list != nil && i < len(list.Content) {
		return list.Content[i]
	}
	return list
}

func list(kinds []FieldKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}
