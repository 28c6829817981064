package decode

import (
	"errors"
	"fmt"

	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// fieldKind is a contract's field kind as a number, for a fast switch.
type fieldKind uint8

const (
	fieldText fieldKind = iota + 1
	fieldEnum
	fieldDate
	fieldInstant
	fieldUint
	fieldInt
	fieldDecimal
	fieldBool
	fieldOrgan
	fieldRegion
	fieldDocument
	fieldCourtCase
	fieldName
	fieldResident
	fieldBirth
)

// fieldPlan is what is known of one field before any message arrives.
type fieldPlan struct {
	name     string
	kind     fieldKind
	required bool
	key      bool
	max      int
	future   bool
	personal bool
	place    bool
	flagBad  bool
	codes    []string          // code lists: the values
	values   map[string]int    // code lists: the place of a value in codes
	guess    [64]uint8         // place + 1 of the value that a hash of its bytes points at
	columns  []columnOf        // where its values go
	flags    map[string]string // code -> "field:code"
	absent   map[string]string // reason -> "field:reason"
}

// columnOf is one payload column of a field.
type columnOf struct {
	at   int // among the payload columns
	part part
}

// columnPlan is one physical payload column.
type columnPlan struct{ name, clickhouse string }

// Decoder turns messages of one record type into rows. It reuses its buffers
// and is not safe for concurrent use: make one per goroutine.
type Decoder struct {
	deps       Deps
	types      map[string]bool
	name       string
	version    uint16
	system     map[string]bool // systems that may send; nil: the register is not asked
	fields     []fieldPlan
	index      map[string]int
	keys       []int
	keep       bool // members that no field names are kept
	columns    []columnPlan
	divisions  *Divisions
	cells      []cell
	touched    fieldSet // fields whose cell belongs to the present message
	must       fieldSet // fields that are looked at even when they were not sent
	env        [numSlots]token
	seen       uint32
	row        row
	scratch    []byte
	sealed     []byte
	phrases    *vault.Phrasebook
	payload    scanner
	unknown    [][]byte // names of such members of the present message
	extra      []byte   // what the column extra gets, without the closing brace
	members    []member // of the payload, in the order of the message
	passed     bool     // members is filled
	slot       slot     // the member of the envelope that is likely to come next
	expected   int      // the field that is likely to come next
	register   *access.Register
	organs     map[string]*numbered // of register, by code
	recent     *numbered
	ordinals   int32
	reloaded   string
	month      string
	prepared   string // month whose keys are made
	monthOf    int64
	onEnvelope func(key, value token) bool
	onPayload  func(key, value token) bool
	onAbsent   func(key, value token) bool
	onMember   func(key, value token) bool
	onBegin    func()
}

// New compiles the plan of t; an error means that the contract asks for what
// the decoder cannot do.
func New(t *contract.Type, deps Deps) (*Decoder, error) {
	if deps.Vault == nil || deps.Register == nil || deps.Catalogue == nil {
		return nil, errors.New("decoder needs a catalogue, a vault and the organ register")
	}
	d := &Decoder{deps: deps, name: t.Name, version: uint16(t.Version), keep: t.KeepUnknown, types: map[string]bool{}, index: map[string]int{}, phrases: deps.Vault.Phrasebook(t.Phrases())}
	for _, other := range deps.Catalogue.Types() {
		d.types[other.Name] = true
	}
	if t.OrganField != "" {
		d.system = map[string]bool{}
		for _, s := range t.Senders {
			d.system[s] = true
		}
	}
	if d.divisions = deps.Divisions; d.divisions == nil {
		var err error
		if d.divisions, err = LoadDivisions(); err != nil {
			return nil, err
		}
	}
	for i := range t.Fields {
		f, err := planField(&t.Fields[i])
		if err != nil {
			return nil, fmt.Errorf("contract %s: %w", t.Name, err)
		}
		d.index[f.name] = i
		for _, alias := range t.Fields[i].Aliases {
			d.index[alias] = i
		}
		d.fields = append(d.fields, f)
	}
	for _, k := range t.Key {
		i, ok := d.index[k]
		if !ok {
			return nil, fmt.Errorf("contract %s: key field %s is not declared", t.Name, k)
		}
		d.fields[i].key = true
		d.keys = append(d.keys, i)
	}
	for _, c := range t.Columns() {
		if _, ok := newValueColumn(c.ClickHouse); !ok {
			return nil, fmt.Errorf("contract %s: column %s has type %s, which the decoder cannot write", t.Name, c.Name, c.ClickHouse)
		}
		p, ok := partOf(c.Part)
		if !ok {
			return nil, fmt.Errorf("contract %s: column %s holds the part %q, which the decoder does not know", t.Name, c.Name, c.Part)
		}
		d.fields[c.Field].columns = append(d.fields[c.Field].columns, columnOf{len(d.columns), p})
		d.columns = append(d.columns, columnPlan{name: c.Name, clickhouse: c.ClickHouse})
	}
	d.must = newFieldSet(len(d.fields))
	for i := range d.fields {
		if f := &d.fields[i]; f.required || f.key || f.kind == fieldResident {
			d.must.add(i)
		}
	}
	return d.Fork(), nil
}

// Fork makes another decoder of the same plan, for another goroutine.
func (d *Decoder) Fork() *Decoder {
	f := &Decoder{
		deps: d.deps, types: d.types, name: d.name, version: d.version, system: d.system, fields: d.fields, index: d.index,
		keys: d.keys, keep: d.keep, columns: d.columns, divisions: d.divisions, phrases: d.phrases,
		must: d.must, touched: newFieldSet(len(d.fields)), cells: make([]cell, len(d.fields)), organs: map[string]*numbered{},
	}
	f.onEnvelope, f.onPayload, f.onAbsent = f.envelopeMember, f.payloadMember, f.absentMember
	f.onMember, f.onBegin = f.keepMember, f.beginMembers
	return f
}

func planField(f *contract.Field) (fieldPlan, error) {
	p := fieldPlan{
		name: f.Name, required: f.Required, max: f.Max, future: f.Future, personal: f.Personal != "",
		place: f.Personal == "place", flagBad: f.OnBad == "flag",
		flags: map[string]string{}, absent: map[string]string{}, values: map[string]int{},
	}
	switch string(f.Kind) {
	case "string", "text":
		p.kind = fieldText
	case "enum":
		p.kind = fieldEnum
	case "date":
		p.kind = fieldDate
		if f.Personal == "birth" {
			p.kind = fieldBirth
		}
	case "instant":
		p.kind = fieldInstant
	case "uint":
		p.kind = fieldUint
	case "int":
		p.kind = fieldInt
	case "decimal":
		p.kind = fieldDecimal
	case "bool":
		p.kind = fieldBool
	case "organ":
		p.kind = fieldOrgan
	case "region":
		p.kind = fieldRegion
	case "document_number":
		p.kind = fieldDocument
	case "court_case_number":
		p.kind = fieldCourtCase
	case "person_name":
		p.kind = fieldName
	case "resident_id":
		p.kind, p.flagBad = fieldResident, f.OnBad != "reject"
	default:
		return p, fmt.Errorf("field %s has kind %q, which the decoder does not know", f.Name, string(f.Kind))
	}
	if f.Personal == "name" {
		p.kind = fieldName
	}
	for _, v := range f.Values {
		p.values[v.Code] = len(p.codes)
		p.codes = append(p.codes, v.Code)
		if h := guessOf([]byte(v.Code)); p.guess[h] == 0 && len(p.codes) < 256 {
			p.guess[h] = uint8(len(p.codes))
		}
	}
	for _, code := range []string{
		codeCheckDigit, codeMissingID, codeUnknownRegion, codeUnknownOrgan, codeUnknownValue, codeNotADate,
		codeNoZone, codeFuture, codeTooLong, codeOutOfRange, codeNotADocument, codeWrongKind, codeNeverAllocated, codeImplausible,
	} {
		p.flags[code] = f.Name + ":" + code
	}
	for _, reason := range []string{"unknown_to_sender", "not_applicable", "refused"} {
		p.absent[reason] = f.Name + ":" + reason
	}
	return p, nil
}

// guessOf is a hash that tells most codes of one list apart by few of their bytes.
func guessOf(code []byte) int {
	n := len(code)
	if n == 0 {
		return 0
	}
	return (int(code[n-1]) + 11*int(code[n/2]) + 5*int(code[0]) + n) & 63
}

// value gives the place of a code in the field's list.
func (f *fieldPlan) value(code []byte) (int, bool) {
	if at := int(f.guess[guessOf(code)]) - 1; at >= 0 && f.codes[at] == string(code) {
		return at, true
	}
	at, ok := f.values[string(code)]
	return at, ok
}
