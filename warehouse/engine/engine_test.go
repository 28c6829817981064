package engine_test

import (
	"strings"
	"testing"

	"hengjian/warehouse/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func TestReadyAndVersion(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	var version, database, zone string
	if err := s.Conn(t, base).QueryRow(t.Context(), "SELECT version(), currentDatabase(), timezone()").Scan(&version, &database, &zone); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version, "26.7.") || database != base || zone != "Asia/Shanghai" {
		t.Fatalf("version %s, database %s, time zone %s", version, database, zone)
	}
}
