package loader

import (
	"context"
	"fmt"

	"hengjian/warehouse"
)

// Audit is what the log says of one stream: Rows = Distinct = Last - First + 1 -
// Gaps, or something is wrong.
type Audit struct {
	Stream         string
	Rows, Distinct uint64
	First, Last    uint64
	Gaps           uint64 // declared missing offsets between First and Last
}

// Whole reports whether every offset is there exactly once.
func (a Audit) Whole() bool { return a.Rows == a.Distinct && a.Rows == a.Last-a.First+1-a.Gaps }

// ReadAudit reads the audit of every stream of a log table, by stream. A gap that
// grew before its end was loaded is declared again from the same offset: the
// longest counts.
func ReadAudit(ctx context.Context, db *warehouse.DB, table string) ([]Audit, error) {
	rows, err := db.Query(ctx, `SELECT l.stream, l.n, l.u, l.f, l.t, toUInt64(ifNull(sumIf(g.last - g.first + 1, g.first > l.f AND g.last < l.t), 0))
FROM (SELECT toString(stream) AS stream, count() AS n, uniqExact(offset) AS u, min(offset) AS f, max(offset) AS t FROM `+"`"+table+"`"+` GROUP BY stream) AS l
LEFT JOIN (SELECT stream, first, max(last) AS last FROM gap GROUP BY stream, first) AS g ON g.stream = l.stream
GROUP BY ALL ORDER BY l.stream`)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", table, err)
	}
	defer rows.Close()
	var all []Audit
	for rows.Next() {
		var a Audit
		if err := rows.Scan(&a.Stream, &a.Rows, &a.Distinct, &a.First, &a.Last, &a.Gaps); err != nil {
			return nil, fmt.Errorf("audit %s: %w", table, err)
		}
		all = append(all, a)
	}
	return all, rows.Err()
}
