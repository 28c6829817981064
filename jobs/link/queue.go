package link

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/review"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

const (
	openBits = 3.0  // edges that near the threshold are worth a look
	queued   = 2000 // pairs that a run puts before people
)

// keepReview writes the review queue of the run and how many pairs lie in each
// bit of weight. Pairs about which a decision stands are not asked again.
func (j *Job) keepReview(ctx context.Context, r warehouse.Run, p *population, out *resolve.Output, decisions cluster.Decisions, moved map[bin]int64, f map[string]uint64) error {
	findings, err := j.findingsByEntry(ctx)
	if err != nil {
		return err
	}
	plan, err := j.plan()
	if err != nil {
		return err
	}
	q := candidates{p: p, out: out, plan: plan, findings: findings, size: map[uint32]int{}, seen: map[[2]uint32]bool{}, reason: map[[2]uint64]cluster.Reason{}}
	for _, top := range out.Clusters.Of {
		q.size[top]++
	}
	for _, pairs := range [][][2]uint32{decisions.Must, decisions.Cannot} {
		for _, pair := range pairs {
			q.seen[[2]uint32{min(pair[0], pair[1]), max(pair[0], pair[1])}] = true
		}
	}
	for _, c := range out.Clusters.Conflicts {
		if c.Reason != cluster.Decided {
			q.add(c.A, c.B, float64(c.Weight), c.Pattern, c.Reason)
		}
	}
	for _, e := range out.Edges {
		if math.Abs(float64(e.Weight)-out.Parameters.Threshold) <= openBits {
			q.add(e.A, e.B, float64(e.Weight), e.Pattern, cluster.None)
		}
	}
	row := map[uint64]uint32{}
	for i := range p.table.Rows {
		row[p.table.Rows[i].Key] = uint32(i)
	}
	items := review.Queue(q.found, out.Parameters.Threshold, queued)
	if moved == nil { // a run that builds on another carries the sample of that one over
		items = q.sample(items, out)
	}
	if err := j.insert(ctx, "link_review (run_id, generation, entry_a, entry_b, weight, joined, refused, records, findings, value, blind, sampled, stratum)", len(items), func(i int) []any {
		x := items[i]
		a, b := p.entry[x.A], p.entry[x.B]
		return []any{
			r.ID, r.Generation, min(a, b), max(a, b), float32(x.Weight), number(out.Clusters.Of[row[x.A]] == out.Clusters.Of[row[x.B]]),
			reasonOf(q.reason[[2]uint64{x.A, x.B}]), uint32(x.Records), uint32(x.Findings), x.Value, number(x.Blind), number(x.Sampled), x.Stratum,
		}
	}); err != nil {
		return err
	}
	return j.keepWeights(ctx, r, out, moved, f)
}

// sample adds pairs drawn by chance; one that is in the queue already is marked.
func (q *candidates) sample(items []review.Item, out *resolve.Output) []review.Item {
	place, top := make(map[[2]uint64]int, len(items)), 1.0
	for i, x := range items {
		place[[2]uint64{x.A, x.B}] = i
		top = max(top, x.Value)
	}
	asked := len(q.found)
	for _, e := range out.Edges {
		q.add(e.A, e.B, float64(e.Weight), e.Pattern, cluster.None)
	}
	for _, x := range review.Sample(q.found, out.Parameters.Threshold, top) {
		if at, ok := place[[2]uint64{x.A, x.B}]; ok {
			items[at].Sampled = true
			continue
		}
		items = append(items, x)
	}
	q.found = q.found[:asked]
	return items
}

// bin is a bit of weight of pairs that one person has, or two.
type bin struct {
	bits   int
	joined bool
}

