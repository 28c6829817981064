-- Refused records that a person sent in again (ingest/repair), and under which stream they came in.
CREATE TABLE IF NOT EXISTS replay (record_type LowCardinality(String), stream String, offset UInt64, as_stream String, person String, reason String, repaired UInt8, at DateTime64(3, 'Asia/Shanghai')) ENGINE = MergeTree ORDER BY (record_type, stream, offset, at);
