package filedrop

import (
	"strings"

	"hengjian/warehouse/contract"
)

// appendValue writes a cell as the kind of its field asks. What does not look
// like it is written as a string, so that the decoder refuses it by its rule.
func appendValue(dst []byte, kind contract.FieldKind, cell string) []byte {
	switch kind {
	case contract.KindUint:
		return appendScalar(dst, cell, "0123456789")
	case contract.KindInt:
		return appendScalar(dst, cell, "-0123456789")
	case contract.KindBool:
		if cell == "true" || cell == "false" {
			return append(dst, cell...)
		}
	}
	return appendString(dst, cell)
}

// appendScalar writes cell bare when it is a JSON number of the given characters.
func appendScalar(dst []byte, cell, allowed string) []byte {
	digits := strings.TrimPrefix(cell, "-")
	bare := digits != "" && strings.Trim(cell, allowed) == "" && !strings.Contains(digits, "-") && (digits[0] != '0' || digits == "0")
	if bare {
		return append(dst, cell...)
	}
	return appendString(dst, cell)
}

// appendString writes a JSON string and leaves all other bytes as they came, so
// that text that is not UTF-8 is seen by the decoder.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// appendList writes a row that does not fit its header as a JSON list.
func appendList(dst []byte, row []string) []byte {
	dst = append(dst, '[')
	for i, cell := range row {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, cell)
	}
	return append(dst, ']')
}
