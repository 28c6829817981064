package compare

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hengjian/jobs/compare/control"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

const provinces = 26

// country is a database with the national procuratorate, 26 provinces, their
// values of one indicator in a quarter and in 15 months, and one flow ratio.
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
	value := func(kind, period, from, to, organ, coverage, dim string, num, den int) {
		values = append(values, fmt.Sprintf("('run', 1, 'live', 'PR02', '%s', '%s', '%s', '%s', '%s', '%s', '%s', %d, %d, %d, 0, 'value')", kind, period, from, to, organ, coverage, dim, num, den, den))
	}
	for i := range provinces {
		organ := fmt.Sprintf("p%02d", i)
		organs = append(organs, fmt.Sprintf("('%[1]s', '%[1]s', 'c%[1]s', 'n', 'procuratorate', 'provincial', 'regular', '000000', %[2]d, '2000-01-01', 'o0')", organ, 100-i))
		num, den := 100+i%3, 1000+100*(i/10)
		num = num * den / 1000
		switch i {
		case 3:
			num = 190
		case 5:
			num, den = 2, 19
		}
		value("quarter", "2025Q1", "2025-01-01", "2025-03-31", organ, "closure", "", num, den)
		value("quarter", "2025Q1", "2025-01-01", "2025-03-31", organ, "closure", "charge_group=theft", num*3/4, den/2)
		value("quarter", "2025Q1", "2025-01-01", "2025-03-31", organ, "closure", "charge_group=fraud", num-num*3/4, den-den/2)
		value("quarter", "2025Q1", "2025-01-01", "2025-03-31", organ, "own", "", num, den)
		for m := range 15 {
			from := time.Date(2024, time.Month(1+m), 1, 0, 0, 0, 0, time.UTC)
			n := 30 + m%2
			if i == 7 && m == 14 {
				n = 70
			}
			value("month", from.Format("2006-01"), from.Format(time.DateOnly), from.AddDate(0, 1, -1).Format(time.DateOnly), organ, "closure", "", n, 300)
		}
	}
	values = append(values, "('run', 1, 'live', 'SV04', 'quarter', '2025Q1', '2025-01-01', '2025-03-31', 'p01', 'closure', '', 30, 25, 25, 0, 'value')")
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

func ran(t *testing.T) (*warehouse.DB, warehouse.Report) {
	t.Helper()
	db := country(t)
	job, err := New(DefaultConfig(), Deps{DB: db, Proportions: []string{"PR02"}, Rates: []string{"SV04"}})
	if err != nil {
		t.Fatal(err)
	}
	report, err := job.Run(t.Context(), warehouse.Run{ID: "run", Generation: 1, AsOf: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return db, report
}

func TestRunPlacesProvincesAmongThemselves(t *testing.T) {
	db, report := ran(t)
	ctx := context.Background()
	if report.Figures["courses"] != provinces || report.Figures["course_signals"] == 0 {
		t.Errorf("report %+v", report)
	}
	reader := NewReader(db)
	for group, members := range map[string]int{"provincial": 26, "provincial/large": 8, "provincial/middle": 10, "provincial/small": 8, "provincial/similar": 26} {
		all, err := reader.Compare(ctx, access.Job("test"), Query{Indicator: "PR02", PeriodKind: "quarter", Period: "2025Q1", PeerGroup: group})
		if err != nil || len(all.Standings) != members {
			t.Errorf("%s has %d members (%v), want %d", group, len(all.Standings), err, members)
		}
	}
	q := Query{Indicator: "PR02", PeriodKind: "quarter", Period: "2025Q1", PeerGroup: "provincial"}
	all, err := reader.Compare(ctx, access.Job("test"), q)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range all.Standings {
		want := fmt.Sprintf("p%02d", provinces-1-i)
		if s.Organ != want {
			t.Fatalf("place %d is %s, administrative order says %s", i, s.Organ, want)
		}
		switch s.Organ {
		case "p03":
			if s.Mix == nil || s.Mix.Direct == nil || s.Mix.Z < 3 {
				t.Errorf("p03 has the charges of all and keeps its difference: %+v", s.Mix)
			}
			if s.Position != "above_998" || !s.Notable || s.Q == nil || *s.Q > 0.01 {
				t.Errorf("p03 stands out: %+v", s)
			}
		case "p05":
			if s.Position != "" || s.Limits != nil || s.Q != nil || s.Mix != nil {
				t.Errorf("p05 is too small: %+v", s)
			}
		default:
			if s.Notable || s.Position != "within" || s.Limits == nil {
				t.Errorf("%s does not stand out: %+v", s.Organ, s)
			}
		}
	}
	register, err := access.LoadRegister(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	one, err := reader.Compare(ctx, register.ScopeOf(access.Account{Name: "p1", Organs: []string{"p01"}, Compartments: []string{"general"}}), q)
	if err != nil || len(one.Standings) != 1 || one.Standings[0].Organ != "p01" || one.Centre != all.Centre {
		t.Errorf("a province sees itself against the whole group's centre: %+v (%v)", one, err)
	}
	if _, err := reader.Compare(ctx, access.Scope{}, q); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("nobody sees nothing: %v", err)
	}
	q.Indicator = "SV04"
	if rates, err := reader.Compare(ctx, access.Job("test"), q); err != nil || rates.Standings[0].Method != "count" || rates.Centre != 1.2 {
		t.Errorf("a flow ratio is compared as a count per denominator and may exceed 1: %+v, %v", rates, err)
	}
}

func TestReasonNamesTheParts(t *testing.T) {
	db, _ := ran(t)
	reader := NewReader(db)
	q := Query{Run: "run", Indicator: "PR02", PeriodKind: "quarter", Period: "2025Q1", PeerGroup: "provincial"}
	all, err := reader.Compare(t.Context(), access.Job("test"), q)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := reader.Parts(t.Context(), access.Job("test"), q)
	if err != nil || len(parts) != 1 || len(parts["p03"]) != 3 {
		t.Fatalf("parts of p03: %+v, %v", parts, err)
	}
	if none, err := reader.Parts(t.Context(), access.Scope{}, q); err != nil || len(none) != 0 {
		t.Errorf("parts are seen within scope only: %+v, %v", none, err)
	}
	for _, s := range all.Standings {
		if s.Organ != "p03" {
			continue
		}
		got := Reason(s, "%", parts["p03"], func(p Part, lang string) string { return lang + ":" + p.Name })
		for _, want := range []string{"19.0%（190/1000）", "zh:p03（+8", "zh:theft（+9", "标准化后为"} {
			if !strings.Contains(got.ZH, want) {
				t.Errorf("the reason lacks %q: %s", want, got.ZH)
			}
		}
		if !strings.Contains(got.EN, "en:theft (+9") {
			t.Errorf("the English reason: %s", got.EN)
		}
	}
}

func TestCourseShowsTheMonthOutside(t *testing.T) {
	db, _ := ran(t)
	course, err := NewReader(db).Course(t.Context(), access.Job("test"), "", "PR02", "p07")
	if err != nil || len(course.Periods) != 15 || len(course.Adjusted) != 15 {
		t.Fatalf("%+v, %v", course, err)
	}
	found := false
	for _, s := range course.Signals {
		if s.Kind == control.Outside && s.Period == "2025-03" {
			found = s.Up && strings.Contains(Sentence(s, "%").ZH, "2025-03为23.3%")
		}
	}
	if !found {
		t.Errorf("March 2025 lies outside: %+v", course.Signals)
	}
	if _, err := NewReader(db).Course(t.Context(), access.Job("test"), "", "SV04", "p07"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("no months, no course: %v", err)
	}
}
