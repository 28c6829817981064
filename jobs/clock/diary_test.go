package clock

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTiersSuspensionAndRestartAgainstADiary reads the custody of an investigation a
// second way: a diary that walks from day to day, adds each granted tier to the end
// of the one before, strikes out the days of suspension and begins anew where the
// custody was counted anew.
func TestTiersSuspensionAndRestartAgainstADiary(t *testing.T) {
	rules := loaded(t)
	r050 := rules.byID(t, "R050")
	tiers := []struct {
		event  string
		months int
	}{{"custody.extended_complex", 1}, {"custody.extended_four_kinds", 2}, {"custody.extended_ten_years", 2}}
	record := map[string]string{
		"docket_kind":                "police_investigation",
		"complex_extension_approver": "upper", "complex_extension_document_number": "1",
		"four_kinds_extension_approver": "provincial", "four_kinds_extension_document_number": "2",
		"ten_years_extension_approver": "provincial", "ten_years_extension_document_number": "3",
	}
	rapid.Check(t, func(t *rapid.T) {
		start := civil(2020, 1, 1) + day(rapid.IntRange(0, 1900).Draw(t, "start"))
		granted := rapid.IntRange(0, len(tiers)).Draw(t, "tiers")
		pause := rapid.IntRange(0, 70).Draw(t, "days of suspension")
		anew := rapid.Bool().Draw(t, "anew")
		length := rapid.IntRange(110, 330).Draw(t, "length")
		stop := start + day(length)
		x := example{AsOf: stop + 10, Record: record}
		add := func(event string, on day, attributes map[string]string) {
			if attributes == nil {
				attributes = map[string]string{}
			}
			x.Events = append(x.Events, exampleEvent{Event: event, Day: on, Minute: -1, In: inRecord, Attributes: attributes})
		}
		add("arrest.executed", start, nil)
		begin := start // of the count that the tiers and the suspension belong to
		if anew {
			begin = start + 30
			add("custody.recounted", begin, map[string]string{"recount_reason": "other_major_crime"})
		}
		if pause > 0 {
			add("custody.suspended", begin+5, nil)
			add("custody.resumed", begin+5+day(pause), nil)
		}
		for i := range granted {
			add(tiers[i].event, begin+day(20+i), nil)
		}
		add("arrest.ended", stop, nil)
		v, err := x.run(r050, rules.calendar)
		if err != nil {
			t.Fatal(err)
		}
		last := slowMonths(begin.time(), 2)
		for i := range granted {
			last = slowMonths(last, tiers[i].months)
		}
		for on := begin + 5; on < begin+5+day(pause) && on < stop; on++ { // a day that does not count moves the end by one
			last = last.AddDate(0, 0, 1)
		}
		over := max(0, int(stop.time().Sub(last).Hours()/24))
		outcome := inTime
		if over > 0 {
			outcome = outOfTime
		}
		got := fmt.Sprintf("%s %d %s %s", v.Due, v.Over, v.Outcome, v.Stopped)
		if want := fmt.Sprintf("%s %d %s %s", last.Format(time.DateOnly), over, outcome, stop); got != want {
			t.Fatalf("start %s stop %s, %d tiers, %d days, anew %v: %s, want %s", start, stop, granted, pause, anew, got, want)
		}
	})
}

// TestADefaultIsLabelledWhereverItIsTold looks for the label of every limit that no
// verified text states in what a person reads of a worked example.
func TestADefaultIsLabelledWhereverItIsTold(t *testing.T) {
	rules := loaded(t)
	told := 0
	words := map[string]Text{labelNoNumber: {"法无明文数字", "the law states no number"}, labelUnverified: {"未核实", "unverified"}}
	for _, r := range rules.All() {
		for i := range r.examples {
			v, err := r.examples[i].run(r, rules.calendar)
			if err != nil {
				continue // an example of something that has not happened yet
			}
			for k, s := range v.steps() {
				part := &v.parts[k]
				if part.limit == nil || part.limit.Label == "" || part.start == nil || part.stated {
					continue
				}
				told++
				if want := words[part.limit.Label]; !strings.Contains(s.ZH, want.ZH) || !strings.Contains(s.EN, want.EN) {
					t.Errorf("%s, %s: the step does not say %q: %s / %s", r.ID, r.examples[i].Name, want.ZH, s.ZH, s.EN)
				}
			}
		}
	}
	if told == 0 {
		t.Error("no example tells a default")
	}
}
