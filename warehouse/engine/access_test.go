package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"hengjian/warehouse"
	"hengjian/warehouse/engine"
	"hengjian/warehouse/engine/enginetest"
)

// The engine's codes for what an account may not do.
const (
	accessDenied       = 497
	readonlyRefused    = 164
	ddlForbidden       = 392
	constraintViolated = 452
	tooManyRows        = 396
	syntaxTooLong      = 62
)

// warehouseWithViews makes a table, a definer view on it and a scope table.
func warehouseWithViews(t *testing.T, s *enginetest.Server) (base, views, access string) {
	t.Helper()
	base = s.Database(t)
	views, access = warehouse.Names(base)
	owner := s.Conn(t, base)
	for _, statement := range []string{
		"CREATE DATABASE " + views, "CREATE DATABASE " + access,
		"CREATE TABLE secret (n UInt64, who String) ENGINE=MergeTree ORDER BY n",
		"INSERT INTO secret SELECT number, if(number < 10, 'reader_00', 'reader_01') FROM numbers(100)",
		"CREATE TABLE " + access + ".scope (account String) ENGINE=MergeTree ORDER BY account",
		"CREATE VIEW " + views + ".seen DEFINER = owner SQL SECURITY DEFINER AS SELECT n FROM " + base + ".secret WHERE who = currentUser()",
	} {
		if err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return base, views, access
}

// run runs a statement and reads its result to the end.
func run(ctx context.Context, conn driver.Conn, statement string) error {
	rows, err := conn.Query(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// refused fails unless the engine refuses a statement with one of the codes.
func refused(t *testing.T, conn driver.Conn, statement string, codes ...int32) {
	t.Helper()
	err := run(t.Context(), conn, statement)
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		t.Errorf("%s: got %v, want a refusal", statement, err)
		return
	}
	for _, code := range codes {
		if e.Code == code {
			return
		}
	}
	t.Errorf("%s: refused with %d %s, want one of %v", statement, e.Code, e.Message, codes)
}

func TestReaderReadsViewsOnly(t *testing.T) {
	s := enginetest.Start(t)
	base, views, access := warehouseWithViews(t, s)
	reader := s.ConnAs(t, "reader_00", views)
	if n := count(t, reader, "seen"); n != 10 {
		t.Fatalf("reader_00 sees %d rows, want its 10", n)
	}
	if n := count(t, s.ConnAs(t, "reader_01", views), "seen"); n != 90 {
		t.Fatalf("reader_01 sees %d rows, want its 90", n)
	}
	for _, statement := range []string{
		"SELECT * FROM " + base + ".secret",
		"SELECT * FROM " + access + ".scope",
		"SELECT * FROM system.users",
		"SELECT * FROM system.processes",
		"SELECT * FROM system.parts",
		"SELECT * FROM mergeTreeIndex(" + base + ", secret)",
		"SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')",
		"SELECT * FROM file('/etc/passwd', LineAsString)",
		"SELECT * FROM remote('127.0.0.1', system.one)",
		"SELECT * FROM executable('id', TSV, 'a String')",
		"SELECT * FROM s3('http://127.0.0.1:1/bucket/a', 'CSV', 'a String')",
		"BACKUP TABLE " + views + ".seen TO File('x')",
	} {
		refused(t, reader, statement, accessDenied, readonlyRefused)
	}
	var foreign uint64
	if err := reader.QueryRow(t.Context(), "SELECT countIf(database NOT IN ('"+views+"', 'system', 'information_schema', 'INFORMATION_SCHEMA')) FROM system.tables").Scan(&foreign); err != nil || foreign != 0 {
		t.Errorf("a reader learns of %d foreign tables (%v)", foreign, err)
	}
	for _, statement := range []string{
		"CREATE TABLE made (n UInt64) ENGINE=Memory",
		"CREATE DATABASE t_made",
		"CREATE TEMPORARY TABLE made (n UInt64)",
		"DROP VIEW " + views + ".seen",
		"INSERT INTO " + views + ".seen VALUES (1)",
		"INSERT INTO FUNCTION file('x.csv', CSV, 'n UInt64') VALUES (1)",
		"SYSTEM SHUTDOWN", "SYSTEM FLUSH LOGS",
		"CREATE FUNCTION made AS (x) -> x",
		"GRANT SELECT ON *.* TO reader_00",
		"KILL QUERY WHERE 1",
	} {
		refused(t, reader, statement, accessDenied, readonlyRefused, ddlForbidden)
	}
}

func TestReaderLimits(t *testing.T) {
	s := enginetest.Start(t)
	_, views, _ := warehouseWithViews(t, s)
	reader := s.ConnAs(t, "reader_02", views)
	refused(t, reader, "SELECT number FROM numbers(100001)", tooManyRows, accessDenied)
	for name, value := range map[string]any{
		"readonly": 0, "max_memory_usage": 0, "max_result_rows": 0, "max_rows_to_read": 0, "allow_ddl": 1,
		"use_query_cache": 1, "async_insert": 1, "max_execution_time": 600, "max_query_size": 1 << 30,
	} {
		ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{name: value}))
		err := run(ctx, reader, "SELECT 1")
		var e *clickhouse.Exception
		if !errors.As(err, &e) || e.Code != readonlyRefused && e.Code != constraintViolated && e.Code != ddlForbidden {
			t.Errorf("a reader may set %s=%v (%v)", name, value, err)
		}
	}
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": 5}))
	if err := run(ctx, reader, "SELECT 1"); err != nil {
		t.Errorf("a reader cannot shorten its own time: %v", err)
	}
	ctx = clickhouse.Context(t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"n": "3"}))
	if err := run(ctx, reader, "SELECT n FROM seen WHERE n = {n:UInt64}"); err != nil {
		t.Errorf("a reader cannot bind a parameter: %v", err)
	}
	long := make([]byte, 70<<10)
	for i := range long {
		long[i] = ' '
	}
	refused(t, reader, "SELECT 1"+string(long)+" + 1", syntaxTooLong)
}

