package verify_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hengjian/ingest/derive"
	"hengjian/ingest/verify"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// country is a warehouse with a log of type case that a test writes by hand.
type country struct {
	t   *testing.T
	db  *warehouse.DB
	c   *contract.Catalogue
	log *slog.Logger
}

func newCountry(t *testing.T) country {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	c := country{t: t, db: warehouse.Wrap(s.Conn(t, base), base), log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	c.must(migrations.Apply(t.Context(), c.db))
	var err error
	c.c, err = contract.Load("")
	c.must(err)
	c.must(contract.Reconcile(t.Context(), c.db, c.c))
	return c
}

func (c country) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c country) exec(sql string, args ...any) {
	c.t.Helper()
	c.must(c.db.Exec(c.t.Context(), sql, args...))
}

// line is one statement about the docket of one number, in one batch.
type line struct {
	stream   string
	offset   int
	number   string
	revision int
	charge   string
	batch    string
	key      string // "" for the right one
}

func key(number string) string { return "o1|police_investigation|" + number }

func (c country) land(lines ...line) {
	c.t.Helper()
	for _, l := range lines {
		if l.key == "" {
			l.key = key(l.number)
		}
		if l.revision == 0 {
			l.revision = 1
		}
		if l.batch == "" {
			l.batch = fmt.Sprintf("%s-%02d", l.stream, l.offset)
		}
		if l.charge == "" {
			l.charge = "盗窃罪"
		}
		at := fmt.Sprintf("2025-06-01 08:00:%02d", l.offset)
		if strings.HasSuffix(l.batch, "late") {
			at = "2025-06-01 07:00:00"
		}
		c.exec(fmt.Sprintf(`INSERT INTO log_case (stream, offset, batch, landed, status, op, revision, business_time, sent_time, key, digest, contract, sender,
organ, organ_id, handling_region, compartment, docket_kind, docket_number, docket_number_norm, charge)
SELECT '%s', %d, '%s', '%s', 'accepted', 'upsert', %d, '%s', '%s', '%s', MD5('%s') || MD5('x'), 1, 'GA1', 'GA1', 'o1', '330106', 'general', 'police_investigation', '%s', '%s', '%s'`,
			l.stream, l.offset, l.batch, at, l.revision, at, at, l.key, l.charge, l.number, l.number, l.charge))
	}
}

func (c country) register(streams ...string) {
	for _, s := range streams {
		c.exec("INSERT INTO stream (stream, source, topic, incarnation, partition, record_type, created) SELECT '" + s + "', 'kafka', 'hj.case', 1, 0, 'case', now64(3)")
	}
}

func (c country) derive() {
	c.t.Helper()
	d, err := derive.New(derive.DefaultConfig(), derive.Deps{DB: c.db, Catalogue: c.c, Log: c.log})
	c.must(err)
	_, err = d.Once(c.t.Context())
	c.must(err)
}

func (c country) verify() verify.Result {
	c.t.Helper()
	v, err := verify.New(verify.DefaultConfig(), verify.Deps{
		DB: c.db, Catalogue: c.c, Log: c.log, Registerer: prometheus.NewRegistry(), Now: func() time.Time { return time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC) },
	})
	c.must(err)
	r, err := v.Once(context.Background())
	c.must(err)
	return r
}

// found lists the faults as "sort stream offset".
func found(r verify.Result) []string {
	var out []string
	for _, f := range r.Faults {
		out = append(out, fmt.Sprintf("%s %s %d", f.Fault, f.Stream, f.Offset))
	}
	slices.Sort(out)
	return out
}

func (c country) good() {
	c.register("k/0", "k/1")
	c.land(
		line{stream: "k/0", offset: 0, number: "1"},
		line{stream: "k/0", offset: 1, number: "1"},                               // duplicate
		line{stream: "k/0", offset: 2, number: "1", charge: "诈骗罪"},                // conflict
		line{stream: "k/0", offset: 3, number: "1", charge: "诈骗罪", revision: 2},   // applied
		line{stream: "k/0", offset: 5, number: "2", revision: 3, batch: "k/0-05"}, // after a declared gap
		line{stream: "k/1", offset: 0, number: "2", revision: 1, charge: "抢劫罪"},   // superseded or applied first
		line{stream: "k/1", offset: 1, number: "3"},
	)
	c.exec("INSERT INTO gap (stream, first, last, reason, declared) SELECT 'k/0', 4, 4, 'retention', now64(3)")
	c.derive()
}

func TestAnHonestLogHasNoFaults(t *testing.T) {
	c := newCountry(t)
	c.good()
	// work in flight: landed and not derived
	c.land(line{stream: "k/1", offset: 2, number: "3", revision: 2, charge: "抢夺罪"})
	// a person's ruling: the conflict of docket 1 holds
	c.land(line{stream: "k/1", offset: 3, number: "4"}, line{stream: "k/1", offset: 4, number: "4", charge: "抢劫罪"})
	c.derive()
	c.exec("INSERT INTO ruling (record_type, key, revision, ruling, stream, offset, person, reason, ruled) SELECT 'case', '" + key("4") + "', 1, 1, 'k/1', 4, 'p', 'r', now64(3)")
	c.derive()
	r := c.verify()
	if len(r.Faults) != 0 || r.Rows != 10 || r.Streams != 2 {
		t.Fatalf("%+v", r)
	}
	var faults, rows uint64
	c.must(c.db.QueryRow(t.Context(), "SELECT faults, rows FROM verification").Scan(&faults, &rows))
	if faults != 0 || rows != 10 {
		t.Errorf("written down: %d faults in %d rows", faults, rows)
	}
}

