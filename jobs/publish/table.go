package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Cell is one count of a table.
type Cell struct {
	Value  int64
	Hidden bool
	Reason string // "" when printed, else primary or secondary; never printed
}

// Section is one indicator of a table: a count, or numerator and denominator.
type Section struct {
	Definition
	Num, Den     [][]Cell // by line, then column; Den is nil for a count
	Undetermined uint64   // of the total line and last column
}

// Line is one row of a table. The first line is the sum of all others.
type Line struct{ Organ, Code, Name string }

// Column is one period of a table. With more than one column the last is the
// sum of all others.
type Column struct{ Kind, Period, ZH, EN string }

// Table is a draft of a publication, with every value and what is hidden.
type Table struct {
	Template, Period string
	Run, Definitions string // inputs: run id and digest of the definitions in force
	AsOf             time.Time
	Simulated        bool
	Threshold        int64 // counts from 1 to Threshold-1 are hidden
	Lines            []Line
	Columns          []Column
	Sections         []Section
}

// additive checks every sum of the table and names the first cells that fail.
func (t *Table) additive() error {
	var wrong []string
	for _, s := range t.Sections {
		for _, m := range []struct {
			name  string
			cells [][]Cell
		}{{"numerator", s.Num}, {"denominator", s.Den}} {
			if m.cells != nil {
				wrong = append(wrong, t.broken(s.ID+" "+m.name, m.cells)...)
			}
		}
	}
	if len(wrong) > 10 {
		wrong = append(wrong[:10], fmt.Sprintf("and %d more", len(wrong)-10))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the table does not add up: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// broken lists the sums of one grid that fail.
func (t *Table) broken(name string, cells [][]Cell) []string {
	var out []string
	last := len(t.Columns) - 1
	for r := range t.Lines {
		var sum int64
		for c := range last {
			sum += cells[r][c].Value
		}
		if last > 0 && sum != cells[r][last].Value {
			out = append(out, fmt.Sprintf("%s of %s: periods give %d, total says %d", name, t.Lines[r].Name, sum, cells[r][last].Value))
		}
	}
	for c := range t.Columns {
		var sum int64
		for r := 1; r < len(t.Lines); r++ {
			sum += cells[r][c].Value
		}
		if len(t.Lines) > 1 && sum != cells[0][c].Value {
			out = append(out, fmt.Sprintf("%s in %s: organs give %d, total says %d", name, t.Columns[c].Period, sum, cells[0][c].Value))
		}
	}
	return out
}

// Rate prints a section's rate with one decimal: "*" when a part is hidden, "—"
// without a denominator.
func (s *Section) Rate(line, column int) string {
	if s.Den == nil {
		return ""
	}
	n, d := s.Num[line][column], s.Den[line][column]
	switch {
	case n.Hidden || d.Hidden:
		return hiddenMark
	case d.Value == 0:
		return "—"
	}
	return tenths(n.Value, d.Value)
}

// tenths is 100*n/d rounded half up to one decimal, in integers.
func tenths(n, d int64) string {
	t := (2000*n + d) / (2 * d)
	return fmt.Sprintf("%d.%d", t/10, t%10)
}

// hiddenMark stands for every hidden cell, whatever the reason.
const hiddenMark = "*"

// text prints a cell.
func (c Cell) text() string {
	if c.Hidden {
		return hiddenMark
	}
	return fmt.Sprint(c.Value)
}

// record is one cell in the canonical order of a release.
type record struct {
	order                                    uint32
	indicator, measure, organ, period, shown string
	status, reason                           string
}

// records lists all printed cells in canonical order: sections, lines, columns,
// numerator, denominator, rate.
func (t *Table) records() []record {
	var out []record
	for i := range t.Sections {
		s := &t.Sections[i]
		for r, l := range t.Lines {
			for c, col := range t.Columns {
				add := func(measure, shown, reason string) {
					status := "value"
					if shown == hiddenMark {
						status = "suppressed"
					}
					out = append(out, record{uint32(len(out)), s.ID, measure, l.Organ, col.Kind + ":" + col.Period, shown, status, reason})
				}
				add("num", s.Num[r][c].text(), s.Num[r][c].Reason)
				if s.Den != nil {
					add("den", s.Den[r][c].text(), s.Den[r][c].Reason)
					reason := s.Num[r][c].Reason
					if reason == "" {
						reason = s.Den[r][c].Reason
					}
					add("rate", s.Rate(r, c), reason)
				}
			}
		}
	}
	return out
}

// Digest is the hex SHA-256 over the inputs and the canonical printed cells;
// reasons and hidden values are not in it.
func (t *Table) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "hengjian release 1\n%q %q %q %q %s %t %d\n", t.Template, t.Period, t.Run, t.Definitions, t.AsOf.Format(time.DateOnly), t.Simulated, t.Threshold)
	for _, r := range t.records() {
		fmt.Fprintf(h, "%d %q %q %q %q %q %s\n", r.order, r.indicator, r.measure, r.organ, r.period, r.shown, r.status)
	}
	return hex.EncodeToString(h.Sum(nil))
}
