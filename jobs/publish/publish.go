// Package publish drafts publishable tables (发布表). It owns release and
// release_cell; it promises that no small count can be worked out from a
// table's own sums, checked by a second program that shares no code with the
// first, that a release is the same bytes whenever it is exported, and that
// another person than the drafter approves it. It never approves by itself, and
// it protects one table only: what several releases reveal together is not
// examined here.
package publish

import (
	"context"
	"fmt"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Config bounds what is printed.
type Config struct {
	Threshold int64 // counts from 1 to Threshold-1 are hidden
}

// DefaultConfig hides counts from 1 to 4.
func DefaultConfig() Config { return Config{Threshold: 5} }

// Definition is what a table says of an indicator.
type Definition struct {
	ID, ZH, EN, Unit string
	TextZH, TextEN   string
	Basis            string
	Share            bool // the numerator is part of the denominator
	Ratio            bool // has a denominator
}

// Deps are the neighbours of a publisher.
type Deps struct {
	DB          *warehouse.DB
	Definitions []Definition // of all indicators in force
}

// Publisher drafts and exports releases.
type Publisher struct {
	config      Config
	db          *warehouse.DB
	definitions map[string]Definition
}

// New returns a publisher; Invalid when the threshold hides nothing.
func New(c Config, d Deps) (*Publisher, error) {
	if c.Threshold < 2 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "publish.threshold hides nothing: set the smallest count that may be printed, such as 5"}
	}
	if d.DB == nil {
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "publish needs a warehouse"}
	}
	p := &Publisher{config: c, db: d.DB, definitions: map[string]Definition{}}
	for _, x := range d.Definitions {
		p.definitions[x.ID] = x
	}
	return p, nil
}

// template lists the indicators of a table. Indicators that count the same
// people twice (AR01b and AR02b, PR01b and PR02, AR03 and AR02b) never stand in
// one template: their sums would link.
type template struct {
	zh, en     string
	indicators []string
}

// templates are the tables that can be drafted.
var templates = map[string]template{
	"quarterly": {"主要办案数据季度表", "Quarterly table of main case data", []string{"AR01a", "AR02b", "PR01a", "PR02", "SV04", "TR01", "EX01", "SU01", "SU02"}},
}

// Request asks for a draft.
type Request struct {
	Template string // quarterly
	Period   string // such as 2025Q2: every quarter of the year up to it, and their sum
	Run      string // "" = newest committed
	Person   string // who drafts
	At       time.Time
}

// Release is a stored table.
type Release struct {
	ID, State, Digest string
	DraftedBy         string
	Drafted           time.Time
	ApprovedBy        string     // another person than the drafter, "" for a draft
	Approved          *time.Time // nil for a draft
	Table             *Table
	inputs            Request // as stored
}

// Draft reads the results of a committed run, hides what must not be printed,
// has the hiding verified, and stores the release. The same inputs give the
// same release: drafting again returns the stored one. Invalid for an unknown
// template or period; Forbidden unless sc holds every organ of the table;
// Conflict when a hidden cell could be worked out.
func (p *Publisher) Draft(ctx context.Context, sc access.Scope, q Request) (Release, error) {
	t, err := p.table(ctx, sc, q)
	if err != nil {
		return Release{}, err
	}
	if err := t.additive(); err != nil {
		return Release{}, &warehouse.Error{Code: warehouse.Conflict, Message: err.Error()}
	}
	protect(t)
	if exposed := Verify(t); len(exposed) > 0 {
		return Release{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d cells could be worked out from the table: it is not stored", len(exposed)), Err: fmt.Errorf("first: %s", exposed[0])}
	}
	digest := t.Digest()
	r := Release{ID: "r-" + digest[:16], State: "draft", Digest: digest, DraftedBy: q.Person, Drafted: q.At, Table: t}
	stored, err := p.stored(ctx, r.ID)
	if err != nil {
		return Release{}, fmt.Errorf("look for release %s: %w", r.ID, err)
	}
	if !stored.Drafted.IsZero() {
		r.DraftedBy, r.Drafted, r.State, r.ApprovedBy, r.Approved = stored.DraftedBy, stored.Drafted, stored.State, stored.ApprovedBy, stored.Approved
		return r, nil
	}
	if err := p.store(ctx, r); err != nil {
		return Release{}, fmt.Errorf("store release %s: %w", r.ID, err)
	}
	return r, nil
}
