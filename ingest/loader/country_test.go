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

// TestCountryByContract loads a simulated country through the real contracts,
// decoder, vault and derive, with an owner that breaks off on the way. Every
// record of Kafka must be in its log once, and its sealed bytes must open to
// what was sent.
func TestCountryByContract(t *testing.T) {
	server := enginetest.Start(t)
	base := server.Database(t)
	db := warehouse.Wrap(server.Conn(t, base), base)
	catalogue, err := contract.Load("")
	must(t, err)
	must(t, migrations.Apply(t.Context(), db))
	must(t, contract.Reconcile(t.Context(), db, catalogue))
	keyFile := vault.Config{KeyFile: filepath.Join(t.TempDir(), "key")}
	keys, err := vault.Open(t.Context(), keyFile, db)
	must(t, err)
	client := brokertest.Start(t).Dial(t)
	for _, c := range catalogue.Types() {
		if c.Door == "kafka" {
			must(t, client.CreateTopics(t.Context(), []string{c.Topic()}, map[bool]int{true: 1, false: 4}[c.Name == "organ"]))
		}
	}
	writer := client.Writer()
	writer.BatchTimeout = 5 * time.Millisecond
	defer writer.Close()
	country, err := simulate.New(simulate.Config{Seed: 3, Cases: 150, Faults: 0.05})
	must(t, err)
	sink := simulate.NewKafkaSink(writer)
	must(t, country.Emit(t.Context(), sink))
	must(t, sink.Close())

	deriver, err := derive.New(derive.DefaultConfig(), derive.Deps{DB: db, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	run := func(hooks loader.Hooks) *running {
		organs := &register{db: db}
		must(t, organs.Reload(t.Context()))
		topics, err := loader.Topics(catalogue, decode.Deps{Catalogue: catalogue, Vault: keys, Register: organs, Simulated: true})
		must(t, err)
		r := &rig{t: t}
		return r.start(quick(), loader.Deps{
			DB: db, DSN: server.DSN("owner", base), Broker: client, Topics: topics, Hooks: hooks,
			Gate: func(ctx context.Context) error {
				if _, err := deriver.Once(ctx); err != nil {
					return err
				}
				return organs.Reload(ctx)
			},
		})
	}
	broken := errors.New("broken on purpose")
	if err := run(loader.Hooks{Reach: func(p loader.Point, b loader.Batch) error {
		if p == loader.Unanswered && b.Topic == "hj.coercive_measure" {
			return broken
		}
		return nil
	}}).wait(); !errors.Is(err, broken) {
		t.Fatalf("the first owner ended with %v", err)
	}
	l := run(loader.Hooks{})
	turner := rotates(t, db, keyFile)
	(&rig{t: t}).until("nothing is left in Kafka", func() bool {
		all, err := l.Status(t.Context())
		var lag uint64
		for _, s := range all {
			lag += s.Lag
		}
		return err == nil && lag == 0 && len(all) > 30
	})
	must(t, l.end())
	for _, c := range catalogue.Types() {
		if c.Door == "kafka" {
			compareSealed(t, db, client, keys, c)
		}
	}
	expires(t, db, keys, turner)
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

// source is the part of the broker's client that the comparison reads.
type source interface{ loader.Broker }

// compareSealed opens every sealed record of a type and compares it with Kafka.
func compareSealed(t *testing.T, db *warehouse.DB, client source, keys *vault.Vault, c *contract.Type) {
	t.Helper()
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
		plain, err := keys.Open(t.Context(), key, []byte(sealed))
		if err != nil || want[at] != string(plain) {
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
