package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigurationLayers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(file, []byte("data: from-file\nlisten: 127.0.0.1:1\nclickhouse:\n  memory_mb: 512\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := func() []string {
		return []string{"HENGJIAN_LISTEN=127.0.0.1:2", "HENGJIAN_CLICKHOUSE_MEMORY_MB=768", "HENGJIAN_KAFKA_PASSWORD=geheim", "HENGJIAN_KAFKA_BROKERS=a:1,b:2", "OTHER=1"}
	}
	c, settings, err := loadConfig(file, environ, map[string]any{"clickhouse.memory_mb": "900"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "from-file" || c.Listen != "127.0.0.1:2" || c.ClickHouse.MemoryMB != 900 || len(c.Kafka.Brokers) != 2 || c.Log.Level != "info" {
		t.Errorf("layers gave %+v", c)
	}
	want := map[string]string{"data": "file " + file, "listen": "environment", "clickhouse.memory_mb": "flags", "log.level": "default"}
	for _, s := range settings {
		if w, ok := want[s.key]; ok && s.source != w {
			t.Errorf("%s comes from %q, want %q", s.key, s.source, w)
		}
		if strings.Contains(s.value, "geheim") {
			t.Errorf("%s shows a secret", s.key)
		}
	}
}

func TestConfigurationProblemsAreAllNamed(t *testing.T) {
	_, _, err := loadConfig("", func() []string { return nil }, map[string]any{"listen": "nowhere", "log.level": "loud", "jobs.as_of": "1.2.2024", "clickhouse.memory_mb": 1})
	if err == nil {
		t.Fatal("an invalid configuration was accepted")
	}
	for _, key := range []string{"listen:", "log.level:", "jobs.as_of:", "clickhouse.memory_mb:"} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("the error does not name %s %v", key, err)
		}
	}
	_, _, err = loadConfig("", func() []string { return nil }, map[string]any{"clickhous.dsn": "x"})
	if err == nil || !strings.Contains(err.Error(), "clickhous.dsn") {
		t.Errorf("an unknown setting gives %v", err)
	}
}
