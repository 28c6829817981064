package link

import (
	"context"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/keeper"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/warehouse"
	"hengjian/warehouse/vault"
)

// Opener opens the original bytes of a record, sealed by the vault. The clear
// names and numbers that linkage compares exist in this process alone and as
// long as the run: no table ever holds them or a part of them.
type Opener interface {
	Open(ctx context.Context, keyID string, sealed []byte) ([]byte, error)
}

// Keyring is what linking on keys needs in place of an Opener: the key process,
// and the wrapped data keys and phrasebooks that it opens originals with. Clear values and part keys
// are never in a table: the first stay in the key process, the second live in this
// process as long as the run.
type Keyring interface {
	Client(ctx context.Context) (*keeper.Client, error)
	Wrapped(ctx context.Context, keyID string) (vault.Wrapped, error)
	Phrases(ctx context.Context) ([]string, error)
}

// plan is what this job's mode compares.
func (j *Job) plan() (*level.Plan, error) {
	if j.deps.Keeper != nil {
		return level.Keyed()
	}
	return level.Standard()
}

// sealed is a person entry with its original bytes.
type sealed struct{ entry, bytes, key string }

// adding takes sealed entries into a table.
type adding struct {
	table *record.Table
	add   func(x sealed, key uint64, known present) error // NotFound: the data key was destroyed
	flush func() error
}

// adding opens entries in this process, or has the key process open them.
func (j *Job) adding(ctx context.Context) (adding, error) {
	if j.deps.Keeper != nil {
		return j.keying(ctx)
	}
	tables, err := normal.Load()
	if err != nil {
		return adding{}, err
	}
	table := record.New(tables, 1024)
	add := func(x sealed, key uint64, known present) error {
		plain, err := j.deps.Vault.Open(ctx, x.key, []byte(x.bytes))
		if err != nil {
			return err
		}
		raw, err := record.FromMessage(plain)
		if err != nil {
			return err
		}
		raw.Key, raw.Own, raw.Cited, raw.Chain = key, known.docket, known.parent, known.chain
		table.Add(&raw)
		return nil
	}
	return adding{table, add, func() error { return nil }}, nil
}

// keying sends entries as they are, with their wrapped data keys.
func (j *Job) keying(ctx context.Context) (adding, error) {
	client, err := j.deps.Keeper.Client(ctx)
	if err != nil {
		return adding{}, err
	}
	phrases, err := j.deps.Keeper.Phrases(ctx)
	if err != nil {
		return adding{}, err
	}
	table, wrapped := record.NewKeyed(1024), map[string]vault.Wrapped{}
	adder := keeper.NewAdder(client, table, phrases)
	add := func(x sealed, key uint64, known present) error {
		w, ok := wrapped[x.key]
		if !ok {
			if w, err = j.deps.Keeper.Wrapped(ctx, x.key); err != nil && warehouse.CodeOf(err) != warehouse.NotFound {
				return err
			}
			wrapped[x.key] = w
		}
		if w.ID == "" {
			return &warehouse.Error{Code: warehouse.NotFound, Message: "the key of these bytes was destroyed"}
		}
		return adder.AddSealed(ctx, record.Asked{Key: key, Chain: known.chain}, w, keeper.Sealed{Key: x.key, Bytes: []byte(x.bytes), Own: known.docket, Cited: known.parent})
	}
	return adding{table, add, func() error { return adder.Flush(ctx) }}, nil
}

// population reads and normalises entries: those of the keys, all without them.
func (j *Job) population(ctx context.Context, r warehouse.Run, now map[uint64]present, keys []uint64) (*population, error) {
	to, err := j.adding(ctx)
	if err != nil {
		return nil, err
	}
	p := &population{table: to.table, entry: map[uint64]string{}, docket: map[uint64]string{}, revision: map[uint64]uint64{}}
	p.table.Chained, p.table.Lives = true, map[uint64]*record.Life{}
	sql, err := j.entriesSQL(", stream, offset")
	if err != nil {
		return nil, err
	}
	only := ""
	ask := func(some []uint64) error {
		args := params(r)
		if only != "" {
			args = append(args, numbers("entries", some))
		}
		return j.eachRow(ctx, "SELECT p.person_entry, l.sealed, l.seal_key FROM log_person_in_case AS l INNER JOIN (SELECT * FROM ("+sql+")"+only+") AS p ON l.stream = p.stream AND l.offset = p.offset SETTINGS join_use_nulls = 0", func(scan func(...any) error) error {
			var x sealed
			if err := scan(&x.entry, &x.bytes, &x.key); err != nil {
				return err
			}
			return p.take(to, x, now)
		}, args...)
	}
	if keys == nil {
		err = ask(nil)
	} else {
		only = " WHERE xxHash64(person_entry) IN {entries:Array(UInt64)}"
		err = portions(keys, ask)
	}
	if err != nil {
		return nil, err
	}
	if err := to.flush(); err != nil {
		return nil, fmt.Errorf("key the person entries: %w", err)
	}
	_, err = p.table.Seal(record.DefaultLimits())
	return p, err
}

// take adds one entry to a population.
func (p *population) take(to adding, x sealed, now map[uint64]present) error {
	key := xxhash.Sum64String(x.entry)
	known := now[key]
	err := to.add(x, key, known)
	if warehouse.CodeOf(err) == warehouse.NotFound {
		p.closed++ // the key was destroyed: the record keeps the person of its docket
		return nil
	}
	if err != nil {
		return fmt.Errorf("open a person entry: %w", err)
	}
	p.entry[key], p.docket[key], p.revision[key] = x.entry, known.docket, known.revision
	if known.life != nil {
		p.table.Lives[key] = known.life
	}
	return nil
}
