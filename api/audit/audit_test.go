package audit

import (
	"context"
	"sync"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func TestChainShowsEveryChange(t *testing.T) {
	ctx := context.Background()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	fixed := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	log := New(db, func() time.Time { return fixed }) // one instant: the chain makes its own order
	var together sync.WaitGroup
	for i := range 8 {
		together.Add(1)
		go func() {
			defer together.Done()
			if err := log.Record(ctx, Entry{Account: "analyst", Action: "query", Statement: "SELECT '\x00\n汉'", Rows: uint64(i)}); err != nil {
				t.Error(err)
			}
		}()
	}
	together.Wait()
	again := New(db, func() time.Time { return fixed }) // another start continues the chain
	if err := again.Record(ctx, Entry{Account: "leader", Action: "sign_in"}); err != nil {
		t.Fatal(err)
	}
	if n, err := Verify(ctx, db); err != nil || n != 9 {
		t.Fatalf("an honest chain: %d, %v", n, err)
	}
	for _, change := range []string{
		"ALTER TABLE audit UPDATE statement = 'SELECT 2' WHERE rows = 3 SETTINGS mutations_sync = 1",
		"ALTER TABLE audit DELETE WHERE rows = 5 SETTINGS mutations_sync = 1",
	} {
		if err := db.Exec(ctx, change); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(ctx, db); warehouse.CodeOf(err) != warehouse.Conflict {
			t.Errorf("%s is not noticed: %v", change, err)
		}
	}
}
