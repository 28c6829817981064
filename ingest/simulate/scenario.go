package simulate

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

//go:embed scenarios/*.yaml
var embeddedScenarios embed.FS

// scenario is a small coherent case written as data, with the truth that its
// author declares. How to write one stands in scenarios/README.md.
type scenario struct {
	name, zh   string
	everywhere bool    // among the ordinary organs; else at organs of its own
	rate       float64 // scenes per thousand chains, everywhere only
	rules      []string
	indicators []string
	types      []string // record types it sends
	scenes     []*scene
}

// scene is one way the case may go.
type scene struct {
	name     string
	shows    map[string]string // rule → violation, near_miss, extension or missing_data
	base     baseDays
	days     []day // candidates in this country, in order
	times    int
	weight   float64
	tilt     string
	people   []casting
	numbers  []series
	sheets   []sheet
	verdicts []wantVerdict
	cells    []wantCell
	links    Links
	last     int // greatest offset of a date that may not lie in the future
}

// casting is one person of a scene.
type casting struct {
	role     string
	juvenile bool
	born     int // offset from the base day in days, 0 draws an adult
}

// series is one document number of a scene and whose it is.
type series struct {
	name, word string
	of         role
	opaque     bool
	at         int // offset that gives the year
}

// sheet is one record of a scene.
type sheet struct {
	kind   *contract.Type
	topic  int // index into Country.types
	by     role
	fact   int // offset of the business time
	after  int // offset of the first day on which all of it has happened
	person int // whose record it is, -1 nobody's
	parts  []part
	organs []role // named in its fields, besides by
}

// wantVerdict is a verdict the author declares.
type wantVerdict struct {
	rule, outcome      string
	organ, responsible role
	named              bool // responsible is declared
	over               *int
}

// wantCell is one share of an indicator cell the author declares.
type wantCell struct {
	indicator, dim string
	organ          role
	at             int
	num, den, und  int
	rate           bool
}

// The ways in which a scene shows a rule.
var showings = []string{"violation", "near_miss", "extension", "missing_data", "other"}

// outcomesKnown are the outcomes that a verdict can have.
func outcomesKnown() []string {
	return append(slices.Clone(outcomeNames[:]), "conforming", "apparent_nonconformity")
}

// loadScenarios reads the embedded scenarios and those of overlay/scenarios; a
// file of the overlay replaces the embedded one of its name. All problems come
// back at once as contract.Problems.
func loadScenarios(overlay string, c *contract.Catalogue) ([]*scenario, error) {
	byName := map[string]*scenario{}
	problems := readScenarios(embeddedScenarios, "", c, byName)
	if overlay != "" {
		problems = append(problems, readScenarios(os.DirFS(overlay), overlay, c, byName)...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	var all []*scenario
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, byName[name])
	}
	return all, nil
}

func readScenarios(fsys fs.FS, dir string, c *contract.Catalogue, into map[string]*scenario) contract.Problems {
	err := contract.ReadYAML(fsys, "scenarios/*.yaml", func(name string, root *yaml.Node) []contract.Problem {
		d := &scenarioReader{Reading: contract.NewReading(root), catalogue: c}
		s := d.scenario()
		if want := path.Base(name); s.name+".yaml" != want && s.name != "" {
			d.Refuse(root, "the file is called "+want+" and the scenario "+s.name, "give both the same name")
		}
		into[s.name] = s
		return d.Problems()
	})
	var problems contract.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = path.Join(dir, problems[i].File)
		}
		return problems
	}
	if err != nil {
		return contract.Problems{{File: path.Join(dir, "scenarios"), What: err.Error(), Remedy: "check that the folder can be read"}}
	}
	return nil
}

// baseDays says on which days a scene may begin: the days listed, or those of
// a window that pass every filter, or a distance from the legal day.
type baseDays struct {
	listed    []day
	from, to  day
	months    []int
	monthDays [2]int
	weekdays  []int
	before    [2]int // days before the legal day, least and most
	fromLegal bool
}

var weekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// candidates are the days in this country on which the scene fits.
func (b *baseDays) candidates(start, asOf day, last int) []day {
	var out []day
	fits := func(d day) bool { return d >= start && d+day(last) <= asOf }
	if b.fromLegal {
		for n := b.before[1]; n >= b.before[0]; n-- {
			if d := asOf - day(n); fits(d) && b.passes(d) {
				out = append(out, d)
			}
		}
		return out
	}
	if b.listed != nil {
		for _, d := range b.listed { // also before the window: old cases are sent too
			if d+day(last) <= asOf {
				out = append(out, d)
			}
		}
		return out
	}
	for d := max(b.from, start); d <= min(b.to, asOf); d++ {
		if fits(d) && b.passes(d) {
			out = append(out, d)
		}
	}
	return out
}

func (b *baseDays) passes(d day) bool {
	_, m, dd := d.civil()
	return (b.months == nil || slices.Contains(b.months, m)) && (b.weekdays == nil || slices.Contains(b.weekdays, d.weekday())) &&
		(b.monthDays == [2]int{} || dd >= b.monthDays[0] && dd <= b.monthDays[1])
}

// stage prepares the scenarios for a country: seats, topics, days.
func (k *Country) stage(all []*scenario) error {
	k.scenarios = all
	for _, s := range all {
		if !s.everywhere {
			a, err := k.seat(s.name, s.needs())
			if err != nil {
				return err
			}
			k.seats[s.name] = a
		}
		for _, x := range s.scenes {
			x.days = x.base.candidates(k.start, k.asOf, x.last)
			for i := range x.sheets {
				x.sheets[i].topic = slices.Index(k.types, x.sheets[i].kind.Name)
				if x.sheets[i].topic < 0 {
					return fmt.Errorf("scenario %s: %s comes by file, not through Kafka", s.name, x.sheets[i].kind.Name)
				}
			}
		}
	}
	return nil
}

// needs are the roles that the scenes name.
func (s *scenario) needs() (roles [roleCount]bool) {
	for _, x := range s.scenes {
		for i := range x.numbers {
			roles[x.numbers[i].of] = true
		}
		for i := range x.verdicts {
			roles[x.verdicts[i].organ], roles[x.verdicts[i].responsible] = true, true
		}
		for i := range x.cells {
			roles[x.cells[i].organ] = true
		}
		for i := range x.sheets {
			roles[x.sheets[i].by] = true
			for _, p := range x.sheets[i].parts {
				if p.kind == partOrgan || p.kind == partRegion {
					roles[p.n] = true
				}
			}
		}
	}
	return roles
}
