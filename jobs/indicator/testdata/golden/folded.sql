-- scan 4: AR01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR01a', '', v0, [], v1, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(accepted_on))) AS in_month,
                countIf(true) AS c0
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(accepted_on)
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted;

-- scan 5: AR01a, AR04a, SV05a, SV07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR01a', '', v0, [], v1, v1),
        ('AR04a', '', v0, v0, v2, v2),
        ('SV05a', '', v0, [], v3, v3),
        ('SV07a', '', v0, [], v4, v4)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(c1)) AS v2,
            groupArray(toInt64(c2)) AS v3,
            groupArray(toInt64(c3)) AS v4
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(business_on))) AS in_month,
                countIf(isNull(accepted_on)) AS c0,
                countIf((ifNull(decision = 'not_approved', false) AND isNull(decided_on))) AS c1,
                countIf((ifNull(supplementary_arrest, false) AND ifNull(decision IN ('approved', 'decided'), false) AND isNull(decided_on))) AS c2,
                countIf((ifNull(evidence_excluded, false) AND isNull(decided_on))) AS c3
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(business_on) AND (isNull(accepted_on) OR (ifNull(decision = 'not_approved', false) AND isNull(decided_on)) OR (ifNull(supplementary_arrest, false) AND ifNull(decision IN ('approved', 'decided'), false) AND isNull(decided_on)) OR (ifNull(evidence_excluded, false) AND isNull(decided_on)))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted;

