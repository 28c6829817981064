package simulate

import (
	"fmt"
	"slices"
	"sync"

	"hengjian/warehouse/contract"
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
	types       []string  // record types that come through Kafka, as numbered by messages
	topics      []string
	versions    []int
	scenarios   []*scenario
	seats       map[string]*area // by scenario
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
		faults: c.Faults, progress: c.Progress, counties: g.counties, serials: 100_000, seats: map[string]*area{},
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
	return k, k.agree(c.Contracts, c.Definitions)
}

// agree takes the record types from the contracts and prepares the scenarios.
func (k *Country) agree(catalogue *contract.Catalogue, definitions string) (err error) {
	if catalogue == nil {
		if catalogue, err = contract.Load(""); err != nil {
			return fmt.Errorf("load the contracts: %w", err)
		}
	}
	k.types = slices.Clone(typeNames[:])
	for _, t := range catalogue.Types() {
		if t.Door != "file" && !slices.Contains(k.types, t.Name) {
			k.types = append(k.types, t.Name)
		}
	}
	for _, name := range k.types {
		t, ok := catalogue.Type(name)
		if !ok {
			return fmt.Errorf("there is no contract of %s, which the simulator sends", name)
		}
		k.topics = append(k.topics, t.Topic())
		k.versions = append(k.versions, t.Version)
	}
	scenarios, err := loadScenarios(definitions, catalogue)
	if err != nil {
		return fmt.Errorf("load the scenarios: %w", err)
	}
	return k.stage(scenarios)
}

// Topics are the topics that Emit writes to, the organ register's first.
func (k *Country) Topics() []string { return slices.Clone(k.topics) }
