package link

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// Keyer turns a value into a keyed pseudonym; the vault does.
type Keyer interface {
	Pseudonym(class string, value []byte) string
}

// keys makes keyed digests of blocking keys and of values whose frequency counts.
type keys struct {
	digest hash.Hash
	sum    [sha256.Size]byte
}

func newKeys(k Keyer) *keys {
	secret := sha256.Sum256([]byte(k.Pseudonym("link_key", []byte("blocking keys of linkage"))))
	return &keys{digest: hmac.New(sha256.New, secret[:])}
}

// of is the digest of a text of a kind.
func (k *keys) of(kind, text string) uint64 {
	k.digest.Reset()
	k.digest.Write([]byte(kind))
	k.digest.Write([]byte{0})
	k.digest.Write([]byte(text))
	return binary.LittleEndian.Uint64(k.digest.Sum(k.sum[:0]))
}

// row lists the blocking keys of a row by rule, without those that it lacks.
func (k *keys) row(plan *level.Plan, t *record.Table, row *record.Row, chain string) []uint64 {
	var out []uint64
	for i := range plan.Blocking {
		if text, ok := plan.Blocking[i].Stable(t, row, chain); ok {
			out = append(out, k.of("key "+plan.Blocking[i].ID, text))
		}
	}
	return out
}

// span is a run over all entries and the runs that build on it (增量区间).
type span struct {
	id      uint32 // generation of the run over all entries
	counted uint32 // generation of the run that counted how common values are
	entries uint64 // that were counted then
	persons float64
	chances map[string]float64
	decided uint64 // digest of the decisions that stood
	known   string // generations of the span that are committed, as an array
}

// spanOf finds the span of a committed run; false for a run that kept none.
func (j *Job) spanOf(ctx context.Context, base warehouse.Run) (span, bool, error) {
	var s span
	args := []any{warehouse.Param("base", base.ID)}
	err := j.deps.DB.QueryRow(ctx, `SELECT span, counted, counted_entries, persons, chances, decided FROM link_span WHERE run_id = {base:String}`, args...).
		Scan(&s.id, &s.counted, &s.entries, &s.persons, &s.chances, &s.decided)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("find what run %s compared: %w", base.ID, err)
	}
	var known []string
	err = j.eachPair(ctx, `SELECT toString(generation), '', toUInt64(0) FROM link_span WHERE span = {span:UInt32} AND run_id IN (SELECT run_id FROM run_commit WHERE family = 'link') ORDER BY generation`,
		func(g, _ string, _ uint64) error { known = append(known, g); return nil }, number32("span", s.id))
	s.known = "[" + strings.Join(known, ",") + "]"
	return s, true, err
}

func number32(name string, n uint32) any {
	return warehouse.Param(name, strconv.FormatUint(uint64(n), 10))
}

// numbers writes numbers as an array parameter.
func numbers(name string, all []uint64) any {
	b := []byte{'['}
	for i, n := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, n, 10)
	}
	return warehouse.Param(name, string(append(b, ']')))
}

// compared is the version of an entry that a span compared last.
type compared struct {
	generation uint32
	mark       uint64
}

// compared reads the entries of a span that are not gone.
func (j *Job) compared(ctx context.Context, s span) (map[uint64]compared, error) {
	out := map[uint64]compared{}
	err := j.eachRow(ctx, "SELECT entry, generation, mark, gone FROM link_entry WHERE span = {span:UInt32} AND generation IN {known:Array(UInt32)} ORDER BY entry, generation DESC LIMIT 1 BY entry", func(scan func(...any) error) error {
		var entry, mark uint64
		var generation uint32
		var gone uint8
		if err := scan(&entry, &generation, &mark, &gone); err != nil {
			return err
		}
		if gone == 0 {
			out[entry] = compared{generation, mark}
		}
		return nil
	}, number32("span", s.id), warehouse.Param("known", s.known))
	return out, err
}

// eachRow calls each for every row of a query.
func (j *Job) eachRow(ctx context.Context, sql string, each func(scan func(...any) error) error, args ...any) error {
	rows, err := j.deps.DB.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("read what linkage keeps: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return fmt.Errorf("read what linkage keeps: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read what linkage keeps: %w", err)
	}
	return nil
}

