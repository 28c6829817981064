package simulate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// A human of the country stands in several chains (再次涉案) when a chain takes
// its first person from the humans that its block of chains shares.
const (
	block        = 64   // chains that share recurring humans
	recurring    = 5    // humans they share
	recurs       = 0.35 // of the chains of adults would take one, if the human is free then
	transcribed  = 0.03 // of names are transcribed ones with a dot
	recurringBit = 1 << 63
)

// doubles draws what concerns identities from a stream of its own, so that
// nothing else of a chain depends on it.
type doubles struct {
	pcg  *rand.PCG
	rng  *rand.Rand
	wish *rand.PCG // of a chain's own wish for a recurring human
}

func newDoubles() doubles {
	g := rand.NewPCG(0, 0)
	return doubles{g, rand.New(g), rand.NewPCG(0, 0)}
}

// identify numbers the people of a chain and gives some chains a recurring human.
func (p *planner) identify() {
	c := &p.c
	p.doubles.pcg.Seed(p.seed^0x1d, c.index*0x9e3779b97f4a7c15+0x1d)
	r := p.doubles.rng
	for i := range c.people {
		h := &c.people[i]
		h.human = c.index*8 + uint64(i)
		if name := transcribedName(r); r.Float64() < transcribed && !p.known(name) {
			h.name = name
		}
	}
	if k, ok := p.wanted(c.index); ok && p.agenda != nil && p.agenda.takes(c.index) {
		p.recur(&c.people[0], k)
	}
}

// wanted is the recurring human that chain i would take; false for most chains.
func (p *planner) wanted(i uint64) (uint64, bool) {
	p.doubles.wish.Seed(p.seed^0x3d, i*0x9e3779b97f4a7c15+0x3d)
	x := p.doubles.wish.Uint64()
	return i/block*recurring + x%recurring, float64(x>>11)/(1<<53) < recurs
}

// recur makes h the recurring human k, who is the same whatever chain asks.
func (p *planner) recur(h *person, k uint64) {
	g := rand.NewPCG(p.seed^0x2d, k*0x9e3779b97f4a7c15+0x2d)
	r := rand.New(g)
	h.human, h.male, h.seq = recurringBit|k, r.Float64() < 0.85, r.IntN(499)*2
	if h.male {
		h.seq++
	}
	h.birth = p.asOf - 1100 - day(18*365+30+r.IntN(30*365))
	h.county = p.counties[r.IntN(len(p.counties))]
	h.name = surnames[r.IntN(len(surnames))] + syllables[r.IntN(len(syllables))] + syllables[r.IntN(len(syllables))]
	if r.Float64() < transcribed {
		h.name = transcribedName(r)
	}
}

// transcriptions are the ways to write one foreign sound; the first is the usual one.
var transcriptions = [][]string{
	{"买买提", "麦麦提", "麦合麦提"},
	{"吐尔逊", "图尔荪"},
	{"阿不都", "阿卜杜"},
	{"艾力", "艾里"},
	{"次仁", "才仁"},
	{"多吉", "多杰"},
	{"扎西"},
	{"卓玛"},
	{"热合曼"},
	{"巴图"},
}

func transcribedName(r *rand.Rand) string {
	a := r.IntN(len(transcriptions))
	b := (a + 1 + r.IntN(len(transcriptions)-1)) % len(transcriptions)
	return transcriptions[a][0] + "·" + transcriptions[b][0]
}

// oldSigns are signs and their traditional forms (繁体), in turn.
const oldSigns = "伟偉丽麗强強军軍艳豔杰傑涛濤刚剛华華兰蘭红紅国國凯凱阳陽辉輝诚誠鹏鵬东東龙龍云雲张張刘劉陈陳杨楊赵趙黄黃吴吳孙孫马馬罗羅郑鄭谢謝韩韓冯馮萧蕭许許"

func inOldSigns(c rune) rune {
	if at := strings.IndexRune(oldSigns, c); at >= 0 && at%6 == 0 {
		_, width := utf8.DecodeRuneInString(oldSigns[at:])
		c, _ = utf8.DecodeRuneInString(oldSigns[at+width:])
	}
	return c
}

