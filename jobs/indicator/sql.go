package indicator

import (
	"fmt"
	"slices"
	"strings"
)

// cellColumns are the columns of indicator_cell in the order of every statement here.
const cellColumns = "run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined"

// asOfParam is the day of reckoning as a bound parameter.
const asOfParam = "{as_of:Date32}"

// baseAsOfParam is the day of reckoning of the run on which this one builds.
const baseAsOfParam = "{base_as_of:Date32}"

// statement writes the SQL of one scan: conditions become aggregates, equal ones
// one; aggregates become cells.
type statement struct {
	scan
	signed     bool // rows carry a sign: what changed since another run
	aggregates []string
	cells      []string
	slices     []string
}

// insertSQL is the statement that writes what scans of one source count.
func insertSQL(selects []string) string {
	return "INSERT INTO indicator_cell (" + cellColumns + ")\n" + strings.Join(selects, "\nUNION ALL\n")
}

// insertPairsSQL is the statement that writes pairs of cell and person.
func insertPairsSQL(pairs string) string {
	return "INSERT INTO indicator_person (run_id, generation, indicator, organ_id, month, person)\n" + pairs
}

// scanSQL is the SELECT that counts every part of a scan by month and own
// organ in one pass over from.
func scanSQL(s scan, from string, signed bool) string {
	x := &statement{scan: s, signed: signed}
	for _, p := range s.parts {
		for _, dim := range p.slices {
			if !slices.Contains(x.slices, dim) {
				x.slices = append(x.slices, dim)
			}
		}
	}
	slices.Sort(x.slices)
	x.collect("")
	for _, dim := range x.slices {
		x.collect(dim)
	}
	groups, sets := "of_organ, in_month", ""
	columns := make([]string, 0, len(x.slices)+len(x.aggregates))
	if s.bins {
		groups += ", bin"
		columns = append(columns, daysSQL(s.days)+" AS bin")
	}
	for i, dim := range x.slices {
		columns = append(columns, fmt.Sprintf("ifNull(toString(%s), 'unrecorded') AS slice%d, grouping(slice%d) AS whole%d", dim, i, i, i))
		sets += fmt.Sprintf(", (of_organ, in_month, slice%d)", i)
	}
	if sets != "" {
		groups = "GROUPING SETS ((of_organ, in_month)" + sets + ")"
	}
	columns = append(columns, x.aggregates...)
	organ, join := "of_organ", ""
	if s.supervisor {
		organ, join = "ifNull(supervisor, of_organ)", supervisorsSQL
	}
	return fmt.Sprintf(`SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), %s, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        %s))) AS cell
    FROM
    (
        SELECT %s AS of_organ, %s AS in_month,
            %s
        FROM %s AS s
        WHERE %s AND of_organ != ''
        GROUP BY %s
    )
) AS counted%s`, organ, strings.Join(x.cells, ",\n        "), organSQL(s.organ), monthSQL(s.place), strings.Join(columns, ",\n            "), from, countsSQL(s.place), groups, join)
}

// supervisorsSQL joins the procuratorate that supervises an organ; an organ
// without one keeps its own cells.
const supervisorsSQL = `
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised`

// cellSum is one cell of a statement: numerator, denominator, n and undetermined
// as the aliases that are added up.
type cellSum struct {
	indicator, dim string
	divided        bool
	slices         []string
	sums           [4][]string
}

// sums lists the cells of the wanted parts in the order of their first part.
func (x *statement) sums(wanted func(part) bool) []*cellSum {
	type cellID struct{ indicator, dim string }
	at := map[cellID]*cellSum{}
	var out []*cellSum
	for _, p := range x.parts {
		if !wanted(p) {
			continue
		}
		id := cellID{p.indicator, p.dim}
		c := at[id]
		if c == nil {
			c = &cellSum{indicator: p.indicator, dim: p.dim, divided: p.divided && !p.bins, slices: p.slices}
			at[id] = c
			out = append(out, c)
		}
		amount := x.aggregate(p.where, p.weight)
		if p.role == roleNumerator {
			c.sums[0] = append(c.sums[0], amount)
		}
		if p.inner {
			den := amount
			if p.mean {
				den = x.aggregate(p.where, "")
			}
			c.sums[1] = append(c.sums[1], den)
		}
		if p.rows {
			c.sums[2] = append(c.sums[2], x.aggregate(p.where, ""))
		}
		if p.role == roleUndetermined {
			c.sums[3] = append(c.sums[3], amount)
		}
	}
	return out
}

