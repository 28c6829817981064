package indicator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// TestEveryExample runs every worked example of the catalogue on the real
// engine, through the statements that production runs.
func TestEveryExample(t *testing.T) {
	r := setUp(t, "")
	r.examples(t, r.catalogue.Indicators())
}

// examples computes the examples of indicators, those of one day of reckoning in
// one run, each with organs of its own, and compares all values that come out.
func (r ready) examples(t *testing.T, indicators []Indicator) {
	t.Helper()
	days := map[string]bool{}
	for _, ind := range indicators {
		for _, e := range ind.Examples {
			days[e.AsOf] = true
		}
	}
	for _, asOf := range slices.Sorted(maps.Keys(days)) {
		r.examplesOf(t, indicators, asOf)
	}
}

func (r ready) examplesOf(t *testing.T, indicators []Indicator, asOf string) {
	name := "examples-" + asOf
	run := r.input(t, name, name, asOf)
	byType := map[string][]map[string]string{}
	var computed []Indicator
	for _, ind := range indicators {
		before := len(byType)
		for i, e := range ind.Examples {
			if e.AsOf != asOf {
				continue
			}
			if before >= 0 {
				computed, before = append(computed, ind), -1
			}
			for n, row := range e.Rows {
				from := orElse(row["_from"], ind.From)
				own := r.own(from, fmt.Sprintf("%s.%d", ind.ID, i), fmt.Sprint(n), row)
				if row["_fate"] != "" {
					r.fate(t, own["organ_id"], name, own["_key"], row)
					continue
				}
				byType[from] = append(byType[from], own)
				r.links(t, from, run.ID, own, row)
			}
		}
	}
	for _, from := range slices.Sorted(maps.Keys(byType)) {
		r.insert(t, from, name, run.ID, byType[from])
	}
	report := warehouse.Report{Figures: map[string]uint64{}}
	if err := r.job.scans(context.Background(), run, base{}, computed, nil, &report); err != nil {
		t.Fatal(err)
	}
	if err := r.job.writeParts(context.Background(), run, base{}, ""); err != nil {
		t.Fatal(err)
	}
	got := r.computed(t, run.ID)
	for _, ind := range computed {
		for i, e := range ind.Examples {
			if e.AsOf == asOf {
				t.Run(ind.ID+"/"+e.Name, func(t *testing.T) { compareExample(t, ind, e, got[fmt.Sprintf("%s.%d", ind.ID, i)]) })
			}
		}
	}
}

// own gives the row of an example organs and a key of its own.
func (r ready) own(from, example, n string, row map[string]string) map[string]string {
	columns, _ := columnsOf(r.contracts, from)
	out := map[string]string{"_key": example + "/" + n}
	if kind, ok := r.contracts.Type(from); ok && kind.Docket != nil {
		out[kind.DocketColumns()[1]] = example + "-" + n
		if kind.Docket.Person != "" {
			out["person_no"] = "1"
		}
	}
	if c, ok := columns["organ_id"]; ok && c.kind == contract.KindOrgan && row["organ_id"] == "" {
		out["organ_id"] = example + ":" + defaultOrgan
	}
	for key, name := range map[string]string{"_sent": "sent_time", "_flags": "flags", "_absent": "absent", "_id": "resident_id"} {
		if v, ok := row[key]; ok {
			out[name] = v
			if key == "_flags" || key == "_absent" {
				out[name] = "[" + literal(v) + "]"
			}
		}
	}
	for key, value := range row {
		if c, ok := columns[key]; ok && c.kind == contract.KindOrgan {
			value = example + ":" + value
		}
		if !strings.HasPrefix(key, "_") {
			out[key] = value
		}
	}
	return out
}

// fate writes what became of a statement of an organ.
func (r ready) fate(t *testing.T, organ, stream, key string, row map[string]string) {
	t.Helper()
	r.exec(t, fmt.Sprintf("INSERT INTO organ (key, organ_id, code, name, system, level, kind, region, admin_order, valid_from) VALUES ('%[1]s', '%[1]s', '%[1]s', 'x', 'court', 'county', 'regular', '330000', 1, '2000-01-01')", organ))
	r.exec(t, fmt.Sprintf("INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) SELECT '%[1]s', '%[2]s', %[3]d, '%[4]s', 1, '%[5]s', '%[6]s', '%[7]s 10:00:00'",
		row["_from"], stream, 900000+int(key[len(key)-3])*100+int(key[len(key)-1]), key, row["_fate"], organ, row["_on"]))
}

