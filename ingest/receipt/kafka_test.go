//go:build kafka

package receipt_test

import (
	"testing"

	"hengjian/ingest/broker/kafkatest"
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
