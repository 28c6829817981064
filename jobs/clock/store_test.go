package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

const stream = "kafka:test/records/1/0"

// store is a database with all tables and the contracts they came from.
type store struct {
	*warehouse.DB
	catalogue *contract.Catalogue
	offset    uint64
	number    string // what of a docket names its chain, in SQL
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := s.DB(t, base)
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := migrations.Apply(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(ctx, db, catalogue); err != nil {
		t.Fatal(err)
	}
	return &store{DB: db, catalogue: catalogue, number: "splitByChar('|', docket)[3]"}
}

// put writes one version of a record into the history as derive does.
func (s *store) put(t *testing.T, record string, revision int, fields map[string]string) {
	t.Helper()
	typ, _ := s.catalogue.Type(record)
	var values, columns []string
	add := func(column, expression string) {
		values, columns = append(values, expression+" AS `"+column+"`"), append(columns, "`"+column+"`")
	}
	all := maps.Clone(fields)
	all["handling_region"] = "330106"
	if all["compartment"] == "" {
		all["compartment"] = "general"
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, ok := typ.Field(name)
		if !ok {
			t.Fatalf("%s has no field %s", record, name)
		}
		value := "'" + all[name] + "'"
		switch f.Kind {
		case contract.KindDate:
			value = "toDate32(" + value + ")"
		case contract.KindInstant:
			value = "toDateTime64(" + value + ", 3, 'Asia/Shanghai')"
		case contract.KindOrgan:
			add(name+"_id", value)
		case contract.KindDocumentNumber, contract.KindCourtCaseNumber:
			add(name+"_norm", value)
		case contract.KindUint, contract.KindBool:
			value = all[name]
		}
		add(name, value)
	}
	s.offset++
	list := strings.Join(columns, ", ")
	sql := fmt.Sprintf("INSERT INTO `%s_history` (key, revision, ruling, retracted, fate, stream, offset, %s) SELECT %s, %d, 0, 0, 'applied', '%s', %d, %s FROM (SELECT %s)",
		record, list, typ.KeySQL(), revision, stream, s.offset, list, strings.Join(values, ", "))
	if err := s.Exec(context.Background(), sql); err != nil {
		t.Fatalf("put %s: %v", record, err)
	}
}

// run makes a run that knows the records up to an offset and writes its events;
// dockets are one chain when they carry one number, as link would have found.
func (s *store) run(t *testing.T, generation uint32, asOf string, known uint64) warehouse.Run {
	t.Helper()
	ctx := context.Background()
	day, err := time.ParseInLocation(time.DateOnly, asOf, time.FixedZone("CST", 8*3600))
	if err != nil {
		t.Fatal(err)
	}
	r := warehouse.Run{ID: fmt.Sprintf("run-%d", generation), Generation: generation, AsOf: day}
	if err := s.Exec(ctx, fmt.Sprintf("INSERT INTO run_input VALUES ('%s', '%s', %d)", r.ID, stream, known)); err != nil {
		t.Fatal(err)
	}
	for _, typ := range s.catalogue.Types() {
		events := typ.EventsSQL()
		if events == "" {
			continue
		}
		sql := fmt.Sprintf(`INSERT INTO case_event (run_id, generation, chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision)
SELECT {run:String}, %[1]d, concat('c-', %[3]s), if(person_entry = '', '', concat('c-', %[3]s, '/', splitByChar('|', person_entry)[4])), * FROM (%[2]s)`, generation, events, s.number)
		if err := s.Exec(ctx, sql, warehouse.Param("run", r.ID)); err != nil {
			t.Fatalf("events of %s: %v", typ.Name, err)
		}
	}
	return r
}

// upon turns the events of a run, which stand in full, into what linkage writes upon
// an earlier run: only the cases that differ from it, and where the others stand.
func (s *store) upon(t *testing.T, r, base warehouse.Run) {
	t.Helper()
	const of = "SELECT chain, groupArray(tuple(* EXCEPT (run_id, generation))) AS all FROM (SELECT * FROM case_event_of(run = '%s') ORDER BY ALL) GROUP BY chain"
	differ := fmt.Sprintf("SELECT ifNull(b.chain, n.chain) AS chain, if(isNull(n.chain), '', '%s') AS part FROM ("+of+") AS b FULL JOIN ("+of+") AS n ON n.chain = b.chain WHERE ifNull(b.all != n.all, 1)", r.ID, base.ID, r.ID)
	for _, sql := range []string{
		fmt.Sprintf("CREATE TABLE differ ENGINE = Memory AS %s", differ),
		fmt.Sprintf("CREATE TABLE written ENGINE = Memory AS SELECT * FROM case_event WHERE run_id = '%s' AND chain IN (SELECT chain FROM differ)", r.ID),
		fmt.Sprintf("ALTER TABLE case_event DROP PARTITION %d", r.Generation),
		"INSERT INTO case_event SELECT * FROM written",
		fmt.Sprintf("INSERT INTO run_base SELECT 'link', '%s', %d, ifNull(max(root), '%s'), ifNull(max(root_generation), %d) FROM (SELECT toNullable(root) AS root, toNullable(root_generation) AS root_generation FROM run_base WHERE family = 'link' AND run_id = '%s')", r.ID, r.Generation, base.ID, base.Generation, base.ID),
		fmt.Sprintf("INSERT INTO case_part SELECT 'link', '%s', %d, chain, part, if(part = '', 0, %[2]d) FROM differ", r.ID, r.Generation),
		fmt.Sprintf("INSERT INTO case_part SELECT 'link', '%s', %d, chain, part, part_generation FROM case_part WHERE family = 'link' AND run_id = '%s' AND chain NOT IN (SELECT chain FROM differ)", r.ID, r.Generation, base.ID),
		"DROP TABLE differ", "DROP TABLE written",
	} {
		if err := s.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// commit makes the run visible as jobs/run does.
func (s *store) commit(t *testing.T, r warehouse.Run) {
	t.Helper()
	sql := fmt.Sprintf("INSERT INTO run_commit VALUES ('clock', '%s', %d, '2025-01-01', toDateTime64(%d, 3))", r.ID, r.Generation, 1_700_000_000+r.Generation)
	if err := s.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

func (s *store) lines(t *testing.T, sql string, columns int) []string {
	t.Helper()
	rows, err := s.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		values, targets := make([]string, columns), make([]any, columns)
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(values, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// register knows the police p1 and the court k1 under the procuratorate j1.
func register(context.Context) (*access.Register, error) {
	return access.NewRegister([]access.Organ{
		{ID: "j1", Code: "330100", System: "procuratorate"},
		{ID: "p1", Code: "A330100", System: "police", SupervisedBy: "j1"},
		{ID: "k1", Code: "K330100", System: "court", SupervisedBy: "j1"},
	}), nil
}

func (s *store) job(t *testing.T, c Config) *Job {
	// the way to the warehouse is what these tests are about, not what each rule says
	stored := []string{"R032R033", "R060", "R070", "R110", "R114"}
	t.Helper()
	rules := loaded(t)
	rules.all = slices.DeleteFunc(rules.all, func(r *Rule) bool { return !slices.Contains(stored, r.ID) })
	j, err := New(c, Deps{DB: s.DB, Rules: rules, Register: register})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// aCase puts detention, arrest review, prosecution review and trial of one person.
func (s *store) aCase(t *testing.T, number, requested, decided string) {
	s.put(t, "case", 1, map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": number, "opened_on": "2024-05-01", "arrest_requested_on": requested})
	s.put(t, "coercive_measure", 1, map[string]string{"organ": "p1", "measure_number": "M" + number, "docket_kind": "police_investigation", "docket_number": number, "person_no": "1", "measure": "detention", "executed_at": "2024-05-01 23:30:00"})
	s.put(t, "arrest_review", 1, map[string]string{"organ": "j1", "docket_number": number, "person_no": "1", "accepted_on": requested, "decided_on": decided, "decision": "approved"})
	s.put(t, "prosecution_decision", 1, map[string]string{"organ": "j1", "docket_number": number, "person_no": "1", "accepted_on": "2024-06-03", "in_custody": "true", "returned_1_on": "2024-06-28", "resubmitted_1_on": "2024-08-01", "decided_on": "2024-08-20", "decision": "prosecuted"})
	s.put(t, "trial", 1, map[string]string{"organ": "k1", "docket_kind": "trial_first", "docket_number": number, "person_no": "1", "procedure": "ordinary", "in_custody": "true", "filed_on": "2024-08-25"})
}

func TestRunJudgesChains(t *testing.T) {
	s := newStore(t)
	s.aCase(t, "A1", "2024-05-04", "2024-05-11")
	s.aCase(t, "A2", "2024-05-06", "2024-05-11")
	s.put(t, "coercive_measure", 1, map[string]string{"organ": "p1", "measure_number": "M3", "docket_kind": "police_investigation", "docket_number": "A3", "person_no": "1", "measure": "detention", "decided_on": "2024-05-01"})
	s.put(t, "supervision_document", 1, map[string]string{"organ": "j1", "document_number": "JY1", "document_kind": "recommendation", "issued_on": "2024-07-01", "reply_due_on": "2024-07-20", "target_organ": "p1", "compartment": "juvenile"})
	s.put(t, "supervision_document", 1, map[string]string{"organ": "j1", "document_number": "JZ1", "document_kind": "correction_notice", "served_on": "2024-11-19", "target_organ": "k1"})
	r := s.run(t, 1, "2024-11-30", s.offset)
	report, err := s.job(t, Config{Workers: 3, BatchRows: 2}).Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	got := s.lines(t, `SELECT toString(rule), record_key, toString(outcome), toString(state), toString(organ_id), toString(responsible_organ_id),
    ifNull(toString(due_on), '-'), toString(period_on), toString(over_units), if(missing = '', '-', toString(missing)), toString(compartment) FROM verdict_written ORDER BY rule, record_key`, 11)
	want := []string{
		"R032R033 p1|M3 cannot_judge running j1 p1 - 2024-05-01 0 detention.executed general",
		"R032R033 p1|MA1 in_time stopped j1 j1 2024-05-11 2024-05-11 0 - general",
		"R032R033 p1|MA2 out_of_time stopped j1 p1 2024-05-04 2024-05-04 2 - general",
		"R060 j1|A1|1 out_of_time stopped j1 p1 2024-07-28 2024-07-28 4 - general",
		"R060 j1|A2|1 out_of_time stopped j1 p1 2024-07-28 2024-07-28 4 - general",
		"R070 k1|A1|1 out_of_time running j1 k1 2024-11-25 2024-11-25 5 - general",
		"R070 k1|A2|1 out_of_time running j1 k1 2024-11-25 2024-11-25 5 - general",
		"R110 j1|JY1 out_of_time running j1 p1 2024-07-20 2024-07-20 133 - juvenile",
		"R114 j1|JZ1 due_soon running j1 k1 2024-12-04 2024-12-04 0 - general",
	}
	if !slices.Equal(got, want) {
		t.Errorf("verdicts\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if report.Units != 9 || report.Figures["R060.out_of_time"] != 2 || report.Rows != 14 {
		t.Errorf("report %+v", report)
	}
	if judged := s.lines(t, "SELECT toString(rule), toString(units) FROM judged ORDER BY rule", 2); !slices.Equal(judged, []string{"R032R033 3", "R060 2", "R070 2", "R110 1", "R114 1"}) {
		t.Errorf("judged %q", judged)
	}
	s.checkEvidence(t)
}

// checkEvidence reads what a person is told about one verdict.
func (s *store) checkEvidence(t *testing.T) {
	row := s.lines(t, "SELECT explanation_zh, explanation_en, steps FROM verdict_written WHERE record_key = 'p1|MA2'", 3)[0]
	for _, part := range []string{
		"提请批捕", "2024-05-01（强制措施执行时间）", "期限3日", "届满日2024-05-04", "案件提请批捕日于2024-05-06发生", "超过2日", "疑似不符，待核查", "口径：", "第九十一条",
		"limit 3 days", "due on 2024-05-04", "2 day(s) over", "Reading:",
	} {
		if !strings.Contains(row, part) {
			t.Errorf("the explanation lacks %q: %s", part, row)
		}
	}
	if strings.Contains(row, "违法") {
		t.Error("a machine says 违法")
	}
	text := s.lines(t, "SELECT steps FROM verdict_written WHERE record_key = 'p1|MA2'", 1)[0]
	var steps []step
	if err := json.Unmarshal([]byte(text), &steps); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 3 || steps[0].Phase != "request" || steps[0].Limit != "P3D" || steps[1].Outcome != inTime || steps[2].Outcome != "informative" ||
		!slices.Equal(steps[1].Records, []string{"arrest_review:j1|A2|1"}) {
		t.Errorf("steps %+v", steps)
	}
}

func TestRunReadsItsKnownAndRepeats(t *testing.T) {
	s := newStore(t)
	s.aCase(t, "A1", "2024-05-04", "2024-05-11")
	early := s.offset
	// late data: the request was two days later
	s.put(t, "case", 2, map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": "A1", "opened_on": "2024-05-01", "arrest_requested_on": "2024-05-06"})
	outcome := func(generation uint32, known uint64, c Config) []string {
		r := s.run(t, generation, "2024-11-30", known)
		if _, err := s.job(t, c).Run(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		return s.lines(t, "SELECT toString(tuple(* EXCEPT (run_id, generation))) FROM verdict_of(run = '"+r.ID+"') ORDER BY organ_id, rule, finding_id", 1)
	}
	now := outcome(1, s.offset, Config{Workers: 1, BatchRows: 1})
	again := outcome(2, s.offset, Config{Workers: 4, BatchRows: 1000})
	if len(now) != 3 || !slices.Equal(now, again) {
		t.Errorf("equal runs differ:\n%q\n%q", now, again)
	}
	before := outcome(3, early, DefaultConfig())
	if !strings.Contains(strings.Join(now, ""), "2024-05-06") || strings.Contains(strings.Join(before, ""), "2024-05-06") || slices.Equal(now, before) {
		t.Errorf("the older known gives\n%q\nthe newer\n%q", before, now)
	}
}

func TestFindingShowsTheNewestVisibleRun(t *testing.T) {
	s := newStore(t)
	s.aCase(t, "A1", "2024-05-04", "2024-05-11")
	first := s.run(t, 1, "2024-08-26", s.offset)
	second := s.run(t, 2, "2024-12-31", s.offset)
	third := s.run(t, 3, "2025-12-31", s.offset)
	for _, r := range []warehouse.Run{first, second, third} {
		if _, err := s.job(t, DefaultConfig()).Run(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	s.commit(t, first)
	s.commit(t, second) // the third was interrupted before its commit
	id := s.lines(t, "SELECT finding_id FROM verdict_of(run = 'run-2') WHERE rule = 'R070'", 1)[0]
	for i, event := range []string{"seen", "opened"} {
		sql := fmt.Sprintf("INSERT INTO finding_event (finding_id, event, person, at, sequence) VALUES ('%s', '%s', 'lan', toDateTime64(%d, 3), %d)", id, event, 1_700_000_000+i, i+1)
		if err := s.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	got := s.lines(t, "SELECT toString(rule), run_id, toString(over_units), handled, handled_by FROM finding ORDER BY rule", 5)
	if want := []string{"R060 run-2 4  ", "R070 run-2 36 opened lan"}; !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
}

func TestRunStopsWhenInterrupted(t *testing.T) {
	s := newStore(t)
	s.aCase(t, "A1", "2024-05-04", "2024-05-11")
	r := s.run(t, 1, "2024-11-30", s.offset)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.job(t, DefaultConfig()).Run(ctx, r); err == nil {
		t.Error("an interrupted run reported success")
	}
}

// TestAnIncrementalRunEqualsAFullOne changes one of five cases, joins two, splits
// one and adds another, and compares with a run that judges everything.
func TestAnIncrementalRunEqualsAFullOne(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	for _, number := range []string{"A1", "A2", "A3", "A4", "A5"} {
		s.aCase(t, number, "2024-05-04", "2024-05-11")
	}
	enter := func(r warehouse.Run, code string) warehouse.Run {
		r.Definitions, r.Code = "d", code
		if err := s.Exec(ctx, fmt.Sprintf("INSERT INTO run (run_id, generation, as_of, definitions, code) VALUES ('%s', %d, '2024-11-30', 'd', '%s')", r.ID, r.Generation, code)); err != nil {
			t.Fatal(err)
		}
		return r
	}
	judged := func(r warehouse.Run) (warehouse.Report, []string) {
		report, err := s.job(t, DefaultConfig()).Run(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if r.Code == "code" && r.Generation > 1 && len(report.Notes) == 0 {
			t.Errorf("run %s judged everything", r.ID)
		}
		return report, s.lines(t, "SELECT toString(tuple(* EXCEPT (run_id, generation))) FROM verdict_of(run = '"+r.ID+"') ORDER BY organ_id, rule, finding_id", 1)
	}
	first := enter(s.run(t, 1, "2024-11-30", s.offset), "code")
	before := []string{}
	if report, all := judged(first); len(report.Notes) != 0 {
		t.Errorf("the first run carries over: %v", report.Notes)
	} else {
		before = all
	}
	s.commit(t, first)
	change := func(record string, revision int, key string, fields map[string]string) {
		s.put(t, record, revision, fields)
		if err := s.Exec(ctx, fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key) VALUES ('%s', '%s', %d, '%s')", record, stream, s.offset, key)); err != nil {
			t.Fatal(err)
		}
	}
	of := func(number, requested string) map[string]string {
		return map[string]string{"organ": "p1", "docket_kind": "police_investigation", "docket_number": number, "opened_on": "2024-05-01", "arrest_requested_on": requested}
	}
	change("case", 2, "p1|police_investigation|A1", of("A1", "2024-05-07"))
	change("trial", 1, "k1|A9|1", map[string]string{"organ": "k1", "docket_kind": "trial_first", "docket_number": "A9", "person_no": "1", "procedure": "ordinary", "in_custody": "true", "filed_on": "2024-08-25"})
	change("case", 2, "p1|police_investigation|A3", of("A3", "2024-05-04"))
	change("trial", 2, "k1|A4|1", map[string]string{"organ": "k1", "docket_kind": "trial_first", "docket_number": "A4", "person_no": "1", "procedure": "ordinary", "in_custody": "true", "filed_on": "2024-08-26"})
	// the linkage now finds A2 and A3 to be one case, and the trial of A4 another
	s.number = "multiIf(splitByChar('|', docket)[3] = 'A3', 'A2', docket LIKE '%trial_first|A4', 'A4t', splitByChar('|', docket)[3])"
	second := s.run(t, 2, "2024-11-30", s.offset)
	s.upon(t, second, first)
	report, small := judged(enter(second, "code"))
	s.commit(t, second)
	all, full := judged(enter(s.run(t, 3, "2024-11-30", s.offset), "other code"))
	if !slices.Equal(small, full) || len(full) == 0 || slices.Equal(full, before) {
		t.Errorf("the incremental run gives %d verdicts, the full one %d, or others", len(small), len(full))
	}
	if !maps.Equal(report.Figures, all.Figures) {
		t.Errorf("the incremental run counts %v, the full one %v", report.Figures, all.Figures)
	}
	anew := s.lines(t, "SELECT arrayStringConcat(arraySort(groupUniqArray(chain)), ',') FROM verdict_written WHERE run_id = 'run-2'", 1)
	if !slices.Equal(anew, []string{"c-A1,c-A2,c-A4,c-A4t,c-A9"}) || len(report.Notes) != 1 || report.Units != uint64(len(full)) {
		t.Errorf("chains judged anew %q, report %+v", anew, report)
	}
	// and once more: A1 changes back, the others stay where they are
	change("case", 3, "p1|police_investigation|A1", of("A1", "2024-05-04"))
	third := s.run(t, 4, "2024-11-30", s.offset)
	s.upon(t, third, second)
	last, again := judged(enter(third, "code"))
	whole, full := judged(enter(s.run(t, 5, "2024-11-30", s.offset), "other code"))
	if !slices.Equal(again, full) || !maps.Equal(last.Figures, whole.Figures) {
		t.Errorf("the run upon the run gives %d verdicts, the full one %d, or others", len(again), len(full))
	}
	if places := s.lines(t, "SELECT chain, part FROM case_part WHERE family = 'clock' AND run_id = 'run-4' ORDER BY chain", 2); !slices.Equal(places, []string{"c-A1 run-4", "c-A2 run-2", "c-A3 ", "c-A4 run-2", "c-A4t run-2", "c-A9 run-2"}) {
		t.Errorf("the verdicts stand at %q", places)
	}
	id := s.lines(t, "SELECT finding_id FROM verdict_of(run = 'run-2') WHERE chain = 'c-A5' AND rule = 'R032R033'", 1)[0]
	if said := s.lines(t, "SELECT said_by, run_id FROM verdict_history(finding = '"+id+"') ORDER BY said_by", 2); !slices.Equal(said, []string{"run-1 run-1", "run-2 run-1", "run-4 run-1"}) {
		t.Errorf("what stays is said by %q", said)
	}
	if kept := s.lines(t, "SELECT DISTINCT chain, run_id FROM verdict_of(run = 'run-2') WHERE chain IN ('c-A3', 'c-A5')", 2); !slices.Equal(kept, []string{"c-A5 run-1"}) {
		t.Errorf("cases kept from before: %q", kept)
	}
}
