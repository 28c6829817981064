package publish

import "math"

// protect hides what must not be printed: first every count from 1 to
// Threshold-1 (and every denominator part that would reveal one), then the
// cells that would give it away by the sums of this table. A cell is safe once
// another table of whole, non-negative counts agrees with all that is printed
// and differs in that cell: the move between the two is what gets hidden.
func protect(t *Table) {
	for i := range t.Sections {
		p := protector{table: t, section: &t.Sections[i]}
		p.hide()
	}
}

// part names what a primary cell counts.
type part int

const (
	numerator part = iota
	denominator
	complement // denominator minus numerator: not printed, yet derivable
)

// target is one unsafe cell.
type target struct {
	part         part
	line, column int
}

// protector works on one section; sections share no cells.
type protector struct {
	table   *Table
	section *Section
	moved   map[target]bool // cells that some chosen move changes
}

// shift is one coordinate of a move along one axis.
type shift struct {
	at   int
	sign int64
}

// move changes the numerators, the denominators or both by lines × columns.
type move struct {
	num, den       bool
	lines, columns []shift
	sign           int64
}

// unsafe says whether a count is too small to print.
func (p *protector) unsafe(v int64) bool { return v > 0 && v < p.table.Threshold }

// value reads a part, computing the complement.
func (p *protector) value(k target) int64 {
	switch k.part {
	case numerator:
		return p.section.Num[k.line][k.column].Value
	case denominator:
		return p.section.Den[k.line][k.column].Value
	}
	return p.section.Den[k.line][k.column].Value - p.section.Num[k.line][k.column].Value
}

// hide marks the primary cells, then finds a move for each in a fixed order.
func (p *protector) hide() {
	p.moved = map[target]bool{}
	var targets []target
	for line := range p.table.Lines {
		for column := range p.table.Columns {
			for _, part := range p.parts() {
				k := target{part, line, column}
				if p.unsafe(p.value(k)) {
					targets = append(targets, k)
					p.mark(k, "primary")
				}
			}
		}
	}
	for _, k := range targets {
		if !p.moved[k] {
			p.apply(p.cheapest(k))
		}
	}
}

// parts lists what a section prints or reveals.
func (p *protector) parts() []part {
	switch {
	case p.section.Den == nil:
		return []part{numerator}
	case p.section.Share:
		return []part{numerator, denominator, complement}
	}
	return []part{numerator, denominator}
}

// mark hides a printed cell; a complement has none.
func (p *protector) mark(k target, reason string) {
	var c *Cell
	switch k.part {
	case numerator:
		c = &p.section.Num[k.line][k.column]
	case denominator:
		c = &p.section.Den[k.line][k.column]
	default:
		return
	}
	if !c.Hidden {
		c.Hidden, c.Reason = true, reason
	}
}

// axis lists the shifts along one axis that change position at and keep every
// sum: n positions of which total is the sum of the others.
func axis(n, at, total int) [][]shift {
	if n == 1 {
		return [][]shift{{{at, 1}}}
	}
	var out [][]shift
	for other := range n {
		switch {
		case other == at:
		case at == total || other == total:
			out = append(out, []shift{{at, 1}, {other, 1}})
		default:
			out = append(out, []shift{{at, 1}, {other, -1}})
		}
	}
	return out
}

// cheapest is the feasible move through k that hides least. There is always
// one: adding one to the cell, its totals and its denominator.
func (p *protector) cheapest(k target) move {
	best, cost := move{}, math.Inf(1)
	for _, lines := range axis(len(p.table.Lines), k.line, 0) {
		for _, columns := range axis(len(p.table.Columns), k.column, len(p.table.Columns)-1) {
			for _, m := range p.modes(k.part) {
				for _, sign := range []int64{1, -1} {
					m.lines, m.columns, m.sign = lines, columns, sign
					if c, ok := p.cost(m); ok && c < cost {
						best, cost = m, c
					}
				}
			}
		}
	}
	return best
}

// modes lists which measures a move may change so that part changes.
func (p *protector) modes(part part) []move {
	num, den, both := move{num: true}, move{den: true}, move{num: true, den: true}
	if !p.section.Share {
		if part == numerator {
			return []move{num}
		}
		return []move{den}
	}
	switch part {
	case numerator:
		return []move{num, both}
	case denominator:
		return []move{den, both}
	}
	return []move{num, den}
}

// each calls f with every cell a move changes and by how much.
func (p *protector) each(m move, f func(k target, by int64)) {
	for _, l := range m.lines {
		for _, c := range m.columns {
			by := l.sign * c.sign * m.sign
			if m.num {
				f(target{numerator, l.at, c.at}, by)
			}
			if m.den {
				f(target{denominator, l.at, c.at}, by)
			}
			if p.section.Share && m.num != m.den {
				if m.num {
					f(target{complement, l.at, c.at}, -by)
				} else {
					f(target{complement, l.at, c.at}, by)
				}
			}
		}
	}
}

// cost is the weight of what a move would newly hide; not ok when a count would
// fall below zero.
func (p *protector) cost(m move) (float64, bool) {
	cost, ok := 0.0, true
	p.each(m, func(k target, by int64) {
		v := p.value(k)
		if v+by < 0 {
			ok = false
		}
		if k.part == complement || p.hidden(k) {
			return
		}
		w := 1 + math.Log2(float64(1+v))
		if k.line == 0 && len(p.table.Lines) > 1 {
			w *= 50
		}
		if last := len(p.table.Columns) - 1; last > 0 && k.column == last {
			w *= 10
		}
		cost += w
	})
	return cost, ok
}

// hidden says whether a printed cell is hidden already.
func (p *protector) hidden(k target) bool {
	if k.part == numerator {
		return p.section.Num[k.line][k.column].Hidden
	}
	return p.section.Den[k.line][k.column].Hidden
}

// apply hides the cells of a move and remembers what it protects.
func (p *protector) apply(m move) {
	p.each(m, func(k target, _ int64) {
		p.moved[k] = true
		p.mark(k, "secondary")
	})
}