// slip writes some entries with another name or number than the human has.
func (p *planner) slip(e *personRecord) {
	r, h := p.doubles.rng, &p.c.people[e.person]
	name, number := r.Float64(), r.Float64()
	e.name = h.name
	p.misdate(e, r.Float64())
	if strings.Contains(h.name, "·") {
		p.transcribe(e, name)
	} else {
		p.misspell(e, name)
	}
	if e.id != idGood {
		return
	}
	e.place, e.digit = uint8(8+r.IntN(8)), uint8(1+r.IntN(9))
	switch {
	case number < 0.012:
		e.id = idMistyped
		p.c.note(identityMistyped)
	case number < 0.018:
		e.id = idExchanged
		p.c.note(identityExchanged)
	case number < 0.026 && len(p.c.people) > 1:
		e.lent = uint8(1 + (e.person+1)%len(p.c.people))
		p.c.note(identityLent)
	}
}

// misspell writes a name with a sign of the same sound or shape, or in old signs.
func (p *planner) misspell(e *personRecord, x float64) {
	other, kind := "", nameHomophone
	switch {
	case x < 0.018:
		other = string(appendOtherName(nil, e.name, homophones))
	case x < 0.03:
		other, kind = strings.Map(inOldSigns, e.name), nameTraditional
	case x < 0.036:
		other, kind = string(appendOtherName(nil, e.name, slips)), nameMistyped
	}
	if other != "" && other != e.name && !strings.Contains(other, "某") {
		e.name = other
		p.c.note(kind)
	}
}

// misdate writes a birth that is missing, of another day, with day and month
// exchanged, or of the first day of the year.
func (p *planner) misdate(e *personRecord, x float64) {
	born := p.c.people[e.person].birth
	y, m, d := born.civil()
	kind := birthOff
	e.birth = born
	switch {
	case x < 0.03:
		e.birth, kind = none, birthMissing
	case x < 0.045:
		e.birth += day(19 + p.doubles.rng.IntN(32)) // of the lunar calendar
	case x < 0.055:
		e.birth += day(1 - 2*p.doubles.rng.IntN(2))
	case x < 0.063 && d <= 12:
		e.birth, kind = dateOf(y, d, m), birthSwapped
	case x < 0.075:
		e.birth, kind = dateOf(y, 1, 1), birthFirst
	}
	if e.birth != born {
		p.c.note(kind)
	}
}

// transcribe writes a transcribed name with other signs, or the dot another way.
func (p *planner) transcribe(e *personRecord, x float64) {
	if x < 0.22 {
		for _, ways := range transcriptions {
			if len(ways) > 1 && strings.Contains(e.name, ways[0]) {
				e.name = strings.Replace(e.name, ways[0], ways[1+p.doubles.rng.IntN(len(ways)-1)], 1)
				p.c.note(nameTranscribed)
				break
			}
		}
	}
	if x > 0.1 && x < 0.55 {
		e.name = strings.Replace(e.name, "·", []string{"•", ".", "・"}[p.doubles.rng.IntN(3)], 1)
	}
}

// Entry says which human a person entry is about (真值): entries of one human
// have the same Human, whatever name or number was written.
type Entry struct {
	Organ, Kind, Number, Person string // as the entry is written
	Human                       string
	Wrong                       string // what is wrong in it: lent, mistyped …; "" when nothing is
}

// EachEntry plans every chain and tells the truth of its person entries; those
// of scenarios are not among them.
func (k *Country) EachEntry(tell func(Entry)) {
	p := k.planner()
	for i := range uint64(k.cases) {
		c := p.plan(i)
		for j := range c.persons {
			e := &c.persons[j]
			human := c.people[e.person].human
			tell(Entry{
				Organ: e.organ.id, Kind: e.kind, Number: string(appendNumber(nil, e.num)), Person: e.no,
				Human: fmt.Sprintf("h-%x", human), Wrong: e.wrong(&c.people[e.person]),
			})
		}
	}
}

// wrong names what is wrong in an entry.
func (e *personRecord) wrong(h *person) string {
	var out []string
	if e.name != h.name {
		out = append(out, "name")
	}
	if e.birth != h.birth {
		out = append(out, "birth")
	}
	switch {
	case e.lent > 0:
		out = append(out, "lent")
	case e.id != idGood:
		out = append(out, [...]string{"", "missing", "bad_check", "legacy", "mistyped", "exchanged"}[e.id])
	}
	return strings.Join(out, "|")
}
