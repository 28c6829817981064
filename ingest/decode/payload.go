package decode

import (
	"context"
	"math/bits"
	"unicode/utf8"
)

// cell is the decoded value of one field of the present message.
type cell struct {
	raw     token
	sent    bool   // the member was there, null included
	set     bool   // there is a value to store
	text    []byte // as typed, or the pseudonym
	norm    []byte // canonical number
	code    string // a word that outlives the message: a code list's value, an organ's code
	ordinal int32  // the decoder's number of code in its field, 0 when it has none
	organ   *numbered
	number  int64
	year    uint16
	flag    string // code of a bad value that keeps the record
	absent  string // reason that the sender gives for a missing value
}

func (c *cell) organID() string {
	if c.organ == nil {
		return ""
	}
	return c.organ.id
}

// fieldSet is a set of fields by their numbers.
type fieldSet []uint64

func newFieldSet(fields int) fieldSet { return make(fieldSet, (fields+63)/64) }

func (s fieldSet) add(i int) { s[i>>6] |= 1 << (i & 63) }

func (s fieldSet) has(i int) bool { return s[i>>6]>>(i&63)&1 == 1 }

// next gives the least member from i on, -1 when there is none.
func (s fieldSet) next(i int) int {
	for w := i >> 6; w < len(s); w++ {
		if rest := s[w] >> (i & 63); rest != 0 {
			return i + bits.TrailingZeros64(rest)
		}
		i = (w + 1) << 6
	}
	return -1
}

// touch gives the cell of a field, empty where the present message has not
// touched it yet.
func (d *Decoder) touch(i int) *cell {
	c := &d.cells[i]
	if !d.touched.has(i) {
		d.touched.add(i)
		*c = cell{}
	}
	return c
}

// readPayload reads all fields, then checks what must be there, then makes the key.
func (d *Decoder) readPayload(ctx context.Context, at Coordinates) error {
	d.readMembers()
	if d.row.reason != "" {
		return nil
	}
	for i := d.must.next(0); i >= 0; i = d.must.next(i + 1) {
		d.touch(i)
	}
	for i := d.touched.next(0); i >= 0; i = d.touched.next(i + 1) {
		f, c := &d.fields[i], &d.cells[i]
		if c.sent && c.raw.kind != kindNull {
			code, err := d.parse(ctx, at, f, c)
			if err != nil {
				return err
			}
			d.judge(f, c, code)
		}
		if f.kind == fieldResident && !c.set && c.flag == "" && d.row.op != opRetract {
			c.flag = codeMissingID
		}
		if f.required && !c.set && c.flag == "" && (f.key || d.row.op != opRetract) {
			d.refuse(codeMissingField, f.name, nil, false)
		}
		if d.row.reason != "" {
			return nil
		}
	}
	d.makeKey()
	return nil
}

// readMembers takes the members that were passed with the envelope, or reads the
// payload where its name was written in another way.
func (d *Decoder) readMembers() {
	if !d.passed {
		d.payload = scanner{b: d.env[slotPayload].raw}
		d.payload.members(1, d.onPayload)
		return
	}
	for i := range d.members {
		if m := &d.members[i]; !d.payloadMember(m.key, m.value) {
			return
		}
	}
}

// near is how many fields of the contract are looked at before the index is
// asked: senders write the fields in one order and leave some out.
const near = 4

// field finds a field by its name.
func (d *Decoder) field(name []byte) (int, bool) {
	for i := d.expected; i < len(d.fields) && i < d.expected+near; i++ {
		if d.fields[i].name == string(name) {
			d.expected = i + 1
			return i, true
		}
	}
	i, known := d.index[string(name)]
	if known {
		d.expected = i + 1
	}
	return i, known
}

// judge does with a bad value what the contract says: flag it or refuse the record.
func (d *Decoder) judge(f *fieldPlan, c *cell, code string) {
	switch {
	case code == "":
		c.set = true
	case code == codeMissingField: // an empty text where something is due
	case f.flagBad && !f.key:
		c.flag = code
	default:
		d.refuse(code, f.name, c.raw.raw, f.personal)
	}
}

func (d *Decoder) payloadMember(key, value token) bool {
	name, ok := d.plain(key)
	if !ok {
		return d.refuse(codeNotJSON, "payload", nil, false)
	}
	i, known := d.field(name)
	if !known {
		return d.otherMember(name, key, value)
	}
	c := d.touch(i)
	if c.sent {
		return d.refuse(codeDuplicateKey, d.fields[i].name, nil, false)
	}
	if c.absent != "" && value.kind != kindNull {
		return d.refuse(codeWrongKind, d.fields[i].name, nil, false)
	}
	c.sent, c.raw = true, value
	return true
}

