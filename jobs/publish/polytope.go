package publish

import (
	"maps"
	"math/big"
	"slices"
)

// polytope is the set of non-negative solutions of a group of equations, in
// exact fractions: a simplex tableau kept at a feasible basis (Bland's rule, so
// that it always ends). It belongs to the verifier.
type polytope struct {
	variables []int        // unknowns by column, ascending
	rows      [][]*big.Rat // reduced tableau; nil is zero; last column is the right side
	basis     []int        // column that each row solves
	first     []*big.Rat   // one solution
	differs   []bool       // columns in which two solutions were seen to differ
}

// newPolytope reduces the equations and finds a first solution. The equations
// come from a real table, so that one exists.
func newPolytope(equations []equation) *polytope {
	p := &polytope{}
	seen := map[int]bool{}
	for _, e := range equations {
		for v := range e.terms {
			seen[v] = true
		}
	}
	p.variables = slices.Sorted(maps.Keys(seen))
	column := map[int]int{}
	for i, v := range p.variables {
		column[v] = i
	}
	n := len(p.variables)
	for _, e := range equations {
		row := make([]*big.Rat, n+1)
		for v, k := range e.terms {
			row[column[v]] = big.NewRat(k, 1)
		}
		row[n] = keep(new(big.Rat).Set(e.right))
		p.rows = append(p.rows, row)
	}
	p.reduce()
	p.feasible()
	p.first = p.point()
	p.differs = make([]bool, n)
	return p
}

// keep turns a zero into nil.
func keep(r *big.Rat) *big.Rat {
	if r == nil || r.Sign() == 0 {
		return nil
	}
	return r
}

// pivot makes column c the basis of row r.
func (p *polytope) pivot(r, c int) {
	inverse := new(big.Rat).Inv(p.rows[r][c])
	for j, v := range p.rows[r] {
		if v != nil {
			p.rows[r][j] = new(big.Rat).Mul(v, inverse)
		}
	}
	for i := range p.rows {
		if i != r {
			eliminate(p.rows[i], p.rows[r], c)
		}
	}
	p.basis[r] = c
}

// eliminate subtracts the multiple of by that clears column c of row.
func eliminate(row, by []*big.Rat, c int) {
	f := row[c]
	if f == nil {
		return
	}
	f = new(big.Rat).Set(f)
	for j, v := range by {
		if v == nil {
			continue
		}
		d := new(big.Rat).Mul(f, v)
		if row[j] == nil {
			row[j] = d.Neg(d)
		} else {
			row[j] = keep(d.Sub(row[j], d))
		}
	}
}

// reduce brings the rows into reduced echelon form and drops empty ones.
func (p *polytope) reduce() {
	n := len(p.variables)
	p.basis = make([]int, len(p.rows))
	rank := 0
	for c := 0; c < n && rank < len(p.rows); c++ {
		for r := rank; r < len(p.rows); r++ {
			if p.rows[r][c] != nil {
				p.rows[rank], p.rows[r] = p.rows[r], p.rows[rank]
				p.pivot(rank, c)
				rank++
				break
			}
		}
	}
	p.rows, p.basis = p.rows[:rank], p.basis[:rank]
}

// feasible pivots until no basic value is negative: each pass takes the first
// negative row and raises it with a phase-one objective of that row alone,
// while the rows already in order stay so.
func (p *polytope) feasible() {
	n := len(p.variables)
	for {
		bad := -1
		for r := range p.rows {
			if p.rows[r][n] != nil && p.rows[r][n].Sign() < 0 {
				bad = r
				break
			}
		}
		if bad < 0 {
			return
		}
		if !p.raise(bad) {
			return
		}
	}
}

