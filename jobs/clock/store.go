package clock

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"hengjian/warehouse"
	"hengjian/warehouse/native"
)

// sink counts the verdicts of all workers.
type sink struct {
	job    *Job
	run    warehouse.Run
	mu     sync.Mutex
	counts counts
	long   []string // cases with too many events, the first few by name
}

// counts are how many verdicts there are of a rule and an outcome.
type counts map[said]uint64

// said is what a verdict says, for counting.
type said struct{ rule, outcome string }

// all is how many verdicts there are.
func (c counts) all() (n uint64) {
	for _, of := range c {
		n += of
	}
	return n
}

// tooLong notes a case that has more events than are judged.
func (s *sink) tooLong(name string) {
	const told = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	s.long = append(s.long, name)
	slices.Sort(s.long)
	s.long = s.long[:min(len(s.long), told)]
}

// row is a verdict as it is stored. It holds texts of the page it came from.
type row struct {
	rule                                 *Rule
	finding                              uint64
	chain, person, docket, entry, key    string
	organ, responsible, compartment      string
	outcome, state, unit, missing, route string
	explained                            Text
	steps                                string
	triggered, due, stopped, period      day
	over                                 int32
	provisional                          uint8
}

// writer stores the verdicts of one worker, a block at a time, over a connection
// of its own: those that people should look at (loud) one by one, the others (quiet)
// by case.
type writer struct {
	sink  *sink
	conn  *native.Conn
	most  int
	rows  []row
	tag   []tag
	count counts
	filled
	quiet quiet
}

// tag places a row in the order of the table.
type tag struct {
	organ, rule uint32
	finding     uint64
	at          int
}

// filled are the columns of a block of verdicts.
type filled struct {
	run, finding, chain, person, docket, entry, key, zh, en, steps native.FillTexts
	rule, version, organ, responsible, compartment, outcome, state native.FillWords
	unit, missing, route, document, severity, kind                 native.FillWords
	triggered, due, stopped, period                                native.FillDays
	generation                                                     native.FillNumbers[uint32]
	over                                                           native.FillNumbers[int32]
	provisional                                                    native.FillNumbers[uint8]
}

// columns names the columns of a verdict.
func (f *filled) columns() []native.Named {
	return []native.Named{
		{Name: "run_id", Column: &f.run},
		{Name: "generation", Column: &f.generation},
		{Name: "finding_id", Column: &f.finding},
		{Name: "rule", Column: &f.rule},
		{Name: "rule_version", Column: &f.version},
		{Name: "chain", Column: &f.chain},
		{Name: "chain_person", Column: &f.person},
		{Name: "docket", Column: &f.docket},
		{Name: "person_entry", Column: &f.entry},
		{Name: "record_key", Column: &f.key},
		{Name: "record_type", Column: &f.kind},
		{Name: "organ_id", Column: &f.organ},
		{Name: "responsible_organ_id", Column: &f.responsible},
		{Name: "compartment", Column: &f.compartment},
		{Name: "outcome", Column: &f.outcome},
		{Name: "state", Column: &f.state},
		{Name: "unit", Column: &f.unit},
		{Name: "missing", Column: &f.missing},
		{Name: "route", Column: &f.route},
		{Name: "document", Column: &f.document},
		{Name: "severity", Column: &f.severity},
		{Name: "triggered_on", Column: &f.triggered},
		{Name: "due_on", Column: &f.due},
		{Name: "stopped_on", Column: &f.stopped},
		{Name: "period_on", Column: &f.period},
		{Name: "over_units", Column: &f.over},
		{Name: "provisional", Column: &f.provisional},
		{Name: "explanation_zh", Column: &f.zh},
		{Name: "explanation_en", Column: &f.en},
		{Name: "steps", Column: &f.steps},
	}
}

// newWriter connects for one worker.
func (s *sink) newWriter(ctx context.Context) (*writer, error) {
	conn, err := native.Open(ctx, s.job.deps.DB, "hengjian-clock")
	if err != nil {
		return nil, err
	}
	w := &writer{sink: s, conn: conn, most: s.job.config.BatchRows, count: counts{}}
	w.quiet.run, w.quiet.forms = s.run, map[*Rule][]form{}
	w.triggered.Nullable, w.due.Nullable, w.stopped.Nullable = true, true, true
	return w, nil
}

// add takes a verdict in, with its text where people should look at it: what is
// quiet is told again when somebody asks (Retell).
func (w *writer) add(v *verdict) error {
	if !told(v.Outcome) {
		w.quiet.add(v)
		return nil
	}
	u := &v.Unit
	r := row{
		rule: v.Rule, finding: v.number(), chain: u.chain.name, person: u.name, docket: u.rec.Docket, entry: u.entry, key: u.rec.Key,
		organ: v.Organ, responsible: v.Responsible, compartment: u.rec.Compartment,
		outcome: v.Outcome, state: v.State, unit: v.OverUnit, missing: v.Missing, route: v.Route,
		triggered: v.Triggered, due: v.Due, stopped: v.Stopped, period: v.Period, over: int32(v.Over),
	}
	if v.Provisional {
		r.provisional = 1
	}
	var err error
	r.steps, r.explained, err = v.tell()
	w.rows = append(w.rows, r)
	w.count[said{v.Rule.ID, v.Outcome}]++
	return err
}

