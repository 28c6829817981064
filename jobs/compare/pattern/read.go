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
