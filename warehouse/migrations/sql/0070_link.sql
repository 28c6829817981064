-- The person (人) of each person entry across departments, as a run of family link found it. band: firm, likely, doubtful, alone (one record only); weakest: weight in bits of the weakest edge that holds the person together. suspect: the identity number is that of another person.
CREATE TABLE IF NOT EXISTS link_identity (run_id String, generation UInt32, person_entry String, docket String, person_id String, band Enum8('alone' = 0, 'firm' = 1, 'likely' = 2, 'doubtful' = 3), weakest Nullable(Float32), suspect UInt8) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, person_entry);
-- Weighed pairs that joined persons (joined = 1) or were refused (reason): a packed pattern of levels and no value, so that an explanation compares nothing anew.
CREATE TABLE IF NOT EXISTS link_edge (run_id String, generation UInt32, entry_a String, entry_b String, weight Float32, pattern UInt32, joined UInt8, reason LowCardinality(String)) ENGINE = MergeTree PARTITION BY generation ORDER BY (run_id, entry_a, entry_b);
-- The weights a run used: version and hash of the frozen file, and the file itself.
CREATE TABLE IF NOT EXISTS link_model (run_id String, generation UInt32, version String, hash String, levels_hash String, parameters String) ENGINE = MergeTree PARTITION BY generation ORDER BY run_id;
-- State, never rebuilt: which id a person entry had last. Ids are random and say nothing.
CREATE TABLE IF NOT EXISTS link_identity_state (person_entry String, person_id String, version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY person_entry;
-- State, never rebuilt: births, merges and splits of ids. ordinal orders ids by birth.
CREATE TABLE IF NOT EXISTS link_person_history (run_id String, kind Enum8('created' = 1, 'merged' = 2, 'split' = 3, 'moved' = 4, 'retired' = 5), old_id String, new_id String, ordinal UInt64, records UInt32, cause String, at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3)) ENGINE = MergeTree ORDER BY (at, run_id, old_id, new_id);
-- People's decisions (人工判定) are input of every run. until in year 2200 means without end.
CREATE TABLE IF NOT EXISTS link_decision (entry_a String, entry_b String, same UInt8, person String, at DateTime64(3, 'Asia/Shanghai'), reason String, evidence String, until Date32, revision_a UInt64, revision_b UInt64, seconded_by String) ENGINE = MergeTree ORDER BY (entry_a, entry_b, at);
