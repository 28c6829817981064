package api

import (
	"context"
	"fmt"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/link/explain"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

func (s *Server) linkRoutes(r gin.IRouter) {
	read(s, r, "/links/explain", "explainLink", s.explainLink)
	s.linkDecisionRoutes(r)
	s.brokenRoutes(r)
}

// linkQuery names two person entries.
type linkQuery struct {
	A string `form:"a" binding:"required,max=300"`
	B string `form:"b" binding:"required,max=300"`
}

// linkAnswer is why two person entries are one person, or two.
type linkAnswer struct {
	A       linkedEntry `json:"a"`
	B       linkedEntry `json:"b"`
	Same    bool        `json:"same"`
	Version string      `json:"version"`
	Hash    string      `json:"hash"`
	Path    []linkPair  `json:"path"`
	Refused []linkPair  `json:"refused"`

	Decisions []linkDecision `json:"decisions"`
}

type linkedEntry struct {
	Entry   string   `json:"entry"`
	Person  string   `json:"person"`
	Band    string   `json:"band"`
	Weakest *float32 `json:"weakest"`
	Suspect bool     `json:"suspect"`
	Check   bool     `json:"check"` // the identity is to be checked before use
}

type linkPair struct {
	A           string      `json:"a"`
	B           string      `json:"b"`
	Prior       float64     `json:"prior"`
	Fields      []linkField `json:"fields"`
	Frequency   float64     `json:"frequency"`
	Weight      float64     `json:"weight"`
	Threshold   float64     `json:"threshold"`
	Band        string      `json:"band"`
	Probability *float64    `json:"probability"`
	Refused     *string     `json:"refused"`
}

type linkField struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Level  *string `json:"level"`
	Says   string  `json:"says"`
	M      float64 `json:"m"`
	U      float64 `json:"u"`
	Weight float64 `json:"weight"`
	Total  float64 `json:"total"`
}

// beyond stands for an entry that the scope does not show.
const beyond = "范围外"

// explainLink answers from stored patterns, without any value. Both entries must
// lie in the scope, else NotFound; others on the way are named only inside it.
func (s *Server) explainLink(ctx context.Context, who caller, q linkQuery) (answer[linkAnswer], error) {
	var a answer[linkAnswer]
	var err error
	if a.run, err = s.newest(ctx, "link"); err != nil {
		return a, err
	}
	a.data = linkAnswer{Path: []linkPair{}, Refused: []linkPair{}, Decisions: []linkDecision{}}
	found, err := s.linkedEntries(ctx, a.run.id, q)
	if err != nil {
		return a, err
	}
	seen, err := s.entriesSeen(ctx, who, []string{q.A, q.B})
	if err != nil {
		return a, err
	}
	if len(found) != 2 || !seen[q.A] || !seen[q.B] {
		return a, &failure{code: "not_found"}
	}
	a.data.A, a.data.B = found[q.A], found[q.B]
	a.data.Same = a.data.A.Person == a.data.B.Person
	decided, err := s.links.Between(ctx, q.A, q.B)
	if err != nil {
		return a, err
	}
	states, _, err := s.decisionStates(ctx, who, decided)
	if err != nil {
		return a, err
	}
	for i, d := range decided {
		a.data.Decisions = append(a.data.Decisions, decisionView(d, states[i]))
	}
	return a, s.explainPair(ctx, who, a.run.id, &a.data)
}

// linkedEntries reads the persons of two entries.
func (s *Server) linkedEntries(ctx context.Context, run string, q linkQuery) (map[string]linkedEntry, error) {
	rows, err := s.deps.Service.Query(ctx, "SELECT person_entry, person_id, toString(band), weakest, suspect FROM link_identity WHERE run_id = {run:String} AND person_entry IN ({a:String}, {b:String})",
		warehouse.Param("run", run), warehouse.Param("a", q.A), warehouse.Param("b", q.B))
	if err != nil {
		return nil, fmt.Errorf("read the persons of two entries: %w", err)
	}
	defer rows.Close()
	out := map[string]linkedEntry{}
	for rows.Next() {
		var e linkedEntry
		var suspect uint8
		if err := rows.Scan(&e.Entry, &e.Person, &e.Band, &e.Weakest, &suspect); err != nil {
			return nil, fmt.Errorf("read the persons of two entries: %w", err)
		}
		e.Suspect = suspect == 1
		e.Check = e.Suspect || e.Band == string(score.Doubtful)
		out[e.Entry] = e
	}
	return out, rows.Err()
}

// entriesSeen says which of some entries lie in the scope.
func (s *Server) entriesSeen(ctx context.Context, who caller, entries []string) (map[string]bool, error) {
	t, ok := s.deps.Contracts.Type("person_in_case")
	if !ok {
		return nil, fmt.Errorf("there is no contract person_in_case")
	}
	rows, err := s.deps.Service.Query(ctx, "SELECT DISTINCT "+t.PersonEntrySQL()+" AS entry FROM "+t.CurrentSQL()+" AS c WHERE entry IN {entries:Array(String)} AND "+s.within(true),
		warehouse.Param("entries", warehouse.Array(entries)), who.scopeParam())
	if err != nil {
		return nil, fmt.Errorf("read which entries may be seen: %w", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var entry string
		if err := rows.Scan(&entry); err != nil {
			return nil, fmt.Errorf("read which entries may be seen: %w", err)
		}
		out[entry] = true
	}
	return out, rows.Err()
}

// explainPair reads the edges around the two persons and explains them.
func (s *Server) explainPair(ctx context.Context, who caller, run string, out *linkAnswer) error {
	said, names, err := s.links.Explain(ctx, run, out.A.Entry, out.B.Entry, map[string]string{out.A.Entry: out.A.Person, out.B.Entry: out.B.Person})
	if err != nil {
		return err
	}
	seen, err := s.entriesSeen(ctx, who, names)
	if err != nil {
		return err
	}
	out.Version, out.Hash = said.Version, said.Hash
	for _, p := range said.Path {
		out.Path = append(out.Path, pairView(p, seen))
	}
	for _, p := range said.Refused {
		out.Refused = append(out.Refused, pairView(p, seen))
	}
	return nil
}

// pairView shows a pair; an entry outside the scope has no name.
func pairView(p explain.Pair, seen map[string]bool) linkPair {
	name := func(entry string) string {
		if seen[entry] {
			return entry
		}
		return beyond
	}
	out := linkPair{
		A: name(p.A), B: name(p.B), Prior: p.Prior, Frequency: p.Frequency, Weight: p.Weight, Threshold: p.Threshold,
		Band: string(p.Band), Probability: p.Probability, Fields: []linkField{},
	}
	if p.Refused != "" {
		out.Refused = &p.Refused
	}
	for _, f := range p.Fields {
		view := linkField{ID: f.ID, Title: f.Title, Says: f.Says, M: f.M, U: f.U, Weight: f.Weight, Total: f.Total}
		if f.Level != "" {
			view.Level = &f.Level
		}
		out.Fields = append(out.Fields, view)
	}
	return out
}
