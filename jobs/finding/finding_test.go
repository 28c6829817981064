package finding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// TestNextFollowsTheStatus walks a table of acts; each line is one finding.
func TestNextFollowsTheStatus(t *testing.T) {
	full := Act{Person: "lan", Note: "n", Reason: "lawful_exception", DocumentKind: "correction_notice", DocumentNo: "A1", Evidence: "record"}
	for name, x := range map[string]struct {
		acts string
		want string // status of each act, or the code of the error
	}{
		"whole life":                  {"taken document_issued replied rectified closed", "under_review document_issued replied rectified closed"},
		"dismissed at once, reopened": {"dismissed reopened dismissed", "dismissed under_review dismissed"},
		"nothing is skipped":          {"document_issued", "conflict"},
		"a tick does not close":       {"taken document_issued closed", "under_review document_issued conflict"},
		"no end twice":                {"dismissed dismissed", "dismissed conflict"},
		"a note keeps the status":     {"noted taken noted", "new under_review under_review"},
		"nothing to keep":             {"taken document_issued basis_kept", "under_review document_issued conflict"},
		"unknown act":                 {"waved_away", "invalid"},
	} {
		var before Event
		var got []string
		for _, kind := range strings.Fields(x.acts) {
			a := full
			a.Kind, a.After = kind, before.Sequence
			e, err := next(before, a, time.Unix(1_700_000_000, 0))
			if err != nil {
				got = append(got, strings.ToLower(string(warehouse.CodeOf(err))))
				break
			}
			got = append(got, e.Status)
			before = e
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	for kind, ask := range map[string]string{Dismiss: "reason", Reply: "evidence", IssueDocument: "document_kind"} {
		status := map[string]string{Dismiss: Fresh, Reply: DocumentIssued, IssueDocument: UnderReview}[kind]
		_, err := next(Event{Status: status}, Act{Kind: kind, Note: "n"}, time.Time{})
		if warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(err.Error(), ask) {
			t.Errorf("%s without %s: %v", kind, ask, err)
		}
	}
	if _, err := next(Event{Sequence: 3, Status: Fresh}, Act{Kind: Take, After: 2}, time.Time{}); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("an act on an old picture: %v", err)
	}
}

// stand is a database with findings of two runs.
type stand struct {
	*warehouse.DB
	store *Store
	job   *Job
	clock time.Time
}

func newStand(t *testing.T) *stand {
	t.Helper()
	e := enginetest.Start(t)
	base := e.Database(t)
	s := &stand{DB: warehouse.Wrap(e.Conn(t, base), base), clock: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}
	if err := migrations.Apply(context.Background(), s.DB); err != nil {
		t.Fatal(err)
	}
	catalogue, err := contract.Load("")
	if err != nil || len(catalogue.Types()) == 0 {
		t.Fatal(err)
	}
	now := func() time.Time { s.clock = s.clock.Add(time.Second); return s.clock }
	s.store = NewStore(s.DB, now)
	if s.job, err = New(Deps{DB: s.DB, Now: now}); err != nil {
		t.Fatal(err)
	}
	return s
}

// run writes verdicts "finding=outcome" under a run, lets the job see it, and commits.
func (s *stand) run(t *testing.T, generation int, asOf, verdicts string) warehouse.Report {
	t.Helper()
	ctx := context.Background()
	id := fmt.Sprintf("run-%d", generation)
	for _, one := range strings.Fields(verdicts) {
		name, outcome, _ := strings.Cut(one, "=")
		s.exec(t, fmt.Sprintf("INSERT INTO verdict (run_id, generation, finding_id, rule, outcome, organ_id, responsible_organ_id, compartment, docket, record_key) VALUES ('%s', %d, '%s', 'R060', '%s', 'j1', 'p1', 'general', 'd', '%s')", id, generation, name, outcome, name))
	}
	day, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		t.Fatal(err)
	}
	r := warehouse.Run{ID: id, Generation: uint32(generation), AsOf: day}
	report, err := s.job.Run(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.job.Run(ctx, r); err != nil || again.Rows != 0 {
		t.Errorf("the job repeated appended %d rows, %v", again.Rows, err)
	}
	s.exec(t, fmt.Sprintf("INSERT INTO run_commit VALUES ('clock', '%s', %d, '%s', toDateTime64(%d, 3))", id, generation, asOf, 1_700_000_000+generation))
	return report
}

func (s *stand) exec(t *testing.T, sql string) {
	t.Helper()
	if err := s.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// act does one act on a finding as it stands.
func (s *stand) act(t *testing.T, finding, kind string) {
	t.Helper()
	past, err := s.store.History(context.Background(), finding)
	if err != nil {
		t.Fatal(err)
	}
	a := Act{Verdict: Verdict{Finding: finding, Rule: "R060", Outcome: "out_of_time", Organ: "j1", Responsible: "p1", Compartment: "general"}, Kind: kind, Person: "lan", Note: "n", Reason: "rule_error", DocumentKind: "correction_notice", DocumentNo: "N" + finding, Evidence: "e", After: uint32(len(past))}
	if _, err := s.store.Do(context.Background(), a); err != nil {
		t.Fatalf("%s %s: %v", finding, kind, err)
	}
}

// told lists the events of a finding as kind/status/attention.
func (s *stand) told(t *testing.T, finding string) string {
	t.Helper()
	past, err := s.store.History(context.Background(), finding)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range past {
		out = append(out, strings.TrimSuffix(e.Kind+"/"+e.Status+"/"+e.Attention, "/"))
	}
	return strings.Join(out, " ")
}

func TestNothingVanishesSilently(t *testing.T) {
	s := newStand(t)
	s.run(t, 1, "2025-06-30", "a=out_of_time b=out_of_time c=apparent_nonconformity d=due_soon e=out_of_time f=out_of_time")
	s.act(t, "b", Take)
	for _, kind := range []string{Take, IssueDocument} {
		s.act(t, "c", kind)
		s.act(t, "f", kind)
	}
	s.act(t, "e", Dismiss)
	report := s.run(t, 2, "2025-07-01", "a=in_time c=conforming d=in_time")
	for finding, want := range map[string]string{
		"a": "withdrawn_by_data/withdrawn_by_data",
		"b": "taken/under_review withdrawn_by_data/withdrawn_by_data",
		"c": "taken/under_review document_issued/document_issued basis_changed/document_issued/basis_changed",
		"d": "", // due soon and then in time is the course of a case
		"e": "dismissed/dismissed",
		"f": "taken/under_review document_issued/document_issued basis_changed/document_issued/basis_changed",
	} {
		if got := s.told(t, finding); got != want {
			t.Errorf("%s: %s, want %s", finding, got, want)
		}
	}
	if f := report.Figures; f["withdrawn"] != 2 || f["basis_changed"] != 2 {
		t.Errorf("figures %v", f)
	}
	s.act(t, "c", KeepBasis)
	s.act(t, "f", Revoke)
	s.run(t, 3, "2025-07-02", "a=out_of_time b=out_of_time")
	for finding, want := range map[string]string{"a": "restored/new", "b": "restored/under_review", "c": "basis_kept/document_issued", "f": "document_revoked/dismissed"} {
		if got := s.told(t, finding); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want …%s", finding, got, want)
		}
	}
	if report := s.run(t, 4, "2025-06-30", ""); report.Figures["withdrawn"] != 0 {
		t.Errorf("a run for an earlier day withdrew %v", report.Figures)
	}
	precision, err := s.store.Precisions(context.Background(), "1 = 1")
	if err != nil || len(precision) != 1 || precision[0].Confirmed != 1 || precision[0].Dismissed["rule_error"] != 1 || precision[0].Dismissed[BasisChanged] != 1 {
		t.Errorf("precision %+v, %v", precision, err)
	}
}

func TestAReplyThatArrivesClosesTheLoop(t *testing.T) {
	s := newStand(t)
	s.run(t, 1, "2025-06-30", "a=out_of_time b=out_of_time")
	for _, finding := range []string{"a", "b"} {
		s.act(t, finding, Take)
		s.act(t, finding, IssueDocument)
	}
	s.exec(t, "INSERT INTO case_event (run_id, generation, organ_id, event, at, record_type, record_key) VALUES ('run-2', 2, 'j1', 'correction_notice.replied', '2025-07-01 00:00:00', 'supervision_document', 'j1|Na')")
	s.run(t, 2, "2025-07-02", "a=out_of_time b=out_of_time")
	past, err := s.store.History(context.Background(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if e := past[len(past)-1]; e.Status != Replied || e.Person != machine || e.Evidence != "supervision_document:j1|Na" || e.On.Format(time.DateOnly) != "2025-07-01" {
		t.Errorf("the reply reads %+v", e)
	}
	if got := s.told(t, "b"); !strings.HasSuffix(got, "document_issued/document_issued") {
		t.Errorf("b: %s", got)
	}
	if !slices.Contains(Possible(Replied, ""), Rectify) {
		t.Error("a reply cannot be followed by its rectification")
	}
}
