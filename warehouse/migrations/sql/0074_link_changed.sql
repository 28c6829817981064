-- Chains of the run that a run of linkage builds on whose dockets or persons changed: their events are derived anew, all others carried over.
CREATE TABLE IF NOT EXISTS link_changed (run_id String, generation UInt32, chain String) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, chain);
