package receipt

import (
	"context"
	"fmt"
	"strings"

	"hengjian/ingest/broker"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// guardOld gives the topics of earlier starts the rights that the readers of
// today say, once per start. A sender without a reader, or that the register no
// longer knows, is read by nobody.
func (p *Publisher) guardOld(ctx context.Context, register *access.Register) error {
	if p.looked {
		return nil
	}
	topics, err := p.deps.Broker.Topics(ctx)
	if err != nil {
		return fmt.Errorf("list the topics of receipts: %w", err)
	}
	for _, topic := range topics {
		sender, ours := strings.CutPrefix(topic, contract.ReceiptTopic(""))
		if !ours {
			continue
		}
		reader := p.deps.Readers[sender]
		if _, known := register.ByCode(sender); !known {
			reader = ""
		}
		if err := p.guard(ctx, topic, reader); err != nil {
			return err
		}
		p.topics[topic] = true
	}
	p.looked = true
	return nil
}

// guard sets the rights of one topic and says in the log what is not as it
// should be: once per start where it concerns the brokers, else per topic.
func (p *Publisher) guard(ctx context.Context, topic, reader string) error {
	g, err := p.deps.Broker.Guard(ctx, topic, reader)
	if err != nil {
		return fmt.Errorf("guard the topic of receipts: %w", err)
	}
	if len(g.Taken) > 0 {
		p.deps.Log.Warn("rights to receipts were taken away from all but their sender", "topic", topic, "principals", g.Taken)
	}
	log := p.deps.Log.With("topic", topic, "rights", g.State)
	switch g.State {
	case broker.Nobody:
		log.Info("nobody may read these receipts: name the sender's principal in ingest.principals")
	case broker.Others:
		log.Warn("rights that name more topics than this one let others read receipts: narrow them", "principals", g.Others)
	case broker.Open, broker.Unknown:
		if p.told[g.State] {
			return nil
		}
		p.told[g.State] = true
		log.Warn(map[string]string{
			broker.Open:    "the brokers check no rights: whoever reaches them can read all receipts; give them an authorizer",
			broker.Unknown: "the brokers let this account neither see nor set rights: grant it DESCRIBE and ALTER on the cluster, or set the rights of hj-receipt topics by hand",
		}[g.State])
	}
	return nil
}
