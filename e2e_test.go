package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hengjian/ingest/loader"
	"hengjian/ingest/verify"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// screen collects what a command prints while it runs.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

var opened = regexp.MustCompile(`open (http://\S+)`)

// running is one `hengjian up` inside the test.
type running struct {
	url, screen string
	stop        func() error
}

// up starts the whole product on data and waits until it is open.
func up(t *testing.T, data string, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var out screen
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"up", "--data", data, "--set", "listen=127.0.0.1:0"}, args...), &out, &out)
	}()
	stop := func() error { cancel(); return <-ended }
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(9 * time.Minute)
	defer limit.Stop()
	for {
		if m := opened.FindStringSubmatch(out.String()); m != nil {
			return running{url: m[1], screen: out.String(), stop: stop}
		}
		select {
		case err := <-ended:
			t.Fatalf("up ended before it was open: %v\n%s", err, out.String())
		case <-limit.C:
			cancel()
			t.Fatalf("up was not open in nine minutes\n%s", out.String())
		case <-tick.C:
		}
	}
}

// owner opens the warehouse of a running product as its owner.
func owner(t *testing.T, data string) *warehouse.DB {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "engine", "attach.json"))
	if err != nil {
		t.Fatal(err)
	}
	var a attachment
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(t.Context(), a.Owner, 4)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// truth is the simulator's own file.
type truth struct {
	Seed       uint64
	Cases      int
	Start      string
	AsOf       string `json:"as_of"`
	Indicators []struct {
		Indicator, Organ, Month, Dim string
		Num                          string
		Den                          *string
		Undetermined                 uint64
	}
	Verdicts []struct {
		Rule, Organ, Outcome string
		Count                uint64
	}
	Records map[string]struct{ Sent, Refused, Applied, Duplicate, Superseded, Conflict uint64 }
	Planned map[string]int
	Current map[string]uint64
	Links   struct{ Dockets, Chains, Unlinked uint64 }
	Plans   []plan
	Details []struct {
		Rule, Organ, Outcome, Responsible string
		Count                             uint64
		Over                              int64
	}
	Shown map[string]map[string]uint64
}

func readTruth(t *testing.T, data string) truth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all truth
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// facts runs a query of (text key, text value) rows.
func facts(t *testing.T, db *warehouse.DB, sql string) map[string]string {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			t.Fatal(err)
		}
		all[key] = value
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// same compares what was computed with the truth and names the first differences.
func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: the truth is empty", what)
	}
	wrong := 0
	for key, w := range want {
		if got[key] != w {
			if wrong++; wrong <= 8 {
				t.Errorf("%s: %s is %q, the truth is %q", what, key, got[key], w)
			}
		}
	}
	for key, g := range got {
		if _, ok := want[key]; !ok {
			if wrong++; wrong <= 8 {
				t.Errorf("%s: %s is %q, the truth has nothing", what, key, g)
			}
		}
	}
	t.Logf("%s: %d facts compared, %d differ", what, len(want), wrong)
}

