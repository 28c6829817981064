package clock

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse"
)

const aTimeline = `{"case":"A1","organ":"p1","persons":["1"],"procedure":"ordinary","in_custody":true,"as_of":"2024-12-31","events":[
{"type":"detention.executed","at":"2024-05-01T21:30:00+08:00","attributes":{"extension_class":"special","extension_days":2}},
{"type":"arrest.requested","at":"2024-05-06","record_type":"case"},
{"type":"arrest_review.accepted","at":"2024-05-06"},
{"type":"arrest_review.decided","at":"2024-05-13"},
{"type":"prosecution_review.accepted","at":"2024-06-03"},
{"type":"prosecution_review.decided","at":"2024-07-10"}]}`

// of picks the outcome of one rule.
func of(t *testing.T, all []Outcome, rule string) Outcome {
	t.Helper()
	for _, o := range all {
		if o.Rule == rule {
			return o
		}
	}
	t.Fatalf("no outcome of %s among %d", rule, len(all))
	return Outcome{}
}

func TestCheckJudgesALine(t *testing.T) {
	checker := loaded(t).Checker()
	found, err := checker.Check([]byte(aTimeline), "", false)
	if err != nil {
		t.Fatal(err)
	}
	o := of(t, found, "R032R033")
	if o.Outcome != withoutDocument || *o.Deadline != "2024-05-06" || o.Missing != "extension_document_number" || o.Case != "A1" || o.Person != "1" ||
		!slices.ContainsFunc(o.Basis, func(b string) bool { return strings.Contains(b, "第九十一条") }) || o.Reading == "" || len(o.Steps) == 0 {
		t.Errorf("detention: %+v", o)
	}
	if o := of(t, found, "R060"); o.Outcome != outOfTime || o.Over != (Over{7, "day"}) || *o.Deadline != "2024-07-03" {
		t.Errorf("prosecution review: %+v", o)
	}
	text, err := json.Marshal(o)
	for _, key := range []string{`"rule"`, `"version"`, `"outcome"`, `"deadline"`, `"over":{"n":`, `"missing"`, `"basis"`, `"reading"`, `"steps"`} {
		if err != nil || !strings.Contains(string(text), key) {
			t.Errorf("%s lacks %s, %v", text, key, err)
		}
	}
}

// TestCheckDoesNotDependOnOrderOrRepetition shuffles and repeats the events.
func TestCheckDoesNotDependOnOrderOrRepetition(t *testing.T) {
	checker := loaded(t).Checker()
	want, err := checker.Check([]byte(aTimeline), "", true)
	if err != nil {
		t.Fatal(err)
	}
	var line Timeline
	if err := json.Unmarshal([]byte(aTimeline), &line); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		other := line
		other.Events = append(slices.Clone(line.Events), line.Events[r.IntN(len(line.Events))])
		r.Shuffle(len(other.Events), func(i, k int) { other.Events[i], other.Events[k] = other.Events[k], other.Events[i] })
		text, err := json.Marshal(other)
		if err != nil {
			t.Fatal(err)
		}
		got, err := checker.Check(text, "", true)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("another order gives other outcomes: %v", err)
		}
	}
}

