package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"hengjian/ingest/measure"
	"hengjian/jobs/clock"
	life "hengjian/jobs/finding"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/engine"
)

// eventsPerChain is how many events clockCase writes for one case.
const eventsPerChain = 20

// clockCase writes cases of twenty events each: filing, detention, arrest, arrest
// review, prosecution review with one return, trial, and two supervision documents,
// with the attributes that their records carry. About two in a hundred limits are
// passed, and some notices are never sent.
const clockCase = `INSERT INTO case_event (run_id, generation, chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision)
WITH toDate32('2022-01-01') + (cityHash64(n) %% 1000) AS d0, if(cityHash64(n, 1) %% 50 = 0, 4, cityHash64(n, 1) %% 3)::UInt32 AS a, if(cityHash64(n, 2) %% 50 = 0, 10, cityHash64(n, 2) %% 8)::UInt32 AS b, if(cityHash64(n, 3) %% 50 = 0, 40, cityHash64(n, 3) %% 20)::UInt32 AS c,
    concat('c-', leftPad(toString(n), 16, '0')) AS chain, if(n %% 3 = 0, 'false', 'true') AS held,
    multiIf(e.4 = 'case', map('docket_kind', 'police_investigation', 'enterprise', 'false'), e.4 = 'coercive_measure', map('docket_kind', 'police_investigation'),
        e.4 = 'arrest_review', map('in_custody', 'true', 'decision', 'approved'), e.4 = 'prosecution_decision', map('procedure', 'ordinary', 'in_custody', held, 'decision', 'prosecuted'),
        e.4 = 'trial', map('procedure', 'ordinary', 'in_custody', held, 'prosecution_kind', 'public', 'result', 'guilty', 'probation', 'false', 'sentence_kind', 'fixed_term', 'pronounced', 'at_once'),
        map('matter', 'other')) AS own
SELECT '%[1]s', %[2]d, chain, if(e.4 = 'case' OR e.4 = 'supervision_document', '', concat(chain, '/1')),
    concat(if(e.4 IN ('case', 'coercive_measure'), 'p1', 'j1'), '|', e.5, '|', toString(n)), if(e.4 = 'case' OR e.4 = 'supervision_document', '', concat('j1|', e.5, '|', toString(n), '|1')),
    if(e.4 IN ('case', 'coercive_measure'), 'p1', 'j1'), 'general', e.1, e.2, toDateTime64(d0 + e.3, 3, 'Asia/Shanghai') + if(e.6 = 'minute', 34200, 0), e.6, toUInt16(e.7), own, e.4,
    concat(if(e.4 IN ('case', 'coercive_measure'), 'p1', 'j1'), '|', e.4, '|', e.8, toString(n)), 1
FROM (SELECT number + %[4]d AS n FROM numbers(%[3]d)) ARRAY JOIN [
    ('docket.opened', 0, 0, 'case', 'police_investigation', 'day', 1, ''), ('detention.decided', 0, 1, 'coercive_measure', 'police_investigation', 'day', 2, 'd'),
    ('detention.executed', 0, 1, 'coercive_measure', 'police_investigation', 'minute', 3, 'd'), ('arrest.requested', 0, 2 + a, 'case', 'police_investigation', 'day', 4, ''),
    ('arrest_review.accepted', 0, 2 + a, 'arrest_review', 'arrest_review', 'day', 5, ''), ('arrest_review.decided', 0, 2 + a + b, 'arrest_review', 'arrest_review', 'day', 6, ''),
    ('detention.ended', 0, 2 + a + b, 'coercive_measure', 'police_investigation', 'day', 7, 'd'), ('arrest.executed', 0, 2 + a + b, 'coercive_measure', 'police_investigation', 'minute', 8, 'a'),
    ('prosecution_review.transferred', 0, 50 + c, 'case', 'police_investigation', 'day', 9, ''), ('prosecution_review.accepted', 0, 50 + c, 'prosecution_decision', 'prosecution_review', 'day', 10, ''),
    ('prosecution_review.returned', 1, 70 + c + b, 'prosecution_decision', 'prosecution_review', 'day', 11, ''), ('prosecution_review.resubmitted', 1, 95 + c + b, 'prosecution_decision', 'prosecution_review', 'day', 12, ''),
    ('prosecution_review.decided', 0, 120 + c + b, 'prosecution_decision', 'prosecution_review', 'day', 13, ''), ('trial_first.filed', 0, 125 + c + b, 'trial', 'trial_first', 'day', 14, ''),
    ('trial_first.judged', 0, 190 + c + b, 'trial', 'trial_first', 'day', 15, ''), ('trial_first.served', 0, 192 + c + b, 'trial', 'trial_first', 'day', 16, ''),
    ('recommendation.issued', 0, 130, 'supervision_document', 'supervision', 'day', 17, 'r'), ('recommendation.served', 0, 132, 'supervision_document', 'supervision', 'day', 18, 'r'),
    ('recommendation.replied', 0, 160 + c, 'supervision_document', 'supervision', 'day', 19, 'r'), ('correction_notice.replied', 0, 140 + b, 'supervision_document', 'supervision', 'day', 20, 'k')] AS e`

