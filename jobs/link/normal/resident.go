package normal

import (
	"hengjian/warehouse/contract/identifier"
)

// ResidentID is a resident identity number (公民身份号码) as it was typed, in one
// alphabet: digits and X, an old number of 15 digits filled up to 18.
type ResidentID struct {
	Text  [20]byte // Len bytes of it count
	Len   uint8
	Valid bool   // 18 places, the date is a day, the check digit fits
	Birth int32  // yyyymmdd of a valid number, else 0
	Sex   uint8  // 1 male, 2 female of a valid number, else 0
	Old   bool   // was given with 15 digits
	Known bool   // the region of a valid number stands in the register
	Seq   uint16 // running number of a valid one
}

var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checkDigits = "10X98765432"

// ResidentID normalises a number; Len is 0 when nothing of use was given.
func (n *Normaliser) ResidentID(raw string) ResidentID {
	var id ResidentID
	for _, c := range raw {
		switch {
		case c >= '０' && c <= '９':
			c -= '０' - '0'
		case c == 'x', c == 'X', c == '*', c == 'Ｘ', c == 'ｘ', c == '＊', c == '×':
			c = 'X'
		}
		if c >= '0' && c <= '9' || c == 'X' {
			if id.Len == 20 {
				return ResidentID{}
			}
			id.Text[id.Len] = byte(c)
			id.Len++
		}
	}
	if id.Len < 8 || repeated(id.Text[:id.Len]) {
		return ResidentID{}
	}
	if id.Len == 15 && digits(id.Text[:15]) {
		copy(id.Text[8:17], id.Text[6:15])
		id.Text[6], id.Text[7] = '1', '9'
		id.Text[17] = check(id.Text[:17])
		id.Len, id.Old = 18, true
	}
	n.parts(&id)
	return id
}

// repeated reports whether one sign fills the number, as placeholders do.
func repeated(b []byte) bool {
	for _, c := range b[1:] {
		if c != b[0] {
			return false
		}
	}
	return true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func check(first []byte) byte {
	sum := 0
	for i, w := range idWeights {
		sum += w * int(first[i]-'0')
	}
	return checkDigits[sum%11]
}

// parts fills in what a valid number says.
func (n *Normaliser) parts(id *ResidentID) {
	if id.Len != 18 || !digits(id.Text[:17]) || check(id.Text[:17]) != id.Text[17] {
		return
	}
	birth := number(id.Text[6:14])
	if !isDay(birth) {
		return
	}
	id.Valid, id.Birth, id.Seq = true, birth, uint16(number(id.Text[14:17]))
	id.Sex = 2 - id.Text[16]%2
	id.Known = n.regions.Known(string(id.Text[:6]))
}

func number(b []byte) int32 {
	v := int32(0)
	for _, c := range b {
		v = v*10 + int32(c-'0')
	}
	return v
}

// Repair suggests the one valid number of a known region within one wrong digit
// or one exchanged pair of neighbours; "" when there is none or more than one.
// It is shown to a person and never takes the place of what was typed.
func (n *Normaliser) Repair(id ResidentID) string {
	if id.Valid || id.Len != 18 || !digits(id.Text[:17]) {
		return ""
	}
	found := map[string]bool{}
	try := func(b [20]byte) {
		one := ResidentID{Text: b, Len: 18}
		if n.parts(&one); one.Valid && one.Known {
			found[string(b[:18])] = true
		}
	}
	for i := range 17 {
		for c := byte('0'); c <= '9'; c++ {
			if b := id.Text; b[i] != c {
				b[i] = c
				try(b)
			}
		}
		if b := id.Text; i < 16 && b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			try(b)
		}
	}
	if b := id.Text; true {
		b[17] = check(b[:17])
		try(b)
	}
	if len(found) != 1 {
		return ""
	}
	for s := range found {
		return s
	}
	return ""
}

// Document normalises a document number (文书号) for use as a key: the canonical
// form of the contracts, or the text without blanks when it is no such number.
func Document(raw string) string {
	if s, ok := identifier.DocumentNumber(raw); ok {
		return s
	}
	return raw
}
