package clock

import (
	"maps"
	"slices"

	"hengjian/warehouse/contract"
)

// vocabulary is what the contracts declare and rules may name. Events, attributes
// and record types are numbered in order of their names.
type vocabulary struct {
	types      table
	events     table
	names      table                      // attributes
	attributes map[string]map[string]bool // record type, attribute
	carried    map[string]map[string]bool // event, attribute
	declared   map[string]map[string]bool // event, record type
	ordinals   map[string]map[int]bool
	timed      map[string]bool // events known to the minute
	keys       map[string][]string
	labels     map[string]Text // events and attributes in both languages
}

// table numbers names.
type table struct {
	names []string
	codes map[string]uint16
}

func tableOf(names []string) table {
	t := table{names: names, codes: make(map[string]uint16, len(names))}
	for i, name := range names {
		t.codes[name] = uint16(i)
	}
	return t
}

func newVocabulary(c *contract.Catalogue) *vocabulary {
	w := &vocabulary{
		attributes: map[string]map[string]bool{}, carried: map[string]map[string]bool{}, declared: map[string]map[string]bool{},
		ordinals: map[string]map[int]bool{}, timed: map[string]bool{}, keys: map[string][]string{},
		labels: map[string]Text{
			"limit": {"法定上限", "statutory limit"}, "transition": {"新旧规定如何衔接", "which version governs"},
			tooManyEvents: {"案件事件过多", "too many events in one case"},
		},
	}
	attributes := map[string]bool{}
	for _, t := range c.Types() {
		w.attributes[t.Name], w.keys[t.Name] = map[string]bool{}, t.Key
		for _, e := range t.Events {
			w.declare(t, e)
			for _, name := range e.Attributes {
				attributes[name] = true
			}
		}
	}
	w.types = tableOf(slices.Sorted(maps.Keys(w.attributes)))
	w.events = tableOf(slices.Sorted(maps.Keys(w.declared)))
	w.names = tableOf(slices.Sorted(maps.Keys(attributes)))
	return w
}

// declare takes in one event of a type with its attributes and labels.
func (w *vocabulary) declare(t *contract.Type, e contract.Event) {
	if w.declared[e.Type] == nil {
		w.declared[e.Type], w.ordinals[e.Type], w.carried[e.Type] = map[string]bool{}, map[int]bool{}, map[string]bool{}
	}
	w.declared[e.Type][t.Name], w.ordinals[e.Type][e.Ordinal] = true, true
	w.timed[e.Type] = w.timed[e.Type] || e.Precision == "minute"
	if at, ok := t.Field(e.At); ok && w.labels[e.Type].ZH == "" {
		w.labels[e.Type] = Text{t.ZH + at.ZH, t.EN + ": " + at.EN}
	}
	for _, name := range e.Attributes {
		w.attributes[t.Name][name], w.carried[e.Type][name] = true, true
		if f, ok := t.Field(name); ok && w.labels[name].ZH == "" {
			w.labels[name] = Text{f.ZH, f.EN}
		}
	}
}

// hasType reports whether there is such a record type.
func (w *vocabulary) hasType(name string) bool { return w.attributes[name] != nil }

func (w *vocabulary) known(event string) bool { return len(w.declared[event]) > 0 }

// declares reports whether records of the type carry the event.
func (w *vocabulary) declares(record, event string) bool { return w.declared[event][record] }

// label names an event, attribute or fact in both languages.
func (w *vocabulary) label(name string) Text {
	if t, ok := w.labels[name]; ok {
		return t
	}
	return Text{name, name}
}
