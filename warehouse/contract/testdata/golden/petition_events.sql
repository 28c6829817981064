SELECT
    docket, person_entry, organ_id, compartment,
    tupleElement(e, 1) AS event, tupleElement(e, 2) AS ordinal, assumeNotNull(tupleElement(e, 3)) AS at,
    tupleElement(e, 4) AS precision, tupleElement(e, 5) AS tie, tupleElement(e, 6) AS attributes,
    'petition' AS record_type, record_key, revision
FROM
(
    SELECT
        concat(replaceAll(replaceAll(toString(`organ_id`), '\\', '\\\\'), '|', '\\|'), '|', replaceAll(replaceAll(toString('petition'), '\\', '\\\\'), '|', '\\|'), '|', replaceAll(replaceAll(toString(`petition_number_norm`), '\\', '\\\\'), '|', '\\|')) AS docket,
        concat(concat(replaceAll(replaceAll(toString(`organ_id`), '\\', '\\\\'), '|', '\\|'), '|', replaceAll(replaceAll(toString('petition'), '\\', '\\\\'), '|', '\\|'), '|', replaceAll(replaceAll(toString(`petition_number_norm`), '\\', '\\\\'), '|', '\\|')), '|', replaceAll(replaceAll(toString(`person_no`), '\\', '\\\\'), '|', '\\|')) AS person_entry,
        toString(`organ_id`) AS organ_id,
        toString(`compartment`) AS compartment,
        key AS record_key,
        revision,
        arrayJoin(arrayFilter(e -> isNotNull(tupleElement(e, 3)) AND tupleElement(e, 7), [
            tuple('petition.received', toUInt8(0), CAST(`received_at`, 'Nullable(DateTime64(3, \'Asia/Shanghai\'))'), 'minute', toUInt16(1), CAST(mapFilter((k, v) -> v != '', map('repeated', ifNull(toString(`repeated`), ''), 'amount', ifNull(toString(`amount`), ''))), 'Map(LowCardinality(String), String)'), toUInt8(1)),
            tuple('petition.answered', toUInt8(0), CAST(toDateTime64(`answered_on`, 3, 'Asia/Shanghai'), 'Nullable(DateTime64(3, \'Asia/Shanghai\'))'), 'day', toUInt16(2), CAST(mapFilter((k, v) -> v != '', map('outcome', ifNull(toString(`outcome`), ''))), 'Map(LowCardinality(String), String)'), toUInt8(1)),
            tuple('petition.supported', toUInt8(2), CAST(toDateTime64(`answered_on`, 3, 'Asia/Shanghai'), 'Nullable(DateTime64(3, \'Asia/Shanghai\'))'), 'day', toUInt16(3), CAST(map(), 'Map(LowCardinality(String), String)'), toUInt8(ifNull(toString(`outcome`), '') = 'supported'))
        ])) AS e
    FROM (
    SELECT `key`, `revision`, `ruling`, `retracted`, `fate`, `stream`, `offset`, `sender`, `business_time`, `business_on`, `sent_time`, `landed`, `contract`, `digest`, `flags`, `absent`, `organ`, `organ_id`, `handling_region`, `compartment`, `petition_number`, `petition_number_norm`, `person_no`, `received_at`, `answered_on`, `outcome`, `amount`, `repeated`, `balance`, `summary` FROM
    (
        SELECT `key`, `revision`, `ruling`, `retracted`, `fate`, `stream`, `offset`, `sender`, `business_time`, `business_on`, `sent_time`, `landed`, `contract`, `digest`, `flags`, `absent`, `organ`, `organ_id`, `handling_region`, `compartment`, `petition_number`, `petition_number_norm`, `person_no`, `received_at`, `answered_on`, `outcome`, `amount`, `repeated`, `balance`, `summary` FROM `petition_history` AS h
        INNER JOIN
        (
            SELECT stream AS known_stream, max(offset) AS known_offset FROM run_input
            WHERE run_id = {run:String} GROUP BY stream
        ) AS i ON h.stream = i.known_stream
        WHERE h.offset <= i.known_offset AND h.fate IN ('applied', 'superseded')
        ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key
    )
    WHERE retracted = 0
) AS s
)