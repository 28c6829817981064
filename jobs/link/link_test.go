package link

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// chainOfThree puts police, arrest review, prosecution review and trial of one case.
func chainOfThree(t *testing.T, s *store) {
	s.put(t, "case", map[string]string{
		"organ": "p1", "docket_kind": "police_investigation", "docket_number": "A1", "opened_on": "2024-05-01",
		"arrest_requested_on": "2024-05-04", "arrest_request_document_number": "REQ1", "transferred_on": "2024-06-01", "transfer_document_number": "TR1",
	})
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "arrest_review", "docket_number": "B1", "opened_on": "2024-05-04", "referred_from_organ": "p1", "referred_document_number": "REQ1"})
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "prosecution_review", "docket_number": "C1", "opened_on": "2024-06-01", "referred_from_organ": "p1", "referred_document_number": "TR1"})
	s.put(t, "prosecution_decision", map[string]string{"organ": "j1", "docket_number": "C1", "person_no": "1", "decision_document_number": "QS1", "decided_on": "2024-06-20"})
	s.put(t, "prosecution_decision", map[string]string{"organ": "j1", "docket_number": "C1", "person_no": "2", "decision_document_number": "QS1", "decided_on": "2024-06-20"})
	s.put(t, "case", map[string]string{"organ": "k1", "docket_kind": "trial_first", "docket_number": "D1", "referred_from_organ": "j1", "referred_document_number": "QS1"})
}

func person(organ, kind, number, no, name, resident string) map[string]string {
	out := map[string]string{"organ": organ, "docket_kind": kind, "docket_number": number, "person_no": no, "role": "suspect"}
	if name != "" {
		out["name"] = name
	}
	if resident != "" {
		out["resident_id"] = resident
	}
	return out
}

