package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/explain"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// Explain says from stored patterns why a run holds two entries for one person or
// for two; persons gives the person of each. It also returns the entries that the
// explanation names. What a run said keeps the weights and the calibration of that run.
func (s *Store) Explain(ctx context.Context, run, a, b string, persons map[string]string) (explain.Explanation, []string, error) {
	plan, model, err := s.model(ctx, run)
	if err != nil {
		return explain.Explanation{}, nil, err
	}
	edges, names, err := s.edges(ctx, run, persons[a], persons[b])
	return explain.Records(plan, model, a, b, persons[a] == persons[b], nil, edges), names, err
}

// model reads the weights of a run, and the plan that they were learned for.
func (s *Store) model(ctx context.Context, run string) (*level.Plan, score.Parameters, error) {
	var text string
	if err := s.db.QueryRow(ctx, "SELECT parameters FROM link_model WHERE run_id = {run:String} LIMIT 1", warehouse.Param("run", run)).Scan(&text); err != nil {
		return nil, score.Parameters{}, fmt.Errorf("read the weights of the run: %w", err)
	}
	var of struct {
		Levels string `json:"levels_hash"`
	}
	if err := json.Unmarshal([]byte(text), &of); err != nil {
		return nil, score.Parameters{}, fmt.Errorf("read the weights of the run: %w", err)
	}
	plan, err := level.OfHash(of.Levels)
	if err != nil {
		return nil, score.Parameters{}, err
	}
	model, err := score.Thaw([]byte(text), plan)
	return plan, model, err
}

// edges reads what joined the first person, and what was refused between the two.
func (s *Store) edges(ctx context.Context, run, a, b string) ([]explain.Edge, []string, error) {
	const members = "(SELECT person_entry FROM link_identity WHERE run_id = {run:String} AND person_id = {%s:String})"
	inA, inB := fmt.Sprintf(members, "a"), fmt.Sprintf(members, "b")
	rows, err := s.db.Query(ctx, "SELECT entry_a, entry_b, weight, pattern, joined, reason FROM link_edge WHERE run_id = {run:String} AND (joined = 1 AND entry_a IN "+inA+
		" OR joined = 0 AND (entry_a IN "+inA+" AND entry_b IN "+inB+" OR entry_a IN "+inB+" AND entry_b IN "+inA+")) ORDER BY weight DESC, entry_a, entry_b LIMIT 2000",
		warehouse.Param("run", run), warehouse.Param("a", a), warehouse.Param("b", b))
	if err != nil {
		return nil, nil, fmt.Errorf("read the edges of a person: %w", err)
	}
	defer rows.Close()
	var edges []explain.Edge
	var names []string
	for rows.Next() {
		var e explain.Edge
		var weight float32
		var pattern uint32
		var joined uint8
		var reason string
		if err := rows.Scan(&e.A, &e.B, &weight, &pattern, &joined, &reason); err != nil {
			return nil, nil, fmt.Errorf("read the edges of a person: %w", err)
		}
		e.Weight, e.Pattern, e.Joined, e.Reason = float64(weight), level.Pattern(pattern), joined == 1, cluster.ReasonOf(reason)
		edges, names = append(edges, e), append(names, e.A, e.B)
	}
	return edges, names, rows.Err()
}

// Newest is the run of linkage that people see; NotFound when there is none.
func (s *Store) Newest(ctx context.Context) (string, error) {
	var run string
	if err := s.db.QueryRow(ctx, "SELECT max(run_id) FROM run_commit WHERE run_id = "+newestRun).Scan(&run); err != nil {
		return "", fmt.Errorf("find the newest run of linkage: %w", err)
	}
	if run == "" {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: "nothing is linked yet: run hengjian jobs run first"}
	}
	return run, nil
}

// Persons reads the persons of entries in a run; those that it does not know are missing.
func (s *Store) Persons(ctx context.Context, run string, entries ...string) (map[string]string, error) {
	rows, err := s.db.Query(ctx, "SELECT person_entry, person_id FROM link_identity WHERE run_id = {run:String} AND person_entry IN {entries:Array(String)}",
		warehouse.Param("run", run), warehouse.Param("entries", warehouse.Array(entries)))
	if err != nil {
		return nil, fmt.Errorf("read the persons of entries: %w", err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var entry, person string
		if err := rows.Scan(&entry, &person); err != nil {
			return nil, fmt.Errorf("read the persons of entries: %w", err)
		}
		out[entry] = person
	}
	return out, rows.Err()
}
