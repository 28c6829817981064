// Package clock owns the statutory clocks (办案期限): rules as data, the engine that
// reads them, and the verdicts (判定). It promises that a verdict follows from the
// events known to the run, the rules and the legal day alone, and that what is
// missing never counts as compliant. It never reads the wall clock, and never says
// that something is unlawful: a person does, by a document.
package clock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Deps are the neighbours of the job.
type Deps struct {
	DB    *warehouse.DB
	Rules *Rules
	// Register gives the organs of the moment; nil reads them from the warehouse.
	Register func(context.Context) (*access.Register, error)
}

// Job judges every unit of every rule and appends verdicts.
type Job struct {
	config   Config
	deps     Deps
	families [][]*Rule
	byType   [][]family // families by the number of their record type
}

// New checks the configuration; it starts nothing.
func New(c Config, d Deps) (*Job, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("configure clock: %w", err)
	}
	if d.DB == nil || d.Rules == nil {
		return nil, errors.New("configure clock: database and rules are needed")
	}
	if d.Register == nil {
		d.Register = func(ctx context.Context) (*access.Register, error) { return access.LoadRegister(ctx, d.DB) }
	}
	j := &Job{config: c, deps: d, families: d.Rules.families()}
	j.byType = d.Rules.byType()
	return j, nil
}

// Name is the family of the results.
func (j *Job) Name() string { return "clock" }

// Run reads case_event of the run chain by chain, judges all rules, and appends
// verdicts and one marker per rule. Where an earlier run read the same legal day
// by the same rules, only cases whose events were written anew since are judged;
// the verdicts of the others stay where that run has them.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	register, err := j.deps.Register(ctx)
	if err != nil {
		return warehouse.Report{}, fmt.Errorf("read the organs for clocks: %w", err)
	}
	base, found, err := j.base(ctx, r)
	if err != nil {
		return warehouse.Report{}, err
	}
	s := &sink{job: j, run: r, counts: counts{}}
	var events []source
	if found {
		events = []source{{again, map[string]string{"run": r.ID}}}
		err = j.build(ctx, r, base, s)
	} else {
		events, err = j.eventParts(ctx, r)
	}
	if err != nil {
		return warehouse.Report{}, err
	}
	stay := s.counts.all()
	if err := j.judgeAll(ctx, events, register, s); err != nil {
		return warehouse.Report{}, err
	}
	report, err := s.finish(ctx)
	for _, name := range s.long {
		report.Notes = append(report.Notes, fmt.Sprintf("case %s has more than %d events and is not judged: check whether several cases were merged", name, mostEvents))
	}
	if found {
		report.Notes = append(report.Notes, fmt.Sprintf("%d verdicts judged anew, the other %d stay as run %s has them", report.Units-stay, stay, base.ID))
	}
	return report, err
}

// judgeAll reads the chains and judges them on all workers, each of which stores
// its own verdicts.
func (j *Job) judgeAll(ctx context.Context, events []source, register organs, s *sink) error {
	g, gctx := errgroup.WithContext(ctx)
	work := make(chan task, j.config.Workers)
	g.Go(func() error {
		defer close(work)
		return j.read(gctx, events, func(t task) error {
			select {
			case work <- t:
				return nil
			case <-gctx.Done():
				return gctx.Err()
			}
		})
	})
	for range j.config.Workers {
		g.Go(func() error { return j.work(gctx, work, register, s) })
	}
	return g.Wait()
}

// work judges tasks until there are no more.
func (j *Job) work(ctx context.Context, tasks <-chan task, register organs, s *sink) error {
	b, err := newBuilder()
	if err != nil {
		return err
	}
	w, err := s.newWriter(ctx)
	if err != nil {
		return err
	}
	defer w.conn.Close()
	k := &kase{cal: j.deps.Rules.calendar, asOf: dayOf(s.run.AsOf)}
	for t := range tasks {
		if err := b.each(t, func(c *chain) error { return j.judgeChain(k, c, register, w) }); err != nil {
			return err
		}
		if err := w.flush(ctx, w.most); err != nil {
			return err
		}
	}
	return w.flush(ctx, 1)
}

// dayOf is the legal day in which as_of lies.
func dayOf(t time.Time) day { return civil(t.In(time.FixedZone("CST", 8*60*60)).Date()) }

// judgeChain judges all units of a chain and stores the verdicts.
func (j *Job) judgeChain(k *kase, ch *chain, reg organs, w *writer) error {
	if ch.left > 0 {
		w.sink.tooLong(ch.name)
	}
	w.quiet.open(ch)
	err := j.eachVerdict(k, ch, func(v *verdict) error {
		attribute(v, reg)
		return w.add(v)
	})
	w.quiet.close()
	return err
}

// eachVerdict judges all units of a chain; a verdict is good until the next.
func (j *Job) eachVerdict(k *kase, ch *chain, visit func(*verdict) error) error {
	defer k.lend(ch, len(j.deps.Rules.words.events.names))()
	if ch.left > 0 {
		return j.unjudged(k, ch, visit)
	}
	for i := range ch.records {
		for _, f := range j.byType[ch.records[i].Type] {
			k.units = unitsOf(f, ch, int32(i), k.units[:0])
			for n := range k.units {
				k.verdict = k.judgeVersions(&k.units[n], f.versions)
				if err := visit(&k.verdict); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// unjudged says of a case with more events than one may have, once for every rule
// that it meets, that it cannot be judged: several cases were merged, or a sender
// repeats itself. What such a case would say might be wrong.
func (j *Job) unjudged(k *kase, ch *chain, visit func(*verdict) error) error {
	met := map[uint16]bool{}
	for i := range ch.records {
		rec := &ch.records[i]
		if met[rec.Type] {
			continue
		}
		met[rec.Type] = true
		for _, f := range j.byType[rec.Type] {
			k.begin(&unit{chain: ch, rec: rec, person: rec.person, entry: rec.Entry, name: rec.Person}, f.versions[len(f.versions)-1])
			v := k.frame()
			v.Outcome, v.State, v.Missing = cannotJudge, running, tooManyEvents
			if err := visit(&v); err != nil {
				return err
			}
		}
	}
	return nil
}

// unitsOf adds what a record gives to judge under a rule: itself, each of its
// events, or each person of its docket.
func unitsOf(f family, c *chain, at int32, out []unit) []unit {
	rec := &c.records[at]
	u := unit{chain: c, rec: rec, person: rec.person, entry: rec.Entry, name: rec.Person}
	var nth map[uint16]int
	for i := rec.first; i >= 0; i = c.events[i].ofRecord {
		e := &c.events[i]
		if !f.concerns[e.Code] {
			continue
		}
		switch f.versions[0].per {
		case perRecord:
			return append(out, u)
		case perPerson:
			return personsOf(u, out)
		}
		if nth == nil {
			nth = map[uint16]int{}
		}
		nth[e.Code]++
		u.event, u.nth = e, int(e.Code)<<8+nth[e.Code]
		out = append(out, u)
	}
	return out
}

// personsOf gives one unit for each person whose records stand in the docket.
func personsOf(u unit, out []unit) []unit {
	from := len(out)
	for i := range u.chain.records {
		o := &u.chain.records[i]
		if o.docket != u.rec.docket || o.person < 0 || o.first < 0 ||
			slices.ContainsFunc(out[from:], func(x unit) bool { return x.person == o.person }) {
			continue
		}
		one := u
		one.person, one.entry, one.name = o.person, o.Entry, o.Person
		out = append(out, one)
	}
	return out
}
