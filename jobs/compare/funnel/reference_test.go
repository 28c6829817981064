package funnel

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// reference reads a table that R printed (testdata/SOURCES.md).
func reference(t *testing.T, name string) []map[string]float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("read %s: %d rows, %v", name, len(all), err)
	}
	var out []map[string]float64
	for _, row := range all[1:] {
		one := map[string]float64{}
		for i, cell := range row {
			if one[all[0][i]], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, one)
	}
	return out
}

func near(a, b, relative float64) bool {
	return math.Abs(a-b) <= relative*math.Max(1e-12, math.Max(math.Abs(a), math.Abs(b)))
}
