package contract

import "strings"

// Phrases returns what messages of the type have in common when they are written
// without spaces: the members of the envelope, every field's name, the values of
// its code list and how dates begin. It holds nothing personal; sealing makes
// messages shorter by it.
func (t *Type) Phrases() []byte {
	var b strings.Builder
	for _, f := range t.Fields {
		name := `,"` + f.Name + `":`
		for _, v := range f.Values {
			b.WriteString(name + `"` + v.Code + `"`)
		}
		switch f.Kind {
		case KindEnum:
		case KindDate:
			b.WriteString(name + `"202`)
		case KindInstant:
			b.WriteString(name + `"2025-03-03T09:30:00+08:00"`)
		case KindBool:
			b.WriteString(name + "false" + name + "true")
		case KindUint, KindInt:
			b.WriteString(name)
		default:
			b.WriteString(name + `"`)
		}
	}
	first := ""
	if len(t.Fields) > 0 {
		first = `"` + t.Fields[0].Name + `":"`
	}
	b.WriteString(`"}}"},"signature":"","digest":"","op":"correct","op":"retract","reason":"`)
	b.WriteString(`{"message_id":"","sender":"","sender_seq":1,"record_type":"` + t.Name + `","schema_version":1,"op":"upsert","revision":1,` +
		`"business_time":"2025-03-03T09:30:00+08:00","sent_time":"2025-03-03T18:00:00+08:00","payload":{` + first)
	return []byte(b.String())
}
