package clock

import "slices"

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
	docket, person                                 int32 // numbered within the chain by the record that names them first; person is -1 when unknown
	at                                             int32 // place in the chain
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
	places  map[recordName]int32 // records of a long chain
	left    int                  // events beyond mostEvents, which were not taken in
}

// recordName is what one record of a chain is found by.
type recordName struct {
	kind uint16
	key  string
}

// fewRecords is up to how many records are sought one by one.
const fewRecords = 64

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
		r.first, r.last, r.attrs, r.at = -1, -1, r.attrs[:0], int32(i)
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
		of := func(table map[string]int32, text string, i int) int32 {
			n, ok := table[text]
			if !ok {
				n = int32(i)
				table[text] = n
			}
			return n
		}
		for i := range c.records {
			r := &c.records[i]
			r.docket, r.person = of(dockets, r.Docket, i), of(persons, r.Person, i)
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
