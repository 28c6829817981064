package filedrop_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"

	"hengjian/ingest/decode"
	"hengjian/ingest/filedrop"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
	"hengjian/warehouse/vault"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// plainSender inserts blocks with ch-go; after fail blocks it answers as a lost connection.
type plainSender struct {
	client *ch.Client
	fail   int
	sent   int
}

var errLost = errors.New("connection lost")

func (s *plainSender) Send(ctx context.Context, table string, b *decode.Block, token string) error {
	if s.sent++; s.fail > 0 && s.sent > s.fail {
		return errLost
	}
	return s.client.Do(ctx, ch.Query{
		Body: b.Input().Into(table), Input: b.Input(),
		Settings: []ch.Setting{{Key: "async_insert", Value: "0"}, {Key: "insert_deduplication_token", Value: token}},
	})
}

type fixedRegister struct{ r *access.Register }

func (f fixedRegister) Current() *access.Register { return f.r }

func (fixedRegister) Reload(context.Context) error { return nil }

type fixture struct {
	db        *warehouse.DB
	catalogue *contract.Catalogue
	sender    *plainSender
	deps      filedrop.Deps
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if err := contract.Reconcile(t.Context(), db, catalogue); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Open(t.Context(), vault.Config{KeyFile: filepath.Join(t.TempDir(), "key")}, db)
	if err != nil {
		t.Fatal(err)
	}
	dsn, err := url.Parse(s.DSN("owner", base))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := dsn.User.Password()
	client, err := ch.Dial(t.Context(), ch.Options{Address: dsn.Host, Database: base, User: dsn.User.Username(), Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	organs := access.NewRegister([]access.Organ{{ID: "o1", Code: "A330100", System: "police"}, {ID: "o2", Code: "J330100", System: "procuratorate"}})
	f := &fixture{db: db, catalogue: catalogue, sender: &plainSender{client: client}}
	f.deps = filedrop.Deps{
		DB: db, Blocks: f.sender, Sender: "A330100", Landed: time.Date(2025, 6, 1, 4, 0, 0, 0, time.UTC),
		Decode: decode.Deps{Catalogue: catalogue, Vault: keys, Register: fixedRegister{organs}},
	}
	return f
}

func (f *fixture) contract(t *testing.T, name string) *contract.Type {
	t.Helper()
	ct, ok := f.catalogue.Type(name)
	if !ok {
		t.Fatal("no contract " + name)
	}
	return ct
}

func (f *fixture) text(t *testing.T, sql string) string {
	t.Helper()
	var s string
	if err := f.db.QueryRow(t.Context(), sql).Scan(&s); err != nil {
		t.Fatal(sql, err)
	}
	return s
}

func TestOfficialFiguresAreTakenWholeAndOnce(t *testing.T) {
	f := newFixture(t)
	name, data, err := filedrop.Official()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ct := f.contract(t, "official_figure")
	f.deps.Sender = "spp"
	got, err := filedrop.Load(t.Context(), name, data, ct, f.deps)
	if err != nil {
		t.Fatal(err)
	}
	if want := uint64(len(rows) - 1); got.Counts.Read != want || got.Counts.Accepted != want || got.Already {
		t.Fatalf("%+v, want %d accepted: %s", got, want, f.text(t, "SELECT toString(groupArray((offset, reason, field, masked))) FROM log_official_figure WHERE status = 'refused'"))
	}
	sum := sha256.Sum256(data)
	if want := "file:" + hex.EncodeToString(sum[:])[:16] + "/official_figures.csv"; got.Stream != want {
		t.Errorf("stream %s, want %s", got.Stream, want)
	}
	const figure = "SELECT concat(printed, ' ', toString(low), ' ', toString(high), ' ', unit, ' ', toString(confirmed), ' ', key) FROM log_official_figure WHERE measure = '%' AND period = "
	for _, c := range [][3]string{
		{"arrests_approved_and_decided", "2021Q1", "193,053 193053 193053 person true spp-2021Q1|arrests_approved_and_decided|2021Q1"},
		{"arrests_refused", "2022Q1", "8.6万 85500 87000 person true spp-2022Q1|arrests_refused|2022Q1"},
		{"juvenile_prosecuted", "2023Q1", "6,200余 6200 6300 person true spp-2023Q1|juvenile_prosecuted|2023Q1"},
		{"plea_leniency_rate", "2022Q1", ">85% 85 100 percent true spp-2022Q1|plea_leniency_rate|2022Q1"},
		{"arrest_refusal_rate", "2021", "31.2% 31.15 31.3 percent false spp-2021|arrest_refusal_rate|2021"},
	} {
		if s := f.text(t, strings.Replace(figure, "%", c[0], 1)+"'"+c[1]+"'"); s != c[2] {
			t.Errorf("%s %s: %s, want %s", c[0], c[1], s, c[2])
		}
	}
	again, err := filedrop.Load(t.Context(), "another name.csv", data, ct, f.deps)
	if err != nil || !again.Already || again.Stream != got.Stream || again.Counts.Read != 0 || !strings.Contains(again.Message, got.Stream) {
		t.Errorf("second load: %+v %v", again, err)
	}
	if n := f.text(t, "SELECT toString(count()) FROM log_official_figure"); n != strconv.Itoa(len(rows)-1) {
		t.Errorf("%s rows after the second load", n)
	}
}

// The published counts of one period give its published rate, within a tenth of
// a point for full counts; a mistyped figure would not.
func TestPublishedCountsGivePublishedRates(t *testing.T) {
	_, data, err := filedrop.Official()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	low, high := map[string]float64{}, map[string]float64{}
	for _, r := range rows[1:] {
		l, errL := strconv.ParseFloat(r[5], 64)
		h, errH := strconv.ParseFloat(r[6], 64)
		if errL != nil || errH != nil || l > h {
			t.Fatalf("%v: interval %s to %s", r[:4], r[5], r[6])
		}
		low[r[1]+" "+r[2]], high[r[1]+" "+r[2]] = l, h
	}
	for _, c := range []struct{ num, other, rate, period string }{
		{"filing_supervision_adopted", "", "filing_supervision", "2021Q1"},
		{"investigation_corrections_adopted", "", "investigation_correction", "2021Q1"},
		{"trial_corrections_adopted", "", "trial_correction", "2021Q1"},
		{"sentence_change_corrections_adopted", "", "sentence_change_correction", "2021Q1"},
		{"execution_corrections_adopted", "", "execution_correction", "2021Q1"},
		{"community_corrections_adopted", "", "community_correction", "2021Q1"},
		{"admin_retrial_recommendations_adopted", "", "admin_retrial_recommendation", "2022H1"},
		{"not_prosecuted", "prosecuted", "non_prosecution", "2021Q1-Q3"},
		{"not_prosecuted", "prosecuted", "non_prosecution", "2022Q1"},
		{"not_prosecuted", "prosecuted", "non_prosecution", "2022H1"},
		{"not_prosecuted", "prosecuted", "non_prosecution", "2022Q1-Q3"},
		{"not_prosecuted", "prosecuted", "non_prosecution", "2023Q1"},
		{"juvenile_arrests_refused", "juvenile_arrests_approved", "juvenile_arrest_refusal", "2021"},
		{"juvenile_not_prosecuted", "juvenile_prosecuted", "juvenile_non_prosecution", "2021"},
		{"juvenile_arrests_refused", "juvenile_arrests_approved", "juvenile_arrest_refusal", "2022Q1"},
		{"juvenile_not_prosecuted", "juvenile_prosecuted", "juvenile_non_prosecution", "2022Q1"},
		{"juvenile_arrests_refused", "juvenile_arrests_approved", "juvenile_arrest_refusal", "2022H1"},
		{"protests_changed", "", "protest_change", "2021Q1"},
		{"protests_changed", "", "protest_change", "2023M1-M11"},
	} {
		num := c.num + " " + c.period
		den := func(num, other map[string]float64) float64 {
			switch {
			case c.other != "":
				return num[c.num+" "+c.period] + other[c.other+" "+c.period]
			case c.rate == "protest_change":
				return other["protests_concluded "+c.period]
			default:
				return other[c.rate+"s "+c.period]
			}
		}
		if c.rate == "filing_supervision" {
			low["filing_supervisions "+c.period], high["filing_supervisions "+c.period] = low["filing_supervision "+c.period], high["filing_supervision "+c.period]
		}
		rate := c.rate + "_rate " + c.period
		least, most := 100*low[num]/den(low, high), 100*high[num]/den(high, low)
		if low[num] == 0 || low[rate] == 0 || least > high[rate]+0.1 || most < low[rate]-0.1 {
			t.Errorf("%s: %.3f to %.3f computed, %.2f to %.2f printed", rate, least, most, low[rate], high[rate])
		}
	}
}

const head = "organ,handling_region,compartment,docket_kind,docket_number,opened_on,juvenile,revision\n"

func TestBadRowsAreQuarantinedInTheSameLog(t *testing.T) {
	f := newFixture(t)
	file := filepath.Join(t.TempDir(), "cases.csv")
	rows := head +
		"A330100,330106,general,police_investigation,杭公立字〔2025〕1号,2025-03-01,true,4\n" +
		"A330100,330106,general,police_investigation,\"含\"\"引号\\的〔2025〕2号\",2025-03-01,,\n" +
		"A330100,330106,general,police_investigation,杭公立字〔2025〕2号,,,\n" +
		"A330100,330106,general,police_investigation,杭公立字〔2025〕3号,2025-03-01,yes,\n" +
		"A330100,330106,general\n" +
		"A339999,330106,general,police_investigation,杭公立字〔2025〕4号,,,\n" +
		"A330100,330106,general,police_investigation,\xff〔2025〕5号,,,\n" +
		"A330100,330106,general,police_investigation,杭公立字〔2025〕6号,,,first\n"
	if err := os.WriteFile(file, []byte("\xef\xbb\xbf"+rows), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := filedrop.LoadCSV(t.Context(), file, f.contract(t, "case"), f.deps)
	if err != nil {
		t.Fatal(err)
	}
	if got.Counts.Read != 8 || got.Counts.Accepted != 2 || got.Counts.Quarantined != 6 {
		t.Errorf("%+v", got)
	}
	const want = "1 4  o1 general 2025-03-01 true|2 0 not_a_document_number NULL NULL NULL NULL|3 1  o1 general NULL NULL|4 0 wrong_kind NULL NULL NULL NULL|" +
		"5 0 not_json NULL NULL NULL NULL|6 0 unknown_organ NULL NULL NULL NULL|7 0 not_utf8 NULL NULL NULL NULL|8 0 wrong_kind NULL NULL NULL NULL"
	rowsNow := f.text(t, `SELECT arrayStringConcat(groupArray(r), '|') FROM (SELECT concat(toString(offset), ' ', toString(if(status = 'accepted', revision, 0)), ' ', reason, ' ', ifNull(organ_id, 'NULL'), ' ',
ifNull(compartment, 'NULL'), ' ', ifNull(toString(opened_on), 'NULL'), ' ', ifNull(toString(juvenile), 'NULL')) AS r FROM log_case ORDER BY offset)`)
	if rowsNow != want {
		t.Errorf("got  %s\nwant %s", rowsNow, want)
	}
	if s := f.text(t, "SELECT concat(topic, ' ', record_type, ' ', source) FROM stream WHERE stream = '"+got.Stream+"'"); s != "cases.csv case file" {
		t.Error(s)
	}
}

func TestBrokenLoadGoesOnAfterTheLastRow(t *testing.T) {
	f := newFixture(t)
	data := head
	for i := range 10 {
		data += "A330100,330106,general,police_investigation,杭公立字〔2025〕" + strconv.Itoa(i+1) + "号,2025-03-01,true,\n"
	}
	f.deps.Rows = 3
	f.sender.fail = 2
	ct := f.contract(t, "case")
	if _, err := filedrop.Load(t.Context(), "c.csv", []byte(data), ct, f.deps); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	f.sender.fail = 0
	got, err := filedrop.Load(t.Context(), "c.csv", []byte(data), ct, f.deps)
	if err != nil || got.Counts.Read != 4 {
		t.Fatal(got, err)
	}
	if s := f.text(t, "SELECT concat(toString(count()), ' ', toString(uniqExact(offset)), ' ', toString(max(offset)), ' ', toString(uniqExact(key))) FROM log_case"); s != "10 10 10 10" {
		t.Error(s)
	}
}

func TestFileThatIsNoneOfThisContractIsRefusedWhole(t *testing.T) {
	f := newFixture(t)
	for name, data := range map[string]string{
		"empty": "", "unknown column": "organ,colour\nA330100,red\n", "column twice": "organ,organ\nA330100,A330100\n", "broken quotes": "organ\n\"A330100\n",
	} {
		if _, err := filedrop.Load(t.Context(), "x.csv", []byte(data), f.contract(t, "case"), f.deps); warehouse.CodeOf(err) != warehouse.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := filedrop.LoadCSV(t.Context(), filepath.Join(t.TempDir(), "absent.csv"), f.contract(t, "case"), f.deps); warehouse.CodeOf(err) != warehouse.NotFound {
		t.Error(err)
	}
	if n := f.text(t, "SELECT toString(count()) FROM log_case"); n != "0" {
		t.Error(n)
	}
}

// Every data file of the folder is named in SOURCES.md with its present digest.
func TestSourcesNameEveryFile(t *testing.T) {
	sources, err := os.ReadFile("data/SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.Name() == "SOURCES.md" {
			continue
		}
		data, err := os.ReadFile(filepath.Join("data", file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if !strings.Contains(string(sources), "`"+file.Name()+"`") || !strings.Contains(string(sources), hex.EncodeToString(sum[:])) {
			t.Errorf("%s: no entry with digest %x in SOURCES.md", file.Name(), sum)
		}
	}
}
