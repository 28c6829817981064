package loader_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/broker/brokertest"
	"hengjian/ingest/decode"
	"hengjian/ingest/derive"
	"hengjian/ingest/loader"
	"hengjian/ingest/simulate"
	"hengjian/ingest/verify"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
	"hengjian/warehouse/vault"
)

// register is the organ register as main keeps it.
type register struct {
	db  *warehouse.DB
	now *access.Register
}

func (r *register) Current() *access.Register { return r.now }

func (r *register) Reload(ctx context.Context) (err error) {
	r.now, err = access.LoadRegister(ctx, r.db)
	return err
}

// country is a simulated country on its way through the real contracts, decoder,
// vault and derive.
type country struct {
	rig
	catalogue *contract.Catalogue
	keyFile   vault.Config
	keys      *vault.Vault
	organs    *register
	gone      map[string]bool // data keys that were destroyed on purpose
}

// newCountry makes the tables and fills the topics.
func newCountry(t *testing.T, server *enginetest.Server, base string, c simulate.Config) *country {
	t.Helper()
	k := &country{rig: rig{t: t, server: server, base: base, broker: brokertest.Start(t)}, keyFile: vault.Config{KeyFile: filepath.Join(t.TempDir(), "key")}, gone: map[string]bool{}}
	k.client = k.broker.Dial(t)
	var err error
	k.catalogue, err = contract.Load("")
	must(t, err)
	k.open()
	for _, one := range k.catalogue.Types() {
		if one.Door == "kafka" {
			must(t, k.client.CreateTopics(t.Context(), []string{one.Topic()}, map[bool]int{true: 1, false: 4}[one.Name == "organ"]))
		}
	}
	writer := k.client.Writer()
	writer.BatchTimeout = 5 * time.Millisecond
	defer writer.Close()
	plan, err := simulate.New(c)
	must(t, err)
	sink := simulate.NewKafkaSink(writer)
	must(t, plan.Emit(t.Context(), sink))
	must(t, sink.Close())
	return k
}

// open makes the tables that are missing and opens the vault.
func (k *country) open() {
	k.t.Helper()
	k.db = warehouse.Wrap(k.server.Conn(k.t, k.base), k.base)
	must(k.t, migrations.Apply(k.t.Context(), k.db))
	must(k.t, contract.Reconcile(k.t.Context(), k.db, k.catalogue))
	var err error
	k.keys, err = vault.Open(k.t.Context(), k.keyFile, k.db)
	must(k.t, err)
	k.organs = &register{db: k.db}
	must(k.t, k.organs.Reload(k.t.Context()))
}

// deriver is a new process that derives.
func (k *country) deriver(hooks *derive.Hooks) *derive.Deriver {
	k.t.Helper()
	v, err := derive.New(derive.DefaultConfig(), derive.Deps{DB: k.db, Catalogue: k.catalogue, Log: slog.New(slog.DiscardHandler), Hooks: hooks})
	must(k.t, err)
	return v
}

// load starts a loader of all types, which derives the organ register first.
func (k *country) load(c loader.Config, hooks loader.Hooks, now func() time.Time) *running {
	k.t.Helper()
	topics, err := loader.Topics(k.catalogue, decode.Deps{Catalogue: k.catalogue, Vault: k.keys, Register: k.organs, Simulated: true})
	must(k.t, err)
	return k.start(c, loader.Deps{
		DB: k.db, DSN: k.server.DSN("owner", k.base), Broker: k.client, Topics: topics, Hooks: hooks, Now: now,
		Gate: func(ctx context.Context) error {
			if len(k.organs.now.All()) == 0 {
				if _, err := k.deriver(nil).Once(ctx); err != nil {
					return err
				}
			}
			return k.organs.Reload(ctx)
		},
	})
}

// nothingLeft waits until all of Kafka is in the logs.
func (k *country) nothingLeft(l *running) {
	k.t.Helper()
	k.until("nothing is left in Kafka", func() bool {
		all, err := l.Status(k.t.Context())
		var lag uint64
		for _, s := range all {
			lag += s.Lag
		}
		return err == nil && lag == 0 && len(all) > 30
	})
}

// logged counts the rows of all logs.
func (k *country) logged() (n uint64) {
	k.t.Helper()
	if err := k.db.QueryRow(context.Background(), "SELECT toUInt64(ifNull(sum(total_rows), 0)) FROM system.tables WHERE database = {base:String} AND startsWith(name, 'log_')", warehouse.Param("base", k.base)).Scan(&n); err != nil {
		return 0 // the engine is down
	}
	return n
}

