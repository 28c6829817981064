package simulate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Cell is one cell of an indicator (指标) as planned, own coverage.
type Cell struct {
	Indicator    string  `json:"indicator"`
	Organ        string  `json:"organ"`
	Month        string  `json:"month"`
	Dim          string  `json:"dim"`
	Num          string  `json:"num"`
	Den          *string `json:"den"`
	Undetermined uint64  `json:"undetermined"`
}

// Tally is how many units of one organ must get one outcome of one rule (判定).
type Tally struct {
	Rule    string `json:"rule"`
	Organ   string `json:"organ"`
	Outcome string `json:"outcome"`
	Count   uint64 `json:"count"`
}

// Fates is what must become of the messages of one record type (记录去向).
type Fates struct {
	Sent       uint64 `json:"sent"`
	Refused    uint64 `json:"refused"`
	Applied    uint64 `json:"applied"`
	Duplicate  uint64 `json:"duplicate"`
	Superseded uint64 `json:"superseded"`
	Conflict   uint64 `json:"conflict"`
}

// Links is what linkage (案链) must find.
type Links struct {
	Dockets  uint64 `json:"dockets"`
	Chains   uint64 `json:"chains"`
	Unlinked uint64 `json:"unlinked"`
}

// Truth is what a run over the whole country on the legal day must find. It is
// added up from the plans alone.
type Truth struct {
	Seed       uint64                       `json:"seed"`
	Cases      int                          `json:"cases"`
	AsOf       string                       `json:"as_of"`
	Start      string                       `json:"start"`
	Indicators []Cell                       `json:"indicators"`
	Verdicts   []Tally                      `json:"verdicts"`
	Records    map[string]Fates             `json:"records"`
	Current    map[string]uint64            `json:"current"`
	Faults     map[string]uint64            `json:"faults"`
	Links      Links                        `json:"links"`
	Planned    map[string]uint64            `json:"planned"` // planned kinds, see the package comment
	Plans      []Plan                       `json:"plans"`   // who declares what
	Details    []Detail                     `json:"details"` // of scenarios' verdicts
	Shown      map[string]map[string]uint64 `json:"shown"`   // scenes by rule and way of showing it
}

type cellKey struct {
	indicator indicator
	dim       uint8
	organ     int32
	month     int32
}

type cellSum struct{ num, den, und uint64 }

type tallyKey struct {
	rule    rule
	outcome outcome
	organ   int32
}

// ledger adds up plans.
type ledger struct {
	cells   map[cellKey]*cellSum
	tallies map[tallyKey]uint64
	fates   [typeCount]Fates
	current [typeCount]uint64
	faults  [faultCount]uint64
	bad     [badCount]uint64
	noted   [noteCount]uint64
	links   Links
}

func newLedger() *ledger {
	return &ledger{cells: map[cellKey]*cellSum{}, tallies: map[tallyKey]uint64{}}
}

func (l *ledger) add(c *chain) {
	for i := range c.cells {
		p := &c.cells[i]
		k := cellKey{p.indicator, p.dim, p.organ.index, p.month}
		s := l.cells[k]
		if s == nil {
			s = &cellSum{}
			l.cells[k] = s
		}
		s.num += uint64(p.num)
		s.den += uint64(p.den)
		s.und += uint64(p.und)
	}
	for _, v := range c.verdicts {
		l.tallies[tallyKey{v.rule, v.outcome, v.organ.index}]++
	}
	for i := range c.sendings {
		l.addSending(&c.sendings[i])
	}
	for n, v := range c.noted {
		l.noted[n] += uint64(v)
	}
	protests := uint64(len(c.documents))
	l.links.Dockets += uint64(len(c.cases)) + protests
	l.links.Unlinked += uint64(c.unlinked)
	l.links.Chains += 1 + uint64(c.unlinked) + protests
}

// addSending counts what must become of one record's messages.
func (l *ledger) addSending(s *sending) {
	f := &l.fates[s.kind]
	l.faults[s.fault]++
	l.current[s.kind]++
	f.Sent++
	f.Applied++
	switch s.fault {
	case duplicate:
		f.Sent++
		f.Duplicate++
	case outOfOrder:
		f.Sent++
		f.Superseded++
	case corrected:
		f.Sent++
		f.Applied++
	case retracted:
		f.Sent += 2
		f.Applied += 2
	case conflict:
		f.Sent++
		f.Conflict++
	case malformed:
		f.Sent++
		f.Refused++
		l.bad[s.bad]++
	}
}

// truth turns the sums into the file's form, in a fixed order.
func (l *ledger) truth(k *Country) Truth {
	t := Truth{
		Seed: k.seed, Cases: k.cases, AsOf: k.asOf.String(), Start: k.start.String(), Records: map[string]Fates{},
		Current: map[string]uint64{}, Faults: map[string]uint64{}, Planned: map[string]uint64{}, Links: l.links,
	}
	for key, s := range l.cells {
		t.Indicators = append(t.Indicators, cellOf(key, s, k))
	}
	slices.SortFunc(t.Indicators, func(a, b Cell) int {
		return strings.Compare(a.Indicator+a.Organ+a.Month+a.Dim, b.Indicator+b.Organ+b.Month+b.Dim)
	})
	for key, n := range l.tallies {
		t.Verdicts = append(t.Verdicts, Tally{ruleNames[key.rule], k.organs[key.organ].id, outcomeNames[key.outcome], n})
	}
	slices.SortFunc(t.Verdicts, func(a, b Tally) int {
		return strings.Compare(a.Rule+a.Organ+a.Outcome, b.Rule+b.Organ+b.Outcome)
	})
	n := uint64(len(k.organs))
	l.fates[typeOrgan], l.current[typeOrgan] = Fates{Sent: n, Applied: n}, n
	for i, name := range typeNames {
		t.Records[name], t.Current[name] = l.fates[i], l.current[i]
	}
	for i, n := range l.faults[1:] {
		t.Faults[faultNames[i+1]] = n
	}
	for i, n := range l.bad {
		t.Faults["malformed_"+badNames[i]] = n
	}
	for i, n := range l.noted {
		t.Planned[noteNames[i]] = n
	}
	return t
}

func cellOf(key cellKey, s *cellSum, k *Country) Cell {
	c := Cell{
		Indicator: indicatorNames[key.indicator], Organ: k.organs[key.organ].id, Num: strconv.FormatUint(s.num, 10), Undetermined: s.und,
		Month: fmt.Sprintf("%04d-%02d", key.month/12, key.month%12+1),
	}
	if key.dim > 0 {
		c.Dim = "refusal_kind=" + refusalKinds[key.dim-1]
	}
	if !flows[key.indicator] {
		den := strconv.FormatUint(s.den, 10)
		c.Den = &den
	}
	return c
}

// Truth plans every chain once, adds the plans up and keeps the sum.
func (k *Country) Truth() Truth {
	k.once.Do(func() {
		l, p := newLedger(), k.planner()
		for i := range uint64(k.cases) {
			l.add(p.plan(i))
		}
		k.truth = l.truth(k)
		k.stagedTruth().into(&k.truth, k)
	})
	return k.truth
}

// WriteTruth writes the truth as JSON; it is meant to be written before Emit.
func (k *Country) WriteTruth(path string) error {
	text, err := json.MarshalIndent(k.Truth(), "", " ")
	if err != nil {
		return fmt.Errorf("encode truth: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make folder of truth: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write truth: %w", err)
	}
	return nil
}
