-- reading 0
(
    SELECT `key`, `revision`, `ruling`, `retracted`, `fate`, `stream`, `offset`, `sender`, `business_time`, `business_on`, `sent_time`, `landed`, `contract`, `digest`, `flags`, `absent`, `organ`, `organ_id`, `handling_region`, `compartment`, `docket_number`, `docket_number_norm`, `person_no`, `procedure_kind`, `referred_from_organ`, `referred_from_organ_id`, `referred_document_number`, `referred_document_number_norm`, `accepted_on`, `extended_on`, `extension_document_number`, `extension_document_number_norm`, `decided_on`, `decision`, `court_accepted_on`, `notice_on`, `court_decided_on`, `court_result`, `executed_on`, `evaluated_on`, `ended_on`, `amount`, `charge`, `charge_group`, `charge_section`, `juvenile`, `enterprise`, `sex`, `age_band` FROM
    (
        SELECT `key`, `revision`, `ruling`, `retracted`, `fate`, `stream`, `offset`, `sender`, `business_time`, `business_on`, `sent_time`, `landed`, `contract`, `digest`, `flags`, `absent`, `organ`, `organ_id`, `handling_region`, `compartment`, `docket_number`, `docket_number_norm`, `person_no`, `procedure_kind`, `referred_from_organ`, `referred_from_organ_id`, `referred_document_number`, `referred_document_number_norm`, `accepted_on`, `extended_on`, `extension_document_number`, `extension_document_number_norm`, `decided_on`, `decision`, `court_accepted_on`, `notice_on`, `court_decided_on`, `court_result`, `executed_on`, `evaluated_on`, `ended_on`, `amount`, `charge`, `charge_group`, `charge_section`, `juvenile`, `enterprise`, `sex`, `age_band` FROM `special_procedure_history` AS h
        INNER JOIN
        (
            SELECT stream AS known_stream, max(offset) AS known_offset FROM run_input
            WHERE run_id = {run:String} GROUP BY stream
        ) AS i ON h.stream = i.known_stream
        WHERE h.offset <= i.known_offset AND h.fate IN ('applied', 'superseded')
        ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key
    )
    WHERE retracted = 0
);

-- reading 1
(SELECT * EXCEPT (version) FROM `special_procedure` FINAL WHERE retracted = 0);

-- reading 2
indicator_changed_special_procedure;

-- what changed
CREATE OR REPLACE TABLE indicator_changed_special_procedure ENGINE = Memory AS
SELECT `key`, `organ_id`, `decided_on`, sign, if(sign = 1, {as_of:Date32}, {base_as_of:Date32}) AS as_at FROM
(
    SELECT `key`, `organ_id`, `decided_on`, retracted, arrayJoin(if(ifNull(h.offset <= i.base_offset, false), [1, -1], [1])) AS sign FROM `special_procedure_history` AS h
    INNER JOIN
    (
        SELECT n.stream AS known_stream, n.offset AS known_offset, b.offset AS base_offset
        FROM (SELECT stream, max(offset) AS offset FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS n
        LEFT JOIN (SELECT stream, max(offset) AS offset FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b ON b.stream = n.stream
    ) AS i ON h.stream = i.known_stream
    WHERE h.key IN (SELECT key FROM touched AS t
            INNER JOIN (SELECT stream AS to_stream, max(offset) AS to_offset FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS a ON t.stream = a.to_stream
            LEFT JOIN (SELECT stream AS from_stream, max(offset) AS from_offset FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b ON t.stream = b.from_stream
            WHERE t.record_type = 'special_procedure' AND t.offset <= a.to_offset AND ifNull(t.offset > b.from_offset, true)
            UNION ALL SELECT key FROM `special_procedure_history` WHERE toDate32(`decided_on`) BETWEEN least({as_of:Date32}, {base_as_of:Date32}) AND greatest({as_of:Date32}, {base_as_of:Date32})) AND h.offset <= i.known_offset AND h.fate IN ('applied', 'superseded')
    ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key, sign
)
WHERE retracted = 0;
