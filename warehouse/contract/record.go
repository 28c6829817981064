package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
)

// layer is one folder of contracts; dir is shown before its file names.
type layer struct {
	fsys    fs.FS
	pattern string
	dir     string
}

// FieldKind is what a field holds.
type FieldKind string

// The kinds of field.
const (
	KindString          FieldKind = "string"
	KindText            FieldKind = "text"
	KindEnum            FieldKind = "enum"
	KindDate            FieldKind = "date"
	KindInstant         FieldKind = "instant"
	KindUint            FieldKind = "uint"
	KindInt             FieldKind = "int"
	KindDecimal         FieldKind = "decimal"
	KindBool            FieldKind = "bool"
	KindOrgan           FieldKind = "organ"
	KindRegion          FieldKind = "region"
	KindDocumentNumber  FieldKind = "document_number"
	KindCourtCaseNumber FieldKind = "court_case_number"
	KindPersonName      FieldKind = "person_name"
	KindResidentID      FieldKind = "resident_id"
)

// Type is the contract of one record type (记录类型).
type Type struct {
	Name           string
	Version        int
	ZH, EN, Doc    string
	Senders, Key   []string // systems that may send it; fields of the natural key
	OrganField     string   // field that names the acting organ, "" if none
	RegionField    string   // field that names the handling region, "" if none
	Door           string   // "kafka" or "file"
	Docket         *DocketRef
	Fields         []Field
	Events         []Event
	TimelinessDays int // days after the business time within which it is sent
	// KeepUnknown lets members of the payload that no field names into the log's
	// column extra, instead of refusing the record.
	KeepUnknown bool `json:",omitempty"`
}

// DocketRef says which fields name the docket (办案卷) that a record belongs to.
// Kind is a field or "=literal"; Person is "" for records without a person.
type DocketRef struct{ Organ, Kind, Number, Person string }

// Field is one field of the payload.
type Field struct {
	Name, ZH, EN, Doc string
	Kind              FieldKind
	Required          bool
	Max               int // greatest number of characters, 0 = no own limit
	Values            []Value
	Codes             string   // shared list that Values come from, "" for a list of its own
	Personal          string   // "", name, id, birth or place
	OnBad             string   // reject or flag
	Future            bool     // may lie after the time of sending
	Reference         bool     // quotes another organ or its document
	Aliases           []string // earlier names that senders may still write
	Issues            bool     // number of a document that this organ issues here
}

// Value is one code of an enum field.
type Value struct{ Code, ZH string }

// Event is one event (案件事件) that a record declares.
type Event struct {
	Type, At, Precision string              // Precision is day or minute
	When                map[string][]string // field → codes, of which the record has one
	Attributes          []string            // physical columns
	Ordinal             int
}

// Column is one physical payload column. ClickHouse is its type in the log,
// Stored its type in the history and current tables.
type Column struct {
	Name, ClickHouse, Stored string
	Field                    int    // index into Fields
	Part                     string // "", id, norm or year
}

// Topic returns the Kafka topic of the type.
func (t *Type) Topic() string { return "hj." + t.Name }

// Field returns the field of that name.
func (t *Type) Field(name string) (Field, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// digest is the hex SHA-256 of the contracts written as JSON.
func digest(types []*Type) string {
	h := sha256.New()
	for _, t := range types {
		text, err := json.Marshal(t)
		if err != nil {
			panic(fmt.Sprintf("contract %s cannot be written as JSON: %v", t.Name, err)) // only strings, numbers and maps of them
		}
		h.Write(text)
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}
