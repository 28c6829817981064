package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"hengjian/ingest/broker"
)

// TestReceiptsShowTheirReaders names who may read, and fails where it is not the
// sender alone.
func TestReceiptsShowTheirReaders(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("PLAIN", "platform", "right"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	client, err := broker.Dial(t.Context(), broker.Remote{Brokers: cluster.ListenAddrs(), Mechanism: broker.Plain, User: "platform", Password: "right"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.CreateTopics(t.Context(), []string{"hj-receipt.GA1", "hj-receipt.GA2", "hj.case"}, 1); err != nil {
		t.Fatal(err)
	}
	readers := filepath.Join(t.TempDir(), "principals.json")
	show := func(principals string) (string, error) {
		t.Helper()
		if err := os.WriteFile(readers, []byte(principals), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := run(t.Context(), []string{
			"ingest", "receipts", "--kafka-brokers", cluster.ListenAddrs()[0], "--set", "kafka.mechanism=plain",
			"--set", "kafka.user=platform", "--set", "kafka.password=right", "--set", "ingest.principals=" + readers,
		}, &out, &out)
		return out.String(), err
	}
	if _, err := client.Guard(t.Context(), "hj-receipt.GA1", "User:police-a"); err != nil {
		t.Fatal(err)
	}
	text, err := show(`{"GA1": "User:police-a"}`)
	if err != nil || !strings.Contains(text, "仅本机关") || !strings.Contains(text, "无人") || strings.Contains(text, "hj.case") {
		t.Errorf("%v\n%s", err, text)
	}
	text, err = show(`{"GA1": "User:police-b"}`)
	if err == nil || !strings.Contains(text, "others too") || !strings.Contains(text, "User:police-a") {
		t.Errorf("another's right is not told: %v\n%s", err, text)
	}
	for _, bad := range []string{`["x"]`, `{"GA1": "User:*"}`, `{"GA1": "police"}`} {
		if _, err := show(bad); err == nil || !strings.Contains(err.Error(), "ingest.principals") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"ingest", "receipts"}, &out, &out); err != nil || !strings.Contains(out.String(), "checks no rights") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
