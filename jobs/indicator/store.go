package indicator

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// maxParts is how many sets of differences stand on one full run before the
// next full run.
const maxParts = 40

// base is the run on which the present one builds.
type base struct {
	run   string              // "" = none: everything is computed
	asOf  time.Time           // its day of reckoning
	pairs string              // under which the present run's pairs of cell and person are written
	parts map[string][]string // indicator → runs whose cells make up its values
}

// baseOf finds the newest visible run by the same definitions whose input this
// run contains. Where a person's ruling came in since, or too many parts stand
// on each other, there is none.
func (j *Job) baseOf(ctx context.Context, r warehouse.Run) (base, error) {
	b := base{parts: map[string][]string{}}
	rows, err := j.deps.DB.Query(ctx, `SELECT c.run_id, r.definitions = {definitions:String} AND r.started > (SELECT max(derived) FROM touched WHERE op = 'ruling') AS usable, r.as_of
FROM run_commit AS c INNER JOIN run AS r ON r.run_id = c.run_id WHERE c.family = 'indicator' AND c.run_id != {run:String}
ORDER BY c.committed DESC, c.generation DESC LIMIT 1`, warehouse.Param("run", r.ID), warehouse.Param("definitions", r.Definitions))
	if err != nil {
		return b, err
	}
	defer rows.Close()
	var run string
	var usable bool
	for rows.Next() {
		if err := rows.Scan(&run, &usable, &b.asOf); err != nil {
			return b, err
		}
	}
	if err := rows.Err(); err != nil || !usable || r.Definitions == "" {
		return b, err
	}
	var ahead uint64
	if err := j.deps.DB.QueryRow(ctx, `SELECT count() FROM (SELECT stream, max(offset) AS was FROM run_input WHERE run_id = {base:String} GROUP BY stream) AS b
LEFT JOIN (SELECT stream, max(offset) AS now FROM run_input WHERE run_id = {run:String} GROUP BY stream) AS n ON n.stream = b.stream WHERE ifNull(n.now < b.was, true)`,
		warehouse.Param("base", run), warehouse.Param("run", r.ID)).Scan(&ahead); err != nil || ahead > 0 {
		return b, err
	}
	return b, j.readParts(ctx, run, &b)
}

// readParts reads of what the values of the base run are made.
func (j *Job) readParts(ctx context.Context, run string, b *base) error {
	rows, err := j.deps.DB.Query(ctx, "SELECT indicator, groupArray(toString(part)) FROM indicator_part WHERE run_id = {run:String} GROUP BY indicator", warehouse.Param("run", run))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var parts []string
		if err := rows.Scan(&id, &parts); err != nil {
			return err
		}
		if len(parts) >= maxParts {
			b.parts = map[string][]string{}
			return rows.Err()
		}
		b.parts[id] = parts
	}
	if len(b.parts) > 0 {
		b.run = run
	}
	return rows.Err()
}

// writeParts notes of what the values of this run are made, by which definition
// and under which edition of the register.
func (j *Job) writeParts(ctx context.Context, r warehouse.Run, b base, edition string) error {
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO indicator_part (run_id, generation, indicator, part, as_of, edition, stock, digest)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, ind := range j.deps.Catalogue.Indicators() {
		stock := uint8(0) // 1 for what stands at the end of a period, 2 for distinct persons
		switch {
		case ind.Stock():
			stock = 1
		case ind.Distinct != "":
			stock = 2
		}
		parts := []string{r.ID}
		if stock == 2 {
			parts[0] = cmp.Or(b.pairs, r.ID)
		}
		if b.run != "" && j.deps.Catalogue.additive(ind, b.asOf, r.AsOf) {
			parts = append(slices.Clone(b.parts[ind.ID]), r.ID)
		}
		for _, part := range parts {
			if err := batch.Append(r.ID, r.Generation, ind.ID, part, day(r.AsOf), edition, stock, ind.Digest()); err != nil {
				return err
			}
		}
	}
	return batch.Send()
}

// day is how a Date32 column takes a legal day.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// writeAbove stores which procuratorates stand above each organ, once per
// edition of the register, and returns the edition (区划版次). In the edition itself
// what an organ left stands under its successor (merged, renamed or moved); in the
// edition with the ending -then every organ stands where it stood.
func (j *Job) writeAbove(ctx context.Context, register *access.Register, asOf time.Time) (string, error) {
	present, then := abovePairs(register, asOf)
	lines := make([]string, len(present))
	for i, p := range present {
		lines[i] = p[0] + "<" + p[1]
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	edition := hex.EncodeToString(sum[:8])
	for name, pairs := range map[string][][2]string{edition: present, edition + endingThen: then} {
		if err := j.writeEdition(ctx, name, pairs); err != nil {
			return "", fmt.Errorf("store edition %s of the register: %w", name, err)
		}
	}
	return edition, nil
}

// endingThen marks the edition in which every organ stands where it stood.
const endingThen = "-then"

// abovePairs lists organ and what stands above it, as it is on a day and as it was.
func abovePairs(register *access.Register, asOf time.Time) (present, then [][2]string) {
	for _, o := range register.All() {
		if o.System != "procuratorate" {
			continue
		}
		for _, id := range register.Led(o.ID) {
			then = append(then, [2]string{id, o.ID})
			if register.Heir(id, asOf) == id {
				present = append(present, [2]string{id, o.ID})
			}
		}
	}
	above := map[string][]string{}
	for _, p := range present {
		above[p[0]] = append(above[p[0]], p[1])
	}
	for _, o := range register.All() {
		if heir := register.Heir(o.ID, asOf); heir != o.ID {
			for _, id := range above[heir] {
				present = append(present, [2]string{o.ID, id})
			}
		}
	}
	return present, then
}

// writeEdition stores the pairs of one edition unless they stand already.
func (j *Job) writeEdition(ctx context.Context, edition string, pairs [][2]string) error {
	var have uint64
	if err := j.deps.DB.QueryRow(ctx, "SELECT count() FROM indicator_above FINAL WHERE edition = {edition:String}", warehouse.Param("edition", edition)).Scan(&have); err != nil || have == uint64(len(pairs)) {
		return err
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, "INSERT INTO indicator_above (edition, organ_id, above)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, p := range pairs {
		if err := batch.Append(edition, p[0], p[1]); err != nil {
			return err
		}
	}
	return batch.Send()
}
