package indicator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/rollup"
)

// Keeper freezes published periods (冻结) and states figures again (重述), so that
// history never changes silently.
type Keeper struct {
	db  *warehouse.DB
	now func() time.Time
}

// NewKeeper returns a keeper of the vintages in db; now stamps the log.
func NewKeeper(db *warehouse.DB, now func() time.Time) *Keeper { return &Keeper{db: db, now: now} }

// Period names one period.
type Period struct{ Kind, Period string }

// Freeze stores every live value of a period as published under the newest
// visible run, once. It returns how many values were frozen; Conflict when the
// period is frozen already, NotFound when it has no values.
func (k *Keeper) Freeze(ctx context.Context, p Period) (uint64, error) {
	run, err := newestRun(ctx, k.db)
	if err != nil {
		return 0, err
	}
	return k.FreezeRun(ctx, run, p)
}

// FreezeRun is Freeze under a run that a release pins.
func (k *Keeper) FreezeRun(ctx context.Context, run string, p Period) (uint64, error) {
	var frozen uint64
	if err := k.db.QueryRow(ctx, "SELECT count() FROM indicator_value WHERE vintage = 'published' AND period_kind = {kind:String} AND period = {period:String}", p.args()...).Scan(&frozen); err != nil {
		return 0, fmt.Errorf("look for the frozen period: %w", err)
	}
	if frozen > 0 {
		return 0, &warehouse.Error{Code: warehouse.Conflict, Message: "the period " + p.Period + " is frozen already: state changed figures again with a reason"}
	}
	return k.store(ctx, run, "published", "", p)
}

// store copies the live values that a run gives of a period into a vintage; only
// says which.
func (k *Keeper) store(ctx context.Context, run, vintage, only string, p Period) (uint64, error) {
	args := append(p.args(), warehouse.Param("run", run))
	if err := k.db.Exec(ctx, "INSERT INTO indicator_value ("+valueColumns+`)
SELECT run_id, generation, '`+vintage+`', indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed, low, high, note
FROM `+p.values()+only, args...); err != nil {
		return 0, fmt.Errorf("store the %s values: %w", vintage, err)
	}
	var n uint64
	err := k.db.QueryRow(ctx, "SELECT count() FROM indicator_value WHERE run_id = {run:String} AND vintage = '"+vintage+"' AND period_kind = {kind:String} AND period = {period:String}", args...).Scan(&n)
	if err == nil && n == 0 && vintage == "published" {
		return 0, &warehouse.Error{Code: warehouse.NotFound, Message: "there are no values for " + p.Kind + " " + p.Period}
	}
	return n, err
}

func (p Period) args() []any {
	return []any{warehouse.Param("kind", p.Kind), warehouse.Param("period", p.Period)}
}

// values are the live values of every organ in the period {kind:String} {period:String}.
func (p Period) values() string {
	return rollup.Ask{Periods: "kind = {kind:String} AND period = {period:String}"}.SQL()
}

// changedSQL lists the frozen figures that the newest visible run no longer
// gives, absent ones included.
func (p Period) changedSQL() string {
	return `SELECT f.indicator AS indicator, f.period_kind AS period_kind, f.period AS period, f.organ_id AS organ_id, f.coverage AS coverage, f.dim AS dim, f.run_id AS was_run, f.was AS was, ifNull(l.now, if(position(f.was, ' / ') > 0, '0 / 0', '0')) AS now, l.now IS NULL AS gone
FROM
(
    SELECT toString(indicator) AS indicator, toString(period_kind) AS period_kind, toString(period) AS period, toString(organ_id) AS organ_id, toString(coverage) AS coverage, toString(dim) AS dim, run_id,
        concat(toString(num), if(den IS NULL, '', concat(' / ', toString(den)))) AS was
    FROM indicator_value WHERE vintage IN ('published', 'restated') AND period_kind = {kind:String} AND period = {period:String}
    ORDER BY run_id DESC, vintage DESC LIMIT 1 BY indicator, period_kind, period, organ_id, coverage, dim
) AS f
LEFT JOIN
(
    SELECT toString(indicator) AS indicator, toString(organ_id) AS organ_id, toString(coverage) AS coverage, toString(dim) AS dim, concat(toString(num), if(den IS NULL, '', concat(' / ', toString(den)))) AS now
    FROM ` + p.values() + `
) AS l ON l.indicator = f.indicator AND l.organ_id = f.organ_id AND l.coverage = f.coverage AND l.dim = f.dim
WHERE was != now`
}

