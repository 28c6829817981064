package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hengjian/jobs/link/ledger"
	"hengjian/warehouse"
)

// linkDecideCommand says that two person entries are one person, or two.
type linkDecideCommand struct {
	A        string `arg:"" help:"Person entry: organ|kind of docket|number|number of the person."`
	B        string `arg:"" help:"Another person entry."`
	Same     bool   `xor:"answer" required:"" help:"They are one person."`
	Two      bool   `xor:"answer" required:"" help:"They are two persons."`
	Evidence string `required:"" help:"Document or record on which it rests." placeholder:"TEXT"`
	Until    string `help:"Last day on which it holds; without it for good." placeholder:"YYYY-MM-DD"`
	who
}

// Help gives an example.
func (linkDecideCommand) Help() string {
	return "Example: hengjian link decide 'o-1|arrest_review|浙01检捕受〔2024〕7号|B01' 'o-2|trial_first|(2024)浙0106刑初9号|D-1' --two --evidence 'letter 7' --person li --reason 'seen both files'\n\nThe decision is audited, holds for every run from the next on, and outlives retraining and re-ingestion. A contradiction of two persons waits for a third."
}

// String names the pair for the audit.
func (l linkDecideCommand) String() string { return l.A + " " + l.B }

// Run writes the decision.
func (l linkDecideCommand) Run(c *call) error {
	var until time.Time
	if l.Until != "" {
		var err error
		if until, err = time.Parse(time.DateOnly, l.Until); err != nil {
			return &warehouse.Error{Code: warehouse.Invalid, Message: "--until: write a day as YYYY-MM-DD", Err: err}
		}
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		return audited(ctx, s, "link_decide", l, l.who, func() error {
			d, state, err := ledger.NewStore(s.owner, s.defs.contracts, time.Now).Decide(ctx, ledger.Decision{
				A: l.A, B: l.B, Same: l.Same, By: l.Person, Reason: l.Reason, Evidence: l.Evidence, Until: until,
			})
			if err != nil {
				return err
			}
			answer := map[bool]string{true: "one person", false: "two persons"}[d.Same]
			_, err = fmt.Fprintf(c.out, "%s\n%s\nare %s: %s. It counts from the next run on.\n", d.A, d.B, answer, state)
			return err
		})
	})
}

// linkReviewCommand prints the review queue of the newest run.
type linkReviewCommand struct {
	Limit int `help:"How many." default:"20"`
}

// Help gives an example.
func (linkReviewCommand) Help() string {
	return "Example: hengjian link review --limit 20\n\nOne JSON object per pair, the most valuable first: how open the question is times what the answer moves."
}

// Run prints.
func (l linkReviewCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		links := ledger.NewStore(s.owner, s.defs.contracts, time.Now)
		run, err := links.Newest(ctx)
		if err != nil {
			return err
		}
		items, err := links.Queue(ctx, run, l.Limit)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(c.out)
		for _, i := range items {
			if err := encoder.Encode(i); err != nil {
				return err
			}
		}
		return nil
	})
}

// linkHistoryCommand tells what became of a person's id.
type linkHistoryCommand struct {
	ID string `arg:"" help:"Person id: p- and 24 hex digits."`
}

// Help gives an example.
func (linkHistoryCommand) Help() string {
	return "Example: hengjian link history p-0123456789abcdef01234567"
}

// Run prints one line per change, then the id that answers now.
func (l linkHistoryCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		past, err := ledger.NewStore(s.owner, s.defs.contracts, time.Now).History(ctx, l.ID)
		if err != nil {
			return err
		}
		for _, change := range past.Changes {
			if _, err := fmt.Fprintf(c.out, "%s  %-8s %s -> %s  %d records, run %s\n", change.At.Format(time.DateTime), change.Kind, cmp.Or(change.Old, "-"), cmp.Or(change.New, "-"), change.Records, change.Run); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(c.out, "%s answers now\n", past.Now)
		return err
	})
}
