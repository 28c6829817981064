// Package ledger owns what the warehouse keeps of people's part in linkage:
// decisions (人工判定), the review queue of a run, and the accuracy that labels
// give. It promises that a decision names who, why and on what evidence, that
// nobody settles a contradiction to which they are a party, and that every
// published share has an interval. It never deletes a decision.
package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Decision says that two person entries are one person or two.
type Decision struct {
	A, B       string // entries, A before B
	Same       bool
	By         string // account
	At         time.Time
	Reason     string
	Evidence   string
	Until      time.Time // last day on which it holds; zero: without end
	RevisionA  uint64    // the versions that the person saw
	RevisionB  uint64
	SecondedBy string   // who settled a contradiction by it; "" when there was none
	Weight     *float32 // what linkage said of the pair then, nil when it was not compared
	Joined     *bool    // whether the two were one person then
	Blind      bool     // the pair was of the double-blind sample
	Sampled    bool     // the pair was drawn by chance
	Stratum    string   // of the pair, where it was in the review queue
}

// State says what a decision amounts to.
type State string

// The states of a decision.
const (
	Standing State = "standing" // 有效
	Replaced State = "replaced" // 已被新的判定取代
	Expired  State = "expired"  // 已过期
	Reopened State = "reopened" // 记录已更正，待重新判定
	Disputed State = "disputed" // 判定相互矛盾，待第二人
)

// Store reads and writes the tables of linkage that people's part is in.
type Store struct {
	db        *warehouse.DB
	catalogue *contract.Catalogue
	now       func() time.Time
	mu        sync.Mutex // decisions of this process come one after the other
}

// NewStore returns the store; now gives the time of a decision.
func NewStore(db *warehouse.DB, c *contract.Catalogue, now func() time.Time) *Store {
	return &Store{db: db, catalogue: c, now: now}
}

// endless is the day that table link_decision writes for "without end".
func endless() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }

const columns = "entry_a, entry_b, same, person, at, reason, evidence, until, revision_a, revision_b, seconded_by, weight, joined, blind, sampled, stratum"

