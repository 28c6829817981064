package link

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hengjian/jobs/link/keeper"
	"hengjian/jobs/link/keyed"
	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/vault"
)

// ring is a key process in this one, over a vault.
type ring struct {
	*vault.Vault
	dir string
	end func()
}

func newRing(t *testing.T, s *store) *ring {
	t.Helper()
	dir, err := os.MkdirTemp("", "ring") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := &ring{dir: dir, end: func() {}}
	if r.Vault, err = vault.Open(t.Context(), vault.Config{KeyFile: r.path("master.key")}, s.DB); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.end() })
	return r
}

func (r *ring) path(name string) string { return filepath.Join(r.dir, name) }

// Client dials the key process, whether it lives or not.
func (r *ring) Client(context.Context) (*keeper.Client, error) {
	return keeper.Dial(r.path("s")), nil
}

// begin starts the key process; r.end ends it.
func (r *ring) begin(t *testing.T) {
	t.Helper()
	server, err := keeper.New(keeper.Config{Socket: r.path("s"), Audit: r.path("audit"), Master: r.path("master.key"), Limits: keeper.DefaultLimits()},
		keeper.Deps{Key: func() (keeper.Key, error) { return keeper.Obtain(r.path("linkage.key")) }, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- server.Run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	r.end = func() {
		cancel()
		<-ended
		r.end = func() {}
	}
}

// TestPersonsOnKeys links sealed entries on keys: the persons are those of values,
// the job opens nothing, no table holds a value or a part key, and a run without
// the key process fails clearly and goes through when it is back.
func TestPersonsOnKeys(t *testing.T) {
	s := newStore(t)
	keys := newRing(t, s)
	ctx := context.Background()
	raws := map[string]record.Raw{}
	entries, ok := s.catalogue.Type("person_in_case")
	if !ok {
		t.Fatal("no contract of person entries")
	}
	phrases := keys.Phrasebook(entries.Phrases()) // as the loader seals
	put := func(organ, name, number, birth string) string {
		entry := s.putPerson(t, organ, "A1", name, number, birth)
		message := fmt.Sprintf(`{"payload": {"name": %q, "resident_id": %q, "birth_date": %q, "sex": "male", "household_region": "110105"}}`, name, number, birth)
		sealed, id, err := keys.Seal(ctx, nil, organ, "2026-01", []byte(message), phrases)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(ctx, fmt.Sprintf("ALTER TABLE log_person_in_case UPDATE sealed = unhex('%x'), seal_key = '%s' WHERE offset = %d SETTINGS mutations_sync = 2", sealed, id, s.offset)); err != nil {
			t.Fatal(err)
		}
		raws[entry], _ = record.FromMessage([]byte(message))
		return entry
	}
	const id, other = "11010519491231002X", "11010519680203007X"
	a := put("p1", "王小明", id, "1949-12-31")
	b := put("p2", "王小明", "110105491231002", "1949-12-31") // the old form
	c := put("p3", "王晓明", "", "1949-12-31")                // one sound
	d := put("p4", "李四光", other, "1968-02-03")
	e := put("p5", "王小明", "110105194912310O2X", "") // a letter for a digit: one place is lost
	gone := put("p6", "赵六", "", "")
	if err := keys.Destroy(ctx, "2026-01", "p6"); err != nil {
		t.Fatal(err)
	}
	job, err := New(DefaultConfig(), Deps{DB: s.DB, Catalogue: s.catalogue, Keeper: keys})
	if err != nil {
		t.Fatal(err)
	}
	run := func(generation uint32) (warehouse.Report, error) {
		r := s.run(t, generation)
		r.AsOf, r.Started = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(int64(generation)*1000)
		return job.Run(ctx, r)
	}
	if _, err := run(1); warehouse.CodeOf(err) != warehouse.Unavailable || !strings.Contains(err.Error(), "key process does not answer") {
		t.Fatalf("a run without the key process: %v", err)
	}
	keys.begin(t)
	report, err := run(2)
	if err != nil {
		t.Fatal(err)
	}
	person := map[string]string{}
	for _, line := range s.lines(t, "SELECT person_entry, person_id FROM link_identity WHERE run_id = 'run-2'", 2) {
		entry, id, _ := strings.Cut(line, " ")
		person[entry] = id
	}
	if person[a] != person[b] || person[a] != person[c] || person[a] != person[e] || person[a] == person[d] || person[gone] != "" || report.Figures["entries_closed"] != 1 {
		t.Errorf("persons %v, figures %v", person, report.Figures)
	}
	s.nothingClear(t, []string{"王小明", "王晓明", id, "19491231", "110105"})
	s.noPartKey(t, keys, slices.Collect(maps.Values(raws)))
	audit, err := os.ReadFile(keys.path("audit"))
	if err != nil || !strings.Contains(string(audit), `"purpose":"link","records":5,"values":25`) || strings.Contains(string(audit), "王小明") {
		t.Errorf("audit %s %v", audit, err)
	}
	keys.end()
	if _, err := run(3); warehouse.CodeOf(err) != warehouse.Unavailable {
		t.Errorf("killed: %v", err)
	}
	keys.begin(t)
	if _, err := run(4); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

// noPartKey makes the part keys of the run again and looks for them, as numbers and
// as hex digits, in every column of every table of the warehouse: no account at all
// can read what is not there.
func (s *store) noPartKey(t *testing.T, r *ring, raws []record.Raw) {
	t.Helper()
	key, err := keeper.ReadKey(r.path("linkage.key"))
	if err != nil {
		t.Fatal(err)
	}
	maker, err := keyed.NewMaker(key.Epoch, key.Secret)
	if err != nil {
		t.Fatal(err)
	}
	var needles []string
	b := maker.Batch(raws)
	note := func(keys ...uint64) {
		for _, k := range keys {
			if k != 0 {
				needles = append(needles, "'"+strconv.FormatUint(k, 10)+"'", "'"+strconv.FormatUint(k, 16)+"'")
			}
		}
	}
	for _, n := range b.Names {
		note(n.Text, n.Sound, n.Surname)
	}
	for _, n := range b.Numbers {
		note(append([]uint64{n.Whole, n.Tail, n.Ends, n.Parts.Region, n.Parts.Birth, n.Parts.Running}, n.Parts.Near...)...)
	}
	for _, x := range b.Births {
		note(x.Day, x.Year, x.MonthDay)
	}
	if len(needles) < 100 {
		t.Fatalf("%d part keys are too few to look for", len(needles))
	}
	for _, table := range s.lines(t, "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'", 1) {
		for part := range slices.Chunk(needles, 250) {
			if n := s.lines(t, "SELECT toString(countIf(multiSearchAny(text, ["+strings.Join(part, ", ")+"]))) FROM (SELECT toString(tuple(*)) AS text FROM `"+table+"`)", 1); n[0] != "0" {
				t.Errorf("%s holds a part key in %s rows", table, n[0])
			}
		}
	}
	if n := s.lines(t, "SELECT toString(count()) FROM system.databases WHERE name = 'link_work'", 1); n[0] != "0" {
		t.Error("a database link_work was left behind")
	}
}
