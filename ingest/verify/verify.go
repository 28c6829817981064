// Package verify proves from the data alone that nothing was lost, doubled or
// bent on the way in (自证). It owns the tables verification and
// verification_fault. It promises that a fault it reports was there on two
// readings in a row, so that work in flight is never taken for one. It never
// repairs and never reads the state of a loader or deriver.
package verify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"hengjian/ingest/regular"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Deps are the neighbours of a Verifier. Registerer may be nil.
type Deps struct {
	DB         *warehouse.DB
	Catalogue  *contract.Catalogue
	Log        *slog.Logger
	Registerer prometheus.Registerer
	Now        func() time.Time
}

// Fault is one thing that is not as it must be; Total counts all of its sort in
// the record type, of which at most fifty are listed.
type Fault struct {
	Fault, RecordType, Stream string
	Offset                    uint64
	Key, Detail               string
	Total                     uint64
}

// Result is one reading of the whole way in.
type Result struct {
	ID                string
	Started, Finished time.Time
	Types             int
	Streams, Rows     uint64
	Faults            []Fault
}

// Count is the number of faults, those included that are not listed.
func (r Result) Count() uint64 {
	var n uint64
	seen := map[string]bool{}
	for _, f := range r.Faults {
		if sort := f.Fault + "|" + f.RecordType; !seen[sort] {
			seen[sort] = true
			n += f.Total
		}
	}
	return n
}

// Verifier runs the checks.
type Verifier struct {
	config  Config
	deps    Deps
	metrics metrics
}

// New checks c and d; it starts nothing.
func New(c Config, d Deps) (*Verifier, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.DB == nil || d.Catalogue == nil || d.Log == nil || d.Now == nil {
		return nil, errors.New("verify needs a database, a catalogue, a log and a clock")
	}
	return &Verifier{config: c, deps: d, metrics: newMetrics(d.Registerer)}, nil
}

// Run verifies now and then every Config.Every until ctx ends; failures are
// logged and tried again at the next time.
func (v *Verifier) Run(ctx context.Context) error {
	return regular.Run(ctx, v.config.First, v.config.Every, func(ctx context.Context) {
		if r, err := v.Once(ctx); err != nil && ctx.Err() == nil {
			v.deps.Log.Error("verification failed, will try again", "error", err)
		} else if n := r.Count(); n > 0 {
			v.deps.Log.Error("verification found faults: hengjian ingest verify lists them", "faults", n)
		}
	})
}

// Once reads everything once and writes down what it found.
func (v *Verifier) Once(ctx context.Context) (Result, error) {
	r := Result{ID: uuid.Must(uuid.NewV7()).String(), Started: v.deps.Now()}
	filled, err := v.filled(ctx)
	if err != nil {
		return r, err
	}
	for _, t := range v.deps.Catalogue.Types() {
		r.Types++
		if !filled["log_"+t.Name] && !filled[t.Name+"_history"] && !filled[t.Name] {
			continue // nothing came and nothing is there
		}
		if err := v.read(ctx, t, &r); err != nil {
			return r, fmt.Errorf("verify %s: %w", t.Name, err)
		}
	}
	r.Finished = v.deps.Now()
	v.metrics.say(r)
	return r, v.write(ctx, r)
}

// filled names the tables that hold rows.
func (v *Verifier) filled(ctx context.Context) (map[string]bool, error) {
	rows, err := v.deps.DB.Query(ctx, "SELECT name FROM system.tables WHERE database = {database:String} AND total_rows > 0", warehouse.Param("database", v.deps.DB.Database()))
	if err != nil {
		return nil, fmt.Errorf("see which tables hold rows: %w", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("see which tables hold rows: %w", err)
		}
		out[name] = true
	}
	return out, rows.Err()
}

