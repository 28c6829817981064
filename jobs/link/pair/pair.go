// Package pair owns the finding of candidate pairs: it knows the cost of every
// blocking rule before a run, brings records with one key together, and compares
// each pair once. It promises each pair at most once, in an order that depends on
// the records alone, whatever the number of workers. It never weighs a pair.
package pair

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
)

// Config bounds the work.
type Config struct {
	Block   int    // records in one block; a larger one is split by further parts
	Pairs   uint64 // pairs of all rules together, before a run is refused
	Workers int    // 0: one per processor
}

// DefaultConfig suits ten million records on a small machine.
func DefaultConfig() Config { return Config{Block: 3000, Pairs: 400_000_000} }

// Pair is two rows, A < B, and how they compare.
type Pair struct {
	A, B    uint32
	Pattern level.Pattern
}

// Cost is what a rule would bring: pairs before any is dropped as found earlier,
// the largest block, and what had to be split or left out.
type Cost struct {
	Rule    string
	Pairs   uint64
	Largest int
	Split   int // blocks over the limit that were divided
	Dropped int // records in blocks that stayed over the limit
}

// block is a stretch of one rule's rows with one key.
type block []entry

// Find returns the candidate pairs with their patterns, and the cost by rule. It
// refuses a run that would exceed the budget, naming the costliest rule.
func Find(ctx context.Context, c Config, p *level.Plan, t *record.Table) ([]Pair, []Cost, error) {
	if c.Workers < 1 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	costs := costsOf(c, p, t)
	var all uint64
	for _, k := range costs {
		all += k.Pairs
	}
	if all > c.Pairs {
		worst := costs[0]
		for _, k := range costs {
			if k.Pairs > worst.Pairs {
				worst = k
			}
		}
		return nil, costs, fmt.Errorf("blocking would compare %d pairs and the budget is %d: rule %s alone brings %d; narrow its key or raise the budget", all, c.Pairs, worst.Rule, worst.Pairs)
	}
	f := finder{plan: p, table: t}
	var out []Pair
	ahead := func(i int) chan cutting {
		to := make(chan cutting, 1)
		if i < len(p.Blocking) {
			go func() {
				blocks, _, apart := blocksOf(c, &p.Blocking[i], t)
				to <- cutting{blocks, apart}
			}()
		}
		return to
	}
	next := ahead(0)
	for i := range p.Blocking {
		now := <-next
		next = ahead(i + 1) // the blocks of the next rule are cut while those of this one are compared
		found, err := f.all(ctx, c.Workers, now.blocks)
		if err != nil {
			return nil, costs, err
		}
		for _, some := range found {
			out = append(out, some...)
		}
		f.earlier = append(f.earlier, now.apart)
	}
	return out, costs, nil
}

// cutting is what one rule brings together.
type cutting struct {
	blocks []block
	apart  divided
}

// costsOf counts what every rule would bring, as many rules at once as there are
// workers.
func costsOf(c Config, p *level.Plan, t *record.Table) []Cost {
	costs := make([]Cost, len(p.Blocking))
	next := make(chan int)
	var group sync.WaitGroup
	for range c.Workers {
		group.Go(func() {
			for i := range next {
				costs[i] = costOf(c, &p.Blocking[i], t)
			}
		})
	}
	for i := range costs {
		next <- i
	}
	close(next)
	group.Wait()
	return costs
}

// costOf counts what a rule would bring.
func costOf(c Config, r *level.Rule, t *record.Table) Cost {
	blocks, cost, _ := blocksOf(c, r, t)
	for _, b := range blocks {
		n := uint64(len(b))
		cost.Pairs += n * (n - 1) / 2
		cost.Largest = max(cost.Largest, len(b))
	}
	return cost
}

// chunk is how many blocks a worker takes at once.
const chunk = 4096

// finder compares the blocks of one rule after the other.
type finder struct {
	plan    *level.Plan
	table   *record.Table
	earlier []divided // of the rules that are done
}

// all compares the pairs of the blocks that no earlier rule brings, chunk by chunk.
func (f *finder) all(ctx context.Context, workers int, blocks []block) ([][]Pair, error) {
	found := make([][]Pair, (len(blocks)+chunk-1)/chunk)
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				found[i] = f.some(blocks[i*chunk : min(len(blocks), (i+1)*chunk)])
			}
		})
	}
	var err error
	for i := range found {
		if err = ctx.Err(); err != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
	return found, err
}

// some compares the pairs of some blocks.
func (f *finder) some(blocks []block) []Pair {
	var out []Pair
	for _, b := range blocks {
		for i := range b {
			for k := i + 1; k < len(b); k++ {
				x, y := min(b[i].row, b[k].row), max(b[i].row, b[k].row)
				if a, b := &f.table.Rows[x], &f.table.Rows[y]; !f.known(a, b) {
					out = append(out, Pair{x, y, f.plan.Compare(f.table, a, b)})
				}
			}
		}
	}
	return out
}

// known reports whether an earlier rule brings two rows together.
func (f *finder) known(x, y *record.Row) bool {
	for i := range f.earlier {
		if f.earlier[i].brings(&f.plan.Blocking[i], f.table, x, y) {
			return true
		}
	}
	return false
}
