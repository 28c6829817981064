package filedrop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hengjian/ingest/filedrop"
	"hengjian/warehouse/contract"
)

// TestUnknownFieldsAreKeptInTheLog lets a contract of a warehouse in use keep
// unknown fields from now on: its log gets the column and the record its flag.
func TestUnknownFieldsAreKeptInTheLog(t *testing.T) {
	f := newFixture(t) // by the contracts that refuse
	text, err := os.ReadFile("../../warehouse/contract/types/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "contracts"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "contracts", "case.yaml"), []byte(strings.Replace(string(text), "timeliness_days:", "unknown: keep\ntimeliness_days:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	keeping, err := contract.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Replace(jsonCase("A4", "A330100"), `"payload":{`, `"payload":{"mood":"张三","seen":true,`, 1)
	whole := func(number string) []byte {
		return pack(t, nil, func(m *filedrop.Manifest, files *[]file) {
			m.Package = number // another manifest, another package
			m.Members, *files = []filedrop.Member{member("x.jsonl", "jsonl", lines, 1)}, []file{{"x.jsonl", lines}}
		})
	}
	if taken, err := f.take(whole("1"), nil); err != nil || taken.Members[0].Counts.Quarantined != 1 {
		t.Fatalf("before: %+v %v", taken, err)
	}
	if err := contract.Reconcile(t.Context(), f.db, keeping); err != nil {
		t.Fatal(err)
	}
	f.deps.Decode.Catalogue = keeping
	if taken, err := f.take(whole("2"), nil); err != nil || taken.Members[0].Counts.Accepted != 1 {
		t.Fatalf("after: %+v %v", taken, err)
	}
	got := f.text(t, "SELECT concat(JSONExtractRaw(extra, 'seen'), ' ', toString(length(JSONExtractString(extra, 'mood'))), ' ', arrayStringConcat(flags, ' ')) FROM log_case WHERE status = 'accepted'")
	if got != "true 32 payload:unknown_field" {
		t.Errorf("kept: %s", got)
	}
	if n := f.text(t, "SELECT toString(count()) FROM log_case WHERE position(extra, '张三') > 0"); n != "0" {
		t.Error("an unknown value stands in clear")
	}
}
