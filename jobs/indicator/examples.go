package indicator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// Example is a worked example of a definition: rows in, values out. It is run on
// the real engine through the statement of production.
type Example struct {
	Name     string
	Boundary bool
	AsOf     string              // "" = 2025-12-31
	Rows     []map[string]string // column → value; organ_id, business_on and the key have defaults; keys that begin with _ set what is no field, see exampleKeys
	Want     []Want              // every value that must come out, and no other
}

// Want is one value of an example.
type Want struct {
	Organ, Month, Dim string // organ "" = the default organ of the rows
	Num, Den          string // Den "" = none
	Undetermined      uint64
	Rate              string // in percent with one decimal, "" = none
}

// exampleKeys set in an example what is no field of its record: another record
// type, the human it is linked to, when it was sent, what is flagged and what
// is absent, an identity number, how its docket is linked, its fate and its day.
var exampleKeys = []string{"_from", "_person", "_sent", "_flags", "_absent", "_id", "_link", "_hop", "_fate", "_on"}

// defaultOrgan is the organ of rows that name none.
const defaultOrgan = "o00001"

var monthText = regexp.MustCompile(`^\d{4}-\d{2}$`)

// examples reads and checks the worked examples of a definition.
func (l *loading) examples(r *contract.Reading, o contract.Object, ind *Indicator) {
	boundary := false
	for _, n := range r.List(o.At("examples")) {
		e := l.example(r, n, ind)
		boundary = boundary || e.Boundary
		ind.Examples = append(ind.Examples, e)
	}
	if len(ind.Examples) < 3 || !boundary {
		r.Refuse(o.At("examples"), fmt.Sprintf("%d worked examples, boundary %t", len(ind.Examples), boundary), "give at least three, one of them with boundary: true")
	}
}

// example reads one worked example.
func (l *loading) example(r *contract.Reading, n *yaml.Node, ind *Indicator) Example {
	o := r.Object(n, "name", "boundary", "as_of", "rows", "want")
	r.Need(o, "name", "rows", "want")
	e := Example{Name: r.Text(o.At("name")), Boundary: r.Flag(o.At("boundary")), AsOf: r.Text(o.At("as_of"))}
	if e.AsOf == "" {
		e.AsOf = "2025-12-31"
	}
	for _, item := range r.List(o.At("rows")) {
		row := map[string]string{}
		fields := r.Object(item)
		from := ind.From
		if fields.Has("_from") {
			from = r.Text(fields.At("_from"))
		}
		columns, known := columnsOf(l.contracts, from)
		if _, derived := l.made.sources[from]; derived || !known && fields.Has("_from") {
			r.Refuse(item, fmt.Sprintf("rows of %q cannot be given", from), "name a record type with _from")
			continue
		}
		for _, key := range fields.Keys {
			if _, ok := columns[key]; known && !ok && !slices.Contains(exampleKeys, key) {
				r.Refuse(fields.At(key), fmt.Sprintf("%q is not a column of %s", key, from), "use the columns of the record")
			}
			row[key] = fields.At(key).Value
		}
		e.Rows = append(e.Rows, row)
	}
	for _, item := range r.List(o.At("want")) {
		w := r.Object(item, "organ", "month", "dim", "num", "den", "undetermined", "rate")
		r.Need(w, "month", "num", "undetermined")
		want := Want{
			Organ: r.Text(w.At("organ")), Month: r.Text(w.At("month")), Dim: r.Text(w.At("dim")), Num: r.Text(w.At("num")), Den: r.Text(w.At("den")),
			Undetermined: uint64(r.Number(w.At("undetermined"))), Rate: r.Text(w.At("rate")),
		}
		if want.Organ == "" {
			want.Organ = defaultOrgan
		}
		if want.Month != "" && !monthText.MatchString(want.Month) {
			r.Refuse(w.At("month"), fmt.Sprintf("%q is not a month", want.Month), "write it as 2025-03")
		}
		if ind.Divided() && want.Den == "" && !strings.HasPrefix(want.Dim, "days=") {
			r.Refuse(item, "a ratio needs its denominator", "give den, and rate unless den is 0")
		}
		e.Want = append(e.Want, want)
	}
	return e
}
