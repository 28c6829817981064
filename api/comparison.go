package api

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/compare"
	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
)

func (s *Server) comparisonRoutes(r gin.IRouter) {
	read(s, r, "/comparisons/:indicator", "getComparison", s.getComparison)
	read(s, r, "/courses/:indicator", "getCourse", s.getCourse)
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
	Method   string   `json:"method"`
	Chance   *limits  `json:"chance"`
	Wide     *limits  `json:"wide"`
	Q        *float64 `json:"q"`
	Notable  bool     `json:"notable"`
	Reason   *Text    `json:"reason"`
	Mix      *caseMix `json:"mix"`
}

// caseMix is what an organ's mix of charges makes of its rate.
type caseMix struct {
	Expected float64  `json:"expected"`
	Indirect float64  `json:"indirect"`
	Direct   *float64 `json:"direct"`
	Z        float64  `json:"z"`
}

// limits are both pairs of control limits.
type limits struct {
	Lower95  float64 `json:"lower95"`
	Upper95  float64 `json:"upper95"`
	Lower998 float64 `json:"lower998"`
	Upper998 float64 `json:"upper998"`
}

func limitsOf(l *funnel.Limits) *limits {
	if l == nil {
		return nil
	}
	return &limits{l.Lower95, l.Upper95, l.Lower998, l.Upper998}
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
	query := compare.Query{Run: a.run.id, Indicator: q.Indicator, PeriodKind: c.PeriodKind, Period: c.Period, PeerGroup: c.PeerGroup}
	found, err := s.groups.Compare(ctx, who.Scope, query)
	if err != nil {
		return a, err
	}
	parts, err := s.groups.Parts(ctx, who.Scope, query)
	if err != nil {
		return a, err
	}
	c.Coverage = "own"
	for _, st := range found.Standings {
		c.Coverage = st.Coverage
		p := point(who, st)
		if st.Notable {
			reason := compare.Reason(st, definition.Unit, parts[st.Organ], who.partName)
			p.Reason = &Text{ZH: reason.ZH, EN: reason.EN}
		}
		c.Points = append(c.Points, p)
	}
	a.data = c
	return a, nil
}

// point shows a standing.
func point(who caller, st compare.Standing) comparisonPoint {
	p := comparisonPoint{
		Organ: who.state.ref(st.Organ), Num: strconv.FormatUint(st.Num, 10), Den: strconv.FormatUint(st.Den, 10), Centre: st.Centre,
		Z: st.Z, Position: orText(st.Position, "too_small"), Note: st.Note,
		Method: orText(st.Method, "proportion"), Chance: limitsOf(st.Limits), Wide: limitsOf(st.Wide), Q: st.Q, Notable: st.Notable,
	}
	if by := cmp.Or(st.Wide, st.Limits); by != nil {
		p.Lower, p.Upper = &by.Lower95, &by.Upper95
	}
	if st.Mix != nil {
		p.Mix = &caseMix{st.Mix.Expected, st.Mix.Indirect, st.Mix.Direct, st.Mix.Z}
	}
	if st.Den > 0 {
		value := float64(st.Num) / float64(st.Den)
		p.Value = &value
	}
	return p
}

// partName names an office or a charge group.
func (who caller) partName(p compare.Part, _ string) string {
	if p.Kind == "office" {
		return who.state.ref(p.Name).Name
	}
	return p.Name
}

// courseQuery names one organ's course of one indicator.
type courseQuery struct {
	Indicator string `uri:"indicator" form:"-" binding:"required,max=20"`
	Organ     string `form:"organ" binding:"max=64"` // required; asked for in the handler, since the path is bound first
}

// course is a control chart of one organ's own months.
type course struct {
	Indicator indicatorRef   `json:"indicator"`
	Organ     organRef       `json:"organ"`
	Coverage  string         `json:"coverage"`
	Seasonal  bool           `json:"seasonal"`
	Centre    float64        `json:"centre"`
	Lower     float64        `json:"lower"`
	Upper     float64        `json:"upper"`
	Points    []coursePoint  `json:"points"`
	Signals   []courseSignal `json:"signals"`
}

type coursePoint struct {
	Period   string  `json:"period"`
	Adjusted float64 `json:"adjusted"`
}

type courseSignal struct {
	Kind   string `json:"kind"`
	Period string `json:"period"`
	Since  string `json:"since"`
	Up     bool   `json:"up"`
	Text   Text   `json:"text"`
}

// getCourse answers a control chart; NotFound out of scope, for an unknown
// indicator, and where fewer than twelve months have enough cases.
func (s *Server) getCourse(ctx context.Context, who caller, q courseQuery) (answer[course], error) {
	var a answer[course]
	if q.Organ == "" {
		return a, &failure{code: "invalid"}
	}
	definition, err := s.values.Definition(q.Indicator)
	if err != nil {
		return a, err
	}
	if a.run, err = s.newest(ctx, "compare"); err != nil {
		return a, err
	}
	found, err := s.groups.Course(ctx, who.Scope, a.run.id, q.Indicator, q.Organ)
	if err != nil {
		return a, err
	}
	a.data = course{
		Indicator: indicatorRefOf(definition), Organ: who.state.ref(q.Organ), Coverage: found.Coverage, Seasonal: found.Seasonal,
		Centre: found.Centre, Lower: found.Lower, Upper: found.Upper, Points: []coursePoint{}, Signals: []courseSignal{},
	}
	for i, period := range found.Periods {
		a.data.Points = append(a.data.Points, coursePoint{period, found.Adjusted[i]})
	}
	for _, sig := range found.Signals {
		say := compare.Sentence(sig, definition.Unit)
		a.data.Signals = append(a.data.Signals, courseSignal{sig.Kind, sig.Period, sig.Since, sig.Up, Text{ZH: say.ZH, EN: say.EN}})
	}
	return a, nil
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
