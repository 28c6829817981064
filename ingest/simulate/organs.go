package simulate

import (
	"math"
	"strings"
)

// organ is one organ (机关) of the synthetic register.
type organ struct {
	id, code, name, region               string
	system, level, kind, codeSystem      string
	ledBy, supervisedBy, appealsTo, peer string
	word                                 string // its word in document numbers (代字)
	order                                int
	index                                int32 // position in Country.organs
}

// area is a prefecture (地市) with its organs and its own ways.
type area struct {
	code, name                                  string
	above                                       *area // of a seat outside the prefectures: the one it belongs to
	province                                    *province
	procuratorate, police, court, detention     *organ
	prison, supervisory                         *organ
	correction, administrative                  *organ
	counties                                    []string // never-allocated, of this prefecture
	weight                                      float64
	refuse, drop, late, reply, correct, protest float64
}

// province (省) holds what serves its prefectures together.
type province struct {
	code                         string
	procuratorate, police, court *organ
	commission                   *organ
	prisons                      []*organ
	areas                        []*area
}

// place is what the builder needs of the region register.
type place struct{ code, name string }

// register builds the organs in administrative order.
type register struct {
	organs    []*organ
	byCode    map[string]*organ
	provinces []*province
	areas     []*area
	ordinary  int // organs before the first seat of a scenario
	seated    int // seats so far
}

// orderStep leaves room between two organs for those that belong behind the first.
const orderStep = 100

// add appends an organ; without an order of its own it stands behind all others.
func (r *register) add(o organ) *organ {
	o.index = int32(len(r.organs))
	if o.order == 0 {
		o.order = (len(r.organs) + 1) * orderStep
	}
	o.id = organID(len(r.organs))
	r.organs = append(r.organs, &o)
	r.byCode[o.code] = &o
	return &o
}

// organID spreads the numbers so that an id tells nothing of order or place.
func organID(i int) string {
	n := (i*7919 + 42) % 99991
	b := []byte("o00000")
	for k := 5; k > 0; k-- {
		b[k] = byte('0' + n%10)
		n /= 10
	}
	return string(b)
}

const (
	nationalCode      = "JC000000"
	nationalCourt     = "FY000000"
	nationalPolice    = "GA000000"
	nationalCommision = "JW000000"
)

// buildRegister makes all organs: the national ones, then province by province
// in GB/T 2260 order, the corps after the last region and one railway branch.
func buildRegister(provinces []place, prefectures func(province string) []place) *register {
	r := &register{byCode: map[string]*organ{}}
	r.national()
	for _, p := range provinces {
		switch p.code {
		case "710000", "810000", "820000":
			continue
		}
		r.province(p, prefectures(p.code))
	}
	r.corps()
	for _, a := range r.areas {
		r.attend(a)
	}
	r.ordinary = len(r.organs)
	return r
}

func (r *register) national() {
	region := "110000"
	r.add(organ{code: nationalCode, name: "最高人民检察院", region: region, system: "procuratorate", level: "national", kind: "regular", codeSystem: "procuratorate", word: "高检"})
	r.add(organ{code: nationalCourt, name: "最高人民法院", region: region, system: "court", level: "national", kind: "regular", codeSystem: "court", peer: nationalCode, word: "最高法"})
	r.add(organ{code: nationalPolice, name: "公安部", region: region, system: "police", level: "national", kind: "regular", codeSystem: "police", peer: nationalCode, word: "公"})
	r.add(organ{code: nationalCommision, name: "国家监察委员会", region: region, system: "supervisory", level: "national", kind: "regular", codeSystem: "supervisory", peer: nationalCode, word: "国监"})
}

func (r *register) province(p place, cities []place) {
	word := provinceWords[p.code[:2]]
	s := seat{
		code: p.code, region: p.code, kind: "regular", level: "provincial", word: word,
		procuratorate: p.name + "人民检察院", police: p.name + "公安厅", court: p.name + "高级人民法院",
	}
	pr := r.provincial(s, p.name)
	for _, c := range cities {
		if c.code[:4] == "6590" { // its cities belong to the corps (兵团)
			continue
		}
		name, branch := c.name, branchNames[c.code[:4]]
		if branch != "" {
			name = p.name + c.name + c.code[2:4]
		} else {
			branch = c.name + "人民检察院"
		}
		r.prefecture(pr, seat{
			code: c.code, region: c.code, kind: "regular", level: "prefectural", word: word + c.code[2:4],
			procuratorate: branch, police: name + "公安局", court: name + "中级人民法院", detention: name + "看守所",
		})
	}
	if p.code == "110000" {
		r.prefecture(pr, seat{
			code: "110071", region: p.code, kind: "railway", level: "prefectural", word: word + "铁",
			procuratorate: "北京市人民检察院铁路运输分院", police: "北京铁路公安局", court: "北京铁路运输中级法院", detention: "北京铁路看守所",
		})
	}
}

