package indicator

import (
	"context"
	"fmt"
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
		sql := scanSQL(s, from, false)
		if s.distinct != "" {
			sql = pairsSQL(s, from)
		}
		out = append(out, "SELECT count() FROM ("+sql+")")
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
	rows, err := j.deps.DB.Query(ctx, "EXPLAIN "+sql, warehouse.Param("run", ""), warehouse.Param("base", ""), warehouse.Param("generation", "0"),
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

// SQL returns the statements that compute one indicator over the current tables.
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
