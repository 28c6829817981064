// Package native moves whole columns between memory and ClickHouse by the lower
// layer of the driver, for the few places where a value per call is too dear: the
// loader and the statutory clocks. It owns connections of its own beside the pool
// of warehouse.DB. It promises that one Insert is one block; it never converts a
// value, and it refuses a form of column that it does not know instead of guessing.
package native

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"

	"hengjian/warehouse"
)

// Dial opens a connection to the first address of the options, with compression
// only where the server is another machine.
func Dial(ctx context.Context, o *clickhouse.Options, name string) (*ch.Client, error) {
	options := ch.Options{
		Address: o.Addr[0], Database: o.Auth.Database, User: o.Auth.Username, Password: o.Auth.Password,
		TLS: o.TLS, ClientName: name, DialTimeout: 5 * time.Second, HandshakeTimeout: 10 * time.Second,
	}
	if host, _, err := net.SplitHostPort(options.Address); err == nil && !local(host) {
		options.Compression = ch.CompressionLZ4
	}
	conn, err := ch.Dial(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("connect for whole columns: %w", err)
	}
	return conn, nil
}

// local reports whether the host is this machine, where compression only costs.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Conn is one connection; it is for one goroutine.
type Conn struct{ client *ch.Client }

// Open connects beside the pool. An error when db was not opened by its address.
func Open(ctx context.Context, db *warehouse.DB, name string) (*Conn, error) {
	o := db.Options()
	if o == nil {
		return nil, errors.New("whole columns need a warehouse that was opened by its address")
	}
	client, err := Dial(ctx, o, name)
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Unavailable, Message: "the ClickHouse server cannot be reached: check that it runs", Err: err}
	}
	return &Conn{client}, nil
}

// Close ends the connection.
func (c *Conn) Close() {
	c.client.Close() //nolint:errcheck // what it says of its end changes nothing
}

// Read runs a SELECT whose columns have the types of the columns given, in their
// order, and calls each after every block; the next block overwrites the columns.
func (c *Conn) Read(ctx context.Context, sql string, params map[string]string, columns []Column, each func(rows int) error) error {
	query := ch.Query{Body: sql, Result: results(columns), OnResult: func(_ context.Context, b proto.Block) error {
		if b.Rows == 0 {
			return nil
		}
		return each(b.Rows)
	}}
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	for name, value := range params {
		query.Parameters = append(query.Parameters, proto.Parameter{Key: name, Value: "'" + escape.Replace(value) + "'"})
	}
	if err := c.client.Do(ctx, query); err != nil {
		return fmt.Errorf("read whole columns: %w", err)
	}
	return nil
}

// Named is a column of an INSERT.
type Named struct {
	Name   string
	Column Filled
}

// Insert sends the columns to a table as one block.
func (c *Conn) Insert(ctx context.Context, table string, columns []Named) error {
	input, names := make(proto.Input, len(columns)), make([]string, len(columns))
	for i, x := range columns {
		input[i], names[i] = proto.InputColumn{Name: x.Name, Data: x.Column.input()}, "`"+x.Name+"`"
	}
	err := c.client.Do(ctx, ch.Query{
		Body: "INSERT INTO `" + table + "` (" + strings.Join(names, ", ") + ") VALUES", Input: input,
		Settings: []ch.Setting{ch.SettingInt("async_insert", 0)},
	})
	if err != nil {
		return fmt.Errorf("insert whole columns into %s: %w", table, err)
	}
	return nil
}

// results decodes blocks into columns.
type results []Column

// DecodeResult reads one block.
func (s results) DecodeResult(r *proto.Reader, version int, b proto.Block) error {
	if b.Columns != len(s) && b.Rows > 0 {
		return fmt.Errorf("%d columns came instead of %d", b.Columns, len(s))
	}
	for i := range b.Columns {
		name, err := r.Str()
		if err != nil {
			return fmt.Errorf("read the name of column %d: %w", i, err)
		}
		kind, err := r.Str()
		if err != nil {
			return fmt.Errorf("read the type of column %s: %w", name, err)
		}
		if proto.FeatureCustomSerialization.In(version) {
			if sparse, err := r.Bool(); err != nil || sparse {
				return fmt.Errorf("column %s comes in a form that is not known: wrap it in materialize(): %w", name, err)
			}
		}
		if b.Rows == 0 {
			continue
		}
		if want := s[i].kind(); want != kind {
			return fmt.Errorf("column %s is of type %s, not %s", name, kind, want)
		}
		if err := s[i].decode(r, b.Rows); err != nil {
			return fmt.Errorf("read column %s: %w", name, err)
		}
	}
	return nil
}
