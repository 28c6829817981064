package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// TestConfinedChild reads as owner, who has every right inside the engine, a
// file outside the engine's folders. Where the kernel offers no confinement the
// engine must say so.
func TestConfinedChild(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(outside, []byte("secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Dir: t.TempDir(), MaxMemory: 1 << 30, MarkCache: 32 << 20}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	defer func() { stop(); <-ended }()
	patient, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := e.Ready(patient); err != nil {
		t.Fatal(err, cause(err))
	}
	if want := landlockVersion() >= confinementVersion; e.Confined() != want {
		t.Fatalf("confined: %v, the kernel offers it: %v", e.Confined(), want)
	}
	options, err := clickhouse.ParseDSN(e.DSN("owner", "default"))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, query := range []string{
		"SELECT * FROM file('" + outside + "', LineAsString)",
		"SELECT file('" + outside + "')",
	} {
		var text string
		err := conn.QueryRow(ctx, query).Scan(&text)
		if e.Confined() == (err == nil) {
			t.Errorf("%s: %q, %v (confined: %v)", query, text, err, e.Confined())
		}
	}
}
