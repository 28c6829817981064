package indicator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hengjian/warehouse"
)

// TestEveryExample runs every worked example of the catalogue on the real
// engine, through the statement that production runs.
func TestEveryExample(t *testing.T) {
	r := setUp(t, "")
	for _, ind := range r.catalogue.Indicators() {
		for i, e := range ind.Examples {
			t.Run(ind.ID+"/"+e.Name, func(t *testing.T) { r.example(t, ind, i, e) })
		}
	}
}

// example inserts the rows of one example as a run of its own and compares all
// values that come out.
func (r ready) example(t *testing.T, ind Indicator, i int, e Example) {
	name := fmt.Sprintf("example-%s-%d", ind.ID, i)
	run := r.input(t, name, name, e.AsOf)
	r.insert(t, ind.From, name, run.ID, e.Rows)
	if err := r.job.months(context.Background(), run, ind, &warehouse.Report{Figures: map[string]uint64{}}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, w := range e.Want {
		if w.Rate != "" {
			num, errNum := strconv.ParseFloat(w.Num, 64)
			den, errDen := strconv.ParseFloat(w.Den, 64)
			if got := strconv.FormatFloat(100*num/den, 'f', 1, 64); errNum != nil || errDen != nil || got != w.Rate {
				t.Errorf("the example says %s %% for %s of %s, which is %s %%", w.Rate, w.Num, w.Den, got)
			}
		} else if ind.Ratio() && w.Den != "0" {
			t.Errorf("the example gives a denominator of %s and no rate", w.Den)
		}
		want = append(want, fmt.Sprintf("%s %s %q: %s / %s, %d undetermined", w.Organ, w.Month, w.Dim, w.Num, w.Den, w.Undetermined))
	}
	rows, err := r.db.Query(context.Background(), `SELECT organ_id, period, dim, toString(num), ifNull(toString(den), ''), undetermined
FROM indicator_value WHERE run_id = {run:String}`, warehouse.Param("run", run.ID))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var organ, month, dim, num, den string
		var undetermined uint64
		if err := rows.Scan(&organ, &month, &dim, &num, &den, &undetermined); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %q: %s / %s, %d undetermined", organ, month, dim, num, den, undetermined))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", lines(got), lines(want))
	}
}

// lines joins for reading.
func lines(s []string) string {
	out := ""
	for _, x := range s {
		out += "  " + x + "\n"
	}
	return out
}

func TestCompiledSQL(t *testing.T) {
	contracts, catalogue := loaded(t, "")
	for _, ind := range catalogue.Indicators() {
		t.Run(ind.ID, func(t *testing.T) {
			text := strings.Replace(monthsSQL(ind, contracts), sourceSQL(ind.From, contracts), "<what the run knows of "+ind.From+">", 1)
			golden(t, "sql/"+ind.ID+".sql", text+"\n")
		})
	}
}
