package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hengjian/jobs/indicator"
	"hengjian/jobs/publish"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

// released is a warehouse with one run over a nation of one province, and what
// publishes from it.
func released(t *testing.T, kind string) (*store, *publish.Publisher) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	defs, err := loadDefinitions("")
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(t.Context(), db, defs.contracts); err != nil {
		t.Fatal(err)
	}
	put(t, db, "INSERT INTO warehouse_birth VALUES ('"+kind+"', now64(3), 1)")
	put(t, db, `INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES
('o0', 'o0', '100000', '最高人民检察院', 'procuratorate', 'national', 'regular', '110000', 0, '2000-01-01', ''), ('p1', 'p1', '110000', '北京市人民检察院', 'procuratorate', 'provincial', 'regular', '110000', 1, '2000-01-01', 'o0')`)
	computed(t, db, defs, "run-1", 40)
	st := &store{owner: db, defs: defs}
	p, err := st.publisher()
	if err != nil {
		t.Fatal(err)
	}
	return st, p
}

func put(t *testing.T, db *warehouse.DB, sql string) {
	t.Helper()
	if err := db.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
}

// computed writes a committed run in which every indicator counts num in the
// province's first quarter.
func computed(t *testing.T, db *warehouse.DB, defs definitions, run string, num int) {
	t.Helper()
	var cells, parts []string
	for _, i := range defs.indicators.Indicators() {
		den := "NULL"
		if i.Divided() {
			den = "100"
		}
		cells = append(cells, fmt.Sprintf("('%s', 1, '%s', '', 'p1', '2025-02-01', %d, %s, 100, 7)", run, i.ID, num, den))
		parts = append(parts, fmt.Sprintf("('%[1]s', 1, '%[2]s', '%[1]s', '2025-04-01', 'e', 0, '%[3]s')", run, i.ID, i.Digest()))
	}
	put(t, db, "INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined) VALUES "+strings.Join(cells, ", "))
	put(t, db, "INSERT INTO indicator_part (run_id, generation, indicator, part, as_of, edition, stock, digest) VALUES "+strings.Join(parts, ", "))
	put(t, db, "INSERT INTO indicator_above (edition, organ_id, above) VALUES ('e', 'p1', 'p1'), ('e', 'p1', 'o0')")
	put(t, db, "INSERT INTO run (run_id, generation, as_of, code, definitions) VALUES ('"+run+"', 1, '2025-04-01', 'v1', 'd1')")
	put(t, db, "INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', '"+run+"', 1, '2025-04-01', now64(3))")
}

// TestApprovalFreezesWhatAReleasePrints drafts, approves by another person,
// changes a figure, and asks what a number rests on.
func TestApprovalFreezesWhatAReleasePrints(t *testing.T) {
	st, p := released(t, "real")
	at := time.Date(2025, 4, 3, 9, 0, 0, 0, time.UTC)
	draft, err := p.Draft(t.Context(), access.Job("test"), publish.Request{Template: "quarterly", Period: "2025Q1", Person: "拟稿人", At: at})
	if err != nil {
		t.Fatal(err)
	}
	keeper := indicator.NewKeeper(st.owner, func() time.Time { return at })
	for _, who := range []string{"拟稿人", " 拟稿人 ", " ", ""} {
		if _, _, err := approve(t.Context(), p, keeper, draft.ID, who, at); warehouse.CodeOf(err) != warehouse.Forbidden {
			t.Errorf("%q approves what he drafted: %v", who, err)
		}
	}
	computed(t, st.owner, st.defs, "run-2", 41) // a later run: the release pins its own
	r, frozen, err := approve(t.Context(), p, keeper, draft.ID, "批准人", at.Add(time.Hour))
	if err != nil || r.State != "approved" || frozen == 0 {
		t.Fatalf("approval: %+v %d %v", r.State, frozen, err)
	}
	if _, _, err := approve(t.Context(), p, keeper, draft.ID, "批准人", at.Add(2*time.Hour)); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("approved twice: %v", err)
	}
	if read, err := p.Read(t.Context(), access.Job("test"), draft.ID); err != nil || read.DraftedBy != "拟稿人" || read.ApprovedBy != "批准人" || !read.Drafted.Equal(at) || read.Approved == nil || !read.Approved.Equal(at.Add(time.Hour)) {
		t.Errorf("who did what: %q at %v, %q at %v (%v)", read.DraftedBy, read.Drafted, read.ApprovedBy, read.Approved, err)
	}
	period := indicator.Period{Kind: "quarter", Period: "2025Q1"}
	if n, err := keeper.Restate(t.Context(), period, "补报二月案件", "批准人"); err != nil || n == 0 {
		t.Fatalf("restated %d, %v", n, err)
	}
	reader := indicator.NewReader(indicator.ReaderDeps{DB: st.owner, Contracts: st.defs.contracts, Catalogue: st.defs.indicators})
	lines, err := reader.LineageOf(t.Context(), access.Job("test"), "AR02b", "o0", "closure", "", period)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range lines {
		got[l.Vintage] = fmt.Sprintf("%s %s %s %s %q", l.Text, l.Run, l.Edition, l.Code, l.Reason)
		if l.Inputs == "" || l.Definition == "" || l.Definitions != "d1" {
			t.Errorf("what %s rests on: %+v", l.Vintage, l)
		}
	}
	for vintage, want := range map[string]string{
		"live": `41 / 100 run-2 e v1 ""`, "published": `40 / 100 run-1 e v1 ""`, "restated": `41 / 100 run-2 e v1 "补报二月案件"`,
	} {
		if got[vintage] != want {
			t.Errorf("%s: %q, want %q", vintage, got[vintage], want)
		}
	}
	log, err := reader.Restatements(t.Context(), access.Job("test"), "AR02b")
	if err != nil || len(log) == 0 || log[0].Was != "40 / 100" || log[0].Now != "41 / 100" || log[0].Reason != "补报二月案件" || log[0].Person != "批准人" {
		t.Errorf("the log of restatements: %+v, %v", log, err)
	}
	if none, err := reader.Restatements(t.Context(), access.Scope{}, "AR02b"); err != nil || len(none) != 0 {
		t.Errorf("nobody sees nothing: %+v, %v", none, err)
	}
}

