package repair

import (
	"context"
	"fmt"
	"strconv"

	"hengjian/warehouse"
)

// Conflict is one statement that contradicts another of the same key and
// revision; Holds says that a person ruled for it.
type Conflict struct {
	RecordType, Key, Stream, Sender string
	Offset, Revision                uint64
	StandsStream                    string // the statement that came first
	StandsOffset                    uint64
	Ruling                          uint64 // newest ruling on key and revision, 0 = none
	Holds                           bool
}

// Conflicts lists the conflicts of a record type, "" for all, open ones first.
func (d *Desk) Conflicts(ctx context.Context, recordType string, limit int) ([]Conflict, error) {
	rows, err := d.deps.DB.Query(ctx, `SELECT c.record_type, c.key, c.stream, c.sender, c.offset, c.revision, s.stream, s.offset, r.ruling, r.ruled_stream = c.stream AND r.ruled_offset = c.offset AND r.ruling > 0 FROM
(SELECT toString(record_type) AS record_type, key, toString(stream) AS stream, toString(sender) AS sender, offset, revision FROM record_fate FINAL WHERE fate = 'conflict' AND ({type:String} = '' OR record_type = {type:String})) AS c
LEFT JOIN (SELECT toString(record_type) AS record_type, key, revision, toString(stream) AS stream, offset FROM record_fate FINAL WHERE fate IN ('applied', 'superseded')) AS s ON s.record_type = c.record_type AND s.key = c.key AND s.revision = c.revision
LEFT JOIN (SELECT toString(record_type) AS record_type, key, revision, ruling, stream AS ruled_stream, offset AS ruled_offset FROM ruling ORDER BY ruling DESC LIMIT 1 BY record_type, key, revision) AS r ON r.record_type = c.record_type AND r.key = c.key AND r.revision = c.revision
ORDER BY r.ruling, c.record_type, c.stream, c.offset LIMIT {limit:UInt32} SETTINGS join_use_nulls = 0`, warehouse.Param("type", recordType), warehouse.Param("limit", strconv.Itoa(limit)))
	if err != nil {
		return nil, fmt.Errorf("list the conflicts: %w", err)
	}
	defer rows.Close()
	var out []Conflict
	for rows.Next() {
		var c Conflict
		var holds uint8
		if err := rows.Scan(&c.RecordType, &c.Key, &c.Stream, &c.Sender, &c.Offset, &c.Revision, &c.StandsStream, &c.StandsOffset, &c.Ruling, &holds); err != nil {
			return nil, fmt.Errorf("list the conflicts: %w", err)
		}
		c.Holds = holds == 1
		out = append(out, c)
	}
	return out, rows.Err()
}

// Rule decides that the statement at p holds (裁断); derive then makes it the
// current version. p may be the conflicting statement or the one that stood.
func (d *Desk) Rule(ctx context.Context, p Place, a Act) error {
	if err := a.check(); err != nil {
		return err
	}
	var key string
	var revision, contested uint64
	err := d.deps.DB.QueryRow(ctx, `SELECT any(f.key), any(f.revision), count() FROM (SELECT key, revision FROM record_fate FINAL WHERE record_type = {type:String} AND stream = {stream:String} AND offset = {offset:UInt64} AND fate != 'duplicate') AS f
INNER JOIN (SELECT key, revision FROM record_fate FINAL WHERE record_type = {type:String} AND fate = 'conflict') AS c ON c.key = f.key AND c.revision = f.revision`,
		warehouse.Param("type", p.RecordType), warehouse.Param("stream", p.Stream), warehouse.Param("offset", strconv.FormatUint(p.Offset, 10))).Scan(&key, &revision, &contested)
	if err != nil {
		return fmt.Errorf("read the conflict: %w", err)
	}
	if contested == 0 {
		return &warehouse.Error{Code: warehouse.NotFound, Message: "no conflict stands at " + p.String() + ": hengjian conflict list shows them (没有这处冲突)"}
	}
	var last uint64
	if err := d.deps.DB.QueryRow(ctx, "SELECT max(ruling) FROM ruling WHERE record_type = {type:String} AND key = {key:String} AND revision = {revision:UInt64}",
		warehouse.Param("type", p.RecordType), warehouse.Param("key", key), warehouse.Param("revision", strconv.FormatUint(revision, 10))).Scan(&last); err != nil {
		return fmt.Errorf("read earlier rulings: %w", err)
	}
	err = d.deps.DB.Exec(ctx, `INSERT INTO ruling (record_type, key, revision, ruling, stream, offset, person, reason, ruled)
SELECT {type:String}, {key:String}, {revision:UInt64}, {ruling:UInt64}, {stream:String}, {offset:UInt64}, {person:String}, {reason:String}, now64(3)`,
		warehouse.Param("type", p.RecordType), warehouse.Param("key", key), warehouse.Param("revision", strconv.FormatUint(revision, 10)), warehouse.Param("ruling", strconv.FormatUint(last+1, 10)),
		warehouse.Param("stream", p.Stream), warehouse.Param("offset", strconv.FormatUint(p.Offset, 10)), warehouse.Param("person", a.Person), warehouse.Param("reason", a.Reason))
	if err != nil {
		return fmt.Errorf("write down the ruling: %w", err)
	}
	return nil
}