// clockPeers are five rules as an analyst writes them over case_event: a window
// over each case, the due day, the outcome. No holidays, custody, extensions,
// returns, missing data or explanations. Full says whose the verdict is as well, in
// a table like that of the verdicts; else the rows are as narrow as can be.
func clockPeers(run string, generation int, full bool) []string {
	one := func(rule, trigger, stop, due string) string {
		into, what, carried := "bench_peer", "'"+rule+"', record_key, from, due, stop, multiIf(stop IS NULL, 'running', stop > due, 'out_of_time', 'in_time')", ""
		if full {
			into = `bench_peer_full (run_id, generation, finding_id, rule, rule_version, chain, chain_person, docket, person_entry, record_key, record_type, organ_id, responsible_organ_id, compartment, outcome, state, triggered_on, due_on, stopped_on, period_on, over_units, unit)`
			what = fmt.Sprintf(`'%s', %d, lower(substring(hex(SHA256(concat('%s', organ_id, docket, person_entry, record_key))), 1, 16)), '%s', '2018', chain, chain_person, docket, person_entry, record_key, record_type, organ_id, organ_id, compartment,
    multiIf(stop IS NULL, 'running', stop > due, 'out_of_time', 'in_time'), if(stop IS NULL, 'running', 'stopped'), from, due, stop, due, greatest(0, ifNull(dateDiff('day', due, stop), 0)), 'day'`, run, generation, rule, rule)
			carried = ", chain, chain_person, docket, person_entry, record_type, organ_id, compartment"
		}
		return fmt.Sprintf(`INSERT INTO %[7]s SELECT %[8]s FROM
(SELECT record_key, event, toDate32(at) AS from, toDate32(%[4]s) AS due, minIf(toNullable(toDate32(at)), event = '%[3]s') OVER (PARTITION BY chain ORDER BY at, tie ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS stop%[9]s
FROM case_event WHERE run_id = '%[5]s' AND generation = %[6]d AND event IN ('%[2]s', '%[3]s')) WHERE event = '%[2]s'`, rule, trigger, stop, due, run, generation, into, what, carried)
	}
	return []string{
		one("R032", "detention.executed", "arrest.requested", "addDays(at, 3)"),
		one("R033", "arrest_review.accepted", "arrest_review.decided", "addDays(at, 7)"),
		one("R060", "prosecution_review.accepted", "prosecution_review.decided", "addMonths(at, 1)"),
		one("R070", "trial_first.filed", "trial_first.judged", "addMonths(at, 3)"),
		one("R110", "recommendation.served", "recommendation.replied", "addMonths(at, 2)"),
	}
}

// benchClocks judges five million case events by all rules against five of them
// as plain window SQL, fits time against the number of cases, and re-judges one
// case in a hundred.
func benchClocks(c *call) (measured, error) {
	var found measured
	err := c.withScratch(func(ctx context.Context, s *store) error {
		rules := s.defs.rules
		job, err := clock.New(clock.DefaultConfig(), clock.Deps{DB: s.owner, Rules: rules, Register: func(context.Context) (*access.Register, error) {
			return access.NewRegister(nil), nil
		}})
		if err != nil {
			return err
		}
		b := clockBench{c: c, db: s.owner, job: job, engine: s.engine}
		found, err = b.measure(ctx)
		found.Notes = append(found.Notes, fmt.Sprintf("%d rule versions against five rules without holidays, custody, extensions, returns, missing data and explanations", len(rules.All())))
		return err
	})
	return found, err
}

// clockBench is one bench on one scratch warehouse.
type clockBench struct {
	c   *call
	db  *warehouse.DB
	job *clock.Job

	engine *engine.Engine
}

// run names the run of a generation.
func (b clockBench) run(generation int) warehouse.Run {
	return warehouse.Run{ID: fmt.Sprintf("bench-%d", generation), Generation: uint32(generation), AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, shanghai()), Definitions: "bench", Code: "bench"}
}

// fill writes the events of a number of cases.
func (b clockBench) fill(ctx context.Context, generation, cases, from int) error {
	return b.db.Exec(ctx, fmt.Sprintf(clockCase, b.run(generation).ID, generation, cases, from))
}

