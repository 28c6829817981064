package indicator

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// TestNumOtherUndeterminedAreAll fills each source with random rows, many values
// missing, and checks on the engine that every row of a ratio's universe plays
// exactly one role, and every other row none.
func TestNumOtherUndeterminedAreAll(t *testing.T) {
	r := setUp(t, "")
	run := r.input(t, "random", "random", "2025-06-30")
	rng := rand.New(rand.NewPCG(1, 2))
	filled, tried, empty := map[string]bool{}, 0, 0
	for _, ind := range r.catalogue.Indicators() {
		if _, derived := r.catalogue.sources[ind.From]; derived || ind.Numerator.From != "" {
			continue // a derived source is made of rows that the others fill
		}
		if !filled[ind.From] {
			filled[ind.From] = true
			r.random(t, rng, ind.From, run, 600)
		}
		if ind.Denominator != nil || !ind.Divided() {
			continue // a flow ratio's two measures may share a row; a plain count has one role
		}
		tried++
		t.Run(ind.ID, func(t *testing.T) {
			rows, err := r.db.Query(context.Background(), identitySQL(ind, r.catalogue.sourceSQL(ind.From, r.contracts, nil)), warehouse.Param("run", run.ID), warehouse.Param("as_of", "2025-06-30"))
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			inside := uint64(0)
			for rows.Next() {
				var in, roles uint8
				var n uint64
				if err := rows.Scan(&in, &roles, &n); err != nil {
					t.Fatal(err)
				}
				if in != roles {
					t.Errorf("%d rows of %s play %d roles; in the universe: %d", n, ind.From, roles, in)
				}
				inside += uint64(in) * n
			}
			if inside == 0 {
				empty++
			}
		})
	}
	if empty > tried/5 {
		t.Errorf("no random row fell into the universe of %d of %d indicators: the test proves little", empty, tried)
	}
}

// random inserts rows with random codes and days; a third of the values that may
// be missing are.
func (r ready) random(t *testing.T, rng *rand.Rand, from string, run warehouse.Run, n int) {
	columns, _ := columnsOf(r.contracts, from)
	names := slices.Sorted(maps.Keys(columns))
	names = slices.DeleteFunc(names, func(name string) bool {
		k := columns[name].kind
		return name == "business_on" || k != contract.KindEnum && k != contract.KindDate && k != contract.KindBool && name != "rule"
	})
	var rows []string
	for i := range n {
		values := []string{fmt.Sprintf("'k%d'", i), "1", "'applied'", "'random'", fmt.Sprint(i), "'2025-01-15'", "'" + defaultOrgan + "'"}
		if from == fromVerdict {
			values = []string{"'" + run.ID + "'", "1", fmt.Sprintf("'f%d'", i), "'" + defaultOrgan + "'"}
		}
		for _, name := range names {
			values = append(values, randomValue(rng, from, name, columns[name]))
		}
		rows = append(rows, "("+strings.Join(values, ", ")+")")
	}
	into := "`" + from + "_history` (key, revision, fate, stream, offset, business_on, organ_id, "
	if from == fromVerdict {
		into = "verdict (run_id, generation, finding_id, organ_id, "
	}
	r.exec(t, "INSERT INTO "+into+strings.Join(names, ", ")+") VALUES "+strings.Join(rows, ", "))
}

// randomValue is one literal, or NULL where the column may be missing.
func randomValue(rng *rand.Rand, from, name string, c column) string {
	must := name == "compartment" || name == "document_kind" || name == "docket_kind" || from == fromVerdict && (name == "outcome" || name == "state" || name == "rule" || name == "period_on")
	if !must && rng.IntN(3) == 0 {
		return "NULL"
	}
	switch c.kind {
	case contract.KindEnum:
		return "'" + c.values[rng.IntN(len(c.values))] + "'"
	case contract.KindDate:
		return "'" + time.Date(2025, 1, 1+rng.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly) + "'"
	case contract.KindBool:
		return fmt.Sprint(rng.IntN(2) == 0)
	}
	return []string{"'R110'", "'R114'", "'R064'", "'R022'", "'R089'", "'R05A'", "'R038'"}[rng.IntN(7)]
}
