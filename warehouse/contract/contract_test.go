package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write testdata/golden from this run")

func mustLoad(t testing.TB, overlay string) *Catalogue {
	t.Helper()
	c, err := Load(overlay)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; write it again with -update and read the difference\n%s", name, got)
	}
}

// TestEveryKindOfProblemIsReported loads one broken file (or folder) per kind.
func TestEveryKindOfProblemIsReported(t *testing.T) {
	entries, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(messages)
	var all strings.Builder
	for _, e := range entries {
		kind := strings.TrimSuffix(e.Name(), ".yaml")
		pattern := e.Name()
		if e.IsDir() {
			pattern += "/*.yaml"
		}
		problems := (&Catalogue{byName: map[string]*Type{}, taken: []string{"run"}}).layer(layer{fsys: os.DirFS("testdata/bad"), pattern: pattern})
		if !slices.ContainsFunc(problems, func(p Problem) bool { return p.kind == kind }) {
			t.Errorf("%s does not report %s: %v", e.Name(), kind, problems)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Col < 1 || p.ID == "" || p.What == "" || p.Remedy == "" || strings.Contains(p.Error(), "%!") {
				t.Errorf("%s: incomplete problem %q", e.Name(), p.Error())
			}
			all.WriteString(p.Error() + "\n")
		}
		delete(left, kind)
	}
	lists := (&Catalogue{codes: map[string]CodeList{}}).codesOf(layer{fsys: os.DirFS("testdata/badcodes"), pattern: "*.yaml"})
	if len(lists) != 1 || lists[0].kind != "codes_file" || lists[0].Line != 1 {
		t.Errorf("a list in a file of another name: %v", lists)
	}
	delete(left, "codes_file")
	for kind := range left {
		t.Errorf("no broken file shows %s", kind)
	}
	golden(t, "problems.txt", all.String())
}

func TestAllProblemsComeAtOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "contracts"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a.yaml": "type: alpha\nversion: 0\nfields: 3\n", "b.yaml": "type: beta\nbad: 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, "contracts", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Load(dir)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) < 8 {
		t.Fatalf("problems: %v", err)
	}
	first := problems[0].Error()
	if !strings.HasPrefix(first, filepath.Join(dir, "contracts", "a.yaml")+":1:1: alpha: ") {
		t.Errorf("first problem: %s", first)
	}
	if !strings.Contains(err.Error(), "b.yaml:2:1: beta: key \"bad\" is not known") {
		t.Errorf("the second file is missing:\n%v", err)
	}
}

func TestDigestFollowsMeaningOnly(t *testing.T) {
	load := func(text string) string {
		c := &Catalogue{byName: map[string]*Type{}}
		if problems := c.layer(layer{fsys: fstest.MapFS{"a.yaml": {Data: []byte(text)}}, pattern: "*.yaml"}); len(problems) > 0 {
			t.Fatal(problems)
		}
		return digest([]*Type{c.byName["sample"]})
	}
	text := "type: sample\nversion: 1\nzh: 样例\nen: Sample\ndoc: A sample.\nsenders: [police]\nkey: [number]\nfields:\n  - {name: number, zh: 编号, en: Number, type: string, required: true}\n"
	if load(text) != load("# a remark\n"+strings.Replace(text, "senders: [police]", "senders:\n  - police", 1)) {
		t.Error("layout changed the digest")
	}
	if load(text) == load(strings.Replace(text, "version: 1", "version: 2", 1)) {
		t.Error("the version did not change the digest")
	}
	if a, b := mustLoad(t, ""), mustLoad(t, ""); a.Digest() != b.Digest() || len(a.Digest()) != 64 || a.Digest() == mustLoad(t, "testdata/overlay").Digest() {
		t.Error("the digest of the catalogue must follow the contracts")
	}
}

