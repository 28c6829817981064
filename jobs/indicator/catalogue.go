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

//go:embed catalogue/*.yaml official/*.yaml source/*.yaml
var definitions embed.FS

// Text is a text in both languages.
type Text struct{ ZH, EN string }

// Article is one article of a law that an indicator rests on.
type Article struct{ Law, Article string }

// Measure is one count of an indicator: which rows of which source, in which month.
type Measure struct {
	From      string // record type, verdict or source; "" = the indicator's
	Organ     string // column with the organ id; "" = the indicator's
	Date      string // column whose month the row counts in
	Otherwise string // column used where Date is missing, "" = the row does not count
	Until     string // of a stock: the day on which the row leaves it, a column or the least of several
	Sum       string // column to add up; "" = the indicator's
	Where     string // as written
	where     *expression
}

// Days is what the histogram of an indicator measures: whole days between two
// columns of a record (办案天数).
type Days struct{ From, To string }

// Indicator is one definition of the catalogue.
type Indicator struct {
	ID                 string
	Version            int
	ZH, EN             string
	Definition         Text
	Includes, Excludes []Text
	Counts             string // docket | person_entry | person | chain | document | item
	CountedUnit, Unit  string // 件 人 件次 人次 份 个 次; Unit is % for ratios, 比 for 1:x, 天 for days, 元 for money
	Kind               string // flow | cohort | stock | distribution
	Preference         Text   // what the law prefers, as text only
	From, Organ        string // record type, verdict or source; column with the organ id
	Supervisor         bool   // counts for the procuratorate that supervises the organ
	Sum                string // column to add up instead of counting rows
	Distinct           string // column that names what is counted once over any set of cells
	Universe           string
	Numerator          Measure
	Other              *Measure // rest of the denominator, nil for counts and flow ratios
	Denominator        *Measure // own denominator of a flow ratio
	Undetermined       *Measure
	Days               *Days    // the histogram of a distribution in days
	Dims               []string // the dimension whose shares a distribution shows
	Slices             []string // dimensions by which the cells are also split
	ValidFrom, ValidTo string   // first and last day on which the definition counts, "" = open
	Basis              []Article
	Sources            []string
	Caveats            []Text
	Official           []string  // ids of published ratios by which it is checked
	Examples           []Example `json:"-"`
	universe           *expression
	dimValues          []string
}

// Ratio says whether the indicator is a rate in percent.
func (i Indicator) Ratio() bool { return i.Unit == "%" }

// Divided says whether its value is a numerator divided by a denominator.
func (i Indicator) Divided() bool {
	return i.Other != nil || i.Denominator != nil || i.Days != nil || len(i.Dims) > 0
}

// Proportion says whether the numerator is part of the denominator.
func (i Indicator) Proportion() bool { return i.Other != nil }

// OverHundred says whether the rate may exceed 100 % because numerator and
// denominator are different flows of the same period (同期).
func (i Indicator) OverHundred() bool { return i.Kind == "flow" && i.Ratio() && i.Denominator != nil }

// Stock says whether the value is what stood at the end of a period.
func (i Indicator) Stock() bool { return i.Kind == "stock" }

// DimValues are the values of the dimension of a distribution, as they stand in
// dim.
func (i Indicator) DimValues() []string { return slices.Clone(i.dimValues) }

// Catalogue is every indicator and published ratio in force.
type Catalogue struct {
	indicators []Indicator
	ratios     []PublishedRatio
	changes    []PublishedChange
	sources    map[string]source
	digest     string
}

// Load reads the embedded catalogue and, where overlay is a folder,
// overlay/indicators/*.yaml. Everything wrong comes back at once as contract.Problems.
func Load(overlay string, contracts *contract.Catalogue) (*Catalogue, error) {
	l := &loading{contracts: contracts, seen: map[string]string{}, made: Catalogue{sources: map[string]source{}}}
	l.folder(definitions, "source/*.yaml", l.source)
	l.folder(definitions, "official/ratios.yaml", l.ratio)
	l.folder(definitions, "official/changes.yaml", l.changes)
	l.folder(definitions, "catalogue/*.yaml", l.indicator)
	if overlay != "" {
		l.folder(os.DirFS(overlay), "indicators/sources/*.yaml", l.source)
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
		Sources    map[string]source
	}{l.made.indicators, l.made.ratios, l.made.sources})
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

// Digest returns the hex SHA-256 of one definition.
func (i Indicator) Digest() string {
	text, err := json.Marshal(i)
	if err != nil { // a definition holds texts and numbers only
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
