package clock

import (
	"strings"
	"testing"

	"hengjian/warehouse/access"
)

// loaded are the embedded rules.
func loaded(t *testing.T) *Rules {
	t.Helper()
	rules, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func (s *Rules) byID(t *testing.T, id string) *Rule {
	t.Helper()
	for _, r := range s.all {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no rule %s", id)
	return nil
}

func TestEveryExample(t *testing.T) {
	rules := loaded(t)
	if len(rules.All()) < 5 {
		t.Errorf("%d rules", len(rules.All()))
	}
	for _, r := range rules.All() {
		for i := range r.examples {
			t.Run(r.ID+"/"+r.examples[i].Name, func(t *testing.T) {
				v, err := r.examples[i].run(r, rules.calendar)
				if wrong := r.examples[i].against(v); err != nil || wrong != "" {
					t.Error(wrong, err)
				}
			})
		}
	}
}

// scenario writes a unit in one line: "event[#ordinal] date[@place]" parted by "; ",
// attributes as "name=value" parted by blanks, want as "key=value".
type scenario struct{ rule, asOf, record, events, want string }

func pairsOf(text string) map[string]string {
	out := map[string]string{}
	for _, p := range strings.Fields(text) {
		name, value, _ := strings.Cut(p, "=")
		out[name] = value
	}
	return out
}

func (s scenario) example(t *testing.T) *example {
	t.Helper()
	x := &example{Record: pairsOf(s.record), Want: pairsOf(s.want)}
	var err error
	if x.AsOf, err = parseDay(s.asOf); err != nil {
		t.Fatal(err)
	}
	for _, one := range strings.Split(s.events, "; ") {
		name, rest, _ := strings.Cut(one, " ")
		date, place, placed := strings.Cut(rest, "@")
		e := exampleEvent{Minute: -1, In: inRecord, Attributes: map[string]string{}}
		if placed {
			e.In = place
		}
		var ordinal string
		e.Event, ordinal, _ = strings.Cut(name, "#")
		if ordinal != "" {
			e.Ordinal = int(ordinal[0] - '0')
		}
		if e.Day, err = parseDay(date); err != nil {
			t.Fatal(err)
		}
		x.Events = append(x.Events, e)
	}
	return x
}

const (
	review = "arrest_review.accepted 2024-05-04@chain_person; arrest_review.decided 2024-05-11@chain_person"
	noHold = "in_custody=false procedure=ordinary"
	held   = "in_custody=true procedure=ordinary"
)

// under judges the example by several versions.
func (x *example) under(t *testing.T, versions []*Rule, cal *calendar) verdict {
	t.Helper()
	c := x.chain(versions[0])
	c.index(len(versions[0].words.events.names), x.AsOf)
	units := unitsOf(familyOf(versions), c, 0, nil)
	if len(units) != 1 {
		t.Fatalf("%d units", len(units))
	}
	return (&kase{cal: cal, asOf: x.AsOf}).judgeVersions(&units[0], versions)
}

func TestRuleSemantics(t *testing.T) {
	rules := loaded(t)
	for name, s := range map[string]scenario{
		"special with days and document": {
			"R032R033", "2024-06-30", "extension_class=special extension_days=4 extension_document_number=X",
			"detention.executed 2024-05-01; arrest.requested 2024-05-08@docket; arrest_review.accepted 2024-05-08@chain_person; arrest_review.decided 2024-05-15@chain_person", "outcome=in_time due=2024-05-15",
		},
		"special without days allows seven": {
			"R032R033", "2024-06-30", "extension_class=special extension_document_number=X",
			"detention.executed 2024-05-01; arrest.requested 2024-05-08@docket; arrest_review.accepted 2024-05-08@chain_person; arrest_review.decided 2024-05-15@chain_person", "outcome=in_time",
		},
		"special never more than four days": {
			"R032R033", "2024-06-30", "extension_class=special extension_days=9 extension_document_number=X",
			"detention.executed 2024-05-01; arrest.requested 2024-05-09@docket; arrest_review.accepted 2024-05-09@chain_person; arrest_review.decided 2024-05-10@chain_person", "outcome=out_of_time over=1 due=2024-05-08",
		},
		"extension not used needs no document": {
			"R032R033", "2024-06-30", "extension_class=special",
			"detention.executed 2024-05-01; arrest.requested 2024-05-04@docket; " + review, "outcome=in_time",
		},
		"thirty days passed": {
			"R032R033", "2024-06-30", "extension_class=thirty_days extension_document_number=X",
			"detention.executed 2024-05-01; arrest.requested 2024-06-01@docket", "outcome=out_of_time over=1 due=2024-05-31",
		},
		"extended, class unknown": {
			"R032R033", "2024-06-30", "",
			"detention.executed 2024-05-01; detention.extended 2024-05-03; arrest.requested 2024-05-07@docket; arrest_review.accepted 2024-05-07@chain_person; arrest_review.decided 2024-05-09@chain_person", "outcome=cannot_judge missing=extension_class",
		},
		"extended, class unknown, beyond every extension": {
			"R032R033", "2024-06-30", "",
			"detention.executed 2024-05-01; detention.extended 2024-05-03; detention.ended 2024-06-05", "outcome=out_of_time due=2024-05-31 over=5",
		},
		"never rolls in custody": {
			"R032R033", "2024-10-31", "",
			"detention.executed 2024-09-30; arrest.requested 2024-10-08@docket; arrest_review.accepted 2024-10-08@chain_person; arrest_review.decided 2024-10-09@chain_person", "outcome=out_of_time due=2024-10-03 over=5 provisional=false",
		},
		"review runs, last day tomorrow": {
			"R032R033", "2024-05-10", "",
			"detention.executed 2024-05-01; arrest.requested 2024-05-04@docket; arrest_review.accepted 2024-05-04@chain_person", "outcome=due_soon state=running due=2024-05-11",
		},
		"review late": {
			"R032R033", "2024-06-30", "",
			"detention.executed 2024-05-01; arrest.requested 2024-05-04@docket; arrest_review.accepted 2024-05-05@chain_person; arrest_review.decided 2024-05-14@chain_person", "outcome=out_of_time due=2024-05-12 over=2 triggered=2024-05-05",
		},
		"no review yet, last day of waiting": {"R032R033", "2024-05-11", "", "detention.executed 2024-05-01; arrest.requested 2024-05-04@docket", "outcome=in_time state=running period=2024-05-01"},
		"no review, waiting over":            {"R032R033", "2024-05-12", "", "detention.executed 2024-05-01; arrest.requested 2024-05-04@docket", "outcome=cannot_judge missing=arrest_review.accepted"},
		"decided but never accepted": {
			"R032R033", "2024-06-30", "",
			"detention.executed 2024-05-01; arrest.requested 2024-05-04@docket; arrest_review.decided 2024-05-06@chain_person", "outcome=cannot_judge missing=arrest_review.accepted",
		},
		"the review of another person": {
			"R032R033", "2024-06-30", "",
			"detention.executed 2024-05-01; arrest.requested 2024-05-04@docket; arrest_review.accepted 2024-05-04@chain", "outcome=cannot_judge missing=arrest_review.accepted",
		},
		"execution unknown":           {"R032R033", "2024-06-30", "", "detention.decided 2024-05-01; arrest.requested 2024-05-04@docket", "outcome=cannot_judge missing=detention.executed period=2024-05-01"},
		"requested before detention":  {"R032R033", "2024-06-30", "", "arrest.requested 2024-04-20@docket; detention.executed 2024-05-01", "outcome=cannot_judge missing=arrest.requested"},
		"ended before any request":    {"R032R033", "2024-06-30", "", "detention.executed 2024-05-01; detention.ended 2024-05-02; arrest.requested 2024-05-20@docket", "outcome=in_time stopped=2024-05-02"},
		"what is after as_of is not":  {"R032R033", "2024-05-02", "", "detention.executed 2024-05-01; arrest.requested 2024-05-09@docket", "outcome=in_time state=running due=2024-05-04"},
		"worst phase wins":            {"R060", "2025-12-31", held, "prosecution_review.accepted 2025-03-03; prosecution_review.returned#1 2025-04-10; prosecution_review.resubmitted#1 2025-06-01; prosecution_review.decided 2025-06-10", "outcome=out_of_time due=2025-04-03 over=7"},
		"resubmission unknown":        {"R060", "2025-12-31", held, "prosecution_review.accepted 2025-03-03; prosecution_review.returned#1 2025-03-28; prosecution_review.decided 2025-05-29", "outcome=cannot_judge missing=prosecution_review.resubmitted"},
		"first return unknown":        {"R060", "2025-12-31", held, "prosecution_review.accepted 2025-03-03; prosecution_review.resubmitted#1 2025-04-28; prosecution_review.decided 2025-05-28", "outcome=cannot_judge missing=prosecution_review.returned"},
		"two returns":                 {"R060", "2025-12-31", held, "prosecution_review.accepted 2025-03-03; prosecution_review.returned#1 2025-03-28; prosecution_review.resubmitted#1 2025-04-28; prosecution_review.returned#2 2025-05-28; prosecution_review.resubmitted#2 2025-06-28; prosecution_review.decided 2025-07-28", "outcome=in_time due=2025-07-28"},
		"supplement runs out":         {"R060", "2025-04-25", held, "prosecution_review.accepted 2025-03-03; prosecution_review.returned#1 2025-03-28", "outcome=due_soon due=2025-04-28 state=running"},
		"extended without document":   {"R060", "2025-12-31", held, "prosecution_review.accepted 2025-03-03; prosecution_review.extended 2025-04-01; prosecution_review.decided 2025-04-10", "outcome=extended_without_document due=2025-04-18 over=0"},
		"extended in another segment": {"R060", "2025-12-31", held + " extension_document_number=X", "prosecution_review.accepted 2025-03-03; prosecution_review.returned#1 2025-04-05; prosecution_review.resubmitted#1 2025-05-01; prosecution_review.extended 2025-05-20; prosecution_review.decided 2025-06-10", "outcome=out_of_time due=2025-04-03 over=2"},
		"extension after the unrolled end": {
			"R060", "2025-12-31", noHold + " extension_document_number=X", "prosecution_review.accepted 2025-08-20; prosecution_review.extended 2025-09-19; prosecution_review.decided 2025-10-09",
			"outcome=in_time due=2025-10-09",
		}, // 20 September + 15 = 5 October, which rolls once
		"fast track":                 {"R060", "2025-12-31", "in_custody=true procedure=fast_track over_one_year=true", "prosecution_review.accepted 2025-03-03; prosecution_review.decided 2025-03-18", "outcome=in_time due=2025-03-18"},
		"fast track, no extension":   {"R060", "2025-12-31", "in_custody=true procedure=fast_track over_one_year=false extension_document_number=X", "prosecution_review.accepted 2025-03-03; prosecution_review.extended 2025-03-10; prosecution_review.decided 2025-03-14", "outcome=out_of_time due=2025-03-13 over=1"},
		"custody unknown, one way":   {"R060", "2025-12-31", "procedure=ordinary", "prosecution_review.accepted 2025-09-05; prosecution_review.decided 2025-10-20", "outcome=out_of_time due=2025-10-09 over=11"},
		"no calendar for the year":   {"R060", "2027-03-31", noHold, "prosecution_review.accepted 2027-01-06; prosecution_review.decided 2027-02-05", "outcome=in_time due=2027-02-08 provisional=true"},
		"decided before acceptance":  {"R060", "2025-12-31", held, "prosecution_review.decided 2025-03-01; prosecution_review.accepted 2025-03-03", "outcome=cannot_judge missing=prosecution_review.returned"},
		"trial extended":             {"R070", "2025-12-31", held + " extension_approver=upper_court extension_document_number=X", "trial_first.filed 2025-01-10; trial_first.extended 2025-04-01; trial_first.judged 2025-07-10", "outcome=in_time due=2025-07-10"},
		"trial extended, over":       {"R070", "2025-12-31", held + " extension_approver=upper_court extension_document_number=X", "trial_first.filed 2025-01-10; trial_first.extended 2025-04-01; trial_first.judged 2025-07-12", "outcome=out_of_time over=2"},
		"approver unknown":           {"R070", "2025-12-31", held, "trial_first.filed 2025-01-10; trial_first.extended 2025-04-01; trial_first.judged 2025-12-01", "outcome=cannot_judge missing=extension_approver"},
		"suspended and not resumed":  {"R070", "2025-12-31", held, "trial_first.filed 2025-01-10; trial_first.suspended 2025-02-01", "outcome=in_time state=running"},
		"resumption unknown":         {"R070", "2025-12-31", held, "trial_first.filed 2025-01-10; trial_first.suspended 2025-02-01; trial_first.judged 2025-06-01", "outcome=cannot_judge missing=trial_first.resumed"},
		"resumption does not matter": {"R070", "2025-12-31", held, "trial_first.filed 2025-01-10; trial_first.suspended 2025-02-01; trial_first.judged 2025-03-01", "outcome=in_time"},
		"before the rule":            {"R114", "2025-12-31", "", "correction_notice.served 2019-12-29", "outcome=not_applicable"},
		"stated day needs no roll":   {"R110", "2025-12-31", "reply_due_on=2025-03-08", "recommendation.issued 2025-02-20; recommendation.replied 2025-03-08", "outcome=in_time due=2025-03-08 triggered="},
		"stated day comes first":     {"R110", "2025-12-31", "reply_due_on=2025-03-03", "recommendation.served 2025-02-20; recommendation.replied 2025-03-10", "outcome=out_of_time over=7"},
		"default days, still open":   {"R114", "2025-11-21", "", "correction_notice.served 2025-11-10", "outcome=due_soon due=2025-11-25"},
	} {
		t.Run(name, func(t *testing.T) {
			var versions []*Rule
			for _, f := range rules.families() {
				if f[0].ID == s.rule {
					versions = f
				}
			}
			x := s.example(t)
			if wrong := x.against(x.under(t, versions, rules.calendar)); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

func TestAVersionIsChosenByItsTransition(t *testing.T) {
	rules := loaded(t)
	old := *rules.byID(t, "R114")
	old.to = civil(2025, 6, 30)
	for mode, wants := range map[string][2]string{ // trigger in June: stopped in June, stopped in July
		"trigger_date":          {"old", "old"},
		"pending_from_validity": {"old", "new"},
		"act_date":              {"old", "new"},
	} {
		newer := old
		newer.Version, newer.from, newer.to, newer.Transition, newer.decides = "new", civil(2025, 7, 1), none, mode, sought{Event: "correction_notice.replied", In: inRecord, code: old.words.events.codes["correction_notice.replied"]}
		old.Version = "old"
		for i, stop := range []string{"2025-06-20", "2025-07-03"} {
			s := scenario{asOf: "2025-12-31", events: "correction_notice.served 2025-06-16; correction_notice.replied " + stop, want: "outcome=in_time"}
			x := s.example(t)
			if v := x.under(t, []*Rule{&old, &newer}, rules.calendar); v.Rule.Version != wants[i] {
				t.Errorf("%s, stopped %s: version %s, want %s", mode, stop, v.Rule.Version, wants[i])
			}
		}
	}
}

func TestAttributionFollowsTheRegister(t *testing.T) {
	reg := access.NewRegister([]access.Organ{{ID: "j", Code: "j", System: "procuratorate"}, {ID: "p", Code: "p", System: "police", SupervisedBy: "j"}})
	c := &chain{
		records: []record{{Organ: "j"}, {Organ: "p", attrs: []attr{{7, "k"}}}},
		events:  []event{{Rec: 0}, {Rec: 1}},
	}
	u := unit{chain: c, rec: &c.records[1]}
	for want, r := range map[string]responsible{
		"p": {Kind: responsibleOwn}, "j": {Kind: responsibleOrgan}, "j2": {Kind: responsibleTrigger},
		"k": {Kind: responsibleAttribute, attr: 7}, "": {Kind: responsibleSystem, Name: "court"},
	} {
		v := verdict{Rule: &Rule{organ: organSupervisor}, Unit: u, responsible: r, triggerOrgan: "j2"}
		attribute(&v, reg)
		if v.Organ != "j" || v.Responsible != want {
			t.Errorf("%+v: organ %q, responsible %q", r, v.Organ, v.Responsible)
		}
	}
	commission := access.NewRegister([]access.Organ{{ID: "j", Code: "j", System: "procuratorate"}, {ID: "s", Code: "s", System: "supervisory", Counterpart: "j"}})
	for organ, want := range map[string]string{"j": "j", "s": "j", "unknown": ""} {
		if got := supervisor(organ, commission); got != want {
			t.Errorf("a finding on %s belongs to %q, want %q", organ, got, want)
		}
	}
	v := verdict{Rule: &Rule{organ: organOwn}, Unit: u, responsible: responsible{Kind: responsibleSystem, Name: "police"}}
	attribute(&v, reg)
	if v.Organ != "p" || v.Responsible != "p" {
		t.Errorf("own organ %q, police of the chain %q", v.Organ, v.Responsible)
	}
}

func TestExplanationsExistInBothLanguagesForEveryOutcome(t *testing.T) {
	rules := loaded(t)
	seen := map[string]bool{}
	for _, r := range rules.All() {
		for i := range r.examples {
			x := &r.examples[i]
			v, err := x.run(r, rules.calendar)
			if err != nil {
				t.Fatal(err)
			}
			seen[v.Outcome] = true
			told := v.explain(v.steps())
			if !strings.Contains(told.ZH, outcomeWords[v.Outcome].ZH) || !strings.Contains(told.EN, outcomeWords[v.Outcome].EN) ||
				!strings.Contains(told.ZH, r.Basis[0].Article) || !strings.Contains(told.ZH, r.Reading.ZH) {
				t.Errorf("%s %s: %s / %s", r.ID, x.Name, told.ZH, told.EN)
			}
			if strings.Contains(told.ZH, "违法。") {
				t.Errorf("%s: a machine says 违法", told.ZH)
			}
		}
	}
	for _, want := range []string{inTime, dueSoon, outOfTime, withoutDocument, cannotJudge, notApplicable} {
		if !seen[want] {
			t.Errorf("no example shows %s", want)
		}
	}
	r110 := rules.byID(t, "R110")
	if a := r110.articles(); !strings.Contains(a.ZH, "未核实") || !strings.Contains(a.EN, "unverified") {
		t.Errorf("the basis from memory is not marked: %+v", a)
	}
}
