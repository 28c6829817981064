package contract

import (
	"fmt"
	"strings"
)

const instant = "DateTime64(3, 'Asia/Shanghai')"

// plain is a column that every table of its sort has.
type plain struct{ name, kind string }

var logColumns = []plain{
	{"stream", "LowCardinality(String)"},
	{"offset", "UInt64"},
	{"batch", "String"},
	{"landed", instant},
	{"status", "Enum8('accepted' = 1, 'refused' = 2)"},
	{"reason", "LowCardinality(String)"},
	{"field", "LowCardinality(String)"},
	{"masked", "String"},
	{"contract", "UInt16"},
	{"digest", "FixedString(32)"},
	{sealedColumn, "String"},
	{"seal_key", "String"},
	{"message_id", "String"},
	{"sender", "LowCardinality(String)"},
	{"sender_seq", "UInt64"},
	{"op", "Enum8('upsert' = 1, 'correct' = 2, 'retract' = 3)"},
	{"revision", "UInt64"},
	{"business_time", "Nullable(" + instant + ")"},
	{"sent_time", "Nullable(" + instant + ")"},
	{"key", "String"},
	{"flags", "Array(LowCardinality(String))"},
	{"absent", "Array(LowCardinality(String))"},
}

// ExtraColumn is the column of log_<type>, where the contract says unknown: keep,
// for the members that no field names: a JSON object of their names with keyed
// digests of their values, "" without any. What they say stays in the sealed
// original alone, since nobody has said whether it is personal.
const ExtraColumn = "extra"

var historyColumns = []plain{
	{"key", "String"},
	{"revision", "UInt64"},
	{"ruling", "UInt64"},
	{"retracted", "UInt8"},
	{"fate", "LowCardinality(String)"},
	{"stream", "LowCardinality(String)"},
	{"offset", "UInt64"},
	{"sender", "LowCardinality(String)"},
	{"business_time", "Nullable(" + instant + ")"},
	{"business_on", "Date32"},
	{"sent_time", "Nullable(" + instant + ")"},
	{"landed", instant},
	{"contract", "UInt16"},
	{"digest", "FixedString(32)"},
	{"flags", "Array(LowCardinality(String))"},
	{"absent", "Array(LowCardinality(String))"},
}

var versionColumn = plain{"version", "UInt128"}

// systemColumns lists the names that no field may take; docket and person_entry
// are computed by the readers of state.
func systemColumns() []string {
	names := []string{versionColumn.name, "docket", "person_entry"}
	seen := map[string]bool{}
	for _, set := range [][]plain{logColumns, historyColumns} {
		for _, c := range set {
			if !seen[c.name] {
				seen[c.name] = true
				names = append(names, c.name)
			}
		}
	}
	return names
}

// LogColumns returns the names of the columns that log_<type> has before its payload.
func LogColumns() []string { return names(logColumns) }

// HistoryColumns returns the names of the columns that <type>_history has before
// its payload; the current table has version besides.
func HistoryColumns() []string { return names(historyColumns) }

func names(set []plain) []string {
	out := make([]string, len(set))
	for i, c := range set {
		out[i] = c.name
	}
	return out
}

// Columns returns the physical payload columns in the order of the fields.
func (t *Type) Columns() []Column {
	var out []Column
	for i, f := range t.Fields {
		out = append(out, columnsOf(f, i)...)
	}
	return out
}