func (r *register) corps() {
	s := seat{
		code: "660000", region: "650000", kind: "corps", level: "provincial", word: "兵",
		procuratorate: "新疆生产建设兵团人民检察院", police: "新疆生产建设兵团公安局", court: "新疆维吾尔自治区高级人民法院生产建设兵团分院",
	}
	pr := r.provincial(s, "新疆生产建设兵团")
	for i, d := range divisionNames {
		n := string(rune('1' + i))
		name := "新疆生产建设兵团" + d
		r.prefecture(pr, seat{
			code: "660" + n + "00", region: "650000", kind: "corps", level: "prefectural", word: "兵0" + n,
			procuratorate: name + "人民检察院", police: name + "公安局", court: name + "中级人民法院", detention: name + "看守所",
		})
	}
}

// seat names the organs of one place.
type seat struct {
	code, region, kind, level, word         string
	procuratorate, police, court, detention string
}

func (s seat) organ(prefix, name, system, codeSystem string) organ {
	return organ{code: prefix + s.code, name: name, region: s.region, system: system, level: s.level, kind: s.kind, codeSystem: codeSystem, word: s.word}
}

func (r *register) provincial(s seat, name string) *province {
	jc := "JC" + s.code
	o := s.organ("JC", s.procuratorate, "procuratorate", "procuratorate")
	o.ledBy = nationalCode
	pr := &province{code: s.code, procuratorate: r.add(o)}
	o = s.organ("FY", s.court, "court", "court")
	o.supervisedBy, o.appealsTo, o.peer = jc, nationalCourt, jc
	pr.court = r.add(o)
	o = s.organ("GA", s.police, "police", "police")
	o.ledBy, o.supervisedBy, o.peer = nationalPolice, jc, jc
	pr.police = r.add(o)
	o = s.organ("JW", name+"监察委员会", "supervisory", "supervisory")
	o.ledBy, o.peer = nationalCommision, jc
	pr.commission = r.add(o)
	for i, n := range []string{"第一监狱", "第二监狱"} {
		o = s.organ("JY", name+n, "prison", "justice")
		o.code = o.code[:7] + string(rune('1'+i))
		o.supervisedBy, o.peer = jc, jc
		o.word = s.word + string([]rune(n)[1]) + "监"
		pr.prisons = append(pr.prisons, r.add(o))
	}
	r.provinces = append(r.provinces, pr)
	return pr
}

func (r *register) prefecture(pr *province, s seat) {
	jc := "JC" + s.code
	a := &area{code: s.code, name: strings.TrimSuffix(strings.TrimSuffix(s.detention, "看守所"), "铁路"), province: pr, prison: pr.prisons[0]}
	o := s.organ("JC", s.procuratorate, "procuratorate", "procuratorate")
	o.ledBy = pr.procuratorate.code
	a.procuratorate = r.add(o)
	o = s.organ("FY", s.court, "court", "court")
	o.supervisedBy, o.appealsTo, o.peer = jc, pr.court.code, jc
	a.court = r.add(o)
	o = s.organ("GA", s.police, "police", "police")
	o.ledBy, o.supervisedBy, o.peer = pr.police.code, jc, jc
	a.police = r.add(o)
	o = s.organ("KS", s.detention, "detention_centre", "police")
	o.ledBy, o.supervisedBy, o.peer = a.police.code, jc, jc
	a.detention = r.add(o)
	a.temper()
	pr.areas = append(pr.areas, a)
	r.areas = append(r.areas, a)
}

// temper gives the prefecture its size and its regional differences. They
// follow from its code alone, so every country has the same geography.
func (a *area) temper() {
	h := uint64(14695981039346656037)
	for _, c := range []byte(a.code) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	unit := func() float64 {
		h += 0x9e3779b97f4a7c15
		z := h
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return float64((z^z>>31)>>11) / (1 << 53)
	}
	bell := unit() + unit() + unit() - 1.5
	a.weight = math.Exp(1.5 * bell)
	switch a.code[:2] {
	case "11", "31", "44", "33", "32", "37", "41":
		a.weight *= 1.8
	case "54", "63", "66":
		a.weight *= 0.3
	}
	if a.code[2:4] == "01" {
		a.weight *= 2
	}
	a.refuse = 0.30 + 0.20*unit()    // non-arrest rate (不捕率)
	a.drop = 0.13 + 0.15*unit()      // non-prosecution rate (不诉率)
	a.late = 0.5 + 2.0*unit()*unit() // how much more often clocks run out here
	a.reply = 0.80 + 0.18*unit()     // replies in time
	a.correct = 0.65 + 0.30*unit()   // corrections after a notice
	a.protest = 0.02 + 0.05*unit()   // protests (抗诉)
}
