package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// JoinKey joins the parts of a natural key, docket or person entry with "|";
// "|" and "\" inside a part are escaped by "\".
func JoinKey(parts ...string) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('|')
		}
		if !strings.ContainsAny(p, `|\`) {
			b.WriteString(p)
			continue
		}
		for j := range len(p) {
			if p[j] == '|' || p[j] == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(p[j])
		}
	}
	return b.String()
}

// joinSQL is JoinKey as an expression over SQL expressions.
func joinSQL(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = `replaceAll(replaceAll(toString(` + p + `), '\\', '\\\\'), '|', '\\|')`
	}
	if len(escaped) == 1 {
		return escaped[0]
	}
	return "concat(" + strings.Join(escaped, ", '|', ") + ")"
}

// KeyColumns returns the physical columns that make the natural key, in order.
func (t *Type) KeyColumns() []string {
	out := make([]string, len(t.Key))
	for i, k := range t.Key {
		out[i] = t.identifying(k)
	}
	return out
}

// KeySQL returns the natural key as an expression over the payload columns.
func (t *Type) KeySQL() string {
	parts := t.KeyColumns()
	for i := range parts {
		parts[i] = quote(parts[i])
	}
	return joinSQL(parts...)
}

// identifying is the column by which a field identifies: the organ's id, the
// number's norm, else the field itself.
func (t *Type) identifying(field string) string {
	f, _ := t.Field(field)
	switch f.Kind {
	case KindOrgan:
		return field + "_id"
	case KindDocumentNumber, KindCourtCaseNumber:
		return field + "_norm"
	default:
		return field
	}
}

// DocketSQL returns the docket of a row as an expression, "”" for types without docket.
func (t *Type) DocketSQL() string {
	if t.Docket == nil {
		return "''"
	}
	return joinSQL(t.docketParts()...)
}

// PersonEntrySQL returns the person entry of a row as an expression, "”" for
// types whose records concern no person.
func (t *Type) PersonEntrySQL() string {
	if t.Docket == nil || t.Docket.Person == "" {
		return "''"
	}
	return "concat(" + joinSQL(t.docketParts()...) + ", '|', " + joinSQL(quote(t.Docket.Person)) + ")"
}

func (t *Type) docketParts() []string {
	kind := quote(t.Docket.Kind)
	if literal, ok := strings.CutPrefix(t.Docket.Kind, "="); ok {
		kind = "'" + literal + "'"
	}
	return []string{quote(t.identifying(t.Docket.Organ)), kind, quote(t.identifying(t.Docket.Number))}
}

// StateSQL returns a subquery in brackets: the newest version per key that the
// run {run:String} knows, without retracted records. Its columns are those of
// the history table.
func (t *Type) StateSQL() string { return t.StateAtSQL("run", "") }

// StateAtSQL is StateSQL for the run in the named parameter and, where keys is
// not empty, for the natural keys that the subquery keys selects.
func (t *Type) StateAtSQL(run, keys string) string {
	expected := t.expected(t.historyTable())
	columns := make([]string, len(expected))
	for i, c := range expected {
		columns[i] = c.name
	}
	return t.state(run, keys, columns)
}

// CurrentSQL returns a subquery in brackets with the columns of StateSQL: the
// newest version per key whatever a run knows, without retracted records. It
// equals StateSQL while BeyondSQL counts nothing.
func (t *Type) CurrentSQL() string {
	return "(SELECT * EXCEPT (" + versionColumn.name + ") FROM " + quote(t.Name) + " FINAL WHERE retracted = 0)"
}

// BeyondSQL returns a SELECT of the number of current rows that the run
// {run:String} does not know.
func (t *Type) BeyondSQL() string {
	return "SELECT count() AS beyond FROM " + quote(t.Name) + " AS h LEFT JOIN (SELECT stream AS known_stream, max(offset) AS known_offset FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS i ON h.stream = i.known_stream WHERE ifNull(h.offset > i.known_offset, true)"
}

// StateOf is StateSQL with the named columns alone: the text stays short where
// one query reads many types.
func (t *Type) StateOf(columns ...string) string { return t.state("run", "", columns) }

func (t *Type) state(run, keys string, columns []string) string {
	only := ""
	if keys != "" {
		only = "h.key IN (" + keys + ") AND "
	}
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = quote(c)
	}
	inner := quoted
	if !slices.Contains(columns, "retracted") {
		inner = append(slices.Clone(quoted), quote("retracted"))
	}
	return fmt.Sprintf(`(
    SELECT %[1]s FROM
    (
        SELECT %[2]s FROM %[3]s AS h
        INNER JOIN
        (
            SELECT stream AS known_stream, max(offset) AS known_offset FROM run_input
            WHERE run_id = {%[4]s:String} GROUP BY stream
        ) AS i ON h.stream = i.known_stream
        WHERE %[5]sh.offset <= i.known_offset AND h.fate IN ('applied', 'superseded')
        ORDER BY revision DESC, ruling DESC, stream, offset LIMIT 1 BY key
    )
    WHERE retracted = 0
)`, strings.Join(quoted, ", "), strings.Join(inner, ", "), quote(t.historyTable()), run, only)
}

// HasColumn says whether the history table has a column of that name, so that
// StateOf can read it.
func (t *Type) HasColumn(name string) bool {
	return slices.ContainsFunc(t.expected(t.historyTable()), func(c plain) bool { return c.name == name })
}

// DocketColumns returns the columns that DocketSQL and PersonEntrySQL read.
func (t *Type) DocketColumns() []string {
	if t.Docket == nil {
		return nil
	}
	out := []string{t.identifying(t.Docket.Organ), t.identifying(t.Docket.Number)}
	if !strings.HasPrefix(t.Docket.Kind, "=") {
		out = append(out, t.Docket.Kind)
	}
	if t.Docket.Person != "" {
		out = append(out, t.Docket.Person)
	}
	return out
}

// EventsSQL returns a SELECT of the rows of case_event that the state of the run
// {run:String} declares, without the columns of the chain; "" for a type without
// events. Attributes without value are left out.
func (t *Type) EventsSQL() string { return t.EventsAtSQL("") }

// EventsAtSQL is EventsSQL, where keys is not empty, for the natural keys that
// the subquery keys selects.
func (t *Type) EventsAtSQL(keys string) string {
	if len(t.Events) == 0 || t.Docket == nil {
		return ""
	}
	compartment := "'secret'" // unknown is the strictest
	if _, ok := t.Field("compartment"); ok {
		compartment = "`compartment`"
	}
	rows := make([]string, len(t.Events))
	for i, e := range t.Events {
		rows[i] = "            " + t.eventSQL(e, i+1)
	}
	return fmt.Sprintf(`SELECT
    docket, person_entry, organ_id, compartment,
    tupleElement(e, 1) AS event, tupleElement(e, 2) AS ordinal, assumeNotNull(tupleElement(e, 3)) AS at,
    tupleElement(e, 4) AS precision, tupleElement(e, 5) AS tie, tupleElement(e, 6) AS attributes,
    '%s' AS record_type, record_key, revision
FROM
(
    SELECT
        %s AS docket,
        %s AS person_entry,
        toString(%s) AS organ_id,
        toString(%s) AS compartment,
        key AS record_key,
        revision,
        arrayJoin(arrayFilter(e -> isNotNull(tupleElement(e, 3)) AND tupleElement(e, 7), [
%s
        ])) AS e
    FROM %s AS s
)`, t.Name, t.DocketSQL(), t.PersonEntrySQL(), quote(t.identifying(t.Docket.Organ)), compartment, strings.Join(rows, ",\n"), t.StateAtSQL("run", keys))
}

// eventSQL is one event as a tuple: type, ordinal, time, precision, tie,
// attributes, and whether its condition holds.
func (t *Type) eventSQL(e Event, tie int) string {
	at := quote(e.At)
	if f, _ := t.Field(e.At); f.Kind == KindDate {
		at = "toDateTime64(" + at + ", 3, 'Asia/Shanghai')"
	}
	condition := "toUInt8(1)"
	if len(e.When) > 0 {
		var terms []string
		for _, field := range slices.Sorted(maps.Keys(e.When)) {
			test := "= '" + e.When[field][0] + "'"
			if len(e.When[field]) > 1 {
				test = "IN ('" + strings.Join(e.When[field], "', '") + "')"
			}
			terms = append(terms, fmt.Sprintf("ifNull(toString(%s), '') %s", quote(field), test))
		}
		condition = "toUInt8(" + strings.Join(terms, " AND ") + ")"
	}
	pairs := make([]string, 0, 2*len(e.Attributes))
	for _, a := range e.Attributes {
		pairs = append(pairs, "'"+a+"'", "ifNull(toString("+quote(a)+"), '')")
	}
	attributes := "CAST(map(), 'Map(LowCardinality(String), String)')"
	if len(pairs) > 0 {
		attributes = "CAST(mapFilter((k, v) -> v != '', map(" + strings.Join(pairs, ", ") + ")), 'Map(LowCardinality(String), String)')"
	}
	return fmt.Sprintf("tuple('%s', toUInt8(%d), CAST(%s, 'Nullable(%s)'), '%s', toUInt16(%d), %s, %s)",
		e.Type, e.Ordinal, at, strings.ReplaceAll(instant, "'", `\'`), e.Precision, tie, attributes, condition)
}

// conditions lists the event's conditions as field=code, by field.
func (e Event) conditions() []string {
	var out []string
	for _, field := range slices.Sorted(maps.Keys(e.When)) {
		out = append(out, field+"="+strings.Join(e.When[field], "/"))
	}
	return out
}
