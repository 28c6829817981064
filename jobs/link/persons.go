package link

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/identity"
	"hengjian/jobs/link/ledger"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/review"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// Opener opens the original bytes of a record, sealed by the vault. The clear
// names and numbers that linkage compares exist in this process alone and as
// long as the run: no table ever holds them or a part of them.
type Opener interface {
	Open(ctx context.Context, keyID string, sealed []byte) ([]byte, error)
}

// population is the person entries of a run, ready to be compared.
type population struct {
	table    *record.Table
	entry    map[uint64]string // of a record's key
	docket   map[uint64]string
	revision map[uint64]uint64
	closed   int // entries whose bytes cannot be opened any more
}

// entriesSQL reads person entries with their sealed bytes, newest version each.
func (j *Job) entriesSQL() (string, error) {
	t, ok := j.deps.Catalogue.Type("person_in_case")
	if !ok {
		return "", fmt.Errorf("there is no contract person_in_case")
	}
	return fmt.Sprintf(`SELECT p.person_entry, p.docket, p.revision, l.sealed, l.seal_key FROM log_person_in_case AS l
INNER JOIN (SELECT %s AS person_entry, %s AS docket, revision, stream, offset FROM %s AS s WHERE ifNull(toString(role), '') != 'unit' AND ifNull(toString(subject), '') != 'legal') AS p
ON l.stream = p.stream AND l.offset = p.offset SETTINGS join_use_nulls = 0`, t.PersonEntrySQL(), t.DocketSQL(), t.StateSQL()), nil
}

// population opens and normalises the entries. parents gives the docket that a
// docket came from, where the document number says so.
func (j *Job) population(ctx context.Context, r warehouse.Run, parents map[string]string) (*population, error) {
	tables, err := normal.Load()
	if err != nil {
		return nil, err
	}
	sql, err := j.entriesSQL()
	if err != nil {
		return nil, err
	}
	rows, err := j.deps.DB.Query(ctx, sql, params(r)...)
	if err != nil {
		return nil, fmt.Errorf("read the person entries: %w", err)
	}
	defer rows.Close()
	p := &population{table: record.New(tables, 1024), entry: map[uint64]string{}, docket: map[uint64]string{}, revision: map[uint64]uint64{}}
	for rows.Next() {
		var entry, docket, sealed, keyID string
		var revision uint64
		if err := rows.Scan(&entry, &docket, &revision, &sealed, &keyID); err != nil {
			return nil, fmt.Errorf("read the person entries: %w", err)
		}
		plain, err := j.deps.Vault.Open(ctx, keyID, []byte(sealed))
		if warehouse.CodeOf(err) == warehouse.NotFound {
			p.closed++ // the key was destroyed: the record keeps the person of its docket
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open a person entry: %w", err)
		}
		var message struct{ Payload identifying }
		if err := json.Unmarshal(plain, &message); err != nil {
			return nil, fmt.Errorf("parse an accepted person entry: %w", err)
		}
		key := xxhash.Sum64String(entry)
		raw := message.Payload.raw()
		raw.Key, raw.Own, raw.Cited = key, docket, parents[docket]
		p.table.Add(&raw)
		p.entry[key], p.docket[key], p.revision[key] = entry, docket, revision
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the person entries: %w", err)
	}
	_, err = p.table.Seal(record.DefaultLimits())
	return p, err
}

// identifying are the fields of a payload that linkage compares.
type identifying struct {
	Name     string `json:"name"`
	Resident string `json:"resident_id"`
	Birth    string `json:"birth_date"`
	Region   string `json:"household_region"`
	Sex      string `json:"sex"`
}

func (f identifying) raw() record.Raw {
	sex := map[string]string{"male": "1", "female": "2"}[f.Sex]
	return record.Raw{Name: f.Name, Number: f.Resident, Birth: f.Birth, Region: f.Region, Sex: cmp.Or(sex, f.Sex)}
}

