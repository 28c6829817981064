package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestContractCommands(t *testing.T) {
	do := func(args ...string) (string, int) {
		var out, errOut bytes.Buffer
		err := run(t.Context(), append([]string{"contract"}, args...), &out, &errOut)
		return out.String(), exitCode(err, &errOut)
	}
	sample, code := do("sample", "case")
	if code != 0 {
		t.Fatal("no sample")
	}
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(sample)); err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(t.TempDir(), "good.jsonl")
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	for file, text := range map[string]string{good: line.String(), bad: line.String() + "\n" + strings.Replace(line.String(), `"handling_region":"330106"`, `"handling_region":"1"`, 1)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := do("check", "case", "--file", good); code != 0 || out != "" {
		t.Errorf("a good file: %d %s", code, out)
	}
	out, code := do("check", "case", "--file", bad)
	var f struct {
		Line                      int
		Field, Rule               string
		RemedyZH, RemedyEN, ZH, E string
	}
	if err := json.Unmarshal([]byte(out), &f); err != nil || code != 1 || f.Line != 2 || f.Field != "handling_region" || f.Rule != "unknown_region" {
		t.Errorf("a bad file: %d %s", code, out)
	}
	if _, code := do("check", "weather", "--file", good); code != 1 {
		t.Errorf("an unknown type: %d", code)
	}
	if out, code := do("diff", "current", "current"); code != 0 || out != "" {
		t.Errorf("the same contracts differ: %d %s", code, out)
	}
	if out, code := do("diff", "current", "warehouse/contract/released/1/types/case.yaml"); code != 1 || !strings.Contains(out, "REFUSED trial: the type is gone") {
		t.Errorf("types that are gone: %d %s", code, out)
	}
	if out, code := do("region", "330121"); code != 0 || !strings.Contains(out, "萧山县") || !strings.Contains(out, "→ 330109 萧山区") {
		t.Errorf("a county that became a district: %d %s", code, out)
	}
	if out, code := do("region", "330121", "--on", "1995-01-01"); code != 0 || !strings.Contains(out, "→ 339005 萧山市") {
		t.Errorf("the same in 1995: %d %s", code, out)
	}
	if _, code := do("region", "999999"); code != 1 {
		t.Errorf("a code that never was: %d", code)
	}
	dir := t.TempDir()
	if _, code := do("docs", "--out", dir); code != 0 {
		t.Error("no documents")
	}
	for _, name := range []string{"asyncapi.json", "dictionary.md", "dictionary.zh-CN.md", "schema/trial.json", "samples/trial.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
