package level

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

// osa is the textbook table of the optimal string alignment distance.
func osa(x, y []byte) int {
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

func TestEditsAgreeWithTheTextbook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]byte("012")), 0, 8)
		x, y, limit := text.Draw(t, "x"), text.Draw(t, "y"), rapid.IntRange(1, 2).Draw(t, "limit")
		if got, want := edits(x, y, limit), min(osa(x, y), limit+1); got != want {
			t.Fatalf("%s %s: %d, want %d", x, y, got, want)
		}
	})
}

func TestJaroWinkler(t *testing.T) {
	// Winkler 1990, table of examples.
	for _, c := range []struct {
		x, y string
		want float64
	}{{"MARTHA", "MARHTA", 0.961}, {"DWAYNE", "DUANE", 0.84}, {"DIXON", "DICKSONX", 0.813}, {"", "A", 0}, {"A", "A", 1}} {
		if got := jaroWinkler(c.x, c.y); math.Abs(got-c.want) > 0.0006 {
			t.Errorf("%s %s: %.4f, want %.3f", c.x, c.y, got, c.want)
		}
	}
}

func TestSlip(t *testing.T) {
	for _, c := range []struct {
		x, y int
		want bool
	}{{19860304, 19860305, true}, {19860304, 19860340, true}, {19860304, 19680304, true}, {19860304, 19860415, false}, {19860304, 19860304, true}, {19860304, 19870405, false}} {
		if slip(c.x, c.y) != c.want {
			t.Errorf("%d %d: %v", c.x, c.y, !c.want)
		}
	}
}

func table(t *testing.T, raws ...record.Raw) *record.Table {
	t.Helper()
	n, err := normal.Load()
	if err != nil {
		t.Fatal(err)
	}
	tb := record.New(n, len(raws))
	for i := range raws {
		raws[i].Key = uint64(i)
		tb.Add(&raws[i])
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	return tb
}

func TestLevels(t *testing.T) {
	plan, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	id := "11010519491231002X"
	for _, c := range []struct {
		comparison, want string
		a, b             record.Raw
	}{
		{"name", "equal", record.Raw{Name: "黃俊"}, record.Raw{Name: "黄 俊"}},
		{"name", "class", record.Raw{Name: "麦麦提·艾山"}, record.Raw{Name: "买买提艾山"}},
		{"name", "sound", record.Raw{Name: "张伟"}, record.Raw{Name: "张玮"}},
		{"name", "parts", record.Raw{Name: "艾山·买买提"}, record.Raw{Name: "麦麦提·艾山"}},
		{"name", "edit1", record.Raw{Name: "王小明"}, record.Raw{Name: "王小朋"}},
		{"name", "surname", record.Raw{Name: "王小明"}, record.Raw{Name: "王立"}},
		{"name", "", record.Raw{Name: "王小明"}, record.Raw{}},
		{"id", "equal", record.Raw{Number: id}, record.Raw{Number: "110105491231002"}},
		{"id", "edit1_invalid", record.Raw{Number: id}, record.Raw{Number: "11010519491213002X"}},
		{"id", "edit1_invalid", record.Raw{Number: id}, record.Raw{Number: "1101051949123102X"}},
		{"id", "parts_valid", record.Raw{Number: id}, record.Raw{Number: "110105194912310046"}},
		{"birth", "equal", record.Raw{Birth: "1986-03-04"}, record.Raw{Birth: "19860304"}},
		{"birth", "slip", record.Raw{Birth: "1986-03-04"}, record.Raw{Birth: "1986-04-03"}},
		{"birth", "coarse", record.Raw{Birth: "1986-03-24"}, record.Raw{Birth: "1986-01-01"}},
		{"birth", "near", record.Raw{Birth: "1986-03-24"}, record.Raw{Birth: "1986-02-11"}},
		{"birth", "equal", record.Raw{Number: id}, record.Raw{Birth: "1949-12-31"}},
		{"region", "city", record.Raw{Region: "330106"}, record.Raw{Region: "330100"}},
		{"region", "province", record.Raw{Region: "330000"}, record.Raw{Region: "330000"}},
		{"address", "street", record.Raw{Address: "西湖区文三路90号"}, record.Raw{Address: "西湖区文三路7号"}},
		{"chain", "docket", record.Raw{Own: "甲检批〔2024〕1号"}, record.Raw{Own: "甲检批[2024]1号"}},
		{"chain", "cites", record.Raw{Own: "甲检批〔2024〕1号"}, record.Raw{Own: "X1", Cited: "甲检批(2024)1"}},
	} {
		tb := table(t, c.a, c.b)
		i := plan.Index(c.comparison)
		x := plan.Compare(tb, &tb.Rows[0], &tb.Rows[1])
		if y := plan.Compare(tb, &tb.Rows[1], &tb.Rows[0]); y != x {
			t.Errorf("%+v: the order of the records counts", c)
		}
		got := ""
		if at := plan.Of(x, i); at > 0 {
			got = plan.Comparisons[i].Levels[at-1].ID
		}
		if got != c.want {
			t.Errorf("%s of %+v and %+v: %q, want %q", c.comparison, c.a, c.b, got, c.want)
		}
	}
}

func TestParseNamesEveryFault(t *testing.T) {
	_, err := Parse([]byte(`
version: 1
comparisons:
  - {id: name, value: nose, levels: [{id: equal, when: smells}, {id: other, when: name_equal}]}
  - {id: id, value: id, levels: [{id: equal}]}
blocking:
  - {id: x, key: []}
  - {id: y, key: [nose]}
training:
  - {block: x, fixed: [nobody]}
`))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{`value "nose"`, `condition "smells"`, "takes what is left", "two levels", "one part at least", `key part "nose"`, `comparison "nobody"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

// TestOfHash: a run is explained with the levels that it compared.
func TestOfHash(t *testing.T) {
	for name, load := range map[string]func() (*Plan, error){"values": Standard, "keys": Keyed} {
		want, err := load()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := OfHash(want.Hash); err != nil || got.Keyed != want.Keyed || got.Hash != want.Hash {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OfHash("another"); err == nil {
		t.Error("levels that nobody knows were found")
	}
}
