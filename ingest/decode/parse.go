package decode

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// parseUint reads decimal digits that fit into 64 bits.
func parseUint(b []byte) (uint64, bool) {
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	var v uint64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		digit := uint64(c - '0')
		if v > (math.MaxUint64-digit)/10 {
			return 0, false
		}
		v = v*10 + digit
	}
	return v, true
}

// parseInt reads an optional minus and digits that fit into 64 bits.
func parseInt(b []byte) (int64, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	v, ok := parseUint(b)
	if !ok || v > math.MaxInt64 {
		return 0, false
	}
	if negative {
		return -int64(v), true
	}
	return int64(v), true
}

// parseDecimal reads an amount with at most two decimals, in hundredths; at
// most sixteen digits before the point.
func parseDecimal(b []byte) (int64, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	whole, point := len(b), false
	for i, c := range b {
		if c == '.' {
			whole, point = i, true
			break
		}
	}
	v, ok := parseUint(b[:whole])
	if !ok || whole > 16 {
		return 0, false
	}
	cents := uint64(0)
	if point {
		part := b[whole+1:]
		if cents, ok = parseUint(part); !ok || len(part) > 2 {
			return 0, false
		}
		if len(part) == 1 {
			cents *= 10
		}
	}
	n := int64(v*100 + cents)
	if negative {
		n = -n
	}
	return n, true
}

// parseDate reads YYYY-MM-DD into days since 1970; years 1900 to 2299, which
// is what Date32 holds.
func parseDate(b []byte) (int32, bool) {
	if len(b) != 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	y, okY := parseUint(b[:4])
	m, okM := parseUint(b[5:7])
	day, okD := parseUint(b[8:])
	if !okY || !okM || !okD || y < 1900 || y > 2299 || m < 1 || m > 12 || day < 1 || int(day) > monthLength(int(y), int(m)) {
		return 0, false
	}
	return epochDays(int(y), int(m), int(day)), true
}

func monthLength(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// epochDays counts days from 1970-01-01 in the proleptic Gregorian calendar.
func epochDays(y, m, d int) int32 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468)
}

// civil is the inverse of epochDays.
func civil(z int32) (y, m, d int) {
	n := int(z) + 719468
	era := n / 146097
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	y = yoe + era*400
	if m > 12 {
		m -= 12
		y++
	}
	return y, m, d
}

// beijing is the offset of 北京时间 since 1991, in milliseconds.
const beijing = 8 * 3600 * 1000

// days is the legal day of an instant, in Beijing time.
func days(ms int64) int32 {
	ms += beijing
	d := ms / 86400000
	if ms%86400000 < 0 {
		d--
	}
	return int32(d)
}

// parseInstant reads RFC 3339 with an offset into milliseconds since 1970;
// finer digits are cut. The code says what is wrong: date_without_zone or not_a_date.
func parseInstant(b []byte) (int64, string) {
	if len(b) < 19 || (b[10] != 'T' && b[10] != 't') || b[13] != ':' || b[16] != ':' {
		return 0, codeNotADate
	}
	date, ok := parseDate(b[:10])
	h, okH := parseUint(b[11:13])
	m, okM := parseUint(b[14:16])
	s, okS := parseUint(b[17:19])
	if !ok || !okH || !okM || !okS || h > 23 || m > 59 || s > 59 {
		return 0, codeNotADate
	}
	ms, rest := int64(date)*86400000+int64(h*3600+m*60+s)*1000, b[19:]
	if len(rest) > 0 && rest[0] == '.' {
		n, unit := 1, int64(100)
		for ; n < len(rest) && rest[n] >= '0' && rest[n] <= '9'; n++ {
			ms += int64(rest[n]-'0') * unit
			unit /= 10
		}
		if n == 1 {
			return 0, codeNotADate
		}
		rest = rest[n:]
	}
	if len(rest) == 0 {
		return 0, codeNoZone
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return 0, codeNotADate
	}
	return ms - offset, ""
}

func parseOffset(b []byte) (int64, bool) {
	if len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true
	}
	if len(b) != 6 || (b[0] != '+' && b[0] != '-') || b[3] != ':' {
		return 0, false
	}
	h, okH := parseUint(b[1:3])
	m, okM := parseUint(b[4:])
	if !okH || !okM || h > 23 || m > 59 {
		return 0, false
	}
	ms := int64(h*3600+m*60) * 1000
	if b[0] == '-' {
		ms = -ms
	}
	return ms, true
}

// maskLimit is how many characters of a bad value are shown in shape.
const maskLimit = 64

// mask appends the shape of a bad value: digits become 9, Han characters 某,
// and in a personal field every other letter a. Punctuation stays.
func mask(dst, value []byte, personal bool) []byte {
	for n := 0; len(value) > 0 && n < maskLimit; n++ {
		r, size := utf8.DecodeRune(value)
		value = value[size:]
		switch {
		case unicode.IsDigit(r):
			dst = append(dst, '9')
		case unicode.Is(unicode.Han, r):
			dst = append(dst, "某"...)
		case unicode.IsPunct(r):
			dst = utf8.AppendRune(dst, r)
		case r > unicode.MaxASCII || (personal && unicode.IsLetter(r)):
			dst = append(dst, 'a')
		case r < ' ':
			dst = append(dst, ' ')
		default:
			dst = append(dst, byte(r))
		}
	}
	return dst
}
