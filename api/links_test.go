package api

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// linked puts three entries of one person (two in province p1, one in p2), one
// entry refused, and the standard weights.
func linked(t *testing.T) *stand {
	t.Helper()
	s := filled(t)
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	model, err := score.Standard(plan)
	if err != nil {
		t.Fatal(err)
	}
	text, err := model.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	exec := func(sql string, args ...any) {
		t.Helper()
		if err := s.owner.Exec(context.Background(), sql, args...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for i, e := range [][2]string{{"p1", "1"}, {"p1", "2"}, {"p2", "3"}, {"p1", "4"}} {
		exec(fmt.Sprintf("INSERT INTO person_in_case (key, revision, version, organ, organ_id, docket_kind, docket_number, docket_number_norm, person_no, compartment) VALUES ('k%d', 1, 1, '%s', '%s', 'prosecution_review', '%s', '%s', '1', 'general')", i, e[0], e[0], e[1], e[1]))
		person := "p-000000000000000000000001"
		if e[1] == "4" {
			person = "p-000000000000000000000002"
		}
		exec(fmt.Sprintf("INSERT INTO link_identity (run_id, generation, person_entry, docket, person_id, band, weakest, suspect) VALUES ('r1', 2, '%s', '', '%s', 'doubtful', 5.5, 0)", entryName(e[0], e[1]), person))
	}
	edge := "INSERT INTO link_edge VALUES ('r1', 2, '%s', '%s', %g, 17, %d, '%s')"
	exec(fmt.Sprintf(edge, entryName("p1", "1"), entryName("p2", "3"), 21.5, 1, ""))
	exec(fmt.Sprintf(edge, entryName("p1", "2"), entryName("p2", "3"), 5.5, 1, ""))
	exec(fmt.Sprintf(edge, entryName("p1", "1"), entryName("p1", "4"), 9.0, 0, "numbers"))
	exec("INSERT INTO link_model SELECT 'r1', 2, 'v', 'h', 'l', {text:String}", warehouse.Param("text", string(text)))
	return s
}

func entryName(organ, number string) string { return organ + "|prosecution_review|" + number + "|1" }

func explainPath(a, b string) string {
	return "/api/v1/links/explain?a=" + url.QueryEscape(a) + "&b=" + url.QueryEscape(b)
}

func TestExplainLink(t *testing.T) {
	s := linked(t)
	analyst := s.signedIn(t, "analyst") // of province p1 alone
	var got linkAnswer
	analyst.get(explainPath(entryName("p1", "1"), entryName("p1", "2")), &got)
	if !got.Same || len(got.Path) != 2 || !got.A.Check || got.Path[0].A != entryName("p1", "1") || got.Path[0].B != beyond {
		t.Fatalf("%+v", got)
	}
	for _, p := range got.Path {
		sum := p.Prior + p.Frequency
		for _, f := range p.Fields {
			sum += f.Weight
		}
		if math.Abs(sum-p.Weight) > 1e-6 || p.Probability != nil {
			t.Errorf("parts sum to %.3f of %.3f", sum, p.Weight)
		}
	}
	var other linkAnswer
	analyst.get(explainPath(entryName("p1", "1"), entryName("p1", "4")), &other)
	if other.Same || len(other.Path) != 0 || len(other.Refused) != 1 || other.Refused[0].Refused == nil || *other.Refused[0].Refused != "numbers" {
		t.Errorf("%+v", other)
	}
	for path, want := range map[string]int{
		explainPath(entryName("p1", "1"), entryName("p2", "3")): 404, // outside the scope
		explainPath(entryName("p1", "1"), "nobody"):             404,
		"/api/v1/links/explain?a=x":                             400,
	} {
		if status, answer := analyst.do("GET", path, ""); status != want {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}
