package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
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
