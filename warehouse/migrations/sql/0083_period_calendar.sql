-- Periods (统计期间): which calendar months make a month, quarter, half, year or year to date (累计), how people and publications name it, and the same period a year earlier (上年同期). Every statement, answer and page takes its periods from here. Statistical months are calendar months: published periods are months 1-3, 1-6, 1-9 and 1-12, and no other month end is printed.
CREATE TABLE IF NOT EXISTS period_calendar (kind LowCardinality(String), period LowCardinality(String), month Date32, first_day Date32, last_day Date32, closes Date32, before LowCardinality(String), published LowCardinality(String), zh String, en String) ENGINE = MergeTree ORDER BY (kind, month, period);
INSERT INTO period_calendar SELECT kind, concat(toString(y), tail) AS period, makeDate32(y, m, 1) AS month, makeDate32(y, opens, 1) AS first_day, addDays(addMonths(makeDate32(y, shuts, 1), 1), -1) AS last_day, makeDate32(y, shuts, 1) AS closes,
    concat(toString(y - 1), tail) AS before, multiIf(kind = 'year', toString(y), kind != 'ytd' OR shuts = 12, '', shuts = 3, concat(toString(y), 'Q1'), shuts = 6, concat(toString(y), 'H1'), shuts = 9, concat(toString(y), 'Q1-Q3'), concat(toString(y), 'M1-M', toString(shuts))) AS published,
    concat(toString(y), '年', multiIf(kind = 'quarter', concat('第', ['一', '二', '三', '四'][intDiv(shuts, 3)], '季度'), kind = 'half', if(shuts = 6, '上半年', '下半年'), kind = 'year', '', kind = 'ytd' AND shuts > 1, concat('1—', toString(shuts), '月'), concat(toString(shuts), '月'))) AS zh,
    multiIf(kind = 'quarter', concat(toString(y), ' Q', toString(intDiv(shuts, 3))), kind = 'half', concat(toString(y), if(shuts = 6, ' H1', ' H2')), kind = 'year', toString(y),
        concat(if(kind = 'ytd' AND shuts > 1, 'Jan–', ''), ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][shuts], ' ', toString(y))) AS en
FROM
(
    SELECT toUInt16(1900 + intDiv(number, 12)) AS y, toUInt8(number % 12 + 1) AS m, arrayJoin(arrayConcat(
        [('month', m, m), ('quarter', intDiv(m - 1, 3) * 3 + 1, intDiv(m - 1, 3) * 3 + 3), ('half', intDiv(m - 1, 6) * 6 + 1, intDiv(m - 1, 6) * 6 + 6), ('year', 1, 12)],
        arrayMap(last -> ('ytd', 1, last), range(m, 13)))) AS span, tupleElement(span, 1) AS kind, toUInt8(tupleElement(span, 2)) AS opens, toUInt8(tupleElement(span, 3)) AS shuts,
        multiIf(kind = 'quarter', concat('Q', toString(intDiv(shuts, 3))), kind = 'half', if(shuts = 6, 'H1', 'H2'), kind = 'year', '', concat('-', leftPad(toString(shuts), 2, '0'))) AS tail
    FROM numbers(2412) WHERE (SELECT count() FROM period_calendar) = 0
);
-- Every value by organ, coverage and period: live cells summed up over the months of a period, and what was frozen in indicator_value. A stock's period shows its last month; a year to date ends with a month that has begun. Distinct persons (stock = 2) are counted once over any set of organs and months.
CREATE OR REPLACE VIEW indicator_rollup AS
SELECT m.run_id AS run_id, m.generation AS generation, 'live' AS vintage, m.indicator AS indicator, c.kind AS period_kind, c.period AS period, any(c.first_day) AS period_from, any(c.last_day) AS period_to, m.organ_id AS organ_id, m.coverage AS coverage, m.dim AS dim, sum(m.num) AS num, sum(m.den) AS den, toUInt64(sum(m.n)) AS n, toUInt64(sum(m.undetermined)) AS undetermined, 'value' AS status, '' AS printed, CAST(NULL, 'Nullable(Decimal(38, 4))') AS low, CAST(NULL, 'Nullable(Decimal(38, 4))') AS high, if(any(c.last_day) > any(m.as_of), 'incomplete', '') AS note
FROM indicator_month AS m INNER JOIN period_calendar AS c ON c.month = m.month
WHERE (c.kind != 'ytd' OR c.closes <= greatest(m.month, toDate32(toStartOfMonth(m.as_of)))) AND (m.stock = 0 OR m.month = least(c.closes, toDate32(toStartOfMonth(m.as_of))))
GROUP BY m.run_id, m.generation, m.indicator, c.kind, c.period, m.organ_id, m.coverage, m.dim
HAVING sum(m.n) != 0 OR sum(m.undetermined) != 0 OR sum(m.num) != 0
UNION ALL
SELECT p.run_id, p.generation, 'live', p.indicator, c.kind, c.period, any(c.first_day), any(c.last_day), p.organ_id, p.coverage, '', toDecimal128(uniqExact(p.person), 2), CAST(NULL, 'Nullable(Decimal(38, 2))'), uniqExact(p.person), toUInt64(0), 'value', '', CAST(NULL, 'Nullable(Decimal(38, 4))'), CAST(NULL, 'Nullable(Decimal(38, 4))'), if(any(c.last_day) > any(p.as_of), 'incomplete', '')
FROM
(
    SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, c.organ_id AS organ_id, 'own' AS coverage, c.month AS month, c.person AS person, p.as_of AS as_of
    FROM indicator_person AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator WHERE p.stock = 2
    UNION ALL
    SELECT p.run_id, p.generation, c.indicator, a.above, 'closure', c.month, c.person, p.as_of
    FROM indicator_person AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator INNER JOIN (SELECT DISTINCT edition, organ_id, above FROM indicator_above) AS a ON a.edition = p.edition AND a.organ_id = c.organ_id WHERE p.stock = 2
) AS p INNER JOIN period_calendar AS c ON c.month = p.month
WHERE c.kind != 'ytd' OR c.closes <= greatest(p.month, toDate32(toStartOfMonth(p.as_of)))
GROUP BY p.run_id, p.generation, p.indicator, c.kind, c.period, p.organ_id, p.coverage
UNION ALL
SELECT run_id, generation, toString(vintage), indicator, period_kind, period, period_from, period_to, organ_id, toString(coverage), dim, num, den, n, undetermined, toString(status), printed, low, high, note FROM indicator_value;
