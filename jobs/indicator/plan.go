package indicator

import (
	"slices"
	"strings"
	"time"
)

// The roles that a row of a record can play for an indicator.
const (
	roleNumerator    = "num"
	roleOther        = "other"
	roleDenominator  = "den"
	roleUndetermined = "undetermined"
)

// place says which rows are read and in which organ and month they count. Parts
// of all indicators that have one place share one scan.
type place struct {
	from, organ     string
	supervisor      bool // counted for the supervising procuratorate
	date, otherwise string
	until           string // of a stock
	bins            bool   // counted by whole days besides
	days            Days   // the days of the bins
	distinct        string // column of the pairs (cell, person)
}

// part is one role of one indicator: which rows play it, with what weight.
type part struct {
	place
	indicator string
	role, dim string      // dim of a share, "" = the indicator's own value
	where     *expression // universe and validity included
	weight    string      // SQL of what is added up, "" = one per row
	rows      bool        // its rows are part of n
	inner     bool        // its weight is part of the denominator
	divided   bool        // the indicator has a denominator
	mean      bool        // weighed by days; its denominator counts rows
	slices    []string
}

// planOf turns a definition into parts.
func planOf(ind Indicator) []part {
	p := planner{ind: ind}
	if len(ind.dimValues) > 0 {
		p.shares()
	} else {
		p.of(roleNumerator, "", &ind.Numerator, p.amount(&ind.Numerator), ind.Denominator == nil, ind.Other != nil || ind.Days != nil)
	}
	switch {
	case ind.Denominator != nil:
		p.of(roleDenominator, "", ind.Denominator, p.amount(ind.Denominator), true, true)
	case ind.Other != nil:
		p.of(roleOther, "", ind.Other, p.amount(ind.Other), true, true)
	}
	if ind.Undetermined != nil {
		dims := []string{""}
		if len(ind.dimValues) > 0 {
			dims = ind.dimValues
		}
		for _, dim := range dims {
			p.of(roleUndetermined, dim, ind.Undetermined, "", true, false)
		}
	}
	if ind.Days != nil {
		p.of(roleNumerator, "", &ind.Numerator, "", true, false)
		last := &p.parts[len(p.parts)-1]
		last.bins, last.days, last.slices = true, *ind.Days, nil
	}
	if ind.Distinct != "" {
		p.of(roleNumerator, "", &ind.Numerator, "", true, false)
		last := &p.parts[len(p.parts)-1]
		last.distinct, last.slices = ind.Distinct, nil
	}
	return p.parts
}

// planner collects the parts of one indicator.
type planner struct {
	ind   Indicator
	parts []part
}

// amount is what one row of numerator and denominator adds.
func (p *planner) amount(m *Measure) string {
	sum := orElse(m.Sum, p.ind.Sum)
	switch {
	case p.ind.Days != nil:
		return "ifNull(" + daysSQL(*p.ind.Days) + ", 0)"
	case sum != "" && p.ind.Unit == "元":
		return "toDecimal64(ifNull(" + sum + ", 0), 2)"
	case sum != "":
		return "toInt64(ifNull(" + sum + ", 0))"
	}
	return ""
}

// shares are the parts of a distribution: every value of its dimension shares
// one denominator.
func (p *planner) shares() {
	for _, dim := range p.ind.dimValues {
		for _, other := range p.ind.dimValues {
			role, column, value := roleNumerator, strings.SplitN(other, "=", 2)[0], strings.SplitN(other, "=", 2)[1]
			if other != dim {
				role = roleOther
			}
			p.of(role, dim, &p.ind.Numerator, p.amount(&p.ind.Numerator), true, true, &expression{operator: "=", column: column, values: []string{"'" + value + "'"}})
		}
	}
}

// of adds one part.
func (p *planner) of(role, dim string, m *Measure, weight string, rows, inner bool, more ...*expression) {
	kids := append([]*expression{m.where}, more...)
	if m.From == "" {
		kids = append([]*expression{p.ind.universe}, kids...)
	}
	x := part{
		indicator: p.ind.ID, role: role, dim: dim, weight: weight, rows: rows, inner: inner, divided: p.ind.Divided(), slices: p.ind.Slices,
		mean: p.ind.Days != nil && weight != "",
		place: place{
			from: orElse(m.From, p.ind.From), organ: orElse(m.Organ, p.ind.Organ), date: m.Date, otherwise: m.Otherwise, until: m.Until,
			supervisor: p.ind.Supervisor,
		},
	}
	for _, bound := range [][2]string{{">=", p.ind.ValidFrom}, {"<=", p.ind.ValidTo}} {
		if bound[1] != "" {
			kids = append(kids, &expression{operator: bound[0], column: m.Date, values: []string{"toDate32('" + bound[1] + "')"}})
		}
	}
	x.where = all(kids...)
	p.parts = append(p.parts, x)
}

// orElse is a text or what stands in for it.
func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// all joins conditions by and; nil ones are left out.
func all(kids ...*expression) *expression {
	var out []*expression
	for _, k := range kids {
		if k != nil {
			out = append(out, k)
		}
	}
	switch len(out) {
	case 0:
		return &expression{operator: "all"}
	case 1:
		return out[0]
	}
	return &expression{operator: "and", kids: out}
}

// scan is all parts of one place.
type scan struct {
	place
	parts []part
}

// scansOf groups the parts of indicators by place, in a fixed order.
func scansOf(indicators []Indicator) []scan {
	at := map[place]int{}
	var out []scan
	for _, ind := range indicators {
		for _, p := range planOf(ind) {
			i, ok := at[p.place]
			if !ok {
				i = len(out)
				at[p.place] = i
				out = append(out, scan{place: p.place})
			}
			out[i].parts = append(out[i].parts, p)
		}
	}
	slices.SortStableFunc(out, func(a, b scan) int { return strings.Compare(a.from, b.from) })
	return out
}

// additive says whether what changed since another run, which reckoned by
// another day, can be added to it: the parts follow from single records, and
// what stands at the end of a month does not enter a new month.
func (c *Catalogue) additive(ind Indicator, base, asOf time.Time) bool {
	if ind.Distinct != "" {
		return false
	}
	for _, p := range planOf(ind) {
		source, derived := c.sources[p.from]
		switch {
		case p.from == fromVerdict, derived && (!source.ByRow || p.until != "" || p.where.reckons()):
			return false
		case p.until != "" && (base.Year() != asOf.Year() || base.Month() != asOf.Month()):
			return false
		}
	}
	return true
}

// reckons says whether a condition depends on the day of reckoning (基准日).
func (e *expression) reckons() bool {
	return slices.Contains(e.values, asOfParam) || slices.ContainsFunc(e.kids, (*expression).reckons)
}

// leaving lists the columns of the day on which a row leaves a stock.
func (p place) leaving() []string {
	return strings.FieldsFunc(strings.TrimPrefix(p.until, "least("), func(c rune) bool { return strings.ContainsRune("), ", c) })
}

// reckoned lists the columns of a scan that are held against the day of reckoning.
func (s scan) reckoned() []string {
	var out []string
	if s.until != "" {
		out = append(append(out, s.leaving()...), s.date)
	}
	for _, p := range s.parts {
		out = append(out, p.where.reckoned()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *expression) reckoned() []string {
	var out []string
	if slices.Contains(e.values, asOfParam) {
		out = append(out, words.FindAllString(e.column, -1)...)
	}
	for _, k := range e.kids {
		out = append(out, k.reckoned()...)
	}
	return out
}
