package record

import (
	"fmt"
	"slices"
	"sort"
)

// Limits say when a value is taken for a placeholder and when a chain is not one.
type Limits struct {
	Holders int // distinct valid identity numbers that may share one telephone or address
	Chain   int // records that cited numbers may connect
}

// DefaultLimits suit a national population.
func DefaultLimits() Limits { return Limits{Holders: 20, Chain: 64} }

// Found says what Seal took out.
type Found struct{ Phones, Addresses, Chains int }

// Seal ends the adding: it resolves citations into chains, clears placeholders,
// puts the rows in order of keys, and drops what only adding needed. Two records
// with one key are an error.
func (t *Table) Seal(l Limits) (Found, error) {
	found := Found{Chains: t.chains(l.Chain)}
	t.codes = nil
	found.Phones = t.placeholders(l.Holders, func(r *Row) *uint32 { return &r.Phone })
	found.Addresses = t.placeholders(l.Holders, func(r *Row) *uint32 { return &r.Address })
	if !slices.IsSortedFunc(t.Rows, func(a, b Row) int { return compare(a.Key, b.Key) }) {
		sort.Slice(t.Rows, func(i, j int) bool { return t.Rows[i].Key < t.Rows[j].Key })
	}
	for i := 1; i < len(t.Rows); i++ {
		if t.Rows[i].Key == t.Rows[i-1].Key {
			return found, fmt.Errorf("two records have the number %d: each record needs its own", t.Rows[i].Key)
		}
	}
	return found, nil
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// chains connects dockets along citations. A chain is named by its first docket;
// one of more than limit records is no evidence and is taken apart again. It
// returns how many those were.
func (t *Table) chains(limit int) int {
	root := make([]uint32, t.dockets+1)
	for i := range root {
		root[i] = uint32(i)
	}
	find := func(i uint32) uint32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		target, ok := t.codes[row.Wants]
		if row.Wants == 0 || !ok || row.Docket == 0 || target == row.Docket {
			continue
		}
		row.Cites = target
		a, b := find(row.Docket), find(target)
		root[max(a, b)] = min(a, b)
	}
	if t.Chained {
		return 0
	}
	size := make([]int32, t.dockets+1)
	for i := range t.Rows {
		if d := t.Rows[i].Docket; d != 0 {
			size[find(d)]++
		}
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		if row.Docket == 0 {
			continue
		}
		if top := find(row.Docket); size[top] > 1 && int(size[top]) <= limit {
			row.Chain = top
		}
	}
	large := 0
	for _, n := range size {
		if int(n) > limit {
			large++
		}
	}
	return large
}

// placeholders clears a value that more than holders persons of differing valid
// numbers share, and returns how many values that were.
func (t *Table) placeholders(holders int, of func(*Row) *uint32) int {
	type pair struct{ value, holder uint32 }
	var pairs []pair
	for i := range t.Rows {
		r := &t.Rows[i]
		if v := *of(r); v != 0 && r.Valid {
			pairs = append(pairs, pair{v, r.Number})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return compare(uint64(a.value)<<32|uint64(a.holder), uint64(b.value)<<32|uint64(b.holder))
	})
	bad := map[uint32]bool{}
	count := 0
	for i, p := range pairs {
		switch {
		case i == 0 || p.value != pairs[i-1].value:
			count = 1
		case p.holder != pairs[i-1].holder:
			count++
		}
		if count > holders {
			bad[p.value] = true
		}
	}
	if len(bad) > 0 {
		for i := range t.Rows {
			if v := of(&t.Rows[i]); bad[*v] {
				*v = 0
			}
		}
	}
	return len(bad)
}
