package run

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"hengjian/warehouse"
)

// appendRow inserts one row.
func appendRow(ctx context.Context, db *warehouse.DB, insert string, values ...any) error {
	batch, err := db.PrepareBatch(ctx, insert)
	if err != nil {
		return err
	}
	defer batch.Close()
	if err := batch.Append(values...); err != nil {
		return err
	}
	return batch.Send()
}

// writeInputs writes what the run may know.
func writeInputs(ctx context.Context, db *warehouse.DB, run warehouse.Run) error {
	batch, err := db.PrepareBatch(ctx, "INSERT INTO run_input (run_id, stream, offset)")
	if err != nil {
		return fmt.Errorf("write the inputs of run %s: %w", run.ID, err)
	}
	defer batch.Close()
	for _, stream := range slices.Sorted(maps.Keys(run.Known)) {
		if err := batch.Append(run.ID, stream, run.Known[stream]); err != nil {
			return fmt.Errorf("write the inputs of run %s: %w", run.ID, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the inputs of run %s: %w", run.ID, err)
	}
	return nil
}

// Positions returns the greatest derived offset per stream.
func Positions(ctx context.Context, db *warehouse.DB) (warehouse.Known, error) {
	return readKnown(ctx, db, "SELECT toString(stream), max(offset) FROM record_fate GROUP BY stream")
}

func readKnown(ctx context.Context, db *warehouse.DB, sql string, args ...any) (warehouse.Known, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	defer rows.Close()
	known := warehouse.Known{}
	for rows.Next() {
		var stream string
		var offset uint64
		if err := rows.Scan(&stream, &offset); err != nil {
			return nil, fmt.Errorf("read positions: %w", err)
		}
		known[stream] = offset
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	return known, nil
}

// Newest returns the newest run whose results of the family are visible; false
// when there is none.
func Newest(ctx context.Context, db *warehouse.DB, family string) (warehouse.Run, bool, error) {
	rows, err := db.Query(ctx, `SELECT r.run_id, r.generation, r.as_of, r.definitions, r.code, r.started
FROM run_commit AS c INNER JOIN run AS r ON r.run_id = c.run_id
WHERE c.family = {family:String}
ORDER BY c.committed DESC, c.generation DESC LIMIT 1`, warehouse.Param("family", family))
	if err != nil {
		return warehouse.Run{}, false, fmt.Errorf("find the newest run of %s: %w", family, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return warehouse.Run{}, false, rows.Err()
	}
	var run warehouse.Run
	if err := rows.Scan(&run.ID, &run.Generation, &run.AsOf, &run.Definitions, &run.Code, &run.Started); err != nil {
		return run, false, fmt.Errorf("find the newest run of %s: %w", family, err)
	}
	run.AsOf = midnight(run.AsOf)
	run.Known, err = inputs(ctx, db, run.ID)
	return run, err == nil, err
}

// KnownOf returns what an earlier run knew; NotFound for an unknown run.
func KnownOf(ctx context.Context, db *warehouse.DB, id string) (warehouse.Known, error) {
	known, err := inputs(ctx, db, id)
	if err == nil && len(known) == 0 {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no run " + id + ": hengjian jobs list shows them"}
	}
	return known, err
}

func inputs(ctx context.Context, db *warehouse.DB, id string) (warehouse.Known, error) {
	return readKnown(ctx, db, "SELECT stream, max(offset) FROM run_input WHERE run_id = {run:String} GROUP BY stream", warehouse.Param("run", id))
}

// Entry is one run of the ledger with the state of its families.
type Entry struct {
	Run      warehouse.Run // without Known
	Reason   string
	Families []Family // in the order in which they began
}

// Family is what one family did in a run.
type Family struct {
	Name      string
	State     string // started, done or failed
	Report    warehouse.Report
	Message   string
	Started   time.Time
	Ended     time.Time // zero while running
	Committed bool      // its results became visible
}

// List returns the newest runs first.
func List(ctx context.Context, db *warehouse.DB, limit int) ([]Entry, error) {
	rows, err := db.Query(ctx, `SELECT run_id, generation, as_of, definitions, code, started, reason
FROM run ORDER BY run_id DESC LIMIT {limit:UInt32}`, warehouse.Param("limit", fmt.Sprint(limit)))
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	defer rows.Close()
	var out []Entry
	place := map[string]int{}
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.Run.ID, &e.Run.Generation, &e.Run.AsOf, &e.Run.Definitions, &e.Run.Code, &e.Run.Started, &e.Reason); err != nil {
			return nil, fmt.Errorf("list runs: %w", err)
		}
		e.Run.AsOf = midnight(e.Run.AsOf)
		place[e.Run.ID] = len(out)
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, addFamilies(ctx, db, out, place)
}

// addFamilies reads the steps of the listed runs.
func addFamilies(ctx context.Context, db *warehouse.DB, out []Entry, place map[string]int) error {
	rows, err := db.Query(ctx, `SELECT s.run_id, s.family, toString(s.state), s.units, s.rows, s.notes, s.figures, s.message, s.began, s.at, c.run_id IS NOT NULL
FROM (
    SELECT *, min(at) OVER (PARTITION BY run_id, family) AS began FROM run_step WHERE run_id >= {oldest:String}
    ORDER BY run_id, family, state DESC, at DESC LIMIT 1 BY run_id, family
) AS s LEFT JOIN (SELECT DISTINCT run_id, family FROM run_commit) AS c ON c.run_id = s.run_id AND c.family = s.family
ORDER BY s.run_id, s.began, s.at`,
		warehouse.Param("oldest", out[len(out)-1].Run.ID))
	if err != nil {
		return fmt.Errorf("list the steps of runs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var f Family
		var ended time.Time
		if err := rows.Scan(&id, &f.Name, &f.State, &f.Report.Units, &f.Report.Rows, &f.Report.Notes, &f.Report.Figures, &f.Message, &f.Started, &ended, &f.Committed); err != nil {
			return fmt.Errorf("list the steps of runs: %w", err)
		}
		if f.State != "started" {
			f.Ended = ended
		}
		if i, ok := place[id]; ok {
			out[i].Families = append(out[i].Families, f)
		}
	}
	return rows.Err()
}

// beijing is legal time; run days lie after the last summer time of 1991.
func beijing() *time.Location { return time.FixedZone("CST", 8*60*60) }

// midnight is the beginning of the legal day in which t lies; a date read from
// a Date32 column (midnight UTC) keeps its day.
func midnight(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.In(beijing()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijing())
}

// dateOf is how a Date32 column takes a legal day.
func dateOf(t time.Time) time.Time {
	y, m, d := t.In(beijing()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