func number(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// keepWeights writes the histogram of weights and reports, in thousandths, how far
// it has drifted from that of the run before. moved is how the histogram of the run
// before changes; nil counts the pairs of out.
func (j *Job) keepWeights(ctx context.Context, r warehouse.Run, out *resolve.Output, moved map[bin]int64, f map[string]uint64) error {
	counts, now, before := map[bin]int64{}, map[int]uint64{}, map[int]uint64{}
	if err := j.eachPair(ctx, `SELECT toString(bits), toString(joined), sum(pairs) FROM link_weight
WHERE run_id = (SELECT run_id FROM run_commit WHERE family = 'link' ORDER BY committed DESC LIMIT 1) GROUP BY bits, joined`, func(bits, joined string, n uint64) error {
		at, err := strconv.Atoi(bits)
		before[at] += n
		counts[bin{at, joined == "1"}] = int64(n)
		return err
	}); err != nil {
		return err
	}
	if moved == nil {
		clear(counts)
		for _, e := range out.Edges {
			counts[bin{int(math.Floor(float64(e.Weight))), out.Clusters.Of[e.A] == out.Clusters.Of[e.B]}]++
		}
	}
	for at, n := range moved {
		counts[at] += n
	}
	for at, n := range counts {
		now[at.bits] += uint64(max(n, 0))
	}
	if len(before) > 0 {
		f["drift_thousandths"] = uint64(math.Round(1000 * score.Drift(before, now)))
	}
	if err := j.calibrate(ctx, out, now); err != nil {
		return err
	}
	bins := slices.Collect(maps.Keys(counts))
	return j.insert(ctx, "link_weight (run_id, generation, bits, joined, pairs)", len(bins), func(i int) []any {
		return []any{r.ID, r.Generation, int16(bins[i].bits), number(bins[i].joined), uint64(max(counts[bins[i]], 0))}
	})
}

// candidates collects the pairs that a person might look at.
type candidates struct {
	p        *population
	out      *resolve.Output
	plan     *level.Plan
	findings map[string]int
	size     map[uint32]int
	seen     map[[2]uint32]bool
	reason   map[[2]uint64]cluster.Reason
	found    []review.Candidate
}

func (q *candidates) add(a, b uint32, weight float64, pattern level.Pattern, reason cluster.Reason) {
	if a > b {
		a, b = b, a
	}
	if q.seen[[2]uint32{a, b}] {
		return
	}
	q.seen[[2]uint32{a, b}] = true
	keyA, keyB := q.p.table.Rows[a].Key, q.p.table.Rows[b].Key
	if reason != cluster.None {
		q.reason[[2]uint64{keyA, keyB}] = reason
	}
	q.found = append(q.found, review.Candidate{
		A: keyA, B: keyB, Weight: weight, Refused: reason != cluster.None, Records: min(q.size[q.out.Clusters.Of[a]], q.size[q.out.Clusters.Of[b]]),
		Findings: q.findings[q.p.entry[keyA]] + q.findings[q.p.entry[keyB]], Stratum: score.Stratum(q.plan, pattern),
	})
}

// findingsByEntry counts what the clocks last found about each person entry.
func (j *Job) findingsByEntry(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := j.eachPair(ctx, `SELECT person_entry, '', count() FROM verdict_of(run = (SELECT run_id FROM run_commit WHERE family = 'clock' ORDER BY committed DESC LIMIT 1))
WHERE outcome NOT IN ('in_time', 'not_applicable') AND person_entry != '' GROUP BY person_entry`,
		func(entry, _ string, n uint64) error {
			out[entry] = int(n)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("count the findings of persons: %w", err)
	}
	return out, nil
}

// fewestLabels is how many answers to the sample a probability needs.
const fewestLabels = 100

// calibrate puts what people answered to the sample into the model of the run:
// pairs of it have probabilities then. Its version names the answers; what an
// earlier run explained keeps the model of that run.
func (j *Job) calibrate(ctx context.Context, out *resolve.Output, pairs map[int]uint64) error {
	labels := map[[2]string]score.Label{}
	if err := j.eachRow(ctx, "SELECT entry_a, entry_b, assumeNotNull(weight), toString(stratum), same FROM link_decision WHERE sampled = 1 AND weight IS NOT NULL ORDER BY at, person", func(scan func(...any) error) error {
		var a, b string
		var l score.Label
		var weight float32
		var same uint8
		if err := scan(&a, &b, &weight, &l.Stratum, &same); err != nil {
			return err
		}
		l.Weight, l.Same = float64(weight), same == 1
		labels[[2]string{a, b}] = l // the last answer counts
		return nil
	}); err != nil {
		return err
	}
	if len(labels) < fewestLabels {
		return nil
	}
	var all []score.Label
	for _, pair := range slices.SortedFunc(maps.Keys(labels), func(x, y [2]string) int {
		return cmp.Or(strings.Compare(x[0], y[0]), strings.Compare(x[1], y[1]))
	}) {
		all = append(all, labels[pair])
	}
	c := review.Calibrate(all, pairs)
	out.Parameters.Calibration = &c
	out.Parameters.Version += "+" + strconv.Itoa(len(all)) + " labels"
	out.Parameters.Hash = out.Parameters.Sum()
	return nil
}
