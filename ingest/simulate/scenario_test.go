package simulate

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hengjian/warehouse/contract"
)

// TestScenarioProblemsNameTheirPlace overlays a file that is wrong in every way.
func TestScenarioProblemsNameTheirPlace(t *testing.T) {
	text, err := os.ReadFile("testdata/wrong.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "scenarios"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "scenarios", "wrong.yaml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = New(Config{Cases: 1, Definitions: dir})
	var found contract.Problems
	if !errors.As(err, &found) {
		t.Fatalf("a wrong scenario gives %v", err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		_, want, marked := strings.Cut(line, "# wrong: ")
		if !marked {
			continue
		}
		hit := false
		for _, p := range found {
			hit = hit || p.Line == i+1 && strings.Contains(p.What, want) && p.Remedy != "" && strings.HasSuffix(p.File, "scenarios/wrong.yaml")
		}
		if !hit {
			t.Errorf("line %d: no problem says %q", i+1, want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
}

// TestScenariosPlayOut plays every scene of a country: none is skipped, all show
// what they say, and the numbers of a place are never used twice.
func TestScenariosPlayOut(t *testing.T) {
	k := country(t, Config{Seed: 3, Cases: 4000, Faults: 0.1})
	seen := map[string]bool{}
	err := k.playScenes(func(s *staging) error {
		for i := range s.scene.numbers {
			n := string(appendNumber(nil, s.number(k, i))) + k.in(s.home, s.scene.numbers[i].of).code
			if seen[n] {
				t.Fatalf("%s stands twice", n)
			}
			seen[n] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range k.Truth().Plans {
		if p.Scenes == 0 || len(p.Skipped) > 0 {
			t.Errorf("%s: %d scenes, skipped %v", p.Plan, p.Scenes, p.Skipped)
		}
	}
}
