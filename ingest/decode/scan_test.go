package decode

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func scanWhole(b []byte) (token, string) {
	s := scanner{b: b}
	t, ok := s.document()
	if !ok && s.code == "" {
		return t, "not_json"
	}
	return t, s.code
}

func TestScannerAgreesWithEncodingJSON(t *testing.T) {
	// Damaged documents: pieces of JSON put together in any order.
	pieces := []string{"{", "}", "[", "]", ",", ":", `"a"`, `"`, "\\", "\\u00e9", "\\ud83d", "0", "-", "1.5", "e5", "E", "+", "true", "false", "nul", "null", " ", "\n", "\x01", "案", "00", ".", `"\q"`, `{"a":1}`}
	rapid.Check(t, func(r *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(r, "pieces")
		text := strings.Join(parts, "")
		_, code := scanWhole([]byte(text))
		if code == "too_deep" {
			return
		}
		if want := json.Valid([]byte(text)); (code == "") != want {
			r.Fatalf("%q: code %q, encoding/json says valid = %v", text, code, want)
		}
	})
}

func TestUnescapeAgreesWithEncodingJSON(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := rapid.String().Draw(r, "text")
		text, err := json.Marshal(want)
		if err != nil {
			r.Fatal(err)
		}
		tok, code := scanWhole(text)
		if code != "" {
			r.Fatal(code)
		}
		got, ok := unescape(nil, tok.raw)
		var clean string
		if err := json.Unmarshal(text, &clean); err != nil {
			r.Fatal(err)
		}
		if !ok || string(got) != clean {
			r.Fatalf("%s: got %q, want %q", text, got, clean)
		}
	})
	for _, half := range []string{`\ud83d`, `\ud83dx`, `\ud83d\u0041`, `\ude00`} {
		if _, ok := unescape(nil, []byte(half)); ok {
			t.Errorf("%s holds half a character and was taken", half)
		}
	}
	if got, ok := unescape(nil, []byte(`\ud83d\ude00`)); !ok || string(got) != "😀" {
		t.Errorf("a surrogate pair became %q", got)
	}
}

func TestEveryCutOfADocumentIsTruncated(t *testing.T) {
	whole := `{"a": [1, -2.5e3, true, null], "b": {"c": "x\u00e9\n"}, "d": false}`
	for i := range len(whole) {
		if _, code := scanWhole([]byte(whole[:i])); code != "truncated_json" {
			t.Errorf("%q: %s", whole[:i], code)
		}
	}
	if _, code := scanWhole([]byte(whole + "x")); code != "not_json" {
		t.Error(code)
	}
	deep := strings.Repeat("[", 9) + strings.Repeat("]", 9)
	if _, code := scanWhole([]byte(deep)); code != "too_deep" {
		t.Error(code)
	}
}

// FuzzEnvelope holds the scanner against encoding/json, and the payload's members
// that it gives on the way against those it gives when it reads the payload alone.
func FuzzEnvelope(f *testing.F) {
	for _, text := range []string{`{"payload":{"a":1,"b":[true]},"sender":"x"}`, `{"a":"\u00e9\ud83d\ude00"}`, `[1,2]`, `{"payload":{"payload":{"x":"0123456789\\"}}}`, "\"\x01\""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, code := scanWhole(text)
		if want := json.Valid(text); code != "too_deep" && utf8.Valid(text) && (code == "") != want {
			t.Fatalf("%q: code %q, encoding/json says valid = %v", text, code, want)
		}
		if code != "" || len(text) == 0 || text[0] != '{' {
			return
		}
		var way, alone []string
		s := scanner{b: text, began: func() { way = nil }, inner: func(k, v token) bool {
			way = append(way, string(k.raw)+"="+string(v.raw))
			return true
		}}
		var payload []byte
		s.members(1, func(k, v token) bool {
			if string(k.raw) == payloadName && v.kind == kindObject {
				payload = v.raw
			}
			return true
		})
		if payload == nil {
			return
		}
		again := scanner{b: payload}
		again.members(1, func(k, v token) bool {
			alone = append(alone, string(k.raw)+"="+string(v.raw))
			return true
		})
		if strings.Join(way, "\n") != strings.Join(alone, "\n") {
			t.Fatalf("%q: on the way %q, alone %q", text, way, alone)
		}
	})
}
