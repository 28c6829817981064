package clock

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"hengjian/warehouse"
)

// Explain tells a finding as its newest committed run judged it, in both
// languages, with the reckoning day by day. NotFound when no kept run said it.
func Explain(ctx context.Context, db *warehouse.DB, rules *Rules, finding string) (string, error) {
	var rule, version, outcome, docket, record, run, zh, en, encoded string
	err := db.QueryRow(ctx, `SELECT toString(v.rule), toString(v.rule_version), toString(v.outcome), v.docket, v.record_key, v.said_by, v.explanation_zh, v.explanation_en, v.steps
FROM (SELECT * FROM verdict_history(finding = {finding:String})) AS v
INNER JOIN (SELECT run_id, max(committed) AS committed FROM run_commit WHERE family = 'clock' GROUP BY run_id) AS c ON c.run_id = v.said_by
ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("finding", finding)).Scan(&rule, &version, &outcome, &docket, &record, &run, &zh, &en, &encoded)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("no kept run says the finding %q: see hengjian jobs list, and the list of findings for its id", finding)}
	}
	if err != nil {
		return "", fmt.Errorf("read the finding %s: %w", finding, err)
	}
	if encoded == "" {
		told, err := Retell(ctx, db, rules, run, finding)
		if err != nil {
			return "", err
		}
		zh, en, encoded = told.Explanation.ZH, told.Explanation.EN, told.Steps
	}
	var steps []step
	if err := json.Unmarshal([]byte(encoded), &steps); err != nil {
		return "", fmt.Errorf("read the steps of the finding %s: %w", finding, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s %s  %s\ndocket %s, record %s, run %s\n%s\n%s\n", finding, rule, version, outcome, docket, record, run, zh, en)
	for _, s := range steps {
		fmt.Fprintf(&b, "  [%s] %s\n        %s\n", s.Phase, s.ZH, s.EN)
		for _, l := range s.Arithmetic {
			fmt.Fprintf(&b, "        %s  %s / %s\n", l.On, l.ZH, l.EN)
		}
		if len(s.Records) > 0 {
			fmt.Fprintf(&b, "        %s\n", strings.Join(s.Records, ", "))
		}
	}
	return b.String(), nil
}

// Told is what a person is told of a verdict: the explanation, and its steps as JSON.
type Told struct {
	Explanation Text
	Steps       string
}

// Retell judges the case of a finding again, as its run knew it: verdicts that are
// many are stored without text. NotFound when the run does not say the finding, or
// the rules no longer do.
func Retell(ctx context.Context, db *warehouse.DB, rules *Rules, run, finding string) (Told, error) {
	var chain string
	err := db.QueryRow(ctx, "SELECT chain FROM verdict_of(run = {run:String}) WHERE finding_id = {finding:String} LIMIT 1",
		warehouse.Param("run", run), warehouse.Param("finding", finding)).Scan(&chain)
	if errors.Is(err, sql.ErrNoRows) {
		return Told{}, gone(finding)
	}
	if err != nil {
		return Told{}, fmt.Errorf("find the case of the finding %s: %w", finding, err)
	}
	all, err := RetellChains(ctx, db, rules, run, []string{chain}, func(id string) bool { return id == finding })
	if err != nil {
		return Told{}, err
	}
	told, again := all[finding]
	if !again {
		return Told{}, gone(finding)
	}
	return told, nil
}

// RetellChains judges some cases again, as their run knew them, and tells the
// findings that are wanted; what run or rules no longer say is left out.
func RetellChains(ctx context.Context, db *warehouse.DB, rules *Rules, run string, chains []string, wanted func(finding string) bool) (map[string]Told, error) {
	out := map[string]Told{}
	r := warehouse.Run{ID: run}
	err := db.QueryRow(ctx, "SELECT generation, as_of FROM run WHERE run_id = {run:String} LIMIT 1", warehouse.Param("run", run)).Scan(&r.Generation, &r.AsOf)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the run %s: %w", run, err)
	}
	y, m, d := r.AsOf.Date()
	j := &Job{deps: Deps{DB: db, Rules: rules}, byType: rules.byType()}
	k := &kase{cal: rules.calendar, asOf: civil(y, m, d)}
	events := []source{{"case_event_of(run = {run:String}) WHERE chain IN {chains:Array(String)}", map[string]string{"run": run, "chains": warehouse.Array(chains)}}}
	err = j.readChains(ctx, events, func(ch *chain) error {
		return j.eachVerdict(k, ch, func(v *verdict) error {
			id := v.finding()
			if !wanted(id) {
				return nil
			}
			var told Told
			var err error
			told.Steps, told.Explanation, err = v.tell()
			out[id] = told
			return err
		})
	})
	return out, err
}

func gone(finding string) error {
	return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("the finding %q cannot be judged again: its run or its rule is no longer kept", finding)}
}