// persons finds who is one person across departments, keeps ids stable and
// writes identities, edges, refusals, history and model. It returns the entries
// that people decided to be two persons.
func (j *Job) persons(ctx context.Context, r warehouse.Run, dockets []docket, chains []string, f map[string]uint64) ([]string, error) {
	parents, chainOf := make(map[string]string, len(dockets)), make(map[string]string, len(dockets))
	for i, d := range dockets {
		chainOf[d.key] = chains[i]
		if d.parent != "" {
			parents[d.key] = d.parent
		}
	}
	p, err := j.population(ctx, r, parents)
	if err != nil || len(p.table.Rows) == 0 {
		return nil, err
	}
	plan, err := level.Standard()
	if err != nil {
		return nil, err
	}
	model, err := score.Standard(plan)
	if err != nil {
		return nil, err
	}
	if p.table.Lives, err = j.lives(ctx, r, p); err != nil {
		return nil, err
	}
	standing, err := j.decisions(ctx, r, p)
	if err != nil {
		return nil, err
	}
	out, err := resolve.Persons(ctx, resolve.DefaultConfig(), resolve.Input{Plan: plan, Table: p.table, Frozen: &model, Decisions: standing.Decisions})
	if err != nil {
		return nil, fmt.Errorf("find persons across departments: %w", err)
	}
	state, events, err := j.name(ctx, r, p, out.Clusters.Of)
	if err != nil {
		return nil, err
	}
	f["persons_across"], f["entries_across"], f["entries_closed"] = uint64(distinct(out.Clusters.Of)), uint64(len(p.table.Rows)), uint64(p.closed)
	f["refused_joins"], f["suspect_numbers"], f["disputed_decisions"] = uint64(len(out.Clusters.Conflicts)), uint64(len(out.Clusters.Suspects)), uint64(len(standing.Disputed))
	chain := make([]string, len(p.table.Rows))
	for i := range chain {
		chain[i] = chainOf[p.docket[p.table.Rows[i].Key]]
	}
	var apart []string
	for _, pair := range standing.Decisions.Cannot {
		apart = append(apart, p.entry[p.table.Rows[pair[0]].Key], p.entry[p.table.Rows[pair[1]].Key])
	}
	if err := j.keepReview(ctx, r, p, out, standing, f); err != nil {
		return nil, err
	}
	return apart, j.keep(ctx, r, p, out, held(out, standing.Decisions.Must, chain), state, events)
}

func distinct(of []uint32) int {
	n := 0
	for i, top := range of {
		if uint32(i) == top {
			n++
		}
	}
	return n
}

// decisions reads what people decided and sorts out what stands on the day of
// the run.
func (j *Job) decisions(ctx context.Context, r warehouse.Run, p *population) (review.Standing, error) {
	kept, err := ledger.NewStore(j.deps.DB, j.deps.Catalogue, nil).Read(ctx, "1")
	if err != nil {
		return review.Standing{}, err
	}
	all := make([]review.Decision, len(kept))
	for i, d := range kept {
		all[i] = review.Decision{
			A: xxhash.Sum64String(d.A), B: xxhash.Sum64String(d.B), Same: d.Same, By: d.By, At: d.At, Reason: d.Reason, Evidence: d.Evidence,
			Until: d.Until, RevisionA: d.RevisionA, RevisionB: d.RevisionB, SecondedBy: d.SecondedBy,
		}
	}
	row := func(key uint64) (uint32, bool) {
		at, ok := slices.BinarySearchFunc(p.table.Rows, key, func(r record.Row, k uint64) int {
			switch {
			case r.Key < k:
				return -1
			case r.Key > k:
				return 1
			}
			return 0
		})
		return uint32(at), ok
	}
	return review.Stand(all, r.AsOf, row, func(key uint64) uint64 { return p.revision[key] }), nil
}

// name gives the clusters their stable ids.
func (j *Job) name(ctx context.Context, r warehouse.Run, p *population, of []uint32) (identity.State, []identity.Event, error) {
	members := map[uint32]identity.Cluster{}
	var order []uint32
	for i, top := range of {
		if uint32(i) == top {
			order = append(order, top)
		}
		members[top] = append(members[top], p.table.Rows[i].Key)
	}
	clusters := make([]identity.Cluster, len(order))
	for i, top := range order {
		clusters[i] = members[top]
	}
	before, err := j.identityState(ctx, p)
	if err != nil {
		return identity.State{}, nil, err
	}
	return identity.Assign(before, clusters, rand.Reader, r.ID, "run")
}

// bandOf names how firmly a person is held together.
func bandOf(weakest float32, threshold float64) string {
	if math.IsInf(float64(weakest), 1) {
		return "alone"
	}
	return string(score.BandOf(float64(weakest), threshold))
}

// reasonOf is the word of a refusal, "" for a join.
func reasonOf(r cluster.Reason) string {
	if r == cluster.None {
		return ""
	}
	return r.String()
}
