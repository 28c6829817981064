package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"hengjian/ingest/filedrop"
	"hengjian/jobs/indicator"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

type indicatorsCommand struct {
	List    indicatorsListCommand    `cmd:"" help:"List the catalogue."`
	Show    indicatorsShowCommand    `cmd:"" help:"Show one definition."`
	SQL     indicatorsSQLCommand     `cmd:"" name:"sql" help:"Print the statements that compute an indicator."`
	Compute indicatorsComputeCommand `cmd:"" help:"Answer a question: indicators by organ, period and dimension."`
	Check   indicatorsCheckCommand   `cmd:"" help:"Let the engine check every statement, or hold published rates against published counts."`
	Freeze  indicatorsFreezeCommand  `cmd:"" help:"Freeze a published period."`
	Restate indicatorsRestateCommand `cmd:"" help:"State the changed figures of a frozen period again, with a reason."`
	Lineage indicatorsLineageCommand `cmd:"" help:"Say what a number rests on."`
}

type indicatorsListCommand struct{}

// Help gives an example.
func (indicatorsListCommand) Help() string { return "Example: hengjian indicators list" }

// Run prints the catalogue by id.
func (indicatorsListCommand) Run(c *call) error {
	defs, err := loadDefinitions(c.cfg.Definitions)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	for _, i := range defs.indicators.Indicators() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", i.ID, i.Kind, i.Unit, i.ZH, i.EN)
	}
	return w.Flush()
}

type indicatorsShowCommand struct {
	ID string `arg:"" help:"Such as AR02b."`
}

// Help gives an example.
func (indicatorsShowCommand) Help() string { return "Example: hengjian indicators show AR02b" }

// Run prints one definition in both languages.
func (s indicatorsShowCommand) Run(c *call) error {
	_, i, err := c.defined(s.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s v%d %s / %s\n%s\n%s\n", i.ID, i.Version, i.ZH, i.EN, i.Definition.ZH, i.Definition.EN)
	fmt.Fprintf(c.out, "kind %s, counts %s (%s), unit %s, from %s by %s\n", i.Kind, i.Counts, i.CountedUnit, i.Unit, i.From, i.Organ)
	if i.OverHundred() {
		fmt.Fprintln(c.out, "numerator and denominator are two flows of one period (同期): the rate may exceed 100 % / 同期流量之比，可以超过 100%")
	}
	for name, list := range map[string][]indicator.Text{"includes": i.Includes, "excludes": i.Excludes, "caveat": i.Caveats} {
		for _, t := range list {
			fmt.Fprintf(c.out, "%s: %s / %s\n", name, t.ZH, t.EN)
		}
	}
	fmt.Fprintf(c.out, "preference: %s / %s\n", i.Preference.ZH, i.Preference.EN)
	for _, b := range i.Basis {
		fmt.Fprintf(c.out, "basis: %s %s\n", b.Law, b.Article)
	}
	_, err = fmt.Fprintf(c.out, "dimensions: %s; examples: %d; digest %s\n", strings.Join(append(i.Dims, i.Slices...), ", "), len(i.Examples), i.Digest())
	return err
}

// defined loads the definitions and finds an indicator, or says where to look.
func (c *call) defined(id string) (definitions, indicator.Indicator, error) {
	defs, err := loadDefinitions(c.cfg.Definitions)
	if err != nil {
		return defs, indicator.Indicator{}, err
	}
	i, ok := defs.indicators.Indicator(id)
	if !ok {
		return defs, i, &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no indicator %q: hengjian indicators list shows them", id)}
	}
	return defs, i, nil
}

type indicatorsSQLCommand struct {
	ID string `arg:"" help:"Such as AR02b."`
}

// Help gives an example.
func (indicatorsSQLCommand) Help() string { return "Example: hengjian indicators sql AR02b" }

// Run prints the statements.
func (s indicatorsSQLCommand) Run(c *call) error {
	defs, i, err := c.defined(s.ID)
	if err != nil {
		return err
	}
	_, err = io.WriteString(c.out, defs.indicators.SQL(i, defs.contracts))
	return err
}

type indicatorsComputeCommand struct {
	IDs        []string `arg:"" name:"id" help:"Indicators."`
	PeriodKind string   `help:"month, quarter, half, year or ytd." default:"ytd"`
	Period     string   `help:"Such as 2026-06; without it every one." placeholder:"PERIOD"`
	Level      string   `help:"Only procuratorates of this level." placeholder:"LEVEL"`
	By         string   `help:"organ, level, region, kind or nation." default:"organ"`
	Coverage   string   `help:"closure (with all they lead) or own." default:"closure"`
	Dims       []string `help:"Split by these dimensions." placeholder:"DIM"`
	ShowSQL    bool     `name:"show-sql" help:"Print the statement instead."`
}

// Help gives an example.
func (indicatorsComputeCommand) Help() string {
	return "Example: hengjian indicators compute AR02b PR02 --level provincial --period-kind ytd --period 2026-06"
}

// Run answers from the newest visible run, as pages and exports do.
func (q indicatorsComputeCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		reader := indicator.NewReader(indicator.ReaderDeps{DB: s.owner, Contracts: s.defs.contracts, Catalogue: s.defs.indicators})
		question := indicator.Question{Indicators: q.IDs, PeriodKind: q.PeriodKind, Period: q.Period, Level: q.Level, By: q.By, Coverage: q.Coverage, Dims: q.Dims}
		scope := access.Job("indicators compute")
		if q.ShowSQL {
			text, err := reader.Compile(ctx, scope, question)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.out, text.SQL)
			return err
		}
		answers, err := reader.Ask(ctx, scope, question)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		for _, a := range answers {
			den := ""
			if a.Den != nil {
				den = *a.Den
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\tundetermined %d\t%s\n", a.Who, a.Indicator, a.Period, a.Dim, a.Num, den, a.Printed, a.Undetermined, a.Note)
		}
		if err := w.Flush(); err != nil || q.Period == "" || len(q.Dims) > 0 {
			return err
		}
		return q.nation(ctx, c, reader)
	})
}

