package receipt_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/scram"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/brokertest"
	"hengjian/warehouse/contract"
)

// people are users of a broker who hold no rights of their own.
func people() []string { return []string{"platform", "police-a", "police-b", "stranger"} }

// signIn returns TLS settings and mechanism of kafka-go for a user.
func signIn(t *testing.T, r broker.Remote) (*tls.Config, sasl.Mechanism) {
	t.Helper()
	mechanism, err := scram.Mechanism(scram.SHA512, r.User, r.Password)
	if err != nil {
		t.Fatal(err)
	}
	if !r.TLS {
		return nil, mechanism
	}
	pem, err := os.ReadFile(r.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, mechanism
}

// admin speaks to a cluster as a super user, to give rights that are not ours to give.
func admin(t *testing.T, r broker.Remote) *kafka.Client {
	t.Helper()
	transport := &kafka.Transport{}
	transport.TLS, transport.SASL = signIn(t, r)
	t.Cleanup(transport.CloseIdleConnections)
	return &kafka.Client{Addr: kafka.TCP(r.Brokers...), Timeout: 10 * time.Second, Transport: transport}
}

// allow gives a principal a right by the pattern of a name.
func allow(t *testing.T, c *kafka.Client, principal string, kind kafka.ResourceType, pattern kafka.PatternType, name string, operations ...kafka.ACLOperationType) {
	t.Helper()
	var all []kafka.ACLEntry
	for _, o := range operations {
		all = append(all, kafka.ACLEntry{ResourceType: kind, ResourceName: name, ResourcePatternType: pattern, Principal: principal, Host: "*", Operation: o, PermissionType: kafka.ACLPermissionTypeAllow})
	}
	answer, err := c.CreateACLs(t.Context(), &kafka.CreateACLsRequest{ACLs: all})
	if err := errors.Join(err, errors.Join(answer.Errors...)); err != nil {
		t.Fatal(err)
	}
}

// fetched asks the broker itself for a sender's first receipt; no client decides
// beforehand that the topic is not there.
func fetched(ctx context.Context, t *testing.T, r broker.Remote, sender string) error {
	d := &kafka.Dialer{Timeout: 10 * time.Second}
	d.TLS, d.SASLMechanism = signIn(t, r)
	host, port, err := net.SplitHostPort(r.Brokers[0])
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := d.DialPartition(ctx, "tcp", "", kafka.Partition{Topic: contract.ReceiptTopic(sender), Leader: kafka.Broker{Host: host, Port: number}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: 1 << 20, MaxWait: 500 * time.Millisecond})
	defer batch.Close()
	_, err = batch.ReadMessage()
	return err
}

// wants waits until a user's fetch of a sender's receipts is answered as said:
// rights take a moment to reach a broker.
func wants(t *testing.T, as func(user string) broker.Remote, user, sender string, may bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		err := fetched(ctx, t, as(user), sender)
		if may && err == nil || !may && errors.Is(err, kafka.TopicAuthorizationFailed) {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%s reads the receipts of %s: %v; want readable: %v", user, sender, err, may)
		}
	}
}

