package recount

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Cell is one value of an indicator: an organ's own, or with all that it leads.
type Cell struct{ Indicator, Organ, Period, Dim string }

// Sum is what a cell adds up to, Num and Den in units, money in hundredths.
type Sum struct {
	Num, Den, N, Und int64
	Divided          bool
}

// plus adds a share.
func (s Sum) plus(x Sum) Sum {
	return Sum{s.Num + x.Num, s.Den + x.Den, s.N + x.N, s.Und + x.Und, s.Divided || x.Divided}
}

// Indicators are the ids that the table knows, in order.
func Indicators() []string { return slices.Sorted(maps.Keys(truths())) }

// Split says by which dimensions an indicator is also shown, and whether it
// belongs to the procuratorate that supervises the organ.
type Split struct {
	Slices     []string
	Supervisor bool
}

// Months counts every indicator by organ, month and dim.
func Months(records []*Record, split map[string]Split) map[Cell]Sum {
	byKind := map[string][]*Record{}
	for _, r := range records {
		byKind[r.Kind] = append(byKind[r.Kind], r)
		if !slices.Contains([]string{"organ", "verdict", "statement", "filed"}, r.Kind) {
			byKind["every"] = append(byKind["every"], r)
		}
	}
	supervisor := supervisors(byKind["organ"])
	out := map[Cell]Sum{}
	for id, counts := range truths() {
		for _, c := range counts {
			for _, r := range byKind[c.from] {
				organ := r.Organs[c.organField()]
				if above := supervisor[organ]; split[id].Supervisor && above != "" {
					organ = above
				}
				if organ == "" {
					continue
				}
				c.add(r, func(month, dim string, x share) {
					add := func(dim string) {
						at := Cell{id, organ, month, dim}
						out[at] = out[at].plus(Sum{x.num, x.den, x.n, x.und, x.divided})
					}
					add(dim)
					if dim != "" {
						return
					}
					for _, by := range split[id].Slices {
						v := r.text(by)
						if v == "" {
							v = "unrecorded"
						}
						add(by + "=" + v)
					}
				})
			}
		}
	}
	return out
}

// supervisors maps an organ to the procuratorate that supervises it.
func supervisors(organs []*Record) map[string]string {
	ids, out := map[string]string{}, map[string]string{}
	for _, o := range organs {
		ids[o.text("code")] = o.text("organ_id")
	}
	for _, o := range organs {
		if above := ids[o.text("supervised_by")]; above != "" {
			out[o.text("organ_id")] = above
		}
	}
	return out
}

// Above lists for every procuratorate the procuratorates that stand above it,
// itself first.
func Above(records []*Record) map[string][]string {
	ids, led := map[string]string{}, map[string]string{}
	for _, o := range records {
		if o.Kind == "organ" && o.text("system") == "procuratorate" {
			ids[o.text("code")] = o.text("organ_id")
			led[o.text("organ_id")] = o.text("led_by")
		}
	}
	out := map[string][]string{}
	for id := range led {
		for at := id; at != ""; at = ids[led[at]] {
			out[id] = append(out[id], at)
		}
	}
	return out
}

// Stocks are the ids whose longer periods show their last month.
func Stocks() []string {
	return []string{"EX03a", "EX04a", "EX04c", "EX04d", "EX06a", "PI04", "PT01b", "PT01e", "SV06a", "SV08a", "SV08d", "TR03a"}
}

// Periods sums up months by the organs above and by a kind of period: quarter,
// half, year or ytd. Of stocks the last month counts.
func Periods(months map[Cell]Sum, above map[string][]string, kind string) map[Cell]Sum {
	out := map[Cell]Sum{}
	for c, s := range months {
		for _, p := range periodsOf(c.Period, kind, slices.Contains(Stocks(), c.Indicator)) {
			for _, organ := range above[c.Organ] {
				at := Cell{c.Indicator, organ, p, c.Dim}
				out[at] = out[at].plus(s)
			}
		}
	}
	return out
}

// periodsOf are the periods of a kind to which a month adds; to those of a stock
// only the last month that the country covers.
func periodsOf(month, kind string, stock bool) []string {
	year, text, _ := strings.Cut(month, "-")
	m, _ := strconv.Atoi(text)
	last, covered := 12, 12
	if year == lastDay[:4] {
		covered, _ = strconv.Atoi(lastDay[5:7])
	}
	var names []string
	switch kind {
	case "quarter":
		names, last = []string{fmt.Sprintf("%sQ%d", year, (m+2)/3)}, (m+2)/3*3
	case "half":
		names, last = []string{fmt.Sprintf("%sH%d", year, (m+5)/6)}, (m+5)/6*6
	case "year":
		names = []string{year}
	case "ytd":
		for to := m; to <= max(m, covered); to++ {
			if !stock || to == m {
				names = append(names, fmt.Sprintf("%s-%02d", year, to))
			}
		}
		return names
	}
	if stock && m != min(last, covered) {
		return nil
	}
	return names
}
