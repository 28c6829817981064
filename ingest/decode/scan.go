package decode

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of one message.
const (
	maxBytes = 16 << 20 // bytes of a message
	maxDepth = 8        // levels of nesting; the envelope is level 1
)

// kind is what a JSON value is.
type kind uint8

const (
	kindNull kind = iota
	kindTrue
	kindFalse
	kindNumber
	kindString
	kindObject
	kindArray
)

// token is one value as it stands in the message: raw is its span, without the
// quotes for a string; escaped says that raw holds backslashes.
type token struct {
	kind    kind
	escaped bool
	raw     []byte
}

// scanner reads strict JSON (RFC 8259) in place, without allocation. code is
// the refusal of the first fault: not_json, truncated_json or too_deep.
type scanner struct {
	b     []byte
	i     int
	code  string
	inner func(key, value token) bool // called for each member of the payload of an envelope
	began func()                      // called before them
}

// payloadName is the member of the envelope whose members are given to inner.
const payloadName = "payload"

func (s *scanner) fail(code string) bool {
	if s.code == "" {
		s.code = code
	}
	return false
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// next gives the next byte after white space without taking it; 0 at the end.
func (s *scanner) next() byte {
	s.space()
	if s.i == len(s.b) {
		s.fail("truncated_json")
		return 0
	}
	return s.b[s.i]
}

// document reads one value and demands that nothing follows.
func (s *scanner) document() (token, bool) {
	t, ok := s.value(1)
	if !ok {
		return t, false
	}
	if s.space(); s.i != len(s.b) {
		return t, s.fail("not_json")
	}
	return t, true
}

// value reads one value of any kind and checks all that is inside.
func (s *scanner) value(depth int) (token, bool) {
	switch c := s.next(); {
	case c == '"':
		return s.text()
	case c == '{' || c == '[':
		return s.nested(c, depth)
	case c == '-' || (c >= '0' && c <= '9'):
		return s.number()
	case c == 't':
		return s.literal("true", kindTrue)
	case c == 'f':
		return s.literal("false", kindFalse)
	case c == 'n':
		return s.literal("null", kindNull)
	}
	return token{}, s.fail("not_json")
}

func (s *scanner) literal(word string, k kind) (token, bool) {
	for j := 0; j < len(word); j++ {
		if s.i+j == len(s.b) {
			return token{}, s.fail("truncated_json")
		}
		if s.b[s.i+j] != word[j] {
			return token{}, s.fail("not_json")
		}
	}
	t := token{kind: k, raw: s.b[s.i : s.i+len(word)]}
	s.i += len(word)
	return t, true
}

// text reads a string; control characters and unknown escapes are faults.
func (s *scanner) text() (token, bool) {
	s.i++
	start, escaped := s.i, false
	for s.i < len(s.b) {
		if s.plain() {
			continue
		}
		switch c := s.b[s.i]; {
		case c == '"':
			t := token{kind: kindString, escaped: escaped, raw: s.b[start:s.i]}
			s.i++
			return t, true
		case c == '\\':
			escaped = true
			if !s.escape() {
				return token{}, false
			}
		case c < 0x20:
			return token{}, s.fail("not_json")
		default:
			s.i++
		}
	}
	return token{}, s.fail("truncated_json")
}

// plain passes over eight bytes that hold no quote, no backslash and no control
// character, or up to the first of these; false when it did not move.
func (s *scanner) plain() bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	if len(s.b)-s.i < 8 {
		return false
	}
	w := binary.LittleEndian.Uint64(s.b[s.i:])
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	found := ((w-ones*0x20)&^w | (quote-ones)&^quote | (slash-ones)&^slash) & tops
	if found == 0 {
		s.i += 8
		return true
	}
	n := bits.TrailingZeros64(found) / 8
	s.i += n
	return n > 0
}

