package identifier

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse/contract/data"
)

// regionFiles are the parts of the register, the older divisions first.
func regionFiles() []string {
	return []string{"region_history.csv", "regions.csv", "region_changes.csv"}
}

// LoadRegions reads the embedded register.
func LoadRegions() (*Regions, error) { return ReadRegions(data.Files()) }

// ReadRegions reads a register: region_history.csv and regions.csv with code,
// name, level, parent, valid_from, valid_to, note, and region_changes.csv with
// code, name, day, earliest, kind, successors, source. Every mistake is told at
// once, with file and line.
func ReadRegions(files fs.FS) (*Regions, error) {
	r := &Regions{byCode: map[string][]Region{}, changes: map[string][]RegionChange{}}
	whole := sha256.New()
	var problems []error
	for _, name := range regionFiles() {
		take := r.entry
		if name == "region_changes.csv" {
			take = r.change
		}
		file, err := files.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the region register: %w", err)
		}
		problems = append(problems, eachRow(name, io.TeeReader(file, whole), take)...)
		file.Close() //nolint:errcheck // read to its end
	}
	slices.Sort(r.codes)
	r.digest = hex.EncodeToString(whole.Sum(nil))
	if len(problems) == 0 {
		problems = r.check()
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("the region register is not valid:\n%w", err)
	}
	return r, nil
}

// eachRow reads a file of seven columns under a head.
func eachRow(name string, file io.Reader, take func(row []string, at string) []string) (problems []error) {
	in := csv.NewReader(file)
	in.FieldsPerRecord = 7
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return problems
		}
		if err != nil {
			return append(problems, fmt.Errorf("%s: %w", name, err))
		}
		if first {
			continue
		}
		line, _ := in.FieldPos(0)
		at := fmt.Sprintf("%s:%d", name, line)
		for _, what := range take(row, at) {
			problems = append(problems, fmt.Errorf("%s: %s: %s", at, row[0], what))
		}
	}
}

// entry takes one division; entries of one code stand oldest first.
func (r *Regions) entry(row []string, _ string) (wrong []string) {
	one := Region{Code: row[0], Name: row[1], Level: row[2], Parent: row[3], Note: row[6]}
	if !isRegionCode(one.Code) || one.Name == "" {
		wrong = append(wrong, "a code of six digits and a name are needed")
	}
	if !slices.Contains([]string{"province", "prefecture", "county"}, one.Level) {
		wrong = append(wrong, fmt.Sprintf("the level is %q: write province, prefecture or county", one.Level))
	}
	var bad [2]error
	one.ValidFrom, bad[0] = day(row[4])
	one.ValidTo, bad[1] = day(row[5])
	if errors.Join(bad[:]...) != nil {
		return append(wrong, "write days as 2006-01-02, or leave them empty")
	}
	if !one.ValidTo.IsZero() && !one.ValidFrom.Before(one.ValidTo) {
		wrong = append(wrong, "it ends before it begins")
	}
	before := r.byCode[one.Code]
	if len(before) == 0 {
		r.codes = append(r.codes, one.Code)
	} else if last := before[len(before)-1]; last.ValidTo.IsZero() || one.ValidFrom.Before(last.ValidTo) {
		wrong = append(wrong, "it begins before the entry above it with this code has ended")
	}
	r.byCode[one.Code] = append(before, one)
	return wrong
}

// change takes one dated change.
func (r *Regions) change(row []string, at string) (wrong []string) {
	one := RegionChange{Code: row[0], Name: row[1], Kind: row[4], Successors: strings.Fields(row[5]), Source: row[6], at: at}
	var bad [2]error
	one.Day, bad[0] = day(row[2])
	one.Earliest, bad[1] = day(row[3])
	if errors.Join(bad[:]...) != nil || one.Day.IsZero() || one.Earliest.IsZero() || one.Day.Before(one.Earliest) {
		wrong = append(wrong, "write the latest and the earliest day as 2006-01-02, the earliest not after the latest")
	}
	n := len(one.Successors)
	switch one.Kind {
	case Renamed:
		if n != 1 || one.Successors[0] != one.Code {
			wrong = append(wrong, "what is renamed keeps its code: name it as the successor, or write recoded")
		}
	case Recoded, Merged:
		if n != 1 || one.Successors[0] == one.Code {
			wrong = append(wrong, "name one other code as the successor")
		}
	case Split:
		if n < 2 {
			wrong = append(wrong, "name two successors at least, with spaces between them")
		}
	case Abolished:
		if n != 0 {
			wrong = append(wrong, "it has a successor: write recoded, merged or split")
		}
	default:
		wrong = append(wrong, fmt.Sprintf("the kind is %q: write renamed, recoded, merged, split or abolished", one.Kind))
	}
	if one.Source == "" {
		wrong = append(wrong, "name the source")
	}
	if before := r.changes[one.Code]; len(before) > 0 && !before[len(before)-1].Day.Before(one.Day) {
		wrong = append(wrong, "changes of one code stand in the order of their days")
	}
	r.changes[one.Code] = append(r.changes[one.Code], one)
	return wrong
}

// check holds entries and changes against each other: every end has its change,
// every change its end, and every successor stands on that day.
func (r *Regions) check() (problems []error) {
	for _, code := range r.codes {
		ends := map[time.Time]string{}
		for _, e := range r.byCode[code] {
			if !e.ValidTo.IsZero() {
				ends[e.ValidTo] = e.Name
			}
		}
		for _, c := range r.changes[code] {
			if ends[c.Day] != c.Name {
				problems = append(problems, fmt.Errorf("%s: %s: no %s ends on %s: set valid_to of its entry", c.at, code, c.Name, c.Day.Format(time.DateOnly)))
			}
			delete(ends, c.Day)
			for _, s := range c.Successors {
				if _, stands := r.Lookup(s, c.Day); !stands {
					problems = append(problems, fmt.Errorf("%s: %s: the successor %s does not stand on %s", c.at, code, s, c.Day.Format(time.DateOnly)))
				}
			}
		}
		for end, name := range ends {
			problems = append(problems, fmt.Errorf("region_changes.csv: %s: %s ends on %s and no change says why: add one", code, name, end.Format(time.DateOnly)))
		}
	}
	for code, changes := range r.changes {
		if len(r.byCode[code]) == 0 {
			problems = append(problems, fmt.Errorf("%s: %s: there is no such division", changes[0].at, code))
		}
	}
	return problems
}

// day reads a day; the zero day of an empty text.
func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(time.DateOnly, s, time.UTC)
}

func isRegionCode(code string) bool { return len(code) == 6 && strings.Trim(code, "0123456789") == "" }
