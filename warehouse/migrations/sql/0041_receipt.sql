-- How far receipts (ingest/receipt) have been sent: the next offset of each stream.
CREATE TABLE IF NOT EXISTS receipt_position (record_type LowCardinality(String), stream String, next UInt64, written DateTime64(6, 'Asia/Shanghai') DEFAULT now64(6)) ENGINE = ReplacingMergeTree(next) ORDER BY (record_type, stream);
