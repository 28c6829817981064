package clock

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hengjian/warehouse"
)

// base finds the committed run that this one may build on: the same legal day,
// definitions and code, no stream known further than now, no organ touched since,
// and its events still kept. Anything else is judged in full.
func (j *Job) base(ctx context.Context, r warehouse.Run) (warehouse.Run, bool, error) {
	var b warehouse.Run
	err := j.deps.DB.QueryRow(ctx, `SELECT r.run_id, r.generation FROM run AS r
INNER JOIN (SELECT run_id, max(committed) AS committed FROM run_commit WHERE family = 'clock' GROUP BY run_id) AS c ON c.run_id = r.run_id
WHERE r.run_id != {run:String} AND r.as_of = {as_of:Date32} AND r.definitions = {definitions:String} AND r.code = {code:String} AND r.definitions != ''
ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("run", r.ID), warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)),
		warehouse.Param("definitions", r.Definitions), warehouse.Param("code", r.Code)).Scan(&b.ID, &b.Generation)
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("find a run to build on: %w", err)
	}
	var ahead, organs, events, judged uint64
	err = j.deps.DB.QueryRow(ctx, `SELECT
    (SELECT count() FROM run_input AS b LEFT JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = b.stream WHERE b.run_id = {base:String} AND b.offset > ifNull(n.offset, 0)),
    (SELECT count() FROM (`+touchedSince+`) WHERE record_type = 'organ'),
    (SELECT count() FROM case_event WHERE run_id = {base:String} AND generation = {base_generation:UInt32}),
    (SELECT count() FROM judged WHERE run_id = {base:String} AND generation = {base_generation:UInt32})`, spanParams(r, b)...).Scan(&ahead, &organs, &events, &judged)
	if err != nil {
		return b, false, fmt.Errorf("compare with run %s: %w", b.ID, err)
	}
	return b, ahead == 0 && organs == 0 && events > 0 && judged > 0, nil
}

// touchedSince lists the records that this run knows and its base did not.
const touchedSince = `SELECT DISTINCT t.record_type AS record_type, t.key AS key FROM touched AS t
INNER JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = t.stream
LEFT JOIN (SELECT stream, toNullable(offset) AS offset FROM run_input WHERE run_id = {base:String}) AS b ON b.stream = t.stream
WHERE t.offset <= n.offset AND (b.offset IS NULL OR t.offset > b.offset)`

func spanParams(r, b warehouse.Run) []any {
	number := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
	return []any{
		warehouse.Param("run", r.ID), warehouse.Param("generation", number(r.Generation)),
		warehouse.Param("base", b.ID), warehouse.Param("base_generation", number(b.Generation)),
	}
}

// The chains that a change reaches: those whose persons are others, which people's
// decisions alone can bring about; the base's chains with a touched record; this
// run's chains with a touched record or one of those chains' records; and again
// the base's chains with a record of these, for chains that were joined.
const (
	otherPersons = `INSERT INTO clock_changed SELECT DISTINCT {run:String}, {generation:UInt32}, side, chain FROM
(
    SELECT b.chain AS was, n.chain AS now FROM (SELECT person_entry, chain, chain_person FROM link_person WHERE generation = {base_generation:UInt32} AND run_id = {base:String}) AS b
    INNER JOIN (SELECT person_entry, chain, chain_person FROM link_person WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS n ON n.person_entry = b.person_entry
    WHERE n.chain_person != b.chain_person
) ARRAY JOIN ['old', 'new'] AS side, [was, now] AS chain`
	oldChains = `INSERT INTO clock_changed SELECT DISTINCT {run:String}, {generation:UInt32}, 'old', chain FROM case_event
WHERE generation = {base_generation:UInt32} AND run_id = {base:String} AND (record_type, record_key) IN (` + touchedSince + `)`
	newChains = `INSERT INTO clock_changed SELECT DISTINCT {run:String}, {generation:UInt32}, 'new', chain FROM case_event
WHERE generation = {generation:UInt32} AND run_id = {run:String} AND ((record_type, record_key) IN (` + touchedSince + `) OR (record_type, record_key) IN (
    SELECT record_type, record_key FROM case_event WHERE generation = {base_generation:UInt32} AND run_id = {base:String} AND chain IN (
        SELECT chain FROM clock_changed WHERE run_id = {run:String} AND side = 'old')))`
	joinedChains = `INSERT INTO clock_changed SELECT DISTINCT {run:String}, {generation:UInt32}, 'old', chain FROM case_event
WHERE generation = {base_generation:UInt32} AND run_id = {base:String} AND (record_type, record_key) IN (
    SELECT record_type, record_key FROM case_event WHERE generation = {generation:UInt32} AND run_id = {run:String} AND chain IN (
        SELECT chain FROM clock_changed WHERE run_id = {run:String} AND side = 'new'))`
	carried = `INSERT INTO verdict SELECT * REPLACE ({run:String} AS run_id, {generation:UInt32} AS generation) FROM (SELECT * FROM verdict
WHERE generation = {base_generation:UInt32} AND run_id = {base:String} AND chain NOT IN (SELECT chain FROM clock_changed WHERE run_id = {run:String} AND side = 'old'))`
	onlyChanged = " AND chain IN (SELECT chain FROM clock_changed WHERE run_id = {run:String} AND side = 'new')"
)

// reach finds the chains that changed since the base and carries the verdicts of
// all others over.
func (j *Job) reach(ctx context.Context, r, b warehouse.Run) error {
	for _, sql := range []string{otherPersons, oldChains, newChains, joinedChains, carried} {
		if err := j.deps.DB.Exec(ctx, sql, spanParams(r, b)...); err != nil {
			return fmt.Errorf("build on run %s: %w", b.ID, err)
		}
	}
	return nil
}

// recount counts the verdicts of the run, carried and judged anew.
func (s *sink) recount(ctx context.Context) error {
	rows, err := s.job.deps.DB.Query(ctx, "SELECT toString(rule), toString(outcome), count() FROM verdict WHERE generation = {generation:UInt32} AND run_id = {run:String} GROUP BY rule, outcome",
		warehouse.Param("run", s.run.ID), warehouse.Param("generation", strconv.FormatUint(uint64(s.run.Generation), 10)))
	if err != nil {
		return fmt.Errorf("count the verdicts: %w", err)
	}
	defer rows.Close()
	clear(s.counts)
	clear(s.units)
	s.rows = 0
	for rows.Next() {
		var rule, outcome string
		var n uint64
		if err := rows.Scan(&rule, &outcome, &n); err != nil {
			return fmt.Errorf("count the verdicts: %w", err)
		}
		s.counts[rule+"."+outcome] = n
		s.units[rule] += n
		s.rows += n
	}
	return rows.Err()
}