func TestRunLinksByExactNumbers(t *testing.T) {
	s := newStore(t)
	chainOfThree(t, s)
	// quotes a number nobody issued
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "arrest_review", "docket_number": "B2", "referred_from_organ": "p1", "referred_document_number": "NONE"})
	// quotes a number that two dockets of the organ issued
	for _, n := range []string{"A2", "A3"} {
		s.put(t, "case", map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": n, "transfer_document_number": "TWICE"})
	}
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "prosecution_review", "docket_number": "C2", "referred_from_organ": "p1", "referred_document_number": "TWICE"})
	// the right number of another organ
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "prosecution_review", "docket_number": "C3", "referred_from_organ": "p9", "referred_document_number": "TR1"})
	// quotes the docket's own number
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "arrest_review", "docket_number": "B4", "referred_from_organ": "p1", "referred_document_number": "A3"})
	// no reference: an origin begins a chain, another kind is unlinked
	s.put(t, "case", map[string]string{"organ": "k1", "docket_kind": "trial_first", "docket_number": "D9"})
	// known only from its document
	s.put(t, "supervision_document", map[string]string{"organ": "j1", "document_number": "JY1", "document_kind": "recommendation", "issued_on": "2024-07-01"})
	job, err := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue})
	if err != nil {
		t.Fatal(err)
	}
	report, err := job.Run(context.Background(), s.run(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	got := s.lines(t, "SELECT toString(link_state), docket, toString(linked_by) FROM link_docket ORDER BY docket", 3)
	want := []string{
		"linked j1|arrest_review|B1 case.arrest_request_document_number",
		"unlinked j1|arrest_review|B2 ",
		"linked j1|arrest_review|B4 docket_number",
		"linked j1|prosecution_review|C1 case.transfer_document_number",
		"unlinked j1|prosecution_review|C2 ",
		"unlinked j1|prosecution_review|C3 ",
		"root j1|supervision|JY1 ",
		"linked k1|trial_first|D1 prosecution_decision.decision_document_number",
		"unlinked k1|trial_first|D9 ",
		"root p1|police_investigation|A1 ",
		"root p1|police_investigation|A2 ",
		"root p1|police_investigation|A3 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("dockets\n%q\nwant\n%q", got, want)
	}
	chain := s.lines(t, "SELECT arrayStringConcat(arraySort(groupArray(docket)), ' ') FROM link_docket GROUP BY chain HAVING count() > 1 ORDER BY 1", 1)
	if want := []string{
		"j1|arrest_review|B1 j1|prosecution_review|C1 k1|trial_first|D1 p1|police_investigation|A1",
		"j1|arrest_review|B4 p1|police_investigation|A3",
	}; !slices.Equal(chain, want) {
		t.Errorf("chains %q, want %q", chain, want)
	}
	hops := s.lines(t, "SELECT toString(hop), docket, toString(status), toString(how), follower, ifNull(toString(delay), '') FROM link_hop ORDER BY hop, docket", 6)
	if want := []string{ // two hops are no model: what did not follow is undecided
		"arrest_request p1|police_investigation|A1 linked number j1|arrest_review|B1 0",
		"indictment j1|prosecution_review|C1 none_due   ",
		"transfer p1|police_investigation|A1 linked number j1|prosecution_review|C1 0",
	}; !slices.Equal(hops, want) {
		t.Errorf("hops\n%q\nwant\n%q", hops, want)
	}
	f := report.Figures
	if f["dockets"] != 12 || f["chains"] != 8 || f["linked"] != 4 || f["unlinked"] != 4 || f["root"] != 4 || report.Units != 12 || len(report.Notes) != 1 {
		t.Errorf("report %+v", report)
	}
}

func TestRunMatchesPersonsInsideAChain(t *testing.T) {
	s := newStore(t)
	chainOfThree(t, s)
	for _, p := range []map[string]string{
		person("p1", "police_investigation", "A1", "1", "zhang", "id1"),
		person("p1", "police_investigation", "A1", "2", "li", ""),
		person("p1", "police_investigation", "A1", "3", "wang", ""),
		person("p1", "police_investigation", "A1", "4", "wang", ""), // two of one name: names say nothing
		person("j1", "arrest_review", "B1", "1", "chang", "id1"),    // other name, same number
		person("j1", "arrest_review", "B1", "2", "li", ""),
		person("j1", "arrest_review", "B1", "3", "wang", ""),
		person("j1", "prosecution_review", "C1", "1", "chang", ""), // meets id1 by way of the name
		person("j1", "prosecution_review", "C1", "9", "", ""),
		person("p7", "police_investigation", "Z1", "1", "zhang", "id1"), // other chain
	} {
		s.put(t, "person_in_case", p)
	}
	s.put(t, "coercive_measure", map[string]string{"organ": "p1", "measure_number": "M1", "docket_kind": "police_investigation", "docket_number": "A1", "person_no": "1", "measure": "detention", "executed_at": "2024-05-01 21:30:00"})
	s.put(t, "coercive_measure", map[string]string{"organ": "p1", "measure_number": "M2", "docket_kind": "police_investigation", "docket_number": "A1", "person_no": "88", "measure": "detention", "executed_at": "2024-05-02 21:30:00"})
	job, _ := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue})
	report, err := job.Run(context.Background(), s.run(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	got := s.lines(t, "SELECT arrayStringConcat(arraySort(groupArray(person_entry)), ' ') FROM link_person GROUP BY chain_person ORDER BY 1", 1)
	want := []string{
		"j1|arrest_review|B1|1 j1|prosecution_review|C1|1 p1|police_investigation|A1|1",
		"j1|arrest_review|B1|2 p1|police_investigation|A1|2",
		"j1|arrest_review|B1|3",
		"j1|prosecution_review|C1|2", // known from a decision only
		"j1|prosecution_review|C1|9",
		"p1|police_investigation|A1|3",
		"p1|police_investigation|A1|4",
		"p1|police_investigation|A1|88", // known from a measure only
		"p7|police_investigation|Z1|1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("persons\n%q\nwant\n%q", got, want)
	}
	if report.Figures["persons"] != 9 {
		t.Errorf("%d persons", report.Figures["persons"])
	}
	how := s.lines(t, "SELECT toString(matched_by), toString(count()) FROM link_person GROUP BY matched_by ORDER BY matched_by", 2)
	if want := []string{"name 3", "own 7", "resident_id 2"}; !slices.Equal(how, want) {
		t.Errorf("matched by %q, want %q", how, want)
	}
	events := s.lines(t, `SELECT toString(event), p.person_entry, e.docket FROM case_event AS e INNER JOIN link_person AS p ON p.chain_person = e.chain_person AND p.person_entry = e.person_entry
WHERE event = 'detention.executed' ORDER BY e.record_key`, 3)
	if want := []string{"detention.executed p1|police_investigation|A1|1 p1|police_investigation|A1", "detention.executed p1|police_investigation|A1|88 p1|police_investigation|A1"}; !slices.Equal(events, want) {
		t.Errorf("events %q", events)
	}
	if n := s.lines(t, "SELECT toString(count()) FROM case_event WHERE event = 'arrest.requested' AND chain_person = '' AND attributes['arrest_request_document_number'] = 'REQ1'", 1); n[0] != "1" {
		t.Errorf("%s arrest requests with attribute", n)
	}
}

func TestRunIsDeterministicAndReadsItsKnown(t *testing.T) {
	s := newStore(t)
	s.put(t, "case", map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": "A1", "transfer_document_number": "TR1"})
	early := s.run(t, 1)
	s.put(t, "case", map[string]string{"organ": "j1", "docket_kind": "prosecution_review", "docket_number": "C1", "referred_from_organ": "p1", "referred_document_number": "TR1"})
	job, _ := New(Config{BatchRows: 1}, Deps{DB: s.DB, Catalogue: s.catalogue})
	for _, r := range []uint32{2, 3} {
		if _, err := job.Run(context.Background(), s.run(t, r)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := job.Run(context.Background(), early); err != nil {
		t.Fatal(err)
	}
	of := func(run string) []string {
		return s.lines(t, "SELECT docket, chain, toString(link_state) FROM link_docket WHERE run_id = '"+run+"' ORDER BY docket", 3)
	}
	if a, b := of("run-2"), of("run-3"); len(a) != 2 || !slices.Equal(a, b) {
		t.Errorf("two runs differ: %q and %q", a, b)
	}
	if first := of("run-1"); len(first) != 1 {
		t.Errorf("the early run knows %q", first)
	}
}

func TestChainsOfAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		dockets := make([]docket, n)
		for i := range dockets {
			dockets[i].key = string(rune('A'+i/10)) + string(rune('0'+i%10))
		}
		joined := make([][]bool, n) // reachability by repeated squaring, an independent way
		for i := range joined {
			joined[i] = make([]bool, n)
			joined[i][i] = true
		}
		for i := range dockets {
			if p := rapid.IntRange(-1, n-1).Draw(t, "parent"); p >= 0 && p != i {
				dockets[i].parent = dockets[p].key
				joined[i][p], joined[p][i] = true, true
			}
		}
		for range 6 {
			for i := range n {
				for k := range n {
					for j := range n {
						joined[i][j] = joined[i][j] || joined[i][k] && joined[k][j]
					}
				}
			}
		}
		chains := chainsOf(dockets)
		for i := range n {
			for j := range n {
				if (chains[i] == chains[j]) != joined[i][j] {
					t.Fatalf("dockets %d and %d: chains %s %s, joined %v", i, j, chains[i], chains[j], joined[i][j])
				}
			}
		}
	})
}

func TestNewRefusesBadConfig(t *testing.T) {
	if _, err := New(Config{}, Deps{}); err == nil {
		t.Error("a batch of no rows was accepted")
	}
	if _, err := New(DefaultConfig(), Deps{}); err == nil {
		t.Error("a job without database was accepted")
	}
}
