package loader_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hengjian/ingest/derive"
	"hengjian/ingest/loader"
	"hengjian/ingest/simulate"
	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/vault"
)

// everyEighth run is of the whole way in, with real contracts, vault and derive.
const everyEighth = 8

// derivePoints are the moments between the statements of derive.
var derivePoints = []derive.Point{
	derive.BeforeHistory, derive.BeforeCurrent, derive.BeforeTouched, derive.BeforeFates, derive.AfterFates,
	derive.BeforeRuledCurrent, derive.BeforeRuledTouched, derive.BeforeRuledHistory,
}

// countryFault is one way to break things on the whole way in.
type countryFault struct {
	name string
	act  func(k *country, rnd *rand.Rand)
}

// countryFaults are all ways.
func countryFaults() []countryFault {
	all := []countryFault{
		{"derive cut off at a random moment", cutDerive},
		{"engine killed during derive", killEngineInDerive},
		{"master key rotated while loading", rotateWhileLoading},
		{"data key of a past month destroyed while loading", expireWhileLoading},
	}
	for _, p := range derivePoints {
		all = append(all, countryFault{"derive stopped before: " + p.String(), func(k *country, _ *rand.Rand) { k.stopDerive(p) }})
	}
	return all
}

// randomCountry is one run of the whole way in: its records are loaded in parts,
// and between them two to four faults happen.
func randomCountry(t *testing.T, server *enginetest.Server, seed uint64) (uint64, []string) {
	rnd := rand.New(rand.NewPCG(seed, 2))
	k := newCountry(t, server, server.Database(t), simulate.Config{Seed: seed, Cases: 20 + rnd.IntN(30), Faults: 0.08})
	faults, names := countryFaults(), []string{}
	month := time.Now().AddDate(0, -1, -time.Now().Day()) // what lands first lands in a month that is over
	k.landSome(rnd, func() time.Time { return month })
	for range 2 + rnd.IntN(3) {
		f := faults[rnd.IntN(len(faults))]
		names = append(names, f.name)
		t.Log(f.name)
		k.landSome(rnd, nil)
		k.ruleOne(rnd)
		f.act(k, rnd)
	}
	l := k.load(quick(), loader.Hooks{}, nil)
	k.nothingLeft(l)
	must(t, l.end())
	k.ruleOne(rnd)
	k.proven()
	return k.logged(), names
}

// landSome loads with an owner that dies at a random point of one of its blocks, or
// has loaded all.
func (k *country) landSome(rnd *rand.Rand, now func() time.Time) {
	k.t.Helper()
	config, dies := quick(), errors.New("dies on purpose")
	config.MaxRows = 60
	at, left := loader.Point(rnd.IntN(4)), 4+rnd.IntN(12)
	blocks := make(chan struct{}, left)
	for range left {
		blocks <- struct{}{}
	}
	l := k.load(config, loader.Hooks{Reach: func(p loader.Point, b loader.Batch) error {
		if p != at || b.Topic == "hj.organ" {
			return nil
		}
		select {
		case <-blocks:
			return nil
		default:
			return dies
		}
	}}, now)
	ended := make(chan error, 1)
	go func() { ended <- <-l.done }()
	k.until("the owner has died or loaded all", func() bool {
		select {
		case err := <-ended:
			if !errors.Is(err, dies) {
				k.t.Errorf("the owner ended with %v", err)
			}
			return true
		default:
		}
		all, err := l.Status(context.Background())
		var lag uint64
		for _, s := range all {
			lag += s.Lag
		}
		return err == nil && lag == 0 && len(all) > 30
	})
	l.stop()
}

// ruleOne lets a person decide a conflict, where there is one without a ruling.
func (k *country) ruleOne(rnd *rand.Rand) {
	k.t.Helper()
	must(k.t, k.db.Exec(k.t.Context(), `INSERT INTO ruling (record_type, key, revision, ruling, stream, offset, person, reason, ruled)
SELECT record_type, key, revision, 1, stream, offset, 'test', 'on purpose', now64(3) FROM record_fate FINAL WHERE fate = 'conflict' AND (record_type, key, revision) NOT IN (SELECT record_type, key, revision FROM ruling)
ORDER BY cityHash64(key, {salt:String}) LIMIT 1`, warehouse.Param("salt", fmt.Sprint(rnd.Uint64()))))
}

// stopDerive ends a pass before one of its statements.
func (k *country) stopDerive(at derive.Point) {
	k.t.Helper()
	stopped := errors.New("stopped on purpose")
	_, err := k.deriver(&derive.Hooks{Reach: func(p derive.Point, _ string) error {
		if p == at {
			return stopped
		}
		return nil
	}}).Once(k.t.Context())
	if err != nil && !errors.Is(err, stopped) {
		k.t.Fatalf("derive ended with %v", err)
	}
}

// cutDerive takes its connections from a pass in the middle of a statement.
func cutDerive(k *country, rnd *rand.Rand) {
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Duration(5+rnd.IntN(300))*time.Millisecond)
	defer cancel()
	k.deriver(nil).Once(ctx) //nolint:errcheck // it may end in any way: the connection's deadline may come before the context's
}

func killEngineInDerive(k *country, rnd *rand.Rand) {
	generation := k.server.Engine().Generation()
	ended := make(chan struct{})
	v := k.deriver(nil)
	go func() {
		defer close(ended)
		v.Once(k.t.Context()) //nolint:errcheck // it may end in any way
	}()
	<-time.After(time.Duration(5+rnd.IntN(200)) * time.Millisecond)
	k.server.Engine().Kill()
	k.until("the engine is back", func() bool { return k.server.Engine().Generation() > generation })
	<-ended
	k.until("the engine answers", func() bool { return k.logged() > 0 })
}

// rotateWhileLoading turns the master key in another process while records are
// sealed.
func rotateWhileLoading(k *country, _ *rand.Rand) {
	l := k.load(quick(), loader.Hooks{}, nil)
	turner, err := vault.Open(k.t.Context(), k.keyFile, k.db)
	must(k.t, err)
	before := turner.Master()
	must(k.t, turner.Rotate(k.t.Context()))
	if turner.Master() == before {
		k.t.Error("the master key is the old one")
	}
	must(k.t, l.end())
}

// expireWhileLoading destroys, in another process, the key of the sender with the
// most originals in the month that is over, while records are sealed by its key of
// this month.
func expireWhileLoading(k *country, _ *rand.Rand) {
	turner, err := vault.Open(k.t.Context(), k.keyFile, k.db)
	must(k.t, err)
	keys, err := turner.Keys(k.t.Context())
	must(k.t, err)
	past := time.Now().AddDate(0, -1, -time.Now().Day()).Format("2006-01")
	l := k.load(quick(), loader.Hooks{}, nil)
	for _, key := range keys {
		if key.Month != past || key.Destroyed {
			continue
		}
		var n uint64
		var id string
		must(k.t, k.db.QueryRow(k.t.Context(), "SELECT count(), any(seal_key) FROM log_case WHERE seal_key IN (SELECT key_id FROM seal_key WHERE sender = {sender:String} AND month = {month:String})",
			warehouse.Param("sender", key.Sender), warehouse.Param("month", past)).Scan(&n, &id))
		if n == 0 {
			continue
		}
		must(k.t, turner.Destroy(k.t.Context(), past, key.Sender))
		k.gone[id] = true
		break
	}
	must(k.t, l.end())
}
