package link

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"hengjian/warehouse"
)

// base finds the newest committed run whose events this one may carry over: the
// same definitions and code, no stream known further than now, its events kept.
func (j *Job) base(ctx context.Context, r warehouse.Run) (warehouse.Run, bool, error) {
	var b warehouse.Run
	err := j.deps.DB.QueryRow(ctx, `SELECT r.run_id, r.generation FROM run AS r
INNER JOIN (SELECT run_id, max(committed) AS committed FROM run_commit WHERE family = 'link' GROUP BY run_id) AS c ON c.run_id = r.run_id
WHERE r.run_id != {run:String} AND r.definitions = {definitions:String} AND r.code = {code:String} AND r.definitions != ''
ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("run", r.ID), warehouse.Param("definitions", r.Definitions), warehouse.Param("code", r.Code)).Scan(&b.ID, &b.Generation)
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("find a run to build on: %w", err)
	}
	var ahead, events uint64
	err = j.deps.DB.QueryRow(ctx, `SELECT
    (SELECT count() FROM run_input AS b LEFT JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = b.stream WHERE b.run_id = {base:String} AND b.offset > ifNull(n.offset, 0)),
    (SELECT count() FROM case_event WHERE run_id = {base:String} AND generation = {base_generation:UInt32})`, spanned(r, b)...).Scan(&ahead, &events)
	if err != nil {
		return b, false, fmt.Errorf("compare with run %s: %w", b.ID, err)
	}
	return b, ahead == 0 && events > 0, nil
}

func spanned(r, b warehouse.Run) []any {
	return append(params(r), warehouse.Param("base", b.ID), warehouse.Param("base_generation", strconv.FormatUint(uint64(b.Generation), 10)))
}

// touched lists the records that this run knows and its base did not.
const touched = `SELECT DISTINCT t.record_type AS record_type, t.key AS key FROM touched AS t
INNER JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = t.stream
LEFT JOIN (SELECT stream, toNullable(offset) AS offset FROM run_input WHERE run_id = {base:String}) AS b ON b.stream = t.stream
WHERE t.offset <= n.offset AND (b.offset IS NULL OR t.offset > b.offset)`

// The base's chains whose dockets or persons are not the same any more, and the
// events that are: of no such chain and of no touched record.
const (
	changedChains = `INSERT INTO link_changed SELECT DISTINCT {run:String}, {generation:UInt32}, chain FROM
(
    SELECT b.chain AS chain FROM (SELECT docket, chain FROM link_docket WHERE generation = {base_generation:UInt32} AND run_id = {base:String}) AS b
    LEFT JOIN (SELECT docket, chain FROM link_docket WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS n ON n.docket = b.docket WHERE n.chain != b.chain
    UNION ALL
    SELECT b.chain AS chain FROM (SELECT person_entry, chain, chain_person FROM link_person WHERE generation = {base_generation:UInt32} AND run_id = {base:String}) AS b
    LEFT JOIN (SELECT person_entry, chain_person FROM link_person WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS n ON n.person_entry = b.person_entry WHERE n.chain_person != b.chain_person
) SETTINGS join_use_nulls = 0`
	inChanged = "chain IN (SELECT chain FROM link_changed WHERE run_id = {run:String})"
	ofBase    = "generation = {base_generation:UInt32} AND run_id = {base:String}"
	carried   = `INSERT INTO case_event SELECT * REPLACE ({run:String} AS run_id, {generation:UInt32} AS generation) FROM (SELECT * FROM case_event
WHERE ` + ofBase + ` AND NOT ` + inChanged + ` AND (record_type, record_key) NOT IN (` + touched + `))`
)

// again selects the keys of the records of a type whose events are written anew.
func again(recordType string) string {
	return "SELECT key FROM (" + touched + ") WHERE record_type = " + literal(recordType) +
		" UNION DISTINCT SELECT record_key FROM case_event WHERE " + ofBase + " AND record_type = " + literal(recordType) + " AND " + inChanged
}

// events writes case_event: those of the base that still hold are carried over,
// all others are derived; without a base all are.
func (j *Job) events(ctx context.Context, r warehouse.Run) error {
	b, found, err := j.base(ctx, r)
	if err != nil {
		return err
	}
	args, due := params(r), map[string]bool{}
	if found {
		args = spanned(r, b)
		for _, sql := range []string{changedChains, carried} {
			if err := j.deps.DB.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("build on run %s: %w", b.ID, err)
			}
		}
		if err := j.eachPair(ctx, "SELECT DISTINCT toString(record_type), '', toUInt64(0) FROM (SELECT record_type FROM ("+touched+") UNION ALL SELECT record_type FROM case_event WHERE "+ofBase+" AND "+inChanged+")",
			func(record, _ string, _ uint64) error { due[record] = true; return nil }, args...); err != nil {
			return err
		}
	}
	for _, t := range j.deps.Catalogue.Types() {
		keys := ""
		if found {
			if keys = again(t.Name); !due[t.Name] {
				continue
			}
		}
		if sql := eventsSQL(t, keys); sql != "" {
			if err := j.deps.DB.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("write the events of %s: %w", t.Name, err)
			}
		}
	}
	return nil
}
