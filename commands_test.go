package main

import (
	"bytes"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// said runs one command and returns what it printed.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out, progress bytes.Buffer
	if err := run(t.Context(), args, &out, &progress); err != nil {
		t.Fatalf("hengjian %s: %v\n%s", strings.Join(args, " "), err, progress.String())
	}
	return out.String()
}

// TestHelp asks every command for its help; each has an example.
func TestHelp(t *testing.T) {
	for _, command := range []string{"up", "serve", "ingest", "simulate", "jobs list", "jobs run", "publish draft", "publish export", "backup", "restore", "keys list", "keys rotate", "keys expire", "check", "doctor", "engine fetch", "contract dictionary", "bench", "config", "version", "link decide", "link history", "link review"} {
		if text := said(t, append(strings.Fields(command), "--help")...); !strings.Contains(text, "Example: ") {
			t.Errorf("hengjian %s --help has no example:\n%s", command, text)
		}
	}
}

// TestWrongUse gives one sentence and a non-zero exit.
func TestWrongUse(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), []string{"frobnicate"}, &out, &out)
	if exitCode(err, &out) != 2 {
		t.Errorf("an unknown command gives %v", err)
	}
	err = run(t.Context(), []string{"jobs", "list", "--clickhouse-dsn", "clickhouse://nobody@127.0.0.1:1/hengjian"}, &out, &out)
	if exitCode(err, &out) != 1 || !strings.Contains(out.String(), "cannot be reached") {
		t.Errorf("an unreachable server gives %v", err)
	}
	if err := run(t.Context(), []string{"restore", "--from", t.TempDir(), "--data", filepath.Join(t.TempDir(), "new")}, &out, &out); exitCode(err, &out) != 1 {
		t.Errorf("a folder that is no backup gives %v", err)
	}
}

// TestStartsThatCannotBe gives one clear sentence and exit code 1 for each.
func TestStartsThatCannotBe(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	newer, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.MkdirAll(filepath.Join(newer, "engine"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{filepath.Join(newer, "engine", "version"): "99 tomorrow\n", file: ""} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	library := filepath.Join(t.TempDir(), "library")
	for want, args := range map[string][]string{
		"another program may use the port": {"--set", "listen=" + taken.Addr().String(), "--data", t.TempDir()},
		"written by a newer program":       {"--data", newer},
		"cannot be written: check its":     {"--data", filepath.Join(file, "data")},
		"hengjian engine fetch":            {"--data", t.TempDir(), "--set", "clickhouse.library=" + library},
		"Kafka brokers":                    {"--data", t.TempDir(), "--kafka-brokers", "127.0.0.1:1"},
		"server cannot be reached":         {"--data", t.TempDir(), "--clickhouse-dsn", "clickhouse://nobody@127.0.0.1:1/hengjian"},
	} {
		var out, logs bytes.Buffer
		err := run(t.Context(), append([]string{"up", "--set", "simulate.cases=1"}, args...), &out, &logs)
		if code := exitCode(err, &out); code != 1 || !strings.Contains(out.String(), want) {
			t.Errorf("up %v ends with %d:\n%s", args, code, out.String())
		}
	}
}

// TestEverydayCommands drafts and exports a table, backs up and restores, and
// finds no simulated person in clear anywhere.
func TestEverydayCommands(t *testing.T) {
	data, work := t.TempDir(), t.TempDir()
	product := up(t, data, "--set", "simulate.cases=300")
	drafted := said(t, "publish", "draft", "--period", "2026Q1", "--data", data)
	id := regexp.MustCompile(`r-[0-9a-f]{16}`).FindString(drafted)
	if id == "" {
		t.Fatalf("no release was drafted: %s", drafted)
	}
	said(t, "publish", "export", "--id", id, "--out", filepath.Join(work, "release"), "--data", data)
	table, err := os.ReadFile(filepath.Join(work, "release", id+".csv"))
	if err != nil || !bytes.Contains(table, []byte("模拟数据")) || !bytes.Contains(table, []byte("不得发布")) {
		t.Errorf("the exported table lacks its marks: %v", err)
	}
	runs := said(t, "jobs", "list", "--data", data)
	clocksAreExplained(t, data)
	said(t, "backup", "--out", filepath.Join(work, "backup"), "--data", data)
	if err := product.stop(); exitCode(err, os.Stderr) != 0 {
		t.Fatal(err)
	}
	said(t, "restore", "--from", filepath.Join(work, "backup"), "--data", filepath.Join(work, "restored"))
	if again := said(t, "jobs", "list", "--data", filepath.Join(work, "restored")); again != runs {
		t.Errorf("the restored warehouse lists other runs:\n%s\n%s", again, runs)
	}
	said(t, "simulate", "--cases", "300", "--out", filepath.Join(work, "country"))
	persons := personsOf(t, filepath.Join(work, "country", "hj.person_in_case.jsonl"))
	for _, root := range []string{filepath.Join(data, "engine"), filepath.Join(data, "keys"), filepath.Join(work, "release"), filepath.Join(work, "backup")} {
		searchFor(t, root, persons)
	}
	for _, text := range persons {
		if strings.Contains(product.screen, string(text)) {
			t.Errorf("the log holds %q in clear", text)
		}
	}
}

var (
	plainID   = regexp.MustCompile(`resident_id\\":\\"([0-9X]{15,18})`)
	plainName = regexp.MustCompile(`\\"name\\":\\"(\p{Han}{3,})\\"`)
)

// personsOf reads identity numbers and names of three characters and more of
// simulated persons from a folder of messages; shorter names are words too.
func personsOf(t *testing.T, path string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, m := range plainID.FindAllSubmatch(text, 200) {
		all = append(all, m[1])
	}
	numbers := len(all)
	for _, m := range plainName.FindAllSubmatch(text, 200) {
		all = append(all, m[1])
	}
	if numbers < 50 || len(all)-numbers < 50 {
		t.Fatalf("only %d identity numbers and %d names were found in the simulated messages", numbers, len(all)-numbers)
	}
	return all
}

// searchFor fails for each file below root that holds one of the texts.
func searchFor(t *testing.T, root string, texts [][]byte) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, text := range texts {
			if bytes.Contains(content, text) {
				t.Errorf("%s holds %q in clear", path, text)
				return nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
