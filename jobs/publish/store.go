package publish

import (
	"context"
	"fmt"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Read rebuilds a stored release from its pinned run and checks that it is the
// same table. NotFound for an unknown id; Forbidden unless sc holds every organ
// of the table; Conflict when run, definitions or threshold no longer give it.
func (p *Publisher) Read(ctx context.Context, sc access.Scope, id string) (Release, error) {
	r, err := p.stored(ctx, id)
	if err != nil {
		return Release{}, fmt.Errorf("look for release %s: %w", id, err)
	}
	if r.Drafted.IsZero() {
		return Release{}, &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no release %q", id)}
	}
	if r.Table, err = p.table(ctx, sc, r.inputs); err != nil {
		return Release{}, err
	}
	protect(r.Table)
	if got := r.Table.Digest(); got != r.Digest {
		return Release{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("release %s can no longer be rebuilt from its run: it is not exported", id), Err: fmt.Errorf("digest %s, stored %s", got, r.Digest)}
	}
	return r, nil
}

// stored returns a release as its ledger tells: who drafted it by the first
// entry, who approved it by the one that says so. Entries of before the column
// approved_by hold the approver in drafted_by. Drafted is zero when there is none.
func (p *Publisher) stored(ctx context.Context, id string) (Release, error) {
	rows, err := p.db.Query(ctx, `SELECT state, drafted_by, drafted, approved_by, approved, digest, template, period, run_id FROM release WHERE release_id = {id:String} ORDER BY ifNull(approved, drafted)`,
		warehouse.Param("id", id))
	if err != nil {
		return Release{}, err
	}
	defer rows.Close()
	r := Release{ID: id}
	for rows.Next() {
		entry := Release{ID: id}
		if err := rows.Scan(&entry.State, &entry.DraftedBy, &entry.Drafted, &entry.ApprovedBy, &entry.Approved, &entry.Digest, &entry.inputs.Template, &entry.inputs.Period, &entry.inputs.Run); err != nil {
			return Release{}, err
		}
		if entry.State == "approved" && entry.ApprovedBy == "" {
			at := entry.Drafted
			entry.ApprovedBy, entry.Approved = entry.DraftedBy, &at
		}
		if !r.Drafted.IsZero() {
			entry.DraftedBy, entry.Drafted = r.DraftedBy, r.Drafted
		}
		r = entry
	}
	return r, rows.Err()
}

// store writes the cells, then the ledger entry that makes them a release.
// Hidden values are not stored.
func (p *Publisher) store(ctx context.Context, r Release) error {
	t := r.Table
	cells, err := p.db.PrepareBatch(ctx, `INSERT INTO release_cell (release_id, row_order, indicator, measure, organ_id, period, value, status, reason)`)
	if err != nil {
		return err
	}
	for _, c := range t.records() {
		var value *string
		if c.status == "value" && c.shown != "—" {
			value = &c.shown
		}
		if err := cells.Append(r.ID, c.order, c.indicator, c.measure, c.organ, c.period, value, c.status, c.reason); err != nil {
			return err
		}
	}
	if err := cells.Send(); err != nil {
		return err
	}
	return p.enter(ctx, r)
}

// enter appends an entry to the ledger of releases.
func (p *Publisher) enter(ctx context.Context, r Release) error {
	ledger, err := p.db.PrepareBatch(ctx, `INSERT INTO release (release_id, template, period, run_id, definitions, digest, state, drafted_by, drafted, approved_by, approved, note)`)
	if err != nil {
		return err
	}
	defer ledger.Close()
	t := r.Table
	if err := ledger.Append(r.ID, t.Template, t.Period, t.Run, t.Definitions, r.Digest, r.State, r.DraftedBy, r.Drafted, r.ApprovedBy, r.Approved, onlyThisTable); err != nil {
		return err
	}
	return ledger.Send()
}
