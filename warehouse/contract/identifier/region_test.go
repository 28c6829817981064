package identifier

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func mustLoad(t *testing.T) *Regions {
	t.Helper()
	r, err := LoadRegions()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func day1(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestRegionsAreATree(t *testing.T) {
	r := mustLoad(t)
	above := map[string]string{"county": "prefecture", "prefecture": "province"}
	count := map[string]int{}
	for _, one := range r.All() {
		count[one.Level]++
		if one.ValidTo.IsZero() {
			count[one.Level+" in force"]++
		}
		if one.Level == "province" {
			if one.Parent != "" || !strings.HasSuffix(one.Code, "0000") {
				t.Errorf("province %+v", one)
			}
			continue
		}
		parent, ok := r.Lookup(one.Parent, time.Time{})
		direct := !one.ValidTo.IsZero() && one.Level == "county" && parent.Level == "province" // cities under no prefecture
		if !ok || (parent.Level != above[one.Level] && !direct) {
			t.Errorf("%s %s hangs on %q", one.Code, one.Name, one.Parent)
		}
	}
	if count["province in force"] != 34 || count["prefecture in force"] != 342 || count["county in force"] != 2975 || count["prefecture"] != 563 || count["county"] != 6564 {
		t.Errorf("entries per level: %v", count)
	}
	for code, name := range map[string]string{"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区", "330106": "西湖区", "110100": "市辖区"} {
		if got, ok := r.Lookup(code, time.Time{}); !ok || got.Name != name {
			t.Errorf("%s: %+v", code, got)
		}
	}
}

func TestRegionsKnowTheirTime(t *testing.T) {
	r := mustLoad(t)
	before, after := day1("2018-12-25"), day1("2018-12-26")
	for _, c := range []struct {
		code string
		on   time.Time
		want bool
	}{
		{"371200", before, true},
		{"371200", after, false},
		{"371200", time.Time{}, true},
		{"370116", before, false},
		{"370116", after, true},
		{"370100", before, true},
		{"999999", after, false},
		{"", after, false},
	} {
		if _, ok := r.Lookup(c.code, c.on); ok != c.want {
			t.Errorf("Lookup(%s, %s) = %v", c.code, c.on.Format(time.DateOnly), ok)
		}
	}
	if !r.Known("371202") || r.Known("371297") {
		t.Error("Known must follow the whole register")
	}
}

func TestNeverAllocatedAppearNowhere(t *testing.T) {
	r := mustLoad(t)
	never := r.NeverAllocated()
	if len(never) < 1000 || !slices.Contains(never, "330197") {
		t.Fatalf("%d codes", len(never))
	}
	for _, one := range r.All() {
		if slices.Contains(never, one.Code) || r.IsNeverAllocated(one.Code) {
			t.Errorf("%s %s is in the register and in the list", one.Code, one.Name)
		}
		if one.Level == "county" && one.Code[4:] > "96" {
			t.Errorf("%s %s uses the range that the list relies on", one.Code, one.Name)
		}
	}
	for _, code := range never {
		if !r.IsNeverAllocated(code) {
			t.Errorf("%s is in the list and not recognised", code)
		}
	}
	for _, code := range []string{"330106", "371297", "999997", "3301", ""} {
		if r.IsNeverAllocated(code) {
			t.Errorf("%q is no code of the list", code)
		}
	}
}

func TestProvince(t *testing.T) {
	for code, want := range map[string]string{"330106": "330000", "33": "", "33010x": "", "": ""} {
		if got := Province(code); got != want {
			t.Errorf("Province(%q) = %q", code, got)
		}
	}
}

// TestRegionsTellEveryMistake reads a small register with one mistake each.
func TestRegionsTellEveryMistake(t *testing.T) {
	head := "code,name,level,parent,valid_from,valid_to,note\n"
	good := map[string]string{
		"region_history.csv": head + "330103,下城区,county,330100,,2021-04-09,\n",
		"regions.csv":        head + "330000,浙江省,province,,,,\n330100,杭州市,prefecture,330000,,,\n330105,拱墅区,county,330100,,,\n",
		"region_changes.csv": "code,name,day,earliest,kind,successors,source\n330103,下城区,2021-04-09,2021-04-09,merged,330105,notice\n",
	}
	read := func(file, text string) error {
		files := fstest.MapFS{}
		for name, content := range good {
			files[name] = &fstest.MapFile{Data: []byte(content)}
		}
		if file != "" {
			files[file] = &fstest.MapFile{Data: []byte(text)}
		}
		_, err := ReadRegions(files)
		return err
	}
	if err := read("", ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, old, text, want string }{
		{"regions.csv", "330105,", "33010,", "regions.csv:4: 33010: a code of six digits"},
		{"regions.csv", "330105,拱墅区", "330105,", "regions.csv:4: 330105: a code of six digits and a name"},
		{"regions.csv", "拱墅区,county", "拱墅区,town", `regions.csv:4: 330105: the level is "town"`},
		{"regions.csv", "330100,,,\n", "330100,2018-13-01,,\n", "regions.csv:4: 330105: write days"},
		{"regions.csv", "330105,拱墅区,county,330100,,,\n", "330105,a,county,330100\n", "wrong number of fields"},
		{"regions.csv", "330105,拱墅区", "330103,拱墅区", "regions.csv:4: 330103: it begins before"},
		{"region_history.csv", ",,2021-04-09", ",2022-01-01,2021-04-09", "region_history.csv:2: 330103: it ends before it begins"},
		{"region_history.csv", "2021-04-09", "2021-04-08", "region_changes.csv:2: 330103: no 下城区 ends on 2021-04-09"},
		{"region_changes.csv", "2021-04-09,2021-04-09", "2021-04-09,2021-04-10", "region_changes.csv:2: 330103: write the latest"},
		{"region_changes.csv", "merged,330105", "merged,", "name one other code"},
		{"region_changes.csv", "merged,330105", "merged,330103", "name one other code"},
		{"region_changes.csv", "merged,330105", "recoded,330106", "the successor 330106 does not stand"},
		{"region_changes.csv", "merged,330105", "renamed,330105", "keeps its code"},
		{"region_changes.csv", "merged,330105", "split,330105", "name two successors"},
		{"region_changes.csv", "merged,330105", "abolished,330105", "it has a successor"},
		{"region_changes.csv", "merged,330105", "gone,330105", `the kind is "gone"`},
		{"region_changes.csv", ",notice", ",", "name the source"},
		{"region_changes.csv", "330103,下城区", "330199,下城区", "330199: there is no such division"},
		{"region_changes.csv", "330103,下城区,2021-04-09,2021-04-09,merged,330105,notice\n", "", "no change says why"},
	} {
		text := strings.Replace(good[c.file], c.old, c.text, 1)
		if err := read(c.file, text); text == good[c.file] || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %q: want %q, got %v", c.file, c.text, c.want, err)
		}
	}
}

func TestRegionsKnowTheirSuccessors(t *testing.T) {
	r := mustLoad(t)
	none := time.Time{}
	for _, c := range []struct {
		code    string
		was, on time.Time
		want    string
	}{
		{"330106", none, none, "330106"},
		{"330103", none, none, "330105"},
		{"330103", none, day1("2020-01-01"), "330103"},
		{"371202", none, none, "370116"},
		{"330121", none, none, "330109"},               // 萧山县, 市, 区: twice recoded, once moved
		{"330121", none, day1("1995-01-01"), "339005"}, // the years in which cities stood outside their prefecture
		{"341400", none, none, "340100 340200 340500"}, // 巢湖市 was shared out
		{"110103", none, none, "110101"},               // 崇文区
		{"500110", day1("2013-01-01"), none, "500110"}, // the code of 万盛区 now means 綦江区
		{"130502", none, none, "130502"},               // 桥东区 is now 襄都区
		{"330107", none, none, ""},                     // 半山区: nobody wrote down who took over
		{"999999", none, none, ""},
	} {
		if got := strings.Join(r.Successors(c.code, c.was, c.on), " "); got != c.want {
			t.Errorf("Successors(%s, %s, %s) = %q, want %q", c.code, c.was.Format(time.DateOnly), c.on.Format(time.DateOnly), got, c.want)
		}
	}
	if c := r.Changes("330103"); len(c) != 1 || c[0].Kind != Merged || c[0].Source == "" || c[0].Day != day1("2021-04-09") {
		t.Errorf("%+v", c)
	}
	kinds := map[string]int{}
	for _, c := range r.AllChanges() {
		kinds[c.Kind]++
	}
	if kinds[Renamed] != 285 || kinds[Recoded] != 2875 || kinds[Merged] != 260 || kinds[Split] != 1 || kinds[Abolished] != 389 {
		t.Errorf("changes by kind: %v", kinds) // as the generation of the file counted them
	}
}

func TestRegionsUnder(t *testing.T) {
	r := mustLoad(t)
	if provinces := r.Provinces(); len(provinces) != 34 || provinces[0].Code != "110000" {
		t.Errorf("%d provinces", len(provinces))
	}
	var codes []string
	for _, one := range r.Under("370000") {
		codes = append(codes, one.Code)
	}
	if len(codes) != 16 || codes[0] != "370100" || slices.Contains(codes, "371200") || !slices.IsSorted(codes) {
		t.Errorf("prefectures of 山东: %v", codes)
	}
}
