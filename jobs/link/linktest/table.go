package linktest

import (
	"testing"

	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

// Table is a population read into a sealed table, with the person of each row.
func Table(t testing.TB, records int, seed uint64) (*record.Table, []uint64) {
	t.Helper()
	n, err := normal.Load()
	if err != nil {
		t.Fatal(err)
	}
	raws, truth := Population(records, seed)
	tb := record.New(n, len(raws))
	for i := range raws {
		tb.Add(&raws[i])
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	return tb, truth
}
