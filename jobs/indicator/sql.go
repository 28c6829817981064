package indicator

import (
	"fmt"
	"strings"

	"hengjian/warehouse/contract"
)

// valueColumns are the columns of indicator_value in the order of every statement here.
const valueColumns = "run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed, low, high, note"

// monthsSQL is the statement that computes an indicator by month and own organ.
func monthsSQL(ind Indicator, contracts *contract.Catalogue) string {
	p := planOf(ind)
	den := "CAST(NULL, 'Nullable(Decimal(38, 2))')"
	if p.denominator != nil {
		den = "sumIf(amount, role IN (" + quoted(p.denominator) + "))"
	}
	shares := make([]string, len(p.shares))
	for i, s := range p.shares {
		shares[i] = fmt.Sprintf("tuple('%s', sumIf(amount, role = '%s'))", s.dim, s.role)
	}
	return fmt.Sprintf(`INSERT INTO indicator_value (%s)
SELECT
    {run:String}, {generation:UInt32}, 'live', '%s', 'month',
    concat(toString(intDiv(in_month, 12)), '-', leftPad(toString(in_month %% 12 + 1), 2, '0')),
    makeDate32(intDiv(in_month, 12), in_month %% 12 + 1, 1) AS first_day,
    addDays(addMonths(first_day, 1), -1) AS last_day,
    of_organ, 'own', tupleElement(share, 1), tupleElement(share, 2), of_all, of_rows, of_unknown,
    'value', '', NULL, NULL, if(last_day > {as_of:Date32}, 'incomplete', '')
FROM
(
    SELECT
        of_organ, in_month,
        arrayJoin([%s]) AS share,
        %s AS of_all,
        countIf(role IN (%s)) AS of_rows,
        countIf(role = '%s') AS of_unknown
    FROM
    (
        SELECT of_organ, tupleElement(part, 1) AS role, tupleElement(part, 3) AS amount,
            assumeNotNull(toYear(tupleElement(part, 2)) * 12 + toMonth(tupleElement(part, 2)) - 1) AS in_month
        FROM
        (
            SELECT
                ifNull(toString(%s), '') AS of_organ,
                arrayJoin(arrayFilter(p -> tupleElement(p, 4) AND isNotNull(tupleElement(p, 2)), [
%s
                ])) AS part
            FROM %s AS s
        )
        WHERE of_organ != ''
    )
    GROUP BY of_organ, in_month
)`, valueColumns, ind.ID, strings.Join(shares, ", "), den, quoted(p.counted), roleUndetermined, p.organ, partsSQL(p), sourceSQL(p.from, contracts))
}

// partsSQL is the list of roles of a row: role, day, amount, whether it plays it.
func partsSQL(p plan) string {
	lines := make([]string, len(p.parts))
	for i, x := range p.parts {
		amount := "toDecimal128(1, 2)"
		if x.sum != "" {
			amount = "toDecimal128(ifNull(" + x.sum + ", 0), 2)"
		}
		lines[i] = fmt.Sprintf("                    tuple('%s', CAST(%s, 'Nullable(Date32)'), %s, %s)", x.role, x.day(), amount, x.where.sql())
	}
	return strings.Join(lines, ",\n")
}

// day is the day whose month a row counts in.
func (x part) day() string {
	if x.otherwise == "" {
		return x.date
	}
	return "coalesce(" + x.date + ", " + x.otherwise + ")"
}

// sourceSQL is what the run knows of a record type, or its verdicts.
func sourceSQL(from string, contracts *contract.Catalogue) string {
	if from == fromVerdict {
		return "(SELECT * FROM verdict WHERE run_id = {run:String})"
	}
	t, _ := contracts.Type(from)
	return t.StateSQL()
}

// lostSQL counts the rows of the universe that name no organ.
func lostSQL(ind Indicator, contracts *contract.Catalogue) string {
	p := planOf(ind)
	plays := make([]string, len(p.parts))
	for i, x := range p.parts {
		plays[i] = x.where.sql()
	}
	return fmt.Sprintf("SELECT count() FROM %s AS s\nWHERE ifNull(toString(%s), '') = '' AND (%s)",
		sourceSQL(p.from, contracts), p.organ, strings.Join(plays, "\n  OR "))
}

