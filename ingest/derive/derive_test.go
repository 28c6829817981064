package derive_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hengjian/ingest/derive"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) {
	// Every check is a handful of passes on a real engine.
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
	enginetest.Main(m)
}

// statement is one accepted row of log_case, in the few words that fates depend on.
type statement struct {
	stream   string
	offset   uint64
	key      string
	revision uint64
	content  byte // stands for the payload: digest, opening day and organ follow from it
	retract  bool
}

func (s statement) opened() time.Time {
	return time.Date(2025, 1, 1+int(s.content), 0, 0, 0, 0, time.UTC)
}

func (s statement) organ() string { return fmt.Sprintf("o%d", s.content%2) }

type fixture struct {
	db        *warehouse.DB
	catalogue *contract.Catalogue
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	// One type: a pass over all of them would be the same statements again.
	catalogue, err := contract.LoadFrom("../../warehouse/contract/types/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(t.Context(), db, catalogue); err != nil {
		t.Fatal(err)
	}
	return fixture{db, catalogue}
}

func (f fixture) deriver(t *testing.T, rows int, hooks *derive.Hooks) *derive.Deriver {
	t.Helper()
	c := derive.DefaultConfig()
	c.Rows = rows
	d, err := derive.New(c, derive.Deps{DB: f.db, Catalogue: f.catalogue, Hooks: hooks, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type failer interface{ Fatal(args ...any) }

// land inserts statements and, after each, one refused row, as a loader would.
func (f fixture) land(t failer, statements ...statement) {
	ctx := context.Background()
	batch, err := f.db.PrepareBatch(ctx, "INSERT INTO log_case (stream, offset, batch, landed, status, op, revision, business_time, sent_time, key, digest, contract, sender, "+
		"organ, organ_id, handling_region, compartment, docket_kind, docket_number, docket_number_norm, opened_on)")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 6, 1, 8, 0, 0, 0, time.UTC)
	for _, s := range statements {
		op := "upsert"
		if s.retract {
			op = "retract"
		}
		digest := strings.Repeat(string(rune('a'+s.content)), 32)
		opened, organ := s.opened(), s.organ()
		err := batch.Append(s.stream, s.offset, "b", at, "accepted", op, s.revision, at, at, s.key, digest, uint16(1), "A33",
			&organ, &organ, ptr("330100"), ptr("general"), ptr("police_investigation"), ptr("1"), ptr("1"), &opened)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}

func ptr(s string) *string { return &s }

func once(t failer, d *derive.Deriver) warehouse.Counts {
	counts, err := d.Once(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !counts.Balanced() {
		t.Fatal("accounting does not balance", counts)
	}
	return counts
}

// rowsOf reads one text per row, sorted.
func (f fixture) rowsOf(t failer, sql string, args ...any) []string {
	rows, err := f.db.Query(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(sql, err)
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
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

const (
	currentSQL = "SELECT concat(key, ' r', toString(revision), '.', toString(ruling), ' ', substring(digest, 1, 1), ' ', toString(opened_on)) FROM case FINAL WHERE retracted = 0"
	historySQL = "SELECT concat(key, ' r', toString(revision), '.', toString(ruling), ' ', substring(digest, 1, 1), ' ', fate, ' ', stream, ':', toString(offset), if(retracted = 1, ' gone', '')) FROM case_history FINAL"
	fateSQL    = "SELECT concat(stream, ':', toString(offset), ' ', key, ' r', toString(revision), ' ', toString(fate)) FROM record_fate FINAL WHERE record_type = 'case'"
	touchedSQL = "SELECT concat(stream, ':', toString(offset), ' ', key, ' ', old_organ_id, '>', new_organ_id, ' ', toString(old_dates), '>', toString(new_dates), ' ', op) FROM touched FINAL WHERE record_type = 'case'"
)

func (f fixture) everything(t failer) []string {
	var all []string
	for _, sql := range []string{currentSQL, historySQL, fateSQL, touchedSQL} {
		all = append(all, f.rowsOf(t, sql)...)
	}
	return all
}

func equal(t failer, what string, got, want []string) {
	if !slices.Equal(got, want) {
		t.Fatal(fmt.Sprintf("%s:\n got  %s\n want %s", what, strings.Join(got, "\n      "), strings.Join(want, "\n      ")))
	}
}

func TestFatesOfStatementsOnOneKey(t *testing.T) {
	f := newFixture(t)
	d := f.deriver(t, 1000, nil)
	f.land(t,
		statement{"k/0", 0, "a", 2, 9, false}, // applied, opened on the 10th
		statement{"k/0", 1, "a", 2, 9, false}, // duplicate
		statement{"k/0", 2, "a", 2, 4, false}, // conflict
		statement{"k/0", 3, "a", 1, 3, false}, // superseded
		statement{"k/0", 4, "a", 3, 2, false}, // applied: corrects to an earlier day
		statement{"k/0", 5, "b", 1, 0, false}, // applied
		statement{"k/0", 6, "b", 2, 0, true},  // applied: retracted
		statement{"k/1", 0, "c", 1, 0, true},  // applied: retraction of the unseen
		statement{"k/1", 1, "c", 1, 0, false}, // conflict: same bytes, but not a retraction
		statement{"k/1", 2, "c", 2, 1, false}, // applied: revived
	)
	counts := once(t, d)
	want := warehouse.Counts{Read: 10, Accepted: 10, Applied: 6, Duplicate: 1, Superseded: 1, Conflict: 2}
	if counts != want {
		t.Fatalf("got %+v, want %+v", counts, want)
	}
	equal(t, "current", f.rowsOf(t, currentSQL), []string{"a r3.0 c 2025-01-03", "c r2.0 b 2025-01-02"})
	equal(t, "touched", f.rowsOf(t, touchedSQL), []string{
		"k/0:0 a >o1 []>['2025-01-10'] upsert",
		"k/0:4 a o1>o0 ['2025-01-10']>['2025-01-03'] upsert",
		"k/0:5 b >o0 []>['2025-01-01'] upsert",
		"k/0:6 b o0> ['2025-01-01']>[] retract",
		"k/1:0 c > []>[] retract",
		"k/1:2 c >o1 []>['2025-01-02'] upsert",
	})
	if counts := once(t, d); counts.Read != 0 {
		t.Fatalf("a second call found %d rows", counts.Read)
	}
	known, err := f.deriver(t, 1000, nil).Positions(t.Context())
	if err != nil || known["k/0"] != 6 || known["k/1"] != 2 {
		t.Fatal(known, err)
	}
}

func TestRulingDecidesConflict(t *testing.T) {
	f := newFixture(t)
	f.land(t, statement{"k/0", 0, "a", 2, 1, false}, statement{"k/0", 1, "a", 2, 6, false}, statement{"k/0", 2, "b", 2, 1, false}, statement{"k/0", 3, "b", 2, 6, false}, statement{"k/0", 4, "b", 3, 7, false})
	once(t, f.deriver(t, 1000, nil))
	for i, key := range []string{"a", "b"} {
		sql := fmt.Sprintf("INSERT INTO ruling VALUES ('case', '%s', 2, 1, 'k/0', %d, 'p', 'checked on paper', now64(3))", key, 1+2*i)
		if err := f.db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for p := derive.BeforeRuledCurrent; p <= derive.BeforeRuledHistory; p++ {
		if _, err := f.deriver(t, 1000, crashAt(p)).Once(t.Context()); !errors.Is(err, errCrash) {
			t.Fatalf("%s: %v", p, err)
		}
	}
	d := f.deriver(t, 1000, nil)
	once(t, d)
	want := f.everything(t)
	equal(t, "current", f.rowsOf(t, currentSQL), []string{"a r2.1 g 2025-01-07", "b r3.0 h 2025-01-08"})
	equal(t, "touched by ruling", f.rowsOf(t, touchedSQL+" AND op = 'ruling'"), []string{
		"k/0:1 a o1>o0 ['2025-01-02']>['2025-01-07'] ruling", "k/0:3 b o1>o0 ['2025-01-02']>['2025-01-07'] ruling",
	})
	once(t, d)
	equal(t, "after another call", f.everything(t), want)
	f.land(t, statement{"k/0", 5, "a", 2, 6, false}, statement{"k/0", 6, "a", 3, 3, false})
	once(t, d)
	equal(t, "current after a higher revision", f.rowsOf(t, currentSQL), []string{"a r3.0 d 2025-01-04", "b r3.0 h 2025-01-08"})
}

var errCrash = errors.New("crash")

func crashAt(p derive.Point) *derive.Hooks {
	return &derive.Hooks{Reach: func(at derive.Point, recordType string) error {
		if at == p && recordType == "case" {
			return errCrash
		}
		return nil
	}}
}

// life is a history with every fate, over two streams that meet in one key.
func life() []statement {
	var all []statement
	for i := range uint64(40) {
		stream := "k/0"
		if i%3 == 0 {
			stream = "k/1"
		}
		all = append(all, statement{stream, i, fmt.Sprint("key", i%5), 1 + (i*7)%4, byte(i / 20 * (i % 2)), i%11 == 0})
	}
	return all
}

func TestCrashBetweenStatementsLeavesNoTrace(t *testing.T) {
	calm := newFixture(t)
	calm.land(t, life()...)
	once(t, calm.deriver(t, 7, nil))
	want := calm.everything(t)
	for _, fate := range []string{"applied", "duplicate", "superseded", "conflict"} {
		if !strings.Contains(strings.Join(want, "\n"), fate) {
			t.Fatalf("the history holds no %s", fate)
		}
	}
	for p := derive.BeforeHistory; p <= derive.AfterFates; p++ {
		t.Run(p.String(), func(t *testing.T) {
			f := newFixture(t)
			f.land(t, life()...)
			crashes := 0
			hooks := &derive.Hooks{Reach: func(at derive.Point, recordType string) error {
				if at == p && recordType == "case" && crashes < 8 {
					crashes++
					if crashes%2 == 1 { // every pass crashes once
						return errCrash
					}
				}
				return nil
			}}
			for crashed := true; crashed; {
				// A new process after each crash, so nothing is remembered.
				_, err := f.deriver(t, 7, hooks).Once(t.Context())
				if crashed = err != nil; crashed && !errors.Is(err, errCrash) {
					t.Fatal(err)
				}
			}
			if crashes < 3 {
				t.Fatalf("only %d crashes", crashes)
			}
			equal(t, "tables", f.everything(t), want)
		})
	}
}

func TestBehindCountsWhatWaits(t *testing.T) {
	f := newFixture(t)
	d := f.deriver(t, 1000, nil)
	f.land(t, life()...)
	if n, err := d.Behind(t.Context()); err != nil || n != 40 {
		t.Fatal(n, err)
	}
	once(t, d)
	if n, err := d.Behind(t.Context()); err != nil || n != 0 {
		t.Fatal(n, err)
	}
}

// model is the whole rule in a few lines: the first statement per revision
// counts, the highest revision wins, a retraction hides.
type model map[string]map[uint64]statement

func (m model) take(s statement) {
	if m[s.key] == nil {
		m[s.key] = map[uint64]statement{}
	}
	if _, taken := m[s.key][s.revision]; !taken {
		m[s.key][s.revision] = s
	}
}

func (m model) current() []string {
	out := []string{}
	for key, versions := range m {
		var newest statement
		for _, s := range versions {
			if s.revision > newest.revision {
				newest = s
			}
		}
		if !newest.retract {
			out = append(out, fmt.Sprintf("%s r%d.0 %c %s", key, newest.revision, 'a'+newest.content, newest.opened().Format(time.DateOnly)))
		}
	}
	slices.Sort(out)
	return out
}

func TestAnyOrderAndAnyCutsGiveTheModelsTable(t *testing.T) {
	f := newFixture(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		d := f.deriver(t, rapid.IntRange(1, 6).Draw(r, "rows per cut"), nil)
		m := model{}
		next := map[string]uint64{}
		for range rapid.IntRange(1, 4).Draw(r, "arrivals") {
			var arrival []statement
			for range rapid.IntRange(1, 8).Draw(r, "statements") {
				s := statement{
					key:      fmt.Sprintf("%d/%d", round, rapid.IntRange(0, 2).Draw(r, "key")),
					revision: rapid.Uint64Range(1, 4).Draw(r, "revision"),
					content:  byte(rapid.IntRange(0, 2).Draw(r, "content")),
					retract:  rapid.Bool().Draw(r, "retract"),
				}
				// A key stays in its stream, as Kafka keeps it in its partition.
				s.stream = fmt.Sprintf("k/%d/%c", round, s.key[len(s.key)-1])
				s.offset = next[s.stream]
				next[s.stream] += rapid.Uint64Range(1, 3).Draw(r, "gap")
				arrival = append(arrival, s)
				m.take(s)
			}
			f.land(r, arrival...)
			once(r, d)
		}
		got := f.rowsOf(r, currentSQL+" AND startsWith(key, {prefix:String})", warehouse.Param("prefix", fmt.Sprintf("%d/", round)))
		if got == nil {
			got = []string{}
		}
		equal(r, "current", got, m.current())
	})
}

// TestAKeyMayMoveToAnotherPartition lets keys change their stream at any moment,
// as after a change of the number of partitions, and lets the streams arrive in
// any interleaving. Where each revision was stated in one way only, the table is
// the model's whatever the order; where one was stated in two ways, one of the
// two stands, the other is a conflict, and none is lost.
func TestAKeyMayMoveToAnotherPartition(t *testing.T) {
	f := newFixture(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		d := f.deriver(t, rapid.IntRange(1, 6).Draw(r, "rows per cut"), nil)
		m, ways, sent := model{}, map[string]map[byte]bool{}, 0
		streams := map[string][]statement{}
		for range rapid.IntRange(2, 20).Draw(r, "statements") {
			revision := rapid.Uint64Range(1, 4).Draw(r, "revision")
			n := rapid.IntRange(0, 2).Draw(r, "key")
			s := statement{key: fmt.Sprintf("m%d/%d", round, n), revision: revision, content: byte(revision) % 3, retract: revision == 3}
			if n == 2 && !s.retract { // this key is stated in more than one way
				s.content = byte(rapid.IntRange(0, 1).Draw(r, "content"))
			}
			s.stream = fmt.Sprintf("m%d/%d", round, rapid.IntRange(0, 1).Draw(r, "partition"))
			s.offset = uint64(len(streams[s.stream]))
			streams[s.stream] = append(streams[s.stream], s)
			m.take(s)
			at := fmt.Sprint(s.key, " r", revision)
			if ways[at] == nil {
				ways[at] = map[byte]bool{}
			}
			ways[at][s.content] = true
			sent++
		}
		for len(streams) > 0 { // the streams arrive piece by piece, one ahead of the other
			for name, waiting := range streams {
				n := rapid.IntRange(0, len(waiting)).Draw(r, "arrive")
				if n > 0 {
					f.land(r, waiting[:n]...)
					once(r, d)
				}
				if streams[name] = waiting[n:]; len(streams[name]) == 0 {
					delete(streams, name)
				}
			}
		}
		prefix := warehouse.Param("prefix", fmt.Sprintf("m%d/", round))
		if fates := f.rowsOf(r, fateSQL+" AND startsWith(key, {prefix:String})", prefix); len(fates) != sent {
			r.Fatalf("%d fates of %d statements", len(fates), sent)
		}
		want := m.current()
		got := f.rowsOf(r, currentSQL+" AND startsWith(key, {prefix:String})", prefix)
		for i, line := range got {
			if !strings.Contains(line, "/2 r") {
				continue
			}
			// Which of two ways came first is chance; it must be one of them.
			key, rest, _ := strings.Cut(line, " r")
			revision, _, _ := strings.Cut(rest, ".")
			content := rest[len(revision)+len(".0 ")] - 'a'
			if i >= len(want) || !ways[key+" r"+revision][content] || !strings.HasPrefix(want[i], key+" r"+revision+".") {
				r.Fatalf("%s, which nobody said; the model has %v", line, want)
			}
			got[i] = want[i]
		}
		if len(got)+len(want) > 0 {
			equal(r, "current", got, want)
		}
		stated := 0
		for at, contents := range ways {
			key, revision, _ := strings.Cut(at, " r")
			digests := f.rowsOf(r, "SELECT DISTINCT toString(digest) FROM case_history FINAL WHERE key = {key:String} AND revision = {revision:UInt64}", warehouse.Param("key", key), warehouse.Param("revision", revision))
			if len(digests) != len(contents) {
				r.Fatalf("%s was stated in %d ways and the history has %d", at, len(contents), len(digests))
			}
			stated++
		}
		if stated == 0 {
			r.Fatal("nothing was compared")
		}
	})
}
