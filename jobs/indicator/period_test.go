package indicator

import (
	"context"
	"strings"
	"testing"

	"hengjian/warehouse/access"
)

// TestPeriodsAreTheCalendars: every month lies in one period of each kind and in
// the years to date that it has begun; the pages' names are held against the
// same golden file.
func TestPeriodsAreTheCalendars(t *testing.T) {
	r := setUp(t, "")
	golden(t, "periods.tsv", strings.Join(r.facts(t, `SELECT DISTINCT concat(toString(kind), '\t', toString(period), '\t', toString(first_day), '\t', toString(last_day), '\t', toString(before), '\t', toString(published), '\t', zh, '\t', en)
FROM period_calendar WHERE startsWith(period, '2025')`), "\n")+"\n")
	wrong := r.facts(t, `SELECT concat(toString(kind), ' ', toString(period), ' ', toString(month)) FROM period_calendar
WHERE month < first_day OR closes > last_day OR month > closes OR addDays(addMonths(closes, 1), -1) != last_day OR dateDiff('month', toDate('2000-01-01'), first_day) % multiIf(kind = 'month', 1, kind = 'quarter', 3, kind = 'half', 6, 12) != 0`)
	if len(wrong) > 0 {
		t.Errorf("months outside their periods: %v", wrong[:min(5, len(wrong))])
	}
	counts := r.facts(t, `SELECT concat(toString(kind), ' ', toString(count())) FROM period_calendar WHERE month = '2025-04-01' GROUP BY kind`)
	if got := strings.Join(counts, "; "); got != "half 1; month 1; quarter 1; year 1; ytd 9" {
		t.Errorf("April 2025 lies in %s", got)
	}
}

// TestAnotherKindOfPeriodIsData adds working years from December to November as
// rows: questions, series and the view answer for them without any change of code.
func TestAnotherKindOfPeriodIsData(t *testing.T) {
	r := setUp(t, "")
	r.whole(t)
	ctx := context.Background()
	reader := NewReader(ReaderDeps{r.db, r.contracts, r.catalogue})
	q := Question{Indicators: []string{"AR02b"}, Organs: []string{"o1"}, PeriodKind: "working_year", Coverage: "closure"}
	if _, err := reader.Ask(ctx, access.Job("test"), q); err == nil || !strings.Contains(err.Error(), "half, month, quarter, year, ytd") {
		t.Errorf("an unknown kind must be refused with those that are: %v", err)
	}
	r.exec(t, `INSERT INTO period_calendar SELECT 'working_year', concat('W', toString(y)), addMonths(makeDate32(y - 1, 12, 1), m), makeDate32(y - 1, 12, 1), makeDate32(y, 11, 30), makeDate32(y, 11, 1), concat('W', toString(y - 1)), '', concat(toString(y), '工作年度'), concat('working year ', toString(y))
FROM (SELECT toUInt16(2024 + intDiv(number, 12)) AS y, number % 12 AS m FROM numbers(24))`)
	answers, err := reader.Ask(ctx, access.Job("test"), q)
	if err != nil || len(answers) != 2 {
		t.Fatalf("%+v (%v)", answers, err)
	}
	a := answers[1]
	if a.Period != "W2025" || a.Num != "3" || *a.Den != "7" || a.Name.ZH != "2025工作年度" || a.Before != "W2024" || a.From.Format("2006-01-02") != "2024-12-01" || a.Note != "incomplete" {
		t.Errorf("%+v", a)
	}
	if got := r.facts(t, `SELECT concat(period, ' ', toString(num), '/', toString(den)) FROM indicator_rollup WHERE indicator = 'AR02b' AND organ_id = 'o1' AND coverage = 'closure' AND period_kind = 'working_year' AND dim = ''`); strings.Join(got, "; ") != "W2024 1/2; W2025 3/7" {
		t.Errorf("the view: %v", got)
	}
	series, err := reader.Series(ctx, access.Job("test"), SeriesQuery{Indicator: "AR02b", Organ: "o1", PeriodKind: "working_year", Coverage: "closure"})
	if err != nil || len(series) != 2 || series[1].Change == nil || *series[1].Change < -7.2 || *series[1].Change > -7.1 {
		t.Errorf("the change in percentage points: %+v (%v)", series, err)
	}
}
