package api

import (
	"testing"

	"gopkg.in/yaml.v3"

	"hengjian/jobs/indicator"
	"hengjian/warehouse/contract"
)

// TestHeadlinesAreOfTheCatalogue holds the list against the catalogue that is shipped.
func TestHeadlinesAreOfTheCatalogue(t *testing.T) {
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := indicator.Load("", contracts)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	if err := yaml.Unmarshal(headlinesText, &ids); err != nil {
		t.Fatal(err)
	}
	got, err := readHeadlines(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(ids) || len(ids) > 12 {
		t.Fatalf("%d headlines of a list of %d, at most 12 fit the first page", len(got), len(ids))
	}
	for i, id := range ids {
		if got[i].ID != id {
			t.Errorf("headline %d is %s, want %s", i, got[i].ID, id)
		}
	}
}
