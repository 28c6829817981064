-- scan 1: JZ01e, TR04a, TR04b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('JZ01e', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR04a', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR04b', '', toDecimal64(c2, 2), NULL, c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('TR04b', concat('attended_by=', slice0), toDecimal64(c2, 2), NULL, c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(held_on)))) AS in_month,
            ifNull(toString(attended_by), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf((ifNull(activity_kind = 'early_involvement', false) AND ifNull(case_source = 'supervisory', false) AND NOT isNull(held_on))) AS c0,
            countIf((ifNull(activity_kind = 'death_review_opinion', false) AND NOT isNull(held_on))) AS c1,
            countIf((ifNull(activity_kind = 'committee', false) AND NOT isNull(held_on))) AS c2
        FROM <what the run knows of activity> AS s
        WHERE isNotNull(held_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 2: SV03c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV03c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(procuratorate_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(transferred_on)))) AS in_month,
            countIf(((ifNull(direction = 'forward', false) AND NOT isNull(transferred_on)) AND ifNull(police_decision = 'filed', false))) AS c0,
            countIf(((ifNull(direction = 'forward', false) AND NOT isNull(transferred_on)) AND ifNull(police_decision IN ('declined', 'forwarded'), false))) AS c1,
            countIf(((ifNull(direction = 'forward', false) AND NOT isNull(transferred_on)) AND isNull(police_decision))) AS c2
        FROM <what the run knows of admin_penalty> AS s
        WHERE isNotNull(transferred_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 3: DQ05b, SU03
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ05b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU03', '', toDecimal64(c3, 2), NULL, c3, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(announced_on)))) AS in_month,
            countIf((ifNull(status IN ('linked', 'proven', 'probable', 'not_yet', 'undecided'), false) AND ifNull(status IN ('proven', 'probable'), false))) AS c0,
            countIf((ifNull(status IN ('linked', 'proven', 'probable', 'not_yet', 'undecided'), false) AND ifNull(status = 'linked', false))) AS c1,
            countIf((ifNull(status IN ('linked', 'proven', 'probable', 'not_yet', 'undecided'), false) AND ifNull(status IN ('not_yet', 'undecided'), false))) AS c2,
            countIf(ifNull(status IN ('proven', 'probable'), false)) AS c3
        FROM <what the run knows of announced_hop> AS s
        WHERE isNotNull(announced_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 4: AR01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR01a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(accepted_on)))) AS in_month,
            countIf(NOT isNull(accepted_on)) AS c0
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(accepted_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 5: AR01a, AR04a, SV05a, SV07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR01a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR04a', '', toDecimal64(0, 2), toDecimal64(0, 2), c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV05a', '', toDecimal64(0, 2), NULL, c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV07a', '', toDecimal64(0, 2), NULL, c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf(isNull(accepted_on)) AS c0,
            countIf((ifNull(decision = 'not_approved', false) AND isNull(decided_on))) AS c1,
            countIf((ifNull(supplementary_arrest, false) AND ifNull(decision IN ('approved', 'decided'), false) AND isNull(decided_on))) AS c2,
            countIf((ifNull(evidence_excluded, false) AND isNull(decided_on))) AS c3
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 6: AR01b, AR02a, AR02b, AR03, AR04a, AR06b, JV01, PR07a, SV05a, SV07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02a', '', toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', '', toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=not_a_crime', toDecimal64(c7, 2), toDecimal64(c7 + c8 + c9, 2), c7 + c8 + c9 + c10, c10), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=insufficient_evidence', toDecimal64(c8, 2), toDecimal64(c7 + c8 + c9, 2), c7 + c8 + c9 + c10, c10), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=no_necessity', toDecimal64(c9, 2), toDecimal64(c7 + c8 + c9, 2), c7 + c8 + c9 + c10, c10), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR04a', '', toDecimal64(0, 2), toDecimal64(c11, 2), c11, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR06b', '', toDecimal64(c12, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JV01', '', toDecimal64(c13, 2), toDecimal64(c13 + c14, 2), c13 + c14 + c15, c15), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR07a', '', toDecimal64(c16, 2), toDecimal64(c17, 2), c17 + c18, c18), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV05a', '', toDecimal64(c19, 2), NULL, c19, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV07a', '', toDecimal64(c20, 2), NULL, c20, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR02a', concat('age_band=', slice0), toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', concat('age_band=', slice0), toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR02a', concat('charge_group=', slice1), toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', concat('charge_group=', slice1), toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 0 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR02a', concat('enterprise=', slice2), toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', concat('enterprise=', slice2), toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 0 AND whole4 = 1, [CAST(tuple('AR02a', concat('juvenile=', slice3), toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', concat('juvenile=', slice3), toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 0, [CAST(tuple('AR02a', concat('sex=', slice4), toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', concat('sex=', slice4), toDecimal64(c4, 2), toDecimal64(c4 + c5, 2), c4 + c5 + c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            ifNull(toString(age_band), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(charge_group), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            ifNull(toString(enterprise), 'unrecorded') AS slice2, grouping(slice2) AS whole2,
            ifNull(toString(juvenile), 'unrecorded') AS slice3, grouping(slice3) AS whole3,
            ifNull(toString(sex), 'unrecorded') AS slice4, grouping(slice4) AS whole4,
            countIf(NOT isNull(decided_on)) AS c0,
            countIf((((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND NOT isNull(decided_on)) AND ifNull(decision = 'not_approved', false))) AS c1,
            countIf((((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND NOT isNull(decided_on)) AND ifNull(decision = 'approved', false))) AS c2,
            countIf((((isNull(decision) OR ifNull(decision IN ('approved', 'not_approved'), false)) AND NOT isNull(decided_on)) AND isNull(decision))) AS c3,
            countIf((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false))) AS c4,
            countIf((NOT isNull(decided_on) AND ifNull(decision IN ('approved', 'decided'), false))) AS c5,
            countIf((NOT isNull(decided_on) AND isNull(decision))) AS c6,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'not_a_crime', false))) AS c7,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'insufficient_evidence', false))) AS c8,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'no_necessity', false))) AS c9,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND isNull(refusal_kind))) AS c10,
            countIf((ifNull(decision = 'not_approved', false) AND NOT isNull(decided_on))) AS c11,
            countIf((ifNull(decision IN ('approved', 'decided'), false) AND NOT isNull(decided_on))) AS c12,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND ifNull(decision = 'not_approved', false))) AS c13,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND ifNull(decision IN ('approved', 'decided'), false))) AS c14,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND isNull(decision))) AS c15,
            sumIf(ifNull(dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))), 0), (NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c16,
            countIf((NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c17,
            countIf((NOT isNull(decided_on) AND (isNull(accepted_on) OR ifNull(accepted_on > toDate32(decided_on), false)))) AS c18,
            countIf((ifNull(supplementary_arrest, false) AND ifNull(decision IN ('approved', 'decided'), false) AND NOT isNull(decided_on))) AS c19,
            countIf((ifNull(evidence_excluded, false) AND NOT isNull(decided_on))) AS c20
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1), (of_organ, in_month, slice2), (of_organ, in_month, slice3), (of_organ, in_month, slice4))
    )
) AS counted;

