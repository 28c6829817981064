package finding

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hengjian/warehouse"
)

// Deps are the neighbours of the job.
type Deps struct {
	DB  *warehouse.DB
	Now func() time.Time
}

// Job compares the verdicts of a run with those of the run before it: what the
// data no longer support is withdrawn, or brought to its issuer; what is back is
// restored; a reply that arrived as a record closes the loop on evidence.
type Job struct{ store *Store }

// New checks the neighbours; it starts nothing.
func New(d Deps) (*Job, error) {
	if d.DB == nil || d.Now == nil {
		return nil, errors.New("configure findings: database and clock are needed")
	}
	return &Job{store: NewStore(d.DB, d.Now)}, nil
}

// Name is the family of the results.
func (j *Job) Name() string { return "finding" }

// grave are the outcomes that say something is apparently wrong; the others pass
// in the course of a case.
const grave = "('out_of_time', 'extended_without_document', 'apparent_nonconformity')"

// Run appends what the data did to the findings. Repeating it appends nothing. A
// run for an earlier legal day, or of an earlier state of the data, tells nothing
// about corrections and is left out.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{"withdrawn": 0, "basis_changed": 0, "restored": 0, "replied": 0}}
	before, found, err := j.previous(ctx, r)
	if err != nil {
		return report, err
	}
	if !found {
		report.Notes = append(report.Notes, "no earlier run to compare with")
	} else if err := j.compare(ctx, r, before, &report); err != nil {
		return report, err
	}
	if err := j.replies(ctx, r, &report); err != nil {
		return report, err
	}
	for _, n := range report.Figures {
		report.Units += n
		report.Rows += n
	}
	return report, nil
}

// previous finds the newest committed clock run before r that read no later day.
func (j *Job) previous(ctx context.Context, r warehouse.Run) (id string, found bool, err error) {
	var n, later uint64
	row := j.store.db.QueryRow(ctx, `SELECT run_id, count() OVER () AS n, countIf(as_of > {as_of:Date32}) OVER () AS later FROM run_commit
WHERE family = 'clock' AND run_id != {run:String} ORDER BY generation DESC, committed DESC LIMIT 1`,
		warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)), warehouse.Param("run", r.ID))
	err = row.Scan(&id, &n, &later)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("find the run before %s: %w", r.ID, err)
	}
	return id, later == 0, nil
}

// vanished are the grave verdicts of the run before that this run does not repeat.
const vanished = `SELECT finding_id, toString(rule), toString(outcome), toString(organ_id), toString(responsible_organ_id), toString(compartment), docket, record_key
FROM verdict_loud_of(run = {before:String}) WHERE outcome IN ` + grave + `
AND finding_id NOT IN (SELECT finding_id FROM verdict_loud_of(run = {run:String}) WHERE outcome IN ` + grave + `) ORDER BY finding_id`

// compare withdraws what vanished and restores what is back.
func (j *Job) compare(ctx context.Context, r warehouse.Run, before string, report *warehouse.Report) error {
	params := []any{warehouse.Param("before", before), warehouse.Param("run", r.ID)}
	gone, err := j.verdicts(ctx, vanished, params...)
	if err != nil {
		return err
	}
	lives, err := j.lives(ctx, "finding_id IN (SELECT finding_id FROM ("+vanished+")) OR status = 'withdrawn_by_data' OR attention = 'basis_changed'", params...)
	if err != nil {
		return err
	}
	var out []Event
	for _, v := range gone {
		life := lives[v.Finding]
		e := machineEvent(life, v, r, j.store.now())
		switch e.Status {
		case Fresh, UnderReview:
			e.Kind, e.Status = withdraw, Withdrawn
			report.Figures["withdrawn"]++
		case DocumentIssued, Replied, Rectified, Closed:
			if life.Attention == BasisChanged || life.Kind == KeepBasis {
				continue
			}
			e.Kind, e.Attention = changeBasis, BasisChanged
			report.Figures["basis_changed"]++
		default:
			continue // dismissed or withdrawn already
		}
		out = append(out, e)
	}
	back, err := j.restored(ctx, r, lives)
	if err != nil {
		return err
	}
	report.Figures["restored"] = uint64(len(back))
	return j.store.append(ctx, append(out, back...))
}

