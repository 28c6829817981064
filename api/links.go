package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/explain"
	"hengjian/jobs/link/level"
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
	plan, model, err := s.linkModel(ctx, run)
	if err != nil {
		return err
	}
	edges, names, err := s.linkEdges(ctx, run, out)
	if err != nil {
		return err
	}
	seen, err := s.entriesSeen(ctx, who, names)
	if err != nil {
		return err
	}
	said := explain.Records(plan, model, out.A.Entry, out.B.Entry, out.Same, nil, edges)
	out.Version, out.Hash = said.Version, said.Hash
	for _, p := range said.Path {
		out.Path = append(out.Path, pairView(p, seen))
	}
	for _, p := range said.Refused {
		out.Refused = append(out.Refused, pairView(p, seen))
	}
	return nil
}

// linkModel reads the weights of a run, and the plan that they were learned for.
func (s *Server) linkModel(ctx context.Context, run string) (*level.Plan, score.Parameters, error) {
	var text string
	if err := s.deps.Service.QueryRow(ctx, "SELECT parameters FROM link_model WHERE run_id = {run:String} LIMIT 1", warehouse.Param("run", run)).Scan(&text); err != nil {
		return nil, score.Parameters{}, fmt.Errorf("read the weights of the run: %w", err)
	}
	var of struct {
		Levels string `json:"levels_hash"`
	}
	if err := json.Unmarshal([]byte(text), &of); err != nil {
		return nil, score.Parameters{}, fmt.Errorf("read the weights of the run: %w", err)
	}
	plan, err := level.OfHash(of.Levels)
	if err != nil {
		return nil, score.Parameters{}, err
	}
	model, err := score.Thaw([]byte(text), plan)
	return plan, model, err
}

// linkEdges reads what joined the person of the first entry, and what was refused
// between the two persons.
func (s *Server) linkEdges(ctx context.Context, run string, out *linkAnswer) ([]explain.Edge, []string, error) {
	const members = "(SELECT person_entry FROM link_identity WHERE run_id = {run:String} AND person_id = {%s:String})"
	a, b := fmt.Sprintf(members, "a"), fmt.Sprintf(members, "b")
	rows, err := s.deps.Service.Query(ctx, "SELECT entry_a, entry_b, weight, pattern, joined, reason FROM link_edge WHERE run_id = {run:String} AND (joined = 1 AND entry_a IN "+a+
		" OR joined = 0 AND (entry_a IN "+a+" AND entry_b IN "+b+" OR entry_a IN "+b+" AND entry_b IN "+a+")) ORDER BY weight DESC, entry_a, entry_b LIMIT 2000",
		warehouse.Param("run", run), warehouse.Param("a", out.A.Person), warehouse.Param("b", out.B.Person))
	if err != nil {
		return nil, nil, fmt.Errorf("read the edges of a person: %w", err)
	}
	defer rows.Close()
	var edges []explain.Edge
	var names []string
	for rows.Next() {
		var e explain.Edge
		var weight float32
		var pattern uint32
		var joined uint8
		var reason string
		if err := rows.Scan(&e.A, &e.B, &weight, &pattern, &joined, &reason); err != nil {
			return nil, nil, fmt.Errorf("read the edges of a person: %w", err)
		}
		e.Weight, e.Pattern, e.Joined, e.Reason = float64(weight), level.Pattern(pattern), joined == 1, cluster.ReasonOf(reason)
		edges, names = append(edges, e), append(names, e.A, e.B)
	}
	return edges, names, rows.Err()
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
