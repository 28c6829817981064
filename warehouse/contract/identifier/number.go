package identifier

import (
	"fmt"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// DocumentNumber returns the canonical form of a document number (文书号) or
// court case number as people type it: one kind of bracket, no spaces, narrow
// letters and digits, no zeros in front of the running number, with 号. Words
// stay as they are. ok is false when the text is no such number.
func DocumentNumber(s string) (norm string, ok bool) {
	out, ok := AppendDocumentNumber(make([]byte, 0, len(s)+8), []byte(s))
	return string(out), ok
}

// AppendDocumentNumber appends the canonical form of src to dst. When ok is
// false, what was appended is of no use.
func AppendDocumentNumber(dst, src []byte) (out []byte, ok bool) {
	start := len(dst)
	digits := false
	for i := 0; i < len(src); {
		if c := src[i]; (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') {
			digits = digits || c <= '9'
			dst = append(dst, c)
			i++
			continue
		}
		c, size := utf8.DecodeRune(src[i:])
		if c >= 0x4E00 && c <= 0x9FFF { // Han, as nearly every other character is
			dst = append(dst, src[i:i+size]...)
			i += size
			continue
		}
		if c == utf8.RuneError && size <= 1 {
			return dst, false
		}
		i += size
		c = fold(c)
		if c == omitted {
			continue
		}
		if !admitted(c) {
			return dst, false
		}
		digits = digits || (c >= '0' && c <= '9')
		dst = utf8.AppendRune(dst, c)
	}
	if !digits {
		return dst, false
	}
	if after := afterYear(dst[start:]); after >= 0 {
		dst = serial(dst, start+after)
	}
	return dst, true
}

// omitted stands for a rune that does not count, such as a space.
const omitted rune = -1

// fold makes one rune of its variants, or omitted.
func fold(c rune) rune {
	if c >= 0xFF01 && c <= 0xFF5E {
		c -= 0xFEE0
	}
	switch c {
	case '(', '[', '{', '【', '〖', '﹝', '﹙', '﹛', '⦅', '❲', '〔':
		return '〔'
	case ')', ']', '}', '】', '〗', '﹞', '﹚', '﹜', '⦆', '❳', '〕':
		return '〕'
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣':
		return '-'
	case 0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF:
		return omitted
	}
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	if unicode.IsSpace(c) {
		return omitted
	}
	return c
}

// admitted reports whether a folded rune may stand in a number.
func admitted(c rune) bool {
	switch c {
	case '〔', '〕', '-', '.', '_', '·', '、', '/', ',', ':', '#', '〇':
		return true
	}
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || unicode.Is(unicode.Han, c)
}

// afterYear is the place behind the last 〔2021〕, -1 when there is none.
func afterYear(b []byte) int {
	const open, closed, width = "〔", "〕", len("〔2021〕")
	for i := len(b) - width; i >= 0; i-- {
		if string(b[i:i+len(open)]) != open || string(b[i+width-len(closed):i+width]) != closed {
			continue
		}
		digits := 0
		for _, c := range b[i+len(open) : i+width-len(closed)] {
			if isDigit(c) {
				digits++
			}
		}
		if digits == 4 {
			return i + width
		}
	}
	return -1
}

// serial brings the running number behind from into its form: no 第 and no zeros
// in front of it, 号 behind it. Without a running number nothing changes.
func serial(b []byte, from int) []byte {
	const mark, ordinal = "号", "第"
	end := len(b)
	for i := from; i+len(mark) <= len(b); i++ { // the last 号 that follows a digit
		if i > from && string(b[i:i+len(mark)]) == mark && isDigit(b[i-1]) {
			end = i
		}
	}
	if end == from || !isDigit(b[end-1]) {
		return b
	}
	first := end
	for {
		for first > from && isDigit(b[first-1]) {
			first--
		}
		zeros := first
		for zeros < end-1 && b[zeros] == '0' {
			zeros++
		}
		b = append(b[:first], b[zeros:]...)
		end -= zeros - first
		if first-len(ordinal) < from || string(b[first-len(ordinal):first]) != ordinal {
			break
		}
		b = append(b[:first-len(ordinal)], b[first:]...)
		first, end = first-len(ordinal), end-len(ordinal)
	}
	if end == len(b) {
		b = append(b, mark...)
	}
	return b
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// CourtCaseNumber is a court's case number (案号) in its parts.
type CourtCaseNumber struct {
	Year   int
	Court  string // 法院代字, such as 最高法, 浙, 浙01, 浙0106
	Kind   string // 类型代字, such as 刑初
	Number int
	Suffix string // such as 之一
}

var courtCase = regexp.MustCompile(`^〔([0-9]{4})〕(最高法|[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云黔滇藏陕甘青宁新兵军](?:[0-9]{4}|[0-9]{2})?)(\p{Han}{1,8})([0-9]{1,7})号(之[一二三四五六七八九十]+)?$`)

// ParseCourtCaseNumber reads a case number in any of its typed forms.
func ParseCourtCaseNumber(s string) (CourtCaseNumber, bool) {
	norm, ok := DocumentNumber(s)
	if !ok {
		return CourtCaseNumber{}, false
	}
	m := courtCase.FindStringSubmatch(norm)
	if m == nil {
		return CourtCaseNumber{}, false
	}
	year, yearErr := strconv.Atoi(m[1])
	number, numberErr := strconv.Atoi(m[4])
	if yearErr != nil || numberErr != nil || number == 0 {
		return CourtCaseNumber{}, false
	}
	return CourtCaseNumber{Year: year, Court: m[2], Kind: m[3], Number: number, Suffix: m[5]}, true
}

// year is written with four digits, as it was read.
func (c CourtCaseNumber) year() string { return fmt.Sprintf("%04d", c.Year) }

// Norm returns the canonical form, the same as that of DocumentNumber.
func (c CourtCaseNumber) Norm() string {
	return "〔" + c.year() + "〕" + c.Court + c.Kind + strconv.Itoa(c.Number) + "号" + c.Suffix
}

// String returns the form that courts print.
func (c CourtCaseNumber) String() string {
	return "（" + c.year() + "）" + c.Court + c.Kind + strconv.Itoa(c.Number) + "号" + c.Suffix
}

// Level returns the level of the court: national, provincial, prefectural or county.
func (c CourtCaseNumber) Level() string {
	digits := 0
	for i := range len(c.Court) {
		if isDigit(c.Court[i]) {
			digits++
		}
	}
	switch {
	case c.Court == "最高法":
		return "national"
	case digits == 4:
		return "county"
	case digits == 2:
		return "prefectural"
	default:
		return "provincial"
	}
}
