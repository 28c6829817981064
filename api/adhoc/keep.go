package adhoc

import (
	"context"
	"errors"
	"slices"

	"hengjian/warehouse"
)

// begin registers a running query.
func (g *Gateway) begin(r Request, cancel context.CancelFunc) (*entry, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire()
	if _, used := g.entries[r.ID]; used {
		return nil, &warehouse.Error{Code: warehouse.Conflict, Message: "this query id has been used: choose another"}
	}
	running := 0
	for _, e := range g.entries {
		if e.account == r.Account && e.info.State == Running {
			running++
		}
	}
	if running >= g.config.PerAccount {
		return nil, &warehouse.Error{Code: warehouse.TooMany, Message: "too many queries of this account run at once: wait for one or cancel it"}
	}
	e := &entry{account: r.Account, cancel: cancel, info: Info{ID: r.ID, SQL: r.SQL, State: Running, Started: g.deps.Now()}}
	g.entries[r.ID] = e
	g.order = append(g.order, r.ID)
	return e, nil
}

// end notes what became of a query and keeps its result.
func (g *Gateway) end(e *entry, result *Result, bytes int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e.ended = g.deps.Now()
	e.info.Elapsed = e.ended.Sub(e.info.Started)
	var f *Failure
	switch {
	case errors.As(err, &f) && f.Kind == "cancelled":
		e.info.State = Cancelled
	case err != nil:
		e.info.State = Failed
	default:
		e.info.State, e.info.Rows, e.info.Kept = Done, len(result.Rows), true
		result.Info = e.info
		e.result, e.bytes = result, bytes
	}
	g.expire()
}

// history is how many queries are remembered in all.
const history = 500

// expire drops results by age, then by bytes, oldest first, and forgets the
// oldest queries.
func (g *Gateway) expire() {
	total := 0
	for _, e := range g.entries {
		total += e.bytes
	}
	for _, id := range g.order {
		e := g.entries[id]
		if e.result != nil && (total > g.config.KeepBytes || g.deps.Now().Sub(e.ended) > g.config.Keep) {
			total -= e.bytes
			e.result, e.bytes, e.info.Kept = nil, 0, false
		}
	}
	for len(g.order) > history {
		i := slices.IndexFunc(g.order, func(id string) bool { return g.entries[id].info.State != Running })
		if i < 0 {
			return
		}
		delete(g.entries, g.order[i])
		g.order = slices.Delete(g.order, i, i+1)
	}
}

// Queries lists the queries of an account, newest first.
func (g *Gateway) Queries(account string) []Info {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire()
	out := []Info{}
	for _, id := range slices.Backward(g.order) {
		if e := g.entries[id]; e.account == account {
			out = append(out, e.info)
		}
	}
	return out
}

// Result returns a query of an account with its rows while they are kept; NotFound
// for a query of somebody else.
func (g *Gateway) Result(account, id string) (*Result, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire()
	e, ok := g.entries[id]
	if !ok || e.account != account {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "no query of this account has this id"}
	}
	if e.result == nil {
		return &Result{Info: e.info}, nil
	}
	kept := *e.result
	kept.Info = e.info
	return &kept, nil
}

// Cancel stops a running query of an account or drops its kept result.
func (g *Gateway) Cancel(ctx context.Context, account, id string) error {
	g.mu.Lock()
	e, ok := g.entries[id]
	if !ok || e.account != account {
		g.mu.Unlock()
		return &warehouse.Error{Code: warehouse.NotFound, Message: "no query of this account has this id"}
	}
	running := e.info.State == Running
	if running {
		e.cancel()
	} else {
		e.result, e.bytes, e.info.Kept = nil, 0, false
	}
	g.mu.Unlock()
	if running {
		g.kill(ctx, id)
	}
	return nil
}
