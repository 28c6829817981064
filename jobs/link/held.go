package link

import (
	"math"

	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/score"
)

// holding is how firmly an entry is held to the other entries of its person in
// its own chain: what a finding of the chain rests on.
type holding struct {
	band    string
	weakest *float32
}

// held finds, for each row, the weakest edge on the strongest paths between the
// entries of its person in its chain. Edges come in the order in which they
// joined, the strongest first: the last that brought two entries of a chain
// together is the weakest. A person's decision is as firm as can be.
func held(out *resolve.Output, must [][2]uint32, chain []string) []holding {
	g := grouping{root: make([]uint32, len(chain)), of: make([]map[string]bool, len(chain)), weakest: make([]map[string]float32, len(chain))}
	alone := map[string]int{}
	for i, c := range chain {
		g.root[i], g.of[i] = uint32(i), map[string]bool{c: true}
		alone[key(out, i, c)]++
	}
	for _, p := range must {
		if out.Clusters.Of[p[0]] == out.Clusters.Of[p[1]] {
			g.join(p[0], p[1], float32(math.Inf(1)))
		}
	}
	for _, e := range out.Clusters.Tree {
		g.join(e.A, e.B, e.Weight)
	}
	suspect := map[uint32]bool{}
	for _, i := range out.Clusters.Suspects {
		suspect[i] = true
	}
	holdings := make([]holding, len(chain))
	for i, c := range chain {
		h := holding{band: "alone"}
		if w, ok := g.weakest[g.find(uint32(i))][c]; ok && alone[key(out, i, c)] > 1 {
			h.band = string(score.Firm)
			if !math.IsInf(float64(w), 1) {
				h.band, h.weakest = string(score.BandOf(float64(w), out.Parameters.Threshold)), &w
			}
		}
		if suspect[uint32(i)] {
			h.band = string(score.Doubtful)
		}
		holdings[i] = h
	}
	return holdings
}

// key names a person in a chain.
func key(out *resolve.Output, row int, chain string) string {
	top := out.Clusters.Of[row]
	return string([]byte{byte(top), byte(top >> 8), byte(top >> 16), byte(top >> 24)}) + chain
}

// grouping joins rows and knows the chains of each group, and what held each
// chain together last.
type grouping struct {
	root    []uint32
	of      []map[string]bool
	weakest []map[string]float32
}

func (g *grouping) find(i uint32) uint32 {
	for g.root[i] != i {
		g.root[i] = g.root[g.root[i]]
		i = g.root[i]
	}
	return i
}

func (g *grouping) join(x, y uint32, weight float32) {
	a, b := g.find(x), g.find(y)
	if a == b {
		return
	}
	if len(g.of[a]) < len(g.of[b]) {
		a, b = b, a
	}
	g.root[b] = a
	if g.weakest[a] == nil {
		g.weakest[a] = map[string]float32{}
	}
	for c, w := range g.weakest[b] {
		if have, ok := g.weakest[a][c]; !ok || w < have {
			g.weakest[a][c] = w
		}
	}
	for c := range g.of[b] {
		if g.of[a][c] {
			g.weakest[a][c] = min(weight, bound(g.weakest[a], c))
		}
		g.of[a][c] = true
	}
	g.of[b], g.weakest[b] = nil, nil
}

// bound is what is known of a chain, else no bound.
func bound(m map[string]float32, c string) float32 {
	if w, ok := m[c]; ok {
		return w
	}
	return float32(math.Inf(1))
}
