package main

import (
	"slices"
	"strings"
	"testing"

	"hengjian/ingest/simulate"
)

// notShown are the ways of showing a rule that no scene can send, each with its reason.
var notShown = map[string]string{}

// planned are the kinds by which the case chains show a rule.
var planned = map[string]string{
	"R032R033 violation": "request_late", "R032R033 near_miss": "request_boundary", "R032R033 extension": "request_special", "R032R033 missing_data": "execution_unrecorded",
	"R060 violation": "prosecution_late", "R060 near_miss": "prosecution_boundary", "R060 extension": "prosecution_extended", "R060 missing_data": "prosecution_acceptance_unrecorded",
	"R070 violation": "trial_late", "R070 near_miss": "trial_boundary", "R070 extension": "trial_extended", "R070 missing_data": "trial_filing_unrecorded",
	"R114 near_miss": "reply_boundary", "R114 missing_data": "reply_service_unrecorded",
}

// TestEveryRuleIsShown demands of the simulated data, for every rule in force, an
// injected violation, a near miss, a case with missing data and, where the law
// knows an extension, a lawful extension.
func TestEveryRuleIsShown(t *testing.T) {
	defs, err := loadDefinitions("")
	if err != nil {
		t.Fatal(err)
	}
	country, err := simulate.New(simulate.Config{Cases: 2000, Contracts: defs.contracts})
	if err != nil {
		t.Fatal(err)
	}
	truth := country.Truth()
	var lacking []string
	known := map[string]bool{}
	for _, r := range defs.rules.All() {
		if known[r.ID] {
			continue // another version of it
		}
		known[r.ID] = true
		ways := []string{"violation", "near_miss", "missing_data"}
		if r.Extensible() {
			ways = append(ways, "extension")
		}
		for _, way := range ways {
			key := r.ID + " " + way
			why, excused := notShown[key]
			switch there := truth.Shown[r.ID][way] > 0 || truth.Planned[planned[key]] > 0; {
			case there && excused:
				t.Errorf("%s is shown now: delete its excuse (%s)", key, why)
			case !there && !excused:
				lacking = append(lacking, key)
			}
		}
	}
	slices.Sort(lacking)
	if len(lacking) > 0 {
		t.Errorf("no scene in ingest/simulate/scenarios shows:\n  %s\nremedy: write one there, or say in notShown why none can be sent", strings.Join(lacking, "\n  "))
	}
}
