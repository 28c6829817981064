package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/indicator"
)

func (s *Server) indicatorRoutes(r gin.IRouter) {
	read(s, r, "/indicators", "listIndicators", s.listIndicators)
	read(s, r, "/indicators/:id", "getIndicator", s.getIndicator)
	read(s, r, "/indicators/:id/values", "listIndicatorValues", s.listIndicatorValues)
	read(s, r, "/indicators/:id/official", "listOfficialFigures", s.listOfficialFigures)
}

// indicatorRef names an indicator.
type indicatorRef struct {
	ID   string `json:"id"`
	Name Text   `json:"name"`
	Unit string `json:"unit"`
	Form string `json:"form"`
}

// indicatorView is one definition of the catalogue.
type indicatorView struct {
	indicatorRef
	Kind        string      `json:"kind"`
	Version     int         `json:"version"`
	Counts      string      `json:"counts"`
	CountedUnit string      `json:"counted_unit"`
	Definition  Text        `json:"definition"`
	Includes    []Text      `json:"includes"`
	Excludes    []Text      `json:"excludes"`
	Caveats     []Text      `json:"caveats"`
	Preference  *Text       `json:"preference"`
	Basis       []string    `json:"basis"`
	Sources     []string    `json:"sources"`
	Dimensions  []dimension `json:"dimensions"`
	Official    bool        `json:"official"`
	OverHundred bool        `json:"over_hundred"`
}

type dimension struct {
	Dim  string `json:"dim"`
	Name Text   `json:"name"`
}

// indicatorRefOf names an indicator of the catalogue.
func indicatorRefOf(i indicator.Indicator) indicatorRef {
	form := "count"
	switch {
	case len(i.Dims) > 0:
		form = "distribution"
	case i.Ratio():
		form = "ratio"
	}
	return indicatorRef{ID: i.ID, Name: Text{i.ZH, i.EN}, Unit: i.Unit, Form: form}
}

// texts turns the catalogue's texts into the document's.
func texts(in []indicator.Text) []Text {
	out := make([]Text, len(in))
	for i, t := range in {
		out[i] = Text(t)
	}
	return out
}

// indicatorViewOf shows a definition.
func (s *Server) indicatorViewOf(i indicator.Indicator) indicatorView {
	v := indicatorView{
		indicatorRef: indicatorRefOf(i), Kind: i.Kind, Version: i.Version, Counts: i.Counts, CountedUnit: i.CountedUnit, Definition: Text(i.Definition),
		Includes: texts(i.Includes), Excludes: texts(i.Excludes), Caveats: texts(i.Caveats),
		Basis: []string{}, Sources: append([]string{}, i.Sources...), Dimensions: []dimension{}, Official: len(i.Official) > 0, OverHundred: i.OverHundred(),
	}
	if i.Preference != (indicator.Text{}) {
		preference := Text(i.Preference)
		v.Preference = &preference
	}
	for _, b := range i.Basis {
		v.Basis = append(v.Basis, strings.TrimSpace(b.Law+" "+b.Article))
	}
	for _, dim := range i.DimValues() {
		field, value, _ := strings.Cut(dim, "=")
		v.Dimensions = append(v.Dimensions, dimension{Dim: dim, Name: s.valueText(i.From, field, value)})
	}
	return v
}

// valueText names a code of an enum field.
func (s *Server) valueText(recordType, field, value string) Text {
	t, ok := s.deps.Contracts.Type(recordType)
	if !ok {
		return Text{value, value}
	}
	f, ok := t.Field(field)
	if !ok {
		return Text{value, value}
	}
	for _, v := range f.Values {
		if v.Code == value {
			return Text{v.ZH, strings.ReplaceAll(value, "_", " ")}
		}
	}
	return Text{value, value}
}

// listIndicators answers the catalogue by id.
func (s *Server) listIndicators(context.Context, caller, none) (answer[[]indicatorView], error) {
	a := answer[[]indicatorView]{data: []indicatorView{}}
	for _, i := range s.deps.Indicators.Indicators() {
		a.data = append(a.data, s.indicatorViewOf(i))
	}
	return a, nil
}

// idQuery names one thing by the path.
type idQuery struct {
	ID string `uri:"id" form:"-" binding:"required,max=200"`
}

// getIndicator answers one definition; NotFound for an unknown one.
func (s *Server) getIndicator(_ context.Context, _ caller, q idQuery) (answer[indicatorView], error) {
	i, err := s.values.Definition(q.ID)
	if err != nil {
		return answer[indicatorView]{}, err
	}
	return answer[indicatorView]{data: s.indicatorViewOf(i)}, nil
}