// TestEveryPlantedFaultIsFound plants one of each, on streams and keys of their own.
func TestEveryPlantedFaultIsFound(t *testing.T) {
	c := newCountry(t)
	c.good()
	c.register("gap", "twice", "back", "key", "fate", "wrong", "hist", "cur")
	c.land(
		line{stream: "gap", offset: 0, number: "g0"}, line{stream: "gap", offset: 1, number: "g1"}, line{stream: "gap", offset: 3, number: "g3"},
		line{stream: "twice", offset: 0, number: "t0"}, line{stream: "twice", offset: 1, number: "t1"},
		line{stream: "back", offset: 0, number: "b0", batch: "A"}, line{stream: "back", offset: 1, number: "b1", batch: "B"}, line{stream: "back", offset: 2, number: "b2", batch: "A"},
		line{stream: "back", offset: 3, number: "b3", batch: "late"},
		line{stream: "nobody", offset: 0, number: "n0"},
		line{stream: "key", offset: 0, number: "k0", key: key("other")},
		line{stream: "fate", offset: 0, number: "f0"}, line{stream: "fate", offset: 2, number: "f2"},
		line{stream: "wrong", offset: 0, number: "w0"}, line{stream: "wrong", offset: 1, number: "w1"},
		line{stream: "hist", offset: 0, number: "h0"}, line{stream: "hist", offset: 1, number: "h1"}, line{stream: "hist", offset: 2, number: "h2"},
		line{stream: "cur", offset: 0, number: "c0"}, line{stream: "cur", offset: 1, number: "c1"}, line{stream: "cur", offset: 2, number: "c2"},
	)
	c.exec("INSERT INTO gap (stream, first, last, reason, declared) SELECT 'fate', 1, 1, 'retention', now64(3)")
	c.derive()
	c.land(line{stream: "twice", offset: 1, number: "t1", batch: "again"}, line{stream: "fate", offset: 1, number: "f1"})
	fate := "INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) SELECT 'case', "
	c.exec(fate + "'fate', 2, '" + key("f9") + "', 1, 'applied', 'GA1', now64(3) + 1")
	c.exec(fate + "'wrong', 1, '" + key("w1") + "', 1, 'superseded', 'GA1', now64(3) + 1")
	history := `INSERT INTO case_history SELECT * REPLACE (%s) FROM case_history WHERE key = '%s'`
	c.exec(fmt.Sprintf(history, "'诈骗罪' AS charge", key("h0")))
	c.exec(fmt.Sprintf(history, "toUInt64(9) AS revision, 'nobody' AS stream, toUInt64(0) AS offset", key("h1")))
	c.exec("ALTER TABLE case_history DELETE WHERE key = '" + key("h2") + "' SETTINGS mutations_sync = 1")
	c.exec("ALTER TABLE `case` DELETE WHERE key = '" + key("c0") + "' SETTINGS mutations_sync = 1")
	current := "INSERT INTO `case` SELECT * REPLACE (%s) FROM `case` WHERE docket_number = '%s'"
	c.exec(fmt.Sprintf(current, "'诈骗罪' AS charge", "c1"))
	c.exec(fmt.Sprintf(current, "'"+key("c9")+"' AS key", "c2"))
	r := c.verify()
	got := found(r)
	for _, want := range []string{
		"gap gap 2", "overlap twice 1", "backward back 1", "backward back 3", "unregistered nobody 0", "key_differs key 0",
		"fate_missing fate 1", "fate_extra fate 2", "fate_wrong wrong 1",
		"history_missing hist 2", "history_extra nobody 0", "history_differs hist 0",
		"current_missing cur 0", "current_differs cur 1", "current_extra cur 2",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("not found: %s among\n%s", want, strings.Join(got, "\n"))
		}
	}
	// What follows from a planted fault may show too; streams without one may not.
	for _, one := range got {
		if strings.Contains(one, " k/") {
			t.Errorf("a fault in an honest stream: %s", one)
		}
	}
	sorts := map[string]bool{}
	for _, f := range r.Faults {
		sorts[f.Fault] = true
		if f.Detail == "" || f.Total == 0 || f.RecordType != "case" {
			t.Errorf("incomplete: %+v", f)
		}
	}
	if len(sorts) != len(verify.Sorts()) {
		t.Errorf("%d sorts of fault found, there are %d:\n%s", len(sorts), len(verify.Sorts()), strings.Join(got, "\n"))
	}
	var written, listed uint64
	c.must(c.db.QueryRow(t.Context(), "SELECT (SELECT max(faults) FROM verification), (SELECT count() FROM verification_fault)").Scan(&written, &listed))
	if written != r.Count() || listed != uint64(len(r.Faults)) {
		t.Errorf("written %d of %d, listed %d of %d", written, r.Count(), listed, len(r.Faults))
	}
}
