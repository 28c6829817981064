package clock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// TestACaseWithTooManyEventsIsNotJudged puts a hundred thousand events into one case
// beside an ordinary one.
func TestACaseWithTooManyEventsIsNotJudged(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	s.aCase(t, "A1", "2024-05-04", "2024-05-11")
	r := s.run(t, 1, "2024-11-30", s.offset)
	if err := s.Exec(ctx, fmt.Sprintf(`INSERT INTO case_event (run_id, generation, chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision)
SELECT '%s', 1, 'c-long', 'c-long/1', concat('j1|prosecution_review|', toString(intDiv(number, 2))), concat('j1|prosecution_review|', toString(intDiv(number, 2)), '|1'), 'j1', 'general',
    if(number %% 2 = 0, 'prosecution_review.accepted', 'prosecution_review.decided'), 0, toDateTime64('2020-01-01', 3, 'Asia/Shanghai') + number, 'day', 1, map(), 'prosecution_decision', concat('j1|', toString(intDiv(number, 2)), '|1'), 1
FROM numbers(100000)`, r.ID)); err != nil {
		t.Fatal(err)
	}
	if err := s.Exec(ctx, "INSERT INTO run (run_id, generation, as_of) VALUES ('run-1', 1, '2024-11-30')"); err != nil {
		t.Fatal(err)
	}
	report, err := s.job(t, DefaultConfig()).Run(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	got := s.lines(t, "SELECT chain, toString(rule), toString(outcome), toString(missing) FROM verdict_written ORDER BY chain, rule", 4)
	want := []string{"c-A1 R032R033 in_time ", "c-A1 R060 out_of_time ", "c-A1 R070 out_of_time ", "c-long R060 cannot_judge too_many_events"}
	if !slices.Equal(got, want) {
		t.Errorf("verdicts %q, want %q", got, want)
	}
	if notes := strings.Join(report.Notes, ""); !strings.Contains(notes, "c-long") || !strings.Contains(notes, "20000") || strings.Contains(notes, "c-A1") {
		t.Errorf("the report notes %q", notes)
	}
	id := s.lines(t, "SELECT finding_id FROM verdict_written WHERE chain = 'c-long'", 1)[0]
	s.commit(t, r)
	told, err := Explain(ctx, s.DB, loaded(t), id)
	if err != nil || !strings.Contains(told, "案件事件过多") || !strings.Contains(told, "too many events") {
		t.Errorf("told %q, %v", told, err)
	}
}

// TestFindingsAreExplainedAndRulesCompared reads a stored explanation, has a quiet
// verdict judged again, and counts what a change of a rule would do.
func TestFindingsAreExplainedAndRulesCompared(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	for _, number := range []string{"A1", "A2"} {
		s.aCase(t, number, "2024-05-04", "2024-05-11")
	}
	r := s.run(t, 1, "2024-11-30", s.offset)
	if err := s.Exec(ctx, "INSERT INTO run (run_id, generation, as_of) VALUES ('run-1', 1, '2024-11-30')"); err != nil {
		t.Fatal(err)
	}
	j := s.job(t, DefaultConfig())
	if _, err := j.Run(ctx, r); err != nil {
		t.Fatal(err)
	}
	s.commit(t, r)
	for rule, parts := range map[string][]string{
		"R060":     {"out_of_time", "第一百七十二条", "2024-07-28", "超过4日", "prosecution_decision:j1|A1|1", "2024-06-03"},
		"R032R033": {"in_time", "第九十一条", "2024-05-11", "coercive_measure:p1|MA1"},
	} {
		id := s.lines(t, "SELECT finding_id FROM verdict_written WHERE rule = '"+rule+"' AND chain = 'c-A1'", 1)[0]
		told, err := Explain(ctx, s.DB, j.deps.Rules, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range append(parts, id, "run-1", "c") {
			if !strings.Contains(told, part) {
				t.Errorf("%s: the explanation lacks %q:\n%s", rule, part, told)
			}
		}
	}
	if _, err := Explain(ctx, s.DB, j.deps.Rules, "0123456789abcdef"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Errorf("an unknown finding gives %v", err)
	}
	before, after := loaded(t), loaded(t)
	same, err := Impact(ctx, s.DB, r, before, after)
	if err != nil || len(same) != 0 {
		t.Errorf("equal rules differ: %+v, %v", same, err)
	}
	for i, x := range after.all {
		changed := *x
		switch x.ID {
		case "R060": // two months instead of one
			changed.phases = slices.Clone(x.phases)
			for p := range changed.phases {
				changed.phases[p].Limits = slices.Clone(x.phases[p].Limits)
				for k := range changed.phases[p].Limits {
					changed.phases[p].Limits[k].Span.Months++
				}
			}
			changed.Digest, after.all[i] = "longer", &changed
		case "R070": // withdrawn
			changed.Digest, changed.applies = "never", []condition{{Ref: ref{Name: "procedure", attr: x.words.names.codes["procedure"], fact: -1}, Values: []string{"none"}}}
			after.all[i] = &changed
		}
	}
	changes, err := Impact(ctx, s.DB, r, before, after)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range changes {
		if x.Appear+x.Vanish+x.Alter > 0 {
			got = append(got, fmt.Sprintf("%s %s +%d -%d ~%d", x.Rule, x.Kind, x.Appear, x.Vanish, x.Alter))
		}
	}
	if want := []string{"R060 changed +0 -2 ~0", "R070 changed +0 -2 ~0"}; !slices.Equal(got, want) {
		t.Errorf("impact %q, want %q", got, want)
	}
	back, err := Impact(ctx, s.DB, r, after, before)
	if err != nil || back[0].Appear != 2 || back[0].Vanish != 0 {
		t.Errorf("taken back %+v, %v", back, err)
	}
}

// TestRoutesFollowTheRegister sends findings the ways of 规则 618: an organ above goes
// through the upper procuratorate, one elsewhere to the procuratorate of its place.
func TestRoutesFollowTheRegister(t *testing.T) {
	reg := access.NewRegister([]access.Organ{
		{ID: "J", Code: "330000", System: "procuratorate", Level: "provincial"},
		{ID: "P", Code: "A330000", System: "police", Level: "provincial", SupervisedBy: "J"},
		{ID: "j1", Code: "330100", System: "procuratorate", Level: "prefectural", LedBy: "J"},
		{ID: "p1", Code: "A330100", System: "police", Level: "prefectural", SupervisedBy: "j1"},
		{ID: "j11", Code: "330106", System: "procuratorate", Level: "county", LedBy: "j1"},
		{ID: "p11", Code: "A330106", System: "police", Level: "county", SupervisedBy: "j11"},
		{ID: "j2", Code: "330200", System: "procuratorate", Level: "prefectural", LedBy: "J"},
		{ID: "p2", Code: "A330200", System: "police", Level: "prefectural", SupervisedBy: "j2"},
		{ID: "prison", Code: "C330199", System: "prison", Level: "prefectural", SupervisedBy: "j1"},
		{ID: "s1", Code: "S330100", System: "supervisory", Level: "prefectural", Counterpart: "j1"},
	})
	byLevel := &Rule{Route: routeByLevel, organ: organSupervisor}
	for _, x := range []struct {
		name, own, trigger string
		rule               *Rule
		kind               responsible
		organ, by, route   string
	}{
		{"same level", "p1", "", byLevel, responsible{Kind: responsibleOwn}, "j1", "p1", routeDirect},
		{"the relation names the procuratorate, not the code", "prison", "", byLevel, responsible{Kind: responsibleOwn}, "j1", "prison", routeDirect},
		{"an organ above", "p1", "P", byLevel, responsible{Kind: responsibleTrigger}, "j1", "P", routeUpper},
		{"two levels above", "p11", "P", byLevel, responsible{Kind: responsibleTrigger}, "j11", "P", routeUpper},
		{"an organ elsewhere", "p1", "p2", byLevel, responsible{Kind: responsibleTrigger}, "j1", "p2", routeElsewhere},
		{"an organ below one's own", "p1", "p11", byLevel, responsible{Kind: responsibleTrigger}, "j1", "p11", routeDirect},
		{"one's own limits", "j1", "", byLevel, responsible{Kind: responsibleOwn}, "j1", "j1", routeOwn},
		{"a commission is seen by its counterpart", "s1", "", byLevel, responsible{Kind: responsibleOwn}, "j1", "s1", routeDirect},
		{"an organ that is not registered", "p9", "", byLevel, responsible{Kind: responsibleOwn}, "", "p9", routeUnknown},
		{"the rule itself says upper", "p1", "", &Rule{Route: routeUpper, organ: organSupervisor}, responsible{Kind: responsibleOwn}, "j1", "p1", routeUpper},
	} {
		rec := &record{Organ: x.own}
		v := verdict{Rule: x.rule, Unit: unit{chain: &chain{}, rec: rec}, responsible: x.kind, triggerOrgan: x.trigger}
		attribute(&v, reg)
		if v.Organ != x.organ || v.Responsible != x.by || v.Route != x.route {
			t.Errorf("%s: finding of %q on %q goes %s, want %q on %q %s", x.name, v.Organ, v.Responsible, v.Route, x.organ, x.by, x.route)
		}
	}
}
