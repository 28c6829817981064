package decode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"hengjian/ingest/decode"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/vault"
)

// openVault stands in for the vault where its keys do not matter: it seals by
// marking, so that a test can see what was sealed under which key.
type openVault struct{ fail error }

func (v openVault) Seal(_ context.Context, dst []byte, sender, month string, plain []byte, _ *vault.Phrasebook) ([]byte, string, error) {
	return append(append(dst, "sealed:"...), plain...), sender + "/" + month, v.fail
}

// Phrasebook gives none.
func (openVault) Phrasebook([]byte) *vault.Phrasebook { return nil }

func (openVault) Pseudonym(class string, value []byte) string {
	sum := sha256.Sum256([]byte(class + string(value)))
	return hex.EncodeToString(sum[:16])
}

// register is a source whose second reading knows more organs.
type register struct {
	now, later *access.Register
	reloads    int
}

func (r *register) Current() *access.Register { return r.now }

func (r *register) Reload(context.Context) error {
	r.reloads++
	r.now = r.later
	return nil
}

func organs(more ...access.Organ) *access.Register {
	return access.NewRegister(append(more,
		access.Organ{ID: "o1", Code: "A330100", Name: "甲", System: "police", Region: "330100", Order: 1},
		access.Organ{ID: "o2", Code: "J330100", Name: "乙", System: "procuratorate", Region: "330100", Order: 2},
		access.Organ{ID: "o3", Code: "F330100", Name: "丙", System: "court", Region: "330100", Order: 3}))
}

type bench struct {
	t        testing.TB
	decoder  *decode.Decoder
	register *register
	block    *decode.Block
}

func newBench(t testing.TB, typ string, simulated bool) *bench {
	t.Helper()
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	ct, ok := catalogue.Type(typ)
	if !ok {
		t.Fatal("no contract " + typ)
	}
	r := &register{now: organs(), later: organs(access.Organ{ID: "o9", Code: "A339999", System: "police", Order: 9})}
	d, err := decode.New(ct, decode.Deps{Catalogue: catalogue, Vault: openVault{}, Register: r, Simulated: simulated})
	if err != nil {
		t.Fatal(err)
	}
	return &bench{t: t, decoder: d, register: r, block: d.NewBlock()}
}

// message is an envelope with its payload as members, so that a test changes one.
type message map[string]any

const caseText = `{"message_id":"m1","sender":"A330100","sender_seq":7,"record_type":"case","schema_version":1,"op":"upsert","revision":3,
"business_time":"2025-03-01T09:00:00+08:00","sent_time":"2025-03-02T09:30:00.250+08:00","payload":{"organ":"A330100","handling_region":"330106","compartment":"general",
"docket_kind":"police_investigation","docket_number":"杭公（刑）立字[2025]007号","charge":"盗窃","opened_on":"2025-03-01","juvenile":false,"referred_from_organ":"J330100","_absent":{"closed_on":"not_applicable"}}}`

const personText = `{"message_id":"m2","sender":"A330100","sender_seq":8,"record_type":"person_in_case","schema_version":1,"op":"upsert","revision":1,
"business_time":"2025-03-01T09:00:00+08:00","sent_time":"2025-03-02T09:30:00+08:00","payload":{"organ":"A330100","handling_region":"330106","compartment":"general",
"docket_kind":"police_investigation","docket_number":"杭公立字〔2025〕7号","person_no":"1|2","name":"张 三","resident_id":"11010519491231002X","birth_date":"1949-12-31","household_region":"330106","role":"suspect"}}`

func parsed(t testing.TB, text string) message {
	t.Helper()
	m := message{}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m message) with(path string, v any) message {
	at := map[string]any(m)
	if rest, ok := strings.CutPrefix(path, "payload."); ok {
		at, path = m["payload"].(map[string]any), rest
	}
	if v == nil {
		delete(at, path)
		return m
	}
	at[path] = v
	return m
}

func (m message) bytes(t testing.TB) []byte {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) append(value []byte, headers ...decode.Header) {
	b.t.Helper()
	at := decode.Coordinates{Stream: "kafka:c/hj.case/1/0", Offset: uint64(b.block.Rows()), Topic: "hj.case", Landed: time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC), Batch: "b1"}
	rows := b.block.Rows()
	if err := b.decoder.Append(context.Background(), b.block, at, nil, value, headers); err != nil {
		b.t.Fatal(err)
	}
	if b.block.Rows() != rows+1 {
		b.t.Fatalf("%d rows after %d", b.block.Rows(), rows)
	}
	for _, c := range b.block.Input() {
		if c.Data.Rows() != rows+1 {
			b.t.Fatalf("column %s has %d rows, not %d", c.Name, c.Data.Rows(), rows+1)
		}
	}
}

