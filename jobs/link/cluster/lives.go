package cluster

import "hengjian/jobs/link/record"

// lives says whether what records tell of two groups' whereabouts is the life of
// two people: held in two places at once, or alive after the death of the other.
func (j *joiner) lives(a, b uint32) Reason {
	for x := a; x != end; x = j.next[x] {
		one := j.table.Lives[j.table.Rows[x].Key]
		if one == nil {
			continue
		}
		for y := b; y != end; y = j.next[y] {
			other := j.table.Lives[j.table.Rows[y].Key]
			switch {
			case other == nil:
			case j.outlives(one, other), j.outlives(other, one):
				return Death
			case !j.connected(x, y) && j.apart(one.Stays, other.Stays):
				return Custody
			}
		}
	}
	return None
}

// connected reports whether two rows stand in one case: an organ that takes a
// case over writes the custody of its predecessor down once more.
func (j *joiner) connected(x, y uint32) bool {
	c := j.table.Rows[x].Chain
	return c != 0 && c == j.table.Rows[y].Chain
}

// outlives reports whether dead died before alive was last seen.
func (j *joiner) outlives(dead, alive *record.Life) bool {
	return dead.Died != 0 && alive.Seen >= dead.Died+j.limits.HandOver
}

// apart reports whether two stays of one kind lie in two places at one time for
// longer than a transfer takes.
func (j *joiner) apart(ours, theirs []record.Stay) bool {
	for _, s := range ours {
		for _, t := range theirs {
			if s.Kind == t.Kind && s.Place != t.Place && min(s.To, t.To)-max(s.From, t.From) >= j.limits.HandOver {
				return true
			}
		}
	}
	return false
}
