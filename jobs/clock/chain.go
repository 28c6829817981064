package clock

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// attr is one attribute (属性) of an event; Name is its place in the vocabulary.
type attr struct {
	Name  uint16
	Value string
}

// event is one event (案件事件) of a case chain. Code is its place in the vocabulary.
type event struct {
	Code     uint16
	Ordinal  uint8
	Minute   int16 // of the day, -1 when only the day is known
	Day      day
	Rec      int32 // place of its record in the chain
	Attrs    []attr
	pos      int32 // place in the chain
	next     int32 // next event with this code, -1 at the end
	ofRecord int32 // next event of the record, -1 at the end
}

// record is one record of a chain with what all of its events share.
type record struct {
	Type                                           uint16
	Key, Docket, Entry, Person, Organ, Compartment string
	docket, person                                 int32 // numbered within the chain; person is -1 when unknown
	attrs                                          []attr
	first, last                                    int32
}

// chain (案链) is all events of one case chain, in order of time.
type chain struct {
	name    string
	events  []event
	records []record
	heads   []int32 // by code: first event, -1 if none
	tails   []int32
	places  map[string]int32 // records of a long chain
}

// number gives equal texts of the records one number within the chain.
func number(of []record, i int, text func(*record) string, have func(*record) int32, next int32) int32 {
	mine := text(&of[i])
	for k := i - 1; k >= 0; k-- {
		if text(&of[k]) == mine {
			return have(&of[k])
		}
	}
	return next
}

// index prepares the chain for judging what is known on asOf; codes is the
// number of event types. Records are numbered, events are threaded by code and by
// record, and each record's attributes are merged over its events up to asOf.
func (c *chain) index(codes int, asOf day) {
	if len(c.heads) != codes { // a worker lends its tables, so that they are made once
		c.heads, c.tails = make([]int32, codes), make([]int32, codes)
		for i := range c.heads {
			c.heads[i] = -1
		}
	}
	for i := range c.records {
		r := &c.records[i]
		r.first, r.last, r.attrs = -1, -1, r.attrs[:0]
	}
	c.numberRecords()
	for i := range c.events {
		e := &c.events[i]
		if e.Day > asOf {
			c.events = c.events[:i]
			break
		}
		e.pos, e.next, e.ofRecord = int32(i), -1, -1
		at := int32(i)
		if c.heads[e.Code] < 0 {
			c.heads[e.Code] = at
		} else {
			c.events[c.tails[e.Code]].next = at
		}
		c.tails[e.Code] = at
		r := &c.records[e.Rec]
		if r.first < 0 {
			r.first = at
		} else {
			c.events[r.last].ofRecord = at
		}
		r.last = at
		for _, a := range e.Attrs {
			r.set(a)
		}
	}
}

// numberRecords numbers dockets and persons; long chains by a table.
func (c *chain) numberRecords() {
	if len(c.records) > 32 {
		dockets, persons := map[string]int32{}, map[string]int32{}
		of := func(table map[string]int32, text string) int32 {
			n, ok := table[text]
			if !ok {
				n = int32(len(table))
				table[text] = n
			}
			return n
		}
		for i := range c.records {
			r := &c.records[i]
			r.docket, r.person = of(dockets, r.Docket), of(persons, r.Person)
			if r.Person == "" {
				r.person = -1
			}
		}
		return
	}
	for i := range c.records {
		r := &c.records[i]
		r.docket = number(c.records, i, func(r *record) string { return r.Docket }, func(r *record) int32 { return r.docket }, int32(i))
		r.person = -1
		if r.Person != "" {
			r.person = number(c.records, i, func(r *record) string { return r.Person }, func(r *record) int32 { return r.person }, int32(i))
		}
	}
}

// set notes the newest value of an attribute.
func (r *record) set(a attr) {
	if a.Value == "" {
		return
	}
	if i := slices.IndexFunc(r.attrs, func(o attr) bool { return o.Name == a.Name }); i >= 0 {
		r.attrs[i].Value = a.Value
		return
	}
	r.attrs = append(r.attrs, a)
}

