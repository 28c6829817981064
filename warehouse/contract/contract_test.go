package contract

import "testing"

func TestLoadReadsTheTenContracts(t *testing.T) {
	c, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Types()) != 10 {
		t.Fatalf("%d types, want 10", len(c.Types()))
	}
}
