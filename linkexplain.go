package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"time"

	"hengjian/jobs/link/cluster"
	"hengjian/jobs/link/explain"
	"hengjian/jobs/link/ledger"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/score"
	"hengjian/warehouse"
)

// linkExplainCommand says why two records are one person or two.
type linkExplainCommand struct {
	A     string `arg:"" help:"Person entry of the warehouse, or rec_id of a record of --input."`
	B     string `arg:"" help:"Another."`
	Input string `help:"Records as for link run; without it the newest run of the warehouse explains." placeholder:"FILE"`
}

// Help gives an example.
func (linkExplainCommand) Help() string {
	return "Examples: hengjian link explain 'o-1|arrest_review|浙01检捕受〔2024〕7号|B01' 'o-2|trial_first|(2024)浙0106刑初9号|D-1'\nhengjian link explain 17 42 --input records.csv\n\nPrints prior, levels, m, u, weights, frequency term, sum and band, the path that joins them and what was refused; no names and numbers."
}

// Run explains two entries of the warehouse, or links the file and explains two of
// its records.
func (l linkExplainCommand) Run(c *call) error {
	if l.Input == "" {
		return c.withStore(func(ctx context.Context, s *store) error { return l.stored(ctx, c, s) })
	}
	plan, err := level.Standard()
	if err != nil {
		return err
	}
	table, err := readRecords(l.Input)
	if err != nil {
		return err
	}
	keyA, errA := strconv.ParseUint(l.A, 10, 64)
	keyB, errB := strconv.ParseUint(l.B, 10, 64)
	a, okA := rowOf(table, keyA)
	b, okB := rowOf(table, keyB)
	if errA != nil || errB != nil || !okA || !okB || a == b {
		return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("name two records of the file by rec_id: %s and %s are not two", l.A, l.B)}
	}
	out, err := resolve.Persons(c.ctx, resolve.DefaultConfig(), resolve.Input{Plan: plan, Table: table})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(explainRows(plan, table, out, a, b))
}

// stored explains two entries from what the newest run kept.
func (l linkExplainCommand) stored(ctx context.Context, c *call, s *store) error {
	links := ledger.NewStore(s.owner, s.defs.contracts, time.Now)
	run, err := links.Newest(ctx)
	if err != nil {
		return err
	}
	persons, err := links.Persons(ctx, run, l.A, l.B)
	if err != nil {
		return err
	}
	for _, entry := range []string{l.A, l.B} {
		if persons[entry] == "" {
			return &warehouse.Error{Code: warehouse.NotFound, Message: "run " + run + " knows no person entry " + entry + ": write organ|kind of docket|number|number of the person"}
		}
	}
	said, _, err := links.Explain(ctx, run, l.A, l.B, persons)
	if err != nil {
		return err
	}
	decided, err := links.Between(ctx, l.A, l.B)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Run       string            `json:"run"`
		Persons   map[string]string `json:"persons"`
		Decisions []ledger.Decision `json:"decisions"`
		explain.Explanation
	}{run, persons, decided, said})
}

// rowOf finds the row of a key in a sealed table.
func rowOf(t *record.Table, key uint64) (uint32, bool) {
	at := sort.Search(len(t.Rows), func(i int) bool { return t.Rows[i].Key >= key })
	return uint32(at), at < len(t.Rows) && t.Rows[at].Key == key
}

// explainRows collects the edges around two rows.
func explainRows(plan *level.Plan, t *record.Table, out *resolve.Output, a, b uint32) explain.Explanation {
	of := out.Clusters.Of
	edge := func(e score.Edge, joined bool, reason cluster.Reason) explain.Edge {
		name := func(i uint32) string { return strconv.FormatUint(t.Rows[i].Key, 10) }
		return explain.Edge{
			A: name(e.A), B: name(e.B), Weight: float64(e.Weight), Pattern: e.Pattern,
			Reason: reason, Joined: joined,
		}
	}
	var edges []explain.Edge
	for _, e := range out.Clusters.Tree {
		if of[e.A] == of[a] {
			edges = append(edges, edge(e, true, cluster.None))
		}
	}
	between := func(x, y uint32) bool { return of[x] == of[a] && of[y] == of[b] || of[x] == of[b] && of[y] == of[a] }
	reasons := map[[2]uint32]cluster.Reason{}
	for _, k := range out.Clusters.Conflicts {
		if between(k.A, k.B) {
			reasons[[2]uint32{k.A, k.B}] = k.Reason
		}
	}
	var direct *explain.Edge
	for _, e := range out.Edges {
		if reason, refused := reasons[[2]uint32{e.A, e.B}]; refused {
			edges = append(edges, edge(e, false, reason))
		}
		if e.A == min(a, b) && e.B == max(a, b) {
			one := edge(e, false, cluster.None)
			direct = &one
		}
	}
	return explain.Records(plan, out.Parameters, strconv.FormatUint(t.Rows[a].Key, 10), strconv.FormatUint(t.Rows[b].Key, 10), of[a] == of[b], direct, edges)
}
