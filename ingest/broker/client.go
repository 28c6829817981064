package broker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"hengjian/warehouse"
)

// Client speaks to one cluster over connections of its own. Its methods may be
// called from several goroutines.
type Client struct {
	remote    Remote
	transport *kafka.Transport
	client    *kafka.Client
	id        string
	memory    sync.Pool // of *memory
}

// Bound says which offsets of a partition exist: First to Next-1.
type Bound struct {
	Partition   int
	First, Next uint64 // Next is the high-water mark (高水位)
}

// Dial connects and reads the cluster id; Unavailable when no broker answers
// within the timeout, Invalid when the settings do not hold.
func Dial(ctx context.Context, r Remote) (*Client, error) {
	r.EnsureDefaults()
	if err := r.Validate(); err != nil {
		return nil, err
	}
	transport, err := r.transport()
	if err != nil {
		return nil, err
	}
	c := &Client{
		remote: r, transport: transport,
		client: &kafka.Client{Addr: kafka.TCP(r.Brokers...), Timeout: r.Timeout, Transport: transport},
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	answer, err := c.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{}})
	if err != nil {
		c.Close()
		return nil, unreachable(r.Brokers, err)
	}
	c.id = answer.ClusterID
	if c.id == "" {
		c.Close()
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("the Kafka cluster at %v has no cluster id: streams cannot be named without one, use Kafka 2.8 or newer", r.Brokers)}
	}
	return c, nil
}

// transport returns connections of this client's own: shared ones fail in
// everybody's hands after a restart of the broker.
func (r Remote) transport() (*kafka.Transport, error) {
	t := &kafka.Transport{
		Dial: (&net.Dialer{Timeout: r.Timeout}).DialContext, DialTimeout: r.Timeout, ClientID: r.ClientID,
	}
	if r.TLS {
		t.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		if r.CAFile != "" {
			pem, err := os.ReadFile(r.CAFile)
			if err != nil {
				return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the file of Kafka's certificate authority cannot be read: check kafka.ca_file", Err: err}
			}
			t.TLS.RootCAs = x509.NewCertPool()
			if !t.TLS.RootCAs.AppendCertsFromPEM(pem) {
				return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the file of Kafka's certificate authority holds no PEM certificate: check kafka.ca_file"}
			}
		}
	}
	mechanism, err := r.signIn()
	if err != nil {
		return nil, fmt.Errorf("prepare the Kafka sign-in: %w", err)
	}
	t.SASL = mechanism
	return t, nil
}

func (r Remote) signIn() (sasl.Mechanism, error) {
	switch r.Mechanism {
	case Plain:
		return plain.Mechanism{Username: r.User, Password: r.Password}, nil
	case ScramSHA256:
		return scram.Mechanism(scram.SHA256, r.User, r.Password)
	case ScramSHA512:
		return scram.Mechanism(scram.SHA512, r.User, r.Password)
	}
	return nil, nil
}

// ClusterID returns the identity that stream names are made with.
func (c *Client) ClusterID() string { return c.id }

// CreateTopics makes the topics that do not exist yet, with so many partitions
// each; existing ones are left as they are. New topics keep everything for ever.
func (c *Client) CreateTopics(ctx context.Context, names []string, partitions int) error {
	request := &kafka.CreateTopicsRequest{}
	for _, name := range names {
		request.Topics = append(request.Topics, kafka.TopicConfig{
			Topic: name, NumPartitions: partitions, ReplicationFactor: -1,
			ConfigEntries: []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: fmt.Sprint(messageLimit + 1<<16)}},
		})
	}
	if len(request.Topics) == 0 {
		return nil
	}
	answer, err := c.client.CreateTopics(ctx, request)
	if err != nil {
		return unreachable(c.remote.Brokers, err)
	}
	var errs []error
	for _, name := range names {
		if err := answer.Errors[name]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &warehouse.Error{Code: warehouse.Forbidden, Message: "the brokers refused to create topics: let an operator create them or grant the right: " + err.Error(), Err: err}
	}
	return nil
}

// DeleteTopics removes topics and their records; those that do not exist are no
// error.
func (c *Client) DeleteTopics(ctx context.Context, names []string) error {
	answer, err := c.client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: names})
	if err != nil {
		return unreachable(c.remote.Brokers, err)
	}
	for name, err := range answer.Errors {
		if err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
			return fmt.Errorf("delete the topic %s: %w", name, err)
		}
	}
	return nil
}

// Topics returns the names of all topics, without the brokers' own.
func (c *Client) Topics(ctx context.Context) ([]string, error) {
	answer, err := c.client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return nil, unreachable(c.remote.Brokers, err)
	}
	var names []string
	for _, t := range answer.Topics {
		if !t.Internal && t.Error == nil {
			names = append(names, t.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Bounds returns the bounds of every partition of a topic, by partition;
// NotFound when the topic does not exist.
func (c *Client) Bounds(ctx context.Context, topic string) ([]Bound, error) {
	answer, err := c.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, unreachable(c.remote.Brokers, err)
	}
	if len(answer.Topics) != 1 || answer.Topics[0].Error != nil || len(answer.Topics[0].Partitions) == 0 {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("the topic %s does not exist on the brokers %v: create it", topic, c.remote.Brokers)}
	}
	var ask []kafka.OffsetRequest
	for _, p := range answer.Topics[0].Partitions {
		ask = append(ask, kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
	}
	offsets, err := c.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: ask}})
	if err != nil {
		return nil, unreachable(c.remote.Brokers, err)
	}
	var bounds []Bound
	for _, p := range offsets.Topics[topic] {
		if p.Error != nil {
			return nil, fmt.Errorf("read the offsets of %s/%d: %w", topic, p.Partition, p.Error)
		}
		if p.FirstOffset < 0 || p.LastOffset < p.FirstOffset {
			return nil, fmt.Errorf("read the offsets of %s/%d: the broker says %d to %d", topic, p.Partition, p.FirstOffset, p.LastOffset)
		}
		bounds = append(bounds, Bound{Partition: p.Partition, First: uint64(p.FirstOffset), Next: uint64(p.LastOffset)})
	}
	slices.SortFunc(bounds, func(a, b Bound) int { return a.Partition - b.Partition })
	if len(bounds) != len(answer.Topics[0].Partitions) {
		return nil, fmt.Errorf("read the offsets of %s: %d of %d partitions answered", topic, len(bounds), len(answer.Topics[0].Partitions))
	}
	return bounds, nil
}

// Writer returns a writer of messages that waits for all replicas and keeps the
// order per key. The caller closes it.
func (c *Client) Writer() *kafka.Writer {
	return &kafka.Writer{
		Addr: kafka.TCP(c.remote.Brokers...), Transport: c.transport, Balancer: &kafka.Hash{},
		RequiredAcks: kafka.RequireAll, BatchBytes: messageLimit, BatchSize: 5000, Compression: kafka.Snappy,
	}
}

// Close closes the connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }
