package broker

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"
)

// The times of group membership: a loader that died gives its partitions up
// after memberTimeout.
const (
	memberTimeout = 10 * time.Second
	heartbeat     = time.Second
	joinPause     = time.Second
)

// Group shares the partitions of topics among the loaders of one name (消费组).
// Only the sharing is Kafka's: positions stay in the warehouse, and nothing is
// ever committed.
type Group struct {
	client *Client
	name   string
	log    *slog.Logger
}

// Group returns a membership that is taken up by Run.
func (c *Client) Group(name string, log *slog.Logger) *Group {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Group{client: c, name: name, log: log}
}

// Run joins the group and calls work with the partitions that are ours, by topic,
// again after each change of the members. The context of work ends when the
// partitions are taken away, and they go to nobody else before work has returned.
// Run returns when ctx ends, or with the error of work.
func (g *Group) Run(ctx context.Context, topics []string, work func(ctx context.Context, own map[string][]int) error) error {
	r := g.client.remote
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: g.name, Brokers: r.Brokers, Topics: topics, WatchPartitionChanges: true,
		Dialer:         &kafka.Dialer{ClientID: r.ClientID, Timeout: r.Timeout, TLS: g.client.transport.TLS, SASLMechanism: g.client.transport.SASL},
		GroupBalancers: []kafka.GroupBalancer{kafka.RoundRobinGroupBalancer{}},
		SessionTimeout: memberTimeout, RebalanceTimeout: memberTimeout, HeartbeatInterval: heartbeat, JoinGroupBackoff: joinPause,
	})
	if err != nil {
		return fmt.Errorf("join the group %s: %w", g.name, err)
	}
	defer group.Close() //nolint:errcheck // leaving says nothing that matters
	pause := time.NewTicker(joinPause)
	defer pause.Stop()
	for ctx.Err() == nil {
		generation, err := group.Next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			g.log.Warn("cannot join the group for now", "group", g.name, "error", err) // the coordinator may just be starting
			<-pause.C
			continue
		}
		own := map[string][]int{}
		for topic, partitions := range generation.Assignments {
			for _, p := range partitions {
				own[topic] = append(own[topic], p.ID)
			}
		}
		done := make(chan error, 1)
		generation.Start(func(ended context.Context) {
			running, cancel := context.WithCancel(ctx)
			defer cancel()
			stop := context.AfterFunc(ended, cancel)
			defer stop()
			done <- work(running, own)
		})
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}
