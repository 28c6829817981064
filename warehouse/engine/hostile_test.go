package engine_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"hengjian/warehouse/engine/enginetest"
)

// TestHostileClients does to the port what broken and killed clients do.
func TestHostileClients(t *testing.T) {
	s := enginetest.Fresh(t)
	base := s.Database(t)
	conn := s.Conn(t, base)
	if err := conn.Exec(t.Context(), "CREATE TABLE bystander (n UInt64) ENGINE=MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	for name, attack := range map[string]func(*testing.T, *enginetest.Server, string){
		"garbage": func(t *testing.T, s *enginetest.Server, _ string) { rawBytes(t, s, []byte("GET / HTTP/1.1\r\n\r\n")) },
		"garbage after hello": func(t *testing.T, s *enginetest.Server, _ string) {
			rawBytes(t, s, append([]byte{0}, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 9, 9))
		},
		"empty":        func(t *testing.T, s *enginetest.Server, _ string) { rawBytes(t, s, nil) },
		"half a hello": func(t *testing.T, s *enginetest.Server, _ string) { rawBytes(t, s, []byte{0, 10, 'h', 'e'}) },
		"wrong password": func(t *testing.T, s *enginetest.Server, _ string) {
			rawBytes(t, s, append(hello("owner", "wrong"), 0xff, 0xff, 9, 9))
		},
		"default account": func(t *testing.T, s *enginetest.Server, _ string) {
			rawBytes(t, s, append(hello("default", ""), 0xff, 0xff, 9, 9))
		},
		"gone after sign-in": signedInThenGone,
		"cut in a block":     cutBlock,
		"unknown database":   unknownDatabase,
		"stalled reader":     stalledReader,
		"reset when idle":    resetIdle,
		"reset in an insert": resetInsert,
		"reset in a select":  resetSelect,
	} {
		t.Run(name, func(t *testing.T) {
			rounds := 5
			if name == "stalled reader" {
				rounds = 1 // it waits seconds
			}
			for range rounds {
				attack(t, s, base)
			}
			if err := conn.Exec(t.Context(), "SELECT sleep(0.3)"); err != nil { // time to die in
				t.Fatalf("the engine does not work any more: %v", err)
			}
			if err := conn.Exec(t.Context(), "INSERT INTO bystander VALUES (1)"); err != nil {
				t.Fatalf("the engine does not work any more: %v", err)
			}
			if g := s.Engine().Generation(); g != 1 {
				t.Fatalf("the engine died and is in generation %d", g)
			}
		})
	}
	if n := count(t, conn, "bystander"); n != 13 {
		t.Fatalf("%d rows, want one per attack", n)
	}
}

// hello is a well-formed first packet.
func hello(account, password string) []byte {
	packet := []byte{0, 4, 't', 'e', 's', 't', 1, 1, 0xd4, 0xa9, 3, 0}
	for _, text := range []string{account, password} {
		packet = append(append(packet, byte(len(text))), text...)
	}
	return packet
}

// rawBytes sends bytes and resets the connection.
func rawBytes(t *testing.T, s *enginetest.Server, bytes []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Engine().Addr())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(bytes); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	conn.Read(make([]byte, 64))
	reset(t, conn)
}

