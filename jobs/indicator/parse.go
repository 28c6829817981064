package indicator

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// The words that a definition may use.
var (
	kinds        = []string{"flow", "cohort", "stock", "distribution"}
	countedUnits = map[string][]string{
		"docket": {"件"}, "person_entry": {"人", "人次"}, "person": {"人", "人次"}, "chain": {"件"}, "document": {"件", "件次", "份", "次"},
		"item": {"件", "件次", "个", "次", "条", "元"},
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
	o := r.Object(r.Root, "id", "version", "zh", "en", "definition", "includes", "excludes", "counts", "unit", "kind", "preference", "from", "organ", "supervisor", "sum", "distinct",
		"universe", "numerator", "other", "denominator", "undetermined", "days", "dims", "slices", "valid_from", "valid_to", "basis", "sources", "caveats", "official", "examples")
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
	ind.Supervisor = r.Flag(o.At("supervisor"))
	ind.Slices, ind.Distinct = r.Texts(o.At("slices")), r.Text(o.At("distinct"))
	ind.ValidFrom, ind.ValidTo = validity(r, o.At("valid_from")), validity(r, o.At("valid_to"))
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

// validity reads the first or last day of a definition.
func validity(r *contract.Reading, n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, n.Value); err != nil {
		r.Refuse(n, fmt.Sprintf("%q is not a day", n.Value), "write it as 2025-01-01")
	}
	return n.Value
}

// measures reads universe and measures against the columns of the source.
func (l *loading) measures(r *contract.Reading, o contract.Object, ind *Indicator) {
	columns, ok := l.made.columnsOf(l.contracts, ind.From)
	if !ok {
		if ind.From != "" {
			r.Refuse(o.At("from"), fmt.Sprintf("there is no record type %q", ind.From), "name a record type that has a contract, a derived source, or verdict")
		}
		return
	}
	organColumn(r, o.At("organ"), columns)
	sumColumn(r, o.At("sum"), columns)
	if _, ok := columns[ind.Distinct]; ind.Distinct != "" && !ok {
		r.Refuse(o.At("distinct"), fmt.Sprintf("%q is not a column of the source", ind.Distinct), "name the column by which a person is known")
	}
	if o.Has("universe") {
		ind.universe = condition(r, o.At("universe"), columns)
	}
	if o.Has("days") {
		d := r.Object(o.At("days"), "from", "to")
		r.Need(d, "from", "to")
		dayColumn(r, d.At("from"), columns)
		dayColumn(r, d.At("to"), columns)
		ind.Days = &Days{From: r.Text(d.At("from")), To: r.Text(d.At("to"))}
	}
	ind.dimValues = codesOf(r, o.At("dims"), ind.Dims, columns)
	codesOf(r, o.At("slices"), ind.Slices, columns)
	if m := l.measure(r, o.At("numerator"), columns); m != nil {
		ind.Numerator = *m
	}
	ind.Other, ind.Denominator = l.measure(r, o.At("other"), columns), l.measure(r, o.At("denominator"), columns)
	ind.Undetermined = l.measure(r, o.At("undetermined"), columns)
}

// codesOf lists the values of coded columns as they stand in dim.
func codesOf(r *contract.Reading, n *yaml.Node, dims []string, columns map[string]column) []string {
	var out []string
	for _, dim := range dims {
		c := columns[dim]
		if c.kind == contract.KindBool {
			out = append(out, dim+"=true", dim+"=false")
			continue
		}
		if c.kind != contract.KindEnum || c.values == nil {
			r.Refuse(n, fmt.Sprintf("%q is not a coded column", dim), "a dimension is a column with a list of codes, or one that is true or false")
			continue
		}
		for _, v := range c.values {
			out = append(out, dim+"="+v)
		}
	}
	return out
}

// organColumn refuses what holds no organ id.
func organColumn(r *contract.Reading, n *yaml.Node, columns map[string]column) {
	name := r.Text(n)
	if c, ok := columns[name]; name != "" && (!ok || c.kind != contract.KindOrgan) {
		r.Refuse(n, fmt.Sprintf("%q is not a column with an organ id", name), "name the column, such as organ_id")
	}
}

// sumColumn refuses what cannot be added up.
func sumColumn(r *contract.Reading, n *yaml.Node, columns map[string]column) {
	name := r.Text(n)
	if c := columns[name]; name != "" && c.kind != contract.KindUint && c.kind != contract.KindDecimal {
		r.Refuse(n, fmt.Sprintf("%q cannot be added up", name), "name a column with whole numbers or money; rates and averages are never added")
	}
}

// dayColumn refuses what holds no day.
func dayColumn(r *contract.Reading, n *yaml.Node, columns map[string]column) {
	name := r.Text(n)
	if c, ok := columns[name]; name != "" && (!ok || !isDay(c.kind)) {
		r.Refuse(n, fmt.Sprintf("%q is not a day of the record", name), "name a column with a date")
	}
}

// measure reads {from, organ, date, otherwise, until, where}; nil when it is not
// there. A measure of another source is not held to the universe.
func (l *loading) measure(r *contract.Reading, n *yaml.Node, columns map[string]column) *Measure {
	if n == nil {
		return nil
	}
	o := r.Object(n, "from", "organ", "date", "otherwise", "until", "sum", "where")
	r.Need(o, "date")
	m := &Measure{From: r.Text(o.At("from")), Organ: r.Text(o.At("organ")), Date: r.Text(o.At("date")), Otherwise: r.Text(o.At("otherwise")), Until: until(r, o.At("until"), columns)}
	if m.From != "" {
		var ok bool
		if columns, ok = l.made.columnsOf(l.contracts, m.From); !ok {
			r.Refuse(o.At("from"), fmt.Sprintf("there is no record type %q", m.From), "name a record type that has a contract, a derived source, or verdict")
			return m
		}
	}
	organColumn(r, o.At("organ"), columns)
	sumColumn(r, o.At("sum"), columns)
	m.Sum = r.Text(o.At("sum"))
	for _, key := range []string{"date", "otherwise"} {
		dayColumn(r, o.At(key), columns)
	}
	if o.Has("where") {
		m.Where = r.Text(o.At("where"))
		m.where = condition(r, o.At("where"), columns)
	}
	return m
}

// until reads the day on which a row leaves a stock: a column, or the first of
// several.
func until(r *contract.Reading, n *yaml.Node, columns map[string]column) string {
	if n == nil || n.Kind != yaml.SequenceNode {
		dayColumn(r, n, columns)
		return r.Text(n)
	}
	for _, item := range r.List(n) {
		dayColumn(r, item, columns)
	}
	return "least(" + strings.Join(r.Texts(n), ", ") + ")"
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
