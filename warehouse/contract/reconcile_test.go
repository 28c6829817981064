package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func open(t *testing.T) (context.Context, *warehouse.DB) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return t.Context(), db
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lines runs a SELECT whose columns it joins as text.
func lines(ctx context.Context, t *testing.T, db *warehouse.DB, sql string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(ctx, sql, args...)
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		out = append(out, line)
	}
	must(t, rows.Err())
	return out
}

func sameLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReconcileTwiceChangesNothing(t *testing.T) {
	ctx, db := open(t)
	c := mustLoad(t, "testdata/overlay")
	must(t, Reconcile(ctx, db, c))
	const schema = "SELECT concat(table, '.', name, ' ', type) FROM system.columns WHERE database = {d:String} ORDER BY 1"
	before := lines(ctx, t, db, schema, warehouse.Param("d", db.Database()))
	must(t, Reconcile(ctx, db, c))
	sameLines(t, "columns after a second Reconcile", lines(ctx, t, db, schema, warehouse.Param("d", db.Database())), before...)
	stored, err := readTables(ctx, db)
	must(t, err)
	for _, typ := range c.Types() {
		for _, table := range []string{"log_" + typ.Name, typ.Name + "_history", typ.Name} {
			steps, err := typ.changes(table, stored[table])
			if err != nil || len(steps) > 0 {
				t.Errorf("%s: the server describes the table otherwise: %v, %v", table, steps, err)
			}
		}
	}
}

// small is a contract of two fields in a catalogue of its own.
func small(key string, fields ...Field) *Catalogue {
	t := &Type{Name: "small", Version: 1, Key: []string{key}, Fields: fields}
	return &Catalogue{types: []*Type{t}, byName: map[string]*Type{"small": t}}
}

