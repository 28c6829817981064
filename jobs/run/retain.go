package run

import (
	"context"
	"fmt"
	"strconv"

	"hengjian/warehouse"
)

// generational are the tables whose partition is the generation of a run.
var generational = []string{"link_docket", "link_person", "link_identity", "link_edge", "link_model", "case_event", "judged", "verdict", "clock_changed", "indicator_cell", "indicator_months", "indicator_person", "comparison", "comparison_part", "course", "course_signal", "reporting_pattern", "link_review", "link_changed", "link_weight", "link_hop", "link_broken", "link_delay"}

// dropOld drops the generations before run that no family still shows among its
// newest Keep and that no release pins.
func (r *Runner) dropOld(ctx context.Context, run warehouse.Run) error {
	kept, err := keptGenerations(ctx, r.deps.DB, r.config.Keep)
	if err != nil {
		return err
	}
	for _, table := range generational {
		stored, err := generations(ctx, r.deps.DB, "SELECT DISTINCT generation FROM "+table)
		if err != nil {
			return err
		}
		for generation := range stored {
			if generation >= run.Generation || kept[generation] {
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
