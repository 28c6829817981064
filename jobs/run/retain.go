package run

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"hengjian/warehouse"
)

// generational are the tables whose partition is the generation of a run.
var generational = []string{"link_docket", "link_person", "link_identity", "link_edge", "link_model", "case_event", "case_part", "judged", "verdict", "verdict_quiet", "verdict_count", "indicator_cell", "indicator_months", "indicator_person", "comparison", "comparison_part", "course", "course_signal", "reporting_pattern", "link_review", "link_changed", "link_weight", "link_hop", "link_broken", "link_delay"}

// dropOld drops the generations before run that no family still shows among its
// newest Keep and that no release pins.
func (r *Runner) dropOld(ctx context.Context, run warehouse.Run) error {
	kept, err := keptGenerations(ctx, r.deps.DB, r.config.Keep)
	if err != nil {
		return err
	}
	needed, err := built(ctx, r.deps.DB, kept)
	if err != nil {
		return err
	}
	for _, table := range generational {
		stored, err := generations(ctx, r.deps.DB, "SELECT DISTINCT generation FROM "+table)
		if err != nil {
			return err
		}
		for generation := range stored {
			if generation >= run.Generation || kept[generation] || needed[table][generation] {
				continue
			}
			if err := r.deps.DB.Exec(ctx, "ALTER TABLE "+table+" DROP PARTITION "+strconv.FormatUint(uint64(generation), 10)); err != nil {
				return fmt.Errorf("drop generation %d of %s: %w", generation, table, err)
			}
		}
	}
	return nil
}

// keptGenerations are the newest committed ones per family and the pinned ones.
func keptGenerations(ctx context.Context, db *warehouse.DB, keep int) (map[uint32]bool, error) {
	return generations(ctx, db, `SELECT generation FROM (
    SELECT family, generation FROM run_commit GROUP BY family, generation ORDER BY family, generation DESC LIMIT {keep:UInt32} BY family)
UNION DISTINCT SELECT generation FROM run WHERE run_id IN (SELECT run_id FROM release)
UNION DISTINCT SELECT generation FROM run WHERE run_id IN (SELECT part FROM indicator_part WHERE run_id IN (SELECT run_id FROM release)
    OR run_id IN (SELECT run_id FROM run_commit WHERE family = 'indicator' ORDER BY generation DESC LIMIT {keep:UInt32}))`, warehouse.Param("keep", strconv.Itoa(keep)))
}

// built are the generations in which kept runs have cases that they did not write
// again, by table.
func built(ctx context.Context, db *warehouse.DB, kept map[uint32]bool) (map[string]map[uint32]bool, error) {
	var ids []string
	for generation := range kept {
		ids = append(ids, strconv.FormatUint(uint64(generation), 10))
	}
	out := map[string]map[uint32]bool{}
	for family, tables := range map[string][]string{"link": {"case_event"}, "clock": {"verdict", "verdict_quiet"}} {
		of, err := generations(ctx, db, `SELECT root_generation FROM run_base WHERE family = {family:String} AND generation IN {kept:Array(UInt32)}
UNION DISTINCT SELECT part_generation FROM case_part WHERE family = {family:String} AND generation IN {kept:Array(UInt32)}`,
			warehouse.Param("family", family), warehouse.Param("kept", "["+strings.Join(ids, ",")+"]"))
		if err != nil {
			return nil, err
		}
		for _, table := range tables {
			out[table] = of
		}
	}
	return out, nil
}

func generations(ctx context.Context, db *warehouse.DB, sql string, args ...any) (map[uint32]bool, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read generations: %w", err)
	}
	defer rows.Close()
	out := map[uint32]bool{}
	for rows.Next() {
		var g uint32
		if err := rows.Scan(&g); err != nil {
			return nil, fmt.Errorf("read generations: %w", err)
		}
		out[g] = true
	}
	return out, rows.Err()
}
