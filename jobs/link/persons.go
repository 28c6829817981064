package link

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/identity"
	"hengjian/jobs/link/ledger"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/review"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// present is a person entry that a run knows, and all that linkage reads of it but
// names and numbers.
type present struct {
	entry, docket, chain, parent string // chain: "" where it holds too many entries to say anything
	revision, mark               uint64 // mark stands for everything above and for the life
	life                         *record.Life
}

// population is person entries, ready to be compared.
type population struct {
	table    *record.Table
	entry    map[uint64]string // of a record's key
	docket   map[uint64]string
	revision map[uint64]uint64
	closed   int // entries whose bytes cannot be opened any more
}

// entriesSQL reads the person entries of humans with the columns given.
func (j *Job) entriesSQL(columns string) (string, error) {
	t, ok := j.deps.Catalogue.Type("person_in_case")
	if !ok {
		return "", fmt.Errorf("there is no contract person_in_case")
	}
	return fmt.Sprintf("SELECT %s AS person_entry, %s AS docket, revision%s FROM %s AS s WHERE ifNull(toString(role), '') != 'unit' AND ifNull(toString(subject), '') != 'legal'",
		t.PersonEntrySQL(), t.DocketSQL(), columns, t.StateSQL()), nil
}

// present reads the entries that the run knows, by key.
func (j *Job) present(ctx context.Context, r warehouse.Run, dockets []docket, chains []string) (map[uint64]present, error) {
	sql, err := j.entriesSQL("")
	if err != nil {
		return nil, err
	}
	chainOf, parents := make(map[string]string, len(dockets)), make(map[string]string, len(dockets))
	for i, d := range dockets {
		chainOf[d.key], parents[d.key] = chains[i], d.parent
	}
	out, holds := map[uint64]present{}, map[string]int{}
	if err := j.eachRow(ctx, sql, func(scan func(...any) error) error {
		var p present
		if err := scan(&p.entry, &p.docket, &p.revision); err != nil {
			return err
		}
		p.chain, p.parent = chainOf[p.docket], parents[p.docket]
		out[xxhash.Sum64String(p.entry)] = p
		holds[p.chain]++
		return nil
	}, params(r)...); err != nil {
		return nil, err
	}
	lives, err := j.lives(ctx, r, out)
	if err != nil {
		return nil, err
	}
	most := record.DefaultLimits().Chain
	for key, p := range out {
		if holds[p.chain] > most {
			p.chain = ""
		}
		p.life = lives[key]
		p.mark = xxhash.Sum64String(fmt.Sprintf("%d|%s|%s|%s|%s", p.revision, p.docket, p.chain, p.parent, p.life.Text()))
		out[key] = p
	}
	return out, nil
}

// persons finds who is one person across departments, keeps ids stable and
// writes identities, edges, refusals, history and model. It returns the entries
// that people decided to be two persons.
func (j *Job) persons(ctx context.Context, r warehouse.Run, base *warehouse.Run, dockets []docket, chains []string, f map[string]uint64) ([]string, error) {
	now, err := j.present(ctx, r, dockets, chains)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	w := &work{j: j, r: r, base: base, now: now, f: f, at: slices.Sorted(maps.Keys(now)), chainOf: make(map[string]string, len(dockets))}
	for i, d := range dockets {
		w.chainOf[d.key] = chains[i]
	}
	if w.plan, err = j.plan(); err != nil {
		return nil, err
	}
	if w.model, err = score.Standard(w.plan); err != nil {
		return nil, err
	}
	if w.standing, err = j.decisions(ctx, r, w.at, now); err != nil {
		return nil, err
	}
	f["disputed_decisions"] = uint64(len(w.standing.Disputed))
	if err := w.link(ctx); err != nil {
		return nil, err
	}
	var apart []string
	for _, pair := range w.standing.Decisions.Cannot {
		apart = append(apart, now[w.at[pair[0]]].entry, now[w.at[pair[1]]].entry)
	}
	return apart, nil
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
// the run, by places in at, the keys of all entries in order.
func (j *Job) decisions(ctx context.Context, r warehouse.Run, at []uint64, now map[uint64]present) (review.Standing, error) {
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
	place := func(key uint64) (uint32, bool) {
		i, ok := slices.BinarySearch(at, key)
		return uint32(i), ok
	}
	return review.Stand(all, r.AsOf, place, func(key uint64) uint64 { return now[key].revision }), nil
}

// clustersOf lists the keys of each cluster, in order of their smallest rows.
func clustersOf(p *population, of []uint32) []identity.Cluster {
	place := map[uint32]int{}
	var out []identity.Cluster
	for i, top := range of {
		at, ok := place[top]
		if !ok {
			at = len(out)
			place[top] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], p.table.Rows[i].Key)
	}
	return out
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
