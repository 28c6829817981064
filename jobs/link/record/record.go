// Package record owns the table of records that linkage compares: every value
// normalised once and packed into fixed rows. It promises that equal values have
// equal codes, and that placeholders are found from the data. It never writes
// anything down and keeps clear values only as long as the table lives.
package record

import (
	"fmt"

	"github.com/cespare/xxhash/v2"

	"hengjian/jobs/link/normal"
)

// Raw is one record as a sender wrote it.
type Raw struct {
	Key                                uint64 // the record's own number, unique and stable; order of ties
	Sender, Kind, DocumentType         string // organ's system, kind of docket, kind of identity document
	Number, Name, Sex, Birth, Ethnic   string
	Region, Address, Phone             string
	Own, Cited, EventDate, OrganRegion string // own docket number, number it refers to, day, region of the organ
	Chain                              string // name of its chain, where Table.Chained says that it is known
}

// Row is one record in packed form, as long as a line of the processor's cache.
// 0 in a code means: not given.
type Row struct {
	Key     uint64
	Wants   uint64       // hash of the number it cites
	Number  uint32       // identity number, into Table.Numbers
	Name    uint32       // into Table.Names
	Birth   normal.Birth // of the field, else of a valid number; keyed: into Keyed.Births
	Region  uint32       // six digits; keyed: into Keyed.Regions
	Phone   uint32       // code
	Address uint32       // code
	Street  uint32       // code
	Docket  uint32       // code of organ region, kind and own number
	Chain   uint32       // connected by cited numbers; 0 when alone
	Cites   uint32       // the docket whose number it cites, when that is known
	Valid   bool         // the number is valid
	Sex     uint8        // of the field, else of a valid number
	Ethnic  uint8
	Sender  uint8
}

// Number is a distinct identity number with the forms that are compared.
type Number struct {
	Text  [20]byte // Len bytes of it count; keyed: none
	Len   uint8
	Valid bool
	Sex   uint8        // of a valid number
	Born  normal.Birth // of a valid number
	Whole uint64       // stands for the text
	Tail  uint64       // birth and running number; 0 unless there are 18 places
	Ends  uint64       // region, running number and check digit; 0 unless there are 18 places
}

// Name is a distinct name with the forms that are compared.
type Name struct {
	normal.Name
	Runes   []rune
	Sense   uint32 // code of normal.Name.Text
	Sound   uint32 // code of Pinyin
	Class   uint32 // code of Name.Class
	Surname uint32 // code of Name.Surname
	Parts   uint32 // code of Name.Parts
	Letters uint64 // which signs Pinyin has, by their low six bits
}

// Life is what records tell of where a person was (羁押与死亡); days count from 1970.
type Life struct {
	Stays []Stay
	Died  int32 // 0: no death is recorded
	Seen  int32 // last day on which something was done with the living person
}

// Text is everything that a life says, as one text.
func (l *Life) Text() string {
	if l == nil {
		return ""
	}
	return fmt.Sprintf("%v|%d|%d", l.Stays, l.Died, l.Seen)
}

// Stay is one stay in custody whose end is known.
type Stay struct {
	Kind     string // stays of one kind exclude one another
	Place    string
	From, To int32
}

// Table holds records in order of their keys once Seal has been called.
type Table struct {
	Rows    []Row
	Names   []Name   // Names[0] is empty
	Numbers []Number // Numbers[0] is empty
	Senders []string
	Keyed   *Keyed           // of records whose values were replaced by keys; nil for clear ones
	Lives   map[uint64]*Life // by key, of records that other records tell something about
	Chained bool             // chains are told with the records and not found from what they cite

	tables  *normal.Normaliser
	codes   map[uint64]uint32 // of the hash of kind and text; see code
	senders map[string]uint8
	dockets uint32
}

// The kinds of text that have codes.
const (
	asName, asWritten, asSound, asClass, asSurname, asParts = 'n', 'w', 'y', 'c', 'u', 't'
	asPhone, asAddress, asStreet, asDocket, asText          = 'p', 'a', 's', 'd', 'x'
	asNumber, asTyped, asChain                              = 'i', 'j', 'k'
)

// New makes an empty table; rows is how many records are expected.
func New(n *normal.Normaliser, rows int) *Table {
	return &Table{
		Rows: make([]Row, 0, rows), Names: make([]Name, 1, rows/8+2), Numbers: make([]Number, 1, rows/3+2), tables: n,
		codes: make(map[uint64]uint32, rows*2), senders: map[string]uint8{},
	}
}

// Add normalises one record and appends it. Strings of r may be reused afterwards.
func (t *Table) Add(r *Raw) { t.Rows = append(t.Rows, t.Row(r)) }

// Docket is the docket that issued a wanted number, 0 while none is known.
func (t *Table) Docket(wants uint64) uint32 { return t.codes[wants] }

// OwnNumber is what others want when they cite a record; 0 without a number.
func (t *Table) OwnNumber(r *Raw) uint64 {
	if r.Own == "" {
		return 0
	}
	return hash(asDocket, r.OrganRegion, normal.Document(r.Own))
}

