-- What sealed messages have in common, by which they were made shorter before they were sealed (密封用常用语表): kept as long as any of them.
CREATE TABLE IF NOT EXISTS seal_phrasebook (id String, text String, written DateTime64(6, 'Asia/Shanghai') DEFAULT now64(6)) ENGINE = MergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