func TestReconcileExtendsAndRefuses(t *testing.T) {
	ctx, db := open(t)
	number := Field{Name: "number", Kind: KindString, Required: true}
	state := Field{Name: "state", Kind: KindEnum, Required: true}
	must(t, Reconcile(ctx, db, small("number", number, state)))
	must(t, Reconcile(ctx, db, small("number", number, state, Field{Name: "early", Kind: KindUint, Required: true}))) // empty tables take it
	must(t, db.Exec(ctx, "INSERT INTO small_history (key, number, state, early) VALUES ('a', 'a', 'open', 7)"))

	wide := []Field{number, {Name: "state", Kind: KindEnum}, {Name: "early", Kind: KindUint}, {Name: "later", Kind: KindDate}}
	must(t, Reconcile(ctx, db, small("number", wide...)))
	sameLines(t, "row after widening", lines(ctx, t, db, "SELECT concat(number, ' ', ifNull(state, '-'), ' ', toString(ifNull(early, 0)), ' ', ifNull(toString(later), 'null')) FROM small_history"), "a open 7 null")
	sameLines(t, "types after widening", lines(ctx, t, db, "SELECT type FROM system.columns WHERE database = {d:String} AND table = 'small_history' AND name IN ('state', 'early', 'later') ORDER BY name", warehouse.Param("d", db.Database())),
		"Nullable(UInt64)", "Nullable(Date32)", "LowCardinality(Nullable(String))")

	for _, c := range []struct {
		name, key string
		fields    []Field
		want      string
	}{
		{"another type", "number", []Field{number, {Name: "state", Kind: KindDate}, wide[2], wide[3]}, "give the field a new name instead"},
		{"required again", "number", []Field{number, state, wide[2], wide[3]}, "column state of table small_history is LowCardinality(Nullable(String)) and the contract needs LowCardinality(String)"},
		{"removed", "number", wide[:3], "belongs to no field any more"},
		{"new and required", "number", append(slices.Clone(wide), Field{Name: "fresh", Kind: KindBool, Required: true}), "make it optional"},
		{"another key", "state", wide, "natural key is now (state)"},
	} {
		err := Reconcile(ctx, db, small(c.key, c.fields...))
		if warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(fmt.Sprint(err), c.want) || strings.Contains(fmt.Sprint(err), "\n") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

const petitions = `INSERT INTO petition_history
(key, revision, ruling, retracted, fate, stream, offset, organ, organ_id, compartment, petition_number, petition_number_norm, person_no, received_at, answered_on, outcome, amount, repeated) VALUES
('o1|n1', 1, 0, 0, 'applied', 's', 1, 'c1', 'o1', 'general', 'n1', 'n1', '1', '2025-03-03 09:30:00.000', NULL, NULL, 12.5, true),
('o1|n1', 2, 0, 0, 'applied', 's', 3, 'c1', 'o1', 'secret', 'n1', 'n1', '1', '2025-03-03 09:30:00.000', '1949-10-01', 'supported', NULL, NULL),
('o1|n1', 2, 0, 0, 'conflict', 's', 4, 'c1', 'o1', 'general', 'n1', 'n1', '1', NULL, NULL, 'refused', NULL, NULL),
('o1|n2', 5, 0, 0, 'applied', 's', 2, 'c1', 'o1', 'general', 'a|b', 'a|b', '1', NULL, '2025-03-09', 'refused', NULL, NULL),
('o1|n2', 4, 0, 0, 'superseded', 's', 6, 'c1', 'o1', 'general', 'a|b', 'a|b', '1', NULL, NULL, NULL, NULL, NULL),
('o1|n3', 1, 0, 0, 'applied', 's', 5, 'c1', 'o1', 'general', 'n3', 'n3', '1', '2025-03-03 09:30:00.000', NULL, NULL, NULL, NULL),
('o1|n3', 2, 0, 1, 'applied', 's', 7, 'c1', 'o1', 'general', 'n3', 'n3', '1', NULL, NULL, NULL, NULL, NULL),
('o1|n4', 1, 0, 0, 'applied', 'other', 1, 'c1', 'o1', 'general', 'n4', 'n4', '1', '2025-03-03 09:30:00.000', NULL, NULL, NULL, NULL)`

func TestStateFollowsWhatTheRunKnows(t *testing.T) {
	ctx, db := open(t)
	c := mustLoad(t, "testdata/overlay")
	must(t, Reconcile(ctx, db, c))
	must(t, db.Exec(ctx, petitions))
	must(t, db.Exec(ctx, "INSERT INTO run_input VALUES ('late', 's', 7), ('early', 's', 1), ('middle', 's', 6), ('both', 's', 7), ('both', 'other', 1)"))
	p, _ := c.Type("petition")
	state := "SELECT concat(key, ' ', toString(revision), ' ', ifNull(outcome, 'null')) FROM " + p.StateSQL() + " ORDER BY key"
	for run, want := range map[string][]string{
		"none":   nil,
		"early":  {"o1|n1 1 null"},
		"middle": {"o1|n1 2 supported", "o1|n2 5 refused", "o1|n3 1 null"},
		"late":   {"o1|n1 2 supported", "o1|n2 5 refused"},
		"both":   {"o1|n1 2 supported", "o1|n2 5 refused", "o1|n4 1 null"},
	} {
		sameLines(t, "state of run "+run, lines(ctx, t, db, state, warehouse.Param("run", run)), want...)
	}
	// A ruling makes the other record of the conflict the current one.
	must(t, db.Exec(ctx, "INSERT INTO petition_history (key, revision, ruling, fate, stream, offset, outcome) VALUES ('o1|n1', 2, 1, 'applied', 's', 4, 'refused')"))
	sameLines(t, "state after a ruling", lines(ctx, t, db, state, warehouse.Param("run", "late")), "o1|n1 2 refused", "o1|n2 5 refused")
}

func TestEventsOfTheState(t *testing.T) {
	ctx, db := open(t)
	c := mustLoad(t, "testdata/overlay")
	must(t, Reconcile(ctx, db, c))
	must(t, db.Exec(ctx, petitions))
	must(t, db.Exec(ctx, "INSERT INTO run_input VALUES ('late', 's', 7), ('early', 's', 1)"))
	p, _ := c.Type("petition")
	show := `SELECT concat(event, ' ', toString(ordinal), ' ', toString(at), ' ', toString(precision), ' ', compartment, ' ', docket, ' ', person_entry, ' ', toString(attributes), ' ', toString(tie), ' ', record_type, ' ', record_key, ' ', toString(revision))`
	sameLines(t, "events, early", lines(ctx, t, db, show+" FROM ("+p.EventsSQL()+") ORDER BY event, record_key", warehouse.Param("run", "early")),
		"petition.received 0 2025-03-03 09:30:00.000 minute general o1|petition|n1 o1|petition|n1|1 {'repeated':'true','amount':'12.5'} 1 petition o1|n1 1")
	want := []string{
		`petition.answered 0 1949-10-01 00:00:00.000 day secret o1|petition|n1 o1|petition|n1|1 {'outcome':'supported'} 2 petition o1|n1 2`,
		`petition.answered 0 2025-03-09 00:00:00.000 day general o1|petition|a\|b o1|petition|a\|b|1 {'outcome':'refused'} 2 petition o1|n2 5`,
		`petition.received 0 2025-03-03 09:30:00.000 minute secret o1|petition|n1 o1|petition|n1|1 {} 1 petition o1|n1 2`,
		`petition.supported 2 1949-10-01 00:00:00.000 day secret o1|petition|n1 o1|petition|n1|1 {} 3 petition o1|n1 2`,
	}
	sameLines(t, "events, late", lines(ctx, t, db, show+" FROM ("+p.EventsSQL()+") ORDER BY event, record_key", warehouse.Param("run", "late")), want...)
	if docket := JoinKey("o1", "petition", "a|b"); !strings.Contains(want[1], docket+" "+docket+"|1 ") {
		t.Errorf("SQL and Go join keys differently: %s", docket)
	}
	// The rows fit table case_event.
	must(t, db.Exec(ctx, "INSERT INTO case_event (run_id, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision) SELECT 'late', docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision FROM ("+p.EventsSQL()+")", warehouse.Param("run", "late")))
	sameLines(t, "events in the table", lines(ctx, t, db, show+" FROM case_event ORDER BY event, record_key"), want...)
}

func TestEveryTypeRunsOnTheEngine(t *testing.T) {
	ctx, db := open(t)
	c := mustLoad(t, "testdata/overlay")
	must(t, Reconcile(ctx, db, c))
	for _, typ := range c.Types() {
		sqls := []string{"SELECT toString(count()) FROM " + typ.StateSQL(), "SELECT toString(count()) FROM (SELECT " + typ.KeySQL() + ", " + typ.DocketSQL() + ", " + typ.PersonEntrySQL() + " FROM " + quote("log_"+typ.Name) + ")"}
		if events := typ.EventsSQL(); events != "" {
			sqls = append(sqls, "SELECT toString(count()) FROM ("+events+")")
		} else if len(typ.Events) > 0 {
			t.Errorf("%s declares events and has no SQL", typ.Name)
		}
		for _, sql := range sqls {
			sameLines(t, typ.Name, lines(ctx, t, db, sql, warehouse.Param("run", "r")), "0")
		}
	}
}

func TestNoTypeTakesTheNameOfATable(t *testing.T) {
	ctx, db := open(t)
	taken, err := migrations.Tables()
	must(t, err)
	for _, table := range lines(ctx, t, db, "SELECT name FROM system.tables WHERE database = {d:String} ORDER BY name", warehouse.Param("d", db.Database())) {
		if !slices.Contains(taken, table) {
			t.Errorf("table %s is missing in the list of taken names", table)
		}
	}
}
