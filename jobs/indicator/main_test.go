package indicator

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

var update = flag.Bool("update", false, "write testdata/golden from this run")

func TestMain(m *testing.M) { enginetest.Main(m) }

// ready is a database with all tables and the catalogue in force.
type ready struct {
	db        *warehouse.DB
	contracts *contract.Catalogue
	catalogue *Catalogue
	job       *Job
}

// setUp makes a fresh database on the real engine.
func setUp(t *testing.T, overlay string) ready {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	r := ready{db: warehouse.Wrap(s.Conn(t, base), base)}
	r.contracts, r.catalogue = loaded(t, overlay)
	ctx := context.Background()
	if err := migrations.Apply(ctx, r.db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(ctx, r.db, r.contracts); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.job, err = New(DefaultConfig(), Deps{DB: r.db, Contracts: r.contracts, Catalogue: r.catalogue}); err != nil {
		t.Fatal(err)
	}
	return r
}

// loaded loads contracts and catalogue.
func loaded(t *testing.T, overlay string) (*contract.Catalogue, *Catalogue) {
	t.Helper()
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := Load(overlay, contracts)
	if err != nil {
		t.Fatal(err)
	}
	return contracts, catalogue
}

// input makes a run that knows everything of one stream.
func (r ready) input(t *testing.T, run, stream string, asOf string) warehouse.Run {
	t.Helper()
	day, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		t.Fatal(err)
	}
	r.exec(t, fmt.Sprintf("INSERT INTO run_input (run_id, stream, offset) VALUES ('%s', '%s', 1000000)", run, stream))
	return warehouse.Run{ID: run, Generation: 1, AsOf: day}
}

// exec runs a statement of the test.
func (r ready) exec(t *testing.T, sql string) {
	t.Helper()
	if err := r.db.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
}

// insert writes rows of a record type into its history, or into verdict for a
// run, in one statement; a column that a row does not name keeps its default.
func (r ready) insert(t *testing.T, from, stream, run string, rows []map[string]string) {
	t.Helper()
	table, columns := "`"+from+"_history`", []string{"key", "revision", "fate", "stream", "offset"}
	if from == fromVerdict {
		table, columns = "verdict", []string{"run_id", "generation", "finding_id"}
	}
	known, _ := columnsOf(r.contracts, from)
	named := map[string]bool{}
	for _, row := range rows {
		for name := range row {
			if name != "_key" {
				named[name] = true
			}
		}
	}
	fallback := map[string]string{"organ_id": defaultOrgan}
	if from != fromVerdict {
		fallback["business_on"] = "2025-01-15"
	}
	for name := range fallback {
		if _, ok := known[name]; ok || name == "business_on" {
			named[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(named))
	lines := make([]string, len(rows))
	for i, row := range rows {
		key := row["_key"]
		if key == "" {
			key = fmt.Sprintf("%s/%d", stream, i)
		}
		values := []string{"'" + key + "'", "1", "'applied'", "'" + stream + "'", fmt.Sprint(i)}
		if from == fromVerdict {
			values = []string{"'" + run + "'", "1", fmt.Sprintf("'f%d'", i)}
		}
		for _, name := range names {
			v, ok := row[name]
			if !ok {
				v, ok = fallback[name]
			}
			if ok && !strings.HasPrefix(v, "[") {
				v = "'" + v + "'"
			} else if !ok {
				v = "NULL"
			}
			values = append(values, v)
		}
		lines[i] = "(" + strings.Join(values, ", ") + ")"
	}
	for _, into := range []string{table, "`" + from + "`"} {
		if into != "`"+fromVerdict+"`" {
			r.exec(t, "INSERT INTO "+into+" ("+strings.Join(append(columns, names...), ", ")+") VALUES "+strings.Join(lines, ", "))
		}
	}
}

// golden compares text with a file, or writes it with -update.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if string(want) != text {
		t.Errorf("%s differs from this run: review it and run with -update\n%s", path, text)
	}
}
