package verify

import (
	"fmt"
	"strings"

	"hengjian/warehouse/contract"
)

// The sorts of fault.
const (
	gap            = "gap"             // an offset is missing and not declared
	overlap        = "overlap"         // an offset stands twice
	backward       = "backward"        // a batch lies within or landed before an earlier one
	unregistered   = "unregistered"    // a stream that the register of streams does not know
	keyDiffers     = "key_differs"     // the natural key does not follow from the fields
	fateMissing    = "fate_missing"    // a row below the position has no fate
	fateExtra      = "fate_extra"      // a fate without its row
	fateWrong      = "fate_wrong"      // a fate that the statements on the key do not bear out
	historyMissing = "history_missing" // a version that the fates demand is not there
	historyExtra   = "history_extra"   // a version that no row of the log gave
	historyDiffers = "history_differs" // a version whose content is not the log's
	currentMissing = "current_missing" // a key has versions and no current row
	currentExtra   = "current_extra"   // a current row without versions
	currentDiffers = "current_differs" // the current row is not the newest version
)

// Sorts lists every sort of fault.
func Sorts() []string {
	return []string{
		gap, overlap, backward, unregistered, keyDiffers, fateMissing, fateExtra, fateWrong,
		historyMissing, historyExtra, historyDiffers, currentMissing, currentExtra, currentDiffers,
	}
}

// checks are the statements of one type; each gives fault, stream, offset, key, detail.
func checks(t *contract.Type) []string {
	log, history, current := "`log_"+t.Name+"`", "`"+t.Name+"_history`", "`"+t.Name+"`"
	return []string{
		gapSQL(log), overlapSQL(log), backwardSQL(log), unregisteredSQL(log), keySQL(t, log),
		fateMissingSQL(log), fateExtraSQL(log), fateWrongSQL(log), newestFateSQL(),
		historyMissingSQL(history), historyExtraSQL(history), historyDiffersSQL(t, log, history), currentSQL(t, history, current),
	}
}

// positions is how far each stream is derived: the fates are written last, so
// everything up to there is complete.
const positions = "(SELECT toString(stream) AS at_stream, max(offset) AS upto FROM record_fate WHERE record_type = {type:String} GROUP BY stream)"

const fates = "(SELECT toString(stream) AS stream, offset, key, revision, toString(fate) AS fate FROM record_fate FINAL WHERE record_type = {type:String})"

func gapSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, stream, first AS offset, '' AS key, concat('offsets ', toString(first), ' to ', toString(last), ' are missing') AS detail FROM
(SELECT toString(stream) AS stream, lagInFrame(offset) OVER w + 1 AS first, offset - 1 AS last, row_number() OVER w AS n FROM %s WINDOW w AS (PARTITION BY stream ORDER BY offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
WHERE n > 1 AND last >= first AND last != 18446744073709551615
AND (stream, first, last) NOT IN (SELECT l.stream, l.first, l.last FROM (SELECT toString(stream) AS stream, lagInFrame(offset) OVER w + 1 AS first, offset - 1 AS last FROM %s WINDOW w AS (PARTITION BY stream ORDER BY offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS l
 INNER JOIN (SELECT stream, first AS g_first, last AS g_last FROM gap) AS g ON g.stream = l.stream WHERE g.g_first <= l.first AND g.g_last >= l.last AND l.last >= l.first)`, gap, log, log)
}

func overlapSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, toString(stream) AS stream, offset, any(key) AS key, concat('the offset stands ', toString(count()), ' times') AS detail FROM %s GROUP BY stream, offset HAVING count() > 1`, overlap, log)
}

func backwardSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, stream, lo AS offset, '' AS key, concat('batch ', batch, ' begins within or landed before batch ', before) AS detail FROM
(SELECT stream, batch, lo, at, lagInFrame(batch) OVER w AS before, max(hi) OVER w AS reached, max(at) OVER w AS landed, row_number() OVER o AS n FROM
 (SELECT toString(stream) AS stream, batch, min(offset) AS lo, max(offset) AS hi, max(landed) AS at FROM %s GROUP BY stream, batch)
 WINDOW w AS (PARTITION BY stream ORDER BY lo, batch ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), o AS (PARTITION BY stream ORDER BY lo, batch ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
WHERE n > 1 AND (lo <= reached OR at < landed)`, backward, log)
}

func unregisteredSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, toString(stream) AS stream, min(offset) AS offset, '' AS key, 'the register of streams does not know this stream' AS detail FROM %s
WHERE toString(stream) NOT IN (SELECT stream FROM stream) GROUP BY stream`, unregistered, log)
}

func keySQL(t *contract.Type, log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, toString(stream) AS stream, offset, key, 'the natural key does not follow from the fields' AS detail FROM %s
WHERE status = 'accepted' AND key != ifNull(%s, '')`, keyDiffers, log, t.KeySQL())
}

func fateMissingSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, l.stream AS stream, l.offset AS offset, l.key AS key, 'an accepted row below the position has no fate' AS detail FROM
(SELECT toString(stream) AS stream, offset, key FROM %s WHERE status = 'accepted') AS l INNER JOIN %s AS p ON p.at_stream = l.stream
WHERE l.offset <= p.upto AND (l.stream, l.offset) NOT IN (SELECT stream, offset FROM %s)`, fateMissing, log, positions, fates)
}

func fateExtraSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, stream, offset, key, concat('fate ', fate, ' has no accepted row of the log') AS detail FROM %s
WHERE (stream, offset, key, revision) NOT IN (SELECT toString(stream), offset, key, revision FROM %s WHERE status = 'accepted')`, fateExtra, fates, log)
}

// fateWrongSQL holds, per key and revision: one statement stands, duplicates
// repeat a statement that is there, conflicts differ from the one that stands.
func fateWrongSQL(log string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, any(s) AS stream, min(o) AS offset, key, multiIf(standing != 1, concat(toString(standing), ' statements of one revision stand'), length(lost) > 0, 'a duplicate repeats nothing', 'a conflict does not differ') AS detail FROM
(SELECT l.key AS key, l.revision AS revision, any(l.stream) AS s, min(l.offset) AS o, countIf(f.fate IN ('applied', 'superseded')) AS standing,
  arrayFilter(x -> NOT has(groupUniqArrayIf((l.digest, l.retracted), f.fate != 'duplicate'), x), groupUniqArrayIf((l.digest, l.retracted), f.fate = 'duplicate')) AS lost,
  hasAny(groupUniqArrayIf((l.digest, l.retracted), f.fate = 'conflict'), groupUniqArrayIf((l.digest, l.retracted), f.fate IN ('applied', 'superseded'))) AS same
 FROM (SELECT toString(stream) AS stream, offset, key, revision, digest, toUInt8(op = 'retract') AS retracted FROM %s WHERE status = 'accepted') AS l
 INNER JOIN %s AS f ON f.stream = l.stream AND f.offset = l.offset GROUP BY l.key, l.revision)
WHERE standing != 1 OR length(lost) > 0 OR same GROUP BY key, standing, lost`, fateWrong, log, fates)
}

// newestFateSQL holds that the greatest revision of a key is applied.
func newestFateSQL() string {
	return fmt.Sprintf(`SELECT '%s' AS fault, any(stream) AS stream, max(offset) AS offset, key, 'the greatest revision of the key was not applied' AS detail FROM
%s GROUP BY key HAVING max(revision) != maxIf(revision, fate = 'applied')`, fateWrong, fates)
}

