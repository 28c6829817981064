package indicator

import (
	"fmt"
	"slices"
	"strings"
)

// monthsColumns are the columns of indicator_months in the order of every statement here.
const monthsColumns = "run_id, generation, indicator, dim, organ_id, months, num, den, n, undetermined"

// foldedTuple is the type of the cells of one organ before they are written.
const foldedTuple = "Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))"

// fold writes the SQL of one scan with the months of an organ folded into one
// row: a group is counted once, and what is written is one row per indicator and
// organ instead of one per month.
type fold struct {
	statement
	values []string // SQL of the sums of one group, each stored as an array
}

// insertMonthsSQL is the statement that writes what scans of one source count.
func insertMonthsSQL(selects []string) string {
	return "INSERT INTO indicator_months (" + monthsColumns + ")\n" + strings.Join(selects, "\nUNION ALL\n")
}

// foldSQL lists the SELECTs that count every part of a scan: one for whole organs
// and months, one for their slices, which reads and counts only what is sliced.
func foldSQL(s scan, from string, signed bool) []string {
	if s.otherwise == "" {
		s.parts = slices.Clone(s.parts)
		for i := range s.parts {
			s.parts[i].where = s.parts[i].where.given(s.date)
		}
	}
	whole := &fold{statement: statement{scan: s, signed: signed}}
	out := []string{whole.sql(from)}
	sliced := &fold{statement: statement{scan: s, signed: signed}}
	sliced.parts = nil
	for _, p := range s.parts {
		for _, dim := range p.slices {
			if !slices.Contains(sliced.slices, dim) {
				sliced.slices = append(sliced.slices, dim)
			}
		}
		if len(p.slices) > 0 {
			sliced.parts = append(sliced.parts, p)
		}
	}
	slices.Sort(sliced.slices)
	if len(sliced.slices) > 0 {
		out = append(out, sliced.sql(from))
	}
	if signed {
		for i := range out {
			out[i] = strings.ReplaceAll(out[i], asOfParam, "as_at")
		}
	}
	return out
}

// given is a condition on rows that are known to have a value in a column.
func (e *expression) given(column string) *expression {
	switch {
	case e.operator == "not" && e.kids[0].operator == "null" && e.kids[0].column == column:
		return &expression{operator: "all"}
	case e.operator != "and":
		return e
	}
	var kids []*expression
	for _, k := range e.kids {
		if k = k.given(column); k.operator != "all" {
			kids = append(kids, k)
		}
	}
	return all(kids...)
}

// sql is the SELECT of one set of groups.
func (f *fold) sql(from string) string {
	cells := f.cellsOf()
	group, outer, dim, kept := "of_organ", "of_organ", "tupleElement(cell, 2)", "true"
	columns, sets := []string{f.organ + " AS of_organ", groupMonthSQL(f.place) + " AS in_month"}, "of_organ, in_month"
	switch {
	case f.bins:
		columns, sets = append(columns, daysSQL(f.days)+" AS bin"), sets+", bin"
		group, outer, dim = "of_organ, bin", "of_organ, bin", "concat('days=', leftPad(toString(assumeNotNull(bin)), 3, '0'))"
	case len(f.slices) > 0:
		var each, which, value []string
		for i, name := range f.slices {
			columns = append(columns, fmt.Sprintf("%s AS slice%d, grouping(slice%d) AS whole%d", name, i, i, i))
			each = append(each, fmt.Sprintf("(of_organ, in_month, slice%d)", i))
			which = append(which, fmt.Sprintf("whole%d = 0, %d", i, i+1))
			value = append(value, fmt.Sprintf("whole%d = 0, concat('%s=', ifNull(toString(slice%d), 'unrecorded'))", i, name, i))
		}
		sets = "GROUPING SETS (" + strings.Join(each, ", ") + ")"
		group = fmt.Sprintf("of_organ, multiIf(%s, 0) AS which, multiIf(%s, '') AS slice", strings.Join(which, ", "), strings.Join(value, ", "))
		outer, dim, kept = "of_organ, which, slice", "slice", "bitTest(toUInt64(tupleElement(c, 2)), which)"
	}
	folded := make([]string, len(f.values))
	for i, v := range f.values {
		folded[i] = fmt.Sprintf("groupArray(%s) AS v%d", v, i)
	}
	organ, join := "toString(assumeNotNull(of_organ))", ""
	if f.supervisor {
		organ, join = "ifNull(supervisor, toString(assumeNotNull(of_organ)))", strings.ReplaceAll(supervisorsSQL, "counted.of_organ", "toString(assumeNotNull(counted.of_organ))")
	}
	return fmt.Sprintf(`SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), %s, %s, months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT %s, months, arrayJoin(arrayFilter(c -> %s AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([%s], '%s'))) AS cell
    FROM
    (
        SELECT %s, groupArray(toDate32(in_month)) AS months,
            %s
        FROM
        (
            SELECT %s,
                %s
            FROM %s AS s
            WHERE %s
            GROUP BY %s
        )
        GROUP BY %s
    )
) AS counted%s`, dim, organ, outer, kept, strings.Join(cells, ",\n        "), foldedTuple, group, strings.Join(folded, ",\n            "),
		strings.Join(columns, ", "), strings.Join(f.aggregates, ",\n                "), from, f.countsSQL(), sets, outer, join)
}

// fewConditions is how many conditions of a scan are at most asked for beforehand,
// so that rows that play no part are not put into groups.
const fewConditions = 8

// countsSQL says whether a row counts in one of these groups.
func (f *fold) countsSQL() string {
	text := "notEmpty(" + organSQL(f.organ) + ") AND isNotNull(" + daySQL(f.place) + ")"
	if f.bins {
		text += " AND isNotNull(bin)"
	}
	var plays []string
	for _, p := range f.parts {
		if play := p.where.sql(); !slices.Contains(plays, play) {
			plays = append(plays, play)
		}
	}
	if len(plays) <= fewConditions && !slices.Contains(plays, everyRow) {
		text += " AND (" + strings.Join(plays, " OR ") + ")"
	}
	return text
}

// cellsOf lists the cells of one organ: indicator, dim (or the set of its slices
// as bits) and the four sums.
func (f *fold) cellsOf() []string {
	var cells []string
	for _, c := range f.sums(func(p part) bool { return true }) {
		dim := c.dim
		if len(f.slices) > 0 {
			bits := 0
			for i, name := range f.slices {
				if slices.Contains(c.slices, name) {
					bits |= 1 << (i + 1)
				}
			}
			dim = fmt.Sprint(bits)
		}
		den := "[]"
		if c.divided {
			den = f.value("toDecimal64(" + plus(c.sums[1]) + ", 2)")
		}
		cells = append(cells, fmt.Sprintf("('%s', '%s', %s, %s, %s, %s)", c.indicator, dim, f.value("toDecimal64("+plus(c.sums[0])+", 2)"), den,
			f.value("toInt64("+plus(c.sums[2])+")"), f.value("toInt64("+plus(c.sums[3])+")")))
	}
	return cells
}

// value is the alias of a sum of one group as an array over months.
func (f *fold) value(sql string) string {
	at := slices.Index(f.values, sql)
	if at < 0 {
		at = len(f.values)
		f.values = append(f.values, sql)
	}
	return fmt.Sprintf("v%d", at)
}

// groupMonthSQL is monthSQL as a key of groups.
func groupMonthSQL(p place) string {
	if p.until != "" {
		return monthSQL(p)
	}
	return "toStartOfMonth(toDate32(assumeNotNull(" + daySQL(p) + ")))"
}
