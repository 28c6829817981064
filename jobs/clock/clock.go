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
	byType   [][][]*Rule // families by the number of their record type
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

// chunk is a stretch of whole chains on its way through the workers; the order
// of chunks is the order of chains, so that results do not depend on speed.
type chunk struct {
	chains []*chain
	done   chan []verdict
}

// chunkEvents is how many events are handed to a worker at a time.
const chunkEvents = 4096

// Run reads case_event of the run chain by chain, judges all rules, and appends
// verdicts and one marker per rule. Where an earlier run read the same legal day
// by the same rules, only cases that were touched since are judged, and the
// verdicts of the others are carried over.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	register, err := j.deps.Register(ctx)
	if err != nil {
		return warehouse.Report{}, fmt.Errorf("read the organs for clocks: %w", err)
	}
	base, found, err := j.base(ctx, r)
	if err != nil {
		return warehouse.Report{}, err
	}
	where := ""
	if found {
		if err := j.reach(ctx, r, base); err != nil {
			return warehouse.Report{}, err
		}
		where = onlyChanged
	}
	s := &sink{job: j, run: r, counts: map[string]uint64{}, units: map[string]uint64{}}
	if err := j.judgeAll(ctx, r, where, register, s); err != nil {
		return warehouse.Report{}, err
	}
	anew := s.rows
	if found {
		if err := s.recount(ctx); err != nil {
			return warehouse.Report{}, err
		}
	}
	report, err := s.finish(ctx)
	if found {
		report.Notes = append(report.Notes, fmt.Sprintf("%d verdicts judged anew, the others carried over from run %s", anew, base.ID))
	}
	return report, err
}

// judgeAll reads the chains that fit where, judges them on all workers, and
// appends the verdicts in the order of the chains.
func (j *Job) judgeAll(ctx context.Context, r warehouse.Run, where string, register organs, s *sink) error {
	asOf := dayOf(r.AsOf)
	g, gctx := errgroup.WithContext(ctx)
	work, order := make(chan *chunk), make(chan *chunk, 2*j.config.Workers)
	g.Go(func() error {
		defer close(work)
		defer close(order)
		return j.readWhere(gctx, r, where, func(c *chunk) error {
			for _, to := range []chan<- *chunk{order, work} {
				select {
				case to <- c:
				case <-gctx.Done():
					return gctx.Err()
				}
			}
			return nil
		})
	})
	for range j.config.Workers {
		g.Go(func() error {
			k := &kase{cal: j.deps.Rules.calendar, asOf: asOf}
			for c := range work {
				c.done <- j.judgeChunk(k, c, register)
			}
			return nil
		})
	}
	g.Go(func() error { return s.drain(gctx, order) })
	return g.Wait()
}

// dayOf is the legal day in which as_of lies.
func dayOf(t time.Time) day { return civil(t.In(time.FixedZone("CST", 8*60*60)).Date()) }

// judgeChunk judges all units of the chains in order.
func (j *Job) judgeChunk(k *kase, c *chunk, reg organs) []verdict {
	var out []verdict
	var units []unit
	codes := len(j.deps.Rules.words.events.names)
	for _, ch := range c.chains {
		release := k.lend(ch, codes)
		for i := range ch.records {
			for _, versions := range j.byType[ch.records[i].Type] {
				units = unitsOf(versions, ch, int32(i), units[:0])
				for n := range units {
					v := k.judgeVersions(&units[n], versions)
					attribute(&v, reg)
					out = append(out, v)
				}
			}
		}
		release()
	}
	return out
}

// unitsOf adds what a record gives to judge under a rule: itself, each of its
// events, or each person of its docket.
func unitsOf(versions []*Rule, c *chain, at int32, out []unit) []unit {
	rec, r := &c.records[at], versions[0]
	concerns := func(e *event) bool {
		return slices.ContainsFunc(versions, func(r *Rule) bool { return slices.Contains(r.events, e.Code) })
	}
	u := unit{chain: c, rec: rec, person: rec.person, entry: rec.Entry, name: rec.Person}
	nth := map[uint16]int{}
	for i := rec.first; i >= 0; i = c.events[i].ofRecord {
		e := &c.events[i]
		if !concerns(e) {
			continue
		}
		switch r.per {
		case perRecord:
			return append(out, u)
		case perPerson:
			return personsOf(u, out)
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