func TestOverlayAddsAType(t *testing.T) {
	c := mustLoad(t, "testdata/overlay")
	if len(c.Types()) != len(mustLoad(t, "").Types())+1 {
		t.Fatalf("%d types", len(c.Types()))
	}
	p, ok := c.Type("petition")
	if !ok || p.Topic() != "hj.petition" || p.Door != "kafka" || len(p.Events) != 3 {
		t.Fatalf("petition: %+v", p)
	}
	golden(t, "petition_log.sql", p.LogDDL())
	golden(t, "petition_history.sql", p.HistoryDDL())
	golden(t, "petition.sql", p.CurrentDDL())
	golden(t, "petition_state.sql", p.StateSQL())
	golden(t, "petition_events.sql", p.EventsSQL())
}

func TestColumns(t *testing.T) {
	c := mustLoad(t, "")
	p, _ := c.Type("person_in_case")
	got := map[string]Column{}
	for _, col := range p.Columns() {
		got[col.Name] = col
	}
	for _, want := range []Column{
		{Name: "organ", ClickHouse: "LowCardinality(Nullable(String))", Stored: "LowCardinality(String)"},
		{Name: "organ_id", ClickHouse: "LowCardinality(Nullable(String))", Stored: "LowCardinality(String)", Part: "id"},
		{Name: "docket_number_norm", ClickHouse: "Nullable(String)", Stored: "String", Field: 4, Part: "norm"},
		{Name: "resident_id", ClickHouse: "Nullable(String)", Stored: "Nullable(String)", Field: 7},
		{Name: "birth_date", ClickHouse: "Nullable(String)", Stored: "Nullable(String)", Field: 8},
		{Name: "birth_date_year", ClickHouse: "Nullable(UInt16)", Stored: "Nullable(UInt16)", Field: 8, Part: "year"},
		{Name: "juvenile", ClickHouse: "Nullable(Bool)", Stored: "Nullable(Bool)", Field: 13},
	} {
		if got[want.Name] != want {
			t.Errorf("%+v, want %+v", got[want.Name], want)
		}
	}
	if f, _ := p.Field("resident_id"); f.OnBad != "flag" {
		t.Errorf("resident_id does %q with a bad value", f.OnBad)
	}
}

