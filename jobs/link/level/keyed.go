package level

import (
	_ "embed"
	"errors"

	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

//go:embed keyed.yaml
var keyed []byte

// Keyed is the plan for records whose values were replaced by keys: the same
// comparisons and blocks, and levels that need only equality of keys.
func Keyed() (*Plan, error) { return Parse(keyed) }

// OfHash is the plan of this program that has a hash.
func OfHash(hash string) (*Plan, error) {
	for _, load := range []func() (*Plan, error){Standard, Keyed} {
		p, err := load()
		if err != nil || p.Hash == hash {
			return p, err
		}
	}
	return nil, errors.New("the levels of the run are not those of this program: link again")
}

// meet reports whether two lists in order have a key in common.
func meet(x, y []uint64) bool {
	for i, k := 0, 0; i < len(x) && k < len(y); {
		switch {
		case x[i] == y[k]:
			return true
		case x[i] < y[k]:
			i++
		default:
			k++
		}
	}
	return false
}

// keyedConditions are the words that read keys in place of values. They fail on a
// table of clear values, so that a plan never reads the wrong one.
func keyedConditions() map[string]condition {
	number := func(f func(x, y *record.Parts) bool, valid bool) condition {
		return func(t *record.Table, a, b *record.Row) bool {
			return (a.Valid && b.Valid) == valid && f(&t.Keyed.Numbers[a.Number], &t.Keyed.Numbers[b.Number])
		}
	}
	near := func(x, y *record.Parts) bool { return meet(x.Near, y.Near) }
	two := func(x, y *record.Parts) bool {
		same := 0
		for _, p := range [3][2]uint64{{x.Region, y.Region}, {x.Birth, y.Birth}, {x.Running, y.Running}} {
			if p[0] != 0 && p[0] == p[1] {
				same++
			}
		}
		return same >= 2
	}
	birth := func(f func(x, y *record.Birth) bool) condition {
		return func(t *record.Table, a, b *record.Row) bool {
			return f(&t.Keyed.Births[a.Birth], &t.Keyed.Births[b.Birth])
		}
	}
	region := func(of func(*record.Region) uint64) condition {
		return func(t *record.Table, a, b *record.Row) bool {
			x := of(&t.Keyed.Regions[a.Region])
			return x != 0 && x == of(&t.Keyed.Regions[b.Region])
		}
	}
	return map[string]condition{
		"name_keys_meet": func(t *record.Table, a, b *record.Row) bool {
			return meet(t.Keyed.Names[a.Name].Text, t.Keyed.Names[b.Name].Text)
		},
		"sound_keys_meet": func(t *record.Table, a, b *record.Row) bool {
			return meet(t.Keyed.Names[a.Name].Sound, t.Keyed.Names[b.Name].Sound)
		},

		"id_keys_meet_invalid": number(near, false), "id_keys_meet_valid": number(near, true),
		"id_key_parts_invalid": number(two, false), "id_key_parts_valid": number(two, true),
		"id_key_birth": func(t *record.Table, a, b *record.Row) bool {
			x := t.Keyed.Numbers[a.Number].Birth
			return x != 0 && x == t.Keyed.Numbers[b.Number].Birth
		},

		"birth_key_day":       birth(func(x, y *record.Birth) bool { return x.Day != 0 && x.Day == y.Day }),
		"birth_keys_meet":     birth(func(x, y *record.Birth) bool { return x.Turned != 0 && x.Turned == y.Turned || meet(x.Near, y.Near) }),
		"birth_key_coarse":    birth(func(x, y *record.Birth) bool { return x.Year == y.Year && (x.Coarse || y.Coarse) }),
		"birth_key_month_day": birth(func(x, y *record.Birth) bool { return x.MonthDay != 0 && x.MonthDay == y.MonthDay }),
		"birth_key_year":      birth(func(x, y *record.Birth) bool { return x.Year == y.Year }),
		"birth_key_span":      birth(func(x, y *record.Birth) bool { return x.Spans[0] == y.Spans[0] || x.Spans[1] == y.Spans[1] }),

		"region_key_county":   region(func(r *record.Region) uint64 { return r.County }),
		"region_key_city":     region(func(r *record.Region) uint64 { return r.City }),
		"region_key_province": region(func(r *record.Region) uint64 { return r.Province }),
	}
}

// keyedParts are the words of blocking keys that read keys in place of values.
func keyedParts() map[string]part {
	birth := func(t *record.Table, b normal.Birth) *record.Birth { return &t.Keyed.Births[b] }
	return map[string]part{
		"birth_key":  func(t *record.Table, r *record.Row) uint64 { return birth(t, r.Birth).Day },
		"year_key":   func(t *record.Table, r *record.Row) uint64 { return birth(t, r.Birth).Year },
		"city_key":   func(t *record.Table, r *record.Row) uint64 { return t.Keyed.Regions[r.Region].City },
		"county_key": func(t *record.Table, r *record.Row) uint64 { return t.Keyed.Regions[r.Region].County },
	}
}
