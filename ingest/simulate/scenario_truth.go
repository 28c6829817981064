package simulate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Plan says what a part of the country declares: of its record types, at its
// organs, every verdict of its rules and every share of its indicators is in the
// truth. A figure can be held against the truth where each plan that sends what
// the figure is made of declares it.
type Plan struct {
	Plan       string   `json:"plan"` // "chains" or the name of a scenario
	Records    []string `json:"records"`
	Rules      []string `json:"rules"`
	Indicators []string `json:"indicators"`
	Organs     []string `json:"organs"` // ids, in order
	Scenes     uint64   `json:"scenes"`
	Skipped    []string `json:"skipped,omitempty"` // scenes that no day of this country fits
}

// Detail is a verdict whose responsible organ and excess scenarios declare.
type Detail struct {
	Rule        string `json:"rule"`
	Organ       string `json:"organ"`
	Outcome     string `json:"outcome"`
	Responsible string `json:"responsible"`
	Count       uint64 `json:"count"`
	Over        int64  `json:"over"` // sum over the verdicts
}

type wantKey struct {
	rule, outcome string
	organ         int32
}

type detailKey struct {
	wantKey
	responsible int32
}

type detailSum struct {
	count uint64
	over  int64
}

type shareKey struct {
	indicator, dim string
	organ          int32
	month          int32
}

type shareSum struct {
	num, den, und int64
	rate          bool
}

// stagedLedger adds up scenes.
type stagedLedger struct {
	verdicts map[wantKey]uint64
	details  map[detailKey]*detailSum
	shares   map[shareKey]*shareSum
	fates    []Fates
	current  []uint64
	faults   [faultCount]uint64
	links    Links
	organs   map[string]map[int32]bool // touched, by scenario
	scenes   map[string]uint64
	shown    map[string]map[string]uint64
}

// stagedTruth plays every scene once and adds up what was declared.
func (k *Country) stagedTruth() *stagedLedger {
	l := &stagedLedger{
		verdicts: map[wantKey]uint64{}, details: map[detailKey]*detailSum{}, shares: map[shareKey]*shareSum{},
		fates: make([]Fates, len(k.types)), current: make([]uint64, len(k.types)),
		organs: map[string]map[int32]bool{}, scenes: map[string]uint64{}, shown: map[string]map[string]uint64{},
	}
	for _, s := range k.scenarios {
		l.organs[s.name] = map[int32]bool{}
	}
	_ = k.playScenes(func(s *staging) error { l.add(k, s); return nil }) // nothing here can fail
	return l
}

func (l *stagedLedger) add(k *Country, s *staging) {
	touched := l.organs[s.of.name]
	touch := func(o *organ) {
		touched[o.index] = true
		if above := k.byCode[o.supervisedBy]; above != nil {
			touched[above.index] = true
		}
	}
	l.scenes[s.of.name]++
	for rule, how := range s.scene.shows {
		if l.shown[rule] == nil {
			l.shown[rule] = map[string]uint64{}
		}
		l.shown[rule][how]++
	}
	for i := range s.scene.sheets {
		x := &s.scene.sheets[i]
		touch(k.in(s.home, x.by))
		for _, r := range x.organs {
			touch(k.in(s.home, r))
		}
		f := &l.fates[x.topic]
		f.Sent++
		f.Applied++
		l.current[x.topic]++
		l.faults[s.sent[i].fault]++
		if s.sent[i].fault == duplicate {
			f.Sent++
			f.Duplicate++
		}
	}
	for i := range s.scene.verdicts {
		touch(k.in(s.home, s.scene.verdicts[i].organ))
		l.verdict(k, s, &s.scene.verdicts[i])
	}
	for i := range s.scene.cells {
		touch(k.in(s.home, s.scene.cells[i].organ))
		l.share(k, s, &s.scene.cells[i])
	}
	l.links.Dockets += s.scene.links.Dockets
	l.links.Chains += s.scene.links.Chains
	l.links.Unlinked += s.scene.links.Unlinked
}

func (l *stagedLedger) verdict(k *Country, s *staging, v *wantVerdict) {
	key := wantKey{v.rule, v.outcome, k.in(s.home, v.organ).index}
	l.verdicts[key]++
	if !v.named || v.over == nil {
		return
	}
	at := detailKey{key, k.in(s.home, v.responsible).index}
	d := l.details[at]
	if d == nil {
		d = &detailSum{}
		l.details[at] = d
	}
	d.count++
	d.over += int64(*v.over)
}

func (l *stagedLedger) share(k *Country, s *staging, c *wantCell) {
	key := shareKey{c.indicator, c.dim, k.in(s.home, c.organ).index, (s.base + day(c.at)).month()}
	sum := l.shares[key]
	if sum == nil {
		sum = &shareSum{}
		l.shares[key] = sum
	}
	sum.num += int64(c.num)
	sum.den += int64(c.den)
	sum.und += int64(c.und)
	sum.rate = sum.rate || c.rate
}