-- scan 6: AR01b, AR02a, AR02b, AR03, AR04a, AR06b, JV01, PR07a, SV05a, SV07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR01b', '', v0, [], v1, v2),
        ('AR02a', '', v4, v3, v5, v6),
        ('AR02b', '', v8, v7, v9, v10),
        ('AR03', 'refusal_kind=not_a_crime', v12, v11, v13, v14),
        ('AR03', 'refusal_kind=insufficient_evidence', v15, v11, v13, v14),
        ('AR03', 'refusal_kind=no_necessity', v16, v11, v13, v14),
        ('AR04a', '', v17, v8, v18, v2),
        ('AR06b', '', v19, v17, v2, v2),
        ('JV01', '', v21, v20, v22, v23),
        ('PR07a', '', v25, v24, v26, v27),
        ('SV05a', '', v28, [], v29, v2),
        ('SV07a', '', v30, [], v31, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2,
            groupArray(toDecimal64(c1 + c2, 2)) AS v3,
            groupArray(toDecimal64(c1, 2)) AS v4,
            groupArray(toInt64(c1 + c2 + c3)) AS v5,
            groupArray(toInt64(c3)) AS v6,
            groupArray(toDecimal64(c4 + c5, 2)) AS v7,
            groupArray(toDecimal64(c4, 2)) AS v8,
            groupArray(toInt64(c4 + c5 + c6)) AS v9,
            groupArray(toInt64(c6)) AS v10,
            groupArray(toDecimal64(c7 + c8 + c9, 2)) AS v11,
            groupArray(toDecimal64(c7, 2)) AS v12,
            groupArray(toInt64(c7 + c8 + c9 + c10)) AS v13,
            groupArray(toInt64(c10)) AS v14,
            groupArray(toDecimal64(c8, 2)) AS v15,
            groupArray(toDecimal64(c9, 2)) AS v16,
            groupArray(toDecimal64(0, 2)) AS v17,
            groupArray(toInt64(c4)) AS v18,
            groupArray(toDecimal64(c5, 2)) AS v19,
            groupArray(toDecimal64(c11 + c12, 2)) AS v20,
            groupArray(toDecimal64(c11, 2)) AS v21,
            groupArray(toInt64(c11 + c12 + c13)) AS v22,
            groupArray(toInt64(c13)) AS v23,
            groupArray(toDecimal64(c15, 2)) AS v24,
            groupArray(toDecimal64(c14, 2)) AS v25,
            groupArray(toInt64(c15 + c16)) AS v26,
            groupArray(toInt64(c16)) AS v27,
            groupArray(toDecimal64(c17, 2)) AS v28,
            groupArray(toInt64(c17)) AS v29,
            groupArray(toDecimal64(c18, 2)) AS v30,
            groupArray(toInt64(c18)) AS v31
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(decided_on))) AS in_month,
                countIf(true) AS c0,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'not_approved', false))) AS c1,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'approved', false))) AS c2,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND isNull(decision))) AS c3,
                countIf(ifNull(decision = 'not_approved', false)) AS c4,
                countIf(ifNull(decision IN ('approved', 'decided'), false)) AS c5,
                countIf(isNull(decision)) AS c6,
                countIf((ifNull(decision = 'not_approved', false) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'not_a_crime', false))) AS c7,
                countIf((ifNull(decision = 'not_approved', false) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'insufficient_evidence', false))) AS c8,
                countIf((ifNull(decision = 'not_approved', false) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'no_necessity', false))) AS c9,
                countIf((ifNull(decision = 'not_approved', false) AND isNull(refusal_kind))) AS c10,
                countIf((ifNull(juvenile, false) AND ifNull(decision = 'not_approved', false))) AS c11,
                countIf((ifNull(juvenile, false) AND ifNull(decision IN ('approved', 'decided'), false))) AS c12,
                countIf((ifNull(juvenile, false) AND isNull(decision))) AS c13,
                sumIf(ifNull(dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))), 0), (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false))) AS c14,
                countIf((NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false))) AS c15,
                countIf((isNull(accepted_on) OR ifNull(accepted_on > toDate32(decided_on), false))) AS c16,
                countIf((ifNull(supplementary_arrest, false) AND ifNull(decision IN ('approved', 'decided'), false))) AS c17,
                countIf(ifNull(evidence_excluded, false)) AS c18
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(decided_on)
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
UNION ALL
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), slice, toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, which, slice, months, arrayJoin(arrayFilter(c -> bitTest(toUInt64(tupleElement(c, 2)), which) AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR02a', '62', v1, v0, v2, v3),
        ('AR02b', '62', v5, v4, v6, v7)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, multiIf(whole0 = 0, 1, whole1 = 0, 2, whole2 = 0, 3, whole3 = 0, 4, whole4 = 0, 5, 0) AS which, multiIf(whole0 = 0, concat('age_band=', ifNull(toString(slice0), 'unrecorded')), whole1 = 0, concat('charge_group=', ifNull(toString(slice1), 'unrecorded')), whole2 = 0, concat('enterprise=', ifNull(toString(slice2), 'unrecorded')), whole3 = 0, concat('juvenile=', ifNull(toString(slice3), 'unrecorded')), whole4 = 0, concat('sex=', ifNull(toString(slice4), 'unrecorded')), '') AS slice, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0 + c1, 2)) AS v0,
            groupArray(toDecimal64(c0, 2)) AS v1,
            groupArray(toInt64(c0 + c1 + c2)) AS v2,
            groupArray(toInt64(c2)) AS v3,
            groupArray(toDecimal64(c3 + c4, 2)) AS v4,
            groupArray(toDecimal64(c3, 2)) AS v5,
            groupArray(toInt64(c3 + c4 + c5)) AS v6,
            groupArray(toInt64(c5)) AS v7
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(decided_on))) AS in_month, age_band AS slice0, grouping(slice0) AS whole0, charge_group AS slice1, grouping(slice1) AS whole1, enterprise AS slice2, grouping(slice2) AS whole2, juvenile AS slice3, grouping(slice3) AS whole3, sex AS slice4, grouping(slice4) AS whole4,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'not_approved', false))) AS c0,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'approved', false))) AS c1,
                countIf(((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND isNull(decision))) AS c2,
                countIf(ifNull(decision = 'not_approved', false)) AS c3,
                countIf(ifNull(decision IN ('approved', 'decided'), false)) AS c4,
                countIf(isNull(decision)) AS c5
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(decided_on) AND (((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'not_approved', false)) OR ((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND ifNull(decision = 'approved', false)) OR ((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND isNull(decision)) OR ifNull(decision = 'not_approved', false) OR ifNull(decision IN ('approved', 'decided'), false) OR isNull(decision))
            GROUP BY GROUPING SETS ((of_organ, in_month, slice0), (of_organ, in_month, slice1), (of_organ, in_month, slice2), (of_organ, in_month, slice3), (of_organ, in_month, slice4))
        )
        GROUP BY of_organ, which, slice
    )
) AS counted;

