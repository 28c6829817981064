package migrations

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func open(t *testing.T) (context.Context, *warehouse.DB) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	return t.Context(), warehouse.Wrap(s.Conn(t, base), base)
}

func tables(ctx context.Context, t *testing.T, db *warehouse.DB) []string {
	t.Helper()
	var names []string
	if err := db.QueryRow(ctx, "SELECT arraySort(groupArray(name)) FROM system.tables WHERE database = {d:String}", warehouse.Param("d", db.Database())).Scan(&names); err != nil {
		t.Fatal(err)
	}
	return names
}

func steps(ctx context.Context, t *testing.T, db *warehouse.DB) uint64 {
	t.Helper()
	var n uint64
	if err := db.QueryRow(ctx, "SELECT count() FROM schema_migration").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestApplyTwiceLeavesNothingToDo(t *testing.T) {
	ctx, db := open(t)
	if err := Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	names, n := tables(ctx, t, db), steps(ctx, t, db)
	for _, want := range []string{"run", "seal_key", "verdict", "warehouse_birth"} {
		if !slices.Contains(names, want) {
			t.Errorf("table %s is missing of %v", want, names)
		}
	}
	if err := Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if again := steps(ctx, t, db); again != n {
		t.Errorf("a second Apply noted %d more steps", again-n)
	}
}

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	ctx, db := open(t)
	one := "-- a table\nCREATE TABLE IF NOT EXISTS one (a String) ENGINE = MergeTree\n  ORDER BY a;\nCREATE TABLE IF NOT EXISTS two (a String) ENGINE = MergeTree ORDER BY a;\n"
	files := fstest.MapFS{"sql/0001_one.sql": {Data: []byte(one)}, "sql/0002_more.sql": {Data: []byte("CREATE TABLE IF NOT EXISTS three (a String) ENGINE = MergeTree ORDER BY a;")}}
	if err := apply(ctx, db, files); err != nil {
		t.Fatal(err)
	}
	if got := tables(ctx, t, db); !slices.Equal(got, []string{"one", "schema_migration", "three", "two"}) {
		t.Fatalf("tables %v", got)
	}
	changed := fstest.MapFS{"sql/0001_one.sql": {Data: []byte(one + "\n")}, "sql/0002_more.sql": files["sql/0002_more.sql"]}
	if err := apply(ctx, db, changed); err == nil || !strings.Contains(err.Error(), "0001_one.sql was applied with another text") {
		t.Errorf("a changed file: %v", err)
	}
	if err := apply(ctx, db, fstest.MapFS{"sql/0001_one.sql": files["sql/0001_one.sql"]}); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("an unknown step: %v", err)
	}
	if _, err := read(fstest.MapFS{"sql/0001_a.sql": {}, "sql/0001_b.sql": {}}); err == nil {
		t.Error("two files with one number were taken")
	}
	if _, err := read(fstest.MapFS{"sql/1_a.sql": {}}); err == nil {
		t.Error("a file without a number of four digits was taken")
	}
}

func TestBirthIsWrittenOnce(t *testing.T) {
	ctx, db := open(t)
	if err := Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if _, err := Kind(ctx, db); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Fatalf("kind before birth: %v", err)
	}
	now := time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC)
	for range 2 {
		if err := Birth(ctx, db, Simulated, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := Birth(ctx, db, Real, now); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("a second kind: %v", err)
	}
	if err := Birth(ctx, db, "other", now); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("an unknown kind: %v", err)
	}
	var rows uint64
	if err := db.QueryRow(ctx, "SELECT count() FROM warehouse_birth").Scan(&rows); err != nil || rows != 1 {
		t.Fatalf("%d rows of birth, %v", rows, err)
	}
	if kind, err := Kind(ctx, db); err != nil || kind != Simulated {
		t.Fatalf("kind %q, %v", kind, err)
	}
}

func TestApplyRefusesANewerFormat(t *testing.T) {
	ctx, db := open(t)
	if err := Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(ctx, "INSERT INTO warehouse_birth SELECT 'real', now64(3), 9"); err != nil {
		t.Fatal(err)
	}
	err := Apply(ctx, db)
	if warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(err.Error(), "format 9") {
		t.Fatalf("a newer format: %v", err)
	}
}