// TestApprovalsOfBeforeStayReadable turns the entry of an approval into what was
// written when drafted_by held the approver.
func TestApprovalsOfBeforeStayReadable(t *testing.T) {
	st, p := released(t, "real")
	at := time.Date(2025, 4, 3, 9, 0, 0, 0, time.UTC)
	draft, err := p.Draft(t.Context(), access.Job("test"), publish.Request{Template: "quarterly", Period: "2025Q1", Person: "拟稿人", At: at})
	if err != nil {
		t.Fatal(err)
	}
	put(t, st.owner, `INSERT INTO release (release_id, template, period, run_id, definitions, digest, state, drafted_by, drafted, note)
SELECT release_id, template, period, run_id, definitions, digest, 'approved', '批准人', addHours(drafted, 1), note FROM release`)
	read, err := p.Read(t.Context(), access.Job("test"), draft.ID)
	if err != nil || read.State != "approved" || read.DraftedBy != "拟稿人" || read.ApprovedBy != "批准人" || read.Approved == nil || !read.Approved.Equal(at.Add(time.Hour)) {
		t.Errorf("%+v (%v)", read, err)
	}
	if _, _, err := approve(t.Context(), p, indicator.NewKeeper(st.owner, time.Now), draft.ID, "第三人", at); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("approved twice: %v", err)
	}
}

func TestNothingSimulatedIsApproved(t *testing.T) {
	st, p := released(t, "simulated")
	at := time.Date(2025, 4, 3, 9, 0, 0, 0, time.UTC)
	draft, err := p.Draft(t.Context(), access.Job("test"), publish.Request{Template: "quarterly", Period: "2025Q1", Person: "拟稿人", At: at})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := approve(t.Context(), p, indicator.NewKeeper(st.owner, time.Now), draft.ID, "批准人", at); warehouse.CodeOf(err) != warehouse.Forbidden {
		t.Errorf("a simulated release is approved: %v", err)
	}
}

func TestNationShowsItsRemainder(t *testing.T) {
	st, _ := released(t, "real")
	put(t, st.owner, "INSERT INTO indicator_cell (run_id, generation, indicator, dim, organ_id, month, num, den, n, undetermined) VALUES ('run-1', 1, 'AR01a', '', 'x9', '2025-02-01', 3, NULL, 3, 0)")
	reader := indicator.NewReader(indicator.ReaderDeps{DB: st.owner, Contracts: st.defs.contracts, Catalogue: st.defs.indicators})
	n, err := reader.Nation(t.Context(), access.Job("test"), "AR01a", "quarter", "2025Q1")
	if err != nil || n.Num != "40" || n.Sum != "40" || n.Organs != 1 || n.Remainder != "3" || n.Rest != 3 {
		t.Errorf("the nation: %+v, %v", n, err)
	}
	if _, err := reader.Nation(t.Context(), access.Scope{}, "AR01a", "quarter", "2025Q1"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("nobody sees the nation: %v", err)
	}
}
