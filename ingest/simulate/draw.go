package simulate

import "math/rand/v2"

// planner plans one chain after another into the same memory. Chain i depends
// on the seed, on i and on the country's size class only.
type planner struct {
	*Country
	pcg     *rand.PCG
	rng     *rand.Rand
	doubles doubles
	agenda  *agenda // nil: no human recurs
	c       chain
}

func (k *Country) planner() *planner {
	g := rand.NewPCG(0, 0)
	p := &planner{Country: k, pcg: g, rng: rand.New(g), doubles: newDoubles()}
	d := rand.NewPCG(0, 0)
	p.agenda = &agenda{draft: &planner{Country: k, pcg: d, rng: rand.New(d), doubles: newDoubles()}}
	return p
}

func (p *planner) chance(f float64) bool { return p.rng.Float64() < f }

// between draws from lo to hi, both included.
func (p *planner) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + p.rng.IntN(hi-lo+1)
}

func (p *planner) days(lo, hi int) day { return day(p.between(lo, hi)) }

// pick draws an index with the given weights.
func (p *planner) pick(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := p.rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// book is one series of numbers; each organ and kind of document has its own.
type book uint8

const (
	bookPolice book = iota
	bookRequest
	bookTransfer
	bookExtension
	bookReview
	bookProsecution
	bookIndictment
	bookProsecutionExtension
	bookTrial
	bookTrialExtension
	bookSecond
	bookExecution
	bookChange
	bookRecommendation
	bookNotice
	bookProtest
	bookSupervisory
	bookMeasure
	bookWarrant
	bookCount
)

// strides are coprime to ten, so each book is a permutation of the serials.
var strides = [bookCount]uint64{7, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83}

// serial is this chain's number in a book: unique there, unrelated between books.
func (p *planner) serial(b book) uint64 {
	s := strides[b]*1009 + 3
	for s%2 == 0 || s%5 == 0 {
		s++
	}
	return (p.c.index*s+uint64(b)*4973)%p.serials + 1
}

func (p *planner) number(o *organ, word string, b book, at day) number {
	f := bracketed
	if o.system == "court" {
		f = courtForm
	}
	return number{form: f, prefix: o.word, word: word, year: at.year(), serial: p.serial(b)}
}

// cite is how the next organ quotes a number: mostly well, seldom lost.
func (p *planner) cite(n number, mayFail bool) (quote, bool) {
	q := quote{of: n, how: uint16(p.rng.Uint32())}
	if !mayFail || !p.chance(0.02) {
		return q, true
	}
	p.c.unlinked++
	if p.chance(0.5) {
		p.c.note(referenceMissing)
		return quote{}, false
	}
	p.c.note(referenceMistyped)
	q.mistyped = true
	return q, false
}

// crowd draws the people of a chain; no two share a name.
func (p *planner) crowd(n int) {
	c := &p.c
	seq := p.between(0, 998)
	for i := range n {
		h := person{arrested: none, male: p.chance(0.8), seq: (seq + 2*i) % 1000, plea: p.chance(0.87)}
		if (h.seq%2 == 1) != h.male {
			h.seq = (h.seq + 1) % 1000
		}
		age := p.between(18*365+30, 62*365)
		h.juvenile = c.juvenile
		h.birth = p.asOf - 1100 - day(age)
		if c.juvenile { // 14 or more at the start of the window, under 18 at its end
			h.birth = p.asOf - p.days(17*365+14, 18*365-10)
		}
		h.county = p.counties[p.rng.IntN(len(p.counties))]
		if len(c.area.counties) > 0 && p.chance(0.85) {
			h.county = c.area.counties[p.rng.IntN(len(c.area.counties))]
		}
		h.foreign = p.chance(0.004)
		for h.name == "" || p.known(h.name) {
			h.name = surnames[p.rng.IntN(len(surnames))] + syllables[p.rng.IntN(len(syllables))]
			if p.chance(0.75) {
				h.name += syllables[p.rng.IntN(len(syllables))]
			}
		}
		c.people = append(c.people, h)
	}
}

func (p *planner) known(name string) bool {
	for i := range p.c.people {
		if p.c.people[i].name == name {
			return true
		}
	}
	return false
}

// enter writes the person entry of one human in one docket.
func (p *planner) enter(d *caseRecord, who int, no, role string, fact day) {
	c := &p.c
	id := idGood
	switch x := p.rng.Float64(); {
	case c.people[who].foreign || x < 0.03:
		id = idMissing
		c.note(identityMissing)
	case x < 0.04:
		id = idBadCheck
		c.note(identityBadCheck)
	case x < 0.05 && c.people[who].birth < dateOf(2000, 1, 1):
		id = idLegacy
		c.note(identityLegacy)
	}
	e := personRecord{organ: d.organ, kind: d.kind, num: d.num, no: no, person: who, role: role, id: id}
	p.slip(&e)
	c.persons = append(c.persons, e)
	c.send(typePerson, len(c.persons), fact)
}

// entry names of persons: each organ numbers its own.
var (
	policeEntries      = [...]string{"S1", "S2", "S3", "S4"}
	reviewEntries      = [...]string{"B01", "B02", "B03", "B04"}
	prosecutionEntries = [...]string{"Q001", "Q002", "Q003", "Q004"}
	trialEntries       = [...]string{"D-1", "D-2", "D-3", "D-4"}
	secondEntries      = [...]string{"E-1", "E-2", "E-3", "E-4"}
)
