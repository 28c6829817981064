package main

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"syscall"
	"time"

	"hengjian/ingest/decode"
	"hengjian/ingest/loader"
)

// insertRows is how many rows of a real contract one INSERT of the comparison has.
const insertRows = 20_000

// table is a log table of which every way of inserting gets an empty copy.
type table struct {
	name    string
	columns []string
	values  []reflect.Value // one slice per column, as clickhouse-go reads it
	rows    [][]any
}

// insertPaths are the ways to get rows into the log table of a record type. Ours
// starts from the bytes of messages; the others get values that somebody has
// decoded already, so that what they save of that counts for them.
func insertPaths(ctx context.Context, s *store, recordType string, ours contenderBlock) ([]contender, *costs, error) {
	sender := loader.NewSender(s.dsn("owner"))
	t := &table{name: "log_" + recordType}
	spent := &costs{seconds: map[string]float64{}, rows: map[string]int{}}
	n := 0
	direct := spent.of("insert hengjian: bytes to native block", func(ctx context.Context) (int, error) {
		block, err := ours(ctx)
		if err != nil {
			return 0, err
		}
		n++
		return block.Rows(), sender.Send(ctx, t.name, block, fmt.Sprintf("bench/%d", n))
	})
	if _, err := direct.round(ctx); err != nil { // what the others insert
		return nil, nil, err
	}
	if err := t.read(ctx, s); err != nil {
		return nil, nil, err
	}
	insert := "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ")"
	byColumn := spent.of("insert clickhouse-go Column.Append", func(ctx context.Context) (int, error) {
		b, err := s.owner.PrepareBatch(ctx, insert)
		if err != nil {
			return 0, err
		}
		for i, v := range t.values {
			if err := b.Column(i).Append(v.Interface()); err != nil {
				return 0, fmt.Errorf("append column %s: %w", t.columns[i], err)
			}
		}
		return len(t.rows), b.Send()
	})
	byRow := spent.of("insert clickhouse-go Append", func(ctx context.Context) (int, error) {
		b, err := s.owner.PrepareBatch(ctx, insert)
		if err != nil {
			return 0, err
		}
		for _, row := range t.rows {
			if err := b.Append(row...); err != nil {
				return 0, fmt.Errorf("append a row: %w", err)
			}
		}
		return len(t.rows), b.Send()
	})
	return []contender{direct, byColumn, byRow}, spent, nil
}

// contenderBlock decodes messages into a block.
type contenderBlock func(ctx context.Context) (*decode.Block, error)

// read takes the rows of the table into memory, by column and by row.
func (t *table) read(ctx context.Context, s *store) error {
	rows, err := s.owner.Query(ctx, "SELECT * FROM "+t.name+" LIMIT "+fmt.Sprint(insertRows))
	if err != nil {
		return fmt.Errorf("read %s: %w", t.name, err)
	}
	defer rows.Close()
	for _, c := range rows.ColumnTypes() {
		t.columns = append(t.columns, "`"+c.Name()+"`")
		t.values = append(t.values, reflect.MakeSlice(reflect.SliceOf(c.ScanType()), 0, insertRows))
	}
	for rows.Next() {
		into, row := make([]any, len(t.columns)), make([]any, len(t.columns))
		for i := range into {
			into[i] = reflect.New(t.values[i].Type().Elem()).Interface()
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", t.name, err)
		}
		for i := range into {
			v := reflect.ValueOf(into[i]).Elem()
			t.values[i], row[i] = reflect.Append(t.values[i], v), v.Interface()
		}
		t.rows = append(t.rows, row)
	}
	return rows.Err()
}

// costs are the processor seconds that this process, the client, has used per way.
type costs struct {
	seconds map[string]float64
	rows    map[string]int
}

// of makes a contender whose processor time is counted.
func (c *costs) of(name string, round func(context.Context) (int, error)) contender {
	return contender{name, func(ctx context.Context) (int, error) {
		before := processSeconds()
		n, err := round(ctx)
		c.seconds[name] += processSeconds() - before
		c.rows[name] += n
		return n, err
	}}
}

// figures gives the client's processor microseconds per row.
func (c *costs) figures() map[string]float64 {
	out := map[string]float64{}
	for name, seconds := range c.seconds {
		out[name+", client µs/row"] = seconds * 1e6 / float64(max(1, c.rows[name]))
	}
	return out
}

// processSeconds is the processor time of this process.
func processSeconds() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}