// otherMember reads what is not a field: the reasons of absence, and the reason
// of a retraction, which stays in the sealed bytes only.
func (d *Decoder) otherMember(name []byte, key, value token) bool {
	const absent, reason = 1 << 30, 1 << 31
	switch {
	case string(name) == "_absent":
		if d.seen&absent != 0 {
			return d.refuse(codeDuplicateKey, "_absent", nil, false)
		}
		d.seen |= absent
		if value.kind != kindObject {
			return d.refuse(codeWrongKind, "_absent", value.raw, true)
		}
		s := scanner{b: value.raw}
		s.next()
		return s.members(1, d.onAbsent)
	case string(name) == "_reason" && d.row.op == opRetract:
		if d.seen&reason != 0 {
			return d.refuse(codeDuplicateKey, "_reason", nil, false)
		}
		d.seen |= reason
		if value.kind != kindString {
			return d.refuse(codeWrongKind, "_reason", value.raw, true)
		}
		return true
	}
	if d.keep && len(name) > 0 && name[0] != '_' {
		return d.keepUnknown(name, key, value)
	}
	return d.refuse(codeUnknownField, "payload", name, false)
}

// Limits of what is kept of members that no field names.
const (
	maxUnknown     = 32
	maxUnknownName = 64
)

// extraFlag stands at a record of which something is kept in the column extra.
const extraFlag = "payload:" + codeUnknownField

// keepUnknown keeps a member's name and the keyed digest of its value; a truth
// value or null, which can name nobody, stays as it is.
func (d *Decoder) keepUnknown(name []byte, key, value token) bool {
	if len(d.unknown) == maxUnknown || len(name) > maxUnknownName {
		return d.refuse(codeUnknownField, "payload", name[:min(len(name), maxUnknownName)], false)
	}
	for _, other := range d.unknown {
		if string(other) == string(name) {
			return d.refuse(codeDuplicateKey, "payload", name, false)
		}
	}
	d.unknown = append(d.unknown, name)
	text := value.raw
	switch value.kind {
	case kindString:
		plain, ok := d.plain(value)
		if !ok {
			return d.refuse(codeNotUTF8, "payload", name, false)
		}
		text = plain
	case kindTrue, kindFalse, kindNull:
		d.extraMember(key, text)
		return true
	}
	d.extraMember(key, []byte(`"`+d.deps.Vault.Pseudonym("extra", text)+`"`))
	return true
}

func (d *Decoder) extraMember(key token, value []byte) {
	between := byte(',')
	if len(d.extra) == 0 {
		between = '{'
	}
	d.extra = append(append(append(append(d.extra, between, '"'), key.raw...), '"', ':'), value...)
}

func (d *Decoder) absentMember(key, value token) bool {
	name, ok := d.plain(key)
	if !ok {
		return d.refuse(codeNotJSON, "_absent", nil, false)
	}
	i, known := d.index[string(name)]
	if !known {
		return d.refuse(codeUnknownField, "_absent", name, false)
	}
	c := d.touch(i)
	if c.absent != "" {
		return d.refuse(codeDuplicateKey, d.fields[i].name, nil, false)
	}
	if c.sent && c.raw.kind != kindNull {
		return d.refuse(codeWrongKind, d.fields[i].name, nil, false)
	}
	for reason := range d.fields[i].absent {
		if value.kind == kindString && string(value.raw) == reason {
			c.absent = reason
			return true
		}
	}
	return d.refuse(codeUnknownValue, d.fields[i].name, value.raw, true)
}

// parse reads one value by its kind; the code says what is wrong with it.
func (d *Decoder) parse(ctx context.Context, at Coordinates, f *fieldPlan, c *cell) (string, error) {
	switch f.kind {
	case fieldUint, fieldInt:
		return parseNumber(f, c), nil
	case fieldBool:
		switch c.raw.kind {
		case kindTrue:
			c.number = 1
		case kindFalse:
		default:
			return codeWrongKind, nil
		}
		return "", nil
	}
	if c.raw.kind != kindString {
		return codeWrongKind, nil
	}
	text, ok := d.plain(c.raw)
	if !ok {
		return codeNotUTF8, nil
	}
	c.text = text
	if f.max > 0 && len(text) > f.max && utf8.RuneCount(text) > f.max {
		return codeTooLong, nil
	}
	if len(text) == 0 && (f.required || f.kind != fieldText) {
		return emptyCode(f), nil
	}
	if f.kind == fieldOrgan {
		return d.parseOrgan(ctx, at, c)
	}
	return d.parseText(f, c), nil
}

// emptyCode says what an empty text is: a missing value where the field may be
// left out or is due, since no kind but plain text has an empty value.
func emptyCode(f *fieldPlan) string {
	if f.required || f.kind == fieldName || f.kind == fieldResident {
		return codeMissingField
	}
	return codeWrongKind
}