// judge runs the job and returns seconds and the most memory that was held.
func (b clockBench) judge(ctx context.Context, generation int) (seconds, megabytes float64, rows uint64, err error) {
	runtime.GC()
	peak, stop := watchMemory()
	began := time.Now()
	report, err := b.job.Run(ctx, b.run(generation))
	seconds = time.Since(began).Seconds()
	stop()
	return seconds, float64(peak.Load()) / (1 << 20), report.Rows, err
}

func (b clockBench) measure(ctx context.Context) (measured, error) {
	out := measured{Ratios: map[string]float64{}, Figures: map[string]float64{}}
	for _, sql := range []string{
		"CREATE TABLE bench_peer (rule LowCardinality(String), record_key String, from Date32, due Date32, stop Nullable(Date32), outcome LowCardinality(String)) ENGINE = MergeTree ORDER BY (rule, record_key)",
		"CREATE TABLE bench_peer_full AS verdict",
	} {
		if err := b.db.Exec(ctx, sql); err != nil {
			return out, fmt.Errorf("make the tables of the peer: %w", err)
		}
	}
	full := max(b.c.bench.Events/eventsPerChain, 8)
	var sizes, times []float64
	for i, cases := range []int{full / 8, full / 4, full / 2, full} {
		if err := b.fill(ctx, i+1, cases, 0); err != nil {
			return out, fmt.Errorf("write the cases: %w", err)
		}
		done, err := b.profile(cases == full)
		if err != nil {
			return out, err
		}
		before := b.spent()
		seconds, megabytes, rows, err := b.judge(ctx, i+1)
		spent := b.spent().since(before)
		done()
		if err != nil {
			return out, err
		}
		sizes, times = append(sizes, float64(cases)), append(times, seconds)
		out.Figures[fmt.Sprintf("seconds for %d cases", cases)] = seconds
		out.Figures[fmt.Sprintf("peak MB of Go memory for %d cases", cases)] = megabytes
		out.Figures[fmt.Sprintf("verdict rows for %d cases", cases)] = float64(rows)
		out.Figures[fmt.Sprintf("processor seconds of Go for %d cases", cases)], out.Figures[fmt.Sprintf("processor seconds of the engine for %d cases", cases)] = spent.own, spent.engine
		fmt.Fprintf(b.c.err, "%d cases: %.1f s (processor: Go %.1f s, engine %.1f s), %.0f MB, %d verdicts\n", cases, seconds, spent.own, spent.engine, megabytes, rows)
	}
	slope, intercept, fit := line(sizes, times)
	out.Figures["microseconds per case (fitted)"], out.Figures["fixed seconds (fitted)"], out.Figures["fit R²"] = slope*1e6, intercept, fit
	ours := times[len(times)-1]
	narrow, err := b.peer(ctx, false)
	if err != nil {
		return out, err
	}
	wide, err := b.peer(ctx, true)
	if err != nil {
		return out, err
	}
	out.Figures["seconds of five rules as window SQL"], out.Figures["seconds of five rules as window SQL, whole verdicts"] = narrow, wide
	out.Ratios["five rules as ClickHouse window SQL"], out.Ratios["five rules as ClickHouse window SQL, whole verdicts"] = narrow/ours, wide/ours
	changed, err := b.rejudge(ctx, full)
	if err != nil {
		return out, err
	}
	if err := b.lives(ctx, out.Figures); err != nil {
		return out, err
	}
	out.Figures["seconds to re-judge 1 % of the cases"], out.Figures["re-judging 1 % / full run"] = changed, changed/ours
	out.Notes = append(out.Notes, fmt.Sprintf("full run %.1f s; peer %.1f s for narrow rows, %.1f s for rows that say whose the verdict is", ours, narrow, wide))
	return out, nil
}

// peer runs the five rules as SQL and returns seconds.
func (b clockBench) peer(ctx context.Context, full bool) (float64, error) {
	began, before := time.Now(), b.spent()
	defer func() {
		spent := b.spent().since(before)
		fmt.Fprintf(b.c.err, "five rules as SQL: %.1f s (processor: engine %.1f s)\n", time.Since(began).Seconds(), spent.engine)
	}()
	for _, sql := range clockPeers(b.run(4).ID, 4, full) {
		if err := b.db.Exec(ctx, sql); err != nil {
			return 0, fmt.Errorf("run the peer: %w", err)
		}
	}
	return time.Since(began).Seconds(), nil
}

// profile writes where the processor went while the full run was judged, if asked to.
func (b clockBench) profile(wanted bool) (done func(), err error) {
	if !wanted || b.c.bench.Profile == "" {
		return func() {}, nil
	}
	file, err := os.Create(b.c.bench.Profile)
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Unavailable, Message: "the profile cannot be written to " + b.c.bench.Profile, Err: err}
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("profile the full run: %w", err)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}, nil
}

