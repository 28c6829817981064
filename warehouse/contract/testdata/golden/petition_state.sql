(
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
)