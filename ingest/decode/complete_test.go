package decode_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hengjian/ingest/decode"
	"hengjian/warehouse/contract"
)

// earned gives, for every code of a refusal or flag, a record that earns it.
func earned(t *testing.T) map[string]struct{ typ, text string } {
	record := func(text, path string, v any) string { return string(parsed(t, text).with(path, v).bytes(t)) }
	docket := func(path string, v any) struct{ typ, text string } {
		return struct{ typ, text string }{"case", record(caseText, path, v)}
	}
	person := func(v any) struct{ typ, text string } {
		return struct{ typ, text string }{"person_in_case", record(personText, "payload.resident_id", v)}
	}
	plain := func(text string) struct{ typ, text string } { return struct{ typ, text string }{"case", text} }
	return map[string]struct{ typ, text string }{
		"not_utf8":               plain("{\"a\":\"\xff\"}"),
		"not_json":               plain("hello"),
		"truncated_json":         plain(caseText[:len(caseText)-2]),
		"too_deep":               docket("payload.charge", json.RawMessage(strings.Repeat("[", 20)+strings.Repeat("]", 20))),
		"duplicate_key":          plain(strings.Replace(caseText, `"op":"upsert"`, `"op":"upsert","op":"upsert"`, 1)),
		"too_large":              plain(strings.Repeat(" ", 16<<20) + caseText),
		"unknown_type":           docket("record_type", "cases"),
		"wrong_topic":            docket("record_type", "trial"),
		"wrong_version":          docket("schema_version", 9),
		"missing_field":          docket("payload.compartment", nil),
		"missing_revision":       docket("revision", nil),
		"unknown_op":             docket("op", "delete"),
		"wrong_kind":             docket("payload.charge", 5),
		"unknown_value":          docket("payload.docket_kind", "case"),
		"unknown_field":          docket("payload.colour", "red"),
		"unknown_organ":          docket("payload.organ", "A999999"),
		"unknown_region":         docket("payload.handling_region", "999999"),
		"date_without_zone":      docket("business_time", "2025-03-01T09:00:00"),
		"not_a_date":             docket("payload.opened_on", "2025-02-30"),
		"future_date":            docket("payload.opened_on", "2025-03-03"),
		"too_long":               docket("payload.charge", strings.Repeat("长", 61)),
		"digest_mismatch":        docket("digest", strings.Repeat("0", 64)),
		"number_out_of_range":    docket("revision", json.Number("18446744073709551616")),
		"not_a_document_number":  docket("payload.docket_number", "七号"),
		"sender_mismatch":        {"trial", record(caseText, "record_type", "trial")},
		"never_allocated_region": docket("payload.handling_region", "330199"),
		"check_digit":            person("110105194912310021"),
		"missing_id":             person(nil),
		"implausible":            person("AB12"),
	}
}

// TestEveryCheckIsEarnedAndExplained holds each code of a refusal or flag to a
// record that earns it and to its words in both languages. A check that is added
// without either fails here.
func TestEveryCheckIsEarnedAndExplained(t *testing.T) {
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	records := earned(t)
	for _, code := range decode.Codes() {
		r, ok := records[code]
		if !ok {
			t.Errorf("no record earns %s: add one", code)
			continue
		}
		delete(records, code)
		b := newBench(t, r.typ, false)
		b.append([]byte(r.text))
		flags := b.decoder.Last().Flags
		flagged := slices.ContainsFunc(flags, func(f string) bool { return strings.HasSuffix(f, ":"+code) })
		if got := b.decoder.Last().Reason; got != code && !flagged {
			t.Errorf("the record for %s is refused with %q and flagged %v", code, got, flags)
		}
		words, ok := catalogue.Refusal(code)
		if !ok || words.ZH == "" || words.EN == "" || words.RemedyZH == "" || words.RemedyEN == "" {
			t.Errorf("%s lacks words: %+v", code, words)
		}
		if !strings.ContainsFunc(words.ZH+words.RemedyZH, func(r rune) bool { return r >= 0x4e00 }) || strings.ContainsFunc(words.EN+words.RemedyEN, func(r rune) bool { return r >= 0x4e00 }) {
			t.Errorf("%s: the languages are mixed up: %+v", code, words)
		}
	}
	for code := range records {
		t.Errorf("%s is no code of the decoder any more: delete its record", code)
	}
}
