// Package rollup writes the statement that adds the cells of indicators up to
// values (汇总). It owns the order of adding: organs, months, periods; it promises
// that whatever is asked reads only the cells it needs, and that every reader
// gets the figures that the view indicator_rollup shows. It never runs a
// statement and never writes a value of a reader into one.
package rollup

import (
	"fmt"
	"strings"
)

// Ask says which live values (当期值) of the run {run:String} are read. Conditions are
// SQL with bound parameters; "" lets everything through.
type Ask struct {
	Coverage string // own or closure; "" = both
	Where    string // over indicator and dim
	Organ    string // over organ_id, the organ of the value
	Periods  string // over kind, period, first_day and last_day, as period_calendar has them
	Edition  string // ending of the edition of the register that a closure follows; "" = the run's
	Sums     bool   // distinct persons are not asked for
}

// asOf is the day of reckoning (基准日) of the run, begun the month in which it lies.
const (
	asOf       = "assumeNotNull((SELECT max(as_of) FROM indicator_part WHERE run_id = {run:String}))"
	begun      = "toDate32(toStartOfMonth(" + asOf + "))"
	generation = "assumeNotNull((SELECT max(generation) FROM indicator_part WHERE run_id = {run:String}))"
)

// SQL is the SELECT in parentheses, with the columns of the view indicator_rollup.
func (a Ask) SQL() string {
	parts := []string{a.sums(), a.stored()}
	if !a.Sums {
		parts = append(parts, a.persons())
	}
	return "(" + strings.Join(parts, "\n    UNION ALL\n") + ")"
}

// sums adds up what is additive over organs, and over months where it is no stock:
// a stock's period shows its last month.
func (a Ask) sums() string {
	cells := a.organs("indicator, dim, month", ", sum(num) AS num, sum(den) AS den, sum(n) AS n, sum(undetermined) AS undetermined",
		"SELECT indicator, dim, organ_id, month, toDecimal128(num, 2) AS num, CAST(den, 'Nullable(Decimal(38, 2))') AS den, n, undetermined FROM indicator_counted", "< 2")
	return a.valueSQL("sum(num) AS num, sum(den) AS den, toUInt64(sum(n)) AS n, toUInt64(sum(undetermined)) AS undetermined", cells,
		" AND (month = least(closes, "+begun+") OR indicator NOT IN (SELECT indicator FROM indicator_part WHERE run_id = {run:String} AND stock = 1))",
		"\n    HAVING n != 0 OR undetermined != 0 OR num != 0")
}

// persons counts each person once over any set of organs and months.
func (a Ask) persons() string {
	pairs := a.organs("indicator, dim, month, person", "", "SELECT indicator, '' AS dim, organ_id, month, person FROM indicator_person", "= 2")
	return a.valueSQL("toDecimal128(uniqExact(person), 2) AS num, CAST(NULL, 'Nullable(Decimal(38, 2))') AS den, uniqExact(person) AS n, toUInt64(0) AS undetermined", pairs, "", "")
}

// stored are values that a run stored as they are.
func (a Ask) stored() string {
	coverage := ""
	if a.Coverage != "" {
		coverage = "coverage = '" + a.Coverage + "'"
	}
	return `    SELECT run_id, generation, 'live', indicator, period_kind AS kind, period, period_from AS first_day, period_to AS last_day, organ_id, toString(coverage), dim, num, den, n, undetermined, toString(status), printed, low, high, note
    FROM indicator_value WHERE run_id = {run:String} AND vintage = 'live'` + and(coverage) + and(a.Where) + and(a.Organ) + and(a.Periods)
}

// valueSQL adds months up to periods, as rows of the view. A year to date ends
// with a month that has begun.
func (a Ask) valueSQL(sums, months, more, having string) string {
	periods := ""
	if a.Periods != "" {
		periods = " WHERE " + a.Periods
	}
	return fmt.Sprintf(`    SELECT {run:String} AS run_id, %s AS generation, 'live' AS vintage, indicator, kind AS period_kind, period, any(first_day) AS period_from, any(last_day) AS period_to, organ_id, coverage, dim, %s, 'value' AS status, '' AS printed,
        CAST(NULL, 'Nullable(Decimal(38, 4))') AS low, CAST(NULL, 'Nullable(Decimal(38, 4))') AS high, if(period_to > %s, 'incomplete', '') AS note
    FROM
    (
%s
    ) AS m
    INNER JOIN (SELECT kind, period, month AS of_month, first_day, last_day, closes FROM period_calendar%s) AS k ON k.of_month = m.month
    WHERE (kind != 'ytd' OR closes <= greatest(month, %s))%s
    GROUP BY indicator, kind, period, organ_id, coverage, dim%s`, generation, sums, asOf, months, periods, begun, more, having)
}

// organs groups the rows of the parts that make up the indicators of some stocks
// for the organ itself, and for every procuratorate above it.
func (a Ask) organs(keys, sums, rows, stock string) string {
	rows += "\n            WHERE (indicator, run_id) IN (SELECT indicator, part FROM indicator_part WHERE run_id = {run:String} AND stock " + stock + ")" + and(a.Where)
	var out []string
	if a.Coverage != "closure" {
		out = append(out, fmt.Sprintf(`            SELECT %[1]s, organ_id, 'own' AS coverage%[2]s FROM (%[3]s%[4]s)
            GROUP BY %[1]s, organ_id`, keys, sums, rows, and(a.Organ)))
	}
	if a.Coverage != "own" {
		above := ""
		if a.Organ != "" {
			above = " WHERE " + a.Organ
		}
		out = append(out, fmt.Sprintf(`            SELECT %[1]s, a.organ_id AS organ_id, 'closure' AS coverage%[2]s FROM (%[3]s) AS c
            INNER JOIN (SELECT DISTINCT below, organ_id FROM (SELECT t.organ_id AS below, t.above AS organ_id FROM indicator_above AS t WHERE edition IN (SELECT concat(edition, '%[5]s') FROM indicator_part WHERE run_id = {run:String}))%[4]s) AS a ON a.below = c.organ_id
            GROUP BY %[1]s, a.organ_id`, keys, sums, rows, above, a.Edition))
	}
	return strings.Join(out, "\n            UNION ALL\n")
}

// and joins one more condition.
func and(condition string) string {
	if condition == "" {
		return ""
	}
	return " AND (" + condition + ")"
}
