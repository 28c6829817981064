// Package score owns the weighing of pairs by the model of Fellegi and Sunter
// (1969, A Theory for Record Linkage): learning u and m, the frequency of values,
// the frozen parameter file, and the calibration on labels. It promises the same
// parameters for the same pairs and seed, and that a level never seen is reported.
// It never shows a weight as a probability unless labels have calibrated it.
package score

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"hengjian/jobs/link/level"
)

// Level holds what was learned of one level.
type Level struct {
	ID     string  `json:"id"`
	M      float64 `json:"m"`                // share of the level among pairs of one person
	U      float64 `json:"u"`                // among pairs of two persons
	Source string  `json:"source,omitempty"` // how u was found: sample, blocked, floor
}

// Weight is log2(m/u).
func (l Level) Weight() float64 { return math.Log2(l.M / l.U) }

// Comparison holds the levels of one comparison in their order.
type Comparison struct {
	ID     string  `json:"id"`
	Levels []Level `json:"levels"`
}

// Parameters are a model. A frozen one is used as it is, run after run.
type Parameters struct {
	Version     string       `json:"version"`     // named by whoever freezes it
	Levels      string       `json:"levels_hash"` // of the levels it was learned for
	Records     int          `json:"records"`     // it was learned from
	Seed        uint64       `json:"seed"`
	Prior       float64      `json:"prior"` // λ: probability that a random pair is one person
	Comparisons []Comparison `json:"comparisons"`
	Threshold   float64      `json:"threshold"` // weight from which records are joined
	Notes       []string     `json:"notes,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"`
	Hash        string       `json:"hash"` // of everything above
}

// Sum computes the hash of the parameters.
func (p Parameters) Sum() string {
	p.Hash = ""
	text, err := json.Marshal(p)
	if err != nil {
		return "" // no value of the struct can fail to marshal but a NaN, which Check refuses
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Freeze marshals the parameters as a file with its hash.
func (p Parameters) Freeze() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	p.Hash = p.Sum()
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the parameters: %w", err)
	}
	return append(text, '\n'), nil
}

// Thaw reads a parameter file and refuses one that was changed or that was
// learned for other levels than those of the plan.
func Thaw(text []byte, plan *level.Plan) (Parameters, error) {
	var p Parameters
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("read the parameters: %w", err)
	}
	if p.Sum() != p.Hash {
		return p, errors.New("the parameter file was changed after it was frozen: its hash does not fit; freeze a new version instead of editing one")
	}
	if p.Levels != plan.Hash {
		return p, errors.New("the parameter file was learned for other levels: train again with the levels in use")
	}
	return p, p.check()
}

//go:embed standard.json
var standard []byte

//go:embed keyed.json
var keyed []byte

// Standard is the frozen model of this program for a plan: learned on a population
// of a million invented records, to be replaced by one learned on site.
func Standard(plan *level.Plan) (Parameters, error) {
	if plan.Keyed {
		return Thaw(keyed, plan)
	}
	return Thaw(standard, plan)
}

// check names every value that is no probability.
func (p Parameters) check() error {
	var faults []error
	if !(p.Prior > 0 && p.Prior < 1) {
		faults = append(faults, fmt.Errorf("prior is %g: it lies between 0 and 1", p.Prior))
	}
	for _, c := range p.Comparisons {
		for _, l := range c.Levels {
			if !(l.M > 0 && l.M <= 1 && l.U > 0 && l.U <= 1) {
				faults = append(faults, fmt.Errorf("%s.%s: m %g and u %g lie between 0 and 1", c.ID, l.ID, l.M, l.U))
			}
		}
	}
	return errors.Join(faults...)
}

// Start is the weight of a pair of which nothing is known: log2 of the prior odds.
func (p Parameters) Start() float64 { return math.Log2(p.Prior / (1 - p.Prior)) }

// Weigher looks up the weight of a pattern.
type Weigher struct {
	plan    *level.Plan
	start   float64
	weights [][]float64 // by comparison and level; level 0 (missing) weighs nothing
	u       [][]float64
	cache   map[level.Pattern]float64
}

// NewWeigher prepares the weights of a model.
func NewWeigher(plan *level.Plan, p Parameters) *Weigher {
	w := &Weigher{plan: plan, start: p.Start(), cache: map[level.Pattern]float64{}}
	for _, c := range p.Comparisons {
		weights, u := []float64{0}, []float64{1}
		for _, l := range c.Levels {
			weights, u = append(weights, l.Weight()), append(u, l.U)
		}
		w.weights, w.u = append(w.weights, weights), append(w.u, u)
	}
	return w
}

// Pattern is the weight of a pattern without frequencies.
func (w *Weigher) Pattern(x level.Pattern) float64 {
	if v, ok := w.cache[x]; ok {
		return v
	}
	v := w.start
	for i := range w.weights {
		v += w.weights[i][w.plan.Of(x, i)]
	}
	w.cache[x] = v
	return v
}

// Part is what comparison i adds to the weight of a pattern.
func (w *Weigher) Part(x level.Pattern, i int) float64 { return w.weights[i][w.plan.Of(x, i)] }