-- scan 7: AR04a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR04a', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(reconsideration_requested_on)))) AS in_month,
            countIf((ifNull(decision = 'not_approved', false) AND NOT isNull(reconsideration_requested_on))) AS c0
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(reconsideration_requested_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 8: AR04b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR04b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(reconsideration_decided_on)))) AS in_month,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(reconsideration_decided_on)) AND ifNull(decision_changed, false))) AS c0,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(reconsideration_decided_on)) AND (NOT ifNull(decision_changed, false) AND NOT isNull(decision_changed)))) AS c1,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(reconsideration_decided_on)) AND isNull(decision_changed))) AS c2
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(reconsideration_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 9: AR04c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR04c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(review_decided_on)))) AS in_month,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(review_decided_on)) AND ifNull(review_changed, false))) AS c0,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(review_decided_on)) AND (NOT ifNull(review_changed, false) AND NOT isNull(review_changed)))) AS c1,
            countIf(((ifNull(decision = 'not_approved', false) AND NOT isNull(review_decided_on)) AND isNull(review_changed))) AS c2
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(review_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 10: PR07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR07a', concat('days=', leftPad(toString(bin), 3, '0')), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))) AS bin,
            countIf((NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c0
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(decided_on) AND isNotNull(bin) AND of_organ != ''
        GROUP BY of_organ, in_month, bin
    )
) AS counted;

-- scan 11: RJ01
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('RJ01', '', toDecimal64(c0, 2), toDecimal64(c1, 2), c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(on_day)))) AS in_month,
            countIf(NOT isNull(step)) AS c0,
            countIf(ifNull(step = 'base', false)) AS c1
        FROM <what the run knows of case_step> AS s
        WHERE isNotNull(on_day) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 12: RJ01
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('RJ01', '', toDecimal64(0, 2), toDecimal64(0, 2), c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf(isNull(on_day)) AS c0
        FROM <what the run knows of case_step> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 13: AD01a, CI01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD01a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01a', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(accepted_on)))) AS in_month,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(subject = 'judgment', false) AND NOT isNull(accepted_on))) AS c0,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(subject = 'judgment', false) AND NOT isNull(accepted_on))) AS c1
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(accepted_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 14: AD01a, AD02, CI01a, CI02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD01a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AD02', '', toDecimal64(0, 2), toDecimal64(0, 2), c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01a', '', toDecimal64(0, 2), NULL, c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI02', '', toDecimal64(0, 2), toDecimal64(0, 2), c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(subject = 'judgment', false) AND isNull(accepted_on))) AS c0,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND isNull(document_issued_on))) AS c1,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(subject = 'judgment', false) AND isNull(accepted_on))) AS c2,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND isNull(document_issued_on))) AS c3
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 15: AD01b, CI01b, CI04a, CI05
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1, [CAST(tuple('AD01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01b', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI04a', '', toDecimal64(c2, 2), NULL, c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI05', '', toDecimal64(c3, 2), NULL, c3, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1, [CAST(tuple('AD01b', concat('decision=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01b', concat('decision=', slice0), toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0, [CAST(tuple('CI05', concat('plaintiff_kind=', slice1), toDecimal64(c3, 2), NULL, c3, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            ifNull(toString(decision), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(plaintiff_kind), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(subject = 'judgment', false) AND NOT isNull(decided_on))) AS c0,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(subject = 'judgment', false) AND NOT isNull(decided_on))) AS c1,
            countIf((ifNull(subject = 'fake_litigation', false) AND NOT isNull(decided_on))) AS c2,
            countIf((ifNull(subject = 'support', false) AND ifNull(decision = 'supported_suit', false) AND NOT isNull(decided_on))) AS c3
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1))
    )
) AS counted;

-- scan 16: AD02, CI02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD02', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI02', '', toDecimal64(c1, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(retrial_ruled_on)))) AS in_month,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND NOT isNull(retrial_ruled_on))) AS c0,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND NOT isNull(retrial_ruled_on))) AS c1
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(retrial_ruled_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 17: AD02, CI02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD02', '', toDecimal64(0, 2), toDecimal64(c0, 2), c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI02', '', toDecimal64(0, 2), toDecimal64(c1, 2), c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(document_issued_on)))) AS in_month,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND NOT isNull(document_issued_on))) AS c0,
            countIf((ifNull(docket_kind = 'civil_supervision', false) AND ifNull(decision = 'retrial_recommendation', false) AND NOT isNull(document_issued_on))) AS c1
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(document_issued_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 18: AD04
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD04', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(dispute_resolved_on)))) AS in_month,
            countIf((ifNull(docket_kind = 'administrative_supervision', false) AND NOT isNull(dispute_resolved_on))) AS c0
        FROM <what the run knows of civil_supervision> AS s
        WHERE isNotNull(dispute_resolved_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 19: CI04b, JZ02a, JZ02b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('CI04b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ02a', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ02b', '', toDecimal64(c2, 2), toDecimal64(c2 + c3, 2), c2 + c3 + c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('JZ02a', concat('clue_kind=', slice0), toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(transferred_on)))) AS in_month,
            ifNull(toString(clue_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf((ifNull(clue_kind = 'fake_litigation', false) AND NOT isNull(transferred_on))) AS c0,
            countIf((ifNull(clue_kind IN ('duty_violation', 'duty_crime', 'judicial_crime'), false) AND NOT isNull(transferred_on))) AS c1,
            countIf(((ifNull(clue_kind IN ('duty_violation', 'duty_crime', 'judicial_crime'), false) AND NOT isNull(transferred_on)) AND NOT isNull(feedback_on))) AS c2,
            countIf(((ifNull(clue_kind IN ('duty_violation', 'duty_crime', 'judicial_crime'), false) AND NOT isNull(transferred_on)) AND (isNull(feedback_on) AND isNull(result)))) AS c3,
            countIf(((ifNull(clue_kind IN ('duty_violation', 'duty_crime', 'judicial_crime'), false) AND NOT isNull(transferred_on)) AND (isNull(feedback_on) AND NOT isNull(result)))) AS c4
        FROM <what the run knows of clue_transfer> AS s
        WHERE isNotNull(transferred_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 20: SV08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV08a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_at)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(executed_at)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(executed_at)), if(isNull(ended_on) OR toDate32(ended_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(ended_on)))), -1))) + 1)))))) AS in_month,
            countIf(NOT isNull(executed_at)) AS c0
        FROM <what the run knows of coercive_measure> AS s
        WHERE isNotNull(executed_at) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 21: SV08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV08a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf(isNull(executed_at)) AS c0
        FROM <what the run knows of coercive_measure> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 22: SV08b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV08b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(expires_on)))) AS in_month,
            countIf(NOT isNull(expires_on)) AS c0
        FROM <what the run knows of coercive_measure> AS s
        WHERE isNotNull(expires_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 23: SV08d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV08d', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(expires_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(expires_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(expires_on)), if(isNull(ended_on) OR toDate32(ended_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(ended_on)))), -1))) + 1)))))) AS in_month,
            countIf(NOT isNull(expires_on)) AS c0
        FROM <what the run knows of coercive_measure> AS s
        WHERE isNotNull(expires_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 24: SV09
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV09', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_at)))) AS in_month,
            countIf(((ifNull(measure = 'detention', false) AND NOT isNull(executed_at)) AND ifNull(end_reason IN ('released', 'bail', 'residential_surveillance', 'expired'), false))) AS c0,
            countIf(((ifNull(measure = 'detention', false) AND NOT isNull(executed_at)) AND ifNull(end_reason IN ('arrested', 'transferred', 'retention'), false))) AS c1,
            countIf(((ifNull(measure = 'detention', false) AND NOT isNull(executed_at)) AND (isNull(end_reason) OR ifNull(end_reason IN ('detained', 'sentenced', 'not_prosecuted', 'withdrawn', 'acquitted', 'died', 'other'), false)))) AS c2
        FROM <what the run knows of coercive_measure> AS s
        WHERE isNotNull(executed_at) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 25: EX04a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('EX04a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('EX04a', concat('correction_kind=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(accepted_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(accepted_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(accepted_on)), if(isNull(ended_on) OR toDate32(ended_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(ended_on)))), -1))) + 1)))))) AS in_month,
            ifNull(toString(correction_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf(NOT isNull(accepted_on)) AS c0
        FROM <what the run knows of community_correction> AS s
        WHERE isNotNull(accepted_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 26: EX04a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('EX04a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('EX04a', concat('correction_kind=', slice0), toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            ifNull(toString(correction_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf(isNull(accepted_on)) AS c0
        FROM <what the run knows of community_correction> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 27: EX04b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX04b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(report_due_on)))) AS in_month,
            countIf(((ifNull(report_due_on <= {as_of:Date32}, false) AND NOT isNull(report_due_on)) AND ifNull(reported_on > toDate32(report_due_on), false))) AS c0,
            countIf(((ifNull(report_due_on <= {as_of:Date32}, false) AND NOT isNull(report_due_on)) AND ifNull(reported_on <= toDate32(report_due_on), false))) AS c1,
            countIf(((ifNull(report_due_on <= {as_of:Date32}, false) AND NOT isNull(report_due_on)) AND isNull(reported_on))) AS c2
        FROM <what the run knows of community_correction> AS s
        WHERE isNotNull(report_due_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 28: EX04c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX04c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(out_of_control_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(out_of_control_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(out_of_control_on)), if(isNull(found_again_on) OR toDate32(found_again_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(found_again_on)))), -1))) + 1)))))) AS in_month,
            countIf(NOT isNull(out_of_control_on)) AS c0
        FROM <what the run knows of community_correction> AS s
        WHERE isNotNull(out_of_control_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 29: EX04d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX04d', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(revocation_decided_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(revocation_decided_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(revocation_decided_on)), if(isNull(recalled_on) OR toDate32(recalled_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(recalled_on)))), -1))) + 1)))))) AS in_month,
            countIf((ifNull(revocation_result = 'revoked', false) AND NOT isNull(revocation_decided_on))) AS c0
        FROM <what the run knows of community_correction> AS s
        WHERE isNotNull(revocation_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 30: EX06c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX06c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(happened_at)))) AS in_month,
            countIf((ifNull(event_kind = 'death', false) AND NOT ifNull(natural_death, false) AND NOT isNull(natural_death) AND NOT isNull(happened_at))) AS c0
        FROM <what the run knows of custody_event> AS s
        WHERE isNotNull(happened_at) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 31: AR09a, AR09b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR09a', 'basis=complex', toDecimal64(c0, 2), toDecimal64(c0 + c1 + c2 + c3, 2), c0 + c1 + c2 + c3 + c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR09a', 'basis=four_kinds', toDecimal64(c1, 2), toDecimal64(c0 + c1 + c2 + c3, 2), c0 + c1 + c2 + c3 + c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR09a', 'basis=ten_years', toDecimal64(c2, 2), toDecimal64(c0 + c1 + c2 + c3, 2), c0 + c1 + c2 + c3 + c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR09a', 'basis=special', toDecimal64(c3, 2), toDecimal64(c0 + c1 + c2 + c3, 2), c0 + c1 + c2 + c3 + c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR09b', '', toDecimal64(c5, 2), toDecimal64(c5 + c6, 2), c5 + c6 + c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            countIf(((ifNull(decision = 'approved', false) AND NOT isNull(decided_on)) AND NOT isNull(basis) AND ifNull(basis = 'complex', false))) AS c0,
            countIf(((ifNull(decision = 'approved', false) AND NOT isNull(decided_on)) AND NOT isNull(basis) AND ifNull(basis = 'four_kinds', false))) AS c1,
            countIf(((ifNull(decision = 'approved', false) AND NOT isNull(decided_on)) AND NOT isNull(basis) AND ifNull(basis = 'ten_years', false))) AS c2,
            countIf(((ifNull(decision = 'approved', false) AND NOT isNull(decided_on)) AND NOT isNull(basis) AND ifNull(basis = 'special', false))) AS c3,
            countIf(((ifNull(decision = 'approved', false) AND NOT isNull(decided_on)) AND isNull(basis))) AS c4,
            countIf((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false))) AS c5,
            countIf((NOT isNull(decided_on) AND ifNull(decision = 'approved', false))) AS c6,
            countIf((NOT isNull(decided_on) AND (isNull(decision) OR ifNull(decision = 'returned', false)))) AS c7
        FROM <what the run knows of custody_extension> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 32: EX03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX03b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(effective_on)))) AS in_month,
            countIf((ifNull(kept_in_detention_centre, false) AND ifNull(remaining_class = 'over_three_months', false) AND NOT isNull(effective_on))) AS c0
        FROM <what the run knows of execution_delivery> AS s
        WHERE isNotNull(effective_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 33: EX03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX03b', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((ifNull(kept_in_detention_centre, false) AND ifNull(remaining_class = 'over_three_months', false) AND isNull(effective_on))) AS c0
        FROM <what the run knows of execution_delivery> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 34: DQ06, EX07b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ06', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX07b', '', toDecimal64(c3, 2), NULL, c4, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(feedback_on)))) AS in_month,
            countIf((NOT isNull(feedback_on) AND ((isNull(serious_problems) OR ifNull(serious_problems <= problems, false)) AND (isNull(rectified_problems) OR ifNull(rectified_problems <= problems, false)) AND NOT isNull(problems)))) AS c0,
            countIf((NOT isNull(feedback_on) AND (NOT isNull(problems) AND (ifNull(serious_problems > problems, false) OR ifNull(rectified_problems > problems, false))))) AS c1,
            countIf((NOT isNull(feedback_on) AND isNull(problems))) AS c2,
            sumIf(toInt64(ifNull(problems, 0)), (NOT isNull(problems) AND NOT isNull(feedback_on))) AS c3,
            countIf((NOT isNull(problems) AND NOT isNull(feedback_on))) AS c4
        FROM <what the run knows of facility_inspection> AS s
        WHERE isNotNull(feedback_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 35: EX07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('EX07a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('EX07a', concat('place_kind=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(began_on)))) AS in_month,
            ifNull(toString(place_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf((ifNull(inspection_kind <> 'resident', false) AND NOT isNull(began_on))) AS c0
        FROM <what the run knows of facility_inspection> AS s
        WHERE isNotNull(began_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 36: EX07a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('EX07a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('EX07a', concat('place_kind=', slice0), toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            ifNull(toString(place_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf((ifNull(inspection_kind <> 'resident', false) AND isNull(began_on))) AS c0
        FROM <what the run knows of facility_inspection> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 37: EX07c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX07c', '', toDecimal64(c0, 2), toDecimal64(c1, 2), c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(verified_on)))) AS in_month,
            sumIf(toInt64(ifNull(rectified_problems, 0)), (NOT isNull(verified_on) AND (NOT isNull(rectified_problems) AND NOT isNull(problems)))) AS c0,
            sumIf(toInt64(ifNull(problems, 0)), (NOT isNull(verified_on) AND (NOT isNull(rectified_problems) AND NOT isNull(problems)))) AS c1,
            countIf((NOT isNull(verified_on) AND (NOT isNull(rectified_problems) AND NOT isNull(problems)))) AS c2,
            countIf((NOT isNull(verified_on) AND (isNull(rectified_problems) OR isNull(problems)))) AS c3
        FROM <what the run knows of facility_inspection> AS s
        WHERE isNotNull(verified_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 38: DQ05
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ05', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(opened_on)))) AS in_month,
            countIf((NOT isNull(opened_on) AND ifNull(link_state IN ('root', 'linked'), false))) AS c0,
            countIf((NOT isNull(opened_on) AND ifNull(link_state = 'unlinked', false))) AS c1,
            countIf((NOT isNull(opened_on) AND isNull(link_state))) AS c2
        FROM <what the run knows of linked_docket> AS s
        WHERE isNotNull(opened_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 39: SV08c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV08c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_on)))) AS in_month,
            countIf(NOT isNull(executed_on)) AS c0
        FROM <what the run knows of measured_person> AS s
        WHERE isNotNull(executed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 40: SV08c
SELECT DISTINCT {pairs:String}, {generation:UInt32}, of_indicator, ifNull(supervisor, of_organ), in_month, person
FROM
(
    SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_on)))) AS in_month, ifNull(toString(person), '') AS person, arrayJoin([if(NOT isNull(executed_on), 'SV08c', '')]) AS of_indicator
    FROM <what the run knows of measured_person> AS s
    WHERE isNotNull(executed_on)
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised
WHERE of_organ != '' AND of_indicator != '' AND person != '';

