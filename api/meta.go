package api

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// state is what changes slowly: the register, everybody's scope, the birth of
// the warehouse. It is read anew every Config.Refresh and never changed.
type state struct {
	register *access.Register
	people   map[string]person
	kind     string // simulated or real; "" when the warehouse is not born
}

// person is an account with its scope and what is said of it.
type person struct {
	account access.Account
	scope   access.Scope
	home    *access.Organ // topmost procuratorate of the scope
	summary Text
}

// Refresh reads the register and the accounts anew and brings the scope tables
// up to date. Run does it by itself.
func (s *Server) Refresh(ctx context.Context) error {
	register, err := access.LoadRegister(ctx, s.deps.Service)
	if err != nil {
		return fmt.Errorf("load the organ register: %w", err)
	}
	next := &state{register: register, people: map[string]person{}}
	if next.kind, err = s.birth(ctx); err != nil {
		return err
	}
	for _, account := range s.deps.People(register) {
		p := person{account: account, scope: register.ScopeOf(account)}
		p.home, p.summary = summarise(register, p.scope)
		if was, known := s.state.Load().people[account.Name]; known && was.scope.Digest() == p.scope.Digest() && was.account.Slot == account.Slot {
			next.people[account.Name] = p // this process has written it
			continue
		}
		if err := access.ReplaceScope(ctx, s.deps.Owner, account.Slot, p.scope.Organs(), p.scope.Compartments()); err != nil {
			return fmt.Errorf("write the scope of %s: %w", account.Slot, err)
		}
		next.people[account.Name] = p
	}
	s.state.Store(next)
	return nil
}

// birth reads what the warehouse was born as.
func (s *Server) birth(ctx context.Context) (string, error) {
	var kind string
	err := s.deps.Service.QueryRow(ctx, "SELECT toString(kind) FROM warehouse_birth ORDER BY born LIMIT 1").Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the birth of the warehouse: %w", err)
	}
	return kind, nil
}

// summarise names the topmost organ of a scope and how much hangs below it.
func summarise(r *access.Register, scope access.Scope) (*access.Organ, Text) {
	organs := scope.Organs()
	if len(organs) == 0 {
		return nil, Text{"无", "nothing"}
	}
	inside := map[string]bool{}
	for _, id := range organs {
		inside[id] = true
	}
	var home *access.Organ
	var tops []string
	for _, id := range organs {
		o, _ := r.ByID(id)
		if o.System == "procuratorate" && home == nil {
			home = &o
		}
		if !inside[o.LedBy] && !inside[o.SupervisedBy] {
			tops = append(tops, o.Name)
		}
	}
	names := strings.Join(tops[:min(3, len(tops))], "、")
	if len(tops) > 3 {
		names += "等"
	}
	return home, Text{
		ZH: fmt.Sprintf("%s及其所辖，共 %d 个机关", names, len(organs)),
		EN: fmt.Sprintf("%s and what they lead or supervise, %d organs", names, len(organs)),
	}
}

// runRef names the committed run that an answer was read from.
type runRef struct {
	id    string
	asOf  time.Time
	known *time.Time
}

// newest returns the newest committed run of a family; the failure
// nothing_computed when there is none.
func (s *Server) newest(ctx context.Context, family string) (*runRef, error) {
	ref := &runRef{}
	err := s.deps.Service.QueryRow(ctx, `SELECT c.run_id, c.as_of, r.started
FROM (SELECT run_id, as_of FROM run_commit WHERE family = {family:String} ORDER BY committed DESC LIMIT 1) AS c
LEFT JOIN (SELECT run_id, max(started) AS started FROM run GROUP BY run_id) AS r ON r.run_id = c.run_id`,
		warehouse.Param("family", family)).Scan(&ref.id, &ref.asOf, &ref.known)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &failure{code: "nothing_computed"}
	}
	if err != nil {
		return nil, fmt.Errorf("find the newest run of %s: %w", family, err)
	}
	return ref, nil
}

// runNamed returns a run that a cursor pinned.
func (s *Server) runNamed(ctx context.Context, family, id string) (*runRef, error) {
	ref := &runRef{id: id}
	err := s.deps.Service.QueryRow(ctx, `SELECT max(c.as_of), max(r.started) FROM run_commit AS c LEFT JOIN run AS r ON r.run_id = c.run_id
WHERE c.family = {family:String} AND c.run_id = {run:String} HAVING count() > 0`,
		warehouse.Param("family", family), warehouse.Param("run", id)).Scan(&ref.asOf, &ref.known)
	if err != nil {
		return nil, &failure{code: "bad_cursor", err: err}
	}
	return ref, nil
}

// meta is the second half of every answer.
type meta struct {
	AsOf        *string      `json:"as_of"`
	KnownAt     *string      `json:"known_at"`
	RunID       *string      `json:"run_id"`
	Definitions string       `json:"definitions"`
	Warehouse   string       `json:"warehouse"`
	Scope       scopeSummary `json:"scope"`
	Next        *string      `json:"next"`
}

type scopeSummary struct {
	Account      string   `json:"account"`
	Role         string   `json:"role"`
	Organs       int      `json:"organs"`
	Summary      Text     `json:"summary"`
	Compartments []string `json:"compartments"`
}

// meta says of an answer when, what, by which definitions and for whom.
func (s *Server) meta(who caller, run *runRef) meta {
	m := meta{
		Definitions: s.definitions, Warehouse: who.state.kind,
		Scope: scopeSummary{
			Account: who.account.Name, Role: who.account.Role, Organs: len(who.Organs()),
			Summary: who.state.people[who.account.Name].summary, Compartments: slices.Concat([]string{}, who.Compartments()),
		},
	}
	if m.Warehouse == "" {
		m.Warehouse = "simulated"
	}
	if run != nil {
		m.AsOf, m.RunID = day(&run.asOf), &run.id
		if run.known != nil {
			known := instant(*run.known)
			m.KnownAt = &known
		}
	}
	return m
}

// organRef is an organ as answers name it.
type organRef struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	System string `json:"system"`
	Level  string `json:"level"`
	Region string `json:"region"`
	Order  uint64 `json:"order"`
}

// ref names an organ; one that the register does not know keeps its id as name.
func (st *state) ref(id string) organRef {
	o, ok := st.register.ByID(id)
	if !ok {
		return organRef{ID: id, Name: id, System: "administrative", Level: "county"}
	}
	return organRef{ID: o.ID, Name: o.Name, System: o.System, Level: o.Level, Region: o.Region, Order: o.Order}
}

// refOrNil is ref, nil for an empty id.
func (st *state) refOrNil(id string) *organRef {
	if id == "" {
		return nil
	}
	o := st.ref(id)
	return &o
}

// within is the scope predicate over the scope tables, for tables with organ_id;
// sealed adds the compartment. Its parameter is bound by scopeParam.
func (s *Server) within(sealed bool) string {
	_, scopes := warehouse.Names(s.deps.Service.Database())
	predicate := fmt.Sprintf("organ_id IN (SELECT organ_id FROM %s.scope WHERE account = {scope_account:String})", scopes)
	if sealed {
		predicate += fmt.Sprintf(" AND compartment IN (SELECT compartment FROM %s.compartment WHERE account = {scope_account:String})", scopes)
	}
	return predicate
}

// scopeParam binds the account of within.
func (who caller) scopeParam() any { return warehouse.Param("scope_account", who.account.Slot) }
