package quality

import (
	"fmt"
	"strings"

	"hengjian/warehouse/contract"
)

// The kinds of check.
const (
	distinctKeys = "distinct_keys" // share of statements that repeat or contradict an earlier one; at most 5 %
	knownValues  = "known_values"  // share of values outside their code list or register; at most 1 %
	nonNull      = "non_null"      // share of rows without a value; at most 20 points above its own past
	readable     = "readable_dates"
	stableRows   = "stable_rows" // rows of a month; between half and double the median of the months before
)

// Kinds lists every kind of check.
func Kinds() []string { return []string{distinctKeys, knownValues, nonNull, readable, stableRows} }

// past is the frame of the trailing median: up to twelve months before.
const past = "ORDER BY month ROWS BETWEEN 12 PRECEDING AND 1 PRECEDING"

// recent are the months that are judged: the last three whole ones.
const recent = "month <= toDate32({until:String}) AND month > addMonths(toDate32({until:String}), -3)"

// checks gives every check of a type as kind, field, sender, month, bad, total,
// value, expected, breach.
func (k *Checker) checks(t *contract.Type) string {
	parts := []string{
		rowsSQL(t), nullsSQL(t), keysSQL(),
		codesSQL(t, knownValues, "'unknown_value', 'unknown_organ', 'unknown_region', 'never_allocated_region'"),
		codesSQL(t, readable, "'not_a_date', 'date_without_zone', 'future_date'"),
	}
	if f, ok := t.Field("charge"); ok && f.Kind == contract.KindString {
		parts = append(parts, chargesSQL(t))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// rowsSQL compares a month's rows with the median of the months before; a month
// without rows counts as none.
func rowsSQL(t *contract.Type) string {
	return fmt.Sprintf(`SELECT '%s' AS kind, '' AS field, sender, month, n AS bad, n AS total, toFloat64(n) AS value, median AS expected, seen >= 3 AND median >= {least:UInt32} AND (n < median * 0.5 OR n > median * 2) AS breach FROM
(SELECT sender, month, n, quantileExact(0.5)(toFloat64(n)) OVER (PARTITION BY sender %[2]s) AS median, count() OVER (PARTITION BY sender %[2]s) AS seen FROM
 (SELECT sender, arrayJoin(arrayMap(i -> addMonths(first, toInt32(i)), range(toUInt32(dateDiff('month', first, toDate32({until:String})) + 1)))) AS month, found[month] AS n FROM
  (SELECT sender, min(month) AS first, mapFromArrays(groupArray(month), groupArray(n)) AS found FROM
   (SELECT toString(sender) AS sender, toDate32(toStartOfMonth(business_on)) AS month, count() AS n FROM `+"`%[3]s`"+` FINAL WHERE retracted = 0 AND business_on < addMonths(toDate32({until:String}), 1) GROUP BY sender, month) GROUP BY sender)))
WHERE seen >= 3 AND `+recent, stableRows, past, t.Name)
}

// nullsSQL compares the share of empty values of each field with its own past.
func nullsSQL(t *contract.Type) string {
	var names, counts []string
	for _, c := range t.Columns() {
		if f := t.Fields[c.Field]; c.Part == "" && (!f.Required || f.OnBad == "flag") {
			names = append(names, "'"+c.Name+"'")
			counts = append(counts, "countIf(isNull(`"+c.Name+"`))")
		}
	}
	return fmt.Sprintf(`SELECT '%s' AS kind, field, sender, month, empty AS bad, n AS total, empty / n AS value, median AS expected, seen >= 3 AND n >= {least:UInt32} AND empty / n - median > 0.2 AS breach FROM
(SELECT sender, month, n, tupleElement(p, 1) AS field, tupleElement(p, 2) AS empty, quantileExact(0.5)(tupleElement(p, 2) / n) OVER (PARTITION BY sender, tupleElement(p, 1) %[2]s) AS median, count() OVER (PARTITION BY sender, tupleElement(p, 1) %[2]s) AS seen FROM
 (SELECT toString(sender) AS sender, toDate32(toStartOfMonth(business_on)) AS month, count() AS n, arrayJoin(arrayZip(CAST([%[3]s], 'Array(String)'), CAST([%[4]s], 'Array(UInt64)'))) AS p FROM `+"`%[5]s`"+` FINAL WHERE retracted = 0 GROUP BY sender, month))
WHERE seen >= 3 AND `+recent, nonNull, past, strings.Join(names, ", "), strings.Join(counts, ", "), t.Name)
}

// keysSQL counts statements that repeat or contradict an earlier one.
func keysSQL() string {
	return fmt.Sprintf(`SELECT '%s' AS kind, '' AS field, toString(sender) AS sender, toDate32({until:String}) AS month, countIf(fate IN ('duplicate', 'conflict')) AS bad, count() AS total, bad / total AS value, toFloat64(0.05) AS expected, total >= {least:UInt32} AND value > 0.05 AS breach
FROM record_fate FINAL WHERE record_type = {type:String} GROUP BY sender`, distinctKeys)
}

// codesSQL counts values that were refused or flagged for one of the codes, per
// field, against all rows of the sender and month of sending.
func codesSQL(t *contract.Type, kind, codes string) string {
	return fmt.Sprintf(`SELECT '%s' AS kind, b.field AS field, a.sender AS sender, a.month AS month, b.bad AS bad, a.total AS total, b.bad / a.total AS value, toFloat64(0.01) AS expected, a.total >= {least:UInt32} AND b.bad / a.total > 0.01 AS breach FROM
(SELECT toString(sender) AS sender, toDate32(toStartOfMonth(ifNull(sent_time, landed))) AS month, count() AS total FROM `+"`log_%[3]s`"+` GROUP BY sender, month) AS a
INNER JOIN (SELECT toString(sender) AS sender, toDate32(toStartOfMonth(ifNull(sent_time, landed))) AS month, arrayJoin(arrayConcat(if(reason IN (%[2]s), [toString(field)], []), arrayMap(f -> splitByChar(':', toString(f))[1], arrayFilter(f -> splitByChar(':', toString(f))[2] IN (%[2]s), flags)))) AS field, count() AS bad FROM `+"`log_%[3]s`"+` GROUP BY sender, month, field) AS b
ON a.sender = b.sender AND a.month = b.month WHERE a.sender != ''`, kind, codes, t.Name)
}

// chargesSQL counts charges that no list of the supreme organs has.
func chargesSQL(t *contract.Type) string {
	return fmt.Sprintf(`SELECT '%s' AS kind, 'charge' AS field, toString(sender) AS sender, toDate32(toStartOfMonth(business_on)) AS month, countIf(charge NOT IN {charges:Array(String)} AND concat(charge, '罪') NOT IN {charges:Array(String)}) AS bad, count() AS total, bad / total AS value, toFloat64(0.01) AS expected, total >= {least:UInt32} AND value > 0.01 AS breach
FROM (SELECT sender, business_on, assumeNotNull(charge) AS charge FROM `+"`%s`"+` FINAL WHERE retracted = 0 AND isNotNull(charge)) GROUP BY sender, month HAVING `+recent, knownValues, t.Name)
}
