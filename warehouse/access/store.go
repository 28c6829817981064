package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"hengjian/warehouse"
)

// table is one of the two scope tables.
type table struct{ name, column string }

// stored are the scope tables in the order in which a change may be seen: what
// is taken away or given by compartment comes last, so that a reader between
// both steps sees too little, never too much.
var stored = []table{{"scope", "organ_id"}, {"compartment", "compartment"}}

// createStore creates the scope tables and the tables they are replaced from.
func createStore(ctx context.Context, owner *warehouse.DB) error {
	_, access := warehouse.Names(owner.Database())
	if err := owner.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+access); err != nil {
		return fmt.Errorf("create the database of scopes: %w", err)
	}
	for _, t := range stored {
		for _, name := range []string{t.name, t.name + "_next"} {
			if err := owner.Exec(ctx, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s.%s (account LowCardinality(String), %s LowCardinality(String)) ENGINE = MergeTree PARTITION BY account ORDER BY (account, %s)",
				access, name, t.column, t.column)); err != nil {
				return fmt.Errorf("create the table %s.%s: %w", access, name, err)
			}
		}
	}
	return nil
}

// ReplaceScope makes organs and compartments the whole scope of an account, as
// owner. Empty lists take everything away. Each list is exchanged in one step;
// while both differ the account sees nothing. An unchanged scope is not touched.
func ReplaceScope(ctx context.Context, owner *warehouse.DB, account string, organs, compartments []string) error {
	_, access := warehouse.Names(owner.Database())
	wanted := map[string][]string{"scope": organs, "compartment": compartments}
	var changed []table
	for _, t := range stored {
		same, err := holds(ctx, owner, access, t, account, wanted[t.name])
		if err != nil {
			return err
		}
		if !same {
			changed = append(changed, t)
		}
	}
	if len(changed) == len(stored) {
		if err := replace(ctx, owner, access, stored[1], account, nil); err != nil {
			return err
		}
	}
	for _, t := range changed {
		if err := replace(ctx, owner, access, t, account, wanted[t.name]); err != nil {
			return err
		}
	}
	return nil
}

// Accounts lists the accounts that have a scope.
func Accounts(ctx context.Context, db *warehouse.DB) ([]string, error) {
	_, access := warehouse.Names(db.Database())
	return texts(ctx, db, fmt.Sprintf("SELECT DISTINCT toString(account) AS account FROM %s.scope ORDER BY account", access))
}

// holds reports whether a table already holds exactly the wanted rows.
func holds(ctx context.Context, db *warehouse.DB, access string, t table, account string, wanted []string) (bool, error) {
	got, err := texts(ctx, db, fmt.Sprintf("SELECT toString(%s) AS item FROM %s.%s WHERE account = {account:String} ORDER BY item", t.column, access, t.name), warehouse.Param("account", account))
	if err != nil {
		return false, err
	}
	return listDigest(got) == listDigest(wanted), nil
}

// replace exchanges the rows of one account in one step.
func replace(ctx context.Context, owner *warehouse.DB, access string, t table, account string, rows []string) error {
	target, next := access+"."+t.name, access+"."+t.name+"_next"
	steps := []string{fmt.Sprintf("ALTER TABLE %s DROP PARTITION {account:String}", next)}
	if len(rows) == 0 {
		steps[0] = fmt.Sprintf("ALTER TABLE %s DROP PARTITION {account:String}", target)
	}
	if err := owner.Exec(ctx, steps[0], warehouse.Param("account", account)); err != nil {
		return fmt.Errorf("clear %s: %w", t.name, err)
	}
	if len(rows) == 0 {
		return nil
	}
	batch, err := owner.PrepareBatch(ctx, fmt.Sprintf("INSERT INTO %s (account, %s)", next, t.column))
	if err != nil {
		return fmt.Errorf("write %s: %w", t.name, err)
	}
	for _, row := range sorted(rows) {
		if err := batch.Append(account, row); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write %s: %w", t.name, err)
	}
	if err := owner.Exec(ctx, fmt.Sprintf("ALTER TABLE %s REPLACE PARTITION {account:String} FROM %s", target, next), warehouse.Param("account", account)); err != nil {
		return fmt.Errorf("exchange %s: %w", t.name, err)
	}
	return nil
}

// listDigest is a digest of a set of texts.
func listDigest(list []string) string {
	h := sha256.New()
	for _, item := range sorted(list) {
		fmt.Fprintf(h, "%d:%s", len(item), item)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// sorted returns the distinct items in order.
func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

// texts reads one text column.
func texts(ctx context.Context, db *warehouse.DB, sql string, args ...any) ([]string, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read a list: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read a list: %w", err)
		}
		out = append(out, text)
	}
	return out, rows.Err()
}
