package identifier

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestResidentIDOfTheStandard(t *testing.T) {
	for _, c := range []struct{ number, region, birth, sex string }{
		{"11010519491231002X", "110105", "1949-12-31", "female"},
		{"34052419800101001X", "340524", "1980-01-01", "male"},
		{"440524188001010014", "440524", "1880-01-01", "male"},
		{"370101190102039973", "370101", "1901-02-03", "male"},
	} {
		id, fault := ParseResidentID(c.number)
		if fault != Sound || id.Number != c.number || id.Region != c.region || id.Birth.Format(time.DateOnly) != c.birth || id.Sex != c.sex || id.Legacy {
			t.Errorf("%s: %+v, fault %d", c.number, id, fault)
		}
		for i := range 18 { // any other last digit, any other digit anywhere
			for _, other := range "0123456789X" {
				if byte(other) == c.number[i] || (other == 'X' && i < 17) {
					continue
				}
				changed := c.number[:i] + string(other) + c.number[i+1:]
				if _, fault := ParseResidentID(changed); fault == Sound {
					t.Errorf("%s with place %d changed to %c is taken", c.number, i, other)
				}
			}
		}
	}
}

func TestResidentIDForms(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  string
		fault Fault
	}{
		{"110105491231002", "11010519491231002X", Sound},
		{" 11010519491231002x ", "11010519491231002X", Sound},
		{"１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", Sound},
		{"110105194912310021", "110105194912310021", BadCheckDigit},
		{"11010519491331002X", "", BadBirth},
		{"110105190002290018", "", BadBirth},
		{"11010519491231002", "", BadForm},
		{"1101051949123100XX", "", BadForm},
		{"11010519491231002X0", "", BadForm},
		{"", "", BadForm},
		{"不详", "", BadForm},
	} {
		id, fault := ParseResidentID(c.text)
		if fault != c.fault || id.Number != c.want {
			t.Errorf("%q: %q, fault %d; want %q, %d", c.text, id.Number, fault, c.want, c.fault)
		}
	}
	if id, _ := ParseResidentID("110105491231002"); !id.Legacy {
		t.Error("15 places must be marked as the old form")
	}
}

func TestNewResidentIDIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 33000).Draw(t, "day"))
		serial := rapid.IntRange(0, 999).Draw(t, "serial")
		id, fault := ParseResidentID(NewResidentID("330197", birth, serial))
		if fault != Sound || !id.Birth.Equal(birth) || (id.Sex == "male") != (serial%2 == 1) {
			t.Fatalf("%+v, fault %d", id, fault)
		}
	})
}

func TestDocumentNumberForms(t *testing.T) {
	for _, c := range []struct {
		want string
		same []string
	}{
		{"杭检刑诉〔2021〕123号", []string{
			"杭检刑诉〔2021〕123号", "杭检刑诉[2021]123号", "杭检刑诉（2021）123号", "杭检刑诉(2021)123号", "杭检刑诉【2021】123号",
			"杭检刑诉［２０２１］１２３号", " 杭检刑诉 〔2021〕 123 号", "杭检刑诉〔2021〕00123号", "杭检刑诉〔2021〕123", "杭检刑诉〔2021〕第123号", "杭检刑诉\u3000〔2021〕\u200b0123号",
		}},
		{"〔2024〕浙0106刑初12号", []string{"（2024）浙0106刑初12号", "(2024)浙0106刑初0012号", "[2024] 浙0106 刑初 12"}},
		{"〔2024〕浙01刑初12号之一", []string{"（2024）浙01刑初012号之一"}},
		{"京公〔海〕拘字〔2021〕7号", []string{"京公（海）拘字〔2021〕第007号"}},
		{"A3301062024010001", []string{"a3301062024010001", "Ａ3301062024010001"}},
		{"0012", []string{"0012", "００１２"}},
		{"检〔2021〕0号", []string{"检〔2021〕000号", "检〔2021〕0"}},
	} {
		for _, text := range c.same {
			if got, ok := DocumentNumber(text); !ok || got != c.want {
				t.Errorf("%q: %q, %v; want %q", text, got, ok, c.want)
			}
		}
	}
	for _, none := range []string{"", " ", "无", "杭检刑诉", "检\x00〔2021〕1号", "a|1", "\xff1", "检〔2021〕1号;drop"} {
		if got, ok := DocumentNumber(none); ok {
			t.Errorf("%q was taken as %q", none, got)
		}
	}
}

// word draws an organ or type word.
func word(t *rapid.T, label string) string {
	return rapid.StringOfN(rapid.SampledFrom([]rune("杭温甬检公刑诉捕拘移监审字")), 1, 5, -1).Draw(t, label)
}

func TestDocumentNumberVariantsAreOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, other := word(t, "word"), word(t, "other")
		year := rapid.StringMatching(`20[0-2][0-9]`).Draw(t, "year")
		number := rapid.StringMatching(`[1-9][0-9]{0,4}`).Draw(t, "number")
		want := w + "〔" + year + "〕" + number + "号"
		brackets := rapid.SampledFrom([]string{"〔〕", "[]", "()", "（）", "【】", "［］", "{}"}).Draw(t, "brackets")
		pair := []rune(brackets)
		space := rapid.SampledFrom([]string{"", " ", "\u3000", "\t"}).Draw(t, "space")
		zeros := strings.Repeat("0", rapid.IntRange(0, 4).Draw(t, "zeros"))
		end := rapid.SampledFrom([]string{"号", ""}).Draw(t, "end")
		typed := w + space + string(pair[0]) + year + string(pair[1]) + space + zeros + number + space + end
		if rapid.Bool().Draw(t, "wide") {
			typed = wide(typed)
		}
		got, ok := DocumentNumber(typed)
		if !ok || got != want {
			t.Fatalf("%q: %q, %v; want %q", typed, got, ok, want)
		}
		if w != other {
			if different, _ := DocumentNumber(other + "〔" + year + "〕" + number + "号"); different == got {
				t.Fatalf("words %q and %q gave one number", w, other)
			}
		}
	})
}

func wide(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c + 0xFEE0
		}
		return c
	}, s)
}

func TestDocumentNumberIsIdempotent(t *testing.T) {
	alphabet := []rune("检第号〔〕()[]【】0019２ a-之一\u3000")
	rapid.Check(t, func(t *rapid.T) {
		idempotent(t, rapid.StringOf(rapid.SampledFrom(alphabet)).Draw(t, "text"))
	})
}

type fataler interface{ Fatalf(string, ...any) }

func idempotent(t fataler, text string) {
	norm, ok := DocumentNumber(text)
	if !ok {
		return
	}
	again, ok := DocumentNumber(norm)
	if !ok || again != norm || !utf8.ValidString(norm) || strings.ContainsAny(norm, "| \x00") {
		t.Fatalf("%q gives %q, and that gives %q, %v", text, norm, again, ok)
	}
}

func FuzzDocumentNumber(f *testing.F) {
	for _, seed := range []string{"杭检刑诉〔2021〕第00第123号", "（2024）浙01刑初12号", "〔2021〕0号号", "〔20第21〕00号", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { idempotent(t, text) })
}

func TestAppendDocumentNumberDoesNotAllocate(t *testing.T) {
	src, dst := []byte("杭检刑诉（２０２１）第00123号"), make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() { AppendDocumentNumber(dst, src) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	out, ok := AppendDocumentNumber([]byte("前〔2021〕"), []byte("第01"))
	if !ok || string(out) != "前〔2021〕第01" {
		t.Errorf("what stands in front was read: %q", out)
	}
}

func TestCourtCaseNumber(t *testing.T) {
	for _, c := range []struct{ text, court, kind, level, norm string }{
		{"（2024）浙01刑初12号", "浙01", "刑初", "prefectural", "〔2024〕浙01刑初12号"},
		{"(2024)浙0106刑初0012号", "浙0106", "刑初", "county", "〔2024〕浙0106刑初12号"},
		{"（2023）最高法刑核5号", "最高法", "刑核", "national", "〔2023〕最高法刑核5号"},
		{"（2023）浙刑终345号", "浙", "刑终", "provincial", "〔2023〕浙刑终345号"},
		{"（2023）兵0101刑更8号之二", "兵0101", "刑更", "county", "〔2023〕兵0101刑更8号之二"},
	} {
		got, ok := ParseCourtCaseNumber(c.text)
		if !ok || got.Court != c.court || got.Kind != c.kind || got.Level() != c.level || got.Norm() != c.norm {
			t.Errorf("%s: %+v, %v", c.text, got, ok)
			continue
		}
		if norm, _ := DocumentNumber(c.text); norm != got.Norm() {
			t.Errorf("%s: two canonical forms, %q and %q", c.text, norm, got.Norm())
		}
		if again, ok := ParseCourtCaseNumber(got.String()); !ok || again != got {
			t.Errorf("%s: printed as %s, read as %+v", c.text, got, again)
		}
	}
	for _, none := range []string{"", "浙01刑初12号", "（2024）甲01刑初12号", "（2024）浙01012号", "（2024）浙01刑初号", "（24）浙01刑初1号", "（2024）浙01刑初0号", "杭检刑诉〔2021〕123号"} {
		if got, ok := ParseCourtCaseNumber(none); ok {
			t.Errorf("%q was taken as %+v", none, got)
		}
	}
}

// FuzzCaseNumber holds the parts of a court case number against its canonical
// form: reading what was written gives the same parts.
func FuzzCaseNumber(f *testing.F) {
	for _, text := range []string{"（2025）浙0106刑初12号", "(2025)最高法刑核1号之一", "〔２０２５〕京01刑终007号", "2025"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := ParseCourtCaseNumber(text)
		if !ok {
			return
		}
		for _, written := range []string{c.Norm(), c.String()} {
			if again, ok := ParseCourtCaseNumber(written); !ok || again != c {
				t.Fatalf("%q gave %+v, written %q gave %+v, %v", text, c, written, again, ok)
			}
		}
	})
}

// FuzzResidentID holds identity numbers against their canonical form.
func FuzzResidentID(f *testing.F) {
	for _, text := range []string{"11010519491231002X", "110105491231002", "１１０１０５１９４９１２３１００２ｘ", "110105194912310021"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, fault := ParseResidentID(text)
		if fault != Sound {
			return
		}
		again, fault := ParseResidentID(id.Number)
		id.Legacy = false
		if fault != Sound || again != id {
			t.Fatalf("%q gave %+v, read again %+v, fault %d", text, id, again, fault)
		}
	})
}
