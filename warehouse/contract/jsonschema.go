package contract

import (
	"encoding/json"
	"fmt"
	"io"
)

// node is a JSON object under construction; its keys are written in order.
type node = map[string]any

// draft is the JSON Schema dialect of the generated schemas.
const draft = "https://json-schema.org/draft/2020-12/schema"

// Schema writes the JSON Schema (2020-12) of a whole message of the type, for
// senders. It is as strict as the decoder, except that a field with on_bad: flag
// (x-on-bad) would be kept and flagged rather than refused.
func (t *Type) Schema(w io.Writer) error {
	root := t.message()
	root["$schema"] = draft
	root["$id"] = fmt.Sprintf("urn:hengjian:contract:%s:%d", t.Name, t.Version)
	return writeJSON(w, root)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// message is the schema of envelope and payload.
func (t *Type) message() node {
	must := []string{}
	for _, f := range t.Fields {
		if f.Required && f.OnBad != "flag" {
			must = append(must, f.Name)
		}
	}
	text := func(limit int) node { return node{"type": "string", "minLength": 1, "maxLength": limit} }
	moment := node{"type": "string", "format": "date-time", "pattern": instantPattern}
	whole := node{"type": "integer", "minimum": 0}
	return node{
		"title": t.EN, "description": t.ZH + ": " + t.Doc, "type": "object",
		"required":             []string{"message_id", "sender", "sender_seq", "record_type", "schema_version", "op", "revision", "business_time", "sent_time", "payload"},
		"additionalProperties": false,
		"properties": node{
			"message_id": text(200), "sender": text(64), "sender_seq": whole, "revision": whole,
			"record_type":    node{"const": t.Name},
			"schema_version": node{"type": "integer", "minimum": 1, "maximum": t.Version},
			"op":             node{"enum": []string{"upsert", "correct", "retract"}},
			"business_time":  moment, "sent_time": moment,
			"digest":    node{"type": "string", "description": "SHA-256 or SM3 of the payload's bytes as sent"},
			"signature": node{"type": "string"},
			"payload":   t.payload(),
		},
		"if":   node{"properties": node{"op": node{"const": "retract"}}},
		"then": node{"properties": node{"payload": node{"required": t.Key}}},
		"else": node{"properties": node{"payload": node{"required": must}}},
	}
}

func (t *Type) payload() node {
	fields, absent := node{}, node{}
	why := node{"enum": []string{"unknown_to_sender", "not_applicable", "refused"}}
	for _, f := range t.Fields {
		fields[f.Name] = f.schema()
		absent[f.Name] = why
		for _, alias := range f.Aliases {
			old := f.schema()
			old["deprecated"] = true
			fields[alias], absent[alias] = old, why
		}
	}
	fields["_absent"] = node{"type": "object", "description": "why a field has no value", "additionalProperties": false, "properties": absent}
	fields["_reason"] = node{"type": "string", "description": "why a record is retracted"}
	return node{"type": "object", "additionalProperties": t.KeepUnknown, "properties": fields}
}

const (
	instantPattern = `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`
	decimalPattern = `^-?\d{1,16}(\.\d{1,2})?$`
)

// schema is the schema of one field; an optional one may be null.
func (f Field) schema() node {
	s := node{"title": f.ZH + " / " + f.EN}
	kind := "string"
	switch f.Kind {
	case KindEnum:
		codes := make([]any, 0, len(f.Values)+1)
		words := node{}
		for _, v := range f.Values {
			codes = append(codes, v.Code)
			words[v.Code] = v.ZH
		}
		if !f.Required {
			codes = append(codes, nil)
		}
		s["enum"], s["x-codes"] = codes, words
	case KindDate:
		s["format"], s["pattern"] = "date", `^\d{4}-\d{2}-\d{2}$`
	case KindInstant:
		s["format"], s["pattern"] = "date-time", instantPattern
	case KindUint:
		kind, s["minimum"] = "integer", 0
	case KindInt:
		kind = "integer"
	case KindDecimal:
		s["pattern"] = decimalPattern
	case KindBool:
		kind = "boolean"
	case KindRegion:
		s["pattern"] = `^\d{6}$`
	}
	if f.Max > 0 {
		s["maxLength"] = f.Max
	}
	if f.Doc != "" {
		s["description"] = f.Doc
	}
	if f.Personal != "" {
		s["x-personal"] = f.Personal
	}
	if f.OnBad == "flag" {
		s["x-on-bad"] = "flag"
	}
	s["type"] = kind
	if !f.Required {
		s["type"] = []string{kind, "null"}
	}
	return s
}
