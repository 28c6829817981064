-- Who has stopped or resumed the loading of a topic, and why; the newest row of a topic counts.
CREATE TABLE IF NOT EXISTS ingest_pause (topic LowCardinality(String), paused UInt8, reason String, account String, written DateTime64(6, 'Asia/Shanghai') DEFAULT now64(6)) ENGINE = MergeTree ORDER BY (topic, written) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
