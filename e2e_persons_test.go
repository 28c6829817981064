package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/simulate"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// linkedEntry is a person entry as the jobs linked it, and the human it is about.
type linkedEntry struct{ human, person, chain, chainPerson string }

// linkedEntries joins what linkage found with the simulator's truth.
func linkedEntries(t *testing.T, db *warehouse.DB, data string) []linkedEntry {
	t.Helper()
	all := readTruth(t, data)
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	country, err := simulate.New(simulate.Config{Seed: all.Seed, Cases: all.Cases, Start: day(all.Start), AsOf: day(all.AsOf), Faults: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	human := map[string]string{}
	country.EachEntry(func(e simulate.Entry) { human[e.Organ+"|"+e.Kind+"|"+e.Number+"|"+e.Person] = e.Human })
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := contracts.Type("person_in_case")
	rows, err := db.Query(t.Context(), `SELECT concat(organ_id, '|', toString(docket_kind), '|', docket_number, '|', person_no), i.person_id, l.chain, l.chain_person
FROM (SELECT *, `+entry.PersonEntrySQL()+` AS entry FROM `+entry.CurrentSQL()+`) AS e
INNER JOIN (SELECT person_entry, person_id FROM link_identity WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1)) AS i ON i.person_entry = e.entry
INNER JOIN (SELECT person_entry, chain, chain_person FROM link_person WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1)) AS l ON l.person_entry = e.entry`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []linkedEntry
	for rows.Next() {
		var written string
		var e linkedEntry
		if err := rows.Scan(&written, &e.person, &e.chain, &e.chainPerson); err != nil {
			t.Fatal(err)
		}
		e.human = human[written] // "": of a scenario, about nobody of the chains
		delete(human, written)
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(human) > 0 {
		t.Errorf("%d planned person entries were not linked", len(human))
	}
	return out
}

// pairsWithin counts the pairs of entries of the chains that share a key.
func pairsWithin(all []linkedEntry, key func(linkedEntry) string) int {
	sizes, strange := map[string]int{}, map[string]int{}
	for _, e := range all {
		if e.human == "" {
			strange[key(e)]++ // a pair with one is wrong, one of two is not judged
			continue
		}
		sizes[key(e)]++
	}
	n := 0
	for k, size := range sizes {
		n += size*(size-1)/2 + size*strange[k]
	}
	return n
}

// personsEqualTruth compares the persons found with the humans of the simulator:
// inside a chain exactly, across chains within the errors that clerks made.
func personsEqualTruth(t *testing.T, db *warehouse.DB, data string) {
	t.Helper()
	all := linkedEntries(t, db, data)
	humans := pairsWithin(all, func(e linkedEntry) string { return "h" + e.human })
	persons := pairsWithin(all, func(e linkedEntry) string { return e.person })
	right := pairsWithin(all, func(e linkedEntry) string { return e.person + e.human })
	inside := pairsWithin(all, func(e linkedEntry) string { return e.human + e.chain })
	rightInside := pairsWithin(all, func(e linkedEntry) string { return e.person + e.human + e.chain })
	precision, recall := float64(right)/float64(persons), float64(right)/float64(humans)
	across := float64(right-rightInside) / float64(humans-inside)
	t.Logf("%d entries, %d pairs of one human (%d across chains): precision %.4f, recall %.4f, across chains %.4f", len(all), humans, humans-inside, precision, recall, across)
	if precision < 0.995 || recall < 0.99 || across < 0.97 || humans == inside {
		t.Errorf("linked persons: precision %.4f, recall %.4f, recall across chains %.4f", precision, recall, across)
	}
	of, who := map[string]string{}, map[string]string{}
	wrong := 0
	for _, e := range all {
		if e.human == "" {
			continue
		}
		in := e.chain + " " + e.human
		if p, ok := of[in]; ok && p != e.chainPerson {
			wrong++
		}
		if h, ok := who[e.chainPerson]; ok && h != e.human {
			wrong++
		}
		of[in], who[e.chainPerson] = e.chainPerson, e.human
	}
	if wrong > 0 {
		t.Errorf("inside the chains %d entries have another person than in truth", wrong)
	}
}

// hopsAreFollowed demands that linkage finds what followed the hops that records
// announce: by number, and by person where the number was lost or mistyped.
func hopsAreFollowed(t *testing.T, db *warehouse.DB, all truth) {
	t.Helper()
	found := facts(t, db, `SELECT toString(hop), concat(toString(countIf(status = 'linked') >= 0.96 * countIf(status != 'none_due')), ' ', toString(countIf(how = 'person') > 0))
FROM link_hop WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1) AND hop IN ('arrest_request', 'transfer', 'indictment') GROUP BY hop`)
	same(t, "hops", found, map[string]string{"arrest_request": "1 1", "transfer": "1 1", "indictment": "1 1"})
	proven := facts(t, db, `SELECT 'proven', toString(countIf(status = 'proven')) FROM link_hop WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1) AND hop = 'delivery'`)
	if want := all.Planned["delivery_proven"]; want == 0 || proven["proven"] != strconv.Itoa(want) {
		t.Errorf("%s deliveries are proven to be lost, want %d", proven["proven"], want)
	}
	missing := facts(t, db, `SELECT 'open', toString(countIf(status NOT IN ('linked', 'none_due'))) FROM link_hop WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1) AND hop = 'delivery'`)
	if want := all.Planned["delivery_lost"]; missing["open"] != strconv.Itoa(want) {
		t.Errorf("%s deliveries have no follower, want %d", missing["open"], want)
	}
}

// peopleDecide works on the stopped warehouse as a person at a terminal: looks at
// the queue, decides, is contradicted, asks why, and reads the history of an id.
func peopleDecide(t *testing.T, data string) {
	t.Helper()
	do := func(args ...string) (string, error) {
		var out, told bytes.Buffer
		err := run(t.Context(), append([]string{"--data", data, "link"}, args...), &out, &told)
		return out.String(), err
	}
	must := func(want string, args ...string) string {
		t.Helper()
		out, err := do(args...)
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("link %s: %v\n%s", args[0], err, out)
		}
		return out
	}
	var item struct{ A, B string }
	if err := json.Unmarshal([]byte(must("", "review", "--limit", "1")), &item); err != nil || item.A == "" || item.B == "" {
		t.Fatalf("the queue: %v %+v", err, item)
	}
	decide := []string{"decide", item.A, item.B, "--evidence", "letter 7", "--reason", "seen both files", "--person"}
	must("two persons: standing", append(decide, "li", "--two")...)
	must("one person: disputed", append(decide, "wu", "--same")...)
	if _, err := do(append(decide, "li", "--two")...); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("a party settles the contradiction: %v", err)
	}
	said := struct {
		Persons   map[string]string
		Decisions []struct{ By string }
		Version   string
	}{}
	if err := json.Unmarshal([]byte(must("letter 7", "explain", item.A, item.B)), &said); err != nil || len(said.Persons) != 2 || len(said.Decisions) != 2 || said.Version == "" {
		t.Errorf("why: %v %+v", err, said)
	}
	must(said.Persons[item.A]+" answers now", "history", said.Persons[item.A])
	if _, err := do("explain", item.A, "nobody"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an entry that nobody knows: %v", err)
	}
}
