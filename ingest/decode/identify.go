package decode

import (
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hengjian/warehouse/contract/identifier"
)

// canonicalName is the form of a name that its pseudonym is made of: compatible
// characters unified, white space and the dots inside transcribed names gone.
func canonicalName(name []byte) []byte {
	wide := norm.NFKC.Bytes(name)
	out := make([]byte, 0, len(wide))
	for _, r := range string(wide) {
		if unicode.IsSpace(r) || r == '·' || r == '•' || r == '・' || r == '.' {
			continue
		}
		out = append(out, string(unicode.ToUpper(r))...)
	}
	return out
}

// division is a county, city or province of the register, with the numbers that
// the decoder has given its code and its province's.
type division struct {
	code, province           string
	ordinal, provinceOrdinal int32
	never                    bool // its code was never allocated: it belongs to simulated persons
}

// parseRegion looks a county, city or province code up; a personal place keeps
// its province alone.
func (d *Decoder) parseRegion(f *fieldPlan, c *cell) string {
	found, ok := d.divisions.byCode[string(c.text)]
	switch {
	case !ok:
		return codeUnknownRegion
	case found.never && !d.deps.Simulated:
		return codeNeverAllocated
	}
	c.code, c.ordinal = found.code, found.ordinal
	if f.place {
		c.code, c.ordinal = found.province, found.provinceOrdinal
	}
	return ""
}

// Divisions are the administrative divisions as decoders look them up; all
// decoders may share one.
type Divisions struct{ byCode map[string]division }

// LoadDivisions reads the register of divisions into a map that gives back the
// register's own strings, so that no lookup copies a code.
func LoadDivisions() (*Divisions, error) {
	register, err := identifier.LoadRegions()
	if err != nil {
		return nil, err
	}
	all := &Divisions{map[string]division{}}
	numbers := map[string]int32{}
	number := func(code string) int32 {
		if numbers[code] == 0 {
			numbers[code] = int32(len(numbers)) + 1
		}
		return numbers[code]
	}
	add := func(code string, never bool) {
		province := identifier.Province(code)
		all.byCode[code] = division{code: code, province: province, ordinal: number(code), provinceOrdinal: number(province), never: never}
	}
	for _, code := range register.NeverAllocated() {
		add(code, true)
	}
	for _, r := range register.All() {
		add(r.Code, false)
	}
	return all, nil
}

// parseDocument keeps the number as typed and adds its canonical form.
func (d *Decoder) parseDocument(f *fieldPlan, c *cell) string {
	start := len(d.scratch)
	out, ok := identifier.AppendDocumentNumber(d.scratch, c.text)
	if !ok {
		return codeNotADocument
	}
	d.scratch = out
	c.norm = out[start:len(out):len(out)]
	if f.kind == fieldCourtCase {
		if _, ok := identifier.ParseCourtCaseNumber(string(c.norm)); !ok {
			return codeNotADocument
		}
	}
	return ""
}

// parseResident makes the pseudonym of an identity number in its 18-digit form.
// A number with a wrong check digit or of another form is kept, as its
// pseudonym, with a flag: mistyped numbers and foreign documents exist.
func (d *Decoder) parseResident(f *fieldPlan, c *cell) string {
	id, fault := identifier.ParseResidentID(string(c.text))
	number := id.Number
	switch fault {
	case identifier.BadCheckDigit:
		c.flag = codeCheckDigit
	case identifier.BadForm, identifier.BadBirth:
		c.flag, number = codeImplausible, string(canonicalName(c.text))
	}
	if number == "" {
		return codeMissingField
	}
	if !d.deps.Simulated && d.divisions.byCode[id.Region].never {
		d.refuse(codeNeverAllocated, f.name, c.raw.raw, true)
	}
	c.text = d.pseudonym("id", []byte(number))
	return ""
}