// restored brings back withdrawn findings and clears attention where the verdict
// is there again.
func (j *Job) restored(ctx context.Context, r warehouse.Run, lives map[string]Event) ([]Event, error) {
	now, err := j.verdicts(ctx, `SELECT finding_id, toString(rule), toString(outcome), toString(organ_id), toString(responsible_organ_id), toString(compartment), docket, record_key
FROM verdict_loud_of(run = {run:String}) WHERE outcome IN `+grave+`
AND finding_id IN (SELECT finding_id FROM finding_life WHERE status = 'withdrawn_by_data' OR attention = 'basis_changed') ORDER BY finding_id`, warehouse.Param("run", r.ID))
	if err != nil || len(now) == 0 {
		return nil, err
	}
	stood, err := j.stood(ctx)
	if err != nil {
		return nil, err
	}
	var out []Event
	for _, v := range now {
		life := lives[v.Finding]
		e := machineEvent(life, v, r, j.store.now())
		e.Kind, e.Attention = restore, ""
		if life.Status == Withdrawn {
			e.Status = cmp.Or(stood[v.Finding], Fresh)
		}
		out = append(out, e)
	}
	return out, nil
}

// stood reads how the withdrawn ones stood before, in one question for all.
func (j *Job) stood(ctx context.Context) (map[string]string, error) {
	past, err := j.store.events(ctx, `SELECT `+columns+` FROM finding_event WHERE finding_id IN (SELECT finding_id FROM finding_life WHERE status = 'withdrawn_by_data')
ORDER BY finding_id, sequence, at, person, event LIMIT 1 BY finding_id, sequence`)
	out := map[string]string{}
	for _, x := range past {
		if x.Status != Withdrawn {
			out[x.Finding] = x.Status
		}
	}
	return out, err
}

// machineEvent continues a life by what the data did.
func machineEvent(life Event, v Verdict, r warehouse.Run, now time.Time) Event {
	e := life
	v.Run = r.ID
	e.Verdict, e.Person, e.Note, e.At, e.Sequence, e.Reason, e.Evidence, e.On = v, machine, "", now, life.Sequence+1, "", "", nil
	if e.Status == "" {
		e.Status = Fresh
	}
	return e
}

// lives reads the newest event of findings by finding.
func (j *Job) lives(ctx context.Context, where string, params ...any) (map[string]Event, error) {
	all, err := j.store.Newest(ctx, where, params...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Event, len(all))
	for _, e := range all {
		out[e.Finding] = e
	}
	return out, nil
}

func (j *Job) verdicts(ctx context.Context, query string, params ...any) ([]Verdict, error) {
	rows, err := j.store.db.Query(ctx, query, params...)
	if err != nil {
		return nil, fmt.Errorf("compare the verdicts of two runs: %w", err)
	}
	defer rows.Close()
	var out []Verdict
	for rows.Next() {
		var v Verdict
		if err := rows.Scan(&v.Finding, &v.Rule, &v.Outcome, &v.Organ, &v.Responsible, &v.Compartment, &v.Docket, &v.Record); err != nil {
			return nil, fmt.Errorf("compare the verdicts of two runs: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// replies notes the replies that arrived as events of the supervision documents
// which findings wait for: the loop closes on evidence, not on a tick.
func (j *Job) replies(ctx context.Context, r warehouse.Run, report *warehouse.Report) error {
	waiting, err := j.store.Newest(ctx, "status = 'document_issued'")
	if err != nil || len(waiting) == 0 {
		return err
	}
	rows, err := j.store.db.Query(ctx, `SELECT record_key, toString(organ_id), min(toDate32(at)) FROM case_event_of(run = {run:String})
WHERE record_type = 'supervision_document' AND endsWith(event, '.replied') GROUP BY record_key, organ_id`, warehouse.Param("run", r.ID))
	if err != nil {
		return fmt.Errorf("read the replies to documents: %w", err)
	}
	defer rows.Close()
	on := map[string]time.Time{}
	for rows.Next() {
		var key, organ string
		var day time.Time
		if err := rows.Scan(&key, &organ, &day); err != nil {
			return fmt.Errorf("read the replies to documents: %w", err)
		}
		on[key] = day
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the replies to documents: %w", err)
	}
	var out []Event
	for _, life := range waiting {
		key := life.Organ + "|" + life.DocumentNo
		day, replied := on[key]
		if !replied {
			continue
		}
		e := machineEvent(life, life.Verdict, r, j.store.now())
		e.Kind, e.Status, e.Evidence, e.On = Reply, Replied, "supervision_document:"+key, &day
		out = append(out, e)
	}
	report.Figures["replied"] = uint64(len(out))
	return j.store.append(ctx, out)
}