func TestServiceReadsAndInserts(t *testing.T) {
	s := enginetest.Start(t)
	base, views, access := warehouseWithViews(t, s)
	service := s.ConnAs(t, "service", base)
	for _, statement := range []string{
		"INSERT INTO secret SELECT 1000, 'x'",
		"INSERT INTO " + access + ".scope SELECT 'reader_00'",
		"SELECT * FROM secret", "SELECT * FROM " + views + ".seen",
		"SELECT query_id FROM system.processes",
	} {
		if err := service.Exec(t.Context(), statement); err != nil {
			t.Errorf("service: %s: %v", statement, err)
		}
	}
	if err := service.Exec(t.Context(), "KILL QUERY WHERE query_id = 'nobody' ASYNC"); err != nil {
		t.Errorf("service cannot kill a query: %v", err)
	}
	for _, statement := range []string{
		"CREATE TABLE made (n UInt64) ENGINE=MergeTree ORDER BY n", "DROP TABLE secret", "TRUNCATE TABLE secret",
		"ALTER TABLE secret DELETE WHERE 1", "ALTER TABLE secret ADD COLUMN x UInt8", "CREATE DATABASE t_made",
		"SELECT * FROM system.users", "SELECT * FROM file('/etc/passwd', LineAsString)",
		"SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')", "SYSTEM SHUTDOWN",
	} {
		refused(t, service, statement, accessDenied, ddlForbidden)
	}
}

func TestGrantsOfOtherDatabases(t *testing.T) {
	s := enginetest.Fresh(t, func(c *engine.Config) { c.Accounts = engine.StandardAccounts("hengjian") })
	owner := s.Conn(t, "default")
	for _, statement := range []string{
		"CREATE DATABASE hengjian", "CREATE DATABASE v", "CREATE DATABASE vault",
		"CREATE TABLE v.seen (n UInt64) ENGINE=MergeTree ORDER BY n",
		"CREATE TABLE vault.unseen (n UInt64) ENGINE=MergeTree ORDER BY n",
		"CREATE TABLE hengjian.base (n UInt64) ENGINE=MergeTree ORDER BY n",
	} {
		if err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	reader := s.ConnAs(t, "reader_31", "v")
	if n := count(t, reader, "v.seen"); n != 0 {
		t.Fatalf("%d rows", n)
	}
	refused(t, reader, "SELECT * FROM vault.unseen", accessDenied)
	refused(t, reader, "SELECT * FROM hengjian.base", accessDenied)
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	s := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	base := s.Database(t)
	owner := s.Conn(t, base)
	file := filepath.Join(dir, "backups", "whole")
	for _, statement := range []string{
		"CREATE TABLE kept (n UInt64) ENGINE=MergeTree ORDER BY n",
		"INSERT INTO kept SELECT number FROM numbers(1000)",
		"BACKUP DATABASE " + base + " TO File('" + file + "')",
		"DROP TABLE kept SYNC",
		"RESTORE TABLE " + base + ".kept FROM File('" + file + "')",
	} {
		if err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if n := count(t, owner, "kept"); n != 1000 {
		t.Fatalf("%d rows after the restore", n)
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), owner, "BACKUP TABLE kept TO File('"+filepath.Join(t.TempDir(), "elsewhere")+"')"); err == nil {
		t.Error("a backup may be written outside its folder")
	}
}
