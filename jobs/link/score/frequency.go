package score

import (
	"math"
	"slices"
	"strconv"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
)

// Frequencies hold how often values occur, counted by persons and not by
// records: a person with ten records does not make a name common.
type Frequencies struct {
	persons float64
	of      map[string][]uint32 // kind of value -> code -> persons
	chances map[string]float64  // nil: from of
}

// Snapshot are frequencies apart from the table they were counted in: by the text
// of the value. With it a later run weighs as the run did that counted.
type Snapshot struct {
	Persons float64
	Of      map[string]map[string]uint32 // kind -> text -> persons
	Chances map[string]float64           // kind -> that two persons share a value; nil: from Of, which then holds all
}

// Snapshot keeps the frequencies of a table's values.
func (f *Frequencies) Snapshot(t *record.Table) Snapshot {
	out := Snapshot{Persons: f.persons, Of: map[string]map[string]uint32{"name": {}, "sound": {}, "region": {}}}
	for i := range t.Names {
		n := &t.Names[i]
		keep(out.Of["name"], n.Text, f.of["name"], n.Sense)
		keep(out.Of["sound"], n.Pinyin, f.of["sound"], n.Sound)
	}
	out.Chances = map[string]float64{}
	for kind := range f.of {
		out.Chances[kind] = f.chance(kind)
	}
	for code := range f.of["region"] {
		keep(out.Of["region"], strconv.Itoa(code), f.of["region"], uint32(code))
	}
	return out
}

// EachValue gives each of a table's values whose frequency counts, as in a Snapshot.
func EachValue(t *record.Table, each func(kind, text string)) {
	regions := map[uint32]bool{}
	for i := range t.Names {
		each("name", t.Names[i].Text)
		each("sound", t.Names[i].Pinyin)
	}
	for i := range t.Rows {
		if region := t.Rows[i].Region; region != 0 && !regions[region] {
			regions[region] = true
			each("region", strconv.FormatUint(uint64(region), 10))
		}
	}
}

func keep(into map[string]uint32, text string, counts []uint32, code uint32) {
	if int(code) < len(counts) && counts[code] > 0 {
		into[text] = counts[code]
	}
}

// Restore gives a snapshot the codes of a table; names that it does not know
// count as one person's. It may be called again when the table has grown.
func (s Snapshot) Restore(t *record.Table) *Frequencies {
	f := &Frequencies{persons: s.Persons, of: map[string][]uint32{}, chances: s.Chances}
	put := func(kind, text string, code uint32) {
		if n := s.Of[kind][text]; n > 0 && code > 0 {
			for int(code) >= len(f.of[kind]) {
				f.of[kind] = append(f.of[kind], make([]uint32, max(1024, len(f.of[kind])))...)
			}
			f.of[kind][code] = n
		}
	}
	for i := range t.Names {
		put("name", t.Names[i].Text, t.Names[i].Sense)
		put("sound", t.Names[i].Pinyin, t.Names[i].Sound)
	}
	for text := range s.Of["region"] {
		code, _ := strconv.ParseUint(text, 10, 32)
		put("region", text, uint32(code))
	}
	return f
}

// frequencyValues are the kinds of value whose rarity counts.
func frequencyValues() map[string]func(*record.Table, *record.Row) uint32 {
	return map[string]func(*record.Table, *record.Row) uint32{
		"name":   func(t *record.Table, r *record.Row) uint32 { return t.Names[r.Name].Sense },
		"sound":  func(t *record.Table, r *record.Row) uint32 { return t.Names[r.Name].Sound },
		"region": func(_ *record.Table, r *record.Row) uint32 { return r.Region },
	}
}

// Count counts values by persons. person gives the person of a row where a run
// has found one; nil takes records with one valid number, or one name and birth,
// for one person.
func Count(t *record.Table, person func(row int) uint64) *Frequencies {
	if person == nil {
		person = func(i int) uint64 { return proxy(t, &t.Rows[i]) }
	}
	f := &Frequencies{of: map[string][]uint32{}}
	holders := make([]uint64, len(t.Rows))
	for i := range t.Rows {
		holders[i] = person(i)
	}
	for kind, value := range frequencyValues() {
		pairs := make([]uint64, 0, len(t.Rows))
		for i := range t.Rows {
			if v := value(t, &t.Rows[i]); v != 0 {
				pairs = append(pairs, uint64(v)<<32|(holders[i]*0x9E3779B97F4A7C15)>>32)
			}
		}
		slices.Sort(pairs)
		pairs = slices.Compact(pairs)
		var counts []uint32
		if len(pairs) > 0 {
			counts = make([]uint32, pairs[len(pairs)-1]>>32+1)
		}
		for _, p := range pairs {
			counts[p>>32]++
		}
		f.of[kind] = counts
		f.persons = max(f.persons, float64(len(pairs)))
	}
	return f
}

// proxy stands for the person of a record before persons are known.
func proxy(t *record.Table, r *record.Row) uint64 {
	if r.Valid {
		return t.Numbers[r.Number].Whole
	}
	h := uint64(14695981039346656037)
	h = (h ^ uint64(t.Names[r.Name].Sense)) * 1099511628211
	return (h ^ uint64(r.Birth)) * 1099511628211
}

// term is one frequency term of the plan.
type term struct {
	shift  uint
	mask   level.Pattern
	level  level.Pattern
	share  float64
	chance float64 // that two persons share a value of this kind
	counts []uint32
	value  func(*record.Table, *record.Row) uint32
}

// Terms prepares the frequency terms of a model.
type Terms struct {
	terms   []term
	persons float64
}

// NewTerms joins plan and frequencies.
func NewTerms(plan *level.Plan, f *Frequencies) *Terms {
	out := &Terms{persons: max(f.persons, 1)}
	values := frequencyValues()
	for i, c := range plan.Comparisons {
		for k, l := range c.Levels {
			if l.Share > 0 {
				shift, mask := plan.Bits(i)
				out.terms = append(out.terms, term{shift, mask, level.Pattern(k + 1), l.Share, f.chance(l.Frequency), f.of[l.Frequency], values[l.Frequency]})
			}
		}
	}
	return out
}

// chance is the probability that two persons share a value of a kind.
func (f *Frequencies) chance(kind string) float64 {
	if chance, ok := f.chances[kind]; ok {
		return chance
	}
	sum := 0.0
	for _, n := range f.of[kind] {
		share := float64(n) / max(f.persons, 1)
		sum += share * share
	}
	return max(sum, 1e-9)
}

// believed is how many persons a population needs before its frequencies count
// half: a handful of records does not say that a name is common.
const believed = 5000.0

// Of is what the rarity of the shared values adds to a pair's weight: share ·
// log2(chance / frequency), the frequency drawn towards the chance in small populations.
func (s *Terms) Of(t *record.Table, x level.Pattern, a *record.Row) float64 {
	sum := 0.0
	for i := range s.terms {
		m := &s.terms[i]
		if x>>m.shift&m.mask != m.level {
			continue
		}
		holders := 1.0
		if v := m.value(t, a); int(v) < len(m.counts) && m.counts[v] > 0 {
			holders = float64(m.counts[v])
		}
		frequency := (holders + believed*m.chance) / (s.persons + believed)
		sum += m.share * math.Log2(m.chance/frequency)
	}
	return sum
}
