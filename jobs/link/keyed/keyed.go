// Package keyed owns the way from a clear record to keys (假名化分段键): each
// normalised part of a name, number, birth, region, telephone, address and docket
// number becomes a keyed digest, and so does each value without one of its signs,
// so that values one slip apart share a key. It promises that equal parts of one
// kind have equal keys under one linkage key and that parts of two kinds never
// have. It never hands out, writes or logs a clear value.
package keyed

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strings"

	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

// kind is what a part is of; each has a key of its own.
type kind uint8

const (
	nameText kind = iota
	nameNear
	nameSound
	soundNear
	nameClass
	nameSurname
	nameParts
	numberWhole
	numberNear
	numberTail
	numberEnds
	numberRegion
	numberRunning
	birthDay
	birthNear
	birthTurned
	birthMonthDay
	birthYear
	birthSpan
	regionWhole
	regionCounty
	regionCity
	regionProvince
	sex
	ethnic
	phone
	address
	street
	docket
	kinds
)

// remembered is how many distinct values of a sort are kept with their keys, so
// that a value that comes again costs nothing.
const remembered = 200_000

// Maker turns records into keys. One goroutine uses it at a time.
type Maker struct {
	epoch   uint32
	tables  *normal.Normaliser
	digests [kinds]hash.Hash
	buffer  []byte
	sum     [sha256.Size]byte

	names   map[string]record.KeyedName
	numbers map[string]number
	births  map[normal.Birth]record.Birth
	regions map[uint32]record.Region
}

// number is an identity number with its keys; the clear birth stays in here.
type number struct {
	keys record.KeyedNumber
	born normal.Birth
}

// NewMaker prepares the keys of all kinds from the linkage key of an epoch.
func NewMaker(epoch uint32, key []byte) (*Maker, error) {
	if len(key) != sha256.Size {
		return nil, fmt.Errorf("the linkage key has %d bytes: it needs %d", len(key), sha256.Size)
	}
	tables, err := normal.Load()
	if err != nil {
		return nil, err
	}
	m := &Maker{epoch: epoch, tables: tables, births: map[normal.Birth]record.Birth{}, regions: map[uint32]record.Region{}}
	for k := range m.digests {
		part := hmac.New(sha256.New, key)
		part.Write([]byte{'h', 'j', 'l', 'i', 'n', 'k', 1, byte(k)})
		m.digests[k] = hmac.New(sha256.New, part.Sum(nil))
	}
	m.forget()
	return m, nil
}

// forget drops the remembered names and numbers.
func (m *Maker) forget() {
	m.names, m.numbers = map[string]record.KeyedName{}, map[string]number{}
}

// key is the keyed digest of a part; never 0.
func (m *Maker) key(k kind, parts ...string) uint64 {
	m.buffer = m.buffer[:0]
	for i, p := range parts {
		if i > 0 {
			m.buffer = append(m.buffer, 0)
		}
		m.buffer = append(m.buffer, p...)
	}
	return m.bytes(k, m.buffer)
}

func (m *Maker) bytes(k kind, text []byte) uint64 {
	d := m.digests[k]
	d.Reset()
	d.Write(text)
	return binary.LittleEndian.Uint64(d.Sum(m.sum[:0])) | 1
}

// some is the key of a text, 0 of none.
func (m *Maker) some(k kind, text string) uint64 {
	if text == "" {
		return 0
	}
	return m.key(k, text)
}

