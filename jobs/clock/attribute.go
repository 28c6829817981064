package clock

import "hengjian/warehouse/access"

// organs is what attribution needs of the register.
type organs interface {
	ByID(id string) (access.Organ, bool)
}

// The organ to which a finding belongs.
const (
	organOwn        = "own"
	organSupervisor = "supervisor"
	organIssuer     = "issuer"
)

// The ways a document goes to the responsible organ. By level means 规则 618:
// directly to an organ of the same or a lower level, through the procuratorate of
// the same level as the organ when it is higher, by notice to the procuratorate of
// the place when it is elsewhere.
const (
	routeByLevel   = "by_level"
	routeUpper     = "upper"
	routeOwn       = "own"
	routeDirect    = "direct"
	routeElsewhere = "elsewhere"
	routeUnknown   = "unknown"
)

// attribute names the procuratorate whose finding it is, the organ whose act it
// is, and the way to that organ.
func attribute(v *verdict, reg organs) {
	u := &v.Unit
	v.Organ = u.rec.Organ
	if v.Rule.organ == organSupervisor {
		v.Organ = supervisor(u.rec.Organ, reg)
	}
	switch v.responsible.Kind {
	case responsibleOwn:
		v.Responsible = u.rec.Organ
	case responsibleOrgan:
		v.Responsible = v.Organ
	case responsibleTrigger:
		v.Responsible = v.triggerOrgan
		if v.Responsible == "" {
			v.Responsible = v.Organ
		}
	case responsibleAttribute:
		v.Responsible = valueOf(u.rec.attrs, v.responsible.attr)
	case responsibleSystem:
		v.Responsible = firstOfSystem(u.chain, v.responsible.Name, reg)
	}
	v.Route = route(v, reg)
}

// supervisor is the procuratorate to which a finding on an organ's act belongs: a
// procuratorate answers for its own limits, and what a commission, which nobody
// supervises, left undone is seen by its counterpart (检监衔接).
func supervisor(organ string, reg organs) string {
	o, _ := reg.ByID(organ)
	switch {
	case o.System == "procuratorate":
		return organ
	case o.SupervisedBy == "":
		return o.Counterpart
	}
	return o.SupervisedBy
}

// firstOfSystem finds the first organ of a system in the chain, "" if there is none.
func firstOfSystem(c *chain, system string, reg organs) string {
	for i := range c.events {
		id := c.records[c.events[i].Rec].Organ
		if o, ok := reg.ByID(id); ok && o.System == system {
			return id
		}
	}
	return ""
}

// route says how a document of the procuratorate reaches the responsible organ.
func route(v *verdict, reg organs) string {
	if v.Rule.Route != routeByLevel {
		return v.Rule.Route
	}
	mine, known := reg.ByID(v.Organ)
	other, also := reg.ByID(v.Responsible)
	switch {
	case !known || !also:
		return routeUnknown
	case v.Organ == v.Responsible:
		return routeOwn
	case rank(other.Level) < rank(mine.Level):
		return routeUpper
	case other.SupervisedBy != "" && other.SupervisedBy != v.Organ && !leads(reg, v.Organ, other.SupervisedBy):
		return routeElsewhere
	}
	return routeDirect
}

// rank orders the levels of organs, 0 the highest; an unknown level is the lowest.
func rank(level string) int {
	for i, name := range []string{"national", "provincial", "prefectural"} {
		if level == name {
			return i
		}
	}
	return 3
}

// leads reports whether one procuratorate stands above another.
func leads(reg organs, upper, lower string) bool {
	for range 4 {
		o, ok := reg.ByID(lower)
		if !ok || o.LedBy == "" {
			return false
		}
		if o.LedBy == upper {
			return true
		}
		lower = o.LedBy
	}
	return false
}
