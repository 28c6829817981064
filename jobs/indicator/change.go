package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// differences counts what changed since the base run: records that were touched
// since, and those for which the day of reckoning moved on, count as they are now
// and count back as they were. Types without such a record are left alone.
func (j *Job) differences(ctx context.Context, r warehouse.Run, b base, added []Indicator, report *warehouse.Report) error {
	if len(added) == 0 {
		return nil
	}
	touched, err := j.touched(ctx, r, b)
	if err != nil {
		return err
	}
	how := map[string]reading{}
	windows := map[string][]string{}
	var scans []scan
	for _, s := range scansOf(added) {
		types := []string{s.from}
		reckoned := s.reckoned()
		if source, derived := j.deps.Catalogue.sources[s.from]; derived {
			if types = source.Types; strings.Contains(source.SQL, everyRecord) {
				types = j.everyType(touched)
			}
			how[s.from], reckoned = changing, nil
		}
		moved := len(reckoned) > 0 && !b.asOf.Equal(day(r.AsOf))
		if !moved && !slices.ContainsFunc(types, func(name string) bool { return touched[name] }) {
			continue
		}
		for _, name := range types {
			how[name] = changing
		}
		if moved {
			windows[s.from] = append(windows[s.from], reckoned...)
		}
		scans = append(scans, s)
	}
	for _, t := range j.deps.Contracts.Types() {
		if how[t.Name] != changing {
			continue
		}
		window := slices.Compact(slices.Sorted(slices.Values(windows[t.Name])))
		if err := j.exec(ctx, r, b, changesSQL(t, j.columnsOf(t, scans), window)); err != nil {
			return fmt.Errorf("read what changed of %s since run %s: %w", t.Name, b.run, err)
		}
	}
	if err := j.sources(ctx, r, b, scans, how, report); err != nil {
		return err
	}
	for _, t := range j.deps.Contracts.Types() {
		if how[t.Name] == changing {
			if err := j.exec(ctx, r, b, "DROP TABLE "+changedTable(t.Name)); err != nil {
				return fmt.Errorf("drop what changed of %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// everyType lists the touched types that a source of every record reads.
func (j *Job) everyType(touched map[string]bool) []string {
	var out []string
	for _, t := range j.deps.Contracts.Types() {
		if touched[t.Name] && everyColumns(t) != nil {
			out = append(out, t.Name)
		}
	}
	return out
}

// columnsOf lists the columns of a record type that scans name, be it through a
// derived source.
func (j *Job) columnsOf(t *contract.Type, scans []scan) []string {
	var text strings.Builder
	for _, s := range scans {
		source, derived := j.deps.Catalogue.sources[s.from]
		switch {
		case derived && strings.Contains(source.SQL, everyRecord):
			text.WriteString(strings.Join(everyColumns(t), " ") + " ")
		case derived && slices.Contains(source.Types, t.Name):
			text.WriteString(source.SQL)
		case s.from == t.Name:
			text.WriteString(strings.Join(foldSQL(s, changedTable(t.Name), true), "\n"))
		}
	}
	return columnsIn(t, text.String())
}

// touched lists the record types with a record touched since the base run.
func (j *Job) touched(ctx context.Context, r warehouse.Run, b base) (map[string]bool, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT DISTINCT toString(t.record_type) FROM touched AS t
LEFT JOIN (SELECT stream, max(offset) AS offset FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b ON t.stream = b.stream
WHERE ifNull(t.offset > b.offset, true)`, warehouse.Param("base", b.run))
	if err != nil {
		return nil, fmt.Errorf("see what was touched since run %s: %w", b.run, err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("see what was touched since run %s: %w", b.run, err)
		}
		out[name] = true
	}
	return out, rows.Err()
}
