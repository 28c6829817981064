package clock

import (
	"fmt"
	"math"
	"time"
)

// day is a legal day (日) counted from 1970-01-01; it has no clock and no zone.
type day int32

// none stands for a day that is not known.
const none day = math.MinInt32

const secondsPerDay = 24 * 60 * 60

// civil returns the day of a calendar date; months outside 1..12 carry over.
func civil(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// parseDay reads YYYY-MM-DD.
func parseDay(text string) (day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return none, fmt.Errorf("%q is not a date: write YYYY-MM-DD", text)
	}
	return civil(t.Date()), nil
}

// time returns midnight UTC of the day, which is how Date32 columns take it.
func (d day) time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String prints YYYY-MM-DD, or nothing when the day is not known.
func (d day) String() string {
	if d == none {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// addMonths goes to the same day of the later month, or to its last day when it has none.
func (d day) addMonths(n int) day {
	y, m, date := d.time().Date()
	last := civil(y, m+time.Month(n)+1, 1) - 1
	same := civil(y, m+time.Month(n), 1) + day(date) - 1
	return min(same, last)
}

// span is a length of time (期间) as the law states it: months, then days, then hours.
type span struct{ Months, Days, Hours int }

// isZero reports whether no length is stated.
func (s span) isZero() bool { return s == span{} }

// after adds the months and days of the span to a day that is not itself counted.
func (d day) after(s span) day { return d.addMonths(s.Months) + day(s.Days) }

// moment is a minute counted from 1970-01-01 00:00 of legal time.
type moment int64

const minutesPerDay = 24 * 60

// at returns the moment of a minute of the day.
func (d day) at(minute int) moment { return moment(int64(d)*minutesPerDay + int64(minute)) }

// day returns the day in which the moment lies.
func (m moment) day() day { return day(math.Floor(float64(m) / minutesPerDay)) }

// dueAfterHours is the end of a limit in hours (时): the running hour is not
// counted, counting begins with the next full hour.
func (m moment) dueAfterHours(hours int) moment {
	whole := m - m.mod(60)
	return whole + moment(60*(hours+1))
}

// mod is the remainder that is never negative.
func (m moment) mod(n moment) moment { return ((m % n) + n) % n }