// Row normalises one record without adding it.
func (t *Table) Row(r *Raw) Row {
	n := t.tables
	row := Row{Key: r.Key, Name: t.name(r.Name), Birth: n.Birth(r.Birth), Region: n.Region(r.Region), Sender: t.sender(r.Sender)}
	if r.Number != "" && (r.DocumentType == "" || r.DocumentType == "111") {
		t.number(&row, r.Number)
	}
	if sex := n.Sex(r.Sex); sex != 0 {
		row.Sex = sex
	}
	row.Ethnic = n.Ethnic(r.Ethnic)
	if r.Phone != "" {
		row.Phone = t.code(asPhone, n.Phone(r.Phone))
	}
	if r.Address != "" {
		whole, street := n.Address(r.Address)
		row.Address, row.Street = t.code(asAddress, whole), t.code(asStreet, street)
	}
	t.docket(&row, r)
	if t.Chained {
		row.Chain = t.code(asChain, r.Chain)
	}
	return row
}

// number gives the row its identity number.
func (t *Table) number(row *Row, raw string) {
	typed := hash(asTyped, raw, "")
	at, known := t.codes[typed]
	if !known {
		at = t.intern(t.tables.ResidentID(raw))
		t.codes[typed] = at
	}
	t.says(row, at)
}

// says gives a row the number at a place, and the birth and sex that it says.
func (t *Table) says(row *Row, at uint32) {
	x := &t.Numbers[at]
	row.Number = at
	if x.Valid {
		row.Valid = true
		if row.Sex = x.Sex; row.Birth == 0 {
			row.Birth = x.Born
		}
	}
}

// intern returns the place of a number in Numbers.
func (t *Table) intern(id normal.ResidentID) uint32 {
	if id.Len == 0 {
		return 0
	}
	whole := xxhash.Sum64(id.Text[:id.Len]) | 1
	key := whole ^ asNumber
	if at, ok := t.codes[key]; ok {
		return at
	}
	x := Number{Text: id.Text, Len: id.Len, Whole: whole, Valid: id.Valid, Born: normal.Birth(id.Birth), Sex: id.Sex}
	if id.Len == 18 {
		x.Tail = xxhash.Sum64(id.Text[6:17]) | 1
		x.Ends = xxhash.Sum64(append(append(make([]byte, 0, 10), id.Text[:6]...), id.Text[14:18]...)) | 1
	}
	at := uint32(len(t.Numbers))
	t.Numbers = append(t.Numbers, x)
	t.codes[key] = at
	return at
}

// docket gives the row the code of its docket and notes what it cites.
func (t *Table) docket(row *Row, r *Raw) {
	if r.Own != "" {
		row.Docket = t.own(hash(asDocket, r.OrganRegion, normal.Document(r.Own)))
	}
	if r.Cited != "" {
		row.Wants = hash(asDocket, r.OrganRegion, normal.Document(r.Cited))
	}
}

// own numbers the dockets by their own numbers.
func (t *Table) own(number uint64) uint32 {
	code, ok := t.codes[number]
	if !ok {
		t.dockets++
		code = t.dockets
		t.codes[number] = code
	}
	return code
}

// name returns the place of a name in Names.
func (t *Table) name(raw string) uint32 {
	if raw == "" {
		return 0
	}
	written := hash(asWritten, raw, "")
	if at, ok := t.codes[written]; ok {
		return at
	}
	form := t.tables.Name(raw)
	at := uint32(0)
	if form.Text != "" {
		key := hash(asName, form.Text, form.Parts)
		known, ok := t.codes[key]
		if !ok {
			known = uint32(len(t.Names))
			t.codes[key] = known
			t.Names = append(t.Names, Name{
				Name: form, Runes: []rune(form.Text), Sense: t.code(asText, form.Text), Sound: t.code(asSound, form.Pinyin), Class: t.code(asClass, form.Class),
				Surname: t.code(asSurname, form.Surname), Parts: t.code(asParts, form.Parts), Letters: letters(form.Pinyin),
			})
		}
		at = known
	}
	t.codes[written] = at
	return at
}

// letters marks the signs of a text; two signs with one mark count as one.
func letters(text string) uint64 {
	set := uint64(0)
	for i := range len(text) {
		set |= 1 << (text[i] & 63)
	}
	return set
}

// code numbers the distinct texts of one kind; "" is 0.
func (t *Table) code(kind byte, text string) uint32 {
	if text == "" {
		return 0
	}
	key := hash(kind, text, "")
	if c, ok := t.codes[key]; ok {
		return c
	}
	c := uint32(len(t.codes) + 1)
	t.codes[key] = c
	return c
}

// hash stands for a text of a kind. Among ten million texts two share one with a
// probability of about three in a million.
func hash(kind byte, text, more string) uint64 {
	var b [128]byte
	key := append(append(b[:0], kind), text...)
	if more != "" {
		key = append(append(key, 0), more...)
	}
	return xxhash.Sum64(key)
}

// sender returns the small number of a sender.
func (t *Table) sender(name string) uint8 {
	if at, ok := t.senders[name]; ok {
		return at
	}
	at := uint8(min(len(t.Senders), 255))
	t.Senders = append(t.Senders, name)
	t.senders[name] = at
	return at
}
