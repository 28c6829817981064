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

// mostParts is how many runs one may build on, one upon the other; then everything
// is judged again, so that the rows of one run never lie in ever more places.
const mostParts = 64

// base finds the committed run that this one may build on: the same legal day,
// definitions and code, no stream known further than now, no organ touched since,
// its events written upon the same full run, and its verdicts still kept and not
// yet scattered. Anything else is judged in full.
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
	var fits uint8
	err = j.deps.DB.QueryRow(ctx, `SELECT
    (SELECT count() FROM run_input AS b LEFT JOIN (SELECT stream, offset FROM run_input WHERE run_id = {run:String}) AS n ON n.stream = b.stream WHERE b.run_id = {base:String} AND b.offset > ifNull(n.offset, 0)) = 0
    AND (SELECT count() FROM (`+touchedSince+`) WHERE record_type = 'organ') = 0
    AND ifNull((SELECT root FROM run_base WHERE family = 'link' AND run_id = {run:String}), '') = (SELECT ifNull(max(root), {base:String}) FROM (SELECT toNullable(root) AS root FROM run_base WHERE family = 'link' AND run_id = {base:String}))
    AND (SELECT count() FROM verdict_count WHERE run_id = {base:String} AND generation = {base_generation:UInt32}) > 0
    AND (SELECT uniqExact(part) FROM case_part WHERE family = 'clock' AND run_id = {base:String}) < `+strconv.Itoa(mostParts)+`
    AND (SELECT count() FROM case_part WHERE family = 'clock' AND run_id = {base:String}) * 4 <= 1000 + (SELECT count() FROM verdict_quiet WHERE run_id = (SELECT ifNull(max(root), {base:String}) FROM (SELECT toNullable(root) AS root FROM run_base WHERE family = 'clock' AND run_id = {base:String})))`,
		spanParams(r, b)...).Scan(&fits)
	if err != nil {
		return b, false, fmt.Errorf("compare with run %s: %w", b.ID, err)
	}
	return b, fits == 1, nil
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

// The cases whose events were written anew since the base; what becomes the place
// of the verdicts of every case outside the root; and the events to judge.
const (
	rewritten = `SELECT chain FROM case_part WHERE family = 'link' AND run_id IN ({run:String}, {base:String}) GROUP BY chain HAVING count() = 1 OR min(part) != max(part)`
	places    = `INSERT INTO case_part
SELECT 'clock', {run:String}, {generation:UInt32}, chain, if(part = '', '', {run:String}), if(part = '', 0, {generation:UInt32}) FROM case_part WHERE family = 'link' AND run_id = {run:String} AND chain IN (` + rewritten + `)
UNION ALL
SELECT 'clock', {run:String}, {generation:UInt32}, chain, part, part_generation FROM case_part WHERE family = 'clock' AND run_id = {base:String} AND chain NOT IN (` + rewritten + `)`
	upon = `INSERT INTO run_base SELECT 'clock', {run:String}, {generation:UInt32}, ifNull(max(root), {base:String}), ifNull(max(root_generation), {base_generation:UInt32})
FROM (SELECT toNullable(root) AS root, toNullable(root_generation) AS root_generation FROM run_base WHERE family = 'clock' AND run_id = {base:String})`
	again = `case_event WHERE (run_id, chain) IN (SELECT part, chain FROM case_part WHERE family = 'link' AND run_id = {run:String} AND chain IN (SELECT chain FROM case_part WHERE family = 'clock' AND run_id = {run:String} AND part = {run:String}))`
	// what the base says of the cases that are judged again, without the columns that a count needs not
	ofBase     = `((run_id IN (SELECT root FROM run_base WHERE family = 'clock' AND run_id = {base:String} UNION ALL SELECT {base:String}) AND chain NOT IN (SELECT chain FROM case_part WHERE family = 'clock' AND run_id = {base:String})) OR (run_id, chain) IN (SELECT part, chain FROM case_part WHERE family = 'clock' AND run_id = {base:String})) AND chain IN (` + rewritten + `)`
	saidBefore = `SELECT toString(rule), toString(outcome), toInt64(verdicts) FROM verdict_count WHERE run_id = {base:String} AND generation = {base_generation:UInt32}
UNION ALL SELECT toString(rule), toString(outcome), -toInt64(count()) FROM verdict WHERE ` + ofBase + ` GROUP BY rule, outcome
UNION ALL SELECT toString(of_rule), toString(of_outcome), -toInt64(count()) FROM verdict_quiet ARRAY JOIN q.rule AS of_rule, q.outcome AS of_outcome WHERE ` + ofBase + ` GROUP BY of_rule, of_outcome`
)

// build notes where the verdicts of every case will stand, and counts what the base
// says of the cases that stay.
func (j *Job) build(ctx context.Context, r, b warehouse.Run, s *sink) error {
	for _, sql := range []string{upon, places} {
		if err := j.deps.DB.Exec(ctx, sql, spanParams(r, b)...); err != nil {
			return fmt.Errorf("build on run %s: %w", b.ID, err)
		}
	}
	rows, err := j.deps.DB.Query(ctx, saidBefore, spanParams(r, b)...)
	if err != nil {
		return fmt.Errorf("count the verdicts of run %s: %w", b.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var what said
		var n int64
		if err := rows.Scan(&what.rule, &what.outcome, &n); err != nil {
			return fmt.Errorf("count the verdicts of run %s: %w", b.ID, err)
		}
		s.counts[what] += uint64(n)
	}
	return rows.Err()
}

// source is where events are read: what follows FROM, with its parameters.
type source struct {
	from   string
	params map[string]string
}

// eventParts are where the events of a run stand, one source for each run that
// wrote some of its cases; no case stands in two.
func (j *Job) eventParts(ctx context.Context, r warehouse.Run) ([]source, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT root, root_generation, toUInt8(0) FROM run_base WHERE family = 'link' AND run_id = {run:String}
UNION ALL SELECT DISTINCT part, part_generation, toUInt8(1) FROM case_part WHERE family = 'link' AND run_id = {run:String} AND part != ''`, warehouse.Param("run", r.ID))
	if err != nil {
		return nil, fmt.Errorf("find where the events of run %s stand: %w", r.ID, err)
	}
	defer rows.Close()
	const written = "case_event WHERE generation = {part_generation:UInt32} AND run_id = {part:String}"
	params := func(part string, generation uint32) map[string]string {
		return map[string]string{"run": r.ID, "part": part, "part_generation": strconv.FormatUint(uint64(generation), 10)}
	}
	var out []source
	for rows.Next() {
		var id string
		var generation uint32
		var moved uint8
		if err := rows.Scan(&id, &generation, &moved); err != nil {
			return nil, fmt.Errorf("find where the events of run %s stand: %w", r.ID, err)
		}
		which := " AND chain NOT IN (SELECT chain FROM case_part WHERE family = 'link' AND run_id = {run:String})"
		if moved == 1 {
			which = " AND chain IN (SELECT chain FROM case_part WHERE family = 'link' AND run_id = {run:String} AND part = {part:String})"
		}
		out = append(out, source{written + which, params(id, generation)})
	}
	if len(out) == 0 {
		out = []source{{written, params(r.ID, r.Generation)}}
	}
	return out, rows.Err()
}
