package decode_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go/proto"

	"hengjian/ingest/decode"
	"hengjian/warehouse/contract"
)

// keeping loads the contracts with a case that keeps what it does not know.
func keeping(t testing.TB) *contract.Catalogue {
	t.Helper()
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
	c, err := contract.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestUnknownMembersAreKeptOrRefusedNeverLost sends members that no field names
// to a contract that keeps them, and to the one that does not.
func TestUnknownMembersAreKeptOrRefusedNeverLost(t *testing.T) {
	catalogue := keeping(t)
	ct, _ := catalogue.Type("case")
	r := &register{now: organs(), later: organs()}
	d, err := decode.New(ct, decode.Deps{Catalogue: catalogue, Vault: openVault{}, Register: r})
	if err != nil {
		t.Fatal(err)
	}
	keeps := &bench{t: t, decoder: d, register: r, block: d.NewBlock()}
	refuses := newBench(t, "case", false)
	many := ""
	for i := range 33 {
		many += fmt.Sprintf(`"u%d":1,`, i)
	}
	mark := openVault{}.Pseudonym
	for _, c := range []struct{ members, extra, reason string }{
		{``, ``, ``},
		{`"mood":"张三",`, `{"mood":"` + mark("extra", []byte("张三")) + `"}`, ``},
		{`"m\u006fod":"\u5f20三","n":1.50,"o":{"a":[1]},"yes":true,"none":null,`, `{"m\u006fod":"` + mark("extra", []byte("张三")) + `","n":"` + mark("extra", []byte("1.50")) + `","o":"` + mark("extra", []byte(`{"a":[1]}`)) + `","yes":true,"none":null}`, ``},
		{`"mood":1,"m\u006fod":2,`, ``, `duplicate_key`},
		{`"_mood":1,`, ``, `unknown_field`},
		{`"` + strings.Repeat("n", 65) + `":1,`, ``, `unknown_field`},
		{many, ``, `unknown_field`},
	} {
		text := strings.Replace(caseText, `"payload":{`, `"payload":{`+c.members, 1)
		keeps.block.Reset()
		keeps.append([]byte(text))
		got := keeps.decoder.Last()
		if got.Reason != c.reason {
			t.Errorf("%.60s: %+v", c.members, got)
		}
		extra := column(t, keeps.block, contract.ExtraColumn)
		if extra != c.extra || (extra != "" && !json.Valid([]byte(extra))) {
			t.Errorf("%.60s: kept %q, want %q", c.members, extra, c.extra)
		}
		if flagged := strings.Join(got.Flags, " ") == "payload:unknown_field"; flagged != (c.extra != "") {
			t.Errorf("%.60s: flags %v", c.members, got.Flags)
		}
		if sealed := column(t, keeps.block, "sealed"); sealed != "sealed:"+text {
			t.Errorf("%.60s: the original is not sealed whole", c.members)
		}
		refuses.block.Reset()
		refuses.append([]byte(text))
		if got := refuses.decoder.Last().Reason; (got == "") != (c.members == "") {
			t.Errorf("%.60s: a contract that keeps nothing says %q", c.members, got)
		}
	}
}

// column reads the only value of a text column of a block.
func column(t testing.TB, b *decode.Block, name string) string {
	t.Helper()
	for _, c := range b.Input() {
		if c.Name != name {
			continue
		}
		var buf proto.Buffer
		c.Data.EncodeColumn(&buf)
		var out proto.ColStr
		if err := out.DecodeColumn(buf.Reader(), c.Data.Rows()); err != nil || out.Rows() != 1 {
			t.Fatalf("column %s: %d rows, %v", name, out.Rows(), err)
		}
		return out.Row(0)
	}
	t.Fatal("no column " + name)
	return ""
}