// valueQuery filters values.
type valueQuery struct {
	ID         string `uri:"id" form:"-" binding:"required,max=20"`
	Organ      string `form:"organ" binding:"max=64"`
	Under      string `form:"under" binding:"max=64"`
	Level      string `form:"level" binding:"omitempty,oneof=national provincial prefectural county"`
	PeriodKind string `form:"period_kind" binding:"omitempty,oneof=month quarter half year ytd"`
	Period     string `form:"period" binding:"max=20"`
	From       string `form:"from" binding:"omitempty,datetime=2006-01-02"`
	To         string `form:"to" binding:"omitempty,datetime=2006-01-02"`
	Coverage   string `form:"coverage" binding:"omitempty,oneof=own closure"`
	Edition    string `form:"edition" binding:"omitempty,oneof=present then"`
	Cursor     string `form:"cursor" binding:"max=600"`
	Limit      int    `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// figure is a value with what it was made of.
type figure struct {
	Num          string   `json:"num"`
	Den          *string  `json:"den"`
	N            uint64   `json:"n"`
	Undetermined uint64   `json:"undetermined"`
	Value        *float64 `json:"value"`
	Status       string   `json:"status"`
	Printed      string   `json:"printed"`
}

// valueView is one value.
type valueView struct {
	Organ      organRef `json:"organ"`
	PeriodKind string   `json:"period_kind"`
	Period     string   `json:"period"`
	PeriodName Text     `json:"period_name"`
	Before     string   `json:"period_before"`
	PeriodFrom string   `json:"period_from"`
	PeriodTo   string   `json:"period_to"`
	Coverage   string   `json:"coverage"`
	Edition    string   `json:"edition"`
	Dim        string   `json:"dim"`
	Figure     figure   `json:"figure"`
	Note       string   `json:"note"`
}

// listIndicatorValues answers a page of values in administrative order of organs.
func (s *Server) listIndicatorValues(ctx context.Context, who caller, q valueQuery) (answer[[]valueView], error) {
	a := answer[[]valueView]{data: []valueView{}}
	q.Limit, q.PeriodKind = orNumber(q.Limit, 100), orText(q.PeriodKind, "month")
	filter := filterDigest(who, "values", q.ID, q.Organ, q.Under, q.Level, q.PeriodKind, q.Period, q.From, q.To, q.Coverage, q.Edition)
	offset := 0
	var err error
	if q.Cursor != "" {
		c, err := s.cursors.read(q.Cursor, filter, 1)
		if err != nil {
			return a, err
		}
		if a.run, err = s.runNamed(ctx, "indicator", c.Run); err != nil {
			return a, err
		}
		if offset, err = strconv.Atoi(c.After[0]); err != nil {
			return a, &failure{code: "bad_cursor", err: err}
		}
	} else if a.run, err = s.newest(ctx, "indicator"); err != nil {
		return a, err
	}
	query := indicator.ValuesQuery{
		Run: a.run.id, Indicator: q.ID, Level: q.Level, PeriodKind: q.PeriodKind, Period: q.Period, From: q.From, To: q.To,
		Coverage: orText(q.Coverage, "closure"), Edition: q.Edition, Limit: q.Limit + 1, Offset: offset,
	}
	switch {
	case q.Organ != "":
		query.Organs = []string{q.Organ}
	case q.Under != "":
		query.Organs = []string{} // an organ that leads none gives none
		for _, o := range who.state.register.All() {
			if o.LedBy == q.Under {
				query.Organs = append(query.Organs, o.ID)
			}
		}
		if len(query.Organs) == 0 {
			return a, nil
		}
	}
	found, err := s.values.Values(ctx, who.Scope, query)
	if err != nil {
		return a, err
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		a.next = s.cursors.write(cursor{Run: a.run.id, After: []string{strconv.Itoa(offset + q.Limit)}, Filter: filter})
	}
	for _, v := range found {
		a.data = append(a.data, valueView{
			Organ: who.state.ref(v.Organ), PeriodKind: v.PeriodKind, Period: v.Period, PeriodName: Text(v.Name), Before: v.Before, PeriodFrom: *day(&v.From), PeriodTo: *day(&v.To),
			Coverage: v.Coverage, Edition: v.Edition, Dim: v.Dim, Note: v.Note,
			Figure: figure{Num: v.Num, Den: v.Den, N: v.N, Undetermined: v.Undetermined, Value: v.Amount, Status: v.Status, Printed: v.Printed},
		})
	}
	return a, nil
}

// orText is a text or its default.
func orText(value, usual string) string {
	if value == "" {
		return usual
	}
	return value
}

// orNumber is a number or its default.
func orNumber(value, usual int) int {
	if value == 0 {
		return usual
	}
	return value
}

// officialFigure is one published figure.
type officialFigure struct {
	Edition    string   `json:"edition"`
	Measure    string   `json:"measure"`
	Name       string   `json:"name"`
	Period     string   `json:"period"`
	Printed    string   `json:"printed"`
	Low        string   `json:"low"`
	High       string   `json:"high"`
	Unit       string   `json:"unit"`
	Confirmed  bool     `json:"confirmed"`
	Source     string   `json:"source"`
	Recomputed *float64 `json:"recomputed"`
	Difference *float64 `json:"difference"`
	Reproduced string   `json:"reproduced"`
	Reason     *Text    `json:"reason"`
}

// listOfficialFigures answers published figures, beside what they follow from.
func (s *Server) listOfficialFigures(ctx context.Context, who caller, q idQuery) (answer[[]officialFigure], error) {
	a := answer[[]officialFigure]{data: []officialFigure{}}
	definition, err := s.values.Definition(q.ID)
	if err != nil || len(definition.Official) == 0 {
		return a, err
	}
	if a.run, err = s.newest(ctx, "indicator"); err != nil {
		return a, err
	}
	rows, err := s.values.Official(ctx, who.Scope, q.ID)
	if err != nil {
		return a, fmt.Errorf("read official figures: %w", err)
	}
	for _, row := range rows {
		f := row.Figure
		one := officialFigure{
			Edition: f.Edition, Measure: f.Measure, Name: f.Name, Period: f.Period, Printed: f.Printed, Unit: f.Unit, Source: f.Source, Confirmed: f.Confirmed,
			Low: strconv.FormatFloat(f.Low, 'f', -1, 64), High: strconv.FormatFloat(f.High, 'f', -1, 64), Reproduced: "not_applicable",
		}
		if r := row.Recomputed; r != nil {
			rate, difference := r.Rate, r.Difference
			one.Recomputed, one.Difference, one.Reproduced = &rate, &difference, "no"
			if r.Reproduced {
				one.Reproduced = "yes"
			}
			if r.Reason != nil {
				one.Reason = &Text{r.Reason.ZH, r.Reason.EN}
			}
		}
		a.data = append(a.data, one)
	}
	return a, nil
}
