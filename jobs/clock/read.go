package clock

import (
	"context"
	"fmt"
	"time"

	"hengjian/warehouse/native"
)

// eventColumns reads the events of a run in the order of the table, column by
// column; materialize keeps the engine from sending a column in a packed form.
const eventColumns = `SELECT materialize(chain), materialize(chain_person), materialize(docket), materialize(person_entry), materialize(record_key), record_type, event, organ_id, compartment,
    materialize(ordinal), toUnixTimestamp64Milli(at), toInt8(precision), attributes FROM `

// eventOrder is the order of events within a case; the table already has it.
const eventOrder = " ORDER BY chain, at, tie, record_key, event, ordinal"

// byMinute is the precision of an event whose time of day is known.
const byMinute = 2

// page (块) is one block of events as it was read; chains are views of it.
type page struct {
	chain, person, docket, entry, key native.Taken
	types, events                     []uint16 // by row
	organs, compartments              codes
	ordinals                          []uint8
	at                                []int64
	precision                         []int8
	pairs                             []uint32 // where the attributes of each row end
	names                             []uint16
	values                            native.Taken
}

// codes are texts of which few differ.
type codes struct {
	words  []string
	places []uint32
}

func (c *codes) at(i int) string { return c.words[c.places[i]] }

// undeclared is the code of what no contract declares any more.
const undeclared = ^uint16(0)

// coded turns a column into the numbers of the vocabulary.
func (t *table) coded(w *native.Words) []uint16 {
	dictionary, places := w.Take()
	of := make([]uint16, len(dictionary))
	for i, word := range dictionary {
		code, known := t.codes[word]
		if !known {
			code = undeclared
		}
		of[i] = code
	}
	out := make([]uint16, len(places))
	for i, place := range places {
		out[i] = of[place]
	}
	return out
}

// rowsOf is some rows of a page, all of whole chains but the first and last of a task.
type rowsOf struct {
	page     *page
	from, to int
}

// task is the rows of some whole chains.
type task []rowsOf

// events is a SELECT of events under way.
type events struct {
	words                             *vocabulary
	chain, person, docket, entry, key native.Texts
	kind, event, organ, compartment   native.Words
	ordinal                           native.Numbers[uint8]
	at                                native.Numbers[int64]
	precision                         native.Numbers[int8]
	attributes                        native.Pairs

	held task
	rows int
	last string // chain of the newest row
}

// taskEvents is how many events a worker takes at a time.
const taskEvents = 8192

// read hands over the events of some sources, in tasks of whole chains.
func (j *Job) read(ctx context.Context, all []source, hand func(task) error) error {
	conn, err := native.Open(ctx, j.deps.DB, "hengjian-clock")
	if err != nil {
		return err
	}
	defer conn.Close()
	e := &events{words: j.deps.Rules.words}
	columns := []native.Column{
		&e.chain, &e.person, &e.docket, &e.entry, &e.key, &e.kind, &e.event, &e.organ, &e.compartment, &e.ordinal, &e.at, &e.precision, &e.attributes,
	}
	for _, s := range all {
		err = conn.Read(ctx, eventColumns+s.from+eventOrder, s.params, columns, func(rows int) error { return e.cut(e.take(), rows, hand) })
		if err != nil {
			return fmt.Errorf("read the events of the run: %w", err)
		}
	}
	if len(e.held) > 0 {
		return hand(e.held)
	}
	return nil
}

// readChains visits the chains of some sources, one after the other.
func (j *Job) readChains(ctx context.Context, all []source, visit func(*chain) error) error {
	b, err := newBuilder()
	if err != nil {
		return err
	}
	return j.read(ctx, all, func(t task) error { return b.each(t, visit) })
}

// take makes a page of the block.
func (e *events) take() *page {
	p := &page{
		chain: e.chain.Take(), person: e.person.Take(), docket: e.docket.Take(), entry: e.entry.Take(), key: e.key.Take(),
		types: e.words.types.coded(&e.kind), events: e.words.events.coded(&e.event),
		ordinals: append([]uint8(nil), e.ordinal.Values...), at: append([]int64(nil), e.at.Values...), precision: append([]int8(nil), e.precision.Values...),
		pairs: e.attributes.Ends(),
	}
	p.organs.words, p.organs.places = e.organ.Take()
	p.compartments.words, p.compartments.places = e.compartment.Take()
	if n := len(p.pairs); n > 0 && p.pairs[n-1] > 0 {
		p.names, p.values = e.words.names.coded(&e.attributes.Names), e.attributes.Values.Take()
	}
	return p
}

