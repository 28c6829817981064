package link

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hengjian/jobs/link/chain"
	"hengjian/warehouse"
)

// brokenLinks judges every hop that records announce and writes hops, sums and
// delay models. The events and persons of the run must be written.
func (j *Job) brokenLinks(ctx context.Context, r warehouse.Run, f map[string]uint64) error {
	steps, err := chain.StandardSteps()
	if err != nil {
		return err
	}
	dockets, names, organs, err := j.received(ctx, r)
	if err != nil {
		return err
	}
	place := make(map[string]int, len(names))
	for i, name := range names {
		place[name] = i
	}
	var all []chain.Announced
	for _, step := range steps.Hops {
		if all, err = j.announced(ctx, r, step, place, all); err != nil {
			return err
		}
	}
	followed := steps.Follow(all, dockets)
	expected := make([]chain.Expected, len(all))
	for i, a := range all {
		expected[i] = chain.Expected{Hop: a.Hop, Sender: organs[a.From], Start: a.Day, Terminal: a.Terminal, Proven: followed[i].Proven}
		if to := followed[i].To; to >= 0 {
			expected[i].Linked, expected[i].Delay = true, max(0, dockets[to].Day-a.Day)
		}
	}
	model := chain.DefaultModel(daysOf(r.AsOf))
	models := model.Learn(expected)
	judged := model.Judge(expected, models)
	for i := range judged {
		f["hops_"+string(judged[i].Status)]++
		if followed[i].How == chain.ByPerson {
			f["hops_by_person"]++
		}
	}
	if err := j.insert(ctx, "link_hop (run_id, generation, hop, docket, organ_id, announced_on, status, how, follower, delay, probability)", len(all), func(i int) []any {
		a, follower := all[i], ""
		var delay *int32
		if to := followed[i].To; to >= 0 {
			d := int32(expected[i].Delay)
			follower, delay = names[to], &d
		}
		return []any{r.ID, r.Generation, a.Hop, names[a.From], organs[a.From], dayOf(a.Day), string(judged[i].Status), string(followed[i].How), follower, delay, judged[i].Probability}
	}); err != nil {
		return err
	}
	return j.keepBroken(ctx, r, chain.Cells(expected, judged, monthOf), models)
}

func (j *Job) keepBroken(ctx context.Context, r warehouse.Run, cells []chain.Cell, models map[string]chain.Delays) error {
	if err := j.insert(ctx, "link_broken (run_id, generation, hop, organ_id, month, expected, linked, proven, probable, not_yet, none_due, undecided, rate, low, high)", len(cells), func(i int) []any {
		c := cells[i]
		var rate, low, high *float64
		if c.Expected > 0 {
			rate, low, high = &c.Rate, &c.Low, &c.High
		}
		return []any{
			r.ID, r.Generation, c.Hop, c.Sender, uint32(c.Month), uint32(c.Expected), uint32(c.Linked), uint32(c.Proven), c.Probable,
			uint32(c.NotYet), uint32(c.NoneDue), uint32(c.Undecided), rate, low, high,
		}
	}); err != nil {
		return err
	}
	var hops []string
	for hop := range models {
		hops = append(hops, hop)
	}
	slices.Sort(hops)
	return j.insert(ctx, "link_delay (run_id, generation, hop, horizon, hops, missing, median, p99)", len(hops), func(i int) []any {
		m := models[hops[i]]
		return []any{r.ID, r.Generation, hops[i], uint32(m.Horizon), uint32(m.N), m.Pi, uint32(m.Within(0.5)), uint32(m.Within(0.99))}
	})
}

// received reads the dockets of the run with first day and persons, their names
// and organs.
func (j *Job) received(ctx context.Context, r warehouse.Run) ([]chain.Received, []string, []string, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT d.docket, d.organ_id, toString(d.docket_kind), d.chain, d.link_state = 'unlinked', ifNull(e.day, 0), i.persons
FROM (SELECT * FROM link_docket WHERE generation = {generation:UInt32} AND run_id = {run:String}) AS d
LEFT JOIN (SELECT docket, toNullable(min(toInt32(toDate32(at)))) AS day FROM case_event_of(run = {run:String}) GROUP BY docket) AS e ON e.docket = d.docket
LEFT JOIN (SELECT docket, groupUniqArray(person_id) AS persons FROM link_identity WHERE generation = {generation:UInt32} AND run_id = {run:String} GROUP BY docket) AS i ON i.docket = d.docket
ORDER BY d.docket SETTINGS join_use_nulls = 0`, params(r)...)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the dockets of the hops: %w", err)
	}
	defer rows.Close()
	var dockets []chain.Received
	var names, organs []string
	for rows.Next() {
		var d chain.Received
		var name, organ string
		var unlinked uint8
		var first int32
		if err := rows.Scan(&name, &organ, &d.Kind, &d.Chain, &unlinked, &first, &d.Persons); err != nil {
			return nil, nil, nil, fmt.Errorf("read the dockets of the hops: %w", err)
		}
		d.Unlinked, d.Day = unlinked == 1, int(first)
		dockets, names, organs = append(dockets, d), append(names, name), append(organs, organ)
	}
	return dockets, names, organs, rows.Err()
}

// announced reads where a docket announces a hop: one per docket, due when any of
// its events of that kind fits, from the first that does.
func (j *Job) announced(ctx context.Context, r warehouse.Run, step chain.Step, place map[string]int, to []chain.Announced) ([]chain.Announced, error) {
	fits, args := "1", append(params(r), warehouse.Param("event", step.Event))
	for attribute, values := range step.When {
		fits += " AND attributes[{name_" + attribute + ":String}] IN {values_" + attribute + ":Array(String)}"
		args = append(args, warehouse.Param("name_"+attribute, attribute), warehouse.Param("values_"+attribute, warehouse.Array(values)))
	}
	rows, err := j.deps.DB.Query(ctx, `SELECT docket, max(`+fits+`) AS due, if(due = 1, minIf(toInt32(toDate32(at)), `+fits+`), min(toInt32(toDate32(at)))) AS day FROM case_event_of(run = {run:String})
WHERE event = {event:String} GROUP BY docket ORDER BY docket`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the hops %s: %w", step.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var docket string
		var due uint8
		var at int32
		if err := rows.Scan(&docket, &due, &at); err != nil {
			return nil, fmt.Errorf("read the hops %s: %w", step.ID, err)
		}
		if i, ok := place[docket]; ok && (due == 1 || step.Terminal) {
			to = append(to, chain.Announced{Hop: step.ID, From: i, Day: int(at), Terminal: due == 0})
		}
	}
	return to, rows.Err()
}

// daysOf counts legal days from 1970-01-01, as Date32 does.
func daysOf(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func dayOf(days int) time.Time { return time.Unix(int64(days)*86400, 0).UTC() }

// monthOf counts months from year 0.
func monthOf(days int) int {
	t := dayOf(days)
	return t.Year()*12 + int(t.Month()) - 1
}