// links writes how linkage ties a row: its docket to a chain, its person to a human.
func (r ready) links(t *testing.T, from, run string, own, row map[string]string) {
	t.Helper()
	if row["_link"] == "" && row["_person"] == "" && row["_hop"] == "" {
		return
	}
	kind, _ := r.contracts.Type(from)
	number := strings.ReplaceAll(own["_key"], "/", "-")
	example, _, _ := strings.Cut(own["_key"], "/")
	of, fixed := strings.CutPrefix(kind.Docket.Kind, "=")
	if !fixed {
		if row["_person"] != "" {
			own["docket_kind"] = "police_investigation"
		}
		of = own["docket_kind"]
	}
	organ := own[kind.DocketColumns()[0]]
	if row["_link"] != "" {
		r.exec(t, fmt.Sprintf("INSERT INTO link_docket (run_id, generation, docket, chain, organ_id, docket_kind, docket_number, linked_by, link_state) VALUES ('%s', 1, '%s', '%s', '%s', '%s', '%s', '', '%s')",
			run, contract.JoinKey(organ, of, number), example, organ, of, number, row["_link"]))
	}
	if hop := strings.Fields(row["_hop"]); len(hop) == 3 { // hop, status, day
		r.exec(t, fmt.Sprintf("INSERT INTO link_hop (run_id, generation, hop, docket, organ_id, announced_on, status) VALUES ('%s', 1, '%s', '%s', '%s', '%s', '%s')",
			run, hop[0], contract.JoinKey(organ, of, number), organ, hop[2], hop[1]))
	}
	if row["_person"] != "" {
		r.exec(t, fmt.Sprintf("INSERT INTO link_person (run_id, generation, person_entry, docket, chain, chain_person, matched_by) VALUES ('%s', 1, '%s', '', 'c', '%s', '')", run, contract.JoinKey(organ, of, number, "1"), example+row["_person"]))
	}
}

// cell is one computed value of an example.
type cell struct{ indicator, organ, month, dim, text string }

// computed reads all values of a run by example.
func (r ready) computed(t *testing.T, run string) map[string][]cell {
	t.Helper()
	rows, err := r.db.Query(context.Background(), `SELECT toString(indicator), toString(organ_id), period, toString(dim), concat(toString(num), ' / ', ifNull(toString(den), ''), ', ', toString(undetermined), ' undetermined')
FROM indicator_rollup WHERE run_id = {run:String} AND period_kind = 'month' AND coverage = 'own'`, warehouse.Param("run", run))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]cell{}
	for rows.Next() {
		var c cell
		if err := rows.Scan(&c.indicator, &c.organ, &c.month, &c.dim, &c.text); err != nil {
			t.Fatal(err)
		}
		example := ""
		example, c.organ, _ = strings.Cut(c.organ, ":")
		out[example] = append(out[example], c)
	}
	return out
}

// compareExample compares what came out with what an example wants. Bins and
// slices that it does not name need not be spelt out.
func compareExample(t *testing.T, ind Indicator, e Example, computed []cell) {
	named := map[string]bool{}
	var want, got []string
	for _, w := range e.Want {
		named[w.Dim] = true
		kind, _, _ := strings.Cut(w.Dim, "=")
		named[kind] = true
		if w.Rate != "" {
			num, errNum := strconv.ParseFloat(w.Num, 64)
			den, errDen := strconv.ParseFloat(w.Den, 64)
			if rate := strconv.FormatFloat(100*num/den, 'f', 1, 64); errNum != nil || errDen != nil || rate != w.Rate {
				t.Errorf("the example says %s %% for %s of %s, which is %s %%", w.Rate, w.Num, w.Den, rate)
			}
		} else if ind.Ratio() && w.Den != "0" && w.Den != "" {
			t.Errorf("the example gives a denominator of %s and no rate", w.Den)
		}
		want = append(want, fmt.Sprintf("%s %s %q: %s / %s, %d undetermined", w.Organ, w.Month, w.Dim, w.Num, w.Den, w.Undetermined))
	}
	for _, c := range computed {
		kind, _, sliced := strings.Cut(c.dim, "=")
		if c.indicator != ind.ID || sliced && !named[kind] && (kind == "days" || slices.Contains(ind.Slices, kind)) {
			continue
		}
		got = append(got, fmt.Sprintf("%s %s %q: %s", c.organ, c.month, c.dim, c.text))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", lines(got), lines(want))
	}
}

// lines joins for reading.
func lines(s []string) string {
	out := ""
	for _, x := range s {
		out += "  " + x + "\n"
	}
	return out
}

func TestCompiledSQL(t *testing.T) {
	contracts, catalogue := loaded(t, "")
	var all, folded strings.Builder
	for i, s := range scansOf(catalogue.Indicators()) {
		from := "<what the run knows of " + s.from + ">"
		text := scanSQL(s, from, false)
		if s.distinct != "" {
			text = pairsSQL(s, from)
		} else if s.from == "coercive_measure" || s.from == "arrest_review" {
			fmt.Fprintf(&folded, "-- scan %d: %s\n%s;\n\n", i+1, names(s.parts), strings.Join(foldSQL(s, from, s.until != ""), "\nUNION ALL\n"))
		}
		fmt.Fprintf(&all, "-- scan %d: %s\n%s;\n\n", i+1, names(s.parts), text)
	}
	golden(t, "scans.sql", all.String())
	golden(t, "folded.sql", folded.String())
	var state strings.Builder
	special, _ := contracts.Type("special_procedure")
	for _, how := range []reading{asKnown, current, changing} {
		fmt.Fprintf(&state, "-- reading %d\n%s;\n\n", how, stateSQL(special, how))
	}
	fmt.Fprintf(&state, "-- what changed\n%s;\n", changesSQL(special, []string{"key", "organ_id", "decided_on"}, []string{"decided_on"}))
	golden(t, "state.sql", state.String())
}
