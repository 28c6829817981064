package level

import (
	"strconv"
	"strings"

	"hengjian/jobs/link/record"
)

// Stable is the key of a row as a text that does not depend on the table; keep it
// only as a keyed digest. chain is the name of the row's chain. False when a part is
// missing. Telephones and addresses have none: who compares them links in full.
func (r *Rule) Stable(t *record.Table, row *record.Row, chain string) (string, bool) {
	all := make([]string, len(r.Parts))
	for i, word := range r.Parts {
		if all[i] = stable(word, r.parts[i], t, row, chain); all[i] == "" {
			return "", false
		}
	}
	return strings.Join(all, "\x00"), true
}

// stable is one part of a key as text, "" when it is missing.
func stable(word string, p part, t *record.Table, row *record.Row, chain string) string {
	some := func(n uint64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatUint(n, 10)
	}
	number, name := &t.Numbers[row.Number], &t.Names[row.Name]
	switch word {
	case "id":
		return string(number.Text[:number.Len])
	case "id_tail":
		return some(number.Tail)
	case "id_ends":
		return some(number.Ends)
	case "name":
		return name.Text
	case "sound":
		return name.Pinyin
	case "surname":
		return name.Name.Surname
	case "chain":
		return chain
	case "phone", "address":
		return ""
	}
	return some(p(t, row))
}
