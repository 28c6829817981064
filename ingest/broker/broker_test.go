package broker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/brokertest"
	"hengjian/warehouse"
)

func TestMessagesAndIdentitySurviveARestart(t *testing.T) {
	dir := t.TempDir()
	first := brokertest.Open(t, dir)
	client := first.Dial(t)
	if err := client.CreateTopics(t.Context(), []string{"hj.a", "hj.b"}, 3); err != nil {
		t.Fatal(err)
	}
	write(t, client, "hj.a", 0, 500)
	id := first.ClusterID()
	if id == "" || client.ClusterID() != id {
		t.Fatalf("cluster id: broker says %q, client %q", id, client.ClusterID())
	}
	first.Close()

	second := brokertest.Open(t, dir)
	client = second.Dial(t)
	if second.ClusterID() != id || client.ClusterID() != id {
		t.Fatalf("cluster id changed from %s to %s", id, second.ClusterID())
	}
	if err := client.CreateTopics(t.Context(), []string{"hj.a"}, 3); err != nil {
		t.Fatalf("an existing topic must be left as it is: %v", err)
	}
	write(t, client, "hj.a", 500, 100)
	bounds, err := client.Bounds(t.Context(), "hj.a")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, b := range bounds {
		for from := b.First; from < b.Next; {
			f, err := client.Fetch(t.Context(), "hj.a", b.Partition, from, 4096, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range f.Records {
				if r.Offset != from {
					t.Fatalf("partition %d: offset %d, want %d", b.Partition, r.Offset, from)
				}
				from++
				seen[string(r.Value)] = true
			}
		}
	}
	if len(bounds) != 3 || len(seen) != 600 {
		t.Fatalf("%d partitions, %d messages; want 3 and 600", len(bounds), len(seen))
	}
	names, err := client.Topics(t.Context())
	if err != nil || strings.Join(names, " ") != "hj.a hj.b" {
		t.Fatalf("topics %v, %v", names, err)
	}
}

func TestLargeMessageFits(t *testing.T) {
	client := brokertest.Start(t).Dial(t)
	if err := client.CreateTopics(t.Context(), []string{"hj.large"}, 1); err != nil {
		t.Fatal(err)
	}
	w := client.Writer()
	w.BatchTimeout, w.Compression = time.Millisecond, 0
	defer w.Close()
	value := bytes.Repeat([]byte("案"), 4<<20)
	if err := w.WriteMessages(t.Context(), kafka.Message{Topic: "hj.large", Value: value}); err != nil {
		t.Fatal(err)
	}
	f, err := client.Fetch(t.Context(), "hj.large", 0, 0, 1<<20, time.Second)
	if err != nil || len(f.Records) != 1 || !bytes.Equal(f.Records[0].Value, value) {
		t.Fatalf("%d records, %v", len(f.Records), err)
	}
}

func TestOffsetOutsideThePartition(t *testing.T) {
	client := brokertest.Start(t).Dial(t)
	if err := client.CreateTopics(t.Context(), []string{"hj.a"}, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(t.Context(), "hj.a", 0, 7, 4096, time.Second); !errors.Is(err, broker.ErrOutOfRange) {
		t.Fatalf("want ErrOutOfRange, got %v", err)
	}
	if _, err := client.Bounds(t.Context(), "hj.none"); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Fatalf("want NotFound, got %v", err)
	}
}

func TestUnreachableBrokerIsOneSentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = broker.Dial(t.Context(), broker.Remote{Brokers: []string{addr}, Timeout: time.Second})
	if warehouse.CodeOf(err) != warehouse.Unavailable || !strings.Contains(err.Error(), addr) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v", err)
	}
}

func TestFolderInUseIsRefused(t *testing.T) {
	running := brokertest.Start(t)
	again, err := broker.NewEmbedded(broker.Config{Dir: running.Dir}, broker.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Run(t.Context()); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Fatalf("want Conflict, got %v", err)
	}
	if err := again.Ready(t.Context()); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Fatalf("Ready: want Conflict, got %v", err)
	}
}

func TestConfigNamesEveryProblem(t *testing.T) {
	_, err := broker.Dial(t.Context(), broker.Remote{Brokers: []string{"nowhere"}, Mechanism: "kerberos"})
	for _, want := range []string{"kafka.brokers", "kafka.mechanism", "kafka.user"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	if _, err := broker.NewEmbedded(broker.Config{Port: 70000}, broker.Deps{}); err == nil || !strings.Contains(err.Error(), "broker.dir") || !strings.Contains(err.Error(), "broker.port") {
		t.Errorf("embedded: %v", err)
	}
}

func TestSignIn(t *testing.T) {
	for _, mechanism := range []string{broker.Plain, broker.ScramSHA256, broker.ScramSHA512} {
		t.Run(mechanism, func(t *testing.T) {
			cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.EnableSASL(), kfake.Superuser(strings.ToUpper(mechanism), "loader", "right"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(cluster.Close)
			remote := broker.Remote{Brokers: cluster.ListenAddrs(), Mechanism: mechanism, User: "loader", Password: "right", Timeout: 5 * time.Second}
			client, err := broker.Dial(t.Context(), remote)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.Close)
			if err := client.CreateTopics(t.Context(), []string{"hj.a"}, 1); err != nil {
				t.Fatal(err)
			}
			remote.Password, remote.Timeout = "wrong", 2*time.Second
			if _, err := broker.Dial(t.Context(), remote); warehouse.CodeOf(err) != warehouse.Unavailable {
				t.Fatalf("a wrong password: %v", err)
			}
		})
	}
}

func write(t *testing.T, client *broker.Client, topic string, first, n int) {
	t.Helper()
	w := client.Writer()
	w.BatchTimeout = 10 * time.Millisecond
	defer w.Close()
	var messages []kafka.Message
	for i := range n {
		text := fmt.Sprintf("%s-%d", topic, first+i)
		messages = append(messages, kafka.Message{Topic: topic, Key: []byte(text), Value: []byte(text)})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.WriteMessages(ctx, messages...); err != nil {
		t.Fatal(err)
	}
}
