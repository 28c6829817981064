package recount

import (
	"cmp"
	"slices"
)

// Protests are the protests of a country, each once although two levels keep a
// docket of it (records of kind filed): dockets of one chain and, in criminal
// cases, one human are one. It counts where it was filed, and holds what any of
// its dockets says.
func (b *Book) Protests(records []*Record, chains, humans map[string]string) []*Record {
	groups := map[string][]*Record{}
	var order []string
	for _, r := range records {
		if r.Kind != "protest" {
			continue
		}
		matter := cmp.Or(chains[b.Docket(r)], b.Docket(r))
		if r.text("case_class") == "criminal" {
			matter += "/" + cmp.Or(humans[b.Entry(r)], r.text("person_no"))
		}
		matter = r.text("case_class") + matter
		if groups[matter] == nil {
			order = append(order, matter)
		}
		groups[matter] = append(groups[matter], r)
	}
	var out []*Record
	for _, matter := range order {
		out = append(out, merged(groups[matter]))
	}
	return out
}

// merged is what the dockets of one protest say together.
func merged(all []*Record) *Record {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(below(a), below(b)), cmp.Compare(cmp.Or(a.day("protested_on"), "9"), cmp.Or(b.day("protested_on"), "9")), cmp.Compare(a.Organs["organ"], b.Organs["organ"]))
	})
	out := &Record{Kind: "filed", Business: all[0].Business, Organs: map[string]string{"organ": all[0].Organs["organ"]}, Fields: map[string]any{"case_class": all[0].text("case_class")}}
	for _, r := range all {
		out.Business = min(out.Business, r.Business)
		if d := r.day("protested_on"); d != "" && (out.text("protested_on") == "" || d < out.text("protested_on")) {
			out.Fields["protested_on"] = d
		}
		out.later(r, "upper_reviewed_on", "upper_decision")
		out.later(r, "concluded_on", "result")
	}
	return out
}

// later takes over the later day, and the statement made on the latest day that has one.
func (r *Record) later(from *Record, date, what string) {
	d := from.day(date)
	if d > r.text(date) {
		r.Fields[date] = d
	}
	if v := from.text(what); v != "" && d != "" && d >= r.text("said_"+what) {
		r.Fields[what], r.Fields["said_"+what] = v, d
	}
}

// below says that a docket is not the one of the procuratorate that filed: of
// protests for retrial the lower one only asks, at second instance the
// prosecuting one files.
func below(r *Record) int {
	if r.text("protest_kind") == "retrial" && r.text("requested_on") != "" ||
		r.text("protest_kind") != "retrial" && r.Organs["prosecuting_organ"] != r.Organs["organ"] {
		return 1
	}
	return 0
}

// Persons counts humans once per cell: those against whom coercive measures were
// taken, for the procuratorate that supervises the organ and for all above it.
// kind "month" counts at the organ itself, other kinds with all that it leads.
func (b *Book) Persons(records []*Record, humans map[string]string, above map[string][]string, kind string) map[Cell]Sum {
	seen := map[Cell]map[string]bool{}
	supervisor := supervisors(records)
	for _, r := range records {
		executed := r.day("executed_at")
		if r.Kind != "coercive_measure" || executed == "" {
			continue
		}
		human := cmp.Or(humans[b.Entry(r)], b.Entry(r))
		organ := cmp.Or(supervisor[r.Organs["organ"]], r.Organs["organ"])
		organs, periods := above[organ], periodsOf(month(executed), kind, false)
		if kind == "month" {
			organs, periods = []string{organ}, []string{month(executed)}
		}
		for _, o := range organs {
			for _, p := range periods {
				at := Cell{"SV08c", o, p, ""}
				if seen[at] == nil {
					seen[at] = map[string]bool{}
				}
				seen[at][human] = true
			}
		}
	}
	out := map[Cell]Sum{}
	for at, who := range seen {
		out[at] = Sum{Num: int64(len(who)), N: int64(len(who))}
	}
	return out
}
