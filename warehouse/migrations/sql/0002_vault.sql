-- Data keys of the vault, wrapped by the master key, which is never stored here.
CREATE TABLE IF NOT EXISTS seal_key (key_id String, sender String, month String, master String, wrapped String, state Enum8('wrapped' = 1, 'destroyed' = 2), written DateTime64(6, 'Asia/Shanghai')) ENGINE = MergeTree ORDER BY (key_id, written);
