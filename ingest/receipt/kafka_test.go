//go:build kafka

package receipt_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/kafkatest"
	"hengjian/warehouse/contract"
)

// TestKafkaReceipts asks Apache Kafka's own authorizer who reads receipts: make test-kafka.
func TestKafkaReceipts(t *testing.T) {
	kafka := kafkatest.Start(t, people()...)
	d := newDesk(t)
	readByTheirSenderAlone(d, kafka.Remote, kafka.As)
	toldOfWiderRights(d, kafka.Remote, kafka.As)
	if testing.Short() {
		return // make test-kafka starts another broker, without an authorizer
	}
	answeredOpenly(d, kafkatest.StartOpen(t).Dial(t), 2)
}

// toldOfWiderRights goes on after readByTheirSenderAlone, on brokers that know
// which patterns match a name (kfake does not).
func toldOfWiderRights(d *desk, super broker.Remote, as func(user string) broker.Remote) {
	t, topic := d.t, contract.ReceiptTopic("GA1")
	allow(t, admin(t, super), "User:stranger", kafka.ResourceTypeTopic, kafka.PatternTypePrefixed, "hj-", kafka.ACLOperationTypeRead)
	wants(t, as, "stranger", "GA1", true)
	client, err := broker.Dial(t.Context(), as("platform"))
	d.must(err)
	t.Cleanup(client.Close)
	var log bytes.Buffer
	_, err = d.publisher(client, map[string]string{"GA1": "User:police-b"}, &log).Once(t.Context())
	if d.must(err); !strings.Contains(log.String(), "User:stranger") {
		t.Errorf("rights wider than the topic are not told: %s", log.String())
	}
	g, err := client.Guarded(t.Context(), topic, "User:police-b")
	if d.must(err); g.State != broker.Others || !slices.Equal(g.Others, []string{"User:stranger"}) {
		t.Errorf("the topic is shown as %+v", g)
	}
}
