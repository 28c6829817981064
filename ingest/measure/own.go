package measure

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"

	"hengjian/ingest/broker"
	"hengjian/ingest/decode"
	"hengjian/ingest/derive"
	"hengjian/ingest/loader"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// openVault seals nothing and leaves names as they are: like for like with tools
// that store what they read.
type openVault struct{}

// Seal keeps nothing.
func (openVault) Seal(_ context.Context, dst []byte, _, _ string, _ []byte, _ *vault.Phrasebook) ([]byte, string, error) {
	return dst, "", nil
}

// Phrasebook gives none.
func (openVault) Phrasebook([]byte) *vault.Phrasebook { return nil }

// Pseudonym gives the value back.
func (openVault) Pseudonym(_ string, value []byte) string { return string(value) }

// fixedRegister is the organ register as it was when the clock began.
type fixedRegister struct{ now *access.Register }

// Current returns it.
func (r fixedRegister) Current() *access.Register { return r.now }

// Reload does nothing: no organ comes during the benchmark.
func (fixedRegister) Reload(context.Context) error { return nil }

// own runs our loader: first the organ register, then, at the word, the rest.
func (s *stage) own(ctx context.Context) error {
	loader.DefaultConfig().BoundMemory()
	catalogue, err := contract.Load("")
	if err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, s.order.DSN, 32)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is on its way
	client, err := broker.Dial(ctx, broker.Remote{Brokers: s.order.Brokers})
	if err != nil {
		return err
	}
	defer client.Close()
	var keys decode.Vault = openVault{}
	if s.order.Kind == partSealed {
		if err := os.MkdirAll(s.order.Dir, 0o700); err != nil {
			return err
		}
		if keys, err = vault.Open(ctx, vault.Config{KeyFile: filepath.Join(s.order.Dir, "master.key")}, db); err != nil {
			return err
		}
	}
	deps := decode.Deps{Catalogue: catalogue, Vault: keys, Register: fixedRegister{access.NewRegister(nil)}, Simulated: true}
	if !s.order.Registered {
		if err := s.organs(ctx, db, client, deps); err != nil {
			return err
		}
	}
	register, err := access.LoadRegister(ctx, db)
	if err != nil {
		return err
	}
	deps.Register = fixedRegister{register}
	if err := s.ready(); err != nil {
		return err
	}
	stop := s.profile()
	err = s.load(ctx, db, client, deps, false, s.asked())
	stop()
	return errors.Join(err, s.done(os.Getpid()))
}

// organs loads and derives the register, which is not part of what is measured.
func (s *stage) organs(ctx context.Context, db *warehouse.DB, client *broker.Client, deps decode.Deps) error {
	loaded := make(chan struct{})
	if err := s.load(ctx, db, client, deps, true, loaded); err != nil {
		return err
	}
	deriver, err := derive.New(derive.DefaultConfig(), derive.Deps{DB: db, Catalogue: deps.Catalogue, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = deriver.Once(ctx)
	return err
}

// load runs a loader of the register, or of all but the register, until stop
// closes; the gate closes it for the register.
func (s *stage) load(ctx context.Context, db *warehouse.DB, client *broker.Client, deps decode.Deps, organs bool, stop chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all, err := loader.Topics(deps.Catalogue, deps)
	if err != nil {
		return err
	}
	var topics []loader.Topic
	for _, t := range all {
		if t.First == organs {
			topics = append(topics, t)
		}
	}
	var sharing loader.Sharing
	if !organs && s.order.Share != nil {
		sharing = share(s.order.Share)
	}
	l, err := loader.New(loader.Config{}, loader.Deps{DB: db, DSN: s.order.DSN, Broker: client, Topics: topics, Sharing: sharing, Gate: func(context.Context) error {
		if organs {
			close(stop)
		}
		return nil
	}})
	if err != nil {
		return err
	}
	go func() {
		<-stop
		cancel()
	}()
	return l.Run(ctx)
}

// share is partitions that never change hands.
type share []int

// Run works with them until ctx ends.
func (s share) Run(ctx context.Context, topics []string, work func(ctx context.Context, own map[string][]int) error) error {
	own := map[string][]int{}
	for _, t := range topics {
		own[t] = s
	}
	return work(ctx, own)
}

// asked closes when the parent has seen all rows.
func (s *stage) asked() chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		one := make([]byte, 1)
		for one[0] != '?' {
			if _, err := s.in.Read(one); err != nil && !errors.Is(err, io.EOF) || err != nil {
				return
			}
		}
	}()
	return done
}

// profile writes a processor profile where the order asks for one.
func (s *stage) profile() (stop func()) {
	if s.order.Profile == "" {
		return func() {}
	}
	file, err := os.Create(s.order.Profile)
	if err != nil {
		return func() {}
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close() //nolint:errcheck // a profile is for looking at
	}
}