// column finds a physical payload column.
func (t *Type) column(name string) (Column, bool) {
	for _, c := range t.Columns() {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// earlier lists the names that a column had under the aliases of its field.
func (t *Type) earlier(c Column) []string {
	var out []string
	for _, alias := range t.Fields[c.Field].Aliases {
		if c.Part != "" {
			alias += "_" + c.Part
		}
		out = append(out, alias)
	}
	return out
}

func columnsOf(f Field, i int) []Column {
	must := f.Required && f.OnBad != "flag"
	of := func(part, kind string, low bool) Column {
		c := Column{Name: f.Name, Field: i, Part: part, ClickHouse: "Nullable(" + kind + ")", Stored: kind}
		if part != "" {
			c.Name += "_" + part
		}
		if !must {
			c.Stored = c.ClickHouse
		}
		if low {
			c.ClickHouse, c.Stored = "LowCardinality("+c.ClickHouse+")", "LowCardinality("+c.Stored+")"
		}
		return c
	}
	switch {
	case f.Personal == "birth":
		return []Column{of("", "String", false), of("year", "UInt16", false)}
	case f.Personal == "name" || f.Personal == "id":
		return []Column{of("", "String", false)}
	}
	switch f.Kind {
	case KindEnum, KindRegion:
		return []Column{of("", "String", true)}
	case KindOrgan:
		return []Column{of("", "String", true), of("id", "String", true)}
	case KindDocumentNumber, KindCourtCaseNumber:
		return []Column{of("", "String", false), of("norm", "String", false)}
	case KindDate:
		return []Column{of("", "Date32", false)}
	case KindInstant:
		return []Column{of("", instant, false)}
	case KindUint:
		return []Column{of("", "UInt64", false)}
	case KindInt:
		return []Column{of("", "Int64", false)}
	case KindDecimal:
		return []Column{of("", "Decimal(18, 2)", false)}
	case KindBool:
		return []Column{of("", "Bool", false)}
	default:
		return []Column{of("", "String", false)}
	}
}

// sealedColumn holds the original bytes of a record, encrypted.
const sealedColumn = "sealed"

// LogDDL returns the table of everything that landed. Parts up to 64 MB keep all
// columns in one file: a block of the loader is one part, and to write and sync a
// few files costs less than one per column; merges make larger parts.
func (t *Type) LogDDL() string {
	return ddl(t.logTable(), t.expected(t.logTable()), "MergeTree ORDER BY (stream, offset)\nSETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864", t.keyComment())
}

// HistoryDDL returns the table of all versions.
func (t *Type) HistoryDDL() string {
	return ddl(t.historyTable(), t.expected(t.historyTable()), "ReplacingMergeTree PARTITION BY cityHash64(key) % 4 ORDER BY (key, revision, ruling, stream, offset)", t.keyComment())
}

// CurrentDDL returns the table of the newest versions.
func (t *Type) CurrentDDL() string {
	return ddl(t.Name, t.expected(t.Name), "ReplacingMergeTree(version) PARTITION BY cityHash64(key) % 4 ORDER BY key", t.keyComment())
}

func (t *Type) logTable() string     { return "log_" + t.Name }
func (t *Type) historyTable() string { return t.Name + "_history" }

// expected lists the columns of one of the three tables.
func (t *Type) expected(table string) []plain {
	var out []plain
	switch table {
	case t.logTable():
		out = append(out, logColumns...)
		if t.KeepUnknown {
			out = append(out, plain{ExtraColumn, "String"})
		}
	case t.historyTable():
		out = append(out, historyColumns...)
	default:
		out = append(append(out, historyColumns...), versionColumn)
	}
	for _, c := range t.Columns() {
		kind := c.Stored
		if table == t.logTable() {
			kind = c.ClickHouse
		}
		out = append(out, plain{c.Name, kind})
	}
	return out
}

// keyComment stands at the tables, so that a changed natural key is noticed.
func (t *Type) keyComment() string { return "key: " + strings.Join(t.Key, ", ") }

func ddl(table string, columns []plain, engine, comment string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE IF NOT EXISTS %s\n(\n", quote(table))
	for i, c := range columns {
		fmt.Fprintf(&b, "    %s %s", quote(c.name), c.kind)
		if c.name == sealedColumn {
			b.WriteString(" CODEC(NONE)") // encrypted bytes have nothing to compress
		}
		if i < len(columns)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, ")\nENGINE = %s\nCOMMENT '%s'", engine, comment)
	return b.String()
}

// quote writes an identifier of a contract; they hold only [a-z0-9_].
func quote(identifier string) string { return "`" + identifier + "`" }
