package record

import (
	"cmp"
	"errors"
	"fmt"

	"hengjian/jobs/link/normal"
)

// Keyed (假名化) is what a table knows of values that stayed in the key process:
// every value is a key, equal for equal values, from which the value cannot be
// read. The first entry of each list is empty.
type Keyed struct {
	Epoch   uint32
	Names   []Near   // of Table.Names
	Numbers []Parts  // of Table.Numbers
	Births  []Birth  // of Row.Birth
	Regions []Region // of Row.Region

	sexes, groups map[uint64]uint8
}

// Near are keys in order of size. Two values that are one slip apart share one:
// the keys are those of the value itself and of the value without each of its signs.
type Near struct {
	Text  []uint64 // of a name; without the signs only from three on
	Sound []uint64 // of its pinyin
}

// Parts are the keys of the parts of an identity number.
type Parts struct {
	Region, Birth, Running uint64 // 0 unless there are 18 places
	Near                   []uint64
}

// Birth are the keys of a date of birth.
type Birth struct {
	Day, MonthDay uint64   // 0 unless the day is known
	Turned        uint64   // year, and the digits of month and day in order of size
	Near          []uint64 // the date without each of its digits
	Year          uint64
	Spans         [2]uint64 // two overlapping spans of eight years that the year lies in
	Coarse        bool      // only the year can be relied on
}

// Region are the keys of a region and of what it lies in; 0 where unknown.
type Region struct{ Whole, County, City, Province uint64 }

// Batch are records as they leave the key process. Rows name values by their
// place in the lists, from 1; 0 is none.
type Batch struct {
	Epoch   uint32
	Names   []KeyedName
	Numbers []KeyedNumber
	Births  []Birth
	Regions []Region
	Rows    []KeyedRow
}

// KeyedName is a distinct name of a batch.
type KeyedName struct {
	Text, Sound, Class, Surname, Parts uint64
	Near                               Near
}

// KeyedNumber is a distinct identity number of a batch.
type KeyedNumber struct {
	Whole, Tail, Ends uint64
	Sex               uint64 // of a valid one
	Born              uint32 // of a valid one
	Valid             bool
	Parts             Parts
}

// KeyedRow is one record of a batch, in the order in which they were asked.
type KeyedRow struct {
	Name, Number, Birth, Region         uint32
	Sex, Ethnic, Phone, Address, Street uint64
	Own, Cited                          uint64 // of docket numbers with their organ's region
	Majority                            bool   // of the largest ethnic group
}

// NewKeyed makes an empty table for batches of the key process.
func NewKeyed(rows int) *Table {
	t := New(nil, rows)
	t.Keyed = &Keyed{
		Names: make([]Near, 1), Numbers: make([]Parts, 1), Births: make([]Birth, 1), Regions: make([]Region, 1),
		sexes: map[uint64]uint8{}, groups: map[uint64]uint8{},
	}
	return t
}

// Asked is what the asker knows of a record whose values it had keyed: its own
// number, the sender's system, and the chain where Table.Chained says it is known.
type Asked struct {
	Key           uint64
	Sender, Chain string
}

// AddKeyed appends the records of a batch. An error when the key was changed since
// the batch before.
func (t *Table) AddKeyed(b *Batch, asked []Asked) error {
	if len(b.Rows) != len(asked) {
		return fmt.Errorf("the key process answered %d records of %d", len(b.Rows), len(asked))
	}
	if t.Keyed.Epoch != 0 && t.Keyed.Epoch != b.Epoch {
		return errors.New("the linkage key was changed during the run: run again, so that all parts have one key")
	}
	t.Keyed.Epoch = b.Epoch
	p := places{births: each(b.Births, t.keyedBirth), regions: each(b.Regions, t.keyedRegion), names: each(b.Names, t.keyedName)}
	p.numbers = each(b.Numbers, func(x *KeyedNumber) uint32 { return t.keyedNumber(x, p.births) })
	for i := range b.Rows {
		if err := t.keyedRow(&b.Rows[i], &asked[i], &p); err != nil {
			return err
		}
	}
	return nil
}

// places say where the values of a batch stand in the table; the first is 0.
type places struct{ names, numbers, births, regions []uint32 }

func each[T any](values []T, place func(*T) uint32) []uint32 {
	out := make([]uint32, len(values)+1)
	for i := range values {
		out[i+1] = place(&values[i])
	}
	return out
}

// known finds the place that a key has, or gives it the place next.
func (t *Table) known(key uint64, next int) (uint32, bool) {
	if at, ok := t.codes[key]; ok {
		return at, true
	}
	t.codes[key] = uint32(next)
	return uint32(next), false
}

