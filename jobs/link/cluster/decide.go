package cluster

// Decisions are what people said about pairs of rows; they are input of every
// run and outlive all parameters.
type Decisions struct {
	Must   [][2]uint32 // one person
	Cannot [][2]uint32 // two persons
}

// decide joins the must-pairs and notes the cannot-pairs. Where they contradict,
// the whole group is left apart and goes to a second person.
func (j *joiner) decide(d Decisions) {
	for _, p := range d.Must {
		if a, b := j.find(p[0]), j.find(p[1]); a != b {
			j.join(a, b)
		}
	}
	disputed := map[uint32]bool{}
	for _, p := range d.Cannot {
		if a := j.find(p[0]); a == j.find(p[1]) {
			disputed[a] = true
			j.conflicts = append(j.conflicts, Conflict{A: p[0], B: p[1], Reason: Dispute})
		}
	}
	if len(disputed) > 0 {
		j.restart(d, disputed)
	}
	for _, p := range d.Cannot {
		a, b := j.find(p[0]), j.find(p[1])
		j.cannot[a] = append(j.cannot[a], p[1])
		j.cannot[b] = append(j.cannot[b], p[0])
	}
}

// restart joins the must-pairs again without the disputed groups, whose rows
// stay alone and frozen.
func (j *joiner) restart(d Decisions, disputed map[uint32]bool) {
	old := make(map[uint32]uint32, 2*len(d.Must))
	for _, p := range d.Must {
		old[p[0]], old[p[1]] = j.find(p[0]), j.find(p[1])
	}
	conflicts := j.conflicts
	j.begin(len(j.root))
	j.conflicts = conflicts
	for _, p := range d.Must {
		if disputed[old[p[0]]] {
			j.frozen[p[0]], j.frozen[p[1]] = true, true
			continue
		}
		if a, b := j.find(p[0]), j.find(p[1]); a != b {
			j.join(a, b)
		}
	}
}

// decided says whether a decision keeps two groups apart.
func (j *joiner) decided(a, b uint32) Reason {
	if j.frozen[a] || j.frozen[b] {
		return Dispute
	}
	for _, row := range j.cannot[a] {
		if j.find(row) == b {
			return Decided
		}
	}
	return None
}
