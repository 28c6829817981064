package filedrop_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/filedrop"
	"hengjian/warehouse"
)

// file is one file of a package that a test builds.
type file struct{ name, text string }

const (
	csvCases = "organ,handling_region,compartment,docket_kind,docket_number,opened_on,revision\nA330100,330106,general,police_investigation,A1,2025-05-01,1\nA330100,330106,general,police_investigation,A2,2025-02-30,1\n"
	xmlCases = `<?xml version="1.0"?><records><record><organ>A330100</organ><handling_region>330106</handling_region><compartment>general</compartment><docket_kind>police_investigation</docket_kind><docket_number>A3</docket_number></record></records>`
)

// jsonCase is one message of a JSONL member.
func jsonCase(number, sender string) string {
	return `{"message_id":"m","sender":"` + sender + `","sender_seq":1,"record_type":"case","schema_version":1,"op":"upsert","revision":1,"business_time":"2025-05-01T00:00:00+08:00","sent_time":"2025-05-02T00:00:00+08:00","payload":{"organ":"` + sender + `","handling_region":"330106","compartment":"general","docket_kind":"police_investigation","docket_number":"` + number + `"}}` + "\n"
}

func member(name, format, text string, n uint64) filedrop.Member {
	sum := sha256.Sum256([]byte(text))
	return filedrop.Member{Name: name, RecordType: "case", Format: format, SHA256: hex.EncodeToString(sum[:]), Records: n}
}

