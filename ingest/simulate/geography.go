package simulate

import (
	"fmt"

	"hengjian/warehouse/contract/identifier"
)

// geography is what the simulator takes from the region register (行政区划).
type geography struct {
	provinces []place
	cities    map[string][]place
	counties  []string // never-allocated county codes, in code order
}

func (g *geography) prefectures(province string) []place { return g.cities[province] }

// readGeography keeps the provinces and prefectures in force, in code order.
func readGeography() (*geography, error) {
	regions, err := identifier.LoadRegions()
	if err != nil {
		return nil, err
	}
	g := &geography{cities: map[string][]place{}, counties: regions.NeverAllocated()}
	for _, r := range regions.All() {
		if !r.ValidTo.IsZero() {
			continue
		}
		switch r.Level {
		case "province":
			g.provinces = append(g.provinces, place{r.Code, r.Name})
		case "prefecture":
			p := identifier.Province(r.Code)
			g.cities[p] = append(g.cities[p], place{r.Code, r.Name})
		}
	}
	if len(g.provinces) < 31 || len(g.counties) == 0 {
		return nil, fmt.Errorf("%d provinces and %d county codes: the register is not whole", len(g.provinces), len(g.counties))
	}
	return g, nil
}
