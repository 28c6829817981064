package indicator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hengjian/warehouse/contract"
)

// source is a derived source (派生来源): rows made by one SELECT over record
// types and the links of the run, such as arrested persons with what became of
// them. It is computed anew in every run.
type source struct {
	Name, ZH, EN string
	Doc          string
	SQL          string // with {state of TYPE} for a record type, {every record} for all and {links} for the links of persons
	Types        []string
	ByRow        bool              // each row follows from one record alone: {sign} carries its sign
	Columns      map[string]string // column → organ, date, bool, uint, string, or codes joined by |
	columns      map[string]column
}

var (
	placeholder = regexp.MustCompile(`\{state of ([a-z_]+)\}`)
	words       = regexp.MustCompile(`[a-z_][a-z0-9_]*`)
	sourceName  = regexp.MustCompile(`^[a-z_]+$`)
)

// source reads one file of a derived source.
func (l *loading) source(name string, r *contract.Reading) {
	o := r.Object(r.Root, "source", "zh", "en", "doc", "by_row", "columns", "sql")
	r.Need(o, "source", "zh", "en", "doc", "columns", "sql")
	s := source{Name: r.Text(o.At("source")), ZH: r.Text(o.At("zh")), EN: r.Text(o.At("en")), Doc: r.Text(o.At("doc")), SQL: r.Text(o.At("sql")), ByRow: r.Flag(o.At("by_row")), Columns: map[string]string{}, columns: map[string]column{}}
	r.ID = s.Name
	if _, taken := l.contracts.Type(s.Name); taken || s.Name == fromVerdict || !sourceName.MatchString(s.Name) {
		r.Refuse(o.At("source"), fmt.Sprintf("%q cannot name a source", s.Name), "choose small letters that name no record type")
	}
	if first, ok := l.seen["source "+s.Name]; ok {
		r.Refuse(o.At("source"), "the source is defined already in "+first, "choose another name")
	}
	l.seen["source "+s.Name] = name
	columns := r.Object(o.At("columns"))
	for _, key := range columns.Keys {
		kind := r.Text(columns.At(key))
		c, ok := declared(kind)
		if !ok {
			r.Refuse(columns.At(key), fmt.Sprintf("%q is no kind of column", kind), "use organ, date, bool, uint, decimal, string, or codes joined by |")
		}
		s.Columns[key], s.columns[key] = kind, c
	}
	for _, m := range placeholder.FindAllStringSubmatch(s.SQL, -1) {
		if _, ok := l.contracts.Type(m[1]); !ok {
			r.Refuse(o.At("sql"), fmt.Sprintf("there is no record type %q", m[1]), "name a record type that has a contract")
		}
		if !slices.Contains(s.Types, m[1]) {
			s.Types = append(s.Types, m[1])
		}
	}
	if s.ByRow != strings.Contains(s.SQL, signPlace) || s.ByRow && strings.Contains(s.SQL, "person_entry") {
		r.Refuse(o.At("sql"), "a source by row passes {sign} on and reads no person_entry, and no other names {sign}", "write {sign} after the last column of every SELECT, or leave by_row out")
	}
	if r.Good() {
		l.made.sources[s.Name] = s
	}
}

// declared is a column of a derived source.
func declared(kind string) (column, bool) {
	kinds := map[string]contract.FieldKind{
		"organ": contract.KindOrgan, "date": contract.KindDate, "bool": contract.KindBool, "uint": contract.KindUint, "decimal": contract.KindDecimal, "string": contract.KindString,
	}
	if k, ok := kinds[kind]; ok {
		return column{kind: k}, true
	}
	if codes := strings.Split(kind, "|"); len(codes) > 1 {
		return column{kind: contract.KindEnum, values: codes}, true
	}
	return column{}, false
}

// columnsOf lists the columns of a source; false when there is no such source.
func (c *Catalogue) columnsOf(contracts *contract.Catalogue, from string) (map[string]column, bool) {
	if s, ok := c.sources[from]; ok {
		return s.columns, true
	}
	return columnsOf(contracts, from)
}

// reading says how a scan reads a record type.
type reading uint8

const (
	asKnown  reading = iota // the newest versions that the run knows, from the history
	current                 // the current table, where it holds nothing that the run does not know
	changing                // what changed since the base run: new versions count, old ones count back
)

// sourceSQL is what the run knows of a record type, its verdicts, or a derived source.
func (c *Catalogue) sourceSQL(from string, contracts *contract.Catalogue, how map[string]reading) string {
	if from == fromVerdict {
		return "(SELECT * FROM verdict_of(run = {run:String}))"
	}
	if s, ok := c.sources[from]; ok && how[from] == changing {
		text := placeholder.ReplaceAllStringFunc(strings.TrimSpace(s.SQL), func(found string) string { return changedTable(placeholder.FindStringSubmatch(found)[1]) })
		return "(\n" + strings.NewReplacer(signPlace, ", sign", everyRecord, everySQL(contracts, how, true)).Replace(text) + "\n)"
	}
	if s, ok := c.sources[from]; ok {
		text := placeholder.ReplaceAllStringFunc(s.SQL, func(found string) string {
			t, _ := contracts.Type(placeholder.FindStringSubmatch(found)[1])
			return fmt.Sprintf("(SELECT *, %s AS person_entry, %s AS docket FROM %s AS s)", t.PersonEntrySQL(), t.DocketSQL(), stateSQL(t, how[t.Name]))
		})
		text = strings.ReplaceAll(strings.TrimSpace(text), "{links}", "(SELECT * FROM link_person WHERE run_id = {run:String})")
		return "(\n" + strings.NewReplacer(signPlace, "", everyRecord, everySQL(contracts, how, false)).Replace(text) + "\n)"
	}
	t, _ := contracts.Type(from)
	return stateSQL(t, how[from])
}

