package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/rollup"
)

// facts reads rows of one text column, sorted.
func (r ready) facts(t *testing.T, sql string) []string {
	t.Helper()
	rows, err := r.db.Query(context.Background(), sql)
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

const everyValue = `SELECT concat(toString(indicator), ' ', period_kind, ' ', period, ' ', toString(organ_id), ' ', toString(coverage), ' ', toString(dim), ' ', toString(num), ' ', ifNull(toString(den), '-'), ' ', toString(n), ' ', toString(undetermined), ' ', note)
FROM indicator_rollup WHERE run_id = '%s' AND vintage = 'live'`

// TestALaterRunAddsOnlyWhatChanged corrects, retracts and adds records: a run
// that builds on the first equals one that computes everything, to the last
// value; questions agree with the view; a frozen period keeps its figures until
// they are stated again with a reason.
func TestALaterRunAddsOnlyWhatChanged(t *testing.T) {
	r := setUp(t, "")
	ctx := context.Background()
	r.exec(t, "INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('run-1', 1, '2025-05-20', 'd', 'c', now64(3), '')")
	r.whole(t)
	keeper := NewKeeper(r.db, func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) })
	ytd := Period{"ytd", "2025-03"}
	frozen, err := keeper.Freeze(ctx, ytd)
	if err != nil || frozen == 0 {
		t.Fatalf("%d values frozen: %v", frozen, err)
	}
	if _, err := keeper.Freeze(ctx, ytd); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("a period is frozen once: %v", err)
	}
	for table, version := range map[string]string{"arrest_review_history": "ruling", "arrest_review": "version"} {
		newer := map[string]int{"ruling": 0, "version": 2}[version]
		r.exec(t, fmt.Sprintf(`INSERT INTO %s (key, revision, fate, stream, offset, business_on, organ_id, accepted_on, decided_on, decision, retracted, %s) VALUES
('s/2', 2, 'applied', 's', 1000001, '2025-01-15', 'o6', '2025-02-03', '2025-02-04', 'approved', 0, %[3]d),
('s/3', 2, 'applied', 's', 1000002, '2025-01-15', 'o4', '2025-03-05', '2025-03-05', 'approved', 1, %[3]d),
('s/99', 1, 'applied', 's', 1000003, '2025-01-15', 'o5', '2025-05-05', '2025-05-06', 'not_approved', 0, %[3]d)`, table, version, newer))
	}
	for i, key := range []string{"s/2", "s/3", "s/99"} {
		r.exec(t, fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key, op, derived) VALUES ('arrest_review', 's', %d, '%s', 'upsert', now64(3))", 1000001+i, key))
	}
	r.later(t, "run-2", "2025-06-02", false)
	r.later(t, "run-3", "2025-06-02", true)
	r.equal(t, "run-2", "run-3")
	r.asks(t)
	r.restates(t, keeper, ytd)
	r.passes(t)
}

// passes lets the day of reckoning pass within a month: measures end, begin and
// expire between the two days, others stay, and cases take steps.
func (r ready) passes(t *testing.T) {
	measured := func(organ, from, until, expires string) map[string]string {
		row := map[string]string{"organ_id": organ, "measure": "residential_surveillance", "executed_at": from + " 10:00:00", "expires_on": expires}
		if until != "" {
			row["ended_on"] = until
		}
		return row
	}
	r.insert(t, "coercive_measure", "m", "run-3", []map[string]string{
		measured("o4", "2025-03-04", "2025-06-10", "2025-09-04"), measured("o4", "2025-04-04", "", "2025-06-05"), measured("o5", "2025-06-08", "", "2025-12-08"),
		measured("o5", "2025-02-04", "2025-06-20", "2025-06-10"), measured("o6", "2025-05-04", "", "2025-11-04"),
	})
	r.insert(t, "prosecution_decision", "p", "run-3", []map[string]string{
		{"organ_id": "o4", "accepted_on": "2025-03-04", "decided_on": "2025-04-04", "decision": "prosecuted"}, {"organ_id": "o5", "accepted_on": "2025-03-09", "returned_1_on": "2025-05-04"},
	})
	r.later(t, "run-4", "2025-06-04", true)
	for _, x := range [][4]string{{"coercive_measure", "m", "executed_at, expires_on", "'2025-04-04 10:00:00', '2025-06-09'"}, {"prosecution_decision", "p", "accepted_on, returned_1_on, returned_2_on", "'2025-03-09', '2025-05-04', '2025-06-09'"}} {
		for into, version := range map[string][2]string{x[0] + "_history": {}, x[0]: {", version", ", 2"}} {
			r.exec(t, fmt.Sprintf("INSERT INTO %s (key, revision, fate, stream, offset, business_on, organ_id, %s%s) VALUES ('%s/1', 2, 'applied', '%[4]s', 3000000, '2025-01-15', 'o4', %s%s)",
				into, x[2], version[0], x[1], x[3], version[1]))
		}
		r.exec(t, fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key, op, derived) VALUES ('%s', '%s', 3000000, '%[2]s/1', 'upsert', now64(3))", x[0], x[1]))
	}
	r.later(t, "run-5", "2025-06-12", false)
	r.later(t, "run-6", "2025-06-12", true)
	r.equal(t, "run-5", "run-6")
	r.rolls(t, "run-6")
	r.alone(t, "run-6")
	if before := r.facts(t, fmt.Sprintf(everyValue, "run-4")); slices.Equal(before, r.facts(t, fmt.Sprintf(everyValue, "run-6"))) {
		t.Error("nothing changed between the two days")
	}
}

