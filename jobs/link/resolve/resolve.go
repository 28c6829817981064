// Package resolve owns the way from records to persons without a warehouse: read
// or receive records, block, compare, learn or use frozen weights, join. It
// promises the same persons for the same records and parameters, and says how
// long each stage took. It never writes names or numbers.
package resolve

import (
	"context"
	"errors"
	"fmt"
	"math"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/pair"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
)

// Config puts the settings of the stages together.
type Config struct {
	Pairs    pair.Config
	Training score.Training
	Limits   cluster.Limits
	Floor    float64 // weight from which an edge is kept for explanations and repair
}

// DefaultConfig are the measured settings.
func DefaultConfig() Config {
	return Config{Pairs: pair.DefaultConfig(), Training: score.DefaultTraining(), Limits: cluster.DefaultLimits(), Floor: -8}
}

// Input is what a resolution works on.
type Input struct {
	Plan      *level.Plan
	Table     *record.Table
	Frozen    *score.Parameters // nil: learn
	Snapshot  *score.Snapshot   // frequencies of the run that froze the parameters; nil: count
	Decisions cluster.Decisions
	Stage     func(name string) // called as each stage ends; may be nil
}

// Output is what it found.
type Output struct {
	Parameters score.Parameters
	Costs      []pair.Cost
	Pairs      int
	Edges      []score.Edge
	Clusters   cluster.Result
	Weigher    *score.Weigher
	Terms      *score.Terms

	Frequencies *score.Frequencies
}

// Persons resolves the records of a sealed table.
func Persons(ctx context.Context, c Config, in Input) (*Output, error) {
	stage := in.Stage
	if stage == nil {
		stage = func(string) {}
	}
	if in.Plan.Keyed != (in.Table.Keyed != nil) {
		return nil, errors.New("resolve persons: a plan for keys needs records that the key process keyed, a plan for values clear ones")
	}
	pairs, costs, err := pair.Find(ctx, c.Pairs, in.Plan, in.Table)
	if err != nil {
		return nil, err
	}
	out := &Output{Costs: costs, Pairs: len(pairs)}
	stage("pairs")
	if in.Frozen != nil {
		out.Parameters = *in.Frozen
	} else if out.Parameters, err = score.Train(c.Training, in.Plan, in.Table, pairs); err != nil {
		return nil, err
	}
	stage("train")
	out.Weigher = score.NewWeigher(in.Plan, out.Parameters)
	if in.Snapshot != nil {
		out.Frequencies = in.Snapshot.Restore(in.Table)
	} else {
		out.Frequencies = score.Count(in.Table, nil)
	}
	out.Terms = score.NewTerms(in.Plan, out.Frequencies)
	out.Edges = score.Weigh(out.Weigher, out.Terms, in.Table, pairs, c.Floor)
	stage("weigh")
	c.Limits.Threshold = out.Parameters.Threshold
	out.Clusters = cluster.Join(in.Plan, out.Weigher, in.Table, out.Edges, c.Limits, in.Decisions)
	stage("join")
	if len(out.Clusters.Of) != len(in.Table.Rows) {
		return nil, fmt.Errorf("resolve persons: %d clusters for %d records", len(out.Clusters.Of), len(in.Table.Rows))
	}
	return out, nil
}

// Weakest returns, for each cluster by its smallest row, the weight of the
// weakest edge of the strongest tree that holds it; infinite for a lone record.
func Weakest(out *Output) []float32 {
	weakest := make([]float32, len(out.Clusters.Of))
	for i := range weakest {
		weakest[i] = float32(math.Inf(1))
	}
	for _, e := range out.Clusters.Tree {
		at := out.Clusters.Of[e.A]
		weakest[at] = min(weakest[at], e.Weight)
	}
	return weakest
}
