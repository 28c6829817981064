package cluster

import (
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/score"
)

// profile is what the records of a group say together.
type profile struct {
	number  uint32 // a row with the commonest valid number; end when there is none
	count   int    // how many records have it
	sexes   [3]int
	birth   normal.Birth // the commonest full date, 0 when there is none
	born    uint32       // a row with it
	sexed   uint32       // a row with the commonest sex; end when none is known
	dockets []uint32
}

// tally counts distinct values; groups are small, so a list serves.
type tally[T comparable] struct {
	values []T
	rows   []uint32
	counts []int
}

func (c *tally[T]) add(v T, row uint32) {
	for i, have := range c.values {
		if have == v {
			c.counts[i]++
			return
		}
	}
	c.values, c.rows, c.counts = append(c.values, v), append(c.rows, row), append(c.counts, 1)
}

// most returns the commonest value's place; of equals that of the smallest row.
func (c *tally[T]) most() int {
	best := -1
	for i, n := range c.counts {
		if best < 0 || n > c.counts[best] || n == c.counts[best] && c.rows[i] < c.rows[best] {
			best = i
		}
	}
	return best
}

// describe fills p with the group of root.
func (j *joiner) describe(root uint32, p *profile) {
	p.number, p.count, p.sexes, p.birth, p.born, p.sexed, p.dockets = end, 0, [3]int{}, 0, end, end, p.dockets[:0]
	var numbers tally[uint32]
	var births tally[normal.Birth]
	for i := root; i != end; i = j.next[i] {
		r := &j.table.Rows[i]
		if r.Valid {
			numbers.add(r.Number, i)
		}
		if g := r.Sex; g == 1 || g == 2 {
			p.sexes[g]++
			if p.sexed == end || p.sexes[g] > p.sexes[3-g] {
				p.sexed = i
			}
		}
		if b := r.Birth; j.table.Full(b) {
			births.add(b, i)
		}
		if r.Docket != 0 {
			p.dockets = append(p.dockets, r.Docket)
		}
	}
	if at := numbers.most(); at >= 0 {
		p.number, p.count = numbers.rows[at], numbers.counts[at]
	}
	if at := births.most(); at >= 0 {
		p.birth, p.born = births.values[at], births.rows[at]
	}
}

// contradiction says why the groups of roots a and b are two persons, or None.
// e is the best edge between them.
func (j *joiner) contradiction(a, b uint32, e score.Edge) Reason {
	if reason := j.decided(a, b); reason != None {
		return reason
	}
	x, y := &j.ours, &j.theirs
	j.describe(a, x)
	j.describe(b, y)
	if j.limits.OneDocket && meet(x.dockets, y.dockets) {
		return Docket
	}
	if len(j.table.Lives) > 0 {
		if reason := j.lives(a, b); reason != None {
			return reason
		}
	}
	if n := j.limits.SexRecords; x.sexes[1] >= n && x.sexes[2] == 0 && y.sexes[2] >= n && y.sexes[1] == 0 ||
		x.sexes[2] >= n && x.sexes[1] == 0 && y.sexes[1] >= n && y.sexes[2] == 0 {
		return Sexes
	}
	if x.number != end && y.number != end {
		return j.numbers(a, b, x, y, e)
	}
	if x.birth != 0 && y.birth != 0 && j.table.Apart(x.birth, y.birth, j.limits.YearsApart) {
		if !j.plan.Holds(j.birth, e.Pattern, "equal", "slip", "decade", "month_day") {
			return Births
		}
	}
	return j.whole(x, y, e)
}

// whole weighs the best edge again with what each group says as a whole: one
// record with a coarse or wrong birth must not carry a join against all others.
func (j *joiner) whole(x, y *profile, e score.Edge) Reason {
	weight := float64(e.Weight)
	for _, q := range [2]struct {
		comparison int
		a, b       uint32
	}{{j.birth, x.born, y.born}, {j.sex, x.sexed, y.sexed}} {
		if q.a == end || q.b == end {
			continue
		}
		all := j.plan.One(q.comparison, j.table, &j.table.Rows[q.a], &j.table.Rows[q.b])
		weight += min(0, j.weigher.Part(all, q.comparison)-j.weigher.Part(e.Pattern, q.comparison))
	}
	if weight < j.limits.Threshold {
		return Average
	}
	return None
}

// numbers judges two groups that both have valid numbers.
func (j *joiner) numbers(a, b uint32, x, y *profile, e score.Edge) Reason {
	rows := j.table.Rows
	if rows[x.number].Number == rows[y.number].Number {
		return j.lent(e)
	}
	lone := uint32(end)
	switch {
	case j.size[a] == 1:
		lone = a
	case j.size[b] == 1:
		lone = b
	}
	if lone == end || !j.plan.Holds(j.name, e.Pattern, "equal", "class", "sound") || !j.plan.Holds(j.birth, e.Pattern, "equal") {
		return Numbers
	}
	if without := float64(e.Weight) - j.weigher.Part(e.Pattern, j.id); without < j.limits.LoneWeight {
		return Numbers
	}
	j.suspects = append(j.suspects, lone)
	return None
}

// lent judges two groups of one number: where neither name nor birth fits, the
// number was typed from another person.
func (j *joiner) lent(e score.Edge) Reason {
	if j.plan.Holds(j.name, e.Pattern, "surname", "other") && j.plan.Holds(j.birth, e.Pattern, "near_year", "other", "year") {
		return Lent
	}
	return None
}

func meet(a, b []uint32) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
