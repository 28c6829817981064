package compare

import (
	"context"
	"fmt"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Query names one comparison: an indicator in one period among one peer group.
type Query struct {
	Run                           string // "" = newest committed
	Indicator, PeriodKind, Period string
	PeerGroup                     string // provincial | prefectural
}

// Standing is one organ's place with both pairs of limits.
type Standing struct {
	Place
	Coverage string
	Limits   *Limits // nil without a position
}

// Comparison is what a person may see of one peer group, in administrative order.
type Comparison struct {
	Run       string
	Centre    float64 // of the whole group, also where its members are out of scope
	Standings []Standing
}

// Reader serves comparisons to people.
type Reader struct{ db *warehouse.DB }

// NewReader returns a reader of db.
func NewReader(db *warehouse.DB) *Reader { return &Reader{db: db} }

// Compare returns the places that sc may see; NotFound when no run is committed
// or nothing of the group is in scope.
func (r *Reader) Compare(ctx context.Context, sc access.Scope, q Query) (Comparison, error) {
	out := Comparison{Run: q.Run}
	if out.Run == "" {
		if err := r.db.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'compare' ORDER BY committed DESC, run_id DESC LIMIT 1`).Scan(&out.Run); err != nil {
			return out, &warehouse.Error{Code: warehouse.NotFound, Message: "no comparison has been computed yet: wait for the first run", Err: err}
		}
	}
	register, err := access.LoadRegister(ctx, r.db)
	if err != nil {
		return out, fmt.Errorf("load the organ register: %w", err)
	}
	found, err := r.places(ctx, out.Run, q)
	if err != nil {
		return out, fmt.Errorf("read comparison %s: %w", q.Indicator, err)
	}
	for _, o := range register.All() {
		if s, ok := found[o.ID]; ok && sc.Allows(o.ID, "general") {
			out.Centre = s.Centre
			out.Standings = append(out.Standings, s)
		}
	}
	if len(out.Standings) == 0 {
		return out, &warehouse.Error{Code: warehouse.NotFound, Message: "nothing to compare in this period among the organs you may see"}
	}
	return out, nil
}

// places reads all places of one group by organ.
func (r *Reader) places(ctx context.Context, run string, q Query) (map[string]Standing, error) {
	rows, err := r.db.Query(ctx, `SELECT organ_id, toString(coverage), toUInt64(num), toUInt64(den), centre, lower, upper, z, position, note
FROM comparison
WHERE run_id = {run:String} AND indicator = {indicator:String} AND period_kind = {kind:String} AND period = {period:String} AND peer_group = {group:String}`,
		warehouse.Param("run", run), warehouse.Param("indicator", q.Indicator), warehouse.Param("kind", q.PeriodKind),
		warehouse.Param("period", q.Period), warehouse.Param("group", q.PeerGroup))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]Standing{}
	for rows.Next() {
		var s Standing
		if err := rows.Scan(&s.Organ, &s.Coverage, &s.Num, &s.Den, &s.Centre, &s.Lower, &s.Upper, &s.Z, &s.Position, &s.Note); err != nil {
			return nil, err
		}
		if s.Position != "" {
			l := LimitsOf(s.Den, s.Centre)
			s.Limits = &l
		}
		out[s.Organ] = s
	}
	return out, rows.Err()
}
