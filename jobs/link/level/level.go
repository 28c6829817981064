// Package level owns what is compared and how: comparisons and their levels,
// blocking keys, and the packing of one level per comparison into a pattern. It
// promises that each condition is one pure function of two rows, that a pattern
// is the same whichever record comes first, and that levels.yaml is checked whole
// when it is loaded. It never weighs anything: that is the business of score.
package level

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"

	"gopkg.in/yaml.v3"

	"hengjian/jobs/link/record"
)

//go:embed levels.yaml
var standard []byte

// Pattern is one level per comparison; 0 in a place means that a value is missing.
type Pattern uint32

// Level is one outcome of a comparison.
type Level struct {
	ID        string  `yaml:"id"`
	Title     string  `yaml:"title"`
	When      string  `yaml:"when"`      // a condition; none on the last level
	Frequency string  `yaml:"frequency"` // kind of value whose rarity counts: name, sound, region; or none
	Share     float64 `yaml:"share"`     // of the frequency term that counts, 0 to 1

	holds condition
}

// Comparison (比对项) is one question put to a pair.
type Comparison struct {
	ID     string  `yaml:"id"`
	Title  string  `yaml:"title"`
	Value  string  `yaml:"value"` // what must be given on both sides
	Levels []Level `yaml:"levels"`

	given func(*record.Row) bool
	shift uint
	mask  Pattern
}

// Rule brings together the records that share a key.
type Rule struct {
	ID    string   `yaml:"id"`
	Parts []string `yaml:"key"`
	Split []string `yaml:"split"` // further parts for a block that is too large

	parts, split []part
}

// Training is a block in which m is learned; Fixed are the comparisons that the
// block itself decides.
type Training struct {
	Block string   `yaml:"block"`
	Parts []string `yaml:"key"` // none: those of the blocking rule of that name
	Fixed []string `yaml:"fixed"`

	rule Rule
}

// Plan is levels.yaml, checked.
type Plan struct {
	Version     int          `yaml:"version"`
	Keyed       bool         `yaml:"keyed"` // for a table of keys
	Comparisons []Comparison `yaml:"comparisons"`
	Blocking    []Rule       `yaml:"blocking"`
	Trainings   []Training   `yaml:"training"`
	Hash        string       `yaml:"-"` // SHA-256 of the text
}

// Standard loads the plan of this program.
func Standard() (*Plan, error) { return Parse(standard) }

// Parse reads and checks a plan; the error names every fault.
func Parse(text []byte) (*Plan, error) {
	var p Plan
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&p); err != nil {
		return nil, fmt.Errorf("levels.yaml: %w", err)
	}
	sum := sha256.Sum256(text)
	p.Hash = hex.EncodeToString(sum[:])
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("levels.yaml: "+format, args...))
	}
	shift := uint(0)
	for i := range p.Comparisons {
		c := &p.Comparisons[i]
		c.compile(fault)
		width := uint(bits.Len(uint(len(c.Levels))))
		c.shift, c.mask = shift, Pattern(1)<<width-1
		shift += width
	}
	if shift > 32 {
		fault("the levels need %d bits, a pattern has 32", shift)
	}
	for i := range p.Blocking {
		p.Blocking[i].compile(fault)
	}
	for i := range p.Trainings {
		p.training(&p.Trainings[i], fault)
	}
	return &p, errors.Join(faults...)
}

// compile finds the conditions of a comparison.
func (c *Comparison) compile(fault func(string, ...any)) {
	given, ok := values()[c.Value]
	if !ok {
		fault("%s: value %q is unknown", c.ID, c.Value)
	}
	c.given = given
	if len(c.Levels) < 2 {
		fault("%s: a comparison has two levels at least", c.ID)
	}
	known := conditions()
	for i := range c.Levels {
		l := &c.Levels[i]
		last := i == len(c.Levels)-1
		switch {
		case last && l.When != "":
			fault("%s.%s: the last level takes what is left and has no condition", c.ID, l.ID)
		case !last:
			if l.holds, ok = known[l.When]; !ok {
				fault("%s.%s: condition %q is unknown", c.ID, l.ID, l.When)
			}
		}
		if l.Share < 0 || l.Share > 1 || (l.Share > 0) != (l.Frequency != "") {
			fault("%s.%s: frequency and share (0 to 1) belong together", c.ID, l.ID)
		}
	}
}

// training finds the rule and the comparisons of a training block.
func (p *Plan) training(t *Training, fault func(string, ...any)) {
	t.rule = Rule{ID: t.Block, Parts: t.Parts}
	if len(t.Parts) == 0 {
		for _, r := range p.Blocking {
			if r.ID == t.Block {
				t.rule.Parts = r.Parts
			}
		}
	}
	t.rule.compile(fault)
	for _, id := range t.Fixed {
		if p.Index(id) < 0 {
			fault("training %s: comparison %q is unknown", t.Block, id)
		}
	}
}

// Index is the place of a comparison, -1 when there is none.
func (p *Plan) Index(id string) int {
	for i, c := range p.Comparisons {
		if c.ID == id {
			return i
		}
	}
	return -1
}

// Of returns the level of comparison i in a pattern: 0 for missing, then from 1.
func (p *Plan) Of(x Pattern, i int) int {
	return int(x >> p.Comparisons[i].shift & p.Comparisons[i].mask)
}

// Bits says where the level of comparison i stands in a pattern.
func (p *Plan) Bits(i int) (shift uint, mask Pattern) {
	return p.Comparisons[i].shift, p.Comparisons[i].mask
}

// Compare packs the levels of two rows.
func (p *Plan) Compare(t *record.Table, a, b *record.Row) Pattern {
	var x Pattern
	for i := range p.Comparisons {
		x |= p.One(i, t, a, b)
	}
	return x
}

// One is the pattern of comparison i alone.
func (p *Plan) One(i int, t *record.Table, a, b *record.Row) Pattern {
	c := &p.Comparisons[i]
	if !c.given(a) || !c.given(b) {
		return 0
	}
	at := len(c.Levels)
	for k := range c.Levels[:at-1] {
		if c.Levels[k].holds(t, a, b) {
			at = k + 1
			break
		}
	}
	return Pattern(at) << c.shift
}

// Holds reports whether the level of comparison i is one of those named.
func (p *Plan) Holds(i int, x Pattern, ids ...string) bool {
	at := p.Of(x, i)
	if at == 0 {
		return false
	}
	have := p.Comparisons[i].Levels[at-1].ID
	for _, id := range ids {
		if id == have {
			return true
		}
	}
	return false
}
