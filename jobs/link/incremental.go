package link

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// base finds the newest committed run whose events may stay where they are: the same
// definitions and code, no stream known further than now, its events kept and not
// yet scattered; nil for none.
func (j *Job) base(ctx context.Context, r warehouse.Run) (*warehouse.Run, error) {
	var b warehouse.Run
	err := j.deps.DB.QueryRow(ctx, `SELECT r.run_id, r.generation FROM run AS r
INNER JOIN (SELECT run_id, max(committed) AS committed FROM run_commit WHERE family = 'link' GROUP BY run_id) AS c ON c.run_id = r.run_id
WHERE r.run_id != {run:String} AND r.definitions = {definitions:String} AND r.code = {code:String} AND r.definitions != ''
ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("run", r.ID), warehouse.Param("definitions", r.Definitions), warehouse.Param("code", r.Code)).Scan(&b.ID, &b.Generation)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find a run to build on: %w", err)
	}
	var fits uint8
	err = j.deps.DB.QueryRow(ctx, `SELECT
    (SELECT count() FROM run_input AS b LEFT JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = b.stream WHERE b.run_id = {base:String} AND b.offset > ifNull(n.offset, 0)) = 0
    AND (SELECT count() FROM (SELECT 1 FROM case_event_of(run = {base:String}) LIMIT 1)) > 0
    AND (SELECT uniqExact(part) FROM case_part WHERE family = 'link' AND run_id = {base:String}) < `+strconv.Itoa(mostParts)+`
    AND (SELECT count() FROM case_part WHERE family = 'link' AND run_id = {base:String}) * 4 <= 1000 + (SELECT uniq(chain) FROM link_docket WHERE run_id = {base:String})`, spanned(r, b)...).Scan(&fits)
	if err != nil {
		return nil, fmt.Errorf("compare with run %s: %w", b.ID, err)
	}
	if fits == 0 {
		return nil, nil
	}
	return &b, nil
}

// mostParts is how many runs one may build on, one upon the other; then all events
// are derived again, so that the events of one run never lie in ever more places.
const mostParts = 48

func spanned(r, b warehouse.Run) []any {
	return append(params(r), warehouse.Param("base", b.ID), warehouse.Param("base_generation", strconv.FormatUint(uint64(b.Generation), 10)))
}

// touched lists the records that this run knows and its base did not.
const touched = `SELECT DISTINCT t.record_type AS record_type, t.key AS key FROM touched AS t
INNER JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = t.stream
LEFT JOIN (SELECT stream, toNullable(offset) AS offset FROM run_input WHERE run_id = {base:String}) AS b ON b.stream = t.stream
WHERE t.offset <= n.offset AND (b.offset IS NULL OR t.offset > b.offset)`

// The base's chains whose dockets or persons are not the same any more: their
// records are derived anew, and the records that were touched. Then what these
// chains and those of the touched records have besides is copied, so that every
// chain stands in one place as a whole; and where each chain stands is noted.
const (
	changedChains = `INSERT INTO link_changed SELECT DISTINCT {run:String}, {generation:UInt32}, chain FROM
(
    SELECT b.chain AS chain FROM (SELECT docket, chain FROM link_docket WHERE generation = {base_generation:UInt32} AND run_id = {base:String}) AS b
    LEFT JOIN (SELECT docket, chain FROM link_docket WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS n ON n.docket = b.docket WHERE n.chain != b.chain
    UNION ALL
    SELECT b.chain AS chain FROM (SELECT person_entry, chain, chain_person FROM link_person WHERE generation = {base_generation:UInt32} AND run_id = {base:String}) AS b
    LEFT JOIN (SELECT person_entry, chain_person FROM link_person WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS n ON n.person_entry = b.person_entry WHERE n.chain_person != b.chain_person
) SETTINGS join_use_nulls = 0`
	changed   = "(SELECT chain FROM link_changed WHERE run_id = {run:String})"
	written   = "generation = {generation:UInt32} AND run_id = {run:String}"
	ofTouched = "record_key IN (SELECT key FROM (" + touched + ")) AND (record_type, record_key) IN (" + touched + ")"
	altered   = `SELECT chain, 1 AS now FROM case_event WHERE ` + written + `
UNION ALL SELECT chain, 0 FROM link_changed WHERE run_id = {run:String}
UNION ALL SELECT chain, 0 FROM case_event_of(run = {base:String}) WHERE ` + ofTouched
	rest = `INSERT INTO case_event SELECT * REPLACE ({run:String} AS run_id, {generation:UInt32} AS generation) FROM (SELECT * FROM case_event_of(run = {base:String})
WHERE chain IN (SELECT chain FROM (` + altered + `)) AND chain NOT IN ` + changed + ` AND (record_type, record_key) NOT IN (` + touched + `))`
	moved = `INSERT INTO case_part SELECT 'link', {run:String}, {generation:UInt32}, chain, if(max(now) = 0, '', {run:String}), if(max(now) = 0, 0, {generation:UInt32}) FROM (` + altered + `) GROUP BY chain`
	stay  = `INSERT INTO case_part SELECT 'link', {run:String}, {generation:UInt32}, chain, part, part_generation FROM case_part
WHERE family = 'link' AND run_id = {base:String} AND chain NOT IN (SELECT chain FROM case_part WHERE family = 'link' AND run_id = {run:String})`
	upon = `INSERT INTO run_base SELECT 'link', {run:String}, {generation:UInt32}, ifNull(max(root), {base:String}), ifNull(max(root_generation), {base_generation:UInt32})
FROM (SELECT toNullable(root) AS root, toNullable(root_generation) AS root_generation FROM run_base WHERE family = 'link' AND run_id = {base:String})`
)

// again selects the keys of the records of a type whose events are derived anew.
func again(recordType string) string {
	return "SELECT key FROM (" + touched + ") WHERE record_type = " + literal(recordType) +
		" UNION DISTINCT SELECT record_key FROM case_event_of(run = {base:String}) WHERE record_type = " + literal(recordType) + " AND chain IN " + changed
}

// events writes case_event: upon a base only the chains that changed, else all.
func (j *Job) events(ctx context.Context, r warehouse.Run, b *warehouse.Run) error {
	if b == nil {
		return j.derive(ctx, func(t *contract.Type) string { return eventsSQL(t, "") }, params(r))
	}
	args := spanned(r, *b)
	all := func(statements ...string) error {
		for _, sql := range statements {
			if err := j.deps.DB.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("build on run %s: %w", b.ID, err)
			}
		}
		return nil
	}
	if err := all(changedChains); err != nil {
		return err
	}
	due := map[string]bool{}
	if err := j.eachPair(ctx, "SELECT DISTINCT toString(record_type), '', toUInt64(0) FROM (SELECT record_type FROM ("+touched+") UNION ALL SELECT record_type FROM case_event_of(run = {base:String}) WHERE chain IN "+changed+")",
		func(record, _ string, _ uint64) error { due[record] = true; return nil }, args...); err != nil {
		return err
	}
	err := j.derive(ctx, func(t *contract.Type) string {
		if !due[t.Name] {
			return ""
		}
		return eventsSQL(t, again(t.Name))
	}, args)
	if err != nil {
		return err
	}
	return all(rest, moved, stay, upon)
}

// derive writes the events of every record type by its statement, "" for none.
func (j *Job) derive(ctx context.Context, statement func(*contract.Type) string, args []any) error {
	for _, t := range j.deps.Catalogue.Types() {
		if sql := statement(t); sql != "" {
			if err := j.deps.DB.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("write the events of %s: %w", t.Name, err)
			}
		}
	}
	return nil
}
