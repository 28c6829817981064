package contract

import (
	"encoding/json"
	"fmt"
	"io"
)

// AsyncAPI writes the AsyncAPI 3 document (JSON) of every Kafka topic: what
// departments send, with a sample of each message, and the receipts that each
// sender reads.
func (c *Catalogue) AsyncAPI(w io.Writer) error {
	channels, messages, operations := node{}, node{}, node{}
	for _, t := range c.types {
		if t.Door != "kafka" {
			continue
		}
		var sample any
		if err := json.Unmarshal(t.Sample(), &sample); err != nil {
			return fmt.Errorf("sample of %s: %w", t.Name, err)
		}
		messages[t.Name] = node{
			"name": t.Name, "title": t.ZH + " / " + t.EN, "contentType": "application/json",
			"payload":  node{"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": t.message()},
			"examples": []any{node{"name": t.Name, "payload": sample}},
		}
		channels[t.Name] = node{
			"address": t.Topic(), "title": t.ZH, "description": fmt.Sprintf("%s Senders: %v. Key: the natural key (%v).", t.Doc, t.Senders, t.Key),
			"messages": node{t.Name: node{"$ref": "#/components/messages/" + t.Name}},
		}
		operations["send_"+t.Name] = node{
			"action": "receive", "channel": node{"$ref": "#/channels/" + t.Name}, "summary": "Departments send " + t.EN,
		}
	}
	channels["receipts"] = node{
		"address": ReceiptTopic("{sender}"), "title": "回执", "description": "What became of each record of one sender. Where the brokers check rights, only the principal of that sender may read it, by itself or in the consumer group of the same name.",
		"parameters": node{"sender": node{"description": "organ code of the sender"}},
		"messages":   node{"receipt": node{"$ref": "#/components/messages/receipt"}},
	}
	messages["receipt"] = node{
		"name": "receipt", "title": "回执 / Receipt", "contentType": "application/json",
		"payload": node{"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": receiptSchema()},
	}
	operations["read_receipts"] = node{"action": "send", "channel": node{"$ref": "#/channels/receipts"}, "summary": "The platform answers each record once"}
	return writeJSON(w, node{
		"asyncapi":           "3.0.0",
		"info":               node{"title": "衡鉴 Hengjian: records that departments send", "version": c.digest[:16], "description": "Generated from the record contracts."},
		"defaultContentType": "application/json",
		"channels":           channels, "operations": operations, "components": node{"messages": messages},
	})
}

// ReceiptTopic returns the topic on which one sender reads its receipts (回执).
func ReceiptTopic(sender string) string { return "hj-receipt." + sender }

// receiptSchema is the schema of a receipt.
func receiptSchema() node {
	text, whole := node{"type": "string"}, node{"type": "integer", "minimum": 0}
	return node{
		"type": "object", "additionalProperties": false,
		"required": []string{"record_type", "stream", "offset", "outcome", "message_id"},
		"properties": node{
			"record_type": text, "stream": text, "offset": whole, "message_id": text, "sender_seq": whole, "revision": whole,
			"outcome": node{"enum": []string{"accepted", "duplicate", "superseded", "conflict", "quarantined"}},
			"reason":  text, "field": text, "zh": text, "en": text, "remedy_zh": text, "remedy_en": text,
			"flags": node{"type": "array", "items": text},
		},
	}
}
