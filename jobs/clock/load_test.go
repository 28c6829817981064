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

// TestANewRuleIsOneFile reads rules whose worked examples prove what the format
// can say: the folder adds them to those of the product.
func TestANewRuleIsOneFile(t *testing.T) {
	rules, err := Load("testdata/overlay")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("testdata/overlay/rules/*.yaml")
	if plain := loaded(t); len(rules.All()) != len(plain.All())+len(files) || rules.Digest() == plain.Digest() {
		t.Errorf("%d rules with %d files more than %d, digest %s", len(rules.All()), len(files), len(plain.All()), rules.Digest())
	}
	if again, err := Load("testdata/overlay"); err != nil || again.Digest() != rules.Digest() {
		t.Errorf("the digest is not stable: %v", err)
	}
}

func TestVersionsMustNotOverlap(t *testing.T) {
	rules, err := Load("testdata/overlay")
	if err != nil {
		t.Fatal(err)
	}
	first := rules.byID(t, "X085")
	for name, x := range map[string]struct {
		to     day
		source string
		broken string
	}{
		"open end":     {none, "", "validity overlaps version 2014"},
		"one day both": {civil(2020, 1, 1), "", "validity overlaps version 2014"},
		"ended before": {civil(2019, 12, 31), "", ""},
		"side by side": {none, "prison", ""},
	} {
		old, newer := *first, *first
		old.to, newer.Version, newer.from, newer.Source.ID = x.to, "2020", civil(2020, 1, 1), x.source
		found := (&Rules{all: []*Rule{&old, &newer}}).overlaps()
		if (len(found) == 0) != (x.broken == "") || (len(found) > 0 && !strings.Contains(found.Error(), x.broken)) {
			t.Errorf("%s: %v", name, found)
		}
	}
	text, err := fs.ReadFile(os.DirFS("testdata/overlay"), "rules/X085.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = load(embedded, fstest.MapFS{"rules/a.yaml": {Data: text}, "rules/b.yaml": {Data: text}}, "", words(t))
	if err == nil || !strings.Contains(err.Error(), "this version of the rule stands in two files") {
		t.Errorf("the same version twice: %v", err)
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
	at := func(name string) sought {
		return sought{Event: name, In: inRecord, code: r.words.events.codes[name]}
	}
	r.phases = []phase{{
		ID: "hours", Triggers: []sought{at("detention.executed")}, Stops: []sought{at("detention.ended")},
		Limits: []limit{{Span: span{Hours: 24}}}, Responsible: responsible{Kind: responsibleOwn}, Stated: ref{fact: -1},
	}}
	d := civil(2024, 5, 1)
	for name, x := range map[string]struct {
		start, stop int // minutes of 1 May, -1 only the day, -2 none
		stopDay     day
		want        string
	}{
		"within":           {21*60 + 30, 22 * 60, d + 1, "outcome=in_time"}, // counts from 22:00
		"one minute over":  {21*60 + 30, 22*60 + 1, d + 1, "outcome=out_of_time over=1"},
		"two hours over":   {21*60 + 30, 24*60 - 1, d + 1, "outcome=out_of_time over=2"},
		"day unknown hour": {21*60 + 30, -1, d + 1, "outcome=cannot_judge missing=detention.ended"},
		"day suffices":     {21*60 + 30, -1, d + 3, "outcome=out_of_time over=26"},
		"start unknown":    {-1, 12 * 60, d + 1, "outcome=cannot_judge missing=detention.executed"},
		"running, over":    {21*60 + 30, -2, d, "outcome=out_of_time state=running"},
	} {
		x2 := &example{AsOf: d + 10, Want: pairsOf(x.want), Events: []exampleEvent{{Event: "detention.executed", Day: d, Minute: x.start, In: inRecord, Attributes: map[string]string{}}}}
		if x.stop > -2 {
			x2.Events = append(x2.Events, exampleEvent{Event: "detention.ended", Day: x.stopDay, Minute: x.stop, In: inRecord, Attributes: map[string]string{}})
		}
		v, err := x2.run(&r, rules.calendar)
		if wrong := x2.against(v); err != nil || wrong != "" {
			t.Errorf("%s: %s %v", name, wrong, err)
		}
	}
}
