package pattern

import (
	"context"
	"fmt"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Finding is one organ's quarter that shows more of a pattern than the country.
type Finding struct {
	Pattern      Pattern
	Quarter      time.Time // its first day
	Organ        string    // organ id
	Observed, Of uint64
	Share        float64 // of the whole country in the quarter
	Q            float64 // adjusted probability
}

// Reader serves patterns to people.
type Reader struct {
	db       *warehouse.DB
	patterns map[string]Pattern
}

// NewReader returns a reader of db.
func NewReader(db *warehouse.DB, patterns []Pattern) *Reader {
	byID := make(map[string]Pattern, len(patterns))
	for _, p := range patterns {
		byID[p.ID] = p
	}
	return &Reader{db: db, patterns: byID}
}

// Notable returns what stands out among the organs that sc may see, newest
// quarter first, then by pattern and in administrative order; NotFound before
// the first run.
func (r *Reader) Notable(ctx context.Context, sc access.Scope) ([]Finding, error) {
	var run string
	if err := r.db.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'pattern' ORDER BY committed DESC, run_id DESC LIMIT 1`).Scan(&run); err != nil {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "no reporting patterns have been looked for yet: wait for the first run", Err: err}
	}
	register, err := access.LoadRegister(ctx, r.db)
	if err != nil {
		return nil, fmt.Errorf("load the organ register: %w", err)
	}
	var order []string
	for _, o := range register.All() {
		if sc.Allows(o.ID, "general") {
			order = append(order, o.ID)
		}
	}
	rows, err := r.db.Query(ctx, `SELECT pattern, quarter, organ_id, observed, of, share, assumeNotNull(q) FROM reporting_pattern
WHERE run_id = {run:String} AND notable AND organ_id IN {organs:Array(String)}
ORDER BY quarter DESC, pattern, indexOf({organs:Array(String)}, toString(organ_id))`, warehouse.Param("run", run), warehouse.Param("organs", warehouse.Array(order)))
	if err != nil {
		return nil, fmt.Errorf("read reporting patterns: %w", err)
	}
	defer rows.Close()
	var out []Finding
	for rows.Next() {
		var f Finding
		var id string
		if err := rows.Scan(&id, &f.Quarter, &f.Organ, &f.Observed, &f.Of, &f.Share, &f.Q); err != nil {
			return nil, fmt.Errorf("read reporting patterns: %w", err)
		}
		f.Pattern = r.patterns[id]
		out = append(out, f)
	}
	return out, rows.Err()
}

// Evidence is one record that shows a pattern (依据记录). It names dockets and
// documents, never people.
type Evidence struct {
	RecordType, Key, Docket string
	Day                     time.Time
	Chain                   string // case chain of the docket, "" when it is linked to none
	Beside                  string // key of the record that it resembles or replaces, "" when there is none or it may not be seen
}

// mostEvidence is how many records one answer lists at most.
const mostEvidence = 1000

// Evidence lists the records behind one organ's quarter that sc may see, as the
// newest run knew them, by day; at most mostEvidence. NotFound for an organ out of scope,
// an unknown pattern or no run; Invalid for a day that begins no quarter.
func (r *Reader) Evidence(ctx context.Context, sc access.Scope, pattern, organ string, quarter time.Time) ([]Evidence, error) {
	p, ok := r.patterns[pattern]
	if !ok || !sc.Allows(organ, "general") {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no such pattern and organ among those you may see"}
	}
	if quarter.Day() != 1 || (quarter.Month()-1)%3 != 0 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "a quarter is named by its first day, such as 2025-04-01"}
	}
	var run string
	if err := r.db.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'pattern' ORDER BY committed DESC, run_id DESC LIMIT 1`).Scan(&run); err != nil {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "no reporting patterns have been looked for yet: wait for the first run", Err: err}
	}
	rows, err := r.db.Query(ctx, `SELECT e.key, e.docket, toDate32(e.day), ifNull(toString(e.compartment), 'secret'), toString(e.beside), toString(e.beside_compartment), ifNull(d.chain, '') FROM
(
    SELECT * FROM (`+p.SQL+`) AS listed WHERE shows AND organ_id = {organ:String} AND toStartOfQuarter(day) = {quarter:Date32}
) AS e
LEFT JOIN (SELECT docket, chain FROM link_docket WHERE organ_id = {organ:String} AND run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC, run_id DESC LIMIT 1)) AS d ON d.docket = e.docket
ORDER BY e.day, e.key`, warehouse.Param("run", run), warehouse.Param("organ", organ), warehouse.Param("quarter", quarter.Format(time.DateOnly)))
	if err != nil {
		return nil, fmt.Errorf("read what shows %s: %w", pattern, err)
	}
	defer rows.Close()
	var out []Evidence
	for rows.Next() {
		e := Evidence{RecordType: p.Record}
		var compartment, beside string
		if err := rows.Scan(&e.Key, &e.Docket, &e.Day, &compartment, &e.Beside, &beside, &e.Chain); err != nil {
			return nil, fmt.Errorf("read what shows %s: %w", pattern, err)
		}
		if !sc.Allows(organ, compartment) || len(out) == mostEvidence {
			continue
		}
		if !sc.Allows(organ, beside) {
			e.Beside = ""
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
