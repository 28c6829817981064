INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed, low, high, note)
SELECT
    {run:String}, {generation:UInt32}, 'live', 'PR01b', 'month',
    concat(toString(intDiv(in_month, 12)), '-', leftPad(toString(in_month % 12 + 1), 2, '0')),
    makeDate32(intDiv(in_month, 12), in_month % 12 + 1, 1) AS first_day,
    addDays(addMonths(first_day, 1), -1) AS last_day,
    of_organ, 'own', tupleElement(share, 1), tupleElement(share, 2), of_all, of_rows, of_unknown,
    'value', '', NULL, NULL, if(last_day > {as_of:Date32}, 'incomplete', '')
FROM
(
    SELECT
        of_organ, in_month,
        arrayJoin([tuple('', sumIf(amount, role = 'num'))]) AS share,
        CAST(NULL, 'Nullable(Decimal(38, 2))') AS of_all,
        countIf(role IN ('num')) AS of_rows,
        countIf(role = 'undetermined') AS of_unknown
    FROM
    (
        SELECT of_organ, tupleElement(part, 1) AS role, tupleElement(part, 3) AS amount,
            assumeNotNull(toYear(tupleElement(part, 2)) * 12 + toMonth(tupleElement(part, 2)) - 1) AS in_month
        FROM
        (
            SELECT
                ifNull(toString(organ_id), '') AS of_organ,
                arrayJoin(arrayFilter(p -> tupleElement(p, 4) AND isNotNull(tupleElement(p, 2)), [
                    tuple('num', CAST(decided_on, 'Nullable(Date32)'), toDecimal128(1, 2), NOT isNull(decided_on))
                ])) AS part
            FROM <what the run knows of prosecution_decision> AS s
        )
        WHERE of_organ != ''
    )
    GROUP BY of_organ, in_month
)