// Restate stores the figures of a frozen period that have changed since as
// restated and logs each with the reason and the person. Invalid without a
// reason. It returns how many changed.
func (k *Keeper) Restate(ctx context.Context, p Period, reason, person string) (uint64, error) {
	if reason == "" || person == "" {
		return 0, &warehouse.Error{Code: warehouse.Invalid, Message: "a figure is stated again for a reason and by a person: give both"}
	}
	run, err := newestRun(ctx, k.db)
	if err != nil {
		return 0, err
	}
	at := k.now().UTC().Format("2006-01-02 15:04:05.000")
	args := append(p.args(), warehouse.Param("run", run), warehouse.Param("reason", reason), warehouse.Param("person", person), warehouse.Param("at", at))
	var changed uint64
	if err := k.db.QueryRow(ctx, "SELECT count() FROM ("+p.changedSQL()+")", args...).Scan(&changed); err != nil || changed == 0 {
		return 0, err
	}
	if err := k.db.Exec(ctx, `INSERT INTO indicator_restatement (indicator, period_kind, period, organ_id, dim, was_run, was, now_run, now, reason, person, at)
SELECT indicator, period_kind, period, concat(organ_id, if(coverage = 'own', '/own', '')), dim, was_run, was, {run:String}, now, {reason:String}, {person:String}, toDateTime64({at:String}, 3, 'UTC') FROM (`+p.changedSQL()+`)`, args...); err != nil {
		return 0, fmt.Errorf("log the restatement: %w", err)
	}
	if err := k.db.Exec(ctx, "INSERT INTO indicator_value ("+valueColumns+`)
SELECT {run:String}, generation, 'restated', indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, 0, if(den IS NULL, NULL, 0), 0, 0, status, '', NULL, NULL, note
FROM indicator_value WHERE vintage = 'published' AND period_kind = {kind:String} AND period = {period:String}
  AND (toString(indicator), toString(organ_id), toString(coverage), toString(dim)) IN (SELECT indicator, organ_id, coverage, dim FROM (`+p.changedSQL()+`) WHERE gone)`, args...); err != nil {
		return 0, fmt.Errorf("state again what is gone: %w", err)
	}
	_, err = k.store(ctx, run, "restated", ` WHERE (toString(indicator), toString(organ_id), toString(coverage), toString(dim)) IN (SELECT indicator, organ_id, coverage, dim FROM (`+p.changedSQL()+`))`, p)
	return changed, err
}

// Lineage answers what a number rests on (口径来历): one entry per vintage, newest first.
type Lineage struct {
	Vintage, Run, Text string // Text is num / den as stored
	AsOf               time.Time
	Definition         string // digest of the definition
	Edition            string // of the register
	Parts              uint64 // runs that the value was added up from
	Inputs             string // digest of what the run knew, stream by stream
	Code, Definitions  string
	Reason             string // of a restatement
}

