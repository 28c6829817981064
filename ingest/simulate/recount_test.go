package simulate_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hengjian/ingest/simulate"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
)

// live is what is current under one natural key.
type live struct {
	revision uint64
	payload  string
	business string
	gone     bool
}

// contracts are the embedded record contracts.
func contracts(t *testing.T) *contract.Catalogue {
	t.Helper()
	c, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// recount decides the fate of every message from its natural key and revision
// alone; malformed messages are known by their key.
func recount(t *testing.T, all []message) (map[string]simulate.Fates, map[string]map[string]*live) {
	t.Helper()
	fates, state := map[string]simulate.Fates{}, map[string]map[string]*live{}
	statements, partition := map[string]string{}, map[string]string{}
	catalogue := contracts(t)
	for _, m := range all {
		name := strings.TrimPrefix(m.topic, "hj.")
		f := fates[name]
		f.Sent++
		if strings.HasSuffix(m.key, "Y") {
			f.Refused++
			fates[name] = f
			continue
		}
		var e envelope
		fields := map[string]any{}
		if err := json.Unmarshal(m.value, &e); err != nil {
			t.Fatalf("%s: %v", m.value, err)
		}
		if err := json.Unmarshal(e.Payload, &fields); err != nil {
			t.Fatal(err)
		}
		key := name
		ct, ok := catalogue.Type(name)
		if !ok {
			t.Fatal("no contract " + name)
		}
		for _, part := range ct.Key {
			key += fmt.Sprint("|", fields[part])
		}
		if was := partition[key]; was != "" && was != m.key {
			t.Fatalf("%s travels under two Kafka keys, %s and %s", key, was, m.key)
		}
		partition[key] = m.key
		if state[name] == nil {
			state[name] = map[string]*live{}
		}
		l := state[name][key]
		statement := fmt.Sprint(key, "#", *e.Revision)
		said, heard := statements[statement]
		switch {
		case heard && said == string(e.Payload):
			f.Duplicate++
		case heard:
			f.Conflict++
		case l != nil && *e.Revision < l.revision:
			f.Superseded++
		default:
			f.Applied++
			state[name][key] = &live{*e.Revision, string(e.Payload), e.BusinessTime, e.Op == "retract"}
		}
		if !heard {
			statements[statement] = string(e.Payload)
		}
		fates[name] = f
	}
	return fates, state
}

func TestTruthAgreesWithARecount(t *testing.T) {
	tr, all := emitted(t, simulate.Config{Seed: 5, Cases: 2000, Faults: 0.25})
	fates, state := recount(t, all)
	for name, want := range tr.Records {
		if fates[name] != want {
			t.Errorf("%s: counted %+v, truth %+v", name, fates[name], want)
		}
		alive := uint64(0)
		for _, l := range state[name] {
			if !l.gone {
				alive++
			}
		}
		if alive != tr.Current[name] {
			t.Errorf("%s: %d live keys, truth %d", name, alive, tr.Current[name])
		}
	}
	ids := organIDs(t, state["organ"])
	for indicator, source := range map[string][2]string{
		"AR01a": {"arrest_review", "accepted_on"}, "AR01b": {"arrest_review", "decided_on"},
		"PR01a": {"prosecution_decision", "accepted_on"}, "PR01b": {"prosecution_decision", "decided_on"},
	} {
		counted, und := map[string]int{}, map[string]int{}
		for _, l := range state[source[0]] {
			if l.gone {
				continue
			}
			var p map[string]any
			if err := json.Unmarshal([]byte(l.payload), &p); err != nil {
				t.Fatal(err)
			}
			organ := ids[p["organ"].(string)]
			if silent(tr, source[0], indicator, organ) {
				continue
			}
			if at, ok := p[source[1]].(string); ok {
				counted[organ+" "+at[:7]]++
			} else if source[1] == "accepted_on" {
				und[organ+" "+l.business[:7]]++
			}
		}
		for _, c := range tr.Indicators {
			if c.Indicator != indicator || silent(tr, source[0], indicator, c.Organ) {
				continue
			}
			at := c.Organ + " " + c.Month
			if strconv.Itoa(counted[at]) != c.Num || uint64(und[at]) != c.Undetermined {
				t.Errorf("%s %s: counted %d and %d, truth %s and %d", indicator, at, counted[at], und[at], c.Num, c.Undetermined)
			}
			delete(counted, at)
			delete(und, at)
		}
		if len(counted)+len(und) > 0 {
			t.Errorf("%s: cells without truth: %v %v", indicator, counted, und)
		}
	}
}

// silent reports whether some plan sends records of the type at the organ and
// says nothing of the indicator.
func silent(tr simulate.Truth, record, indicator, organ string) bool {
	return slices.ContainsFunc(tr.Plans, func(p simulate.Plan) bool {
		return slices.Contains(p.Records, record) && slices.Contains(p.Organs, organ) && !slices.Contains(p.Indicators, indicator)
	})
}

func organIDs(t *testing.T, organs map[string]*live) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, l := range organs {
		var p map[string]any
		if err := json.Unmarshal([]byte(l.payload), &p); err != nil {
			t.Fatal(err)
		}
		ids[p["code"].(string)] = p["organ_id"].(string)
	}
	return ids
}

