package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"hengjian/jobs/clock"
	pipeline "hengjian/jobs/run"
	"hengjian/warehouse"
)

// clocksCommand judges timelines and explains findings.
type clocksCommand struct {
	Check   clocksCheckCommand   `cmd:"" help:"Judge timelines, one JSON object a line, by all rules; no warehouse is needed."`
	Explain clocksExplainCommand `cmd:"" help:"Explain a finding of the warehouse: events, reckoning, article, rule version."`
	Schema  clocksSchemaCommand  `cmd:"" help:"Print the JSON Schema of a timeline."`
}

type clocksCheckCommand struct {
	File    string `arg:"" optional:"" help:"File of timelines; without it standard input is read." placeholder:"FILE"`
	AsOf    string `help:"Legal day on which clocks are read, for every line." placeholder:"DAY"`
	Explain bool   `help:"Print explanations instead of JSON."`
	All     bool   `help:"Print rules that do not apply, too."`
}

// Help gives an example.
func (clocksCheckCommand) Help() string {
	return `Example: echo '{"case":"A1","persons":["1"],"as_of":"2024-06-30","events":[{"type":"detention.executed","at":"2024-05-01T21:30"}]}' | hengjian clocks check --explain

The format of a line: hengjian clocks schema. A line that is not valid is reported with its number, the others are judged all the same.`
}

// longestLine is the most a timeline may have.
const longestLine = 64 << 20

// Run judges line by line.
func (k clocksCheckCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	in := io.Reader(os.Stdin)
	if k.File != "" && k.File != "-" {
		f, err := os.Open(k.File)
		if err != nil {
			return &warehouse.Error{Code: warehouse.NotFound, Message: "the file of timelines cannot be read: " + err.Error(), Err: err}
		}
		defer f.Close()
		in = f
	}
	checker, lines := rules.Checker(), bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	out := bufio.NewWriter(c.out)
	defer out.Flush()
	bad, n := 0, 0
	for lines.Scan() {
		n++
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		found, err := checker.Check(lines.Bytes(), k.AsOf, k.All)
		if err != nil {
			bad++
			fmt.Fprintf(c.err, "line %d: %v\n", n, message(err))
			continue
		}
		if err := k.print(out, found); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("line %d cannot be read: %v", n+1, err), Err: err}
	}
	if bad > 0 {
		return &warehouse.Error{Code: warehouse.Invalid, Message: fmt.Sprintf("%d of %d lines are not valid, see above", bad, n)}
	}
	return nil
}

// message is what a person is told of an error.
func message(err error) string {
	var known *warehouse.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return err.Error()
}

func (k clocksCheckCommand) print(w io.Writer, found []clock.Outcome) error {
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	for i := range found {
		if !k.Explain {
			if err := encode.Encode(&found[i]); err != nil {
				return fmt.Errorf("print an outcome: %w", err)
			}
			continue
		}
		o := &found[i]
		fmt.Fprintf(w, "%s %s %s (%s) %s\n  %s\n  %s\n", o.Case, o.Person, o.Rule, o.Version, o.Outcome, o.Explanation.ZH, o.Explanation.EN)
		for _, s := range o.Steps {
			for _, line := range s.Arithmetic {
				fmt.Fprintf(w, "    %s  %s / %s\n", line.On, line.ZH, line.EN)
			}
		}
	}
	return nil
}

type clocksExplainCommand struct {
	Finding string `arg:"" help:"Id of the finding."`
}

// Help gives an example.
func (clocksExplainCommand) Help() string { return "Example: hengjian clocks explain 3f2a9c1b7d60e455" }

// Run reads the newest verdict of the finding.
func (k clocksExplainCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		v, err := clock.Explain(ctx, s.owner, s.defs.rules, k.Finding)
		if err != nil {
			return err
		}
		fmt.Fprint(c.out, v)
		return nil
	})
}

type clocksSchemaCommand struct{}

// Help gives an example.
func (clocksSchemaCommand) Help() string {
	return "Example: hengjian clocks schema > timeline.schema.json"
}

// Run prints the schema.
func (clocksSchemaCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	text, err := rules.TimelineSchema()
	if err != nil {
		return err
	}
	_, err = c.out.Write(text)
	return err
}

