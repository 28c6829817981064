package contract

import (
	"context"
	"fmt"
	"strings"

	"hengjian/warehouse"
)

// Reconcile creates and extends the three tables of each contract. It adds
// columns and makes required columns optional; it changes nothing and returns
// Invalid with a sentence when a contract does not fit what is stored.
func Reconcile(ctx context.Context, db *warehouse.DB, c *Catalogue) error {
	stored, err := readTables(ctx, db)
	if err != nil {
		return err
	}
	var steps []string
	for _, t := range c.Types() {
		for _, table := range []struct{ name, ddl string }{{t.logTable(), t.LogDDL()}, {t.historyTable(), t.HistoryDDL()}, {t.Name, t.CurrentDDL()}} {
			found, exists := stored[table.name]
			if !exists {
				steps = append(steps, table.ddl)
				continue
			}
			changes, err := t.changes(table.name, found)
			if err != nil {
				return err
			}
			steps = append(steps, changes...)
		}
	}
	for _, sql := range steps {
		if err := db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("reconcile tables with the record contracts (%s): %w", firstLine(sql), err)
		}
	}
	return nil
}

// storedTable is what the server says of a table.
type storedTable struct {
	comment string
	rows    uint64
	columns map[string]string
}

func readTables(ctx context.Context, db *warehouse.DB) (map[string]storedTable, error) {
	rows, err := db.Query(ctx, `SELECT t.name, t.comment, ifNull(t.total_rows, 0), c.name, c.type
FROM system.tables AS t INNER JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE t.database = {database:String}`, warehouse.Param("database", db.Database()))
	if err != nil {
		return nil, fmt.Errorf("read the tables of the warehouse: %w", err)
	}
	defer rows.Close()
	out := map[string]storedTable{}
	for rows.Next() {
		var table, comment, column, kind string
		var count uint64
		if err := rows.Scan(&table, &comment, &count, &column, &kind); err != nil {
			return nil, fmt.Errorf("read the tables of the warehouse: %w", err)
		}
		if _, ok := out[table]; !ok {
			out[table] = storedTable{comment: comment, rows: count, columns: map[string]string{}}
		}
		out[table].columns[column] = kind
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the tables of the warehouse: %w", err)
	}
	return out, nil
}

// changes are the statements that lead from what is stored to the contract.
func (t *Type) changes(table string, found storedTable) ([]string, error) {
	if found.rows > 0 && found.comment != t.keyComment() {
		return nil, t.unfit("its natural key is now (%s), but table %s was filled with %s", strings.Join(t.Key, ", "), table, found.comment)
	}
	steps := t.renames(table, found)
	expected := t.expected(table)
	known := map[string]bool{}
	for _, c := range expected {
		known[c.name] = true
		have, exists := found.columns[c.name]
		switch {
		case !exists && found.rows > 0 && !strings.Contains(c.kind, "Nullable(") && c.name != ExtraColumn: // "" says that nothing was kept
			return nil, t.unfit("field column %s is new and required, but table %s holds records without it; make it optional", c.name, table)
		case !exists:
			steps = append(steps, fmt.Sprintf("ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s", quote(table), quote(c.name), c.kind))
		case have == c.kind:
		case wider(have, c.kind):
			steps = append(steps, fmt.Sprintf("ALTER TABLE %s MODIFY COLUMN %s %s", quote(table), quote(c.name), c.kind))
		default:
			return nil, t.unfit("column %s of table %s is %s and the contract needs %s; give the field a new name instead", c.name, table, have, c.kind)
		}
	}
	for column := range found.columns {
		if !known[column] {
			return nil, t.unfit("column %s of table %s belongs to no field any more; keep the field in the contract (it may become optional)", column, table)
		}
	}
	if found.comment != t.keyComment() {
		steps = append(steps, fmt.Sprintf("ALTER TABLE %s MODIFY COMMENT '%s'", quote(table), t.keyComment()))
	}
	return steps, nil
}

// renames gives columns that still bear an earlier name of their field the
// present one, in found too.
func (t *Type) renames(table string, found storedTable) []string {
	var steps []string
	for _, c := range t.Columns() {
		if _, there := found.columns[c.Name]; there {
			continue
		}
		for _, earlier := range t.earlier(c) {
			if kind, there := found.columns[earlier]; there {
				steps = append(steps, fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", quote(table), quote(earlier), quote(c.Name)))
				found.columns[c.Name] = kind
				delete(found.columns, earlier)
				break
			}
		}
	}
	return steps
}

func (t *Type) unfit(format string, args ...any) error {
	return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("contract %s does not fit the warehouse: "+format, append([]any{t.Name}, args...)...)}
}

// wider reports whether every value of one type is a value of the other: a
// required column becomes optional, a code becomes free text or the reverse.
func wider(have, want string) bool {
	bare := func(s string) (string, bool) {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "LowCardinality("), ")")
		inner, optional := strings.CutPrefix(s, "Nullable(")
		return strings.TrimRight(inner, ")"), optional
	}
	from, fromOptional := bare(have)
	to, toOptional := bare(want)
	return from == to && (toOptional || !fromOptional)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
