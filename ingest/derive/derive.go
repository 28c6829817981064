// Package derive follows every log_<type> by position and decides each accepted
// record's fate: applied, duplicate, superseded or conflict. It owns
// <type>_history, <type>, record_fate and touched.
//
// A pass over one type takes, per stream, the log rows after the position and
// writes in this order: history, current, touched, fates. The fates are the
// position. A crash before them leaves the position where it was, and the next
// pass repeats the same statements on the same rows: every table collapses
// repeated rows by key, and what an unfinished pass left in history is not
// taken for something known before. Rulings are applied after each pass, and
// their row of history is their position in the same way.
//
// It promises equal tables for equal logs, whatever the crashes. It never
// reads the wall clock in Go, never uses a materialised view, and never decides
// by time of arrival where a revision decides.
package derive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Deps are the neighbours of a Deriver. Hooks may be nil.
type Deps struct {
	DB        *warehouse.DB
	Catalogue *contract.Catalogue
	Hooks     *Hooks
	Log       *slog.Logger
}

// Deriver runs the passes. Once and Run must not run at the same time.
type Deriver struct {
	config   Config
	deps     Deps
	tables   []table
	position map[string]map[string]uint64 // per type: next offset per stream
}

// New checks c and prepares the SQL of every contract; it starts nothing.
func New(c Config, d Deps) (*Deriver, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.DB == nil || d.Catalogue == nil || d.Log == nil {
		return nil, errors.New("derive needs a database, a catalogue and a log")
	}
	v := &Deriver{config: c, deps: d, position: map[string]map[string]uint64{}}
	for _, t := range d.Catalogue.Types() {
		v.tables = append(v.tables, newTable(t))
	}
	// The register comes first: everything else is read through it.
	slices.SortStableFunc(v.tables, func(a, b table) int {
		return strings.Compare(rank(a.name), rank(b.name))
	})
	return v, nil
}

func rank(name string) string {
	if name == "organ" {
		return ""
	}
	return name
}

// Run derives until ctx ends; failures are logged and tried again with a growing pause.
func (v *Deriver) Run(ctx context.Context) error {
	pause := v.config.Idle
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		counts, err := v.Once(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			v.deps.Log.Error("derive failed, will try again", "error", err, "pause", pause)
			pause = min(2*pause, v.config.MaxIdle)
		case counts.Read > 0:
			pause = v.config.Idle
		default:
			pause = min(2*pause, v.config.MaxIdle)
		}
		timer.Reset(pause)
	}
}

// Once derives all that is in the logs now, organ first, and says what it did.
// After an error the next call begins again from the stored positions. Refused
// rows have no fate: those after a stream's last accepted row are read and
// counted once more by each new process.
func (v *Deriver) Once(ctx context.Context) (warehouse.Counts, error) {
	var total warehouse.Counts
	for _, t := range v.tables {
		for {
			counts, err := v.pass(ctx, t)
			if err != nil {
				delete(v.position, t.name)
				return total, fmt.Errorf("derive %s: %w", t.name, err)
			}
			add(&total, counts)
			if counts.Read == 0 {
				break
			}
		}
		if err := v.rule(ctx, t); err != nil {
			return total, fmt.Errorf("apply rulings on %s: %w", t.name, err)
		}
	}
	return total, nil
}

func add(total *warehouse.Counts, c warehouse.Counts) {
	total.Read += c.Read
	total.Accepted += c.Accepted
	total.Quarantined += c.Quarantined
	total.Applied += c.Applied
	total.Duplicate += c.Duplicate
	total.Superseded += c.Superseded
	total.Conflict += c.Conflict
}

// pass derives one cut of one type; counts.Read is 0 when nothing is waiting.
func (v *Deriver) pass(ctx context.Context, t table) (warehouse.Counts, error) {
	next, err := v.next(ctx, t)
	if err != nil {
		return warehouse.Counts{}, err
	}
	cut, counts, err := v.cut(ctx, t, next)
	if err != nil || counts.Read == 0 {
		return counts, err
	}
	if counts.Accepted > 0 {
		if err := v.write(ctx, t, cut, next, &counts); err != nil {
			return warehouse.Counts{}, err
		}
	}
	for stream, upto := range cut.upto {
		next[stream] = upto
	}
	if !counts.Balanced() {
		return counts, fmt.Errorf("the accounting does not balance: %+v", counts)
	}
	return counts, nil
}