-- scan 41: AR08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR08a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(filed_on)))) AS in_month,
            countIf(NOT isNull(filed_on)) AS c0
        FROM <what the run knows of necessity_review> AS s
        WHERE isNotNull(filed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 42: AR08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR08a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf(isNull(filed_on)) AS c0
        FROM <what the run knows of necessity_review> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 43: AR08b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR08b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(suggestion_served_on)))) AS in_month,
            countIf(((ifNull(decision IN ('release', 'change'), false) AND NOT isNull(suggestion_served_on)) AND ifNull(adopted, false))) AS c0,
            countIf(((ifNull(decision IN ('release', 'change'), false) AND NOT isNull(suggestion_served_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c1,
            countIf(((ifNull(decision IN ('release', 'change'), false) AND NOT isNull(suggestion_served_on)) AND isNull(adopted))) AS c2
        FROM <what the run knows of necessity_review> AS s
        WHERE isNotNull(suggestion_served_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 44: DQ04
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ04', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((NOT isNull(business_on) AND ifNull(identity = 'valid', false))) AS c0,
            countIf((NOT isNull(business_on) AND ifNull(identity = 'bad', false))) AS c1,
            countIf((NOT isNull(business_on) AND ifNull(identity = 'missing', false))) AS c2
        FROM <what the run knows of person_identity> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 45: PT01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PT01a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(counted_on)))) AS in_month,
            countIf((NOT isNull(counted_on) AND ifNull(count_matches, false))) AS c0,
            countIf((NOT isNull(counted_on) AND (NOT ifNull(count_matches, false) AND NOT isNull(count_matches)))) AS c1,
            countIf((NOT isNull(counted_on) AND isNull(count_matches))) AS c2
        FROM <what the run knows of property> AS s
        WHERE isNotNull(counted_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 46: PT01b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PT01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(expires_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(expires_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(expires_on)), if(isNull(least(disposed_on, released_on, returned_on)) OR toDate32(least(disposed_on, released_on, returned_on)) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(least(disposed_on, released_on, returned_on))))), -1))) + 1)))))) AS in_month,
            countIf(NOT isNull(expires_on)) AS c0
        FROM <what the run knows of property> AS s
        WHERE isNotNull(expires_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 47: PT01e
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PT01e', '', toDecimal64(c0, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(seized_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(seized_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(seized_on)), if(isNull(least(disposed_on, returned_on)) OR toDate32(least(disposed_on, returned_on)) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(least(disposed_on, returned_on))))), -1))) + 1)))))) AS in_month,
            sumIf(toDecimal64(ifNull(amount, 0), 2), (NOT isNull(amount) AND NOT isNull(seized_on))) AS c0,
            countIf((NOT isNull(amount) AND NOT isNull(seized_on))) AS c1
        FROM <what the run knows of property> AS s
        WHERE isNotNull(seized_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 48: EX05b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX05b', '', toDecimal64(c0, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(collected_on)))) AS in_month,
            sumIf(toDecimal64(ifNull(collected, 0), 2), NOT isNull(collected_on)) AS c0,
            countIf(NOT isNull(collected_on)) AS c1
        FROM <what the run knows of property_penalty_exec> AS s
        WHERE isNotNull(collected_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 49: EX05c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX05c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(filed_on)))) AS in_month,
            countIf((NOT isNull(filed_on) AND ifNull(end_kind = 'ended_programme', false))) AS c0,
            countIf((NOT isNull(filed_on) AND ifNull(end_kind IN ('completed', 'ended', 'rejected'), false))) AS c1,
            countIf((NOT isNull(filed_on) AND isNull(end_kind))) AS c2
        FROM <what the run knows of property_penalty_exec> AS s
        WHERE isNotNull(filed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 50: AD06a, AR06a, AR06b, AR07, DQ08, JV02, JV03a, JV04, JZ01b, JZ01c, JZ01d, PL01, PL02a, PL02b, PR01b, PR02, PR02b, PR03d, PR04a, PR04b, PR05, PR06, PR07b, PR07c, PR08a, PT01d, SV05b, SV07b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AD06a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR06a', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR06b', '', toDecimal64(0, 2), toDecimal64(c6, 2), c6, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', '', toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('DQ08', '', toDecimal64(c9, 2), toDecimal64(c9 + c10, 2), c9 + c10 + c11, c11), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JV02', '', toDecimal64(c12, 2), toDecimal64(c12 + c13, 2), c12 + c13 + c14, c14), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JV03a', '', toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JV04', '', toDecimal64(c18, 2), NULL, c18, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ01b', '', toDecimal64(c19, 2), toDecimal64(c19 + c20, 2), c19 + c20 + c21, c21), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ01c', '', toDecimal64(c22, 2), toDecimal64(c22 + c23, 2), c22 + c23 + c24, c24), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ01d', '', toDecimal64(c25, 2), toDecimal64(c25 + c26, 2), c25 + c26 + c27, c27), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', '', toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL02a', '', toDecimal64(c31, 2), toDecimal64(c31 + c32, 2), c31 + c32 + c33, c33), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL02b', '', toDecimal64(c34, 2), toDecimal64(c34 + c35, 2), c34 + c35 + c36, c36), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR01b', '', toDecimal64(c37, 2), NULL, c37, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', '', toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=prosecuted', toDecimal64(c41, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=not_prosecuted_statutory', toDecimal64(c42, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=not_prosecuted_relative', toDecimal64(c43, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=not_prosecuted_doubtful', toDecimal64(c44, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=not_prosecuted_special', toDecimal64(c45, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02b', 'decision=conditional', toDecimal64(c46, 2), toDecimal64(c41 + c42 + c43 + c44 + c45 + c46, 2), c41 + c42 + c43 + c44 + c45 + c46 + c47, c47), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR03d', '', toDecimal64(0, 2), toDecimal64(c48, 2), c48, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', '', toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', '', toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR05', '', toDecimal64(c55, 2), toDecimal64(c55 + c56, 2), c55 + c56 + c57, c57), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR06', '', toDecimal64(c58, 2), toDecimal64(c58 + c59, 2), c58 + c59 + c60, c60), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR07b', '', toDecimal64(c61, 2), toDecimal64(c62, 2), c62 + c63, c63), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR07c', '', toDecimal64(c64, 2), toDecimal64(c65, 2), c65 + c66, c66), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR08a', '', toDecimal64(0, 2), toDecimal64(c67, 2), c67, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PT01d', '', toDecimal64(c68, 2), toDecimal64(c68 + c69, 2), c68 + c69 + c70, c70), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV05b', '', toDecimal64(c71, 2), NULL, c71, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV07b', '', toDecimal64(c72, 2), NULL, c72, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AR06a', concat('age_band=', slice0), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', concat('age_band=', slice0), toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', concat('age_band=', slice0), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', concat('age_band=', slice0), toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', concat('age_band=', slice0), toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', concat('age_band=', slice0), toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AR06a', concat('charge_group=', slice1), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', concat('charge_group=', slice1), toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', concat('charge_group=', slice1), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', concat('charge_group=', slice1), toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', concat('charge_group=', slice1), toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', concat('charge_group=', slice1), toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 0 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AR06a', concat('enterprise=', slice2), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', concat('enterprise=', slice2), toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', concat('enterprise=', slice2), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', concat('enterprise=', slice2), toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', concat('enterprise=', slice2), toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', concat('enterprise=', slice2), toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 0 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AR06a', concat('juvenile=', slice3), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', concat('juvenile=', slice3), toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', concat('juvenile=', slice3), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', concat('juvenile=', slice3), toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', concat('juvenile=', slice3), toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', concat('juvenile=', slice3), toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 0 AND whole5 = 1, [CAST(tuple('PL01', concat('procedure=', slice4), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 0, [CAST(tuple('AR06a', concat('sex=', slice5), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR07', concat('sex=', slice5), toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL01', concat('sex=', slice5), toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', concat('sex=', slice5), toDecimal64(c38, 2), toDecimal64(c38 + c39, 2), c38 + c39 + c40, c40), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04a', concat('sex=', slice5), toDecimal64(c49, 2), toDecimal64(c49 + c50, 2), c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR04b', concat('sex=', slice5), toDecimal64(c52, 2), toDecimal64(c52 + c53, 2), c52 + c53 + c54, c54), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            ifNull(toString(age_band), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(charge_group), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            ifNull(toString(enterprise), 'unrecorded') AS slice2, grouping(slice2) AS whole2,
            ifNull(toString(juvenile), 'unrecorded') AS slice3, grouping(slice3) AS whole3,
            ifNull(toString(procedure), 'unrecorded') AS slice4, grouping(slice4) AS whole4,
            ifNull(toString(sex), 'unrecorded') AS slice5, grouping(slice5) AS whole5,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(penalty_needed, false) OR isNull(penalty_needed))) AND NOT isNull(decided_on)) AND (ifNull(penalty_needed, false) AND NOT isNull(opinion_issued_on)))) AS c0,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(penalty_needed, false) OR isNull(penalty_needed))) AND NOT isNull(decided_on)) AND (ifNull(penalty_needed, false) AND isNull(opinion_issued_on)))) AS c1,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(penalty_needed, false) OR isNull(penalty_needed))) AND NOT isNull(decided_on)) AND isNull(penalty_needed))) AS c2,
            countIf(((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on)) AND ifNull(custody_before = 'arrested', false))) AS c3,
            countIf(((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on)) AND ifNull(custody_before IN ('detained', 'retained', 'none'), false))) AS c4,
            countIf(((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on)) AND isNull(custody_before))) AS c5,
            countIf((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on))) AS c6,
            countIf(((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on)) AND ifNull(custody_before IN ('arrested', 'detained', 'retained'), false))) AS c7,
            countIf(((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND NOT isNull(decided_on)) AND ifNull(custody_before = 'none', false))) AS c8,
            countIf((NOT isNull(decided_on) AND (NOT isNull(decision) AND NOT isNull(decision_document_number)))) AS c9,
            countIf((NOT isNull(decided_on) AND (NOT isNull(decision) AND isNull(decision_document_number)))) AS c10,
            countIf((NOT isNull(decided_on) AND isNull(decision))) AS c11,
            countIf((((ifNull(juvenile, false) AND (isNull(decision) OR ifNull(decision <> 'conditional', false))) AND NOT isNull(decided_on)) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false))) AS c12,
            countIf((((ifNull(juvenile, false) AND (isNull(decision) OR ifNull(decision <> 'conditional', false))) AND NOT isNull(decided_on)) AND ifNull(decision = 'prosecuted', false))) AS c13,
            countIf((((ifNull(juvenile, false) AND (isNull(decision) OR ifNull(decision <> 'conditional', false))) AND NOT isNull(decided_on)) AND isNull(decision))) AS c14,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND ifNull(decision = 'conditional', false))) AS c15,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND ifNull(decision <> 'conditional', false))) AS c16,
            countIf(((ifNull(juvenile, false) AND NOT isNull(decided_on)) AND isNull(decision))) AS c17,
            countIf((ifNull(harms_juvenile, false) AND ifNull(decision = 'prosecuted', false) AND NOT isNull(decided_on))) AS c18,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND NOT isNull(returned_1_on))) AS c19,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND (isNull(returned_1_on) AND isNull(resubmitted_1_on)))) AS c20,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND (isNull(returned_1_on) AND NOT isNull(resubmitted_1_on)))) AS c21,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND ifNull(self_supplemented, false))) AS c22,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND (NOT ifNull(self_supplemented, false) AND NOT isNull(self_supplemented)))) AS c23,
            countIf(((ifNull(case_source = 'supervisory', false) AND NOT isNull(decided_on)) AND isNull(self_supplemented))) AS c24,
            countIf(((ifNull(case_source = 'supervisory', false) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND NOT isNull(decided_on)) AND NOT isNull(upper_approval_on))) AS c25,
            countIf(((ifNull(case_source = 'supervisory', false) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND NOT isNull(decided_on)) AND (isNull(upper_approval_on) AND isNull(upper_approval_document_number)))) AS c26,
            countIf(((ifNull(case_source = 'supervisory', false) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND NOT isNull(decided_on)) AND (isNull(upper_approval_on) AND NOT isNull(upper_approval_document_number)))) AS c27,
            countIf((((isNull(decision) OR ifNull(decision <> 'conditional', false)) AND NOT isNull(decided_on)) AND ifNull(plea_leniency, false))) AS c28,
            countIf((((isNull(decision) OR ifNull(decision <> 'conditional', false)) AND NOT isNull(decided_on)) AND (NOT ifNull(plea_leniency, false) AND NOT isNull(plea_leniency)))) AS c29,
            countIf((((isNull(decision) OR ifNull(decision <> 'conditional', false)) AND NOT isNull(decided_on)) AND isNull(plea_leniency))) AS c30,
            countIf(((ifNull(decision = 'prosecuted', false) AND ifNull(plea_leniency, false) AND NOT isNull(decided_on)) AND ifNull(sentencing_recommendation IN ('range', 'fixed'), false))) AS c31,
            countIf(((ifNull(decision = 'prosecuted', false) AND ifNull(plea_leniency, false) AND NOT isNull(decided_on)) AND ifNull(sentencing_recommendation = 'none', false))) AS c32,
            countIf(((ifNull(decision = 'prosecuted', false) AND ifNull(plea_leniency, false) AND NOT isNull(decided_on)) AND isNull(sentencing_recommendation))) AS c33,
            countIf((((ifNull(decision = 'prosecuted', false) AND (isNull(sentencing_recommendation) OR ifNull(sentencing_recommendation <> 'none', false))) AND NOT isNull(decided_on)) AND ifNull(sentencing_recommendation = 'fixed', false))) AS c34,
            countIf((((ifNull(decision = 'prosecuted', false) AND (isNull(sentencing_recommendation) OR ifNull(sentencing_recommendation <> 'none', false))) AND NOT isNull(decided_on)) AND ifNull(sentencing_recommendation = 'range', false))) AS c35,
            countIf((((ifNull(decision = 'prosecuted', false) AND (isNull(sentencing_recommendation) OR ifNull(sentencing_recommendation <> 'none', false))) AND NOT isNull(decided_on)) AND isNull(sentencing_recommendation))) AS c36,
            countIf(NOT isNull(decided_on)) AS c37,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false))) AS c38,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND ifNull(decision = 'prosecuted', false))) AS c39,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND isNull(decision))) AS c40,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'prosecuted', false))) AS c41,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'not_prosecuted_statutory', false))) AS c42,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'not_prosecuted_relative', false))) AS c43,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'not_prosecuted_doubtful', false))) AS c44,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'not_prosecuted_special', false))) AS c45,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND NOT isNull(decision) AND ifNull(decision = 'conditional', false))) AS c46,
            countIf((((isNull(decision) OR ifNull(decision <> 'prosecuted', false)) AND NOT isNull(decided_on)) AND isNull(decision))) AS c47,
            countIf((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND NOT isNull(decided_on))) AS c48,
            countIf((NOT isNull(decided_on) AND NOT isNull(returned_1_on))) AS c49,
            countIf((NOT isNull(decided_on) AND (isNull(returned_1_on) AND isNull(resubmitted_1_on)))) AS c50,
            countIf((NOT isNull(decided_on) AND (isNull(returned_1_on) AND NOT isNull(resubmitted_1_on)))) AS c51,
            countIf((NOT isNull(decided_on) AND NOT isNull(returned_2_on))) AS c52,
            countIf((NOT isNull(decided_on) AND (isNull(returned_2_on) AND isNull(resubmitted_2_on)))) AS c53,
            countIf((NOT isNull(decided_on) AND (isNull(returned_2_on) AND NOT isNull(resubmitted_2_on)))) AS c54,
            countIf((NOT isNull(decided_on) AND NOT isNull(extended_on))) AS c55,
            countIf((NOT isNull(decided_on) AND (isNull(extended_on) AND isNull(extension_document_number)))) AS c56,
            countIf((NOT isNull(decided_on) AND (isNull(extended_on) AND NOT isNull(extension_document_number)))) AS c57,
            countIf((NOT isNull(decided_on) AND ifNull(self_supplemented, false))) AS c58,
            countIf((NOT isNull(decided_on) AND (NOT ifNull(self_supplemented, false) AND NOT isNull(self_supplemented)))) AS c59,
            countIf((NOT isNull(decided_on) AND isNull(self_supplemented))) AS c60,
            sumIf(ifNull(dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))), 0), (NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c61,
            countIf((NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c62,
            countIf((NOT isNull(decided_on) AND (isNull(accepted_on) OR ifNull(accepted_on > toDate32(decided_on), false)))) AS c63,
            sumIf(ifNull(dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))), 0), ((isNull(extended_on) AND isNull(returned_1_on) AND NOT isNull(decided_on)) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c64,
            countIf(((isNull(extended_on) AND isNull(returned_1_on) AND NOT isNull(decided_on)) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c65,
            countIf(((isNull(extended_on) AND isNull(returned_1_on) AND NOT isNull(decided_on)) AND (isNull(accepted_on) OR ifNull(accepted_on > toDate32(decided_on), false)))) AS c66,
            countIf((ifNull(decision = 'prosecuted', false) AND NOT isNull(decided_on))) AS c67,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(has_seized_property, false) OR isNull(has_seized_property))) AND NOT isNull(decided_on)) AND (ifNull(has_seized_property, false) AND NOT isNull(property_released_on)))) AS c68,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(has_seized_property, false) OR isNull(has_seized_property))) AND NOT isNull(decided_on)) AND (ifNull(has_seized_property, false) AND isNull(property_released_on)))) AS c69,
            countIf((((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND (ifNull(has_seized_property, false) OR isNull(has_seized_property))) AND NOT isNull(decided_on)) AND isNull(has_seized_property))) AS c70,
            countIf((ifNull(supplementary_prosecution, false) AND ifNull(decision = 'prosecuted', false) AND NOT isNull(decided_on))) AS c71,
            countIf((ifNull(evidence_excluded, false) AND NOT isNull(decided_on))) AS c72
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1), (of_organ, in_month, slice2), (of_organ, in_month, slice3), (of_organ, in_month, slice4), (of_organ, in_month, slice5))
    )
) AS counted;

