package clock

import (
	"context"
	"fmt"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/native"
)

// quiet collects rows of verdict_quiet: the verdicts that nobody must look at, one
// row per case. They are most of all verdicts, so that each costs a few numbers.
type quiet struct {
	run     warehouse.Run
	runs    native.FillTexts
	number  native.FillNumbers[uint32]
	home    native.FillWords
	name    native.FillTexts
	docket  native.FillTexts
	dockets list
	records struct {
		list
		key         native.FillTexts
		docket      native.FillNumbers[uint16]
		compartment native.FillWords
	}
	persons struct {
		list
		entry, name native.FillTexts
	}
	verdicts struct {
		list
		rule, outcome, form, organ, responsible native.FillWords
		finding                                 native.FillNumbers[uint64]
		record, whose                           native.FillNumbers[uint16]
		triggered, due, stopped, period         native.FillDays
	}
	forms map[*Rule][]form

	chain    *chain   // the case in hand
	organ    string   // of its first verdict
	docketOf []uint16 // by the record that names a docket first: its place among the case's dockets, 0 for not yet
	recordOf []uint16 // by record: its place among the case's records, 0 for not yet
	whose    []whose  // the case's persons
}

// list counts the values of columns that hold one list per case.
type list struct {
	n, before int // in all, and before the case in hand
	ends      native.Ends
}

// next is the place of one more value within the case in hand, from 1.
func (l *list) next() uint16 {
	l.n++
	return uint16(l.n - l.before)
}

func (l *list) close() {
	l.ends.Add(l.n)
	l.before = l.n
}

func (l *list) reset() {
	l.n, l.before = 0, 0
	l.ends.Reset()
}

// whose is a person as a verdict names one.
type whose struct{ entry, name string }

// form is what few verdicts of a rule differ in, with its places in the columns.
type form struct {
	outcome, state, unit, missing, route string
	provisional                          bool
	said, text                           uint32
	count                                uint64
}

// noDay stands for a day that is not known: 1900-01-01, the first that the warehouse knows.
const noDay = -25567

// columns names the columns of the table.
func (q *quiet) columns() []native.Named {
	out := []native.Named{
		{Name: "run_id", Column: &q.runs},
		{Name: "generation", Column: &q.number},
		{Name: "home", Column: &q.home},
		{Name: "chain", Column: &q.name},
		{Name: "dockets", Column: native.FillLists{Of: &q.docket, Ends: &q.dockets.ends}},
	}
	add := func(of *list, name string, column native.Filled) {
		out = append(out, native.Named{Name: name, Column: native.FillLists{Of: column, Ends: &of.ends}})
	}
	r, w, v := &q.records, &q.persons, &q.verdicts
	add(&r.list, "r.record_key", &r.key)
	add(&r.list, "r.docket", &r.docket)
	add(&r.list, "r.compartment", &r.compartment)
	add(&w.list, "w.person_entry", &w.entry)
	add(&w.list, "w.chain_person", &w.name)
	add(&v.list, "q.rule", &v.rule)
	add(&v.list, "q.outcome", &v.outcome)
	add(&v.list, "q.form", &v.form)
	add(&v.list, "q.organ", &v.organ)
	add(&v.list, "q.responsible", &v.responsible)
	add(&v.list, "q.finding", &v.finding)
	add(&v.list, "q.record", &v.record)
	add(&v.list, "q.whose", &v.whose)
	add(&v.list, "q.triggered", &v.triggered)
	add(&v.list, "q.due", &v.due)
	add(&v.list, "q.stopped", &v.stopped)
	add(&v.list, "q.period", &v.period)
	return out
}

// open turns to a case.
func (q *quiet) open(c *chain) {
	q.chain, q.whose = c, q.whose[:0]
	q.docketOf, q.recordOf = cleared(q.docketOf, len(c.records)), cleared(q.recordOf, len(c.records))
}

func cleared(room []uint16, n int) []uint16 {
	if cap(room) < n {
		return make([]uint16, n)
	}
	room = room[:n]
	clear(room)
	return room
}