// portion is how many numbers one query is asked for.
const portion = 20_000

// portions calls ask with the numbers in turn.
func portions(all []uint64, ask func([]uint64) error) error {
	for from := 0; from < len(all); from += portion {
		if err := ask(all[from:min(from+portion, len(all))]); err != nil {
			return err
		}
	}
	return nil
}

// frequencies gives the frequencies that a span counted to the values of a table.
func (j *Job) frequencies(ctx context.Context, s span, k *keys, t *record.Table) (score.Snapshot, error) {
	out := score.Snapshot{Persons: s.persons, Chances: s.chances, Of: map[string]map[string]uint32{}}
	type value struct{ kind, text string }
	wanted := map[uint64]value{}
	score.EachValue(t, func(kind, text string) { wanted[k.of(kind, text)] = value{kind, text} })
	digests := make([]uint64, 0, len(wanted))
	for d := range wanted {
		digests = append(digests, d)
	}
	err := portions(digests, func(some []uint64) error {
		return j.eachRow(ctx, "SELECT value, persons FROM link_frequency WHERE counted = {counted:UInt32} AND value IN {values:Array(UInt64)}", func(scan func(...any) error) error {
			var digest uint64
			var persons uint32
			if err := scan(&digest, &persons); err != nil {
				return err
			}
			v := wanted[digest]
			if out.Of[v.kind] == nil {
				out.Of[v.kind] = map[string]uint32{}
			}
			out.Of[v.kind][v.text] = persons
			return nil
		}, number32("counted", s.counted), numbers("values", some))
	})
	return out, err
}

// What a span knows: the entries with what they said, their keys, and their pairs.
const (
	spanEntries = "link_entry (span, generation, entry, mark, gone)"
	spanKeys    = "link_key (span, generation, key, entry)"
	spanPairs   = "link_pair (span, generation, entry, other, weight, pattern)"
)

// inSpan appends what a run compared to a table of its span, by columns.
func (j *Job) inSpan(ctx context.Context, s span, r warehouse.Run, into string, rows int, values ...any) error {
	return j.columns(ctx, into, append([]any{same(rows, s.id), same(rows, r.Generation)}, values...)...)
}

// older is how many spans before the newest are kept: a run that fails leaves the
// next one what the last committed run built on.
const older = 2

// forget drops spans and frequencies that no run will build on.
func (j *Job) forget(ctx context.Context, s span) error {
	drop := func(sql, tables string, args ...any) error {
		var gone []string
		if err := j.eachPair(ctx, sql, func(id, _ string, _ uint64) error { gone = append(gone, id); return nil }, args...); err != nil {
			return err
		}
		for _, table := range strings.Fields(tables) {
			for _, id := range gone {
				if err := j.deps.DB.Exec(ctx, "ALTER TABLE "+table+" DROP PARTITION "+id); err != nil {
					return fmt.Errorf("drop what nothing builds on: %w", err)
				}
			}
		}
		return nil
	}
	if err := drop("SELECT toString(span) AS id, '', toUInt64(0) FROM link_entry WHERE span < {span:UInt32} GROUP BY span ORDER BY span DESC LIMIT 1000 OFFSET "+strconv.Itoa(older),
		"link_entry link_key link_pair", number32("span", s.id)); err != nil {
		return err
	}
	return drop("SELECT DISTINCT toString(counted), '', toUInt64(0) FROM link_frequency WHERE counted != {counted:UInt32} AND counted NOT IN (SELECT counted FROM link_span WHERE span IN (SELECT DISTINCT span FROM link_entry))",
		"link_frequency", number32("counted", s.counted))
}

// columns appends columns of one table in one batch.
func (j *Job) columns(ctx context.Context, into string, values ...any) error {
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO "+into)
	if err != nil {
		return fmt.Errorf("write %s: %w", into, err)
	}
	defer batch.Close()
	for i, v := range values {
		if err := batch.Column(i).Append(v); err != nil {
			return fmt.Errorf("write %s: %w", into, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write %s: %w", into, err)
	}
	return nil
}

func same(n int, v uint32) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = v
	}
	return out
}