// identitySQL counts, per number of roles that a row of the universe plays, the
// rows; num + other + undetermined = all holds when every row plays exactly one.
func identitySQL(ind Indicator, contracts *contract.Catalogue) string {
	p := planOf(ind)
	plays := make([]string, len(p.parts))
	for i, x := range p.parts {
		plays[i] = "toUInt8(" + x.where.sql() + " AND isNotNull(" + x.day() + "))"
	}
	return fmt.Sprintf("SELECT toUInt8(%s) AS in_universe, toUInt8(%s) AS roles, count() FROM %s AS s\nGROUP BY in_universe, roles",
		all(p.universe).sql(), strings.Join(plays, " + "), sourceSQL(p.from, contracts))
}

// sql writes a condition; every leaf is true or false, never missing.
func (e *expression) sql() string {
	switch e.operator {
	case "all":
		return "true"
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

// quoted writes names of roles as SQL texts.
func quoted(names []string) string { return "'" + strings.Join(names, "', '") + "'" }

// closureSQL adds up months of all organs that a procuratorate leads, itself included.
const closureSQL = `INSERT INTO indicator_value (` + valueColumns + `)
SELECT
    {run:String}, {generation:UInt32}, 'live', indicator, period_kind, period, period_from, period_to,
    of_organ, 'closure', dim, sum(num), sum(den), sum(n), sum(undetermined), 'value', '', NULL, NULL, any(note)
FROM
(
    SELECT indicator, period_kind, period, period_from, period_to, dim, num, den, n, undetermined, note,
        arrayJoin({above:Map(String, Array(String))}[toString(organ_id)]) AS of_organ
    FROM indicator_value
    WHERE run_id = {run:String} AND vintage = 'live' AND period_kind = 'month' AND coverage = 'own'
)
GROUP BY indicator, period_kind, period, period_from, period_to, of_organ, dim`

// periodsSQL adds up months to quarters, half years, years and every year to date.
const periodsSQL = `INSERT INTO indicator_value (` + valueColumns + `)
SELECT
    {run:String}, {generation:UInt32}, 'live', indicator, tupleElement(span, 1), tupleElement(span, 2), tupleElement(span, 3),
    addDays(addMonths(tupleElement(span, 3), tupleElement(span, 4)), -1) AS last_day,
    organ_id, coverage, dim, sum(num), sum(den), sum(n), sum(undetermined), 'value', '', NULL, NULL,
    if(last_day > {as_of:Date32}, 'incomplete', '')
FROM
(
    SELECT indicator, organ_id, coverage, dim, num, den, n, undetermined,
        toYear(period_from) AS of_year, toMonth(period_from) AS of_month, toString(of_year) AS year_text,
        arrayJoin(arrayConcat(
            [
                tuple('quarter', concat(year_text, 'Q', toString(intDiv(of_month + 2, 3))), makeDate32(of_year, intDiv(of_month - 1, 3) * 3 + 1, 1), 3),
                tuple('half', concat(year_text, 'H', toString(intDiv(of_month + 5, 6))), makeDate32(of_year, intDiv(of_month - 1, 6) * 6 + 1, 1), 6),
                tuple('year', year_text, makeDate32(of_year, 1, 1), 12)
            ],
            arrayMap(m -> tuple('ytd', concat(year_text, '-', leftPad(toString(m), 2, '0')), makeDate32(of_year, 1, 1), toUInt8(m)),
                range(of_month, greatest(of_month, if(of_year < toYear({as_of:Date32}), 12, toMonth({as_of:Date32}))) + 1))
        )) AS span
    FROM indicator_value
    WHERE run_id = {run:String} AND vintage = 'live' AND period_kind = 'month'
)
GROUP BY indicator, span, organ_id, coverage, dim`