-- scan 51: AD06c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD06c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(opinion_replied_on)))) AS in_month,
            countIf((NOT isNull(opinion_replied_on) AND ifNull(penalised, false))) AS c0,
            countIf((NOT isNull(opinion_replied_on) AND (NOT ifNull(penalised, false) AND NOT isNull(penalised)))) AS c1,
            countIf((NOT isNull(opinion_replied_on) AND isNull(penalised))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(opinion_replied_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 52: AR05a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR05a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR05a', concat('age_band=', slice0), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR05a', concat('charge_group=', slice1), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 0 AND whole3 = 1 AND whole4 = 1, [CAST(tuple('AR05a', concat('enterprise=', slice2), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 0 AND whole4 = 1, [CAST(tuple('AR05a', concat('juvenile=', slice3), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 0, [CAST(tuple('AR05a', concat('sex=', slice4), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(arrested_on)))) AS in_month,
            ifNull(toString(age_band), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(charge_group), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            ifNull(toString(enterprise), 'unrecorded') AS slice2, grouping(slice2) AS whole2,
            ifNull(toString(juvenile), 'unrecorded') AS slice3, grouping(slice3) AS whole3,
            ifNull(toString(sex), 'unrecorded') AS slice4, grouping(slice4) AS whole4,
            countIf(((ifNull(custody_before = 'arrested', false) AND NOT isNull(arrested_on)) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false))) AS c0,
            countIf(((ifNull(custody_before = 'arrested', false) AND NOT isNull(arrested_on)) AND ifNull(decision = 'prosecuted', false))) AS c1,
            countIf(((ifNull(custody_before = 'arrested', false) AND NOT isNull(arrested_on)) AND (isNull(decision) OR ifNull(decision = 'conditional', false)))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(arrested_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1), (of_organ, in_month, slice2), (of_organ, in_month, slice3), (of_organ, in_month, slice4))
    )
) AS counted;

-- scan 53: AR06b, JZ01a, PR01a, PR03d, PR08a, SV05b, SV07b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR06b', '', toDecimal64(0, 2), toDecimal64(0, 2), c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ01a', '', toDecimal64(0, 2), NULL, c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR01a', '', toDecimal64(0, 2), NULL, c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR03d', '', toDecimal64(0, 2), toDecimal64(0, 2), c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR08a', '', toDecimal64(0, 2), toDecimal64(0, 2), c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV05b', '', toDecimal64(0, 2), NULL, c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV07b', '', toDecimal64(0, 2), NULL, c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((NOT isNull(decision) AND ifNull(decision <> 'conditional', false) AND isNull(decided_on))) AS c0,
            countIf((ifNull(case_source = 'supervisory', false) AND isNull(accepted_on))) AS c1,
            countIf(isNull(accepted_on)) AS c2,
            countIf((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND isNull(decided_on))) AS c3,
            countIf((ifNull(decision = 'prosecuted', false) AND isNull(decided_on))) AS c4,
            countIf((ifNull(supplementary_prosecution, false) AND ifNull(decision = 'prosecuted', false) AND isNull(decided_on))) AS c5,
            countIf((ifNull(evidence_excluded, false) AND isNull(decided_on))) AS c6
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 54: JV03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('JV03b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(probation_decided_on)))) AS in_month,
            countIf(((ifNull(decision = 'conditional', false) AND NOT isNull(probation_decided_on)) AND ifNull(probation_result = 'prosecuted', false))) AS c0,
            countIf(((ifNull(decision = 'conditional', false) AND NOT isNull(probation_decided_on)) AND ifNull(probation_result = 'not_prosecuted', false))) AS c1,
            countIf(((ifNull(decision = 'conditional', false) AND NOT isNull(probation_decided_on)) AND (isNull(probation_result) OR ifNull(probation_result = 'running', false)))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(probation_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 55: JZ01a, PR01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('JZ01a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR01a', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(accepted_on)))) AS in_month,
            countIf((ifNull(case_source = 'supervisory', false) AND NOT isNull(accepted_on))) AS c0,
            countIf(NOT isNull(accepted_on)) AS c1
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(accepted_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 56: PR03a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR03a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(reconsideration_decided_on)))) AS in_month,
            countIf((NOT isNull(reconsideration_decided_on) AND ifNull(reconsideration_changed, false))) AS c0,
            countIf((NOT isNull(reconsideration_decided_on) AND (NOT ifNull(reconsideration_changed, false) AND NOT isNull(reconsideration_changed)))) AS c1,
            countIf((NOT isNull(reconsideration_decided_on) AND isNull(reconsideration_changed))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(reconsideration_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 57: PR03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR03b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(review_decided_on)))) AS in_month,
            countIf((NOT isNull(review_decided_on) AND ifNull(review_changed, false))) AS c0,
            countIf((NOT isNull(review_decided_on) AND (NOT ifNull(review_changed, false) AND NOT isNull(review_changed)))) AS c1,
            countIf((NOT isNull(review_decided_on) AND isNull(review_changed))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(review_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 58: PR03c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR03c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(appeal_decided_on)))) AS in_month,
            countIf((NOT isNull(appeal_decided_on) AND ifNull(appeal_changed, false))) AS c0,
            countIf((NOT isNull(appeal_decided_on) AND (NOT ifNull(appeal_changed, false) AND NOT isNull(appeal_changed)))) AS c1,
            countIf((NOT isNull(appeal_decided_on) AND isNull(appeal_changed))) AS c2
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(appeal_decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 59: PR03d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR03d', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(victim_appealed_on)))) AS in_month,
            countIf((ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false) AND NOT isNull(victim_appealed_on))) AS c0
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(victim_appealed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 60: PR07b, PR07c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR07b', concat('days=', leftPad(toString(bin), 3, '0')), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR07c', concat('days=', leftPad(toString(bin), 3, '0')), toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            dateDiff('day', toDate32(accepted_on), least(toDate32(decided_on), addDays(toDate32(accepted_on), 999))) AS bin,
            countIf((NOT isNull(decided_on) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c0,
            countIf(((isNull(extended_on) AND isNull(returned_1_on) AND NOT isNull(decided_on)) AND (NOT isNull(accepted_on) AND ifNull(accepted_on <= toDate32(decided_on), false)))) AS c1
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(decided_on) AND isNotNull(bin) AND of_organ != ''
        GROUP BY of_organ, in_month, bin
    )
) AS counted;

-- scan 61: PR08a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR08a', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(prosecution_withdrawn_on)))) AS in_month,
            countIf(NOT isNull(prosecution_withdrawn_on)) AS c0
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(prosecution_withdrawn_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 62: AD01c, CI01c, TR01b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD01c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01c', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR01b', '', toDecimal64(c2, 2), NULL, c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(protested_on)))) AS in_month,
            countIf((ifNull(case_class = 'administrative', false) AND NOT isNull(protested_on))) AS c0,
            countIf((ifNull(case_class = 'civil', false) AND NOT isNull(protested_on))) AS c1,
            countIf((ifNull(case_class = 'criminal', false) AND NOT isNull(protested_on))) AS c2
        FROM <what the run knows of protest_case> AS s
        WHERE isNotNull(protested_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 63: AD01d, CI01d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD01d', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI01d', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(concluded_on)))) AS in_month,
            countIf(((ifNull(case_class = 'administrative', false) AND NOT isNull(concluded_on)) AND ifNull(result IN ('changed', 'remanded', 'mediated', 'settled'), false))) AS c0,
            countIf(((ifNull(case_class = 'administrative', false) AND NOT isNull(concluded_on)) AND ifNull(result IN ('upheld', 'withdrawn', 'ended'), false))) AS c1,
            countIf(((ifNull(case_class = 'administrative', false) AND NOT isNull(concluded_on)) AND isNull(result))) AS c2,
            countIf(((ifNull(case_class = 'civil', false) AND NOT isNull(concluded_on)) AND ifNull(result IN ('changed', 'remanded', 'mediated', 'settled'), false))) AS c3,
            countIf(((ifNull(case_class = 'civil', false) AND NOT isNull(concluded_on)) AND ifNull(result IN ('upheld', 'withdrawn', 'ended'), false))) AS c4,
            countIf(((ifNull(case_class = 'civil', false) AND NOT isNull(concluded_on)) AND isNull(result))) AS c5
        FROM <what the run knows of protest_case> AS s
        WHERE isNotNull(concluded_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 64: TR01b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('TR01b', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((ifNull(case_class = 'criminal', false) AND isNull(protested_on))) AS c0
        FROM <what the run knows of protest_case> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 65: TR01c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('TR01c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(upper_reviewed_on)))) AS in_month,
            countIf(((ifNull(case_class = 'criminal', false) AND NOT isNull(upper_reviewed_on)) AND ifNull(upper_decision IN ('supported', 'partly'), false))) AS c0,
            countIf(((ifNull(case_class = 'criminal', false) AND NOT isNull(upper_reviewed_on)) AND ifNull(upper_decision = 'withdrawn', false))) AS c1,
            countIf(((ifNull(case_class = 'criminal', false) AND NOT isNull(upper_reviewed_on)) AND isNull(upper_decision))) AS c2
        FROM <what the run knows of protest_case> AS s
        WHERE isNotNull(upper_reviewed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 66: PI01a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1, [CAST(tuple('PI01a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1, [CAST(tuple('PI01a', concat('interest_field=', slice0), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0, [CAST(tuple('PI01a', concat('litigation_kind=', slice1), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(clue_on)))) AS in_month,
            ifNull(toString(interest_field), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(litigation_kind), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            countIf((NOT isNull(clue_on) AND NOT isNull(filed_on))) AS c0,
            countIf((NOT isNull(clue_on) AND (isNull(filed_on) AND NOT isNull(not_filed_on)))) AS c1,
            countIf((NOT isNull(clue_on) AND (isNull(filed_on) AND isNull(not_filed_on)))) AS c2
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(clue_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1))
    )
) AS counted;

-- scan 67: PI01b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1, [CAST(tuple('PI01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1, [CAST(tuple('PI01b', concat('interest_field=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0, [CAST(tuple('PI01b', concat('litigation_kind=', slice1), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(filed_on)))) AS in_month,
            ifNull(toString(interest_field), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(litigation_kind), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            countIf(NOT isNull(filed_on)) AS c0
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(filed_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1))
    )
) AS counted;

-- scan 68: PI02a, PI02b, PI02c, PI02d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('PI02a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PI02b', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PI02c', '', toDecimal64(c5, 2), toDecimal64(c5 + c6, 2), c5 + c6 + c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PI02d', '', toDecimal64(c8, 2), toDecimal64(c8 + c9, 2), c8 + c9 + c10, c10), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('PI02a', concat('interest_field=', slice0), toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(reply_due_on)))) AS in_month,
            ifNull(toString(interest_field), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND NOT isNull(replied_on))) AS c0,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND (isNull(replied_on) AND isNull(rectified)))) AS c1,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND (isNull(replied_on) AND NOT isNull(rectified)))) AS c2,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND ifNull(replied_on <= toDate32(reply_due_on), false))) AS c3,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND (ifNull(replied_on > toDate32(reply_due_on), false) OR (isNull(replied_on) AND isNull(rectified))))) AS c4,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND ifNull(rectified = 'full', false))) AS c5,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND ifNull(rectified IN ('partly', 'none'), false))) AS c6,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND isNull(rectified))) AS c7,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND (NOT isNull(replied_on) AND ifNull(rectified = 'full', false)))) AS c8,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND ((NOT isNull(replied_on) AND ifNull(rectified IN ('partly', 'none'), false)) OR (isNull(replied_on) AND isNull(rectified))))) AS c9,
            countIf(((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND NOT isNull(reply_due_on)) AND ((NOT isNull(replied_on) AND isNull(rectified)) OR (isNull(replied_on) AND NOT isNull(rectified))))) AS c10
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(reply_due_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 69: PI03a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1, [CAST(tuple('PI03a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1, [CAST(tuple('PI03a', concat('interest_field=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0, [CAST(tuple('PI03a', concat('litigation_kind=', slice1), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(sued_on)))) AS in_month,
            ifNull(toString(interest_field), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(litigation_kind), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            countIf(NOT isNull(sued_on)) AS c0
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(sued_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1))
    )
) AS counted;

-- scan 70: PI03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PI03b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(judged_on)))) AS in_month,
            countIf((((isNull(result) OR ifNull(result IN ('supported', 'partly', 'rejected'), false)) AND NOT isNull(judged_on)) AND ifNull(result IN ('supported', 'partly'), false))) AS c0,
            countIf((((isNull(result) OR ifNull(result IN ('supported', 'partly', 'rejected'), false)) AND NOT isNull(judged_on)) AND ifNull(result = 'rejected', false))) AS c1,
            countIf((((isNull(result) OR ifNull(result IN ('supported', 'partly', 'rejected'), false)) AND NOT isNull(judged_on)) AND isNull(result))) AS c2
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(judged_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 71: PI04
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PI04', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(reply_due_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(reply_due_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(reply_due_on)), if(isNull(least(replied_on, sued_on, ended_on)) OR toDate32(least(replied_on, sued_on, ended_on)) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(least(replied_on, sued_on, ended_on))))), -1))) + 1)))))) AS in_month,
            countIf((ifNull(litigation_kind = 'administrative', false) AND ifNull(pretrial_kind = 'recommendation', false) AND NOT isNull(reply_due_on))) AS c0
        FROM <what the run knows of public_interest_case> AS s
        WHERE isNotNull(reply_due_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 72: DQ01, DQ02, DQ03
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ01', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('DQ02', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('DQ03', '', toDecimal64(c6, 2), toDecimal64(c6 + c7, 2), c6 + c7 + c8, c8), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((NOT isNull(business_on) AND ifNull(in_time, false))) AS c0,
            countIf((NOT isNull(business_on) AND (NOT ifNull(in_time, false) AND NOT isNull(in_time)))) AS c1,
            countIf((NOT isNull(business_on) AND isNull(in_time))) AS c2,
            countIf((NOT isNull(business_on) AND ifNull(complete, false))) AS c3,
            countIf((NOT isNull(business_on) AND (NOT ifNull(complete, false) AND NOT isNull(complete)))) AS c4,
            countIf((NOT isNull(business_on) AND isNull(complete))) AS c5,
            countIf((NOT isNull(business_on) AND ifNull(coded, false))) AS c6,
            countIf((NOT isNull(business_on) AND (NOT ifNull(coded, false) AND NOT isNull(coded)))) AS c7,
            countIf((NOT isNull(business_on) AND isNull(coded))) AS c8
        FROM <what the run knows of sent_record> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 73: EX01b, EX01c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), ifNull(supervisor, of_organ), in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('EX01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX01c', '', toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('EX01b', concat('change_kind=', slice0), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(ruled_on)))) AS in_month,
            ifNull(toString(change_kind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf(NOT isNull(ruled_on)) AS c0,
            countIf((NOT isNull(ruled_on) AND ifNull(opinion = 'disagree', false))) AS c1,
            countIf((NOT isNull(ruled_on) AND ifNull(opinion = 'agree', false))) AS c2,
            countIf((NOT isNull(ruled_on) AND (isNull(opinion) OR ifNull(opinion = 'none', false)))) AS c3
        FROM <what the run knows of sentence_change> AS s
        WHERE isNotNull(ruled_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted
LEFT JOIN
(
    SELECT o.organ_id AS supervised, any(s.organ_id) AS supervisor
    FROM (SELECT organ_id, ifNull(supervised_by, '') AS above FROM organ FINAL WHERE retracted = 0) AS o
    INNER JOIN (SELECT organ_id, code FROM organ FINAL WHERE retracted = 0) AS s ON o.above = s.code
    GROUP BY supervised
) AS r ON counted.of_organ = r.supervised;

-- scan 74: EX08
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX08', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(executed_on)))) AS in_month,
            countIf((ifNull(procedure_kind = 'compulsory_treatment', false) AND NOT isNull(executed_on))) AS c0
        FROM <what the run knows of special_procedure> AS s
        WHERE isNotNull(executed_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 75: DQ07
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('DQ07', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(taken_on)))) AS in_month,
            countIf((NOT isNull(taken_on) AND ifNull(fate IN ('duplicate', 'superseded'), false))) AS c0,
            countIf((NOT isNull(taken_on) AND ifNull(fate IN ('applied', 'conflict'), false))) AS c1,
            countIf((NOT isNull(taken_on) AND isNull(fate))) AS c2
        FROM <what the run knows of statement> AS s
        WHERE isNotNull(taken_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 76: AD03a, AD03b, AD05, CI03a, CI03b, EX01, EX04e, EX05a, EX05d, SU01b, SU01c, SU01d, SU02b, SV01a, SV01b, SV02a, SV02b, SV03a, SV03b, SV04, SV04b, SV06b, TR02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1, [CAST(tuple('AD03a', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AD03b', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AD05', '', toDecimal64(c6, 2), toDecimal64(c6 + c7, 2), c6 + c7 + c8, c8), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI03a', '', toDecimal64(c9, 2), toDecimal64(c9 + c10, 2), c9 + c10 + c11, c11), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('CI03b', '', toDecimal64(c12, 2), toDecimal64(c12 + c13, 2), c12 + c13 + c14, c14), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX01', '', toDecimal64(0, 2), toDecimal64(c15, 2), c16, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX04e', '', toDecimal64(0, 2), toDecimal64(c17, 2), c18, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05a', '', toDecimal64(0, 2), toDecimal64(c19, 2), c19, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05d', '', toDecimal64(0, 2), toDecimal64(c20, 2), c20, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01b', '', toDecimal64(c21, 2), NULL, c21, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01c', '', toDecimal64(c22, 2), toDecimal64(c22 + c23, 2), c22 + c23 + c24, c24), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01d', '', toDecimal64(c25, 2), toDecimal64(c25 + c26, 2), c25 + c26 + c27, c27), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU02b', '', toDecimal64(c28, 2), toDecimal64(c28 + c29, 2), c28 + c29 + c30, c30), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV01a', '', toDecimal64(c31, 2), NULL, c31, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV01b', '', toDecimal64(0, 2), toDecimal64(c31, 2), c31, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV02a', '', toDecimal64(c32, 2), NULL, c32, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV02b', '', toDecimal64(0, 2), toDecimal64(c32, 2), c32, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV03a', '', toDecimal64(c33, 2), NULL, c33, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV03b', '', toDecimal64(0, 2), toDecimal64(c33, 2), c33, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04', '', toDecimal64(0, 2), toDecimal64(c34, 2), c34, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v01', toDecimal64(c35, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v02', toDecimal64(c36, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v03', toDecimal64(c37, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v04', toDecimal64(c38, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v05', toDecimal64(c39, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v06', toDecimal64(c40, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v07', toDecimal64(c41, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v08', toDecimal64(c42, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v09', toDecimal64(c43, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v10', toDecimal64(c44, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v11', toDecimal64(c45, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v12', toDecimal64(c46, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v13', toDecimal64(c47, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v14', toDecimal64(c48, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v15', toDecimal64(c49, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04b', 'violation_class=v16', toDecimal64(c50, 2), toDecimal64(c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50, 2), c35 + c36 + c37 + c38 + c39 + c40 + c41 + c42 + c43 + c44 + c45 + c46 + c47 + c48 + c49 + c50 + c51, c51), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV06b', '', toDecimal64(c52, 2), NULL, c52, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR02', '', toDecimal64(0, 2), toDecimal64(c53, 2), c53, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0, [CAST(tuple('SU01b', concat('subkind=', slice0), toDecimal64(c21, 2), NULL, c21, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01c', concat('subkind=', slice0), toDecimal64(c22, 2), toDecimal64(c22 + c23, 2), c22 + c23 + c24, c24), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(issued_on)))) AS in_month,
            ifNull(toString(subkind), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_trial', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c0,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_trial', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c1,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_trial', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c2,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_execution', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c3,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_execution', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c4,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_execution', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c5,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_act', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c6,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_act', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c7,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'administrative_act', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c8,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_trial', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c9,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_trial', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c10,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_trial', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c11,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_execution', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c12,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_execution', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c13,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(matter = 'civil_execution', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c14,
            sumIf(toInt64(ifNull(persons, 0)), ((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(issued_on) AND NOT isNull(persons)))) AS c15,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(issued_on) AND NOT isNull(persons)))) AS c16,
            sumIf(toInt64(ifNull(persons, 0)), (ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'community_correction', false) AND NOT isNull(issued_on) AND NOT isNull(persons))) AS c17,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'community_correction', false) AND NOT isNull(issued_on) AND NOT isNull(persons))) AS c18,
            countIf((ifNull(document_kind IN ('correction_notice', 'recommendation'), false) AND ifNull(matter = 'property_penalty', false) AND NOT isNull(issued_on))) AS c19,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'penalty_execution', false) AND NOT isNull(issued_on))) AS c20,
            countIf((ifNull(document_kind = 'recommendation', false) AND NOT isNull(issued_on))) AS c21,
            countIf(((ifNull(document_kind = 'recommendation', false) AND NOT isNull(issued_on)) AND ifNull(adopted, false))) AS c22,
            countIf(((ifNull(document_kind = 'recommendation', false) AND NOT isNull(issued_on)) AND (NOT ifNull(adopted, false) AND NOT isNull(adopted)))) AS c23,
            countIf(((ifNull(document_kind = 'recommendation', false) AND NOT isNull(issued_on)) AND isNull(adopted))) AS c24,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(adopted, false) AND NOT isNull(issued_on)) AND (isNull(verified_on) AND (NOT ifNull(rectified, false) OR isNull(rectified))))) AS c25,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(adopted, false) AND NOT isNull(issued_on)) AND NOT isNull(verified_on))) AS c26,
            countIf(((ifNull(document_kind = 'recommendation', false) AND ifNull(adopted, false) AND NOT isNull(issued_on)) AND (isNull(verified_on) AND ifNull(rectified, false)))) AS c27,
            countIf((((ifNull(document_kind = 'correction_notice', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND (isNull(replied_on) OR ifNull(replied_on > toDate32(reply_due_on), false))) AND NOT isNull(issued_on)) AND NOT isNull(urged_on))) AS c28,
            countIf((((ifNull(document_kind = 'correction_notice', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND (isNull(replied_on) OR ifNull(replied_on > toDate32(reply_due_on), false))) AND NOT isNull(issued_on)) AND (isNull(urged_on) AND isNull(escalated_on)))) AS c29,
            countIf((((ifNull(document_kind = 'correction_notice', false) AND ifNull(reply_due_on <= {as_of:Date32}, false) AND (isNull(replied_on) OR ifNull(replied_on > toDate32(reply_due_on), false))) AND NOT isNull(issued_on)) AND (isNull(urged_on) AND NOT isNull(escalated_on)))) AS c30,
            countIf((ifNull(document_kind = 'reason_request_no_filing', false) AND NOT isNull(issued_on))) AS c31,
            countIf((ifNull(document_kind = 'reason_request_filing', false) AND NOT isNull(issued_on))) AS c32,
            countIf((ifNull(document_kind = 'transfer_advice', false) AND NOT isNull(issued_on))) AS c33,
            countIf((ifNull(document_kind = 'correction_notice', false) AND (ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)))) AS c34,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v01', false))) AS c35,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v02', false))) AS c36,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v03', false))) AS c37,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v04', false))) AS c38,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v05', false))) AS c39,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v06', false))) AS c40,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v07', false))) AS c41,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v08', false))) AS c42,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v09', false))) AS c43,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v10', false))) AS c44,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v11', false))) AS c45,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v12', false))) AS c46,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v13', false))) AS c47,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v14', false))) AS c48,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v15', false))) AS c49,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND NOT isNull(violation_class) AND ifNull(violation_class = 'v16', false))) AS c50,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)) AND isNull(violation_class))) AS c51,
            countIf((ifNull(document_kind = 'urging_letter', false) AND NOT isNull(issued_on))) AS c52,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'trial_activity', false) AND NOT isNull(issued_on))) AS c53
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(issued_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0))
    )
) AS counted;

