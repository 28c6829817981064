package loader_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"testing"

	"hengjian/ingest/loader"
	"hengjian/ingest/simulate"
	"hengjian/warehouse"
	"hengjian/warehouse/backup"
	"hengjian/warehouse/engine"
	"hengjian/warehouse/engine/enginetest"
)

// TestBackupWhileLoading copies a warehouse while it is loaded: between the stages
// of the copy more blocks land, of new senders too, and are derived. The warehouse
// is dropped, restored, and loaded on from the same Kafka: it must end as it did
// before.
func TestBackupWhileLoading(t *testing.T) {
	const base = "hengjian_backup"
	dir := t.TempDir()
	server := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	admin := server.DB(t, "default")
	must(t, admin.Exec(t.Context(), "CREATE DATABASE "+base))
	k := newCountry(t, server, base, simulate.Config{Seed: 11, Cases: 60, Faults: 0.05})
	blocks := make(chan struct{}, 1_000_000)
	let := func(n int) {
		for range n {
			blocks <- struct{}{}
		}
	}
	small, open, once := quick(), make(chan struct{}), sync.Once{}
	small.MaxRows, small.Turns = 25, 8
	l := k.load(small, loader.Hooks{Reach: func(p loader.Point, b loader.Batch) error {
		if p == loader.Decoded && b.Topic != "hj.organ" {
			once.Do(func() { close(open) })
			<-blocks
		}
		return nil
	}}, nil)
	more := func() {
		t.Helper()
		before := k.logged()
		let(12)
		k.until("more blocks are in", func() bool { return k.logged() >= before+100 })
		_, err := k.deriver(nil).Once(t.Context())
		must(t, err)
	}
	<-open
	more()
	copied := filepath.Join(dir, "backups", "running")
	begun := k.logged()
	must(t, backup.Save(t.Context(), k.db, copied, func(string) error {
		more()
		return nil
	}))
	ended := k.logged()
	more()
	let(100_000)
	k.nothingLeft(l)
	must(t, l.end())
	k.proven()
	want := k.facts()

	must(t, admin.Exec(t.Context(), "DROP DATABASE "+base+" SYNC"))
	must(t, backup.Restore(t.Context(), admin, base, copied))
	k.open()
	if n := k.logged(); n <= begun || n >= ended {
		t.Errorf("%d rows are restored; the copy began at %d and ended at %d: it was not taken on the way", n, begun, ended)
	}
	l = k.load(quick(), loader.Hooks{}, nil)
	k.nothingLeft(l)
	must(t, l.end())
	k.proven()
	if got := k.facts(); !maps.Equal(got, want) {
		for table := range want {
			if got[table] != want[table] {
				t.Errorf("%s: restored and loaded on %s, before %s", table, got[table], want[table])
			}
		}
	}
}

// facts is a digest of every table that the way in writes, by table.
func (k *country) facts() map[string]string {
	k.t.Helper()
	all := map[string]string{}
	say := func(name, sql string, args ...any) {
		k.t.Helper()
		var n, sum uint64
		must(k.t, k.db.QueryRow(context.Background(), "SELECT count(), sum(cityHash64(*)) FROM ("+sql+")", args...).Scan(&n, &sum))
		all[name] = fmt.Sprint(n, " ", sum)
	}
	for _, c := range k.catalogue.Types() {
		say("log_"+c.Name, "SELECT toString(stream), offset, digest, status, toString(reason), key FROM `log_"+c.Name+"`")
		say(c.Name+"_history", "SELECT key, revision, ruling, toString(stream), offset, toString(fate), digest FROM `"+c.Name+"_history` FINAL")
		say(c.Name, "SELECT key, revision, ruling, toString(stream), offset, digest FROM `"+c.Name+"` FINAL")
		say("fates of "+c.Name, "SELECT toString(stream), offset, toString(fate), key FROM record_fate FINAL WHERE record_type = {type:String}", warehouse.Param("type", c.Name))
		say("touched by "+c.Name, "SELECT DISTINCT toString(stream), offset, key, op FROM touched WHERE record_type = {type:String}", warehouse.Param("type", c.Name))
	}
	return all
}
