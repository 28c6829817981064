package indicator

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// country inserts a small register: the national procuratorate, two provinces,
// one prefecture, two counties, and a court.
func (r ready) country(t *testing.T) {
	t.Helper()
	var rows []string
	for i, o := range [][4]string{
		{"o1", "national", "", "procuratorate"},
		{"o2", "provincial", "o1", "procuratorate"},
		{"o3", "prefectural", "o2", "procuratorate"},
		{"o4", "county", "o3", "procuratorate"},
		{"o5", "county", "o3", "procuratorate"},
		{"o6", "provincial", "o1", "procuratorate"},
		{"o7", "provincial", "", "court"},
	} {
		rows = append(rows, fmt.Sprintf("('%[1]s', '%[1]s', 'c%[1]s', 'name %[1]s', '%[2]s', '%[3]s', 'regular', '330000', %[4]d, '2000-01-01', '%[5]s')", o[0], o[3], o[1], i, o[2]))
	}
	r.exec(t, "INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES "+strings.Join(rows, ", "))
}

// whole runs the job over decisions of 2024 and 2025 and commits it.
func (r ready) whole(t *testing.T) (warehouse.Run, warehouse.Report) {
	t.Helper()
	r.country(t)
	decided := func(organ, day, decision string) map[string]string {
		return map[string]string{"organ_id": organ, "accepted_on": day, "decided_on": day, "decision": decision}
	}
	r.insert(t, "arrest_review", "s", "run-1", []map[string]string{
		decided("o4", "2024-03-04", "not_approved"), decided("o4", "2024-03-05", "approved"),
		decided("o4", "2025-03-04", "not_approved"), decided("o4", "2025-03-05", "approved"), decided("o4", "2025-03-06", "approved"),
		decided("o5", "2025-03-05", "approved"), decided("o5", "2025-04-05", "approved"), decided("o6", "2025-03-05", "not_approved"),
		decided("o2", "2025-05-05", "not_approved"),
	})
	r.insert(t, "trial", "s", "run-1", []map[string]string{{"docket_kind": "trial_second", "origin": "protest", "judged_on": "2025-03-03", "result": "changed"}})
	run := r.input(t, "run-1", "s", "2025-05-20")
	report, err := r.job.Run(context.Background(), run)
	if err != nil {
		t.Fatal(err)
	}
	r.exec(t, "INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', 'run-1', 1, '2025-05-20', now64(3))")
	return run, report
}

func TestRunSumsUpOrgansAndPeriods(t *testing.T) {
	r := setUp(t, "")
	_, report := r.whole(t)
	if report.Figures["not_attributable_TR01"] != 1 {
		t.Errorf("one protest names no prosecuting organ, reported %v", report.Figures)
	}
	if report.Rows != report.Units || report.Rows == 0 {
		t.Errorf("%d rows for %d cells: a cell was written twice", report.Rows, report.Units)
	}
	for _, c := range []struct{ kind, period, organ, coverage, want string }{
		{"month", "2025-03", "o4", "own", "1/3 "},
		{"month", "2025-03", "o3", "own", ""},
		{"month", "2025-03", "o3", "closure", "1/4 "},
		{"month", "2025-03", "o1", "closure", "2/5 "},
		{"quarter", "2025Q1", "o1", "closure", "2/5 "},
		{"quarter", "2025Q2", "o1", "closure", "1/2 incomplete"},
		{"half", "2025H1", "o2", "closure", "2/6 incomplete"},
		{"year", "2025", "o1", "closure", "3/7 incomplete"},
		{"year", "2024", "o1", "closure", "1/2 "},
		{"ytd", "2025-03", "o1", "closure", "2/5 "},
		{"ytd", "2025-04", "o1", "closure", "2/6 "},
		{"ytd", "2025-05", "o1", "closure", "3/7 incomplete"},
		{"ytd", "2025-06", "o1", "closure", ""},
		{"ytd", "2025-05", "o6", "own", "1/1 incomplete"},
		{"ytd", "2024-12", "o4", "own", "1/2 "},
	} {
		var got string
		err := r.db.QueryRow(context.Background(), `SELECT arrayStringConcat(groupArray(concat(toString(num), '/', toString(den), ' ', note)), '; ') FROM indicator_rollup
WHERE indicator = 'AR02b' AND dim = '' AND period_kind = {kind:String} AND period = {period:String} AND organ_id = {organ:String} AND coverage = {coverage:String}`,
			warehouse.Param("kind", c.kind), warehouse.Param("period", c.period), warehouse.Param("organ", c.organ), warehouse.Param("coverage", c.coverage)).Scan(&got)
		if err != nil || got != c.want {
			t.Errorf("%s %s of %s %s: %q, want %q (%v)", c.kind, c.period, c.organ, c.coverage, got, c.want, err)
		}
	}
	for period, want := range map[string]string{
		"month 2025-03": "2025-03-01 2025-03-31", "quarter 2025Q1": "2025-01-01 2025-03-31", "quarter 2025Q2": "2025-04-01 2025-06-30",
		"half 2025H1": "2025-01-01 2025-06-30", "year 2024": "2024-01-01 2024-12-31", "ytd 2025-04": "2025-01-01 2025-04-30",
	} {
		var got string
		if err := r.db.QueryRow(context.Background(), "SELECT concat(toString(min(period_from)), ' ', toString(max(period_to))) FROM indicator_rollup WHERE concat(period_kind, ' ', period) = {period:String}",
			warehouse.Param("period", period)).Scan(&got); err != nil || got != want {
			t.Errorf("%s runs %s, want %s (%v)", period, got, want, err)
		}
	}
}

