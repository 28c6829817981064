-- What linkage said of the pair when a person decided, so that decisions are labels: the weight in bits, whether the two were one person then, and whether the pair was of the double-blind sample.
ALTER TABLE link_decision ADD COLUMN IF NOT EXISTS weight Nullable(Float32), ADD COLUMN IF NOT EXISTS joined Nullable(UInt8), ADD COLUMN IF NOT EXISTS blind UInt8, ADD COLUMN IF NOT EXISTS run_id String;
-- Pairs worth a person's look (待核实), the most valuable first: how open the question is times what the answer moves.
CREATE TABLE IF NOT EXISTS link_review (run_id String, generation UInt32, entry_a String, entry_b String, weight Float32, joined UInt8, refused LowCardinality(String), records UInt32, findings UInt32, value Float64, blind UInt8) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, entry_a, entry_b);
-- How many compared pairs lie in each bit of weight, joined into one person or not: the strata of the published accuracy, and what drifts.
CREATE TABLE IF NOT EXISTS link_weight (run_id String, generation UInt32, bits Int16, joined UInt8, pairs UInt64) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, bits, joined);