// rolls holds what readers read against the view of everything.
func (r ready) rolls(t *testing.T, run string) {
	t.Helper()
	for _, ask := range []rollup.Ask{
		{},
		{Periods: "kind = 'month'", Coverage: "closure", Organ: "organ_id = 'o1'", Where: "indicator IN ('AR02b', 'SV08c', 'SV08a')"},
		{Periods: "kind IN ('quarter', 'half', 'year')", Coverage: "own"},
		{Periods: "kind = 'ytd' AND period >= '2025-03'", Where: "startsWith(dim, 'procedure=')"},
	} {
		narrow := ""
		for _, condition := range []string{ask.Where, ask.Organ, strings.ReplaceAll(ask.Periods, "kind", "period_kind")} {
			if condition != "" {
				narrow += " AND " + condition
			}
		}
		if ask.Coverage != "" {
			narrow += " AND coverage = '" + ask.Coverage + "'"
		}
		want := r.facts(t, fmt.Sprintf(everyValue, run)+narrow)
		if len(want) == 0 {
			t.Errorf("the view holds nothing where%s", narrow)
		}
		read := strings.Replace(fmt.Sprintf(everyValue, run), "indicator_rollup WHERE", ask.SQL()+" WHERE", 1)
		same(t, "the roll-up"+narrow, r.facts(t, strings.ReplaceAll(read, "{run:String}", "'"+run+"'")), want)
	}
}

// alone computes every indicator by the statements that are printed for people:
// they give the cells of a whole run.
func (r ready) alone(t *testing.T, run string) {
	t.Helper()
	for _, ind := range r.catalogue.Indicators() {
		for _, sql := range strings.Split(r.catalogue.SQL(ind, r.contracts), ";\n") {
			if strings.TrimSpace(sql) == "" {
				continue
			}
			if err := r.db.Exec(long(context.Background()), sql, warehouse.Param("run", "alone"), warehouse.Param("pairs", "alone"), warehouse.Param("generation", "2"), warehouse.Param("as_of", "2025-06-12"), warehouse.Param("base", "")); err != nil {
				t.Fatalf("%s: %v", ind.ID, err)
			}
		}
	}
	const cells = `SELECT concat(toString(indicator), ' ', toString(dim), ' ', toString(organ_id), ' ', toString(month), ' ', toString(sum(num)), ' ', ifNull(toString(sum(den)), '-'), ' ', toString(sum(n)), ' ', toString(sum(undetermined)))
FROM indicator_counted WHERE run_id = '%s' GROUP BY indicator, dim, organ_id, month HAVING sum(n) != 0 OR sum(undetermined) != 0 OR sum(num) != 0`
	same(t, "the statements alone", r.facts(t, fmt.Sprintf(cells, "alone")), r.facts(t, fmt.Sprintf(cells, run)))
}

// later makes a run of another day that knows everything, and commits it.
func (r ready) later(t *testing.T, id, asOf string, full bool) {
	t.Helper()
	ctx := context.Background()
	on, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		t.Fatal(err)
	}
	r.exec(t, fmt.Sprintf("INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason) VALUES ('%s', 2, '%s', 'd', 'c', now64(3), '')", id, asOf))
	known := map[bool]int{true: 2000000, false: 4000000}[id < "run-5"]
	r.exec(t, fmt.Sprintf("INSERT INTO run_input (run_id, stream, offset) VALUES ('%[1]s', 's', 2000000), ('%[1]s', 'm', %[2]d), ('%[1]s', 'p', %[2]d)", id, known))
	job, err := New(Config{Timeout: time.Minute, Full: full}, Deps{DB: r.db, Contracts: r.contracts, Catalogue: r.catalogue})
	if err != nil {
		t.Fatal(err)
	}
	report, err := job.Run(ctx, warehouse.Run{ID: id, Generation: 2, AsOf: on, Definitions: "d"})
	if err != nil {
		t.Fatal(err)
	}
	if built := slices.ContainsFunc(report.Notes, func(n string) bool { return strings.Contains(n, "was added to it") }); built == full {
		t.Errorf("%s: built on another run %t, full %t", id, built, full)
	}
	r.exec(t, fmt.Sprintf("INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', '%s', 2, '%s', now64(3))", id, asOf))
}