func (s *scanner) escape() bool {
	if s.i+1 >= len(s.b) {
		return s.fail("truncated_json")
	}
	switch s.b[s.i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.i += 2
		return true
	case 'u':
		for j := 2; j < 6; j++ {
			if s.i+j >= len(s.b) {
				return s.fail("truncated_json")
			}
			if hexDigit(s.b[s.i+j]) < 0 {
				return s.fail("not_json")
			}
		}
		s.i += 6
		return true
	}
	return s.fail("not_json")
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	if s.i > start {
		return true
	}
	if s.i == len(s.b) {
		return s.fail("truncated_json")
	}
	return s.fail("not_json")
}

func (s *scanner) number() (token, bool) {
	start := s.i
	if s.b[s.i] == '-' {
		s.i++
	}
	if s.i < len(s.b) && s.b[s.i] == '0' {
		s.i++
	} else if !s.digits() {
		return token{}, false
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if !s.digits() {
			return token{}, false
		}
	}
	if s.i < len(s.b) && (s.b[s.i] == 'e' || s.b[s.i] == 'E') {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		if !s.digits() {
			return token{}, false
		}
	}
	return token{kind: kindNumber, raw: s.b[start:s.i]}, true
}

func (s *scanner) nested(open byte, depth int) (token, bool) {
	if depth > maxDepth {
		return token{}, s.fail("too_deep")
	}
	start := s.i
	t, ok := token{kind: kindArray}, false
	if open == '{' {
		t.kind = kindObject
		ok = s.members(depth, nil)
	} else {
		ok = s.elements(depth)
	}
	t.raw = s.b[start:s.i]
	return t, ok
}

func (s *scanner) elements(depth int) bool {
	s.i++
	if s.next() == ']' {
		s.i++
		return true
	}
	for {
		if _, ok := s.value(depth + 1); !ok {
			return false
		}
		switch s.next() {
		case ',':
			s.i++
		case ']':
			s.i++
			return true
		default:
			return s.fail("not_json")
		}
	}
}

// members reads an object that begins at the present byte. each, if given, is
// called per member and ends the reading by returning false.
func (s *scanner) members(depth int, each func(key, value token) bool) bool {
	s.i++
	if s.next() == '}' {
		s.i++
		return true
	}
	for {
		if s.next() != '"' {
			return s.fail("not_json")
		}
		key, ok := s.text()
		if !ok {
			return false
		}
		if s.next() != ':' {
			return s.fail("not_json")
		}
		s.i++
		v, ok := s.member(key, depth+1)
		if !ok {
			return false
		}
		if each != nil && !each(key, v) {
			return false
		}
		switch s.next() {
		case ',':
			s.i++
		case '}':
			s.i++
			return true
		default:
			return s.fail("not_json")
		}
	}
}

// member reads the value of a member; the payload of an envelope gives its own
// members to inner on the way, so that it is read once.
func (s *scanner) member(key token, depth int) (token, bool) {
	if s.inner == nil || depth != 2 || string(key.raw) != payloadName || s.next() != '{' {
		return s.value(depth)
	}
	s.began()
	start := s.i
	ok := s.members(depth, s.inner)
	return token{kind: kindObject, raw: s.b[start:s.i]}, ok
}

func hexDigit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

func hexRune(b []byte) rune {
	return hexDigit(b[0])<<12 | hexDigit(b[1])<<8 | hexDigit(b[2])<<4 | hexDigit(b[3])
}

// unescape appends the text of a checked string to dst; false when it holds
// half of a surrogate pair, which is no character.
func unescape(dst, raw []byte) ([]byte, bool) {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			dst = append(dst, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := hexRune(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				if len(raw)-i-1 < 6 || raw[i+1] != '\\' || raw[i+2] != 'u' {
					return dst, false
				}
				if r = utf16.DecodeRune(r, hexRune(raw[i+3:])); r == utf8.RuneError {
					return dst, false
				}
				i += 6
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, raw[i])
		}
	}
	return dst, true
}
