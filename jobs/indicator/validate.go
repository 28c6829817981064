package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Validate lets the engine read every statement of the catalogue without
// running it: all scans in one EXPLAIN, and only where that fails one per
// indicator, so that the error names the guilty one. It answers how many
// statements there are.
func (j *Job) Validate(ctx context.Context) (int, error) {
	all := j.deps.Catalogue.Indicators()
	texts := j.selects(all)
	if j.explain(ctx, strings.Join(texts, "\nUNION ALL\n")) == nil {
		return len(texts), nil
	}
	var problems []string
	for _, ind := range all {
		for _, text := range j.selects([]Indicator{ind}) {
			if err := j.explain(ctx, text); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", ind.ID, err))
			}
		}
	}
	if len(problems) > 0 {
		return len(texts), &warehouse.Error{Code: warehouse.Invalid, Message: "the engine refuses indicators:\n" + strings.Join(problems, "\n")}
	}
	return len(texts), nil
}

// selects are the statements of indicators without their INSERT, each reduced
// to one column so that they can stand in one UNION.
func (j *Job) selects(indicators []Indicator) []string {
	var out []string
	for _, s := range scansOf(indicators) {
		from := j.deps.Catalogue.sourceSQL(s.from, j.deps.Contracts, j.anyReading())
		selects := foldSQL(s, from, false)
		if s.distinct != "" {
			selects = []string{pairsSQL(s, from)}
		}
		for _, sql := range selects {
			out = append(out, "SELECT count() FROM ("+sql+")")
		}
	}
	return out
}

// anyReading reads every record type from its current table: the shortest text.
func (j *Job) anyReading() map[string]reading {
	how := map[string]reading{}
	for _, t := range j.deps.Contracts.Types() {
		how[t.Name] = current
	}
	return how
}

// explain asks the engine for the plan of a statement; a text too long for one
// query fails like any other.
func (j *Job) explain(ctx context.Context, sql string) error {
	ctx, cancel := context.WithTimeout(long(ctx), j.config.Timeout)
	defer cancel()
	rows, err := j.deps.DB.Query(ctx, "EXPLAIN "+sql, warehouse.Param("run", ""), warehouse.Param("base", ""), warehouse.Param("pairs", ""), warehouse.Param("generation", "0"),
		warehouse.Param("as_of", time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
	}
	return rows.Err()
}

// SQL returns the statements that compute one indicator alone over the current
// tables, one row per cell, for people to read. A run gives the same cells, but
// counts all indicators of a source at once and folds their months (foldSQL).
func (c *Catalogue) SQL(ind Indicator, contracts *contract.Catalogue) string {
	how := map[string]reading{}
	for _, t := range contracts.Types() {
		how[t.Name] = current
	}
	var out []string
	for _, s := range scansOf([]Indicator{ind}) {
		from := c.sourceSQL(s.from, contracts, how)
		if s.distinct != "" {
			out = append(out, insertPairsSQL(pairsSQL(s, from))+";\n")
		} else {
			out = append(out, insertSQL([]string{scanSQL(s, from, false)})+";\n")
		}
	}
	return strings.Join(out, "\n")
}

// Needs lists, per record type, the columns that the catalogue reads of it: a
// scan of these is the least work that any way of counting must do.
func (c *Catalogue) Needs(contracts *contract.Catalogue) map[string][]string {
	out := map[string][]string{}
	add := func(from string, names ...string) {
		for _, name := range names {
			if name != "" && !slices.Contains(out[from], name) {
				out[from] = append(out[from], name)
			}
		}
	}
	for _, s := range scansOf(c.indicators) {
		if _, ok := contracts.Type(s.from); !ok {
			continue
		}
		add(s.from, s.organ, s.date, s.otherwise, s.days.From, s.days.To)
		add(s.from, s.leaving()...)
		for _, p := range s.parts {
			add(s.from, p.slices...)
			add(s.from, p.where.columns()...)
		}
	}
	return out
}

// columns lists the columns of a condition.
func (e *expression) columns() []string {
	var out []string
	if e.column != "" && !strings.Contains(e.column, "(") {
		out = append(out, e.column)
	}
	for _, k := range e.kids {
		out = append(out, k.columns()...)
	}
	return out
}
