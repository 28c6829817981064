package decode

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hengjian/warehouse/contract"
)

func oneLine(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCheckTakesEverySample(t *testing.T) {
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range c.Types() {
		k, err := NewChecker(c, typ, CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		tally, err := k.Run(t.Context(), strings.NewReader(oneLine(t, typ.Sample())+"\n"), func(f Finding) error {
			t.Errorf("%s: %+v", typ.Name, f)
			return nil
		})
		if err != nil || tally.Read != 1 {
			t.Errorf("%s: %+v %v", typ.Name, tally, err)
		}
	}
}

func TestCheckNamesLineFieldRuleAndRemedy(t *testing.T) {
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	typ, _ := c.Type("case")
	good := oneLine(t, typ.Sample())
	var m struct {
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal([]byte(good), &m); err != nil {
		t.Fatal(err)
	}
	payload := string(m.Payload)
	organs := `{"organ_id":"o1","code":"330106","system":"police"}`
	for _, c := range []struct {
		name           string
		payloads       bool
		organs         string
		lines          []string
		line           int
		verdict, field string
		rule           string
		refused, flags int
	}{
		{name: "unknown code", lines: []string{good, strings.Replace(good, `"police_investigation"`, `"weather"`, 1)}, line: 2, verdict: "refused", field: "docket_kind", rule: "unknown_value", refused: 1},
		{name: "not JSON", lines: []string{"{", good}, line: 1, verdict: "refused", rule: "truncated_json", refused: 1},
		{name: "empty lines pass", lines: []string{"", good, "", strings.Replace(good, `"2025-03-03"`, `"2025-02-30"`, 1)}, line: 4, verdict: "refused", rule: "not_a_date", refused: 1},
		{name: "a flag does not refuse", lines: []string{strings.Replace(good, `"report"`, `"rumour"`, 1)}, line: 1, verdict: "flagged", field: "source", rule: "unknown_value", flags: 1},
		{name: "payloads alone", payloads: true, lines: []string{payload, strings.Replace(payload, `"handling_region":"330106"`, `"handling_region":"999999"`, 1)}, line: 2, verdict: "refused", field: "handling_region", rule: "unknown_region", refused: 1},
		{name: "register given", organs: organs, lines: []string{good, strings.Replace(good, `"referred_from_organ":"330106"`, `"referred_from_organ":"990000"`, 1)}, line: 2, verdict: "refused", field: "referred_from_organ", rule: "unknown_organ", refused: 1},
		{name: "newer version", lines: []string{strings.Replace(good, `"schema_version":1`, `"schema_version":9`, 1)}, line: 1, verdict: "refused", field: "schema_version", rule: "wrong_version", refused: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkOne(t, typ, c.payloads, c.organs, c.lines, Finding{Line: c.line, Verdict: c.verdict, Field: c.field, Rule: c.rule}, c.refused, c.flags)
		})
	}
}

func checkOne(t *testing.T, typ *contract.Type, payloads bool, organs string, lines []string, want Finding, refused, flagged int) {
	t.Helper()
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewChecker(c, typ, CheckOptions{Payloads: payloads})
	if err != nil {
		t.Fatal(err)
	}
	if organs != "" {
		if err := k.Organs(strings.NewReader(organs)); err != nil {
			t.Fatal(err)
		}
	}
	var got []Finding
	tally, err := k.Run(t.Context(), strings.NewReader(strings.Join(lines, "\n")), func(f Finding) error {
		got = append(got, f)
		return nil
	})
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, findings %+v", err, got)
	}
	f := got[0]
	if f.Line != want.Line || f.Verdict != want.Verdict || f.Rule != want.Rule || (want.Field != "" && f.Field != want.Field) {
		t.Errorf("got %+v, want %+v", f, want)
	}
	if f.ZH == "" || f.EN == "" || f.RemedyZH == "" || f.RemedyEN == "" {
		t.Errorf("words are missing: %+v", f)
	}
	if tally.Refused != refused || tally.Flagged != flagged {
		t.Errorf("tally %+v", tally)
	}
}
