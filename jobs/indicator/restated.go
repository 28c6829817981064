package indicator

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hengjian/warehouse/contract"
)

// PublishedChange is a change against the same period a year earlier (同比) as printed.
type PublishedChange struct{ Measure, Period, Printed string }

// Restatement is what a published change says of the figure a year earlier (隐含重述):
// where the interval it implies does not meet the figure published then, that
// figure has been stated again without saying so.
type Restatement struct {
	Change    PublishedChange
	Now, Then Figure  // the figures of the period and of the year before, as published
	Low, High float64 // what the change implies for the year before
	Restated  bool
}

// changes reads the file of printed changes.
func (l *loading) changes(_ string, r *contract.Reading) {
	root := r.Object(r.Root, "changes")
	r.Need(root, "changes")
	for _, n := range r.List(root.At("changes")) {
		o := r.Object(n, "measure", "period", "printed")
		r.Need(o, "measure", "period", "printed")
		c := PublishedChange{r.Text(o.At("measure")), r.Text(o.At("period")), r.Text(o.At("printed"))}
		if _, _, err := c.interval(); err != nil {
			r.Refuse(o.At("printed"), fmt.Sprintf("%q is not a change", c.Printed), "write it as printed, such as -41%")
		}
		l.made.changes = append(l.made.changes, c)
	}
}

// interval is the change as a factor, with the width of its last printed digit.
func (c PublishedChange) interval() (low, high float64, err error) {
	text := strings.TrimSuffix(c.Printed, "%")
	v, err := strconv.ParseFloat(text, 64)
	_, decimals, _ := strings.Cut(text, ".")
	half := 0.5 * math.Pow(10, -float64(len(decimals)))
	return 1 + (v-half)/100, 1 + (v+half)/100, err
}

// before is the same published period a year earlier: each begins with its year.
func (c PublishedChange) before() string {
	year, err := strconv.Atoi(c.Period[:min(4, len(c.Period))])
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%04d%s", year-1, c.Period[4:])
}

// restatements holds every printed change against the two figures it joins;
// changes whose figures were not published are left out.
func restatements(changes []PublishedChange, figures map[string]map[string]Figure) []Restatement {
	var out []Restatement
	for _, c := range changes {
		now, ok := figures[c.Period][c.Measure]
		then, known := figures[c.before()][c.Measure]
		low, high, err := c.interval()
		if !ok || !known || err != nil {
			continue
		}
		r := Restatement{Change: c, Now: now, Then: then, Low: now.Low / high, High: now.High / low}
		r.Restated = r.High < then.Low || r.Low > then.High
		out = append(out, r)
	}
	return out
}

// OfficialCheck is what a check against published figures found.
type OfficialCheck struct {
	Rates        []Recomputed
	Without      []Figure // published rates whose parts were not published
	Restatements []Restatement
}

// CheckOfficial recomputes every published rate from published counts and looks
// for implied restatements. It needs no warehouse.
func (c *Catalogue) CheckOfficial(published []Figure) OfficialCheck {
	figures, periods := byPeriod(published)
	var out OfficialCheck
	done := map[string]bool{}
	for _, p := range c.ratios {
		for _, x := range recompute(p, figures, periods) {
			out.Rates = append(out.Rates, x)
			done[x.Figure.Measure+" "+x.Period] = true
		}
	}
	for _, f := range published {
		if f.Unit == "percent" && !done[f.Measure+" "+f.Period] {
			out.Without = append(out.Without, f)
		}
	}
	out.Restatements = restatements(c.changes, figures)
	return out
}

// byPeriod arranges figures; of several editions the first by name counts.
func byPeriod(published []Figure) (map[string]map[string]Figure, []string) {
	figures, periods := map[string]map[string]Figure{}, []string{}
	for _, f := range published {
		if figures[f.Period] == nil {
			figures[f.Period], periods = map[string]Figure{}, append(periods, f.Period)
		}
		if _, twice := figures[f.Period][f.Measure]; !twice {
			figures[f.Period][f.Measure] = f
		}
	}
	return figures, periods
}
