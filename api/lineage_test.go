package api

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hengjian/api/audit"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// put runs statements of a test.
func (s *stand) put(t *testing.T, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := s.owner.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
}

// arrests inserts decisions of June 2025 by organ as a revision of their records.
func (s *stand) arrests(t *testing.T, from, revision int, rows ...string) {
	t.Helper()
	for _, into := range []string{"arrest_review_history (key, revision, fate, stream, offset, business_on, organ_id, accepted_on, decided_on, decision)", "arrest_review (key, revision, fate, stream, offset, business_on, organ_id, accepted_on, decided_on, decision)"} {
		var values []string
		for i, r := range rows {
			organ, decision, _ := strings.Cut(r, " ")
			values = append(values, fmt.Sprintf("('k%d', %d, 'applied', 's', %d, '2025-06-10', '%s', '2025-06-03', '2025-06-10', '%s')", from+i, revision, from+i+1000*revision, organ, decision))
		}
		s.put(t, "INSERT INTO "+into+" VALUES "+strings.Join(values, ", "))
	}
}

// run computes the catalogue and commits it.
func (s *stand) run(t *testing.T, id string, known int) {
	t.Helper()
	s.put(t, fmt.Sprintf("INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('%s', 1, '2025-06-30', 'd', 'v1', now64(3), '')", id),
		fmt.Sprintf("INSERT INTO run_input (run_id, stream, offset) VALUES ('%s', 's', %d)", id, known))
	c := indicator.DefaultConfig()
	c.Full = true
	job, err := indicator.New(c, indicator.Deps{DB: s.owner, Contracts: s.Server.deps.Contracts, Catalogue: s.Server.deps.Indicators})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.Run(t.Context(), warehouse.Run{ID: id, Generation: 1, AsOf: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC), Definitions: "d"}); err != nil {
		t.Fatal(err)
	}
	s.put(t, fmt.Sprintf("INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', '%s', 1, '2025-06-30', now64(3))", id))
}

// TestANumberSaysWhatItRestsOn computes two runs over real records, freezes what
// the first gave, states it again after a correction, and asks over HTTP for
// definition, vintage, run and input digests; one number is the same from the
// values, the first page, ad hoc SQL and its export.
func TestANumberSaysWhatItRestsOn(t *testing.T) {
	s := bare(t)
	s.put(t, "INSERT INTO warehouse_birth VALUES ('simulated', '2025-01-01 00:00:00', 1)", `INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES
('n1', 'n1', '100000', '最高人民检察院', 'procuratorate', 'national', 'regular', '100000', 1, '2000-01-01', ''), ('p1', 'p1', '110000', '甲省人民检察院', 'procuratorate', 'provincial', 'regular', '110000', 2, '2000-01-01', '100000'),
('c1', 'c1', '110100', '甲省一分院', 'procuratorate', 'prefectural', 'regular', '110100', 3, '2000-01-01', '110000'), ('p2', 'p2', '130000', '乙省人民检察院', 'procuratorate', 'provincial', 'regular', '130000', 4, '2000-01-01', '100000')`)
	figure := "('%[1]s', 1, 'applied', 's', %[2]d, '2021-10-18', 'spp', '%[1]s', '2021Q1-Q3', '%[1]s', '%[3]s', %[4]s, %[5]s, '%[6]s', true, 'test')"
	s.put(t, "INSERT INTO official_figure_history (key, revision, fate, stream, offset, business_on, edition, measure, period, zh, printed, low, high, unit, confirmed, source) VALUES "+
		fmt.Sprintf(figure, "prosecuted", 1, "1,273,051", "1273051", "1273051", "person")+", "+fmt.Sprintf(figure, "not_prosecuted", 2, "229,815", "229815", "229815", "person")+", "+fmt.Sprintf(figure, "non_prosecution_rate", 3, "15.3%", "15.25", "15.35", "percent"))
	s.arrests(t, 10, 1, "c1 not_approved", "c1 approved", "c1 approved", "p1 approved", "p2 not_approved", "p9 approved")
	s.run(t, "run-1", 1100)
	keeper := indicator.NewKeeper(s.owner, func() time.Time { return time.Date(2025, 7, 10, 0, 0, 0, 0, time.UTC) })
	june := indicator.Period{Kind: "month", Period: "2025-06"}
	if n, err := keeper.Freeze(t.Context(), june); err != nil || n == 0 {
		t.Fatalf("%d frozen: %v", n, err)
	}
	s.arrests(t, 11, 2, "c1 not_approved")
	s.run(t, "run-2", 9000)
	if n, err := keeper.Restate(t.Context(), june, "更正决定类型", "批准人"); err != nil || n == 0 {
		t.Fatalf("%d stated again: %v", n, err)
	}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	leader, analyst := s.signedIn(t, "leader"), s.signedIn(t, "analyst")
	s.traced(t, leader, analyst)
	s.fourWays(t, analyst)
	if n, err := audit.Verify(t.Context(), s.owner); err != nil || n == 0 {
		t.Errorf("the audit of %d entries: %v", n, err)
	}
}

