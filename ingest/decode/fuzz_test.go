package decode_test

import (
	"encoding/json"
	"testing"

	"github.com/ClickHouse/ch-go/proto"
)

// FuzzDecoder gives any bytes to the decoder of the type with the most kinds of
// field: one row each time, the same for the same bytes, and nothing accepted
// that is no JSON.
func FuzzDecoder(f *testing.F) {
	for _, text := range []string{caseText, personText, "", "{}", `{"payload":{}}`, `{"pay\u006coad":{"organ":"A330100"}}`} {
		f.Add([]byte(text))
	}
	one, two := newBench(f, "person_in_case", true), newBench(f, "person_in_case", true)
	encoded := func(b *bench) string {
		var buf proto.Buffer
		for _, c := range b.block.Input() {
			if s, ok := c.Data.(proto.StateEncoder); ok {
				s.EncodeState(&buf)
			}
			c.Data.EncodeColumn(&buf)
		}
		return string(buf.Buf)
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, b := range []*bench{one, two} {
			b.t = t
			b.block.Reset()
			b.append(value)
		}
		if one.block.Refused() == 0 && !json.Valid(value) {
			t.Fatalf("accepted, but no JSON: %q", value)
		}
		if a, b := encoded(one), encoded(two); a != b {
			t.Fatalf("two rows of the same bytes: %q, %q", a, b)
		}
	})
}