func parseNumber(f *fieldPlan, c *cell) string {
	if c.raw.kind != kindNumber {
		return codeWrongKind
	}
	c.text = c.raw.raw
	if f.kind == fieldInt {
		v, ok := parseInt(c.raw.raw)
		if !ok {
			return codeOutOfRange
		}
		c.number = v
		return ""
	}
	v, ok := parseUint(c.raw.raw)
	if !ok {
		return codeOutOfRange
	}
	c.number = int64(v)
	return ""
}

func (d *Decoder) parseText(f *fieldPlan, c *cell) string {
	switch f.kind {
	case fieldEnum:
		i, ok := f.value(c.text)
		if !ok {
			return codeUnknownValue
		}
		c.code, c.ordinal = f.codes[i], int32(i)+1
	case fieldDate, fieldBirth:
		return d.parseDay(f, c)
	case fieldInstant:
		ms, code := parseInstant(c.text)
		if code != "" {
			return code
		}
		if !f.future && ms > d.row.sent.ms {
			return codeFuture
		}
		c.number = ms
	case fieldDecimal:
		v, ok := parseDecimal(c.text)
		if !ok {
			return codeOutOfRange
		}
		c.number = v
	case fieldRegion:
		return d.parseRegion(f, c)
	case fieldDocument, fieldCourtCase:
		return d.parseDocument(f, c)
	case fieldName:
		c.text = d.pseudonym("name", canonicalName(c.text))
	case fieldResident:
		return d.parseResident(f, c)
	}
	return ""
}

// pseudonym gives the pseudonym of a value as bytes that live as long as the
// message.
func (d *Decoder) pseudonym(class string, value []byte) []byte {
	start := len(d.scratch)
	d.scratch = append(d.scratch, d.deps.Vault.Pseudonym(class, value)...)
	return d.scratch[start:len(d.scratch):len(d.scratch)]
}

func (d *Decoder) parseDay(f *fieldPlan, c *cell) string {
	v, ok := parseDate(c.text)
	if !ok {
		return codeNotADate
	}
	if !f.future && v > days(d.row.sent.ms) {
		return codeFuture
	}
	c.number = int64(v)
	if f.kind == fieldBirth {
		y, _, _ := civil(v)
		c.year = uint16(y)
		c.text = d.pseudonym("birth", c.text)
	}
	return ""
}

func (d *Decoder) parseOrgan(ctx context.Context, at Coordinates, c *cell) (string, error) {
	o, ok, err := d.organ(ctx, at, c.text)
	if err != nil {
		return "", err
	}
	if !ok {
		return codeUnknownOrgan, nil
	}
	c.code, c.organ, c.ordinal = o.code, o, o.ordinal
	return "", nil
}

// numbered is what the decoder needs of an organ, with the number it has given it.
type numbered struct {
	code, id string
	sends    bool // its system may send records of this type
	ordinal  int32
}

// organ asks the register; an unknown code makes it read anew, once per batch.
func (d *Decoder) organ(ctx context.Context, at Coordinates, code []byte) (*numbered, bool, error) {
	if o := d.recent; o != nil && o.code == string(code) && d.register == d.deps.Register.Current() {
		return o, true, nil
	}
	if o, ok := d.lookUp(code); ok || (d.reloaded == at.Batch && at.Batch != "") {
		return o, ok, nil
	}
	d.reloaded = at.Batch
	if err := d.deps.Register.Reload(ctx); err != nil {
		return nil, false, err
	}
	o, ok := d.lookUp(code)
	return o, ok, nil
}

// lookUp finds an organ in the register in force and numbers it. A number is
// never given to another organ, even when the register is read anew.
func (d *Decoder) lookUp(code []byte) (*numbered, bool) {
	if now := d.deps.Register.Current(); now != d.register {
		d.register, d.recent = now, nil
		clear(d.organs)
	}
	o, ok := d.organs[string(code)]
	if !ok {
		found, known := d.register.ByCode(string(code))
		if !known {
			return nil, false
		}
		d.ordinals++
		o = &numbered{code: found.Code, id: found.ID, sends: d.system[found.System], ordinal: d.ordinals}
		d.organs[found.Code] = o
	}
	d.recent = o
	return o, true
}

// makeKey joins the key fields: organ ids, canonical numbers, texts.
func (d *Decoder) makeKey() {
	for n, i := range d.keys {
		if n > 0 {
			d.row.key = append(d.row.key, '|')
		}
		switch f, c := &d.fields[i], &d.cells[i]; {
		case f.kind == fieldOrgan:
			d.row.key = appendPart(d.row.key, []byte(c.organID()))
		case c.norm != nil:
			d.row.key = appendPart(d.row.key, c.norm)
		default:
			d.row.key = appendPart(d.row.key, c.text)
		}
	}
}

// appendPart escapes the separator as contract.JoinKey does; a test compares both.
func appendPart(dst, part []byte) []byte {
	for _, b := range part {
		if b == '|' || b == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, b)
	}
	return dst
}
