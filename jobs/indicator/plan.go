package indicator

import "strings"

// The roles that a row of a record can play for an indicator.
const (
	roleNumerator    = "num"
	roleOther        = "other"
	roleDenominator  = "den"
	roleUndetermined = "undetermined"
)

// part is one role: which rows play it, in which month, with what weight.
type part struct {
	role            string
	date, otherwise string
	where           *expression // universe included
	sum             string      // column to add, "" = one per row
}

// share is one value of the result: its dim and the role that is its numerator.
type share struct{ dim, role string }

// plan is an indicator in the form that becomes SQL: the roles, the shares of
// the result, and which roles add up to the denominator and to n.
type plan struct {
	from, organ string
	universe    *expression
	parts       []part
	shares      []share
	denominator []string // roles that add up to den; nil for a count
	counted     []string // roles whose rows are n
}

// planOf turns a definition into roles.
func planOf(ind Indicator) plan {
	p := plan{from: ind.From, organ: ind.Organ, universe: ind.universe}
	of := func(role string, m *Measure, sum string, more ...*expression) {
		kids := append([]*expression{ind.universe, m.where}, more...)
		p.parts = append(p.parts, part{role, m.Date, m.Otherwise, all(kids...), sum})
	}
	if len(ind.dimValues) > 0 {
		for _, dim := range ind.dimValues {
			role := roleNumerator + ":" + dim
			column, value, _ := strings.Cut(dim, "=")
			of(role, &ind.Numerator, ind.Sum, &expression{operator: "=", column: column, values: []string{"'" + value + "'"}})
			p.shares = append(p.shares, share{dim, role})
			p.denominator = append(p.denominator, role)
		}
		p.counted = append(p.counted, p.denominator...)
	} else {
		of(roleNumerator, &ind.Numerator, ind.Sum)
		p.shares = []share{{"", roleNumerator}}
		p.counted = []string{roleNumerator}
	}
	switch {
	case ind.Denominator != nil:
		of(roleDenominator, ind.Denominator, ind.Sum)
		p.denominator, p.counted = []string{roleDenominator}, []string{roleDenominator}
	case ind.Other != nil:
		of(roleOther, ind.Other, ind.Sum)
		p.denominator = []string{roleNumerator, roleOther}
		p.counted = append(p.counted, roleOther)
	}
	if ind.Undetermined != nil {
		of(roleUndetermined, ind.Undetermined, "")
		p.counted = append(p.counted, roleUndetermined)
	}
	return p
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
