package api

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// TestPeopleDecideAboutLinks walks a pair from the queue through a contradiction
// to the second person who settles it, and reads decisions, accuracy and the
// explanation that shows them.
func TestPeopleDecideAboutLinks(t *testing.T) {
	s := linked(t)
	a, b, far := entryName("p1", "1"), entryName("p1", "4"), entryName("p2", "3")
	exec := func(sql string) {
		t.Helper()
		if err := s.owner.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec(fmt.Sprintf("INSERT INTO link_review (run_id, generation, entry_a, entry_b, weight, joined, refused, records, findings, value, blind) VALUES ('r1', 2, '%s', '%s', 9, 0, 'numbers', 1, 2, 3.5, 1)", a, b))
	exec(fmt.Sprintf("INSERT INTO link_review (run_id, generation, entry_a, entry_b, weight, joined, refused, records, findings, value, blind) VALUES ('r1', 2, '%s', '%s', 5, 1, '', 1, 0, 9.5, 0)", a, far))
	exec("INSERT INTO link_weight VALUES ('r1', 2, 9, 0, 40), ('r1', 2, 21, 1, 60)")
	leader, analyst := s.signedIn(t, "leader"), s.signedIn(t, "analyst")
	answer := func(v *visitor, want int, body string) string {
		t.Helper()
		status, got := v.do("POST", "/api/v1/links/decisions", body)
		if status != want {
			t.Fatalf("%s: %d %s, want %d", body, status, got, want)
		}
		return got
	}
	decide := func(a, b string, same bool) string {
		return fmt.Sprintf(`{"a":%q,"b":%q,"same":%v,"reason":"seen the files","evidence":"letter 7"}`, a, b, same)
	}
	var queue []reviewItem
	analyst.get("/api/v1/links/review", &queue)
	if len(queue) != 1 || queue[0].A != a || *queue[0].Refused != "numbers" || !queue[0].Blind || queue[0].Decision != nil {
		t.Fatalf("the queue of one province: %+v", queue)
	}
	answer(analyst, 404, decide(a, far, true)) // outside the scope
	answer(analyst, 400, decide(a, a, true))
	answer(analyst, 400, fmt.Sprintf(`{"a":%q,"b":%q,"same":true,"reason":"","evidence":"x"}`, a, b))
	if got := answer(analyst, 200, decide(b, a, true)); !strings.Contains(got, `"state":"standing"`) {
		t.Errorf("first decision: %s", got)
	}
	leader.get("/api/v1/links/review?limit=9", &queue)
	if len(queue) != 2 || queue[0].A != a || queue[1].Decision != nil || !queue[1].Blind {
		t.Errorf("the queue of the second of a blind pair: %+v", queue)
	}
	if got := answer(leader, 200, decide(a, b, false)); !strings.Contains(got, `"state":"disputed"`) {
		t.Errorf("contradiction: %s", got)
	}
	if got := answer(leader, 409, decide(a, b, true)); !strings.Contains(got, "second person") {
		t.Errorf("a party settled it: %s", got)
	}
	var past []linkDecision
	analyst.get("/api/v1/links/decisions", &past)
	if len(past) != 2 || past[0].State != "disputed" || past[0].Same || past[1].By != "analyst" || past[1].State != "replaced" {
		t.Errorf("decisions %+v", past)
	}
	var why linkAnswer
	analyst.get(explainPath(a, b), &why)
	if len(why.Decisions) != 2 || why.Decisions[1].Evidence != "letter 7" {
		t.Errorf("the explanation shows %+v", why.Decisions)
	}
	var accuracy linkAccuracy
	leader.get("/api/v1/links/accuracy", &accuracy)
	if accuracy.Labels != 1 || accuracy.Twice != 1 || accuracy.Precision != nil || len(accuracy.Bins) != 2 || accuracy.Bins[0].Labels != 1 || accuracy.Bins[0].Share.High < 0.7 {
		t.Errorf("accuracy %+v", accuracy)
	}
	if n := s.count(t, "SELECT count() FROM audit WHERE action = 'link_decide'"); n != 4 {
		t.Errorf("%d audited decisions, want 4 asked", n)
	}
}

// count reads one number.
func (s *stand) count(t *testing.T, sql string) uint64 {
	t.Helper()
	var n uint64
	if err := s.owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFindingsCarryTheWeakestLink shows how firmly the person of a finding is
// held together, and that a doubtful one is to be checked; a finding about nobody
// says nothing.
func TestFindingsCarryTheWeakestLink(t *testing.T) {
	s := filled(t)
	const insert = "INSERT INTO link_person (run_id, generation, person_entry, docket, chain, chain_person, matched_by, band, weakest) VALUES "
	for _, row := range []string{
		"('r1', 2, 'e1', 'd1', 'c-00000000000000a1', 'c-00000000000000a1/1', 'identity', 'firm', 22)",
		"('r1', 2, 'e2', 'd2', 'c-00000000000000a1', 'c-00000000000000a1/1', 'identity', 'doubtful', 5.5)",
		"('r0', 1, 'e2', 'd2', 'c-00000000000000a1', 'c-00000000000000a1/1', 'identity', 'firm', 30)",
	} {
		if err := s.owner.Exec(context.Background(), insert+row); err != nil {
			t.Fatal(err)
		}
	}
	leader := s.signedIn(t, "leader")
	for path, want := range map[string]string{
		"/api/v1/findings?outcome=out_of_time":      `"identity":{"band":"doubtful","weakest":5.5,"check":true}`,
		"/api/v1/findings/aa00000000000001":         `"identity":{"band":"doubtful","weakest":5.5,"check":true}`,
		"/api/v1/findings?rule=R110&state=running":  `"identity":null`,
		"/api/v1/findings/aa00000000000002/history": `"verdicts"`,
	} {
		if status, body := leader.do("GET", path, ""); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", path, status, body, want)
		}
	}
}
