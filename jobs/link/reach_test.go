package link

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/record"
)

// send puts person entries as one message each; a later version replaces.
func (s *store) send(t *testing.T, raws []record.Raw) {
	t.Helper()
	ctx := context.Background()
	batch, err := s.PrepareBatch(ctx, "INSERT INTO log_person_in_case (stream, offset, sealed, seal_key)")
	if err != nil {
		t.Fatal(err)
	}
	defer batch.Close()
	for _, raw := range raws {
		s.put(t, "person_in_case", map[string]string{
			"organ": "p1", "docket_kind": "police_investigation", "docket_number": raw.Own, "person_no": "1", "role": "suspect",
			"name": fmt.Sprint(xxhash.Sum64String(raw.Name)), "resident_id": fmt.Sprint(xxhash.Sum64String(raw.Number)),
		})
		message := fmt.Sprintf(`{"payload": {"name": %q, "resident_id": %q, "birth_date": %q, "sex": %q, "household_region": %q}}`, raw.Name, raw.Number, raw.Birth, raw.Sex, raw.Region)
		if err := batch.Append(stream, s.offset, message, "k"); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}

// step makes and commits a run of linkage and gives the person of each entry.
func (s *store) step(t *testing.T, generation uint32, whole bool) (map[string]string, map[string]uint64) {
	t.Helper()
	ctx := context.Background()
	config := DefaultConfig()
	config.Whole = whole
	job, err := New(config, Deps{DB: s.DB, Catalogue: s.catalogue, Vault: plainVault{}, Keys: plainVault{}})
	if err != nil {
		t.Fatal(err)
	}
	r := s.run(t, generation)
	r.Definitions, r.Code, r.AsOf, r.Started = "d", "c", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(int64(generation)*1000)
	report, err := job.Run(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('%s', %d, '2026-01-01', 'd', 'c', now(), '')",
		"INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('link', '%s', %d, '2026-01-01', now64(3))",
	} {
		if err := s.Exec(ctx, fmt.Sprintf(sql, r.ID, generation)); err != nil {
			t.Fatal(err)
		}
	}
	out := map[string]string{}
	for _, line := range s.lines(t, "SELECT person_entry, person_id FROM link_identity WHERE run_id = '"+r.ID+"'", 2) {
		entry, person, _ := strings.Cut(line, " ")
		out[entry] = person
	}
	return out, report.Figures
}

// TestRunsBuildOnOneAnother sends a population in random batches with corrections
// and a decision, each linked on what the last run kept, and ends with the persons,
// edges, refusals and weights of a run over all entries; who does not change keeps
// the id, and a batch opens and compares its own neighbourhood alone.
func TestRunsBuildOnOneAnother(t *testing.T) {
	s := newStore(t)
	if err := s.Exec(context.Background(), "INSERT INTO case_event (run_id, generation, chain) VALUES ('', 0, '')"); err != nil {
		t.Fatal(err)
	}
	raws, _ := linktest.Population(180, 5)
	r := rand.New(rand.NewPCG(5, 5))
	r.Shuffle(len(raws), func(i, k int) { raws[i], raws[k] = raws[k], raws[i] })
	for i := range raws {
		raws[i].Sex = map[string]string{"1": "male", "2": "female"}[raws[i].Sex]
	}
	s.put(t, "case", map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": raws[0].Own, "opened_on": "2024-05-01"})
	s.send(t, raws[:100])
	before, first := s.step(t, 1, false)
	if first["entries_opened"] != 100 {
		t.Fatalf("the first run opened %d entries", first["entries_opened"])
	}
	sent, generation, corrected := 100, uint32(1), 0
	for sent < len(raws) {
		batch := slices.Clone(raws[sent:min(sent+20, len(raws))])
		late := slices.Clone(batch[:2]) // two come in a wrong version first
		batch[0].Name, batch[1].Number = raws[r.IntN(100)].Name, raws[r.IntN(100)].Number
		sent += len(batch)
		s.send(t, batch)
		generation++
		now, f := s.step(t, generation, false)
		if f["entries_changed"] != uint64(len(batch)+corrected) || f["entries_opened"] > 120 || f["entries_opened"] == 0 || f["entries_joined"] > 120 {
			t.Errorf("run %d: %d changed, %d opened, %d joined", generation, f["entries_changed"], f["entries_opened"], f["entries_joined"])
		}
		unchanged(t, before, now)
		s.revision = 2
		s.send(t, late)
		s.revision, corrected, before = 0, len(late), now
	}
	if err := s.Exec(context.Background(), "INSERT INTO link_decision (entry_a, entry_b, same, person, at, reason, evidence, until, revision_a, revision_b, seconded_by) SELECT entry_a, entry_b, 0, 'li', '2025-01-01 00:00:00', 'seen', 'letter', '2200-01-01', 9, 9, '' FROM link_edge WHERE run_id = 'run-1' AND joined = 1 ORDER BY entry_a LIMIT 1"); err != nil {
		t.Fatal(err)
	}
	built, f := s.step(t, generation+1, false)
	if f["entries_changed"] == 0 || f["entries_opened"] > 120 {
		t.Errorf("the last run: %v", f)
	}
	whole, _ := s.step(t, generation+2, true)
	if !maps.Equal(built, whole) {
		differ := 0
		for entry := range whole {
			if whole[entry] != built[entry] {
				differ++
			}
		}
		t.Errorf("%d of %d entries have another person than in a run over all", differ, len(whole))
	}
	for table, columns := range map[string]string{
		"link_edge":   "concat(least(entry_a, entry_b), ' ', greatest(entry_a, entry_b)), toString(joined), toString(reason)",
		"link_weight": "toString(bits), toString(joined), toString(pairs)", "link_review": "concat(entry_a, ' ', entry_b), toString(joined), toString(refused)",
	} {
		of := func(g uint32) []string {
			return s.lines(t, fmt.Sprintf("SELECT %s FROM %s WHERE run_id = 'run-%d'%s ORDER BY ALL", columns, table, g, map[string]string{"link_weight": " AND pairs > 0", "link_review": " AND (refused != '' OR abs(weight - 4) <= 3)"}[table]), 3)
		}
		if a, b := of(generation+1), of(generation+2); len(b) == 0 || !slices.Equal(a, b) {
			t.Errorf("%s: %d rows built, %d of a run over all: %s", table, len(a), len(b), firstApart(a, b))
		}
	}
	if _, f := s.step(t, generation+3, false); f["entries_changed"] != 0 || f["entries_opened"] != 0 || f["pairs_compared"] != 0 || f["persons_across"] == 0 {
		t.Errorf("a run without news: %v", f)
	}
	s.thousandDecisions(t, raws, r, generation+4)
	s.nothingClear(t, []string{raws[0].Name, raws[1].Name})
}

// unchanged demands that persons whose entries did not change keep their ids.
func unchanged(t *testing.T, before, now map[string]string) {
	t.Helper()
	members := func(all map[string]string) map[string]string {
		out := map[string]string{}
		for _, entry := range slices.Sorted(maps.Keys(all)) {
			out[all[entry]] += entry + " "
		}
		return out
	}
	is := map[string]string{}
	for person, some := range members(now) {
		is[some] = person
	}
	for person, some := range members(before) {
		if now, same := is[some]; same && now != person {
			t.Errorf("person %s with the entries %s is %s now", person, some, now)
		}
	}
}

func firstApart(a, b []string) string {
	for _, line := range a {
		if !slices.Contains(b, line) {
			return "only built: " + line
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			return "only over all: " + line
		}
	}
	return "counts"
}

// thousandDecisions decides at random and against all evidence, in a way that does
// not contradict itself, and demands that every decision holds: in a run that builds
// on the last, in one over all entries, and after records came in once more.
func (s *store) thousandDecisions(t *testing.T, raws []record.Raw, r *rand.Rand, generation uint32) {
	t.Helper()
	ctx := context.Background()
	entry := func(i int) string { return "p1|police_investigation|" + raws[i].Own + "|1" }
	batch, err := s.PrepareBatch(ctx, "INSERT INTO link_decision (entry_a, entry_b, same, person, at, reason, evidence, until, revision_a, revision_b, seconded_by)")
	if err != nil {
		t.Fatal(err)
	}
	defer batch.Close()
	order := r.Perm(len(raws))
	seen, decided := map[[2]string]bool{}, map[[2]string]bool{}
	for n := 0; n < 1000; {
		i, k := r.IntN(len(order)), r.IntN(len(order))
		same := n < 40
		if same { // forty pairs are one person each
			i, k = 2*n, 2*n+1
		}
		pair := [2]string{min(entry(order[i]), entry(order[k])), max(entry(order[i]), entry(order[k]))}
		if i == k || seen[pair] || !same && i/2 == k/2 {
			continue
		}
		seen[pair], decided[pair] = true, same
		n++
		if err := batch.Append(pair[0], pair[1], number(same), "li", time.Date(2025, 6, 1, 0, 0, n, 0, time.UTC), "seen", "letter", time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), uint64(9), uint64(9), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	hold := func(when string, whole bool) {
		generation++
		now, f := s.step(t, generation, whole)
		broken := 0
		for pair, same := range decided {
			if (now[pair[0]] == now[pair[1]]) != same {
				broken++
			}
		}
		if broken > 0 || f["disputed_decisions"] > 0 {
			t.Errorf("%s %d of %d decisions do not hold, %d are disputed", when, broken, len(decided), f["disputed_decisions"])
		}
	}
	hold("in the next run", false)
	hold("in a run over all entries", true)
	s.revision = 2
	s.send(t, raws[:20])
	s.revision = 0
	hold("after records came in again", false)
}
