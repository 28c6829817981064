package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"hengjian/api/auth"
	"hengjian/jobs/clock"
	"hengjian/jobs/compare/pattern"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// stand is a server over a filled warehouse, with the document beside it.
type stand struct {
	*Server
	document *openapi3.T
	router   routers.Router
	owner    *warehouse.DB
}

// passwords of the accounts in tests.
const secret = "a password of the test"

// streams stands for the loader.
type streams struct{}

func (streams) Streams(context.Context) ([]StreamStatus, error) {
	return []StreamStatus{
		{Stream: "kafka:c/hj.case/1/0", RecordType: "case", Position: 90, HighWater: 100, Lag: 10, Moved: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), Alarm: true},
		{RecordType: "trial"},
	}, nil
}

// bare returns a stand on an empty warehouse.
func bare(t *testing.T) *stand {
	t.Helper()
	ctx := context.Background()
	s := enginetest.Start(t)
	base := s.Database(t)
	owner := warehouse.Wrap(s.Conn(t, base), base)
	contracts, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	indicators, err := indicator.Load("", contracts)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := clock.Load("")
	if err != nil {
		t.Fatal(err)
	}
	patterns, err := pattern.Load("", contracts)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{migrations.Apply(ctx, owner), contract.Reconcile(ctx, owner, contracts), access.ReconcileViews(ctx, owner, contracts)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	hash, err := auth.Hash(secret)
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]string{}
	for _, name := range auth.DevelopmentNames() {
		hashes[name] = hash
	}
	views, _ := warehouse.Names(base)
	server, err := New(Config{Listen: "127.0.0.1:0"}, Deps{
		Service: s.DBAs(t, "service", base), Owner: owner,
		Readers: func(slot string) (*warehouse.DB, error) { return warehouse.Wrap(s.ConnAs(t, slot, views), views), nil },
		People:  auth.DevelopmentAccounts, Passwords: hashes, Contracts: contracts, Indicators: indicators, Rules: rules, Patterns: patterns, Ingest: streams{}, Packages: &shelf{in: map[string]Package{}},
		Assets: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/a.js": {Data: []byte("1")}}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(ctx, openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	return &stand{Server: server, document: document, router: router, owner: owner}
}

// filled returns a stand with two provinces, findings, chains, values and a
// quarantine, from testdata/filled.sql.
func filled(t *testing.T) *stand {
	t.Helper()
	s := bare(t)
	text, err := os.ReadFile("testdata/filled.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range strings.Split(string(text), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := s.owner.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// person is somebody with a browser.
type visitor struct {
	t      *testing.T
	s      *stand
	cookie string
	header map[string]string
}

// signedIn signs an account in.
func (s *stand) signedIn(t *testing.T, account string) *visitor {
	t.Helper()
	v := &visitor{t: t, s: s, header: map[string]string{clientHeader: "test"}}
	if status, body := v.do("POST", "/api/v1/session", `{"account":"`+account+`","password":"`+secret+`"}`); status != 200 {
		t.Fatalf("sign in %s: %d %s", account, status, body)
	}
	return v
}

// do sends a request and holds the answer against the document.
func (v *visitor) do(method, path, body string) (int, string) {
	v.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if body != "" && v.header["Content-Type"] == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range v.header {
		r.Header.Set(name, value)
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	w := httptest.NewRecorder()
	v.s.Handler().ServeHTTP(w, r)
	answer := w.Result()
	for _, c := range answer.Cookies() {
		v.cookie = c.Name + "=" + c.Value
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
			v.t.Errorf("cookie %s is not HttpOnly and SameSite=Strict", c.Name)
		}
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if strings.HasPrefix(path, "/api/v1/") {
		v.validate(method, path, answer, text)
	}
	return answer.StatusCode, string(text)
}

// validate holds an answer against the document.
func (v *visitor) validate(method, path string, answer *http.Response, body []byte) {
	v.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	route, params, err := v.s.router.FindRoute(r)
	if err != nil {
		return // an unknown path is a problem without a row in the document
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 answer.StatusCode, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(body)),
	})
	if err != nil {
		v.t.Errorf("%s %s: %d does not fit the document: %v\n%.600s", method, path, answer.StatusCode, err, body)
	}
}

// get reads and decodes data; the status must be 200.
func (v *visitor) get(path string, data any) meta {
	v.t.Helper()
	status, body := v.do("GET", path, "")
	if status != 200 {
		v.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	var e envelope[json.RawMessage]
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		v.t.Fatal(err)
	}
	if data != nil {
		if err := json.Unmarshal(e.Data, data); err != nil {
			v.t.Fatal(err)
		}
	}
	return e.Meta
}

// code is the problem code of an answer.
func code(body string) string {
	var p problem
	if json.Unmarshal([]byte(body), &p) != nil {
		return ""
	}
	return p.Code
}

// operations lists method, path and operationId of the document.
func (s *stand) operations() map[string]string {
	out := map[string]string{}
	for path, item := range s.document.Paths.Map() {
		for method, operation := range item.Operations() {
			out[method+" "+path] = operation.OperationID
		}
	}
	return out
}

// plainRoutes are for operators and stand outside of the document.
var plainRoutes = []string{"GET /healthz", "GET /readyz", "GET /metrics"}

func TestRoutesEqualTheDocument(t *testing.T) {
	s := bare(t)
	documented := s.operations()
	placeholder := regexp.MustCompile(`:([a-z]+)`)
	served := map[string]bool{}
	for _, r := range s.Server.router.Routes() {
		name := r.Method + " " + placeholder.ReplaceAllString(strings.TrimPrefix(r.Path, "/api/v1"), "{$1}")
		served[name] = true
		if _, ok := documented[name]; !ok && !slices.Contains(plainRoutes, name) {
			t.Errorf("%s is served and not in the document", name)
		}
	}
	granted := auth.Granted()
	for name, operation := range documented {
		if !served[name] {
			t.Errorf("%s is in the document and not served", name)
		}
		if operation != "signIn" && !slices.Contains(granted, operation) {
			t.Errorf("%s (%s) is granted to nobody", operation, name)
		}
	}
	if len(granted) != len(documented)-1 {
		t.Errorf("%d operations granted, %d in the document without sign-in", len(granted), len(documented)-1)
	}
}

func TestEveryProblemCodeIsInTheDocument(t *testing.T) {
	s := bare(t)
	listed := s.document.Components.Schemas["ProblemCode"].Value.Enum
	for code, k := range kinds {
		if !slices.Contains(listed, any(code)) {
			t.Errorf("%s is not in the document", code)
		}
		if k.status < 400 || k.title.ZH == "" || k.title.EN == "" || k.detail.ZH == "" || k.detail.EN == "" {
			t.Errorf("%s lacks words", code)
		}
	}
	if len(listed) != len(kinds) {
		t.Errorf("%d codes in the document, %d in the table", len(listed), len(kinds))
	}
	for _, c := range []warehouse.Code{warehouse.Invalid, warehouse.Unauthenticated, warehouse.Forbidden, warehouse.NotFound, warehouse.Conflict, warehouse.TooMany, warehouse.Unavailable, warehouse.Internal} {
		if _, ok := kinds[codes[c]]; !ok {
			t.Errorf("the code %s of the warehouse has no row", c)
		}
	}
}

func TestKindsOfPeriodsAreTheCalendars(t *testing.T) {
	s := bare(t)
	var kinds []string
	if err := s.owner.QueryRow(t.Context(), "SELECT groupUniqArray(toString(kind)) FROM period_calendar").Scan(&kinds); err != nil {
		t.Fatal(err)
	}
	documented := s.document.Components.Schemas["PeriodKind"].Value.Enum
	for _, kind := range kinds {
		if !slices.Contains(documented, any(kind)) {
			t.Errorf("%s is not in the document", kind)
		}
	}
	if len(kinds) != len(documented) {
		t.Errorf("%v in the calendar, %v in the document", kinds, documented)
	}
}

// example fills the placeholders of a path with ids that exist in filled.sql.
func example(path string) string {
	return strings.NewReplacer("/chains/{id}", "/chains/c-00000000000000a1", "/findings/{id}", "/findings/aa00000000000001",
		"/queries/{id}", "/queries/00000000-0000-0000-0000-000000000001", "{digest}", strings.Repeat("0", 64), "/reporting-patterns/{id}", "/reporting-patterns/RP01", "{id}", "AR02b", "{indicator}", "AR02b").Replace(path)
}

func TestEveryRouteAsksTheAuthoriser(t *testing.T) {
	s := filled(t)
	stranger := &visitor{t: t, s: s, header: map[string]string{clientHeader: "test"}}
	people := map[string]*visitor{}
	for _, name := range auth.DevelopmentNames() {
		people[name] = s.signedIn(t, name)
	}
	for name, operation := range s.operations() {
		if operation == "signIn" || operation == "signOut" {
			continue
		}
		method, path, _ := strings.Cut(name, " ")
		body := map[string]string{"runQuery": `{"sql":"SELECT 1"}`}[operation]
		if status, answer := stranger.do(method, "/api/v1"+example(path), body); status != 401 || code(answer) != "unauthenticated" {
			t.Errorf("%s without a session: %d %s", operation, status, answer)
		}
		for account, v := range people {
			role := s.Server.state.Load().people[account].account.Role
			status, answer := v.do(method, "/api/v1"+example(path), body)
			if denied := status == 403 && code(answer) == "forbidden"; denied == auth.Allowed(role, operation) {
				t.Errorf("%s as %s: %d %s", operation, account, status, answer)
			}
			if status >= 500 {
				t.Errorf("%s as %s: %d %s", operation, account, status, answer)
			}
		}
	}
}

func TestScopeKeepsProvincesApart(t *testing.T) {
	s := filled(t)
	leader, analyst := s.signedIn(t, "leader"), s.signedIn(t, "analyst")
	var all, own []finding
	leader.get("/api/v1/findings", &all)
	analyst.get("/api/v1/findings", &own)
	if len(all) != 3 || len(own) != 1 || own[0].ID != "aa00000000000001" {
		t.Errorf("leader sees %d findings, analyst %d", len(all), len(own))
	}
	for path, want := range map[string]int{
		"/api/v1/findings/aa00000000000001": 200, "/api/v1/findings/aa00000000000002": 404, // another province
		"/api/v1/findings/aa00000000000003": 404, // another compartment
		"/api/v1/chains/c-00000000000000a1": 200, "/api/v1/chains/c-00000000000000a2": 404,
		"/api/v1/overview?organ=p1": 200, "/api/v1/overview?organ=n1": 404, "/api/v1/overview?organ=p2": 404,
	} {
		if status, body := analyst.do("GET", path, ""); status != want {
			t.Errorf("GET %s as analyst: %d %s", path, status, body)
		}
	}
	var c chain
	leader.get("/api/v1/chains/c-00000000000000a1", &c)
	if len(c.Events) != 3 || len(c.Dockets) != 2 || len(c.Verdicts) != 1 || len(c.Verdicts[0].Steps) != 1 || c.Events[0].Organ.Name != "甲省公安厅" || len(c.Persons) != 1 {
		t.Errorf("chain of the leader: %+v", c)
	}
	var sealed chain
	analyst.get("/api/v1/chains/c-00000000000000a1", &sealed)
	if len(sealed.Events) != 2 {
		t.Errorf("the analyst without the compartment sees %d events of 2", len(sealed.Events))
	}
	var values []valueView
	leader.get("/api/v1/indicators/AR02b/values?period_kind=month&from=2025-01-01&coverage=own", &values)
	if len(values) != 4 || values[0].Organ.ID != "p1" || values[3].Organ.ID != "p2" {
		t.Errorf("values are not in administrative order: %+v", values)
	}
	values = nil
	analyst.get("/api/v1/indicators/AR02b/values?period_kind=month&from=2025-01-01&coverage=own", &values)
	if len(values) != 2 || values[0].Figure.Value == nil || *values[0].Figure.Value != 0.25 {
		t.Errorf("values of the analyst: %+v", values)
	}
	var q queryResult
	status, body := analyst.do("POST", "/api/v1/queries", `{"sql":"SELECT finding_id FROM verdict"}`)
	var e envelope[json.RawMessage]
	if status != 200 || json.Unmarshal([]byte(body), &e) != nil || json.Unmarshal(e.Data, &q) != nil || len(q.Rows) != 1 || *q.Rows[0][0] != own[0].ID {
		t.Errorf("SQL and pages show different things: %d %s", status, body)
	}
}

func TestPagesOfFindingsMeetOnce(t *testing.T) {
	s := filled(t)
	v := s.signedIn(t, "leader")
	var seen []string
	path := "/api/v1/findings?limit=1"
	for path != "" {
		var page []finding
		m := v.get(path, &page)
		for _, f := range page {
			seen = append(seen, f.ID)
		}
		path = ""
		if m.Next != nil {
			path = "/api/v1/findings?limit=1&cursor=" + *m.Next
			if status, body := v.do("GET", "/api/v1/findings?limit=1&rule=R060&cursor="+*m.Next, ""); status != 400 || code(body) != "bad_cursor" {
				t.Errorf("a cursor of other filters: %d %s", status, body)
			}
			other := s.signedIn(t, "analyst")
			if status, _ := other.do("GET", path, ""); status != 400 {
				t.Errorf("a cursor of another scope: %d", status)
			}
		}
	}
	if strings.Join(seen, " ") != "aa00000000000002 aa00000000000001 aa00000000000003" {
		t.Errorf("pages: %v", seen)
	}
}

func TestOverview(t *testing.T) {
	s := filled(t)
	v := s.signedIn(t, "leader")
	var o overview
	v.get("/api/v1/overview?organ=p1&months=12&map_indicator=AR02b", &o)
	if o.Period == nil || *o.Period != "2025-06" || len(o.Headlines) == 0 || o.Map == nil || len(o.Map.Cells) != 34 {
		t.Fatalf("overview: period %v, %d headlines, map %v", o.Period, len(o.Headlines), o.Map)
	}
	i := slices.IndexFunc(o.Headlines, func(h headline) bool { return h.Indicator.ID == "AR02b" })
	h := o.Headlines[i]
	if len(h.Series) != 12 || h.Figure.Value == nil || *h.Figure.Value != 0.5 || h.YearOnYear.Form != "points" || h.YearOnYear.Value == nil || *h.YearOnYear.Value != 30 {
		t.Errorf("headline: %+v", h)
	}
	positions := map[string]string{}
	for _, c := range o.Map.Cells {
		positions[c.Region] = c.Position
		if (c.Region == "710000" || c.Region == "810000" || c.Region == "820000") == c.Reporting {
			t.Errorf("%s reporting: %v", c.Name, c.Reporting)
		}
	}
	if positions["110000"] != "above_95" || positions["120000"] != "not_compared" || o.Map.Cells[0].Region != "110000" {
		t.Errorf("map: %v", positions)
	}
}

func TestCoursesAndPatternsStayInScope(t *testing.T) {
	s := filled(t)
	var c struct {
		Signals []struct{ Text struct{ ZH string } }
	}
	s.signedIn(t, "leader").get("/api/v1/courses/AR02b?organ=p1", &c)
	if len(c.Signals) != 1 || !strings.Contains(c.Signals[0].Text.ZH, "2025-02为50.0%，高于") {
		t.Errorf("the course of p1: %+v", c)
	}
	if status, body := s.signedIn(t, "analyst").do("GET", "/api/v1/courses/AR02b?organ=p2", ""); status != 404 {
		t.Errorf("p2 is out of the analyst's scope: %d %s", status, body)
	}
	quarters := func(account string) (n int) {
		var all []struct{ Quarters []struct{ Observed int } }
		s.signedIn(t, account).get("/api/v1/reporting-patterns", &all)
		for _, p := range all {
			n += len(p.Quarters)
		}
		return n
	}
	if leader, analyst := quarters("leader"), quarters("analyst"); leader != 2 || analyst != 1 {
		t.Errorf("leader sees %d quarters, want 2; analyst %d, want 1", leader, analyst)
	}
}

func TestPatternsLeadToTheirRecords(t *testing.T) {
	s := filled(t)
	s.put(t, `INSERT INTO supervision_document_history (key, revision, fate, stream, offset, organ_id, compartment, document_number_norm, document_kind, issued_on) VALUES
('p1|1', 1, 'applied', 'kafka:c/hj.case/1/0', 1, 'p1', 'general', '1', 'correction_notice', '2025-06-29'), ('p1|2', 1, 'applied', 'kafka:c/hj.case/1/0', 2, 'p1', 'general', '2', 'correction_notice', '2025-06-01'),
('p1|3', 1, 'applied', 'kafka:c/hj.case/1/0', 3, 'p1', 'secret', '3', 'correction_notice', '2025-06-29'), ('p2|1', 1, 'applied', 'kafka:c/hj.case/1/0', 4, 'p2', 'general', '1', 'correction_notice', '2025-06-29')`,
		"INSERT INTO link_docket (run_id, generation, docket, chain, organ_id, docket_kind, docket_number, linked_by, link_state) VALUES ('r1', 2, 'p1|supervision|1', 'c-00000000000000a1', 'p1', 'supervision', '1', '', 'linked')")
	analyst := s.signedIn(t, "analyst")
	var records []evidenceRecord
	analyst.get("/api/v1/reporting-patterns/RP01/evidence?organ=p1&quarter=2025-04-01", &records)
	if len(records) != 1 || records[0].Key != "p1|1" || records[0].Day != "2025-06-29" || records[0].Docket != "p1|supervision|1" || records[0].Chain == nil || *records[0].Chain != "c-00000000000000a1" || records[0].RecordType.Name.ZH != "监督文书" {
		t.Errorf("the records behind a pattern: %+v", records)
	}
	for path, want := range map[string]string{"RP01/evidence?organ=p2&quarter=2025-04-01": "not_found", "RP99/evidence?organ=p1&quarter=2025-04-01": "not_found", "RP01/evidence?organ=p1&quarter=2025-05-01": "invalid", "RP01/evidence?organ=p1": "invalid"} {
		if status, body := analyst.do("GET", "/api/v1/reporting-patterns/"+path, ""); code(body) != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	var looks uint64
	if err := s.owner.QueryRow(t.Context(), "SELECT count() FROM audit WHERE action = 'pattern_evidence' AND account = 'analyst' AND target = 'RP01 p1 2025-04-01' AND rows = 1").Scan(&looks); err != nil || looks != 1 {
		t.Errorf("%d looks in the audit (%v)", looks, err)
	}
}

func TestStewardSeesOwnQuarantineOnly(t *testing.T) {
	s := filled(t)
	var rows []quarantineRow
	s.signedIn(t, "steward").get("/api/v1/ingest/quarantine", &rows)
	if len(rows) != 1 || rows[0].Sender != "A110000" || rows[0].ReasonText.ZH == "" || rows[0].Remedy.EN == "" || rows[0].FieldName.ZH == "" {
		t.Errorf("quarantine: %+v", rows)
	}
	var fates []fate
	s.signedIn(t, "leader").get("/api/v1/ingest/fates", &fates)
	for _, f := range fates {
		if f.Read != f.Accepted+f.Quarantined || f.Accepted != f.Applied+f.Duplicate+f.Superseded+f.Conflict+f.Waiting {
			t.Errorf("accounting of %s: %+v", f.RecordType.Type, f)
		}
		if f.RecordType.Type == "case" && (f.Read != 3 || f.Applied != 1 || f.Quarantined != 2) {
			t.Errorf("cases: %+v", f)
		}
	}
}

func TestOfficialFiguresStandBeside(t *testing.T) {
	s := filled(t)
	var rows []officialFigure
	s.signedIn(t, "publisher").get("/api/v1/indicators/AR02b/official", &rows)
	i := slices.IndexFunc(rows, func(f officialFigure) bool { return f.Measure == "arrest_refusal_rate" })
	if i < 0 || rows[i].Recomputed == nil || rows[i].Difference == nil || rows[i].Printed != "43.4%" {
		t.Errorf("official figures: %+v", rows)
	}
}

func TestSessionGuards(t *testing.T) {
	s := filled(t)
	wrong := &visitor{t: t, s: s, header: map[string]string{clientHeader: "test"}}
	for i, want := range []string{"wrong_password", "wrong_password", "wrong_password", "wrong_password", "wrong_password", "too_many"} {
		if _, body := wrong.do("POST", "/api/v1/session", `{"account":"publisher","password":"no"}`); code(body) != want {
			t.Errorf("attempt %d: %s", i, body)
		}
	}
	s = filled(t)
	v := s.signedIn(t, "analyst")
	for name, change := range map[string]struct{ header, value, want string }{
		"without the header": {clientHeader, "", "foreign_origin"},
		"from another site":  {"Sec-Fetch-Site", "cross-site", "foreign_origin"},
	} {
		before := v.header
		v.header = map[string]string{clientHeader: "test", change.header: change.value}
		if change.value == "" {
			v.header = nil
		}
		if _, body := v.do("POST", "/api/v1/queries", `{"sql":"SELECT 1"}`); code(body) != change.want {
			t.Errorf("%s: %s", name, body)
		}
		v.header = before
	}
	r := httptest.NewRequest("GET", "/api/v1/organs", nil)
	r.Host = "evil.example:8080"
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if code(w.Body.String()) != "host_refused" {
		t.Errorf("a foreign host: %s", w.Body)
	}
	if status, _ := v.do("DELETE", "/api/v1/session", ""); status != 204 {
		t.Errorf("sign out: %d", status)
	}
	if status, _ := v.do("GET", "/api/v1/session", ""); status != 401 {
		t.Errorf("after sign-out: %d", status)
	}
	for _, listen := range []string{"0.0.0.0:8080", "10.0.0.1:80", "8080"} {
		c := Config{Listen: listen}
		c.EnsureDefaults()
		if c.Validate() == nil {
			t.Errorf("listening on %s is allowed", listen)
		}
	}
}

func TestReadsHaveTags(t *testing.T) {
	s := filled(t)
	v := s.signedIn(t, "leader")
	r := httptest.NewRequest("GET", "/api/v1/findings", nil)
	r.Host, r.Header = "localhost", http.Header{"Cookie": {v.cookie}}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	tag := w.Header().Get("ETag")
	r.Header.Set("If-None-Match", tag)
	w = httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if tag == "" || w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("tag %q, then %d with %d bytes", tag, w.Code, w.Body.Len())
	}
	r.Header.Set("Cookie", s.signedIn(t, "analyst").cookie)
	w = httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("the tag of the leader answers the analyst with %d", w.Code)
	}
}

func TestProblemsSpeakBothLanguages(t *testing.T) {
	s := filled(t)
	v := s.signedIn(t, "analyst")
	for lang, want := range map[string]string{"en-GB,en": "The query is not allowed", "zh-CN": "查询未被允许"} {
		v.header["Accept-Language"] = lang
		status, body := v.do("POST", "/api/v1/queries", `{"sql":"SELECT file('x')"}`)
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != 400 || p.Title != want || p.Localized.Title.EN == "" || len(p.Errors) != 1 {
			t.Errorf("%s: %d %s", lang, status, body)
		}
	}
}

func TestOperationAndPages(t *testing.T) {
	s := bare(t)
	at := func(path string) (int, string, http.Header) {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String(), w.Header()
	}
	if status, body, _ := at("/readyz"); status != 503 || !strings.Contains(body, "not born") || !strings.Contains(body, "leaks") {
		t.Errorf("an unborn warehouse is ready: %d %s", status, body)
	}
	if err := migrations.Birth(context.Background(), s.owner, migrations.Simulated, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	if status, body, _ := at("/readyz"); status != 200 {
		t.Errorf("ready: %d %s", status, body)
	}
	leaking := []access.Finding{{Leak: access.Leak{ID: "loop", Want: access.Closed}, Open: true}}
	s.Server.leaks.Store(&leaking)
	if status, body, _ := at("/readyz"); status != 503 || !strings.Contains(body, "loop") || s.sqlOffered() {
		t.Errorf("a new leak: %d %s", status, body)
	}
	if status, body, _ := at("/metrics"); status != 200 || !strings.Contains(body, "hengjian_api_requests_total") {
		t.Errorf("metrics: %d", status)
	}
	for path, want := range map[string]int{"/": 200, "/findings/abc": 200, "/assets/a.js": 200, "/assets/b.js": 404, "/api/v1/nothing": 404, "/../../etc/passwd": 200} {
		status, body, header := at(path)
		if status != want || strings.Contains(body, "root:") || strings.Contains(header.Get("Content-Security-Policy"), "unsafe-inline") || header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d", path, status)
		}
	}
	s.Server.deps.Assets = fs.FS(fstest.MapFS{"placeholder": {}})
	if status, body, _ := at("/"); status != 503 || !strings.Contains(body, "make build") {
		t.Errorf("without a build: %d %s", status, body)
	}
}

// TestRunServesAndEnds starts the whole server and ends it.
func TestRunServesAndEnds(t *testing.T) {
	s := bare(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	addr, err := s.Addr(ctx)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get("http://" + addr + "/healthz")
	if err != nil || answer.StatusCode != 200 {
		t.Errorf("healthz: %v", err)
	}
	if err == nil {
		answer.Body.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("end: %v", err)
	}
}
