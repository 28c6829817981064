package identifier

import (
	"slices"
	"strings"
	"time"
)

// Region is one entry of the register of administrative divisions (行政区划).
type Region struct {
	Code, Name, Level, Parent string    // Level: province, prefecture or county
	ValidFrom, ValidTo        time.Time // zero: unknown start, still valid
	Note                      string
}

// In reports whether the entry was valid on a day; the day of its end is not
// part of it.
func (r Region) In(on time.Time) bool {
	return (r.ValidFrom.IsZero() || !on.Before(r.ValidFrom)) && (r.ValidTo.IsZero() || on.Before(r.ValidTo))
}

// Regions is the register: the edition of 2023-06-30, the divisions of the
// editions from 1980 on, and the dated changes between them. The days of most
// changes are known only as lying between two editions. The production and
// construction corps (兵团) is no region: it is a matter of organs. It never
// changes once loaded.
type Regions struct {
	byCode  map[string][]Region // oldest first
	codes   []string
	changes map[string][]RegionChange // oldest first
	digest  string
}

// Lookup returns the entry of a code on a day; on the zero day the last entry.
func (r *Regions) Lookup(code string, on time.Time) (Region, bool) {
	entries := r.byCode[code]
	for i := len(entries) - 1; i >= 0; i-- {
		if on.IsZero() || entries[i].In(on) {
			return entries[i], true
		}
	}
	return Region{}, false
}

// Known reports whether the code was ever allocated, as far as the register knows.
func (r *Regions) Known(code string) bool { return len(r.byCode[code]) > 0 }

// Entries returns the entries of a code, the oldest first.
func (r *Regions) Entries(code string) []Region { return slices.Clone(r.byCode[code]) }

// All returns every entry by code, then by age.
func (r *Regions) All() []Region {
	var out []Region
	for _, code := range r.codes {
		out = append(out, r.byCode[code]...)
	}
	return out
}

// Provinces returns the provinces in force by code.
func (r *Regions) Provinces() []Region { return r.Under("") }

// Under returns the regions in force whose parent is code, by code.
func (r *Regions) Under(code string) []Region {
	var out []Region
	for _, one := range r.codes {
		entries := r.byCode[one]
		if last := entries[len(entries)-1]; last.Parent == code && last.ValidTo.IsZero() {
			out = append(out, last)
		}
	}
	return out
}

// Province returns the province's code of a region's code, "" for what is no code.
func Province(code string) string {
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return ""
	}
	return code[:2] + "0000"
}

// neverAllocated are the last two digits of county codes that no edition knows:
// the end of the range of county-level cities (81 to 99).
var neverAllocated = []string{"97", "98", "99"}

// NeverAllocated lists county codes that were never allocated (从未启用的县级代码)
// under each prefecture in force. Simulated persons live there, so that no
// simulated number can be a real one.
func (r *Regions) NeverAllocated() []string {
	var out []string
	for _, code := range r.codes {
		last := r.byCode[code][len(r.byCode[code])-1]
		if last.Level != "prefecture" || !last.ValidTo.IsZero() {
			continue
		}
		for _, end := range neverAllocated {
			out = append(out, code[:4]+end)
		}
	}
	return out
}

// IsNeverAllocated reports whether a code is one of NeverAllocated.
func (r *Regions) IsNeverAllocated(code string) bool {
	if len(code) != 6 || !slices.Contains(neverAllocated, code[4:]) || r.Known(code) {
		return false
	}
	entries := r.byCode[code[:4]+"00"]
	return len(entries) > 0 && entries[len(entries)-1].Level == "prefecture" && entries[len(entries)-1].ValidTo.IsZero()
}
