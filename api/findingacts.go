package api

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
	life "hengjian/jobs/finding"
	"hengjian/warehouse"
)

// findingLifeRoutes are what people do about findings.
func (s *Server) findingLifeRoutes(r gin.IRouter) {
	read(s, r, "/findings/work", "listFindingWork", s.listFindingWork)
	read(s, r, "/findings/precision", "getFindingPrecision", s.getFindingPrecision)
	read(s, r, "/findings/:id/history", "getFindingHistory", s.getFindingHistory)
	r.POST("/findings/:id/acts", handle(s, "actOnFinding", s.actOnFinding, fresh[findingDetail](s)))
}

// findingLife is where the life of a finding stands.
type findingLife struct {
	Status     string  `json:"status"`
	StatusText Text    `json:"status_text"`
	Attention  string  `json:"attention"`
	Sequence   uint32  `json:"sequence"`
	By         string  `json:"by"`
	At         *string `json:"at"`
	Document   string  `json:"document_number"`
	ReplyDue   *string `json:"reply_due_on"`
	Issuer     string  `json:"issuer"`
}

// lifeOf is the life as the newest event leaves it; nil is a new finding.
func (s *Server) lifeOf(e *life.Event) findingLife {
	if e == nil {
		return findingLife{Status: life.Fresh, StatusText: s.word("finding_status", life.Fresh)}
	}
	at := instant(e.At)
	return findingLife{
		Status: e.Status, StatusText: s.word("finding_status", e.Status), Attention: e.Attention, Sequence: e.Sequence, By: e.Person, At: &at,
		Document: e.DocumentNo, ReplyDue: day(e.ReplyDue), Issuer: e.Issuer,
	}
}

// findingAct is one entry of what was done.
type findingAct struct {
	Event        string  `json:"event"`
	EventText    Text    `json:"event_text"`
	Person       string  `json:"person"`
	Note         string  `json:"note"`
	At           string  `json:"at"`
	Sequence     uint32  `json:"sequence"`
	Status       string  `json:"status"`
	Attention    string  `json:"attention"`
	Reason       string  `json:"reason"`
	DocumentKind string  `json:"document_kind"`
	DocumentNo   string  `json:"document_number"`
	Addressee    string  `json:"addressee"`
	ReplyDue     *string `json:"reply_due_on"`
	On           *string `json:"on"`
	Evidence     string  `json:"evidence"`
}

func (s *Server) actsOf(past []life.Event) []findingAct {
	out := []findingAct{}
	for _, e := range past {
		out = append(out, findingAct{
			Event: e.Kind, EventText: s.word("finding_act", e.Kind), Person: e.Person, Note: e.Note, At: instant(e.At), Sequence: e.Sequence, Status: e.Status,
			Attention: e.Attention, Reason: e.Reason, DocumentKind: e.DocumentKind, DocumentNo: e.DocumentNo, Addressee: e.Addressee,
			ReplyDue: day(e.ReplyDue), On: day(e.On), Evidence: e.Evidence,
		})
	}
	return out
}

// actRequest is one act. After is the sequence of the life that the person saw.
type actRequest struct {
	ID           string `uri:"id" json:"-" binding:"required,hexadecimal,min=8,max=64"`
	Act          string `json:"act" binding:"max=40"`
	After        uint32 `json:"after"`
	Note         string `json:"note" binding:"max=2000"`
	Reason       string `json:"reason" binding:"max=40"`
	DocumentKind string `json:"document_kind" binding:"max=40"`
	DocumentNo   string `json:"document_number" binding:"max=80"`
	Addressee    string `json:"addressee" binding:"max=64"`
	ReplyDue     string `json:"reply_due_on" binding:"omitempty,datetime=2006-01-02"`
	On           string `json:"on" binding:"omitempty,datetime=2006-01-02"`
	Evidence     string `json:"evidence" binding:"max=200"`
}

