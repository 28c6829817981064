// Package receipt tells each sender what became of every record it sent (签收,
// 退回): one message per record on a topic of that sender alone. It owns the
// table receipt_position. It promises that no record stays without an answer
// and that answers come in the order of each stream; a crash may repeat the
// answers of one pass, and stream and offset tell them apart. Where the brokers
// check rights, a topic is readable by the sender's own principal alone. It never says
// anything of a record that derive has not decided, and never answers a sender
// that the organ register does not know.
package receipt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"

	"hengjian/ingest/broker"
	"hengjian/ingest/regular"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// Broker is what receipts need of the broker.
type Broker interface {
	CreateTopics(ctx context.Context, names []string, partitions int) error
	Writer() *kafka.Writer
	Topics(ctx context.Context) ([]string, error)
	Guard(ctx context.Context, topic, reader string) (broker.Guard, error)
}

// Deps are the neighbours of a Publisher.
type Deps struct {
	DB        *warehouse.DB
	Catalogue *contract.Catalogue
	Broker    Broker
	Readers   map[string]string // the principal that reads an organ's receipts, such as User:hangzhou-police, by organ code; of others nobody reads
	Log       *slog.Logger
}

// Receipt is one answer (回执).
type Receipt struct {
	RecordType string   `json:"record_type"`
	Stream     string   `json:"stream"`
	Offset     uint64   `json:"offset"`
	MessageID  string   `json:"message_id"`
	SenderSeq  uint64   `json:"sender_seq"`
	Revision   uint64   `json:"revision"`
	Outcome    string   `json:"outcome"` // accepted, duplicate, superseded, conflict or quarantined
	Reason     string   `json:"reason,omitempty"`
	Field      string   `json:"field,omitempty"`
	ZH         string   `json:"zh,omitempty"`
	EN         string   `json:"en,omitempty"`
	RemedyZH   string   `json:"remedy_zh,omitempty"`
	RemedyEN   string   `json:"remedy_en,omitempty"`
	Flags      []string `json:"flags,omitempty"`
	sender     string
}

// Publisher answers.
type Publisher struct {
	config Config
	deps   Deps
	topics map[string]bool // that exist and are guarded, since this start
	looked bool            // topics of earlier starts were guarded anew
	told   map[string]bool // states of rights that the log knows
}

// New checks c and d; it starts nothing.
func New(c Config, d Deps) (*Publisher, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.DB == nil || d.Catalogue == nil || d.Broker == nil || d.Log == nil {
		return nil, errors.New("receipts need a database, a catalogue, a broker and a log")
	}
	return &Publisher{config: c, deps: d, topics: map[string]bool{}, told: map[string]bool{}}, nil
}

// Run answers until ctx ends; failures are logged and tried again.
func (p *Publisher) Run(ctx context.Context) error {
	return regular.Run(ctx, p.config.Pause, p.config.Pause, func(ctx context.Context) {
		if _, err := p.Once(ctx); err != nil && ctx.Err() == nil {
			p.deps.Log.Error("receipts could not be sent, will try again", "error", err)
		}
	})
}

// Once answers everything that is decided now and returns how many receipts went out.
func (p *Publisher) Once(ctx context.Context) (int, error) {
	register, err := access.LoadRegister(ctx, p.deps.DB)
	if err != nil {
		return 0, err
	}
	if err := p.guardOld(ctx, register); err != nil {
		return 0, err
	}
	writer := p.deps.Broker.Writer()
	defer writer.Close()
	total := 0
	for _, t := range p.deps.Catalogue.Types() {
		for {
			n, read, err := p.pass(ctx, t, register, writer)
			total += n
			if err != nil {
				return total, fmt.Errorf("answer the senders of %s: %w", t.Name, err)
			}
			if read == 0 {
				break
			}
		}
	}
	return total, nil
}

// pass answers one cut of one type: send first, then the position.
func (p *Publisher) pass(ctx context.Context, t *contract.Type, register *access.Register, writer *kafka.Writer) (sent, read int, err error) {
	receipts, next, err := p.decided(ctx, t)
	if err != nil || len(receipts) == 0 {
		return 0, 0, err
	}
	var messages []kafka.Message
	for _, r := range receipts {
		if _, known := register.ByCode(r.sender); !known || !topicName(r.sender) {
			continue
		}
		m, err := p.message(ctx, r)
		if err != nil {
			return 0, 0, err
		}
		messages = append(messages, m)
	}
	if len(messages) > 0 {
		if err := writer.WriteMessages(ctx, messages...); err != nil {
			return 0, 0, fmt.Errorf("send receipts: %w", err)
		}
	}
	for stream, offset := range next {
		err := p.deps.DB.Exec(ctx, "INSERT INTO receipt_position (record_type, stream, next) SELECT {type:String}, {stream:String}, {next:UInt64}",
			warehouse.Param("type", t.Name), warehouse.Param("stream", stream), warehouse.Param("next", strconv.FormatUint(offset, 10)))
		if err != nil {
			return len(messages), 0, fmt.Errorf("note how far receipts were sent: %w", err)
		}
	}
	return len(messages), len(receipts), nil
}

