package indicator

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/rollup"
)

// ReaderDeps are the neighbours of a reader.
type ReaderDeps struct {
	DB        *warehouse.DB
	Contracts *contract.Catalogue
	Catalogue *Catalogue
}

// Reader serves indicator values to people. Every read takes the person's scope.
type Reader struct{ deps ReaderDeps }

// NewReader returns a reader.
func NewReader(d ReaderDeps) *Reader { return &Reader{deps: d} }

// Definition returns one definition; NotFound for an unknown id. Definitions are
// public to everyone who may sign in.
func (r *Reader) Definition(id string) (Indicator, error) {
	ind, ok := r.deps.Catalogue.Indicator(id)
	if !ok {
		return ind, &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no indicator %q", id)}
	}
	return ind, nil
}

// ValuesQuery asks for values of one indicator.
type ValuesQuery struct {
	Run           string   // "" = newest committed
	Indicator     string   // id
	Organs        []string // organ ids; empty = every procuratorate in scope
	Level         string   // "" = every level
	PeriodKind    string   // a kind of period_calendar: month quarter half year ytd
	Period        string   // "" without From and To = the newest
	From, To      string   // first and last day of the periods, as 2025-01-31; "" = open
	Coverage      string   // own | closure
	Edition       string   // as in Question
	Dims          []string // dimensions to split by; empty = the value as a whole, or a distribution's shares
	Limit, Offset int      // Limit 0 = no limit
}

// Value is one value of an indicator. A row that is absent counts nothing.
type Value struct {
	Indicator, Organ, PeriodKind, Period string
	From, To                             time.Time
	Name                                 Text   // of the period, as people say it
	Before                               string // the same period a year earlier (上年同期)
	Coverage, Dim                        string
	Edition                              string // of the register by which a closure was summed up (区划版次); "" for own
	Num                                  string
	Den                                  *string // nil for counts
	N, Undetermined                      uint64
	Amount                               *float64 // the count, or numerator / denominator; nil without a denominator
	Status, Printed, Note                string
}

// Values returns values in administrative order of organs, then by period and
// dim. Organs out of scope are left out; a closure needs the right to see every
// organ in it. Invalid for unknown words, NotFound when nothing is committed.
func (r *Reader) Values(ctx context.Context, sc access.Scope, q ValuesQuery) ([]Value, error) {
	_, err := r.Definition(q.Indicator)
	if err != nil {
		return nil, err
	}
	if q.Run, err = r.run(ctx, q.Run); err != nil {
		return nil, err
	}
	if q.Period == "" && q.From == "" && q.To == "" {
		if q.Period, err = r.newest(ctx, q); err != nil {
			return nil, err
		}
	}
	question := Question{
		Run: q.Run, Indicators: []string{q.Indicator}, Organs: q.Organs, Level: q.Level, Coverage: q.Coverage, Edition: q.Edition, PeriodKind: q.PeriodKind, Period: q.Period,
		From: q.From, To: q.To, Dims: q.Dims, Limit: q.Limit, Offset: q.Offset,
	}
	answers, err := r.Ask(ctx, sc, question)
	if err != nil {
		return nil, err
	}
	out := make([]Value, len(answers))
	for i, a := range answers {
		out[i] = a.Value
	}
	return out, nil
}

// complete computes amount and printed text from the sums.
func (v *Value) complete(ind Indicator) {
	num, errNum := strconv.ParseFloat(v.Num, 64)
	if errNum != nil {
		return
	}
	if !ind.Divided() || v.Den == nil && ind.Days != nil {
		v.Amount, v.Printed = &num, v.Num
		return
	}
	v.Printed = "—"
	if v.Den == nil {
		return
	}
	if den, err := strconv.ParseFloat(*v.Den, 64); err == nil && den > 0 {
		amount := num / den
		v.Amount = &amount
		switch ind.Unit {
		case "%":
			v.Printed = strconv.FormatFloat(100*amount, 'f', 1, 64) + "%"
		case "比":
			v.Printed = "1:" + strconv.FormatFloat(amount, 'f', 2, 64)
		default:
			v.Printed = strconv.FormatFloat(amount, 'f', 1, 64)
		}
	}
}

