package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plan is what a part of the simulated country declares, as the truth file has it.
type plan struct {
	Plan                               string
	Records, Rules, Indicators, Organs []string
	Skipped                            []string
}

// declarations knows which figures the truth speaks of: a figure of an organ is
// declared when every plan that sends, at that organ, what the figure is made of
// names the figure as its own.
type declarations struct {
	reads map[string][]string // rule or indicator → record types it counts
	at    map[string][]plan   // by organ
}

var ruleNamed = regexp.MustCompile(`'(R[0-9A-Z]+)'`)

// declarationsOf reads what rules and indicators count from their definitions.
func declarationsOf(t *testing.T, plans []plan) declarations {
	t.Helper()
	defs, err := loadDefinitions("")
	if err != nil {
		t.Fatal(err)
	}
	d := declarations{reads: map[string][]string{}, at: map[string][]plan{}}
	for _, r := range defs.rules.All() {
		d.reads[r.ID] = []string{r.Record}
	}
	for _, i := range defs.indicators.Indicators() {
		if _, ok := defs.contracts.Type(i.From); ok {
			d.reads[i.ID] = []string{i.From}
		}
		if i.From == "verdict" { // it counts what its rules count
			for _, m := range ruleNamed.FindAllStringSubmatch(i.Universe, -1) {
				d.reads[i.ID] = append(d.reads[i.ID], d.reads[m[1]]...)
			}
		}
	}
	for _, p := range plans {
		for _, organ := range p.Organs {
			d.at[organ] = append(d.at[organ], p)
		}
	}
	return d
}

// says reports whether the truth speaks of a figure of an organ.
func (d declarations) says(figure, organ string) bool {
	spoken := false
	for _, p := range d.at[organ] {
		named := slices.Contains(p.Rules, figure) || slices.Contains(p.Indicators, figure)
		if !named && (len(d.reads[figure]) == 0 || slices.ContainsFunc(d.reads[figure], func(r string) bool { return slices.Contains(p.Records, r) })) {
			return false
		}
		spoken = spoken || named
	}
	return spoken
}

// only keeps the facts, keyed by figure and organ, of which the truth speaks.
func (d declarations) only(facts map[string]string) map[string]string {
	kept := maps.Clone(facts)
	maps.DeleteFunc(kept, func(key, _ string) bool {
		parts := strings.SplitN(key, " ", 3)
		return !d.says(parts[0], parts[1])
	})
	return kept
}

// unsplit leaves out the values split by a dimension (such as "PR02 o1 2025-03
// juvenile=true") that the truth does not split the indicator by.
func unsplit(found, truth map[string]string) map[string]string {
	split := func(key string) string {
		parts := strings.SplitN(key, " ", 4)
		if len(parts) < 4 {
			return ""
		}
		kind, _, _ := strings.Cut(parts[3], "=")
		return parts[0] + " " + kind
	}
	known := map[string]bool{"": true}
	for key := range truth {
		known[split(key)] = true
	}
	kept := maps.Clone(found)
	maps.DeleteFunc(kept, func(key, _ string) bool { return !known[split(key)] })
	return kept
}
