package simulate

import "slices"

// agenda says which chains of a block a recurring human can stand in: nobody is
// held twice at one time, and nobody is charged anew while serving a sentence. A
// chain's days do not depend on who stands in it, so each is drafted once without.
type agenda struct {
	draft *planner
	block uint64
	free  map[uint64]bool // chains of the block that get the human they want
}

// takes reports whether chain i gets the recurring human it wants.
func (a *agenda) takes(i uint64) bool {
	if a.free == nil || a.block != i/block {
		a.block, a.free = i/block, a.settle(i/block)
	}
	return a.free[i]
}

// presence is when the first person of a chain is busy with it.
type presence struct {
	chain    uint64
	from, to day
}

// settle gives each human of a block the chains that end first and do not overlap.
func (a *agenda) settle(b uint64) map[uint64]bool {
	wishes := map[uint64][]presence{}
	for i := b * block; i < (b+1)*block; i++ {
		k, ok := a.draft.wanted(i)
		if !ok {
			continue
		}
		if c := a.draft.plan(i); !c.juvenile && !c.people[0].official && !c.people[0].foreign {
			from, to := c.presence()
			wishes[k] = append(wishes[k], presence{i, from, to})
		}
	}
	free := map[uint64]bool{}
	for _, some := range wishes {
		slices.SortStableFunc(some, func(x, y presence) int { return int(x.to) - int(y.to) })
		last := none
		for _, w := range some {
			if w.from > last {
				free[w.chain], last = true, w.to
			}
		}
	}
	return free
}

// forever lies after every day of a country.
const forever day = 1 << 30

// presence is from the first docket of a chain to its last day, or to the end of
// the sentence of its first person; one who is still held is held for good.
func (c *chain) presence() (from, to day) {
	from, to = c.cases[0].opened, c.cases[0].opened
	for _, s := range c.sendings {
		to = max(to, s.fact)
	}
	h := &c.people[0]
	judged := h.gone
	for i := range c.trials {
		t := &c.trials[i]
		if t.who != 0 || !t.judged.present() {
			continue
		}
		judged = true
		switch {
		case t.sentence == "life":
			return from, forever
		case t.probation != yes && (t.sentence == "fixed_term" || t.sentence == "short_detention"):
			to = max(to, t.judged.plusMonths(t.months))
		}
	}
	held := h.custody && !judged
	for i := range c.measures {
		m := &c.measures[i]
		held = held || m.measure == "detention" && m.no == policeEntries[0] && !m.ended.present()
	}
	if held {
		return from, forever
	}
	return from, to
}
