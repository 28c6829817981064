// Package backup owns the order in which a warehouse in use is copied and put
// back. It promises that what is restored is a state that a kill could have left:
// every block of a log is there whole or not at all, no position or commit is ahead
// of what it speaks of, and every sealed message has its key. So loading, derive
// and jobs go on from it with nothing lost and nothing doubled. It never stops a
// writer.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hengjian/warehouse"
)

// stage is a set of tables that are copied by one statement, each as it stands at
// one moment. Their order is against the way of the data: a reader's position
// before what it has written, that before what it has read.
type stage struct {
	folder string
	tables []string
}

// The stages. What no other stage names is in the second.
const (
	marks = "1-marks" // how far derive, receipts, packages and jobs have come
	rest  = "2-rest"  // what they have written
	logs  = "3-logs"  // what they have read
	roots = "4-roots" // what must be there for all that is above: keys, declared gaps, rulings, the audit
)

// stageOf says in which stage a table is copied.
func stageOf(table string) string {
	switch table {
	case "record_fate", "receipt_position", "stream", "replay", "run_commit":
		return marks
	case "seal_key", "seal_phrasebook", "epoch", "gap", "ruling", "audit", "warehouse_birth", "schema_migration":
		return roots
	}
	if strings.HasPrefix(table, "log_") {
		return logs
	}
	return rest
}

// Save copies the database of db into dir, a new folder that the engine may write
// to, while others go on writing. between is called after each stage but the last;
// nil does nothing.
func Save(ctx context.Context, db *warehouse.DB, dir string, between func(stage string) error) error {
	stages, err := read(ctx, db)
	if err != nil {
		return err
	}
	for i, s := range stages {
		names := make([]string, len(s.tables))
		for n, table := range s.tables {
			names[n] = "TABLE " + quote(db.Database()) + "." + quote(table)
		}
		if err := db.Exec(ctx, "BACKUP "+strings.Join(names, ", ")+" TO File('"+filepath.Join(dir, s.folder)+"')"); err != nil {
			return fmt.Errorf("copy the tables of stage %s: %w", s.folder, err)
		}
		if between == nil || i == len(stages)-1 {
			continue
		}
		if err := between(s.folder); err != nil {
			return err
		}
	}
	return nil
}

// read lists the tables and views of the database by stages.
func read(ctx context.Context, db *warehouse.DB) ([]stage, error) {
	rows, err := db.Query(ctx, "SELECT name FROM system.tables WHERE database = {base:String} AND NOT is_temporary AND NOT startsWith(name, '.inner') ORDER BY name", warehouse.Param("base", db.Database()))
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	defer rows.Close()
	stages := []stage{{folder: marks}, {folder: rest}, {folder: logs}, {folder: roots}}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list the tables: %w", err)
		}
		of := stageOf(name)
		for i := range stages {
			if stages[i].folder == of {
				stages[i].tables = append(stages[i].tables, name)
			}
		}
	}
	var filled []stage
	for _, s := range stages {
		if len(s.tables) > 0 {
			filled = append(filled, s)
		}
	}
	return filled, rows.Err()
}

// Restore makes a database of what Save has written to dir; db is on another
// database of the same engine. Views come last, when their tables are there. A
// folder of an earlier release, which is one copy of all, is restored too.
func Restore(ctx context.Context, db *warehouse.DB, database, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, roots)); errors.Is(err, fs.ErrNotExist) {
		if err := db.Exec(ctx, "RESTORE DATABASE "+quote(database)+" FROM File('"+dir+"')"); err != nil {
			return fmt.Errorf("restore the warehouse: %w", err)
		}
		return nil
	}
	if err := db.Exec(ctx, "CREATE DATABASE "+quote(database)); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	for _, folder := range []string{roots, logs, marks, rest} {
		from := filepath.Join(dir, folder)
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := db.Exec(ctx, "RESTORE ALL FROM File('"+from+"')"); err != nil {
			return fmt.Errorf("restore the tables of stage %s: %w", folder, err)
		}
	}
	return nil
}

// quote writes an identifier, which holds only [a-z0-9_.].
func quote(identifier string) string { return "`" + identifier + "`" }
