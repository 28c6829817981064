package contract

import (
	"errors"
	"slices"

	"gopkg.in/yaml.v3"
)

// Refusal is a reason for refusing a record or flagging a field (拒收原因), in
// the words that people read.
type Refusal struct{ Code, ZH, EN, RemedyZH, RemedyEN string }

// Refusal returns the words of a code; false for a code that is not in the table.
func (c *Catalogue) Refusal(code string) (Refusal, bool) {
	r, ok := c.refusals[code]
	return r, ok
}

// Refusals returns all reasons by code.
func (c *Catalogue) Refusals() []Refusal {
	codes := make([]string, 0, len(c.refusals))
	for code := range c.refusals {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	out := make([]Refusal, len(codes))
	for i, code := range codes {
		out[i] = c.refusals[code]
	}
	return out
}

// loadRefusals reads the one table of reasons.
func (c *Catalogue) loadRefusals() Problems {
	c.refusals = map[string]Refusal{}
	err := ReadYAML(embedded, "refusal.yaml", func(_ string, root *yaml.Node) []Problem {
		r := NewReading(root)
		r.ID = "refusal"
		table := r.Object(r.Root)
		for _, code := range table.Keys {
			o := r.Object(table.At(code), "zh", "en", "remedy_zh", "remedy_en")
			r.Need(o, "zh", "en", "remedy_zh", "remedy_en")
			c.refusals[code] = Refusal{
				Code: code, ZH: r.Text(o.At("zh")), EN: r.Text(o.At("en")),
				RemedyZH: r.Text(o.At("remedy_zh")), RemedyEN: r.Text(o.At("remedy_en")),
			}
		}
		return r.Problems()
	})
	var problems Problems
	if errors.As(err, &problems) {
		return problems
	}
	if err != nil {
		return Problems{{File: "refusal.yaml", ID: "refusal", What: err.Error(), Remedy: "rebuild the program"}}
	}
	return nil
}
