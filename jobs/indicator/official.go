package indicator

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// valueColumns are the columns of indicator_value, where vintages are frozen.
const valueColumns = "run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed, low, high, note"

// tolerance is the greatest difference, in percentage points, at which a printed
// rate with one decimal still counts as reproduced.
const tolerance = 0.1

// PublishedRatio says how a published rate (公布比率) follows from published
// counts. Reasons are why some periods are known not to follow.
type PublishedRatio struct {
	ID, Indicator          string // Indicator "" = none in the catalogue
	ZH, EN                 string
	Numerator, Denominator []string // measures of official_figure, each summed
	Rate                   string   // measure that holds the printed rate
	Reasons                []Reason
}

// Reason explains a rate that does not follow from the counts.
type Reason struct {
	Code   string // such as X1
	ZH, EN string
}

// ratio reads one file of published ratios.
func (l *loading) ratio(name string, r *contract.Reading) {
	root := r.Object(r.Root, "ratios")
	r.Need(root, "ratios")
	for _, n := range r.List(root.At("ratios")) {
		o := r.Object(n, "id", "indicator", "zh", "en", "numerator", "denominator", "rate", "reasons")
		r.Need(o, "id", "zh", "en", "numerator", "denominator", "rate")
		p := PublishedRatio{
			ID: r.Text(o.At("id")), Indicator: r.Text(o.At("indicator")), ZH: r.Text(o.At("zh")), EN: r.Text(o.At("en")),
			Numerator: r.Texts(o.At("numerator")), Denominator: r.Texts(o.At("denominator")), Rate: r.Text(o.At("rate")),
		}
		for _, item := range r.List(o.At("reasons")) {
			x := r.Object(item, "code", "zh", "en")
			r.Need(x, "code", "zh", "en")
			p.Reasons = append(p.Reasons, Reason{r.Text(x.At("code")), r.Text(x.At("zh")), r.Text(x.At("en"))})
		}
		if first, ok := l.seen["ratio "+p.ID]; ok {
			r.Refuse(o.At("id"), "the published ratio is defined already in "+first, "choose another id")
		}
		l.seen["ratio "+p.ID] = name
		l.made.ratios = append(l.made.ratios, p)
	}
}

// Figure is one published figure with the interval that its printed form allows.
type Figure struct {
	Edition, Measure, Name, Period, Printed, Unit, Source string
	Low, High                                             float64
	Confirmed                                             bool
}

// middle is the value that the printed form stands for.
func (f Figure) middle() float64 { return (f.Low + f.High) / 2 }

// Recomputed is one published rate beside what the published counts give.
type Recomputed struct {
	Ratio           PublishedRatio
	Period, Edition string
	Source          string
	Num, Den        float64 // middles of the intervals
	Printed         string
	Rate, Low, High float64 // recomputed in percent, and the interval it may lie in
	Difference      float64 // recomputed minus printed, in percentage points
	Reproduced      bool
	Reason          *Reason // why not; nil when reproduced
	Confirmed       bool    // every figure used was confirmed in its source
	Figure          Figure  // the printed rate
}

// recompute applies a ratio to every period that has all of its figures.
func recompute(p PublishedRatio, figures map[string]map[string]Figure, periods []string) []Recomputed {
	var out []Recomputed
	for _, period := range periods {
		in := figures[period]
		printed, ok := in[p.Rate]
		if !ok {
			continue
		}
		num, okNum := total(in, p.Numerator)
		den, okDen := total(in, p.Denominator)
		if !okNum || !okDen || den.Low <= 0 {
			continue
		}
		r := Recomputed{
			Ratio: p, Period: period, Edition: printed.Edition, Source: printed.Source, Num: num.middle(), Den: den.middle(),
			Printed: printed.Printed, Confirmed: printed.Confirmed && num.Confirmed && den.Confirmed, Figure: printed,
		}
		r.Rate = 100 * r.Num / r.Den
		r.Low, r.High = bounds(p, in, num, den)
		at := printed.middle()
		if v, err := strconv.ParseFloat(strings.TrimSuffix(printed.Printed, "%"), 64); err == nil && v >= printed.Low && v <= printed.High {
			at = v
		}
		r.Difference = r.Rate - at
		const rounding = 1e-9
		r.Reproduced = r.Low-tolerance <= at+rounding && at <= r.High+tolerance+rounding
		if !r.Reproduced {
			r.Reason = reasonOf(p)
		}
		out = append(out, r)
	}
	return out
}

// total adds up figures and their intervals; false when one is missing.
func total(in map[string]Figure, measures []string) (Figure, bool) {
	sum := Figure{Confirmed: true}
	for _, m := range measures {
		f, ok := in[m]
		if !ok {
			return sum, false
		}
		sum.Low, sum.High = sum.Low+f.Low, sum.High+f.High
		sum.Confirmed = sum.Confirmed && f.Confirmed
	}
	return sum, true
}

