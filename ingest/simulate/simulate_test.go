package simulate

import (
	"context"
	"testing"
)

type discard struct{ n, bytes int }

func (d *discard) Put(_ context.Context, _ string, key, value []byte) error {
	d.n++
	d.bytes += len(value)
	return nil
}

func BenchmarkEmit(b *testing.B) {
	k, err := New(Config{Seed: 1, Cases: 2000, Faults: 0.05})
	if err != nil {
		b.Fatal(err)
	}
	d := &discard{}
	for b.Loop() {
		if err := k.Emit(context.Background(), d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(d.n)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(d.n)/float64(b.N), "records/country")
	b.ReportMetric(float64(d.bytes)/float64(d.n), "bytes/record")
}

func TestLook(t *testing.T) {
	k, err := New(Config{Seed: 1, Cases: 2000, Faults: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	tr := k.Truth()
	t.Log(len(k.organs), len(k.areas), tr.Records, tr.Current, tr.Faults, tr.Links)
	for i, n := range noteNames {
		if tr.Planned[n] == 0 {
			t.Log("missing", i, n)
		}
	}
	t.Log(tr.Planned)
	s, _ := NewDirSink("/tmp/simlook")
	if err := k.Emit(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	s.Close()
}
