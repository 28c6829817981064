package indicator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// The words that a definition may use.
var (
	kinds        = []string{"flow", "cohort", "distribution"}
	countedUnits = map[string][]string{
		"docket": {"件"}, "person_entry": {"人", "人次"}, "person": {"人", "人次"}, "chain": {"件"}, "document": {"件", "件次", "份"}, "item": {"件", "件次"},
	}
	idText = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[a-z]?$`)
)

// decoding adapts a reading function to contract.ReadYAML.
func decoding(read func(name string, r *contract.Reading)) func(string, *yaml.Node) []contract.Problem {
	return func(name string, node *yaml.Node) []contract.Problem {
		r := contract.NewReading(node)
		read(name, r)
		return r.Problems()
	}
}

// indicator reads one definition file and keeps it when nothing is wrong.
func (l *loading) indicator(name string, r *contract.Reading) {
	r.ID = idOf(r.Root)
	o := r.Object(r.Root, "id", "version", "zh", "en", "definition", "includes", "excludes", "counts", "unit", "kind", "preference", "from", "organ", "sum",
		"universe", "numerator", "other", "denominator", "undetermined", "dims", "basis", "sources", "caveats", "official", "examples")
	r.Need(o, "id", "version", "zh", "en", "definition", "counts", "unit", "kind", "preference", "from", "organ", "numerator", "basis", "sources", "examples")
	ind := Indicator{ID: r.Text(o.At("id"))}
	if ind.ID != "" {
		l.identify(name, r, o.At("id"))
	}
	ind.Version = r.Number(o.At("version"))
	ind.ZH, ind.EN = r.Text(o.At("zh")), r.Text(o.At("en"))
	ind.Definition, ind.Preference = text(r, o.At("definition")), text(r, o.At("preference"))
	ind.Includes, ind.Excludes, ind.Caveats = texts(r, o.At("includes")), texts(r, o.At("excludes")), texts(r, o.At("caveats"))
	ind.Unit, ind.Kind = r.Text(o.At("unit")), r.Text(o.At("kind"))
	ind.From, ind.Organ, ind.Sum = r.Text(o.At("from")), r.Text(o.At("organ")), r.Text(o.At("sum"))
	ind.Universe, ind.Dims, ind.Sources = r.Text(o.At("universe")), r.Texts(o.At("dims")), r.Texts(o.At("sources"))
	ind.Official = r.Texts(o.At("official"))
	counts := r.Object(o.At("counts"), "what", "unit")
	r.Need(counts, "what", "unit")
	ind.Counts, ind.CountedUnit = r.Text(counts.At("what")), r.Text(counts.At("unit"))
	for _, n := range r.List(o.At("basis")) {
		a := r.Object(n, "law", "article")
		r.Need(a, "law", "article")
		ind.Basis = append(ind.Basis, Article{r.Text(a.At("law")), r.Text(a.At("article"))})
	}
	l.measures(r, o, &ind)
	l.check(r, o, &ind)
	l.examples(r, o, &ind)
	if r.Good() {
		l.made.indicators = append(l.made.indicators, ind)
	}
}

// idOf finds the id before anything else is read, so that every problem names it.
func idOf(root *yaml.Node) string {
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "id" && root.Content[i+1].Value != "" {
			return root.Content[i+1].Value
		}
	}
	return "-"
}

// identify refuses an id that is not well-formed or defined before.
func (l *loading) identify(name string, r *contract.Reading, n *yaml.Node) {
	if !idText.MatchString(r.ID) {
		r.Refuse(n, fmt.Sprintf("%q is not an id", r.ID), "write two capitals, two digits and at most one small letter, such as AR02b")
	}
	if first, ok := l.seen[r.ID]; ok {
		r.Refuse(n, "the id is defined already in "+first, "two definitions of one name are two ids: choose another")
	}
	l.seen[r.ID] = name
}

// text reads {zh, en}.
func text(r *contract.Reading, n *yaml.Node) Text {
	o := r.Object(n, "zh", "en")
	if n != nil {
		r.Need(o, "zh", "en")
	}
	return Text{r.Text(o.At("zh")), r.Text(o.At("en"))}
}

// texts reads a list of {zh, en}.
func texts(r *contract.Reading, n *yaml.Node) []Text {
	var out []Text
	for _, item := range r.List(n) {
		out = append(out, text(r, item))
	}
	return out
}

// measures reads universe and measures against the columns of the source.
func (l *loading) measures(r *contract.Reading, o contract.Object, ind *Indicator) {
	columns, ok := columnsOf(l.contracts, ind.From)
	if !ok {
		if ind.From != "" {
			r.Refuse(o.At("from"), fmt.Sprintf("there is no record type %q", ind.From), "name a record type that has a contract, or verdict")
		}
		return
	}
	if c, ok := columns[ind.Organ]; ind.Organ != "" && (!ok || c.kind != contract.KindOrgan) {
		r.Refuse(o.At("organ"), fmt.Sprintf("%q is not a column with an organ id", ind.Organ), "name the column, such as organ_id")
	}
	if ind.Sum != "" {
		if c := columns[ind.Sum]; c.kind != contract.KindUint {
			r.Refuse(o.At("sum"), fmt.Sprintf("%q cannot be added up", ind.Sum), "name a column with whole numbers; rates and averages are never added")
		}
	}
	if o.Has("universe") {
		ind.universe = condition(r, o.At("universe"), columns)
	}
	for _, dim := range ind.Dims {
		c := columns[dim]
		if c.kind != contract.KindEnum || c.values == nil {
			r.Refuse(o.At("dims"), fmt.Sprintf("%q is not a coded column", dim), "a dimension is a column with a list of codes")
			continue
		}
		for _, v := range c.values {
			ind.dimValues = append(ind.dimValues, dim+"="+v)
		}
	}
	if m := measure(r, o.At("numerator"), columns); m != nil {
		ind.Numerator = *m
	}
	ind.Other, ind.Denominator = measure(r, o.At("other"), columns), measure(r, o.At("denominator"), columns)
	ind.Undetermined = measure(r, o.At("undetermined"), columns)
}

// measure reads {date, otherwise, where}; nil when it is not there.
func measure(r *contract.Reading, n *yaml.Node, columns map[string]column) *Measure {
	if n == nil {
		return nil
	}
	o := r.Object(n, "date", "otherwise", "where")
	r.Need(o, "date")
	m := &Measure{Date: r.Text(o.At("date")), Otherwise: r.Text(o.At("otherwise"))}
	for _, key := range []string{"date", "otherwise"} {
		name := r.Text(o.At(key))
		if c := columns[name]; name != "" && c.kind != contract.KindDate {
			r.Refuse(o.At(key), fmt.Sprintf("%q is not a day of the record", name), "name a column with a date")
		}
	}
	if o.Has("where") {
		m.Where = r.Text(o.At("where"))
		m.where = condition(r, o.At("where"), columns)
	}
	return m
}

// condition reads an expression, refusing it at its node.
func condition(r *contract.Reading, n *yaml.Node, columns map[string]column) *expression {
	s := r.Text(n)
	if s == "" {
		return nil
	}
	e, err := parseExpression(s, columns)
	if err != nil {
		remedy := "write comparisons of columns joined by and, or, not"
		if strings.Contains(strings.ToLower(s), "avg") {
			remedy = "rates are sums divided by sums: count or add up, never average"
		}
		r.Refuse(n, "the condition cannot be read: "+err.Error(), remedy)
		return nil
	}
	return e
}

// check holds the rules that tie the parts of a definition together.
func (l *loading) check(r *contract.Reading, o contract.Object, ind *Indicator) {
	if ind.Kind != "" && !slices.Contains(kinds, ind.Kind) {
		r.Refuse(o.At("kind"), fmt.Sprintf("%q is not a kind", ind.Kind), "use one of "+strings.Join(kinds, ", "))
	}
	if units, ok := countedUnits[ind.Counts]; ind.Counts != "" && (!ok || !slices.Contains(units, ind.CountedUnit)) {
		r.Refuse(o.At("counts"), fmt.Sprintf("%s is not counted in %q", ind.Counts, ind.CountedUnit), "人 counts persons, 件 dockets, 件次 or 份 documents")
	}
	ratio := ind.Other != nil || ind.Denominator != nil || len(ind.Dims) > 0
	switch {
	case ratio && ind.Unit != "%":
		r.Refuse(o.At("unit"), "a ratio is measured in %", "write unit: \"%\"; its counts keep their own unit")
	case !ratio && ind.Unit != ind.CountedUnit:
		r.Refuse(o.At("unit"), fmt.Sprintf("a count of %s is not measured in %q", ind.Counts, ind.Unit), "give the unit that is counted, or a denominator")
	}
	if ind.Sum != "" && ind.Counts != "person" {
		r.Refuse(o.At("sum"), "what is added up are persons", "set counts.what to person")
	}
	if ind.Other != nil && ind.Denominator != nil {
		r.Refuse(o.At("denominator"), "other and denominator cannot stand together", "other when the numerator is part of the denominator, else denominator")
	}
	if (ind.Kind == "distribution") != (len(ind.Dims) == 1) || len(ind.Dims) > 1 {
		r.Refuse(o.At("kind"), "a distribution has exactly one dimension, and nothing else has one", "give one dim, or another kind")
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
}

// checkKind keeps flow and cohort apart: a cohort follows one group from one
// day, so numerator and rest count in the month of the same day.
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
	if ind.Other != nil && ind.Undetermined == nil || ind.Kind == "distribution" && ind.Undetermined == nil {
		r.Refuse(o.Node, "a ratio says nothing of undetermined rows", "give undetermined: what is missing must be counted, not dropped")
	}
}
