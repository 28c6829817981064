package api

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
	"hengjian/jobs/link/ledger"
	"hengjian/warehouse"
)

// linkDecisionRoutes are people's part in linkage.
func (s *Server) linkDecisionRoutes(r gin.IRouter) {
	read(s, r, "/links/review", "listLinkReview", s.listLinkReview)
	read(s, r, "/links/decisions", "listLinkDecisions", s.listLinkDecisions)
	read(s, r, "/links/accuracy", "getLinkAccuracy", s.getLinkAccuracy)
	r.POST("/links/decisions", handle(s, "decideLink", s.decideLink, fresh[linkDecision](s)))
}

// linkDecision says that two person entries are one person or two.
type linkDecision struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	Same     bool    `json:"same"`
	By       string  `json:"by"`
	At       string  `json:"at"`
	Reason   string  `json:"reason"`
	Evidence string  `json:"evidence"`
	Until    *string `json:"until"`
	Seconded bool    `json:"seconded"` // it settled a contradiction
	State    string  `json:"state"`
}

func decisionView(d ledger.Decision, state ledger.State) linkDecision {
	out := linkDecision{A: d.A, B: d.B, Same: d.Same, By: d.By, At: instant(d.At), Reason: d.Reason, Evidence: d.Evidence, Seconded: d.SecondedBy != "", State: string(state)}
	if !d.Until.IsZero() {
		out.Until = day(&d.Until)
	}
	return out
}

// decideRequest is one decision.
type decideRequest struct {
	A        string `json:"a" binding:"required,max=300"`
	B        string `json:"b" binding:"required,max=300"`
	Same     *bool  `json:"same" binding:"required"`
	Reason   string `json:"reason" binding:"required,max=2000"`
	Evidence string `json:"evidence" binding:"required,max=200"`
	Until    string `json:"until" binding:"omitempty,datetime=2006-01-02"`
}

// decideLink appends a decision on two entries of the scope, else NotFound; the
// audit comes first. Conflict when a contradiction waits for a second person.
func (s *Server) decideLink(ctx context.Context, who caller, q decideRequest) (answer[linkDecision], error) {
	var a answer[linkDecision]
	seen, err := s.entriesSeen(ctx, who, []string{q.A, q.B})
	if err != nil {
		return a, err
	}
	if !seen[q.A] || !seen[q.B] {
		return a, &failure{code: "not_found"}
	}
	if err := s.audit.Record(ctx, audit.Entry{Account: who.account.Name, Action: "link_decide", Target: q.A + " " + q.B, Purpose: q.Reason, Outcome: "asked"}); err != nil {
		return a, fmt.Errorf("audit the decision: %w", err)
	}
	d, state, err := s.links.Decide(ctx, ledger.Decision{A: q.A, B: q.B, Same: *q.Same, By: who.account.Name, Reason: q.Reason, Evidence: q.Evidence, Until: dayAsked(q.Until)})
	if err != nil {
		return a, actRefused(err, "该判定不能作出：")
	}
	a.data = decisionView(d, state)
	return a, nil
}