-- scan 7: AR04a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR04a', '', v1, v0, v2, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(0, 2)) AS v0,
            groupArray(toDecimal64(c0, 2)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(reconsideration_requested_on))) AS in_month,
                countIf(ifNull(decision = 'not_approved', false)) AS c0
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(reconsideration_requested_on) AND (ifNull(decision = 'not_approved', false))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted;

-- scan 8: AR04b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR04b', '', v1, v0, v2, v3)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0 + c1, 2)) AS v0,
            groupArray(toDecimal64(c0, 2)) AS v1,
            groupArray(toInt64(c0 + c1 + c2)) AS v2,
            groupArray(toInt64(c2)) AS v3
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(reconsideration_decided_on))) AS in_month,
                countIf((ifNull(decision = 'not_approved', false) AND ifNull(decision_changed, false))) AS c0,
                countIf((ifNull(decision = 'not_approved', false) AND (NOT ifNull(decision_changed, false) AND NOT isNull(decision_changed)))) AS c1,
                countIf((ifNull(decision = 'not_approved', false) AND isNull(decision_changed))) AS c2
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(reconsideration_decided_on) AND ((ifNull(decision = 'not_approved', false) AND ifNull(decision_changed, false)) OR (ifNull(decision = 'not_approved', false) AND (NOT ifNull(decision_changed, false) AND NOT isNull(decision_changed))) OR (ifNull(decision = 'not_approved', false) AND isNull(decision_changed)))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted;

-- scan 9: AR04c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('AR04c', '', v1, v0, v2, v3)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0 + c1, 2)) AS v0,
            groupArray(toDecimal64(c0, 2)) AS v1,
            groupArray(toInt64(c0 + c1 + c2)) AS v2,
            groupArray(toInt64(c2)) AS v3
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(review_decided_on))) AS in_month,
                countIf((ifNull(decision = 'not_approved', false) AND ifNull(review_changed, false))) AS c0,
                countIf((ifNull(decision = 'not_approved', false) AND (NOT ifNull(review_changed, false) AND NOT isNull(review_changed)))) AS c1,
                countIf((ifNull(decision = 'not_approved', false) AND isNull(review_changed))) AS c2
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(review_decided_on) AND ((ifNull(decision = 'not_approved', false) AND ifNull(review_changed, false)) OR (ifNull(decision = 'not_approved', false) AND (NOT ifNull(review_changed, false) AND NOT isNull(review_changed))) OR (ifNull(decision = 'not_approved', false) AND isNull(review_changed)))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted;

-- scan 10: PR07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), concat('days=', leftPad(toString(assumeNotNull(bin)), 3, '0')), toString(assumeNotNull(of_organ)), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, bin, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('PR07a', '', v0, [], v1, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, bin, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(decided_on))) AS in_month, dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))) AS bin,
                countIf((NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false))) AS c0
            FROM <what the run knows of arrest_review> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(decided_on) AND isNotNull(bin) AND ((NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))
            GROUP BY of_organ, in_month, bin
        )
        GROUP BY of_organ, bin
    )
) AS counted;

-- scan 20: SV08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, toString(assumeNotNull(of_organ))), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('SV08a', '', v0, [], v1, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_at)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(executed_at)) > as_at, 0, dateDiff('month', toDate32(assumeNotNull(executed_at)), if(isNull(ended_on) OR toDate32(ended_on) > as_at, as_at, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(ended_on)))), -1))) + 1)))))) AS in_month,
                sumIf(sign, true) AS c0
            FROM <what the run knows of coercive_measure> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(executed_at)
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON toString(assumeNotNull(counted.of_organ)) = r.supervised;

