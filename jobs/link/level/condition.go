package level

import (
	"bytes"

	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

// condition decides a level; it is symmetric in a and b, both of which have the value.
type condition func(t *record.Table, a, b *record.Row) bool

// values are the words for "given".
func values() map[string]func(*record.Row) bool {
	return map[string]func(*record.Row) bool{
		"name":    func(r *record.Row) bool { return r.Name != 0 },
		"id":      func(r *record.Row) bool { return r.Number != 0 },
		"birth":   func(r *record.Row) bool { return r.Birth != 0 },
		"sex":     func(r *record.Row) bool { return r.Sex != 0 },
		"region":  func(r *record.Row) bool { return r.Region != 0 },
		"phone":   func(r *record.Row) bool { return r.Phone != 0 },
		"address": func(r *record.Row) bool { return r.Address != 0 },
		"ethnic":  func(r *record.Row) bool { return r.Ethnic != 0 },
		"docket":  func(r *record.Row) bool { return r.Docket != 0 },
	}
}

// conditions are the words for levels.
func conditions() map[string]condition {
	all := map[string]condition{}
	for _, some := range []map[string]condition{nameConditions(), idConditions(), birthConditions(), otherConditions(), keyedConditions()} {
		for word, c := range some {
			all[word] = c
		}
	}
	return all
}

func nameConditions() map[string]condition {
	return map[string]condition{
		"name_equal": func(t *record.Table, a, b *record.Row) bool {
			return t.Names[a.Name].Sense == t.Names[b.Name].Sense
		},
		"name_class": func(t *record.Table, a, b *record.Row) bool { return t.Names[a.Name].Class == t.Names[b.Name].Class },
		"name_sound": func(t *record.Table, a, b *record.Row) bool { return t.Names[a.Name].Sound == t.Names[b.Name].Sound },
		"name_parts": func(t *record.Table, a, b *record.Row) bool {
			return t.Names[a.Name].Parts != 0 && t.Names[a.Name].Parts == t.Names[b.Name].Parts
		},
		"name_edit1": func(t *record.Table, a, b *record.Row) bool {
			x, y := t.Names[a.Name].Runes, t.Names[b.Name].Runes
			return max(len(x), len(y)) >= 3 && edits(x, y, 1) <= 1
		},
		"name_near_sound": func(t *record.Table, a, b *record.Row) bool {
			x, y := &t.Names[a.Name], &t.Names[b.Name]
			return soundsNear(x.Pinyin, y.Pinyin, x.Letters, y.Letters, 0.92)
		},
		"surname_equal": func(t *record.Table, a, b *record.Row) bool {
			return t.Names[a.Name].Surname == t.Names[b.Name].Surname
		},
	}
}

func idConditions() map[string]condition {
	within := func(t *record.Table, a, b *record.Row, limit int) bool {
		x, y := &t.Numbers[a.Number], &t.Numbers[b.Number]
		return edits(x.Text[:x.Len], y.Text[:y.Len], limit) <= limit
	}
	return map[string]condition{
		"id_equal":         func(_ *record.Table, a, b *record.Row) bool { return a.Number == b.Number },
		"id_edit1_invalid": func(t *record.Table, a, b *record.Row) bool { return !(a.Valid && b.Valid) && within(t, a, b, 1) },
		"id_edit1_valid":   func(t *record.Table, a, b *record.Row) bool { return a.Valid && b.Valid && within(t, a, b, 1) },
		"id_edit2_invalid": func(t *record.Table, a, b *record.Row) bool { return !(a.Valid && b.Valid) && within(t, a, b, 2) },
		"id_parts_invalid": func(t *record.Table, a, b *record.Row) bool { return !(a.Valid && b.Valid) && twoParts(t, a, b) },
		"id_parts_valid":   func(t *record.Table, a, b *record.Row) bool { return a.Valid && b.Valid && twoParts(t, a, b) },
		"id_birth": func(t *record.Table, a, b *record.Row) bool {
			x, y := &t.Numbers[a.Number], &t.Numbers[b.Number]
			return x.Len == 18 && y.Len == 18 && bytes.Equal(x.Text[6:14], y.Text[6:14])
		},
	}
}

// twoParts reports whether two of region, birth and running number are equal.
func twoParts(t *record.Table, a, b *record.Row) bool {
	x, y := &t.Numbers[a.Number], &t.Numbers[b.Number]
	if x.Len != 18 || y.Len != 18 {
		return false
	}
	same := 0
	for _, p := range [3][2]int{{0, 6}, {6, 14}, {14, 17}} {
		if bytes.Equal(x.Text[p[0]:p[1]], y.Text[p[0]:p[1]]) {
			same++
		}
	}
	return same >= 2
}

func birthConditions() map[string]condition {
	full := func(x normal.Birth) bool { return x%100 != 0 }
	day := func(f func(x, y normal.Birth) bool) condition { // both are full dates
		return func(_ *record.Table, a, b *record.Row) bool {
			x, y := a.Birth, b.Birth
			return full(x) && full(y) && f(x, y)
		}
	}
	year := func(f func(x, y int) bool) condition {
		return func(_ *record.Table, a, b *record.Row) bool {
			return f(int(a.Birth)/10_000, int(b.Birth)/10_000)
		}
	}
	return map[string]condition{
		"birth_equal": day(func(x, y normal.Birth) bool { return x == y }),
		"birth_slip": day(func(x, y normal.Birth) bool {
			swapped := x/10_000 == y/10_000 && x/100%100 == y%100 && x%100 == y/100%100
			return swapped || slip(int(x), int(y))
		}),
		"birth_coarse": func(_ *record.Table, a, b *record.Row) bool {
			x, y := a.Birth, b.Birth
			return x/10_000 == y/10_000 && (x.Coarse() || y.Coarse())
		},
		"birth_other_year": day(func(x, y normal.Birth) bool {
			apart := x/10_000 - y/10_000
			return x%10_000 == y%10_000 && (apart == 1 || apart == -1 || apart == 10 || apart == -10)
		}),
		"birth_near": day(func(x, y normal.Birth) bool {
			apart := x.Days() - y.Days()
			return apart >= -50 && apart <= 50
		}),
		"birth_year":      year(func(x, y int) bool { return x == y }),
		"birth_near_year": year(func(x, y int) bool { return x-y <= 1 && y-x <= 1 }),
	}
}

// slip reports whether month and day of two dates of one year differ in one
// digit or in one exchanged pair of neighbours, or one digit of the year differs
// and nothing else.
func slip(x, y int) bool {
	differ, at, last, before := 0, -2, 0, 0
	exchanged := false
	for i := range 8 {
		p, q := x%10, y%10
		x, y = x/10, y/10
		if p != q {
			differ++
			exchanged = differ == 2 && at == i-1 && p == before && q == last
			at, last, before = i, p, q
		}
	}
	return differ <= 1 || differ == 2 && exchanged
}

func otherConditions() map[string]condition {
	county := func(code uint32) bool { return code%100 != 0 }
	return map[string]condition{
		"sex_equal":     func(_ *record.Table, a, b *record.Row) bool { return a.Sex == b.Sex },
		"region_county": func(_ *record.Table, a, b *record.Row) bool { return a.Region == b.Region && county(a.Region) },
		"region_city": func(_ *record.Table, a, b *record.Row) bool {
			return a.Region/100 == b.Region/100 && a.Region/100%100 != 0
		},
		"region_province": func(_ *record.Table, a, b *record.Row) bool { return a.Region/10_000 == b.Region/10_000 },
		"phone_equal":     func(_ *record.Table, a, b *record.Row) bool { return a.Phone == b.Phone },
		"address_equal":   func(_ *record.Table, a, b *record.Row) bool { return a.Address == b.Address },
		"street_equal":    func(_ *record.Table, a, b *record.Row) bool { return a.Street == b.Street },
		"ethnic_minority": func(_ *record.Table, a, b *record.Row) bool { return a.Ethnic == b.Ethnic && a.Ethnic != 1 },
		"ethnic_equal":    func(_ *record.Table, a, b *record.Row) bool { return a.Ethnic == b.Ethnic },
		"docket_equal":    func(_ *record.Table, a, b *record.Row) bool { return a.Docket == b.Docket },
		"docket_cites":    func(_ *record.Table, a, b *record.Row) bool { return a.Cites == b.Docket || b.Cites == a.Docket },
		"chain_equal":     func(_ *record.Table, a, b *record.Row) bool { return a.Chain != 0 && a.Chain == b.Chain },
	}
}