// decided reads the rows after the positions, per stream up to the first that
// derive has not decided.
func (p *Publisher) decided(ctx context.Context, t *contract.Type) ([]Receipt, map[string]uint64, error) {
	rows, err := p.deps.DB.Query(ctx, fmt.Sprintf(`SELECT l.stream, l.offset, l.refused, l.reason, l.field, l.message_id, l.sender, l.seq, l.revision, l.flags, f.fate FROM
(SELECT toString(g.stream) AS stream, g.offset AS offset, g.status = 'refused' AS refused, toString(g.reason) AS reason, toString(g.field) AS field, g.message_id AS message_id, toString(g.sender) AS sender, g.sender_seq AS seq, g.revision AS revision, CAST(g.flags, 'Array(String)') AS flags
 FROM `+"`log_%s`"+` AS g LEFT JOIN (SELECT stream AS at_stream, max(next) AS next FROM receipt_position WHERE record_type = {type:String} GROUP BY stream) AS p ON p.at_stream = toString(g.stream)
 WHERE g.offset >= p.next ORDER BY stream, offset LIMIT {rows:UInt64} BY stream) AS l
LEFT JOIN (SELECT toString(stream) AS stream, offset, toString(fate) AS fate FROM record_fate FINAL WHERE record_type = {type:String}) AS f ON f.stream = l.stream AND f.offset = l.offset
ORDER BY l.stream, l.offset SETTINGS join_use_nulls = 0`, t.Name), warehouse.Param("type", t.Name), warehouse.Param("rows", strconv.Itoa(p.config.Rows)))
	if err != nil {
		return nil, nil, fmt.Errorf("read what was decided: %w", err)
	}
	defer rows.Close()
	var out []Receipt
	next, waiting := map[string]uint64{}, map[string]bool{}
	for rows.Next() {
		r := Receipt{RecordType: t.Name}
		var refused uint8
		var fate string
		if err := rows.Scan(&r.Stream, &r.Offset, &refused, &r.Reason, &r.Field, &r.MessageID, &r.sender, &r.SenderSeq, &r.Revision, &r.Flags, &fate); err != nil {
			return nil, nil, fmt.Errorf("read what was decided: %w", err)
		}
		if waiting[r.Stream] || (refused == 0 && fate == "") {
			waiting[r.Stream] = true
			continue
		}
		p.word(&r, refused == 1, fate)
		out = append(out, r)
		next[r.Stream] = r.Offset + 1
	}
	return out, next, rows.Err()
}

// word says the outcome in the sender's terms.
func (p *Publisher) word(r *Receipt, refused bool, fate string) {
	r.Outcome = fate
	if fate == "applied" {
		r.Outcome = "accepted"
	}
	if !refused {
		return
	}
	r.Outcome = "quarantined"
	if words, ok := p.deps.Catalogue.Refusal(r.Reason); ok {
		r.ZH, r.EN, r.RemedyZH, r.RemedyEN = words.ZH, words.EN, words.RemedyZH, words.RemedyEN
	}
}

// message makes the Kafka message and, once per sender, its topic.
func (p *Publisher) message(ctx context.Context, r Receipt) (kafka.Message, error) {
	topic := contract.ReceiptTopic(r.sender)
	if !p.topics[topic] {
		if err := p.guard(ctx, topic, p.deps.Readers[r.sender]); err != nil {
			return kafka.Message{}, err
		}
		if err := p.deps.Broker.CreateTopics(ctx, []string{topic}, 1); err != nil {
			return kafka.Message{}, fmt.Errorf("make the topic of receipts: %w", err)
		}
		p.topics[topic] = true
	}
	value, err := json.Marshal(r)
	if err != nil {
		return kafka.Message{}, fmt.Errorf("write a receipt: %w", err)
	}
	return kafka.Message{Topic: topic, Key: []byte(r.Stream + ":" + strconv.FormatUint(r.Offset, 10)), Value: value}, nil
}

// topicName reports whether a sender's code can stand in the name of a topic.
func topicName(code string) bool {
	return code != "" && len(code) <= 64 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}
