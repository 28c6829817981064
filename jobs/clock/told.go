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
func Explain(ctx context.Context, db *warehouse.DB, finding string) (string, error) {
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
