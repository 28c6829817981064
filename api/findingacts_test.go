package api

import (
	"strings"
	"testing"
)

// TestActsOnAFinding walks one finding through the API: each act answers the
// finding as it then stands, and nobody acts on an old picture or outside of the
// scope.
func TestActsOnAFinding(t *testing.T) {
	s := filled(t)
	v := s.signedIn(t, "leader")
	const path = "/api/v1/findings/aa00000000000001/acts"
	for _, step := range []struct {
		body, want string
		status     int
	}{
		{`{"act":"taken","after":0}`, "act_refused", 409}, // the note was not seen
		{`{"act":"document_issued","after":1}`, "act_refused", 409},
		{`{"act":"waved_away","after":1}`, "invalid", 400},
		{`{"act":"taken","after":1,"on":"yesterday"}`, "invalid", 400},
		{`{"act":"taken","after":1}`, `"status":"under_review"`, 200},
		{`{"act":"document_issued","after":2,"document_kind":"correction_notice"}`, "invalid", 400},
		{`{"act":"document_issued","after":2,"document_kind":"correction_notice","document_number":"A1","reply_due_on":"2025-07-20"}`, `"reply_due_on":"2025-07-20"`, 200},
	} {
		status, body := v.do("POST", path, step.body)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s: %d %s, want %d with %s", step.body, status, body, step.status, step.want)
		}
	}
	if status, _ := v.do("POST", "/api/v1/findings/aa000000000000ff/acts", `{"act":"taken","after":0}`); status != 404 {
		t.Errorf("an act on nothing: %d", status)
	}
	analyst := s.signedIn(t, "analyst")
	if status, _ := analyst.do("POST", "/api/v1/findings/aa00000000000002/acts", `{"act":"taken","after":0}`); status != 404 {
		t.Errorf("an act on another province: %d", status)
	}
	for get, want := range map[string]string{
		"/api/v1/findings/work?status=document_issued":           `"document_number":"A1"`,
		"/api/v1/findings/work?mine=true":                        `"issuer":"leader"`,
		"/api/v1/findings/aa00000000000001/history":              `"event":"document_issued"`,
		"/api/v1/findings/aa00000000000001":                      `"can":["replied","noted"]`,
		"/api/v1/findings/precision":                             `"precision":"1.0000"`,
		"/api/v1/findings?rule=R060&outcome=out_of_time&limit=5": `"status":"document_issued"`,
		"/api/v1/findings?rule=R060&limit=1":                     `"basis_kind":"law"`,
		"/api/v1/rules":                                          `"basis_kind":"configured"`,
		"/api/v1/findings/summary":                               `"basis_kind":"unverified"`,
	} {
		status, body := v.do("GET", get, "")
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", get, status, body, want)
		}
	}
}