// bounds is the interval of the rate over the intervals of the counts. Where the
// numerator is part of the denominator its own width counts once.
func bounds(p PublishedRatio, in map[string]Figure, num, den Figure) (low, high float64) {
	rest, part := Figure{}, false
	for _, m := range p.Denominator {
		if m == p.Numerator[0] && len(p.Numerator) == 1 {
			part = true
			continue
		}
		rest.Low, rest.High = rest.Low+in[m].Low, rest.High+in[m].High
	}
	if part {
		return 100 * num.Low / (num.Low + rest.High), 100 * num.High / (num.High + rest.Low)
	}
	return 100 * num.Low / den.High, 100 * num.High / den.Low
}

// reasonOf is the declared reason, or that none is known.
func reasonOf(p PublishedRatio) *Reason {
	if len(p.Reasons) > 0 {
		return &p.Reasons[0]
	}
	return &Reason{"unexplained", "与公布分项不符, 原因不明", "does not follow from the published counts; the reason is not known"}
}

// published reads what the run knows of the published figures.
func published(ctx context.Context, db *warehouse.DB, contracts *contract.Catalogue, run string) (map[string]map[string]Figure, []string, error) {
	t, ok := contracts.Type("official_figure")
	if !ok {
		return nil, nil, nil
	}
	rows, err := db.Query(ctx, `SELECT edition, measure, zh, period, printed, toString(unit), toFloat64(low), toFloat64(high), confirmed, source FROM `+t.StateSQL()+` AS s
ORDER BY period, measure, edition`, warehouse.Param("run", run))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var all []Figure
	for rows.Next() {
		var f Figure
		if err := rows.Scan(&f.Edition, &f.Measure, &f.Name, &f.Period, &f.Printed, &f.Unit, &f.Low, &f.High, &f.Confirmed, &f.Source); err != nil {
			return nil, nil, err
		}
		all = append(all, f)
	}
	figures, periods := byPeriod(all)
	return figures, periods, rows.Err()
}

// span is a period of the calendar with its days.
type span struct {
	kind, period string
	from, to     time.Time
}

// publishedSpans reads which period of the calendar a publication names, by the
// name it is published under.
func publishedSpans(ctx context.Context, db *warehouse.DB) (map[string]span, error) {
	rows, err := db.Query(ctx, "SELECT DISTINCT published, kind, period, first_day, last_day FROM period_calendar WHERE published != ''")
	if err != nil {
		return nil, fmt.Errorf("read the calendar of periods: %w", err)
	}
	defer rows.Close()
	out := map[string]span{}
	for rows.Next() {
		var name string
		var s span
		if err := rows.Scan(&name, &s.kind, &s.period, &s.from, &s.to); err != nil {
			return nil, fmt.Errorf("read the calendar of periods: %w", err)
		}
		out[name] = s
	}
	return out, rows.Err()
}

// external writes the published rates of catalogue indicators as a series of
// their own, at the national procuratorate.
func (j *Job) external(ctx context.Context, r warehouse.Run, register *access.Register, report *warehouse.Report) error {
	figures, periods, err := published(ctx, j.deps.DB, j.deps.Contracts, r.ID)
	if err != nil {
		return err
	}
	national, ok := nationalOf(register)
	if len(periods) == 0 || !ok {
		return nil
	}
	spans, err := publishedSpans(ctx, j.deps.DB)
	if err != nil {
		return err
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO indicator_value ("+valueColumns+")")
	if err != nil {
		return err
	}
	for _, p := range j.deps.Catalogue.PublishedRatios() {
		for _, x := range recompute(p, figures, periods) {
			report.Figures["official_rates"]++
			note := "reproduced"
			if !x.Reproduced {
				report.Figures["official_not_reproducible"]++
				note = "not_reproducible: " + x.Reason.Code
			}
			at, ok := spans[x.Period]
			if p.Indicator == "" || !ok {
				continue
			}
			if err := batch.Append(r.ID, r.Generation, "external", p.Indicator, at.kind, at.period, at.from, at.to, national, "closure", "",
				decimal(x.Num), decimal(x.Den), uint64(math.Round(x.Den)), uint64(0), "value", x.Printed, decimal(x.Figure.Low), decimal(x.Figure.High), note); err != nil {
				return err
			}
		}
	}
	return batch.Send()
}

// decimal writes a figure with two decimals.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// nationalOf is the id of the national procuratorate.
func nationalOf(register *access.Register) (string, bool) {
	for _, o := range register.All() {
		if o.System == "procuratorate" && o.Level == "national" {
			return o.ID, true
		}
	}
	return "", false
}