// equal holds a run that was added to another against one that was computed whole.
func (r ready) equal(t *testing.T, grown, full string) {
	t.Helper()
	same(t, "what was added up", r.facts(t, fmt.Sprintf(everyValue, grown)), r.facts(t, fmt.Sprintf(everyValue, full)))
}

// same says what is missing from got and what is too much in it.
func same(t *testing.T, what string, got, whole []string) {
	t.Helper()
	if len(whole) > 0 && slices.Equal(got, whole) {
		return
	}
	missing := slices.DeleteFunc(slices.Clone(whole), func(s string) bool { return slices.Contains(got, s) })
	over := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return slices.Contains(whole, s) })
	t.Errorf("%s differs from what was computed whole; missing\n%sand too much\n%s", what, lines(missing[:min(20, len(missing))]), lines(over[:min(20, len(over))]))
}

// asks holds every question against the view.
func (r ready) asks(t *testing.T) {
	ctx := context.Background()
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	for _, kind := range []string{"month", "quarter", "half", "year", "ytd"} {
		for _, coverage := range []string{"own", "closure"} {
			answers, err := reader.Ask(ctx, access.Job("test"), Question{Run: "run-2", Indicators: []string{"AR02a", "AR02b", "AR01a", "AR03"}, PeriodKind: kind, Coverage: coverage})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range answers {
				den := "-"
				if a.Den != nil {
					den = *a.Den
				}
				got = append(got, strings.Join([]string{a.Indicator, a.PeriodKind, a.Period, a.Organ, a.Coverage, a.Dim, a.Num, den, fmt.Sprint(a.N), fmt.Sprint(a.Undetermined), a.Note}, " "))
			}
			slices.Sort(got)
			want := r.facts(t, fmt.Sprintf(everyValue, "run-2")+" AND indicator IN ('AR02a', 'AR02b', 'AR01a', 'AR03') AND period_kind = '"+kind+"' AND coverage = '"+coverage+"' AND (dim = '' OR indicator = 'AR03')")
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s %s: answers\n%sthe view\n%s", kind, coverage, lines(got), lines(want))
			}
		}
	}
	nation, err := reader.Ask(ctx, access.Job("test"), Question{Run: "run-2", Indicators: []string{"AR02b"}, PeriodKind: "year", Period: "2025", Coverage: "own", By: "nation"})
	if err != nil || len(nation) != 1 || nation[0].Who != "nation" || nation[0].Num != "3" || *nation[0].Den != "7" {
		t.Errorf("the nation by own cells: %+v (%v)", nation, err)
	}
	if _, err := reader.Ask(ctx, access.Job("test"), Question{Indicators: []string{"AR02b"}, PeriodKind: "year", Coverage: "own", Dims: []string{"colour"}}); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("an unknown dimension must be refused: %v", err)
	}
}

// restates states the changed figures of a frozen period again.
func (r ready) restates(t *testing.T, keeper *Keeper, p Period) {
	ctx := context.Background()
	if _, err := keeper.Restate(ctx, p, "", "someone"); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("a restatement needs a reason: %v", err)
	}
	changed, err := keeper.Restate(ctx, p, "补报", "someone")
	if err != nil || changed == 0 {
		t.Fatalf("%d figures stated again: %v", changed, err)
	}
	if again, err := keeper.Restate(ctx, p, "补报", "someone"); err != nil || again != 0 {
		t.Errorf("%d figures differ after they were stated again (%v)", again, err)
	}
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	found, err := reader.LineageOf(ctx, access.Job("test"), "AR02b", "o4", "closure", "", p)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range found {
		got = append(got, l.Vintage+" "+l.Run+" "+l.Text+" "+l.Reason)
		if len(l.Definition) != 64 || len(l.Inputs) != 64 || l.Edition == "" || l.Parts == 0 {
			t.Errorf("the lineage has gaps: %+v", l)
		}
	}
	slices.Sort(got)
	if want := []string{"live run-3 0 / 1 ", "published run-1 1 / 3 ", "restated run-3 0 / 1 补报"}; !slices.Equal(got, want) {
		t.Errorf("lineage\n%swant\n%s", lines(got), lines(want))
	}
}

func TestPublishedChangesImplyRestatements(t *testing.T) {
	figure := func(period, printed string, low, high float64) Figure {
		return Figure{Measure: "arrests", Period: period, Printed: printed, Low: low, High: high}
	}
	figures, _ := byPeriod([]Figure{figure("2021Q1-Q3", "670,755", 670755, 670755), figure("2022Q1-Q3", "40.3万", 402500, 403500), figure("2022Q1", "14.3万", 142500, 143500), figure("2021Q1", "193,053", 193053, 193053)})
	got := restatements([]PublishedChange{{"arrests", "2022Q1-Q3", "-41%"}, {"arrests", "2022Q1", "-26%"}, {"arrests", "2024", "-1%"}}, figures)
	if len(got) != 2 || !got[0].Restated || got[1].Restated {
		t.Errorf("%+v", got)
	}
}