// reset closes a connection the way the kernel does for a killed process.
func reset(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// resettable opens a client whose connection the test can reset.
func resettable(t *testing.T, s *enginetest.Server, database string) (clickhouse.Conn, func()) {
	t.Helper()
	options, err := clickhouse.ParseDSN(s.DSN("owner", database))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := net.Dial("tcp", s.Engine().Addr())
	if err != nil {
		t.Fatal(err)
	}
	options.MaxOpenConns, options.MaxIdleConns = 1, 1
	options.DialContext = onlyOnce(raw)
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	return conn, func() { reset(t, raw); conn.Close() }
}

func resetIdle(t *testing.T, s *enginetest.Server, database string) {
	_, cut := resettable(t, s, database)
	cut()
}

func resetInsert(t *testing.T, s *enginetest.Server, database string) {
	conn, cut := resettable(t, s, database)
	batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO bystander")
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Append(uint64(7)); err != nil {
		t.Fatal(err)
	}
	if err := batch.Flush(); err != nil {
		t.Fatal(err)
	}
	cut()
}

func resetSelect(t *testing.T, s *enginetest.Server, database string) {
	conn, cut := resettable(t, s, database)
	rows, err := conn.Query(t.Context(), "SELECT number, repeat('x', 1000) FROM system.numbers")
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	cut()
}

// onlyOnce dials by handing out one open connection.
func onlyOnce(raw net.Conn) func(context.Context, string) (net.Conn, error) {
	used := false
	return func(context.Context, string) (net.Conn, error) {
		if used {
			return nil, errors.New("only one connection in this test")
		}
		used = true
		return raw, nil
	}
}

// signedInThenGone signs in and is gone before its first query.
func signedInThenGone(t *testing.T, s *enginetest.Server, _ string) {
	address, err := url.Parse(s.DSN("owner", "default"))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := address.User.Password()
	for _, addendum := range [][]byte{nil, {0}} {
		conn, err := net.Dial("tcp", s.Engine().Addr())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(hello("owner", password)); err != nil {
			t.Fatal(err)
		}
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if n, err := conn.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Fatalf("no answer to the hello: %v", err)
		}
		if _, err := conn.Write(addendum); err != nil {
			t.Fatal(err)
		}
		reset(t, conn)
	}
}

// cutConn is reset after a number of written bytes, as a client killed in the
// middle of a block leaves it.
type cutConn struct {
	*net.TCPConn
	left int
}

// Write passes on what is left and then resets.
func (c *cutConn) Write(p []byte) (int, error) {
	if len(p) <= c.left {
		c.left -= len(p)
		return c.TCPConn.Write(p)
	}
	n, _ := c.TCPConn.Write(p[:c.left])
	c.left = 0
	c.SetLinger(0)
	c.Close()
	return n, errors.New("killed here")
}

func cutBlock(t *testing.T, s *enginetest.Server, database string) {
	for _, left := range []int{1000, 30_000, 500_000} {
		options, err := clickhouse.ParseDSN(s.DSN("owner", database))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := net.Dial("tcp", s.Engine().Addr())
		if err != nil {
			t.Fatal(err)
		}
		options.MaxOpenConns, options.MaxIdleConns = 1, 1
		options.DialContext = onlyOnce(&cutConn{TCPConn: raw.(*net.TCPConn), left: left})
		conn, err := clickhouse.Open(options)
		if err != nil {
			t.Fatal(err)
		}
		batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO bystander")
		if err != nil {
			t.Fatal(err)
		}
		for n := range uint64(100_000) {
			if err := batch.Append(n * 0x9e3779b97f4a7c15); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err == nil {
			t.Fatal("the block was sent whole")
		}
		conn.Close()
	}
}

// unknownDatabase signs in to a database that is not there, and with a wrong
// password, through the driver: both get the engine's codes as an answer.
func unknownDatabase(t *testing.T, s *enginetest.Server, _ string) {
	for dsn, code := range map[string]string{
		s.DSN("service", "t_absent"):                                       "code: 81",
		strings.Replace(s.DSN("owner", "default"), "owner:", "owner:x", 1): "code: 516",
	} {
		options, err := clickhouse.ParseDSN(dsn)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := clickhouse.Open(options)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), code) {
			t.Fatalf("got %v, want %s", err, code)
		}
		conn.Close()
	}
}

// stalledReader asks for more than the sockets hold and does not read it until
// the engine has given up sending.
func stalledReader(t *testing.T, s *enginetest.Server, database string) {
	conn := s.Conn(t, database)
	ctx := clickhouse.Context(t.Context(), clickhouse.WithQueryID("stalled"), clickhouse.WithSettings(clickhouse.Settings{"send_timeout": 1, "max_block_size": 100}))
	rows, err := conn.Query(ctx, "SELECT number, repeat('x', 100000) FROM system.numbers")
	if err != nil {
		t.Fatal(err)
	}
	watcher := s.Conn(t, "default")
	await(t, "the engine to give up", func() bool {
		var n uint64
		err := watcher.QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query_id = 'stalled'").Scan(&n)
		return err != nil || n == 0
	})
	for rows.Next() {
	}
	conn.Close()
}
