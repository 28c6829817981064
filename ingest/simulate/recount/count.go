package recount

import (
	"fmt"
	"slices"
	"time"
)

// text is a field as text, "" where it is missing; instants and dates by their first ten letters are days.
func (s *Record) text(field string) string {
	switch v := s.Fields[field].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// day is a date or the date of an instant, "" where it is missing.
func (s *Record) day(field string) string {
	if field == "business" {
		return s.Business
	}
	return s.text(field)[:min(10, len(s.text(field)))]
}

// when is a condition on a record.
type when func(s *Record) bool

func always(*Record) bool { return true }

func is(field string, values ...string) when {
	return func(s *Record) bool { return slices.Contains(values, s.text(field)) }
}

func yes(field string) when   { return is(field, "true") }
func no(field string) when    { return is(field, "false") }
func blank(field string) when { return is(field, "") }
func has(field string) when   { return not(blank(field)) }
func not(w when) when         { return func(s *Record) bool { return !w(s) } }

func both(all ...when) when {
	return func(s *Record) bool { return !slices.ContainsFunc(all, func(w when) bool { return !w(s) }) }
}

func either(any ...when) when {
	return func(s *Record) bool { return slices.ContainsFunc(any, func(w when) bool { return w(s) }) }
}

// late says that one day lies after another, both known.
func late(field, than string) when {
	return func(s *Record) bool {
		return s.day(field) != "" && s.day(than) != "" && s.day(field) > s.day(than)
	}
}

// share is what one record adds to one cell; money and sums are in hundredths.
type share struct {
	num, den, n, und int64
	divided          bool
}

// count says what records of one kind add to an indicator.
type count struct {
	from  string                                                // record type, or verdict, docket, step, statement
	organ string                                                // field with the organ, "" = organ
	add   func(s *Record, put func(month, dim string, x share)) // slices are split by the caller
}

// organField is the field that names the organ.
func (c count) organField() string {
	if c.organ == "" {
		return "organ"
	}
	return c.organ
}

func month(day string) string { return day[:min(7, len(day))] }

// at builds a count of records with a day.
func at(from, date string, w when, x share) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		if d := s.day(date); d != "" && w(s) {
			put(month(d), "", x)
		}
	}}
}

// total counts records of a flow without denominator.
func total(from, date string, w when) count { return at(from, date, w, share{num: 1, n: 1}) }

// undated counts records that should have a day and have none.
func undated(from, date string, w when) count {
	return at(from, "business", both(w, blank(date)), share{und: 1, n: 1})
}

// over counts the numerator of two flows, under its denominator.
func over(from, date string, w when) count {
	return at(from, date, w, share{num: 1, divided: true})
}

func under(from, date string, w when) count {
	return at(from, date, w, share{den: 1, n: 1, divided: true})
}

// missed is undated of two flows.
func missed(from, date string, w when) count {
	return at(from, "business", both(w, blank(date)), share{und: 1, n: 1, divided: true})
}

// rate counts a part of a whole: whoever is of the universe and neither is undetermined.
func rate(from, date string, universe, in, out when) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		d := s.day(date)
		if d == "" || !universe(s) {
			return
		}
		x := share{n: 1, divided: true}
		switch {
		case in(s):
			x.num, x.den = 1, 1
		case out(s):
			x.den = 1
		default:
			x.und = 1
		}
		put(month(d), "", x)
	}}
}

// flag is a rate of a field that says yes or no.
func flag(from, date string, universe when, field string) count {
	return rate(from, date, universe, yes(field), no(field))
}

// kinds is a distribution: every code of a field shares one denominator.
func kinds(from, date string, universe when, field string, codes ...string) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		d, v := s.day(date), s.text(field)
		if d == "" || !universe(s) {
			return
		}
		for _, code := range codes {
			x := share{n: 1, divided: true}
			switch v {
			case "":
				x.und = 1
			case code:
				x.num, x.den = 1, 1
			default:
				x.den = 1
			}
			put(month(d), field+"="+code, x)
		}
	}}
}

// span is a mean of whole days with its histogram.
func span(from, date string, universe when, start, end string) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		d := s.day(date)
		if d == "" || !universe(s) {
			return
		}
		a, b := s.day(start), s.day(end)
		if a == "" || a > b {
			put(month(d), "", share{und: 1, n: 1, divided: true})
			return
		}
		days := daysBetween(a, b)
		put(month(d), "", share{num: days, den: 1, n: 1, divided: true})
		put(month(d), fmt.Sprintf("days=%03d", days), share{num: 1, n: 1})
	}}
}

func daysBetween(a, b string) int64 {
	from, _ := time.Parse(time.DateOnly, a)
	to, _ := time.Parse(time.DateOnly, b)
	return min(999, int64(to.Sub(from)/(24*time.Hour)))
}

// lastDay is the legal day of the simulated country.
const lastDay = "2026-06-30"

// standing counts what stood at each month's end since a day, until the first of some others.
func standing(from, since string, w when, until ...string) count {
	return worth(from, since, "", w, until...)
}

// worth is standing with an amount of money.
func worth(from, since, amount string, w when, until ...string) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		first, gone := s.day(since), "9999-12-31"
		if first == "" || !w(s) {
			return
		}
		for _, u := range until {
			if d := s.day(u); d != "" {
				gone = min(gone, d)
			}
		}
		x := share{num: 1, n: 1}
		if amount != "" {
			x.num = hundredths(s.text(amount))
		}
		for m, _ := time.Parse("2006-01", month(first)); m.Format(time.DateOnly) <= lastDay; m = m.AddDate(0, 1, 0) {
			end := min(m.AddDate(0, 1, -1).Format(time.DateOnly), lastDay)
			if first <= end && end < gone {
				put(m.Format("2006-01"), "", x)
			}
		}
	}}
}

// persons sums up a number that documents state, in two flows.
func persons(from, date string, w when, field string, x func(v int64) share) count {
	return count{from: from, add: func(s *Record, put func(string, string, share)) {
		if d := s.day(date); d != "" && w(s) && s.text(field) != "" {
			put(month(d), "", x(hundredths(s.text(field))/100))
		}
	}}
}

func toNum(v int64) share  { return share{num: v, divided: true} }
func toDen(v int64) share  { return share{den: v, n: 1, divided: true} }
func toFlow(v int64) share { return share{num: v, n: 1} }

// hundredths reads a number with at most two decimals.
func hundredths(text string) int64 {
	var whole, cents int64
	if n, _ := fmt.Sscanf(text, "%d.%02d", &whole, &cents); n == 0 {
		return 0
	}
	return whole*100 + cents
}

// by lets a count belong to another organ than the one that sends it.
func by(organ string, all ...count) []count {
	for i := range all {
		all[i].organ = organ
	}
	return all
}