// LineageOf answers for one number; NotFound when the scope does not hold the
// organ or nothing is stored.
func (r *Reader) LineageOf(ctx context.Context, sc access.Scope, indicator, organ, coverage, dim string, p Period) ([]Lineage, error) {
	organs, _, err := r.organs(ctx, sc, ValuesQuery{Organs: []string{organ}, Coverage: coverage, PeriodKind: p.Kind})
	if err != nil || len(organs) == 0 {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no such organ among those you may see", Err: err}
	}
	run, err := r.run(ctx, "")
	if err != nil {
		return nil, err
	}
	values := rollup.Ask{Periods: "kind = {kind:String} AND period = {period:String}", Coverage: coverage, Where: "indicator = {indicator:String} AND dim = {dim:String}", Organ: "organ_id = {organ:String}", Sums: !r.persons([]string{indicator})}
	rows, err := r.deps.DB.Query(ctx, `SELECT v.vintage, v.run_id, v.text, u.as_of, u.code, u.definitions, p.digest, p.edition, p.parts, ifNull(s.reason, '')
FROM
(
    SELECT toString(vintage) AS vintage, run_id, concat(toString(num), if(den IS NULL, '', concat(' / ', toString(den)))) AS text FROM
    (
        SELECT vintage, run_id, num, den FROM `+values.SQL()+`
        UNION ALL
        SELECT toString(vintage), run_id, num, den FROM indicator_value
        WHERE vintage != 'live' AND (vintage != 'external' OR run_id = {run:String}) AND indicator = {indicator:String} AND organ_id = {organ:String} AND toString(coverage) = {coverage:String} AND dim = {dim:String} AND period_kind = {kind:String} AND period = {period:String}
    )
) AS v
INNER JOIN run AS u ON u.run_id = v.run_id
LEFT JOIN (SELECT run_id, any(digest) AS digest, any(edition) AS edition, count() AS parts FROM indicator_part WHERE indicator = {indicator:String} GROUP BY run_id) AS p ON p.run_id = v.run_id
LEFT JOIN (SELECT now_run, any(reason) AS reason FROM indicator_restatement WHERE indicator = {indicator:String} AND period_kind = {kind:String} AND period = {period:String} GROUP BY now_run) AS s ON s.now_run = v.run_id AND v.vintage = 'restated'
ORDER BY v.vintage = 'live' DESC, v.run_id DESC`, append(p.args(), warehouse.Param("run", run), warehouse.Param("indicator", indicator), warehouse.Param("organ", organ),
		warehouse.Param("coverage", coverage), warehouse.Param("dim", dim))...)
	if err != nil {
		return nil, fmt.Errorf("find what %s rests on: %w", indicator, err)
	}
	defer rows.Close()
	var out []Lineage
	for rows.Next() {
		var l Lineage
		var digest, edition *string
		var parts *uint64
		if err := rows.Scan(&l.Vintage, &l.Run, &l.Text, &l.AsOf, &l.Code, &l.Definitions, &digest, &edition, &parts, &l.Reason); err != nil {
			return nil, fmt.Errorf("find what %s rests on: %w", indicator, err)
		}
		if digest != nil && edition != nil && parts != nil {
			l.Definition, l.Edition, l.Parts = *digest, *edition, *parts
		}
		out = append(out, l)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Inputs, err = inputsOf(ctx, r.deps.DB, out[i].Run); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// inputsOf is the digest of what a run knew.
func inputsOf(ctx context.Context, db *warehouse.DB, run string) (string, error) {
	rows, err := db.Query(ctx, "SELECT stream, max(offset) FROM run_input WHERE run_id = {run:String} GROUP BY stream ORDER BY stream", warehouse.Param("run", run))
	if err != nil {
		return "", fmt.Errorf("read what run %s knew: %w", run, err)
	}
	defer rows.Close()
	h := sha256.New()
	for rows.Next() {
		var stream string
		var offset uint64
		if err := rows.Scan(&stream, &offset); err != nil {
			return "", fmt.Errorf("read what run %s knew: %w", run, err)
		}
		fmt.Fprintf(h, "%s %d\n", stream, offset)
	}
	return hex.EncodeToString(h.Sum(nil)), rows.Err()
}

// newestRun is the newest visible run.
func newestRun(ctx context.Context, db *warehouse.DB) (string, error) {
	var run string
	if err := db.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'indicator' ORDER BY committed DESC, run_id DESC LIMIT 1`).Scan(&run); err != nil {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: "no indicators have been computed yet: wait for the first run", Err: err}
	}
	return run, nil
}