// flush sends what is held once it is enough.
func (w *writer) flush(ctx context.Context, enough int) error {
	if len(w.rows)+w.quiet.verdicts.n < enough {
		return nil
	}
	if err := w.quiet.send(ctx, w.conn, w.count); err != nil {
		return err
	}
	w.sink.add(w.count)
	clear(w.count)
	if len(w.rows) == 0 {
		return nil
	}
	w.order()
	for i := range w.tag {
		w.fill(&w.rows[w.tag[i].at])
	}
	if err := w.conn.Insert(ctx, "verdict", w.columns()); err != nil {
		return fmt.Errorf("append verdicts: %w", err)
	}
	for _, c := range w.columns() {
		c.Column.Reset()
	}
	clear(w.rows) // lets the pages go
	w.rows = w.rows[:0]
	return nil
}

// order sorts the rows by organ, rule and finding, which spares the engine a sort.
func (w *writer) order() {
	organs, rules := ranks(w.rows, func(r *row) string { return r.organ }), ranks(w.rows, func(r *row) string { return r.rule.ID })
	w.tag = w.tag[:0]
	for i := range w.rows {
		r := &w.rows[i]
		w.tag = append(w.tag, tag{organs[r.organ], rules[r.rule.ID], r.finding, i})
	}
	slices.SortFunc(w.tag, func(a, b tag) int {
		if a.organ != b.organ {
			return cmp.Compare(a.organ, b.organ)
		}
		if a.rule != b.rule {
			return cmp.Compare(a.rule, b.rule)
		}
		return cmp.Compare(a.finding, b.finding)
	})
}

// ranks numbers the texts of the rows in their order.
func ranks(rows []row, of func(*row) string) map[string]uint32 {
	out, last := map[string]uint32{}, ""
	for i := range rows {
		if text := of(&rows[i]); text != last || i == 0 {
			out[text], last = 0, text
		}
	}
	names := make([]string, 0, len(out))
	for name := range out {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		out[name] = uint32(i)
	}
	return out
}

// fill appends a row to the columns.
func (w *writer) fill(r *row) {
	w.run.Add(w.sink.run.ID)
	w.generation.Add(w.sink.run.Generation)
	w.finding.Add(findingID(r.finding))
	w.rule.Add(r.rule.ID)
	w.version.Add(r.rule.Version)
	w.chain.Add(r.chain)
	w.person.Add(r.person)
	w.docket.Add(r.docket)
	w.entry.Add(r.entry)
	w.key.Add(r.key)
	w.kind.Add(r.rule.Record)
	w.organ.Add(r.organ)
	w.responsible.Add(r.responsible)
	w.compartment.Add(r.compartment)
	w.outcome.Add(r.outcome)
	w.state.Add(r.state)
	w.unit.Add(r.unit)
	w.missing.Add(r.missing)
	w.route.Add(r.route)
	w.document.Add(r.rule.Document)
	w.severity.Add(r.rule.Severity)
	for _, d := range []struct {
		to *native.FillDays
		on day
	}{{&w.triggered, r.triggered}, {&w.due, r.due}, {&w.stopped, r.stopped}} {
		if d.on == none {
			d.to.AddNull()
		} else {
			d.to.Add(int32(d.on))
		}
	}
	w.period.Add(int32(r.period))
	w.over.Add(r.over)
	w.provisional.Add(r.provisional)
	w.zh.Add(r.explained.ZH)
	w.en.Add(r.explained.EN)
	w.steps.Add(r.steps)
}

// add notes what was stored.
func (s *sink) add(stored counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for what, n := range stored {
		s.counts[what] += n
	}
}

// finish writes one marker per rule (judged, even when nothing was found), how
// often the run says what, and reports.
func (s *sink) finish(ctx context.Context) (warehouse.Report, error) {
	report := warehouse.Report{Units: s.counts.all(), Figures: map[string]uint64{}}
	units := map[string]uint64{}
	var rows [][]any
	for what, n := range s.counts {
		if n == 0 {
			continue // the base said it, this run no more
		}
		report.Figures[what.rule+"."+what.outcome], units[what.rule] = n, units[what.rule]+n
		rows = append(rows, []any{s.run.ID, s.run.Generation, what.rule, what.outcome, n})
	}
	if err := s.write(ctx, "INSERT INTO verdict_count (run_id, generation, rule, outcome, verdicts)", rows); err != nil {
		return report, err
	}
	rows = rows[:0]
	for _, versions := range s.job.families {
		rows = append(rows, []any{s.run.ID, s.run.Generation, versions[0].ID, units[versions[0].ID]})
	}
	report.Rows = report.Units + uint64(len(rows))
	return report, s.write(ctx, "INSERT INTO judged (run_id, generation, rule, units)", rows)
}

// write appends a few rows.
func (s *sink) write(ctx context.Context, sql string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	batch, err := s.job.deps.DB.PrepareBatch(ctx, sql)
	if err != nil {
		return fmt.Errorf("note what was judged: %w", err)
	}
	defer batch.Close()
	for _, row := range rows {
		if err := batch.Append(row...); err != nil {
			return fmt.Errorf("note what was judged: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("note what was judged: %w", err)
	}
	return nil
}

// told reports whether a verdict of this outcome is stored with its explanation:
// what says that something is apparently wrong, or soon will be. The others are
// many; Retell judges their case again, as the run knew it, when somebody asks.
func told(outcome string) bool {
	return outcome == outOfTime || outcome == withoutDocument || outcome == nonconforming || outcome == dueSoon
}

// tell encodes steps and explanation.
func (v *verdict) tell() (encoded string, explained Text, err error) {
	steps := v.steps()
	text, err := json.Marshal(steps)
	if err != nil {
		return "", Text{}, fmt.Errorf("encode the steps of finding %s: %w", v.finding(), err)
	}
	return string(text), v.explain(steps), nil
}