-- scan 77: EX01, EX04e, EX05a, EX05d, SV04, TR02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX01', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX04e', '', toDecimal64(c1, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05a', '', toDecimal64(c2, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05d', '', toDecimal64(c3, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04', '', toDecimal64(c4, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR02', '', toDecimal64(c5, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(corrected_on)))) AS in_month,
            sumIf(toInt64(ifNull(persons, 0)), ((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(corrected_on) AND NOT isNull(persons)))) AS c0,
            sumIf(toInt64(ifNull(persons, 0)), (ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'community_correction', false) AND NOT isNull(corrected_on) AND NOT isNull(persons))) AS c1,
            countIf((ifNull(document_kind IN ('correction_notice', 'recommendation'), false) AND ifNull(matter = 'property_penalty', false) AND NOT isNull(corrected_on))) AS c2,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'penalty_execution', false) AND NOT isNull(corrected_on))) AS c3,
            countIf((ifNull(document_kind = 'correction_notice', false) AND (ifNull(matter = 'investigation_activity', false) AND NOT isNull(corrected_on)))) AS c4,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'trial_activity', false) AND NOT isNull(corrected_on))) AS c5
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(corrected_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 78: EX01, SV04
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX01', '', toDecimal64(0, 2), toDecimal64(0, 2), c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04', '', toDecimal64(0, 2), toDecimal64(0, 2), c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(coalesce(issued_on, business_on))))) AS in_month,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (isNull(persons) OR isNull(issued_on)))) AS c0,
            countIf((ifNull(document_kind = 'correction_notice', false) AND (isNull(matter) OR (ifNull(matter = 'investigation_activity', false) AND isNull(issued_on))))) AS c1
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(coalesce(issued_on, business_on)) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 79: EX04e, EX05a, EX05d, SV01a, SV01b, SV02a, SV02b, SV03a, SV03b, SV06b, TR02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX04e', '', toDecimal64(0, 2), toDecimal64(0, 2), c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05a', '', toDecimal64(0, 2), toDecimal64(0, 2), c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX05d', '', toDecimal64(0, 2), toDecimal64(0, 2), c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV01a', '', toDecimal64(0, 2), NULL, c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV01b', '', toDecimal64(0, 2), toDecimal64(0, 2), c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV02a', '', toDecimal64(0, 2), NULL, c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV02b', '', toDecimal64(0, 2), toDecimal64(0, 2), c4, c4), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV03a', '', toDecimal64(0, 2), NULL, c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV03b', '', toDecimal64(0, 2), toDecimal64(0, 2), c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV06b', '', toDecimal64(0, 2), NULL, c6, c6), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR02', '', toDecimal64(0, 2), toDecimal64(0, 2), c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'community_correction', false) AND (isNull(persons) OR isNull(issued_on)))) AS c0,
            countIf((ifNull(document_kind IN ('correction_notice', 'recommendation'), false) AND ifNull(matter = 'property_penalty', false) AND isNull(issued_on))) AS c1,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'penalty_execution', false) AND isNull(issued_on))) AS c2,
            countIf((ifNull(document_kind = 'reason_request_no_filing', false) AND isNull(issued_on))) AS c3,
            countIf((ifNull(document_kind = 'reason_request_filing', false) AND isNull(issued_on))) AS c4,
            countIf((ifNull(document_kind = 'transfer_advice', false) AND isNull(issued_on))) AS c5,
            countIf((ifNull(document_kind = 'urging_letter', false) AND isNull(issued_on))) AS c6,
            countIf((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'trial_activity', false) AND isNull(issued_on))) AS c7
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 80: SU02c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SU02c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(escalated_on)))) AS in_month,
            countIf((ifNull(document_kind = 'correction_notice', false) AND NOT isNull(escalated_on))) AS c0
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(escalated_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 81: SV01b, SV01c, SV02b, SV03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV01b', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV01c', '', toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV02b', '', toDecimal64(c4, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV03b', '', toDecimal64(c5, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(complied_on)))) AS in_month,
            countIf((ifNull(document_kind = 'reason_request_no_filing', false) AND ifNull(outcome = 'filed', false) AND NOT isNull(complied_on))) AS c0,
            countIf(((ifNull(document_kind IN ('reason_request_no_filing', 'filing_notice'), false) AND ifNull(outcome = 'filed', false) AND NOT isNull(complied_on)) AND NOT isNull(investigation_ended_on))) AS c1,
            countIf(((ifNull(document_kind IN ('reason_request_no_filing', 'filing_notice'), false) AND ifNull(outcome = 'filed', false) AND NOT isNull(complied_on)) AND (isNull(investigation_ended_on) AND isNull(prosecuted_on)))) AS c2,
            countIf(((ifNull(document_kind IN ('reason_request_no_filing', 'filing_notice'), false) AND ifNull(outcome = 'filed', false) AND NOT isNull(complied_on)) AND (isNull(investigation_ended_on) AND NOT isNull(prosecuted_on)))) AS c3,
            countIf((ifNull(document_kind = 'reason_request_filing', false) AND ifNull(outcome = 'withdrawn', false) AND NOT isNull(complied_on))) AS c4,
            countIf((ifNull(document_kind = 'transfer_advice', false) AND ifNull(outcome IN ('transferred', 'filed'), false) AND NOT isNull(complied_on))) AS c5
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(complied_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 82: SV05c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV05c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(sentenced_on)))) AS in_month,
            countIf((NOT isNull(sentenced_on) AND ifNull(sentenced_to_term, false))) AS c0,
            countIf((NOT isNull(sentenced_on) AND (NOT ifNull(sentenced_to_term, false) AND NOT isNull(sentenced_to_term)))) AS c1,
            countIf((NOT isNull(sentenced_on) AND isNull(sentenced_to_term))) AS c2
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(sentenced_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 83: PT01c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PT01c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(procuratorate_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(transferred_on)))) AS in_month,
            countIf((((isNull(property_with_case) OR ifNull(property_with_case <> 'no_property', false)) AND NOT isNull(transferred_on)) AND ifNull(property_with_case = 'all', false))) AS c0,
            countIf((((isNull(property_with_case) OR ifNull(property_with_case <> 'no_property', false)) AND NOT isNull(transferred_on)) AND ifNull(property_with_case IN ('part', 'none'), false))) AS c1,
            countIf((((isNull(property_with_case) OR ifNull(property_with_case <> 'no_property', false)) AND NOT isNull(transferred_on)) AND isNull(property_with_case))) AS c2
        FROM <what the run knows of transfer_prosecution> AS s
        WHERE isNotNull(transferred_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 84: AR05b, PL03, PL04a, PL04b, PR07d, PR08b, SV07c, TR01
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('AR05b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL03', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL04a', '', toDecimal64(c6, 2), toDecimal64(c6 + c7, 2), c6 + c7 + c8, c8), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PL04b', '', toDecimal64(c9, 2), toDecimal64(c9 + c10, 2), c9 + c10 + c11, c11), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR07d', '', toDecimal64(c12, 2), toDecimal64(c13, 2), c13 + c14, c14), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR08b', '', toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV07c', '', toDecimal64(c18, 2), NULL, c18, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR01', '', toDecimal64(c19, 2), toDecimal64(c19 + c20, 2), c19 + c20 + c21, c21), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 0 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('PR08b', concat('age_band=', slice0), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 0 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('PR08b', concat('charge_group=', slice1), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 0 AND whole3 = 1 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('PR08b', concat('enterprise=', slice2), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 0 AND whole4 = 1 AND whole5 = 1, [CAST(tuple('PR08b', concat('juvenile=', slice3), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 0 AND whole5 = 1, [CAST(tuple('PL03', concat('procedure=', slice4), toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR08b', concat('procedure=', slice4), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], []),
        if(whole0 = 1 AND whole1 = 1 AND whole2 = 1 AND whole3 = 1 AND whole4 = 1 AND whole5 = 0, [CAST(tuple('PR08b', concat('sex=', slice5), toDecimal64(c15, 2), toDecimal64(c15 + c16, 2), c15 + c16 + c17, c17), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')], [])))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(judged_on)))) AS in_month,
            ifNull(toString(age_band), 'unrecorded') AS slice0, grouping(slice0) AS whole0,
            ifNull(toString(charge_group), 'unrecorded') AS slice1, grouping(slice1) AS whole1,
            ifNull(toString(enterprise), 'unrecorded') AS slice2, grouping(slice2) AS whole2,
            ifNull(toString(juvenile), 'unrecorded') AS slice3, grouping(slice3) AS whole3,
            ifNull(toString(procedure), 'unrecorded') AS slice4, grouping(slice4) AS whole4,
            ifNull(toString(sex), 'unrecorded') AS slice5, grouping(slice5) AS whole5,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(in_custody, false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND ifNull(result IN ('acquitted', 'exempt'), false))) AS c0,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(in_custody, false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND ifNull(result = 'guilty', false))) AS c1,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(in_custody, false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND isNull(result))) AS c2,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(result = 'guilty', false) AND (isNull(recommended_kind) OR ifNull(recommended_kind <> 'none', false))) AND NOT isNull(judged_on)) AND ifNull(recommendation_adopted, false))) AS c3,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(result = 'guilty', false) AND (isNull(recommended_kind) OR ifNull(recommended_kind <> 'none', false))) AND NOT isNull(judged_on)) AND (NOT ifNull(recommendation_adopted, false) AND NOT isNull(recommendation_adopted)))) AS c4,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND ifNull(result = 'guilty', false) AND (isNull(recommended_kind) OR ifNull(recommended_kind <> 'none', false))) AND NOT isNull(judged_on)) AND isNull(recommendation_adopted))) AS c5,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (ifNull(plea_leniency, false) OR isNull(plea_leniency))) AND NOT isNull(judged_on)) AND (ifNull(plea_leniency, false) AND isNull(appealed_on)))) AS c6,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (ifNull(plea_leniency, false) OR isNull(plea_leniency))) AND NOT isNull(judged_on)) AND (ifNull(plea_leniency, false) AND NOT isNull(appealed_on)))) AS c7,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (ifNull(plea_leniency, false) OR isNull(plea_leniency))) AND NOT isNull(judged_on)) AND isNull(plea_leniency))) AS c8,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND ifNull(result IN ('guilty', 'exempt'), false) AND NOT isNull(judged_on)) AND NOT isNull(appealed_on))) AS c9,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND ifNull(result IN ('guilty', 'exempt'), false) AND NOT isNull(judged_on)) AND (isNull(appealed_on) AND isNull(appeal_withdrawn_on)))) AS c10,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND ifNull(result IN ('guilty', 'exempt'), false) AND NOT isNull(judged_on)) AND (isNull(appealed_on) AND NOT isNull(appeal_withdrawn_on)))) AS c11,
            sumIf(ifNull(dateDiff('day', toDate32(filed_on), least(toDate32(judged_on), addDays(toDate32(filed_on), 999))), 0), ((ifNull(docket_kind = 'trial_first', false) AND NOT isNull(judged_on)) AND (NOT isNull(filed_on) AND ifNull(filed_on <= toDate32(judged_on), false)))) AS c12,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND NOT isNull(judged_on)) AND (NOT isNull(filed_on) AND ifNull(filed_on <= toDate32(judged_on), false)))) AS c13,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND NOT isNull(judged_on)) AND (isNull(filed_on) OR ifNull(filed_on > toDate32(judged_on), false)))) AS c14,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND ifNull(result = 'acquitted', false))) AS c15,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND ifNull(result IN ('guilty', 'exempt'), false))) AS c16,
            countIf((((ifNull(docket_kind = 'trial_first', false) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false))) AND NOT isNull(judged_on)) AND isNull(result))) AS c17,
            countIf((ifNull(evidence_excluded, false) AND NOT isNull(judged_on))) AS c18,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('changed', 'remanded'), false))) AS c19,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('upheld', 'withdrawn'), false))) AS c20,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted', 'withdrawn_appeal', 'terminated', 'rejected', 'approved', 'not_approved', 'compulsory_treatment'), false)))) AS c21
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(judged_on) AND of_organ != ''
        GROUP BY GROUPING SETS ((of_organ, in_month), (of_organ, in_month, slice0), (of_organ, in_month, slice1), (of_organ, in_month, slice2), (of_organ, in_month, slice3), (of_organ, in_month, slice4), (of_organ, in_month, slice5))
    )
) AS counted;

