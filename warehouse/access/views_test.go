package access

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// reference are the views without an organ column: open to whoever has a scope.
var reference = []string{"official_figure", "organ"}

// TestEveryViewHasItsPredicate parses each view's text: scope predicate, no
// personal column, barrier at the end.
func TestEveryViewHasItsPredicate(t *testing.T) {
	catalogue := load(t)
	personal := map[string]map[string]bool{} // view -> field
	for _, record := range catalogue.Types() {
		personal[record.Name] = map[string]bool{}
		for _, f := range record.Fields {
			if f.Personal != "" && f.Personal != "place" {
				personal[record.Name][f.Name] = true
			}
		}
	}
	if !personal["person_in_case"]["name"] || !personal["person_in_case"]["resident_id"] {
		t.Fatal("the contracts name no personal field: this test proves nothing")
	}
	for _, v := range Views("hengjian", catalogue) {
		if problem := judgeView(v, personal[v.Name]); problem != "" {
			t.Errorf("%s: %s", v.Name, problem)
		}
	}
	bad := View{Name: "bad", SQL: "CREATE OR REPLACE VIEW v.`bad` DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT `a` FROM hengjian.bad WHERE retracted = 0" + barrier}
	if judgeView(bad, nil) == "" {
		t.Error("a view without a predicate passes this test")
	}
}

var shape = regexp.MustCompile("^CREATE OR REPLACE VIEW v\\.`([a-z_]+)` DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT ([`a-z0-9_, ]+) FROM hengjian\\.[a-z_]+( FINAL|\\(run = \\(SELECT run_id FROM hengjian\\.run_commit WHERE family = '[a-z]+' ORDER BY committed DESC LIMIT 1\\)\\))? WHERE (.+) LIMIT 9223372036854775807$")

// judgeView says what is wrong with a view.
func judgeView(v View, personal map[string]bool) string {
	parts := shape.FindStringSubmatch(v.SQL)
	if parts == nil {
		return "not of the one shape that views have: " + v.SQL
	}
	columns, where := strings.Split(strings.ReplaceAll(parts[2], "`", ""), ", "), parts[4]
	for _, c := range columns {
		if personal[strings.TrimSuffix(c, "_year")] {
			return "shows the personal column " + c
		}
	}
	organ := regexp.MustCompile("AND `[a-z_]*organ_id` IN \\(SELECT organ_id FROM access\\.scope WHERE account = currentUser\\(\\)\\)")
	if slices.Contains(reference, v.Name) {
		organ = regexp.MustCompile(`AND \(SELECT count\(\) FROM access\.scope WHERE account = currentUser\(\)\) > 0`)
	}
	if !organ.MatchString(where) {
		return "no organ predicate: " + where
	}
	if slices.Contains(columns, "compartment") && !strings.Contains(where, "`compartment` IN (SELECT compartment FROM access.compartment WHERE account = currentUser())") {
		return "no compartment predicate"
	}
	if strings.Contains(where, " OR ") {
		return "a disjunction beside the predicate"
	}
	return ""
}

// TestScopeDecidesWhatAReaderSees inserts rows of two organs and two
// compartments and reads them as a reader account while its scope changes.
func TestScopeDecidesWhatAReaderSees(t *testing.T) {
	db, s := prepared(t)
	ctx := context.Background()
	insertReview(t, db, "a|1|1", "o1", "general", 0)
	insertReview(t, db, "a|2|1", "o2", "general", 0)
	insertReview(t, db, "a|3|1", "o1", "juvenile_sealed", 0)
	insertReview(t, db, "a|4|1", "o1", "general", 1)
	insertVerdict(t, db, "r0", "o1", "f0")
	insertVerdict(t, db, "r1", "o1", "f1")
	insertVerdict(t, db, "r1", "o2", "f2")
	must(t, db, "INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('clock', 'r0', 1, '2025-01-01', '2025-01-01 00:00:00'), ('clock', 'r1', 2, '2025-01-01', '2025-01-02 00:00:00')")
	views, _ := warehouse.Names(db.Database())
	reader := warehouse.Wrap(s.ConnAs(t, "reader_03", views), views)
	steps := []struct {
		organs, compartments []string
		keys, findings       string
	}{
		{nil, nil, "", ""},
		{[]string{"o1"}, []string{"general"}, "a|1|1", "f1"},
		{[]string{"o1", "o2"}, []string{"general"}, "a|1|1,a|2|1", "f1,f2"},
		{[]string{"o1"}, []string{"general", "juvenile_sealed"}, "a|1|1,a|3|1", "f1"},
		{[]string{"o2"}, nil, "", ""},
		{nil, []string{"general"}, "", ""},
	}
	for i, step := range steps {
		if err := ReplaceScope(ctx, db, "reader_03", step.organs, step.compartments); err != nil {
			t.Fatal(err)
		}
		for sql, want := range map[string]string{
			"SELECT arrayStringConcat(arraySort(groupArray(toString(key))), ',') FROM arrest_review":  step.keys,
			"SELECT arrayStringConcat(arraySort(groupArray(toString(finding_id))), ',') FROM verdict": step.findings,
		} {
			var got string
			if err := reader.QueryRow(ctx, sql).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("step %d: %s: got %q, want %q", i, sql, got, want)
			}
		}
	}
	accounts, err := Accounts(ctx, db)
	if err != nil || len(accounts) != 0 {
		t.Errorf("accounts with a scope after it was taken away: %v, %v", accounts, err)
	}
}

