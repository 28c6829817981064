package publish

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// grid makes a table of one count section from its inner cells (lines ×
// periods), adding both totals.
func grid(inner ...[]int64) *Table {
	t := &Table{Threshold: 5}
	t.Sections = []Section{{Definition: Definition{ID: "X"}, Num: totals(inner)}}
	shape(t, len(inner), len(inner[0]))
	return t
}

// shape names lines and columns of a table of inner size lines × columns.
func shape(t *Table, lines, columns int) {
	t.Lines = []Line{{Organ: "all"}}
	for i := range lines {
		t.Lines = append(t.Lines, Line{Organ: fmt.Sprintf("o%d", i+1), Name: fmt.Sprintf("o%d", i+1)})
	}
	for i := range columns {
		t.Columns = append(t.Columns, Column{Kind: "quarter", Period: fmt.Sprintf("q%d", i+1)})
	}
	if columns > 1 {
		t.Columns = append(t.Columns, Column{Kind: "ytd", Period: "all"})
	}
}

// totals adds the total line in front and, with more than one column, a total column.
func totals(inner [][]int64) [][]Cell {
	columns := len(inner[0])
	width := columns
	if columns > 1 {
		width++
	}
	out := [][]Cell{make([]Cell, width)}
	for _, row := range inner {
		line := make([]Cell, width)
		for c, v := range row {
			line[c].Value = v
			if columns > 1 {
				line[columns].Value += v
			}
		}
		for c := range line {
			out[0][c].Value += line[c].Value
		}
		out = append(out, line)
	}
	return out
}

// hideCells hides cells of section 0 by line (0 = total) and column.
func hideCells(t *Table, cells ...[2]int) *Table {
	for _, c := range cells {
		t.Sections[0].Num[c[0]][c[1]].Hidden = true
	}
	return t
}

