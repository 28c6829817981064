package api

import (
	"context"
	"fmt"

	"hengjian/warehouse"
)

// chainIdentity is one person entry (涉案人) of a chain: in which docket the
// person with this number stands, and how firmly linkage holds it to the others.
type chainIdentity struct {
	Person  string    `json:"person"`
	Entry   string    `json:"entry"`
	Docket  docketRef `json:"docket"`
	Organ   organRef  `json:"organ"`
	Band    string    `json:"band"`
	Weakest *float32  `json:"weakest"`
	Check   bool      `json:"check"` // the identity is to be checked before use
}

// chainIdentities reads the person entries of a chain in scope, by person and in
// the order in which their events came.
func (s *Server) chainIdentities(ctx context.Context, who caller, run, id string) ([]chainIdentity, error) {
	rows, err := s.deps.Service.Query(ctx, `SELECT e.chain_person, e.person_entry, e.in_docket, e.acting, ifNull(toString(i.band), 'alone'), i.weakest, ifNull(i.suspect, 0) = 1 OR ifNull(toString(i.band), '') = 'doubtful'
FROM (SELECT chain_person, person_entry, any(docket) AS in_docket, any(organ_id) AS acting, min(at) AS first FROM case_event_of(run = {run:String})
  WHERE chain = {chain:String} AND person_entry != '' AND `+s.within(true)+` GROUP BY chain_person, person_entry) AS e
LEFT JOIN (SELECT person_entry, band, weakest, suspect FROM link_identity WHERE run_id = {run:String}) AS i ON i.person_entry = e.person_entry
ORDER BY e.chain_person, e.first, e.person_entry`, warehouse.Param("run", run), warehouse.Param("chain", id), who.scopeParam())
	if err != nil {
		return nil, fmt.Errorf("read the person entries of a chain: %w", err)
	}
	defer rows.Close()
	out := []chainIdentity{}
	for rows.Next() {
		var i chainIdentity
		var person, docket, organID string
		var check uint8
		if err := rows.Scan(&person, &i.Entry, &docket, &organID, &i.Band, &i.Weakest, &check); err != nil {
			return nil, fmt.Errorf("read the person entries of a chain: %w", err)
		}
		number := personOf(person)
		if number == nil {
			continue
		}
		i.Person, i.Docket, i.Organ, i.Check = *number, docketOf(docket), who.state.ref(organID), check == 1
		out = append(out, i)
	}
	return out, rows.Err()
}