// What the SQL of a derived source may name besides the states of record types.
const (
	everyRecord = "{every record}"
	signPlace   = "{sign}"
)

// everyColumns are what everySQL reads of a record type; none of one that it leaves out.
func everyColumns(t *contract.Type) []string {
	if t.OrganField == "" || t.Door == "file" {
		return nil
	}
	return []string{t.OrganField + "_id", "business_on", "sent_time", "flags", "absent"}
}

// everySQL is every record of every type that names an organ, or what changed of
// those whose reading is changing.
func everySQL(contracts *contract.Catalogue, how map[string]reading, signed bool) string {
	var kinds []string
	for _, t := range contracts.Types() {
		columns := everyColumns(t)
		if columns == nil || signed && how[t.Name] != changing {
			continue
		}
		state, sign := t.StateOf(columns...), ""
		switch how[t.Name] {
		case current:
			state = t.CurrentSQL()
		case changing:
			state, sign = changedTable(t.Name), ", sign"
		}
		kinds = append(kinds, fmt.Sprintf("SELECT toString(%s_id) AS organ_id, business_on, toDate32(sent_time) AS sent_on, toUInt16(%d) AS allowed, flags, absent, '%s' AS record_type%s FROM %s AS s",
			t.OrganField, t.TimelinessDays, t.Name, sign, state))
	}
	return "(\n" + strings.Join(kinds, "\nUNION ALL ") + "\n)"
}

// stateSQL reads one record type.
func stateSQL(t *contract.Type, how reading) string {
	switch how {
	case current:
		return t.CurrentSQL()
	case changing:
		return changedTable(t.Name)
	}
	return t.StateSQL()
}

// changedTable names the table that holds, while a run counts differences, what
// changed of a record type since the base run.
func changedTable(name string) string { return "indicator_changed_" + name }

// changesSQL makes the changedTable of a type: of every touched record, and of
// those for which a day of the window matters, the named columns as the run knows
// them with sign 1 and its day of reckoning, and as the base run knew them with
// sign -1 and that run's day.
func changesSQL(t *contract.Type, columns, window []string) string {
	list, keys := "`"+strings.Join(columns, "`, `")+"`", touchedSQL(t.Name)
	if len(window) > 0 {
		for i, column := range window {
			window[i] = "toDate32(`" + column + "`) BETWEEN least(" + asOfParam + ", " + baseAsOfParam + ") AND greatest(" + asOfParam + ", " + baseAsOfParam + ")"
		}
		keys += "\n            UNION ALL SELECT key FROM `" + t.Name + "_history` WHERE " + strings.Join(window, " OR ")
	}
	return fmt.Sprintf(`CREATE OR REPLACE TABLE %[1]s ENGINE = Memory AS
SELECT %[2]s, sign, if(sign = 1, %[5]s, %[6]s) AS as_at FROM
(
    SELECT %[2]s, retracted, arrayJoin(if(ifNull(h.offset <= i.base_offset, false), [1, -1], [1])) AS sign FROM %[3]s AS h
    INNER JOIN
    (
        SELECT n.stream AS known_stream, n.offset AS known_offset, b.offset AS base_offset
        FROM (SELECT stream, max(offset) AS offset FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS n
        LEFT JOIN (SELECT stream, max(offset) AS offset FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b ON b.stream = n.stream
    ) AS i ON h.stream = i.known_stream
    WHERE h.key IN (%[4]s) AND h.offset <= i.known_offset AND h.fate IN ('applied', 'superseded')
    ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key, sign
)
WHERE retracted = 0`, changedTable(t.Name), list, "`"+t.Name+"_history`", keys, asOfParam, baseAsOfParam)
}

// columnsIn lists the columns of a record type that a text may name.
func columnsIn(t *contract.Type, text string) []string {
	said := map[string]bool{}
	for _, word := range words.FindAllString(text, -1) {
		said[word] = true
	}
	out := []string{"key"}
	for _, name := range contract.HistoryColumns() {
		if said[name] && name != "key" && name != "retracted" {
			out = append(out, name)
		}
	}
	for _, c := range t.Columns() {
		if said[c.Name] {
			out = append(out, c.Name)
		}
	}
	return out
}

// touchedSQL selects the natural keys whose state may differ between the base
// run {base:String} and the run {run:String}.
func touchedSQL(name string) string {
	return `SELECT key FROM touched AS t
            INNER JOIN (SELECT stream AS to_stream, max(offset) AS to_offset FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS a ON t.stream = a.to_stream
            LEFT JOIN (SELECT stream AS from_stream, max(offset) AS from_offset FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b ON t.stream = b.from_stream
            WHERE t.record_type = '` + name + `' AND t.offset <= a.to_offset AND ifNull(t.offset > b.from_offset, true)`
}
