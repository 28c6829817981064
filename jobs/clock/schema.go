package clock

import (
	"encoding/json"
	"fmt"
)

// TimelineSchema returns the JSON Schema (2020-12) of one line of a timeline, with
// the event types of the contracts.
func (s *Rules) TimelineSchema() ([]byte, error) {
	type object = map[string]any
	text := func(doc string) object { return object{"type": "string", "description": doc} }
	flag := func(doc string) object { return object{"type": []string{"boolean", "null"}, "description": doc} }
	when := "a date, or a date with a time of day; a time without zone is legal time (+08:00)"
	schema := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Timeline 时间线",
		"description": "One case a line, for hengjian clocks check", "type": "object", "additionalProperties": false,
		"required": []string{"case", "events"},
		"properties": object{
			"case": text("name of the case"), "organ": text("organ that handles it, unless an event names another"),
			"procedure": text("procedure (程序), such as ordinary, simplified or fast_track"),
			"juvenile":  flag("a juvenile is concerned"), "in_custody": flag("the person is held; null or absent is unknown"),
			"as_of":   object{"type": "string", "format": "date", "description": "legal day on which the clocks are read; --as-of replaces it"},
			"persons": object{"type": "array", "items": object{"type": "string"}, "description": "with one person, events without person are that person's"},
			"events": object{"type": "array", "maxItems": mostEvents, "items": object{
				"type": "object", "additionalProperties": false, "required": []string{"type", "at"},
				"properties": object{
					"type": object{"enum": s.words.events.names, "description": "event type of the contracts"},
					"at":   text(when), "person": text("one of persons"),
					"ordinal":     object{"type": "integer", "minimum": 0, "maximum": 255, "description": "which of several, where the contract numbers them"},
					"revision":    object{"type": "integer", "minimum": 0, "description": "the highest revision of one event counts"},
					"retraction":  object{"type": "boolean", "description": "the event is taken back"},
					"record":      text("names the record, where one person has several of one type"),
					"record_type": object{"enum": s.words.types.names, "description": "needed when several record types declare the event"},
					"docket":      text("names the docket; without it the whole timeline is one docket"), "organ": text("organ that acted"),
					"attributes": object{
						"type": "object", "propertyNames": object{"enum": s.words.names.names},
						"additionalProperties": object{"type": []string{"string", "number", "boolean", "null"}},
						"description":          "approver level, document number, custody, expected penalty and whatever else the contract gives the event",
					},
				},
			}},
		},
	}
	out, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema of timelines: %w", err)
	}
	return append(out, '\n'), nil
}
