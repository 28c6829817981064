package normal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Birth is a date of birth (出生日期) as yyyymmdd with what is known of it:
// 19860000 is a year, 19860300 a month; 0 is nothing.
type Birth int32

// Birth reads yyyy-mm-dd, yyyymmdd, yyyy-mm or yyyy; anything else is nothing.
func (n *Normaliser) Birth(raw string) Birth {
	v, count := int32(0), 0
	for i := range len(raw) {
		if c := raw[i]; c >= '0' && c <= '9' {
			if count == 8 {
				return 0
			}
			v, count = v*10+int32(c-'0'), count+1
		}
	}
	switch count {
	case 4:
		v *= 10_000
	case 6:
		v *= 100
	case 8:
	default:
		return 0
	}
	if v%10_000 == 0 || v%100 == 0 && v/100%100 <= 12 {
		if year := v / 10_000; year >= 1880 && year <= 2100 {
			return Birth(v)
		}
		return 0
	}
	if !isDay(v) {
		return 0
	}
	return Birth(v)
}

// isDay reports whether yyyymmdd is a day between 1880 and 2100.
func isDay(v int32) bool {
	year, month, day := v/10_000, v/100%100, v%100
	if year < 1880 || year > 2100 || month < 1 || month > 12 || day < 1 {
		return false
	}
	last := [13]int32{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month]
	if month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		last = 29
	}
	return day <= last
}

// Coarse reports whether only the year can be relied on: a year, a month, or
// one of the days that stand for an unknown one (01-01, 07-01).
func (b Birth) Coarse() bool {
	day := int32(b) % 10_000
	return day%100 == 0 || day == 101 || day == 701
}

// Days counts days from a fixed origin; only of a full date.
func (b Birth) Days() int {
	year, month, day := int(b)/10_000, int(b)/100%100, int(b)%100
	if month <= 2 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day
}

// Region brings a region code (行政区划代码) to six digits of the region in force;
// 0 when it is none. Zeros at the end mean that only the level above is known.
func (n *Normaliser) Region(raw string) uint32 {
	if len(raw) != 6 || strings.Trim(raw, "0123456789") != "" {
		return 0
	}
	if next, ok := n.successor[raw]; ok {
		raw = next
	}
	return uint32(number([]byte(raw)))
}

// Sex reads a sex (性别): 1 male, 2 female, 0 nothing of use.
func (n *Normaliser) Sex(raw string) uint8 {
	switch raw {
	case "1", "男":
		return 1
	case "2", "女":
		return 2
	}
	return 0
}

// Ethnic reads the code of an ethnic group (民族, GB/T 3304); 0 nothing of use.
func (n *Normaliser) Ethnic(raw string) uint8 {
	if len(raw) == 2 && raw[0] >= '0' && raw[0] <= '9' && raw[1] >= '0' && raw[1] <= '9' {
		return (raw[0]-'0')*10 + raw[1] - '0'
	}
	return 0
}

// Phone keeps the digits of a telephone number without the country's; "" when
// fewer than seven are left or one digit fills it.
func (n *Normaliser) Phone(raw string) string {
	b := make([]byte, 0, len(raw))
	for _, c := range norm.NFKC.String(raw) {
		if c >= '0' && c <= '9' {
			b = append(b, byte(c))
		}
	}
	if len(b) == 13 && string(b[:2]) == "86" {
		b = b[2:]
	}
	if len(b) < 7 || repeated(b) {
		return ""
	}
	return string(b)
}

// Address returns the whole address in one form and its street: what stands in
// front of the first digit.
func (n *Normaliser) Address(raw string) (whole, street string) {
	text := raw
	if !plain(raw) {
		text = norm.NFKC.String(raw)
	}
	var b strings.Builder
	at := -1
	for _, c := range text {
		if unicode.IsSpace(c) || unicode.IsPunct(c) && c != '-' {
			continue
		}
		if simple, ok := n.simple[c]; ok {
			c = simple
		}
		if at < 0 && c >= '0' && c <= '9' {
			at = b.Len()
		}
		b.WriteRune(c)
	}
	whole = b.String()
	if n.placeholder[whole] || len(whole) < 6 {
		return "", ""
	}
	if at < 0 {
		at = len(whole)
	}
	return whole, whole[:at]
}
