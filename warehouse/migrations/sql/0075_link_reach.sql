-- what a run of linkage keeps, so that the next one compares only what changed. A span is a run over all entries and those that build on it.
CREATE TABLE IF NOT EXISTS link_span (run_id String, generation UInt32, span UInt32, counted UInt32, counted_entries UInt64, persons Float64, chances Map(String, Float64), decided UInt64, entries UInt64, changed UInt64, opened UInt64, compared UInt64, joined UInt64) ENGINE = MergeTree ORDER BY (span, generation);
-- the version of each entry that was compared; mark changes when anything does that linkage reads of it
CREATE TABLE IF NOT EXISTS link_entry (span UInt32, generation UInt32, entry UInt64, mark UInt64, gone UInt8) ENGINE = MergeTree PARTITION BY span ORDER BY (entry, generation);
-- blocking keys as keyed digests; of the generation that the entry has in link_entry
CREATE TABLE IF NOT EXISTS link_key (span UInt32, generation UInt32, key UInt64, entry UInt64) ENGINE = MergeTree PARTITION BY span ORDER BY (key, entry);
-- compared pairs, once from each side; of the greater generation of the two entries
CREATE TABLE IF NOT EXISTS link_pair (span UInt32, generation UInt32, entry UInt64, other UInt64, weight Float32, pattern UInt32) ENGINE = MergeTree PARTITION BY span ORDER BY (entry, other);
-- how many persons share a value, by keyed digest, as counted by a run
CREATE TABLE IF NOT EXISTS link_frequency (counted UInt32, kind LowCardinality(String), value UInt64, persons UInt32) ENGINE = MergeTree PARTITION BY counted ORDER BY (kind, value);
