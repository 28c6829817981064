// Package migrations owns the tables that belong to no record contract. It
// promises that every warehouse reaches the same tables in the same order and
// that an applied file never changes. It never drops and never rewrites data.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hengjian/warehouse"
)

//go:embed sql/*.sql
var embedded embed.FS

// step is one numbered file.
type step struct {
	number     uint32
	name       string
	digest     string
	statements []string
}

var fileName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// Apply brings the database of db to the newest step; a second Apply does
// nothing. Invalid when an applied file has changed or a step is unknown here,
// which means that a newer program has written this warehouse.
func Apply(ctx context.Context, db *warehouse.DB) error {
	return apply(ctx, db, embedded)
}

func apply(ctx context.Context, db *warehouse.DB, files fs.FS) error {
	steps, err := read(files)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, db); err != nil {
		return err
	}
	if err := db.Exec(ctx, "CREATE TABLE IF NOT EXISTS schema_migration (number UInt32, name String, digest String) ENGINE = MergeTree ORDER BY number"); err != nil {
		return fmt.Errorf("create table schema_migration: %w", err)
	}
	applied, err := readApplied(ctx, db)
	if err != nil {
		return err
	}
	if err := compare(steps, applied); err != nil {
		return err
	}
	for _, s := range steps {
		if _, done := applied[s.number]; done {
			continue
		}
		for i, sql := range s.statements {
			if err := db.Exec(ctx, sql); err != nil {
				return fmt.Errorf("apply migration %s, statement %d: %w", s.name, i+1, err)
			}
		}
		if err := db.Exec(ctx, "INSERT INTO schema_migration (number, name, digest) SELECT {number:UInt32}, {name:String}, {digest:String}",
			warehouse.Param("number", strconv.FormatUint(uint64(s.number), 10)), warehouse.Param("name", s.name), warehouse.Param("digest", s.digest)); err != nil {
			return fmt.Errorf("note migration %s: %w", s.name, err)
		}
	}
	return nil
}

var created = regexp.MustCompile(`CREATE (?:TABLE|VIEW|OR REPLACE VIEW) (?:IF NOT EXISTS )?([a-z_0-9]+)`)

// Tables lists every table and view that migrations make, in order of names: no
// record type may take one of them.
func Tables() ([]string, error) {
	steps, err := read(embedded)
	if err != nil {
		return nil, err
	}
	out := []string{"schema_migration"}
	for _, s := range steps {
		for _, sql := range s.statements {
			if m := created.FindStringSubmatch(sql); m != nil {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// read lists the files in the order of their numbers.
func read(files fs.FS) ([]step, error) {
	names, err := fs.Glob(files, "sql/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var steps []step
	for _, name := range names {
		m := fileName.FindStringSubmatch(path.Base(name))
		if m == nil {
			return nil, fmt.Errorf("migration %s is not named NNNN_name.sql", path.Base(name))
		}
		number, err := strconv.ParseUint(m[1], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		sum := sha256.Sum256(text)
		steps = append(steps, step{uint32(number), path.Base(name), hex.EncodeToString(sum[:]), split(string(text))})
	}
	slices.SortFunc(steps, func(a, b step) int { return int(a.number) - int(b.number) })
	for i := 1; i < len(steps); i++ {
		if steps[i].number == steps[i-1].number {
			return nil, fmt.Errorf("migrations %s and %s have the same number", steps[i-1].name, steps[i].name)
		}
	}
	return steps, nil
}

// split cuts at each semicolon that ends a line and drops comment lines.
func split(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		body, ends := strings.CutSuffix(line, ";")
		b.WriteString(body)
		b.WriteByte('\n')
		if ends {
			flush()
		}
	}
	flush()
	return out
}

func readApplied(ctx context.Context, db *warehouse.DB) (map[uint32]step, error) {
	rows, err := db.Query(ctx, "SELECT number, name, digest FROM schema_migration ORDER BY number")
	if err != nil {
		return nil, fmt.Errorf("read applied migrations: %w", err)
	}
	defer rows.Close()
	out := map[uint32]step{}
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.number, &s.name, &s.digest); err != nil {
			return nil, fmt.Errorf("read applied migrations: %w", err)
		}
		out[s.number] = s
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read applied migrations: %w", err)
	}
	return out, nil
}

// compare refuses what does not fit: an applied file that changed or is unknown.
func compare(steps []step, applied map[uint32]step) error {
	known := map[uint32]step{}
	for _, s := range steps {
		known[s.number] = s
	}
	for number, was := range applied {
		s, ok := known[number]
		if !ok {
			return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("this warehouse was written by a newer program (migration %s is unknown here): start that program or a newer one", was.name)}
		}
		if s.digest != was.digest {
			return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("migration %s was applied with another text: restore the file and put the change into a new number", s.name)}
		}
	}
	return nil
}
