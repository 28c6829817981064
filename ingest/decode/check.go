package decode

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// Finding is one record that would be refused, or one value that would be
// flagged, as a sender reads it before sending.
type Finding struct {
	Line     int    `json:"line"`
	Verdict  string `json:"verdict"` // refused or flagged
	Field    string `json:"field"`
	Rule     string `json:"rule"`
	Value    string `json:"value,omitempty"` // masked
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	RemedyZH string `json:"remedy_zh"`
	RemedyEN string `json:"remedy_en"`
}

// Tally counts what a check has read.
type Tally struct{ Read, Refused, Flagged int }

// CheckOptions say how records are written down.
type CheckOptions struct {
	Payloads bool // each line is a payload alone
}

// Checker checks records of one type offline (离线校验): the decoder itself,
// without warehouse, broker or keys.
type Checker struct {
	catalogue *contract.Catalogue
	typ       *contract.Type
	options   CheckOptions
	register  *sketch
	decoder   *Decoder
}

// NewChecker compiles the decoder of t. Until Organs is called every organ code
// is taken for a known one.
func NewChecker(c *contract.Catalogue, t *contract.Type, o CheckOptions) (*Checker, error) {
	k := &Checker{catalogue: c, typ: t, options: o, register: &sketch{known: map[string]bool{}}}
	k.register.system = t.Senders[0]
	for _, f := range t.Fields {
		if f.Kind == contract.KindOrgan {
			k.register.fields = append(k.register.fields, f.Name)
		}
	}
	var err error
	k.decoder, err = New(t, Deps{Catalogue: c, Vault: noVault{}, Register: k.register, Simulated: true})
	return k, err
}

// Organs reads the register: one payload or message of type organ per line.
func (k *Checker) Organs(r io.Reader) error {
	k.register.fixed = true
	lines := newLines(r)
	for n := 1; lines.Scan(); n++ {
		var m struct {
			Payload json.RawMessage `json:"payload"`
		}
		text := lines.Bytes()
		if json.Unmarshal(text, &m) == nil && len(m.Payload) > 0 {
			text = m.Payload
		}
		var o struct {
			ID     string `json:"organ_id"`
			Code   string `json:"code"`
			System string `json:"system"`
		}
		if err := json.Unmarshal(text, &o); err != nil || o.Code == "" {
			return fmt.Errorf("organ register, line %d: a JSON object with organ_id, code and system is needed", n)
		}
		k.register.organs = append(k.register.organs, access.Organ{ID: o.ID, Code: o.Code, System: o.System})
	}
	k.register.build()
	return lines.Err()
}

// Run reads JSON lines and tells each finding; empty lines are passed over.
func (k *Checker) Run(ctx context.Context, r io.Reader, tell func(Finding) error) (Tally, error) {
	var tally Tally
	block := k.decoder.NewBlock()
	lines := newLines(r)
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		tally.Read++
		message := text
		if k.options.Payloads {
			message = k.wrap(text, n)
		}
		k.register.look(message)
		block.Reset()
		at := Coordinates{Stream: "check", Offset: uint64(n), Landed: time.Unix(0, 0).UTC(), Batch: fmt.Sprint(n)}
		if err := k.decoder.Append(ctx, block, at, nil, message, nil); err != nil {
			return tally, fmt.Errorf("check line %d: %w", n, err)
		}
		if err := k.tell(&tally, n, tell); err != nil {
			return tally, err
		}
	}
	if err := lines.Err(); err != nil {
		return tally, fmt.Errorf("read the records: %w", err)
	}
	return tally, nil
}

// tell hands out the findings of the record that was read last.
func (k *Checker) tell(tally *Tally, line int, tell func(Finding) error) error {
	out := k.decoder.Last()
	if out.Reason != "" {
		tally.Refused++
		return tell(k.finding(line, "refused", out.Field, out.Reason, out.Masked))
	}
	if len(out.Flags) > 0 {
		tally.Flagged++
	}
	for _, flag := range out.Flags {
		field, code, _ := strings.Cut(flag, ":")
		if err := tell(k.finding(line, "flagged", field, code, "")); err != nil {
			return err
		}
	}
	return nil
}

func (k *Checker) finding(line int, verdict, field, code, masked string) Finding {
	r, _ := k.catalogue.Refusal(code)
	return Finding{Line: line, Verdict: verdict, Field: field, Rule: code, Value: masked, ZH: r.ZH, EN: r.EN, RemedyZH: r.RemedyZH, RemedyEN: r.RemedyEN}
}

// wrap puts an envelope around a payload; its times lie far in the future, so
// that no day of the payload counts as one after the sending.
func (k *Checker) wrap(payload []byte, line int) []byte {
	head := fmt.Sprintf(`{"message_id":"check-%d","sender":%q,"sender_seq":%d,"record_type":%q,"schema_version":%d,"op":"upsert","revision":1,"business_time":"2299-01-01T00:00:00+08:00","sent_time":"2299-01-01T00:00:00+08:00","payload":`,
		line, k.senderOf(payload), line, k.typ.Name, k.typ.Version)
	out := append([]byte(head), payload...)
	return append(out, '}')
}

// senderOf is the organ that a payload names, for it sends its own records.
func (k *Checker) senderOf(payload []byte) string {
	var fields map[string]any
	if json.Unmarshal(payload, &fields) == nil {
		if code, ok := fields[k.typ.OrganField].(string); ok && code != "" {
			return code
		}
	}
	return "check"
}

func newLines(r io.Reader) *bufio.Scanner {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxBytes+1<<20)
	return lines
}

// noVault stands for the vault where nothing is stored.
type noVault struct{}

// Seal seals nothing.
func (noVault) Seal(_ context.Context, dst []byte, _, _ string, _ []byte, _ *vault.Phrasebook) ([]byte, string, error) {
	return dst, "", nil
}

// Phrasebook gives none.
func (noVault) Phrasebook([]byte) *vault.Phrasebook { return nil }

// Pseudonym is the same for all.
func (noVault) Pseudonym(string, []byte) string { return "-" }

// sketch is a register made of the codes that the records themselves name,
// until a real one is read.
type sketch struct {
	fixed   bool
	system  string
	fields  []string // fields that hold organ codes
	known   map[string]bool
	organs  []access.Organ
	current *access.Register
}

// Current returns the register so far.
func (s *sketch) Current() *access.Register {
	if s.current == nil {
		s.build()
	}
	return s.current
}

// Reload reads nothing.
func (s *sketch) Reload(context.Context) error { return nil }

func (s *sketch) build() { s.current = access.NewRegister(s.organs) }

// look takes in the organ codes of a message as organs of the sender's system.
func (s *sketch) look(message []byte) {
	if s.fixed {
		return
	}
	var m struct {
		Sender  string         `json:"sender"`
		Payload map[string]any `json:"payload"`
	}
	if json.Unmarshal(message, &m) != nil {
		return
	}
	before := len(s.organs)
	s.take(m.Sender)
	for _, field := range s.fields {
		if code, ok := m.Payload[field].(string); ok {
			s.take(code)
		}
	}
	if len(s.organs) > before {
		s.build()
	}
}

func (s *sketch) take(code string) {
	if code == "" || len(code) > 32 || s.known[code] {
		return
	}
	s.known[code] = true
	s.organs = append(s.organs, access.Organ{ID: code, Code: code, System: s.system})
}
