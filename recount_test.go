package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hengjian/ingest/simulate"
	"hengjian/ingest/simulate/recount"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
)

// recounted counts the whole catalogue a second time, in Go and from the
// messages, and compares every own cell by month and dimension, then the values
// of every procuratorate with all that it leads by quarter, half, year and year to date.
func recounted(t *testing.T, db *warehouse.DB, cases string) {
	t.Helper()
	c := &call{cfg: DefaultConfig()}
	if _, err := fmt.Sscan(cases, &c.cfg.Simulate.Cases); err != nil {
		t.Fatal(err)
	}
	defs, err := loadDefinitions("")
	if err != nil {
		t.Fatal(err)
	}
	country, err := c.newCountry(c.cfg.Simulate, nil)
	if err != nil {
		t.Fatal(err)
	}
	book := recount.NewBook(defs.contracts)
	if err := country.Emit(t.Context(), simulate.Sink(book)); err != nil {
		t.Fatal(err)
	}
	records := book.Records()
	chains, humans := linked(t, db, book, records)
	split := map[string]recount.Split{}
	for _, i := range defs.indicators.Indicators() {
		split[i.ID] = recount.Split{Slices: i.Slices, Supervisor: i.Supervisor}
	}
	known := recount.Indicators()
	for _, i := range defs.indicators.Indicators() {
		if !slices.Contains(known, i.ID) {
			t.Errorf("the indicator %s has no truth: add it to ingest/simulate/recount", i.ID)
		}
	}
	var taken string
	if err := db.QueryRow(t.Context(), "SELECT toString(max(toDate(derived))) FROM record_fate").Scan(&taken); err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(records, verdicts(t, db), hops(t, db), book.Statements(taken), book.Protests(records, chains, humans))
	months := recount.Months(all, split)
	above := recount.Above(records)
	for _, kind := range []string{"quarter", "half", "year", "ytd"} {
		want := withoutDays(recount.Periods(months, above, kind))
		maps.Copy(want, book.Persons(records, humans, above, kind))
		compared(t, db, kind+"s with all that is led", "coverage = 'closure' AND dim NOT LIKE 'days=%' AND period_kind = '"+kind+"'", want)
	}
	maps.Copy(months, book.Persons(records, humans, above, "month"))
	if silent := silentOnes(defs.indicators, months); len(silent) > 0 {
		t.Errorf("the simulated country gives these indicators nothing to count: %s", strings.Join(silent, " "))
	}
	compared(t, db, "own months", "coverage = 'own' AND period_kind = 'month'", months)
}

// withoutDays leaves out histograms, whose sums by period the months show already.
func withoutDays(all map[recount.Cell]recount.Sum) map[recount.Cell]recount.Sum {
	for c := range all {
		if strings.HasPrefix(c.Dim, "days=") {
			delete(all, c)
		}
	}
	return all
}

// silentOnes are the indicators that the simulated country gives no numerator at all.
func silentOnes(c *indicator.Catalogue, months map[recount.Cell]recount.Sum) []string {
	seen := map[string]bool{}
	for cell, s := range months {
		seen[cell.Indicator] = seen[cell.Indicator] || s.Num != 0
	}
	var out []string
	for _, i := range c.Indicators() {
		if !seen[i.ID] {
			out = append(out, i.ID)
		}
	}
	return out
}

// compared holds the values of the newest run against a second count.
func compared(t *testing.T, db *warehouse.DB, what, where string, want map[recount.Cell]recount.Sum) {
	t.Helper()
	rows, err := db.Query(t.Context(), `SELECT toString(indicator), toString(organ_id), toString(period), toString(dim), toInt64(num * if(indicator IN ('EX05b', 'PT01e'), 100, 1)), toInt64(ifNull(den, 0)), n, undetermined, isNotNull(den)
FROM indicator_rollup WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'indicator' ORDER BY committed DESC LIMIT 1) AND vintage = 'live' AND `+where)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got, texts := map[string]string{}, map[string]string{}
	for rows.Next() {
		var c recount.Cell
		var s recount.Sum
		var n, und uint64
		if err := rows.Scan(&c.Indicator, &c.Organ, &c.Period, &c.Dim, &s.Num, &s.Den, &n, &und, &s.Divided); err != nil {
			t.Fatal(err)
		}
		s.N, s.Und = int64(n), int64(und)
		got[key(c)] = value(s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for c, s := range want {
		if s.Num != 0 || s.N != 0 || s.Und != 0 {
			texts[key(c)] = value(s)
		}
	}
	same(t, what, got, texts)
}

func key(c recount.Cell) string {
	return strings.TrimSpace(strings.Join([]string{c.Indicator, c.Organ, c.Period, c.Dim}, " "))
}

func value(s recount.Sum) string {
	den := "-"
	if s.Divided {
		den = fmt.Sprint(s.Den)
	}
	return fmt.Sprintf("%d/%s of %d und %d", s.Num, den, s.N, s.Und)
}

// verdicts are what the rules found, which TestMainJob holds against the truth by itself.
func verdicts(t *testing.T, db *warehouse.DB) []*recount.Record {
	t.Helper()
	rows, err := db.Query(t.Context(), `SELECT rule, outcome, toString(organ_id), ifNull(toString(due_on), ''), ifNull(toString(stopped_on), ''), ifNull(toString(period_on), '') FROM verdict_of(run = (SELECT run_id FROM run_commit WHERE family = 'clock' ORDER BY committed DESC LIMIT 1))`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []*recount.Record
	for rows.Next() {
		var rule, outcome, organ, due, stopped, period string
		if err := rows.Scan(&rule, &outcome, &organ, &due, &stopped, &period); err != nil {
			t.Fatal(err)
		}
		out = append(out, &recount.Record{
			Kind: "verdict", Organs: map[string]string{"organ": organ},
			Fields: map[string]any{"rule": rule, "outcome": outcome, "due_on": due, "stopped_on": stopped, "period_on": period},
		})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// hops are what linkage found of every hop; that they are right is held elsewhere.
func hops(t *testing.T, db *warehouse.DB) []*recount.Record {
	t.Helper()
	var out []*recount.Record
	for key, value := range facts(t, db, "SELECT concat(toString(hop), ' ', docket), concat(toString(organ_id), ' ', toString(announced_on), ' ', toString(status)) FROM link_hop WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1)") {
		hop, _, _ := strings.Cut(key, " ")
		words := strings.Fields(value)
		out = append(out, &recount.Record{Kind: "hop", Organs: map[string]string{"organ": words[0]}, Fields: map[string]any{"hop": hop, "announced_on": words[1], "status": words[2]}})
	}
	return out
}

// linked notes on dockets how they were linked, and returns the chain of every
// docket and the human of every person entry.
func linked(t *testing.T, db *warehouse.DB, book *recount.Book, records []*recount.Record) (chains, humans map[string]string) {
	t.Helper()
	newest := " WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1)"
	states := facts(t, db, "SELECT docket, toString(link_state) FROM link_docket"+newest)
	for _, r := range records {
		if r.Kind == "case" {
			r.Fields["link"] = states[book.Docket(r)]
			r.Fields["linked_on"] = r.Fields["opened_on"]
			if r.Fields["opened_on"] == nil {
				r.Fields["linked_on"] = r.Business
			}
		}
	}
	return facts(t, db, "SELECT docket, chain FROM link_docket"+newest), facts(t, db, "SELECT person_entry, chain_person FROM link_person"+newest)
}
