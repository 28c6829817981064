package api

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/indicator"
)

func (s *Server) lineageRoutes(r gin.IRouter) {
	read(s, r, "/indicators/:id/lineage", "getLineage", s.getLineage)
	read(s, r, "/indicators/:id/restatements", "listRestatements", s.listRestatements)
	read(s, r, "/indicators/:id/nation", "getNation", s.getNation)
}

// lineageQuery names one number.
type lineageQuery struct {
	ID         string `uri:"id" form:"-" binding:"required,max=20"`
	Organ      string `form:"organ" binding:"max=64"` // required; asked for in the handler, since the path is bound first
	PeriodKind string `form:"period_kind" binding:"omitempty,oneof=month quarter half year ytd"`
	Period     string `form:"period" binding:"max=20"`
	Coverage   string `form:"coverage" binding:"omitempty,oneof=own closure"`
	Dim        string `form:"dim" binding:"max=80"`
}

// lineage is what one vintage of a number rests on.
type lineage struct {
	Vintage     string `json:"vintage"`
	Value       string `json:"value"`
	Run         string `json:"run"`
	AsOf        string `json:"as_of"`
	Code        string `json:"code"`
	Definitions string `json:"definitions"`
	Definition  string `json:"definition"`
	Edition     string `json:"edition"`
	Parts       uint64 `json:"parts"`
	Inputs      string `json:"inputs"`
	Reason      string `json:"reason"`
}

// getLineage answers the vintages of one number, live first; NotFound for an
// organ out of scope.
func (s *Server) getLineage(ctx context.Context, who caller, q lineageQuery) (answer[[]lineage], error) {
	a := answer[[]lineage]{data: []lineage{}}
	if q.Organ == "" || q.Period == "" {
		return a, &failure{code: "invalid"}
	}
	if _, err := s.values.Definition(q.ID); err != nil {
		return a, err
	}
	var err error
	if a.run, err = s.newest(ctx, "indicator"); err != nil {
		return a, err
	}
	found, err := s.values.LineageOf(ctx, who.Scope, q.ID, q.Organ, orText(q.Coverage, "closure"), q.Dim, indicator.Period{Kind: orText(q.PeriodKind, "month"), Period: q.Period})
	if err != nil {
		return a, err
	}
	for _, l := range found {
		a.data = append(a.data, lineage{l.Vintage, l.Text, l.Run, l.AsOf.Format(time.DateOnly), l.Code, l.Definitions, l.Definition, l.Edition, l.Parts, l.Inputs, l.Reason})
	}
	return a, nil
}

// restatement is one line of the log of restatements.
type restatement struct {
	Organ      organRef `json:"organ"`
	PeriodKind string   `json:"period_kind"`
	Period     string   `json:"period"`
	Coverage   string   `json:"coverage"`
	Dim        string   `json:"dim"`
	Was        string   `json:"was"`
	Now        string   `json:"now"`
	WasRun     string   `json:"was_run"`
	NowRun     string   `json:"now_run"`
	Reason     string   `json:"reason"`
	Person     string   `json:"person"`
	At         string   `json:"at"`
}

// listRestatements answers which published figures of an indicator were stated
// again, within the scope, newest first.
func (s *Server) listRestatements(ctx context.Context, who caller, q idQuery) (answer[[]restatement], error) {
	a := answer[[]restatement]{data: []restatement{}}
	found, err := s.values.Restatements(ctx, who.Scope, q.ID)
	if err != nil {
		return a, err
	}
	for _, x := range found {
		a.data = append(a.data, restatement{
			who.state.ref(x.Organ), x.PeriodKind, x.Period, x.Coverage, x.Dim, x.Was, x.Now, x.WasRun, x.NowRun, x.Reason, x.Person, x.At.Format(time.RFC3339),
		})
	}
	return a, nil
}

// nationQuery names a period.
type nationQuery struct {
	ID         string `uri:"id" form:"-" binding:"required,max=20"`
	PeriodKind string `form:"period_kind" binding:"omitempty,oneof=month quarter half year ytd"`
	Period     string `form:"period" binding:"max=20"`
}

// nation is a national value with what it is made of.
type nation struct {
	PeriodKind  string `json:"period_kind"`
	Period      string `json:"period"`
	Figure      figure `json:"figure"`
	Organs      uint64 `json:"organs"`
	Sum         string `json:"sum"`
	Remainder   string `json:"remainder"`
	RestDen     string `json:"remainder_den"`
	Rest        uint64 `json:"remainder_n"`
	OverHundred bool   `json:"over_hundred"`
}

// getNation answers the national value as the sum over procuratorates, with the
// remainder that no procuratorate of the nation holds.
func (s *Server) getNation(ctx context.Context, who caller, q nationQuery) (answer[nation], error) {
	var a answer[nation]
	definition, err := s.values.Definition(q.ID)
	if err != nil {
		return a, err
	}
	if a.run, err = s.newest(ctx, "indicator"); err != nil {
		return a, err
	}
	n, err := s.values.Nation(ctx, who.Scope, q.ID, orText(q.PeriodKind, "ytd"), q.Period)
	if err != nil {
		return a, err
	}
	a.data = nation{
		PeriodKind: n.PeriodKind, Period: n.Period, Organs: n.Organs, Sum: n.Sum, Remainder: n.Remainder, RestDen: n.RestDen, Rest: n.Rest,
		Figure:      figure{Num: n.Num, Den: n.Den, N: n.N, Undetermined: n.Undetermined, Value: n.Amount, Status: n.Status, Printed: n.Printed},
		OverHundred: definition.OverHundred(),
	}
	return a, nil
}