// rulesCommand serves those who write rules.
type rulesCommand struct {
	List rulesListCommand `cmd:"" help:"List all rule versions."`
	Show rulesShowCommand `cmd:"" help:"Show one rule with its articles, limits and examples."`
	Diff rulesDiffCommand `cmd:"" help:"Compare the rules of --definitions with those of the product."`
	Test rulesTestCommand `cmd:"" help:"Load all rules and run every worked example."`
	Docs rulesDocsCommand `cmd:"" help:"Write the page of all rules with basis and reading."`
}

type rulesListCommand struct{}

// Help gives an example.
func (rulesListCommand) Help() string { return "Example: hengjian rules list --definitions ./mine" }

// Run prints one line per version.
func (rulesListCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "rule\tversion\tvalid from\tvalid to\tseverity\tnumbers\trecord\tname")
	for _, r := range rules.All() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s / %s\n", r.ID, r.Version, r.ValidFrom, r.ValidTo, r.Severity, r.BasisKind, r.Record, r.Name.ZH, r.Name.EN)
	}
	return w.Flush()
}

type rulesShowCommand struct {
	Rule string `arg:"" help:"Id of the rule, such as R060."`
}

// Help gives an example.
func (rulesShowCommand) Help() string { return "Example: hengjian rules show R060" }

// Run prints every version of the rule.
func (k rulesShowCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	found := false
	for _, r := range rules.All() {
		if r.ID == k.Rule {
			found = true
			r.Show(c.out)
		}
	}
	if !found {
		return &warehouse.Error{Code: warehouse.NotFound, Message: fmt.Sprintf("there is no rule %q: hengjian rules list names them all", k.Rule)}
	}
	return nil
}

type rulesDiffCommand struct {
	Impact bool `help:"Judge the newest run by both sets and count the findings that appear and vanish; nothing is written."`
}

// Help gives an example.
func (rulesDiffCommand) Help() string {
	return "Example: hengjian rules diff --definitions ./mine --impact"
}

// Run prints what differs.
func (k rulesDiffCommand) Run(c *call) error {
	if c.cfg.Definitions == "" {
		return usageError{errors.New("rules diff compares --definitions DIR with the rules of the product: name the folder")}
	}
	before, err := clock.Load("")
	if err != nil {
		return err
	}
	after, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	if !k.Impact {
		return k.print(c, before.Diff(after))
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		run, found, err := pipeline.Newest(ctx, s.owner, "clock")
		if err != nil {
			return err
		}
		if !found {
			return &warehouse.Error{Code: warehouse.NotFound, Message: "no run yet: hengjian jobs run"}
		}
		changes, err := clock.Impact(ctx, s.owner, run, before, after)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "run %s as of %s\n", run.ID, run.AsOf.Format(time.DateOnly))
		return k.print(c, changes)
	})
}

func (k rulesDiffCommand) print(c *call, changes []clock.Change) error {
	if len(changes) == 0 {
		_, err := fmt.Fprintln(c.out, "the rules are the same")
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	head := "rule\tversion\tchange"
	if k.Impact {
		head += "\tappear\tvanish\talter"
	}
	fmt.Fprintln(w, head)
	for _, x := range changes {
		fmt.Fprintf(w, "%s\t%s\t%s", x.Rule, x.Version, x.Kind)
		if k.Impact {
			fmt.Fprintf(w, "\t%d\t%d\t%d", x.Appear, x.Vanish, x.Alter)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

type rulesTestCommand struct{}

// Help gives an example.
func (rulesTestCommand) Help() string { return "Example: hengjian rules test --definitions ./mine" }

// Run loads everything, which runs every example and reports all problems at once.
func (rulesTestCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	examples := 0
	for _, r := range rules.All() {
		examples += r.Examples()
	}
	_, err = fmt.Fprintf(c.out, "%d rules, %d worked examples, all as wanted; digest %s\n", len(rules.All()), examples, rules.Digest()[:16])
	return err
}

type rulesDocsCommand struct {
	Out string `help:"File to write." default:"deploy/docs/rules.md" type:"path"`
}

// Help gives an example.
func (rulesDocsCommand) Help() string {
	return "Example: hengjian rules docs --out deploy/docs/rules.md"
}

// Run writes the page.
func (d rulesDocsCommand) Run(c *call) error {
	rules, err := clock.Load(c.cfg.Definitions)
	if err != nil {
		return err
	}
	return writeDocument(d.Out, rules.Page)
}