// last reads a column's value in the last row, through the wire format.
func (b *bench) last(column string) string { return b.at(column, b.block.Rows()-1) }

func (b *bench) at(column string, row int) string {
	b.t.Helper()
	for _, c := range b.block.Input() {
		if c.Name != column {
			continue
		}
		return cellOf(b.t, c.Data, row)
	}
	b.t.Fatal("no column " + column)
	return ""
}

func cellOf(t testing.TB, in proto.ColInput, row int) string {
	t.Helper()
	var buf proto.Buffer
	in.EncodeColumn(&buf)
	r := proto.NewReader(bytes.NewReader(buf.Buf))
	out := decoderFor(string(in.Type()))
	if out == nil {
		t.Fatalf("no reader for %s", in.Type())
	}
	if err := out.DecodeColumn(r, in.Rows()); err != nil {
		t.Fatalf("%s: %v", in.Type(), err)
	}
	switch c := out.(type) {
	case *proto.ColStr:
		return c.Row(row)
	case *proto.ColNullable[string]:
		return c.Row(row).Or("NULL")
	case *proto.ColLowCardinality[string]:
		if c.Row(row) == "" && strings.Contains(string(in.Type()), "Nullable") {
			return "NULL" // what key 0 means to the server; a test on the engine checks that
		}
		return c.Row(row)
	case *proto.ColArr[string]:
		return strings.Join(c.Row(row), ",")
	case *proto.ColInt8:
		return fmt.Sprint(c.Row(row))
	case *proto.ColUInt64:
		return fmt.Sprint(c.Row(row))
	case *proto.ColNullable[uint8]:
		return nullText(c.Row(row))
	case *proto.ColNullable[uint16]:
		return nullText(c.Row(row))
	case *proto.ColNullable[int32]:
		return nullText(c.Row(row))
	case *proto.ColNullable[int64]:
		return nullText(c.Row(row))
	}
	t.Fatalf("no text for %s", in.Type())
	return ""
}

func nullText[T any](v proto.Nullable[T]) string {
	if !v.Set {
		return "NULL"
	}
	return fmt.Sprint(v.Value)
}

func decoderFor(name string) proto.ColResult {
	switch name {
	case "String":
		return new(proto.ColStr)
	case "Nullable(String)":
		return new(proto.ColStr).Nullable()
	case "LowCardinality(String)", "LowCardinality(Nullable(String))":
		return new(proto.ColStr).LowCardinality()
	case "Array(LowCardinality(String))":
		return new(proto.ColStr).LowCardinality().Array()
	case "UInt64":
		return new(proto.ColUInt64)
	case "Nullable(Bool)":
		return new(proto.ColUInt8).Nullable()
	case "Nullable(UInt16)":
		return new(proto.ColUInt16).Nullable()
	case "Nullable(Date32)":
		return new(proto.ColInt32).Nullable()
	}
	switch {
	case strings.HasPrefix(name, "Enum8"):
		return new(proto.ColInt8)
	case strings.HasPrefix(name, "Nullable(DateTime64"), strings.HasPrefix(name, "Nullable(Decimal"):
		return new(proto.ColInt64).Nullable()
	}
	return nil
}

