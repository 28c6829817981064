package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/clock"
	life "hengjian/jobs/finding"
	"hengjian/warehouse"
)

func (s *Server) findingRoutes(r gin.IRouter) {
	read(s, r, "/findings", "listFindings", s.listFindings)
	read(s, r, "/findings/summary", "getFindingSummary", s.getFindingSummary)
	read(s, r, "/findings/:id", "getFinding", s.getFinding)
	s.findingLifeRoutes(r)
}

// findingQuery filters findings.
type findingQuery struct {
	Rule    string `form:"rule" binding:"max=20"`
	Outcome string `form:"outcome" binding:"omitempty,oneof=in_time due_soon out_of_time extended_without_document cannot_judge not_applicable conforming apparent_nonconformity"`
	State   string `form:"state" binding:"omitempty,oneof=stopped running"`
	Organ   string `form:"organ" binding:"max=64"`
	From    string `form:"from" binding:"omitempty,datetime=2006-01-02"`
	To      string `form:"to" binding:"omitempty,datetime=2006-01-02"`
	Cursor  string `form:"cursor" binding:"max=600"`
	Limit   int    `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// finding is a verdict as people see it.
type finding struct {
	ID               string    `json:"id"`
	Rule             ruleRef   `json:"rule"`
	RuleVersion      string    `json:"rule_version"`
	Outcome          string    `json:"outcome"`
	OutcomeText      Text      `json:"outcome_text"`
	State            string    `json:"state"`
	Organ            organRef  `json:"organ"`
	ResponsibleOrgan *organRef `json:"responsible_organ"`
	Compartment      string    `json:"compartment"`
	Chain            *string   `json:"chain"`
	Docket           docketRef `json:"docket"`
	Record           string    `json:"record"`
	TriggeredOn      *string   `json:"triggered_on"`
	DueOn            *string   `json:"due_on"`
	StoppedOn        *string   `json:"stopped_on"`
	PeriodOn         string    `json:"period_on"`
	OverUnits        int32     `json:"over_units"`
	Unit             string    `json:"unit"`
	Missing          string    `json:"missing"`
	Provisional      bool      `json:"provisional"`
	Explanation      Text      `json:"explanation"`
	Severity         string    `json:"severity"`
	Route            string    `json:"route"`
	RouteText        Text      `json:"route_text"`
	Document         string    `json:"document"`

	Life     findingLife      `json:"life"`
	Identity *findingIdentity `json:"identity"`

	steps, chainPerson, run string
}

// docketRef names a docket by its parts.
type docketRef struct {
	Key     string `json:"key"`
	OrganID string `json:"organ_id"`
	Kind    string `json:"kind"`
	Number  string `json:"number"`
}

// docketOf splits a docket's key: parts are joined by "|", and "|" and "\" in a
// part stand behind a "\".
func docketOf(key string) docketRef {
	var parts []string
	var b strings.Builder
	escaped := false
	for _, r := range key {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	parts = append(parts, b.String(), "", "")
	return docketRef{Key: key, OrganID: parts[0], Kind: parts[1], Number: parts[2]}
}

const findingColumns = `finding_id, rule, rule_version, outcome, state, organ_id, responsible_organ_id, compartment, chain, chain_person, docket, record_key,
triggered_on, due_on, stopped_on, period_on, over_units, unit, missing, provisional, explanation_zh, explanation_en, steps, severity, route, document`

// scanFinding reads one row of findingColumns.
func (s *Server) scanFinding(who caller, run string, rows warehouse.Rows) (finding, error) {
	var f finding
	var ruleID, organID, responsible, chain, docket string
	var triggered, due, stopped *time.Time
	var period time.Time
	var provisional uint8
	if err := rows.Scan(&f.ID, &ruleID, &f.RuleVersion, &f.Outcome, &f.State, &organID, &responsible, &f.Compartment, &chain, &f.chainPerson, &docket, &f.Record,
		&triggered, &due, &stopped, &period, &f.OverUnits, &f.Unit, &f.Missing, &provisional, &f.Explanation.ZH, &f.Explanation.EN, &f.steps,
		&f.Severity, &f.Route, &f.Document); err != nil {
		return f, fmt.Errorf("read a finding: %w", err)
	}
	f.Rule, f.OutcomeText, f.Organ, f.ResponsibleOrgan = s.ruleRef(ruleID), s.word("outcome", f.Outcome), who.state.ref(organID), who.state.refOrNil(responsible)
	f.run = run
	f.RouteText, f.Life = s.word("route", f.Route), s.lifeOf(nil)
	f.Chain, f.Docket, f.Provisional = text(chain), docketOf(docket), provisional == 1
	f.TriggeredOn, f.DueOn, f.StoppedOn, f.PeriodOn = day(triggered), day(due), day(stopped), *day(&period)
	return f, nil
}

// findings reads verdicts of a run within the scope; where is added to it.
func (s *Server) findings(ctx context.Context, who caller, run, where string, params ...any) ([]finding, error) {
	params = append(params, warehouse.Param("run", run), who.scopeParam())
	rows, err := s.deps.Service.Query(ctx, "SELECT "+findingColumns+" FROM verdict_of(run = {run:String}) WHERE "+s.within(true)+" AND "+where, params...)
	if err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	defer rows.Close()
	out := []finding{}
	for rows.Next() {
		f, err := s.scanFinding(who, run, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	if err := s.addIdentities(ctx, out); err != nil {
		return nil, err
	}
	return out, s.addLives(ctx, out)
}

// addLives tells where the life of each finding stands.
func (s *Server) addLives(ctx context.Context, of []finding) error {
	if len(of) == 0 {
		return nil
	}
	ids, at := make([]string, len(of)), make(map[string]int, len(of))
	for i := range of {
		ids[i], at[of[i].ID] = of[i].ID, i
	}
	found, err := s.lives.Newest(ctx, "finding_id IN {ids:Array(String)}", warehouse.Param("ids", warehouse.Array(ids)))
	for i := range found {
		of[at[found[i].Finding]].Life = s.lifeOf(&found[i])
	}
	return err
}

// where writes the filters; the organ stands for everything it leads.
func (q findingQuery) where(who caller) (string, []any) {
	parts, params := []string{"1 = 1"}, []any{}
	add := func(value, name, condition string) {
		if value != "" {
			parts = append(parts, condition)
			params = append(params, warehouse.Param(name, value))
		}
	}
	add(q.Rule, "rule", "rule = {rule:String}")
	add(q.Outcome, "outcome", "outcome = {outcome:String}")
	add(q.State, "state", "state = {state:String}")
	add(q.From, "from", "period_on >= {from:Date32}")
	add(q.To, "to", "period_on <= {to:Date32}")
	if q.Organ != "" {
		organs := append([]string{q.Organ}, who.state.register.Led(q.Organ)...)
		add(warehouse.Array(organs), "organs", "organ_id IN {organs:Array(String)}")
	}
	return strings.Join(parts, " AND "), params
}

// listFindings answers a page of what the scope may see, newest day first.
func (s *Server) listFindings(ctx context.Context, who caller, q findingQuery) (answer[[]finding], error) {
	var a answer[[]finding]
	var err error
	limit := orNumber(q.Limit, 100)
	filter := filterDigest(who, "findings", q.Rule, q.Outcome, q.State, q.Organ, q.From, q.To)
	where, params := q.where(who)
	if q.Cursor != "" {
		c, err := s.cursors.read(q.Cursor, filter, 2)
		if err != nil {
			return a, err
		}
		if a.run, err = s.runNamed(ctx, "clock", c.Run); err != nil {
			return a, err
		}
		where += " AND (period_on < {after_day:Date32} OR (period_on = {after_day:Date32} AND finding_id > {after_id:String}))"
		params = append(params, warehouse.Param("after_day", c.After[0]), warehouse.Param("after_id", c.After[1]))
	} else if a.run, err = s.newest(ctx, "clock"); err != nil {
		return a, err
	}
	params = append(params, warehouse.Param("limit", fmt.Sprint(limit+1)))
	if a.data, err = s.findings(ctx, who, a.run.id, where+" ORDER BY period_on DESC, finding_id LIMIT {limit:UInt32}", params...); err != nil {
		return a, err
	}
	if len(a.data) > limit {
		a.data = a.data[:limit]
		last := a.data[limit-1]
		a.next = s.cursors.write(cursor{Run: a.run.id, After: []string{last.PeriodOn, last.ID}, Filter: filter})
	}
	return a, s.retell(ctx, a.run.id, a.data)
}

// outcomes are the six outcomes in the order in which they are shown.
var outcomes = []string{"in_time", "due_soon", "out_of_time", "extended_without_document", "cannot_judge", "not_applicable", "conforming", "apparent_nonconformity"}

// ruleCount counts the verdicts of a rule.
type ruleCount struct {
	Rule     ruleRef        `json:"rule"`
	Total    uint64         `json:"total"`
	Outcomes []outcomeCount `json:"outcomes"`
}

type outcomeCount struct {
	Outcome string `json:"outcome"`
	Text    Text   `json:"text"`
	Count   uint64 `json:"count"`
}

// summaryQuery filters counts.
type summaryQuery struct {
	Organ string `form:"organ" binding:"max=64"`
	From  string `form:"from" binding:"omitempty,datetime=2006-01-02"`
	To    string `form:"to" binding:"omitempty,datetime=2006-01-02"`
}

// getFindingSummary counts by rule and outcome.
func (s *Server) getFindingSummary(ctx context.Context, who caller, q summaryQuery) (answer[[]ruleCount], error) {
	var a answer[[]ruleCount]
	var err error
	if a.run, err = s.newest(ctx, "clock"); err != nil {
		return a, err
	}
	a.data, err = s.countFindings(ctx, who, a.run.id, findingQuery{Organ: q.Organ, From: q.From, To: q.To})
	return a, err
}

// countFindings counts verdicts; every rule in force stands in the answer.
func (s *Server) countFindings(ctx context.Context, who caller, run string, q findingQuery) ([]ruleCount, error) {
	where, params := q.where(who)
	params = append(params, warehouse.Param("run", run), who.scopeParam())
	rows, err := s.deps.Service.Query(ctx, "SELECT toString(rule), toString(outcome), count() FROM verdict_of(run = {run:String}) WHERE "+s.within(true)+" AND "+where+" GROUP BY rule, outcome", params...)
	if err != nil {
		return nil, fmt.Errorf("count findings: %w", err)
	}
	defer rows.Close()
	counts := map[string]map[string]uint64{}
	for rows.Next() {
		var ruleID, outcome string
		var n uint64
		if err := rows.Scan(&ruleID, &outcome, &n); err != nil {
			return nil, fmt.Errorf("count findings: %w", err)
		}
		if counts[ruleID] == nil {
			counts[ruleID] = map[string]uint64{}
		}
		counts[ruleID][outcome] = n
	}
	out, seen := []ruleCount{}, map[string]bool{}
	for _, r := range s.deps.Rules.All() {
		if seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		one := ruleCount{Rule: s.ruleRef(r.ID)}
		for _, outcome := range outcomes {
			one.Total += counts[r.ID][outcome]
			one.Outcomes = append(one.Outcomes, outcomeCount{outcome, s.word("outcome", outcome), counts[r.ID][outcome]})
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// step is one phase of a verdict.
type step struct {
	Phase   string   `json:"phase"`
	Name    Text     `json:"name"`
	From    *string  `json:"from"`
	Due     *string  `json:"due"`
	Stopped *string  `json:"stopped"`
	Limit   string   `json:"limit"`
	Outcome string   `json:"outcome"`
	Basis   string   `json:"basis"`
	Records []string `json:"records"`

	Arithmetic []stepLine `json:"arithmetic"`
}

// stepLine is one day of the reckoning.
type stepLine struct {
	On   string `json:"on"`
	Text Text   `json:"text"`
}

// stepsOf reads the steps that the clock wrote.
func stepsOf(f finding) ([]step, error) {
	var written []struct {
		Phase, ZH, EN, From, Due, Stopped, Limit, Outcome, Basis string
		Records                                                  []string
		Arithmetic                                               []struct{ On, ZH, EN string }
	}
	out := []step{}
	if f.steps == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(f.steps), &written); err != nil {
		return nil, fmt.Errorf("read the steps of the finding %s: %w", f.ID, err)
	}
	for _, w := range written {
		lines := []stepLine{}
		for _, l := range w.Arithmetic {
			lines = append(lines, stepLine{l.On, Text{l.ZH, l.EN}})
		}
		out = append(out, step{
			Arithmetic: lines,
			Phase:      w.Phase, Name: Text{w.ZH, w.EN}, From: text(w.From), Due: text(w.Due), Stopped: text(w.Stopped),
			Limit: w.Limit, Outcome: w.Outcome, Basis: w.Basis, Records: append([]string{}, w.Records...),
		})
	}
	return out, nil
}

// findingDetail is a finding with its reasons and what people did.
type findingDetail struct {
	Finding finding      `json:"finding"`
	Basis   []string     `json:"basis"`
	Steps   []step       `json:"steps"`
	Acts    []findingAct `json:"acts"`
	Can     []string     `json:"can"`
	Reply   *reply       `json:"reply"`
}

// reply is how the clock of the issued document stands.
type reply struct {
	Finding     string  `json:"finding"`
	Rule        ruleRef `json:"rule"`
	Outcome     string  `json:"outcome"`
	OutcomeText Text    `json:"outcome_text"`
	DueOn       *string `json:"due_on"`
}

// getFinding answers one finding as the newest run says it, with its history. A
// finding that no run says any more is answered as the last run that did, for as
// long as its generation is kept.
func (s *Server) getFinding(ctx context.Context, who caller, q idQuery) (answer[findingDetail], error) {
	var a answer[findingDetail]
	var err error
	if a.run, err = s.newest(ctx, "clock"); err != nil {
		return a, err
	}
	found, err := s.findings(ctx, who, a.run.id, thisFinding, warehouse.Param("id", q.ID))
	if err == nil && len(found) == 0 {
		found, err = s.lastSaid(ctx, who, q.ID)
	}
	if err != nil {
		return a, err
	}
	if len(found) == 0 {
		return a, &failure{code: "not_found"}
	}
	if err := s.retell(ctx, found[0].run, found); err != nil {
		return a, err
	}
	f := found[0]
	a.data = findingDetail{Finding: f, Basis: []string{}}
	for _, r := range s.deps.Rules.All() {
		if r.ID == f.Rule.ID && r.Version == f.RuleVersion {
			for _, b := range r.Basis {
				a.data.Basis = append(a.data.Basis, b.Law+" "+b.Article)
			}
		}
	}
	if a.data.Steps, err = stepsOf(f); err != nil {
		return a, err
	}
	past, err := s.lives.History(ctx, q.ID)
	if err != nil {
		return a, err
	}
	a.data.Acts, a.data.Can = s.actsOf(past), life.Possible(f.Life.Status, f.Life.Attention)
	a.data.Reply, err = s.replyTo(ctx, who, a.run.id, f)
	return a, err
}

// retell works out what was not stored: verdicts that are many are kept without
// text. Where it cannot be worked out any more, text and steps stay empty.
func (s *Server) retell(ctx context.Context, run string, of []finding) error {
	untold, chains := map[string]*finding{}, []string{}
	for i := range of {
		if f := &of[i]; f.steps == "" && f.Explanation.ZH == "" && f.Chain != nil {
			untold[f.ID] = f
			chains = append(chains, *f.Chain)
		}
	}
	if len(untold) == 0 {
		return nil
	}
	slices.Sort(chains)
	told, err := clock.RetellChains(ctx, s.deps.Service, s.deps.Rules, run, slices.Compact(chains), func(id string) bool { return untold[id] != nil })
	for id, x := range told {
		untold[id].Explanation, untold[id].steps = Text(x.Explanation), x.Steps
	}
	return err
}

// thisFinding finds one finding; its case is found first.
const thisFinding = "chain IN (SELECT chain FROM finding_case(finding = {id:String})) AND finding_id = {id:String} LIMIT 1"

// lastSaid finds the newest kept run that still says the finding.
func (s *Server) lastSaid(ctx context.Context, who caller, id string) ([]finding, error) {
	var run string
	err := s.deps.Service.QueryRow(ctx, `SELECT c.run_id FROM run_commit AS c INNER JOIN (SELECT DISTINCT said_by FROM verdict_history(finding = {id:String})) AS v ON v.said_by = c.run_id
WHERE c.family = 'clock' ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("id", id)).Scan(&run)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the last run that said a finding: %w", err)
	}
	return s.findings(ctx, who, run, thisFinding, warehouse.Param("id", id))
}

// replyTo finds the verdict on the reply to the issued document, nil if there is
// no document or its record has not arrived.
func (s *Server) replyTo(ctx context.Context, who caller, run string, f finding) (*reply, error) {
	if f.Life.Document == "" {
		return nil, nil
	}
	found, err := s.findings(ctx, who, run, "chain IN (SELECT chain FROM record_case(record = {key:String})) AND record_key = {key:String} AND record_type = 'supervision_document' ORDER BY outcome = 'not_applicable', rule LIMIT 1",
		warehouse.Param("key", f.Organ.ID+"|"+f.Life.Document))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	r := found[0]
	return &reply{Finding: r.ID, Rule: r.Rule, Outcome: r.Outcome, OutcomeText: r.OutcomeText, DueOn: r.DueOn}, nil
}
