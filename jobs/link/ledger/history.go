package ledger

import (
	"context"
	"fmt"
	"time"

	"hengjian/jobs/link/identity"
	"hengjian/warehouse"
)

// Change is one line of the history of a person's id (合并拆分记录).
type Change struct {
	At       time.Time
	Kind     identity.Kind
	Old, New string
	Records  uint32
	Run      string
	Cause    string
}

// Past is what became of a person's id.
type Past struct {
	Now     string // the id that answers now
	Changes []Change
}

// History returns what happened to an id, oldest first, and which id answers for
// it now. Invalid for what is no id, NotFound for one that was never given.
func (s *Store) History(ctx context.Context, id string) (Past, error) {
	if _, err := identity.ParseID(id); err != nil {
		return Past{}, &warehouse.Error{Code: warehouse.Invalid, Message: err.Error()}
	}
	rows, err := s.db.Query(ctx, "SELECT at, toString(kind), old_id, new_id, records, run_id, cause FROM link_person_history WHERE old_id = {id:String} OR new_id = {id:String} ORDER BY at, ordinal, old_id, new_id", warehouse.Param("id", id))
	if err != nil {
		return Past{}, fmt.Errorf("read the history of a person: %w", err)
	}
	defer rows.Close()
	var out Past
	for rows.Next() {
		var c Change
		var kind string
		if err := rows.Scan(&c.At, &kind, &c.Old, &c.New, &c.Records, &c.Run, &c.Cause); err != nil {
			return out, fmt.Errorf("read the history of a person: %w", err)
		}
		c.Kind = identity.Kind(kind)
		out.Changes = append(out.Changes, c)
	}
	if err := rows.Err(); err != nil {
		return out, fmt.Errorf("read the history of a person: %w", err)
	}
	if len(out.Changes) == 0 {
		return out, &warehouse.Error{Code: warehouse.NotFound, Message: "no person ever had the id " + id}
	}
	out.Now, err = s.answers(ctx, id)
	return out, err
}

// answers follows merges to the id that answers now.
func (s *Store) answers(ctx context.Context, id string) (string, error) {
	seen := map[string]bool{}
	for !seen[id] {
		seen[id] = true
		var next string
		err := s.db.QueryRow(ctx, "SELECT max(new_id) FROM (SELECT new_id FROM link_person_history WHERE kind = 'merged' AND old_id = {id:String} ORDER BY at DESC LIMIT 1)", warehouse.Param("id", id)).Scan(&next)
		if err != nil {
			return "", fmt.Errorf("follow the merges of a person: %w", err)
		}
		if next == "" {
			return id, nil
		}
		id = next
	}
	return id, nil
}
