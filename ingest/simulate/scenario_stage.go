package simulate

import (
	"math/rand/v2"
	"strconv"
)

// role is an organ's part in a scene.
type role uint8

const (
	roleProcuratorate role = iota
	rolePolice
	roleCourt
	roleDetentionCentre
	rolePrison
	roleSupervisory
	roleCorrection
	roleAdministrative
	roleUpperProcuratorate
	roleUpperPolice
	roleUpperCourt
	roleProvincialProcuratorate
	roleProvincialPolice
	roleProvincialCourt
	roleProvincialSupervisory
	roleNationalProcuratorate
	roleNationalCourt
	roleNationalSupervisory
	roleCount
)

var roleNames = [roleCount]string{
	"procuratorate", "police", "court", "detention_centre", "prison", "supervisory", "community_correction", "administrative",
	"upper_procuratorate", "upper_police", "upper_court",
	"provincial_procuratorate", "provincial_police", "provincial_court", "provincial_supervisory",
	"national_procuratorate", "national_court", "national_supervisory",
}

// roleSystems are the systems (系统) that the organs in a role belong to.
var roleSystems = [roleCount]string{
	"procuratorate", "police", "court", "detention_centre", "prison", "supervisory", "community_correction", "administrative",
	"procuratorate", "police", "court", "procuratorate", "police", "court", "supervisory", "procuratorate", "court", "supervisory",
}

// in returns the organ that plays the role at a place.
func (k *Country) in(a *area, r role) *organ {
	above := a.above
	switch r {
	case roleProcuratorate:
		return a.procuratorate
	case rolePolice:
		return a.police
	case roleCourt:
		return a.court
	case roleDetentionCentre:
		return a.detention
	case rolePrison:
		return a.prison
	case roleSupervisory:
		return a.supervisory
	case roleCorrection:
		return a.correction
	case roleAdministrative:
		return a.administrative
	case roleUpperProcuratorate:
		if above != nil {
			return above.procuratorate
		}
		return a.province.procuratorate
	case roleUpperPolice:
		if above != nil {
			return above.police
		}
		return a.province.police
	case roleUpperCourt:
		if above != nil {
			return above.court
		}
		return a.province.court
	case roleProvincialProcuratorate:
		return a.province.procuratorate
	case roleProvincialPolice:
		return a.province.police
	case roleProvincialCourt:
		return a.province.court
	case roleProvincialSupervisory:
		return a.province.commission
	case roleNationalCourt:
		return k.organs[1]
	case roleNationalSupervisory:
		return k.organs[3]
	}
	return k.organs[0]
}

// tilts are the ways in which a place makes a scene more or less likely there.
var tilts = [...]string{"late", "refuse", "drop", "reply", "correct", "protest"}

// tilted is the factor of a place, about 1 on the average of the country.
func (a *area) tilted(tilt string) float64 {
	switch tilt {
	case "late":
		return a.late / 1.17
	case "refuse":
		return a.refuse / 0.40
	case "drop":
		return a.drop / 0.205
	case "reply":
		return a.reply / 0.89
	case "correct":
		return a.correct / 0.80
	case "protest":
		return a.protest / 0.045
	}
	return 1
}

// staging is one scene that takes place.
type staging struct {
	of     *scenario
	scene  *scene
	home   *area
	base   day
	serial uint64 // of its first number at home
	shared uint64 // of its first number with organs that serve several places
	n      uint64 // place in the country's order of scenes
	people []person
	sent   []sending
	rng    *rand.Rand
}

// stager plans one scene after another into the same memory. Scene j of a
// scenario depends on the seed, the scenario's name and j only; its numbers also
// on how many scenes took place there before.
type stager struct {
	*planner
	serials map[*area]uint64
	shared  uint64
	weights map[string][]float64 // cumulative over the areas, by scenario
	s       staging
}

func (k *Country) stager() *stager {
	return &stager{planner: k.planner(), serials: map[*area]uint64{}, weights: map[string][]float64{}}
}

// playScenes calls each for every scene of the country in order.
func (k *Country) playScenes(each func(*staging) error) error {
	p := k.stager()
	n := uint64(0)
	for _, s := range k.scenarios {
		for j, count := 0, k.sceneCount(s); j < count; j++ {
			if !p.plan(s, j) {
				continue
			}
			p.s.n = n
			n++
			if err := each(&p.s); err != nil {
				return err
			}
		}
	}
	return nil
}

// sceneCount is how many scenes of a scenario the country has; every kind of
// scene takes place at least once.
func (k *Country) sceneCount(s *scenario) int {
	if s.everywhere {
		return max(len(s.scenes), int(s.rate*float64(k.cases)/1000))
	}
	n := 0
	for _, x := range s.scenes {
		n += x.times
	}
	return n
}

