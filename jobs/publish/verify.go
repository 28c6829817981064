package publish

import (
	"fmt"
	"math/big"
	"slices"
)

// Exposure is a cell that a reader of the printed table alone can work out, or
// a small count that is printed.
type Exposure struct {
	Indicator, Measure, Organ, Period string
	Value                             string // what the reader learns
	How                               string // printed | sums | bounds
}

// Interval is what a reader of the printed table alone can say of a hidden cell.
type Interval struct {
	Indicator, Measure, Organ, Period string
	Low                               string
	High                              string // "" = no bound
}

// unknown is one figure the reader does not see, and where it stands.
type unknown struct {
	section, line, column int
	measure               string // num | den | rest, the last never printed
}

// equation says that the signed sum of unknowns is right.
type equation struct {
	terms map[int]int64 // unknown → coefficient
	right *big.Rat
}

// reader is an attacker: it sees printed cells, knows how a table adds up and
// that counts are not negative, and nothing else.
type reader struct {
	table     *Table
	names     []unknown
	index     map[unknown]int
	equations []equation
	solved    map[int]*big.Rat
}

// Verify plays a reader against a table and returns everything this reader can
// work out exactly, in the order of the table. It shares no code with the
// protector and never looks at the value of a hidden cell.
func Verify(t *Table) []Exposure {
	r := newReader(t)
	out := r.printedSmall()
	how := map[int]string{}
	r.substitute()
	for v := range r.solved {
		how[v] = "sums"
	}
	for _, part := range r.components() {
		for v, value := range newPolytope(part).exact() {
			r.solved[v] = value
			how[v] = "bounds"
		}
	}
	for v, name := range r.names {
		value, known := r.solved[v]
		if known && (name.measure != "rest" || r.small(value)) {
			out = append(out, r.exposure(name, value.RatString(), how[v]))
		}
	}
	return out
}

// Intervals returns the exact bounds of every hidden cell, in the order of the table.
func Intervals(t *Table) []Interval {
	r := newReader(t)
	r.substitute()
	bounds := map[int][2]*big.Rat{}
	for v, value := range r.solved {
		bounds[v] = [2]*big.Rat{value, value}
	}
	for _, part := range r.components() {
		p := newPolytope(part)
		for _, v := range p.variables {
			low, high := p.bounds(v)
			bounds[v] = [2]*big.Rat{low, high}
		}
	}
	var out []Interval
	for v, name := range r.names {
		if name.measure == "rest" {
			continue
		}
		e := r.exposure(name, "", "")
		i := Interval{e.Indicator, e.Measure, e.Organ, e.Period, "0", ""}
		if b, ok := bounds[v]; ok {
			i.Low = b[0].RatString()
			if b[1] != nil {
				i.High = b[1].RatString()
			}
		}
		out = append(out, i)
	}
	return out
}

// newReader lists what is unknown and every equation about it.
func newReader(t *Table) *reader {
	r := &reader{table: t, index: map[unknown]int{}, solved: map[int]*big.Rat{}}
	lines, columns := len(t.Lines), len(t.Columns)
	for s := range t.Sections {
		measures := []string{"num"}
		if t.Sections[s].Den != nil {
			measures = append(measures, "den")
		}
		for _, m := range measures {
			for c := 0; c < columns && lines > 1; c++ {
				var sum []unknown
				for l := 1; l < lines; l++ {
					sum = append(sum, unknown{s, l, c, m})
				}
				r.says(sum, unknown{s, 0, c, m})
			}
			for l := 0; l < lines && columns > 1; l++ {
				var sum []unknown
				for c := range columns - 1 {
					sum = append(sum, unknown{s, l, c, m})
				}
				r.says(sum, unknown{s, l, columns - 1, m})
			}
			r.visit(s, m)
		}
		if t.Sections[s].Share {
			for l := range lines {
				for c := range columns {
					r.says([]unknown{{s, l, c, "num"}, {s, l, c, "rest"}}, unknown{s, l, c, "den"})
				}
			}
		}
	}
	return r
}

