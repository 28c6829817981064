package clock

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slowMonths is an independent way to add months: it walks day by day and counts
// how often the month changes.
func slowMonths(start time.Time, n int) time.Time {
	want := start.Day()
	t := start
	for range n {
		month := t.Month()
		for t.Month() == month {
			t = t.AddDate(0, 0, 1)
		}
	} // first day of the month in question, or the start itself
	if n == 0 {
		return start
	}
	month := t.Month()
	for t.Day() < want && t.AddDate(0, 0, 1).Month() == month {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// slowWorking reads the calendar files again, as text lists of one year.
func slowWorking(t time.Time, holidays, makeUp map[string]bool) bool {
	text := t.Format(time.DateOnly)
	if makeUp[text] {
		return true
	}
	return !holidays[text] && t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

func drawDay(t *rapid.T) day {
	return civil(2014, 6, 1) + day(rapid.IntRange(0, 4800).Draw(t, "day"))
}

func TestMonthsAgainstAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := drawDay(t), rapid.IntRange(0, 30).Draw(t, "months")
		if got, want := d.addMonths(n), slowMonths(d.time(), n); got.String() != want.Format(time.DateOnly) {
			t.Fatalf("%s + %d months = %s, want %s", d, n, got, want.Format(time.DateOnly))
		}
	})
}

func TestRollAgainstASearch(t *testing.T) {
	rules := loaded(t)
	holidays, makeUp := map[string]bool{}, map[string]bool{}
	for d := range rules.calendar.holiday {
		holidays[d.String()] = true
	}
	for d := range rules.calendar.makeUp {
		makeUp[d.String()] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		d := drawDay(t)
		got, sure := rules.calendar.roll(d)
		want := d.time()
		known := want.Year() >= 2015 && want.Year() <= 2026
		for !slowWorking(want, holidays, makeUp) {
			want = want.AddDate(0, 0, 1)
			known = known && want.Year() >= 2015 && want.Year() <= 2026
		}
		if got.String() != want.Format(time.DateOnly) || sure != known {
			t.Fatalf("%s rolls to %s (sure %v), want %s (%v)", d, got, sure, want.Format(time.DateOnly), known)
		}
	})
}

func TestHoursBeginWithTheNextFullHour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := drawDay(t).at(rapid.IntRange(0, minutesPerDay-1).Draw(t, "minute"))
		hours := rapid.IntRange(1, 72).Draw(t, "hours")
		at := time.Unix(int64(start)*60, 0).UTC()
		want := at.Truncate(time.Hour).Add(time.Duration(hours+1) * time.Hour)
		got := start.dueAfterHours(hours)
		if int64(got)*60 != want.Unix() || got.day() != civil(want.Date()) {
			t.Fatalf("%s + %d h = %d on %s, want %s", at, hours, got, got.day(), want)
		}
	})
}

func TestKnownDays(t *testing.T) {
	rules := loaded(t)
	for _, x := range []struct {
		from string
		add  span
		want string
	}{
		{"2024-01-31", span{Months: 1}, "2024-02-29"},
		{"2025-01-31", span{Months: 1}, "2025-02-28"},
		{"2024-11-30", span{Months: 3}, "2025-02-28"},
		{"2024-02-29", span{Months: 12}, "2025-02-28"},
		{"2025-01-31", span{Months: 1, Days: 15}, "2025-03-15"}, // the extension counts from the end of the month
		{"1949-10-01", span{Days: 3}, "1949-10-04"},
		{"1969-12-31", span{Days: 1}, "1970-01-01"},
	} {
		d, err := parseDay(x.from)
		if err != nil || d.after(x.add).String() != x.want {
			t.Errorf("%s + %+v = %s, want %s (%v)", x.from, x.add, d.after(x.add), x.want, err)
		}
	}
	for from, want := range map[string]string{
		"2025-10-05": "2025-10-09", // National Day
		"2025-10-11": "2025-10-11", // a Saturday that works
		"2024-02-18": "2024-02-18", // a Sunday that works
		"2020-02-01": "2020-02-03", // the lengthened Spring Festival
		"2023-12-30": "2024-01-02",
		"2025-11-22": "2025-11-24",
	} {
		d, _ := parseDay(from)
		if got, sure := rules.calendar.roll(d); got.String() != want || !sure {
			t.Errorf("%s rolls to %s (%v), want %s", from, got, sure, want)
		}
	}
	d, _ := parseDay("2027-02-06")
	if _, sure := rules.calendar.roll(d); sure {
		t.Error("2027 has no notice, yet the roll is sure")
	}
}

// TestPhaseArithmeticAgainstADiary counts a phase a second way: a diary that
// strikes out one day after the other.
func TestPhaseArithmeticAgainstADiary(t *testing.T) {
	rules := loaded(t)
	r060 := rules.byID(t, "R060")
	rapid.Check(t, func(t *rapid.T) {
		start := civil(2020, 1, 1) + day(rapid.IntRange(0, 2200).Draw(t, "start"))
		length := rapid.IntRange(0, 80).Draw(t, "length")
		held, extended := rapid.Bool().Draw(t, "held"), rapid.Bool().Draw(t, "extended")
		stop := start + day(length)
		record := map[string]string{"in_custody": "false", "procedure": "ordinary", "extension_document_number": "X"}
		if held {
			record["in_custody"] = "true"
		}
		x := example{AsOf: stop + 400, Record: record, Events: []exampleEvent{
			{Event: "prosecution_review.accepted", Day: start, Minute: -1, In: inRecord},
			{Event: "prosecution_review.decided", Day: stop, Minute: -1, In: inRecord},
		}}
		if extended {
			x.Events = append(x.Events, exampleEvent{Event: "prosecution_review.extended", Day: start, Minute: -1, In: inRecord})
		}
		for i := range x.Events {
			x.Events[i].Attributes = map[string]string{}
		}
		v, err := x.run(r060, rules.calendar)
		if err != nil {
			t.Fatal(err)
		}
		last := slowMonths(start.time(), 1)
		if extended {
			last = last.AddDate(0, 0, 15)
		}
		for !held {
			if working, _ := rules.calendar.working(civil(last.Date())); working {
				break
			}
			last = last.AddDate(0, 0, 1)
		}
		over := max(0, int(stop.time().Sub(last).Hours()/24))
		outcome := inTime
		if over > 0 {
			outcome = outOfTime
		}
		if v.Due.String() != last.Format(time.DateOnly) || v.Over != over || v.Outcome != outcome || v.Stopped != stop {
			t.Fatalf("start %s stop %s held %v extended %v: due %s over %d %s, want %s %d %s",
				start, stop, held, extended, v.Due, v.Over, v.Outcome, last.Format(time.DateOnly), over, outcome)
		}
	})
}
