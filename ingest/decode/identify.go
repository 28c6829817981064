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

// parseRegion looks a county, city or province code up; a personal place keeps
// its province alone.
func (d *Decoder) parseRegion(f *fieldPlan, c *cell) string {
	code, problem := d.region(c.text)
	if problem != "" {
		return problem
	}
	c.code = code
	if f.place {
		c.code = d.provinces[code[:2]]
	}
	return ""
}

// region checks a region code; never-allocated codes belong to simulated persons.
func (d *Decoder) region(code []byte) (string, string) {
	if known, ok := d.regions[string(code)]; ok {
		return known, ""
	}
	if known, ok := d.never[string(code)]; ok {
		if d.deps.Simulated {
			return known, ""
		}
		return "", codeNeverAllocated
	}
	return "", codeUnknownRegion
}

// loadRegions reads the register of divisions into maps that give back the
// register's own strings, so that no lookup copies a code.
func (d *Decoder) loadRegions() error {
	register, err := identifier.LoadRegions()
	if err != nil {
		return err
	}
	d.regions, d.never, d.provinces = map[string]string{}, map[string]string{}, map[string]string{}
	for _, r := range register.All() {
		d.regions[r.Code] = r.Code
		if _, ok := d.provinces[r.Code[:2]]; !ok {
			d.provinces[r.Code[:2]] = identifier.Province(r.Code)
		}
	}
	for _, code := range register.NeverAllocated() {
		d.never[code] = code
	}
	return nil
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
	if _, never := d.never[id.Region]; never && !d.deps.Simulated {
		d.refuse(codeNeverAllocated, f.name, c.raw.raw, true)
	}
	c.text = append([]byte(nil), d.deps.Vault.Pseudonym("id", []byte(number))...)
	return ""
}
