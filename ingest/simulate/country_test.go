package simulate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func country(t testing.TB, c Config) *Country {
	t.Helper()
	k, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// digestSink keeps a digest of everything put.
type digestSink struct {
	h hash.Hash
	n int
}

func (d *digestSink) Put(_ context.Context, topic string, key, value []byte) error {
	d.n++
	for _, part := range [][]byte{[]byte(topic), {0}, key, {0}, value, {0}} {
		d.h.Write(part)
	}
	return nil
}

func digestOf(t testing.TB, k *Country) string {
	t.Helper()
	d := &digestSink{h: sha256.New()}
	if err := k.Emit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(d.n, hex.EncodeToString(d.h.Sum(nil)))
}

func TestSameSeedSameBytes(t *testing.T) {
	c := Config{Seed: 7, Cases: 300, Faults: 0.2}
	first := country(t, c)
	want := digestOf(t, first)
	if got := digestOf(t, first); got != want {
		t.Error("a second Emit of one country differs")
	}
	first.Truth()
	if got := digestOf(t, first); got != want {
		t.Error("asking for the truth changed what is sent")
	}
	if got := digestOf(t, country(t, c)); got != want {
		t.Error("the same seed gave other bytes")
	}
	c.Seed = 8
	if got := digestOf(t, country(t, c)); got == want {
		t.Error("another seed gave the same bytes")
	}
}

func TestChainDependsOnItsIndexOnly(t *testing.T) {
	k := country(t, Config{Seed: 3, Cases: 2000, Faults: 0.1})
	alone, after := k.planner(), k.planner()
	for i := range uint64(40) {
		after.plan(i)
	}
	one, two := alone.plan(40), after.plan(40)
	if a, b := fmt.Sprintf("%+v", one.sendings), fmt.Sprintf("%+v", two.sendings); a != b {
		t.Errorf("chain 40 depends on what was planned before:\n%s\n%s", a, b)
	}
}

func TestEveryPlannedKindOccurs(t *testing.T) {
	tr := country(t, Config{Seed: 1, Cases: 2000, Faults: 0.05}).Truth()
	for _, n := range noteNames {
		if tr.Planned[n] == 0 {
			t.Errorf("no %s in 2000 chains", n)
		}
	}
	for name, n := range tr.Faults {
		if n == 0 {
			t.Errorf("no fault %s in 2000 chains", name)
		}
	}
	seen := map[string]bool{}
	for _, v := range tr.Verdicts {
		seen[v.Rule+" "+v.Outcome] = true
	}
	for _, want := range []string{
		"R032R033 in_time", "R032R033 due_soon", "R032R033 out_of_time", "R032R033 cannot_judge", "R032R033 extended_without_document",
		"R060 in_time", "R060 due_soon", "R060 out_of_time", "R060 cannot_judge", "R060 extended_without_document",
		"R070 in_time", "R070 due_soon", "R070 out_of_time", "R070 cannot_judge", "R070 extended_without_document", "R070 not_applicable",
		"R110 in_time", "R110 due_soon", "R110 out_of_time", "R110 cannot_judge", "R114 in_time", "R114 due_soon", "R114 out_of_time", "R114 cannot_judge",
	} {
		if !seen[want] {
			t.Errorf("no verdict %s planned", want)
		}
	}
}

func TestOrganRegister(t *testing.T) {
	k := country(t, Config{Cases: 1})
	byCode, byID := map[string]*organ{}, map[string]bool{}
	levels, orders := map[string]int{}, map[int]string{}
	for i, o := range k.organs {
		if byCode[o.code] != nil || byID[o.id] {
			t.Errorf("organ %s %s stands twice", o.id, o.code)
		}
		byCode[o.code], byID[o.id] = o, true
		if at := orders[o.order]; at != "" {
			t.Errorf("%s and %s have one order", o.code, at)
		}
		orders[o.order] = o.code
		if i < 10 && o.order != (i+1)*orderStep {
			t.Errorf("%s has order %d at place %d", o.code, o.order, i)
		}
		if o.system == "procuratorate" {
			levels[o.level+" "+o.kind]++
		}
	}
	want := map[string]int{"national regular": 1, "provincial regular": 31, "provincial corps": 1, "prefectural railway": 1, "prefectural corps": len(divisionNames)}
	for level, n := range want {
		if levels[level] != n {
			t.Errorf("%s: %d procuratorates, want %d", level, levels[level], n)
		}
	}
	if n := levels["prefectural regular"]; n < 330 || n > 342 {
		t.Errorf("%d prefectural procuratorates", n)
	}
	for _, o := range k.organs {
		for _, code := range []string{o.ledBy, o.supervisedBy, o.appealsTo, o.peer} {
			if code != "" && byCode[code] == nil {
				t.Errorf("%s names %s, which is no organ", o.code, code)
			}
		}
		if s := byCode[o.supervisedBy]; s != nil && (s.system != "procuratorate" || s.level != o.level) {
			t.Errorf("%s is supervised by %s", o.code, s.code)
		}
		switch o.code[2:4] {
		case "71", "81", "82":
			t.Errorf("organ %s in a unit outside the reporting system", o.code)
		}
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	for name, c := range map[string]Config{
		"cases":  {Cases: 0},
		"many":   {Cases: maxCases + 1},
		"faults": {Cases: 1, Faults: 0.9},
		"window": {Cases: 1, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: %+v was taken", name, c)
		}
	}
}

func TestEmitStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	k := country(t, Config{Cases: 100_000, Progress: func(uint64) { cancel() }})
	d := &digestSink{h: sha256.New()}
	if err := k.Emit(ctx, d); err == nil || d.n > 2*progressEvery {
		t.Errorf("error %v after %d messages", err, d.n)
	}
}

func TestDaysAgreeWithTheTimePackage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day(rapid.IntRange(-20000, 40000).Draw(t, "day"))
		at := time.Unix(int64(d)*86400, 0).UTC()
		if d.String() != at.Format(time.DateOnly) || dayOf(at) != d || d.weekday() != int(at.Weekday()) {
			t.Fatalf("%d: %s, want %s", d, d, at.Format(time.DateOnly))
		}
		n := rapid.IntRange(0, 30).Draw(t, "months")
		later := d.plusMonths(n)
		first := time.Date(at.Year(), at.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1).Day()
		if later.month() != d.month()+int32(n) || later.dayOfMonth() != min(d.dayOfMonth(), last) {
			t.Fatalf("%s and %d months: %s", d, n, later)
		}
	})
}

// nowhere counts messages.
type nowhere struct{ n, bytes int }

func (d *nowhere) Put(_ context.Context, _ string, _, value []byte) error {
	d.n++
	d.bytes += len(value)
	return nil
}

func BenchmarkEmit(b *testing.B) {
	k, d := country(b, Config{Seed: 1, Cases: 2000, Faults: 0.05}), &nowhere{}
	for b.Loop() {
		if err := k.Emit(b.Context(), d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(d.n)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(d.bytes)/float64(d.n), "bytes/record")
}

func BenchmarkTruth(b *testing.B) {
	for b.Loop() {
		country(b, Config{Seed: 1, Cases: 2000, Faults: 0.05}).Truth()
	}
	b.ReportMetric(float64(b.N)*2000/b.Elapsed().Seconds(), "chains/s")
}
