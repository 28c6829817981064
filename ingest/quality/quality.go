// Package quality looks at the records themselves over time (原始数据检核): are
// the natural keys distinct, the values known, the fields filled, the dates
// readable, the numbers of rows stable against their own past, and are the
// senders' numbers without gaps. It owns the tables quality_check and
// sequence_gap. It promises that every breach names record type, sender, field
// and month with both figures, and that an exemption shows with its reason. It
// never changes a record and never judges a person or an organ.
package quality

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hengjian/ingest/regular"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/contract/identifier"
)

//go:embed exemptions.yaml
var embedded embed.FS

// Deps are the neighbours of a Checker. Overlay is a folder of definitions, ""
// for none.
type Deps struct {
	DB        *warehouse.DB
	Catalogue *contract.Catalogue
	Overlay   string
	Log       *slog.Logger
	Now       func() time.Time
}

// Finding is one breach, exempted or not.
type Finding struct {
	RecordType, Kind, Field, Sender string
	Month                           string  // YYYY-MM-01
	Bad, Total                      uint64  // rows that fail of rows looked at
	Value, Expected                 float64 // what was measured against what
	Exempt                          *Exemption
}

// Result is one look.
type Result struct {
	ID        string
	At        time.Time
	Evaluated uint64
	Findings  []Finding
	Gaps      uint64 // ranges of missing numbers of senders
}

// Checker looks.
type Checker struct {
	config     Config
	deps       Deps
	exemptions []Exemption
	charges    []string
}

// New checks c and d and reads the exemptions; it starts nothing.
func New(c Config, d Deps) (*Checker, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.DB == nil || d.Catalogue == nil || d.Log == nil || d.Now == nil {
		return nil, errors.New("quality needs a database, a catalogue, a log and a clock")
	}
	k := &Checker{config: c, deps: d}
	var err error
	if k.exemptions, err = loadExemptions(d.Overlay, d.Catalogue); err != nil {
		return nil, err
	}
	charges, err := identifier.LoadCharges()
	if err != nil {
		return nil, err
	}
	for _, one := range charges.All() {
		k.charges = append(k.charges, one.Name)
	}
	return k, nil
}

// Run looks now and then every Config.Every until ctx ends.
func (k *Checker) Run(ctx context.Context) error {
	return regular.Run(ctx, k.config.First, k.config.Every, func(ctx context.Context) {
		if _, err := k.Once(ctx); err != nil && ctx.Err() == nil {
			k.deps.Log.Error("the data could not be checked, will try again", "error", err)
		}
	})
}

// Once looks at every record type once and writes down what it saw.
func (k *Checker) Once(ctx context.Context) (Result, error) {
	r := Result{ID: uuid.Must(uuid.NewV7()).String(), At: k.deps.Now()}
	until, err := k.until(ctx)
	if err != nil || until == "" {
		return r, err
	}
	for _, t := range k.deps.Catalogue.Types() {
		if t.OrganField == "" {
			continue // reference data have no sender of their own
		}
		if err := k.look(ctx, t, until, &r); err != nil {
			return r, fmt.Errorf("check the data of %s: %w", t.Name, err)
		}
	}
	return r, k.writeGaps(ctx, &r)
}

// until is the last whole month that any record speaks of, "" without records.
func (k *Checker) until(ctx context.Context) (string, error) {
	sql := ""
	for _, t := range k.deps.Catalogue.Types() {
		if t.OrganField != "" {
			if sql != "" {
				sql += " UNION ALL "
			}
			sql += "SELECT max(business_on) AS last FROM `" + t.Name + "`"
		}
	}
	var month string
	err := k.deps.DB.QueryRow(ctx, "SELECT if(max(last) < toDate32('1950-01-01'), '', toString(addMonths(toStartOfMonth(addDays(max(last), 1)), -1))) FROM ("+sql+")").Scan(&month)
	if err != nil {
		return "", fmt.Errorf("see how far the data reach: %w", err)
	}
	return month, nil
}

