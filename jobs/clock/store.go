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

// read streams the events of the run by chain and hands over whole chains.
func (j *Job) read(ctx context.Context, r warehouse.Run, hand func(*chunk) error) error {
	words := j.deps.Rules.words
	rows, err := j.deps.DB.Query(ctx, `SELECT chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal,
    toInt32(toDate32(at)), toInt32(if(precision = 'minute', toHour(at) * 60 + toMinute(at), -1)), attributes, record_type, record_key
FROM case_event WHERE generation = {generation:UInt32} AND run_id = {run:String}
ORDER BY chain, at, tie, record_key, event, ordinal`,
		warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10)), warehouse.Param("run", r.ID))
	if err != nil {
		return fmt.Errorf("read the events of the run: %w", err)
	}
	defer rows.Close()
	c, held := &chunk{done: make(chan []verdict, 1)}, 0
	var last *chain
	for rows.Next() {
		var name, kind, label string
		var e event
		var rec record
		var at, minute int32
		var attributes map[string]string
		if err := rows.Scan(&name, &rec.Person, &rec.Docket, &rec.Entry, &rec.Organ, &rec.Compartment, &label, &e.Ordinal,
			&at, &minute, &attributes, &kind, &rec.Key); err != nil {
			return fmt.Errorf("read the events of the run: %w", err)
		}
		code, known := words.events.codes[label]
		if !known {
			continue // an event of a contract that is no longer there
		}
		e.Code, e.Day, e.Minute, e.Attrs, rec.Type = code, day(at), int16(minute), words.attrs(attributes), words.types.codes[kind]
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
		last.add(e, rec)
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
	texts := make([][]string, 23)
	for i := range texts {
		texts[i] = make([]string, n)
	}
	days := [3][]*time.Time{make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n)}
	period, generation, over, provisional := make([]time.Time, n), make([]uint32, n), make([]int32, n), make([]uint8, n)
	for i := range s.held {
		v, u := &s.held[i], &s.held[i].Unit
		steps := v.steps()
		explained := v.explain(steps)
		encoded, err := json.Marshal(steps)
		if err != nil {
			return nil, fmt.Errorf("encode the steps of finding %s: %w", v.finding(), err)
		}
		for k, text := range []string{
			s.run.ID, v.finding(), v.Rule.ID, v.Rule.Version, u.chain.name, u.name, u.rec.Docket, u.entry, u.rec.Key, v.Organ,
			v.Responsible, u.rec.Compartment, v.Outcome, v.State, v.OverUnit, v.Missing, explained.ZH, explained.EN, string(encoded),
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