// run checks or finds the run whose values are read.
func (r *Reader) run(ctx context.Context, run string) (string, error) {
	var found string
	err := r.deps.DB.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'indicator' AND ({run:String} = '' OR run_id = {run:String}) ORDER BY committed DESC, run_id DESC LIMIT 1`,
		warehouse.Param("run", run)).Scan(&found)
	if err != nil {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: "no indicators have been computed yet: wait for the first run", Err: err}
	}
	return found, nil
}

// newest is the newest period of a kind that has values.
func (r *Reader) newest(ctx context.Context, q ValuesQuery) (string, error) {
	var period string
	err := r.deps.DB.QueryRow(ctx, "SELECT max(period) FROM "+r.periods(q.Indicator),
		warehouse.Param("run", q.Run), warehouse.Param("indicator", q.Indicator), warehouse.Param("kind", q.PeriodKind)).Scan(&period)
	if err != nil {
		return "", fmt.Errorf("find the newest period of %s: %w", q.Indicator, err)
	}
	return period, nil
}

// periods is every value that organs have of an indicator by themselves, and so
// every period of the kind {kind:String} that it has.
func (r *Reader) periods(indicator string) string {
	return rollup.Ask{Coverage: "own", Where: "indicator = {indicator:String}", Periods: "kind = {kind:String}", Sums: !r.persons([]string{indicator})}.SQL()
}

// organs lists the procuratorates of a query that the scope allows, in
// administrative order.
func (r *Reader) organs(ctx context.Context, sc access.Scope, q ValuesQuery) ([]string, *access.Register, error) {
	if q.Coverage != "own" && q.Coverage != "closure" {
		return nil, nil, &warehouse.Error{Code: warehouse.Invalid, Message: "coverage is own or closure"}
	}
	for _, day := range []string{q.From, q.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return nil, nil, &warehouse.Error{Code: warehouse.Invalid, Message: "from and to are days such as 2025-01-31"}
		}
	}
	register, err := access.LoadRegister(ctx, r.deps.DB)
	if err != nil {
		return nil, nil, fmt.Errorf("load the organ register: %w", err)
	}
	asked := map[string]bool{}
	for _, id := range q.Organs {
		asked[id] = true
	}
	var out []string
	for _, o := range register.All() {
		if o.System != "procuratorate" || q.Level != "" && o.Level != q.Level || len(asked) > 0 && !asked[o.ID] {
			continue
		}
		if allowed(sc, register, o.ID, q.Coverage) {
			out = append(out, o.ID)
		}
	}
	return out, register, nil
}

// allowed says whether a scope may see an organ's value in a coverage.
func allowed(sc access.Scope, register *access.Register, organ, coverage string) bool {
	if sc.Everything() {
		return true
	}
	if coverage == "own" {
		return sc.Allows(organ, "general")
	}
	for _, id := range register.Led(organ) {
		if !sc.Allows(id, "general") {
			return false
		}
	}
	return true
}

// OfficialRow is one published figure (公布数据) beside an indicator. A printed
// rate also says what the published counts give.
type OfficialRow struct {
	Figure     Figure
	Recomputed *Recomputed // nil for counts and for rates without counts
}

// Official returns the published figures behind an indicator, or behind every
// published ratio when id is "". They are public, a series of their own, and
// never added to anything; the scope is asked for all the same and must see some
// compartment.
func (r *Reader) Official(ctx context.Context, sc access.Scope, id string) ([]OfficialRow, error) {
	if len(sc.Compartments()) == 0 {
		return nil, &warehouse.Error{Code: warehouse.Forbidden, Message: "this account may see nothing"}
	}
	wanted := map[string]bool{}
	if id != "" {
		ind, err := r.Definition(id)
		if err != nil {
			return nil, err
		}
		for _, ratio := range ind.Official {
			wanted[ratio] = true
		}
	}
	run, err := r.run(ctx, "")
	if err != nil {
		return nil, err
	}
	figures, periods, err := published(ctx, r.deps.DB, r.deps.Contracts, run)
	if err != nil {
		return nil, fmt.Errorf("read published figures: %w", err)
	}
	return officialRows(r.deps.Catalogue.ratios, wanted, figures, periods), nil
}

// officialRows lists the figures of the wanted ratios (all when none is named)
// by period: counts once, then rates with what the counts give.
func officialRows(ratios []PublishedRatio, wanted map[string]bool, figures map[string]map[string]Figure, periods []string) []OfficialRow {
	var out []OfficialRow
	for _, period := range periods {
		in := map[string]map[string]Figure{period: figures[period]}
		shown := map[string]bool{}
		var rates []OfficialRow
		for _, p := range ratios {
			if len(wanted) > 0 && !wanted[p.ID] {
				continue
			}
			for _, m := range append(append([]string{}, p.Numerator...), p.Denominator...) {
				if f, ok := figures[period][m]; ok && !shown[m] {
					shown[m] = true
					out = append(out, OfficialRow{Figure: f})
				}
			}
			for _, x := range recompute(p, in, []string{period}) {
				shown[p.Rate] = true
				rates = append(rates, OfficialRow{Figure: x.Figure, Recomputed: &x})
			}
		}
		for _, p := range ratios {
			if f, ok := figures[period][p.Rate]; ok && !shown[p.Rate] && (len(wanted) == 0 || wanted[p.ID]) {
				shown[p.Rate] = true
				rates = append(rates, OfficialRow{Figure: f})
			}
		}
		out = append(out, rates...)
	}
	return out
}