// Read returns decisions that fit where, a condition with its parameters, oldest first.
func (s *Store) Read(ctx context.Context, where string, params ...any) ([]Decision, error) {
	rows, err := s.db.Query(ctx, "SELECT "+columns+" FROM link_decision WHERE "+where+" ORDER BY at, entry_a, entry_b, person", params...)
	if err != nil {
		return nil, fmt.Errorf("read people's decisions: %w", err)
	}
	defer rows.Close()
	var out []Decision
	for rows.Next() {
		var d Decision
		var same, blind, sampled uint8
		var joined *uint8
		if err := rows.Scan(&d.A, &d.B, &same, &d.By, &d.At, &d.Reason, &d.Evidence, &d.Until, &d.RevisionA, &d.RevisionB, &d.SecondedBy, &d.Weight, &joined, &blind, &sampled, &d.Stratum); err != nil {
			return nil, fmt.Errorf("read people's decisions: %w", err)
		}
		d.Same, d.Blind, d.Sampled = same == 1, blind == 1, sampled == 1
		if d.A > d.B { // written by hand
			d.A, d.B, d.RevisionA, d.RevisionB = d.B, d.A, d.RevisionB, d.RevisionA
		}
		if !d.Until.Before(endless()) {
			d.Until = time.Time{}
		}
		if joined != nil {
			was := *joined == 1
			d.Joined = &was
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Between returns the decisions on one pair, oldest first.
func (s *Store) Between(ctx context.Context, a, b string) ([]Decision, error) {
	return s.Read(ctx, "(entry_a = {a:String} AND entry_b = {b:String}) OR (entry_a = {b:String} AND entry_b = {a:String})", warehouse.Param("a", a), warehouse.Param("b", b))
}

// Decide appends a decision. Invalid when something is missing or an entry is
// unknown; Conflict when the pair waits for a second person and By is a party.
// It counts from the next run on.
func (s *Store) Decide(ctx context.Context, d Decision) (Decision, State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Reason, d.Evidence, d.At = strings.TrimSpace(d.Reason), strings.TrimSpace(d.Evidence), s.now()
	if d.A > d.B {
		d.A, d.B = d.B, d.A
	}
	if err := check(d); err != nil {
		return d, "", err
	}
	past, err := s.Between(ctx, d.A, d.B)
	if err != nil {
		return d, "", err
	}
	if parties := disputants(past, d.At); len(parties) > 0 {
		if parties[d.By] {
			return d, "", &warehouse.Error{Code: warehouse.Conflict, Message: "the decisions on these two contradict one another and you gave one of them: a second person has to settle it"}
		}
		d.SecondedBy = d.By
	}
	if err := s.revisions(ctx, &d); err != nil {
		return d, "", err
	}
	if err := s.said(ctx, &d); err != nil {
		return d, "", err
	}
	if err := s.write(ctx, d); err != nil {
		return d, "", err
	}
	states := States(append(past, d), d.At, nil)
	return d, states[len(states)-1], nil
}

func check(d Decision) error {
	wrong := ""
	switch {
	case d.A == "" || d.A == d.B:
		wrong = "name two different person entries"
	case d.By == "" || d.Reason == "" || d.Evidence == "":
		wrong = "a decision needs who decides, a reason and the evidence it rests on"
	case !d.Until.IsZero() && !d.Until.After(d.At):
		wrong = "the last day of a decision lies in the future"
	default:
		return nil
	}
	return &warehouse.Error{Code: warehouse.Invalid, Message: wrong}
}

// disputants are who gave the contradicting answers that hold on a day; nobody
// when the newest was settled or all agree.
func disputants(past []Decision, on time.Time) map[string]bool {
	var live []Decision
	for _, d := range past {
		if d.Until.IsZero() || !on.After(d.Until) {
			live = append(live, d)
		}
	}
	if len(live) == 0 || live[len(live)-1].SecondedBy != "" {
		return nil
	}
	last, disputed := live[len(live)-1], false
	parties := map[string]bool{}
	for _, d := range live {
		parties[d.By] = true
		disputed = disputed || d.Same != last.Same && d.By != last.By
	}
	if !disputed {
		return nil
	}
	return parties
}

// States says what each decision of a list, oldest first, amounts to on a day;
// revision gives the version of an entry that holds now, nil when it is not known.
func States(all []Decision, on time.Time, revision func(entry string) uint64) []State {
	out := make([]State, len(all))
	newest := map[[2]string]int{}
	pairs := map[[2]string][]Decision{}
	for i, d := range all {
		pair := [2]string{d.A, d.B}
		switch {
		case !d.Until.IsZero() && on.After(d.Until):
			out[i] = Expired
			continue
		case revision != nil && (revision(d.A) > d.RevisionA || revision(d.B) > d.RevisionB):
			out[i] = Reopened
			continue
		}
		if before, ok := newest[pair]; ok {
			out[before] = Replaced
		}
		newest[pair], out[i] = i, Standing
		pairs[pair] = append(pairs[pair], d)
	}
	for pair, i := range newest {
		if len(disputants(pairs[pair], on)) > 0 {
			out[i] = Disputed
		}
	}
	return out
}

// revisions reads which versions of the entries the person sees.
func (s *Store) revisions(ctx context.Context, d *Decision) error {
	known, err := s.Revisions(ctx, []string{d.A, d.B})
	if err != nil {
		return err
	}
	for _, entry := range []string{d.A, d.B} {
		if _, ok := known[entry]; !ok {
			return &warehouse.Error{Code: warehouse.Invalid, Message: "there is no person entry " + entry + ": write organ|kind of docket|number|number of the person"}
		}
	}
	d.RevisionA, d.RevisionB = known[d.A], known[d.B]
	return nil
}

// Revisions returns the version that holds now of those entries that exist.
func (s *Store) Revisions(ctx context.Context, entries []string) (map[string]uint64, error) {
	t, ok := s.catalogue.Type("person_in_case")
	if !ok {
		return nil, fmt.Errorf("there is no contract person_in_case")
	}
	rows, err := s.db.Query(ctx, "SELECT "+t.PersonEntrySQL()+" AS entry, max(revision) FROM "+t.CurrentSQL()+" AS c WHERE entry IN {entries:Array(String)} GROUP BY entry",
		warehouse.Param("entries", warehouse.Array(entries)))
	if err != nil {
		return nil, fmt.Errorf("read the versions of entries: %w", err)
	}
	defer rows.Close()
	out := map[string]uint64{}
	for rows.Next() {
		var entry string
		var revision uint64
		if err := rows.Scan(&entry, &revision); err != nil {
			return nil, fmt.Errorf("read the versions of entries: %w", err)
		}
		out[entry] = revision
	}
	return out, rows.Err()
}

// newestRun is the committed run of linkage that people see.
const newestRun = "(SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1)"

// said notes what linkage says of the pair now.
func (s *Store) said(ctx context.Context, d *Decision) error {
	var persons, found uint64
	var weight *float32
	var blind, sampled uint8
	pair := []any{warehouse.Param("a", d.A), warehouse.Param("b", d.B)}
	const both = "((entry_a = {a:String} AND entry_b = {b:String}) OR (entry_a = {b:String} AND entry_b = {a:String}))"
	if err := s.db.QueryRow(ctx, `SELECT
    (SELECT uniqExact(person_id) FROM link_identity WHERE run_id = `+newestRun+` AND person_entry IN ({a:String}, {b:String})),
    (SELECT uniqExact(person_entry) FROM link_identity WHERE run_id = `+newestRun+` AND person_entry IN ({a:String}, {b:String})),
    (SELECT max(weight) FROM (SELECT toNullable(weight) AS weight FROM link_edge WHERE run_id = `+newestRun+` AND `+both+` UNION ALL SELECT weight FROM link_review WHERE run_id = `+newestRun+` AND `+both+`)),
    (SELECT max(blind) FROM link_review WHERE run_id = `+newestRun+` AND `+both+`),
    (SELECT max(sampled) FROM link_review WHERE run_id = `+newestRun+` AND `+both+`),
    (SELECT max(toString(stratum)) FROM link_review WHERE run_id = `+newestRun+` AND `+both+`)`, pair...).Scan(&persons, &found, &weight, &blind, &sampled, &d.Stratum); err != nil {
		return fmt.Errorf("read what linkage says of the two: %w", err)
	}
	d.Weight, d.Blind, d.Sampled = weight, blind == 1, sampled == 1
	if found == 2 {
		one := persons == 1
		d.Joined = &one
	}
	return nil
}

func (s *Store) write(ctx context.Context, d Decision) error {
	batch, err := s.db.PrepareBatch(ctx, "INSERT INTO link_decision ("+columns+")")
	if err != nil {
		return fmt.Errorf("write the decision: %w", err)
	}
	defer batch.Close()
	number := func(b bool) uint8 {
		if b {
			return 1
		}
		return 0
	}
	until := d.Until
	if until.IsZero() {
		until = endless()
	}
	var joined *uint8
	if d.Joined != nil {
		n := number(*d.Joined)
		joined = &n
	}
	if err := batch.Append(d.A, d.B, number(d.Same), d.By, d.At, d.Reason, d.Evidence, until, d.RevisionA, d.RevisionB, d.SecondedBy, d.Weight, joined, number(d.Blind), number(d.Sampled), d.Stratum); err != nil {
		return fmt.Errorf("write the decision: %w", err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the decision: %w", err)
	}
	return nil
}

// Item is a place in the review queue.
type Item struct {
	A, B     string
	Weight   float32
	Joined   bool
	Refused  string // why the join was refused, "" when it was not
	Records  uint32 // of the smaller side
	Findings uint32 // that rest on the answer
	Value    float64
	Blind    bool
}

// Queue reads the review queue of a run, the most valuable first.
func (s *Store) Queue(ctx context.Context, run string, limit int) ([]Item, error) {
	rows, err := s.db.Query(ctx, "SELECT entry_a, entry_b, weight, joined, toString(refused), records, findings, value, blind FROM link_review WHERE run_id = {run:String} ORDER BY value DESC, entry_a, entry_b LIMIT {limit:UInt32}",
		warehouse.Param("run", run), warehouse.Param("limit", strconv.Itoa(limit)))
	if err != nil {
		return nil, fmt.Errorf("read the review queue: %w", err)
	}
	defer rows.Close()
	var out []Item
	for rows.Next() {
		var i Item
		var joined, blind uint8
		if err := rows.Scan(&i.A, &i.B, &i.Weight, &joined, &i.Refused, &i.Records, &i.Findings, &i.Value, &blind); err != nil {
			return nil, fmt.Errorf("read the review queue: %w", err)
		}
		i.Joined, i.Blind = joined == 1, blind == 1
		out = append(out, i)
	}
	return out, rows.Err()
}
