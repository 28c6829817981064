// Package link owns case chains (案链): which dockets of different organs are one
// case, and which person entries are one person, inside a chain and across all
// departments. It promises the same chains for the same known data, joined by
// exact organ and document number, stable ids of persons, and that people's
// decisions hold; it counts what it could not join. Clear names and numbers live
// in this process and for one run only: it never writes one or a part of one.
package link

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Config bounds how much is written at once.
type Config struct {
	BatchRows int  // rows per insert of link_docket
	Whole     bool // compare all entries anew, though a run to build on is there
}

// DefaultConfig is what a single machine needs.
func DefaultConfig() Config { return Config{BatchRows: 100_000} }

// Deps are the neighbours of the job.
type Deps struct {
	DB        *warehouse.DB
	Catalogue *contract.Catalogue
	Vault     Opener  // nil, and no keeper: persons are linked inside chains only
	Keys      Keyer   // nil: every run compares all entries
	Keeper    Keyring // not nil: persons are linked on keys, every run compares all entries, and the vault opens nothing
}

// Job links dockets and persons and writes case_event.
type Job struct {
	config Config
	deps   Deps
}

// New checks the configuration; it starts nothing.
func New(c Config, d Deps) (*Job, error) {
	if c.BatchRows < 1 || c.BatchRows > 1_000_000 {
		return nil, fmt.Errorf("link.batch_rows is %d: write a number between 1 and 1000000", c.BatchRows)
	}
	if d.DB == nil || d.Catalogue == nil {
		return nil, fmt.Errorf("configure link: database and contracts are needed")
	}
	return &Job{config: c, deps: d}, nil
}

// Name is the family of the results.
func (j *Job) Name() string { return "link" }

// Run reads the dockets that the run knows, joins them into chains, and writes
// link_docket, link_person and case_event.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	dockets, err := j.dockets(ctx, r)
	if err != nil {
		return warehouse.Report{}, err
	}
	chains := chainsOf(dockets)
	if err := j.writeDockets(ctx, r, dockets, chains); err != nil {
		return warehouse.Report{}, err
	}
	base, err := j.base(ctx, r)
	if err != nil {
		return warehouse.Report{}, err
	}
	figures, decided := map[string]uint64{}, []string{}
	if j.deps.Vault != nil || j.deps.Keeper != nil {
		if decided, err = j.persons(ctx, r, base, dockets, chains, figures); err != nil {
			return warehouse.Report{}, err
		}
	}
	if err := j.deps.DB.Exec(ctx, personsSQL(j.deps.Catalogue), append(params(r), warehouse.Param("decided", warehouse.Array(decided)))...); err != nil {
		return warehouse.Report{}, fmt.Errorf("link persons in chains: %w", err)
	}
	if err := j.events(ctx, r, base); err != nil {
		return warehouse.Report{}, err
	}
	if err := j.brokenLinks(ctx, r, figures); err != nil {
		return warehouse.Report{}, err
	}
	return j.report(ctx, r, dockets, chains, figures)
}

func params(r warehouse.Run) []any {
	return []any{warehouse.Param("run", r.ID), warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10))}
}

// docket is one node of the graph with at most one edge to the docket it came from.
type docket struct{ key, organ, kind, number, parent, by, state string }

