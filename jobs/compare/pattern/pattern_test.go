package pattern

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// gists are four texts on different matters.
var gists = [4]string{
	"经查，你局在办理该案过程中未在法定期限内将犯罪嫌疑人移送看守所羁押，违反刑事诉讼法的规定",
	"辖区部分校外培训机构消防设施不全，安全出口堵塞，请依法履行监管职责并于两个月内书面回复",
	"你院适用简易程序审理该案，超过法定审理期限，且没有延长审理期限的批准手续，请予纠正",
	"涉案车辆被扣押后长期停放于露天场地，未随案移送，也未及时返还被害人，造成价值减损",
}

// country holds 24 procuratorates with forty documents each in 2025Q1, of which
// p1 shows every pattern and the others show each a little.
func country(t *testing.T) (*warehouse.DB, []Pattern) {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	ctx := t.Context()
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	patterns, err := Load("", contracts)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{func() error { return migrations.Apply(ctx, db) }, func() error { return contract.Reconcile(ctx, db, contracts) }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	var organs, documents, cases []string
	for o := range 24 {
		id := fmt.Sprintf("p%d", o)
		organs = append(organs, fmt.Sprintf("('%[1]s', '%[1]s', '%[1]s', '%[1]s', 'procuratorate', 'county', 'regular', '000000', %[2]d, '2000-01-01', '')", id, 90-o))
		for i := range 40 {
			odd := i%8 == 0
			if id == "p1" {
				odd = i%8 != 0
			}
			documents = append(documents, document(id, i, odd))
			closed := time.Date(2025, time.Month(1+i%3), 5, 0, 0, 0, 0, time.UTC)
			if id == "p1" && i%8 != 0 {
				closed = time.Date(2025, 3, 28, 0, 0, 0, 0, time.UTC)
			}
			cases = append(cases, fmt.Sprintf("('%[1]s-c%[2]d', 1, 0, 'applied', 's', %[2]d, '%[1]s', '%[4]s', 'n%[2]d', 'prosecution_review', '%[3]s')", id, i, closed.Format(time.DateOnly), compartment(i)))
		}
	}
	for _, sql := range []string{
		"INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES " + strings.Join(organs, ", "),
		"INSERT INTO run_input VALUES ('run', 's', 1000000)",
		"INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('pattern', 'run', 1, '2025-04-01', now64(3))",
		`INSERT INTO supervision_document_history (key, revision, ruling, fate, stream, offset, organ_id, compartment, document_number_norm, document_kind, target_organ_id, related_document_number_norm,
issued_on, withdrawn_on, replied_on, adopted, corrected_on, gist) VALUES ` + strings.Join(documents, ", "),
		"INSERT INTO case_history (key, revision, ruling, fate, stream, offset, organ_id, compartment, docket_number_norm, docket_kind, closed_on) VALUES " + strings.Join(cases, ", "),
	} {
		if err := db.Exec(ctx, sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	return db, patterns
}

// compartment keeps every tenth record from people without the clearance.
func compartment(i int) string {
	if i%10 == 3 {
		return "secret"
	}
	return "general"
}

// document is one document of an organ; an odd one shows every pattern: issued at
// the end of the quarter, orally, after another on the same docket was withdrawn,
// copied, and adopted without a day of correction.
func document(organ string, i int, odd bool) string {
	issued, kind, corrected := fmt.Sprintf("2025-02-%02d", 1+i%28), "correction_notice", "'2025-03-20'"
	gist := fmt.Sprintf("第%d号，%s，情形之%c%c", i, gists[i%4][:3*(10+i%17)], rune('一'+31*i), rune('丁'+57*i))
	docket, withdrawn := fmt.Sprintf("d%d", i), "NULL"
	if odd {
		issued, kind, corrected, gist = "2025-03-29", "oral_correction", "NULL", gists[0]
	}
	if odd && i%2 == 1 || organ != "p1" && i%16 == 0 {
		docket, withdrawn = fmt.Sprintf("d%d", i-i%2), "'2025-03-20'"
	}
	return fmt.Sprintf("('%[1]s-%[2]d', 1, 0, 'applied', 's', %[2]d, '%[1]s', '%[9]s', '%[2]d', '%[3]s', 't', '%[4]s', '%[5]s', %[6]s, '2025-03-31', true, %[7]s, '%[8]s')",
		organ, i, kind, docket, issued, withdrawn, corrected, gist, compartment(i))
}

func TestEveryPatternFindsTheOrganThatShowsIt(t *testing.T) {
	db, patterns := country(t)
	job, err := New(DefaultConfig(), Deps{DB: db, Patterns: patterns})
	if err != nil {
		t.Fatal(err)
	}
	report, err := job.Run(t.Context(), warehouse.Run{ID: "run", Generation: 1, AsOf: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	reader := NewReader(db, patterns)
	found, err := reader.Notable(t.Context(), access.Job("test"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range found {
		got[f.Pattern.ID] += f.Organ
		if f.Quarter.Format(time.DateOnly) != "2025-01-01" || f.Observed == 0 || f.Q > 0.1 || f.Pattern.Name.ZH == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, p := range patterns {
		if got[p.ID] != "p1" {
			t.Errorf("%s %s: %q stands out, want p1 alone (report %+v)", p.ID, p.Name.EN, got[p.ID], report)
		}
	}
	reader.evidence(t, db, found)
	if none, err := reader.Notable(t.Context(), access.Scope{}); err != nil || len(none) != 0 {
		t.Errorf("nobody sees nothing: %+v, %v", none, err)
	}
}

// evidence holds the records behind each finding against its count: all of them
// for a job, none of a compartment that a person may not see, none out of scope.
func (r *Reader) evidence(t *testing.T, db *warehouse.DB, found []Finding) {
	t.Helper()
	register, err := access.LoadRegister(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	here := register.ScopeOf(access.Account{Name: "a", Organs: []string{"p1"}, Compartments: []string{"general"}})
	elsewhere := register.ScopeOf(access.Account{Name: "b", Organs: []string{"p2"}, Compartments: []string{"general"}})
	for _, f := range found {
		all, err := r.Evidence(t.Context(), access.Job("test"), f.Pattern.ID, f.Organ, f.Quarter)
		if err != nil || uint64(len(all)) != f.Observed {
			t.Errorf("%s: %d records behind %d counted (%v)", f.Pattern.ID, len(all), f.Observed, err)
		}
		beside := 0
		for _, e := range all {
			if e.Key == "" || e.Docket == "" || e.Day.Before(f.Quarter) || !e.Day.Before(f.Quarter.AddDate(0, 3, 0)) || e.RecordType != f.Pattern.Record {
				t.Errorf("%s: %+v", f.Pattern.ID, e)
			}
			if e.Beside != "" && e.Beside != e.Key {
				beside++
			}
		}
		if named := f.Pattern.ID == "RP03" || f.Pattern.ID == "RP04"; named != (beside > 0) {
			t.Errorf("%s: %d records name the one beside", f.Pattern.ID, beside)
		}
		seen, err := r.Evidence(t.Context(), here, f.Pattern.ID, f.Organ, f.Quarter)
		if err != nil || len(seen) == 0 || len(seen) >= len(all) {
			t.Errorf("%s: %d of %d records outside the secret compartment (%v)", f.Pattern.ID, len(seen), len(all), err)
		}
		if _, err := r.Evidence(t.Context(), elsewhere, f.Pattern.ID, f.Organ, f.Quarter); warehouse.CodeOf(err) != warehouse.NotFound {
			t.Errorf("%s out of scope: %v", f.Pattern.ID, err)
		}
	}
	if _, err := r.Evidence(t.Context(), here, "RP01", "p1", time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("February begins no quarter: %v", err)
	}
}

func TestFaultsNameFileAndRemedy(t *testing.T) {
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	good := "id: RP01\nname: {zh: 甲, en: a}\nunit: {zh: 件, en: a}\nmeaning: {zh: 甲, en: a}\nexpected: nation\nrecord: case\nsql: SELECT 1 FROM {{state \"case\" \"organ_id\" \"closed_on\"}}\n"
	for what, c := range map[string][2]string{
		"unknown column": {strings.Replace(good, "closed_on", "nothing", 1), `no column "nothing"`},
		"unknown type":   {strings.Replace(good, `"case"`, `"cases"`, 1), `no record type "cases"`},
		"no organ":       {strings.Replace(good, ` "organ_id"`, "", 1), "organ_id among them"},
		"no record type": {strings.Replace(good, "record: case", "record: cases", 1), "name the record type of the rows"},
		"one language":   {strings.Replace(good, "name: {zh: 甲, en: a}", "name: {zh: 甲}", 1), "name: write it in both languages"},
		"unknown key":    {good + "rank: true\n", "line 8"},
		"other file":     {strings.Replace(good, "RP01", "RP02", 1), "differs from the file name"},
	} {
		_, err := load(fstest.MapFS{"patterns/RP01.yaml": {Data: []byte(c[0])}}, contracts)
		if err == nil || !strings.Contains(err.Error(), c[1]) || !strings.Contains(err.Error(), "patterns/RP01.yaml") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
