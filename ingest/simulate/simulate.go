package simulate

import (
	"fmt"
	"sync"
)

// Country is one synthetic country: its organs and the rule by which chain i is
// planned. It holds no chains, so its memory does not grow with their number.
type Country struct {
	*register
	seed        uint64
	cases       int
	start, asOf day
	faults      float64
	progress    func(uint64)
	serials     uint64 // size of each book of numbers
	counties    []string
	weights     []float64 // cumulative, by area
	topics      [typeCount]string
	once        sync.Once
	truth       Truth
}

// New builds the organs; chains are planned when Truth or Emit asks for them.
func New(c Config) (*Country, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	g, err := readGeography()
	if err != nil {
		return nil, fmt.Errorf("read region register: %w", err)
	}
	k := &Country{
		register: buildRegister(g.provinces, g.prefectures), seed: c.Seed, cases: c.Cases, start: dayOf(c.Start), asOf: dayOf(c.AsOf),
		faults: c.Faults, progress: c.Progress, counties: g.counties, serials: 100_000,
	}
	switch {
	case c.Cases > 1_000_000:
		k.serials = maxCases
	case c.Cases > 100_000:
		k.serials = 1_000_000
	}
	own := map[string][]string{}
	for _, c := range g.counties {
		own[c[:4]] = append(own[c[:4]], c)
	}
	sum := 0.0
	for _, a := range k.areas {
		a.counties = own[a.code[:4]]
		sum += a.weight
		k.weights = append(k.weights, sum)
	}
	for i, n := range typeNames {
		k.topics[i] = "hj." + n
	}
	return k, nil
}

// Topics are the topics that Emit writes to, the organ register's first.
func Topics() []string {
	var t []string
	for _, n := range typeNames {
		t = append(t, "hj."+n)
	}
	return t
}
