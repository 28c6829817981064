-- scan 1: AR01a
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
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
);

-- scan 2: AR01a
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR01a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(coalesce(accepted_on, business_on))))) AS in_month,
            countIf(isNull(accepted_on)) AS c0
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(coalesce(accepted_on, business_on)) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 3: AR01b, AR02b, AR03
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('AR01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR02b', '', toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=not_a_crime', toDecimal64(c4, 2), toDecimal64(c4 + c5 + c6, 2), c4 + c5 + c6 + c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=insufficient_evidence', toDecimal64(c5, 2), toDecimal64(c4 + c5 + c6, 2), c4 + c5 + c6 + c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('AR03', 'refusal_kind=no_necessity', toDecimal64(c6, 2), toDecimal64(c4 + c5 + c6, 2), c4 + c5 + c6 + c7, c7), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            countIf(NOT isNull(decided_on)) AS c0,
            countIf((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false))) AS c1,
            countIf((NOT isNull(decided_on) AND ifNull(decision IN ('approved', 'decided'), false))) AS c2,
            countIf((NOT isNull(decided_on) AND isNull(decision))) AS c3,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'not_a_crime', false))) AS c4,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'insufficient_evidence', false))) AS c5,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND NOT isNull(refusal_kind) AND ifNull(refusal_kind = 'no_necessity', false))) AS c6,
            countIf(((NOT isNull(decided_on) AND ifNull(decision = 'not_approved', false)) AND isNull(refusal_kind))) AS c7
        FROM <what the run knows of arrest_review> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 4: PR01a
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR01a', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(accepted_on)))) AS in_month,
            countIf(NOT isNull(accepted_on)) AS c0
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(accepted_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 5: PR01a
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR01a', '', toDecimal64(0, 2), NULL, c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(coalesce(accepted_on, business_on))))) AS in_month,
            countIf(isNull(accepted_on)) AS c0
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(coalesce(accepted_on, business_on)) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 6: PR01b, PR02
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('PR01b', '', toDecimal64(c0, 2), NULL, c0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('PR02', '', toDecimal64(c1, 2), toDecimal64(c1 + c2, 2), c1 + c2 + c3, c3), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(decided_on)))) AS in_month,
            countIf(NOT isNull(decided_on)) AS c0,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND ifNull(decision IN ('not_prosecuted_statutory', 'not_prosecuted_relative', 'not_prosecuted_doubtful', 'not_prosecuted_special'), false))) AS c1,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND ifNull(decision = 'prosecuted', false))) AS c2,
            countIf(((NOT isNull(decided_on) AND NOT ifNull(decision = 'conditional', false)) AND isNull(decision))) AS c3
        FROM <what the run knows of prosecution_decision> AS s
        WHERE isNotNull(decided_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 7: EX01, SV04
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX01', '', toDecimal64(c0, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04', '', toDecimal64(c1, 2), toDecimal64(0, 2), 0, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(corrected_on)))) AS in_month,
            sumIf(toInt64(ifNull(persons, 0)), ((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(corrected_on) AND NOT isNull(persons)))) AS c0,
            countIf((ifNull(document_kind = 'correction_notice', false) AND (ifNull(matter = 'investigation_activity', false) AND NOT isNull(corrected_on)))) AS c1
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(corrected_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 8: EX01, SV04
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('EX01', '', toDecimal64(0, 2), toDecimal64(c0, 2), c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SV04', '', toDecimal64(0, 2), toDecimal64(c2, 2), c2, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(issued_on)))) AS in_month,
            sumIf(toInt64(ifNull(persons, 0)), ((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(issued_on) AND NOT isNull(persons)))) AS c0,
            countIf(((ifNull(document_kind = 'correction_notice', false) AND ifNull(matter = 'sentence_change', false)) AND (NOT isNull(issued_on) AND NOT isNull(persons)))) AS c1,
            countIf((ifNull(document_kind = 'correction_notice', false) AND (ifNull(matter = 'investigation_activity', false) AND NOT isNull(issued_on)))) AS c2
        FROM <what the run knows of supervision_document> AS s
        WHERE isNotNull(issued_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 9: EX01, SV04
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
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
);

-- scan 10: TR01
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('TR01', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1 + c2, c2), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(prosecuting_organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(judged_on)))) AS in_month,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('changed', 'remanded'), false))) AS c0,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND ifNull(result IN ('upheld', 'withdrawn'), false))) AS c1,
            countIf(((ifNull(docket_kind = 'trial_second', false) AND ifNull(origin = 'protest', false) AND NOT isNull(judged_on)) AND (isNull(result) OR ifNull(result IN ('guilty', 'exempt', 'acquitted', 'withdrawn_appeal', 'terminated', 'rejected', 'approved', 'not_approved', 'compulsory_treatment'), false)))) AS c2
        FROM <what the run knows of trial> AS s
        WHERE isNotNull(judged_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 11: SU01, SU02
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SU01', '', toDecimal64(c0, 2), toDecimal64(c0 + c1, 2), c0 + c1, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU02', '', toDecimal64(c2, 2), toDecimal64(c2 + c3, 2), c2 + c3, 0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(due_on)))) AS in_month,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'in_time', false))) AS c0,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome IN ('out_of_time', 'extended_without_document'), false))) AS c1,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'in_time', false))) AS c2,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome IN ('out_of_time', 'extended_without_document'), false))) AS c3
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(due_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

-- scan 12: SU01, SU02
INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined)
SELECT {run:String}, {generation:UInt32}, tupleElement(cell, 1), tupleElement(cell, 2), of_organ, in_month, tupleElement(cell, 3), tupleElement(cell, 4), tupleElement(cell, 5), tupleElement(cell, 6)
FROM
(
    SELECT of_organ, in_month, arrayJoin(arrayFilter(c -> tupleElement(c, 3) != 0 OR tupleElement(c, 5) != 0 OR tupleElement(c, 6) != 0 OR ifNull(tupleElement(c, 4), 0) != 0, arrayConcat(
        [CAST(tuple('SU01', '', toDecimal64(0, 2), toDecimal64(0, 2), c0, c0), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)'),
            CAST(tuple('SU02', '', toDecimal64(0, 2), toDecimal64(0, 2), c1, c1), 'Tuple(String, String, Decimal(18, 2), Nullable(Decimal(18, 2)), Int64, Int64)')]))) AS cell
    FROM
    (
        SELECT ifNull(toString(organ_id), '') AS of_organ, toDate32(toStartOfMonth(toDate32(assumeNotNull(period_on)))) AS in_month,
            countIf(((ifNull(rule = 'R110', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'cannot_judge', false))) AS c0,
            countIf(((ifNull(rule = 'R114', false) AND ((ifNull(outcome IN ('in_time', 'out_of_time', 'extended_without_document'), false) AND ifNull(due_on <= {as_of:Date32}, false)) OR ifNull(outcome = 'cannot_judge', false))) AND ifNull(outcome = 'cannot_judge', false))) AS c1
        FROM <what the run knows of verdict> AS s
        WHERE isNotNull(period_on) AND of_organ != ''
        GROUP BY of_organ, in_month
    )
);

