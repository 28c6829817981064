package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/compare"
	"hengjian/warehouse"
)

func (s *Server) comparisonRoutes(r gin.IRouter) {
	read(s, r, "/comparisons/:indicator", "getComparison", s.getComparison)
}

// comparisonQuery names one peer group in one period.
type comparisonQuery struct {
	Indicator  string `uri:"indicator" form:"-" binding:"required,max=20"`
	PeriodKind string `form:"period_kind" binding:"omitempty,oneof=month quarter half year ytd"`
	Period     string `form:"period" binding:"max=20"`
	PeerGroup  string `form:"peer_group" binding:"max=80"`
}

// comparisonPoint is one organ within its group.
type comparisonPoint struct {
	Organ    organRef `json:"organ"`
	Num      string   `json:"num"`
	Den      string   `json:"den"`
	Value    *float64 `json:"value"`
	Centre   float64  `json:"centre"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
	Z        *float64 `json:"z"`
	Position string   `json:"position"`
	Note     string   `json:"note"`
}

// comparison is a funnel.
type comparison struct {
	Indicator  indicatorRef      `json:"indicator"`
	PeriodKind string            `json:"period_kind"`
	Period     string            `json:"period"`
	Coverage   string            `json:"coverage"`
	PeerGroup  string            `json:"peer_group"`
	PeerGroups []string          `json:"peer_groups"`
	Periods    []string          `json:"periods"`
	Points     []comparisonPoint `json:"points"`
}

// getComparison answers a funnel; NotFound for an indicator that is unknown or
// not compared, nothing_computed before the first run.
func (s *Server) getComparison(ctx context.Context, who caller, q comparisonQuery) (answer[comparison], error) {
	var a answer[comparison]
	definition, err := s.values.Definition(q.Indicator)
	if err != nil {
		return a, err
	}
	if a.run, err = s.newest(ctx, "compare"); err != nil {
		return a, err
	}
	c := comparison{Indicator: indicatorRefOf(definition), PeriodKind: orText(q.PeriodKind, "quarter"), PeerGroups: []string{}, Periods: []string{}, Points: []comparisonPoint{}}
	if c.Periods, err = s.distinct(ctx, "period", "ORDER BY period DESC", a.run.id, q.Indicator, c.PeriodKind, ""); err != nil {
		return a, err
	}
	c.Period = q.Period
	if c.Period == "" && len(c.Periods) > 0 {
		c.Period = c.Periods[0]
	}
	if c.PeerGroups, err = s.distinct(ctx, "peer_group", "ORDER BY peer_group DESC", a.run.id, q.Indicator, c.PeriodKind, c.Period); err != nil {
		return a, err
	}
	c.PeerGroup = q.PeerGroup
	if c.PeerGroup == "" && len(c.PeerGroups) > 0 {
		c.PeerGroup = c.PeerGroups[0]
	}
	found, err := s.groups.Compare(ctx, who.Scope, compare.Query{Run: a.run.id, Indicator: q.Indicator, PeriodKind: c.PeriodKind, Period: c.Period, PeerGroup: c.PeerGroup})
	if err != nil {
		return a, err
	}
	c.Coverage = "own"
	for _, st := range found.Standings {
		c.Coverage = st.Coverage
		c.Points = append(c.Points, point(who, st))
	}
	a.data = c
	return a, nil
}

// point shows a standing.
func point(who caller, st compare.Standing) comparisonPoint {
	p := comparisonPoint{
		Organ: who.state.ref(st.Organ), Num: strconv.FormatUint(st.Num, 10), Den: strconv.FormatUint(st.Den, 10), Centre: st.Centre,
		Lower: st.Lower, Upper: st.Upper, Z: st.Z, Position: orText(st.Position, "too_small"), Note: st.Note,
	}
	if st.Den > 0 {
		value := float64(st.Num) / float64(st.Den)
		p.Value = &value
	}
	return p
}

// distinct lists the values of a column of a run's comparison; period "" is any.
func (s *Server) distinct(ctx context.Context, column, order, run, indicator, kind, period string) ([]string, error) {
	rows, err := s.deps.Service.Query(ctx, fmt.Sprintf(`SELECT DISTINCT toString(%s) AS %s FROM comparison
WHERE run_id = {run:String} AND indicator = {indicator:String} AND period_kind = {kind:String} AND ({of:String} = '' OR comparison.period = {of:String}) %s`, column, column, order),
		warehouse.Param("run", run), warehouse.Param("indicator", indicator), warehouse.Param("kind", kind), warehouse.Param("of", period))
	if err != nil {
		return nil, fmt.Errorf("list %s of the comparison: %w", column, err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("list %s of the comparison: %w", column, err)
		}
		out = append(out, one)
	}
	return out, rows.Err()
}
