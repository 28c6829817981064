package derive

import (
	"fmt"
	"strings"

	"hengjian/warehouse/contract"
)

// Columns of a log row that history keeps beside its own, in order.
const systemColumns = "sender, business_time, business_on, sent_time, landed, contract, digest, flags, absent"

// table is the SQL of one record type. Every name in it comes from a contract;
// every value is a server-side parameter.
type table struct {
	name    string
	log     string
	history string
	current string
	payload string // payload columns, with a leading comma
	values  string // the same, read from log row l, never NULL where history forbids it
	organ   string // acting organ's id in a history row
	dates   string // all dates of a history row as Array(Date32)
}

func newTable(t *contract.Type) table {
	x := table{name: t.Name, log: "log_" + t.Name, history: t.Name + "_history", current: t.Name, organ: "''"}
	var dates []string
	for _, c := range t.Columns() {
		x.payload += ", " + quote(c.Name)
		if strings.Contains(c.Stored, "Nullable(") {
			x.values += ", l." + quote(c.Name)
		} else {
			x.values += ", assumeNotNull(l." + quote(c.Name) + ")"
		}
		if strings.Contains(c.ClickHouse, "Date") {
			dates = append(dates, "toDate32("+quote(c.Name)+")")
		}
		if c.Part == "id" && t.Fields[c.Field].Name == t.OrganField {
			x.organ = "ifNull(" + quote(c.Name) + ", '')"
		}
	}
	x.dates = "CAST([], 'Array(Date32)')"
	if len(dates) > 0 {
		x.dates = "arrayMap(d -> assumeNotNull(d), arrayFilter(d -> isNotNull(d), CAST([" + strings.Join(dates, ", ") + "], 'Array(Nullable(Date32))')))"
	}
	return x
}

func quote(name string) string { return "`" + name + "`" }

// behind selects the cut of the next pass: per stream with rows beyond its
// position the last offset taken, the rows, and how many of them are accepted.
func (t table) behind(beyond string) string {
	return fmt.Sprintf(`SELECT stream, max(offset), count(), countIf(status = 'accepted') FROM (
 SELECT stream, offset, status FROM %s WHERE %s ORDER BY stream, offset LIMIT {rows:UInt64} BY stream) GROUP BY stream ORDER BY stream`, t.log, beyond)
}

// waiting counts the rows beyond the positions.
func (t table) waiting(beyond string) string {
	return fmt.Sprintf("SELECT count() FROM %s WHERE %s", t.log, beyond)
}

// decisions gives the fate of every accepted row of the cut. Statements on one
// key count in the order (stream, offset) after everything derived before.
func (t table) decisions(cut, beyond string) string {
	const before = "ORDER BY source, stream, offset ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
	return fmt.Sprintf(`SELECT stream, offset, multiIf(same > 0, 'duplicate', taken > 0, 'conflict', earlier = 0 OR revision > newest, 'applied', 'superseded') AS fate FROM (
 SELECT source, stream, offset, revision,
  count() OVER (PARTITION BY key, revision, digest, retracted %[1]s) AS same,
  count() OVER (PARTITION BY key, revision %[1]s) AS taken,
  count() OVER (PARTITION BY key %[1]s) AS earlier,
  max(revision) OVER (PARTITION BY key %[1]s) AS newest
 FROM (
  SELECT 1 AS source, stream, offset, key, revision, digest, toUInt8(op = 'retract') AS retracted FROM %[2]s WHERE (%[4]s) AND status = 'accepted'
  UNION ALL
  SELECT 0 AS source, stream, offset, key, revision, digest, retracted FROM %[3]s
  WHERE key IN (SELECT key FROM %[2]s WHERE (%[4]s) AND status = 'accepted') AND NOT (%[5]s)
 )) WHERE source = 1`, before, t.log, t.history, cut, beyond)
}

// rowOf lists the columns of a history row as read from log row l.
func (t table) rowOf(ruling, fate string) string {
	return fmt.Sprintf(`l.key, l.revision, %s, toUInt8(l.op = 'retract'), %s, l.stream, l.offset, l.sender, assumeNotNull(l.business_time), assumeNotNull(toDate32(l.business_time)), assumeNotNull(l.sent_time), l.landed, l.contract, l.digest, l.flags, l.absent%s`, ruling, fate, t.values)
}

func (t table) historyColumns() string {
	return "key, revision, ruling, retracted, fate, stream, offset, " + systemColumns + t.payload
}

