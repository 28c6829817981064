package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Rows, Row and Batch are the driver's, so that rooms need no driver import.
type (
	Rows  = driver.Rows
	Row   = driver.Row
	Batch = driver.Batch
)

// DB is a pool of native-protocol connections to one database as one account.
type DB struct {
	conn     driver.Conn
	database string
	options  *clickhouse.Options
}

// Open connects to dsn (clickhouse://account:password@host:port/database) and
// pings once. maxConns bounds the pool. Unavailable when the server cannot be reached.
func Open(ctx context.Context, dsn string, maxConns int) (*DB, error) {
	opts, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, &Error{Code: Invalid, Message: "the ClickHouse address is not valid: write clickhouse://account:password@host:port/database", Err: err}
	}
	if opts.DialTimeout == 0 {
		opts.DialTimeout = 5 * time.Second
	}
	opts.MaxOpenConns, opts.MaxIdleConns = maxConns, maxConns
	opts.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	conn, err := clickhouse.Open(opts)
	if err != nil {
		return nil, fmt.Errorf("open ClickHouse: %w", err)
	}
	if err := conn.Ping(ctx); err != nil {
		conn.Close()
		return nil, &Error{Code: Unavailable, Message: "the ClickHouse server cannot be reached: check that it runs and that address and password are right", Err: err}
	}
	return &DB{conn: conn, database: opts.Auth.Database, options: opts}, nil
}

// Wrap makes a DB of an open connection; database is the one it uses.
func Wrap(conn driver.Conn, database string) *DB { return &DB{conn: conn, database: database} }

// Database returns the name of the database with the base tables.
func (d *DB) Database() string { return d.database }

// Conn returns the driver's connection, for warehouse and ingest only.
func (d *DB) Conn() driver.Conn { return d.conn }

// Options returns how the server is reached, for warehouse and ingest only; nil for
// a DB that wraps a connection.
func (d *DB) Options() *clickhouse.Options { return d.options }

// Query runs a SELECT; args are Named values for {name:Type} placeholders.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return d.conn.Query(ctx, sql, args...)
}

// QueryRow runs a SELECT of one row.
func (d *DB) QueryRow(ctx context.Context, sql string, args ...any) Row {
	return d.conn.QueryRow(ctx, sql, args...)
}

// Exec runs a statement without result.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) error {
	return d.conn.Exec(ctx, sql, args...)
}

// PrepareBatch starts a columnar INSERT ("INSERT INTO t (a, b)").
func (d *DB) PrepareBatch(ctx context.Context, sql string) (Batch, error) {
	return d.conn.PrepareBatch(ctx, sql)
}

// Close closes the pool.
func (d *DB) Close() error { return d.conn.Close() }

// Param binds a value to a server-side placeholder {name:Type}. The value is
// its text form: numbers, dates and arrays are written as ClickHouse reads them.
func Param(name, value string) any { return clickhouse.Named(name, value) }

// Array writes strings as Param binds them to {name:Array(String)}.
func Array(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// WithQuery names the query and sets settings for it.
func WithQuery(ctx context.Context, queryID string, settings map[string]any) context.Context {
	opts := []clickhouse.QueryOption{}
	if queryID != "" {
		opts = append(opts, clickhouse.WithQueryID(queryID))
	}
	if len(settings) > 0 {
		opts = append(opts, clickhouse.WithSettings(clickhouse.Settings(settings)))
	}
	return clickhouse.Context(ctx, opts...)
}

// WithParameters binds server-side parameters for ad hoc SQL.
func WithParameters(ctx context.Context, params map[string]string) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters(params)))
}

// Names returns the databases that belong to a base database: the views that
// people read and the scope tables. "hengjian" gives "v" and "access"; any
// other base B gives "v_B" and "access_B", so that tests stand side by side.
func Names(base string) (views, access string) {
	if base == "hengjian" {
		return "v", "access"
	}
	return "v_" + base, "access_" + base
}
