package pair

import (
	"cmp"
	"slices"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
)

// entry is a row under its key.
type entry struct {
	key uint64
	row uint32
}

// divided remembers the blocks of a rule that were too large: which keys were
// divided, and which of their parts were too large again and left out.
type divided struct{ keys, gone map[uint64]bool }

// brings reports whether a rule brings x and y together.
func (d *divided) brings(r *level.Rule, t *record.Table, x, y *record.Row) bool {
	if !r.Same(t, x, y) {
		return false
	}
	if len(d.keys) == 0 || !d.keys[r.Key(t, x)] {
		return true
	}
	k := r.SplitKey(t, x)
	return k != 0 && k == r.SplitKey(t, y) && !d.gone[r.Key(t, x)^k]
}

// blocksOf sorts the rows by the key of a rule and cuts them into blocks of two
// and more, in order of keys and rows.
func blocksOf(c Config, r *level.Rule, t *record.Table) ([]block, Cost, divided) {
	entries := make([]entry, 0, len(t.Rows))
	for i := range t.Rows {
		if k := r.Key(t, &t.Rows[i]); k != 0 {
			entries = append(entries, entry{k, uint32(i)})
		}
	}
	cost := Cost{Rule: r.ID}
	var out []block
	var apart divided
	for _, b := range cut(ordered(entries)) {
		if len(b) <= c.Block {
			out = append(out, b)
			continue
		}
		cost.Split++
		if apart.keys == nil {
			apart.keys, apart.gone = map[uint64]bool{}, map[uint64]bool{}
		}
		apart.keys[b[0].key] = true
		smaller := make([]entry, 0, len(b))
		for _, e := range b {
			if k := r.SplitKey(t, &t.Rows[e.row]); k != 0 {
				smaller = append(smaller, entry{k, e.row})
			}
		}
		cost.Dropped += len(b) - len(smaller)
		for _, s := range cut(ordered(smaller)) {
			if len(s) > c.Block {
				cost.Dropped += len(s)
				apart.gone[b[0].key^s[0].key] = true
				continue
			}
			out = append(out, s)
		}
	}
	return out, cost, apart
}

// cut returns the stretches of one key that hold two rows and more.
func cut(entries []entry) []block {
	var out []block
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[to].key == entries[from].key {
			to++
		}
		if to-from > 1 {
			out = append(out, block(entries[from:to]))
		}
		from = to
	}
	return out
}

// ordered sorts entries by key and keeps the order of rows: a radix sort by
// digits of eleven bits, four times as fast here as a sort by comparison.
func ordered(entries []entry) []entry {
	const bits, size = 11, 1 << 11
	if len(entries) < size {
		slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
		return entries
	}
	other := make([]entry, len(entries))
	for shift := uint(0); shift < 64; shift += bits {
		var count [size]int
		for _, e := range entries {
			count[e.key>>shift&(size-1)]++
		}
		sum := 0
		for i, n := range count {
			count[i] = sum
			sum += n
		}
		for _, e := range entries {
			d := e.key >> shift & (size - 1)
			other[count[d]] = e
			count[d]++
		}
		entries, other = other, entries
	}
	return entries
}
