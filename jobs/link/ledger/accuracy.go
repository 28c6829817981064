package ledger

import (
	"context"
	"fmt"
	"math"

	"hengjian/jobs/link/measure"
	"hengjian/jobs/link/review"
	"hengjian/warehouse"
)

// Share is a share with its interval at 95 %.
type Share struct{ Value, Low, High float64 }

// Bin is the pairs of one person or of two within some bits of weight.
type Bin struct {
	From, To float64 // bits
	Joined   bool
	Pairs    uint64 // that were compared
	Labels   int    // decided by people
	Same     int    // of the labels: one person
	Share    Share  // of one person, by Wilson
}

// Accuracy is what people's decisions say of the persons found.
type Accuracy struct {
	Labels    int
	Bins      []Bin
	Precision *Share // of joined pairs; nil while a bin with more than a twentieth of them has no label
	Recall    *Share // among all compared pairs above the lowest weight that is kept
	Kappa     *float64
	Twice     int // pairs that two persons answered
}

// width is how many bits of weight are one bin.
const width = 4

// Accuracy weighs the labels of each bin by how many pairs of the run lie there:
// the queue prefers some bins, within a bin all pairs are taken for equal.
func (s *Store) Accuracy(ctx context.Context, run string) (Accuracy, error) {
	bins, err := s.bins(ctx, run)
	if err != nil {
		return Accuracy{}, err
	}
	all, err := s.Read(ctx, "weight IS NOT NULL AND joined IS NOT NULL")
	if err != nil {
		return Accuracy{}, err
	}
	out := Accuracy{}
	last, answers := map[[2]string]Decision{}, map[[2]string]map[string]bool{}
	for _, d := range all {
		pair := [2]string{d.A, d.B}
		last[pair] = d
		if d.Blind {
			if answers[pair] == nil {
				answers[pair] = map[string]bool{}
			}
			answers[pair][d.By] = d.Same
		}
	}
	for _, d := range last {
		b := bins[binKey{int(math.Floor(float64(*d.Weight) / width)), *d.Joined}]
		if b == nil {
			continue
		}
		out.Labels++
		b.Labels++
		if d.Same {
			b.Same++
		}
	}
	out.Twice, out.Kappa = agreement(answers)
	out.Bins = inOrder(bins)
	out.Precision, out.Recall = shares(out.Bins)
	return out, nil
}

type binKey struct {
	at     int
	joined bool
}

// bins reads how many pairs of the run lie in each.
func (s *Store) bins(ctx context.Context, run string) (map[binKey]*Bin, error) {
	rows, err := s.db.Query(ctx, "SELECT toInt32(floor(bits / "+fmt.Sprint(width)+")) AS at, joined, sum(pairs) FROM link_weight WHERE run_id = {run:String} GROUP BY at, joined", warehouse.Param("run", run))
	if err != nil {
		return nil, fmt.Errorf("read the weights of the run: %w", err)
	}
	defer rows.Close()
	out := map[binKey]*Bin{}
	for rows.Next() {
		var at int32
		var joined uint8
		var pairs uint64
		if err := rows.Scan(&at, &joined, &pairs); err != nil {
			return nil, fmt.Errorf("read the weights of the run: %w", err)
		}
		out[binKey{int(at), joined == 1}] = &Bin{From: float64(at) * width, To: float64(at+1) * width, Joined: joined == 1, Pairs: pairs}
	}
	return out, rows.Err()
}

func inOrder(bins map[binKey]*Bin) []Bin {
	low, high := math.MaxInt, math.MinInt
	for k := range bins {
		low, high = min(low, k.at), max(high, k.at)
	}
	var out []Bin
	for at := low; at <= high; at++ {
		for _, joined := range []bool{true, false} {
			if b := bins[binKey{at, joined}]; b != nil {
				b.Share.Low, b.Share.High = measure.Wilson(float64(b.Same), float64(b.Labels))
				b.Share.Value = float64(b.Same) / float64(max(1, b.Labels))
				out = append(out, *b)
			}
		}
	}
	return out
}

// shares are precision and recall with the intervals that those of the bins give
// when all err the same way, which is wider than the truth.
func shares(bins []Bin) (precision, recall *Share) {
	total, open := map[bool]float64{}, map[bool]float64{}
	var right, missed Share
	for _, b := range bins {
		n := float64(b.Pairs)
		total[b.Joined] += n
		if b.Labels == 0 {
			open[b.Joined] += n
			continue
		}
		to := &missed
		if b.Joined {
			to = &right
		}
		to.Value, to.Low, to.High = to.Value+n*b.Share.Value, to.Low+n*b.Share.Low, to.High+n*b.Share.High
	}
	known := total[true] - open[true]
	if known <= 0 || open[true] > total[true]/20 {
		return nil, nil
	}
	precision = &Share{right.Value / known, right.Low / known, right.High / known}
	if total[false] > 0 && open[false] <= total[false]/20 && right.Value+missed.Value > 0 {
		recall = &Share{right.Value / (right.Value + missed.Value), right.Low / (right.Low + missed.High), right.High / (right.High + missed.Low)}
	}
	return precision, recall
}

// agreement is Cohen's kappa over the pairs that two persons answered blind.
func agreement(answers map[[2]string]map[string]bool) (int, *float64) {
	var first, second []bool
	for _, by := range answers {
		if len(by) < 2 {
			continue
		}
		a, b := "", ""
		for who := range by { // the two that come first by name
			switch {
			case a == "" || who < a:
				a, b = who, a
			case b == "" || who < b:
				b = who
			}
		}
		first, second = append(first, by[a]), append(second, by[b])
	}
	if len(first) == 0 {
		return 0, nil
	}
	kappa := review.Agreement(first, second)
	return len(first), &kappa
}
