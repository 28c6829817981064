// Package audit owns the audit trail: who signed in and what was queried. It
// promises an append-only chain in which each entry holds the digest of the one
// before, so that a change or a gap shows. It never keeps results.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"hengjian/warehouse"
)

// Entry is one thing somebody did.
type Entry struct {
	Account, Action, Target, Purpose string
	QueryID, Statement               string
	Rows, Bytes                      uint64
	Outcome, Message                 string
}

// Log appends entries. One process writes it; entries are one at a time.
type Log struct {
	db   *warehouse.DB
	now  func() time.Time
	mu   sync.Mutex
	read bool
	last [32]byte
	at   time.Time
}

// New returns the log over the table audit; it reads the chain's end at the first entry.
func New(db *warehouse.DB, now func() time.Time) *Log { return &Log{db: db, now: now} }

const columns = "at, account, action, target, purpose, query_id, statement, rows, bytes, outcome, message, previous, digest"

// Record appends an entry. When it fails the act must not happen.
func (l *Log) Record(ctx context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.end(ctx); err != nil {
		return err
	}
	at := l.now().Truncate(time.Millisecond)
	if !at.After(l.at) {
		at = l.at.Add(time.Millisecond) // times are the order of the chain
	}
	sum := digest(l.last, at, e)
	batch, err := l.db.PrepareBatch(ctx, "INSERT INTO audit ("+columns+")")
	if err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	if err := batch.Append(at, e.Account, e.Action, e.Target, e.Purpose, e.QueryID, e.Statement, e.Rows, e.Bytes, e.Outcome, e.Message, string(l.last[:]), string(sum[:])); err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	if err := batch.Send(); err != nil {
		l.read = false // whether it is in is not known: read the end again
		return fmt.Errorf("write the audit: %w", err)
	}
	l.last, l.at = sum, at
	return nil
}

// end reads the chain's end once.
func (l *Log) end(ctx context.Context) error {
	if l.read {
		return nil
	}
	var last string
	var at time.Time
	err := l.db.QueryRow(ctx, "SELECT digest, at FROM audit ORDER BY at DESC LIMIT 1").Scan(&last, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the end of the audit: %w", err)
	}
	l.last, l.at = [32]byte{}, at
	copy(l.last[:], last)
	l.read = true
	return nil
}

// digest seals an entry with the digest before it; every part stands with its length.
func digest(previous [32]byte, at time.Time, e Entry) [32]byte {
	h := sha256.New()
	h.Write(previous[:])
	for _, part := range []string{
		at.UTC().Format("2006-01-02T15:04:05.000"), e.Account, e.Action, e.Target, e.Purpose, e.QueryID, e.Statement,
		fmt.Sprint(e.Rows), fmt.Sprint(e.Bytes), e.Outcome, e.Message,
	} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	var out [32]byte
	copy(out[:], h.Sum(nil))
	return out
}

// Verify walks the whole chain and returns how many entries stand unbroken;
// Conflict names the first place that does not fit.
func Verify(ctx context.Context, db *warehouse.DB) (uint64, error) {
	rows, err := db.Query(ctx, "SELECT at, account, action, target, purpose, query_id, statement, rows, bytes, outcome, message, previous, digest FROM audit ORDER BY at")
	if err != nil {
		return 0, fmt.Errorf("read the audit: %w", err)
	}
	defer rows.Close()
	var n uint64
	var last [32]byte
	for rows.Next() {
		var e Entry
		var at time.Time
		var previous, sum string
		if err := rows.Scan(&at, &e.Account, &e.Action, &e.Target, &e.Purpose, &e.QueryID, &e.Statement, &e.Rows, &e.Bytes, &e.Outcome, &e.Message, &previous, &sum); err != nil {
			return n, fmt.Errorf("read the audit: %w", err)
		}
		want := digest(last, at, e)
		if previous != string(last[:]) || sum != string(want[:]) {
			return n, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("the audit does not fit together at its entry %d of %s: an entry was changed, added or removed", n+1, at.Format(time.RFC3339Nano))}
		}
		last = want
		n++
	}
	return n, rows.Err()
}
