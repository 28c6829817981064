// Package normal brings names, numbers, births, regions and addresses into the
// one form that linkage compares. It promises that normalising a normalised
// value changes nothing, that a repair is only ever a suggestion, and that every
// table it follows is data with a source. It never sees which person a value
// belongs to and never keeps one beyond the call.
package normal

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract/identifier"
)

//go:embed data
var files embed.FS

// Normaliser holds the tables. One goroutine uses it at a time, because it
// remembers the reading of characters it has seen.
type Normaliser struct {
	simple      map[rune]rune   // traditional to simplified
	surname     map[rune]rune   // surname to the one that stands for its variants
	compound    map[string]bool // surnames of two characters
	reading     map[rune]string // of surnames
	translit    map[string]string
	longest     int // runes of the longest transliteration
	first       map[rune]bool
	placeholder map[string]bool
	successor   map[string]string
	regions     *identifier.Regions
	sound       map[rune]string
	style       pinyin.Args
}

// nameTables is names.yaml.
type nameTables struct {
	Compound         []string          `yaml:"compound"`
	Variants         [][]string        `yaml:"variants"`
	Readings         map[string]string `yaml:"readings"`
	Transliterations [][]string        `yaml:"transliterations"`
	Placeholders     []string          `yaml:"placeholders"`
}

// Load reads the embedded tables.
func Load() (*Normaliser, error) {
	n := &Normaliser{
		simple: map[rune]rune{}, surname: map[rune]rune{}, compound: map[string]bool{}, reading: map[rune]string{},
		translit: map[string]string{}, first: map[rune]bool{}, placeholder: map[string]bool{}, successor: map[string]string{},
		sound: map[rune]string{}, style: pinyin.NewArgs(),
	}
	characters, err := files.ReadFile("data/simplified.txt")
	if err != nil {
		return nil, fmt.Errorf("read the table of characters: %w", err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(characters)), "\n") {
		from, size := utf8.DecodeRuneInString(line)
		to, rest := utf8.DecodeRuneInString(line[size:])
		if from == utf8.RuneError || to == utf8.RuneError || size+rest != len(line) {
			return nil, fmt.Errorf("simplified.txt:%d: %q is not two characters", i+1, line)
		}
		n.simple[from] = to
	}
	if err := n.loadNames(); err != nil {
		return nil, err
	}
	if n.regions, err = identifier.LoadRegions(); err != nil {
		return nil, fmt.Errorf("read the regions: %w", err)
	}
	n.succeed()
	return n, nil
}

// loadNames reads names.yaml and refuses an entry that cannot work.
func (n *Normaliser) loadNames() error {
	text, err := files.ReadFile("data/names.yaml")
	if err != nil {
		return fmt.Errorf("read the tables of names: %w", err)
	}
	var tables nameTables
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&tables); err != nil {
		return fmt.Errorf("names.yaml: %w", err)
	}
	for _, s := range tables.Compound {
		n.compound[s] = true
	}
	for _, class := range tables.Variants {
		stands, _ := utf8.DecodeRuneInString(class[0])
		for _, s := range class[1:] {
			other, size := utf8.DecodeRuneInString(s)
			if size != len(s) {
				return fmt.Errorf("names.yaml: variants: %q is not one character", s)
			}
			n.surname[other] = stands
		}
	}
	for s, reading := range tables.Readings {
		c, _ := utf8.DecodeRuneInString(s)
		n.reading[c] = reading
	}
	for _, class := range tables.Transliterations {
		for _, form := range class {
			if had, ok := n.translit[form]; ok && had != class[0] {
				return fmt.Errorf("names.yaml: transliterations: %s stands in the classes of %s and of %s", form, had, class[0])
			}
			n.translit[form] = class[0]
			n.longest = max(n.longest, utf8.RuneCountInString(form))
			c, _ := utf8.DecodeRuneInString(form)
			n.first[c] = true
		}
	}
	for _, s := range tables.Placeholders {
		n.placeholder[s] = true
	}
	return nil
}

// succeed learns which region of today took over from each that ended, where it
// is one.
func (n *Normaliser) succeed() {
	for _, one := range n.regions.All() {
		if newest, _ := n.regions.Lookup(one.Code, time.Time{}); newest != one || one.ValidTo.IsZero() {
			continue // the code has a later meaning, or stands
		}
		if next := n.regions.Successors(one.Code, one.ValidFrom, time.Time{}); len(next) == 1 {
			n.successor[one.Code] = next[0]
		}
	}
}
