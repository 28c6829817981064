package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestHouseKnowsGoodFromBad proves the house test on two toy trees: the good one
// gives no finding, the bad one exactly the expected count of each rule.
func TestHouseKnowsGoodFromBad(t *testing.T) {
	doc := "// Package x owns one thing and promises another; it never does a third.\n"
	good := fstest.MapFS{
		"jobs/clock/clock.go":      text(doc + "package clock\n\nimport _ \"hengjian/warehouse\"\n\n// Due says when.\nfunc Due() {}\n"),
		"jobs/clock/clock_test.go": text("package clock\n\nimport _ \"hengjian/ingest/simulate\"\n"),
		"warehouse/a.go":           text(doc + "package warehouse\n\nimport _ \"github.com/ClickHouse/ch-go\"\n"),
		"warehouse/view.sql":       text("CREATE VIEW v.x SQL SECURITY DEFINER AS SELECT 1 WHERE a = currentUser()"),
	}
	if found, err := inspect(good); err != nil || len(found) != 0 {
		t.Fatalf("the good tree gives %v, %v", found, err)
	}
	long := "package api\n\nfunc long() {\n" + strings.Repeat("\t_ = 1\n", 85) + "}\n"
	bad := fstest.MapFS{
		"jobs/compare/peers.go":       text("package compare\n\nimport (\n\t_ \"hengjian/jobs/clock\"\n\t_ \"hengjian/api\"\n\t_ \"github.com/gin-gonic/gin\"\n)\n\nvar Peers = 1\n\nfunc init() {}\n"),
		"jobs/compare/peers_test.go":  text("package compare\n\nimport \"time\"\n\nfunc wait() { time.Sleep(1) }\n"),
		"jobs/compare/now.go":         text(doc + "package compare\n\nimport \"time\"\n\n// Wrong comment.\nfunc Now() { _ = time.Now() }\n"),
		"api/util/utils.go":           text("package util\n"),
		"api/long.go":                 text(doc + long),
		"api/file.go":                 text("package api\n" + strings.Repeat("\n", 505)),
		"api/a/b/c/deep.go":           text(doc + "package deep\n\n// Wide has many.\ntype Wide interface{ A(); B(); C(); D(); E(); F() }\n"),
		"tools/x.go":                  text(doc + "package tools\n"),
		"warehouse/q.sql":             text("SELECT argMax(a, b) FROM t;\nCREATE VIEW v.x SQL SECURITY DEFINER AS SELECT 1"),
		"deploy/notes.md":             text("see /" + "work/main/x\n"),
		"warehouse/contract/plain.go": text(doc + "package contract\n"),
	}
	found, err := inspect(bad)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range found {
		got[f.rule]++
	}
	want := map[string]int{
		"import": 1, "family": 1, "owner": 1, "global": 1, "init": 1, "doc": 2, "sleep": 1, "clock": 1, "vague": 2,
		"pkgdoc": 1, "func": 1, "file": 1, "depth": 1, "iface": 1, "room": 1, "argmax": 1, "view": 1, "machine": 1,
	}
	for _, rule := range slices.Sorted(maps.Keys(remedies)) {
		if rule != "allow" && got[rule] != want[rule] {
			t.Errorf("[%s] found %d, want %d: %v", rule, got[rule], want[rule], found)
		}
	}
	stale := excuse(nil, []exception{{"pkgdoc", "jobs/gone", "once needed"}})
	if len(stale) != 1 || stale[0].rule != "allow" {
		t.Errorf("a stale exception gives %v", stale)
	}
}

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
