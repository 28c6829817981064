package repair_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/decode"
	"hengjian/ingest/derive"
	"hengjian/ingest/loader"
	"hengjian/ingest/repair"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
	"hengjian/warehouse/vault"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// organs is a register that grows, as when an organ registers late.
type organs struct{ all []access.Organ }

func (o *organs) Current() *access.Register    { return access.NewRegister(o.all) }
func (o *organs) Reload(context.Context) error { return nil }

type bench struct {
	t       *testing.T
	db      *warehouse.DB
	c       *contract.Catalogue
	typ     *contract.Type
	organs  *organs
	vault   *vault.Vault
	blocks  *loader.Sender
	deps    decode.Deps
	desk    *repair.Desk
	deriver *derive.Deriver
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	b := &bench{t: t, db: warehouse.Wrap(s.Conn(t, base), base), organs: &organs{all: []access.Organ{{ID: "o1", Code: "330106", System: "police"}}}}
	b.must(migrations.Apply(t.Context(), b.db))
	var err error
	b.c, err = contract.Load("")
	b.must(err)
	b.typ, _ = b.c.Type("case")
	b.must(contract.Reconcile(t.Context(), b.db, b.c))
	b.vault, err = vault.Open(t.Context(), vault.Config{KeyFile: filepath.Join(t.TempDir(), "key")}, b.db)
	b.must(err)
	b.blocks = loader.NewSender(s.DSN("owner", base))
	t.Cleanup(func() { b.blocks.Close() })
	b.deps = decode.Deps{Catalogue: b.c, Vault: b.vault, Register: b.organs}
	b.desk, err = repair.New(repair.Deps{DB: b.db, Decode: b.deps, Vault: b.vault, Blocks: b.blocks, Now: func() time.Time { return time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC) }})
	b.must(err)
	b.deriver, err = derive.New(derive.DefaultConfig(), derive.Deps{DB: b.db, Catalogue: b.c, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	b.must(err)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// message is the sample with some texts replaced.
func (b *bench) message(replace ...string) []byte {
	var out bytes.Buffer
	b.must(json.Compact(&out, b.typ.Sample()))
	return []byte(strings.NewReplacer(replace...).Replace(out.String()))
}

// load puts messages into the log as the loader would.
func (b *bench) load(messages ...[]byte) {
	b.t.Helper()
	d, err := decode.New(b.typ, b.deps)
	b.must(err)
	block := d.NewBlock()
	for i, m := range messages {
		b.must(d.Append(b.t.Context(), block, decode.Coordinates{Stream: "k/0", Offset: uint64(i), Topic: "hj.case", Landed: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), Batch: "b"}, nil, m, nil))
	}
	b.must(b.blocks.Send(b.t.Context(), "log_case", block, "t"))
	b.must(b.db.Exec(b.t.Context(), "INSERT INTO stream (stream, source, topic, incarnation, partition, record_type, created) SELECT 'k/0', 'kafka', 'hj.case', 1, 0, 'case', now64(3)"))
	b.derive()
}

func (b *bench) derive() {
	b.t.Helper()
	_, err := b.deriver.Once(b.t.Context())
	b.must(err)
}

func (b *bench) text(sql string) string {
	b.t.Helper()
	var s string
	b.must(b.db.QueryRow(b.t.Context(), sql).Scan(&s))
	return s
}

func place(offset uint64) repair.Place {
	return repair.Place{RecordType: "case", Stream: "k/0", Offset: offset}
}

var by = repair.Act{Person: "管理员", Reason: "单位已补登"}

func TestQuarantineIsRepairedAndReplayed(t *testing.T) {
	b := newBench(t)
	late := b.message(`"referred_from_organ":"330106"`, `"referred_from_organ":"330199"`)
	b.load(b.message(), late, b.message(`"2025-03-03"`, `"2025-02-30"`, "12号", "13号"))
	list, err := b.desk.List(t.Context(), repair.Filter{Open: true, Limit: 10})
	b.must(err)
	if len(list) != 2 || list[0].Words.RemedyZH == "" {
		t.Fatalf("quarantine: %+v", list)
	}
	shown, err := b.desk.Show(t.Context(), place(1))
	b.must(err)
	if !bytes.Equal(shown, late) {
		t.Errorf("shown: %s", shown)
	}
	var known *warehouse.Error
	if _, err := b.desk.Show(t.Context(), place(0)); !errors.As(err, &known) || known.Code != warehouse.NotFound {
		t.Errorf("an accepted record is shown: %v", err)
	}
	if _, err := b.desk.Replay(t.Context(), place(1), nil, repair.Act{}); err == nil {
		t.Error("replayed by nobody")
	}
	if _, err := b.desk.Replay(t.Context(), place(1), nil, by); !errors.As(err, &known) || !strings.Contains(known.Message, "still refused") {
		t.Errorf("replayed although still refused: %v", err)
	}
	b.organs.all = append(b.organs.all, access.Organ{ID: "o2", Code: "330199", System: "police"})
	stream, err := b.desk.Replay(t.Context(), place(1), nil, by)
	b.must(err)
	again, err := b.desk.Replay(t.Context(), place(1), nil, by)
	if err != nil || again != stream {
		t.Errorf("the same bytes came in as %s and %s: %v", stream, again, err)
	}
	if _, err := b.desk.Replay(t.Context(), place(2), b.message("12号", "13号"), by); err != nil {
		t.Errorf("a repaired record: %v", err)
	}
	b.derive()
	if got := b.text("SELECT toString(count()) FROM log_case"); got != "5" {
		t.Errorf("%s rows in the log, want 3 and 2 replays", got)
	}
	if got := b.text("SELECT toString(count()) FROM `case` FINAL"); got != "2" {
		t.Errorf("%s dockets", got)
	}
	open, err := b.desk.List(t.Context(), repair.Filter{Open: true, Limit: 10})
	all, errAll := b.desk.List(t.Context(), repair.Filter{RecordType: "case", Limit: 10})
	if errors.Join(err, errAll) != nil || len(open) != 0 || len(all) != 2 || all[0].ReplayedBy != by.Person {
		t.Errorf("after the replays: %+v, all %+v", open, all)
	}
}

func TestRedecodeTellsItsEffectFirst(t *testing.T) {
	b := newBench(t)
	b.load(b.message(), b.message(`"referred_from_organ":"330106"`, `"referred_from_organ":"330199"`, "12号", "14号"), []byte("{"))
	e, err := b.desk.Redecode(t.Context(), b.typ, nil)
	b.must(err)
	if e.Accepted != 1 || e.Refused != 2 || e.NowAccepted != 0 || e.StillRefused["unknown_organ"] != 1 || len(e.NowRefused) != 0 {
		t.Fatalf("before: %+v", e)
	}
	b.organs.all = append(b.organs.all, access.Organ{ID: "o2", Code: "330199", System: "police"})
	e, err = b.desk.Redecode(t.Context(), b.typ, nil)
	b.must(err)
	if e.NowAccepted != 1 || e.Replayed != 0 || b.text("SELECT toString(count()) FROM log_case") != "3" {
		t.Fatalf("shown only: %+v", e)
	}
	e, err = b.desk.Redecode(t.Context(), b.typ, &by)
	if err != nil || e.Replayed != 1 || b.text("SELECT toString(count()) FROM log_case") != "4" {
		t.Fatalf("applied: %+v %v", e, err)
	}
	e, err = b.desk.Redecode(t.Context(), b.typ, &by)
	if err != nil || e.Replayed != 0 || e.Refused != 1 || e.Accepted != 2 {
		t.Errorf("twice: %+v %v", e, err)
	}
	b.organs.all = b.organs.all[1:]
	e, err = b.desk.Redecode(t.Context(), b.typ, nil)
	if err != nil || e.NowRefused["sender_mismatch"]+e.NowRefused["unknown_organ"] != 2 {
		t.Errorf("a stricter register: %+v %v", e, err)
	}
	b.must(b.vault.Destroy(t.Context(), "2025-06", "330106"))
	e, err = b.desk.Redecode(t.Context(), b.typ, nil)
	if err != nil || e.Unreadable == 0 {
		t.Errorf("after the keys expired: %+v %v", e, err)
	}
}

func TestAPersonRulesOnAConflict(t *testing.T) {
	b := newBench(t)
	b.load(b.message(), b.message(`"sender_seq":1`, `"sender_seq":2`, `"amount":"1000.00"`, `"amount":"5.00"`))
	list, err := b.desk.Conflicts(t.Context(), "", 10)
	b.must(err)
	if len(list) != 1 || list[0].Offset != 1 || list[0].StandsOffset != 0 || list[0].Holds {
		t.Fatalf("conflicts: %+v", list)
	}
	if err := b.desk.Rule(t.Context(), place(7), by); err == nil {
		t.Error("ruled where nothing is contested")
	}
	for i, c := range []struct {
		offset uint64
		want   string
	}{{1, "5"}, {0, "1000"}} {
		b.must(b.desk.Rule(t.Context(), place(c.offset), by))
		b.derive()
		if got := b.text("SELECT concat(toString(amount), ' ', toString(ruling)) FROM `case` FINAL"); got != fmt.Sprintf("%s %d", c.want, i+1) {
			t.Errorf("after ruling %d: %s", i+1, got)
		}
	}
	list, err = b.desk.Conflicts(t.Context(), "case", 10)
	if err != nil || len(list) != 1 || list[0].Ruling != 2 || list[0].Holds {
		t.Errorf("after the rulings: %+v %v", list, err)
	}
}
