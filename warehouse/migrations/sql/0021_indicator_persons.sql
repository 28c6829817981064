-- Distinct persons are counted once over any set of organs and months (indicator_part.stock = 2): the views count pairs of cell and person.
CREATE OR REPLACE VIEW indicator_month AS
SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, c.organ_id AS organ_id, 'own' AS coverage, c.month AS month, c.dim AS dim, sum(c.num) AS num, sum(c.den) AS den, sum(c.n) AS n, sum(c.undetermined) AS undetermined, any(p.as_of) AS as_of, any(p.stock) AS stock
FROM indicator_cell AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator
WHERE p.stock != 2
GROUP BY run_id, generation, indicator, organ_id, month, dim
UNION ALL
SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, a.above AS organ_id, 'closure' AS coverage, c.month AS month, c.dim AS dim, sum(c.num) AS num, sum(c.den) AS den, sum(c.n) AS n, sum(c.undetermined) AS undetermined, any(p.as_of) AS as_of, any(p.stock) AS stock
FROM indicator_cell AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator INNER JOIN (SELECT DISTINCT edition, organ_id, above FROM indicator_above) AS a ON a.edition = p.edition AND a.organ_id = c.organ_id
WHERE p.stock != 2
GROUP BY run_id, generation, indicator, organ_id, month, dim;
-- Every value by organ, coverage and period: live cells summed up, and what was frozen in indicator_value. A stock's period shows its last month.
CREATE OR REPLACE VIEW indicator_rollup AS
SELECT run_id, generation, 'live' AS vintage, indicator, 'month' AS period_kind, formatDateTime(month, '%Y-%m') AS period, month AS period_from, addDays(addMonths(month, 1), -1) AS period_to, organ_id, coverage, dim, num, den, toUInt64(n) AS n, toUInt64(undetermined) AS undetermined, 'value' AS status, '' AS printed, CAST(NULL, 'Nullable(Decimal(38, 4))') AS low, CAST(NULL, 'Nullable(Decimal(38, 4))') AS high, if(addDays(addMonths(month, 1), -1) > as_of, 'incomplete', '') AS note
FROM indicator_month WHERE n != 0 OR undetermined != 0 OR num != 0
UNION ALL
SELECT run_id, generation, 'live', indicator, tupleElement(span, 1), tupleElement(span, 2), tupleElement(span, 3) AS first_day, addDays(addMonths(tupleElement(span, 3), tupleElement(span, 4)), -1) AS last_day, organ_id, coverage, dim, sum(num), sum(den), toUInt64(sum(n)), toUInt64(sum(undetermined)), 'value', '', CAST(NULL, 'Nullable(Decimal(38, 4))'), CAST(NULL, 'Nullable(Decimal(38, 4))'), if(last_day > any(as_of), 'incomplete', '')
FROM
(
    SELECT *, toYear(month) AS of_year, toMonth(month) AS of_month, toString(of_year) AS year_text,
        arrayJoin(arrayConcat(
            [
                tuple('quarter', concat(year_text, 'Q', toString(intDiv(of_month + 2, 3))), makeDate32(of_year, intDiv(of_month - 1, 3) * 3 + 1, 1), toUInt8(3)),
                tuple('half', concat(year_text, 'H', toString(intDiv(of_month + 5, 6))), makeDate32(of_year, intDiv(of_month - 1, 6) * 6 + 1, 1), toUInt8(6)),
                tuple('year', year_text, makeDate32(of_year, 1, 1), toUInt8(12))
            ],
            arrayMap(m -> tuple('ytd', concat(year_text, '-', leftPad(toString(m), 2, '0')), makeDate32(of_year, 1, 1), toUInt8(m)),
                range(of_month, greatest(of_month, if(of_year < toYear(as_of), 12, toMonth(as_of))) + 1))
        )) AS span
    FROM indicator_month
)
WHERE stock = 0 OR month = least(addMonths(tupleElement(span, 3), tupleElement(span, 4) - 1), toDate32(toStartOfMonth(as_of)))
GROUP BY run_id, generation, indicator, span, organ_id, coverage, dim
HAVING sum(n) != 0 OR sum(undetermined) != 0 OR sum(num) != 0
UNION ALL
SELECT run_id, generation, 'live', indicator, tupleElement(span, 1), tupleElement(span, 2), tupleElement(span, 3) AS first_day, addDays(addMonths(tupleElement(span, 3), tupleElement(span, 4)), -1) AS last_day, organ_id, coverage, '', toDecimal128(uniqExact(person), 2), CAST(NULL, 'Nullable(Decimal(38, 2))'), uniqExact(person), toUInt64(0), 'value', '', CAST(NULL, 'Nullable(Decimal(38, 4))'), CAST(NULL, 'Nullable(Decimal(38, 4))'), if(last_day > any(as_of), 'incomplete', '')
FROM
(
    SELECT *, toYear(month) AS of_year, toMonth(month) AS of_month, toString(of_year) AS year_text,
        arrayJoin(arrayConcat(
            [
                tuple('month', formatDateTime(month, '%Y-%m'), month, toUInt8(1)),
                tuple('quarter', concat(year_text, 'Q', toString(intDiv(of_month + 2, 3))), makeDate32(of_year, intDiv(of_month - 1, 3) * 3 + 1, 1), toUInt8(3)),
                tuple('half', concat(year_text, 'H', toString(intDiv(of_month + 5, 6))), makeDate32(of_year, intDiv(of_month - 1, 6) * 6 + 1, 1), toUInt8(6)),
                tuple('year', year_text, makeDate32(of_year, 1, 1), toUInt8(12))
            ],
            arrayMap(m -> tuple('ytd', concat(year_text, '-', leftPad(toString(m), 2, '0')), makeDate32(of_year, 1, 1), toUInt8(m)),
                range(of_month, greatest(of_month, if(of_year < toYear(as_of), 12, toMonth(as_of))) + 1))
        )) AS span
    FROM
    (
        SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, c.organ_id AS organ_id, 'own' AS coverage, c.month AS month, c.person AS person, p.as_of AS as_of
        FROM indicator_person AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator WHERE p.stock = 2
        UNION ALL
        SELECT p.run_id, p.generation, c.indicator, a.above, 'closure', c.month, c.person, p.as_of
        FROM indicator_person AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator INNER JOIN (SELECT DISTINCT edition, organ_id, above FROM indicator_above) AS a ON a.edition = p.edition AND a.organ_id = c.organ_id WHERE p.stock = 2
    )
)
GROUP BY run_id, generation, indicator, span, organ_id, coverage
UNION ALL
SELECT run_id, generation, toString(vintage), indicator, period_kind, period, period_from, period_to, organ_id, toString(coverage), dim, num, den, n, undetermined, toString(status), printed, low, high, note FROM indicator_value;
