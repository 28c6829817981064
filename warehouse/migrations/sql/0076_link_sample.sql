-- pairs drawn by chance, on whose answers the probabilities are calibrated, and whether both records have an identity number
ALTER TABLE link_review ADD COLUMN IF NOT EXISTS sampled UInt8, ADD COLUMN IF NOT EXISTS stratum LowCardinality(String);
ALTER TABLE link_decision ADD COLUMN IF NOT EXISTS sampled UInt8, ADD COLUMN IF NOT EXISTS stratum LowCardinality(String);