func historyMissingSQL(history string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, stream, offset, key, concat('the version of fate ', fate, ' is not in the history') AS detail FROM %s
WHERE fate != 'duplicate' AND (stream, offset, key, revision, fate) NOT IN (SELECT toString(stream), offset, key, revision, toString(fate) FROM %s FINAL WHERE ruling = 0)`, historyMissing, fates, history)
}

func historyExtraSQL(history string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, h.stream AS stream, h.offset AS offset, h.key AS key, 'no row of the log gave this version' AS detail FROM
(SELECT toString(stream) AS stream, offset, key, revision FROM %s FINAL WHERE ruling = 0) AS h LEFT JOIN %s AS p ON p.at_stream = h.stream
WHERE (h.offset <= p.upto OR h.stream NOT IN (SELECT stream FROM stream)) AND (h.stream, h.offset, h.key, h.revision) NOT IN (SELECT stream, offset, key, revision FROM %s WHERE fate != 'duplicate')`,
		historyExtra, history, positions, fates)
}

// content is a fingerprint of everything a row says, from the log, the history
// or the current table.
func content(t *contract.Type) string {
	parts := []string{"key", "toString(revision)", "hex(digest)", "toString(sender)", "toString(contract)", "toString(flags)", "toString(absent)"}
	for _, c := range t.Columns() {
		parts = append(parts, "ifNull(toString(`"+c.Name+"`), '~')")
	}
	return "cityHash64(" + strings.Join(parts, ", ") + ")"
}

func historyDiffersSQL(t *contract.Type, log, history string) string {
	return fmt.Sprintf(`SELECT '%s' AS fault, h.stream AS stream, h.offset AS offset, h.key AS key, 'the version says something else than the log' AS detail FROM
(SELECT toString(stream) AS stream, offset, key, retracted, %[2]s AS said FROM %[3]s FINAL) AS h
INNER JOIN (SELECT toString(stream) AS stream, offset, toUInt8(op = 'retract') AS retracted, %[2]s AS said FROM %[4]s WHERE status = 'accepted') AS l ON l.stream = h.stream AND l.offset = h.offset
WHERE h.said != l.said OR h.retracted != l.retracted`, historyDiffers, content(t), history, log)
}

// currentSQL holds that the current table has exactly the newest version of each
// key. What a pass in flight has written beyond the positions is passed over.
func currentSQL(t *contract.Type, history, current string) string {
	return fmt.Sprintf(`SELECT multiIf(c.stream = '', '%[1]s', n.stream = '', '%[2]s', '%[3]s') AS fault, if(n.stream = '', c.stream, n.stream) AS stream, if(n.stream = '', c.offset, n.offset) AS offset, if(n.stream = '', c.key, n.key) AS key,
 multiIf(c.stream = '', 'the key has versions and no current row', n.stream = '', 'the current row has no version', concat('the current row comes from ', c.stream, ' ', toString(c.offset))) AS detail FROM
(SELECT h.key AS key, h.stream AS stream, h.offset AS offset, h.revision AS revision, h.ruling AS ruling, h.said AS said FROM
 (SELECT key, toString(stream) AS stream, offset, revision, ruling, retracted, (%[4]s, retracted) AS said FROM %[5]s FINAL WHERE fate IN ('applied', 'superseded')) AS h
 INNER JOIN %[7]s AS p ON p.at_stream = h.stream WHERE h.offset <= p.upto ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key) AS n
FULL JOIN
(SELECT key, toString(stream) AS stream, offset, revision, ruling, (%[4]s, retracted) AS said FROM %[6]s FINAL) AS c ON c.key = n.key
WHERE (c.said != n.said OR c.stream != n.stream OR c.offset != n.offset OR c.ruling != n.ruling)
AND (c.stream = '' OR (c.stream, c.offset) NOT IN (SELECT h.s, h.o FROM (SELECT toString(stream) AS s, offset AS o FROM %[5]s) AS h LEFT JOIN %[7]s AS p ON p.at_stream = h.s WHERE h.o > p.upto))`,
		currentMissing, currentExtra, currentDiffers, content(t), history, current, positions)
}
