package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/compare"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/rollup"
)

func (s *Server) overviewRoutes(r gin.IRouter) {
	read(s, r, "/overview", "getOverview", s.getOverview)
}

// overviewQuery asks for the first page.
type overviewQuery struct {
	Organ        string `form:"organ" binding:"max=64"`
	Months       int    `form:"months" binding:"omitempty,min=12,max=36"`
	MapIndicator string `form:"map_indicator" binding:"max=20"`
}

// overview is the first page in one answer.
type overview struct {
	Organ     *organRef   `json:"organ"`
	Period    *string     `json:"period"`
	Headlines []headline  `json:"headlines"`
	Findings  []ruleCount `json:"findings"`
	Map       *mapPicture `json:"map"`
}

// headline is one indicator with its series and its changes.
type headline struct {
	Indicator    indicatorRef  `json:"indicator"`
	Period       *string       `json:"period"`
	Figure       *figure       `json:"figure"`
	YearOnYear   change        `json:"year_on_year"`
	MonthOnMonth change        `json:"month_on_month"`
	Series       []seriesPoint `json:"series"`
}

// change is a difference against a base period; without direction words.
type change struct {
	Form       string   `json:"form"`
	Value      *float64 `json:"value"`
	BasePeriod *string  `json:"base_period"`
	Base       *float64 `json:"base"`
	Missing    *string  `json:"missing"`
}

type seriesPoint struct {
	Period     string `json:"period"`
	PeriodFrom string `json:"period_from"`
	PeriodTo   string `json:"period_to"`
	Figure     figure `json:"figure"`
}

// mapPicture is where each province stands against its own limits.
type mapPicture struct {
	Indicator  indicatorRef `json:"indicator"`
	PeriodKind string       `json:"period_kind"`
	Period     string       `json:"period"`
	PeerGroup  string       `json:"peer_group"`
	Cells      []mapCell    `json:"cells"`
}

type mapCell struct {
	Region    string   `json:"region"`
	Name      string   `json:"name"`
	OrganID   *string  `json:"organ_id"`
	Reporting bool     `json:"reporting"`
	Position  string   `json:"position"`
	Z         *float64 `json:"z"`
}

// getOverview answers everything the first page shows; an organ out of scope is NotFound.
func (s *Server) getOverview(ctx context.Context, who caller, q overviewQuery) (answer[overview], error) {
	a := answer[overview]{data: overview{Headlines: []headline{}, Findings: []ruleCount{}}}
	organID := q.Organ
	if home := who.state.people[who.account.Name].home; organID == "" && home != nil {
		organID = home.ID
	}
	if organID == "" {
		return a, nil
	}
	if !who.Allows(organID, "general") {
		return a, &failure{code: "not_found"}
	}
	a.data.Organ = who.state.refOrNil(organID)
	var err error
	if a.run, err = s.newest(ctx, "indicator"); err != nil {
		return a, err
	}
	last := lastMonth(a.run.asOf)
	period := last.Format("2006-01")
	a.data.Period = &period
	months := orNumber(q.Months, 24)
	cells, err := s.monthly(ctx, who, a.run.id, organID, last.AddDate(0, -months-11, 0), last)
	if err != nil {
		return a, err
	}
	for _, i := range s.headlines {
		a.data.Headlines = append(a.data.Headlines, headlineOf(i, cells[i.ID], last, months))
	}
	if clock, missing := s.newest(ctx, "clock"); missing == nil {
		if a.data.Findings, err = s.countFindings(ctx, who, clock.id, findingQuery{Organ: organID}); err != nil {
			return a, err
		}
	}
	a.data.Map, err = s.mapPicture(ctx, who, a.run.asOf, q.MapIndicator)
	return a, err
}

// lastMonth is the first day of the newest month that is over on asOf.
func lastMonth(asOf time.Time) time.Time {
	next := asOf.AddDate(0, 0, 1)
	return time.Date(next.Year(), next.Month()-1, 1, 0, 0, 0, 0, time.UTC)
}

// monthly reads one organ's months of the headlines, with what it leads where
// the scope allows all of it.
func (s *Server) monthly(ctx context.Context, who caller, run, organ string, from, to time.Time) (map[string]map[string]figure, error) {
	ids := make([]string, len(s.headlines))
	for n, i := range s.headlines {
		ids[n] = i.ID
	}
	coverage := "closure"
	for _, led := range who.state.register.Led(organ) {
		if !who.Allows(led, "general") {
			coverage = "own"
		}
	}
	values := rollup.Ask{Coverage: coverage, Where: "indicator IN {indicators:Array(String)} AND dim = ''", Organ: "organ_id = {organ:String}", Periods: "kind = 'month' AND period >= {from:String} AND period <= {to:String}"}
	rows, err := s.deps.Service.Query(ctx, `SELECT toString(indicator), toString(period), toString(num), toString(den), n, undetermined, toString(status), printed
FROM `+values.SQL()+` WHERE `+s.within(false),
		warehouse.Param("run", run), warehouse.Param("indicators", warehouse.Array(ids)), warehouse.Param("organ", organ),
		warehouse.Param("from", from.Format("2006-01")), warehouse.Param("to", to.Format("2006-01")), who.scopeParam())
	if err != nil {
		return nil, fmt.Errorf("read the months of an organ: %w", err)
	}
	defer rows.Close()
	out := map[string]map[string]figure{}
	for rows.Next() {
		var id, period string
		var f figure
		if err := rows.Scan(&id, &period, &f.Num, &f.Den, &f.N, &f.Undetermined, &f.Status, &f.Printed); err != nil {
			return nil, fmt.Errorf("read the months of an organ: %w", err)
		}
		f.Value = valueOf(f)
		if out[id] == nil {
			out[id] = map[string]figure{}
		}
		out[id][period] = f
	}
	return out, rows.Err()
}

