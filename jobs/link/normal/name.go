package normal

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Name is a name (姓名) in the forms that are compared.
type Name struct {
	Text    string // simplified, without dots and blanks, the surname in its standing form; "" when none was given
	Surname string
	Class   string // Text with each transliteration in its standing form
	Pinyin  string // of Class, without tones, joined by blanks
	Parts   string // for a dotted name its parts by class, sorted and joined by "·"; else ""
}

// dots are the signs that separate the parts of a name.
const dots = "·•‧・.．。\u00b7\u2022\u2027\u30fb"

// Name normalises a name.
func (n *Normaliser) Name(raw string) Name {
	text := raw
	if !plain(raw) {
		text = norm.NFKC.String(raw)
	}
	runes := make([]rune, 0, len(text)/3+1)
	cut := []int{0}
	for _, c := range text {
		switch {
		case strings.ContainsRune(dots, c):
			if last := len(runes); last > cut[len(cut)-1] {
				cut = append(cut, last)
			}
			continue
		case unicode.IsSpace(c), !unicode.IsPrint(c):
			continue
		}
		if simple, ok := n.simple[c]; ok {
			c = simple
		}
		runes = append(runes, unicode.ToUpper(c))
	}
	if len(runes) == 0 || n.placeholder[string(runes)] {
		return Name{}
	}
	return n.formed(runes, cut)
}

// plain reports whether NFKC would leave a name as it is: only characters of the
// main block, as nearly all names are.
func plain(s string) bool {
	for _, c := range s {
		if c < 0x4E00 || c > 0x9FFF {
			return false
		}
	}
	return true
}

// formed makes the forms of a name without dots; cut says where its parts begin.
func (n *Normaliser) formed(runes []rune, cut []int) Name {
	size := 1
	if len(runes) > 2 && n.compound[string(runes[:2])] {
		size = 2
	} else if stands, ok := n.surname[runes[0]]; ok && len(runes) <= 4 {
		runes[0] = stands
	}
	out := Name{Text: string(runes), Surname: string(runes[:size])}
	class := n.class(runes)
	out.Class = string(class)
	sounds := make([]string, 0, len(class))
	for i, c := range class {
		reading, ok := n.reading[c]
		if i >= 1 || !ok {
			reading = n.read(c)
		}
		sounds = append(sounds, reading)
	}
	out.Pinyin = strings.Join(sounds, " ")
	if len(cut) > 1 {
		var parts []string
		for i, from := range cut {
			to := len(runes)
			if i+1 < len(cut) {
				to = cut[i+1]
			}
			if from < to {
				parts = append(parts, string(n.class(runes[from:to])))
			}
		}
		slices.Sort(parts)
		out.Parts = strings.Join(parts, "·")
	}
	return out
}

// class puts the standing form in place of each transliteration, the longest first.
func (n *Normaliser) class(runes []rune) []rune {
	var out []rune
	for i := 0; i < len(runes); {
		size := 1
		if n.first[runes[i]] {
			for k := min(n.longest, len(runes)-i); k > 1; k-- {
				if stands, ok := n.translit[string(runes[i:i+k])]; ok {
					if out == nil {
						out = append(make([]rune, 0, len(runes)+4), runes[:i]...)
					}
					out = append(out, []rune(stands)...)
					size = k
					break
				}
			}
		}
		if size == 1 && out != nil {
			out = append(out, runes[i])
		}
		i += size
	}
	if out == nil {
		return runes
	}
	return out
}

// read is the commonest reading of a character without tone, or the character itself.
func (n *Normaliser) read(c rune) string {
	if s, ok := n.sound[c]; ok {
		return s
	}
	s := string(c)
	if readings := pinyin.SinglePinyin(c, n.style); len(readings) > 0 {
		s = readings[0]
	}
	n.sound[c] = s
	return s
}
