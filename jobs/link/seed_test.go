package link

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// stream is the one source of all test records.
const stream = "kafka:test/records/1/0"

// store is a database with all tables and the contracts they came from.
type store struct {
	*warehouse.DB
	catalogue *contract.Catalogue
	offset    uint64
	revision  uint64 // of the next records; 0 is 1
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := migrations.Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(ctx, db, catalogue); err != nil {
		t.Fatal(err)
	}
	return &store{DB: db, catalogue: catalogue}
}

// put writes one record into the history as derive does; fields are "name value".
func (s *store) put(t *testing.T, record string, fields map[string]string) {
	t.Helper()
	typ, _ := s.catalogue.Type(record)
	var values, columns []string
	add := func(column, expression string) {
		values = append(values, expression+" AS `"+column+"`")
		columns = append(columns, "`"+column+"`")
	}
	all := maps.Clone(fields)
	all["handling_region"], all["compartment"] = "330106", "general"
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, ok := typ.Field(name)
		if !ok {
			t.Fatalf("%s has no field %s", record, name)
		}
		value := "'" + all[name] + "'"
		switch f.Kind {
		case contract.KindDate:
			value = "toDate32(" + value + ")"
		case contract.KindInstant:
			value = "toDateTime64(" + value + ", 3, 'Asia/Shanghai')"
		case contract.KindOrgan:
			add(name+"_id", value)
		case contract.KindDocumentNumber, contract.KindCourtCaseNumber:
			add(name+"_norm", value)
		case contract.KindUint, contract.KindBool:
			value = all[name]
		}
		add(name, value)
	}
	s.offset++
	sql := fmt.Sprintf("INSERT INTO `%s_history` (key, revision, ruling, retracted, fate, stream, offset, %s) SELECT %s, %d, 0, 0, 'applied', '%s', %d, %s FROM (SELECT %s)",
		record, strings.Join(columns, ", "), typ.KeySQL(), max(s.revision, 1), stream, s.offset, strings.Join(columns, ", "), strings.Join(values, ", "))
	if err := s.Exec(context.Background(), sql); err != nil {
		t.Fatalf("put %s: %v", record, err)
	}
}

// run makes a run that knows everything put so far.
func (s *store) run(t *testing.T, generation uint32) warehouse.Run {
	t.Helper()
	r := warehouse.Run{ID: fmt.Sprintf("run-%d", generation), Generation: generation}
	if err := s.Exec(context.Background(), fmt.Sprintf("INSERT INTO run_input VALUES ('%s', '%s', %d)", r.ID, stream, s.offset)); err != nil {
		t.Fatal(err)
	}
	return r
}

// lines returns the rows of a query of text columns, joined by blanks.
func (s *store) lines(t *testing.T, sql string, columns int) []string {
	t.Helper()
	rows, err := s.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		values, targets := make([]string, columns), make([]any, columns)
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(values, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