// actOnFinding appends an act to a finding within the scope; the audit comes
// first, and an act that is not audited does not happen.
func (s *Server) actOnFinding(ctx context.Context, who caller, q actRequest) (answer[findingDetail], error) {
	a, err := s.getFinding(ctx, who, idQuery{ID: q.ID})
	if err != nil {
		return a, err
	}
	f := a.data.Finding
	responsible := ""
	if f.ResponsibleOrgan != nil {
		responsible = f.ResponsibleOrgan.ID
	}
	if err := s.audit.Record(ctx, audit.Entry{Account: who.account.Name, Action: "finding_" + q.Act, Target: f.ID, Purpose: q.Note, Outcome: "asked"}); err != nil {
		return a, fmt.Errorf("audit the act: %w", err)
	}
	replyDue, on := dayAsked(q.ReplyDue), dayAsked(q.On)
	_, err = s.lives.Do(ctx, life.Act{
		Verdict: life.Verdict{
			Finding: f.ID, Rule: f.Rule.ID, Outcome: f.Outcome, Run: a.run.id, Organ: f.Organ.ID, Responsible: responsible,
			Compartment: f.Compartment, Docket: f.Docket.Key, Record: f.Record,
		},
		Kind: q.Act, Person: who.account.Name, After: q.After, Note: q.Note, Reason: q.Reason, DocumentKind: q.DocumentKind, DocumentNo: q.DocumentNo,
		Addressee: q.Addressee, ReplyDue: replyDue, On: on, Evidence: q.Evidence,
	})
	if err != nil {
		return a, actRefused(err, "该操作不能进行：")
	}
	return s.getFinding(ctx, who, idQuery{ID: q.ID})
}

