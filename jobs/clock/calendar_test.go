package clock

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheCalendarIsWhatOthersPublish compares every day of 2015 to 2026 with the
// lists of two public packages (provenance in the file).
func TestTheCalendarIsWhatOthersPublish(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "calendar", "published.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	differs := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if date, kind, found := strings.Cut(lines.Text(), " "); found && date != "#" {
			differs[date] = kind
		}
	}
	if err := lines.Err(); err != nil || len(differs) < 250 {
		t.Fatalf("%d days were read, %v", len(differs), err)
	}
	cal := loaded(t).calendar
	for d := civil(2015, 1, 1); d <= civil(2026, 12, 31); d++ {
		week := d.time().Weekday()%6 != 0
		want := (week && differs[d.String()] != "h") || differs[d.String()] == "w"
		if got, sure := cal.working(d); got != want || !sure {
			t.Errorf("%s is a working day: %v (sure %v), the packages say %v", d, got, sure, want)
		}
	}
}

// TestWhatNoTextBacksSaysSo demands that every rule with a number of its own or from
// memory is labelled, and that all it says is provisional where the source was not read.
func TestWhatNoTextBacksSaysSo(t *testing.T) {
	rules := loaded(t)
	kinds := map[string]int{}
	for _, r := range rules.All() {
		kinds[r.BasisKind]++
		var shown strings.Builder
		r.Show(&shown)
		text := BasisText(r.BasisKind)
		if r.BasisKind != BasisLaw && !(strings.Contains(shown.String(), text.ZH) && strings.Contains(shown.String(), text.EN)) {
			t.Errorf("%s %s is %s and does not say so:\n%s", r.ID, r.Version, r.BasisKind, shown.String())
		}
		if r.BasisKind != BasisUnverified {
			continue
		}
		for i := range r.examples {
			v, err := r.examples[i].run(r, rules.calendar)
			if err != nil {
				t.Fatal(err)
			}
			judged := v.Outcome != notApplicable && v.deciding >= 0
			if judged && !v.Provisional {
				t.Errorf("%s, example %s: %s rests on what nobody checked and is not provisional", r.ID, r.examples[i].Name, v.Outcome)
			}
			if _, told, err := v.tell(); err != nil || (judged && !(strings.Contains(told.ZH, "未核实") && strings.Contains(told.EN, "unverified"))) {
				t.Errorf("%s, example %s: the explanation does not say that the source is unverified: %s (%v)", r.ID, r.examples[i].Name, told.ZH, err)
			}
		}
	}
	if kinds[BasisUnverified] == 0 || kinds[BasisConfigured] == 0 || kinds[BasisLaw] == 0 {
		t.Errorf("kinds of basis: %v", kinds)
	}
}