// pack builds a zip; change may spoil manifest or files before they are written.
func pack(t *testing.T, key ed25519.PrivateKey, change func(m *filedrop.Manifest, files *[]file)) []byte {
	t.Helper()
	lines := jsonCase("A4", "A330100") + jsonCase("A5", "A330100")
	m := filedrop.Manifest{
		Package: "P1", Sender: "A330100", Created: "2025-06-01T00:00:00+08:00",
		Members: []filedrop.Member{member("cases.csv", "csv", csvCases, 2), member("in/cases.xml", "xml", xmlCases, 1), member("cases.jsonl", "jsonl", lines, 2)},
	}
	files := []file{{"cases.csv", csvCases}, {"in/cases.xml", xmlCases}, {"cases.jsonl", lines}}
	if change != nil {
		change(&m, &files)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files = append([]file{{"manifest.json", string(text)}}, files...)
	if key != nil {
		files = append(files, file{"manifest.sig", hex.EncodeToString(ed25519.Sign(key, text))})
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		one, err := w.Create(f.name)
		if err == nil {
			_, err = io.WriteString(one, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (f *fixture) take(text []byte, keys filedrop.Keys) (filedrop.Taken, error) {
	return filedrop.Take(context.Background(), bytes.NewReader(text), int64(len(text)), keys, f.deps)
}

func TestAPackageIsTakenOnceAndResumed(t *testing.T) {
	f := newFixture(t)
	whole := pack(t, nil, nil)
	f.deps.Rows, f.sender.fail = 1, 2 // the connection is lost after two blocks
	if _, err := f.take(whole, nil); !errors.Is(err, errLost) {
		t.Fatalf("the cut: %v", err)
	}
	f.sender.fail = 0
	taken, err := f.take(whole, nil)
	if err != nil || taken.Already || len(taken.Members) != 3 {
		t.Fatalf("resumed: %+v %v", taken, err)
	}
	if got := f.text(t, "SELECT concat(toString(count()), ' ', toString(countIf(status = 'refused')), ' ', toString(uniqExact(stream))) FROM log_case"); got != "5 1 3" {
		t.Errorf("rows, refused, streams: %s", got)
	}
	again, err := f.take(whole, nil)
	if err != nil || !again.Already || f.text(t, "SELECT toString(count()) FROM log_case") != "5" {
		t.Errorf("twice: %+v %v", again, err)
	}
	foreign := pack(t, nil, func(m *filedrop.Manifest, files *[]file) {
		text := jsonCase("A9", "J330100")
		m.Members, *files = []filedrop.Member{member("x.jsonl", "jsonl", text, 1)}, []file{{"x.jsonl", text}}
	})
	taken, err = f.take(foreign, nil)
	if err != nil || taken.Members[0].Counts.Quarantined != 1 {
		t.Errorf("a record of another sender: %+v %v", taken, err)
	}
}

func TestBadPackagesAreRefusedWhole(t *testing.T) {
	f := newFixture(t)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := filedrop.Keys{"A330100": public}
	xmlOf := func(text string) []byte {
		return pack(t, nil, func(m *filedrop.Manifest, files *[]file) {
			m.Members, *files = []filedrop.Member{member("x.xml", "xml", text, 1)}, []file{{"x.xml", text}}
		})
	}
	whole := pack(t, nil, nil)
	for _, c := range []struct {
		name, want string
		text       []byte
		keys       filedrop.Keys
	}{
		{"half-written", "not a whole zip", whole[:len(whole)/2], nil},
		{"no zip", "not a whole zip", []byte("hello"), nil},
		{"tampered member", "digest is not the one", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { (*files)[0].text += "x" }), nil},
		{"flipped byte", "refused whole", flipped(whole), nil},
		{"escaping path", "leads out of the package", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { (*files)[0].name = "../cases.csv" }), nil},
		{"absolute path", "leads out of the package", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { (*files)[0].name = "/etc/cases.csv" }), nil},
		{"name twice", "stands twice", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { *files = append(*files, (*files)[0]) }), nil},
		{"bomb", "far more than it holds", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { (*files)[0].text = strings.Repeat("0", 8<<20) }), nil},
		{"missing member", "it is missing", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { *files = (*files)[1:] }), nil},
		{"stowaway", "does not name it", pack(t, nil, func(_ *filedrop.Manifest, files *[]file) { *files = append(*files, file{"x.bin", "x"}) }), nil},
		{"wrong count", "the manifest says 7", pack(t, nil, func(m *filedrop.Manifest, _ *[]file) { m.Members[0].Records = 7 }), nil},
		{"unknown type", "no record type", pack(t, nil, func(m *filedrop.Manifest, _ *[]file) { m.Members[0].RecordType = "weather" }), nil},
		{"unknown format", "jsonl, csv or xml", pack(t, nil, func(m *filedrop.Manifest, _ *[]file) { m.Members[0].Format = "xlsx" }), nil},
		{"not signed", "not signed", whole, keys},
		{"signed by another", "does not fit the manifest", pack(t, other, nil), keys},
		{"signed by a stranger", "no public key", pack(t, other, nil), nil},
		{"DTD", "a DTD or directive", xmlOf(`<!DOCTYPE r [<!ENTITY x "y">]><records><record><organ>&x;</organ></record></records>`), nil},
		{"entity", "XML near byte", xmlOf(`<records><record><organ>&x;</organ></record></records>`), nil},
		{"broken XML", "XML near byte", xmlOf(`<records><record><organ>A</record></records>`), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := f.take(c.text, c.keys)
			var known *warehouse.Error
			if !errors.As(err, &known) || known.Code != warehouse.Invalid || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "整包退回") {
				t.Errorf("%v", err)
			}
		})
	}
	if got := f.text(t, "SELECT toString(count()) FROM log_case"); got != "0" {
		t.Errorf("%s rows of refused packages", got)
	}
	taken, err := f.take(pack(t, private, nil), keys)
	if err != nil || !taken.Signed {
		t.Errorf("rightly signed: %+v %v", taken, err)
	}
}

// flipped changes one byte in the data of the first member.
func flipped(text []byte) []byte {
	out := bytes.Clone(text)
	out[bytes.Index(out, []byte("cases.csv"))+40] ^= 0xff
	return out
}

func TestAFolderIsWatched(t *testing.T) {
	f := newFixture(t)
	folder := t.TempDir()
	for _, name := range []string{"taken", "refused"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	put := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whole := pack(t, nil, nil)
	put("good.zip", whole[:100]) // still being written
	put("bad.zip", []byte("no"))
	put("note.txt", []byte("not a package"))
	w := filedrop.Watcher{Folder: folder, Every: time.Hour, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Deps: func(context.Context) (filedrop.Deps, error) { return f.deps, nil }}
	look := func() {
		t.Helper()
		if err := w.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look()
	put("good.zip", whole)
	look()
	look()
	for _, name := range []string{"taken/good.zip", "refused/bad.zip", "refused/bad.txt", "note.txt"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := f.text(t, "SELECT toString(count()) FROM log_case"); got != "5" {
		t.Errorf("%s rows", got)
	}
}