-- scan 21: SV08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, toString(assumeNotNull(of_organ))), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('SV08a', '', v0, [], v1, v1)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(business_on))) AS in_month,
                countIf(isNull(executed_at)) AS c0
            FROM <what the run knows of coercive_measure> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(business_on) AND (isNull(executed_at))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON toString(assumeNotNull(counted.of_organ)) = r.supervised;

-- scan 22: SV08b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, toString(assumeNotNull(of_organ))), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('SV08b', '', v0, [], v1, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(expires_on))) AS in_month,
                countIf(true) AS c0
            FROM <what the run knows of coercive_measure> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(expires_on)
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON toString(assumeNotNull(counted.of_organ)) = r.supervised;

-- scan 23: SV08d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, toString(assumeNotNull(of_organ))), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('SV08d', '', v0, [], v1, v2)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0, 2)) AS v0,
            groupArray(toInt64(c0)) AS v1,
            groupArray(toInt64(0)) AS v2
        FROM
        (
            SELECT organ_id AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(expires_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(expires_on)) > as_at, 0, dateDiff('month', toDate32(assumeNotNull(expires_on)), if(isNull(ended_on) OR toDate32(ended_on) > as_at, as_at, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(ended_on)))), -1))) + 1)))))) AS in_month,
                sumIf(sign, true) AS c0
            FROM <what the run knows of coercive_measure> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(expires_on)
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON toString(assumeNotNull(counted.of_organ)) = r.supervised;

-- scan 24: SV09
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, toString(assumeNotNull(of_organ))), months, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, months, arrayJoin(arrayFilter(c -> true AND (arrayExists((a, b, d) -> a != 0 OR b != 0 OR d != 0, tupleElement(c, 3), tupleElement(c, 5), tupleElement(c, 6)) OR arrayExists(a -> a != 0, tupleElement(c, 4))),
        CAST([('SV09', '', v1, v0, v2, v3)], 'Array(Tuple(String, String, Array(Decimal(18, 2)), Array(Decimal(18, 2)), Array(Int64), Array(Int64)))'))) AS cell
    FROM
    (
        SELECT of_organ, groupArray(toDate32(in_month)) AS months,
            groupArray(toDecimal64(c0 + c1, 2)) AS v0,
            groupArray(toDecimal64(c0, 2)) AS v1,
            groupArray(toInt64(c0 + c1 + c2)) AS v2,
            groupArray(toInt64(c2)) AS v3
        FROM
        (
            SELECT organ_id AS of_organ, toStartOfMonth(toDate32(assumeNotNull(executed_at))) AS in_month,
                countIf((ifNull(measure = 'detention', false) AND ifNull(end_reason IN ('released', 'bail', 'residential_surveillance', 'expired'), false))) AS c0,
                countIf((ifNull(measure = 'detention', false) AND ifNull(end_reason IN ('arrested', 'transferred', 'retention'), false))) AS c1,
                countIf((ifNull(measure = 'detention', false) AND (isNull(end_reason) OR ifNull(end_reason IN ('detained', 'sentenced', 'not_prosecuted', 'withdrawn', 'acquitted', 'died', 'other'), false)))) AS c2
            FROM <what the run knows of coercive_measure> AS s
            WHERE notEmpty(ifNull(toString(organ_id), '')) AND isNotNull(executed_at) AND ((ifNull(measure = 'detention', false) AND ifNull(end_reason IN ('released', 'bail', 'residential_surveillance', 'expired'), false)) OR (ifNull(measure = 'detention', false) AND ifNull(end_reason IN ('arrested', 'transferred', 'retention'), false)) OR (ifNull(measure = 'detention', false) AND (isNull(end_reason) OR ifNull(end_reason IN ('detained', 'sentenced', 'not_prosecuted', 'withdrawn', 'acquitted', 'died', 'other'), false))))
            GROUP BY of_organ, in_month
        )
        GROUP BY of_organ
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON toString(assumeNotNull(counted.of_organ)) = r.supervised;

