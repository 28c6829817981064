// Package control is the arithmetic of one organ's course over time (控制图): the
// natural limits of an XmR chart, runs, a two-sided CUSUM, seasonality and
// points of change. It promises that a course too short to know says so. It
// reads nothing, compares no organ with another and judges nobody.
package control

import "math"

// Point is one month of one organ. A month without a denominator is no point.
type Point struct {
	Period   string
	Num, Den float64
}

// Rate is numerator over denominator, NaN without a denominator.
func (p Point) Rate() float64 {
	if p.Den <= 0 {
		return math.NaN()
	}
	return p.Num / p.Den
}

// The factors of an XmR chart (Wheeler, Understanding Variation, 1993): three
// sigma from the average moving range, whose ratio to sigma is d2 = 1.128.
const (
	naturalFactor = 2.66  // 3 / 1.128
	rangeFactor   = 3.268 // D4 of pairs
	runLength     = 8     // points in a row on one side of the centre
	shortest      = 12    // points below which nothing is said
)

// The kinds of signal.
const (
	Outside = "outside"   // beyond a natural limit
	Run     = "run"       // eight in a row on one side of the centre
	Drift   = "drift"     // CUSUM beyond its interval
	Change  = "change"    // the course continues at another level
	Short   = "too_short" // fewer than twelve points
)

// Signal is one thing to look at; its text is made by whoever shows it.
type Signal struct {
	Kind   string
	Period string // where it shows, for runs and drifts the last point
	Since  string // first point of a run, drift or new level
	Up     bool   // above the centre; no word of good or bad
	Before float64
	After  float64 // levels before and after a change, else value and centre
}

// Chart is one course with its natural limits (自然控制限).
type Chart struct {
	Centre, Lower, Upper float64 // of the course, after the season is taken out
	RangeLimit           float64 // upper limit of a month's move
	Adjusted             []float64
	Seasonal             bool // a season was taken out
	Signals              []Signal
}

// Config bounds what a chart calls a signal.
type Config struct {
	Base    int     // first points that set centre and limits; 0 takes all
	K, H    float64 // allowance and interval of the CUSUM in sigma
	Penalty float64 // of one more change, in log-likelihood; 0 takes the default
}

// DefaultConfig looks at all points; k = 0.5 and h = 5 give one false drift in
// 465 months on average (two-sided; testdata/arl.csv, R package spc).
func DefaultConfig() Config { return Config{K: 0.5, H: 5} }

// Of draws the chart of a course in time order.
func Of(points []Point, c Config) Chart {
	kept := make([]Point, 0, len(points))
	for _, p := range points {
		if p.Den > 0 {
			kept = append(kept, p)
		}
	}
	if len(kept) < shortest {
		return Chart{Signals: []Signal{{Kind: Short}}}
	}
	rates := make([]float64, len(kept))
	for i, p := range kept {
		rates[i] = p.Rate()
	}
	var chart Chart
	chart.Adjusted, chart.Seasonal = deseasoned(kept, rates)
	base := chart.Adjusted
	if c.Base >= shortest && c.Base < len(base) {
		base = base[:c.Base]
	}
	chart.natural(base)
	chart.outside(kept)
	chart.runs(kept)
	chart.drifts(kept, base, c)
	chart.changes(kept, c)
	return chart
}

// natural sets the centre at the mean of the base and the limits from its moving range.
func (c *Chart) natural(base []float64) {
	move := 0.0
	for i, v := range base {
		c.Centre += v / float64(len(base))
		if i > 0 {
			move += math.Abs(v-base[i-1]) / float64(len(base)-1)
		}
	}
	c.Lower, c.Upper = c.Centre-naturalFactor*move, c.Centre+naturalFactor*move
	c.RangeLimit = rangeFactor * move
}

func (c *Chart) outside(points []Point) {
	for i, v := range c.Adjusted {
		if v > c.Upper || v < c.Lower {
			c.Signals = append(c.Signals, Signal{Kind: Outside, Period: points[i].Period, Since: points[i].Period, Up: v > c.Upper, Before: c.Centre, After: v})
		}
	}
}

// runs finds eight points in a row on one side; each stretch is one signal.
func (c *Chart) runs(points []Point) {
	side := func(i int) int {
		switch v := c.Adjusted[i]; {
		case v > c.Centre:
			return 1
		case v < c.Centre:
			return -1
		}
		return 0
	}
	for from := 0; from < len(points); {
		to, s := from+1, side(from)
		for to < len(points) && side(to) == s {
			to++
		}
		if s != 0 && to-from >= runLength {
			c.Signals = append(c.Signals, Signal{Kind: Run, Period: points[to-1].Period, Since: points[from].Period, Up: s > 0, Before: c.Centre, After: mean(c.Adjusted[from:to])})
		}
		from = to
	}
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
