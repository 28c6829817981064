package api

import (
	_ "embed"
	"fmt"

	"gopkg.in/yaml.v3"

	"hengjian/jobs/indicator"
)

//go:embed headlines.yaml
var headlinesText []byte

// readHeadlines picks the indicators of the first page (总览) from the catalogue, in
// the order of the list. An id that an overlay took out of the catalogue, or a
// distribution, is left out; a list that names nothing takes the whole catalogue.
func readHeadlines(c *indicator.Catalogue) ([]indicator.Indicator, error) {
	var ids []string
	if err := yaml.Unmarshal(headlinesText, &ids); err != nil {
		return nil, fmt.Errorf("read the list of headlines: %w", err)
	}
	whole := map[string]indicator.Indicator{}
	var all []indicator.Indicator
	for _, i := range c.Indicators() {
		if len(i.Dims) == 0 {
			whole[i.ID] = i
			all = append(all, i)
		}
	}
	var out []indicator.Indicator
	for _, id := range ids {
		if i, ok := whole[id]; ok {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		return all, nil
	}
	return out, nil
}