// visit makes sure that every hidden cell of a measure is among the unknowns,
// also where no equation mentions it.
func (r *reader) visit(section int, measure string) {
	for l := range r.table.Lines {
		for c := range r.table.Columns {
			if u := (unknown{section, l, c, measure}); r.printed(u) == nil {
				r.number(u)
			}
		}
	}
}

// printed returns what a reader sees of a figure, nil when nothing.
func (r *reader) printed(u unknown) *big.Rat {
	if u.measure == "rest" {
		return nil
	}
	s := r.table.Sections[u.section]
	cell := s.Num
	if u.measure == "den" {
		cell = s.Den
	}
	if cell[u.line][u.column].Hidden {
		return nil
	}
	return big.NewRat(cell[u.line][u.column].Value, 1)
}

// number returns the index of an unknown.
func (r *reader) number(u unknown) int {
	i, ok := r.index[u]
	if !ok {
		i = len(r.names)
		r.index[u], r.names = i, append(r.names, u)
	}
	return i
}

// says records that parts add up to whole.
func (r *reader) says(parts []unknown, whole unknown) {
	e := equation{terms: map[int]int64{}, right: new(big.Rat)}
	for i, u := range append(slices.Clip(parts), whole) {
		sign := int64(1)
		if i == len(parts) {
			sign = -1
		}
		if v := r.printed(u); v != nil {
			e.right.Sub(e.right, new(big.Rat).Mul(big.NewRat(sign, 1), v))
		} else {
			e.terms[r.number(u)] += sign
		}
	}
	if len(e.terms) > 0 {
		r.equations = append(r.equations, e)
	}
}

// substitute solves equations with one unknown until none is left.
func (r *reader) substitute() {
	for changed := true; changed; {
		changed = false
		for _, e := range r.equations {
			for v, k := range e.terms {
				if value, ok := r.solved[v]; ok {
					e.right.Sub(e.right, new(big.Rat).Mul(big.NewRat(k, 1), value))
					delete(e.terms, v)
					changed = true
				}
			}
			if len(e.terms) == 1 {
				for v, k := range e.terms {
					r.solved[v] = new(big.Rat).Quo(e.right, big.NewRat(k, 1))
					changed = true
				}
			}
		}
	}
}

// components splits the equations that still have unknowns into groups that
// share none.
func (r *reader) components() [][]equation {
	group := map[int]int{}
	var find func(int) int
	find = func(v int) int {
		if p, ok := group[v]; ok && p != v {
			return find(p)
		}
		group[v] = v
		return v
	}
	for _, e := range r.equations {
		first := -1
		for v := range e.terms {
			if first < 0 {
				first = v
			}
			group[find(v)] = find(first)
		}
	}
	at, out := map[int]int{}, [][]equation{}
	for _, e := range r.equations {
		for v := range e.terms {
			root := find(v)
			i, ok := at[root]
			if !ok {
				i = len(out)
				at[root], out = i, append(out, nil)
			}
			out[i] = append(out[i], e)
			break
		}
	}
	return out
}

// printedSmall lists small counts that are printed.
func (r *reader) printedSmall() []Exposure {
	var out []Exposure
	for s := range r.table.Sections {
		for _, m := range []string{"num", "den"} {
			if m == "den" && r.table.Sections[s].Den == nil {
				continue
			}
			for l := range r.table.Lines {
				for c := range r.table.Columns {
					u := unknown{s, l, c, m}
					if v := r.printed(u); v != nil && r.small(v) {
						out = append(out, r.exposure(u, v.RatString(), "printed"))
					}
				}
			}
		}
	}
	return out
}

// small says whether a count may not be known.
func (r *reader) small(v *big.Rat) bool {
	return v.Sign() > 0 && v.Cmp(big.NewRat(r.table.Threshold, 1)) < 0
}

// exposure names a figure for people.
func (r *reader) exposure(u unknown, value, how string) Exposure {
	c := r.table.Columns[u.column]
	return Exposure{r.table.Sections[u.section].ID, u.measure, r.table.Lines[u.line].Organ, c.Kind + ":" + c.Period, value, how}
}

// String says what is exposed, for an error or a log.
func (e Exposure) String() string {
	return fmt.Sprintf("%s %s of %s in %s = %s (%s)", e.Indicator, e.Measure, e.Organ, e.Period, e.Value, e.How)
}
