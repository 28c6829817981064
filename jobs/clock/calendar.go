package clock

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"hengjian/warehouse/contract"
)

// calendar knows working days (工作日) by the yearly notices of the State Council.
type calendar struct {
	holiday, makeUp map[day]bool
	notices         map[int]string // year to 国办发明电 number
}

// newCalendar returns a calendar without any notice: only weekends are free.
func newCalendar() *calendar {
	return &calendar{holiday: map[day]bool{}, makeUp: map[day]bool{}, notices: map[int]string{}}
}

// working reports whether the day is a working day; sure is false when no
// notice of that year is known, so that holidays may be missing.
func (c *calendar) working(d day) (working, sure bool) {
	t := d.time()
	_, sure = c.notices[t.Year()]
	switch {
	case c.makeUp[d]:
		return true, sure
	case c.holiday[d]:
		return false, sure
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, sure
}

// roll moves a last day that is no working day to the next working day (期间最后一日
// 为节假日的顺延); sure is false when a year without notice was consulted.
func (c *calendar) roll(d day) (rolled day, sure bool) {
	sure = true
	for {
		working, known := c.working(d)
		sure = sure && known
		if working {
			return d, sure
		}
		d++
	}
}

// readCalendar reads one file per year.
func readCalendar(fsys fs.FS, pattern string) (*calendar, error) {
	c := newCalendar()
	err := contract.ReadYAML(fsys, pattern, func(_ string, root *yaml.Node) []contract.Problem {
		r := contract.NewReading(root)
		o := r.Object(r.Root, "year", "notice", "amended_by", "holidays", "working")
		r.Need(o, "year", "notice", "holidays", "working")
		year := r.Number(o.At("year"))
		r.ID = strconv.Itoa(year)
		if _, twice := c.notices[year]; twice {
			r.Refuse(o.At("year"), "the year has two calendar files", "keep one file per year")
		}
		c.notices[year] = r.Text(o.At("notice"))
		if !strings.HasPrefix(c.notices[year], "国办发") {
			r.Refuse(o.At("notice"), "the notice is not a document of the State Council office", "write its number, such as 国办发明电〔2024〕12号")
		}
		for _, n := range r.List(o.At("holidays")) {
			c.mark(r, n, year, c.holiday)
		}
		for _, n := range r.List(o.At("working")) {
			c.mark(r, n, year, c.makeUp)
		}
		return r.Problems()
	})
	return c, err
}

// mark sets the days of one entry, a day or first/last, in the set.
func (c *calendar) mark(r *contract.Reading, n *yaml.Node, year int, set map[day]bool) {
	first, last, ranged := strings.Cut(r.Text(n), "/")
	if !ranged {
		last = first
	}
	from, err := parseDay(first)
	to, errTo := parseDay(last)
	if err != nil || errTo != nil || to < from || to-from > 31 {
		r.Refuse(n, "not a day or a short range of days", "write 2025-01-28 or 2025-01-28/2025-02-04")
		return
	}
	for d := from; d <= to; d++ {
		if d.time().Year() != year {
			r.Refuse(n, d.String()+" is not a day of the year", "move it to the file of its own year")
			return
		}
		set[d] = true
		if c.holiday[d] && c.makeUp[d] {
			r.Refuse(n, d.String()+" is both holiday and working day", "delete one of the two")
		}
	}
}

// take adds the years of another calendar, replacing those that both have.
func (c *calendar) take(other *calendar) {
	for year, notice := range other.notices {
		c.notices[year] = notice
		for _, set := range []map[day]bool{c.holiday, c.makeUp} {
			for d := range set {
				if d.time().Year() == year {
					delete(set, d)
				}
			}
		}
	}
	for d := range other.holiday {
		c.holiday[d] = true
	}
	for d := range other.makeUp {
		c.makeUp[d] = true
	}
}

// write prints the calendar in one order, for digests.
func (c *calendar) write(w io.Writer) {
	for _, year := range slices.Sorted(maps.Keys(c.notices)) {
		fmt.Fprintln(w, year, c.notices[year])
	}
	for _, set := range []map[day]bool{c.holiday, c.makeUp} {
		fmt.Fprintln(w, slices.Sorted(maps.Keys(set)))
	}
}
