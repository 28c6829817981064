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
	return &Job{config: c, deps: d, families: d.Rules.families()}, nil
}

// Name is the family of the results.
func (j *Job) Name() string { return "clock" }

// chunk is a stretch of whole chains on its way through the workers; the order
// of chunks is the order of chains, so that results do not depend on speed.
type chunk struct {
	chains [][]event
	names  []string
	done   chan []verdict
}

// chunkEvents is how many events are handed to a worker at a time.
const chunkEvents = 4096

// Run reads case_event of the run chain by chain, judges all rules, and appends
// verdicts and one marker per rule.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	register, err := j.deps.Register(ctx)
	if err != nil {
		return warehouse.Report{}, fmt.Errorf("read the organs for clocks: %w", err)
	}
	asOf := dayOf(r.AsOf)
	g, gctx := errgroup.WithContext(ctx)
	work, order := make(chan *chunk), make(chan *chunk, 2*j.config.Workers)
	g.Go(func() error {
		defer close(work)
		defer close(order)
		return j.read(gctx, r, func(c *chunk) error {
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
			for c := range work {
				c.done <- j.judgeChunk(c, register, asOf)
			}
			return nil
		})
	}
	s := &sink{job: j, run: r, counts: map[string]uint64{}, units: map[string]uint64{}}
	g.Go(func() error { return s.drain(gctx, order) })
	if err := g.Wait(); err != nil {
		return warehouse.Report{}, err
	}
	return s.finish(ctx)
}

// dayOf is the legal day in which as_of lies.
func dayOf(t time.Time) day { return civil(t.In(time.FixedZone("CST", 8*60*60)).Date()) }

// judgeChunk judges all units of the chains in order.
func (j *Job) judgeChunk(c *chunk, reg organs, asOf day) []verdict {
	var out []verdict
	for i, events := range c.chains {
		for _, versions := range j.families {
			for _, u := range unitsOf(versions, c.names[i], events, asOf) {
				v := judgeVersions(u, versions, j.deps.Rules.calendar, asOf)
				attribute(&v, reg)
				out = append(out, v)
			}
		}
	}
	return out
}

// unitsOf finds the records that have any of the unit events of the rule.
func unitsOf(versions []*Rule, chain string, events []event, asOf day) []*unit {
	var out []*unit
	seen := map[string]bool{}
	for i := range events {
		e := &events[i]
		if e.Day > asOf || e.RecordType != versions[0].Record || seen[e.Record] ||
			!slices.ContainsFunc(versions, func(r *Rule) bool { return slices.Contains(r.events, e.Name) }) {
			continue
		}
		seen[e.Record] = true
		out = append(out, &unit{
			RecordType: e.RecordType, Record: e.Record, Chain: chain, ChainPerson: e.ChainPerson, Docket: e.Docket,
			PersonEntry: e.PersonEntry, Organ: e.Organ, Compartment: e.Compartment, Events: events,
		})
	}
	return out
}

// judgeVersions judges by the version in force, by the transition each version
// states; the newest that fits counts.
func judgeVersions(u *unit, versions []*Rule, cal *calendar, asOf day) verdict {
	for _, r := range slices.Backward(versions) {
		c := newCase(u, r, cal, asOf)
		if d := c.decisive(); d >= r.from && (r.to == none || d <= r.to) {
			return c.judge()
		}
	}
	c := newCase(u, versions[len(versions)-1], cal, asOf)
	v := c.frame()
	v.Outcome = notApplicable
	c.explain(&v)
	return v
}

// decisive is the day that decides whether this version of the rule governs the unit.
func (c *kase) decisive() day {
	trigger := c.earliest()
	first := c.r.phases[0]
	if e := c.first(first.Trigger, none, nil); e != nil {
		trigger = e.Day
	}
	switch c.r.Transition {
	case "pending_from_validity":
		if e := c.firstOf(first.Stops, trigger, nil); e != nil {
			return e.Day
		}
		return c.asOf
	case "act_date", "offence_date":
		if e := c.first(sought{Event: c.r.transition, In: inRecord}, none, nil); e != nil {
			return e.Day
		}
	}
	return trigger
}