// raise brings the negative basic variable of row bad towards zero by one
// pivot; false when the equations have no non-negative solution.
func (p *polytope) raise(bad int) bool {
	n := len(p.variables)
	enter := -1
	for c := range n {
		if v := p.rows[bad][c]; v != nil && v.Sign() < 0 {
			enter = c
			break
		}
	}
	if enter < 0 {
		return false
	}
	leave, best := bad, new(big.Rat).Quo(p.rows[bad][n], p.rows[bad][enter])
	for r := range p.rows {
		v, b := p.rows[r][enter], p.rows[r][n]
		if v == nil || v.Sign() <= 0 || b != nil && b.Sign() < 0 {
			continue
		}
		ratio := new(big.Rat)
		if b != nil {
			ratio.Quo(b, v)
		}
		if c := ratio.Cmp(best); c < 0 || c == 0 && p.basis[r] < p.basis[leave] {
			leave, best = r, ratio
		}
	}
	p.pivot(leave, enter)
	return true
}

// point is the solution at the current basis.
func (p *polytope) point() []*big.Rat {
	n := len(p.variables)
	out := make([]*big.Rat, n)
	for r, c := range p.basis {
		out[c] = p.rows[r][n]
	}
	return out
}

// note compares the current solution with the first.
func (p *polytope) note() {
	for c, v := range p.point() {
		a, b := v, p.first[c]
		if a == nil {
			a = new(big.Rat)
		}
		if b == nil {
			b = new(big.Rat)
		}
		if a.Cmp(b) != 0 {
			p.differs[c] = true
		}
	}
}

// extreme moves to a solution with the greatest (sign 1) or least (sign -1)
// value of column c; nil when there is no bound. With stop it may return
// earlier, as soon as the column was seen to differ.
func (p *polytope) extreme(c int, sign int64, stop bool) *big.Rat {
	n := len(p.variables)
	for {
		if stop && p.differs[c] {
			return nil
		}
		enter := -1
		gain := p.gains(c, sign)
		for j := range n {
			if gain[j] != nil && gain[j].Sign() > 0 && !slices.Contains(p.basis, j) {
				enter = j
				break
			}
		}
		if enter < 0 {
			if v := p.point()[c]; v != nil {
				return new(big.Rat).Set(v)
			}
			return new(big.Rat)
		}
		leave := p.leaving(enter)
		if leave < 0 {
			p.differs[c] = true
			return nil
		}
		p.pivot(leave, enter)
		p.note()
	}
}

// gains is the objective row for column c: how much it grows (sign 1) or
// shrinks (sign -1) per unit of each column outside the basis.
func (p *polytope) gains(c int, sign int64) []*big.Rat {
	n := len(p.variables)
	out := make([]*big.Rat, n)
	if r := slices.Index(p.basis, c); r >= 0 {
		for j := range n {
			if v := p.rows[r][j]; v != nil {
				out[j] = new(big.Rat).Mul(v, big.NewRat(-sign, 1))
			}
		}
		return out
	}
	out[c] = big.NewRat(sign, 1)
	return out
}

// leaving is the row that limits a growing column, -1 when none does.
func (p *polytope) leaving(enter int) int {
	n := len(p.variables)
	leave := -1
	var best *big.Rat
	for r := range p.rows {
		v := p.rows[r][enter]
		if v == nil || v.Sign() <= 0 {
			continue
		}
		ratio := new(big.Rat)
		if b := p.rows[r][n]; b != nil {
			ratio.Quo(b, v)
		}
		if leave < 0 || ratio.Cmp(best) < 0 || ratio.Cmp(best) == 0 && p.basis[r] < p.basis[leave] {
			leave, best = r, ratio
		}
	}
	return leave
}

// exact returns the unknowns that have one value in all solutions.
func (p *polytope) exact() map[int]*big.Rat {
	out := map[int]*big.Rat{}
	for c, v := range p.variables {
		p.extreme(c, 1, true)
		if !p.differs[c] {
			p.extreme(c, -1, true)
		}
		if !p.differs[c] {
			value := new(big.Rat)
			if p.first[c] != nil {
				value.Set(p.first[c])
			}
			out[v] = value
		}
	}
	return out
}

// bounds returns least and greatest value of an unknown; nil for no bound above.
func (p *polytope) bounds(v int) (low, high *big.Rat) {
	c := slices.Index(p.variables, v)
	return p.extreme(c, -1, false), p.extreme(c, 1, false)
}
