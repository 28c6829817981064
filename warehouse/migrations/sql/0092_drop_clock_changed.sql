-- The clocks learn from case_part which cases changed; nothing reads the list of old any more.
DROP TABLE IF EXISTS clock_changed;