// cut adds a page to the task in hand and hands it over where a chain ends.
func (e *events) cut(p *page, rows int, hand func(task) error) error {
	from := 0
	for i := range rows {
		chain := p.chain.At(i)
		if chain == e.last {
			continue
		}
		e.last = chain
		if e.rows+i-from >= taskEvents {
			if i > from {
				e.held = append(e.held, rowsOf{p, from, i})
			}
			if err := hand(e.held); err != nil {
				return err
			}
			e.held, e.rows, from = nil, 0, i
		}
	}
	e.held = append(e.held, rowsOf{p, from, rows})
	e.rows += rows - from
	return nil
}

// legalTime is the zone of all days of the law. Only before 1992 did it ever differ
// from eight hours: those moments are looked up.
type legalTime struct{ zone *time.Location }

const (
	zoneSteady  = 694_195_200_000 // 1992-01-01T00:00:00Z in milliseconds
	zoneOffset  = 8 * 60 * 60 * 1000
	perMinute   = 60 * 1000
	perLegalDay = 24 * 60 * perMinute
)

// read is the legal day and the minute of it at which a moment lies.
func (z legalTime) read(ms int64) (day, int16) {
	if ms >= zoneSteady {
		ms += zoneOffset
		return day(ms / perLegalDay), int16(ms % perLegalDay / perMinute)
	}
	t := time.UnixMilli(ms).In(z.zone)
	return civil(t.Date()), int16(t.Hour()*60 + t.Minute())
}

// builder makes chains of rows, one after the other, in the same room.
type builder struct {
	zone  legalTime
	chain chain
	attrs []attr
}

func newBuilder() (*builder, error) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, fmt.Errorf("load the zone of legal time: %w", err)
	}
	return &builder{zone: legalTime{zone}}, nil
}

// each visits the chains of a task; a chain is good until the next.
func (b *builder) each(t task, visit func(*chain) error) error {
	b.begin("")
	started := false
	for _, rows := range t {
		for i := rows.from; i < rows.to; i++ {
			if name := rows.page.chain.At(i); !started || name != b.chain.name {
				if started {
					if err := visit(&b.chain); err != nil {
						return err
					}
				}
				b.begin(name)
				started = true
			}
			b.add(rows.page, i)
		}
	}
	if !started {
		return nil
	}
	return visit(&b.chain)
}

func (b *builder) begin(name string) {
	c := &b.chain
	c.name, c.events, c.places, c.left, b.attrs = name, c.events[:0], nil, 0, b.attrs[:0]
	c.records = c.records[:0]
}

// add appends the event of a row. An event that no contract declares any more is
// left out; those beyond what one case may have are only counted.
func (b *builder) add(p *page, i int) {
	code := p.events[i]
	if code == undeclared {
		return
	}
	if len(b.chain.events) == mostEvents {
		b.chain.left++
		return
	}
	kind := p.types[i]
	if kind == undeclared {
		kind = 0
	}
	e := event{Code: code, Ordinal: p.ordinals[i], Minute: -1}
	var minute int16
	if e.Day, minute = b.zone.read(p.at[i]); p.precision[i] == byMinute {
		e.Minute = minute
	}
	e.Rec = b.recordOf(kind, p, i)
	from := uint32(0)
	if i > 0 {
		from = p.pairs[i-1]
	}
	if to := p.pairs[i]; to > from {
		first := len(b.attrs)
		for k := from; k < to; k++ {
			if value := p.values.At(int(k)); value != "" && p.names[k] != undeclared {
				b.attrs = append(b.attrs, attr{p.names[k], value})
			}
		}
		e.Attrs = b.attrs[first:len(b.attrs):len(b.attrs)]
	}
	b.chain.events = append(b.chain.events, e)
}

// recordOf finds the record of a row in the chain, or adds it.
func (b *builder) recordOf(kind uint16, p *page, i int) int32 {
	c, key := &b.chain, p.key.At(i)
	for k := len(c.records) - 1; k >= 0 && len(c.records) <= fewRecords; k-- {
		if c.records[k].Type == kind && c.records[k].Key == key {
			return int32(k)
		}
	}
	place := int32(len(c.records))
	if len(c.records) > fewRecords { // a long chain is sought by a table
		if c.places == nil {
			c.places = make(map[recordName]int32, 2*len(c.records))
			for k := range c.records {
				c.places[recordName{c.records[k].Type, c.records[k].Key}] = int32(k)
			}
		}
		name := recordName{kind, key}
		if at, ok := c.places[name]; ok {
			return at
		}
		c.places[name] = place
	}
	if len(c.records) < cap(c.records) {
		c.records = c.records[:place+1]
	} else {
		c.records = append(c.records, record{})
	}
	r := &c.records[place]
	*r = record{
		Type: kind, Key: key, Person: p.person.At(i), Docket: p.docket.At(i), Entry: p.entry.At(i),
		Organ: p.organs.at(i), Compartment: p.compartments.at(i), attrs: r.attrs[:0],
	}
	return place
}