// limitQuery asks for so many.
type limitQuery struct {
	Limit int `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// listLinkDecisions answers the decisions on entries of the scope, newest first.
func (s *Server) listLinkDecisions(ctx context.Context, who caller, q limitQuery) (answer[[]linkDecision], error) {
	a := answer[[]linkDecision]{data: []linkDecision{}}
	all, err := s.links.Read(ctx, "1")
	if err != nil || len(all) == 0 {
		return a, err
	}
	states, seen, err := s.decisionStates(ctx, who, all)
	if err != nil {
		return a, err
	}
	for i := len(all) - 1; i >= 0 && len(a.data) < orNumber(q.Limit, 100); i-- {
		if seen[all[i].A] && seen[all[i].B] {
			a.data = append(a.data, decisionView(all[i], states[i]))
		}
	}
	return a, nil
}

// decisionStates says what decisions amount to now, and which entries may be seen.
func (s *Server) decisionStates(ctx context.Context, who caller, all []ledger.Decision) ([]ledger.State, map[string]bool, error) {
	var entries []string
	for _, d := range all {
		entries = append(entries, d.A, d.B)
	}
	revisions, err := s.links.Revisions(ctx, entries)
	if err != nil {
		return nil, nil, err
	}
	seen, err := s.entriesSeen(ctx, who, entries)
	return ledger.States(all, s.deps.Now(), func(entry string) uint64 { return revisions[entry] }), seen, err
}

// reviewItem is a pair that somebody should look at.
type reviewItem struct {
	A        string        `json:"a"`
	B        string        `json:"b"`
	Weight   float32       `json:"weight"`
	Joined   bool          `json:"joined"`
	Refused  *string       `json:"refused"`
	Records  uint32        `json:"records"`
	Findings uint32        `json:"findings"`
	Value    float64       `json:"value"`
	Blind    bool          `json:"blind"`
	Second   bool          `json:"second"`
	Decision *linkDecision `json:"decision"`
}

// listLinkReview answers the pairs of the newest run on which the caller has not
// decided since, within the scope; of a blind pair the others' answers are not
// shown.
func (s *Server) listLinkReview(ctx context.Context, who caller, q limitQuery) (answer[[]reviewItem], error) {
	a := answer[[]reviewItem]{data: []reviewItem{}}
	var err error
	if a.run, err = s.newest(ctx, "link"); err != nil {
		return a, err
	}
	items, err := s.links.Queue(ctx, a.run.id, 2000)
	if err != nil || len(items) == 0 {
		return a, err
	}
	all, err := s.links.Read(ctx, "1")
	if err != nil {
		return a, err
	}
	states, _, err := s.decisionStates(ctx, who, all)
	if err != nil {
		return a, err
	}
	var entries []string
	for _, i := range items {
		entries = append(entries, i.A, i.B)
	}
	seen, err := s.entriesSeen(ctx, who, entries)
	if err != nil {
		return a, err
	}
	for _, i := range items {
		if len(a.data) >= orNumber(q.Limit, 50) {
			break
		}
		if one := reviewOf(i, who.account.Name, all, states); one != nil && seen[i.A] && seen[i.B] {
			a.data = append(a.data, *one)
		}
	}
	return a, nil
}

// reviewOf is the item as one person sees it, nil when nothing is asked of them.
func reviewOf(i ledger.Item, account string, all []ledger.Decision, states []ledger.State) *reviewItem {
	out := reviewItem{A: i.A, B: i.B, Weight: i.Weight, Joined: i.Joined, Refused: text(i.Refused), Records: i.Records, Findings: i.Findings, Value: i.Value, Blind: i.Blind}
	by := map[string]bool{}
	settled := false
	for k, d := range all {
		if d.A != i.A || d.B != i.B || states[k] == ledger.Expired || states[k] == ledger.Reopened {
			continue
		}
		by[d.By] = true
		out.Second = states[k] == ledger.Disputed
		settled = states[k] == ledger.Standing
		if !i.Blind || d.By == account {
			view := decisionView(d, states[k])
			out.Decision = &view
		}
	}
	switch {
	case by[account], settled && !i.Blind, settled && len(by) > 1:
		return nil
	}
	return &out
}

// linkShare is a share with its interval at 95 %.
type linkShare struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// linkAccuracy is what people's decisions say of the persons found.
type linkAccuracy struct {
	Labels    int         `json:"labels"`
	Precision *linkShare  `json:"precision"`
	Recall    *linkShare  `json:"recall"`
	Kappa     *float64    `json:"kappa"`
	Twice     int         `json:"twice"`
	Bins      []weightBin `json:"bins"`
}

type weightBin struct {
	From   float64   `json:"from"`
	To     float64   `json:"to"`
	Joined bool      `json:"joined"`
	Pairs  uint64    `json:"pairs"`
	Labels int       `json:"labels"`
	Same   int       `json:"same"`
	Share  linkShare `json:"share"`
}

// getLinkAccuracy answers the accuracy that labels give to the newest run.
func (s *Server) getLinkAccuracy(ctx context.Context, _ caller, _ none) (answer[linkAccuracy], error) {
	a := answer[linkAccuracy]{data: linkAccuracy{Bins: []weightBin{}}}
	var err error
	if a.run, err = s.newest(ctx, "link"); err != nil {
		return a, err
	}
	found, err := s.links.Accuracy(ctx, a.run.id)
	if err != nil {
		return a, err
	}
	a.data.Labels, a.data.Kappa, a.data.Twice = found.Labels, found.Kappa, found.Twice
	if p := found.Precision; p != nil {
		a.data.Precision = &linkShare{p.Value, p.Low, p.High}
	}
	if p := found.Recall; p != nil {
		a.data.Recall = &linkShare{p.Value, p.Low, p.High}
	}
	for _, b := range found.Bins {
		a.data.Bins = append(a.data.Bins, weightBin{b.From, b.To, b.Joined, b.Pairs, b.Labels, b.Same, linkShare{b.Share.Value, b.Share.Low, b.Share.High}})
	}
	return a, nil
}

// findingIdentity says how firmly the person of a finding is held together.
type findingIdentity struct {
	Band    string   `json:"band"`
	Weakest *float32 `json:"weakest"`
	Check   bool     `json:"check"` // identity to be checked (身份待核) before anything is built on it
}

// addIdentities tells for each finding about a person how firmly the entries that
// it rests on are one person.
func (s *Server) addIdentities(ctx context.Context, of []finding) error {
	at := map[string][]int{}
	var persons []string
	for i := range of {
		if p := of[i].chainPerson; p != "" {
			if at[p] == nil {
				persons = append(persons, p)
			}
			at[p] = append(at[p], i)
		}
	}
	if len(persons) == 0 {
		return nil
	}
	rows, err := s.deps.Service.Query(ctx, `SELECT chain_person, toString(max(band)), min(weakest) FROM link_person
WHERE run_id = {run:String} AND chain_person IN {persons:Array(String)} GROUP BY chain_person`,
		warehouse.Param("run", of[0].run), warehouse.Param("persons", warehouse.Array(persons)))
	if err != nil {
		return fmt.Errorf("read how firmly persons are linked: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var person string
		var id findingIdentity
		if err := rows.Scan(&person, &id.Band, &id.Weakest); err != nil {
			return fmt.Errorf("read how firmly persons are linked: %w", err)
		}
		id.Check = id.Band == "doubtful"
		for _, i := range at[person] {
			of[i].Identity = &id
		}
	}
	return rows.Err()
}

// newLinks is the store of people's part in linkage.
func newLinks(d Deps) *ledger.Store {
	return ledger.NewStore(d.Service, d.Contracts, func() time.Time { return d.Now() })
}