// lend gives the chain the worker's tables, indexes it, and returns what takes the
// threads out again, so that the tables serve the next chain.
func (k *kase) lend(c *chain, codes int) (release func()) {
	c.heads, c.tails = k.heads, k.tails
	c.index(codes, k.asOf)
	k.heads, k.tails = c.heads, c.tails
	return func() {
		for i := range c.events {
			c.heads[c.events[i].Code] = -1
		}
		c.heads, c.tails = nil, nil
	}
}

// valueOf finds an attribute, "" when it is missing.
func valueOf(all []attr, name uint16) string {
	for i := range all {
		if all[i].Name == name {
			return all[i].Value
		}
	}
	return ""
}

// unit is what one verdict is about: a record under one rule, or one of its
// events, or one person of its docket.
type unit struct {
	chain  *chain
	rec    *record
	event  *event // the occurrence, nil when the whole record is the unit
	nth    int    // which occurrence, from 1; 0 for the whole record
	person int32  // number of the person in the chain, -1 if none
	entry  string // person entry (涉案人)
	name   string // the person in the chain
}

// read appends the event of one line: record type, record, event, ordinal, day,
// minute, person, docket, entry, organ, compartment, attributes. An event that no
// contract declares any more is left out.
func (c *chain) read(w *vocabulary, line string) error {
	var field [12]string
	for i := range field {
		var more bool
		if field[i], line, more = strings.Cut(line, fieldMark); more != (i < len(field)-1) {
			return fmt.Errorf("the line has %d fields, not %d", i+1, len(field))
		}
	}
	code, known := w.events.codes[field[2]]
	if !known {
		return nil
	}
	day, errDay := strconv.ParseInt(field[4], 10, 32)
	minute, errMinute := strconv.ParseInt(field[5], 10, 16)
	ordinal, errOrdinal := strconv.ParseUint(field[3], 10, 8)
	if err := errors.Join(errDay, errMinute, errOrdinal); err != nil {
		return err
	}
	e := event{Code: code, Ordinal: uint8(ordinal), Minute: int16(minute), Day: dayNumber(day), Rec: c.recordOf(w.types.codes[field[0]], &field)}
	if field[11] != "" {
		e.Attrs = w.readAttrs(field[11])
	}
	c.events = append(c.events, e)
	return nil
}

// dayNumber is a day as the warehouse counts it.
func dayNumber(n int64) day { return day(n) }

// recordOf finds the record of a line in the chain, or adds it.
func (c *chain) recordOf(kind uint16, field *[12]string) int32 {
	for i := len(c.records) - 1; i >= 0 && len(c.records) <= 64; i-- {
		if c.records[i].Key == field[1] && c.records[i].Type == kind {
			return int32(i)
		}
	}
	place := int32(len(c.records))
	if len(c.records) > 64 { // a long chain is sought by a table
		if c.places == nil {
			c.places = map[string]int32{}
			for i := range c.records {
				c.places[strconv.Itoa(int(c.records[i].Type))+fieldMark+c.records[i].Key] = int32(i)
			}
		}
		key := strconv.Itoa(int(kind)) + fieldMark + field[1]
		if at, ok := c.places[key]; ok {
			return at
		}
		c.places[key] = place
	}
	c.records = append(c.records, record{
		Type: kind, Key: field[1], Person: field[6], Docket: field[7], Entry: field[8], Organ: field[9], Compartment: field[10],
	})
	return place
}

// readAttrs reads the attributes of a line.
func (w *vocabulary) readAttrs(text string) []attr {
	out := make([]attr, 0, 1+strings.Count(text, attributeMark))
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, attributeMark)
		name, value, _ := strings.Cut(one, valueMark)
		if code, known := w.names.codes[name]; known && value != "" {
			out = append(out, attr{code, value})
		}
	}
	return out
}
