package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"

	"hengjian/warehouse"
)

func TestClassOfErrors(t *testing.T) {
	low := func(code int) error { return &ch.Exception{Code: proto.Error(code), Message: "secret"} }
	for _, c := range []struct {
		err  error
		want class
	}{
		{io.EOF, connection},
		{io.ErrUnexpectedEOF, connection},
		{context.DeadlineExceeded, connection},
		{ch.ErrClosed, connection},
		{low(210), connection}, // network error on the server's side
		{low(9999), connection},
		{low(216), fenced},
		{low(394), fenced},
		{&clickhouse.Exception{Code: 394}, fenced},
		{low(241), memory},
		{low(252), pressure},
		{low(243), pressure},
		{low(242), pressure},
		{low(469), data},
		{low(60), schema},
		{low(497), schema},
		{&clickhouse.Exception{Code: 60}, schema},
		{errLost, lost},
		{&againError{"why"}, again},
		{stop(warehouse.Conflict, "why", low(60)), ended},
		{&hookError{low(60)}, ended},
	} {
		if got := classify(fmt.Errorf("insert: %w", c.err)); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
	if text := reason(fmt.Errorf("insert: %w", low(469))); strings.Contains(text, "secret") || !strings.Contains(text, "469") {
		t.Errorf("the reason %q quotes the server or hides the code", text)
	}
}

func TestConfigNamesEveryProblem(t *testing.T) {
	c := DefaultConfig()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	c.MaxRows, c.Linger, c.ReceiveTimeout = 500_001, -1, 0
	err := c.Validate()
	for _, key := range []string{"loader.max_rows", "loader.linger", "loader.receive_timeout"} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%v does not name %s", err, key)
		}
	}
	if _, err := New(Config{}, Deps{}); err == nil {
		t.Error("New took no neighbours")
	}
	if got := classify(errors.Join(errStopped)); got != ended {
		t.Errorf("a stop is %s", got)
	}
}
