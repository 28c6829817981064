package receipt_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/brokertest"
	"hengjian/ingest/receipt"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// received reads a sender's topic as "stream:offset outcome reason".
func received(t *testing.T, c *broker.Client, sender string) (lines []string, all []receipt.Receipt) {
	t.Helper()
	got, err := c.Fetch(t.Context(), contract.ReceiptTopic(sender), 0, 0, 1<<20, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Records {
		var one receipt.Receipt
		if err := json.Unmarshal(r.Value, &one); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s:%d %s %s", one.Stream, one.Offset, one.Outcome, one.Reason)))
		all = append(all, one)
	}
	return lines, all
}

// desk is a warehouse with two police organs, GA1 and GA2.
type desk struct {
	t         *testing.T
	db        *warehouse.DB
	catalogue *contract.Catalogue
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	d := &desk{t: t, db: warehouse.Wrap(s.Conn(t, base), base)}
	d.must(migrations.Apply(t.Context(), d.db))
	var err error
	d.catalogue, err = contract.Load("")
	d.must(err)
	d.must(contract.Reconcile(t.Context(), d.db, d.catalogue))
	for i, code := range []string{"GA1", "GA2"} {
		d.exec(fmt.Sprintf(`INSERT INTO organ (key, revision, version, organ_id, code, code_system, name, system, level, kind, region, admin_order, valid_from)
SELECT 'o%d', 1, 1, 'o%d', '%s', 'police', '某公安局', 'police', 'county', 'regular', '330106', %d, '2000-01-01'`, i, i, code, i))
	}
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) exec(sql string) { d.t.Helper(); d.must(d.db.Exec(d.t.Context(), sql)) }

// land puts a record into the log and, where fate is not empty, decides it.
func (d *desk) land(offset int, sender, status, reason, fate string) {
	d.t.Helper()
	d.exec(fmt.Sprintf(`INSERT INTO log_case (stream, offset, batch, landed, status, reason, field, op, revision, message_id, sender, sender_seq, key, digest)
SELECT 'k/0', %d, 'b', now64(3), '%s', '%s', 'opened_on', 'upsert', 1, 'm%d', '%s', %d, 'k%d', MD5('x') || MD5('x')`, offset, status, reason, offset, sender, offset, offset))
	if fate != "" {
		d.exec(fmt.Sprintf("INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) SELECT 'case', 'k/0', %d, 'k%d', 1, '%s', '%s', now64(3)", offset, offset, fate, sender))
	}
}

// publisher answers over client; readers are the principals by organ code.
func (d *desk) publisher(client *broker.Client, readers map[string]string, log io.Writer) *receipt.Publisher {
	d.t.Helper()
	p, err := receipt.New(receipt.DefaultConfig(), receipt.Deps{DB: d.db, Catalogue: d.catalogue, Broker: client, Readers: readers, Log: slog.New(slog.NewTextHandler(log, nil))})
	d.must(err)
	return p
}

func TestEverySenderIsAnswered(t *testing.T) {
	d := newDesk(t)
	must, exec, land := d.must, d.exec, d.land
	land(0, "GA1", "accepted", "", "applied")
	land(1, "GA2", "refused", "not_a_date", "")
	land(2, "GA1", "accepted", "", "duplicate")
	land(3, "nobody", "refused", "sender_mismatch", "")
	land(4, "GA1", "accepted", "", "") // not derived yet: it and what follows wait
	land(5, "GA1", "refused", "not_a_date", "")
	client := brokertest.Start(t).Dial(t)
	publisher := func() *receipt.Publisher { return d.publisher(client, nil, io.Discard) }
	once := func(p *receipt.Publisher, want int) {
		t.Helper()
		if n, err := p.Once(t.Context()); err != nil || n != want {
			t.Fatalf("%d receipts, want %d: %v", n, want, err)
		}
	}
	once(publisher(), 3)
	once(publisher(), 0) // the position is in the warehouse
	lines, _ := received(t, client, "GA1")
	if want := []string{"k/0:0 accepted", "k/0:2 duplicate"}; !slices.Equal(lines, want) {
		t.Errorf("GA1 reads %v, want %v", lines, want)
	}
	lines, all := received(t, client, "GA2")
	if want := []string{"k/0:1 quarantined not_a_date"}; !slices.Equal(lines, want) {
		t.Fatalf("GA2 reads %v, want %v", lines, want)
	}
	if r := all[0]; r.ZH == "" || r.RemedyEN == "" || r.Field != "opened_on" || r.MessageID != "m1" || r.RecordType != "case" {
		t.Errorf("the receipt says too little: %+v", r)
	}
	topics, err := client.Topics(t.Context())
	must(err)
	if slices.Contains(topics, contract.ReceiptTopic("nobody")) {
		t.Error("a sender that the register does not know got a topic")
	}
	exec("INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) SELECT 'case', 'k/0', 4, 'k4', 1, 'conflict', 'GA1', now64(3)")
	once(publisher(), 2)
	lines, _ = received(t, client, "GA1")
	if want := []string{"k/0:0 accepted", "k/0:2 duplicate", "k/0:4 conflict", "k/0:5 quarantined not_a_date"}; !slices.Equal(lines, want) {
		t.Errorf("GA1 reads %v, want %v", lines, want)
	}
}
