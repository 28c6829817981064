package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hengjian/warehouse"
)

// keyRow is one version of one data key as table seal_key holds it.
type keyRow struct {
	id string
	slot
	version   uint32
	master    string
	wrapped   []byte
	destroyed bool
}

// bound is what the wrapped form is bound to, so that rows cannot be exchanged.
func (r keyRow) bound() []byte { return []byte(r.id + "\x00" + r.sender + "\x00" + r.month) }

// store reads and writes table seal_key.
type store struct{ db *warehouse.DB }

// insert appends one version. Of several inserts with one token the table keeps
// the first; "" stands for no token.
func (s store) insert(ctx context.Context, r keyRow, token string) error {
	return s.insertAll(ctx, []keyRow{r}, token)
}

// insertAll appends versions of several keys as one block.
func (s store) insertAll(ctx context.Context, rows []keyRow, token string) error {
	settings := map[string]any{"async_insert": 0}
	if token != "" {
		settings["insert_deduplicate"] = 1
		settings["insert_deduplication_token"] = token
	} else {
		settings["insert_deduplicate"] = 0
	}
	batch, err := s.db.PrepareBatch(warehouse.WithQuery(ctx, "", settings), "INSERT INTO seal_key (key_id, sender, month, version, master, wrapped, state)")
	if err != nil {
		return fmt.Errorf("write table seal_key: %w", err)
	}
	for _, r := range rows {
		state := "wrapped"
		if r.destroyed {
			state = "destroyed"
		}
		if err := batch.Append(r.id, r.sender, r.month, r.version, r.master, string(r.wrapped), state); err != nil {
			return fmt.Errorf("write table seal_key: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write table seal_key: %w", err)
	}
	return nil
}

// newestVersions reads the newest version of each key that the condition, which
// must be about key, sender or month, leaves.
func newestVersions(condition string) string {
	return `SELECT key_id, sender, month, version, master, wrapped, state = 'destroyed' FROM
(SELECT * FROM seal_key WHERE ` + condition + ` ORDER BY version DESC, state DESC LIMIT 1 BY key_id)`
}

// newest returns the key of a slot, nil when there is none. Were there ever two,
// all processes choose the same.
func (s store) newest(ctx context.Context, at slot) (*keyRow, error) {
	rows, err := s.ofSlot(ctx, at)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// ofSlot returns every key of a slot, the one that counts first.
func (s store) ofSlot(ctx context.Context, at slot) ([]keyRow, error) {
	return s.read(ctx, newestVersions("sender = {sender:String} AND month = {month:String}")+" ORDER BY written, key_id",
		warehouse.Param("sender", at.sender), warehouse.Param("month", at.month))
}

// ofMonth returns every key of a month, per slot the one that counts first.
func (s store) ofMonth(ctx context.Context, month string) ([]keyRow, error) {
	return s.read(ctx, newestVersions("month = {month:String}")+" ORDER BY written, key_id", warehouse.Param("month", month))
}

// byID returns a key, nil when there is none.
func (s store) byID(ctx context.Context, id string) (*keyRow, error) {
	return s.one(ctx, newestVersions("key_id = {id:String}"), warehouse.Param("id", id))
}

// all returns the newest version of every key.
func (s store) all(ctx context.Context) ([]keyRow, error) {
	return s.read(ctx, newestVersions("1")+" ORDER BY key_id")
}

func (s store) one(ctx context.Context, sql string, args ...any) (*keyRow, error) {
	rows, err := s.read(ctx, sql, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

func (s store) read(ctx context.Context, sql string, args ...any) ([]keyRow, error) {
	rows, err := s.db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read table seal_key: %w", err)
	}
	defer rows.Close()
	var out []keyRow
	for rows.Next() {
		var r keyRow
		var wrapped string
		var destroyed uint8
		if err := rows.Scan(&r.id, &r.sender, &r.month, &r.version, &r.master, &wrapped, &destroyed); err != nil {
			return nil, fmt.Errorf("read table seal_key: %w", err)
		}
		r.wrapped, r.destroyed = []byte(wrapped), destroyed == 1
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read table seal_key: %w", err)
	}
	return out, nil
}

// phrasebook returns the text of a phrasebook; Unavailable when it is not there.
func (s store) phrasebook(ctx context.Context, id phrasebookID) ([]byte, error) {
	var text string
	err := s.db.QueryRow(ctx, "SELECT text FROM seal_phrasebook WHERE id = {id:String} LIMIT 1", warehouse.Param("id", id.String())).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing(id)
	}
	if err != nil {
		return nil, fmt.Errorf("read table seal_phrasebook: %w", err)
	}
	return []byte(text), nil
}

// phrasebooks returns the ids of all phrasebooks in the table.
func (s store) phrasebooks(ctx context.Context) (map[string]bool, error) {
	ids, err := s.distinct(ctx, "id")
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, err
}

// distinct returns the values of a column of the table of phrasebooks.
func (s store) distinct(ctx context.Context, column string) (values []string, err error) {
	if err := s.db.QueryRow(ctx, "SELECT groupUniqArray(toString("+column+")) FROM seal_phrasebook").Scan(&values); err != nil {
		return nil, fmt.Errorf("read table seal_phrasebook: %w", err)
	}
	return values, nil
}

// insertPhrasebooks writes phrasebooks.
func (s store) insertPhrasebooks(ctx context.Context, all []*Phrasebook) error {
	if len(all) == 0 {
		return nil
	}
	batch, err := s.db.PrepareBatch(warehouse.WithQuery(ctx, "", map[string]any{"async_insert": 0}), "INSERT INTO seal_phrasebook (id, text)")
	if err != nil {
		return fmt.Errorf("write table seal_phrasebook: %w", err)
	}
	for _, p := range all {
		if err := batch.Append(p.id.String(), string(p.text)); err != nil {
			return fmt.Errorf("write table seal_phrasebook: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write table seal_phrasebook: %w", err)
	}
	return nil
}

func (s store) count(ctx context.Context) (uint64, error) {
	var n uint64
	if err := s.db.QueryRow(ctx, "SELECT count() FROM seal_key").Scan(&n); err != nil {
		return 0, fmt.Errorf("count table seal_key: %w", err)
	}
	return n, nil
}

// forgetOlder removes every version but the newest of each key, so that an old
// master key or a destroyed data key opens nothing.
func (s store) forgetOlder(ctx context.Context) error {
	ctx = warehouse.WithQuery(ctx, "", map[string]any{"mutations_sync": 2})
	// It names what goes, not what stays: a key that is made meanwhile stays.
	err := s.db.Exec(ctx, "ALTER TABLE seal_key DELETE WHERE (key_id, version) IN (SELECT key_id, arrayJoin(arrayFilter(v -> v < max(version), groupArray(version))) FROM seal_key GROUP BY key_id)")
	if err != nil {
		return fmt.Errorf("remove old versions of data keys: %w", err)
	}
	return nil
}