// writeHistory is the first statement of a pass: everything but duplicates.
func (t table) writeHistory(cut, beyond string) string {
	return fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM (SELECT * EXCEPT (sealed, masked) FROM %s WHERE (%s) AND status = 'accepted') AS l
INNER JOIN (%s) AS f ON l.stream = f.stream AND l.offset = f.offset WHERE f.fate != 'duplicate'`,
		t.history, t.historyColumns(), t.rowOf("toUInt64(0)", "f.fate"), t.log, cut, t.decisions(cut, beyond))
}

// writeCurrent is the second: rows that are the newest of their key when they arrive.
func (t table) writeCurrent(cut string) string {
	cols := t.historyColumns()
	return fmt.Sprintf(`INSERT INTO %s (%s, version) SELECT %s, bitShiftLeft(toUInt128(revision), 64) + ruling FROM %s FINAL WHERE (%s) AND fate = 'applied' AND ruling = 0`,
		t.current, cols, cols, t.history, cut)
}

// writeTouched is the third: old and new organ and dates of what changed.
func (t table) writeTouched(cut string) string {
	return fmt.Sprintf(`INSERT INTO touched (record_type, stream, offset, key, old_organ_id, new_organ_id, old_dates, new_dates, op, derived)
SELECT {type:String}, stream, offset, key, old_organ, new_organ, old_dates, new_dates, op, now64(3) FROM (
 SELECT stream, offset, key, %[1]s AS organ, if(retracted = 1, CAST([], 'Array(Date32)'), %[2]s) AS new_dates, toString(if(retracted = 1, '', organ)) AS new_organ,
  lagInFrame(toString(new_organ)) OVER w AS old_organ, lagInFrame(new_dates) OVER w AS old_dates, if(retracted = 1, 'retract', 'upsert') AS op
 FROM %[3]s FINAL WHERE key IN (SELECT key FROM %[4]s WHERE (%[5]s) AND status = 'accepted') AND fate = 'applied' AND ruling = 0
 WINDOW w AS (PARTITION BY key ORDER BY revision ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
WHERE %[5]s`, t.organ, t.dates, t.history, t.log, cut)
}

// writeFates is the last: these rows are the position, so that a crash before
// them repeats the whole pass, and one after them repeats nothing.
func (t table) writeFates(cut string) string {
	return fmt.Sprintf(`INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived)
SELECT {type:String}, l.stream, l.offset, l.key, l.revision, if(h.fate IS NULL OR h.fate = '', 'duplicate', toString(h.fate)), l.sender, now64(3)
FROM (SELECT stream, offset, key, revision, sender FROM %s WHERE (%s) AND status = 'accepted') AS l
LEFT JOIN (SELECT stream, offset, fate FROM %s FINAL WHERE (%s) AND ruling = 0) AS h ON l.stream = h.stream AND l.offset = h.offset`,
		t.log, cut, t.history, cut)
}

// fates counts what was decided in the cut.
func (t table) fates(cut string) string {
	return fmt.Sprintf("SELECT toString(fate), count() FROM record_fate FINAL WHERE record_type = {type:String} AND (%s) GROUP BY fate", cut)
}

// Rulings (裁断): a person decided which of two statements with one revision holds.
// The row of history is their position, so it is written last.

func (t table) pendingRulings() string {
	return fmt.Sprintf(`SELECT key, revision, ruling, stream, offset FROM ruling WHERE record_type = {type:String}
 AND (key, revision, ruling) NOT IN (SELECT key, revision, ruling FROM %s WHERE ruling > 0)`, t.history)
}

func (t table) ruled() string {
	return fmt.Sprintf(`(SELECT * EXCEPT (sealed, masked) FROM %s WHERE status = 'accepted' AND (stream, offset) IN (SELECT stream, offset FROM (%s))) AS l
INNER JOIN (%s) AS r ON l.stream = r.stream AND l.offset = r.offset AND l.key = r.key AND l.revision = r.revision`, t.log, t.pendingRulings(), t.pendingRulings())
}

func (t table) writeRuledCurrent() string {
	return fmt.Sprintf(`INSERT INTO %s (%s, version) SELECT %s, bitShiftLeft(toUInt128(l.revision), 64) + r.ruling FROM %s`,
		t.current, t.historyColumns(), t.rowOf("r.ruling", "'applied'"), t.ruled())
}

func (t table) writeRuledTouched() string {
	return fmt.Sprintf(`INSERT INTO touched (record_type, stream, offset, key, old_organ_id, new_organ_id, old_dates, new_dates, op, derived)
SELECT {type:String}, n.stream, n.offset, n.key, o.organ, n.organ, o.dates, n.dates, 'ruling', now64(3) FROM (
 SELECT key, revision, stream, offset, toString(%[1]s) AS organ, %[2]s AS dates FROM %[3]s FINAL WHERE ruling = 0 AND (stream, offset) IN (SELECT stream, offset FROM (%[4]s))) AS n
INNER JOIN (SELECT key, revision, toString(%[1]s) AS organ, %[2]s AS dates FROM %[3]s FINAL WHERE fate IN ('applied', 'superseded')
 AND key IN (SELECT key FROM (%[4]s)) ORDER BY ruling DESC LIMIT 1 BY key, revision) AS o ON n.key = o.key AND n.revision = o.revision`, t.organ, t.dates, t.history, t.pendingRulings())
}

func (t table) writeRuledHistory() string {
	return fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s`, t.history, t.historyColumns(), t.rowOf("r.ruling", "'applied'"), t.ruled())
}
