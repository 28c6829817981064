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
// Only organs in the roles that the scenario needs come into being.
func (k *Country) seat(scenario string, needs [roleCount]bool) (*area, error) {
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
	for r, as := range seatRoles {
		if !needs[r] && role(r) != roleProcuratorate {
			continue
		}
		o := organ{
			code: as.prefix + a.code, name: a.name + as.name, region: above.detention.region, system: roleSystems[r], level: "county", kind: "dispatched",
			codeSystem: as.codeSystem, supervisedBy: "JC" + a.code, peer: "JC" + a.code, word: above.detention.word + "81", order: above.detention.order + 10 + r,
		}
		switch role(r) {
		case roleProcuratorate:
			o.ledBy, o.supervisedBy, o.peer = above.procuratorate.code, "", ""
		case rolePolice:
			o.ledBy = above.police.code
		case roleCourt:
			o.appealsTo = above.court.code
		case roleDetentionCentre:
			o.ledBy = above.police.code
		case roleSupervisory:
			o.ledBy, o.supervisedBy = above.supervisory.code, ""
		}
		a.take(role(r), k.add(o))
	}
	return a, nil
}

// seatRoles are the organs of a seat in the order of their roles.
var seatRoles = [...]struct{ prefix, name, codeSystem string }{
	{"JC", "地区人民检察院", "procuratorate"},
	{"GA", "公安分局", "police"},
	{"FY", "人民法院", "court"},
	{"KS", "看守所", "police"},
	{"JY", "监狱", "justice"},
	{"JW", "监察委员会", "supervisory"},
	{"SQ", "社区矫正中心", "justice"},
	{"XZ", "市场监督管理局", "administrative"},
}

// take seats an organ in its role.
func (a *area) take(r role, o *organ) {
	*map[role]**organ{
		roleProcuratorate: &a.procuratorate, rolePolice: &a.police, roleCourt: &a.court, roleDetentionCentre: &a.detention,
		rolePrison: &a.prison, roleSupervisory: &a.supervisory, roleCorrection: &a.correction, roleAdministrative: &a.administrative,
	}[r] = o
}
