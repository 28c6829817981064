package link

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/ledger"
	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
)

// plainVault opens bytes that were never sealed.
type plainVault struct{}

func (plainVault) Open(_ context.Context, _ string, sealed []byte) ([]byte, error) {
	return sealed, nil
}

func (plainVault) Pseudonym(class string, value []byte) string { return class + string(value) }

// putPerson puts a person entry with its original message.
func (s *store) putPerson(t *testing.T, organ, number, name, resident, birth string) string {
	t.Helper()
	s.put(t, "person_in_case", map[string]string{
		"organ": organ, "docket_kind": "police_investigation", "docket_number": number, "person_no": "1", "role": "suspect",
		"name": fmt.Sprint(xxhash.Sum64String(name)), "resident_id": fmt.Sprint(xxhash.Sum64String(resident)),
	})
	message := fmt.Sprintf(`{"payload": {"name": %q, "resident_id": %q, "birth_date": %q, "sex": "male", "household_region": "110105"}}`, name, resident, birth)
	if err := s.Exec(context.Background(), "INSERT INTO log_person_in_case (stream, offset, sealed, seal_key) VALUES ({stream:String}, {offset:UInt64}, {sealed:String}, 'k')",
		warehouse.Param("stream", stream), warehouse.Param("offset", fmt.Sprint(s.offset)), warehouse.Param("sealed", message)); err != nil {
		t.Fatal(err)
	}
	return organ + "|police_investigation|" + number + "|1"
}

// TestPersonsAcrossDepartments links entries of organs that share no docket,
// keeps ids when a record arrives, merges and splits as people decide, and lets
// every id resolve.
func TestPersonsAcrossDepartments(t *testing.T) {
	s := newStore(t)
	const id, other = "11010519491231002X", "11010519680203007X"
	a := s.putPerson(t, "p1", "A1", "王小明", id, "1949-12-31")
	b := s.putPerson(t, "p2", "B1", "王小明", "110105491231002", "1949-12-31") // the old form, elsewhere
	c := s.putPerson(t, "p3", "C1", "王晓明", "", "1949-12-31")
	d := s.putPerson(t, "p4", "D1", "李四光", other, "1968-02-03")
	job, err := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue, Vault: plainVault{}})
	if err != nil {
		t.Fatal(err)
	}
	generation := uint32(0)
	persons := func() map[string]string {
		generation++
		r := s.run(t, generation)
		r.AsOf, r.Started = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(int64(generation)*1000)
		if _, err := job.Run(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, line := range s.lines(t, "SELECT person_entry, person_id FROM link_identity WHERE run_id = '"+r.ID+"' ORDER BY 1", 2) {
			entry, person, _ := strings.Cut(line, " ")
			out[entry] = person
		}
		return out
	}
	first := persons()
	if len(first) != 4 || first[a] != first[b] || first[a] != first[c] || first[a] == first[d] {
		t.Fatalf("persons %v", first)
	}
	e := s.putPerson(t, "p5", "E1", "王小明", id, "")
	second := persons()
	for entry, person := range first {
		if second[entry] != person {
			t.Errorf("%s was %s and is %s", entry, person, second[entry])
		}
	}
	if second[e] != first[a] {
		t.Errorf("the new record is %s, want %s", second[e], first[a])
	}
	decide := func(x, y string, same int, day int) {
		if err := s.Exec(context.Background(), fmt.Sprintf("INSERT INTO link_decision (entry_a, entry_b, same, person, at, reason, evidence, until, revision_a, revision_b, seconded_by) VALUES ('%s', '%s', %d, 'li', '2026-01-0%d 00:00:00', 'seen the file', 'letter 7', '2200-01-01', 1, 1, '')", x, y, same, day)); err != nil {
			t.Fatal(err)
		}
	}
	decide(c, a, 0, 1)
	decide(c, b, 0, 1)
	decide(c, e, 0, 1)
	third := persons()
	if third[c] == third[a] || third[a] != first[a] || third[b] != first[a] {
		t.Errorf("after the split: %v", third)
	}
	for _, x := range []string{a, b, e} {
		decide(x, c, 1, 2) // she changed her mind
	}
	if fourth := persons(); fourth[c] != first[a] {
		t.Errorf("after the merge: %v", fourth)
	}
	history := s.lines(t, "SELECT toString(kind), old_id, new_id FROM link_person_history WHERE kind IN ('split', 'merged') ORDER BY at", 3)
	if len(history) != 2 || history[0] != "split "+first[a]+" "+third[c] || history[1] != "merged "+third[c]+" "+first[a] {
		t.Errorf("history %q", history)
	}
	past, err := ledger.NewStore(s.DB, s.catalogue, nil).History(context.Background(), third[c])
	if err != nil || past.Now != first[a] || len(past.Changes) != 2 || past.Changes[0].Kind != "split" || past.Changes[1].Kind != "merged" || past.Changes[1].Records != 1 {
		t.Errorf("the history of the split id: %+v %v", past, err)
	}
	if _, err := ledger.NewStore(s.DB, s.catalogue, nil).History(context.Background(), "p-000000000000000000000000"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an id never given: %v", err)
	}
	if n := s.lines(t, "SELECT toString(count()) FROM link_edge WHERE joined = 1 AND run_id = 'run-2'", 1); n[0] != "3" {
		t.Errorf("%s joining edges, want 3 between four records", n)
	}
	s.nothingClear(t, []string{"王小明", "王晓明", id, "19491231", "110105"})
}