// rejudge touches one case in a hundred of the fourth generation and runs again: the
// fifth has the events of these cases alone, as the linkage of a new run writes them.
func (b clockBench) rejudge(ctx context.Context, cases int) (seconds float64, err error) {
	old, now := b.run(4), b.run(5)
	for _, sql := range []string{
		fmt.Sprintf("INSERT INTO run (run_id, generation, as_of, definitions, code) VALUES ('%s', 4, '2025-12-31', 'bench', 'bench'), ('%s', 5, '2025-12-31', 'bench', 'bench')", old.ID, now.ID),
		fmt.Sprintf("INSERT INTO run_input VALUES ('%s', 'bench', 0), ('%s', 'bench', 1000000000)", old.ID, now.ID),
		fmt.Sprintf("INSERT INTO run_commit VALUES ('clock', '%s', 4, '2025-12-31', now64(3))", old.ID),
		fmt.Sprintf("INSERT INTO touched (record_type, stream, offset, key) SELECT 'trial', 'bench', number + 1, concat('j1|trial|', toString(number)) FROM numbers(%d) WHERE number %% 100 = 0", cases),
		fmt.Sprintf("INSERT INTO case_part SELECT 'link', '%s', 5, concat('c-', leftPad(toString(number), 16, '0')), '%[1]s', 5 FROM numbers(%d) WHERE number %% 100 = 0", now.ID, cases),
		fmt.Sprintf("INSERT INTO case_event SELECT * REPLACE ('%s' AS run_id, 5 AS generation) FROM (SELECT * FROM case_event WHERE run_id = '%s' AND chain IN (SELECT chain FROM case_part WHERE run_id = '%[1]s'))", now.ID, old.ID),
		fmt.Sprintf("INSERT INTO run_base VALUES ('link', '%s', 5, '%s', 4)", now.ID, old.ID),
	} {
		if err := b.db.Exec(ctx, sql); err != nil {
			return 0, fmt.Errorf("touch one case in a hundred: %w", err)
		}
	}
	before := b.spent()
	seconds, megabytes, rows, err := b.judge(ctx, 5)
	spent := b.spent().since(before)
	fmt.Fprintf(b.c.err, "1 %% touched: %.2f s (processor: Go %.2f s, engine %.2f s), %.0f MB, %d verdicts\n", seconds, spent.own, spent.engine, megabytes, rows)
	return seconds, err
}

// lives lets every finding vanish and come back, and measures what the job of the
// findings takes for it: a run without verdicts, then one that says what the fourth said.
func (b clockBench) lives(ctx context.Context, figures map[string]float64) error {
	job, err := life.New(life.Deps{DB: b.db, Now: time.Now})
	if err != nil {
		return err
	}
	steps := []struct{ name, before string }{
		{"withdraw", fmt.Sprintf("INSERT INTO run_commit VALUES ('clock', '%s', 5, '2025-12-31', now64(3))", b.run(5).ID)},
		{"restore", fmt.Sprintf("INSERT INTO run_base VALUES ('clock', '%s', 7, '%s', 4)", b.run(7).ID, b.run(4).ID)},
	}
	for i, x := range steps {
		if err := b.db.Exec(ctx, x.before); err != nil {
			return fmt.Errorf("prepare the lives of findings: %w", err)
		}
		began := time.Now()
		report, err := job.Run(ctx, b.run(6+i))
		if err != nil {
			return err
		}
		took := time.Since(began).Seconds()
		figures["seconds to "+x.name+" all findings"], figures["findings to "+x.name] = took, float64(report.Rows)
		fmt.Fprintf(b.c.err, "%s %d findings: %.2f s\n", x.name, report.Rows, took)
	}
	return nil
}

// line fits y = slope x + intercept by least squares and gives R².
func line(x, y []float64) (slope, intercept, fit float64) {
	n := float64(len(x))
	var sx, sy, sxx, sxy, syy float64
	for i := range x {
		sx, sy, sxx, sxy, syy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i], syy+y[i]*y[i]
	}
	slope = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	intercept = (sy - slope*sx) / n
	r := n*sxy - sx*sy
	return slope, intercept, r * r / ((n*sxx - sx*sx) * (n*syy - sy*sy))
}

// spent are processor seconds of this process and of the engine.
type spent struct{ own, engine float64 }

func (s spent) since(before spent) spent {
	return spent{s.own - before.own, s.engine - before.engine}
}

// spent reads what both have spent so far; zero where /proc does not say.
func (b clockBench) spent() spent {
	return spent{measure.CPUSeconds(os.Getpid()), measure.CPUSeconds(b.engine.PID())}
}

// watchMemory notes the most Go memory in use, ten times a second.
func watchMemory() (peak *atomic.Uint64, stop func()) {
	peak = &atomic.Uint64{}
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return peak, func() { close(done); ended.Wait() }
}