-- scan 85: PR07d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR07d', concat('days=', leftPad(toString(bin), 3, '0')), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(judged_on)))) AS in_month,
            dateDiff('day', toDate32(filed_on), least(toDate32(judged_on), addDays(toDate32(filed_on), 999))) AS bin,
            countIf(((ifNull(docket_kind = 'trial_first', false) AND NOT isNull(judged_on)) AND (NOT isNull(filed_on) AND ifNull(filed_on <= toDate32(judged_on), false)))) AS c0
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(judged_on) AND isNotNull(bin) AND of_organ != ''
        GROUP BY of_organ, in_month, bin
    )
) AS counted;

-- scan 86: PR08c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR08c', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(effective_on)))) AS in_month,
            countIf((((isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false)) AND NOT isNull(effective_on)) AND ifNull(result IN ('guilty', 'exempt'), false))) AS c0,
            countIf((((isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false)) AND NOT isNull(effective_on)) AND ifNull(result = 'acquitted', false))) AS c1,
            countIf((((isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted'), false)) AND NOT isNull(effective_on)) AND isNull(result))) AS c2
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(effective_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 87: SV07c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV07c', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(business_on)))) AS in_month,
            countIf((ifNull(evidence_excluded, false) AND isNull(judged_on))) AS c0
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(business_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 88: TR03b
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('TR03b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(extended_on)))) AS in_month,
            countIf(NOT isNull(extended_on)) AS c0
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(extended_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 89: TR03c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('TR03c', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(suspended_on)))) AS in_month,
            countIf(NOT isNull(suspended_on)) AS c0
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(suspended_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 90: AD06b, SU01, SU02, SV06c
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AD06b', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU02', '', toDecimal64(c5, 2), toDecimal64(c5 + c6, 2), c5 + c6, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV06c', '', toDecimal64(c7, 2), toDecimal64(c7 + c8, 2), c7 + c8 + c9, c9), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(due_on)))) AS in_month,
            countIf(((ifNull(rule = 'R064', false) AND ifNull(outcome IN ('in_time', 'out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND ifNull(outcome = 'in_time', false))) AS c0,
            countIf(((ifNull(rule = 'R064', false) AND ifNull(outcome IN ('in_time', 'out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND ifNull(outcome = 'out_of_time', false))) AS c1,
            countIf(((ifNull(rule = 'R064', false) AND ifNull(outcome IN ('in_time', 'out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND ifNull(outcome = 'cannot_judge', false))) AS c2,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'in_time', false))) AS c3,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome IN ('out_of_time', 'extended_without_document'), false))) AS c4,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'in_time', false))) AS c5,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome IN ('out_of_time', 'extended_without_document'), false))) AS c6,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome IN ('out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND (ifNull(outcome = 'out_of_time', false) AND NOT isNull(stopped_on)))) AS c7,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome IN ('out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND (ifNull(outcome = 'out_of_time', false) AND isNull(stopped_on)))) AS c8,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome IN ('out_of_time', 'cannot_judge'), false) AND ifNull(due_on <= {as_of:Date32}, false) AND NOT isNull(due_on)) AND ifNull(outcome = 'cannot_judge', false))) AS c9
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(due_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 91: EX02, EX06b, JZ01f, SU01, SU02
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX02', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX06b', '', toDecimal64(c3, 2), toDecimal64(c3 + c4, 2), c3 + c4 + c5, c5), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('JZ01f', '', toDecimal64(c6, 2), toDecimal64(c6 + c7, 2), c6 + c7 + c8, c8), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU01', '', toDecimal64(0, 2), toDecimal64(0, 2), c9, c9), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU02', '', toDecimal64(0, 2), toDecimal64(0, 2), c10, c10), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(period_on)))) AS in_month,
            countIf(((ifNull(rule IN ('R089', 'R089a', 'R089b', 'R08A', 'R08B', 'R08C', 'R08D'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('in_time', 'conforming'), false))) AS c0,
            countIf(((ifNull(rule IN ('R089', 'R089a', 'R089b', 'R08A', 'R08B', 'R08C', 'R08D'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('out_of_time', 'extended_without_document', 'apparent_nonconformity'), false))) AS c1,
            countIf(((ifNull(rule IN ('R089', 'R089a', 'R089b', 'R08A', 'R08B', 'R08C', 'R08D'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome = 'cannot_judge', false))) AS c2,
            countIf(((ifNull(rule IN ('R05A', 'R05AT'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('in_time', 'conforming'), false))) AS c3,
            countIf(((ifNull(rule IN ('R05A', 'R05AT'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('out_of_time', 'extended_without_document', 'apparent_nonconformity'), false))) AS c4,
            countIf(((ifNull(rule IN ('R05A', 'R05AT'), false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome = 'cannot_judge', false))) AS c5,
            countIf(((ifNull(rule = 'R038', false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('in_time', 'conforming'), false))) AS c6,
            countIf(((ifNull(rule = 'R038', false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome IN ('out_of_time', 'extended_without_document', 'apparent_nonconformity'), false))) AS c7,
            countIf(((ifNull(rule = 'R038', false) AND ifNull(outcome IN ('in_time', 'conforming', 'out_of_time', 'extended_without_document', 'apparent_nonconformity', 'cannot_judge'), false) AND ifNull(period_on <= {as_of:Date32}, false)) AND ifNull(outcome = 'cannot_judge', false))) AS c8,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'cannot_judge', false))) AS c9,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'cannot_judge', false))) AS c10
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(period_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 92: EX03a, EX06a, SV06a, TR03a
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX03a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('EX06a', '', toDecimal64(c1, 2), NULL, c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV06a', '', toDecimal64(c2, 2), NULL, c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('TR03a', '', toDecimal64(c3, 2), NULL, c3, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, arrayJoin(arrayMap(i -> addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(due_on)))), i), range(toUInt32(greatest(0, if(toDate32(assumeNotNull(due_on)) > {as_of:Date32}, 0, dateDiff('month', toDate32(assumeNotNull(due_on)), if(isNull(stopped_on) OR toDate32(stopped_on) > {as_of:Date32}, {as_of:Date32}, addMonths(toDate32(toStartOfMonth(toDate32(assumeNotNull(stopped_on)))), -1))) + 1)))))) AS in_month,
            countIf((ifNull(rule IN ('R080', 'R081'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(due_on))) AS c0,
            countIf((ifNull(rule IN ('R050', 'R051', 'R052', 'R053', 'R100'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(due_on))) AS c1,
            countIf((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(due_on))) AS c2,
            countIf((ifNull(rule IN ('R070', 'R071', 'R073', 'R075'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(due_on))) AS c3
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(due_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 93: SV06d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV06d', '', toDecimal64(c0, 2), toDecimal64(c1, 2), c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(stopped_on)))) AS in_month,
            sumIf(ifNull(dateDiff('day', toDate32(due_on), least(toDate32(stopped_on), addDays(toDate32(due_on), 999))), 0), ((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(stopped_on)) AND (NOT isNull(due_on) AND ifNull(due_on <= toDate32(stopped_on), false)))) AS c0,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(stopped_on)) AND (NOT isNull(due_on) AND ifNull(due_on <= toDate32(stopped_on), false)))) AS c1,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(stopped_on)) AND (isNull(due_on) OR ifNull(due_on > toDate32(stopped_on), false)))) AS c2
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(stopped_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
) AS counted;

-- scan 94: SV06d
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SV06d', concat('days=', leftPad(toString(bin), 3, '0')), toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(stopped_on)))) AS in_month,
            dateDiff('day', toDate32(due_on), least(toDate32(stopped_on), addDays(toDate32(due_on), 999))) AS bin,
            countIf(((ifNull(rule IN ('R020', 'R021', 'R022', 'R023'), false) AND ifNull(outcome = 'out_of_time', false) AND NOT isNull(stopped_on)) AND (NOT isNull(due_on) AND ifNull(due_on <= toDate32(stopped_on), false)))) AS c0
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(stopped_on) AND isNotNull(bin) AND of_organ != ''
        GROUP BY of_organ, in_month, bin
    )
) AS counted;

