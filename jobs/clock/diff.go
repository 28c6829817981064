package clock

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"hengjian/warehouse"
)

// Change is how one rule differs between two sets of rules, and, when asked, how
// many findings appear and vanish with it.
type Change struct {
	Rule, Version string
	Kind          string // added, removed or changed
	Appear        uint64 // findings that only the new rules give
	Vanish        uint64 // findings that only the old rules give
	Alter         uint64 // findings of both with another outcome or due day
}

// Diff lists the rule versions that differ, by id and version.
func (s *Rules) Diff(after *Rules) []Change {
	of := func(r *Rules) map[string]string {
		out := map[string]string{}
		for _, x := range r.all {
			out[x.ID+" "+x.Version] = x.Digest
		}
		return out
	}
	old, now := of(s), of(after)
	var out []Change
	for _, key := range slices.Sorted(maps.Keys(old)) {
		id, version, _ := strings.Cut(key, " ")
		switch digest, stays := now[key]; {
		case !stays:
			out = append(out, Change{Rule: id, Version: version, Kind: "removed"})
		case digest != old[key]:
			out = append(out, Change{Rule: id, Version: version, Kind: "changed"})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if _, was := old[key]; !was {
			id, version, _ := strings.Cut(key, " ")
			out = append(out, Change{Rule: id, Version: version, Kind: "added"})
		}
	}
	return out
}

// finds reports whether the outcome is one that people should look at.
func finds(outcome string) bool {
	return outcome != inTime && outcome != notApplicable && outcome != conforming
}

// saying is what one set of rules says of one finding.
type saying struct {
	outcome string
	due     day
}

// Impact judges the events of a run by the old and by the new rules, only those
// that differ, and counts for each rule what would appear and vanish. Nothing is
// written.
func Impact(ctx context.Context, db *warehouse.DB, r warehouse.Run, before, after *Rules) ([]Change, error) {
	changes := before.Diff(after)
	touched := map[string]*Change{}
	for i := range changes {
		if touched[changes[i].Rule] == nil {
			touched[changes[i].Rule] = &changes[i]
		}
	}
	j := &Job{deps: Deps{DB: db, Rules: before}}
	asOf := dayOf(r.AsOf)
	old, now := before.only(touched), after.only(touched)
	k := &kase{asOf: asOf}
	all, err := j.eventParts(ctx, r)
	if err != nil {
		return nil, err
	}
	err = j.readChains(ctx, all, func(ch *chain) error {
		k.cal = before.calendar
		a := k.sayings(ch, old, len(before.words.events.names))
		k.cal = after.calendar
		b := k.sayings(ch, now, len(after.words.events.names))
		compareSayings(a, b, touched)
		return nil
	})
	return changes, err
}

// only keeps the families that are named, by record type.
func (s *Rules) only(named map[string]*Change) [][]family {
	out := s.byType()
	for i := range out {
		out[i] = slices.DeleteFunc(out[i], func(f family) bool { return named[f.versions[0].ID] == nil })
	}
	return out
}

// sayings judges a chain and keeps what people should look at, by rule and finding.
func (k *kase) sayings(ch *chain, kinds [][]family, codes int) map[string]map[string]saying {
	out := map[string]map[string]saying{}
	if ch.left > 0 {
		return out // it cannot be judged by either
	}
	defer k.lend(ch, codes)()
	for i := range ch.records {
		for _, f := range kinds[ch.records[i].Type] {
			for _, u := range unitsOf(f, ch, int32(i), nil) {
				v := k.judgeVersions(&u, f.versions)
				if !finds(v.Outcome) {
					continue
				}
				id := f.versions[0].ID
				if out[id] == nil {
					out[id] = map[string]saying{}
				}
				out[id][v.finding()] = saying{v.Outcome, v.Due}
			}
		}
	}
	return out
}

func compareSayings(a, b map[string]map[string]saying, touched map[string]*Change) {
	for id, change := range touched {
		for finding, old := range a[id] {
			switch now, stays := b[id][finding]; {
			case !stays:
				change.Vanish++
			case now != old:
				change.Alter++
			}
		}
		for finding := range b[id] {
			if _, was := a[id][finding]; !was {
				change.Appear++
			}
		}
	}
}

// Show writes one rule for a person: what it asks, by which article, with its
// worked examples.
func (r *Rule) Show(w io.Writer) {
	fmt.Fprintf(w, "%s %s  %s / %s\n", r.ID, r.Version, r.Name.ZH, r.Name.EN)
	until := "…"
	if r.ValidTo != "" {
		until = r.ValidTo
	}
	fmt.Fprintf(w, "有效 valid      %s – %s, %s (%s)\n", r.ValidFrom, until, strings.TrimSuffix(r.Transition+" / "+r.Alternative, " / "), r.Transitions)
	fmt.Fprintf(w, "口径 reading    %s / %s\n", r.Reading.ZH, r.Reading.EN)
	if t := BasisText(r.BasisKind); t.ZH != "" {
		fmt.Fprintf(w, "数字 numbers    【%s】 [%s]\n", t.ZH, t.EN)
	}
	fmt.Fprintf(w, "对象 unit       %s, per %s; severity %s; route %s; document %s; lead %d\n", r.Record, r.per, r.Severity, r.Route, r.Document, r.Lead)
	for _, b := range r.Basis {
		mark := ""
		if b.Unverified {
			mark = "（未核实 unverified）"
		}
		fmt.Fprintf(w, "依据 basis      《%s》（%s）%s%s: %s / %s\n", b.Law, b.Version, b.Article, mark, b.Summary.ZH, b.Summary.EN)
	}
	for _, p := range r.phases {
		fmt.Fprintf(w, "阶段 phase      %s %s / %s\n", p.ID, p.Name.ZH, p.Name.EN)
		for _, l := range p.Limits {
			text := l.Span.text()
			switch {
			case l.Unlimited:
				text = Text{"法无上限", "no end in law"}
			case l.Immediate:
				text = Text{"立即", "at once"}
			}
			fmt.Fprintf(w, "  期限 limit     %s / %s %s%s\n", text.ZH, text.EN, l.Note.ZH, map[string]string{labelNoNumber: "（法无明文数字 no number in law）", labelUnverified: "（未核实 unverified）"}[l.Label])
		}
		for _, x := range p.Extensions {
			fmt.Fprintf(w, "  延长 extension %s / %s\n", x.Note.ZH, x.Note.EN)
		}
	}
	for _, k := range r.checks {
		fmt.Fprintf(w, "检查 check      %s %s / %s: %s / %s\n", k.ID, k.Name.ZH, k.Name.EN, k.Note.ZH, k.Note.EN)
	}
	for i := range r.examples {
		fmt.Fprintf(w, "算例 example    %s → %s\n", r.examples[i].Name, r.examples[i].Want["outcome"])
	}
}

// Examples is how many worked examples the rule brings; loading has run them all.
func (r *Rule) Examples() int { return len(r.examples) }