// close ends the row of the case, if it has any quiet verdict.
func (q *quiet) close() {
	if q.verdicts.n == q.verdicts.before {
		return
	}
	q.runs.Add(q.run.ID)
	q.number.Add(q.run.Generation)
	q.home.Add(q.organ)
	q.name.Add(q.chain.name)
	q.dockets.close()
	q.records.close()
	q.persons.close()
	q.verdicts.close()
}

// add takes a verdict of the case in.
func (q *quiet) add(v *verdict) {
	c := &q.verdicts
	if c.next() == 1 {
		q.organ = v.Organ
	}
	f := q.formOf(v)
	f.count++
	c.rule.Add(v.Rule.ID)
	c.outcome.AddPlace(f.said)
	c.form.AddPlace(f.text)
	c.organ.Add(v.Organ)
	c.responsible.Add(v.Responsible)
	c.finding.Add(v.number())
	c.record.Add(q.record(v.Unit.rec))
	c.whose.Add(q.person(whose{v.Unit.entry, v.Unit.name}))
	c.triggered.Add(v.Triggered.stored())
	c.due.Add(v.Due.stored())
	c.stopped.Add(v.Stopped.stored())
	c.period.Add(v.Period.stored())
}

// stored is the day as the warehouse counts it.
func (d day) stored() int32 {
	if d == none {
		return noDay
	}
	return int32(d)
}

// record is the place of a record among those of the case.
func (q *quiet) record(r *record) uint16 {
	if place := q.recordOf[r.at]; place > 0 {
		return place
	}
	if q.docketOf[r.docket] == 0 {
		q.docketOf[r.docket] = q.dockets.next()
		q.docket.Add(r.Docket)
	}
	q.recordOf[r.at] = q.records.next()
	q.records.key.Add(r.Key)
	q.records.docket.Add(q.docketOf[r.docket])
	q.records.compartment.Add(r.Compartment)
	return q.recordOf[r.at]
}

// person is the place of a person among those of the case.
func (q *quiet) person(w whose) uint16 {
	for i := len(q.whose) - 1; i >= 0; i-- {
		if q.whose[i] == w {
			return uint16(i + 1)
		}
	}
	q.whose = append(q.whose, w)
	q.persons.entry.Add(w.entry)
	q.persons.name.Add(w.name)
	return q.persons.next()
}

// formOf finds the form of a verdict, or makes it.
func (q *quiet) formOf(v *verdict) *form {
	all := q.forms[v.Rule]
	for i := range all {
		if f := &all[i]; f.outcome == v.Outcome && f.state == v.State && f.missing == v.Missing && f.route == v.Route && f.provisional == v.Provisional && f.unit == v.OverUnit {
			return f
		}
	}
	provisional := "0"
	if v.Provisional {
		provisional = "1"
	}
	f := form{outcome: v.Outcome, state: v.State, unit: v.OverUnit, missing: v.Missing, route: v.Route, provisional: v.Provisional}
	f.said = q.verdicts.outcome.Place(v.Outcome)
	f.text = q.verdicts.form.Place(strings.Join([]string{v.Rule.Version, v.Rule.Record, v.State, v.OverUnit, v.Missing, v.Route, v.Rule.Document, v.Rule.Severity, provisional}, "\t"))
	q.forms[v.Rule] = append(all, f)
	return &q.forms[v.Rule][len(all)]
}

// send sends what is held and counts it.
func (q *quiet) send(ctx context.Context, conn *native.Conn, into counts) error {
	if q.verdicts.n == 0 {
		return nil
	}
	columns := q.columns()
	if err := conn.Insert(ctx, "verdict_quiet", columns); err != nil {
		return fmt.Errorf("append quiet verdicts: %w", err)
	}
	for r, all := range q.forms {
		for _, f := range all {
			into[said{r.ID, f.outcome}] += f.count
		}
	}
	clear(q.forms)
	for _, c := range columns {
		c.Column.Reset()
	}
	for _, l := range []*list{&q.dockets, &q.records.list, &q.persons.list, &q.verdicts.list} {
		l.reset()
	}
	return nil
}