// nation prints of what the national value is made, so that a table of organs can
// be held against it.
func (q indicatorsComputeCommand) nation(ctx context.Context, c *call, reader *indicator.Reader) error {
	for _, id := range q.IDs {
		n, err := reader.Nation(ctx, access.Job("indicators compute"), id, q.PeriodKind, q.Period)
		if warehouse.CodeOf(err) == warehouse.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s: national value %s over %d procuratorates, sum of their own %s; remainder outside them %s in %d rows\n", id, n.Num, n.Organs, n.Sum, n.Remainder, n.Rest)
	}
	return nil
}

type indicatorsCheckCommand struct {
	Official bool `help:"Recompute published rates from published counts and look for implied restatements; needs no warehouse."`
}

// Help gives an example.
func (indicatorsCheckCommand) Help() string { return "Example: hengjian indicators check --official" }

// Run checks the catalogue.
func (k indicatorsCheckCommand) Run(c *call) error {
	if k.Official {
		return c.checkOfficial()
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		job, err := indicator.New(indicator.DefaultConfig(), indicator.Deps{DB: s.owner, Contracts: s.defs.contracts, Catalogue: s.defs.indicators})
		if err != nil {
			return err
		}
		n, err := job.Validate(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%d indicators are sound: the engine accepts their %d scans\n", len(s.defs.indicators.Indicators()), n)
		return err
	})
}

// checkOfficial prints computed against printed.
func (c *call) checkOfficial() error {
	defs, err := loadDefinitions(c.cfg.Definitions)
	if err != nil {
		return err
	}
	figures, err := officialFigures()
	if err != nil {
		return err
	}
	found := defs.indicators.CheckOfficial(figures)
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "rate\tperiod\tprinted\tcomputed\tinterval\tdifference\t")
	failed := 0
	for _, x := range found.Rates {
		outcome := "reproduced"
		if !x.Reproduced {
			outcome = "not reproducible: " + x.Reason.Code + " " + x.Reason.ZH + " / " + x.Reason.EN
			if x.Reason.Code == "unexplained" {
				failed++
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.3f\t%.2f..%.2f\t%+.2f\t%s\n", x.Ratio.ID, x.Period, x.Printed, x.Rate, x.Low, x.High, x.Difference, outcome)
	}
	for _, f := range found.Without {
		fmt.Fprintf(w, "%s\t%s\t%s\t\t\t\tnot reproducible: its parts were not published for this period\n", f.Measure, f.Period, f.Printed)
	}
	fmt.Fprintln(w, "\nchange\tperiod\tprinted\timplies for the year before\tpublished then\t\t")
	for _, r := range found.Restatements {
		outcome := "agrees"
		if r.Restated {
			outcome = "implied restatement"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.0f..%.0f\t%s\t\t%s\n", r.Change.Measure, r.Change.Period, r.Change.Printed, r.Low, r.High, r.Then.Printed, outcome)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d published rates do not follow from published counts and no reason is known", failed)}
	}
	return nil
}

