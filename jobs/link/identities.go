package link

import (
	"context"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/identity"
	"hengjian/jobs/link/resolve"
	"hengjian/warehouse"
)

// identityState reads the ids that the entries of this run had last, and the
// merges and births of all ids.
func (j *Job) identityState(ctx context.Context, p *population) (identity.State, error) {
	s := identity.NewState()
	if err := j.eachPair(ctx, "SELECT person_entry, person_id, toUInt64(0) FROM link_identity_state FINAL", func(entry, id string, _ uint64) error {
		key := xxhash.Sum64String(entry)
		if _, here := p.entry[key]; !here {
			return nil // not known to this run: keeps what it has
		}
		parsed, err := identity.ParseID(id)
		s.Of[key] = parsed
		return err
	}); err != nil {
		return s, err
	}
	err := j.eachPair(ctx, "SELECT if(kind = 'merged', old_id, ''), new_id, ordinal FROM link_person_history WHERE kind IN ('created', 'split', 'merged') ORDER BY at, run_id", func(old, id string, ordinal uint64) error {
		parsed, err := identity.ParseID(id)
		if err != nil {
			return err
		}
		if old == "" {
			if _, known := s.Born[parsed]; !known {
				s.Born[parsed] = ordinal
			}
			return nil
		}
		from, err := identity.ParseID(old)
		s.Into[from] = parsed
		return err
	})
	return s, err
}

func (j *Job) eachPair(ctx context.Context, sql string, each func(a, b string, n uint64) error, args ...any) error {
	rows, err := j.deps.DB.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("read the persons' ids: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		var n uint64
		if err := rows.Scan(&a, &b, &n); err != nil {
			return fmt.Errorf("read the persons' ids: %w", err)
		}
		if err := each(a, b, n); err != nil {
			return fmt.Errorf("read the persons' ids: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the persons' ids: %w", err)
	}
	return nil
}

// insert appends rows of one table; add is called for each of n rows.
func (j *Job) insert(ctx context.Context, into string, n int, row func(i int) []any) error {
	if n == 0 {
		return nil
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO "+into)
	if err != nil {
		return fmt.Errorf("write %s: %w", into, err)
	}
	defer batch.Close()
	for i := range n {
		if err := batch.Append(row(i)...); err != nil {
			return fmt.Errorf("write %s: %w", into, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write %s: %w", into, err)
	}
	return nil
}

// keep writes what a run found; the state comes last, so that a run cut off in
// between changes no id.
func (j *Job) keep(ctx context.Context, r warehouse.Run, p *population, out *resolve.Output, held []holding, s identity.State, events []identity.Event) error {
	t, of := p.table, out.Clusters.Of
	weakest, suspect := resolve.Weakest(out), map[uint32]uint8{}
	for _, i := range out.Clusters.Suspects {
		suspect[i] = 1
	}
	entry := func(i uint32) string { return p.entry[t.Rows[i].Key] }
	if err := j.insert(ctx, "link_identity (run_id, generation, person_entry, docket, person_id, band, weakest, suspect, chain_band, chain_weakest)", len(t.Rows), func(i int) []any {
		key, w := t.Rows[i].Key, weakest[of[i]]
		band := bandOf(w, out.Parameters.Threshold)
		var edge *float32
		if band != "alone" {
			edge = &w
		}
		return []any{r.ID, r.Generation, p.entry[key], p.docket[key], s.Of[key].String(), band, edge, suspect[uint32(i)], held[i].band, held[i].weakest}
	}); err != nil {
		return err
	}
	if err := j.insert(ctx, "link_edge (run_id, generation, entry_a, entry_b, weight, pattern, joined, reason)", len(out.Clusters.Tree), func(i int) []any {
		e := out.Clusters.Tree[i]
		return []any{r.ID, r.Generation, entry(e.A), entry(e.B), e.Weight, uint32(e.Pattern), uint8(1), reasonOf(cluster.None)}
	}); err != nil {
		return err
	}
	if err := j.insert(ctx, "link_edge (run_id, generation, entry_a, entry_b, weight, pattern, joined, reason)", len(out.Clusters.Conflicts), func(i int) []any {
		c := out.Clusters.Conflicts[i]
		return []any{r.ID, r.Generation, entry(c.A), entry(c.B), c.Weight, uint32(c.Pattern), uint8(0), reasonOf(c.Reason)}
	}); err != nil {
		return err
	}
	model, err := out.Parameters.Freeze()
	if err != nil {
		return err
	}
	if err := j.insert(ctx, "link_model (run_id, generation, version, hash, levels_hash, parameters)", 1, func(int) []any {
		return []any{r.ID, r.Generation, out.Parameters.Version, out.Parameters.Hash, out.Parameters.Levels, string(model)}
	}); err != nil {
		return err
	}
	return j.keepState(ctx, r, p, s, events)
}

// keepState writes history and the ids in force.
func (j *Job) keepState(ctx context.Context, r warehouse.Run, p *population, s identity.State, events []identity.Event) error {
	name := func(id identity.ID) string {
		if id == (identity.ID{}) {
			return ""
		}
		return id.String()
	}
	if err := j.insert(ctx, "link_person_history (run_id, kind, old_id, new_id, ordinal, records, cause)", len(events), func(i int) []any {
		e := events[i]
		return []any{r.ID, string(e.Kind), name(e.Old), name(e.New), s.Born[e.New], uint32(e.Records), e.Cause}
	}); err != nil {
		return err
	}
	version := uint64(r.Started.UnixMilli())
	return j.insert(ctx, "link_identity_state (person_entry, person_id, version)", len(p.table.Rows), func(i int) []any {
		key := p.table.Rows[i].Key
		return []any{p.entry[key], s.Of[key].String(), version}
	})
}
