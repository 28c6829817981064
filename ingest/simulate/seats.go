package simulate

import "fmt"

// attend gives a prefecture the organs that only scenarios need. They come after
// all others, so that nobody's id changes, and stand behind their prefecture.
func (r *register) attend(a *area) {
	behind := a.detention.order
	more := func(n int, prefix, name, system, codeSystem, ledBy string) *organ {
		return r.add(organ{
			code: prefix + a.code, name: a.name + name, region: a.detention.region, system: system, level: "prefectural", kind: a.detention.kind, codeSystem: codeSystem,
			ledBy: ledBy, supervisedBy: a.procuratorate.code, peer: a.procuratorate.code, word: a.detention.word, order: behind + n,
		})
	}
	a.supervisory = more(1, "JW", "监察委员会", "supervisory", "supervisory", a.province.commission.code)
	a.supervisory.supervisedBy = "" // the procuratorate does not supervise commissions
	a.correction = more(2, "SQ", "社区矫正管理局", "community_correction", "justice", "")
	a.administrative = more(3, "XZ", "市场监督管理局", "administrative", "administrative", "")
}

// seat makes organs of its own for a scenario: those of a dispatched
// procuratorate (派出检察院) at the edge of a prefecture, where nothing else happens.
func (k *Country) seat(scenario string) (*area, error) {
	var above *area
	for tried := 0; above == nil; tried++ {
		if tried == len(k.areas) {
			return nil, fmt.Errorf("scenario %s: no prefecture is left for organs of its own", scenario)
		}
		a := k.areas[(k.seated*37)%len(k.areas)]
		k.seated++
		if a.detention.kind == "regular" && k.byCode["JC"+a.code[:4]+"81"] == nil {
			above = a
		}
	}
	a := &area{code: above.code[:4] + "81", name: above.name + "城郊", above: above, province: above.province}
	a.temper()
	at := func(n int, prefix, name, system, codeSystem, ledBy string) *organ {
		return k.add(organ{
			code: prefix + a.code, name: a.name + name, region: above.detention.region, system: system, level: "county", kind: "dispatched", codeSystem: codeSystem,
			ledBy: ledBy, supervisedBy: "JC" + a.code, peer: "JC" + a.code, word: above.detention.word + "81", order: above.detention.order + 10 + n,
		})
	}
	a.procuratorate = at(0, "JC", "地区人民检察院", "procuratorate", "procuratorate", above.procuratorate.code)
	a.procuratorate.supervisedBy, a.procuratorate.peer = "", ""
	a.court = at(1, "FY", "人民法院", "court", "court", "")
	a.court.appealsTo = above.court.code
	a.police = at(2, "GA", "公安分局", "police", "police", above.police.code)
	a.detention = at(3, "KS", "看守所", "detention_centre", "police", "GA"+a.code)
	a.prison = at(4, "JY", "监狱", "prison", "justice", "")
	a.supervisory = at(5, "JW", "监察委员会", "supervisory", "supervisory", above.supervisory.code)
	a.supervisory.supervisedBy = ""
	a.correction = at(6, "SQ", "社区矫正中心", "community_correction", "justice", above.correction.code)
	a.administrative = at(7, "XZ", "市场监督管理局", "administrative", "administrative", above.administrative.code)
	return a, nil
}