// into merges the scenes into the truth of the chains.
func (l *stagedLedger) into(t *Truth, k *Country) {
	l.mergeCells(t, k)
	l.mergeVerdicts(t, k)
	for i, name := range k.types {
		if l.fates[i].Sent == 0 {
			continue
		}
		f := t.Records[name]
		f.Sent += l.fates[i].Sent
		f.Applied += l.fates[i].Applied
		f.Duplicate += l.fates[i].Duplicate
		t.Records[name] = f
		t.Current[name] += l.current[i]
	}
	for i, n := range l.faults[1:] {
		t.Faults[faultNames[i+1]] += n
	}
	t.Links.Dockets += l.links.Dockets
	t.Links.Chains += l.links.Chains
	t.Links.Unlinked += l.links.Unlinked
	t.Shown = l.shown
	t.Plans = append(t.Plans, k.chainPlan())
	for _, s := range k.scenarios {
		p := Plan{Plan: s.name, Records: s.types, Rules: s.rules, Indicators: s.indicators, Scenes: l.scenes[s.name]}
		for _, x := range s.scenes {
			if len(x.days) == 0 {
				p.Skipped = append(p.Skipped, x.name)
			}
		}
		for _, i := range slices.Sorted(maps.Keys(l.organs[s.name])) {
			p.Organs = append(p.Organs, k.organs[i].id)
		}
		t.Plans = append(t.Plans, p)
	}
}

func (l *stagedLedger) mergeCells(t *Truth, k *Country) {
	at := map[string]int{}
	name := func(indicator, organ, month, dim string) string {
		return indicator + " " + organ + " " + month + " " + dim
	}
	for i, c := range t.Indicators {
		at[name(c.Indicator, c.Organ, c.Month, c.Dim)] = i
	}
	for key, s := range l.shares {
		c := Cell{
			Indicator: key.indicator, Dim: key.dim, Organ: k.organs[key.organ].id, Undetermined: uint64(s.und),
			Month: fmt.Sprintf("%04d-%02d", key.month/12, key.month%12+1), Num: strconv.FormatInt(s.num, 10),
		}
		if s.rate {
			den := strconv.FormatInt(s.den, 10)
			c.Den = &den
		}
		if i, there := at[name(c.Indicator, c.Organ, c.Month, c.Dim)]; there {
			t.Indicators[i] = sumOf(t.Indicators[i], c)
			continue
		}
		t.Indicators = append(t.Indicators, c)
	}
	slices.SortFunc(t.Indicators, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Organ, b.Organ), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Dim, b.Dim))
	})
}

// sumOf adds two shares of one cell.
func sumOf(a, b Cell) Cell {
	plus := func(x, y string) string {
		n, _ := strconv.ParseInt(x, 10, 64) // both were written by FormatInt
		m, _ := strconv.ParseInt(y, 10, 64)
		return strconv.FormatInt(n+m, 10)
	}
	a.Num = plus(a.Num, b.Num)
	a.Undetermined += b.Undetermined
	switch {
	case a.Den == nil:
		a.Den = b.Den
	case b.Den != nil:
		den := plus(*a.Den, *b.Den)
		a.Den = &den
	}
	return a
}

func (l *stagedLedger) mergeVerdicts(t *Truth, k *Country) {
	chains := map[Tally]uint64{}
	for _, v := range t.Verdicts {
		chains[Tally{Rule: v.Rule, Organ: v.Organ, Outcome: v.Outcome}] = v.Count
	}
	detailed := map[wantKey]uint64{}
	for key, d := range l.details {
		detailed[key.wantKey] += d.count
	}
	for key, d := range l.details {
		tally := Tally{Rule: key.rule, Organ: k.organs[key.organ].id, Outcome: key.outcome}
		if detailed[key.wantKey] != l.verdicts[key.wantKey] || chains[tally] > 0 {
			continue // others there do not say who is responsible
		}
		t.Details = append(t.Details, Detail{key.rule, tally.Organ, key.outcome, k.organs[key.responsible].id, d.count, d.over})
	}
	for key, n := range l.verdicts {
		chains[Tally{Rule: key.rule, Organ: k.organs[key.organ].id, Outcome: key.outcome}] += n
	}
	t.Verdicts = t.Verdicts[:0]
	for tally, n := range chains {
		tally.Count = n
		t.Verdicts = append(t.Verdicts, tally)
	}
	slices.SortFunc(t.Verdicts, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Organ, b.Organ), cmp.Compare(a.Outcome, b.Outcome))
	})
	slices.SortFunc(t.Details, func(a, b Detail) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Organ, b.Organ), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Responsible, b.Responsible))
	})
}

// chainPlan is what the chains declare: all that happens at the ordinary organs.
func (k *Country) chainPlan() Plan {
	p := Plan{Plan: "chains", Records: typeNames[1:], Rules: ruleNames[:], Indicators: indicatorNames[:], Scenes: uint64(k.cases)}
	for _, o := range k.organs[:k.ordinary] {
		p.Organs = append(p.Organs, o.id)
	}
	return p
}