// proven derives what is left, compares the logs with Kafka and lets the verifier
// look at everything.
func (k *country) proven() {
	k.t.Helper()
	_, err := k.deriver(nil).Once(k.t.Context())
	must(k.t, err)
	t, ok := k.t.(*testing.T)
	if !ok {
		k.t.Fatal("a benchmark proves nothing")
	}
	for _, c := range k.catalogue.Types() {
		if c.Door == "kafka" {
			compareSealed(t, k, c)
		}
	}
	v, err := verify.New(verify.DefaultConfig(), verify.Deps{DB: k.db, Catalogue: k.catalogue, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	must(k.t, err)
	found, err := v.Once(k.t.Context())
	must(k.t, err)
	if found.Count() > 0 || found.Rows == 0 {
		k.t.Errorf("the verifier, of %d rows: %+v", found.Rows, found.Faults)
	}
}

// TestCountryByContract loads a simulated country with an owner that breaks off
// on the way. Every record of Kafka must be in its log once, and its sealed bytes
// must open to what was sent.
func TestCountryByContract(t *testing.T) {
	server := enginetest.Start(t)
	k := newCountry(t, server, server.Database(t), simulate.Config{Seed: 3, Cases: 150, Faults: 0.05})
	broken := errors.New("broken on purpose")
	if err := k.load(quick(), loader.Hooks{Reach: func(p loader.Point, b loader.Batch) error {
		if p == loader.Unanswered && b.Topic == "hj.coercive_measure" {
			return broken
		}
		return nil
	}}, nil).wait(); !errors.Is(err, broken) {
		t.Fatalf("the first owner ended with %v", err)
	}
	l := k.load(quick(), loader.Hooks{}, nil)
	turner := rotates(t, k.db, k.keyFile)
	k.nothingLeft(l)
	must(t, l.end())
	k.proven()
	expires(t, k.db, k.keys, turner)
}

// rotates is another process that turns the master key three times while
// records are loaded; the pseudonyms stay.
func rotates(t *testing.T, db *warehouse.DB, c vault.Config) *vault.Vault {
	t.Helper()
	turner, err := vault.Open(t.Context(), c, db)
	must(t, err)
	before, mark := turner.Master(), turner.Pseudonym("name", []byte("张三"))
	for range 3 {
		must(t, turner.Rotate(t.Context()))
	}
	again, err := vault.Open(t.Context(), c, db)
	must(t, err)
	if again.Master() == before || again.Pseudonym("name", []byte("张三")) != mark {
		t.Error("the master key is the old one, or the pseudonyms changed")
	}
	return turner
}

// expires lets the other process destroy the key of one sender: the loader's own
// vault cannot open its originals any more and says why, and opens the others.
func expires(t *testing.T, db *warehouse.DB, keys, turner *vault.Vault) {
	t.Helper()
	var sender, month, key string
	must(t, db.QueryRow(t.Context(), "SELECT sender, any(formatDateTime(landed, '%Y-%m', 'Asia/Shanghai')), any(seal_key) FROM log_case GROUP BY sender ORDER BY count() DESC LIMIT 1").Scan(&sender, &month, &key))
	must(t, turner.Destroy(t.Context(), month, sender))
	rows, err := db.Query(t.Context(), "SELECT sealed, seal_key FROM log_case")
	must(t, err)
	defer rows.Close()
	gone, open := 0, 0
	for rows.Next() {
		var sealed, with string
		must(t, rows.Scan(&sealed, &with))
		_, err := keys.Open(t.Context(), with, []byte(sealed))
		switch {
		case with != key && err == nil:
			open++
		case with == key && warehouse.CodeOf(err) == warehouse.NotFound && strings.Contains(err.Error(), "cannot be read any more"):
			gone++
		default:
			t.Fatalf("sealed with %s, destroyed is %s: %v", with, key, err)
		}
	}
	must(t, rows.Err())
	if gone == 0 || open == 0 {
		t.Errorf("%d originals are gone, %d open", gone, open)
	}
}

// compareSealed opens every sealed record of a type and compares it with Kafka.
func compareSealed(t *testing.T, k *country, c *contract.Type) {
	t.Helper()
	db, client := k.db, k.client
	audits, err := loader.ReadAudit(t.Context(), db, "log_"+c.Name)
	must(t, err)
	for _, a := range audits {
		if !a.Whole() {
			t.Errorf("audit %+v", a)
		}
	}
	type place struct {
		stream string
		offset uint64
	}
	want := map[place]string{}
	bounds, err := client.Bounds(t.Context(), c.Topic())
	must(t, err)
	for _, b := range bounds {
		for from := b.First; from < b.Next; {
			f, err := client.Fetch(t.Context(), c.Topic(), b.Partition, from, 1<<20, time.Second)
			must(t, err)
			for _, r := range f.Records {
				want[place{loader.StreamName(client.ClusterID(), c.Topic(), 1, b.Partition), r.Offset}] = string(r.Value)
				from = r.Offset + 1
			}
		}
	}
	rows, err := db.Query(t.Context(), "SELECT stream, offset, sealed, seal_key FROM `log_"+c.Name+"`")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var at place
		var sealed, key string
		must(t, rows.Scan(&at.stream, &at.offset, &sealed, &key))
		plain, err := k.keys.Open(t.Context(), key, []byte(sealed))
		if (err != nil || want[at] != string(plain)) && (!k.gone[key] || warehouse.CodeOf(err) != warehouse.NotFound) {
			t.Fatalf("%s %v: the sealed bytes are not what was sent (%v)", c.Name, at, err)
		}
		delete(want, at)
	}
	must(t, rows.Err())
	if len(want) > 0 {
		t.Errorf("%s: %d records of Kafka are not in the log", c.Name, len(want))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
