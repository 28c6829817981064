package api

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"
)

func (s *Server) patternRoutes(r gin.IRouter) {
	read(s, r, "/reporting-patterns", "listReportingPatterns", s.listReportingPatterns)
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