// dockets reads the graph in order of keys.
func (j *Job) dockets(ctx context.Context, r warehouse.Run) ([]docket, error) {
	rows, err := j.deps.DB.Query(ctx, docketsSQL(j.deps.Catalogue), params(r)...)
	if err != nil {
		return nil, fmt.Errorf("read the dockets: %w", err)
	}
	defer rows.Close()
	var out []docket
	for rows.Next() {
		var d docket
		if err := rows.Scan(&d.key, &d.organ, &d.kind, &d.number, &d.parent, &d.by, &d.state); err != nil {
			return nil, fmt.Errorf("read the dockets: %w", err)
		}
		out = append(out, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the dockets: %w", err)
	}
	return out, nil
}

// chainsOf joins the dockets along their edges and names each chain by its
// smallest docket; dockets must be in order of keys.
func chainsOf(dockets []docket) []string {
	place := make(map[string]int, len(dockets))
	root := make([]int, len(dockets))
	for i, d := range dockets {
		place[d.key], root[i] = i, i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i, d := range dockets {
		if p, ok := place[d.parent]; ok && d.parent != "" {
			a, b := find(i), find(p)
			root[max(a, b)] = min(a, b)
		}
	}
	chains := make([]string, len(dockets))
	for i := range dockets {
		if top := find(i); top == i {
			sum := sha256.Sum256([]byte(dockets[i].key))
			chains[i] = "c-" + hex.EncodeToString(sum[:])[:16]
		} else {
			chains[i] = chains[top]
		}
	}
	return chains
}

// writeDockets appends link_docket in large column batches.
func (j *Job) writeDockets(ctx context.Context, r warehouse.Run, dockets []docket, chains []string) error {
	for from := 0; from < len(dockets); from += j.config.BatchRows {
		part := dockets[from:min(from+j.config.BatchRows, len(dockets))]
		if err := j.writeBatch(ctx, r, part, chains[from:from+len(part)]); err != nil {
			return fmt.Errorf("write the chains of dockets: %w", err)
		}
	}
	return nil
}

func (j *Job) writeBatch(ctx context.Context, r warehouse.Run, part []docket, chains []string) error {
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO link_docket (run_id, generation, docket, chain, organ_id, docket_kind, docket_number, linked_by, link_state)")
	if err != nil {
		return err
	}
	defer batch.Close()
	n := len(part)
	run, generation := make([]string, n), make([]uint32, n)
	text := make([][]string, 6)
	for i := range text {
		text[i] = make([]string, n)
	}
	for i, d := range part {
		run[i], generation[i] = r.ID, r.Generation
		for k, value := range []string{d.key, d.organ, d.kind, d.number, d.by, d.state} {
			text[k][i] = value
		}
	}
	for i, values := range []any{run, generation, text[0], chains, text[1], text[2], text[3], text[4], text[5]} {
		if err := batch.Column(i).Append(values); err != nil {
			return err
		}
	}
	return batch.Send()
}

// report counts what was linked and what was not.
func (j *Job) report(ctx context.Context, r warehouse.Run, dockets []docket, chains []string, f map[string]uint64) (warehouse.Report, error) {
	f["dockets"], f["linked"], f["unlinked"], f["root"] = uint64(len(dockets)), 0, 0, 0
	seen := make(map[string]bool, len(chains))
	for i, d := range dockets {
		f[d.state]++
		seen[chains[i]] = true
	}
	f["chains"] = uint64(len(seen))
	var persons, entries, events uint64
	if err := j.deps.DB.QueryRow(ctx, "SELECT uniqExact(chain_person), count() FROM link_person WHERE run_id = {run:String}", params(r)[0]).Scan(&persons, &entries); err != nil {
		return warehouse.Report{}, fmt.Errorf("count linked persons: %w", err)
	}
	if err := j.deps.DB.QueryRow(ctx, "SELECT count() FROM case_event_of(run = {run:String})", params(r)[0]).Scan(&events); err != nil {
		return warehouse.Report{}, fmt.Errorf("count events: %w", err)
	}
	f["persons"], f["person_entries"], f["events"] = persons, entries, events
	var notes []string
	if f["drift_thousandths"] > 200 {
		notes = append(notes, fmt.Sprintf("the weights of compared pairs have drifted from the run before (population stability index %.3f): look at what senders changed before trusting new links", float64(f["drift_thousandths"])/1000))
	}
	report := warehouse.Report{Notes: notes, Units: uint64(len(dockets)), Rows: uint64(len(dockets)) + entries + events, Figures: f}
	if f["unlinked"] > 0 {
		report.Notes = append(report.Notes, fmt.Sprintf("%d of %d dockets quote no document that exactly one docket issued; each stands in a chain of its own side", f["unlinked"], len(dockets)))
	}
	return report, nil
}
