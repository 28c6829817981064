package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestClockCommandsNeedNoWarehouse runs what an author of rules uses.
func TestClockCommandsNeedNoWarehouse(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "timelines.jsonl")
	text := `{"case":"A1","persons":["1"],"events":[{"type":"detention.executed","at":"2024-05-01T21:30"},{"type":"arrest.requested","at":"2024-05-06","record_type":"case"}]}` + "\n\n" +
		`{"case":"A2","events":[{"type":"detention.exected","at":"2024-05-01"}]}` + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		args      string
		out, told string
		fails     bool
	}{
		{"clocks check " + file + " --as-of 2024-06-30", `"rule":"R032R033","version":"2018","outcome":"out_of_time","deadline":"2024-05-04","over":{"n":2,"unit":"day"}`, `line 3: case "A2", event 1`, true},
		{"clocks check " + file + " --as-of 2024-06-30 --explain", "第九十一条", "detention.executed", true},
		{"clocks check " + file, "", "line 1: case \"A1\" has no as_of", true},
		{"clocks check " + filepath.Join(dir, "none"), "", "", true},
		{"rules list", "R060", "", false},
		{"rules show R060", "第一百七十二条", "", false},
		{"rules show R999", "", "", true},
		{"rules test", "worked examples, all as wanted", "", false},
		{"rules diff", "", "", true},
		{"rules diff --definitions jobs/clock/testdata/overlay", "added", "", false},
	} {
		var out, told bytes.Buffer
		err := run(context.Background(), strings.Fields(x.args), &out, &told)
		if (err != nil) != x.fails || !strings.Contains(out.String(), x.out) || !strings.Contains(told.String(), x.told) {
			t.Errorf("%s: %v\n%s\n%s", x.args, err, out.String(), told.String())
		}
	}
}

// TestTheSchemaOfTimelinesIsCommitted holds deploy/docs against the contracts.
func TestTheSchemaOfTimelinesIsCommitted(t *testing.T) {
	var out, told bytes.Buffer
	if err := run(context.Background(), []string{"clocks", "schema"}, &out, &told); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile("deploy/docs/timeline.schema.json")
	if err != nil || !bytes.Equal(stored, out.Bytes()) {
		t.Errorf("the schema of timelines is not that of the contracts (%v): run make generate", err)
	}
}

// TestThePageOfRulesIsCommitted holds deploy/docs against the rules.
func TestThePageOfRulesIsCommitted(t *testing.T) {
	page := filepath.Join(t.TempDir(), "rules.md")
	var out, told bytes.Buffer
	if err := run(context.Background(), []string{"rules", "docs", "--out", page}, &out, &told); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile("deploy/docs/rules.md")
	if err != nil || !bytes.Equal(stored, made) {
		t.Errorf("the page of rules is not that of the rules (%v): run make generate", err)
	}
}

// clocksAreExplained asks the commands about findings of a warehouse that is filled:
// one that people should look at, one that is told again, one that nobody said; and
// what a rule with fewer days would change, against the verdicts themselves.
func clocksAreExplained(t *testing.T, data string) {
	t.Helper()
	db := owner(t, data)
	newest := "verdict_of(run = (SELECT run_id FROM run_commit WHERE family = 'clock' ORDER BY committed DESC LIMIT 1))"
	for outcome, part := range map[string]string{"out_of_time": "疑似不符", "in_time": "届满日"} {
		for id, rule := range facts(t, db, "SELECT finding_id, toString(rule) FROM "+newest+" WHERE outcome = '"+outcome+"' AND rule = 'R060' ORDER BY finding_id LIMIT 1") {
			told := said(t, "clocks", "explain", id, "--data", data)
			for _, want := range []string{id, rule, outcome, part, "第一百七十二条", "reading"} {
				if !strings.Contains(strings.ToLower(told), strings.ToLower(want)) {
					t.Errorf("clocks explain %s lacks %q:\n%s", id, want, told)
				}
			}
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"clocks", "explain", "0000000000000000", "--data", data}, &out, &out); err == nil || !strings.Contains(err.Error(), "no kept run says") {
		t.Errorf("a finding that nobody said: %v", err)
	}
	text, err := os.ReadFile("jobs/clock/rules/R096.yaml")
	if err != nil {
		t.Fatal(err)
	}
	stricter := strings.NewReplacer("days: 7", "days: 3", "2024-03-12", "2024-03-08", "2024-03-13", "2024-03-09").Replace(string(text))
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "rules"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rules", "R096.yaml"), []byte(stricter), 0o600); err != nil {
		t.Fatal(err)
	}
	count := "SELECT 'rows', toString(count()) FROM verdict_written"
	before := facts(t, db, count)
	impact := strings.Fields(said(t, "rules", "diff", "--definitions", dir, "--impact", "--data", data))
	appear := facts(t, db, "SELECT 'appear', toString(countIf(outcome = 'in_time' AND dateDiff('day', triggered_on, stopped_on) > 3)) FROM "+newest+" WHERE rule = 'R096'")["appear"]
	if at := slices.Index(impact, "R096"); at < 0 || appear == "0" || !slices.Equal(impact[at:at+5], []string{"R096", "2019", "changed", appear, "0"}) {
		t.Errorf("%s findings would appear and none vanish, rules diff --impact says %q", appear, impact)
	}
	if after := facts(t, db, count); after["rows"] != before["rows"] {
		t.Errorf("asking what would change wrote verdicts: %v to %v", before, after)
	}
}
