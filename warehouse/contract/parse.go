package contract

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// parsed is a contract with the places of its parts, for the checks.
type parsed struct {
	*Type
	top    Object
	fields []Object
	events []Object
}

var name = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// parse reads the shape; nil when even the name is missing.
func parse(r *Reading) *parsed {
	if named := new(Reading).Object(r.Root).At("type"); named != nil && named.Value != "" {
		r.ID = named.Value
	}
	top := r.Object(r.Root, "type", "version", "zh", "en", "doc", "senders", "key", "organ", "region", "door", "unknown", "timeliness_days", "docket", "fields", "events")
	r.Need(top, "type")
	p := &parsed{Type: &Type{Name: r.Text(top.At("type"))}, top: top}
	if p.Name == "" {
		return nil
	}
	r.Need(top, "version", "zh", "en", "doc", "senders", "key", "fields")
	p.Version = r.Number(top.At("version"))
	p.ZH, p.EN, p.Doc = r.Text(top.At("zh")), r.Text(top.At("en")), r.Text(top.At("doc"))
	p.Senders, p.Key = r.Texts(top.At("senders")), r.Texts(top.At("key"))
	p.OrganField, p.RegionField = r.Text(top.At("organ")), r.Text(top.At("region"))
	p.Door = "kafka"
	if top.Has("door") {
		p.Door = r.Text(top.At("door"))
	}
	p.KeepUnknown = r.Text(top.At("unknown")) == "keep"
	p.TimelinessDays = r.Number(top.At("timeliness_days"))
	if n := top.At("docket"); n != nil {
		d := r.Object(n, "organ", "kind", "number", "person")
		r.Need(d, "organ", "kind", "number")
		p.Docket = &DocketRef{Organ: r.Text(d.At("organ")), Kind: r.Text(d.At("kind")), Number: r.Text(d.At("number")), Person: r.Text(d.At("person"))}
	}
	for _, n := range r.List(top.At("fields")) {
		p.field(r, n)
	}
	for _, n := range r.List(top.At("events")) {
		p.event(r, n)
	}
	return p
}

func (p *parsed) field(r *Reading, n *yaml.Node) {
	o := r.Object(n, "name", "zh", "en", "doc", "type", "required", "max", "values", "codes", "personal", "on_bad", "future", "reference", "issues", "aliases")
	r.Need(o, "name", "zh", "en", "type")
	f := Field{
		Name: r.Text(o.At("name")), ZH: r.Text(o.At("zh")), EN: r.Text(o.At("en")), Doc: r.Text(o.At("doc")),
		Kind: FieldKind(r.Text(o.At("type"))), Required: r.Flag(o.At("required")), Max: r.Number(o.At("max")),
		Codes: r.Text(o.At("codes")), Personal: r.Text(o.At("personal")), OnBad: r.Text(o.At("on_bad")),
		Future: r.Flag(o.At("future")), Reference: r.Flag(o.At("reference")), Issues: r.Flag(o.At("issues")), Aliases: r.Texts(o.At("aliases")),
	}
	if f.OnBad == "" {
		f.OnBad = "reject"
		if f.Kind == KindResidentID {
			f.OnBad = "flag"
		}
	}
	f.Values = values(r, o.At("values"))
	p.Fields = append(p.Fields, f)
	p.fields = append(p.fields, o)
}

func (p *parsed) event(r *Reading, n *yaml.Node) {
	o := r.Object(n, "type", "at", "precision", "when", "attributes", "ordinal")
	r.Need(o, "type", "at", "precision")
	e := Event{Type: r.Text(o.At("type")), At: r.Text(o.At("at")), Precision: r.Text(o.At("precision")), Attributes: r.Texts(o.At("attributes")), Ordinal: r.Number(o.At("ordinal"))}
	when := r.Object(o.At("when"))
	for _, field := range when.Keys {
		if e.When == nil {
			e.When = map[string][]string{}
		}
		n := when.At(field)
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			e.When[field] = []string{r.Text(n)}
			continue
		}
		e.When[field] = r.Texts(n)
	}
	p.Events = append(p.Events, e)
	p.events = append(p.events, o)
}

// eventName accepts names joined by dots, such as prosecution_review.accepted.
func eventName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !name.MatchString(part) {
			return false
		}
	}
	return true
}
