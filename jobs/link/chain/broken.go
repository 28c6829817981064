package chain

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// Status says what a missing successor means.
type Status string

// The states of an expected hop (断链状态).
const (
	Linked   Status = "linked"
	Proven   Status = "proven"    // 已证实断链: a later record cites a number never received
	Probable Status = "probable"  // 可能断链
	NotYet   Status = "not_yet"   // 尚未到期
	NoneDue  Status = "none_due"  // 无后续: a terminal event says so
	Refused  Status = "undecided" // 不可判断: too few or too young to judge
)

// Expected is a docket that a further docket should follow.
type Expected struct {
	Hop      string // name of the step: all with one name share a delay model
	Sender   string // organ or region
	Start    int    // day from which the successor is due
	Linked   bool
	Delay    int  // days, of a linked one
	Proven   bool // see Loss
	Terminal bool // an event says that nothing follows
}

// Judgement is what the model says of one.
type Judgement struct {
	Status      Status
	Probability float64 // that the hop is broken; 1 when proven, 0 when linked or none is due
}

// Model bounds the delay model.
type Model struct {
	AsOf     int   // day of the judgement
	Horizons []int // days after which a cohort counts as mature, tried from the shortest
	Smallest int   // mature hops that a model needs
	Sure     float64
}

// DefaultModel tries horizons from half a year to four years.
func DefaultModel(asOf int) Model {
	return Model{AsOf: asOf, Horizons: []int{180, 365, 730, 1460}, Smallest: 200, Sure: 0.9}
}

// Delays is the model of one hop: the delays of linked hops that began before the
// horizon, and the share of those that never arrived.
type Delays struct {
	Horizon int
	Delays  []int // sorted
	Pi      float64
	N       int
}

// Later is the share of delays over t days.
func (d Delays) Later(t int) float64 {
	over := len(d.Delays) - sort.SearchInts(d.Delays, t+1)
	return float64(over) / float64(max(1, len(d.Delays)))
}

// Within is how many days at least a share of the linked hops took.
func (d Delays) Within(share float64) int {
	if len(d.Delays) == 0 {
		return 0
	}
	return d.Delays[min(len(d.Delays)-1, int(share*float64(len(d.Delays))))]
}

// Broken is P(broken | open for t days) = πF(t) / (πF(t) + 1−F(t)): after t days a
// share F(t) of all hops is due, of which π is missing; the rest is not due yet,
// whether it will arrive or not. To count what will be lost later as broken today,
// π / (π + (1−π)(1−F(t))), says too much of every young hop.
func (d Delays) Broken(t int) float64 {
	later := d.Later(t)
	missing := d.Pi * (1 - later)
	if missing == 0 {
		return 0
	}
	return missing / (missing + later)
}

// Learn makes the delay model of each hop. One without a horizon that the 99th
// percentile of its delays stays clear of, or with too few mature hops, is left
// out: it is refused and not guessed.
func (m Model) Learn(all []Expected) map[string]Delays {
	byHop := map[string][]Expected{}
	for _, e := range all {
		if !e.Terminal {
			byHop[e.Hop] = append(byHop[e.Hop], e)
		}
	}
	out := map[string]Delays{}
	for hop, some := range byHop {
		for _, horizon := range m.Horizons {
			if d, ok := m.mature(some, horizon); ok {
				out[hop] = d
				break
			}
		}
	}
	return out
}

// mature fits the cohort that began a horizon ago or earlier.
func (m Model) mature(some []Expected, horizon int) (Delays, bool) {
	d := Delays{Horizon: horizon}
	open := 0
	for _, e := range some {
		if e.Start > m.AsOf-horizon {
			continue
		}
		d.N++
		if e.Linked {
			d.Delays = append(d.Delays, e.Delay)
		} else {
			open++
		}
	}
	if d.N < m.Smallest || len(d.Delays) == 0 {
		return d, false
	}
	slices.Sort(d.Delays)
	d.Pi = float64(open) / float64(d.N)
	if late := d.Delays[min(len(d.Delays)-1, int(math.Ceil(0.99*float64(len(d.Delays)))))]; late > horizon*5/6 {
		return d, false
	}
	return d, true
}

// Judge says of each expected hop what its absence means.
func (m Model) Judge(all []Expected, models map[string]Delays) []Judgement {
	out := make([]Judgement, len(all))
	for i, e := range all {
		model, known := models[e.Hop]
		switch {
		case e.Linked:
			out[i] = Judgement{Linked, 0}
		case e.Terminal:
			out[i] = Judgement{NoneDue, 0}
		case e.Proven:
			out[i] = Judgement{Proven, 1}
		case !known:
			out[i] = Judgement{Refused, 0}
		default:
			p := model.Broken(m.AsOf - e.Start)
			out[i] = Judgement{NotYet, p}
			if p >= m.Sure {
				out[i].Status = Probable
			}
		}
	}
	return out
}

// Cell is what a hop of a sender in a month comes to.
type Cell struct {
	Hop, Sender string
	Month       int // months since year 0
	Expected    int
	Linked      int
	Proven      int
	Probable    float64 // sum of probabilities that are not proven
	NotYet      int
	NoneDue     int
	Undecided   int
	Rate        float64 // (proven + probable) / judged
	Low, High   float64 // 95 %, shrunk towards the hop's national rate
}

// Interval is that of a broken share at 95 %: of a beta distribution whose prior
// is worth ten hops at the national rate and one of Jeffreys'.
func Interval(broken, expected, national float64) (low, high float64) {
	const worth = 10
	likely := distuv.Beta{Alpha: broken + worth*national + 0.5, Beta: expected - broken + worth*(1-national) + 0.5}
	return likely.Quantile(0.025), likely.Quantile(0.975)
}

// Cells sums judgements by hop, sender and month, with intervals.
func Cells(all []Expected, judged []Judgement, month func(day int) int) []Cell {
	type key struct {
		hop, sender string
		month       int
	}
	cells := map[key]*Cell{}
	national := map[string][2]float64{}
	for i, e := range all {
		k := key{e.Hop, e.Sender, month(e.Start)}
		c := cells[k]
		if c == nil {
			c = &Cell{Hop: e.Hop, Sender: e.Sender, Month: k.month}
			cells[k] = c
		}
		j := judged[i]
		switch j.Status {
		case NoneDue:
			c.NoneDue++
			continue
		case Refused:
			c.Undecided++
			continue
		case Linked:
			c.Linked++
		case Proven:
			c.Proven++
		case NotYet:
			c.NotYet++
			c.Probable += j.Probability
		case Probable:
			c.Probable += j.Probability
		}
		c.Expected++
		n := national[e.Hop]
		national[e.Hop] = [2]float64{n[0] + j.Probability, n[1] + 1}
	}
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		if c.Expected > 0 {
			n := national[c.Hop]
			broken := float64(c.Proven) + c.Probable
			c.Rate = broken / float64(c.Expected)
			c.Low, c.High = Interval(broken, float64(c.Expected), n[0]/n[1])
		}
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y Cell) int {
		return cmp.Or(cmp.Compare(x.Hop, y.Hop), cmp.Compare(x.Sender, y.Sender), cmp.Compare(x.Month, y.Month))
	})
	return out
}