// valueOf is the count or the rate, nil where there is none to show.
func valueOf(f figure) *float64 {
	num, err := strconv.ParseFloat(f.Num, 64)
	if err != nil || (f.Status != "value" && f.Status != "") {
		return nil
	}
	if f.Den == nil {
		return &num
	}
	den, err := strconv.ParseFloat(*f.Den, 64)
	if err != nil || den == 0 {
		return nil
	}
	rate := num / den
	return &rate
}

// headlineOf makes the series of an indicator; a month without rows counts nothing.
func headlineOf(i indicator.Indicator, cells map[string]figure, last time.Time, months int) headline {
	at := func(month time.Time) figure {
		if f, ok := cells[month.Format("2006-01")]; ok {
			return f
		}
		f := figure{Num: "0", Status: "value", Printed: "0"}
		if i.Ratio() {
			zero := "0"
			f.Den, f.Printed = &zero, ""
		}
		f.Value = valueOf(f)
		return f
	}
	h := headline{Indicator: indicatorRefOf(i), Series: []seriesPoint{}}
	for n := months - 1; n >= 0; n-- {
		month := last.AddDate(0, -n, 0)
		end := month.AddDate(0, 1, -1)
		h.Series = append(h.Series, seriesPoint{Period: month.Format("2006-01"), PeriodFrom: *day(&month), PeriodTo: *day(&end), Figure: at(month)})
	}
	earliest := ""
	for period := range cells {
		if earliest == "" || period < earliest {
			earliest = period
		}
	}
	period, now := last.Format("2006-01"), at(last)
	h.Period, h.Figure = &period, &now
	h.YearOnYear = changeOf(i.Ratio(), now, last.AddDate(-1, 0, 0), at, earliest)
	h.MonthOnMonth = changeOf(i.Ratio(), now, last.AddDate(0, -1, 0), at, earliest)
	return h
}

// changeOf compares with a base month: points for rates, percent for counts. A
// base before the earliest month with data is no base.
func changeOf(ratio bool, now figure, base time.Time, at func(time.Time) figure, earliest string) change {
	period := base.Format("2006-01")
	c := change{Form: "percent", BasePeriod: &period}
	if ratio {
		c.Form = "points"
	}
	missing := func(why string) change { c.Missing = &why; return c }
	if earliest == "" || period < earliest {
		return missing("no_base")
	}
	c.Base = at(base).Value
	switch {
	case now.Value == nil:
		return missing("no_value")
	case c.Base == nil:
		return missing("no_base")
	}
	value := (*now.Value - *c.Base) * 100
	if !ratio {
		if *c.Base == 0 {
			return missing("zero_base")
		}
		value /= *c.Base
	}
	c.Value = &value
	return c
}

// mapPicture places the provinces in the newest quarter that is over; nil when
// nothing is compared yet.
func (s *Server) mapPicture(ctx context.Context, who caller, asOf time.Time, wanted string) (*mapPicture, error) {
	for _, i := range s.headlines {
		if wanted == "" && i.Proportion() {
			wanted = i.ID
		}
	}
	definition, err := s.values.Definition(wanted)
	if err != nil {
		return nil, err
	}
	run, missing := s.newest(ctx, "compare")
	if missing != nil {
		return nil, nil
	}
	periods, err := s.distinct(ctx, "period", "ORDER BY period DESC", run.id, wanted, "quarter", "")
	if err != nil {
		return nil, err
	}
	m := &mapPicture{Indicator: indicatorRefOf(definition), PeriodKind: "quarter", PeerGroup: "provincial"}
	for _, p := range periods {
		if m.Period == "" && quarterEnd(p).Format(time.DateOnly) <= asOf.Format(time.DateOnly) {
			m.Period = p
		}
	}
	if m.Period == "" {
		return nil, nil
	}
	found, err := s.groups.Compare(ctx, who.Scope, compare.Query{Run: run.id, Indicator: wanted, PeriodKind: "quarter", Period: m.Period, PeerGroup: m.PeerGroup})
	if err != nil && warehouse.CodeOf(err) != warehouse.NotFound {
		return nil, err
	}
	standing := map[string]compare.Standing{}
	for _, st := range found.Standings {
		standing[st.Organ] = st
	}
	m.Cells = s.mapCells(who, standing)
	return m, nil
}

// mapCells lists the 34 units in administrative order.
func (s *Server) mapCells(who caller, standing map[string]compare.Standing) []mapCell {
	seats := map[string]string{} // region → the ordinary provincial procuratorate
	for _, o := range who.state.register.All() {
		if o.System == "procuratorate" && o.Level == "provincial" && o.Kind == "regular" {
			seats[o.Region] = o.ID
		}
	}
	cells := []mapCell{}
	for _, p := range provinces(s.regions) {
		cell := mapCell{Region: p.Code, Name: p.Name, Reporting: p.Reporting, Position: "not_compared"}
		if id, ok := seats[p.Code]; ok && p.Reporting {
			cell.OrganID = &id
			if st, ok := standing[id]; ok {
				cell.Position, cell.Z = orText(st.Position, "too_small"), st.Z
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// quarterEnd is the last day of a quarter written 2025Q1; far away for any other text.
func quarterEnd(period string) time.Time {
	year, quarter, ok := strings.Cut(period, "Q")
	y, err1 := strconv.Atoi(year)
	n, err2 := strconv.Atoi(quarter)
	if !ok || err1 != nil || err2 != nil {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(y, time.Month(3*n+1), 0, 0, 0, 0, 0, time.UTC)
}
