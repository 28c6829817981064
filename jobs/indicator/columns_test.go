package indicator

import (
	"context"
	"strings"
	"testing"

	"hengjian/warehouse"
)

// TestStatementsReadNeededColumnsOnly looks at the plan of each statement: of the
// payload, the engine may read what the definition names, and the organ.
func TestStatementsReadNeededColumnsOnly(t *testing.T) {
	r := setUp(t, "")
	for _, s := range scansOf(r.catalogue.Indicators()) {
		if _, derived := r.catalogue.sources[s.from]; derived || s.from == fromVerdict || s.bins || s.distinct != "" {
			continue
		}
		t.Run(s.from+" by "+s.date, func(t *testing.T) {
			sql := scanSQL(s, r.catalogue.sourceSQL(s.from, r.contracts, nil), false)
			rows, err := r.db.Query(context.Background(), "EXPLAIN PLAN actions = 0, header = 1 "+sql,
				warehouse.Param("run", "x"), warehouse.Param("generation", "1"), warehouse.Param("as_of", "2025-12-31"))
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var plan []string
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					t.Fatal(err)
				}
				plan = append(plan, line)
			}
			text := strings.Join(plan, "\n")
			at := strings.Index(text, "LimitBy") // what follows feeds the newest version per key
			if at < 0 || !strings.Contains(text[at:], "_id") {
				t.Fatalf("the plan does not take the newest version per key:\n%s", text)
			}
			for _, unused := range []string{"docket_number", "handling_region", "compartment", "flags", "digest"} {
				if strings.Contains(text[at:], unused) {
					t.Errorf("%s is read and not needed:\n%s", unused, text[at:])
				}
			}
		})
	}
}
