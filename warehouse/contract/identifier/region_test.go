package identifier

import (
	"slices"
	"strings"
	"testing"
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
		if one.Level == "province" {
			if one.Parent != "" || !strings.HasSuffix(one.Code, "0000") {
				t.Errorf("province %+v", one)
			}
			continue
		}
		parent, ok := r.Lookup(one.Parent, time.Time{})
		if !ok || parent.Level != above[one.Level] {
			t.Errorf("%s %s hangs on %q", one.Code, one.Name, one.Parent)
		}
	}
	if count["province"] != 34 || count["prefecture"] != 343 || count["county"] != 2977 {
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

func TestRegionsRefuseBadRows(t *testing.T) {
	head := "code,name,level,parent,valid_from,valid_to,note\n"
	for _, row := range []string{"33,a,province,,,,", "330000,a,province,,2018-13-01,,", "330000,a,province"} {
		if _, err := NewRegions(strings.NewReader(head + row + "\n")); err == nil {
			t.Errorf("row %q was taken", row)
		}
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
