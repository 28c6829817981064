package clock

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

//go:embed rules/*.yaml calendar/*.yaml
var embedded embed.FS

// Rules are all time limits in force, with the calendar they are counted by.
type Rules struct {
	all      []*Rule // by id, then validity
	calendar *calendar
	words    *vocabulary
	digest   string
}

// Load reads the embedded rules and those of overlay/rules; "" means no overlay.
// A file of the overlay replaces the embedded rule with its id and version, and
// overlay/calendar adds or replaces years. Every example is run: a rule whose
// example fails does not load. All problems come back at once as contract.Problems.
func Load(overlay string) (*Rules, error) {
	catalogue, err := contract.Load(overlay)
	if err != nil {
		return nil, fmt.Errorf("load the contracts that the rules name: %w", err)
	}
	var over fs.FS
	if overlay != "" {
		over = os.DirFS(overlay)
	}
	return load(embedded, over, overlay, newVocabulary(catalogue))
}

// load reads the two layers; dir is shown before file names of the overlay.
func load(base, over fs.FS, dir string, words *vocabulary) (*Rules, error) {
	out := &Rules{words: words}
	var problems contract.Problems
	h := sha256.New()
	var err error
	out.calendar, err = readCalendar(base, "calendar/*.yaml")
	problems = append(problems, problemsOf(err, "")...)
	if over != nil {
		added, err := readCalendar(over, "calendar/*.yaml")
		problems = append(problems, problemsOf(err, dir)...)
		out.calendar.take(added)
	}
	out.calendar.write(h)
	first, err := readRules(base, words, out.calendar)
	problems = append(problems, problemsOf(err, "")...)
	for _, r := range first {
		out.put(r)
	}
	if over != nil {
		more, err := readRules(over, words, out.calendar)
		problems = append(problems, problemsOf(err, dir)...)
		for _, r := range more {
			out.put(r)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	slices.SortFunc(out.all, func(a, b *Rule) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Source.ID, b.Source.ID), int(a.from)-int(b.from))
	})
	if problems := out.overlaps(); len(problems) > 0 {
		return nil, problems
	}
	for _, r := range out.all {
		fmt.Fprintf(h, "%s %s %s\n", r.ID, r.Version, r.Digest)
	}
	out.digest = hex.EncodeToString(h.Sum(nil))
	return out, nil
}

// put adds a rule, replacing the same version of it.
func (s *Rules) put(r *Rule) {
	i := slices.IndexFunc(s.all, func(o *Rule) bool { return o.ID == r.ID && o.Version == r.Version })
	if i >= 0 {
		s.all[i] = r
		return
	}
	s.all = append(s.all, r)
}

// readRules reads the files of one layer and runs their examples.
func readRules(fsys fs.FS, words *vocabulary, cal *calendar) ([]*Rule, error) {
	var out []*Rule
	err := contract.ReadYAML(fsys, "rules/*.yaml", func(name string, root *yaml.Node) []contract.Problem {
		r := contract.NewReading(root)
		rule := decodeRule(r, words)
		if !r.Good() {
			return r.Problems()
		}
		for _, earlier := range out {
			if earlier.ID == rule.ID && earlier.Version == rule.Version {
				r.Refuse(nil, "this version of the rule stands in two files", "keep one of them or raise the version")
			}
		}
		rule.BasisKind = rule.basisKind()
		proved(rule, cal, r)
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			r.Refuse(nil, "the file cannot be read again", "check its rights")
		}
		sum := sha256.Sum256(text)
		rule.Digest = hex.EncodeToString(sum[:])
		rule.file = name
		out = append(out, rule)
		return r.Problems()
	})
	return out, err
}

// proved runs the examples of the rule and says which kinds of example it owes.
func proved(rule *Rule, cal *calendar, r *contract.Reading) {
	var shown coverage
	for i := range rule.examples {
		x := &rule.examples[i]
		v, err := x.run(rule, cal)
		if err != nil {
			r.Refuse(x.node, "example "+x.Name+" fails: "+err.Error(), "add an event of the unit on or before as_of")
			continue
		}
		if wrong := x.against(v); wrong != "" {
			r.Refuse(x.node, "example "+x.Name+" fails: "+wrong, "correct the rule or the example")
		}
		shown.see(rule, v, v.decided)
	}
	shown.demand(rule, r)
}

// overlaps finds versions of one rule that hold on the same day.
func (s *Rules) overlaps() contract.Problems {
	var out contract.Problems
	for i := 1; i < len(s.all); i++ {
		a, b := s.all[i-1], s.all[i]
		if a.ID == b.ID && a.Source.ID == b.Source.ID && (a.to == none || a.to >= b.from) {
			out = append(out, contract.Problem{
				File: b.file, Line: b.root.Line, Col: b.root.Column, ID: b.ID,
				What: "validity overlaps version " + a.Version, Remedy: "end the earlier version with valid_to the day before",
			})
		}
	}
	return out
}

// problemsOf takes the problems out of an error of the reader.
func problemsOf(err error, dir string) contract.Problems {
	if err == nil {
		return nil
	}
	var found contract.Problems
	if !errors.As(err, &found) {
		return contract.Problems{{File: dir, ID: "-", What: err.Error(), Remedy: "check that the folder can be read"}}
	}
	for i := range found {
		found[i].File = path.Join(dir, found[i].File)
	}
	return found
}

// All returns every rule version by id and validity.
func (s *Rules) All() []*Rule { return s.all }

// Digest returns the hex SHA-256 over all rules and the calendar.
func (s *Rules) Digest() string { return s.digest }

// families groups the versions of each rule and source, in order of ids.
func (s *Rules) families() [][]*Rule {
	var out [][]*Rule
	for _, r := range s.all {
		if n := len(out); n > 0 && out[n-1][0].ID == r.ID && out[n-1][0].Source.ID == r.Source.ID {
			out[n-1] = append(out[n-1], r)
			continue
		}
		out = append(out, []*Rule{r})
	}
	return out
}

// family is the versions of one rule and source, with what makes units of records.
type family struct {
	versions []*Rule
	concerns []bool // by code: events that some version asks about
}

func familyOf(versions []*Rule) family {
	f := family{versions, make([]bool, len(versions[0].words.events.names))}
	for _, r := range versions {
		for _, code := range r.events {
			f.concerns[code] = true
		}
	}
	return f
}

// byType groups the families by the number of the record type they judge.
func (s *Rules) byType() [][]family {
	out := make([][]family, len(s.words.types.names))
	for _, versions := range s.families() {
		code := s.words.types.codes[versions[0].Record]
		out[code] = append(out[code], familyOf(versions))
	}
	return out
}
