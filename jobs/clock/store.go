package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
)

// The separators of a line of events: between fields, between attributes, and
// between the name and the value of one. No field of a record holds them: the
// decoder refuses control characters.
const (
	fieldMark     = "\x1f"
	attributeMark = "\x1e"
	valueMark     = "\x1d"
)

// eventLines reads the events of a run in the order of the table, each as one
// text: one column costs the driver a tenth of what thirteen and a map cost.
const eventLines = `SELECT concat(chain, '\x1f', record_type, '\x1f', record_key, '\x1f', event, '\x1f', toString(ordinal), '\x1f', toString(toInt32(toDate32(at))), '\x1f',
    if(precision = 'minute', toString(toHour(at) * 60 + toMinute(at)), '-1'), '\x1f', chain_person, '\x1f', docket, '\x1f', person_entry, '\x1f', organ_id, '\x1f', compartment, '\x1f',
    if(empty(attributes), '', arrayStringConcat(arrayMap((k, v) -> concat(k, '\x1d', v), mapKeys(attributes), mapValues(attributes)), '\x1e')))
FROM case_event WHERE generation = {generation:UInt32} AND run_id = {run:String}`

// read streams the events of the run by chain and hands over whole chains.
func (j *Job) read(ctx context.Context, r warehouse.Run, hand func(*chunk) error) error {
	return j.readWhere(ctx, r, "", hand)
}

// readWhere reads the chains that fit a further condition.
func (j *Job) readWhere(ctx context.Context, r warehouse.Run, where string, hand func(*chunk) error, params ...any) error {
	params = append(params, warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10)), warehouse.Param("run", r.ID))
	rows, err := j.deps.DB.Query(ctx, eventLines+where+" ORDER BY chain, at, tie, record_key, event, ordinal", params...)
	if err != nil {
		return fmt.Errorf("read the events of the run: %w", err)
	}
	defer rows.Close()
	words := j.deps.Rules.words
	c, held := &chunk{done: make(chan []verdict, 1)}, 0
	var last *chain
	var line string
	for rows.Next() {
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("read the events of the run: %w", err)
		}
		name, rest, _ := strings.Cut(line, fieldMark)
		if last == nil || last.name != name {
			if held >= chunkEvents {
				if err := hand(c); err != nil {
					return err
				}
				c, held = &chunk{done: make(chan []verdict, 1)}, 0
			}
			last = &chain{name: name}
			c.chains = append(c.chains, last)
		}
		if err := last.read(words, rest); err != nil {
			return fmt.Errorf("read an event of chain %s: %w", name, err)
		}
		held++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the events of the run: %w", err)
	}
	if held > 0 {
		return hand(c)
	}
	return nil
}

// sink appends verdicts in order and counts them.
type sink struct {
	job    *Job
	run    warehouse.Run
	held   []verdict
	rows   uint64
	counts map[string]uint64 // by rule and outcome
	units  map[string]uint64 // by rule
}

func (s *sink) drain(ctx context.Context, order <-chan *chunk) error {
	for c := range order {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case found := <-c.done:
			s.held = append(s.held, found...)
		}
		if len(s.held) >= s.job.config.BatchRows {
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
	}
	return s.flush(ctx)
}