// collect writes the cells of one set of groups: whole organs and months, or
// also split by one slice.
func (x *statement) collect(slice string) {
	var cells []string
	for _, c := range x.sums(func(p part) bool { return slice == "" || slices.Contains(p.slices, slice) }) {
		den := "NULL"
		if c.divided {
			den = "toDecimal64(" + plus(c.sums[1]) + ", 2)"
		}
		dim := "'" + c.dim + "'"
		switch {
		case x.bins:
			dim = "concat('days=', leftPad(toString(bin), 3, '0'))"
		case slice != "":
			dim = fmt.Sprintf("concat('%s=', slice%d)", slice, slices.Index(x.slices, slice))
		}
		cells = append(cells, fmt.Sprintf("CAST(tuple('%s', %s, toDecimal64(%s, 2), %s, %s, %s), '%s')", c.indicator, dim, plus(c.sums[0]), den, plus(c.sums[2]), plus(c.sums[3]), cellTuple))
	}
	list := "[" + strings.Join(cells, ",\n            ") + "]"
	if len(x.slices) > 0 {
		var wholes []string
		for i, dim := range x.slices {
			want := 1
			if dim == slice {
				want = 0
			}
			wholes = append(wholes, fmt.Sprintf("whole%d = %d", i, want))
		}
		list = "if(" + strings.Join(wholes, " AND ") + ", " + list + ", [])"
	}
	x.cells = append(x.cells, list)
}

// cellTuple is the type of one cell before it is written.
const cellTuple = "Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)"

// aggregate returns the alias of a count or sum over the rows that fulfil a
// condition, adding it where no equal one stands.
func (x *statement) aggregate(where *expression, weight string) string {
	text := "countIf(" + where.sql() + ")"
	switch {
	case x.signed && weight != "":
		text = "sumIf(sign * " + weight + ", " + where.sql() + ")"
	case x.signed:
		text = "sumIf(sign, " + where.sql() + ")"
	case weight != "":
		text = "sumIf(" + weight + ", " + where.sql() + ")"
	}
	for i, a := range x.aggregates {
		if strings.HasPrefix(a, text+" AS ") {
			return fmt.Sprintf("c%d", i)
		}
	}
	x.aggregates = append(x.aggregates, fmt.Sprintf("%s AS c%d", text, len(x.aggregates)))
	return fmt.Sprintf("c%d", len(x.aggregates)-1)
}

// plus adds up aliases; none are 0.
func plus(aliases []string) string {
	if len(aliases) == 0 {
		return "0"
	}
	return strings.Join(aliases, " + ")
}

// organSQL is the organ id of a row, "" where it names none.
func organSQL(column string) string { return "ifNull(toString(" + column + "), '')" }

// daySQL is the day by which a row counts.
func daySQL(p place) string {
	if p.otherwise == "" {
		return p.date
	}
	return "coalesce(" + p.date + ", " + p.otherwise + ")"
}

// monthSQL is the first day of the month in which a row counts. A row of a stock
// counts in every month at whose end, or on the day of reckoning, it is there.
func monthSQL(p place) string {
	day := "toDate32(assumeNotNull(" + daySQL(p) + "))"
	first := "toDate32(toStartOfMonth(" + day + "))"
	if p.until == "" {
		return first
	}
	last := fmt.Sprintf("if(isNull(%[1]s) OR toDate32(%[1]s) > %[2]s, %[2]s, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(%[1]s)))), -1))", p.until, asOfParam)
	return fmt.Sprintf("arrayJoin(arrayMap(i -> addMonths(%s, i), range(toUInt32(greatest(0, if(%s > %s, 0, dateDiff('month', %s, %s) + 1))))))", first, day, asOfParam, day, last)
}

