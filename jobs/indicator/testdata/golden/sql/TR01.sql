INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed, low, high, note)
SELECT
    {run:String}, {generation:UInt32}, 'live', 'TR01', 'month',
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
        sumIf(amount, role IN ('num', 'other')) AS of_all,
        countIf(role IN ('num', 'other', 'undetermined')) AS of_rows,
        countIf(role = 'undetermined') AS of_unknown
    FROM
    (
        SELECT of_organ, tupleElement(part, 1) AS role, tupleElement(part, 3) AS amount,
            assumeNotNull(toYear(tupleElement(part, 2)) * 12 + toMonth(tupleElement(part, 2)) - 1) AS in_month
        FROM
        (
            SELECT
                ifNull(toString(prosecuting_organ_id), '') AS of_organ,
                arrayJoin(arrayFilter(p -> tupleElement(p, 4) AND isNotNull(tupleElement(p, 2)), [
                    tuple('num', CAST(judged_on, 'Nullable(Date32)'), toDecimal128(1, 2), ((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('changed', 'remanded'), false))),
                    tuple('other', CAST(judged_on, 'Nullable(Date32)'), toDecimal128(1, 2), ((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('upheld', 'withdrawn'), false))),
                    tuple('undetermined', CAST(judged_on, 'Nullable(Date32)'), toDecimal128(1, 2), ((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted', 'withdrawn_appeal', 'terminated', 'rejected', 'approved', 'not_approved', 'compulsory_treatment'), false))))
                ])) AS part
            FROM <what the run knows of trial> AS s
        )
        WHERE of_organ != ''
    )
    GROUP BY of_organ, in_month
)
