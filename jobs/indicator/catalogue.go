package indicator

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"hengjian/warehouse/contract"
)

//go:embed catalogue/*.yaml official/*.yaml
var definitions embed.FS

// Text is a text in both languages.
type Text struct{ ZH, EN string }

// Article is one article of a law that an indicator rests on.
type Article struct{ Law, Article string }

// Measure is one count of an indicator: which rows, in which month.
type Measure struct {
	Date      string // column whose month the row counts in
	Otherwise string // column used where Date is missing, "" = the row does not count
	Where     string // as written
	where     *expression
}

// Indicator is one definition of the catalogue.
type Indicator struct {
	ID                 string
	Version            int
	ZH, EN             string
	Definition         Text
	Includes, Excludes []Text
	Counts             string // docket | person_entry | person | chain | document | item
	CountedUnit, Unit  string // 件 人 件次 人次 份; Unit is % for ratios
	Kind               string // flow | cohort | distribution
	Preference         Text   // what the law prefers, as text only
	From, Organ        string // record type or verdict; column with the organ id
	Sum                string // column to add up instead of counting rows
	Universe           string
	Numerator          Measure
	Other              *Measure // rest of the denominator, nil for counts and flow ratios
	Denominator        *Measure // own denominator of a flow ratio
	Undetermined       *Measure
	Dims               []string
	Basis              []Article
	Sources            []string
	Caveats            []Text
	Official           []string  // ids of published ratios by which it is checked
	Examples           []Example `json:"-"`
	universe           *expression
	dimValues          []string
}

// Ratio says whether the indicator has a denominator.
func (i Indicator) Ratio() bool { return i.Unit == "%" }

// Proportion says whether the numerator is part of the denominator.
func (i Indicator) Proportion() bool { return i.Other != nil }

// DimValues are the values of the dimension of a distribution, as they stand in
// indicator_value.dim.
func (i Indicator) DimValues() []string { return slices.Clone(i.dimValues) }

// Catalogue is every indicator and published ratio in force.
type Catalogue struct {
	indicators []Indicator
	ratios     []PublishedRatio
	digest     string
}

// Load reads the embedded catalogue and, where overlay is a folder,
// overlay/indicators/*.yaml. Everything wrong comes back at once as contract.Problems.
func Load(overlay string, contracts *contract.Catalogue) (*Catalogue, error) {
	l := &loading{contracts: contracts, seen: map[string]string{}}
	l.folder(definitions, "official/*.yaml", l.ratio)
	l.folder(definitions, "catalogue/*.yaml", l.indicator)
	if overlay != "" {
		l.folder(os.DirFS(overlay), "indicators/*.yaml", l.indicator)
	}
	if l.err != nil {
		return nil, l.err
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	slices.SortFunc(l.made.indicators, byID)
	text, err := json.Marshal(struct {
		Indicators []Indicator
		Ratios     []PublishedRatio
	}{l.made.indicators, l.made.ratios})
	if err != nil {
		return nil, fmt.Errorf("write the catalogue canonically: %w", err)
	}
	sum := sha256.Sum256(text)
	l.made.digest = hex.EncodeToString(sum[:])
	return &l.made, nil
}

// loading collects definitions and problems of all folders.
type loading struct {
	contracts *contract.Catalogue
	seen      map[string]string // id → file
	made      Catalogue
	problems  contract.Problems
	err       error
}

// folder reads one folder, keeping its problems.
func (l *loading) folder(fsys fs.FS, pattern string, read func(name string, r *contract.Reading)) {
	err := contract.ReadYAML(fsys, pattern, decoding(read))
	var found contract.Problems
	switch {
	case errors.As(err, &found):
		l.problems = append(l.problems, found...)
	case err != nil && l.err == nil:
		l.err = err
	}
}

// byID orders indicators as their ids read.
func byID(a, b Indicator) int {
	if a.ID < b.ID {
		return -1
	}
	return 1
}

// Indicators returns all definitions in order of id; callers must not change them.
func (c *Catalogue) Indicators() []Indicator { return c.indicators }

// Indicator returns one definition.
func (c *Catalogue) Indicator(id string) (Indicator, bool) {
	for _, i := range c.indicators {
		if i.ID == id {
			return i, true
		}
	}
	return Indicator{}, false
}

// Proportions returns the ids of indicators whose numerator is part of the denominator.
func (c *Catalogue) Proportions() []string {
	var out []string
	for _, i := range c.indicators {
		if i.Proportion() {
			out = append(out, i.ID)
		}
	}
	return out
}

// Rates returns the ids of flow ratios, whose numerator is not part of the denominator.
func (c *Catalogue) Rates() []string {
	var out []string
	for _, i := range c.indicators {
		if i.Ratio() && !i.Proportion() && i.Kind != "distribution" {
			out = append(out, i.ID)
		}
	}
	return out
}

// PublishedRatios returns how published rates are recomputed.
func (c *Catalogue) PublishedRatios() []PublishedRatio { return c.ratios }

// Digest returns the hex SHA-256 of the definitions.
func (c *Catalogue) Digest() string { return c.digest }
