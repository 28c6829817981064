package indicator

import (
	"context"
	"flag"
	"fmt"
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

// insert writes rows of a record type into its history, or into verdict for a run.
func (r ready) insert(t *testing.T, from, stream, run string, rows []map[string]string) {
	t.Helper()
	for i, row := range rows {
		columns := []string{"key", "revision", "ruling", "retracted", "fate", "stream", "offset", "business_on"}
		values := []string{fmt.Sprintf("'%s/%d'", stream, i), "1", "0", "0", "'applied'", "'" + stream + "'", fmt.Sprint(i), "'2025-01-15'"}
		table := "`" + from + "_history`"
		if from == fromVerdict {
			table = "verdict"
			columns, values = []string{"run_id", "generation", "finding_id"}, []string{"'" + run + "'", "1", fmt.Sprintf("'f%d'", i)}
		}
		given := map[string]string{"organ_id": defaultOrgan}
		if c, ok := columnsOf(r.contracts, from); ok {
			if _, ok := c["organ_id"]; !ok {
				delete(given, "organ_id")
			}
		}
		for k, v := range row {
			given[k] = v
		}
		for k, v := range given {
			if k == "business_on" {
				values[slices.Index(columns, k)] = "'" + v + "'"
				continue
			}
			columns, values = append(columns, k), append(values, "'"+v+"'")
		}
		r.exec(t, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+strings.Join(values, ", ")+")")
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
