package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"hengjian/ingest/loader"
	"hengjian/warehouse"
)

type ingestStatusCommand struct {
	JSON bool `help:"Print one JSON object per stream."`
}

// Help gives an example.
func (ingestStatusCommand) Help() string {
	return "Example: hengjian ingest status\n\nExit 1 when a stream has an alarm. (各流的位置、滞后与状态)"
}

// Run prints the streams and fails when one has an alarm.
func (i ingestStatusCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		return c.alongside(ctx, func(ctx context.Context, group *errgroup.Group) error {
			in, err := c.newIntake(ctx, s, group, prometheus.NewRegistry())
			if err != nil {
				return err
			}
			streams, err := in.loader.Status(ctx)
			if err != nil {
				return err
			}
			if err := i.print(c, streams); err != nil {
				return err
			}
			if alarms := slices.DeleteFunc(streams, func(s loader.StreamStatus) bool { return s.Alarm == "" }); len(alarms) > 0 {
				return &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d streams have an alarm (%d 条流告警)", len(alarms), len(alarms))}
			}
			return nil
		})
	})
}

func (i ingestStatusCommand) print(c *call, streams []loader.StreamStatus) error {
	if i.JSON {
		for _, s := range streams {
			if err := json.NewEncoder(c.out).Encode(s); err != nil {
				return fmt.Errorf("print the streams: %w", err)
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "topic 主题\tpartition 分区\tposition 位置\tlag 滞后\tstate 状态\talarm 告警")
	for _, s := range streams {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\n", s.Topic, s.Partition, s.Position, s.Lag, s.State, s.Alarm)
	}
	return w.Flush()
}

type ingestPauseCommand struct {
	Topic  string `arg:"" help:"Topic, such as hj.case."`
	Reason string `help:"Why; kept with the pause." required:"" placeholder:"TEXT"`
}

// Help gives an example.
func (ingestPauseCommand) Help() string {
	return "Example: hengjian ingest pause hj.case --reason \"the sender repeats a month\"\n\nThe records stay in Kafka: its retention bounds how long a pause may be."
}

// Run pauses.
func (p ingestPauseCommand) Run(c *call) error { return c.setPaused(p.Topic, true, p.Reason) }

type ingestResumeCommand struct {
	Topic  string `arg:"" help:"Topic, such as hj.case."`
	Reason string `help:"Why; kept with the resumption." placeholder:"TEXT"`
}

// Help gives an example.
func (ingestResumeCommand) Help() string { return "Example: hengjian ingest resume hj.case" }

// Run resumes.
func (p ingestResumeCommand) Run(c *call) error { return c.setPaused(p.Topic, false, p.Reason) }

// setPaused writes a pause or a resumption of a topic that a contract names.
func (c *call) setPaused(topic string, paused bool, reason string) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		var topics []string
		for _, t := range s.defs.contracts.Types() {
			topics = append(topics, t.Topic())
		}
		if !slices.Contains(topics, topic) {
			return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("no topic is called %s (没有这个主题); there are: %s", topic, strings.Join(topics, ", "))}
		}
		who := "unknown"
		if u, err := user.Current(); err == nil {
			who = u.Username
		}
		if err := loader.SetPaused(ctx, s.owner, topic, paused, who, reason); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "%s %s at %s\n", topic, map[bool]string{true: "is paused (已暂停)", false: "goes on (已恢复)"}[paused], time.Now().In(shanghai()).Format(time.DateTime))
		return err
	})
}
