package indicator

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse/contract"
)

// overlay writes one definition file into a folder of its own.
func overlay(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "indicators"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "indicators", "new.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// good is a sound definition that is not in the embedded catalogue.
func good(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "ZZ01.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCatalogueCoversTheField: every id of the field's list has an entry.
func TestCatalogueCoversTheField(t *testing.T) {
	_, c := loaded(t, "")
	var missing []string
	for prefix, last := range map[string]int{"AR": 9, "PR": 8, "PL": 4, "SV": 9, "TR": 4, "EX": 8, "CI": 5, "AD": 6, "PI": 4, "SU": 2, "JZ": 2, "PT": 1, "JV": 4, "RJ": 1, "DQ": 8} {
		for n := 1; n <= last; n++ {
			id := fmt.Sprintf("%s%02d", prefix, n)
			if !slices.ContainsFunc(c.Indicators(), func(i Indicator) bool { return strings.HasPrefix(i.ID, id) }) {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("no indicator for %v", missing)
	}
	for _, id := range []string{"AR02a", "AR02b", "PR02", "SU01", "SV04", "TR01", "EX01"} {
		if _, ok := c.Indicator(id); !ok {
			t.Errorf("%s is gone", id)
		}
	}
	for _, i := range c.Indicators() {
		if i.ZH == "" || i.EN == "" || len(i.Basis) == 0 || len(i.Examples) < 3 {
			t.Errorf("%s lacks a name, a basis or examples", i.ID)
		}
	}
}

func TestOverlayAddsAnIndicatorWithoutGo(t *testing.T) {
	r := setUp(t, overlay(t, good(t)))
	ind, ok := r.catalogue.Indicator("ZZ01")
	if !ok {
		t.Fatal("the overlay's indicator is not in the catalogue")
	}
	r.examples(t, []Indicator{ind})
	_, plain := loaded(t, "")
	if plain.Digest() == r.catalogue.Digest() || len(plain.Digest()) != 64 {
		t.Errorf("the digest must change with the overlay: %s", plain.Digest())
	}
}

func TestBadDefinitionsAreRefused(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"unknown key", "kind: flow", "kind: flow\ncolour: red", `indicators/new.yaml:7:1: ZZ01: key "colour" is not known here`},
		{"id of another", "id: ZZ01", "id: PR02", "PR02: the id is defined already in catalogue/PR02.yaml"},
		{"id not well-formed", "id: ZZ01", "id: plea", `"plea" is not an id`},
		{"no such record type", "from: prosecution_decision", "from: prosecution", `there is no record type "prosecution"`},
		{"no such column", "plea_leniency and decided_on", "plea and decided_on", `new.yaml:12:38: ZZ01: the condition cannot be read: "plea" is not a column of the record`},
		{"no such code", "decision = 'conditional'", "decision = 'maybe'", "decision has no code maybe: its codes are prosecuted"},
		{"codes have no order", "decision = 'conditional'", "decision < 'conditional'", "codes of decision have no order"},
		{"text after the condition", "decision = 'conditional'", "decision = 'conditional' decision", `"decision" is not expected here`},
		{"organ is not an organ", "organ: organ_id", "organ: decision", `"decision" is not a column with an organ id`},
		{"date is not a date", "numerator: {date: decided_on", "numerator: {date: decision", `"decision" is not a day of the record`},
		{"average of rates", "plea_leniency and decided_on", "avg(rate) and decided_on", "rates are sums divided by sums: count or add up, never average"},
		{"unit of a ratio", `unit: "%"`, "unit: 人", "a ratio is measured in %"},
		{"unit of what is counted", "unit: 人}", "unit: 件}", `person_entry is not counted in "件"`},
		{"unknown kind", "kind: flow", "kind: average", `"average" is not a kind`},
		{"cohort by two days", "kind: flow", "kind: cohort", "ZZ01: the numerator counts by decided_on and the rest by accepted_on: a cohort counts by one day: flow and cohort are not mixed"},
		{"a ratio without undetermined", "undetermined: {date: decided_on, where: plea_leniency is null}\n", "", "a ratio says nothing of undetermined rows"},
		{"other and denominator", "dims: []", "denominator: {date: decided_on}", "other and denominator cannot stand together"},
		{"no boundary example", "    boundary: true\n", "", "3 worked examples, boundary false"},
		{"unknown published ratio", "sources: [", "official: [nothing]\nsources: [", `there is no published ratio "nothing"`},
		{"example with an unknown column", "plea_leniency: true}]", "plea: true}]", `"plea" is not a column of prosecution_decision`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := good(t)
			if c.name == "cohort by two days" {
				text = strings.Replace(text, "other: {date: decided_on", "other: {date: accepted_on", 1)
			}
			if !strings.Contains(text, c.from) {
				t.Fatalf("the sound definition has no %q", c.from)
			}
			contracts, err := contract.Load("")
			if err != nil {
				t.Fatal(err)
			}
			_, err = Load(overlay(t, strings.Replace(text, c.from, c.to, 1)), contracts)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllProblemsComeAtOnce(t *testing.T) {
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("kind: flow", "kind: average", "organ: organ_id", "organ: decision", "plea_leniency is null", "plea is null").Replace(good(t))
	_, err = Load(overlay(t, text), contracts)
	if err == nil || strings.Count(err.Error(), "\n") < 2 {
		t.Errorf("three things are wrong, got %v", err)
	}
}