func TestReaderFindsWhatIsExposed(t *testing.T) {
	for _, c := range []struct {
		name  string
		table *Table
		want  []string
	}{
		{"one hidden cell is its total minus the rest", hideCells(grid([]int64{3, 20}, []int64{30, 40}), [2]int{1, 0}), []string{"X num of o1 in quarter:q1 = 3 (sums)"}},
		{"a rectangle hides four cells", hideCells(grid([]int64{3, 20}, []int64{30, 40}), [2]int{1, 0}, [2]int{1, 1}, [2]int{2, 0}, [2]int{2, 1}), nil},
		{"three of a rectangle do not", hideCells(grid([]int64{3, 20}, []int64{30, 40}), [2]int{1, 0}, [2]int{1, 1}, [2]int{2, 0}), []string{
			"X num of o1 in quarter:q1 = 3 (sums)", "X num of o2 in quarter:q1 = 30 (sums)", "X num of o1 in quarter:q2 = 20 (sums)",
		}},
		{"parts of a zero are zero", hideCells(grid([]int64{0, 9}, []int64{0, 9}, []int64{6, 9}), [2]int{1, 0}, [2]int{2, 0}, [2]int{1, 1}, [2]int{2, 1}), []string{
			"X num of o1 in quarter:q1 = 0 (bounds)", "X num of o2 in quarter:q1 = 0 (bounds)", "X num of o1 in quarter:q2 = 9 (bounds)", "X num of o2 in quarter:q2 = 9 (bounds)",
		}},
		{"a small count printed", grid([]int64{3, 20}, []int64{30, 40}), []string{"X num of o1 in quarter:q1 = 3 (printed)"}},
		{"a total that is hidden does not help when its other sum is printed", hideCells(grid([]int64{3, 20}, []int64{30, 40}), [2]int{1, 0}, [2]int{1, 2}), []string{
			"X num of o1 in quarter:q1 = 3 (sums)", "X num of o1 in ytd:all = 23 (sums)",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, e := range Verify(c.table) {
				got = append(got, e.String())
			}
			if !sameSet(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// sameSet compares without order.
func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// The published intervals of Geurts (Handbook on Statistical Disclosure
// Control): rows 7, 3, 6, columns 9, 7.
func TestIntervalsOfGeurts(t *testing.T) {
	table := hideCells(grid([]int64{5, 2}, []int64{1, 2}, []int64{3, 3}), [2]int{1, 0}, [2]int{1, 1}, [2]int{2, 0}, [2]int{2, 1})
	want := map[string]string{"o1q1": "3..6", "o1q2": "1..4", "o2q1": "0..3", "o2q2": "0..3"}
	got := Intervals(table)
	if len(got) != 4 {
		t.Fatalf("%d intervals, want 4", len(got))
	}
	for _, i := range got {
		key := i.Organ + i.Period[len("quarter:"):]
		if have := i.Low + ".." + i.High; have != want[key] {
			t.Errorf("%s: %s, want %s", key, have, want[key])
		}
	}
}

func TestProtectHidesQuarterBehindCumulativeTotals(t *testing.T) {
	table := grid([]int64{12, 2}, []int64{30, 25})
	protect(table)
	if e := Verify(table); len(e) > 0 {
		t.Errorf("exposed: %v", e)
	}
	s := table.Sections[0].Num
	if !s[1][1].Hidden || s[1][1].Reason != "primary" {
		t.Errorf("the count of 2 must be hidden as primary: %+v", s[1][1])
	}
	for c := range table.Columns {
		if s[0][c].Hidden {
			t.Errorf("a national total was hidden although a rectangle of parts would do: column %d", c)
		}
	}
	hidden := 0
	for _, line := range s {
		for _, c := range line {
			if c.Hidden {
				hidden++
			}
		}
	}
	if hidden != 4 {
		t.Errorf("%d cells hidden, a rectangle needs 4", hidden)
	}
}

func TestProtectHidesComplement(t *testing.T) {
	table := share([][]int64{{20}, {30}}, [][]int64{{22}, {60}})
	protect(table)
	s := table.Sections[0]
	if !s.Num[1][0].Hidden && !s.Den[1][0].Hidden {
		t.Errorf("20 of 22 leaves 2: numerator or denominator must be hidden")
	}
	if got := s.Rate(1, 0); got != hiddenMark {
		t.Errorf("the rate beside a hidden part is printed: %s", got)
	}
	if e := Verify(table); len(e) > 0 {
		t.Errorf("exposed: %v", e)
	}
}

// share makes a table of one proportion section.
func share(num, den [][]int64) *Table {
	t := grid(num...)
	t.Sections[0].Share = true
	t.Sections[0].Den = totals(den)
	return t
}

func TestProtectedTablesExposeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, columns := rapid.IntRange(1, 7).Draw(t, "lines"), rapid.IntRange(1, 4).Draw(t, "columns")
		draw := func(name string) [][]int64 {
			out := make([][]int64, lines)
			for i := range out {
				out[i] = make([]int64, columns)
				for j := range out[i] {
					top := rapid.SampledFrom([]int64{0, 3, 6, 40}).Draw(t, name+"top")
					out[i][j] = rapid.Int64Range(0, top).Draw(t, name)
				}
			}
			return out
		}
		num := draw("num")
		table := grid(num...)
		kind := rapid.SampledFrom([]string{"count", "flow", "share"}).Draw(t, "kind")
		if kind != "count" {
			den := draw("rest")
			if kind == "share" {
				table.Sections[0].Share = true
				for i := range den {
					for j := range den[i] {
						den[i][j] += num[i][j]
					}
				}
			}
			table.Sections[0].Den = totals(den)
		}
		if err := table.additive(); err != nil {
			t.Fatal(err)
		}
		protect(table)
		if e := Verify(table); len(e) > 0 {
			t.Fatalf("exposed: %v", e)
		}
		for _, i := range Intervals(table) {
			inside(t, table, i)
		}
		for r, line := range table.Sections[0].Num {
			for c, cell := range line {
				if cell.Value > 0 && cell.Value < 5 && !cell.Hidden {
					t.Fatalf("small count printed at %d %d", r, c)
				}
			}
		}
	})
}

// inside checks that the true value lies in what a reader can say, and that at
// least two whole numbers do.
func inside(t *rapid.T, table *Table, i Interval) {
	cells := table.Sections[0].Num
	if i.Measure == "den" {
		cells = table.Sections[0].Den
	}
	for r, l := range table.Lines {
		for c, col := range table.Columns {
			if l.Organ != i.Organ || col.Kind+":"+col.Period != i.Period {
				continue
			}
			v := big.NewRat(cells[r][c].Value, 1)
			low, _ := new(big.Rat).SetString(i.Low)
			if v.Cmp(low) < 0 {
				t.Fatalf("true value %v below %s", v, i.Low)
			}
			if i.High == "" {
				continue
			}
			high, _ := new(big.Rat).SetString(i.High)
			if v.Cmp(high) > 0 || new(big.Rat).Sub(high, low).Cmp(big.NewRat(1, 1)) < 0 {
				t.Fatalf("interval %s..%s of %v is too narrow", i.Low, i.High, v)
			}
		}
	}
}

func TestAdditivityIsCheckedCellByCell(t *testing.T) {
	table := grid([]int64{12, 2}, []int64{30, 25})
	table.Sections[0].Num[0][1].Value = 28
	err := table.additive()
	want := "the table does not add up: X numerator of : periods give 70, total says 69; X numerator in q2: organs give 27, total says 28"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestMovesKeepEverySum(t *testing.T) {
	for _, c := range []struct{ n, total int }{{1, 0}, {2, 0}, {2, 1}, {5, 0}, {5, 4}} {
		for at := range c.n {
			moves := axis(c.n, at, c.total)
			if len(moves) == 0 {
				t.Errorf("no move through %d of %d", at, c.n)
			}
			for _, m := range moves {
				parts, whole, through := int64(0), int64(0), false
				for _, s := range m {
					through = through || s.at == at
					if s.at == c.total {
						whole += s.sign
					} else {
						parts += s.sign
					}
				}
				if !through || c.n > 1 && parts != whole {
					t.Errorf("move %v of %d positions, total at %d, does not keep the sum through %d", m, c.n, c.total, at)
				}
			}
		}
	}
}
