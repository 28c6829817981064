package clock

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"hengjian/warehouse/contract"
)

func words(t *testing.T) *vocabulary {
	t.Helper()
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return newVocabulary(catalogue)
}

// TestEveryBadFileNamesItsPlace reads one broken file per message; its first
// line says what the loader must find.
func TestEveryBadFileNamesItsPlace(t *testing.T) {
	vocabulary := words(t)
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d bad files, %v", len(files), err)
	}
	place := regexp.MustCompile(`(?m)^rules/bad\.yaml:\d+:\d+: \S+: .+: .+$`)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			over := fstest.MapFS{"rules/bad.yaml": {Data: text}}
			_, err = load(embedded, over, "", vocabulary)
			var problems contract.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("the file loads: %v", err)
			}
			first, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
			for _, want := range strings.Split(first, "; ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no problem says %q:\n%v", want, err)
				}
			}
			if n := len(place.FindAllString(err.Error(), -1)); n != len(problems) {
				t.Errorf("%d of %d problems name their place:\n%v", n, len(problems), err)
			}
		})
	}
}

func TestASixthRuleIsOneFile(t *testing.T) {
	rules, err := Load("testdata/overlay")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules.All()) != 6 || rules.All()[5-1].ID == "" || rules.Digest() == loaded(t).Digest() {
		t.Errorf("%d rules, digest %s", len(rules.All()), rules.Digest())
	}
	if again, err := Load("testdata/overlay"); err != nil || again.Digest() != rules.Digest() {
		t.Errorf("the digest is not stable: %v", err)
	}
}

func TestVersionsMustNotOverlap(t *testing.T) {
	text, err := fs.ReadFile(os.DirFS("testdata/overlay"), "rules/R085.yaml")
	if err != nil {
		t.Fatal(err)
	}
	second := func(version, from string) []byte {
		out := strings.Replace(string(text), `version: "2014"`, `version: "`+version+`"`, 1)
		return []byte(strings.Replace(out, "valid_from: 2014-06-01", "valid_from: "+from, 1))
	}
	for name, x := range map[string]struct {
		first  []byte
		other  []byte
		broken string
	}{
		"open end":      {text, second("2020", "2020-01-01"), "validity overlaps version 2014"},
		"ended before":  {[]byte(strings.Replace(string(text), "valid_from: 2014-06-01", "valid_from: 2014-06-01\nvalid_to: 2019-12-31", 1)), second("2020", "2020-01-01"), ""},
		"version twice": {text, text, "this version of the rule stands in two files"},
	} {
		_, err := load(embedded, fstest.MapFS{"rules/a.yaml": {Data: x.first}, "rules/b.yaml": {Data: x.other}}, "", words(t))
		if (err == nil) != (x.broken == "") || (err != nil && !strings.Contains(err.Error(), x.broken)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCalendarFilesAreChecked(t *testing.T) {
	vocabulary := words(t)
	for text, want := range map[string]string{
		"year: 2027\nnotice: 国办发明电〔2026〕1号\nholidays: [2027-01-01]\nworking: [2027-01-01]\n":            "both holiday and working day",
		"year: 2027\nnotice: 国办发明电〔2026〕1号\nholidays: [2026-01-01]\nworking: [2027-01-02]\n":            "is not a day of the year",
		"year: 2027\nnotice: from memory\nholidays: [2027-01-01]\nworking: [2027-01-02]\n":              "not a document of the State Council",
		"year: 2027\nnotice: 国办发明电〔2026〕1号\nholidays: [2027-01-01/2026-01-01]\nworking: [2027-01-02]\n": "not a day or a short range",
		"year: 2027\nnotice: 国办发明电〔2026〕1号\nholidays: [2027-01-01]\n":                                   `key "working" is missing`,
	} {
		_, err := load(embedded, fstest.MapFS{"calendar/2027.yaml": {Data: []byte(text)}}, "", vocabulary)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("wanted %q, got %v", want, err)
		}
	}
	good := "year: 2027\nnotice: 国办发明电〔2026〕1号\nholidays: [2027-01-01]\nworking: [2027-01-02]\n"
	rules, err := load(embedded, fstest.MapFS{"calendar/2027.yaml": {Data: []byte(good)}}, "", vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if d, sure := rules.calendar.roll(civil(2027, 1, 1)); d != civil(2027, 1, 2) || !sure {
		t.Errorf("the added year rolls to %s, sure %v", d, sure)
	}
}

func TestHourLimits(t *testing.T) {
	rules := loaded(t)
	r := *rules.byID(t, "R032R033")
	r.phases = []phase{{
		ID: "hours", Trigger: sought{Event: "detention.executed", In: inRecord}, Stops: []sought{{Event: "detention.ended", In: inRecord}},
		Limits: []limit{{Span: span{Hours: 24}}}, Responsible: responsible{Kind: responsibleOwn},
	}}
	d := civil(2024, 5, 1)
	for name, x := range map[string]struct {
		start, stop int // minutes of 1 May, -1 only the day, -2 none
		stopDay     day
		want        string
	}{
		"within":           {21*60 + 30, 22 * 60, d + 1, "outcome=in_time"}, // counts from 22:00
		"one minute over":  {21*60 + 30, 22*60 + 1, d + 1, "outcome=out_of_time over=0"},
		"two hours over":   {21*60 + 30, 24*60 - 1, d + 1, "outcome=out_of_time over=1"},
		"day unknown hour": {21*60 + 30, -1, d + 1, "outcome=cannot_judge missing=detention.ended"},
		"day suffices":     {21*60 + 30, -1, d + 3, "outcome=out_of_time over=26"},
		"start unknown":    {-1, 12 * 60, d + 1, "outcome=cannot_judge missing=detention.executed"},
		"running, over":    {21*60 + 30, -2, d, "outcome=out_of_time state=running"},
	} {
		x2 := &example{AsOf: d + 10, Want: pairsOf(x.want), Events: []exampleEvent{{Event: "detention.executed", Day: d, Minute: x.start, In: inRecord, Attributes: map[string]string{}}}}
		if x.stop > -2 {
			x2.Events = append(x2.Events, exampleEvent{Event: "detention.ended", Day: x.stopDay, Minute: x.stop, In: inRecord, Attributes: map[string]string{}})
		}
		if wrong := x2.run(&r, rules.calendar); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}