func (b *bench) wants(values map[string]string) {
	b.t.Helper()
	for column, want := range values {
		if got := b.last(column); got != want {
			b.t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}

func TestRecordBecomesTypedRow(t *testing.T) {
	b := newBench(t, "case", false)
	b.append([]byte(caseText))
	b.wants(map[string]string{
		"reason": "", "status": "1", "stream": "kafka:c/hj.case/1/0", "sender": "A330100", "sender_seq": "7", "op": "1", "revision": "3", "message_id": "m1",
		"business_time": "1740790800000", "sent_time": "1740879000250", "key": "o1|police_investigation|杭公〔刑〕立字〔2025〕7号",
		"organ": "A330100", "organ_id": "o1", "handling_region": "330106", "compartment": "general", "docket_number": "杭公（刑）立字[2025]007号",
		"docket_number_norm": "杭公〔刑〕立字〔2025〕7号", "charge": "盗窃", "opened_on": "20148", "juvenile": "0", "enterprise": "NULL", "closed_on": "NULL",
		"referred_from_organ_id": "o2", "absent": "closed_on:not_applicable", "flags": "", "seal_key": "A330100/2025-03", "sealed": "sealed:" + caseText,
	})
}

func TestPersonalValuesLeaveAsPseudonyms(t *testing.T) {
	b := newBench(t, "person_in_case", false)
	b.append([]byte(personText))
	v := openVault{}
	b.wants(map[string]string{
		"reason": "", "flags": "", "name": v.Pseudonym("name", []byte("张三")), "resident_id": v.Pseudonym("id", []byte("11010519491231002X")),
		"birth_date": v.Pseudonym("birth", []byte("1949-12-31")), "birth_date_year": "1949", "household_region": "330000",
		"key": contract.JoinKey("o1", "police_investigation", "杭公立字〔2025〕7号", "1|2"),
	})
	for name, c := range map[string]struct {
		id    any
		flags string
		value string
	}{
		"check digit": {"110105194912310021", "resident_id:check_digit", v.Pseudonym("id", []byte("110105194912310021"))},
		"missing":     {nil, "resident_id:missing_id", "NULL"},
		"empty":       {"", "resident_id:missing_id", "NULL"},
		"foreign":     {"E 12345678", "resident_id:implausible", v.Pseudonym("id", []byte("E12345678"))},
		"old form":    {"110105491231002", "", v.Pseudonym("id", []byte("11010519491231002X"))},
	} {
		b.append(parsed(t, personText).with("payload.resident_id", c.id).bytes(t))
		if got := b.last("flags") + " " + b.last("resident_id") + b.last("reason"); got != c.flags+" "+c.value {
			t.Errorf("%s: %s", name, got)
		}
	}
	b.append(parsed(t, personText).with("payload.household_region", "999999").bytes(t))
	b.wants(map[string]string{"reason": "", "flags": "household_region:unknown_region", "household_region": "NULL"})
	for row := range b.block.Rows() {
		for _, c := range b.block.Input() {
			if c.Name != "sealed" && c.Data.Type() != "UInt16" && c.Data.Type() != "FixedString(32)" && !strings.HasPrefix(string(c.Data.Type()), "DateTime64") {
				if text := cellOf(t, c.Data, row); strings.Contains(text, "张") || strings.Contains(text, "19491231") {
					t.Errorf("%s holds %q", c.Name, text)
				}
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	text := func(s string) []byte { return []byte(s) }
	edit := func(path string, v any) []byte { return parsed(t, caseText).with(path, v).bytes(t) }
	long := strings.Repeat("长", 61)
	for _, c := range []struct {
		name          string
		value         []byte
		reason, field string
		masked        string
	}{
		{"not UTF-8", text("{\"a\":\"\xff\"}"), "not_utf8", "", ""},
		{"not JSON", text("hello"), "not_json", "", ""},
		{"a list", text("[1]"), "not_json", "", ""},
		{"truncated", text(caseText[:len(caseText)-2]), "truncated_json", "", ""},
		{"something behind", text(caseText + "x"), "not_json", "", ""},
		{"too deep", edit("payload.charge", json.RawMessage(strings.Repeat("[", 20)+strings.Repeat("]", 20))), "too_deep", "", ""},
		{"too large", []byte(strings.Repeat(" ", 16<<20) + caseText), "too_large", "", ""},
		{"double envelope key", text(strings.Replace(caseText, `"op":"upsert"`, `"op":"upsert","op":"upsert"`, 1)), "duplicate_key", "op", ""},
		{"double payload key", text(strings.Replace(caseText, `"juvenile":false`, `"juvenile":false,"juveni\u006ce":true`, 1)), "duplicate_key", "juvenile", ""},
		{"unknown envelope key", edit("colour", "red"), "unknown_field", "", "colour"},
		{"unknown field", edit("payload.colour张三", "red"), "unknown_field", "payload", "colour某某"},
		{"unknown type", edit("record_type", "cases"), "unknown_type", "record_type", "cases"},
		{"wrong topic", edit("record_type", "trial"), "wrong_topic", "record_type", "trial"},
		{"wrong version", edit("schema_version", 9), "wrong_version", "schema_version", "9"},
		{"no revision", edit("revision", nil), "missing_revision", "revision", ""},
		{"revision as text", edit("revision", "3"), "wrong_kind", "revision", "9"},
		{"revision too large", edit("revision", json.Number("18446744073709551616")), "number_out_of_range", "revision", strings.Repeat("9", 20)},
		{"unknown op", edit("op", "delete"), "unknown_op", "op", "delete"},
		{"no sender", edit("sender", nil), "missing_field", "sender", ""},
		{"unknown sender", edit("sender", "A999999"), "unknown_organ", "sender", "A999999"},
		{"sender of a wrong system", parsed(t, personText).with("record_type", "case").with("sender", "X1").bytes(t), "unknown_organ", "sender", "X9"},
		{"no payload", edit("payload", nil), "missing_field", "payload", ""},
		{"payload a text", edit("payload", "x"), "wrong_kind", "payload", ""},
		{"no field", edit("payload.compartment", nil), "missing_field", "compartment", ""},
		{"empty field", edit("payload.docket_number", ""), "missing_field", "docket_number", ""},
		{"required declared absent", parsed(t, caseText).with("payload.compartment", nil).with("payload._absent", map[string]string{"compartment": "refused"}).bytes(t), "missing_field", "compartment", ""},
		{"value and absence", edit("payload._absent", map[string]string{"charge": "refused"}), "wrong_kind", "charge", ""},
		{"absence without reason", edit("payload._absent", map[string]string{"closed_on": "lost"}), "unknown_value", "closed_on", "aaaa"},
		{"absence of what is no field", edit("payload._absent", map[string]string{"colour": "refused"}), "unknown_field", "_absent", "colour"},
		{"number for text", edit("payload.charge", 5), "wrong_kind", "charge", "9"},
		{"text for bool", edit("payload.juvenile", "false"), "wrong_kind", "juvenile", "false"},
		{"unknown value", edit("payload.docket_kind", "case"), "unknown_value", "docket_kind", "case"},
		{"too long", edit("payload.charge", long), "too_long", "charge", strings.Repeat("某", 61)},
		{"unknown organ", edit("payload.organ", "A999999"), "unknown_organ", "organ", "A999999"},
		{"unknown region", edit("payload.handling_region", "999999"), "unknown_region", "handling_region", "999999"},
		{"never allocated region", edit("payload.handling_region", "330199"), "never_allocated_region", "handling_region", "999999"},
		{"no date", edit("payload.opened_on", "2025-02-30"), "not_a_date", "opened_on", "9999-99-99"},
		{"future date", edit("payload.opened_on", "2025-03-03"), "future_date", "opened_on", "9999-99-99"},
		{"time without zone", edit("business_time", "2025-03-01T09:00:00"), "date_without_zone", "business_time", "9999-99-99T99:99:99"},
		{"no document number", edit("payload.docket_number", "七号"), "not_a_document_number", "docket_number", "某某"},
		{"wrong digest", edit("digest", strings.Repeat("0", 64)), "digest_mismatch", "digest", ""},
		{"half a character", text(strings.Replace(caseText, `盗窃`, `\ud83d`, 1)), "not_utf8", "charge", "\\ud99d"},
	} {
		b := newBench(t, "case", false)
		b.append(c.value)
		if b.last("reason") != c.reason || b.last("field") != c.field || b.last("masked") != c.masked || b.last("status") != "2" {
			t.Errorf("%s: %s at %q, shape %q; want %s at %q, shape %q", c.name, b.last("reason"), b.last("field"), b.last("masked"), c.reason, c.field, c.masked)
		}
		if b.last("organ") != "NULL" || b.last("sealed") != "sealed:"+string(c.value) {
			t.Errorf("%s: a refused row keeps its bytes and no fields", c.name)
		}
		if b.block.Refused() != 1 {
			t.Errorf("%s: %d refused", c.name, b.block.Refused())
		}
	}
}

func TestEveryReasonHasItsText(t *testing.T) {
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range decode.Codes() {
		if _, ok := catalogue.Refusal(code); !ok {
			t.Errorf("refusal %s has no text", code)
		}
	}
}

func TestRefusedRowKeepsReadableParts(t *testing.T) {
	b := newBench(t, "case", false)
	value := parsed(t, caseText).with("op", "delete").bytes(t)
	b.append(value)
	b.wants(map[string]string{"sender": "A330100", "sender_seq": "7", "revision": "3", "message_id": "m1", "business_time": "1740790800000", "seal_key": "A330100/2025-03"})
	b.append([]byte("{"))
	b.wants(map[string]string{"sender": "", "seal_key": "unknown/2025-03", "business_time": "NULL"})
}

func TestDigestIsThatOfThePayloadAsReceived(t *testing.T) {
	b := newBench(t, "case", false)
	payload := caseText[strings.Index(caseText, `"payload":`)+len(`"payload":`) : len(caseText)-1]
	sum := sha256.Sum256([]byte(payload))
	good := caseText[:len(caseText)-1] + `,"digest":"` + strings.ToUpper(hex.EncodeToString(sum[:])) + `"}`
	b.append([]byte(good))
	b.wants(map[string]string{"reason": ""})
	b.append([]byte(strings.Replace(good, `"juvenile":false`, `"juvenile": false`, 1)))
	b.wants(map[string]string{"reason": "digest_mismatch"})
}

func TestRetractionNeedsOnlyItsKey(t *testing.T) {
	b := newBench(t, "case", false)
	key := map[string]any{"organ": "A330100", "docket_kind": "police_investigation", "docket_number": "杭公立字〔2025〕7号", "_reason": "重复录入"}
	b.append(parsed(t, caseText).with("op", "retract").with("payload", key).bytes(t))
	b.wants(map[string]string{"reason": "", "op": "3", "key": "o1|police_investigation|杭公立字〔2025〕7号", "compartment": "NULL"})
	b.append(parsed(t, caseText).with("op", "retract").bytes(t))
	b.wants(map[string]string{"reason": ""})
	delete(key, "docket_number")
	b.append(parsed(t, caseText).with("op", "retract").with("payload", key).bytes(t))
	b.wants(map[string]string{"reason": "missing_field", "field": "docket_number"})
	b.append(parsed(t, caseText).with("payload._reason", "x").bytes(t))
	b.wants(map[string]string{"reason": "unknown_field"})
}

func TestRegisterIsReadAnewOncePerBatch(t *testing.T) {
	b := newBench(t, "case", false)
	b.append(parsed(t, caseText).with("payload.organ", "A339999").bytes(t))
	b.wants(map[string]string{"reason": "", "organ_id": "o9"})
	for range 3 {
		b.append(parsed(t, caseText).with("payload.organ", "A000000").bytes(t))
		b.wants(map[string]string{"reason": "unknown_organ"})
	}
	if b.register.reloads != 1 {
		t.Errorf("%d readings in one batch", b.register.reloads)
	}
}

func TestSimulatedWarehouseTakesNeverAllocatedCodes(t *testing.T) {
	value := parsed(t, caseText).with("payload.handling_region", "330199").bytes(t)
	b := newBench(t, "case", true)
	b.append(value)
	b.wants(map[string]string{"reason": "", "handling_region": "330199"})
}

func TestHeadersMustAgree(t *testing.T) {
	b := newBench(t, "case", false)
	b.append([]byte(caseText), decode.Header{Key: "sender", Value: []byte("A330100")}, decode.Header{Key: "record_type", Value: []byte("case")})
	b.wants(map[string]string{"reason": ""})
	b.append([]byte(caseText), decode.Header{Key: "sender", Value: []byte("A330101")})
	b.wants(map[string]string{"reason": "sender_mismatch"})
	b.append(parsed(t, caseText).with("sender", "J330100").bytes(t))
	b.wants(map[string]string{"reason": ""})
	police := newBench(t, "trial", false)
	police.append(parsed(t, caseText).with("record_type", "trial").bytes(t))
	police.wants(map[string]string{"reason": "sender_mismatch", "sender": "A330100"})
}

func TestSameBytesGiveTheSameRow(t *testing.T) {
	wire := func(b *bench) []byte {
		var buf proto.Buffer
		for _, c := range b.block.Input() {
			c.Data.EncodeColumn(&buf)
		}
		return buf.Buf
	}
	first, second := newBench(t, "case", false), newBench(t, "case", false)
	second.append([]byte("{}"))
	second.append(parsed(t, caseText).with("payload.charge", "抢劫").bytes(t))
	second.block.Reset()
	for _, b := range []*bench{first, second} {
		b.append([]byte(caseText))
		b.append([]byte(`{"payload":1}`))
	}
	if !bytes.Equal(wire(first), wire(second)) {
		t.Error("a used block gives other bytes than a new one")
	}
}

func TestVaultFailureAppendsNothing(t *testing.T) {
	b := newBench(t, "case", false)
	catalogue, _ := contract.Load("")
	ct, _ := catalogue.Type("case")
	down := errors.New("vault down")
	d, err := decode.New(ct, decode.Deps{Catalogue: catalogue, Vault: openVault{fail: down}, Register: b.register})
	if err != nil {
		t.Fatal(err)
	}
	block := d.NewBlock()
	if err := d.Append(t.Context(), block, decode.Coordinates{}, nil, []byte(caseText), nil); !errors.Is(err, down) || block.Rows() != 0 {
		t.Errorf("%v, %d rows", err, block.Rows())
	}
}

func BenchmarkAppend(b *testing.B) {
	n := newBench(b, "case", false)
	value := []byte(caseText)
	at := decode.Coordinates{Stream: "s", Landed: time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC), Batch: "b"}
	b.SetBytes(int64(len(value)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at.Offset++
		if i%50_000 == 0 {
			n.block.Reset()
		}
		if err := n.decoder.Append(b.Context(), n.block, at, nil, value, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
