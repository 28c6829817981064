// Package explain owns the answer to "why are these two one person": the prior,
// what each field added, the frequency term, the sum, the path that joined them,
// and what was refused. It promises that the parts add up to the weight on which
// the run decided, because it reads the stored pattern and compares nothing anew.
// It shows levels and never values.
package explain

import (
	"slices"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/score"
)

// Field is what one comparison added.
type Field struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Level  string  `json:"level"` // "" when a value is missing on a side
	Says   string  `json:"says"`  // the level in words
	M      float64 `json:"m,omitempty"`
	U      float64 `json:"u,omitempty"`
	Weight float64 `json:"weight"` // log2(m/u), 0 for a missing value
	Total  float64 `json:"total"`  // the sum up to here: the top of the bar
}

// Pair explains one pair of records (瀑布图的数据).
type Pair struct {
	A           string     `json:"a"`
	B           string     `json:"b"`
	Prior       float64    `json:"prior"` // weight of two random records
	Fields      []Field    `json:"fields"`
	Frequency   float64    `json:"frequency"` // what the rarity of shared values added
	Weight      float64    `json:"weight"`
	Threshold   float64    `json:"threshold"`
	Band        score.Band `json:"band"`
	Probability *float64   `json:"probability,omitempty"` // only with a calibration
	Joined      bool       `json:"joined"`                // this very edge joined two groups
	Refused     string     `json:"refused,omitempty"`     // why it did not
}

// Explanation is the answer for two records.
type Explanation struct {
	Same    bool   `json:"same"` // one person
	Direct  *Pair  `json:"direct,omitempty"`
	Path    []Pair `json:"path,omitempty"`    // strongest way from one to the other inside the person
	Refused []Pair `json:"refused,omitempty"` // joins refused between the persons of the two
	Version string `json:"version"`           // of the weights
	Hash    string `json:"hash"`
}

// Edge is a weighed pair with the names of its records.
type Edge struct {
	A, B    string
	Weight  float64
	Pattern level.Pattern
	Reason  cluster.Reason
	Joined  bool
}

// Of explains one edge.
func Of(plan *level.Plan, p score.Parameters, e Edge) Pair {
	out := Pair{A: e.A, B: e.B, Prior: p.Start(), Weight: e.Weight, Threshold: p.Threshold, Band: score.BandOf(e.Weight, p.Threshold), Joined: e.Joined}
	total := out.Prior
	for i, c := range plan.Comparisons {
		f := Field{ID: c.ID, Title: c.Title, Says: "缺失"}
		if at := plan.Of(e.Pattern, i); at > 0 {
			l := p.Comparisons[i].Levels[at-1]
			f.Level, f.Says, f.M, f.U, f.Weight = c.Levels[at-1].ID, c.Levels[at-1].Title, l.M, l.U, l.Weight()
		}
		total += f.Weight
		f.Total = total
		out.Fields = append(out.Fields, f)
	}
	out.Frequency = e.Weight - total
	if q, ok := p.Calibration.Probability(score.Stratum(plan, e.Pattern), e.Weight); ok {
		out.Probability = &q
	}
	if e.Reason != cluster.None {
		out.Refused = e.Reason.String()
	}
	return out
}

// Path finds the strongest way between two records along the edges that joined
// them; those are a tree, so there is one way at most.
func Path(edges []Edge, from, to string) []Edge {
	next := map[string][]Edge{}
	for _, e := range edges {
		if e.Joined {
			next[e.A] = append(next[e.A], e)
			next[e.B] = append(next[e.B], e)
		}
	}
	came := map[string]Edge{from: {}}
	queue := []string{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at == to {
			break
		}
		for _, e := range next[at] {
			other := e.A
			if other == at {
				other = e.B
			}
			if _, seen := came[other]; !seen {
				came[other] = e
				queue = append(queue, other)
			}
		}
	}
	if _, reached := came[to]; !reached {
		return nil
	}
	var path []Edge
	for at := to; at != from; {
		e := came[at]
		path = append(path, e)
		if e.A == at {
			at = e.B
		} else {
			at = e.A
		}
	}
	slices.Reverse(path)
	return path
}

// Records explains two records from the edges around them; direct is their own
// edge where they were compared.
func Records(plan *level.Plan, p score.Parameters, a, b string, same bool, direct *Edge, edges []Edge) Explanation {
	out := Explanation{Same: same, Version: p.Version, Hash: p.Hash}
	if direct != nil {
		one := Of(plan, p, *direct)
		out.Direct = &one
	}
	if same {
		for _, e := range Path(edges, a, b) {
			out.Path = append(out.Path, Of(plan, p, e))
		}
	}
	for _, e := range edges {
		if e.Reason != cluster.None {
			out.Refused = append(out.Refused, Of(plan, p, e))
		}
	}
	return out
}
