package engine

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// byCheck finds one finding.
func byCheck(t *testing.T, findings []Finding, check string) Finding {
	t.Helper()
	for _, f := range findings {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding %q in %+v", check, findings)
	return Finding{}
}

func TestDoctorOnAMachineThatWorks(t *testing.T) {
	dir := t.TempDir()
	for _, f := range Doctor(t.Context(), Config{Dir: dir}, FetchConfig{}) {
		if !f.OK || f.Detail == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestDoctorNamesEachDefect(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	t.Setenv("PATH", "")
	c := Config{Dir: t.TempDir(), Port: taken.Addr().(*net.TCPAddr).Port}
	findings := Doctor(t.Context(), c, FetchConfig{Cache: t.TempDir()})
	for check, want := range map[string]string{
		"engine library": "is missing",
		"npm":            "npm is missing",
		"port":           "is taken",
	} {
		if f := byCheck(t, findings, check); f.OK || !strings.Contains(f.Detail, want) {
			t.Errorf("%s: %+v", check, f)
		}
	}
	if f := space("space", filepath.Join(c.Dir, "not", "yet"), 1<<62); f.OK || !strings.Contains(f.Detail, "are needed") {
		t.Errorf("%+v", f)
	}
	if entries, err := os.ReadDir(c.Dir); err != nil || len(entries) != 0 {
		t.Errorf("the doctor changed something: %v %v", entries, err)
	}
}

func TestConfigNamesEveryProblem(t *testing.T) {
	_, err := New(Config{
		Port: 70000, MaxMemory: 1, Timezone: "Asia/Nowhere",
		Accounts: []Account{
			{Name: "Bad Name", Profile: ProfileReader, Grants: []string{"GRANT SELECT ON v.*"}},
			{Name: "default", Profile: ProfileReader, Grants: []string{"GRANT SELECT ON v.*"}},
			{Name: "none", Profile: "root", Grants: []string{"GRANT SELECT ON v.*"}},
			{Name: "idle", Profile: ProfileReader},
		},
	}, Deps{})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"engine.dir", "engine.port: 70000", "engine.max_memory", "engine.mark_cache", "Asia/Nowhere",
		`"Bad Name" is not a name`, "default is named twice or reserved", `unknown profile "root"`, "idle has no grant",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

func TestEveryProfileTurnsAsyncInsertOff(t *testing.T) {
	accounts := StandardAccounts("hengjian")
	text := usersXML(accounts, drawPasswords(accounts))
	if got := strings.Count(text, "<async_insert>0</async_insert>"); got != 4 {
		t.Errorf("%d profiles turn async_insert off, want all 4", got)
	}
	if len(accounts) != 2+Readers {
		t.Errorf("%d accounts", len(accounts))
	}
}

func TestExplainNeverRepeatsAQuery(t *testing.T) {
	stderr := "2026 <Error> executeQuery: Code: 60. DB::Exception: Unknown table (in query: SELECT 'personal'), Stack trace\n" +
		"Code: 243. DB::Exception: Cannot reserve 1 MiB, not enough space. (NOT_ENOUGH_SPACE) (in query: INSERT 'personal')\n"
	code, err := explain(Config{Dir: "data"}, "", stderr, "exit status 0")
	if code != codeNoSpace || strings.Contains(err.Error()+cause(err), "personal") {
		t.Fatalf("%d %v %s", code, err, cause(err))
	}
	wantSentence(t, err, "the disk of data is full")
}

func TestRingKeepsTheEnd(t *testing.T) {
	r := &ring{}
	for range 3000 {
		if _, err := r.Write([]byte(strings.Repeat("x", 100))); err != nil {
			t.Fatal(err)
		}
	}
	r.Write([]byte("the end"))
	if text := r.String(); len(text) != ringSize || !strings.HasSuffix(text, "the end") {
		t.Fatalf("%d bytes ending in %q", len(text), text[len(text)-10:])
	}
}
