package api

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
)

func (s *Server) patternRoutes(r gin.IRouter) {
	read(s, r, "/reporting-patterns", "listReportingPatterns", s.listReportingPatterns)
	read(s, r, "/reporting-patterns/:id/evidence", "listPatternEvidence", s.listPatternEvidence)
}

// patternView is one definition and the quarters of organs that show it.
type patternView struct {
	ID       string           `json:"id"`
	Name     Text             `json:"name"`
	Unit     Text             `json:"unit"`
	Meaning  Text             `json:"meaning"`
	Quarters []patternQuarter `json:"quarters"`
}

type patternQuarter struct {
	Organ      organRef `json:"organ"`
	PeriodFrom string   `json:"period_from"`
	Observed   uint64   `json:"observed"`
	Of         uint64   `json:"of"`
	Share      float64  `json:"share"`
	Q          float64  `json:"q"`
}

// listReportingPatterns answers every definition with what stands out within the
// scope, newest quarter first and in administrative order; nothing_computed
// before the first run.
func (s *Server) listReportingPatterns(ctx context.Context, who caller, _ struct{}) (answer[[]patternView], error) {
	a := answer[[]patternView]{data: []patternView{}}
	var err error
	if a.run, err = s.newest(ctx, "pattern"); err != nil {
		return a, err
	}
	found, err := s.patterns.Notable(ctx, who.Scope)
	if err != nil {
		return a, err
	}
	for _, p := range s.deps.Patterns {
		view := patternView{ID: p.ID, Name: Text(p.Name), Unit: Text(p.Unit), Meaning: Text(p.Meaning), Quarters: []patternQuarter{}}
		for _, f := range found {
			if f.Pattern.ID == p.ID {
				view.Quarters = append(view.Quarters, patternQuarter{who.state.ref(f.Organ), f.Quarter.Format(time.DateOnly), f.Observed, f.Of, f.Share, f.Q})
			}
		}
		a.data = append(a.data, view)
	}
	return a, nil
}

// evidenceQuery names one organ's quarter of one pattern.
type evidenceQuery struct {
	ID      string `uri:"id" form:"-" binding:"required,max=20"`
	Organ   string `form:"organ" binding:"max=64"` // required, as is the quarter; asked for in the handler, since the path is bound first
	Quarter string `form:"quarter" binding:"omitempty,datetime=2006-01-02"`
}

// evidenceRecord is one record that shows a pattern.
type evidenceRecord struct {
	RecordType recordTypeRef `json:"record_type"`
	Key        string        `json:"key"`
	Docket     string        `json:"docket"`
	Day        string        `json:"day"`
	Chain      *string       `json:"chain"`
	Beside     *string       `json:"beside"`
}

// listPatternEvidence answers the records behind one organ's quarter, by day;
// only those the caller may see, and not without a line in the audit.
func (s *Server) listPatternEvidence(ctx context.Context, who caller, q evidenceQuery) (answer[[]evidenceRecord], error) {
	a := answer[[]evidenceRecord]{data: []evidenceRecord{}}
	quarter, err := time.Parse(time.DateOnly, q.Quarter)
	if err != nil || q.Organ == "" {
		return a, &failure{code: "invalid", detail: Text{"请给出机关（organ）和季度首日（quarter）", "Give the organ and the first day of the quarter"}, err: err}
	}
	if a.run, err = s.newest(ctx, "pattern"); err != nil {
		return a, err
	}
	found, err := s.patterns.Evidence(ctx, who.Scope, q.ID, q.Organ, quarter)
	if err != nil {
		return a, err
	}
	if err := s.audit.Record(ctx, audit.Entry{
		Account: who.account.Name, Action: "pattern_evidence", Target: q.ID + " " + q.Organ + " " + q.Quarter, Rows: uint64(len(found)), Outcome: "done",
	}); err != nil {
		return a, fmt.Errorf("audit the look at records: %w", err)
	}
	for _, e := range found {
		a.data = append(a.data, evidenceRecord{s.recordType(e.RecordType), e.Key, e.Docket, e.Day.Format(time.DateOnly), text(e.Chain), text(e.Beside)})
	}
	return a, nil
}