// dayAsked reads a day that was checked on binding; "" is the zero time.
func dayAsked(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// workQuery asks for findings by where their life stands.
type workQuery struct {
	Status    string `form:"status" binding:"omitempty,oneof=under_review document_issued replied rectified closed dismissed withdrawn_by_data"`
	Attention string `form:"attention" binding:"omitempty,oneof=basis_changed"`
	Rule      string `form:"rule" binding:"max=20"`
	Mine      string `form:"mine" binding:"omitempty,oneof=true false"`
	Limit     int    `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// workItem is one finding that somebody works on, or that the data took back.
type workItem struct {
	ID               string      `json:"id"`
	Rule             ruleRef     `json:"rule"`
	Outcome          string      `json:"outcome"`
	OutcomeText      Text        `json:"outcome_text"`
	Organ            organRef    `json:"organ"`
	ResponsibleOrgan *organRef   `json:"responsible_organ"`
	Docket           docketRef   `json:"docket"`
	Record           string      `json:"record"`
	Life             findingLife `json:"life"`
}

// listFindingWork lists findings with a life, the newest event first.
func (s *Server) listFindingWork(ctx context.Context, who caller, q workQuery) (answer[[]workItem], error) {
	a := answer[[]workItem]{data: []workItem{}}
	where, params := s.within(true), []any{who.scopeParam()}
	for _, f := range []struct{ value, name, condition string }{
		{q.Status, "status", "status = {status:String}"},
		{q.Attention, "attention", "attention = {attention:String}"},
		{q.Rule, "rule", "rule = {rule:String}"},
	} {
		if f.value != "" {
			where += " AND " + f.condition
			params = append(params, warehouse.Param(f.name, f.value))
		}
	}
	if q.Mine == "true" {
		where += " AND (person = {me:String} OR issuer = {me:String})"
		params = append(params, warehouse.Param("me", who.account.Name))
	}
	params = append(params, warehouse.Param("limit", fmt.Sprint(orNumber(q.Limit, 100))))
	found, err := s.lives.Newest(ctx, where+" ORDER BY at DESC, finding_id LIMIT {limit:UInt32}", params...)
	if err != nil {
		return a, err
	}
	for i := range found {
		e := &found[i]
		a.data = append(a.data, workItem{
			ID: e.Finding, Rule: s.ruleRef(e.Rule), Outcome: e.Outcome, OutcomeText: s.word("outcome", e.Outcome), Organ: who.state.ref(e.Organ),
			ResponsibleOrgan: who.state.refOrNil(e.Responsible), Docket: docketOf(e.Docket), Record: e.Record, Life: s.lifeOf(e),
		})
	}
	return a, nil
}

// rulePrecision is how the findings of a rule ended.
type rulePrecision struct {
	Rule      ruleRef           `json:"rule"`
	Confirmed uint64            `json:"confirmed"`
	Withdrawn uint64            `json:"withdrawn_by_data"`
	Dismissed []dismissedReason `json:"dismissed"`
	Precision *string           `json:"precision"`
}

type dismissedReason struct {
	Reason string `json:"reason"`
	Text   Text   `json:"text"`
	Count  uint64 `json:"count"`
}

// getFindingPrecision answers precision by rule: confirmed over confirmed and
// dismissed, duplicates left out. It says nothing about persons.
func (s *Server) getFindingPrecision(ctx context.Context, who caller, _ none) (answer[[]rulePrecision], error) {
	a := answer[[]rulePrecision]{data: []rulePrecision{}}
	found, err := s.lives.Precisions(ctx, s.within(true), who.scopeParam())
	if err != nil {
		return a, err
	}
	for _, p := range found {
		one := rulePrecision{Rule: s.ruleRef(p.Rule), Confirmed: p.Confirmed, Withdrawn: p.Withdrawn, Dismissed: []dismissedReason{}}
		against := uint64(0)
		for _, reason := range append(life.Reasons(), life.BasisChanged) {
			if n := p.Dismissed[reason]; n > 0 {
				one.Dismissed = append(one.Dismissed, dismissedReason{reason, s.word("dismissal", reason), n})
				if reason != "duplicate" {
					against += n
				}
			}
		}
		if all := p.Confirmed + against; all > 0 {
			text := fmt.Sprintf("%.4f", float64(p.Confirmed)/float64(all))
			one.Precision = &text
		}
		a.data = append(a.data, one)
	}
	return a, nil
}

// findingHistory is what runs said of a finding, and what people did.
type findingHistory struct {
	Verdicts []pastVerdict `json:"verdicts"`
	Acts     []findingAct  `json:"acts"`
}

type pastVerdict struct {
	Run         string  `json:"run"`
	AsOf        string  `json:"as_of"`
	RuleVersion string  `json:"rule_version"`
	Outcome     string  `json:"outcome"`
	OutcomeText Text    `json:"outcome_text"`
	DueOn       *string `json:"due_on"`
	OverUnits   int32   `json:"over_units"`
	Unit        string  `json:"unit"`
}

// getFindingHistory answers what each kept run said, newest first, with the acts.
func (s *Server) getFindingHistory(ctx context.Context, who caller, q idQuery) (answer[findingHistory], error) {
	var a answer[findingHistory]
	detail, err := s.getFinding(ctx, who, q)
	if err != nil {
		return a, err
	}
	a.run, a.data.Acts, a.data.Verdicts = detail.run, detail.data.Acts, []pastVerdict{}
	rows, err := s.deps.Service.Query(ctx, `SELECT c.run_id, c.as_of, toString(v.rule_version), toString(v.outcome), v.due_on, v.over_units, toString(v.unit)
FROM (SELECT * FROM verdict_history(finding = {id:String}) WHERE `+s.within(true)+`) AS v
INNER JOIN (SELECT run_id, max(as_of) AS as_of, max(committed) AS committed FROM run_commit WHERE family = 'clock' GROUP BY run_id) AS c ON c.run_id = v.said_by
ORDER BY c.committed DESC, c.run_id DESC LIMIT 200`, warehouse.Param("id", q.ID), who.scopeParam())
	if err != nil {
		return a, fmt.Errorf("read what runs said of a finding: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v pastVerdict
		var asOf time.Time
		var due *time.Time
		if err := rows.Scan(&v.Run, &asOf, &v.RuleVersion, &v.Outcome, &due, &v.OverUnits, &v.Unit); err != nil {
			return a, fmt.Errorf("read what runs said of a finding: %w", err)
		}
		v.AsOf, v.DueOn, v.OutcomeText = *day(&asOf), day(due), s.word("outcome", v.Outcome)
		a.data.Verdicts = append(a.data.Verdicts, v)
	}
	return a, rows.Err()
}