// countsSQL says whether a row counts anywhere.
func countsSQL(p place) string {
	if p.bins {
		return "isNotNull(" + daySQL(p) + ") AND isNotNull(bin)"
	}
	return "isNotNull(" + daySQL(p) + ")"
}

// daysSQL is the number of whole days between two columns, 999 at most; missing
// where one of them is.
func daysSQL(d Days) string {
	return "dateDiff('day', toDate32(" + d.From + "), least(toDate32(" + d.To + "), addDays(toDate32(" + d.From + "), 999)))"
}

// pairsSQL is the SELECT of the pairs (cell, person) of distinct counts.
func pairsSQL(s scan, from string) string {
	lines := make([]string, len(s.parts))
	for i, p := range s.parts {
		lines[i] = fmt.Sprintf("if(%s, '%s', '')", p.where.sql(), p.indicator)
	}
	organ, join := "of_organ", ""
	if s.supervisor {
		organ, join = "ifNull(supervisor, of_organ)", supervisorsSQL
	}
	return fmt.Sprintf(`SELECT DISTINCT {pairs:String}, {generation:UInt32}, of_indicator, %s, in_month, person
FROM
(
    SELECT %s AS of_organ, %s AS in_month, ifNull(toString(%s), '') AS person, arrayJoin([%s]) AS of_indicator
    FROM %s AS s
    WHERE %s
) AS counted%s
WHERE of_organ != '' AND of_indicator != '' AND person != ''`, organ, organSQL(s.organ), monthSQL(s.place), s.distinct, strings.Join(lines, ", "), from, countsSQL(s.place), join)
}

// lostSQL counts, per indicator, the rows that play a role and name no organ.
func lostSQL(parts []part, from string) string {
	plays := map[string][]string{}
	var order []string
	for _, p := range parts {
		if plays[p.indicator] == nil {
			order = append(order, p.indicator)
		}
		plays[p.indicator] = append(plays[p.indicator], p.where.sql())
	}
	counts := make([]string, len(order))
	for i, id := range order {
		counts[i] = fmt.Sprintf("tuple('%s', countIf(%s))", id, strings.Join(slices.Compact(slices.Sorted(slices.Values(plays[id]))), " OR "))
	}
	return fmt.Sprintf("SELECT tupleElement(lost, 1), tupleElement(lost, 2), '%s', '%s' FROM (SELECT arrayJoin([%s]) AS lost FROM %s AS s WHERE %s = '') WHERE tupleElement(lost, 2) > 0",
		parts[0].from, parts[0].organ, strings.Join(counts, ", "), from, organSQL(parts[0].organ))
}

// identitySQL counts, per number of roles that a row of the universe plays, the
// rows; num + other + undetermined = all holds when every row plays exactly one.
func identitySQL(ind Indicator, from string) string {
	var plays []string
	seen := map[string]bool{}
	for _, p := range planOf(ind) {
		play := "toUInt8(" + p.where.sql() + " AND isNotNull(" + daySQL(p.place) + "))"
		if !seen[play] && !p.bins && p.distinct == "" {
			seen[play] = true
			plays = append(plays, play)
		}
	}
	return fmt.Sprintf("SELECT toUInt8(%s) AS in_universe, toUInt8(%s) AS roles, count() FROM %s AS s\nGROUP BY in_universe, roles",
		all(ind.universe).sql(), strings.Join(plays, " + "), from)
}

// everyRow is the condition that every row fulfils.
const everyRow = "true"

// sql writes a condition; every leaf is true or false, never missing.
func (e *expression) sql() string {
	switch e.operator {
	case "all":
		return everyRow
	case "true":
		return "ifNull(" + e.column + ", false)"
	case "null":
		return "isNull(" + e.column + ")"
	case "not":
		return "NOT " + e.kids[0].sql()
	case "in":
		return "ifNull(" + e.column + " IN (" + strings.Join(e.values, ", ") + "), false)"
	case "and", "or":
		kids := make([]string, len(e.kids))
		for i, k := range e.kids {
			kids[i] = k.sql()
		}
		return "(" + strings.Join(kids, " "+strings.ToUpper(e.operator)+" ") + ")"
	}
	return "ifNull(" + e.column + " " + e.operator + " " + e.values[0] + ", false)"
}
