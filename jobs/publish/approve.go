package publish

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Approve makes a draft a release that may be printed, and returns it with the
// periods whose values it fixes for good. A person other than the drafter
// approves (四眼原则). NotFound for an unknown id; Forbidden in a simulated warehouse
// and for the drafter; Conflict when it is approved already or can no longer be
// rebuilt.
func (p *Publisher) Approve(ctx context.Context, sc access.Scope, id, person string, at time.Time) (Release, error) {
	var kind string
	if err := p.db.QueryRow(ctx, "SELECT kind FROM warehouse_birth LIMIT 1").Scan(&kind); err != nil {
		return Release{}, fmt.Errorf("read what kind of warehouse this is: %w", err)
	}
	if kind != "real" {
		return Release{}, &warehouse.Error{Code: warehouse.Forbidden, Message: "this warehouse is simulated: nothing in it can be released"}
	}
	r, err := p.Read(ctx, sc, id)
	if err != nil {
		return Release{}, err
	}
	switch {
	case r.State != "draft":
		return Release{}, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("release %s is %s already", id, r.State)}
	case strings.TrimSpace(person) == "" || strings.EqualFold(strings.TrimSpace(person), strings.TrimSpace(r.DraftedBy)):
		return Release{}, &warehouse.Error{Code: warehouse.Forbidden, Message: "whoever drafted a release does not approve it: ask another person"}
	}
	r.State, r.ApprovedBy, r.Approved = "approved", person, &at
	return r, p.enter(ctx, r)
}