// without are the keys of a text and, where it has at least from signs, of the
// text without each of its signs; in order and each once.
func without[T any](signs []T, from int, key func([]T) uint64) []uint64 {
	out := []uint64{key(signs)}
	if len(signs) >= from {
		shorter := make([]T, len(signs)-1)
		for i := range signs {
			copy(shorter, signs[:i])
			copy(shorter[i:], signs[i+1:])
			out = append(out, key(shorter))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Batch turns records into keys, in their order.
func (m *Maker) Batch(raws []record.Raw) *record.Batch {
	if len(m.names) > remembered || len(m.numbers) > remembered {
		m.forget()
	}
	b := &builder{maker: m, out: &record.Batch{Epoch: m.epoch}, names: map[string]uint32{}, numbers: map[string]uint32{}, births: map[normal.Birth]uint32{}, regions: map[uint32]uint32{}}
	for i := range raws {
		b.out.Rows = append(b.out.Rows, b.row(&raws[i]))
	}
	return b.out
}

// builder is a batch in the making, with the places of the values that it has.
type builder struct {
	maker   *Maker
	out     *record.Batch
	names   map[string]uint32
	numbers map[string]uint32
	births  map[normal.Birth]uint32
	regions map[uint32]uint32
}

// place finds the place of a value in a list of the batch, or appends it; from 1.
func place[K comparable, V any](places map[K]uint32, list *[]V, value K, make func() V) uint32 {
	at, ok := places[value]
	if !ok {
		*list = append(*list, make())
		at = uint32(len(*list))
		places[value] = at
	}
	return at
}

func (b *builder) row(r *record.Raw) record.KeyedRow {
	m := b.maker
	row := record.KeyedRow{Birth: b.birth(m.tables.Birth(r.Birth)), Phone: m.some(phone, m.tables.Phone(r.Phone))}
	if n := m.name(r.Name); n.Text != 0 {
		row.Name = place(b.names, &b.out.Names, r.Name, func() record.KeyedName { return n })
	}
	if r.Number != "" && (r.DocumentType == "" || r.DocumentType == "111") {
		if n := m.number(r.Number); n.keys.Whole != 0 {
			n.keys.Born = b.birth(n.born)
			row.Number = place(b.numbers, &b.out.Numbers, r.Number, func() record.KeyedNumber { return n.keys })
		}
	}
	if code := m.tables.Region(r.Region); code != 0 {
		row.Region = place(b.regions, &b.out.Regions, code, func() record.Region { return m.region(code) })
	}
	if v := m.tables.Sex(r.Sex); v != 0 {
		row.Sex = m.bytes(sex, []byte{v})
	}
	if v := m.tables.Ethnic(r.Ethnic); v != 0 {
		row.Ethnic, row.Majority = m.bytes(ethnic, []byte{v}), v == 1
	}
	if r.Address != "" {
		whole, part := m.tables.Address(r.Address)
		row.Address, row.Street = m.some(address, whole), m.some(street, part)
	}
	if r.Own != "" {
		row.Own = m.key(docket, r.OrganRegion, normal.Document(r.Own))
	}
	if r.Cited != "" {
		row.Cited = m.key(docket, r.OrganRegion, normal.Document(r.Cited))
	}
	return row
}

func (b *builder) birth(v normal.Birth) uint32 {
	if v == 0 {
		return 0
	}
	return place(b.births, &b.out.Births, v, func() record.Birth { return b.maker.birth(v) })
}

func (m *Maker) name(raw string) record.KeyedName {
	if n, ok := m.names[raw]; ok || raw == "" {
		return n
	}
	var n record.KeyedName
	if form := m.tables.Name(raw); form.Text != "" {
		n = record.KeyedName{
			Text: m.key(nameText, form.Text), Sound: m.some(nameSound, form.Pinyin), Class: m.some(nameClass, form.Class),
			Surname: m.some(nameSurname, form.Surname), Parts: m.some(nameParts, form.Parts),
		}
		n.Near.Text = without([]rune(form.Text), 3, func(r []rune) uint64 { return m.key(nameNear, string(r)) })
		letters := []byte(strings.ReplaceAll(form.Pinyin, " ", ""))
		n.Near.Sound = without(letters, 4, func(l []byte) uint64 { return m.bytes(soundNear, l) })
	}
	m.names[strings.Clone(raw)] = n
	return n
}

func (m *Maker) number(raw string) number {
	if n, ok := m.numbers[raw]; ok {
		return n
	}
	var n number
	if id := m.tables.ResidentID(raw); id.Len > 0 {
		text := id.Text[:id.Len]
		n.keys = record.KeyedNumber{Whole: m.bytes(numberWhole, text), Valid: id.Valid}
		n.keys.Parts.Near = without(text, 2, func(t []byte) uint64 { return m.bytes(numberNear, t) })
		if id.Len == 18 {
			n.keys.Tail, n.keys.Ends = m.bytes(numberTail, text[6:17]), m.key(numberEnds, string(text[:6]), string(text[14:]))
			n.keys.Parts.Region, n.keys.Parts.Running = m.bytes(numberRegion, text[:6]), m.bytes(numberRunning, text[14:17])
			n.keys.Parts.Birth = m.bytes(birthDay, text[6:14])
		}
		if id.Valid {
			n.keys.Sex, n.born = m.bytes(sex, []byte{id.Sex}), normal.Birth(id.Birth)
		}
	}
	m.numbers[strings.Clone(raw)] = n
	return n
}

func (m *Maker) birth(v normal.Birth) record.Birth {
	if b, ok := m.births[v]; ok {
		return b
	}
	text := fmt.Appendf(nil, "%08d", v)
	year := int(v) / 10_000
	b := record.Birth{
		Year: m.bytes(birthYear, text[:4]), Coarse: v.Coarse(),
		Spans: [2]uint64{m.key(birthSpan, "a", fmt.Sprint(year/8)), m.key(birthSpan, "b", fmt.Sprint((year+4)/8))},
	}
	if v%100 != 0 {
		b.Day, b.MonthDay = m.bytes(birthDay, text), m.bytes(birthMonthDay, text[4:])
		for i := range text {
			b.Near = append(b.Near, m.key(birthNear, string(text[:i]), string(text[i+1:])))
		}
		slices.Sort(b.Near)
		turned := slices.Clone(text)
		slices.SortFunc(turned[4:], cmp.Compare)
		b.Turned = m.bytes(birthTurned, turned)
	}
	m.births[v] = b
	return b
}

func (m *Maker) region(code uint32) record.Region {
	if r, ok := m.regions[code]; ok {
		return r
	}
	r := record.Region{Whole: m.key(regionWhole, fmt.Sprint(code)), Province: m.key(regionProvince, fmt.Sprint(code/10_000))}
	if code/100%100 != 0 {
		r.City = m.key(regionCity, fmt.Sprint(code/100))
	}
	if code%100 != 0 {
		r.County = m.key(regionCounty, fmt.Sprint(code))
	}
	m.regions[code] = r
	return r
}