func TestJoinKeyKeepsPartsApart(t *testing.T) {
	seen := map[string][]string{}
	parts := []string{"", "a", "|", `\`, `a|`, `\|`, `|\`, "甲|乙"}
	for _, a := range parts {
		for _, b := range parts {
			k := JoinKey(a, b)
			if other, twice := seen[k]; twice {
				t.Errorf("%q and %q give one key %q", other, []string{a, b}, k)
			}
			seen[k] = []string{a, b}
		}
	}
	if got := JoinKey("a", "b|c", `d\`); got != `a|b\|c|d\\` {
		t.Errorf("JoinKey: %s", got)
	}
}

func TestRefusalsHaveEveryCode(t *testing.T) {
	c := mustLoad(t, "")
	want := strings.Fields(`not_utf8 not_json truncated_json duplicate_key too_large too_deep unknown_type wrong_topic wrong_version missing_field
		missing_revision unknown_op wrong_kind unknown_value unknown_field unknown_organ unknown_region date_without_zone not_a_date future_date too_long
		digest_mismatch number_out_of_range not_a_document_number sender_mismatch never_allocated_region check_digit missing_id implausible`)
	for _, code := range want {
		if r, ok := c.Refusal(code); !ok || r.ZH == "" || r.EN == "" || r.RemedyZH == "" || r.RemedyEN == "" {
			t.Errorf("%s: %+v", code, r)
		}
	}
	if len(c.Refusals()) != len(want) {
		t.Errorf("%d reasons, %d expected", len(c.Refusals()), len(want))
	}
	if _, ok := c.Refusal("invented"); ok {
		t.Error("an invented code has words")
	}
}

func TestDictionaryNamesEverything(t *testing.T) {
	c := mustLoad(t, "testdata/overlay")
	for _, lang := range []string{"zh", "en"} {
		var b bytes.Buffer
		if err := c.Dictionary(&b, lang); err != nil {
			t.Fatal(err)
		}
		for _, typ := range c.Types() {
			for _, f := range typ.Fields {
				if !strings.Contains(b.String(), "| `"+f.Name+"` | "+map[string]string{"zh": f.ZH, "en": f.EN}[lang]) {
					t.Errorf("%s: %s.%s is missing", lang, typ.Name, f.Name)
				}
			}
		}
		if lang == "en" {
			_, petition, _ := strings.Cut(b.String(), "## Petition")
			petition, _, _ = strings.Cut(petition, "\n## ")
			golden(t, "petition.md", petition)
		}
	}
	if err := c.Dictionary(&bytes.Buffer{}, "fr"); err == nil {
		t.Error("a language without words was taken")
	}
}

func TestSamplesFillEveryField(t *testing.T) {
	for _, typ := range mustLoad(t, "testdata/overlay").Types() {
		var m struct {
			RecordType string         `json:"record_type"`
			Version    int            `json:"schema_version"`
			Payload    map[string]any `json:"payload"`
		}
		if err := json.Unmarshal(typ.Sample(), &m); err != nil {
			t.Fatal(err)
		}
		if m.RecordType != typ.Name || m.Version != typ.Version || len(m.Payload) != len(typ.Fields) {
			t.Errorf("%s: %+v", typ.Name, m)
		}
	}
}

func TestReadYAMLHandsOutProblemsOfOthers(t *testing.T) {
	files := fstest.MapFS{"r/b.yaml": {Data: []byte("id: B\n")}, "r/a.yaml": {Data: []byte("id: A\nlimit: x\n")}}
	var order []string
	err := ReadYAML(files, "r/*.yaml", func(name string, node *yaml.Node) []Problem {
		order = append(order, name)
		r := NewReading(node)
		o := r.Object(node, "id", "limit")
		r.ID = r.Text(o.At("id"))
		r.Number(o.At("limit"))
		if r.ID == "B" {
			r.Refuse(o.At("id"), "no B here", "write A")
		}
		return r.Problems()
	})
	want := "r/a.yaml:2:8: A: a whole number is expected here: write digits only\nr/b.yaml:1:5: B: no B here: write A"
	if err == nil || err.Error() != want || !slices.Equal(order, []string{"r/a.yaml", "r/b.yaml"}) {
		t.Errorf("%v, order %v", err, order)
	}
}

func FuzzContract(f *testing.F) {
	overlay, err := os.ReadFile("testdata/overlay/contracts/petition.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(overlay), "", "# only a remark", "---\n", "null", "type: *x", "<<: {type: a}", "type: a\nkey: {}\nfields: [{}, 1]\nevents: [[]]\ndocket: x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &Catalogue{byName: map[string]*Type{}}
		problems := c.layer(layer{fsys: fstest.MapFS{"a.yaml": {Data: []byte(text)}}, pattern: "*.yaml"})
		if len(problems) > 0 {
			return
		}
		if len(c.byName) != 1 {
			t.Fatal("a file without problem gave no contract")
		}
		for _, typ := range c.byName {
			if typ.LogDDL() == "" || typ.StateSQL() == "" || typ.KeySQL() == "" {
				t.Fatalf("%s has no SQL", typ.Name)
			}
			typ.EventsSQL()
		}
	})
}

// TestEveryCodeListNamesItsSource demands of each shared list which standard or
// article it follows, or that it is the project's own.
func TestEveryCodeListNamesItsSource(t *testing.T) {
	c := mustLoad(t, "")
	for name, list := range c.codes {
		if list.SourceZH == "" || list.SourceEN == "" {
			t.Errorf("codes/%s.yaml names no source in both languages: add source: {zh: …, en: …}", name)
		}
	}
	var text strings.Builder
	if err := c.Dictionary(&text, "en"); err != nil || !strings.Contains(text.String(), "(source: GB/T 2261.1, in words)") {
		t.Errorf("the dictionary does not show the sources: %v", err)
	}
}