// flush appends what is held as one block per column.
func (s *sink) flush(ctx context.Context) error {
	if len(s.held) == 0 {
		return nil
	}
	batch, err := s.job.deps.DB.PrepareBatch(ctx, "INSERT INTO verdict ("+strings.Join(verdictColumns, ", ")+")")
	if err != nil {
		return fmt.Errorf("append verdicts: %w", err)
	}
	defer batch.Close()
	columns, err := s.columns()
	if err != nil {
		return err
	}
	for i, values := range columns {
		if err := batch.Column(i).Append(values); err != nil {
			return fmt.Errorf("append verdicts, column %s: %w", verdictColumns[i], err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("append verdicts: %w", err)
	}
	for i := range s.held {
		v := &s.held[i]
		s.counts[v.Rule.ID+"."+v.Outcome]++
		s.units[v.Rule.ID]++
	}
	s.rows += uint64(len(s.held))
	s.held = s.held[:0]
	return nil
}

// verdictColumns are the columns of a verdict in the order of columns.
var verdictColumns = []string{
	"run_id", "finding_id", "rule", "rule_version", "chain", "chain_person", "docket", "person_entry", "record_key", "organ_id",
	"responsible_organ_id", "compartment", "outcome", "state", "unit", "missing", "explanation_zh", "explanation_en", "steps",
	"route", "document", "severity", "record_type",
	"triggered_on", "due_on", "stopped_on", "period_on", "generation", "over_units", "provisional",
}

// columns turns the held verdicts into values per column.
func (s *sink) columns() ([]any, error) {
	n := len(s.held)
	var err error
	texts := make([][]string, 23)
	for i := range texts {
		texts[i] = make([]string, n)
	}
	days := [3][]*time.Time{make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n)}
	period, generation, over, provisional := make([]time.Time, n), make([]uint32, n), make([]int32, n), make([]uint8, n)
	for i := range s.held {
		v, u := &s.held[i], &s.held[i].Unit
		encoded, explained := "", Text{}
		if finds(v.Outcome) {
			if encoded, explained, err = v.tell(); err != nil {
				return nil, err
			}
		}
		for k, text := range []string{
			s.run.ID, v.finding(), v.Rule.ID, v.Rule.Version, u.chain.name, u.name, u.rec.Docket, u.entry, u.rec.Key, v.Organ,
			v.Responsible, u.rec.Compartment, v.Outcome, v.State, v.OverUnit, v.Missing, explained.ZH, explained.EN, encoded,
			v.Route, v.Rule.Document, v.Rule.Severity, v.Rule.Record,
		} {
			texts[k][i] = text
		}
		for k, d := range []day{v.Triggered, v.Due, v.Stopped} {
			if d != none {
				t := d.time()
				days[k][i] = &t
			}
		}
		period[i], generation[i], over[i] = v.Period.time(), s.run.Generation, int32(v.Over)
		if v.Provisional {
			provisional[i] = 1
		}
	}
	out := make([]any, 0, len(verdictColumns))
	for _, column := range texts {
		out = append(out, column)
	}
	return append(out, days[0], days[1], days[2], period, generation, over, provisional), nil
}

// finish writes one marker per rule (judged, even when nothing was found) and reports.
func (s *sink) finish(ctx context.Context) (warehouse.Report, error) {
	batch, err := s.job.deps.DB.PrepareBatch(ctx, "INSERT INTO judged (run_id, generation, rule, units)")
	if err != nil {
		return warehouse.Report{}, fmt.Errorf("mark the rules as judged: %w", err)
	}
	defer batch.Close()
	report := warehouse.Report{Units: s.rows, Rows: s.rows + uint64(len(s.job.families)), Figures: s.counts}
	for _, versions := range s.job.families {
		id := versions[0].ID
		if err := batch.Append(s.run.ID, s.run.Generation, id, s.units[id]); err != nil {
			return report, fmt.Errorf("mark rule %s as judged: %w", id, err)
		}
	}
	if err := batch.Send(); err != nil {
		return report, fmt.Errorf("mark the rules as judged: %w", err)
	}
	return report, nil
}

// tell encodes steps and explanation. Verdicts that nobody needs to look at are
// stored without them: Retell works them out again when somebody asks.
func (v *verdict) tell() (encoded string, explained Text, err error) {
	steps := v.steps()
	text, err := json.Marshal(steps)
	if err != nil {
		return "", Text{}, fmt.Errorf("encode the steps of finding %s: %w", v.finding(), err)
	}
	return string(text), v.explain(steps), nil
}
