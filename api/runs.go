package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hengjian/warehouse"
)

func (s *Server) runRoutes(r gin.IRouter) {
	read(s, r, "/runs", "listRuns", s.listRuns)
}

// runQuery bounds the list.
type runQuery struct {
	Limit int `form:"limit" binding:"omitempty,min=1,max=1000"`
}

// runView is one run with its steps.
type runView struct {
	RunID       string    `json:"run_id"`
	Generation  uint32    `json:"generation"`
	AsOf        string    `json:"as_of"`
	Definitions string    `json:"definitions"`
	Code        string    `json:"code"`
	Started     string    `json:"started"`
	Reason      string    `json:"reason"`
	Streams     uint64    `json:"streams"`
	Steps       []runStep `json:"steps"`
}

type runStep struct {
	Family    string      `json:"family"`
	State     string      `json:"state"`
	Units     uint64      `json:"units"`
	Rows      uint64      `json:"rows"`
	Notes     []string    `json:"notes"`
	Figures   []runFigure `json:"figures"`
	Message   string      `json:"message"`
	At        string      `json:"at"`
	Committed bool        `json:"committed"`
}

type runFigure struct {
	Name  string `json:"name"`
	Value uint64 `json:"value"`
}

// listRuns answers the ledger, newest first; it names no case.
func (s *Server) listRuns(ctx context.Context, _ caller, q runQuery) (answer[[]runView], error) {
	a := answer[[]runView]{data: []runView{}}
	rows, err := s.deps.Service.Query(ctx, `SELECT r.run_id, r.generation, r.as_of, r.definitions, r.code, r.started, r.reason, ifNull(i.streams, 0)
FROM run AS r LEFT JOIN (SELECT run_id, count() AS streams FROM run_input GROUP BY run_id) AS i ON i.run_id = r.run_id
ORDER BY r.started DESC, r.run_id DESC LIMIT {limit:UInt32}`, warehouse.Param("limit", fmt.Sprint(orNumber(q.Limit, 100))))
	if err != nil {
		return a, fmt.Errorf("read the runs: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		r := runView{Steps: []runStep{}}
		var asOf, started time.Time
		if err := rows.Scan(&r.RunID, &r.Generation, &asOf, &r.Definitions, &r.Code, &started, &r.Reason, &r.Streams); err != nil {
			return a, fmt.Errorf("read the runs: %w", err)
		}
		r.AsOf, r.Started = *day(&asOf), instant(started)
		a.data = append(a.data, r)
		ids = append(ids, r.RunID)
	}
	if err := rows.Err(); err != nil {
		return a, fmt.Errorf("read the runs: %w", err)
	}
	steps, err := s.runSteps(ctx, ids)
	if err != nil {
		return a, err
	}
	for i := range a.data {
		a.data[i].Steps = append(a.data[i].Steps, steps[a.data[i].RunID]...)
	}
	return a, nil
}

// runSteps reads the newest state of each family of the runs, in order of time.
func (s *Server) runSteps(ctx context.Context, ids []string) (map[string][]runStep, error) {
	rows, err := s.deps.Service.Query(ctx, `SELECT s.run_id, toString(s.family), toString(s.state), s.units, s.rows, s.notes, s.figures, s.message, s.at, c.family IS NOT NULL AND c.family != ''
FROM (SELECT * FROM run_step WHERE run_id IN {ids:Array(String)} ORDER BY at DESC, state DESC LIMIT 1 BY run_id, family) AS s
LEFT JOIN (SELECT DISTINCT run_id, family FROM run_commit) AS c ON c.run_id = s.run_id AND c.family = s.family ORDER BY s.at, s.family`, warehouse.Param("ids", warehouse.Array(ids)))
	if err != nil {
		return nil, fmt.Errorf("read the steps of the runs: %w", err)
	}
	defer rows.Close()
	out := map[string][]runStep{}
	for rows.Next() {
		var run string
		var at time.Time
		var figures map[string]uint64
		var committed *uint8
		st := runStep{Figures: []runFigure{}}
		if err := rows.Scan(&run, &st.Family, &st.State, &st.Units, &st.Rows, &st.Notes, &figures, &st.Message, &at, &committed); err != nil {
			return nil, fmt.Errorf("read the steps of the runs: %w", err)
		}
		st.At, st.Committed, st.Notes = instant(at), committed != nil && *committed == 1, append([]string{}, st.Notes...)
		for name, value := range figures {
			st.Figures = append(st.Figures, runFigure{name, value})
		}
		slices.SortFunc(st.Figures, func(a, b runFigure) int { return strings.Compare(a.Name, b.Name) })
		out[run] = append(out[run], st)
	}
	return out, rows.Err()
}
