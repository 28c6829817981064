package keyed

import (
	"bytes"
	"context"
	"encoding/gob"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/measure"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
)

func maker(t *testing.T, epoch uint32, key byte) *Maker {
	t.Helper()
	m, err := NewMaker(epoch, bytes.Repeat([]byte{key}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// add sends records through a maker into a table, in batches.
func add(t *testing.T, m *Maker, tb *record.Table, raws []record.Raw) {
	t.Helper()
	for part := range slices.Chunk(raws, 700) {
		var asked []record.Asked
		for i := range part {
			asked = append(asked, record.Asked{Key: part[i].Key, Sender: part[i].Sender})
		}
		if err := tb.AddKeyed(m.Batch(part), asked); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLinkingOnKeysLosesLittle links one population by values and by keys.
func TestLinkingOnKeysLosesLittle(t *testing.T) {
	n, err := normal.Load()
	if err != nil {
		t.Fatal(err)
	}
	raws, persons := linktest.Population(6000, 78)
	plain, behind := record.New(n, len(raws)), record.NewKeyed(len(raws))
	truth := make([]measure.Truth, len(raws))
	for i := range raws {
		plain.Add(&raws[i])
		truth[i].Person = persons[i]
	}
	add(t, maker(t, 1, 7), behind, raws)
	link := func(tb *record.Table, plan *level.Plan, err error) (measure.Score, int) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tb.Seal(record.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		c := resolve.DefaultConfig()
		c.Training.Sample = 60_000
		out, err := resolve.Persons(context.Background(), c, resolve.Input{Plan: plan, Table: tb})
		if err != nil {
			t.Fatal(err)
		}
		return measure.Of(out.Clusters.Of, truth), out.Pairs
	}
	standard, err := level.Standard()
	clear, pairs := link(plain, standard, err)
	keyed, err := level.Keyed()
	got, same := link(behind, keyed, err)
	if clear.F1 < 0.98 || clear.F1-got.F1 > 0.006 || pairs != same {
		t.Errorf("F1 %.4f by values and %.4f by keys, %d and %d pairs", clear.F1, got.F1, pairs, same)
	}
	if _, err := resolve.Persons(context.Background(), resolve.DefaultConfig(), resolve.Input{Plan: standard, Table: behind}); err == nil {
		t.Error("a plan for values was used on keys")
	}
}

// TestOneSlipMeets: a number with one sign exchanged, dropped or swapped with its
// neighbour shares a key with the right one; a name of three characters too.
func TestOneSlipMeets(t *testing.T) {
	m := maker(t, 1, 7)
	slip := func(t *rapid.T, text []rune, other rune) []rune {
		out := slices.Clone(text)
		switch at := rapid.IntRange(0, len(text)-2).Draw(t, "at"); rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			out[at] = other
		case 1:
			out = slices.Delete(out, at, at+1)
		default:
			out[at], out[at+1] = out[at+1], out[at]
		}
		return out
	}
	meet := func(x, y []uint64) bool {
		return slices.ContainsFunc(x, func(k uint64) bool { return slices.Contains(y, k) })
	}
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.SliceOfN(rapid.SampledFrom([]rune("0123456789")), 18, 18).Draw(t, "number")
		digits[0], digits[1] = '1', '2' // no placeholder of one digit
		wrong := slip(t, digits, '7')
		if x, y := m.number(string(digits)), m.number(string(wrong)); len(wrong) > 16 && !meet(x.keys.Parts.Near, y.keys.Parts.Near) {
			t.Fatalf("%s and %s share no key", string(digits), string(wrong))
		}
		name := rapid.SliceOfN(rapid.SampledFrom([]rune("王李张伟强军勇杰磊")), 3, 4).Draw(t, "name")
		if x, y := m.name(string(name)), m.name(string(slip(t, name, '涛'))); !meet(x.Near.Text, y.Near.Text) {
			t.Fatalf("%s has no key of a slip", string(name))
		}
	})
	apart := m.number("11010519491231002X").keys.Parts.Near
	if meet(apart, m.number("440103198001010010").keys.Parts.Near) {
		t.Error("two numbers far apart share a key")
	}
}

// TestABatchHoldsNoValue looks for every clear part in the bytes that leave the
// key process, and for keys that another linkage key or another kind would give.
func TestABatchHoldsNoValue(t *testing.T) {
	raws, _ := linktest.Population(300, 5)
	var sent bytes.Buffer
	b := maker(t, 3, 7).Batch(raws)
	if err := gob.NewEncoder(&sent).Encode(b); err != nil {
		t.Fatal(err)
	}
	for i := range raws {
		r := &raws[i]
		for _, clear := range []string{r.Name, r.Number, r.Birth, r.Phone, r.Address, r.Own} {
			if clear != "" && bytes.Contains(sent.Bytes(), []byte(clear)) {
				t.Fatalf("%q leaves the key process", clear)
			}
		}
	}
	seen := map[uint64]bool{}
	for _, n := range b.Numbers {
		seen[n.Whole], seen[n.Tail], seen[n.Parts.Region] = true, true, true
	}
	delete(seen, 0) // the parts that are missing
	for _, n := range maker(t, 4, 8).Batch(raws).Numbers {
		if seen[n.Whole] || seen[n.Tail] || seen[n.Parts.Region] {
			t.Fatal("two linkage keys give one part key")
		}
	}
	m := maker(t, 3, 7)
	if b.Numbers[0].Whole == b.Numbers[0].Tail || m.key(phone, "13800138000") == m.key(address, "13800138000") || b.Epoch != 3 {
		t.Error("two kinds give one key")
	}
}

// TestAChangedKeyEndsTheRun: parts of two linkage keys never meet in one table.
func TestAChangedKeyEndsTheRun(t *testing.T) {
	raws, _ := linktest.Population(20, 5)
	tb := record.NewKeyed(20)
	add(t, maker(t, 1, 7), tb, raws[:10])
	if err := tb.AddKeyed(maker(t, 2, 8).Batch(raws[10:11]), []record.Asked{{Key: 11}}); err == nil {
		t.Error("two epochs in one table")
	}
	if err := tb.AddKeyed(&record.Batch{Epoch: 1, Rows: []record.KeyedRow{{Name: 9}}}, []record.Asked{{Key: 12}}); err == nil {
		t.Error("a row names a value that was not sent")
	}
}
