package level

import (
	"maps"

	"hengjian/jobs/link/record"
)

// part is one component of a key; 0 means that it is missing.
type part func(t *record.Table, r *record.Row) uint64

// parts are the words of keys.
func parts() map[string]part {
	all := map[string]part{
		"id":      func(_ *record.Table, r *record.Row) uint64 { return uint64(r.Number) },
		"id_tail": func(t *record.Table, r *record.Row) uint64 { return t.Numbers[r.Number].Tail },
		"id_ends": func(t *record.Table, r *record.Row) uint64 { return t.Numbers[r.Number].Ends },
		"name":    func(t *record.Table, r *record.Row) uint64 { return uint64(t.Names[r.Name].Sense) },
		"sound":   func(t *record.Table, r *record.Row) uint64 { return uint64(t.Names[r.Name].Sound) },
		"surname": func(t *record.Table, r *record.Row) uint64 { return uint64(t.Names[r.Name].Surname) },
		"birth": func(_ *record.Table, r *record.Row) uint64 {
			b := r.Birth
			if b%100 == 0 {
				return 0
			}
			return uint64(b)
		},
		"birth_year": func(_ *record.Table, r *record.Row) uint64 { return uint64(r.Birth / 10_000) },
		"city": func(_ *record.Table, r *record.Row) uint64 {
			if r.Region/100%100 == 0 {
				return 0
			}
			return uint64(r.Region / 100)
		},
		"county": func(_ *record.Table, r *record.Row) uint64 {
			if r.Region%100 == 0 {
				return 0
			}
			return uint64(r.Region)
		},
		"phone":   func(_ *record.Table, r *record.Row) uint64 { return uint64(r.Phone) },
		"address": func(_ *record.Table, r *record.Row) uint64 { return uint64(r.Address) },
		"chain":   func(_ *record.Table, r *record.Row) uint64 { return uint64(r.Chain) },
	}
	maps.Copy(all, keyedParts())
	return all
}

// compile finds the parts of a rule's keys.
func (r *Rule) compile(fault func(string, ...any)) {
	known := parts()
	find := func(words []string) []part {
		var out []part
		for _, word := range words {
			p, ok := known[word]
			if !ok {
				fault("%s: key part %q is unknown", r.ID, word)
				continue
			}
			out = append(out, p)
		}
		return out
	}
	if len(r.Parts) == 0 {
		fault("%s: a key has one part at least", r.ID)
	}
	r.parts, r.split = find(r.Parts), find(r.Split)
}

// Key is the key of a row, 0 when a part is missing.
func (r *Rule) Key(t *record.Table, row *record.Row) uint64 { return key(r.parts, t, row) }

// SplitKey divides a block that is too large; 0 when a part is missing or the
// rule has no further parts.
func (r *Rule) SplitKey(t *record.Table, row *record.Row) uint64 { return key(r.split, t, row) }

// Same reports whether both rows have the rule's key and share it.
func (r *Rule) Same(t *record.Table, a, b *record.Row) bool {
	for _, p := range r.parts {
		v := p(t, a)
		if v == 0 || v != p(t, b) {
			return false
		}
	}
	return true
}

func key(ps []part, t *record.Table, row *record.Row) uint64 {
	if len(ps) == 0 {
		return 0
	}
	h := uint64(0)
	for _, p := range ps {
		v := p(t, row)
		if v == 0 {
			return 0
		}
		h = spread(h ^ v)
	}
	return h | 1
}

// spread mixes 64 bits one to one (the finaliser of SplitMix64).
func spread(h uint64) uint64 {
	h += 0x9E3779B97F4A7C15
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}

// Rule is the rule of a training block.
func (t *Training) Rule() *Rule { return &t.rule }