func (t *Table) keyedBirth(b *Birth) uint32 {
	at, ok := t.known(cmp.Or(b.Day, b.Year), len(t.Keyed.Births))
	if !ok {
		t.Keyed.Births = append(t.Keyed.Births, *b)
	}
	return at
}

func (t *Table) keyedRegion(r *Region) uint32 {
	at, ok := t.known(r.Whole, len(t.Keyed.Regions))
	if !ok {
		t.Keyed.Regions = append(t.Keyed.Regions, *r)
	}
	return at
}

func (t *Table) keyedName(n *KeyedName) uint32 {
	at, ok := t.known(n.Text^n.Parts, len(t.Names))
	if !ok {
		t.Names = append(t.Names, Name{
			Sense: t.keyCode(^n.Text), Sound: t.keyCode(n.Sound), Class: t.keyCode(n.Class), Surname: t.keyCode(n.Surname), Parts: t.keyCode(n.Parts),
		})
		t.Keyed.Names = append(t.Keyed.Names, n.Near)
	}
	return at
}

func (t *Table) keyedNumber(n *KeyedNumber, births []uint32) uint32 {
	at, ok := t.known(n.Whole, len(t.Numbers))
	if !ok {
		x := Number{Whole: n.Whole, Tail: n.Tail, Ends: n.Ends, Valid: n.Valid}
		if n.Valid {
			x.Sex, x.Born = small(t.Keyed.sexes, n.Sex), normal.Birth(births[n.Born])
		}
		t.Numbers = append(t.Numbers, x)
		t.Keyed.Numbers = append(t.Keyed.Numbers, n.Parts)
	}
	return at
}

// small numbers the few values of a field from 1 in the order of their coming.
func small(of map[uint64]uint8, key uint64) uint8 {
	if key == 0 {
		return 0
	}
	at, ok := of[key]
	if !ok {
		at = uint8(min(len(of)+1, 255))
		of[key] = at
	}
	return at
}

// keyCode numbers the distinct keys of a text; 0 is 0.
func (t *Table) keyCode(key uint64) uint32 {
	if key == 0 {
		return 0
	}
	c, _ := t.known(key, len(t.codes)+1)
	return c
}

func (t *Table) keyedRow(r *KeyedRow, asked *Asked, p *places) error {
	if int(r.Name) >= len(p.names) || int(r.Number) >= len(p.numbers) || int(r.Birth) >= len(p.births) || int(r.Region) >= len(p.regions) {
		return errors.New("the key process named a value that it did not send")
	}
	row := Row{
		Key: asked.Key, Sender: t.sender(asked.Sender), Name: p.names[r.Name], Birth: normal.Birth(p.births[r.Birth]), Region: p.regions[r.Region],
		Phone: t.keyCode(r.Phone), Address: t.keyCode(r.Address), Street: t.keyCode(r.Street), Wants: r.Cited,
	}
	t.says(&row, p.numbers[r.Number])
	if sex := small(t.Keyed.sexes, r.Sex); sex != 0 {
		row.Sex = sex
	}
	if row.Ethnic = 1; !r.Majority {
		if row.Ethnic = small(t.Keyed.groups, r.Ethnic); row.Ethnic != 0 {
			row.Ethnic++
		}
	}
	if r.Own != 0 {
		row.Docket = t.own(r.Own)
	}
	if t.Chained {
		row.Chain = t.code(asChain, asked.Chain)
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// Full reports whether a birth is a whole date.
func (t *Table) Full(b normal.Birth) bool {
	if t.Keyed != nil {
		return t.Keyed.Births[b].Day != 0
	}
	return b%100 != 0
}

// Apart reports whether two births lie more than some years apart. Of keyed births
// it is known only where their spans of years do not meet, which is never the case
// within three years and always from eight on.
func (t *Table) Apart(a, b normal.Birth, years int) bool {
	if t.Keyed != nil {
		x, y := t.Keyed.Births[a].Spans, t.Keyed.Births[b].Spans
		return x[0] != y[0] && x[1] != y[1]
	}
	apart := int(a)/10_000 - int(b)/10_000
	return apart > years || -apart > years
}

// Part is an empty table for rows of this one.
func (t *Table) Part(rows int) *Table {
	return &Table{Rows: make([]Row, 0, rows), Names: t.Names, Numbers: t.Numbers, Senders: t.Senders, Keyed: t.Keyed, Lives: t.Lives}
}
