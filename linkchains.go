package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"hengjian/jobs/link/chain"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
)

// linkChainsCommand connects the dockets of a file.
type linkChainsCommand struct {
	Input string `required:"" help:"Folder with records.csv; with chains.csv the expected hops are judged and compared." placeholder:"DIR"`
	Out   string `help:"Result: from, to, how each pair of dockets was connected." placeholder:"FILE"`
	Cells string `help:"Result: broken hops by step, region and month with intervals." placeholder:"FILE"`
}

// Help gives an example.
func (linkChainsCommand) Help() string {
	return "Example: hengjian link chains --input DIR --out hops.csv"
}

// Run links persons, then dockets.
func (l linkChainsCommand) Run(c *call) error {
	plan, err := level.Standard()
	if err != nil {
		return err
	}
	path := filepath.Join(l.Input, "records.csv")
	table, err := readRecords(path)
	if err != nil {
		return err
	}
	found, err := resolve.Persons(c.ctx, resolve.DefaultConfig(), resolve.Input{Plan: plan, Table: table})
	if err != nil {
		return err
	}
	entries, err := readEntries(path, table, found.Clusters.Of)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	graph := chain.Connect(entries)
	if l.Out != "" {
		if err := writeHops(l.Out, graph); err != nil {
			return err
		}
	}
	figures := map[string]any{"dockets": len(graph.Dockets), "hops": len(graph.Hops), "lost_citations": len(graph.Lost)}
	for _, h := range graph.Hops {
		key := "hops_by_" + string(h.How)
		n, _ := figures[key].(int)
		figures[key] = n + 1
	}
	expected := filepath.Join(l.Input, "chains.csv")
	if _, err := os.Stat(expected); err == nil {
		if err := l.judge(expected, entries, graph, figures); err != nil {
			return fmt.Errorf("%s: %w", expected, err)
		}
	}
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(figures)
}

// eachLine reads a CSV file; line gets a way to read a column by name.
func eachLine(path string, line func(column func(string) string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err != nil {
		return fmt.Errorf("read the header: %w", err)
	}
	place := map[string]int{}
	for i, name := range header {
		place[name] = i
	}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a line: %w", err)
		}
		if err := line(func(name string) string {
			if at, ok := place[name]; ok {
				return row[at]
			}
			return ""
		}); err != nil {
			return err
		}
	}
}

