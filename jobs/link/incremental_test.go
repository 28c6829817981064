package link

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"hengjian/warehouse"
)

// touch puts a record and marks it touched, as derive does.
func (s *store) touch(t *testing.T, record string, fields map[string]string) {
	t.Helper()
	s.put(t, record, fields)
	if err := s.Exec(context.Background(), fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key) SELECT '%s', '%s', offset, key FROM `%s_history` WHERE offset = %d", record, stream, record, s.offset)); err != nil {
		t.Fatal(err)
	}
}

// linked makes a run of linkage and commits it.
func (s *store) linked(t *testing.T, generation uint32, definitions string) warehouse.Run {
	t.Helper()
	r := s.run(t, generation)
	r.Definitions, r.Code = definitions, "code"
	job, err := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('%s', %d, '2026-01-01', '" + definitions + "', 'code', now(), '')",
		"INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('link', '%s', %d, '2026-01-01', now64(3))",
	} {
		if err := s.Exec(context.Background(), fmt.Sprintf(sql, r.ID, generation)); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// TestEventsOfUnchangedChainsAreCarriedOver makes a run, lets records arrive that
// join two chains and add a person, and demands of the next run the events of a
// run that derives all anew, except for a mark in a chain that nothing touched.
func TestEventsOfUnchangedChainsAreCarriedOver(t *testing.T) {
	s := newStore(t)
	police := func(number, transfer string) map[string]string {
		return map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": number, "opened_on": "2024-05-01", "transferred_on": "2024-06-01", "transfer_document_number": transfer}
	}
	review := func(number, cites string) map[string]string {
		return map[string]string{"organ": "j1", "docket_kind": "prosecution_review", "docket_number": number, "opened_on": "2024-06-02", "referred_from_organ": "p1", "referred_document_number": cites}
	}
	s.touch(t, "case", police("A1", "TR1"))
	s.touch(t, "case", review("C1", "TR1"))
	s.touch(t, "case", review("C2", "TR2")) // waits for what it cites
	s.touch(t, "case", police("A9", "TR9"))
	s.touch(t, "person_in_case", person("p1", "police_investigation", "A1", "2", "li", ""))
	s.touch(t, "coercive_measure", map[string]string{"organ": "p1", "measure_number": "M1", "docket_kind": "police_investigation", "docket_number": "A1", "person_no": "2", "measure": "detention", "executed_at": "2024-05-01 21:30:00"})
	s.linked(t, 1, "same")
	if err := s.Exec(context.Background(), "INSERT INTO case_event (run_id, generation, chain, docket, event, record_type, record_key, at) SELECT 'run-1', 1, chain, docket, 'mark', 'case', 'mark', '2024-01-01 00:00:00' FROM link_docket WHERE docket LIKE '%A9'"); err != nil {
		t.Fatal(err)
	}
	s.touch(t, "case", police("A2", "TR2")) // joins C2 to itself
	s.touch(t, "person_in_case", person("p1", "police_investigation", "A1", "1", "wang", ""))
	s.touch(t, "case", review("C9", "none"))
	s.linked(t, 2, "same")
	s.linked(t, 3, "other") // builds on nothing
	of := func(run, where string) []string {
		return s.lines(t, "SELECT chain, chain_person, docket, person_entry, toString(event), toString(at), record_key, toString(attributes) FROM case_event_of(run = '"+run+"') WHERE "+where+" ORDER BY ALL", 8)
	}
	got, want := of("run-2", "event != 'mark'"), of("run-3", "1")
	if len(want) < 10 || !slices.Equal(got, want) {
		t.Errorf("built on the first run:\n%q\nall anew:\n%q", got, want)
	}
	if n := of("run-2", "event = 'mark'"); len(n) != 1 {
		t.Errorf("the chain that nothing touched was derived anew: %q", n)
	}
	if changed := s.lines(t, "SELECT toString(count()) FROM link_changed WHERE run_id = 'run-2'", 1); changed[0] != "1" { // whose person is second now; C2 names its chain before and after
		t.Errorf("%s chains changed, want 1", changed[0])
	}
}
