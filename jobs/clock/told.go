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
	err := db.QueryRow(ctx, `SELECT toString(v.rule), toString(v.rule_version), toString(v.outcome), v.docket, v.record_key, v.run_id, v.explanation_zh, v.explanation_en, v.steps
FROM (SELECT * FROM verdict WHERE finding_id = {finding:String}) AS v
INNER JOIN (SELECT run_id, max(committed) AS committed FROM run_commit WHERE family = 'clock' GROUP BY run_id) AS c ON c.run_id = v.run_id
ORDER BY c.committed DESC LIMIT 1`, warehouse.Param("finding", finding)).Scan(&rule, &version, &outcome, &docket, &record, &run, &zh, &en, &encoded)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("no kept run says the finding %q: see hengjian jobs list, and the list of findings for its id", finding)}
	}
	if err != nil {
		return "", fmt.Errorf("read the finding %s: %w", finding, err)
	}
	if encoded == "" {
		told, again, err := Retell(ctx, db, rules, run, finding)
		if err != nil {
			return "", err
		}
		zh, en, encoded = told.ZH, told.EN, again
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

// Retell judges the case of a finding again, as its run knew it, and returns the
// explanation and the steps as JSON: verdicts that nobody needs to look at are
// stored without them. NotFound when the run does not say the finding, or the
// rules no longer do.
func Retell(ctx context.Context, db *warehouse.DB, rules *Rules, run, finding string) (Text, string, error) {
	r := warehouse.Run{ID: run}
	var name string
	err := db.QueryRow(ctx, `SELECT v.chain, v.generation, c.as_of FROM (SELECT chain, generation, run_id FROM verdict WHERE run_id = {run:String} AND finding_id = {finding:String} LIMIT 1) AS v
INNER JOIN (SELECT run_id, max(as_of) AS as_of FROM run WHERE run_id = {run:String} GROUP BY run_id) AS c ON c.run_id = v.run_id`,
		warehouse.Param("run", run), warehouse.Param("finding", finding)).Scan(&name, &r.Generation, &r.AsOf)
	if errors.Is(err, sql.ErrNoRows) {
		return Text{}, "", gone(finding)
	}
	if err != nil {
		return Text{}, "", fmt.Errorf("find the case of the finding %s: %w", finding, err)
	}
	y, m, d := r.AsOf.Date()
	j := &Job{deps: Deps{DB: db, Rules: rules}}
	k := &kase{cal: rules.calendar, asOf: civil(y, m, d)}
	var told Text
	var encoded string
	err = j.readWhere(ctx, r, " AND chain = {chain:String}", func(c *chunk) error {
		for _, ch := range c.chains {
			if v := k.find(ch, rules, finding); v != nil {
				if encoded, told, err = v.tell(); err != nil {
					return err
				}
			}
		}
		return nil
	}, warehouse.Param("chain", name))
	if err == nil && encoded == "" {
		err = gone(finding)
	}
	return told, encoded, err
}

func gone(finding string) error {
	return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("the finding %q cannot be judged again: its run or its rule is no longer kept", finding)}
}

// find judges a chain until the verdict of a finding comes.
func (k *kase) find(ch *chain, rules *Rules, finding string) *verdict {
	ch.index(len(rules.words.events.names), k.asOf)
	kinds := rules.byType()
	for i := range ch.records {
		for _, versions := range kinds[ch.records[i].Type] {
			for _, u := range unitsOf(versions, ch, int32(i), nil) {
				if v := k.judgeVersions(&u, versions); v.finding() == finding {
					return &v
				}
			}
		}
	}
	return nil
}
