package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

type ingestReceiptsCommand struct {
	JSON bool `help:"Print one JSON object per topic."`
}

// Help gives an example.
func (ingestReceiptsCommand) Help() string {
	return "Example: hengjian ingest receipts --kafka-brokers broker:9092\n\nExit 1 when others than the sender may read a topic of receipts, or nobody can tell. The publisher sets the rights anew at each start. (各送数机关回执主题的读取权限)"
}

// Run looks at the rights and changes none.
func (i ingestReceiptsCommand) Run(c *call) error {
	readers, err := senderPrincipals(c.cfg.Ingest.Principals)
	if err != nil {
		return err
	}
	if len(c.cfg.Kafka.Brokers) == 0 {
		_, err := fmt.Fprintln(c.out, "the embedded broker checks no rights: it listens on 127.0.0.1 for this machine alone (内嵌消息服务不设访问控制，仅供本机使用)")
		return err
	}
	return c.alongside(c.ctx, func(ctx context.Context, group *errgroup.Group) error {
		client, err := c.dialBroker(ctx, group, c.cfg.Log.logger(c.err))
		if err != nil {
			return err
		}
		defer client.Close()
		topics, err := client.Topics(ctx)
		if err != nil {
			return err
		}
		var all []broker.Guard
		for _, topic := range topics {
			sender, ours := strings.CutPrefix(topic, contract.ReceiptTopic(""))
			if !ours {
				continue
			}
			g, err := client.Guarded(ctx, topic, readers[sender])
			if err != nil {
				return err
			}
			all = append(all, g)
		}
		return i.print(c, all)
	})
}

// print lists the topics and fails when one is read by others.
func (i ingestReceiptsCommand) print(c *call, all []broker.Guard) error {
	wide := 0
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	if !i.JSON {
		fmt.Fprintln(w, "topic 主题\tsender's principal 送数机关账户\treadable by 可读者\tothers 其他可读者")
	}
	words := map[string]string{
		broker.Own: "the sender alone 仅本机关", broker.Nobody: "nobody 无人", broker.Others: "others too 另有他人",
		broker.Open: "everybody: the brokers check no rights 任何人：消息服务未设访问控制", broker.Unknown: "unknown: this account may not see rights 不明：本账户无权查看",
	}
	for _, g := range all {
		if g.State != broker.Own && g.State != broker.Nobody {
			wide++
		}
		if i.JSON {
			if err := json.NewEncoder(c.out).Encode(g); err != nil {
				return fmt.Errorf("print the rights: %w", err)
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", g.Topic, g.Reader, words[g.State], strings.Join(append(g.Taken, g.Others...), " "))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the rights: %w", err)
	}
	if wide > 0 {
		return &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d of %d topics of receipts are not known to be read by their sender alone (%d 个回执主题未能确认仅由本机关读取)", wide, len(all), wide)}
	}
	return nil
}

// senderPrincipals reads {"organ code": "User:name"}; "" means that nobody reads receipts.
func senderPrincipals(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the file of the senders' principals cannot be read: check ingest.principals", Err: err}
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "ingest.principals is not a JSON object of organ codes and Kafka principals", Err: err}
	}
	for code, principal := range all {
		if name, ok := strings.CutPrefix(principal, "User:"); !ok || name == "" || name == "*" || name == "ANONYMOUS" {
			return nil, &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("ingest.principals: %s has %q: write one user of the brokers, such as User:hangzhou-police", code, principal)}
		}
	}
	return all, nil
}
