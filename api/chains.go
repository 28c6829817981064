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

func (s *Server) chainRoutes(r gin.IRouter) {
	read(s, r, "/chains/:id", "getChain", s.getChain)
}

// chain is a case chain as a timeline.
type chain struct {
	ID         string          `json:"id"`
	Dockets    []chainDocket   `json:"dockets"`
	Persons    []string        `json:"persons"`
	Identities []chainIdentity `json:"identities"`
	Events     []chainEvent    `json:"events"`
	Verdicts   []chainVerdict  `json:"verdicts"`
}

type chainDocket struct {
	Docket    docketRef `json:"docket"`
	Organ     organRef  `json:"organ"`
	LinkState string    `json:"link_state"`
	LinkedBy  string    `json:"linked_by"`
}

type chainEvent struct {
	At         string      `json:"at"`
	Precision  string      `json:"precision"`
	Event      string      `json:"event"`
	Name       Text        `json:"name"`
	Ordinal    uint8       `json:"ordinal"`
	Organ      organRef    `json:"organ"`
	Docket     string      `json:"docket"`
	Person     *string     `json:"person"`
	Attributes []attribute `json:"attributes"`
	RecordType string      `json:"record_type"`
}

type attribute struct {
	Name  string `json:"name"`
	Title Text   `json:"title"`
	Value string `json:"value"`
	Text  Text   `json:"text"`
}

type chainVerdict struct {
	Finding finding `json:"finding"`
	Person  *string `json:"person"`
	Steps   []step  `json:"steps"`
}

// getChain answers the events of all organs that the scope allows; NotFound when
// none is. A docket stands in the answer only by an event or verdict that may be seen.
func (s *Server) getChain(ctx context.Context, who caller, q idQuery) (answer[chain], error) {
	var a answer[chain]
	var err error
	if a.run, err = s.newest(ctx, "link"); err != nil {
		return a, err
	}
	a.data = chain{ID: q.ID, Persons: []string{}, Verdicts: []chainVerdict{}}
	if a.data.Events, err = s.chainEvents(ctx, who, a.run.id, q.ID); err != nil {
		return a, err
	}
	if clock, missing := s.newest(ctx, "clock"); missing == nil {
		found, err := s.findings(ctx, who, clock.id, "chain = {chain:String} ORDER BY period_on, rule, finding_id", warehouse.Param("chain", q.ID))
		if err != nil {
			return a, err
		}
		if err := s.retell(ctx, clock.id, found); err != nil {
			return a, err
		}
		for _, f := range found {
			steps, err := stepsOf(f)
			if err != nil {
				return a, err
			}
			a.data.Verdicts = append(a.data.Verdicts, chainVerdict{Finding: f, Person: personOf(f.chainPerson), Steps: steps})
		}
	}
	if len(a.data.Events) == 0 && len(a.data.Verdicts) == 0 {
		return a, &failure{code: "not_found"}
	}
	if a.data.Dockets, err = s.chainDockets(ctx, who, a.run.id, a.data); err != nil {
		return a, err
	}
	if a.data.Identities, err = s.chainIdentities(ctx, who, a.run.id, q.ID); err != nil {
		return a, err
	}
	for _, e := range a.data.Events {
		if e.Person != nil && !slices.Contains(a.data.Persons, *e.Person) {
			a.data.Persons = append(a.data.Persons, *e.Person)
		}
	}
	slices.Sort(a.data.Persons)
	return a, nil
}

// personOf is the number of a person within a chain.
func personOf(chainPerson string) *string {
	_, number, found := strings.Cut(chainPerson, "/")
	if !found {
		return nil
	}
	return &number
}

// chainEvents reads the events of a chain in scope, by time.
func (s *Server) chainEvents(ctx context.Context, who caller, run, id string) ([]chainEvent, error) {
	rows, err := s.deps.Service.Query(ctx, `SELECT at, toString(precision), event, ordinal, organ_id, docket, chain_person, attributes, record_type
FROM case_event_of(run = {run:String}) WHERE chain = {chain:String} AND `+s.within(true)+` ORDER BY at, tie, record_key, event`,
		warehouse.Param("run", run), warehouse.Param("chain", id), who.scopeParam())
	if err != nil {
		return nil, fmt.Errorf("read the events of a chain: %w", err)
	}
	defer rows.Close()
	out := []chainEvent{}
	for rows.Next() {
		var e chainEvent
		var at time.Time
		var organID, person string
		var attributes map[string]string
		if err := rows.Scan(&at, &e.Precision, &e.Event, &e.Ordinal, &organID, &e.Docket, &person, &attributes, &e.RecordType); err != nil {
			return nil, fmt.Errorf("read the events of a chain: %w", err)
		}
		e.At, e.Name, e.Organ, e.Person = instant(at), s.eventName(e.RecordType, e.Event), who.state.ref(organID), personOf(person)
		e.Attributes = s.attributes(who, e.RecordType, attributes)
		out = append(out, e)
	}
	return out, rows.Err()
}

// attributes names the attributes of an event by the contract, in its order.
func (s *Server) attributes(who caller, recordType string, values map[string]string) []attribute {
	out := []attribute{}
	t, ok := s.deps.Contracts.Type(recordType)
	if !ok {
		return out
	}
	for _, c := range t.Columns() {
		value, present := values[c.Name]
		f := t.Fields[c.Field]
		if !present || value == "" || (f.Personal != "" && f.Personal != "place") {
			continue
		}
		shown := s.valueText(recordType, f.Name, value)
		if c.Part == "id" {
			name := who.state.ref(value).Name
			shown = Text{name, name}
		}
		out = append(out, attribute{Name: c.Name, Title: Text{f.ZH, f.EN}, Value: value, Text: shown})
	}
	return out
}

// chainDockets reads the dockets that an event or verdict shows, organs in
// administrative order.
func (s *Server) chainDockets(ctx context.Context, who caller, run string, c chain) ([]chainDocket, error) {
	shown := map[string]bool{}
	for _, e := range c.Events {
		shown[e.Docket] = true
	}
	for _, v := range c.Verdicts {
		shown[v.Finding.Docket.Key] = true
	}
	rows, err := s.deps.Service.Query(ctx, `SELECT docket, organ_id, toString(link_state), linked_by FROM link_docket
WHERE run_id = {run:String} AND chain = {chain:String} AND `+s.within(false)+` ORDER BY docket`,
		warehouse.Param("run", run), warehouse.Param("chain", c.ID), who.scopeParam())
	if err != nil {
		return nil, fmt.Errorf("read the dockets of a chain: %w", err)
	}
	defer rows.Close()
	out := []chainDocket{}
	for rows.Next() {
		var d chainDocket
		var key, organID string
		if err := rows.Scan(&key, &organID, &d.LinkState, &d.LinkedBy); err != nil {
			return nil, fmt.Errorf("read the dockets of a chain: %w", err)
		}
		if shown[key] {
			d.Docket, d.Organ = docketOf(key), who.state.ref(organID)
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b chainDocket) int { return int(a.Organ.Order) - int(b.Organ.Order) })
	return out, rows.Err()
}
