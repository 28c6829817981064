package record

import (
	"cmp"
	"encoding/json"
	"fmt"
)

// FromMessage reads the fields of an accepted person entry that linkage compares
// from its original bytes. Key and docket numbers are the caller's business.
func FromMessage(plain []byte) (Raw, error) {
	var message struct {
		Payload struct {
			Name     string `json:"name"`
			Resident string `json:"resident_id"`
			Birth    string `json:"birth_date"`
			Region   string `json:"household_region"`
			Sex      string `json:"sex"`
		}
	}
	if err := json.Unmarshal(plain, &message); err != nil {
		return Raw{}, fmt.Errorf("parse an accepted person entry: %w", err)
	}
	f := message.Payload
	sex := map[string]string{"male": "1", "female": "2"}[f.Sex]
	return Raw{Name: f.Name, Number: f.Resident, Birth: f.Birth, Region: f.Region, Sex: cmp.Or(sex, f.Sex)}, nil
}
