package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"hengjian/jobs/link/keeper"
	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
	"hengjian/jobs/link/score"
)

// linkCommand groups the commands of linkage.
type linkCommand struct {
	Run     linkRunCommand     `cmd:"" help:"Find which records of a file are one person; needs no warehouse."`
	Explain linkExplainCommand `cmd:"" help:"Say why two records of a file are one person, or two."`
	Chains  linkChainsCommand  `cmd:"" help:"Find which dockets of a file follow one another, and where the chain is broken."`
	Decide  linkDecideCommand  `cmd:"" help:"Decide that two person entries of the warehouse are one person, or two."`
	History linkHistoryCommand `cmd:"" help:"Tell what became of a person's id: merges, splits, and who answers now."`
	Review  linkReviewCommand  `cmd:"" help:"List the pairs of the warehouse that are worth a look."`
}

// linkRunCommand links the records of a file.
type linkRunCommand struct {
	Input      string   `required:"" help:"Records: CSV with the columns of the handbook, rec_id first." placeholder:"FILE"`
	Out        string   `required:"" help:"Result: rec_id, person_id, weight of the weakest edge that holds it." placeholder:"FILE"`
	Parameters string   `help:"Frozen weights to use instead of learning them." placeholder:"FILE"`
	Threshold  *float64 `help:"Weight from which records are joined, when the weights are learned." placeholder:"BITS"`
	Freeze     string   `help:"Write the weights in use as a frozen file." placeholder:"FILE"`
	Conflicts  string   `help:"Write the refused joins and their reasons." placeholder:"FILE"`

	Pseudonymised bool   `help:"Link on keys of the parts of values; the values stay in a key process."`
	Keys          string `help:"Socket of a running hengjian keys serve; without it one is started for the run." placeholder:"SOCKET"`
}

// Help gives an example.
func (linkRunCommand) Help() string {
	return "Example: hengjian link run --input records.csv --out clusters.csv\n\nWith --pseudonymised the file is read by a process that sends each batch to the key process and links what comes back: keys, from which no value can be read."
}

// Run reads, links and writes.
func (l linkRunCommand) Run(c *call) error {
	began := time.Now()
	stage := func(name string) {
		fmt.Fprintf(c.err, "%6.2f s  %s\n", time.Since(began).Seconds(), name)
	}
	plan, table, err := l.records(c)
	if err != nil {
		return err
	}
	stage("read")
	config := resolve.DefaultConfig()
	if l.Threshold != nil {
		config.Training.Threshold = *l.Threshold
	}
	in := resolve.Input{Plan: plan, Table: table, Stage: stage}
	if l.Parameters != "" {
		text, err := os.ReadFile(l.Parameters)
		if err != nil {
			return err
		}
		frozen, err := score.Thaw(text, plan)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Parameters, err)
		}
		in.Frozen = &frozen
	}
	out, err := resolve.Persons(c.ctx, config, in)
	if err != nil {
		return err
	}
	if l.Freeze != "" {
		text, err := out.Parameters.Freeze()
		if err != nil {
			return err
		}
		if err := os.WriteFile(l.Freeze, text, 0o644); err != nil {
			return err
		}
	}
	if err := writeClusters(l.Out, table, out); err != nil {
		return err
	}
	stage("write")
	return json.NewEncoder(c.out).Encode(map[string]any{"records": len(table.Rows), "pairs": out.Pairs, "edges": len(out.Edges), "conflicts": len(out.Clusters.Conflicts), "seconds": time.Since(began).Seconds()})
}

// records reads the file, as values or as keys, with the plan that compares them.
func (l linkRunCommand) records(c *call) (*level.Plan, *record.Table, error) {
	if !l.Pseudonymised {
		plan, err := level.Standard()
		if err != nil {
			return nil, nil, err
		}
		table, err := readRecords(l.Input)
		return plan, table, err
	}
	plan, err := level.Keyed()
	if err != nil {
		return nil, nil, err
	}
	client := keeper.Dial(l.Keys)
	if l.Keys == "" {
		process := newKeyProcess(c.cfg, c.err)
		defer process.Close()
		if client, err = process.Client(c.ctx); err != nil {
			return nil, nil, err
		}
	}
	table, err := eachRecord(l.Input, func(rows int) (*record.Table, func(*record.Raw) error, func() error, error) {
		table := record.NewKeyed(rows)
		adder := keeper.NewAdder(client, table, nil)
		return table, func(r *record.Raw) error { return adder.Add(c.ctx, *r) }, func() error { return adder.Flush(c.ctx) }, nil
	})
	return plan, table, err
}

// readRecords reads and seals a file of records.
func readRecords(path string) (*record.Table, error) {
	return eachRecord(path, func(rows int) (*record.Table, func(*record.Raw) error, func() error, error) {
		tables, err := normal.Load()
		if err != nil {
			return nil, nil, nil, err
		}
		table := record.New(tables, rows)
		return table, func(r *record.Raw) error { table.Add(r); return nil }, func() error { return nil }, nil
	})
}

// eachRecord reads a file into the table that begin makes for so many rows, and
// seals it; begin says how a record is added and what ends the adding.
func eachRecord(path string, begin func(rows int) (table *record.Table, add func(*record.Raw) error, flush func() error, err error)) (*record.Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	table, add, flush, err := begin(int(info.Size()/130) + 16)
	if err != nil {
		return nil, err
	}
	if err := resolve.ReadCSV(file, add); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := flush(); err != nil {
		return nil, err
	}
	if _, err := table.Seal(record.DefaultLimits()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return table, nil
}

// writeClusters writes one line per record in order of rec_id.
func writeClusters(path string, t *record.Table, out *resolve.Output) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(w, "rec_id,person_id,weakest_weight")
	weakest := resolve.Weakest(out)
	var b []byte
	for i := range t.Rows {
		b = strconv.AppendUint(b[:0], t.Rows[i].Key, 10)
		b = append(b, ",p"...)
		b = strconv.AppendUint(b, t.Rows[out.Clusters.Of[i]].Key, 10)
		b = append(b, ',')
		if w := weakest[out.Clusters.Of[i]]; w < 1e30 {
			b = strconv.AppendFloat(b, float64(w), 'f', 2, 32)
		}
		b = append(b, '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
