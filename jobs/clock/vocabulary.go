package clock

import "hengjian/warehouse/contract"

// vocabulary is what the contracts declare and rules may name.
type vocabulary struct {
	types      map[string]bool
	attributes map[string]map[string]bool // record type, attribute
	declared   map[string]map[string]bool // event, record type
	ordinals   map[string]map[int]bool
	labels     map[string]Text // events and attributes in both languages
}

func newVocabulary(c *contract.Catalogue) *vocabulary {
	w := &vocabulary{
		types: map[string]bool{}, attributes: map[string]map[string]bool{}, declared: map[string]map[string]bool{},
		ordinals: map[string]map[int]bool{}, labels: map[string]Text{"limit": {"法定上限", "statutory limit"}},
	}
	for _, t := range c.Types() {
		w.types[t.Name] = true
		w.attributes[t.Name] = map[string]bool{}
		for _, e := range t.Events {
			w.declare(t, e)
		}
	}
	return w
}

// declare takes in one event of a type with its attributes and labels.
func (w *vocabulary) declare(t *contract.Type, e contract.Event) {
	if w.declared[e.Type] == nil {
		w.declared[e.Type], w.ordinals[e.Type] = map[string]bool{}, map[int]bool{}
	}
	w.declared[e.Type][t.Name], w.ordinals[e.Type][e.Ordinal] = true, true
	if at, ok := t.Field(e.At); ok && w.labels[e.Type].ZH == "" {
		w.labels[e.Type] = Text{t.ZH + at.ZH, t.EN + ": " + at.EN}
	}
	for _, name := range e.Attributes {
		w.attributes[t.Name][name] = true
		if f, ok := t.Field(name); ok && w.labels[name].ZH == "" {
			w.labels[name] = Text{f.ZH, f.EN}
		}
	}
}

func (w *vocabulary) known(event string) bool { return len(w.declared[event]) > 0 }

// declares reports whether records of the type carry the event.
func (w *vocabulary) declares(record, event string) bool { return w.declared[event][record] }
