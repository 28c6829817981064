package simulate

import "strconv"

// appendNumber writes a number as its own organ does.
func appendNumber(b []byte, n number) []byte {
	switch n.form {
	case bracketed:
		b = append(b, n.prefix...)
		b = append(b, n.word...)
		b = append(b, "〔"...)
		b = strconv.AppendInt(b, int64(n.year), 10)
		b = append(b, "〕"...)
		b = strconv.AppendUint(b, n.serial, 10)
		return append(b, "号"...)
	case courtForm:
		b = append(b, "（"...)
		b = strconv.AppendInt(b, int64(n.year), 10)
		b = append(b, "）"...)
		b = append(b, n.prefix...)
		b = append(b, n.word...)
		b = strconv.AppendUint(b, n.serial, 10)
		return append(b, "号"...)
	}
	b = append(b, 'A')
	b = append(b, n.prefix...)
	b = append(b, "000000"...)
	b = strconv.AppendInt(b, int64(n.year), 10)
	return appendPadded(b, n.serial, 8)
}

func appendPadded(b []byte, v uint64, width int) []byte {
	n := 1
	for x := v; x >= 10; x /= 10 {
		n++
	}
	for ; n < width; n++ {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, v, 10)
}

// brackets that people type around a year.
var brackets = [...][2]string{{"〔", "〕"}, {"[", "]"}, {"（", "）"}, {"(", ")"}, {"〔", "〕"}, {"【", "】"}, {"〔", "〕"}, {"〔", "〕"}}

// Bits of a typing habit; the lowest three choose the brackets.
const (
	typedSpaces  = 1 << 3
	typedSpaces2 = 1 << 4
	typedWide    = 1 << 5
	typedWide2   = 1 << 6
	typedZeros   = 1 << 7
	typedZeros2  = 1 << 8
	typedNoEnd   = 1 << 9
	typedNoEnd2  = 1 << 10
)

// both says that two bits of a habit are set: one time in four.
func both(how uint16, a, c uint16) bool { return how&a != 0 && how&c != 0 }

// appendQuote writes a number as another organ types it.
func appendQuote(b []byte, q quote) []byte {
	n, how := q.of, q.how
	if n.form == opaque {
		return appendNumber(b, n)
	}
	br := brackets[how&7]
	space := func() {
		if both(how, typedSpaces, typedSpaces2) {
			b = append(b, ' ')
		}
	}
	serial := n.serial
	if q.mistyped {
		serial = serial*10 + 900_000_000_007 // no book reaches this far
	}
	year := func() {
		b = append(b, br[0]...)
		b = appendDigits(b, uint64(n.year), 4, both(how, typedWide, typedWide2))
		b = append(b, br[1]...)
	}
	if n.form == courtForm {
		year()
		space()
		b = append(b, n.prefix...)
		b = append(b, n.word...)
	} else {
		b = append(b, n.prefix...)
		b = append(b, n.word...)
		space()
		year()
	}
	space()
	width := 1
	if both(how, typedZeros, typedZeros2) {
		width = 7
	}
	b = appendDigits(b, serial, width, both(how, typedWide, typedWide2))
	if n.form == courtForm || !both(how, typedNoEnd, typedNoEnd2) {
		b = append(b, "号"...)
	}
	return b
}

// appendDigits writes v, wide digits being the full-width ones (全角).
func appendDigits(b []byte, v uint64, width int, wide bool) []byte {
	at := len(b)
	b = appendPadded(b, v, width)
	if !wide {
		return b
	}
	var narrow [24]byte
	digits := narrow[:copy(narrow[:], b[at:])]
	b = b[:at]
	for _, d := range digits {
		b = append(b, 0xEF, 0xBC, 0x90+d-'0')
	}
	return b
}

// idWeights are the weights of the check digit of GB 11643-1999.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const idChecks = "10X98765432"

// appendWrittenIdentity writes the number of a person entry, with what the clerk
// got wrong.
func appendWrittenIdentity(b []byte, people []person, r *personRecord) []byte {
	h := &people[r.person]
	if r.lent > 0 {
		h = &people[r.lent-1]
	}
	at := len(b)
	b = appendIdentity(b, h, r.id)
	switch p := at + int(r.place); r.id {
	case idMistyped:
		b[p] = '0' + (b[p]-'0'+r.digit)%10
	case idExchanged:
		b[p], b[p+1] = b[p+1], b[p]
	}
	return b
}

// appendIdentity writes a resident identity number in the planned form.
func appendIdentity(b []byte, h *person, form idForm) []byte {
	y, m, d := h.birth.civil()
	at := len(b)
	b = append(b, h.county...)
	if form == idLegacy {
		b = appendPadded(b, uint64(y%100), 2)
	} else {
		b = appendPadded(b, uint64(y), 4)
	}
	b = appendPadded(b, uint64(m), 2)
	b = appendPadded(b, uint64(d), 2)
	b = appendPadded(b, uint64(h.seq), 3)
	if form == idLegacy {
		return b
	}
	sum := 0
	for i, w := range idWeights {
		sum += w * int(b[at+i]-'0')
	}
	check := sum % 11
	if form == idBadCheck {
		check = (check + 3) % 11
	}
	return append(b, idChecks[check])
}
