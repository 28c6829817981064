package pattern

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

//go:embed patterns/*.yaml
var definitions embed.FS

// Text is a text in both languages.
type Text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Pattern is one definition: SQL that lists the records of organs and which of
// them show it, so that the counts and the evidence behind them are one thing.
type Pattern struct {
	ID       string `yaml:"id"`
	Name     Text   `yaml:"name"`
	Unit     Text   `yaml:"unit"`
	Meaning  Text   `yaml:"meaning"`
	Expected string `yaml:"expected"` // nation: the share of the whole country in the quarter
	Record   string `yaml:"record"`   // record type of the rows
	SQL      string `yaml:"sql"`      // columns organ_id, day, shows, key, docket, compartment, beside and beside_compartment: the record that one resembles or replaces
	Digest   string `yaml:"-"`        // hex SHA-256 of the file
}

var validID = regexp.MustCompile(`^RP[0-9]{2}$`)

// Load reads the patterns in the binary and those in the folder overlay/patterns,
// which replace or add, in the order of ids, and resolves the records they read;
// all faults at once, each with file and remedy. overlay "" means none.
func Load(overlay string, contracts *contract.Catalogue) ([]Pattern, error) {
	all, err := load(definitions, contracts)
	if err != nil || overlay == "" {
		return all, err
	}
	more, err := load(os.DirFS(overlay), contracts)
	for _, p := range more {
		if i := slices.IndexFunc(all, func(old Pattern) bool { return old.ID == p.ID }); i >= 0 {
			all[i] = p
		} else {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, byID)
	return all, err
}

func byID(a, b Pattern) int { return strings.Compare(a.ID, b.ID) }

func load(files fs.FS, contracts *contract.Catalogue) ([]Pattern, error) {
	names, err := fs.Glob(files, "patterns/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the reporting patterns: %w", err)
	}
	var out []Pattern
	var faults []error
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		p, err := parse(string(text), contracts)
		if err == nil && p.ID != strings.TrimSuffix(path.Base(name), ".yaml") {
			err = fmt.Errorf("id %q differs from the file name: rename one of them", p.ID)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			continue
		}
		out = append(out, p)
	}
	slices.SortFunc(out, byID)
	return out, errors.Join(faults...)
}

// parse reads one definition; yaml errors carry their line.
func parse(text string, contracts *contract.Catalogue) (Pattern, error) {
	var p Pattern
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("read the pattern: %w", err)
	}
	var faults []error
	if !validID.MatchString(p.ID) {
		faults = append(faults, fmt.Errorf("id %q: write RP and two digits", p.ID))
	}
	for what, t := range map[string]Text{"name": p.Name, "unit": p.Unit, "meaning": p.Meaning} {
		if t.ZH == "" || t.EN == "" {
			faults = append(faults, fmt.Errorf("%s: write it in both languages", what))
		}
	}
	if p.Expected != "nation" {
		faults = append(faults, fmt.Errorf("expected %q: write nation", p.Expected))
	}
	if _, ok := contracts.Type(p.Record); !ok {
		faults = append(faults, fmt.Errorf("record %q: name the record type of the rows", p.Record))
	}
	sql, err := resolve(p.SQL, contracts)
	if err != nil {
		faults = append(faults, err)
	}
	p.SQL = sql
	sum := sha256.Sum256([]byte(text))
	p.Digest = hex.EncodeToString(sum[:])
	return p, errors.Join(faults...)
}

// resolve replaces {{state "type" "column" …}} by what the run knows of a type,
// of the organ {organ:String} alone where it is given, and {{docket "type"}} by
// the docket of its records.
func resolve(sql string, contracts *contract.Catalogue) (string, error) {
	t, err := template.New("sql").Funcs(template.FuncMap{"state": func(name string, columns ...string) (string, error) {
		record, ok := contracts.Type(name)
		if !ok {
			return "", fmt.Errorf("there is no record type %q: name one of the data dictionary", name)
		}
		for _, c := range append([]string{"organ_id"}, columns...) {
			if !record.HasColumn(c) || !slices.Contains(columns, c) {
				return "", fmt.Errorf("%s has no column %q: name one of the data dictionary, organ_id among them", name, c)
			}
		}
		return "(SELECT * FROM " + record.StateOf(columns...) + " WHERE {organ:String} = '' OR organ_id = {organ:String})", nil
	}, "docket": func(name string) (string, error) {
		record, ok := contracts.Type(name)
		if !ok || record.Docket == nil {
			return "", fmt.Errorf("there is no record type %q with a docket: name one of the data dictionary", name)
		}
		return record.DocketSQL(), nil
	}}).Parse(sql)
	if err != nil {
		return "", fmt.Errorf("sql: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, nil); err != nil {
		return "", fmt.Errorf("sql: %w", err)
	}
	return b.String(), nil
}