// readEntries reads the dockets of a file of records with the person of each entry.
func readEntries(path string, t *record.Table, of []uint32) ([]chain.Entry, error) {
	n, err := normal.Load()
	if err != nil {
		return nil, err
	}
	row := make(map[uint64]uint32, len(t.Rows))
	for i := range t.Rows {
		row[t.Rows[i].Key] = uint32(i)
	}
	entries := make([]chain.Entry, 0, len(t.Rows))
	err = eachLine(path, func(column func(string) string) error {
		key, err := strconv.ParseUint(column("rec_id"), 10, 64)
		if err != nil {
			return fmt.Errorf("rec_id %q is not a whole number", column("rec_id"))
		}
		at := row[key]
		e := chain.Entry{Person: of[at], Name: t.Names[t.Rows[at].Name].Sound, Kind: column("record_type"), Organ: column("org_region"), Own: normal.Document(column("own_no"))}
		if cited := column("ref_no"); cited != "" {
			e.Cited = normal.Document(cited)
		}
		if day := n.Birth(column("event_date")); day%100 != 0 {
			e.Day = day.Days()
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

func writeHops(path string, g chain.Graph) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	rows := [][]string{{"organ", "from_type", "from_no", "to_type", "to_no", "how", "rivals"}}
	for _, h := range g.Hops {
		from, to := g.Dockets[h.From], g.Dockets[h.To]
		rows = append(rows, []string{from.Organ, from.Kind, from.Own, to.Kind, to.Own, string(h.How), strconv.Itoa(h.Rivals)})
	}
	return w.WriteAll(rows)
}

// judge judges the expected hops of chains.csv and compares with their status.
func (l linkChainsCommand) judge(path string, entries []chain.Entry, g chain.Graph, figures map[string]any) error {
	place, asOf := map[string]int{}, 0
	for i, d := range g.Dockets {
		place[d.Organ+"|"+d.Own] = i
	}
	for _, e := range entries {
		asOf = max(asOf, e.Day)
	}
	proven, linked := map[int]bool{}, make(map[int]int, len(g.Hops))
	for _, loss := range g.Lost {
		proven[loss.After] = true
	}
	for _, h := range g.Hops {
		linked[h.From] = h.To
	}
	var expected []chain.Expected
	var truth []string
	right := map[[2]int]bool{}
	received := 0
	if err := eachLine(path, func(column func(string) string) error {
		organ := column("org_region")
		from, ok := place[organ+"|"+normal.Document(column("from_no"))]
		if !ok {
			return nil
		}
		e := chain.Expected{Hop: column("from_type"), Sender: organ, Start: g.Dockets[from].Day, Proven: proven[from]}
		if to, ok := linked[from]; ok {
			e.Linked, e.Delay = true, g.Dockets[to].Day-e.Start
		}
		if to, ok := place[organ+"|"+normal.Document(column("to_no"))]; ok && column("status") == "ok" {
			right[[2]int{from, to}] = true
			received++
		}
		expected, truth = append(expected, e), append(truth, column("status"))
		return nil
	}); err != nil {
		return err
	}
	hit, wrong := 0, 0
	firm := 0
	for _, h := range g.Hops {
		if h.How == chain.Ambiguous {
			continue // waits for a person: neither linked nor open
		}
		firm++
		if right[[2]int{h.From, h.To}] {
			hit++
		} else {
			wrong++
		}
	}
	figures["hops_received"], figures["hops_linked_share"], figures["hops_wrong_share"] = received, share(hit, received), share(wrong, firm)
	return l.broken(expected, truth, asOf, figures)
}

func share(part, of int) float64 { return float64(part) / float64(max(1, of)) }

// broken runs the delay model and compares by hop with the truth.
func (l linkChainsCommand) broken(expected []chain.Expected, truth []string, asOf int, figures map[string]any) error {
	model := chain.DefaultModel(asOf)
	models := model.Learn(expected)
	judged := model.Judge(expected, models)
	said, sure, lost, refused := 0, 0, 0, 0
	sums, trueLost := map[string]float64{}, map[string]int{}
	for i, j := range judged {
		hop := expected[i].Hop
		if j.Status == chain.Refused {
			refused++
			continue
		}
		if _, known := models[hop]; !known {
			continue
		}
		sums[hop] += j.Probability
		if truth[i] == "lost" {
			trueLost[hop]++
			lost++
		}
		if j.Probability >= model.Sure {
			said++
			if truth[i] == "lost" {
				sure++
			}
		}
	}
	figures["broken_precision"], figures["broken_recall"], figures["undecided"] = share(sure, said), share(sure, lost), refused
	hops := map[string]any{}
	for hop, sum := range sums {
		d := models[hop]
		hops[hop] = map[string]any{"expected_broken": sum, "true_broken": trueLost[hop], "horizon_days": d.Horizon, "pi": d.Pi}
	}
	figures["by_hop"] = hops
	if l.Cells == "" {
		return nil
	}
	return writeCells(l.Cells, chain.Cells(expected, judged, func(day int) int { return day / 30 }))
}

func writeCells(path string, cells []chain.Cell) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	rows := [][]string{{"hop", "region", "month", "expected", "proven", "probable", "not_yet", "none_due", "undecided", "rate", "low", "high"}}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
	for _, c := range cells {
		rows = append(rows, slices.Concat([]string{c.Hop, c.Sender, strconv.Itoa(c.Month), strconv.Itoa(c.Expected), strconv.Itoa(c.Proven), number(c.Probable)},
			[]string{strconv.Itoa(c.NotYet), strconv.Itoa(c.NoneDue), strconv.Itoa(c.Undecided), number(c.Rate), number(c.Low), number(c.High)}))
	}
	return w.WriteAll(rows)
}
