-- Which chains an incremental clock run judges anew (new), and whose verdicts it does not carry over (old).
CREATE TABLE IF NOT EXISTS clock_changed (run_id String, generation UInt32, side Enum8('old' = 1, 'new' = 2), chain String) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, side, chain);