// traced asks for lineage, restatements and the nation.
func (s *stand) traced(t *testing.T, leader, analyst *visitor) {
	t.Helper()
	var lines []lineage
	analyst.get("/api/v1/indicators/AR02b/lineage?organ=p1&period_kind=month&period=2025-06", &lines)
	got := map[string]string{}
	for _, l := range lines {
		got[l.Vintage] = l.Value + " " + l.Run + " " + l.Code + " " + l.Reason
		if len(l.Definition) != 64 || len(l.Inputs) != 64 || l.Edition == "" || l.Parts != 1 || l.Definitions != "d" || l.AsOf != "2025-06-30" {
			t.Errorf("the lineage has gaps: %+v", l)
		}
	}
	if len(lines) != 3 || got["live"] != "2 / 4 run-2 v1 " || got["published"] != "1 / 4 run-1 v1 " || got["restated"] != "2 / 4 run-2 v1 更正决定类型" || lines[0].Vintage != "live" || lines[1].Inputs == lines[2].Inputs {
		t.Errorf("vintages: %v", got)
	}
	leader.get("/api/v1/indicators/PR02/lineage?organ=n1&period_kind=ytd&period=2021-09", &lines)
	if len(lines) != 1 || lines[0].Vintage != "external" || lines[0].Value != "229815 / 1502866" {
		t.Errorf("a published figure: %+v", lines)
	}
	for path, want := range map[string]string{
		"/api/v1/indicators/AR02b/lineage?organ=p2&period_kind=month&period=2025-06": "not_found",
		"/api/v1/indicators/XX99/lineage?organ=p1&period_kind=month&period=2025-06":  "not_found",
		"/api/v1/indicators/AR02b/lineage?organ=p1":                                  "invalid",
	} {
		if status, body := analyst.do("GET", path, ""); code(body) != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	var again []restatement
	analyst.get("/api/v1/indicators/AR02b/restatements", &again)
	seen := map[string]bool{}
	for _, r := range again {
		seen[r.Organ.ID] = true
		if r.Reason != "更正决定类型" || r.Person != "批准人" || r.WasRun != "run-1" || r.NowRun != "run-2" || r.Was == r.Now {
			t.Errorf("a restatement: %+v", r)
		}
	}
	if !seen["p1"] || !seen["c1"] || seen["n1"] || seen["p2"] {
		t.Errorf("restatements of %v", seen)
	}
	var n nation
	leader.get("/api/v1/indicators/AR02b/nation?period_kind=month&period=2025-06", &n)
	if n.Figure.Num != "3" || *n.Figure.Den != "5" || n.Sum != "3" || n.Remainder != "0" || n.RestDen != "1" || n.Rest != 1 || n.Organs != 3 {
		t.Errorf("the nation with what p9 holds beside it: %+v", n)
	}
	if _, body := analyst.do("GET", "/api/v1/indicators/AR02b/nation?period_kind=month&period=2025-06", ""); code(body) != "not_found" {
		t.Errorf("an analyst of a province sees the nation: %s", body)
	}
}

// fourWays reads one number by values, first page, ad hoc SQL and export.
func (s *stand) fourWays(t *testing.T, analyst *visitor) {
	t.Helper()
	ways := map[string]string{}
	var values []valueView
	analyst.get("/api/v1/indicators/AR02b/values?organ=p1&period_kind=month&period=2025-06", &values)
	for _, v := range values {
		ways["values"] += v.Figure.Num + "/" + *v.Figure.Den + " " + fmt.Sprint(v.Figure.Undetermined)
		if v.PeriodName.ZH != "2025年6月" || v.Before != "2024-06" || len(v.Edition) != 16 {
			t.Errorf("the period and edition of a value: %+v", v)
		}
	}
	var o overview
	analyst.get("/api/v1/overview?organ=p1", &o)
	for _, h := range o.Headlines {
		if h.Indicator.ID == "AR02b" {
			ways["first page"] = h.Figure.Num + "/" + *h.Figure.Den + " " + fmt.Sprint(h.Figure.Undetermined)
		}
	}
	const sql = "SELECT num, den, undetermined FROM indicator_value WHERE indicator = 'AR02b' AND organ_id = 'p1' AND period_kind = 'month' AND period = '2025-06' AND coverage = 'closure' AND dim = '' LIMIT 1"
	status, body := analyst.do("POST", "/api/v1/queries", `{"sql":"`+sql+`","purpose":"核对"}`)
	var result envelope[queryResult]
	if err := json.Unmarshal([]byte(body), &result); err != nil || status != 200 || len(result.Data.Rows) != 1 {
		t.Fatalf("ad hoc: %d %s (%v)", status, body, err)
	}
	row := result.Data.Rows[0]
	ways["ad hoc"] = *row[0] + "/" + *row[1] + " " + *row[2]
	_, text := analyst.do("GET", "/api/v1/queries/"+result.Data.Query.ID+"/csv", "")
	file := csv.NewReader(strings.NewReader(text))
	file.FieldsPerRecord = -1
	lines, err := file.ReadAll()
	if err != nil || len(lines) == 0 || len(lines[len(lines)-1]) != 3 {
		t.Fatalf("export: %q (%v)", text, err)
	}
	last := lines[len(lines)-1]
	ways["export"] = last[0] + "/" + last[1] + " " + last[2]
	asked, err := s.values.Ask(t.Context(), access.Job("test"), indicator.Question{Indicators: []string{"AR02b"}, Organs: []string{"p1"}, PeriodKind: "month", Period: "2025-06", Coverage: "closure"})
	if err != nil || len(asked) != 1 {
		t.Fatalf("asked: %+v (%v)", asked, err)
	}
	ways["question"] = asked[0].Num + "/" + *asked[0].Den + " " + fmt.Sprint(asked[0].Undetermined)
	for way, got := range ways {
		if got != "2/4 0" {
			t.Errorf("%s: %s, want 2/4 0", way, got)
		}
	}
	if len(ways) != 5 {
		t.Errorf("ways: %v", ways)
	}
}
