package publish

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/rollup"
)

var quarterText = regexp.MustCompile(`^(\d{4})Q([1-4])$`)

// quarterNames are the Chinese ordinals of quarters.
var quarterNames = [...]string{"一", "二", "三", "四"}

// columnsOf lists the quarters of the year up to period and their sum.
func columnsOf(period string) ([]Column, error) {
	m := quarterText.FindStringSubmatch(period)
	if m == nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%q is not a quarter: write it as 2025Q2", period)}
	}
	last, err := strconv.Atoi(m[2])
	if err != nil {
		return nil, fmt.Errorf("read quarter %s: %w", period, err)
	}
	var out []Column
	for q := 1; q <= last; q++ {
		out = append(out, Column{"quarter", fmt.Sprintf("%sQ%d", m[1], q), fmt.Sprintf("%s年第%s季度", m[1], quarterNames[q-1]), fmt.Sprintf("%s Q%d", m[1], q)})
	}
	if last > 1 {
		out = append(out, Column{"ytd", fmt.Sprintf("%s-%02d", m[1], 3*last), fmt.Sprintf("%s年1—%d月", m[1], 3*last), fmt.Sprintf("%s months 1-%d", m[1], 3*last)})
	}
	return out, nil
}

// table reads what a request asks for, nothing hidden yet.
func (p *Publisher) table(ctx context.Context, sc access.Scope, q Request) (*Table, error) {
	form, ok := templates[q.Template]
	if !ok {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("there is no template %q: use quarterly", q.Template)}
	}
	t := &Table{Template: q.Template, Period: q.Period, Threshold: p.config.Threshold}
	var err error
	if t.Columns, err = columnsOf(q.Period); err != nil {
		return nil, err
	}
	if err := p.inputs(ctx, q.Run, t); err != nil {
		return nil, err
	}
	lines, err := p.lines(ctx, sc)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		t.Lines = append(t.Lines, l.Line)
	}
	for _, id := range form.indicators {
		d, ok := p.definitions[id]
		if !ok {
			return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("template %s needs the indicator %s, which is not defined", q.Template, id)}
		}
		s := Section{Definition: d, Num: empty(t)}
		if d.Ratio {
			s.Den = empty(t)
		}
		t.Sections = append(t.Sections, s)
	}
	if err := p.fill(ctx, t, lines); err != nil {
		return nil, fmt.Errorf("read the values of run %s: %w", t.Run, err)
	}
	return t, nil
}

// empty is a grid of zeros: a cell without a row counts nothing.
func empty(t *Table) [][]Cell {
	out := make([][]Cell, len(t.Lines))
	for i := range out {
		out[i] = make([]Cell, len(t.Columns))
	}
	return out
}

// inputs reads the run, its definitions and the kind of warehouse.
func (p *Publisher) inputs(ctx context.Context, run string, t *Table) error {
	var asOf time.Time
	err := p.db.QueryRow(ctx, `SELECT c.run_id, r.definitions, c.as_of FROM run_commit AS c INNER JOIN run AS r ON r.run_id = c.run_id
WHERE c.family = 'indicator' AND ({run:String} = '' OR c.run_id = {run:String}) ORDER BY c.committed DESC, c.run_id DESC LIMIT 1`,
		warehouse.Param("run", run)).Scan(&t.Run, &t.Definitions, &asOf)
	if err != nil {
		return &warehouse.Error{Code: warehouse.NotFound, Message: "no committed run of the indicators: wait for one, or name another run", Err: err}
	}
	t.AsOf = time.Date(asOf.Year(), asOf.Month(), asOf.Day(), 0, 0, 0, 0, time.UTC)
	var simulated uint64
	if err := p.db.QueryRow(ctx, `SELECT countIf(kind = 'simulated') FROM warehouse_birth`).Scan(&simulated); err != nil {
		return fmt.Errorf("read the kind of warehouse: %w", err)
	}
	t.Simulated = simulated > 0
	return nil
}

// lineSource is a line with the coverage its values are read by.
type lineSource struct {
	Line
	coverage string
}

// lines are the whole country, the national procuratorate's own cases, and
// every procuratorate it leads with all it leads, in administrative order.
func (p *Publisher) lines(ctx context.Context, sc access.Scope) ([]lineSource, error) {
	register, err := access.LoadRegister(ctx, p.db)
	if err != nil {
		return nil, fmt.Errorf("load the organ register: %w", err)
	}
	var top access.Organ
	for _, o := range register.All() {
		if o.System == "procuratorate" && o.Level == "national" && o.LedBy == "" {
			top = o
			break
		}
	}
	if top.ID == "" {
		return nil, &warehouse.Error{Code: warehouse.Conflict, Message: "the register has no national procuratorate: load the organs first"}
	}
	out := []lineSource{{Line{top.ID, top.Code, "全国"}, "closure"}, {Line{top.ID + "/own", top.Code, top.Name + "本级"}, "own"}}
	for _, o := range register.All() {
		if o.System == "procuratorate" && o.LedBy == top.ID {
			out = append(out, lineSource{Line{o.ID, o.Code, o.Name}, "closure"})
		}
	}
	for _, l := range out {
		if !sc.Allows(l.organ(), "general") {
			return nil, &warehouse.Error{Code: warehouse.Forbidden, Message: "a national table needs the right to see every province"}
		}
	}
	return out, nil
}

// organ is the organ id of a line.
func (l lineSource) organ() string { return strings.TrimSuffix(l.Organ, "/own") }

// fill reads every value of the table in one query.
func (p *Publisher) fill(ctx context.Context, t *Table, lines []lineSource) error {
	var ids, organs, periods []string
	section, column, line := map[string]int{}, map[string]int{}, map[string]int{}
	for i, s := range t.Sections {
		ids, section[s.ID] = append(ids, s.ID), i
	}
	for i, c := range t.Columns {
		periods, column[c.Kind+":"+c.Period] = append(periods, c.Kind+":"+c.Period), i
	}
	for i, l := range lines {
		organs, line[l.organ()+" "+l.coverage] = append(organs, l.organ()), i
	}
	values := rollup.Ask{Periods: "concat(kind, ':', period) IN {periods:Array(String)}", Where: "dim = '' AND indicator IN {ids:Array(String)}", Organ: "organ_id IN {organs:Array(String)}"}
	rows, err := p.db.Query(ctx, `SELECT indicator, concat(period_kind, ':', period), concat(organ_id, ' ', toString(coverage)), toInt64(num), num = toInt64(num) AND ifNull(den = toInt64(den), true), toInt64(ifNull(den, 0)), undetermined
FROM `+values.SQL()+`
WHERE status = 'value'`,
		warehouse.Param("run", t.Run), warehouse.Param("ids", warehouse.Array(ids)), warehouse.Param("periods", warehouse.Array(periods)), warehouse.Param("organs", warehouse.Array(organs)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, period, organ string
		var num, den int64
		var whole bool
		var undetermined uint64
		if err := rows.Scan(&id, &period, &organ, &num, &whole, &den, &undetermined); err != nil {
			return err
		}
		l, ok := line[organ]
		if !ok {
			continue
		}
		if !whole {
			return fmt.Errorf("%s of %s in %s is not a count", id, organ, period)
		}
		s := &t.Sections[section[id]]
		s.Num[l][column[period]].Value = num
		if s.Den != nil {
			s.Den[l][column[period]].Value = den
		}
		if l == 0 && column[period] == len(t.Columns)-1 {
			s.Undetermined = undetermined
		}
	}
	return rows.Err()
}