// officialFigures reads the published figures that come with the program.
func officialFigures() ([]indicator.Figure, error) {
	_, text, err := filedrop.Official()
	if err != nil {
		return nil, fmt.Errorf("read the published figures: %w", err)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the published figures: %w", err)
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	out := make([]indicator.Figure, 0, len(lines)-1)
	for _, l := range lines[1:] {
		low, errLow := strconv.ParseFloat(l[at["low"]], 64)
		high, errHigh := strconv.ParseFloat(l[at["high"]], 64)
		if errLow != nil || errHigh != nil {
			return nil, fmt.Errorf("read the published figures: %s has no interval", l[at["measure"]])
		}
		out = append(out, indicator.Figure{
			Edition: l[at["edition"]], Measure: l[at["measure"]], Name: l[at["zh"]], Period: l[at["period"]], Printed: l[at["printed"]],
			Unit: l[at["unit"]], Source: l[at["source"]], Low: low, High: high, Confirmed: l[at["confirmed"]] == "true",
		})
	}
	return out, nil
}

type indicatorsFreezeCommand struct {
	Period string `required:"" help:"Such as 2026-06." placeholder:"PERIOD"`
	Kind   string `help:"month, quarter, half, year or ytd." default:"ytd"`
}

// Help gives an example.
func (indicatorsFreezeCommand) Help() string {
	return "Example: hengjian indicators freeze --kind ytd --period 2026-06"
}

// Run freezes a period.
func (f indicatorsFreezeCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		n, err := indicator.NewKeeper(s.owner, time.Now).Freeze(ctx, indicator.Period{Kind: f.Kind, Period: f.Period})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%d values of %s %s are frozen as published\n", n, f.Kind, f.Period)
		return err
	})
}

type indicatorsRestateCommand struct {
	Period string `required:"" help:"Such as 2026-06." placeholder:"PERIOD"`
	Kind   string `help:"month, quarter, half, year or ytd." default:"ytd"`
	Reason string `required:"" help:"Why the figures changed." placeholder:"TEXT"`
}

// Help gives an example.
func (indicatorsRestateCommand) Help() string {
	return "Example: hengjian indicators restate --period 2026-06 --reason '三个院补报五月案件'"
}

// Run states changed figures again.
func (f indicatorsRestateCommand) Run(c *call) error {
	who, err := user.Current()
	if err != nil {
		return fmt.Errorf("find out who asks: %w", err)
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		n, err := indicator.NewKeeper(s.owner, time.Now).Restate(ctx, indicator.Period{Kind: f.Kind, Period: f.Period}, f.Reason, who.Username)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%d figures of %s %s were stated again\n", n, f.Kind, f.Period)
		return err
	})
}

type indicatorsLineageCommand struct {
	ID       string `arg:"" help:"Such as AR02b."`
	Organ    string `required:"" help:"Id of the procuratorate." placeholder:"ID"`
	Period   string `required:"" help:"Such as 2026-06." placeholder:"PERIOD"`
	Kind     string `help:"month, quarter, half, year or ytd." default:"ytd"`
	Coverage string `help:"closure or own." default:"closure"`
	Dim      string `help:"Such as procedure=summary." placeholder:"DIM"`
}

// Help gives an example.
func (indicatorsLineageCommand) Help() string {
	return "Example: hengjian indicators lineage AR02b --organ o00042 --period 2026-06"
}

// Run prints definition, vintage, run and input digests of a number.
func (l indicatorsLineageCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		reader := indicator.NewReader(indicator.ReaderDeps{DB: s.owner, Contracts: s.defs.contracts, Catalogue: s.defs.indicators})
		found, err := reader.LineageOf(ctx, access.Job("indicators lineage"), l.ID, l.Organ, l.Coverage, l.Dim, indicator.Period{Kind: l.Kind, Period: l.Period})
		if err != nil {
			return err
		}
		for _, x := range found {
			fmt.Fprintf(c.out, "%s %s\n  run %s as of %s, code %s, definitions %s\n  definition %s, register edition %s, made of %d parts, inputs %s\n",
				x.Vintage, x.Text, x.Run, x.AsOf.Format(time.DateOnly), x.Code, x.Definitions, x.Definition, x.Edition, x.Parts, x.Inputs)
			if x.Reason != "" {
				fmt.Fprintf(c.out, "  reason: %s\n", x.Reason)
			}
		}
		return nil
	})
}
