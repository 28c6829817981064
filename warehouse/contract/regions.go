package contract

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract/identifier"
)

// ReconcileRegions brings the region register (行政区划) into the tables region
// and region_change, once per edition; the row of region_edition makes an edition
// visible. An edition that is the newest already is left as it is.
func ReconcileRegions(ctx context.Context, db *warehouse.DB, r *identifier.Regions) error {
	var newest string
	if err := db.QueryRow(ctx, "SELECT any(edition) FROM (SELECT edition FROM region_edition ORDER BY written DESC LIMIT 1)").Scan(&newest); err != nil {
		return fmt.Errorf("read the edition of the region register: %w", err)
	}
	if newest == r.Digest() {
		return nil
	}
	regions, changes := r.All(), r.AllChanges()
	b, err := db.PrepareBatch(ctx, "INSERT INTO region (edition, code, name, level, parent, valid_from, valid_to, note)")
	if err != nil {
		return fmt.Errorf("write the region register: %w", err)
	}
	for _, one := range regions {
		if err := b.Append(r.Digest(), one.Code, one.Name, one.Level, one.Parent, dayOrNull(one.ValidFrom), dayOrNull(one.ValidTo), one.Note); err != nil {
			return fmt.Errorf("write the region %s: %w", one.Code, err)
		}
	}
	if err := b.Send(); err != nil {
		return fmt.Errorf("write the region register: %w", err)
	}
	if b, err = db.PrepareBatch(ctx, "INSERT INTO region_change (edition, code, name, day, earliest, kind, successors, source)"); err != nil {
		return fmt.Errorf("write the changes of regions: %w", err)
	}
	for _, one := range changes {
		if err := b.Append(r.Digest(), one.Code, one.Name, one.Day, one.Earliest, one.Kind, one.Successors, one.Source); err != nil {
			return fmt.Errorf("write the change of %s: %w", one.Code, err)
		}
	}
	if err := b.Send(); err != nil {
		return fmt.Errorf("write the changes of regions: %w", err)
	}
	err = db.Exec(ctx, "INSERT INTO region_edition (edition, regions, changes) SELECT {edition:String}, {regions:UInt32}, {changes:UInt32}", warehouse.Param("edition", r.Digest()),
		warehouse.Param("regions", strconv.Itoa(len(regions))), warehouse.Param("changes", strconv.Itoa(len(changes))))
	if err != nil {
		return fmt.Errorf("make the region register visible: %w", err)
	}
	return nil
}

// dayOrNull gives NULL for the zero day.
func dayOrNull(d time.Time) *time.Time {
	if d.IsZero() {
		return nil
	}
	return &d
}