// look runs all checks of one type in one statement.
func (k *Checker) look(ctx context.Context, t *contract.Type, until string, r *Result) error {
	rows, err := k.deps.DB.Query(ctx, `SELECT kind, field, count(), groupArrayIf(500)(sender, breach), groupArrayIf(500)(toString(month), breach), groupArrayIf(500)(bad, breach), groupArrayIf(500)(total, breach), groupArrayIf(500)(value, breach), groupArrayIf(500)(expected, breach)
FROM (`+k.checks(t)+`) GROUP BY kind, field ORDER BY kind, field SETTINGS join_use_nulls = 0`,
		warehouse.Param("type", t.Name), warehouse.Param("until", until), warehouse.Param("charges", warehouse.Array(k.charges)), warehouse.Param("least", strconv.Itoa(k.config.Least)))
	if err != nil {
		return err
	}
	defer rows.Close()
	var lines []line
	for rows.Next() {
		var s series
		if err := rows.Scan(&s.kind, &s.field, &s.evaluated, &s.senders, &s.months, &s.bad, &s.total, &s.values, &s.expected); err != nil {
			return err
		}
		r.Evaluated += s.evaluated
		lines = append(lines, k.judge(t, s, r)...)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return k.write(ctx, r, lines)
}

// series is what one check of one field saw.
type series struct {
	kind, field      string
	evaluated        uint64
	senders, months  []string
	bad, total       []uint64
	values, expected []float64
}

// line is one row of quality_check.
type line struct {
	Finding
	evaluated uint64
	state     string
}

// judge makes the breaches, each against the exemptions, and a summary.
func (k *Checker) judge(t *contract.Type, s series, r *Result) []line {
	summary := line{Finding: Finding{RecordType: t.Name, Kind: s.kind, Field: s.field, Month: "1970-01-01"}, evaluated: s.evaluated, state: "ok"}
	out := []line{summary}
	for i := range s.senders {
		f := Finding{RecordType: t.Name, Kind: s.kind, Field: s.field, Sender: s.senders[i], Month: s.months[i], Bad: s.bad[i], Total: s.total[i], Value: s.values[i], Expected: s.expected[i]}
		l := line{Finding: f, evaluated: 1, state: "breached"}
		if l.Exempt = k.exemption(f); l.Exempt != nil {
			l.state = "exempt"
		} else {
			out[0].state = "breached"
		}
		out[0].Bad++
		r.Findings = append(r.Findings, l.Finding)
		out = append(out, l)
	}
	out[0].Total = s.evaluated
	return out
}

func (k *Checker) write(ctx context.Context, r *Result, lines []line) error {
	if len(lines) == 0 {
		return nil
	}
	batch, err := k.deps.DB.PrepareBatch(ctx, "INSERT INTO quality_check (check_id, at, record_type, kind, field, sender, month, bad, total, value, expected, evaluated, state, reason_zh, reason_en)")
	if err != nil {
		return fmt.Errorf("write down the checks: %w", err)
	}
	for _, l := range lines {
		month, err := time.Parse(time.DateOnly, l.Month)
		if err != nil {
			return fmt.Errorf("write down the checks: %w", err)
		}
		var zh, en string
		if l.Exempt != nil {
			zh, en = l.Exempt.ReasonZH, l.Exempt.ReasonEN
		}
		if err := batch.Append(r.ID, r.At, l.RecordType, l.Kind, l.Field, l.Sender, month, l.Bad, l.Total, l.Value, l.Expected, l.evaluated, l.state, zh, en); err != nil {
			return fmt.Errorf("write down the checks: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write down the checks: %w", err)
	}
	return nil
}

// writeGaps lists the ranges that are missing in each sender's numbers.
func (k *Checker) writeGaps(ctx context.Context, r *Result) error {
	for _, t := range k.deps.Catalogue.Types() {
		if t.Door != "kafka" {
			continue
		}
		err := k.deps.DB.Exec(ctx, `INSERT INTO sequence_gap (check_id, at, record_type, sender, first, last)
SELECT {id:String}, fromUnixTimestamp64Milli({at:Int64}, 'Asia/Shanghai'), {type:String}, sender, before + 1, seq - 1 FROM
(SELECT sender, seq, lagInFrame(seq) OVER (PARTITION BY sender ORDER BY seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before, row_number() OVER (PARTITION BY sender ORDER BY seq) AS n FROM
 (SELECT DISTINCT toString(sender) AS sender, sender_seq AS seq FROM `+"`log_"+t.Name+"`"+` WHERE sender_seq > 0 AND sender != ''))
WHERE n > 1 AND seq > before + 1 ORDER BY sender, seq LIMIT 1000 BY sender`,
			warehouse.Param("id", r.ID), warehouse.Param("at", strconv.FormatInt(r.At.UnixMilli(), 10)), warehouse.Param("type", t.Name))
		if err != nil {
			return fmt.Errorf("look for gaps in the senders' numbers of %s: %w", t.Name, err)
		}
	}
	if err := k.deps.DB.QueryRow(ctx, "SELECT count() FROM sequence_gap WHERE check_id = {id:String}", warehouse.Param("id", r.ID)).Scan(&r.Gaps); err != nil {
		return fmt.Errorf("count the gaps: %w", err)
	}
	return nil
}
