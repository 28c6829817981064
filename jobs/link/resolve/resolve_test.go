package resolve

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/measure"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
)

func load(t *testing.T) (*normal.Normaliser, *level.Plan) {
	t.Helper()
	n, err := normal.Load()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return n, plan
}

// TestPersonsOfAPopulation links a population nobody tuned for; an equal number
// alone reaches less than 0.8 there.
func TestPersonsOfAPopulation(t *testing.T) {
	n, plan := load(t)
	raws, persons := linktest.Population(6000, 77)
	tb := record.New(n, len(raws))
	truth := make([]measure.Truth, len(raws))
	byNumber := make([]uint32, len(raws))
	first := map[string]uint32{}
	for i := range raws {
		tb.Add(&raws[i])
		truth[i].Person = persons[i]
		byNumber[i] = uint32(i)
		if at, ok := first[raws[i].Number]; ok && raws[i].Number != "" {
			byNumber[i] = at
		} else {
			first[raws[i].Number] = uint32(i)
		}
	}
	if _, err := tb.Seal(record.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	config := DefaultConfig()
	config.Training.Sample = 60_000
	out, err := Persons(context.Background(), config, Input{Plan: plan, Table: tb})
	if err != nil {
		t.Fatal(err)
	}
	s, plain := measure.Of(out.Clusters.Of, truth), measure.Of(byNumber, truth)
	if s.F1 < 0.98 || s.Precision < 0.985 || plain.F1 > 0.8 {
		t.Errorf("F1 %.4f, precision %.4f; by number alone %.4f", s.F1, s.Precision, plain.F1)
	}
	frozen := out.Parameters
	again, err := Persons(context.Background(), config, Input{Plan: plan, Table: tb, Frozen: &frozen})
	if err != nil || !slices.Equal(again.Clusters.Of, out.Clusters.Of) {
		t.Errorf("frozen parameters give other persons: %v", err)
	}
	weakest := Weakest(out)
	for _, e := range out.Clusters.Tree {
		if weakest[out.Clusters.Of[e.A]] > e.Weight || float64(e.Weight) < frozen.Threshold {
			t.Fatalf("an edge of weight %.2f in a cluster whose weakest is %.2f", e.Weight, weakest[out.Clusters.Of[e.A]])
		}
	}
}

func TestReadCSVSaysWhatIsWrong(t *testing.T) {
	n, _ := load(t)
	for text, want := range map[string]string{
		"":                            "the file is empty",
		"name,id_no\nx,1\n":           "no column rec_id",
		"rec_id,sex\n1,1\n":           "neither id_no nor name",
		"rec_id,name\nx,王\n":          `line 2: rec_id "x" is not a whole number`,
		"rec_id,name\n1,王\n2\n":       "wrong number of fields",
		"rec_id,name\n1,王\n1,李\n":     "two records have the number 1",
		"\ufeffrec_id,name\n1,王\n2,李": "",
	} {
		tb := record.New(n, 4)
		err := ReadCSV(strings.NewReader(text), func(r *record.Raw) error { tb.Add(r); return nil })
		if err == nil {
			_, err = tb.Seal(record.DefaultLimits())
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
