package cluster

import (
	"cmp"
	"slices"

	"hengjian/jobs/link/score"
)

// repair cuts weak bridges: an edge that alone holds two groups of a person
// together, while their records compared all with all speak against it. The groups
// are those of the edges over the threshold and of people's decisions; what is cut
// depends on the records alone, so it is the same in any order of edges.
func (j *joiner) repair(tree, order []score.Edge, must [][2]uint32) []score.Edge {
	large := map[uint32][]score.Edge{}
	for _, e := range order {
		if float64(e.Weight) < j.limits.Threshold {
			break
		}
		if root := j.find(e.A); int(j.size[root]) >= j.limits.BridgeFrom && root == j.find(e.B) {
			large[root] = append(large[root], e)
		}
	}
	cut := map[[2]uint32]bool{}
	for root, edges := range large {
		var members []uint32
		for i := root; i != end; i = j.next[i] {
			members = append(members, i)
		}
		for _, p := range must {
			if j.find(p[0]) == root {
				edges = append(edges, score.Edge{A: p[0], B: p[1], Weight: certain}, score.Edge{A: p[0], B: p[1], Weight: certain})
			}
		}
		j.search(members, edges, cut)
	}
	if len(cut) == 0 {
		return tree
	}
	tree = slices.DeleteFunc(tree, func(e score.Edge) bool {
		if !cut[[2]uint32{e.A, e.B}] {
			return false
		}
		j.conflicts = append(j.conflicts, Conflict{e.A, e.B, e.Weight, e.Pattern, Bridge})
		return true
	})
	j.regroup(tree, must)
	return tree
}

// certain is the weight of a decision: two such edges are never a bridge.
const certain = 1 << 20

// regroup joins anew what the kept edges and decisions hold together.
func (j *joiner) regroup(tree []score.Edge, must [][2]uint32) {
	frozen := j.frozen
	j.begin(len(j.root))
	together := func(x, y uint32) {
		if a, b := j.find(x), j.find(y); a != b {
			j.join(a, b)
		}
	}
	for _, p := range must {
		if !frozen[p[0]] && !frozen[p[1]] {
			together(p[0], p[1])
		}
	}
	for _, e := range tree {
		together(e.A, e.B)
	}
}

// search cuts the weakest bridge of a group that its records speak against, and
// goes on with both sides.
func (j *joiner) search(members []uint32, edges []score.Edge, cut map[[2]uint32]bool) {
	if len(members) < j.limits.BridgeFrom {
		return
	}
	g := newGraph(members, edges)
	for _, at := range g.bridges() {
		e := edges[at]
		if float64(e.Weight) >= j.limits.Threshold+j.limits.BridgeBits {
			break
		}
		if j.plan.Holds(j.chain, e.Pattern, "cites", "chain") {
			continue // a document connects the two
		}
		ours, theirs := g.sides(at, members)
		if len(ours) < j.limits.BridgeSide || len(theirs) < j.limits.BridgeSide || j.between(ours, theirs) >= 0 {
			continue
		}
		cut[[2]uint32{e.A, e.B}] = true
		in := make(map[uint32]bool, len(ours))
		for _, i := range ours {
			in[i] = true
		}
		var left, right []score.Edge
		for i, f := range edges {
			switch {
			case i == at:
			case in[f.A]:
				left = append(left, f)
			default:
				right = append(right, f)
			}
		}
		j.search(ours, left, cut)
		j.search(theirs, right, cut)
		return
	}
}

// between sums what the records of two sides say of one another, compared all
// with all, without the rarity of values.
func (j *joiner) between(ours, theirs []uint32) float64 {
	sum := 0.0
	for _, a := range ours {
		for _, b := range theirs {
			x, y := &j.table.Rows[min(a, b)], &j.table.Rows[max(a, b)]
			sum += j.weigher.Pattern(j.plan.Compare(j.table, x, y))
		}
	}
	return sum
}

// graph is a group as lists of edges by record.
type graph struct {
	place map[uint32]int
	edges []score.Edge
	of    [][]int // edges of a member
}

func newGraph(members []uint32, edges []score.Edge) *graph {
	g := &graph{place: make(map[uint32]int, len(members)), edges: edges, of: make([][]int, len(members))}
	for i, m := range members {
		g.place[m] = i
	}
	for at, e := range edges {
		for _, i := range [2]uint32{e.A, e.B} {
			g.of[g.place[i]] = append(g.of[g.place[i]], at)
		}
	}
	return g
}

// bridges returns the edges whose loss would divide the group, the weakest first
// (Tarjan 1974, A note on finding the bridges of a graph).
func (g *graph) bridges() []int {
	entered, low := make([]int, len(g.of)), make([]int, len(g.of))
	var out []int
	clock := 0
	var visit func(at, through int)
	visit = func(at, through int) {
		clock++
		entered[at], low[at] = clock, clock
		for _, e := range g.of[at] {
			if e == through {
				continue
			}
			to := g.other(e, at)
			if entered[to] > 0 {
				low[at] = min(low[at], entered[to])
				continue
			}
			visit(to, e)
			low[at] = min(low[at], low[to])
			if low[to] > entered[at] {
				out = append(out, e)
			}
		}
	}
	visit(0, -1)
	slices.SortFunc(out, func(x, y int) int {
		a, b := g.edges[x], g.edges[y]
		return cmp.Or(cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

func (g *graph) other(e, at int) int {
	if a := g.place[g.edges[e].A]; a != at {
		return a
	}
	return g.place[g.edges[e].B]
}

// sides are the members on both sides of a bridge.
func (g *graph) sides(bridge int, members []uint32) (ours, theirs []uint32) {
	seen := make([]bool, len(g.of))
	stack := []int{g.place[g.edges[bridge].A]}
	seen[stack[0]] = true
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range g.of[at] {
			if to := g.other(e, at); e != bridge && !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	for i, m := range members {
		if seen[i] {
			ours = append(ours, m)
		} else {
			theirs = append(theirs, m)
		}
	}
	return ours, theirs
}