// nothingClear looks for clear values and their parts in every text of every
// link table, and lets a reader account try to read those tables.
func (s *store) nothingClear(t *testing.T, values []string) {
	t.Helper()
	reader := enginetest.Start(t).ConnAs(t, "reader_00", "default")
	for _, table := range s.lines(t, "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'link%'", 1) {
		if err := reader.Exec(context.Background(), "SELECT * FROM "+s.Database()+"."+table+" LIMIT 1"); err == nil || !strings.Contains(err.Error(), "Not enough privileges") {
			t.Errorf("a reader account reads %s: %v", table, err)
		}
		found := make([]string, len(values))
		for i, v := range values {
			found[i] = "position(text, '" + v + "') > 0"
		}
		// the parameters of the model are numbers that may look like a date
		from := "(SELECT toString(tuple(COLUMNS('^[^p]|^person'))) AS text FROM " + table + ")"
		if n := s.lines(t, "SELECT toString(countIf("+strings.Join(found, " OR ")+")) FROM "+from, 1); n[0] != "0" {
			t.Errorf("%s holds a clear value in %s rows", table, n[0])
		}
	}
}

// TestLivesKeepPersonsApart joins two entries of one name and number, and holds
// them apart once records say that they were held in two places, or that one died.
func TestLivesKeepPersonsApart(t *testing.T) {
	s := newStore(t)
	const id = "11010519491231002X"
	s.putPerson(t, "p1", "A1", "王小明", id, "1949-12-31")
	s.putPerson(t, "p2", "B1", "王小明", id, "1949-12-31")
	s.putPerson(t, "p3", "C1", "王小明", id, "1949-12-31")
	measure := func(organ, number, from, until, reason string) {
		s.put(t, "coercive_measure", map[string]string{
			"organ": organ, "measure_number": number + "M", "docket_kind": "police_investigation", "docket_number": number, "person_no": "1",
			"measure": "detention", "executed_at": from + " 21:30:00", "ended_on": until, "end_reason": reason,
		})
	}
	measure("p1", "A1", "2024-05-01", "2024-05-20", "released")
	measure("p2", "B1", "2024-06-01", "2024-06-20", "died")
	measure("p3", "C1", "2024-05-10", "2024-05-12", "released")
	job, err := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue, Vault: plainVault{}})
	if err != nil {
		t.Fatal(err)
	}
	r := s.run(t, 1)
	r.AsOf, r.Started = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(1000)
	if _, err := job.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got := s.lines(t, "SELECT entry_a, entry_b, toString(reason) FROM link_edge WHERE joined = 0 ORDER BY ALL", 3); len(got) != 1 || !strings.HasSuffix(got[0], " custody") {
		t.Errorf("refused %q", got)
	}
	if got := s.lines(t, "SELECT toString(uniqExact(person_id)) FROM link_identity", 1); got[0] != "2" {
		t.Errorf("%s persons, want 2: the first and the third were held in two places", got[0])
	}
	s.putPerson(t, "p4", "D1", "王小明", id, "1949-12-31")
	measure("p4", "D1", "2024-08-01", "2024-08-02", "released")
	r = s.run(t, 2)
	r.AsOf, r.Started = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(2000)
	if _, err := job.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got := s.lines(t, "SELECT DISTINCT toString(reason) FROM link_edge WHERE joined = 0 AND run_id = 'run-2' ORDER BY ALL", 1); len(got) != 2 || got[1] != "death" {
		t.Errorf("refused %q", got)
	}
}
