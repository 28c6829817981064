package compare

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// country is a database with the national procuratorate, five provinces and
// their values of one indicator.
func country(t *testing.T) *warehouse.DB {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	ctx := context.Background()
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(ctx, db, contracts); err != nil {
		t.Fatal(err)
	}
	organs := []string{"('o0', 'o0', 'c0', 'n', 'procuratorate', 'national', 'regular', '000000', 0, '2000-01-01', '')"}
	var values []string
	for i, v := range [][2]int{{50, 100}, {500, 1000}, {9, 19}, {70, 100}, {38, 100}} {
		organs = append(organs, fmt.Sprintf("('p%[1]d', 'p%[1]d', 'c%[1]d%[1]d', 'n', 'procuratorate', 'provincial', 'regular', '000000', %[2]d, '2000-01-01', 'o0')", i, 10-i))
		for _, coverage := range []string{"own", "closure"} {
			values = append(values, fmt.Sprintf("('run', 1, 'live', 'PR02', 'quarter', '2025Q1', '2025-01-01', '2025-03-31', 'p%d', '%s', '', %d, %d, %d, 0, 'value')", i, coverage, v[0], v[1], v[1]))
		}
	}
	values = append(values, "('run', 1, 'live', 'SV04', 'quarter', '2025Q1', '2025-01-01', '2025-03-31', 'p1', 'closure', '', 9, 4, 4, 0, 'value')")
	for _, sql := range []string{
		"INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES " + strings.Join(organs, ", "),
		"INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status) VALUES " + strings.Join(values, ", "),
		"INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('compare', 'run', 1, '2025-04-01', now64(3))",
	} {
		if err := db.Exec(ctx, sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	return db
}

func TestRunPlacesProvincesAmongThemselves(t *testing.T) {
	db := country(t)
	ctx := context.Background()
	job, err := New(DefaultConfig(), Deps{DB: db, Proportions: []string{"PR02"}})
	if err != nil {
		t.Fatal(err)
	}
	report, err := job.Run(ctx, warehouse.Run{ID: "run", Generation: 1, AsOf: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if report.Rows != 5 || report.Units != 1 || report.Figures["without_position"] != 1 {
		t.Errorf("report %+v, want 5 places of 1 group, 1 without position", report)
	}
	reader := NewReader(db)
	q := Query{Indicator: "PR02", PeriodKind: "quarter", Period: "2025Q1", PeerGroup: "provincial"}
	all, err := reader.Compare(ctx, access.Job("test"), q)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all.Standings {
		got = append(got, s.Organ+" "+s.Position)
		if (s.Limits == nil) != (s.Position == "") {
			t.Errorf("%s: limits go with a position: %+v", s.Organ, s)
		}
	}
	if s, want := strings.Join(got, ", "), "p4 below_95, p3 above_998, p2 , p1 within, p0 within"; s != want {
		t.Errorf("places %s\nwant   %s (administrative order, no rank)", s, want)
	}
	register, err := access.LoadRegister(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	one, err := reader.Compare(ctx, register.ScopeOf(access.Account{Name: "p1", Organs: []string{"p1"}, Compartments: []string{"general"}}), q)
	if err != nil || len(one.Standings) != 1 || one.Standings[0].Organ != "p1" || one.Centre != all.Centre {
		t.Errorf("a province sees itself against the whole group's centre: %+v (%v)", one, err)
	}
	if _, err := reader.Compare(ctx, access.Scope{}, q); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("nobody sees nothing: %v", err)
	}
	q.Indicator = "SV04"
	if _, err := reader.Compare(ctx, access.Job("test"), q); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("a flow ratio has no comparison: %v", err)
	}
}
