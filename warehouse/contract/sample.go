package contract

import (
	"encoding/json"
	"fmt"
)

// Sample returns a message of the type as a sender sends it: every field filled
// with a plausible value, for the senders' guide and for tests. Its organ codes
// and numbers are invented; its region code is one that is in force.
func (t *Type) Sample() []byte {
	payload := map[string]any{}
	for _, f := range t.Fields {
		payload[f.Name] = sampleValue(f)
	}
	text, err := json.MarshalIndent(map[string]any{
		"message_id": "0192f3c4-0000-7000-8000-000000000001", "sender": sampleOrgan, "sender_seq": 1,
		"record_type": t.Name, "schema_version": t.Version, "op": "upsert", "revision": 1,
		"business_time": "2025-03-03T09:30:00+08:00", "sent_time": "2025-03-03T18:00:00+08:00", "payload": payload,
	}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("sample of %s cannot be written as JSON: %v", t.Name, err)) // only strings, numbers and flags
	}
	return text
}

// sampleOrgan is an organ code of the samples.
const sampleOrgan = "330106"

func sampleValue(f Field) any {
	switch f.Kind {
	case KindEnum:
		return f.Values[0].Code
	case KindDate:
		if f.Personal == "birth" {
			return "1949-12-31"
		}
		return "2025-03-03"
	case KindInstant:
		return "2025-03-03T09:30:00+08:00"
	case KindUint, KindInt:
		return 1
	case KindDecimal:
		return "1000.00"
	case KindBool:
		return true
	case KindOrgan:
		return sampleOrgan
	case KindRegion:
		return "330106"
	case KindDocumentNumber:
		return "杭西检刑诉〔2025〕12号"
	case KindCourtCaseNumber:
		return "（2025）浙0106刑初12号"
	case KindPersonName:
		return "张某"
	case KindResidentID:
		return "11010519491231002X" // the standard's own example
	default:
		sample := "sample"
		if f.Max > 0 && f.Max < len(sample) {
			sample = sample[:f.Max]
		}
		return sample
	}
}
