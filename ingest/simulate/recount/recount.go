// Package recount is the second implementation of the indicator catalogue: what
// the indicators must be, counted in Go from the final states of the messages of
// a simulated country by predicates written from the definitions' texts. It owns
// the book of final states and the table of predicates; it promises to share
// neither expression, plan nor SQL with the jobs it is a truth for. It never
// reads the catalogue, and nothing but tests uses it.
package recount

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
)

// Record is the newest statement about one natural key, or one row of what jobs
// found (kind verdict) or of what was said (kind statement).
type Record struct {
	Kind, Business string            // Business is the day of the business time
	Organs         map[string]string // field that names an organ → its id
	Fields         map[string]any
	revision       uint64
	retracted      bool
}

// Book keeps the final states of messages; it is a simulate.Sink.
type Book struct {
	contracts *contract.Catalogue
	codes     map[string]string  // organ code → id
	records   map[string]*Record // by natural key
	said      map[string]string  // key and revision → payload
	fates     []statement
	order     []string
}

// statement is one accepted message with what became of it.
type statement struct{ sender, fate string }

// NewBook returns an empty book.
func NewBook(contracts *contract.Catalogue) *Book {
	return &Book{contracts: contracts, codes: map[string]string{}, records: map[string]*Record{}, said: map[string]string{}}
}

// Put reads one message; keys that end with Y mark those planned to be refused.
func (b *Book) Put(_ context.Context, topic string, key, value []byte) error {
	if bytes.HasSuffix(key, []byte("Y")) {
		return nil
	}
	var m struct {
		Op            string          `json:"op"`
		Sender        string          `json:"sender"`
		Revision      uint64          `json:"revision"`
		Business_time string          //nolint:revive // as on the wire
		Sent_time     string          //nolint:revive // as on the wire
		Payload       json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(value, &m); err != nil {
		return fmt.Errorf("read a message of %s: %w", topic, err)
	}
	r := &Record{Kind: strings.TrimPrefix(topic, "hj."), Fields: map[string]any{}, revision: m.Revision, retracted: m.Op == "retract"}
	if err := json.Unmarshal(m.Payload, &r.Fields); err != nil {
		return fmt.Errorf("read a payload of %s: %w", topic, err)
	}
	r.Business = shanghaiDay(m.Business_time)
	if sent := shanghaiDay(m.Sent_time); sent != "" {
		r.Fields["sent"] = sent
	}
	t, _ := b.contracts.Type(r.Kind)
	natural := r.Kind
	for _, part := range t.Key {
		natural += "|" + r.text(part)
	}
	if r.Kind == "organ" {
		b.codes[r.text("code")] = r.text("organ_id")
	}
	b.fates = append(b.fates, statement{m.Sender, b.decide(natural, r, string(m.Payload))})
	return nil
}

// decide says what becomes of a statement and keeps the newest.
func (b *Book) decide(natural string, r *Record, payload string) string {
	at := fmt.Sprint(natural, "#", r.revision)
	said, heard := b.said[at]
	current := b.records[natural]
	switch {
	case heard && said == payload:
		return "duplicate"
	case heard:
		return "conflict"
	}
	b.said[at] = payload
	if current != nil && r.revision < current.revision {
		return "superseded"
	}
	if current == nil {
		b.order = append(b.order, natural)
	}
	b.records[natural] = r
	return "applied"
}

// shanghaiDay is the legal day of an instant.
func shanghaiDay(instant string) string {
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return ""
	}
	return at.In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
}

// Records are the live final states, with the organs resolved and, in fields of
// their own, what the quality of data is judged by.
func (b *Book) Records() []*Record {
	var out []*Record
	for _, natural := range b.order {
		r := b.records[natural]
		if r.retracted {
			continue
		}
		t, _ := b.contracts.Type(r.Kind)
		r.Organs = map[string]string{}
		for _, f := range t.Fields {
			if f.Kind == contract.KindOrgan && r.text(f.Name) != "" {
				r.Organs[f.Name] = b.codes[r.text(f.Name)]
			}
		}
		b.judge(r, t)
		out = append(out, r)
	}
	return out
}

// Statements are the accepted messages on one day, by their sender.
func (b *Book) Statements(day string) []*Record {
	var out []*Record
	for _, s := range b.fates {
		out = append(out, &Record{Kind: "statement", Business: day, Organs: map[string]string{"organ": b.codes[s.sender]}, Fields: map[string]any{"fate": s.fate}})
	}
	return out
}

// judge notes whether a record came in time, whole and well coded, and what its
// identity number is worth.
func (b *Book) judge(r *Record, t *contract.Type) {
	if sent := r.text("sent"); sent != "" {
		last, _ := time.Parse(time.DateOnly, r.Business)
		r.Fields["in_time"] = sent <= last.AddDate(0, 0, t.TimelinessDays).Format(time.DateOnly)
	}
	missing, _ := r.Fields["_absent"].(map[string]any)
	r.Fields["complete"], r.Fields["coded"] = true, true
	for _, reason := range missing {
		if reason == "not_sent" {
			r.Fields["complete"] = false
		}
	}
	if r.Kind != "person_in_case" {
		return
	}
	switch id := r.text("resident_id"); {
	case id == "":
		r.Fields["identity"] = "missing"
	case len(id) == 15 || checks(id):
		r.Fields["identity"] = "valid"
	default:
		r.Fields["identity"] = "bad"
	}
}

// checks says whether the last character of an identity number follows from the
// others (GB 11643-1999: ISO 7064 MOD 11-2).
func checks(id string) bool {
	weight, sum := 1, 0
	for i := len(id) - 2; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(id[i]-'0') * weight
	}
	return len(id) == 18 && id[17] == "10X98765432"[sum%11]
}

// Docket names the docket that a record stands in: organ id, kind and number.
func (b *Book) Docket(r *Record) string {
	t, _ := b.contracts.Type(r.Kind)
	if t == nil || t.Docket == nil {
		return ""
	}
	kind, fixed := strings.CutPrefix(t.Docket.Kind, "=")
	if !fixed {
		kind = r.text(kind)
	}
	number, _ := identifier.DocumentNumber(r.text(t.Docket.Number))
	return strings.Join([]string{r.Organs[t.Docket.Organ], kind, number}, "|")
}

// Entry names the person entry that a record speaks of.
func (b *Book) Entry(r *Record) string {
	t, _ := b.contracts.Type(r.Kind)
	return b.Docket(r) + "|" + r.text(t.Docket.Person)
}
