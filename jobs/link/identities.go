package link

import (
	"context"
	"fmt"
	"slices"

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
				s.Born[parsed], s.Last = ordinal, max(s.Last, ordinal)
			}
			return nil
		}
		from, err := identity.ParseID(old)
		s.Into[from] = parsed
		return err
	})
	return s, err
}

// identityOf is identityState for the keys of some entries: the ids that they had,
// and when those were born.
func (j *Job) identityOf(ctx context.Context, entries []uint64) (identity.State, error) {
	s := identity.NewState()
	if err := portions(entries, func(some []uint64) error {
		return j.eachPair(ctx, `SELECT s.person_entry, s.person_id, h.born FROM (SELECT person_entry, person_id FROM link_identity_state FINAL WHERE xxHash64(person_entry) IN {entries:Array(UInt64)}) AS s
LEFT JOIN (SELECT new_id, min(ordinal) AS born FROM link_person_history WHERE kind IN ('created', 'split') GROUP BY new_id) AS h ON h.new_id = s.person_id SETTINGS join_use_nulls = 0`, func(entry, id string, born uint64) error {
			parsed, err := identity.ParseID(id)
			s.Of[xxhash.Sum64String(entry)], s.Born[parsed] = parsed, born
			return err
		}, numbers("entries", some))
	}); err != nil {
		return s, err
	}
	err := j.eachPair(ctx, "SELECT '', '', max(ordinal) FROM link_person_history", func(_, _ string, n uint64) error { s.Last = n; return nil })
	return s, err
}

// personsOf reads the persons that entries had in the base run: of those whose
// records were compared with an entry that is linked anew.
func (j *Job) personsOf(ctx context.Context, base warehouse.Run, x *reach, away []uint64) (map[uint64]string, error) {
	all := slices.Clone(away)
	for _, entry := range away {
		for _, k := range x.old[entry] {
			all = append(all, k.other)
		}
	}
	slices.Sort(all)
	out := map[uint64]string{}
	err := portions(slices.Compact(all), func(some []uint64) error {
		return j.eachPair(ctx, "SELECT person_entry, person_id, toUInt64(0) FROM link_identity WHERE run_id = {base:String} AND generation = {base_generation:UInt32} AND xxHash64(person_entry) IN {entries:Array(UInt64)}", func(entry, person string, _ uint64) error {
			out[xxhash.Sum64String(entry)] = person
			return nil
		}, warehouse.Param("base", base.ID), number32("base_generation", base.Generation), numbers("entries", some))
	})
	return out, err
}

// everDecided are the entries about which anybody ever decided.
func (j *Job) everDecided(ctx context.Context) ([]uint64, error) {
	var out []uint64
	err := j.eachPair(ctx, "SELECT DISTINCT arrayJoin([entry_a, entry_b]) AS entry, '', toUInt64(0) FROM link_decision ORDER BY entry", func(entry, _ string, _ uint64) error {
		out = append(out, xxhash.Sum64String(entry))
		return nil
	})
	return out, err
}

// carry takes over from the base what a run does not link anew: all but the
// entries away.
func (j *Job) carry(ctx context.Context, r, base warehouse.Run, away []uint64) error {
	const from = "generation = {base_generation:UInt32} AND run_id = {base:String}"
	in := func(column string) string {
		return "xxHash64(" + column + ") IN (SELECT arrayJoin({away:Array(UInt64)}))"
	}
	for table, but := range map[string]string{
		"link_identity": in("person_entry"),
		"link_edge":     in("entry_a") + " OR " + in("entry_b"),
		"link_review":   in("entry_a") + " AND " + in("entry_b"),
	} {
		sql := "INSERT INTO " + table + " SELECT * REPLACE ({run:String} AS run_id, {generation:UInt32} AS generation) FROM (SELECT * FROM " + table + " WHERE " + from + " AND NOT (" + but + "))"
		if err := j.deps.DB.Exec(ctx, sql, append(spanned(r, base), numbers("away", away))...); err != nil {
			return fmt.Errorf("carry %s over from run %s: %w", table, base.ID, err)
		}
	}
	return nil
}

// counted reports the totals of a run that built on another.
func (j *Job) counted(ctx context.Context, r warehouse.Run, f map[string]uint64) error {
	var persons, entries, refused, suspects uint64
	if err := j.deps.DB.QueryRow(ctx, `SELECT (SELECT uniqExact(person_id) FROM link_identity WHERE generation = {generation:UInt32} AND run_id = {run:String}),
    (SELECT count() FROM link_identity WHERE generation = {generation:UInt32} AND run_id = {run:String}),
    (SELECT count() FROM link_edge WHERE generation = {generation:UInt32} AND run_id = {run:String} AND joined = 0),
    (SELECT countIf(suspect = 1) FROM link_identity WHERE generation = {generation:UInt32} AND run_id = {run:String})`, params(r)...).Scan(&persons, &entries, &refused, &suspects); err != nil {
		return fmt.Errorf("count linked persons: %w", err)
	}
	f["persons_across"], f["entries_across"], f["refused_joins"], f["suspect_numbers"] = persons, entries, refused, suspects
	return nil
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