// equalsTruth compares fates, current rows, links, verdicts and indicators.
func equalsTruth(t *testing.T, db *warehouse.DB, all truth) {
	t.Helper()
	newest := func(family string) string {
		return "(SELECT run_id FROM run_commit WHERE family = '" + family + "' ORDER BY committed DESC LIMIT 1)"
	}
	in := declarationsOf(t, all.Plans)
	indicators, verdicts, details := map[string]string{}, map[string]string{}, map[string]string{}
	for _, i := range all.Indicators {
		den := "-"
		if i.Den != nil {
			den = *i.Den
		}
		indicators[strings.TrimSpace(strings.Join([]string{i.Indicator, i.Organ, i.Month, i.Dim}, " "))] = fmt.Sprintf("%s/%s und %d", i.Num, den, i.Undetermined)
	}
	for _, v := range all.Verdicts {
		verdicts[v.Rule+" "+v.Organ+" "+v.Outcome] = fmt.Sprint(v.Count)
	}
	for _, d := range all.Details {
		details[strings.Join([]string{d.Rule, d.Organ, d.Outcome, d.Responsible}, " ")] = fmt.Sprintf("%d over %d", d.Count, d.Over)
	}
	same(t, "indicators", unsplit(in.only(facts(t, db, `SELECT trimRight(concat(indicator, ' ', organ_id, ' ', period, ' ', dim)),
concat(toString(toInt64(num)), '/', if(den IS NULL, '-', toString(toInt64(den))), ' und ', toString(undetermined))
FROM indicator_rollup WHERE run_id = `+newest("indicator")+` AND vintage = 'live' AND coverage = 'own' AND period_kind = 'month'`)), indicators), in.only(indicators))
	same(t, "verdicts", in.only(facts(t, db, `SELECT concat(rule, ' ', organ_id, ' ', outcome), toString(count()) FROM verdict_of(run = `+newest("clock")+`) GROUP BY rule, organ_id, outcome`)), in.only(verdicts))
	found := facts(t, db, `SELECT concat(rule, ' ', organ_id, ' ', outcome, ' ', responsible_organ_id), concat(toString(count()), ' over ', toString(sum(over_units))) FROM verdict_of(run = `+newest("clock")+`) GROUP BY rule, organ_id, outcome, responsible_organ_id`)
	maps.DeleteFunc(found, func(key, _ string) bool { return details[key] == "" })
	same(t, "responsible organs", found, details)
	for name, r := range all.Records {
		got := facts(t, db, "SELECT toString(status), toString(count()) FROM log_"+name+" GROUP BY status UNION ALL SELECT toString(fate), toString(count()) FROM record_fate FINAL WHERE record_type = '"+name+"' GROUP BY fate")
		want := map[string]string{}
		for key, n := range map[string]uint64{"refused": r.Refused, "accepted": r.Sent - r.Refused, "applied": r.Applied, "duplicate": r.Duplicate, "superseded": r.Superseded, "conflict": r.Conflict} {
			if n > 0 {
				want[key] = fmt.Sprint(n)
			}
		}
		same(t, "fates of "+name, got, want)
		live := facts(t, db, "SELECT 'live', toString(count()) FROM `"+name+"` FINAL WHERE retracted = 0")
		same(t, "current "+name, live, map[string]string{"live": fmt.Sprint(all.Current[name])})
		audits, err := loader.ReadAudit(t.Context(), db, "log_"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range audits {
			if !a.Whole() {
				t.Errorf("the audit of %s does not hold: %+v", name, a)
			}
		}
	}
	same(t, "links", facts(t, db, `SELECT 'chains', toString(uniqExact(chain)) FROM link_docket WHERE run_id = `+newest("link")+`
UNION ALL SELECT 'dockets', toString(count()) FROM link_docket WHERE run_id = `+newest("link")+`
UNION ALL SELECT 'unlinked', toString(countIf(link_state = 'unlinked')) FROM link_docket WHERE run_id = `+newest("link")),
		map[string]string{"chains": fmt.Sprint(all.Links.Chains), "dockets": fmt.Sprint(all.Links.Dockets), "unlinked": fmt.Sprint(all.Links.Unlinked)})
}

// proven lets the verifier read everything that came in.
func proven(t *testing.T, db *warehouse.DB) {
	t.Helper()
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(verify.DefaultConfig(), verify.Deps{DB: db, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Once(t.Context())
	if err != nil || r.Rows == 0 || r.Count() != 0 {
		t.Errorf("verification of %d rows: %d faults %+v %v", r.Rows, r.Count(), r.Faults, err)
	}
}

// TestMainJob starts the product with a simulated country: what it computes
// equals the simulator's truth, a second start finds everything in place, and
// the end leaves nothing behind.
func TestMainJob(t *testing.T) {
	// scs starts the cleaner of a default store that is replaced at once; the library cannot end it.
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), goleak.IgnoreTopFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup"))
	data := t.TempDir()
	first := up(t, data, "--set", "simulate.cases=800")
	db := owner(t, data)
	equalsTruth(t, db, readTruth(t, data))
	personsEqualTruth(t, db, data)
	hopsAreFollowed(t, db, readTruth(t, data))
	recounted(t, db, "800")
	proven(t, db)
	db.Close()
	if !strings.Contains(first.screen, "account leader password ") {
		t.Error("the first start does not print the development accounts")
	}
	if err := first.stop(); exitCode(err, os.Stderr) != 0 {
		t.Fatalf("the first stop: %v", err)
	}
	peopleDecide(t, data)
	second := up(t, data, "--set", "simulate.cases=800")
	if strings.Contains(second.screen, " password ") || strings.Contains(second.screen, "simulated 1") {
		t.Error("the second start drew new passwords or simulated again")
	}
	db = owner(t, data)
	equalsTruth(t, db, readTruth(t, data))
	db.Close()
	if err := second.stop(); exitCode(err, os.Stderr) != 0 {
		t.Fatalf("the second stop: %v", err)
	}
}