func (v *Deriver) write(ctx context.Context, t table, cut rangeOf, next map[string]uint64, counts *warehouse.Counts) error {
	where, args := cut.where()
	beyond, more := beyondOf(next, cut.streams())
	args = append(append(args, more...), warehouse.Param("type", t.name))
	for _, s := range []struct {
		point Point
		sql   string
	}{
		{BeforeHistory, t.writeHistory(where, beyond)},
		{BeforeCurrent, t.writeCurrent(where)},
		{BeforeTouched, t.writeTouched(where)},
		{BeforeFates, t.writeFates(where)},
	} {
		if err := v.deps.Hooks.reach(s.point, t.name); err != nil {
			return err
		}
		if err := v.deps.DB.Exec(ctx, s.sql, args...); err != nil {
			return fmt.Errorf("%s: %w", s.point, err)
		}
	}
	if err := v.deps.Hooks.reach(AfterFates, t.name); err != nil {
		return err
	}
	return v.count(ctx, t, where, args, counts)
}

func (v *Deriver) count(ctx context.Context, t table, where string, args []any, counts *warehouse.Counts) error {
	rows, err := v.deps.DB.Query(ctx, t.fates(where), args...)
	if err != nil {
		return fmt.Errorf("count fates: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var fate string
		var n uint64
		if err := rows.Scan(&fate, &n); err != nil {
			return fmt.Errorf("read fates: %w", err)
		}
		switch fate {
		case "applied":
			counts.Applied = n
		case "duplicate":
			counts.Duplicate = n
		case "superseded":
			counts.Superseded = n
		case "conflict":
			counts.Conflict = n
		}
	}
	return rows.Err()
}

// rule applies rulings that have no row of history yet.
func (v *Deriver) rule(ctx context.Context, t table) error {
	args := []any{warehouse.Param("type", t.name)}
	var pending uint64
	if err := v.deps.DB.QueryRow(ctx, "SELECT count() FROM ("+t.pendingRulings()+")", args...).Scan(&pending); err != nil {
		return fmt.Errorf("read rulings: %w", err)
	}
	if pending == 0 {
		return nil
	}
	for _, s := range []struct {
		point Point
		sql   string
	}{
		{BeforeRuledCurrent, t.writeRuledCurrent()},
		{BeforeRuledTouched, t.writeRuledTouched()},
		{BeforeRuledHistory, t.writeRuledHistory()},
	} {
		if err := v.deps.Hooks.reach(s.point, t.name); err != nil {
			return err
		}
		if err := v.deps.DB.Exec(ctx, s.sql, args...); err != nil {
			return fmt.Errorf("%s: %w", s.point, err)
		}
	}
	return nil
}

// Behind counts the accepted log rows without a fate, over all types.
func (v *Deriver) Behind(ctx context.Context) (uint64, error) {
	var total uint64
	for _, t := range v.tables {
		next, err := v.stored(ctx, t)
		if err != nil {
			return 0, err
		}
		beyond, args := beyondOf(next, nil)
		var n uint64
		if err := v.deps.DB.QueryRow(ctx, t.waiting(beyond+" AND status = 'accepted'"), args...).Scan(&n); err != nil {
			return 0, fmt.Errorf("count what waits in %s: %w", t.log, err)
		}
		total += n
	}
	return total, nil
}

// Positions returns the greatest derived offset per stream, over all types.
func (v *Deriver) Positions(ctx context.Context) (warehouse.Known, error) {
	known := warehouse.Known{}
	rows, err := v.deps.DB.Query(ctx, "SELECT toString(stream), max(offset) FROM record_fate GROUP BY stream")
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var stream string
		var offset uint64
		if err := rows.Scan(&stream, &offset); err != nil {
			return nil, fmt.Errorf("read positions: %w", err)
		}
		known[stream] = offset
	}
	return known, rows.Err()
}
