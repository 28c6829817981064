package indicator

import (
	"fmt"
	"slices"
	"strings"

	"hengjian/warehouse/contract"
)

// check holds the rules that tie the parts of a definition together.
func (l *loading) check(r *contract.Reading, o contract.Object, ind *Indicator) {
	if ind.Kind != "" && !slices.Contains(kinds, ind.Kind) {
		r.Refuse(o.At("kind"), fmt.Sprintf("%q is not a kind", ind.Kind), "use one of "+strings.Join(kinds, ", "))
	}
	if units, ok := countedUnits[ind.Counts]; ind.Counts != "" && (!ok || !slices.Contains(units, ind.CountedUnit)) {
		r.Refuse(o.At("counts"), fmt.Sprintf("%s is not counted in %q", ind.Counts, ind.CountedUnit), "人 counts persons, 件 dockets, 件次 or 份 documents")
	}
	checkUnit(r, o, ind)
	if ind.Sum != "" && ind.Counts != "person" && ind.CountedUnit != "元" && ind.Counts != "item" {
		r.Refuse(o.At("sum"), "what is added up are persons, things or money", "set counts.what to person or item")
	}
	if ind.Other != nil && ind.Denominator != nil {
		r.Refuse(o.At("denominator"), "other and denominator cannot stand together", "other when the numerator is part of the denominator, else denominator")
	}
	if (ind.Kind == "distribution") != (len(ind.Dims) == 1 || ind.Days != nil) || len(ind.Dims) > 1 || len(ind.Dims) > 0 && ind.Days != nil {
		r.Refuse(o.At("kind"), "a distribution has exactly one dimension or a number of days, and nothing else has one", "give one dim or days, or another kind")
	}
	if ind.Kind == "distribution" && (ind.Other != nil || ind.Denominator != nil) {
		r.Refuse(o.At("kind"), "the denominator of a distribution is the sum of its shares", "leave out other and denominator")
	}
	l.checkKind(r, o, ind)
	for _, id := range ind.Official {
		if !slices.ContainsFunc(l.made.ratios, func(p PublishedRatio) bool { return p.ID == id }) {
			r.Refuse(o.At("official"), fmt.Sprintf("there is no published ratio %q", id), "define it in the folder official")
		}
	}
	if o.Has("basis") && len(ind.Basis) == 0 {
		r.Refuse(o.At("basis"), "no legal basis", "name at least one law and article")
	}
	if ind.ValidFrom != "" && ind.ValidTo != "" && ind.ValidTo < ind.ValidFrom {
		r.Refuse(o.At("valid_to"), "the definition ends before it begins", "set valid_to on or after valid_from")
	}
}

// checkUnit keeps units and forms together.
func checkUnit(r *contract.Reading, o contract.Object, ind *Indicator) {
	ratio := ind.Other != nil || ind.Denominator != nil || len(ind.Dims) > 0
	switch {
	case ind.Days != nil && ind.Unit != "天":
		r.Refuse(o.At("unit"), "a number of days is measured in 天", "write unit: 天")
	case ind.Days != nil:
	case ratio && ind.Unit != "%" && ind.Unit != "比":
		r.Refuse(o.At("unit"), "a ratio is measured in %", "write unit: \"%\", or 比 for 1:x; its counts keep their own unit")
	case !ratio && ind.Unit != ind.CountedUnit:
		r.Refuse(o.At("unit"), fmt.Sprintf("a count of %s is not measured in %q", ind.Counts, ind.Unit), "give the unit that is counted, or a denominator")
	}
}

// checkKind keeps flow, cohort and stock apart: a cohort follows one group from
// one day, so numerator and rest count in the month of the same day; a stock
// has a day on which rows leave it, and nothing else has one.
func (l *loading) checkKind(r *contract.Reading, o contract.Object, ind *Indicator) {
	if ind.Kind == "cohort" {
		if ind.Denominator != nil {
			r.Refuse(o.At("denominator"), "a cohort has no denominator of its own", "give other, or make it a flow: flow and cohort are not mixed")
		}
		if ind.Other != nil && ind.Other.Date != ind.Numerator.Date {
			r.Refuse(o.At("other"), fmt.Sprintf("the numerator counts by %s and the rest by %s", ind.Numerator.Date, ind.Other.Date), "a cohort counts by one day: flow and cohort are not mixed")
		}
	}
	if ind.Kind == "flow" && ind.From == fromVerdict {
		r.Refuse(o.At("kind"), "verdicts are counted by the day they fall due", "make it a cohort: flow and cohort are not mixed")
	}
	for _, m := range []*Measure{&ind.Numerator, ind.Other, ind.Denominator} {
		if m != nil && (m.Until != "") != (ind.Kind == "stock") && ind.Kind != "" {
			r.Refuse(o.At("kind"), "a stock counts from one day until another, and nothing else does", "give until to every measure of a stock, and to no other")
			break
		}
	}
	if ind.Divided() && ind.Undetermined == nil {
		r.Refuse(o.Node, "a ratio says nothing of undetermined rows", "give undetermined: what is missing must be counted, not dropped")
	}
}
