package contract

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const evolving = `type: sample
version: 1
zh: 样例
en: Sample
doc: A sample.
senders: [police]
key: [organ, number]
organ: organ
timeliness_days: 3
docket: {organ: organ, kind: =supervision, number: number}
fields:
  - {name: organ, zh: 机关, en: Organ, type: organ, required: true}
  - {name: compartment, zh: 隔离区, en: Compartment, type: enum, required: true, codes: compartment}
  - {name: number, zh: 编号, en: Number, type: document_number, required: true, max: 40}
  - {name: state, zh: 状态, en: State, type: enum, values: {open: 在办, closed: 办结}}
  - {name: opened_on, zh: 立案日, en: Opened on, type: date}
  - {name: note, zh: 备注, en: Note, type: string, max: 50, on_bad: flag}
events:
  - {type: sample.opened, at: opened_on, precision: day, when: {state: open}, attributes: [note]}
`

// TestDiff changes one thing of a contract at a time.
func TestDiff(t *testing.T) {
	load := func(text string) *Catalogue {
		t.Helper()
		file := filepath.Join(t.TempDir(), "sample.yaml")
		must(t, os.WriteFile(file, []byte(text), 0o600))
		c, err := LoadFrom(file)
		must(t, err)
		return c
	}
	old := load(evolving)
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", "zh: 样例", "zh: 样本", ""},
		{"optional field", "events:", "  - {name: extra, zh: 另, en: Extra, type: bool}\nevents:", "allowed sample.extra: the field is new and optional"},
		{"wider enum", "closed: 办结", "closed: 办结, merged: 并案", "allowed sample.state: new codes: merged"},
		{"renamed with alias", "{name: note, zh: 备注, en: Note,", "{name: remark, aliases: [note], zh: 备注, en: Note,", "allowed sample.note: the field is called remark"},
		{"longer text", "max: 50", "max: 80", "allowed sample.note: longer texts"},
		{"new event", "events:", "events:\n  - {type: sample.seen, at: opened_on, precision: day}", "allowed sample: event sample.seen is new"},
		{"new sender", "[police]", "[police, court]", "allowed sample: court may send too"},
		{"renamed without alias", "{name: note,", "{name: remark,", "REFUSED sample.note: the field is gone"},
		{"required field", "events:", "  - {name: extra, zh: 另, en: Extra, type: bool, required: true}\nevents:", "REFUSED sample.extra: the field is new and required"},
		{"narrower enum", ", closed: 办结", "", "REFUSED sample.state: code closed is gone"},
		{"other type", "en: Opened on, type: date", "en: Opened on, type: instant", "REFUSED sample.opened_on: the type was date and is instant"},
		{"made required", "en: Opened on, type: date", "en: Opened on, type: date, required: true", "REFUSED sample.opened_on: the field was optional and is required"},
		{"stricter", ", on_bad: flag", "", "REFUSED sample.note: a bad value was flagged"},
		{"shorter text", "max: 50", "max: 20", "REFUSED sample.note: the length was 50 and is 20"},
		{"other key", "key: [organ, number]", "key: [number]", "REFUSED sample: the natural key"},
		{"other docket", "=supervision", "=protest", "REFUSED sample: the docket comes from other fields"},
		{"lost sender", "[police]", "[court]", "REFUSED sample: police may not send any more"},
		{"lost event", "sample.opened", "sample.begun", "REFUSED sample: event sample.opened is gone"},
		{"lost attribute", ", attributes: [note]", "", "REFUSED sample: event sample.opened lost its attribute note"},
		{"narrower condition", "when: {state: open}", "when: {state: open, compartment: general}", "REFUSED sample: event sample.opened now asks for a compartment"},
		{"other condition", "when: {state: open}", "when: {state: closed}", "REFUSED sample: event sample.opened no longer happens for state=open"},
		{"unknown kept", "timeliness_days: 3", "timeliness_days: 3\nunknown: keep", "allowed sample: unknown fields are kept"},
		{"other door", "timeliness_days: 3", "timeliness_days: 3\ndoor: file", "REFUSED sample: the door was kafka and is file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(evolving, c.from, c.to, 1)
			if text == evolving {
				t.Fatal("the case changes nothing")
			}
			text = strings.Replace(text, "version: 1", "version: 2", 1)
			if strings.HasPrefix(c.name, "renamed") {
				text = strings.Replace(text, "attributes: [note]", "attributes: [remark]", 1)
			}
			got := Diff(old, load(text))
			var lines []string
			refused := 0
			for _, one := range got {
				lines = append(lines, one.String())
				if !one.Allowed {
					refused++
				}
			}
			all := strings.Join(lines, "\n")
			if !strings.Contains(all, c.want) || (c.want == "" && len(got) > 0) || (refused > 0) != strings.HasPrefix(c.want, "REFUSED") {
				t.Errorf("got\n%s\nwant %s", all, c.want)
			}
		})
	}
	same := Diff(old, load(strings.Replace(evolving, "max: 50", "max: 80", 1)))
	if len(same) != 2 || same[1].Allowed || !strings.Contains(same[1].Remedy, "version: 2") {
		t.Errorf("a change under the same version: %v", same)
	}
	back := Diff(load(strings.Replace(evolving, "version: 1", "version: 3", 1)), old)
	if len(back) != 1 || back[0].Allowed {
		t.Errorf("a version that goes back: %v", back)
	}
	if gone := Diff(mustLoad(t, "testdata/overlay"), mustLoad(t, "")); len(gone) != 1 || gone[0].Allowed || gone[0].Type != "petition" {
		t.Errorf("a type that is gone: %v", gone)
	}
	if _, err := LoadFrom(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no contract") {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestReleasedVersionsStillLoad holds the contracts in force against every
// version that was released: each must load, and each change since be allowed.
func TestReleasedVersionsStillLoad(t *testing.T) {
	folders, err := filepath.Glob("released/*")
	must(t, err)
	if len(folders) == 0 {
		t.Fatal("there is no released version")
	}
	now := mustLoad(t, "")
	for _, folder := range folders {
		old, err := LoadFrom(folder)
		if err != nil {
			t.Errorf("%s does not load: %v", folder, err)
			continue
		}
		for _, change := range Diff(old, now) {
			if !change.Allowed {
				t.Errorf("since %s: %s", folder, change)
			}
		}
	}
}

// TestSchemasTakeTheSamples validates with an independent implementation of
// JSON Schema: each sample passes, and a broken one does not.
func TestSchemasTakeTheSamples(t *testing.T) {
	for _, typ := range mustLoad(t, "testdata/overlay").Types() {
		var text bytes.Buffer
		must(t, typ.Schema(&text))
		doc, err := jsonschema.UnmarshalJSON(&text)
		must(t, err)
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		must(t, compiler.AddResource("urn:test", doc))
		schema, err := compiler.Compile("urn:test")
		must(t, err)
		sample, err := jsonschema.UnmarshalJSON(bytes.NewReader(typ.Sample()))
		must(t, err)
		if err := schema.Validate(sample); err != nil {
			t.Errorf("%s: %v", typ.Name, err)
		}
		payload := sample.(map[string]any)["payload"].(map[string]any)
		payload["invented"] = 1
		if schema.Validate(sample) == nil {
			t.Errorf("%s takes a field that it does not have", typ.Name)
		}
		delete(payload, "invented")
		delete(payload, typ.Key[0])
		if schema.Validate(sample) == nil {
			t.Errorf("%s takes a record without %s", typ.Name, typ.Key[0])
		}
	}
}

func TestAsyncAPINamesEveryTopic(t *testing.T) {
	c := mustLoad(t, "")
	var a, b bytes.Buffer
	must(t, c.AsyncAPI(&a))
	must(t, mustLoad(t, "").AsyncAPI(&b))
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the document is not the same twice")
	}
	var doc struct {
		Version  string `json:"asyncapi"`
		Channels map[string]struct{ Address string }
	}
	must(t, json.Unmarshal(a.Bytes(), &doc))
	for _, typ := range c.Types() {
		if got := doc.Channels[typ.Name].Address; (typ.Door == "kafka") != (got == typ.Topic()) {
			t.Errorf("%s: address %q", typ.Name, got)
		}
	}
	if doc.Version != "3.0.0" || doc.Channels["receipts"].Address == "" {
		t.Errorf("%+v", doc)
	}
}

// TestReconcileRenamesAColumn carries records over to the new name of a field.
func TestReconcileRenamesAColumn(t *testing.T) {
	ctx, db := open(t)
	load := func(text string) *Catalogue {
		file := filepath.Join(t.TempDir(), "sample.yaml")
		must(t, os.WriteFile(file, []byte(text), 0o600))
		c, err := LoadFrom(file)
		must(t, err)
		return c
	}
	must(t, Reconcile(ctx, db, load(evolving)))
	must(t, db.Exec(ctx, "INSERT INTO sample (key, organ, number, number_norm, compartment, note) VALUES ('k', 'o', 'n', 'n', 'general', 'kept')"))
	renamed := strings.NewReplacer("{name: note,", "{name: remark, aliases: [note],", "attributes: [note]", "attributes: [remark]").Replace(evolving)
	must(t, Reconcile(ctx, db, load(renamed)))
	must(t, Reconcile(ctx, db, load(renamed)))
	sameLines(t, "after the rename", lines(ctx, t, db, "SELECT ifNull(remark, '') FROM sample"), "kept")
}