// read runs the checks of one type.
func (v *Verifier) read(ctx context.Context, t *contract.Type, r *Result) error {
	var rows, streams uint64
	if err := v.deps.DB.QueryRow(ctx, "SELECT count(), uniqExact(stream) FROM `log_"+t.Name+"`").Scan(&rows, &streams); err != nil {
		return fmt.Errorf("count the log: %w", err)
	}
	r.Rows += rows
	r.Streams += streams
	for _, sql := range checks(t) {
		faults, err := v.ask(ctx, t, sql)
		if err == nil && len(faults) > 0 {
			var again []Fault
			again, err = v.ask(ctx, t, sql)
			faults = lasting(faults, again)
		}
		if err != nil {
			return err
		}
		r.Faults = append(r.Faults, faults...)
	}
	return nil
}

// lasting gives the faults that stand both times. One statement reads several
// tables, not at the same moment, so work in flight can look like a fault; it is over
// by the second time, when other work may look like one.
func lasting(first, second []Fault) []Fault {
	seen := map[Fault]bool{}
	for _, f := range first {
		seen[f.place()] = true
	}
	whole := uint64(len(second))
	kept := slices.DeleteFunc(second, func(f Fault) bool { return !seen[f.place()] })
	for i := range kept {
		if kept[i].Total == whole { // all of them are listed
			kept[i].Total = uint64(len(kept))
		}
	}
	return kept
}

// place is what tells a fault from others of its sort.
func (f Fault) place() Fault {
	return Fault{Fault: f.Fault, RecordType: f.RecordType, Stream: f.Stream, Offset: f.Offset, Key: f.Key}
}

// ask runs one check.
func (v *Verifier) ask(ctx context.Context, t *contract.Type, sql string) ([]Fault, error) {
	rows, err := v.deps.DB.Query(ctx, "SELECT fault, toString(stream), offset, key, detail, total FROM (SELECT *, count() OVER (PARTITION BY fault) AS total FROM ("+sql+
		")) ORDER BY fault, stream, offset, key LIMIT 50 BY fault SETTINGS join_use_nulls = 0, join_algorithm = 'grace_hash,hash'", warehouse.Param("type", t.Name))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Fault
	for rows.Next() {
		f := Fault{RecordType: t.Name}
		if err := rows.Scan(&f.Fault, &f.Stream, &f.Offset, &f.Key, &f.Detail, &f.Total); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// write appends the reading; its faults first, so that a reading that shows has all of them.
func (v *Verifier) write(ctx context.Context, r Result) error {
	for _, f := range r.Faults {
		err := v.deps.DB.Exec(ctx, `INSERT INTO verification_fault (verification_id, fault, record_type, stream, offset, key, detail, total)
SELECT {id:String}, {fault:String}, {type:String}, {stream:String}, {offset:UInt64}, {key:String}, {detail:String}, {total:UInt64}`,
			warehouse.Param("id", r.ID), warehouse.Param("fault", f.Fault), warehouse.Param("type", f.RecordType), warehouse.Param("stream", f.Stream),
			number("offset", f.Offset), warehouse.Param("key", f.Key), warehouse.Param("detail", f.Detail), number("total", f.Total))
		if err != nil {
			return fmt.Errorf("write down a fault: %w", err)
		}
	}
	err := v.deps.DB.Exec(ctx, `INSERT INTO verification (verification_id, started, finished, types, streams, rows, faults, message)
SELECT {id:String}, fromUnixTimestamp64Milli({started:Int64}, 'Asia/Shanghai'), fromUnixTimestamp64Milli({finished:Int64}, 'Asia/Shanghai'), {types:UInt32}, {streams:UInt64}, {rows:UInt64}, {faults:UInt64}, ''`,
		warehouse.Param("id", r.ID), warehouse.Param("started", strconv.FormatInt(r.Started.UnixMilli(), 10)), warehouse.Param("finished", strconv.FormatInt(r.Finished.UnixMilli(), 10)),
		warehouse.Param("types", strconv.Itoa(r.Types)), number("streams", r.Streams), number("rows", r.Rows), number("faults", r.Count()))
	if err != nil {
		return fmt.Errorf("write down the verification: %w", err)
	}
	return nil
}

func number(name string, v uint64) any { return warehouse.Param(name, strconv.FormatUint(v, 10)) }
