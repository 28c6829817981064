package normal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func load(t *testing.T) *Normaliser {
	t.Helper()
	n, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestName(t *testing.T) {
	n := load(t)
	for _, c := range []struct{ raw, text, surname, class, pinyin, parts string }{
		{"黃　俊", "黄俊", "黄", "黄俊", "huang jun", ""},
		{"肖 强", "萧强", "萧", "萧强", "xiao qiang", ""},
		{"曾文", "曾文", "曾", "曾文", "zeng wen", ""}, // the commonest reading is ceng
		{"单华", "单华", "单", "单华", "shan hua", ""},
		{"解建军", "解建军", "解", "解建军", "xie jian jun", ""},
		{"仇和", "仇和", "仇", "仇和", "qiu he", ""},
		{"王解", "王解", "王", "王解", "wang jie", ""}, // not a surname here
		{"歐陽修", "欧阳修", "欧阳", "欧阳修", "ou yang xiu", ""},
		{"麦麦提・图尔荪", "麦麦提图尔荪", "麦", "买买提吐尔逊", "mai mai ti tu er xun", "买买提·吐尔逊"},
		{"吐尔逊•买买提", "吐尔逊买买提", "吐", "吐尔逊买买提", "tu er xun mai mai ti", "买买提·吐尔逊"},
		{"不详", "", "", "", "", ""},
		{" ", "", "", "", "", ""},
	} {
		if got := n.Name(c.raw); got != (Name{c.text, c.surname, c.class, c.pinyin, c.parts}) {
			t.Errorf("%q: %+v", c.raw, got)
		}
	}
}

func TestNameTwiceIsNameOnce(t *testing.T) {
	n := load(t)
	rapid.Check(t, func(t *rapid.T) {
		once := n.Name(rapid.StringOfN(rapid.SampledFrom([]rune("黃黄肖萧闫阎麦提買·•. 　Ａa王鄧欧阳歐陽")), 1, 8, -1).Draw(t, "name"))
		if twice := n.Name(once.Text); twice.Text != once.Text || twice.Class != once.Class || twice.Pinyin != once.Pinyin {
			t.Fatalf("%+v becomes %+v", once, twice)
		}
	})
}

func TestResidentID(t *testing.T) {
	n := load(t)
	for _, c := range []struct {
		raw, text string
		valid     bool
		birth     int32
		sex       uint8
	}{
		{"11010519491231002X", "11010519491231002X", true, 19491231, 2}, // GB 11643-1999
		{"11010519491231002*", "11010519491231002X", true, 19491231, 2},
		{"１１０１０５ 19491231002x", "11010519491231002X", true, 19491231, 2},
		{"110105491231002", "11010519491231002X", true, 19491231, 2}, // the old form
		{"110105194912310021", "110105194912310021", false, 0, 0},
		{"11010519491331002X", "11010519491331002X", false, 0, 0},
		{"1101051949123100", "1101051949123100", false, 0, 0},
		{"111111111111111111", "", false, 0, 0},
		{"无", "", false, 0, 0},
	} {
		id := n.ResidentID(c.raw)
		if got := string(id.Text[:id.Len]); got != c.text || id.Valid != c.valid || id.Birth != c.birth || id.Sex != c.sex {
			t.Errorf("%s: %s %+v", c.raw, got, id)
		}
	}
}

func TestRepairIsUniqueOrSilent(t *testing.T) {
	n := load(t)
	if got := n.Repair(n.ResidentID("11010519491231002X")); got != "" {
		t.Errorf("a sound number was repaired to %s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		id := n.ResidentID("11010519491231002X")
		at, to := rapid.IntRange(0, 16).Draw(t, "place"), rapid.ByteRange('0', '9').Draw(t, "digit")
		broken := id
		broken.Text[at] = to
		broken.Valid = id.Text[at] == to
		if got := n.Repair(broken); got != "" {
			if fixed := n.ResidentID(got); !fixed.Valid || !fixed.Known {
				t.Fatalf("repaired to %s, which is not valid", got)
			}
		}
	})
}

func TestBirthRegionPhoneAddress(t *testing.T) {
	n := load(t)
	for raw, want := range map[string]Birth{"1986-03-04": 19860304, "19860304": 19860304, "1986": 19860000, "1986-03": 19860300, "1986-02-30": 0, "0000-00-00": 0, "": 0, "2000-02-29": 20000229, "1900-02-29": 0} {
		if got := n.Birth(raw); got != want {
			t.Errorf("birth %q: %d, want %d", raw, got, want)
		}
	}
	if got := Birth(20000301).Days() - Birth(20000228).Days(); got != 2 {
		t.Errorf("%d days from 28 February to 1 March 2000", got)
	}
	if n.Region("371202") != 370116 || n.Region("33010") != 0 || n.Region("330106") != 330106 {
		t.Error("regions")
	}
	if n.Phone("+86 138-0013-8000") != "13800138000" || n.Phone("0000000000") != "" || n.Phone("12") != "" {
		t.Error("telephones")
	}
	whole, street := n.Address("西湖區文三路 90號１棟")
	if whole != "西湖区文三路90号1栋" || street != "西湖区文三路" {
		t.Errorf("address %q %q", whole, street)
	}
}

var row = regexp.MustCompile(`(?m)^\| ([a-z_.]+) \| ([^|]+) \| ([^|]+) \| ([0-9a-f]{64}) \|$`)

func TestEveryFileHasItsSource(t *testing.T) {
	text, err := files.ReadFile("data/SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{}
	for _, m := range row.FindAllSubmatch(text, -1) {
		named[string(m[1])] = string(m[4])
	}
	entries, err := files.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	if len(named) != len(entries)-1 {
		t.Errorf("SOURCES.md names %d files of %d", len(named), len(entries)-1)
	}
	for _, e := range entries {
		content, err := files.ReadFile("data/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(bytes.Clone(content))
		if e.Name() != "SOURCES.md" && named[e.Name()] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the digest in SOURCES.md does not fit", e.Name())
		}
	}
}
