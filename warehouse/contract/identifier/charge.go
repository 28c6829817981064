package identifier

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"hengjian/warehouse/contract/data"
)

// Charge is one charge (罪名) with the days between which it was in force.
type Charge struct {
	Name, Article      string    // 放火罪, 第114条
	Section, Group     string    // codes of charge_section and charge_group
	ValidFrom, ValidTo time.Time // zero ValidTo: still in force; the day of its end is not part of it
	Source             string    // 1997, supplement 1 … supplement 8
}

// In reports whether the charge was in force on a day.
func (c Charge) In(on time.Time) bool {
	return !on.Before(c.ValidFrom) && (c.ValidTo.IsZero() || on.Before(c.ValidTo))
}

// Charges is the list of charges that the two supreme organs fixed (两高确定罪名).
// It never changes once loaded.
type Charges struct {
	all    []Charge
	byName map[string][]int
}

// LoadCharges reads the embedded list.
func LoadCharges() (*Charges, error) {
	file, err := data.Files().Open("charges.csv")
	if err != nil {
		return nil, fmt.Errorf("open the list of charges: %w", err)
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.FieldsPerRecord = 7
	if _, err := in.Read(); err != nil {
		return nil, fmt.Errorf("read the head of the list of charges: %w", err)
	}
	out := &Charges{byName: map[string][]int{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the list of charges: %w", err)
		}
		one := Charge{Name: row[0], Article: row[1], Section: row[2], Group: row[3], Source: row[6]}
		if one.ValidFrom, err = day(row[4]); err == nil {
			one.ValidTo, err = day(row[5])
		}
		if err != nil {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("list of charges, line %d: days as 2006-01-02 are needed", line)
		}
		out.byName[one.Name] = append(out.byName[one.Name], len(out.all))
		out.all = append(out.all, one)
	}
}

// All returns every charge by article, then by age; callers must not change it.
func (c *Charges) All() []Charge { return c.all }

// Lookup returns the charge of that name on a day, on the zero day its last
// entry. A name without its closing 罪 counts as the name with it.
func (c *Charges) Lookup(name string, on time.Time) (Charge, bool) {
	name = strings.TrimSpace(name)
	entries := c.byName[name]
	if len(entries) == 0 && !strings.HasSuffix(name, "罪") {
		entries = c.byName[name+"罪"]
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if one := c.all[entries[i]]; on.IsZero() || one.In(on) {
			return one, true
		}
	}
	return Charge{}, false
}
