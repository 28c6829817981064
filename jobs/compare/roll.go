package compare

import (
	"context"
	"slices"

	"hengjian/warehouse"
	"hengjian/warehouse/rollup"
)

// rollUp reads the run's values once into comparison_read, a table that lives as
// long as Run: the view adds up every cell of every organ and period whatever is
// asked of it, so that fourteen questions cost fourteen times the whole.
func (j *Job) rollUp(ctx context.Context, r warehouse.Run) error {
	if err := j.dropRollUp(ctx); err != nil {
		return err
	}
	if err := j.deps.DB.Exec(ctx, `CREATE TABLE comparison_read ENGINE = MergeTree ORDER BY (coverage, indicator, period_kind)
EMPTY AS SELECT indicator, period_kind, period, period_to, organ_id, coverage, dim, num, den FROM indicator_rollup`); err != nil {
		return err
	}
	values := rollup.Ask{Where: "indicator IN {indicators:Array(String)} AND (dim = '' OR startsWith(dim, 'charge_group='))"}
	return j.deps.DB.Exec(ctx, `INSERT INTO comparison_read SELECT indicator, period_kind, period, period_to, organ_id, coverage, dim, num, den FROM `+values.SQL(),
		warehouse.Param("run", r.ID), warehouse.Param("indicators", warehouse.Array(slices.Concat(j.deps.Proportions, j.deps.Rates))))
}

// dropRollUp leaves nothing of this run, or of one that was cut off.
func (j *Job) dropRollUp(ctx context.Context) error {
	return j.deps.DB.Exec(ctx, "DROP TABLE IF EXISTS comparison_read SYNC")
}
