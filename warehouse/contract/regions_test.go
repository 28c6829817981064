package contract

import (
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/contract/identifier"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

// TestRegionsComeIntoTheWarehouse loads the register twice: the tables answer
// what the register answers, and nothing stands there twice.
func TestRegionsComeIntoTheWarehouse(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	r, err := identifier.LoadRegions()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := ReconcileRegions(t.Context(), db, r); err != nil {
			t.Fatal(err)
		}
	}
	var regions, changes, editions uint64
	if err := db.QueryRow(t.Context(), "SELECT (SELECT count() FROM region), (SELECT count() FROM region_change), (SELECT count() FROM region_edition)").Scan(&regions, &changes, &editions); err != nil {
		t.Fatal(err)
	}
	if regions != uint64(len(r.All())) || changes != uint64(len(r.AllChanges())) || editions != 1 {
		t.Errorf("%d regions, %d changes, %d editions; the register has %d and %d", regions, changes, editions, len(r.All()), len(r.AllChanges()))
	}
	var name, successor, on string
	if err := db.QueryRow(t.Context(), `SELECT r.name, c.successors[1], toString(c.day) FROM region AS r JOIN region_change AS c ON c.edition = r.edition AND c.code = r.code AND c.day = r.valid_to
WHERE r.edition = (SELECT edition FROM region_edition ORDER BY written DESC LIMIT 1) AND r.code = '330103' AND toDate32('2020-01-01') < r.valid_to`).Scan(&name, &successor, &on); err != nil {
		t.Fatal(err)
	}
	if name != "下城区" || successor != "330105" || on != "2021-04-09" {
		t.Errorf("330103 in 2020: %s, %s on %s", name, successor, on)
	}
}