func TestReadersSeeTheirScopeOnly(t *testing.T) {
	r := setUp(t, "")
	r.whole(t)
	ctx := context.Background()
	register, err := access.LoadRegister(ctx, r.db)
	if err != nil {
		t.Fatal(err)
	}
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	province := register.ScopeOf(access.Account{Name: "p", Organs: []string{"o2"}, Compartments: []string{"general"}})
	county := register.ScopeOf(access.Account{Name: "c", Organs: []string{"o4"}, Compartments: []string{"general"}})
	for _, c := range []struct {
		name     string
		scope    access.Scope
		coverage string
		want     string
	}{
		{"everything", access.Job("test"), "closure", "o1=40.0% o2=25.0% o3=25.0% o4=33.3% o5=0.0% o6=100.0%"},
		{"a province", province, "closure", "o2=25.0% o3=25.0% o4=33.3% o5=0.0%"},
		{"a province, own", province, "own", "o4=33.3% o5=0.0%"},
		{"a county", county, "closure", "o4=33.3%"},
		{"nobody", access.Scope{}, "closure", ""},
	} {
		values, err := reader.Values(ctx, c.scope, ValuesQuery{Indicator: "AR02b", PeriodKind: "month", Period: "2025-03", Coverage: c.coverage})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range values {
			got = append(got, v.Organ+"="+v.Printed)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
	series, err := reader.Series(ctx, county, SeriesQuery{Indicator: "AR02b", Organ: "o4", PeriodKind: "month", Coverage: "own"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range series {
		change := "none"
		if p.Change != nil {
			change = strconv.FormatFloat(*p.Change, 'f', 1, 64)
		}
		got = append(got, p.Period+" "+p.Printed+" "+change)
	}
	if s, want := strings.Join(got, "; "), "2024-03 50.0% none; 2025-03 33.3% -16.7; 2025-04 — none; 2025-05 — none"; s != want {
		t.Errorf("series %s, want %s", s, want)
	}
	if _, err := reader.Series(ctx, county, SeriesQuery{Indicator: "AR02b", Organ: "o6", PeriodKind: "month", Coverage: "own"}); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an organ out of scope must not be found: %v", err)
	}
	if _, err := reader.Values(ctx, county, ValuesQuery{Indicator: "AR02b", PeriodKind: "week", Coverage: "own"}); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("an unknown period kind must be refused: %v", err)
	}
}

// officialRowsOf reads the published figures of the product as record rows.
func officialRowsOf(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "ingest", "filedrop", "data", "official_figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[strings.TrimPrefix(name, "\ufeff")] = strings.ReplaceAll(line[i], "'", `\'`)
		}
		out = append(out, row)
	}
	return out
}

// TestPublishedRatesAreRecomputed: every pair of the reference reproduces, and
// those known not to follow (X1, X2) are neither forced nor hidden.
func TestPublishedRatesAreRecomputed(t *testing.T) {
	r := setUp(t, "")
	r.insert(t, "official_figure", "s", "run-1", officialRowsOf(t))
	_, report := r.whole(t)
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	rows, err := reader.Official(context.Background(), access.Job("test"), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		x := row.Recomputed
		if x == nil {
			continue
		}
		verdict := "reproduced"
		if !x.Reproduced {
			verdict = "not_reproducible " + x.Reason.Code
		}
		got = append(got, fmt.Sprintf("%s %s: printed %s, recomputed %.3f in %.2f..%.2f, difference %.2f, %s", x.Ratio.ID, x.Period, x.Printed, x.Rate, x.Low, x.High, x.Difference, verdict))
	}
	slices.Sort(got)
	golden(t, "official.txt", strings.Join(got, "\n")+"\n")
	if report.Figures["official_rates"] != uint64(len(got)) {
		t.Errorf("the run recomputed %d rates, the reader %d", report.Figures["official_rates"], len(got))
	}
	for _, must := range []string{
		"filing_supervision 2021Q1", "investigation_correction 2021Q1", "trial_correction 2021Q1", "sentence_change_correction 2021Q1", "execution_correction 2021Q1",
		"community_correction 2021Q1", "non_prosecution 2021Q1-Q3", "juvenile_arrest_refusal 2021", "juvenile_arrest_refusal 2022Q1", "juvenile_non_prosecution 2022Q1",
		"non_prosecution 2022Q1", "non_prosecution 2022H1", "non_prosecution 2022Q1-Q3", "non_prosecution 2023Q1", "admin_retrial_recommendation 2022H1",
	} {
		if !slices.ContainsFunc(got, func(s string) bool {
			return strings.HasPrefix(s, must+":") && strings.HasSuffix(s, ", reproduced")
		}) {
			t.Errorf("%s is not reproduced", must)
		}
	}
	for _, never := range []string{"arrest_refusal 2021Q1-Q3", "arrest_refusal 2022Q1", "arrest_refusal 2022H1", "arrest_refusal 2022Q1-Q3", "arrest_refusal 2023Q1"} {
		if !slices.ContainsFunc(got, func(s string) bool {
			return strings.HasPrefix(s, never+":") && strings.HasSuffix(s, "not_reproducible X1")
		}) {
			t.Errorf("%s was forced or is missing", never)
		}
	}
	var external uint64
	if err := r.db.QueryRow(context.Background(), `SELECT count() FROM indicator_value WHERE vintage = 'external' AND indicator = 'PR02' AND organ_id = 'o1' AND period_kind = 'ytd' AND period = '2021-09' AND printed = '15.3%'`).Scan(&external); err != nil || external != 1 {
		t.Errorf("%d external rows for the rate of 2021 Q1-Q3 (%v)", external, err)
	}
}
