package quality_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hengjian/ingest/quality"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// TestEachCheckFindsItsBreach fills one sender per kind of fault and an honest
// one, who must not show.
func TestEachCheckFindsItsBreach(t *testing.T) {
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	exec := func(sql string) { t.Helper(); must(db.Exec(t.Context(), sql)) }
	must(migrations.Apply(t.Context(), db))
	catalogue, err := contract.Load("")
	must(err)
	must(contract.Reconcile(t.Context(), db, catalogue))
	// rows of a sender in a month, of which so many have no opening day, with one charge
	fill := func(sender string, month, n, empty int, charge string) {
		exec(fmt.Sprintf("INSERT INTO `case` (key, revision, version, stream, offset, sender, business_on, organ, organ_id, handling_region, compartment, docket_kind, docket_number, docket_number_norm, charge, opened_on) "+
			"SELECT concat('%[1]s|%[2]d|', toString(number)), 1, 1, 'k', number, '%[1]s', addMonths(toDate32('2025-01-10'), %[2]d), '%[1]s', '%[1]s', '330106', 'general', 'police_investigation', 'n', 'n', '%[5]s', if(number < %[4]d, NULL, toDate32('2025-01-01')) FROM numbers(%[3]d)", sender, month, n, empty, charge))
	}
	for month := range 6 { // January to June
		fill("honest", month, 40, 4, "盗窃")
		fill("stops", month, map[bool]int{true: 40, false: 3}[month < 5], 0, "盗窃罪")
		fill("excused", month, map[bool]int{true: 40, false: 3}[month < 5], 0, "盗窃罪")
		fill("empties", month, 40, map[bool]int{true: 2, false: 30}[month < 5], "盗窃罪")
		if month == 0 {
			fill("quiet", month, 1, 0, "诈骗罪")
		}
	}
	fill("invents", 5, 40, 0, "偷东西罪")
	exec("INSERT INTO `case` (key, revision, version, sender, business_on, organ, organ_id) SELECT 'edge', 1, 1, 'edge', toDate32('2025-06-30'), 'edge', 'edge'")
	land := func(sender, status, reason, field, flags string, from, n int) {
		exec(fmt.Sprintf("INSERT INTO log_case (stream, offset, landed, status, reason, field, flags, sender, sender_seq, sent_time) SELECT '%s', %d + number, toDateTime64('2025-06-10 00:00:00', 3), '%s', '%s', '%s', %s, '%s', %d + number, toDateTime64('2025-06-10 00:00:00', 3) FROM numbers(%d)",
			sender, from, status, reason, field, flags, sender, from, n))
	}
	land("honest", "accepted", "", "", "[]", 1, 40)
	land("codes", "accepted", "", "", "['source:unknown_value']", 1, 5)
	land("codes", "accepted", "", "", "[]", 6, 35)
	land("dates", "refused", "not_a_date", "opened_on", "[]", 1, 5)
	land("dates", "accepted", "", "", "[]", 9, 35) // 6, 7, 8 are missing
	exec("INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) SELECT 'case', 'k', number, 'k', 1, if(number < 10, 'duplicate', 'applied'), 'repeats', now64(3) FROM numbers(40)")
	overlay := t.TempDir()
	must(os.Mkdir(filepath.Join(overlay, "quality"), 0o700))
	must(os.WriteFile(filepath.Join(overlay, "quality", "own.yaml"), []byte("exemptions:\n  - {type: case, check: stable_rows, sender: excused, from: 2025-06-01, to: 2025-06-30, reason: {zh: 系统切换, en: The system was replaced}}\n"), 0o600))
	k, err := quality.New(quality.DefaultConfig(), quality.Deps{DB: db, Catalogue: catalogue, Overlay: overlay, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: func() time.Time { return time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC) }})
	must(err)
	r, err := k.Once(t.Context())
	must(err)
	var got []string
	for _, f := range r.Findings {
		exempt := ""
		if f.Exempt != nil {
			exempt = " " + f.Exempt.ReasonEN
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %d/%d%s", f.Kind, f.Field, f.Sender, f.Month, f.Bad, f.Total, exempt))
	}
	slices.Sort(got)
	want := []string{
		"distinct_keys  repeats 2025-06-01 10/40",
		"known_values charge invents 2025-06-01 40/40",
		"known_values source codes 2025-06-01 5/40",
		"non_null opened_on empties 2025-06-01 30/40",
		"readable_dates opened_on dates 2025-06-01 5/40",
		"stable_rows  excused 2025-06-01 3/3 The system was replaced",
		"stable_rows  stops 2025-06-01 3/3",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var first, last, exempted uint64
	must(db.QueryRow(t.Context(), "SELECT first, last FROM sequence_gap WHERE sender = 'dates'").Scan(&first, &last))
	must(db.QueryRow(t.Context(), "SELECT count() FROM quality_check WHERE state = 'exempt' AND reason_zh = '系统切换'").Scan(&exempted))
	if first != 6 || last != 8 || r.Gaps != 1 || exempted != 1 {
		t.Errorf("gap %d to %d of %d, %d exempted", first, last, r.Gaps, exempted)
	}
}

func TestExemptionsAreCheckedOnLoad(t *testing.T) {
	catalogue, err := contract.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"{type: weather, check: stable_rows, sender: a, from: 2025-01-01, to: 2025-02-01, reason: {zh: 甲, en: A}}":     "no record type",
		"{type: case, check: colour, sender: a, from: 2025-01-01, to: 2025-02-01, reason: {zh: 甲, en: A}}":             "there is no check",
		"{type: case, check: non_null, field: x, sender: a, from: 2025-01-01, to: 2025-02-01, reason: {zh: 甲, en: A}}": "has no field",
		"{type: case, check: non_null, sender: a, from: 2025-03-01, to: 2025-02-01, reason: {zh: 甲, en: A}}":           "ends before it begins",
		"{type: case, check: non_null, sender: a, from: 2025-13-01, to: 2025-22-01, reason: {zh: 甲, en: A}}":           "not a date",
		"{type: case, check: non_null, sender: a, from: 2025-01-01, to: 2025-02-01}":                                   "\"reason\" is missing",
	} {
		dir := t.TempDir()
		if err := errors.Join(os.Mkdir(filepath.Join(dir, "quality"), 0o700), os.WriteFile(filepath.Join(dir, "quality", "x.yaml"), []byte("exemptions:\n  - "+text+"\n"), 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err := quality.New(quality.DefaultConfig(), quality.Deps{DB: &warehouse.DB{}, Catalogue: catalogue, Overlay: dir, Log: slog.Default(), Now: time.Now})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "x.yaml:2:") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