func TestTheHighestRevisionCounts(t *testing.T) {
	checker := loaded(t).Checker()
	for name, x := range map[string]struct{ more, want string }{
		"corrected":          {`,{"type":"arrest.requested","at":"2024-05-04","record_type":"case","revision":2},{"type":"arrest.requested","at":"2024-05-06","record_type":"case","revision":1}`, inTime},
		"taken back":         {`,{"type":"arrest.requested","at":"2024-05-04","record_type":"case","revision":1},{"type":"arrest.requested","at":"2024-05-04","record_type":"case","revision":2,"retraction":true}`, outOfTime},
		"as of the last day": {`,{"type":"arrest.requested","at":"2024-05-05","record_type":"case"}`, dueSoon},
	} {
		asOf := "2024-05-20"
		if x.want == dueSoon {
			asOf = "2024-05-04"
		}
		line := `{"case":"A","persons":["1"],"as_of":"` + asOf + `","events":[{"type":"detention.executed","at":"2024-05-01 08:00"},{"type":"arrest_review.accepted","at":"2024-05-04"},{"type":"arrest_review.decided","at":"2024-05-10"}` + x.more + `]}`
		found, err := checker.Check([]byte(line), "", false)
		if err != nil {
			t.Fatal(err)
		}
		if o := of(t, found, "R032R033"); o.Outcome != x.want {
			t.Errorf("%s: %s, want %s", name, o.Outcome, x.want)
		}
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	checker := loaded(t).Checker()
	for line, want := range map[string]string{
		`{`:                         "not a timeline",
		`{"case":"A","events":[]}`:  "has no as_of",
		`{"case":"A","colour":"x"}`: `unknown field "colour"`,
		`{"case":"A","as_of":"2024-01-01","events":[]} {}`:                                                                                    "one JSON object a line",
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.exected","at":"2024-01-01"}]}`:                                         `the nearest is "detention.executed"`,
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-02-30"}]}`:                                        `"2024-02-30" is not a time`,
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"1848-02-20"}]}`:                                        "is not a time",
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-01-01 25:00"}]}`:                                  "not a time of day",
		`{"case":"A","as_of":"2024-01-01","persons":["1","2"],"events":[{"type":"detention.executed","at":"2024-01-01","person":"3"}]}`:       "does not stand in persons",
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-01-01","attributes":{"extension_clas":"x"}}]}`:    `the nearest is "extension_class"`,
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-01-01","attributes":{"extension_class":["x"]}}]}`: "neither text, number nor",
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-01-01","ordinal":3}]}`:                            "ordinal 3",
		`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-01-01","record_type":"trial"}]}`:                  "declares no detention.executed",
	} {
		_, err := checker.Check([]byte(line), "", false)
		if warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

// TestOneCaseOfManyEventsIsBounded refuses a monster and judges what lies at the bound.
func TestOneCaseOfManyEventsIsBounded(t *testing.T) {
	checker := loaded(t).Checker()
	line := func(n int) []byte {
		var b strings.Builder
		b.WriteString(`{"case":"A","persons":["1"],"as_of":"2024-12-31","events":[`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"type":"custody.questioned","at":"2024-05-01","record":"r%d"}`, i)
		}
		b.WriteString("]}")
		return []byte(b.String())
	}
	if _, err := checker.Check(line(100_000), "", false); warehouse.CodeOf(err) != warehouse.Invalid || !strings.Contains(err.Error(), "100000 events") {
		t.Errorf("100,000 events: %v", err)
	}
	if _, err := checker.Check(line(5_000), "", false); err != nil {
		t.Errorf("5,000 events: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(aTimeline))
	f.Add([]byte(`{"case":"A","as_of":"2024-01-01","events":[{"type":"detention.executed","at":"2024-02-30"}]}`))
	rules, err := Load("")
	if err != nil {
		f.Fatal(err)
	}
	checker := rules.Checker()
	f.Fuzz(func(t *testing.T, line []byte) {
		found, err := checker.Check(line, "", true)
		if err != nil && warehouse.CodeOf(err) != warehouse.Invalid {
			t.Errorf("%v is no message for the author", err)
		}
		for _, o := range found {
			if severityOf(o.Outcome) < 0 && o.Outcome != notApplicable {
				t.Errorf("%s gives the outcome %q", o.Rule, o.Outcome)
			}
		}
	})
}

func TestDiffNamesWhatChanged(t *testing.T) {
	before := loaded(t)
	after, err := Load("testdata/overlay")
	if err != nil {
		t.Fatal(err)
	}
	changes := before.Diff(after)
	if len(changes) != 6 || changes[0] != (Change{Rule: "X085", Version: "2014", Kind: "added"}) {
		t.Errorf("changes %+v", changes)
	}
	if back := after.Diff(before); len(back) != 6 || back[0].Kind != "removed" {
		t.Errorf("back %+v", back)
	}
	if none := before.Diff(loaded(t)); len(none) != 0 {
		t.Errorf("equal rules differ: %+v", none)
	}
}