// TestViewIsABarrier: a filter of the reader that fails on a hidden row must
// never meet that row, whatever the optimiser does with filters.
func TestViewIsABarrier(t *testing.T) {
	db, s := prepared(t)
	ctx := context.Background()
	for range 3 {
		insertReview(t, db, "a|1|1", "o1", "general", 0)
		insertReview(t, db, "b|secret|1", "o2", "general", 0)
	}
	if err := ReplaceScope(ctx, db, "reader_04", []string{"o1"}, []string{"general"}); err != nil {
		t.Fatal(err)
	}
	views, _ := warehouse.Names(db.Database())
	reader := warehouse.Wrap(s.ConnAs(t, "reader_04", views), views)
	for _, filter := range []string{"throwIf(startsWith(key, 'b')) = 0", "intDiv(1, toInt64(NOT startsWith(key, 'b'))) = 1", "length(splitByChar('|', key)[2]) = toInt64(splitByChar('|', key)[2])"} {
		var n uint64
		if err := reader.QueryRow(ctx, "SELECT count() FROM arrest_review WHERE "+filter).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s: %d rows, %v", filter, n, err)
		}
		plan, err := texts(ctx, reader, "EXPLAIN actions = 1 SELECT count() FROM arrest_review WHERE "+filter)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range plan {
			if strings.Contains(line, "ilter column") && strings.Contains(line, "organ_id") && strings.Contains(line, "key") {
				t.Errorf("%s is evaluated together with the scope predicate: %s", filter, line)
			}
		}
	}
}

// TestKnownLeaks runs the probe table on the pinned engine.
func TestKnownLeaks(t *testing.T) {
	db, s := prepared(t)
	must(t, db, "INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('clock', 'r0', 1, '2025-01-01', '2025-01-01 00:00:00')")
	views, _ := warehouse.Names(db.Database())
	reader := warehouse.Wrap(s.ConnAs(t, "reader_05", views), views)
	findings, err := Probe(context.Background(), reader, db.Database())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.New() {
			t.Errorf("%s (%s) leaks and is held closed", f.Leak.ID, f.Leak.What)
		}
		if !f.Open && f.Leak.Want == KnownOpen && f.Leak.ID != "file_scalar" { // a confined engine reads no file
			t.Errorf("%s (%s) is closed now: expect it closed", f.Leak.ID, f.Leak.What)
		}
	}
	owner, err := Probe(context.Background(), db, db.Database())
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, f := range owner {
		if f.New() {
			open++
		}
	}
	if open < 8 {
		t.Errorf("as owner only %d probes leak: the probes do not notice an account with rights", open)
	}
}

// load returns the contracts.
func load(t *testing.T) *contract.Catalogue {
	t.Helper()
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// prepared is a database with all tables and views.
func prepared(t *testing.T) (*warehouse.DB, *enginetest.Server) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	files, err := filepath.Glob("../migrations/sql/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range strings.Split(string(text), ";\n") {
			if strings.TrimSpace(statement) != "" {
				must(t, db, statement)
			}
		}
	}
	catalogue := load(t)
	if err := contract.Reconcile(context.Background(), db, catalogue); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time finds everything there
		if err := ReconcileViews(context.Background(), db, catalogue); err != nil {
			t.Fatal(err)
		}
	}
	return db, s
}

func must(t *testing.T, db *warehouse.DB, sql string, args ...any) {
	t.Helper()
	if err := db.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func insertReview(t *testing.T, db *warehouse.DB, key, organ, compartment string, retracted int) {
	t.Helper()
	gone := "0"
	if retracted == 1 {
		gone = "1"
	}
	must(t, db, "INSERT INTO arrest_review (key, revision, version, retracted, organ, organ_id, compartment) VALUES ({key:String}, 1, 1, {gone:UInt8}, 'code', {organ:String}, {compartment:String})",
		warehouse.Param("key", key), warehouse.Param("organ", organ), warehouse.Param("compartment", compartment), warehouse.Param("gone", gone))
}

func insertVerdict(t *testing.T, db *warehouse.DB, run, organ, finding string) {
	t.Helper()
	must(t, db, "INSERT INTO verdict (run_id, finding_id, organ_id, compartment) VALUES ({run:String}, {finding:String}, {organ:String}, 'general')",
		warehouse.Param("run", run), warehouse.Param("organ", organ), warehouse.Param("finding", finding))
}
