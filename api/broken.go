package api

import (
	"context"
	"fmt"

	"github.com/gin-gonic/gin"

	hops "hengjian/jobs/link/chain"
	"hengjian/warehouse"
)

func (s *Server) brokenRoutes(r gin.IRouter) {
	read(s, r, "/links/broken", "listBrokenLinks", s.listBrokenLinks)
}

// brokenQuery asks for hops by kind and month of the event.
type brokenQuery struct {
	Hop  string `form:"hop" binding:"max=40"`
	From string `form:"from" binding:"omitempty,datetime=2006-01"`
	To   string `form:"to" binding:"omitempty,datetime=2006-01"`
}

// brokenSum is what hops came to. Rate is (proven + probable) / expected.
type brokenSum struct {
	Expected  uint64   `json:"expected"`
	Linked    uint64   `json:"linked"`
	Proven    uint64   `json:"proven"`
	Probable  float64  `json:"probable"`
	NotYet    uint64   `json:"not_yet"`
	NoneDue   uint64   `json:"none_due"`
	Undecided uint64   `json:"undecided"`
	Rate      *float64 `json:"rate"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
}

// brokenHop is one kind of hop over the scope, with its delay model.
type brokenHop struct {
	Hop   string      `json:"hop"`
	Title Text        `json:"title"`
	Model *delayModel `json:"model"`
	brokenSum
}

// delayModel is what missing followers are judged by; null when too few or too
// young hops are known, and nothing is judged.
type delayModel struct {
	Horizon uint32  `json:"horizon_days"`
	Hops    uint32  `json:"hops"`
	Missing float64 `json:"missing"`
	Median  uint32  `json:"median_days"`
	P99     uint32  `json:"p99_days"`
}

type brokenCell struct {
	Hop   string   `json:"hop"`
	Organ organRef `json:"organ"`
	Month string   `json:"month"`
	brokenSum
}

type brokenLinks struct {
	Hops  []brokenHop  `json:"hops"`
	Cells []brokenCell `json:"cells"`
}

const brokenSums = "sum(expected), sum(linked), sum(proven), sum(probable), sum(not_yet), sum(none_due), sum(undecided)"

// listBrokenLinks answers, of the newest run and within the scope, what followed
// the hops that records announce, by hop and by organ and month; no order of rank.
func (s *Server) listBrokenLinks(ctx context.Context, who caller, q brokenQuery) (answer[brokenLinks], error) {
	a := answer[brokenLinks]{data: brokenLinks{Hops: []brokenHop{}, Cells: []brokenCell{}}}
	var err error
	if a.run, err = s.newest(ctx, "link"); err != nil {
		return a, err
	}
	where, params := "run_id = {run:String} AND "+s.within(false), []any{warehouse.Param("run", a.run.id), who.scopeParam()}
	for _, f := range []struct{ value, name, condition string }{
		{q.Hop, "hop", "hop = {hop:String}"},
		{q.From, "from", "month >= toYear(toDate(concat({from:String}, '-01'))) * 12 + toMonth(toDate(concat({from:String}, '-01'))) - 1"},
		{q.To, "to", "month <= toYear(toDate(concat({to:String}, '-01'))) * 12 + toMonth(toDate(concat({to:String}, '-01'))) - 1"},
	} {
		if f.value != "" {
			where += " AND " + f.condition
			params = append(params, warehouse.Param(f.name, f.value))
		}
	}
	if a.data.Hops, err = s.brokenHops(ctx, a.run.id, where, params); err != nil {
		return a, err
	}
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(hop), organ_id, month, expected, linked, proven, probable, not_yet, none_due, undecided, rate, low, high FROM link_broken WHERE "+where+" ORDER BY hop, month, organ_id LIMIT 20000", params...)
	if err != nil {
		return a, fmt.Errorf("read broken links: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c brokenCell
		var organ string
		var month, expected, linked, proven, notYet, noneDue, undecided uint32
		if err := rows.Scan(&c.Hop, &organ, &month, &expected, &linked, &proven, &c.Probable, &notYet, &noneDue, &undecided, &c.Rate, &c.Low, &c.High); err != nil {
			return a, fmt.Errorf("read broken links: %w", err)
		}
		c.Expected, c.Linked, c.Proven, c.NotYet, c.NoneDue, c.Undecided = uint64(expected), uint64(linked), uint64(proven), uint64(notYet), uint64(noneDue), uint64(undecided)
		c.Organ, c.Month = who.state.ref(organ), fmt.Sprintf("%04d-%02d", month/12, month%12+1)
		a.data.Cells = append(a.data.Cells, c)
	}
	return a, rows.Err()
}

// brokenHops sums by hop, in the order in which a case passes them.
func (s *Server) brokenHops(ctx context.Context, run, where string, params []any) ([]brokenHop, error) {
	steps, err := hops.StandardSteps()
	if err != nil {
		return nil, err
	}
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(hop), "+brokenSums+" FROM link_broken WHERE "+where+" GROUP BY hop", params...)
	if err != nil {
		return nil, fmt.Errorf("sum broken links: %w", err)
	}
	defer rows.Close()
	sums := map[string]brokenSum{}
	for rows.Next() {
		var hop string
		var b brokenSum
		if err := rows.Scan(&hop, &b.Expected, &b.Linked, &b.Proven, &b.Probable, &b.NotYet, &b.NoneDue, &b.Undecided); err != nil {
			return nil, fmt.Errorf("sum broken links: %w", err)
		}
		sums[hop] = b
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sum broken links: %w", err)
	}
	models, err := s.delayModels(ctx, run)
	out := []brokenHop{}
	for _, step := range steps.Hops {
		b, ok := sums[step.ID]
		if !ok {
			continue
		}
		one := brokenHop{Hop: step.ID, Title: Text{step.ZH, step.EN}, Model: models[step.ID], brokenSum: b}
		if b.Expected > 0 {
			broken := float64(b.Proven) + b.Probable
			rate := broken / float64(b.Expected)
			low, high := hops.Interval(broken, float64(b.Expected), rate)
			one.Rate, one.Low, one.High = &rate, &low, &high
		}
		out = append(out, one)
	}
	return out, err
}

func (s *Server) delayModels(ctx context.Context, run string) (map[string]*delayModel, error) {
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(hop), horizon, hops, missing, median, p99 FROM link_delay WHERE run_id = {run:String}", warehouse.Param("run", run))
	if err != nil {
		return nil, fmt.Errorf("read the delays of hops: %w", err)
	}
	defer rows.Close()
	out := map[string]*delayModel{}
	for rows.Next() {
		var hop string
		var m delayModel
		if err := rows.Scan(&hop, &m.Horizon, &m.Hops, &m.Missing, &m.Median, &m.P99); err != nil {
			return nil, fmt.Errorf("read the delays of hops: %w", err)
		}
		out[hop] = &m
	}
	return out, rows.Err()
}
