package decode

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDaysAgreeWithTime(t *testing.T) {
	day := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	for range 400 * 366 {
		day = day.AddDate(0, 0, 1)
		got, ok := parseDate([]byte(day.Format(time.DateOnly)))
		if want := day.Year() <= 2299; ok != want {
			t.Fatalf("%s: taken = %v", day.Format(time.DateOnly), ok)
		}
		if !ok {
			return
		}
		if want := day.Unix() / 86400; int64(got) != want && day.Unix()%86400 == 0 {
			t.Fatalf("%s: %d, want %d", day.Format(time.DateOnly), got, want)
		}
		if y, m, d := civil(got); y != day.Year() || m != int(day.Month()) || d != day.Day() {
			t.Fatalf("%s came back as %d-%d-%d", day.Format(time.DateOnly), y, m, d)
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]bool{
		"2024-02-29": true, "2023-02-29": false, "1900-02-29": false, "2000-02-29": true, "2025-13-01": false, "2025-00-10": false,
		"2025-04-31": false, "2025-4-01": false, "2025/04/01": false, "1899-12-31": false, "2300-01-01": false, "２０２５-01": false, "": false,
	} {
		if _, ok := parseDate([]byte(text)); ok != want {
			t.Errorf("%q: taken = %v", text, ok)
		}
	}
}

func TestInstantsAgreeWithTime(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(-2208900000000, 10000000000000).Draw(r, "ms")).In(time.FixedZone("", 60*rapid.IntRange(-1439, 1439).Draw(r, "zone")))
		if at.Year() < 1900 || at.Year() > 2299 {
			return
		}
		ms, code := parseInstant([]byte(at.Format("2006-01-02T15:04:05.000Z07:00")))
		if code != "" || ms != at.UnixMilli() {
			r.Fatalf("%s: %d %s, want %d", at, ms, code, at.UnixMilli())
		}
		if want := int32(floor(at.UnixMilli()+8*3600000, 86400000)); days(ms) != want {
			r.Fatalf("%s: day %d, want %d", at, days(ms), want)
		}
	})
	for text, want := range map[string]string{
		"2025-01-01T08:00:00+08:00": "", "2025-01-01T08:00:00Z": "", "2025-01-01T08:00:00.1234567+08:00": "",
		"2025-01-01T08:00:00": codeNoZone, "2025-01-01T08:00:00.5": codeNoZone, "2025-01-01 08:00:00+08:00": codeNotADate, "2025-01-01": codeNotADate,
		"2025-01-01T24:00:00+08:00": codeNotADate, "2025-01-01T08:00:60+08:00": codeNotADate, "2025-01-01T08:00:00+0800": codeNotADate, "2025-01-01T08:00:00.+08:00": codeNotADate, "2025-02-30T08:00:00Z": codeNotADate,
	} {
		if _, code := parseInstant([]byte(text)); code != want {
			t.Errorf("%q: %q, want %q", text, code, want)
		}
	}
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]bool{"0": true, "18446744073709551615": true, "18446744073709551616": false, "-1": false, "1.5": false, "1e3": false, "": false, "99999999999999999999": false} {
		v, ok := parseUint([]byte(text))
		if ok != want || (ok && strconv.FormatUint(v, 10) != text) {
			t.Errorf("uint %q: %d %v", text, v, ok)
		}
	}
	for text, want := range map[string]int64{"0": 0, "1": 100, "1.5": 150, "1.05": 105, "-12.34": -1234, "9999999999999999.99": 999999999999999999} {
		if v, ok := parseDecimal([]byte(text)); !ok || v != want {
			t.Errorf("decimal %q: %d %v", text, v, ok)
		}
	}
	for _, text := range []string{"", ".5", "1.", "1.234", "1e2", "10000000000000000", "一", "1,000", "--1", "+1"} {
		if v, ok := parseDecimal([]byte(text)); ok {
			t.Errorf("decimal %q became %d", text, v)
		}
	}
	if v, ok := parseInt([]byte("-9223372036854775807")); !ok || v != -9223372036854775807 {
		t.Error(v, ok)
	}
}

func TestMaskShowsShapeOnly(t *testing.T) {
	for _, c := range []struct {
		value, want string
		personal    bool
	}{
		{"张三丰", "某某某", true},
		{"11010119900307123X", "99999999999999999a", true},
		{"Li Wei", "aa aaa", true},
		{"（2024）浙01刑初12号", "（9999）某99某某99某", false},
		{"12/03/2025", "99/99/9999", false},
		{"approvd", "approvd", false},
		{"１２", "99", false},
		{"Жук", "aaa", false},
		{"a\x00b", "a b", false},
	} {
		if got := string(mask(nil, []byte(c.value), c.personal)); got != c.want {
			t.Errorf("%q: %q, want %q", c.value, got, c.want)
		}
	}
}
