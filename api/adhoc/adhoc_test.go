package adhoc

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hengjian/api/audit"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// bench is a gateway over a warehouse with two organs, of which reader_06 sees one.
type bench struct {
	*Gateway
	owner, reader *warehouse.DB
}

func newBench(t *testing.T) bench {
	t.Helper()
	ctx := context.Background()
	s := enginetest.Start(t)
	base := s.Database(t)
	owner := warehouse.Wrap(s.Conn(t, base), base)
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{
		migrations.Apply(ctx, owner), contract.Reconcile(ctx, owner, catalogue), access.ReconcileViews(ctx, owner, catalogue),
		access.ReplaceScope(ctx, owner, "reader_06", []string{"o1"}, []string{"general"}),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	for _, organ := range []string{"o1", "o2"} {
		if err := owner.Exec(ctx, "INSERT INTO arrest_review (key, revision, version, organ, organ_id, compartment, accepted_on, docket_number) VALUES ({key:String}, 1, 1, 'code', {organ:String}, 'general', '2025-03-04', '=杭检捕〔2025〕1号')",
			warehouse.Param("key", organ+"|1|1"), warehouse.Param("organ", organ)); err != nil {
			t.Fatal(err)
		}
	}
	views, _ := warehouse.Names(base)
	reader := warehouse.Wrap(s.ConnAs(t, "reader_06", views), views)
	service := warehouse.Wrap(s.ConnAs(t, "service", base), base)
	g := New(Config{}, Deps{
		Service: service, Readers: func(string) (*warehouse.DB, error) { return reader, nil },
		Views: access.Views(base, catalogue), Base: base, Audit: audit.New(service, time.Now), Now: time.Now,
	})
	return bench{g, owner, reader}
}

// allowed are queries an analyst writes; each must pass every layer.
var allowed = []string{
	"SELECT count() FROM arrest_review",
	"SELECT organ_id, count() AS n FROM arrest_review WHERE accepted_on >= '2025-01-01' GROUP BY organ_id ORDER BY n DESC LIMIT 10;",
	"WITH m AS (SELECT toStartOfMonth(accepted_on) AS month, countIf(decision = 'not_approved') AS refused, count() AS n FROM arrest_review GROUP BY month) SELECT month, round(refused / nullIf(n, 0), 4) FROM m ORDER BY month",
	"SELECT a.key, t.judged_on FROM arrest_review AS a LEFT JOIN trial AS t ON a.docket_number = t.docket_number WHERE a.person_no IN ('1', '2') AND a.decided_on IS NULL",
	"SELECT quantile(0.5)(over_units) OVER (PARTITION BY rule), row_number() OVER (ORDER BY period_on) FROM verdict",
	"SELECT uniqExact(organ_id), sumIf(1, decision = 'approved'), groupArray(key)[1], arrayMap(x -> x + 1, [1, 2]), CAST(1 AS String), toString(1)::String, CASE WHEN 1 = 1 THEN 'a' ELSE 'b' END, EXTRACT(YEAR FROM toDate('2025-01-01')), today() - INTERVAL 1 MONTH FROM arrest_review",
	"SELECT * EXCEPT (key) FROM arrest_review WHERE organ_id IN (SELECT organ_id FROM organ) -- 注释\n",
	"SELECT `key` AS \"中文 名\" FROM arrest_review /* a comment */ UNION ALL SELECT 'x'",
	"SELECT count(DISTINCT organ_id), any(docket_number) FROM arrest_review HAVING count() > 0",
	"SELECT number FROM numbers(3) WHERE number BETWEEN 1 AND 2",
	"SELECT key FROM arrest_review WHERE docket_number LIKE '%捕%' AND NOT (compartment = 'secret' OR key = '')",
}

// refused are queries that must not run, by whatever layer.
var refused = []string{
	"", "SELEC 1", "SELECT 1; SELECT 2", "INSERT INTO arrest_review SELECT 1", "SHOW TABLES", "EXPLAIN SELECT 1", "DESCRIBE arrest_review", "FROM arrest_review SELECT 1",
	"SELECT file('/etc/hosts')", "SELECT `file`('/etc/hosts')", "SELECT \"file\"('/etc/hosts')", "SELECT FiLe ('/etc/hosts')", "SELECT file/**/('/etc/hosts')", "SELECT arrayMap(file, ['/etc/hosts'])", "SELECT * APPLY file FROM arrest_review",
	"SELECT * FROM url('http://127.0.0.1', 'CSV')", "SELECT * FROM file('x')", "SELECT * FROM remote('127.0.0.1', 'a.b')", "SELECT * FROM mergeTreeIndex('a', 'b')", "SELECT * FROM merge('a', 'b')", "SELECT * FROM loop(arrest_review)", "SELECT * FROM view(SELECT 1)", "SELECT * FROM input('a Int8')", "SELECT * FROM generateRandom('a Int8')", "SELECT * FROM format('CSV', '1')",
	"SELECT * FROM system.tables", "SELECT * FROM system.one", "SELECT * FROM `system`.`tables`", "SELECT * FROM information_schema.tables", "SELECT * FROM {base}.arrest_review", "SELECT * FROM {access}.scope", "SELECT 1 WHERE 'a' IN {access}.scope", "SELECT 1 WHERE 'x' IN {base}.arrest_review", "SELECT (SELECT count() FROM {base}.arrest_review)",
	"SELECT 1 SETTINGS max_threads = 1", "SELECT 1 FORMAT CSV", "SELECT 1 INTO OUTFILE 'x'", "SELECT 1 SeTtInGs readonly = 0", "SELECT 1 PARALLEL WITH SELECT 2",
	"SELECT getSetting('readonly')", "SELECT currentUser()", "SELECT hostName()", "SELECT sleep(1)", "SELECT throwIf(1)", "SELECT dictGet('a', 'b', 1)", "SELECT joinGet('a', 'b', 1)", "SELECT @@version", "SELECT getServerSetting('tmp_path')", "SELECT filesystemAvailable()", "SELECT version()", "SELECT uptime()", "SELECT hasColumnInTable('a', 'b', 'c')", "SELECT evalMLMethod(1)", "SELECT catboostEvaluate('x', 1)",
	"SELECT {p:Identifier} FROM arrest_review", "SELECT {p:String}", "SELECT $$a$$", "SELECT 'a", "SELECT /* a", "SELECT 1 # a", "SELECT \x00", "SELECT\u200b1", "SELECT `a, table_name: v.trial`", "SELECT nothing FROM arrest_review", "SELECT name FROM person_in_case", "SELECT resident_id FROM person_in_case",
	"WITH RECURSIVE c AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM c) SELECT * FROM c", "EXECUTE AS owner SELECT 1", "SET readonly = 0", "KILL QUERY WHERE 1",
}

func TestAllowedQueriesRun(t *testing.T) {
	b := newBench(t)
	for i, sql := range allowed {
		if _, err := b.Run(context.Background(), Request{ID: id(i), Account: "analyst", SQL: sql}); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestRefusedQueriesNeverRun(t *testing.T) {
	b := newBench(t)
	views, scopes := warehouse.Names(b.deps.Base)
	names := strings.NewReplacer("{base}", b.deps.Base, "{access}", scopes, "{views}", views)
	for i, sql := range refused {
		sql = names.Replace(sql)
		r, err := b.Run(context.Background(), Request{ID: id(i), Account: "analyst", SQL: sql})
		if err == nil {
			t.Errorf("%q runs: %d rows", sql, len(r.Rows))
		}
	}
	var started, all uint64
	if err := b.owner.QueryRow(context.Background(), "SELECT countIf(outcome = 'started'), count() FROM audit").Scan(&started, &all); err != nil {
		t.Fatal(err)
	}
	if started != 0 || all != uint64(2*len(refused)) {
		t.Errorf("audit: %d started, %d entries for %d refused queries", started, all, len(refused))
	}
	if _, err := audit.Verify(context.Background(), b.owner); err != nil {
		t.Error(err)
	}
}

// TestEngineLayersStandAlone: what the tokens let pass, were they wrong, the
// syntax tree and the resolved tree still refuse.
func TestEngineLayersStandAlone(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	for _, sql := range []string{"SELECT file('nothing')", "SELECT 1 FORMAT CSV", "SELECT 1 INTO OUTFILE 'x'", "SELECT * APPLY(lower) FROM arrest_review", "SELECT * FROM system.one", "SELECT @@version", "SELECT 1 FROM view(SELECT 1)"} {
		lines, err := explain(ctx, b.reader, "AST", sql)
		if err != nil {
			t.Fatal(sql, err)
		}
		if b.checkTree(lines) == nil {
			t.Errorf("the syntax tree of %q passes", sql)
		}
	}
	for _, sql := range []string{"SELECT getSetting('readonly')", "SELECT * FROM view(SELECT currentUser())", "SELECT * FROM system.settings"} {
		lines, err := explain(ctx, b.reader, "QUERY TREE", sql)
		if err != nil {
			t.Fatal(sql, err)
		}
		if b.checkResolved(lines) == nil {
			t.Errorf("the resolved tree of %q passes", sql)
		}
	}
}

func TestResultsHoldTheScopeAndTypes(t *testing.T) {
	b := newBench(t)
	r, err := b.Run(context.Background(), Request{
		ID: id(1), Account: "analyst", SQL: "SELECT organ_id, accepted_on, docket_number, decided_on, {n:UInt8} + 1 AS n, [1, 2] AS list, toDecimal64('1.50', 2) AS money, toDateTime64('2025-01-02 03:04:05.678', 3) AS at FROM arrest_review WHERE organ_id = {organ:String} OR 1 = 1",
		Parameters: map[string]string{"n": "4", "organ": "o2' OR 1=1 --"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "o1|2025-03-04|=杭检捕〔2025〕1号|NULL|5|[1,2]|1.5|2025-01-02 03:04:05.678"
	var got []string
	for _, c := range r.Rows[0] {
		if c == nil {
			got = append(got, "NULL")
			continue
		}
		got = append(got, *c)
	}
	if len(r.Rows) != 1 || strings.Join(got, "|") != want {
		t.Errorf("%d rows, first %s, want %s", len(r.Rows), strings.Join(got, "|"), want)
	}
	var out strings.Builder
	if err := WriteCSV(&out, r, true); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "\ufeff") || !strings.Contains(out.String(), "'=杭检捕") || !strings.Contains(out.String(), "\r\n") {
		t.Errorf("table: %q", out.String())
	}
	if kept, err := b.Result("analyst", id(1)); err != nil || len(kept.Rows) != 1 {
		t.Errorf("the result is not kept: %v", err)
	}
	if _, err := b.Result("leader", id(1)); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("somebody else sees the result: %v", err)
	}
	if _, err := b.Run(context.Background(), Request{ID: id(1), Account: "analyst", SQL: "SELECT 1"}); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("a used id runs again: %v", err)
	}
}

func TestLimitsNeverShorten(t *testing.T) {
	b := newBench(t)
	b.config.MaxRows = 10
	var f *Failure
	if _, err := b.Run(context.Background(), Request{ID: id(1), Account: "analyst", SQL: "SELECT number FROM numbers(11)"}); !errors.As(err, &f) || f.Kind != "limit" {
		t.Errorf("11 rows of at most 10: %v", err)
	}
	if r, err := b.Run(context.Background(), Request{ID: id(2), Account: "analyst", SQL: "SELECT number FROM numbers(10)"}); err != nil || len(r.Rows) != 10 {
		t.Errorf("10 rows of at most 10: %v", err)
	}
}

// TestCancelReachesTheEngine cancels a long query by id and waits until the
// engine knows it no more.
func TestCancelReachesTheEngine(t *testing.T) {
	b := newBench(t)
	ended := make(chan error, 1)
	go func() {
		_, err := b.Run(context.Background(), Request{ID: id(1), Account: "analyst", SQL: "SELECT sum(cityHash64(number, number + 1)) FROM numbers(450000000)"})
		ended <- err
	}()
	alive := func() uint64 {
		var n uint64
		if err := b.owner.QueryRow(context.Background(), "SELECT count() FROM system.processes WHERE query_id = {id:String}", warehouse.Param("id", queryID(id(1)))).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	await(t, func() bool { return alive() == 1 })
	if err := b.Cancel(context.Background(), "leader", id(1)); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("somebody else cancels it: %v", err)
	}
	if err := b.Cancel(context.Background(), "analyst", id(1)); err != nil {
		t.Fatal(err)
	}
	var f *Failure
	if err := <-ended; !errors.As(err, &f) || f.Kind != "cancelled" {
		t.Errorf("a cancelled query ends with %v", err)
	}
	await(t, func() bool { return alive() == 0 })
}

// await polls until done holds.
func await(t *testing.T, done func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal("it does not happen")
		}
	}
}

// id makes a query id.
func id(n int) string {
	return "00000000-0000-0000-0000-0000000000" + string("0123456789abcdef"[n/16]) + string("0123456789abcdef"[n%16])
}

// FuzzTokens: whatever passes the tokens is one SELECT without a refused word,
// without a function off the list, and lexing it again gives the same.
func FuzzTokens(f *testing.F) {
	for _, sql := range append(append([]string{}, allowed...), refused...) {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		tokens, err := lex(sql)
		if err != nil {
			return
		}
		if _, err := check(tokens); err != nil {
			return
		}
		for i, token := range tokens {
			name := strings.ToLower(token.text)
			if token.sort != literal && (name == "file" || name == "url" || name == "currentuser") {
				t.Fatalf("%q passes with %s", sql, name)
			}
			if token.sort == word && (name == "settings" || name == "format" || name == "outfile") {
				t.Fatalf("%q passes with %s", sql, name)
			}
			if token.sort == sign && token.text == ";" && i != len(tokens)-1 {
				t.Fatalf("%q passes with two statements", sql)
			}
			if i == 0 && name != "select" && name != "with" {
				t.Fatalf("%q passes", sql)
			}
		}
	})
}