// TestLinksAgreeWithARecount joins quoted numbers with issued ones by their canonical form.
func TestLinksAgreeWithARecount(t *testing.T) {
	tr, all := emitted(t, simulate.Config{Seed: 6, Cases: 2000, Faults: 0.1})
	_, state := recount(t, all)
	norm := func(v any) string {
		n, ok := identifier.DocumentNumber(v.(string))
		if !ok {
			t.Fatalf("%v is no document number", v)
		}
		return n
	}
	type node struct{ kind, quoted string }
	issued, nodes := map[string]map[string]bool{}, map[string]node{}
	for _, ct := range contracts(t).Types() {
		if ct.Docket == nil {
			continue
		}
		for _, l := range state[ct.Name] {
			if l.gone {
				continue
			}
			p := map[string]any{}
			if err := json.Unmarshal([]byte(l.payload), &p); err != nil {
				t.Fatal(err)
			}
			kind, fixed := strings.CutPrefix(ct.Docket.Kind, "=")
			if !fixed {
				kind = fmt.Sprint(p[kind])
			}
			docket := fmt.Sprint(p[ct.Docket.Organ], kind, norm(p[ct.Docket.Number]))
			n := nodes[docket]
			n.kind = kind
			if p["referred_document_number"] != nil {
				n.quoted = fmt.Sprint(p["referred_from_organ"], "|", norm(p["referred_document_number"]))
			}
			nodes[docket] = n
			for _, f := range ct.Fields {
				if (f.Issues || f.Name == ct.Docket.Number) && p[f.Name] != nil {
					k := fmt.Sprint(p["organ"], "|", norm(p[f.Name]))
					if issued[k] == nil {
						issued[k] = map[string]bool{}
					}
					issued[k][docket] = true
				}
			}
		}
	}
	unlinked, roots := uint64(0), uint64(0)
	for docket, n := range nodes {
		switch found := issued[n.quoted]; {
		case len(found) == 1 && !found[docket]:
		case n.quoted == "" && slices.Contains([]string{"police_investigation", "supervisory_investigation", "supervision"}, n.kind):
			roots++
		default:
			unlinked++
		}
	}
	got := simulate.Links{Dockets: uint64(len(nodes)), Chains: roots + unlinked, Unlinked: unlinked}
	if got != tr.Links {
		t.Errorf("counted %+v, truth %+v", got, tr.Links)
	}
}

// TestNoNumberIsSharedBetweenDepartments looks at the numbers by which organs know their own.
func TestNoNumberIsSharedBetweenDepartments(t *testing.T) {
	_, all := emitted(t, simulate.Config{Seed: 2, Cases: 1500})
	owner := map[string]string{}
	for _, m := range all {
		var e envelope
		p := map[string]any{}
		if json.Unmarshal(m.value, &e) != nil || json.Unmarshal(e.Payload, &p) != nil || m.topic == "hj.organ" ||
			p["handling_organ"] != nil { // stands in another organ's docket and quotes it
			continue
		}
		chain := strings.Split(m.key, "-")[1]
		system := e.Sender[:2]
		for _, f := range []string{"docket_number", "document_number", "measure_number", "person_no"} {
			v, ok := p[f].(string)
			if !ok {
				continue
			}
			if f == "person_no" { // numbered within a docket, so within a chain here
				v = chain + "/" + v
			}
			if was := owner[v]; was != "" && was != system {
				t.Fatalf("%s %s is used by %s and %s", f, v, was, system)
			}
			owner[v] = system
		}
	}
}

func TestSenderSequencesAndDigests(t *testing.T) {
	_, all := emitted(t, simulate.Config{Seed: 9, Cases: 400, Faults: 0.2})
	last := map[string]uint64{}
	for _, m := range all {
		var e envelope
		if strings.HasSuffix(m.key, "Y") || json.Unmarshal(m.value, &e) != nil {
			continue
		}
		k := m.topic + e.Sender
		if e.Seq < last[k] {
			t.Fatalf("%s: sequence %d after %d", k, e.Seq, last[k])
		}
		last[k] = e.Seq
		if want := fmt.Sprintf("%x", sum(e.Payload)); e.Digest != want {
			t.Fatalf("digest %s, want %s", e.Digest, want)
		}
	}
}

func TestDirSinkKeepsEveryByte(t *testing.T) {
	dir := t.TempDir()
	c := simulate.Config{Seed: 4, Cases: 300, Faults: 0.4}
	_, all := emitted(t, c)
	k, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.WriteTruth(filepath.Join(dir, "truth.json")); err != nil {
		t.Fatal(err)
	}
	s, err := simulate.NewDirSink(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Emit(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := map[string][]message{}
	for _, m := range all {
		want[m.topic] = append(want[m.topic], m)
	}
	for topic, messages := range want {
		text, err := os.ReadFile(filepath.Join(dir, topic+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		if len(lines) != len(messages) {
			t.Fatalf("%s: %d lines, %d messages", topic, len(lines), len(messages))
		}
		for i, line := range lines {
			var l struct{ Key, Value, Value_base64 string }
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			if l.Value_base64 != "" {
				raw, err := base64.StdEncoding.DecodeString(l.Value_base64)
				if err != nil {
					t.Fatal(err)
				}
				l.Value = string(raw)
			}
			if l.Key != messages[i].key || l.Value != string(messages[i].value) {
				t.Fatalf("%s line %d: %s", topic, i, line)
			}
		}
	}
}