// readByTheirSenderAlone is one test for every broker that checks rights: super
// may do all, as names the others.
func readByTheirSenderAlone(d *desk, super broker.Remote, as func(user string) broker.Remote) {
	t := d.t
	d.land(0, "GA1", "accepted", "", "applied")
	d.land(1, "GA2", "refused", "not_a_date", "")
	ops := admin(t, super)
	allow(t, ops, "User:platform", kafka.ResourceTypeCluster, kafka.PatternTypeLiteral, "kafka-cluster",
		kafka.ACLOperationTypeAlter, kafka.ACLOperationTypeDescribe, kafka.ACLOperationTypeCreate)
	client, err := broker.Dial(t.Context(), as("platform"))
	d.must(err)
	t.Cleanup(client.Close)
	answer := func(readers map[string]string) string {
		t.Helper()
		var log bytes.Buffer
		_, err := d.publisher(client, readers, &log).Once(t.Context())
		d.must(err)
		return log.String()
	}
	if log := answer(map[string]string{"GA1": "User:police-a", "GA2": "User:police-b"}); log != "" {
		t.Errorf("all is as it should be, and the log says %s", log)
	}
	for _, user := range people() {
		wants(t, as, user, "GA1", user == "police-a")
		wants(t, as, user, "GA2", user == "police-b")
	}
	reader, err := broker.Dial(t.Context(), as("police-a"))
	d.must(err)
	t.Cleanup(reader.Close)
	w := reader.Writer()
	defer w.Close()
	if err := w.WriteMessages(t.Context(), kafka.Message{Topic: contract.ReceiptTopic("GA1"), Value: []byte("{}")}); err == nil {
		t.Error("a sender could write a receipt to itself")
	}
	joined, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	topic := contract.ReceiptTopic("GA1")
	if err := reader.Group(topic, nil).Run(joined, []string{topic}, func(context.Context, map[string][]int) error { return os.ErrExist }); !errors.Is(err, os.ErrExist) {
		t.Errorf("the sender cannot join the group of its own receipts: %v", err)
	}

	// Another start with other readers: what was granted before is taken away.
	if log := answer(map[string]string{"GA1": "User:police-b"}); !strings.Contains(log, "taken away") || !strings.Contains(log, "User:police-a") || !strings.Contains(log, "ingest.principals") {
		t.Errorf("the log says %s", log)
	}
	for _, user := range people() {
		wants(t, as, user, "GA1", user == "police-b")
		wants(t, as, user, "GA2", false)
	}
	if g, err := client.Guarded(t.Context(), contract.ReceiptTopic("GA2"), "User:police-b"); err != nil || g.State != broker.Nobody {
		t.Errorf("GA2 is shown as %+v, %v", g, err)
	}
	if g, err := reader.Guarded(t.Context(), topic, "User:police-b"); err != nil || g.State != broker.Unknown {
		t.Errorf("an account without rights to see rights: %+v, %v", g, err)
	}
}

// cluster is a broker with sign-in that checks rights where options say so.
func cluster(t *testing.T, options ...kfake.Opt) (super broker.Remote, as func(string) broker.Remote, c *kfake.Cluster) {
	t.Helper()
	options = append(options, kfake.NumBrokers(1), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "super", "right"))
	for _, name := range people() {
		options = append(options, kfake.User("SCRAM-SHA-512", name, "right"))
	}
	c, err := kfake.NewCluster(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	as = func(name string) broker.Remote {
		return broker.Remote{Brokers: c.ListenAddrs(), Mechanism: broker.ScramSHA512, User: name, Password: "right", Timeout: 10 * time.Second}
	}
	return as("super"), as, c
}

func TestReceiptsAreReadByTheirSenderAlone(t *testing.T) {
	super, as, _ := cluster(t, kfake.EnableACLs())
	d := newDesk(t)
	readByTheirSenderAlone(d, super, as)

	embedded := brokertest.Start(t).Dial(t)
	answeredOpenly(d, embedded, 2)
	_, as, c := cluster(t)
	c.ControlKey(int16(kmsg.DescribeACLs), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		answer := r.ResponseKind().(*kmsg.DescribeACLsResponse)
		answer.ErrorCode = 54 // SECURITY_DISABLED, as Apache Kafka answers without an authorizer
		return answer, nil, true
	})
	client, err := broker.Dial(t.Context(), as("platform"))
	d.must(err)
	t.Cleanup(client.Close)
	answeredOpenly(d, client, 4)
}

// answeredOpenly expects receipts of two more records, and one line of the log
// that says what it means that the broker checks no rights.
func answeredOpenly(d *desk, client *broker.Client, first int) {
	t := d.t
	t.Helper()
	d.land(first, "GA1", "accepted", "", "applied")
	d.land(first+1, "GA2", "refused", "not_a_date", "")
	var log bytes.Buffer
	if n, err := d.publisher(client, map[string]string{"GA1": "User:police-a"}, &log).Once(t.Context()); err != nil || n != 2 {
		t.Fatalf("%d receipts, %v", n, err)
	}
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "authorizer") {
		t.Errorf("the log says %s", text)
	}
	g, err := client.Guarded(t.Context(), contract.ReceiptTopic("GA1"), "User:police-a")
	if err != nil || g.State != broker.Open {
		t.Errorf("shown as %+v, %v", g, err)
	}
}
