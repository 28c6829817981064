-- Cells of indicators folded: one row per run, indicator, dim and organ, with all months in arrays of one length (den empty where the indicator has none). A hundredth of the rows of indicator_cell, which stays for what was counted before.
CREATE TABLE IF NOT EXISTS indicator_months (run_id LowCardinality(String), generation UInt32, indicator LowCardinality(String), dim LowCardinality(String), organ_id LowCardinality(String), months Array(Date32), num Array(Decimal(18, 2)), den Array(Decimal(18, 2)), n Array(Int64), undetermined Array(Int64)) ENGINE = MergeTree PARTITION BY generation ORDER BY (indicator, dim, organ_id, run_id);
-- Every cell, one row per month.
CREATE VIEW IF NOT EXISTS indicator_counted AS
SELECT run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined FROM indicator_cell
UNION ALL
SELECT run_id, generation, indicator, dim, organ_id, in_month AS month, in_num AS num, in_den AS den, in_n AS n, in_undetermined AS undetermined
FROM (SELECT run_id, generation, indicator, dim, organ_id, months, num, if(empty(den), arrayMap(m -> CAST(NULL, 'Nullable(Decimal(18, 2))'), months), CAST(den, 'Array(Nullable(Decimal(18, 2)))')) AS dens, n, undetermined FROM indicator_months)
ARRAY JOIN months AS in_month, num AS in_num, dens AS in_den, n AS in_n, undetermined AS in_undetermined;
CREATE OR REPLACE VIEW indicator_month AS
SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, c.organ_id AS organ_id, 'own' AS coverage, c.month AS month, c.dim AS dim, sum(c.num) AS num, sum(c.den) AS den, sum(c.n) AS n, sum(c.undetermined) AS undetermined, any(p.as_of) AS as_of, any(p.stock) AS stock
FROM indicator_counted AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator
WHERE p.stock != 2
GROUP BY run_id, generation, indicator, organ_id, month, dim
UNION ALL
SELECT p.run_id AS run_id, p.generation AS generation, c.indicator AS indicator, a.above AS organ_id, 'closure' AS coverage, c.month AS month, c.dim AS dim, sum(c.num) AS num, sum(c.den) AS den, sum(c.n) AS n, sum(c.undetermined) AS undetermined, any(p.as_of) AS as_of, any(p.stock) AS stock
FROM indicator_counted AS c INNER JOIN indicator_part AS p ON c.run_id = p.part AND c.indicator = p.indicator INNER JOIN (SELECT DISTINCT edition, organ_id, above FROM indicator_above) AS a ON a.edition = p.edition AND a.organ_id = c.organ_id
WHERE p.stock != 2
GROUP BY run_id, generation, indicator, organ_id, month, dim;
