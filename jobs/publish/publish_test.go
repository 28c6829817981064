package publish

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

var update = flag.Bool("update", false, "write testdata/golden from this run")

func TestMain(m *testing.M) { enginetest.Main(m) }

// defined stands for the indicator catalogue.
func defined() []Definition {
	var out []Definition
	for _, id := range templates["quarterly"].indicators {
		d := Definition{ID: id, ZH: "指标" + id, EN: "Indicator " + id, Unit: "人", TextZH: "定义", TextEN: "Definition", Basis: "刑事诉讼法 第九十条"}
		switch id {
		case "AR02b", "PR02", "TR01", "SU01", "SU02":
			d.Share, d.Ratio, d.Unit = true, true, "%"
		case "SV04", "EX01":
			d.Ratio, d.Unit = true, "%"
		}
		out = append(out, d)
	}
	return out
}

// country is a warehouse with a committed run of a small country.
func country(t *testing.T, kind string) (*warehouse.DB, *Publisher) {
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
	organs := []string{"('o0', 'o0', '100000', '最高人民检察院', 'procuratorate', 'national', 'regular', '000000', 0, '2000-01-01', '')"}
	names := []string{"北京市人民检察院", "天津市人民检察院", "=河北省人民检察院", "山西省人民检察院"}
	for i, name := range names {
		organs = append(organs, fmt.Sprintf("('p%[1]d', 'p%[1]d', '%[1]d00000', '%[2]s', 'procuratorate', 'provincial', 'regular', '%[1]d00000', %[1]d, '2000-01-01', 'o0')", i+1, name))
	}
	var values []string
	sums := map[string][2]int{}
	add := func(id, kind, period, organ, coverage string, num, den int) {
		d := "NULL"
		if den >= 0 {
			d = fmt.Sprint(den)
		}
		values = append(values, fmt.Sprintf("('run-1', 1, 'live', '%s', '%s', '%s', '2025-01-01', '2025-06-30', '%s', '%s', '', %d, %s, 0, 7, 'value')", id, kind, period, organ, coverage, num, d))
	}
	for i, d := range defined() {
		for p := range 4 {
			for q, period := range []string{"2025Q1", "2025Q2"} {
				num, den := (7*i+5*p+11*q)%23+p*10, -1
				if d.Ratio {
					den = num + (3*i+p+2*q)%9 + 8*p
				}
				for _, cell := range [][3]string{{"quarter", period, fmt.Sprintf("p%d", p+1)}, {"ytd", "2025-06", fmt.Sprintf("p%d", p+1)}, {"quarter", period, "o0"}, {"ytd", "2025-06", "o0"}} {
					key := d.ID + " " + strings.Join(cell[:], " ")
					sums[key] = [2]int{sums[key][0] + num, sums[key][1] + den}
				}
			}
		}
		for _, cell := range [][2]string{{"quarter", "2025Q1"}, {"quarter", "2025Q2"}, {"ytd", "2025-06"}} {
			for _, organ := range []string{"o0", "p1", "p2", "p3", "p4"} {
				v := sums[d.ID+" "+cell[0]+" "+cell[1]+" "+organ]
				if !d.Ratio {
					v[1] = -1
				}
				add(d.ID, cell[0], cell[1], organ, "closure", v[0], v[1])
			}
		}
	}
	for _, sql := range []string{
		"INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, led_by) VALUES " + strings.Join(organs, ", "),
		"INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status) VALUES " + strings.Join(values, ", "),
		"INSERT INTO run (run_id, generation, as_of, definitions) VALUES ('run-1', 1, '2025-07-01', 'd1')",
		"INSERT INTO run_commit (family, run_id, generation, as_of, committed) VALUES ('indicator', 'run-1', 1, '2025-07-01', now64(3))",
		"INSERT INTO warehouse_birth VALUES ('" + kind + "', now64(3), 1)",
	} {
		if err := db.Exec(ctx, sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	p, err := New(DefaultConfig(), Deps{DB: db, Definitions: defined()})
	if err != nil {
		t.Fatal(err)
	}
	return db, p
}

// request asks for the table of the small country.
func request() Request {
	return Request{Template: "quarterly", Period: "2025Q2", Person: "drafter", At: time.Date(2025, 7, 2, 9, 0, 0, 0, time.UTC)}
}

func TestDraftIsStoredAndExportsTheSameBytes(t *testing.T) {
	db, p := country(t, "simulated")
	ctx := context.Background()
	first, err := p.Draft(ctx, access.Job("test"), request())
	if err != nil {
		t.Fatal(err)
	}
	later := request()
	later.At, later.Person = later.At.AddDate(0, 0, 3), "another"
	second, err := p.Draft(ctx, access.Job("test"), later)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := p.Read(ctx, access.Job("test"), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	var csvs, books [3]bytes.Buffer
	for i, r := range []Release{first, second, opened} {
		if err := r.WriteCSV(&csvs[i]); err != nil {
			t.Fatal(err)
		}
		if err := r.WriteXLSX(&books[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		if !bytes.Equal(csvs[i].Bytes(), csvs[0].Bytes()) || !bytes.Equal(books[i].Bytes(), books[0].Bytes()) {
			t.Errorf("export %d differs from the first", i)
		}
	}
	golden(t, "quarterly.csv", csvs[0].Bytes())
	var releases, cells, hidden, leaked uint64
	if err := db.QueryRow(ctx, "SELECT (SELECT count() FROM release), count(), countIf(status = 'suppressed'), countIf(status = 'suppressed' AND value IS NOT NULL) FROM release_cell").Scan(&releases, &cells, &hidden, &leaked); err != nil {
		t.Fatal(err)
	}
	if releases != 1 || cells != uint64(len(first.Table.records())) || hidden == 0 || leaked != 0 {
		t.Errorf("%d releases, %d cells, %d hidden of which %d with their value", releases, cells, hidden, leaked)
	}
	if len(Verify(first.Table)) > 0 {
		t.Error("the stored table exposes cells")
	}
	workbook(t, books[0].Bytes(), first)
}

// workbook reads the XLSX back: same figures as the CSV, no formula anywhere.
func workbook(t *testing.T, book []byte, r Release) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	head := len(r.head()) + 1
	for i, want := range r.body() {
		for j, text := range want {
			got := ""
			if j < len(rows[head+i]) {
				got = rows[head+i][j]
			}
			if strings.TrimSuffix(got, ".0") != strings.TrimSuffix(guard(text), ".0") {
				t.Fatalf("row %d column %d holds %q, want %q", i, j, got, text)
			}
		}
	}
	if n, err := f.GetCellFormula(f.GetSheetName(0), "E5"); err != nil || n != "" {
		t.Errorf("a formula in the workbook: %q %v", n, err)
	}
}

func TestExportGuardsFormulas(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx"} {
		if got := guard(text); got != "'"+text {
			t.Errorf("%q is written as %q: a spreadsheet would run it", text, got)
		}
	}
	for _, text := range []string{"", "12", "33.3", "%", "*", "—", "北京"} {
		if got := guard(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	_, p := country(t, "real")
	r, err := p.Draft(context.Background(), access.Job("test"), request())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(&out)
	reader.FieldsPerRecord = -1
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		for _, field := range line {
			if strings.HasPrefix(field, "=") {
				t.Errorf("unguarded field %q", field)
			}
			if strings.Contains(field, "模拟数据") {
				t.Errorf("a real warehouse is marked as simulated: %q", field)
			}
		}
	}
}

func TestDraftIsRefused(t *testing.T) {
	db, p := country(t, "simulated")
	ctx := context.Background()
	register, err := access.LoadRegister(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	province := register.ScopeOf(access.Account{Name: "p", Organs: []string{"p1"}, Compartments: []string{"general"}})
	change := func(f func(*Request)) Request {
		q := request()
		f(&q)
		return q
	}
	for _, c := range []struct {
		name  string
		scope access.Scope
		q     Request
		want  warehouse.Code
	}{
		{"one province", province, request(), warehouse.Forbidden},
		{"unknown template", access.Job("test"), change(func(q *Request) { q.Template = "yearly" }), warehouse.Invalid},
		{"not a quarter", access.Job("test"), change(func(q *Request) { q.Period = "2025-06" }), warehouse.Invalid},
		{"unknown run", access.Job("test"), change(func(q *Request) { q.Run = "nothing" }), warehouse.NotFound},
	} {
		if _, err := p.Draft(ctx, c.scope, c.q); warehouse.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := p.Read(ctx, access.Job("test"), "r-0"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an unknown release: %v", err)
	}
	r, err := p.Draft(ctx, access.Job("test"), request())
	if err != nil {
		t.Fatal(err)
	}
	add := "INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, n, undetermined, status) VALUES ('run-1', 1, 'live', 'AR01a', 'ytd', '2025-06', '2025-01-01', '2025-06-30', 'o0', 'closure', '', 999, 0, 0, 'value')"
	if err := db.Exec(ctx, add); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Draft(ctx, access.Job("test"), request()); warehouse.CodeOf(err) != warehouse.Conflict || !strings.Contains(err.Error(), "does not add up") {
		t.Errorf("a table that does not add up: %v", err)
	}
	if _, err := p.Read(ctx, access.Job("test"), r.ID); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("a release whose run changed: %v", err)
	}
}

// golden compares bytes with a file, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs from this run: review it and run with -update\n%s", path, got)
	}
}