// plan plans scene j of a scenario; false when no day of this country fits it.
func (p *stager) plan(s *scenario, j int) bool {
	h := uint64(14695981039346656037)
	for _, c := range []byte(s.name) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	p.pcg.Seed(p.seed^h, uint64(j)*0x9e3779b97f4a7c15+h)
	x, home := p.choose(s, j)
	if len(x.days) == 0 {
		return false
	}
	p.s = staging{of: s, scene: x, home: home, base: x.days[p.rng.IntN(len(x.days))], people: p.s.people[:0], sent: p.s.sent[:0], rng: p.rng}
	p.s.serial = scenarioSerials + p.serials[home]
	p.s.shared = scenarioSerials + p.shared
	p.serials[home] += uint64(max(1, len(x.numbers)))
	p.shared += uint64(len(x.numbers))
	p.people(x)
	for i := range x.sheets {
		fact := p.s.base + day(x.sheets[i].fact)
		d := sending{fact: fact, sent: min(max(fact+p.days(0, 3), p.s.base+day(x.sheets[i].after)), p.asOf)}
		if p.chance(p.faults) {
			switch p.pick(0.3, 0.2, 0.5) {
			case 0:
				d.fault = duplicate
			case 1:
				d.fault = late
				d.sent = min(d.sent+p.days(30, 220), p.asOf)
			}
		}
		p.s.sent = append(p.s.sent, d)
	}
	return true
}

// choose picks what happens and where.
func (p *stager) choose(s *scenario, j int) (*scene, *area) {
	if !s.everywhere {
		for _, x := range s.scenes {
			if j < x.times {
				return x, p.seats[s.name]
			}
			j -= x.times
		}
	}
	home := p.spread(s)
	if j < len(s.scenes) {
		return s.scenes[j], home
	}
	weights := make([]float64, len(s.scenes))
	for i, x := range s.scenes {
		weights[i] = x.weight * home.tilted(x.tilt)
	}
	return s.scenes[p.pick(weights...)], home
}

// spread draws a prefecture; each has its own share in each scenario.
func (p *stager) spread(s *scenario) *area {
	w := p.weights[s.name]
	if w == nil {
		sum := 0.0
		for _, a := range p.areas {
			sum += a.weight * a.leaning(s.name)
			w = append(w, sum)
		}
		p.weights[s.name] = w
	}
	x := p.rng.Float64() * w[len(w)-1]
	lo, hi := 0, len(w)-1
	for lo < hi {
		if mid := (lo + hi) / 2; w[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return p.areas[lo]
}

// leaning is how much more often a scenario happens in a prefecture than
// elsewhere: from 0.5 to 1.8, fixed by name and code.
func (a *area) leaning(name string) float64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(name + a.code) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	h ^= h >> 29
	return 0.5 + 1.3*float64(h%10_007)/10_007
}

// people draws the persons of a scene; no two share a name.
func (p *stager) people(x *scene) {
	seq := p.between(0, 998)
	for i, want := range x.people {
		h := person{male: p.chance(0.8), seq: (seq + 2*i) % 1000, juvenile: want.juvenile}
		if (h.seq%2 == 1) != h.male {
			h.seq = (h.seq + 1) % 1000
		}
		switch {
		case want.born != 0:
			h.birth = p.s.base + day(want.born)
		case want.juvenile:
			h.birth = p.s.base - p.days(15*365, 17*365)
		default:
			h.birth = p.s.base - p.days(19*365, 60*365)
		}
		h.county = p.counties[p.rng.IntN(len(p.counties))]
		for h.name == "" || p.s.known(h.name) {
			h.name = surnames[p.rng.IntN(len(surnames))] + syllables[p.rng.IntN(len(syllables))] + syllables[p.rng.IntN(len(syllables))]
		}
		p.s.people = append(p.s.people, h)
	}
}

func (s *staging) known(name string) bool {
	for i := range s.people {
		if s.people[i].name == name {
			return true
		}
	}
	return false
}

// scenarioSerials is the first running number of scenarios: no chain's book
// reaches it, and a court's case number has room for a million above it.
const scenarioSerials = maxCases + 1

// number is one document number of the scene.
func (s *staging) number(k *Country, i int) number {
	w := &s.scene.numbers[i]
	o := k.in(s.home, w.of)
	n := number{form: bracketed, prefix: o.word, word: w.word, year: (s.base + day(w.at)).year(), serial: s.serial + uint64(i)}
	if w.of >= roleUpperProcuratorate || w.of == rolePrison {
		n.serial = s.shared + uint64(i)
	}
	switch {
	case w.opaque:
		n.form, n.prefix = opaque, o.code[2:]
	case o.system == "court":
		n.form = courtForm
	}
	return n
}

// appendEntry writes the number that organs of a system give person i.
func appendEntry(b []byte, system string, i int) []byte {
	switch system {
	case "police":
		b = append(b, 'S')
	case "procuratorate":
		b = append(b, 'Q', '0', '0')
	case "court":
		b = append(b, 'D', '-')
	case "prison":
		b = append(b, 'P')
	case "detention_centre":
		b = append(b, 'K')
	case "supervisory":
		b = append(b, 'J')
	case "community_correction":
		b = append(b, 'C')
	default:
		b = append(b, 'X')
	}
	return strconv.AppendInt(b, int64(i+1), 10)
}
