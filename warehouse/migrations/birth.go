package migrations

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hengjian/warehouse"
)

// Format is the format of warehouses that this program writes.
const Format = 1

// The kinds of warehouse.
const (
	Simulated = "simulated" // 模拟
	Real      = "real"      // 真实
)

// Birth writes once what kind of data this warehouse holds. A second Birth of
// the same kind does nothing; Conflict when it was born as the other kind.
func Birth(ctx context.Context, db *warehouse.DB, kind string, now time.Time) error {
	if kind != Simulated && kind != Real {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("a warehouse is %s or %s, not %q", Simulated, Real, kind)}
	}
	was, err := Kind(ctx, db)
	if warehouse.CodeOf(err) == warehouse.NotFound {
		err = db.Exec(ctx, `INSERT INTO warehouse_birth (kind, born, format)
SELECT {kind:String}, fromUnixTimestamp64Milli({born:Int64}, 'Asia/Shanghai'), {format:UInt16} WHERE (SELECT count() FROM warehouse_birth) = 0`,
			warehouse.Param("kind", kind), warehouse.Param("born", strconv.FormatInt(now.UnixMilli(), 10)), warehouse.Param("format", strconv.Itoa(Format)))
		if err != nil {
			return fmt.Errorf("write the birth of the warehouse: %w", err)
		}
		was, err = Kind(ctx, db)
	}
	if err != nil {
		return err
	}
	if was != kind {
		return &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("this warehouse was born %s and stays so: use another warehouse for %s data", was, kind)}
	}
	return nil
}

// Kind returns simulated or real; NotFound before Birth, Invalid when a newer
// program wrote the warehouse.
func Kind(ctx context.Context, db *warehouse.DB) (string, error) {
	var kind string
	var format uint16
	var count uint64
	err := db.QueryRow(ctx, "SELECT toString(any(kind)), max(format), count() FROM (SELECT kind, format FROM warehouse_birth ORDER BY born, kind LIMIT 1)").Scan(&kind, &format, &count)
	if err != nil {
		return "", fmt.Errorf("read the birth of the warehouse: %w", err)
	}
	if count == 0 {
		return "", &warehouse.Error{Code: warehouse.NotFound, Message: "this warehouse has not been born yet: say whether it holds simulated or real data"}
	}
	if format > Format {
		return "", &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("this warehouse has format %d and this program knows formats up to %d: start a newer program", format, Format)}
	}
	return kind, nil
}

// refuseNewer ends Apply before it writes into a warehouse of a newer format.
func refuseNewer(ctx context.Context, db *warehouse.DB) error {
	var tables uint64
	if err := db.QueryRow(ctx, "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'warehouse_birth'", warehouse.Param("database", db.Database())).Scan(&tables); err != nil {
		return fmt.Errorf("look for the birth of the warehouse: %w", err)
	}
	if tables == 0 {
		return nil
	}
	_, err := Kind(ctx, db)
	var known *warehouse.Error
	if errors.As(err, &known) && known.Code == warehouse.NotFound {
		return nil
	}
	return err
}
