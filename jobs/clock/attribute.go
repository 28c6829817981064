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

// attribute names the procuratorate whose finding it is and the organ whose act it is.
func attribute(v *verdict, reg organs) {
	v.Organ = v.Unit.Organ
	if v.Rule.organ == organSupervisor {
		o, _ := reg.ByID(v.Unit.Organ)
		v.Organ = o.SupervisedBy
	}
	switch v.responsible.Kind {
	case responsibleOwn:
		v.Responsible = v.Unit.Organ
	case responsibleOrgan:
		v.Responsible = v.Organ
	case responsibleTrigger:
		v.Responsible = v.triggerOrgan
		if v.Responsible == "" {
			v.Responsible = v.Organ
		}
	case responsibleAttribute:
		v.Responsible = ownAttribute(v.Unit, v.responsible.Name)
	case responsibleSystem:
		v.Responsible = firstOfSystem(v.Unit, v.responsible.Name, reg)
	}
}

// ownAttribute reads an attribute from any event of the unit's record.
func ownAttribute(u *unit, name string) string {
	for i := range u.Events {
		e := &u.Events[i]
		if e.Record == u.Record && e.RecordType == u.RecordType && e.Attributes[name] != "" {
			return e.Attributes[name]
		}
	}
	return ""
}

// firstOfSystem finds the first organ of a system in the chain, "" if there is none.
func firstOfSystem(u *unit, system string, reg organs) string {
	for i := range u.Events {
		id := u.Events[i].Organ
		if o, ok := reg.ByID(id); ok && o.System == system {
			return id
		}
	}
	return ""
}
