package indicator

import (
	"context"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// TestWhatAnOrganLeftCountsUnderItsSuccessor merges a county of another province
// into o4, renames o9 to o5 and lets o10 end after the day of reckoning: the
// present edition shows their months under their successors and nothing twice,
// the edition of then shows them where they were counted, and both are named.
func TestWhatAnOrganLeftCountsUnderItsSuccessor(t *testing.T) {
	r := setUp(t, "")
	r.exec(t, `INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from, valid_to, led_by, successor) VALUES
('o8', 'o8', 'co8', '并入的院', 'procuratorate', 'county', 'regular', '340000', 8, '2000-01-01', '2024-12-31', 'co6', 'co4'),
('o9', 'o9', 'co9', '更名前的院', 'procuratorate', 'county', 'regular', '330000', 9, '2000-01-01', '2025-02-28', 'co3', 'co5'),
('o10', 'o10', 'co10', '将并入的院', 'procuratorate', 'county', 'regular', '340000', 10, '2000-01-01', '2026-12-31', 'co6', 'co4')`)
	decided := func(organ, day, decision string) map[string]string {
		return map[string]string{"organ_id": organ, "accepted_on": day, "decided_on": day, "decision": decision}
	}
	r.insert(t, "arrest_review", "old", "run-1", []map[string]string{
		decided("o8", "2024-03-11", "approved"), decided("o8", "2024-03-12", "approved"), decided("o9", "2025-02-11", "not_approved"), decided("o10", "2024-03-11", "not_approved"),
	})
	r.exec(t, "INSERT INTO run_input (run_id, stream, offset) VALUES ('run-1', 'old', 100)")
	r.whole(t)
	ctx := context.Background()
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	shown := func(q Question) (string, string) {
		q.Indicators, q.PeriodKind = []string{"AR02b"}, "month"
		answers, err := reader.Ask(ctx, access.Job("test"), q)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		edition := ""
		for _, a := range answers {
			out = append(out, a.Organ+" "+a.Num+"/"+*a.Den)
			edition = a.Edition
		}
		return strings.Join(out, "; "), edition
	}
	present, now := shown(Question{Period: "2024-03", Coverage: "closure"})
	if want := "o1 2/5; o2 1/4; o3 1/4; o4 1/4; o6 1/1; o10 1/1"; present != want {
		t.Errorf("present: %s, want %s", present, want)
	}
	then, was := shown(Question{Period: "2024-03", Coverage: "closure", Edition: "then"})
	if want := "o1 2/5; o2 1/2; o3 1/2; o4 1/2; o6 1/3; o8 0/2; o10 1/1"; then != want {
		t.Errorf("then: %s, want %s", then, want)
	}
	if len(now) != 16 || was != now+"-then" {
		t.Errorf("editions %q and %q", now, was)
	}
	if own, none := shown(Question{Period: "2024-03", Coverage: "own"}); own != "o4 1/2; o8 0/2; o10 1/1" || none != "" {
		t.Errorf("own records keep their organ: %s (edition %q)", own, none)
	}
	series, err := reader.Series(ctx, access.Job("test"), SeriesQuery{Indicator: "AR02b", Organ: "o5", PeriodKind: "month", Coverage: "closure", From: "2025-02-01", To: "2025-03-31"})
	if err != nil || len(series) != 2 || series[0].Printed != "100.0%" || series[0].Edition != now || series[1].Printed != "0.0%" {
		t.Errorf("the trend of a renamed organ: %+v (%v)", series, err)
	}
	if rows := r.facts(t, `SELECT concat(toString(organ_id), ' ', toString(num), '/', toString(den)) FROM indicator_rollup WHERE indicator = 'AR02b' AND dim = '' AND coverage = 'closure' AND period_kind = 'month' AND period = '2024-03' ORDER BY 1`); strings.Join(rows, "; ") != "o1 2/5; o10 1/1; o2 1/4; o3 1/4; o4 1/4; o6 1/1" {
		t.Errorf("the view differs from what is asked: %v", rows)
	}
	if n, err := reader.Nation(ctx, access.Job("test"), "AR02b", "month", "2024-03"); err != nil || n.Num != "2" || n.Remainder != "0" || n.Sum != "2" {
		t.Errorf("the nation: %+v (%v)", n, err)
	}
	if _, err := reader.Ask(ctx, access.Job("test"), Question{Indicators: []string{"AR02b"}, PeriodKind: "month", Coverage: "closure", Edition: "later"}); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("an unknown edition must be refused: %v", err)
	}
}
