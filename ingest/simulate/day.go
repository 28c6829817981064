package simulate

import "time"

// day is a civil date as days since 1970-01-01. The simulator has its own date
// code so that its truth shares no arithmetic with the rules it is a truth for.
type day int32

// none is the absent date (未记录).
const none day = -1 << 31

// present says whether the date is recorded.
func (d day) present() bool { return d != none }

// dayOf is the civil date of t in its own location.
func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return dateOf(y, int(m), d)
}

// dateOf turns a civil date into a day (Howard Hinnant's published algorithm).
func dateOf(y, m, d int) day {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	mp := (m + 9) % 12
	doy := (153*mp+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return day(era*146097 + doe - 719468)
}

// civil is the inverse of dateOf.
func (d day) civil() (y, m, dd int) {
	z := int(d) + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	y = yoe + era*400
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dd = doy - (153*mp+2)/5 + 1
	m = mp + 3
	if m > 12 {
		m -= 12
	}
	if m <= 2 {
		y++
	}
	return y, m, dd
}

func (d day) year() int {
	y, _, _ := d.civil()
	return y
}

// month counts months since year 0.
func (d day) month() int32 {
	y, m, _ := d.civil()
	return int32(y*12 + m - 1)
}

func (d day) dayOfMonth() int {
	_, _, n := d.civil()
	return n
}

// weekday is 0 for Sunday.
func (d day) weekday() int { return int(((int64(d)+4)%7 + 7) % 7) }

func monthLength(y, m int) int {
	next := dateOf(y+m/12, m%12+1, 1)
	return int(next - dateOf(y, m, 1))
}

// plusMonths is the same day of the later month, or that month's last day.
func (d day) plusMonths(n int) day {
	y, m, dd := d.civil()
	t := y*12 + m - 1 + n
	y, m = t/12, t%12+1
	return dateOf(y, m, min(dd, monthLength(y, m)))
}

func (d day) append(b []byte) []byte {
	y, m, dd := d.civil()
	return append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+dd/10), byte('0'+dd%10))
}

// String is YYYY-MM-DD, or nothing for an absent date.
func (d day) String() string {
	if !d.present() {
		return ""
	}
	return string(d.append(nil))
}

func latest(days ...day) day {
	m := none
	for _, d := range days {
		m = max(m, d)
	}
	return m
}
