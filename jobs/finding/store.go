package finding

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hengjian/warehouse"
)

// Store keeps the history of findings in table finding_event.
type Store struct {
	db  *warehouse.DB
	now func() time.Time
	mu  sync.Mutex // acts of this process come one after the other
}

// NewStore returns the store; now gives the time of an act.
func NewStore(db *warehouse.DB, now func() time.Time) *Store { return &Store{db: db, now: now} }

const columns = `finding_id, event, person, note, at, sequence, status, attention, reason, document_kind, document_number, addressee,
reply_due_on, happened_on, evidence, issuer, run_id, rule, outcome, organ_id, responsible_organ_id, compartment, docket, record_key`

// History returns what happened to a finding, oldest first.
func (s *Store) History(ctx context.Context, finding string) ([]Event, error) {
	return s.events(ctx, `SELECT `+columns+` FROM finding_event WHERE finding_id = {finding:String}
ORDER BY sequence, at, person, event LIMIT 1 BY sequence`, warehouse.Param("finding", finding))
}

// Newest returns the newest event of findings that fit where, which is a condition
// over finding_life with its parameters.
func (s *Store) Newest(ctx context.Context, where string, params ...any) ([]Event, error) {
	return s.events(ctx, "SELECT "+columns+" FROM finding_life WHERE "+where, params...)
}

func (s *Store) events(ctx context.Context, sql string, params ...any) ([]Event, error) {
	rows, err := s.db.Query(ctx, sql, params...)
	if err != nil {
		return nil, fmt.Errorf("read the history of findings: %w", err)
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.Finding, &e.Kind, &e.Person, &e.Note, &e.At, &e.Sequence, &e.Status, &e.Attention, &e.Reason, &e.DocumentKind, &e.DocumentNo,
			&e.Addressee, &e.ReplyDue, &e.On, &e.Evidence, &e.Issuer, &e.Run, &e.Rule, &e.Outcome, &e.Organ, &e.Responsible, &e.Compartment, &e.Docket, &e.Record); err != nil {
			return nil, fmt.Errorf("read the history of findings: %w", err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Do appends an act. Invalid when something is missing, Conflict when the status
// does not allow it or somebody else acted first.
func (s *Store) Do(ctx context.Context, a Act) (Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var before Event
	if past, err := s.History(ctx, a.Verdict.Finding); err != nil {
		return Event{}, err
	} else if len(past) > 0 {
		before = past[len(past)-1]
	}
	e, err := next(before, a, s.now())
	if err != nil {
		return Event{}, err
	}
	if err := s.append(ctx, []Event{e}); err != nil {
		return Event{}, err
	}
	past, err := s.History(ctx, a.Verdict.Finding)
	if err != nil {
		return Event{}, err
	}
	for _, x := range past {
		if x.Sequence == e.Sequence && (x.Person != e.Person || x.Kind != e.Kind) {
			return Event{}, &warehouse.Error{Code: warehouse.Conflict, Message: "somebody acted on this finding at the same moment: read it again"}
		}
	}
	return e, nil
}

// append writes events as one block.
func (s *Store) append(ctx context.Context, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	batch, err := s.db.PrepareBatch(ctx, "INSERT INTO finding_event ("+columns+")")
	if err != nil {
		return fmt.Errorf("append to the history of findings: %w", err)
	}
	defer batch.Close()
	for _, e := range events {
		if err := batch.Append(e.Finding, e.Kind, e.Person, e.Note, e.At, e.Sequence, e.Status, e.Attention, e.Reason, e.DocumentKind, e.DocumentNo,
			e.Addressee, e.ReplyDue, e.On, e.Evidence, e.Issuer, e.Run, e.Rule, e.Outcome, e.Organ, e.Responsible, e.Compartment, e.Docket, e.Record); err != nil {
			return fmt.Errorf("append to the history of findings: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("append to the history of findings: %w", err)
	}
	return nil
}

// Precision is how findings of one rule ended (按规则的准确率).
type Precision struct {
	Rule      string
	Confirmed uint64            // a document was issued and not revoked
	Dismissed map[string]uint64 // by reason; a revoked document counts under basis_changed
	Withdrawn uint64            // the data were corrected before anybody issued a document
}

// Precisions counts by rule over the findings that fit where, a condition over
// finding_life; rules without a decision are left out.
func (s *Store) Precisions(ctx context.Context, where string, params ...any) ([]Precision, error) {
	rows, err := s.db.Query(ctx, `SELECT toString(rule), toString(status), if(status = 'dismissed', toString(reason), ''), count() FROM finding_life
WHERE status IN ('document_issued', 'replied', 'rectified', 'closed', 'dismissed', 'withdrawn_by_data') AND `+where+` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, params...)
	if err != nil {
		return nil, fmt.Errorf("count how findings ended: %w", err)
	}
	defer rows.Close()
	var out []Precision
	for rows.Next() {
		var rule, status, reason string
		var n uint64
		if err := rows.Scan(&rule, &status, &reason, &n); err != nil {
			return nil, fmt.Errorf("count how findings ended: %w", err)
		}
		if len(out) == 0 || out[len(out)-1].Rule != rule {
			out = append(out, Precision{Rule: rule, Dismissed: map[string]uint64{}})
		}
		p := &out[len(out)-1]
		switch status {
		case Dismissed:
			p.Dismissed[reason] += n
		case Withdrawn:
			p.Withdrawn += n
		default:
			p.Confirmed += n
		}
	}
	return out, rows.Err()
}
