package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"hengjian/jobs/indicator"
	"hengjian/jobs/publish"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

type publishCommand struct {
	Draft   publishDraftCommand   `cmd:"" help:"Draft a table from the newest committed run; small cells are hidden."`
	Approve publishApproveCommand `cmd:"" help:"Approve a draft as another person; its periods are frozen as published."`
	Export  publishExportCommand  `cmd:"" help:"Write a drafted table as CSV and XLSX."`
}

type publishDraftCommand struct {
	Template string `help:"Which table." default:"quarterly"`
	Period   string `help:"Quarter, such as 2026Q1." required:"" placeholder:"PERIOD"`
}

// Help gives an example.
func (publishDraftCommand) Help() string {
	return "Example: hengjian publish draft --period 2026Q1\n\nThe draft holds for this table only and is not for release."
}

// Run drafts and prints what was hidden.
func (d publishDraftCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		p, err := s.publisher()
		if err != nil {
			return err
		}
		person := "operator"
		if u, err := user.Current(); err == nil {
			person = u.Username
		}
		r, err := p.Draft(ctx, access.Job("publish"), publish.Request{Template: d.Template, Period: d.Period, Person: person, At: time.Now()})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "release %s, %s, digest %s\nexport it: hengjian publish export --id %s --out DIR\n", r.ID, r.State, r.Digest, r.ID)
		return err
	})
}

type publishExportCommand struct {
	ID  string `help:"Release to export." required:"" placeholder:"RELEASE"`
	Out string `help:"Folder for the files." default:"." placeholder:"DIR"`
}

// Help gives an example.
func (publishExportCommand) Help() string {
	return "Example: hengjian publish export --id r-0123456789abcdef --out ./release"
}

// Run writes the CSV and the XLSX file.
func (e publishExportCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		p, err := s.publisher()
		if err != nil {
			return err
		}
		r, err := p.Read(ctx, access.Job("publish"), e.ID)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(e.Out, 0o755); err != nil {
			return fmt.Errorf("make the folder: %w", err)
		}
		for ending, write := range map[string]func(io.Writer) error{".csv": r.WriteCSV, ".xlsx": r.WriteXLSX} {
			if err := writeFile(filepath.Join(e.Out, r.ID+ending), write); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(c.out, "wrote %s.csv and %s.xlsx to %s\n", r.ID, r.ID, e.Out)
		return err
	})
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write the export: %w", err)
	}
	return f.Close()
}

// publisher wires jobs/publish with what the catalogue says of each indicator.
func (s *store) publisher() (*publish.Publisher, error) {
	var all []publish.Definition
	for _, i := range s.defs.indicators.Indicators() {
		all = append(all, publish.Definition{
			ID: i.ID, ZH: i.ZH, EN: i.EN, Unit: i.Unit, TextZH: i.Definition.ZH, TextEN: i.Definition.EN,
			Basis: articles(i.Basis), Share: i.Proportion(), Ratio: i.Ratio(),
		})
	}
	return publish.New(publish.DefaultConfig(), publish.Deps{DB: s.owner, Definitions: all})
}

// articles writes the legal basis of an indicator in one line.
func articles(basis []indicator.Article) string {
	var all []string
	for _, a := range basis {
		all = append(all, "《"+a.Law+"》"+a.Article)
	}
	return strings.Join(all, "; ")
}

type publishApproveCommand struct {
	ID     string `help:"Draft to approve." required:"" placeholder:"RELEASE"`
	Person string `help:"Who approves; without it the user of this machine." placeholder:"NAME"`
}

// Help gives an example.
func (publishApproveCommand) Help() string {
	return "Example: hengjian publish approve --id r-0123456789abcdef --person 复核人\n\nWhoever drafted a release cannot approve it. Its periods are frozen: a figure that changes later is stated again with a reason (hengjian indicators restate)."
}

// Run approves a release and freezes the periods that it prints.
func (a publishApproveCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		p, err := s.publisher()
		if err != nil {
			return err
		}
		person := a.Person
		if u, err := user.Current(); err == nil && person == "" {
			person = u.Username
		}
		r, n, err := approve(ctx, p, indicator.NewKeeper(s.owner, time.Now), a.ID, person, time.Now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "release %s is approved by %s; %d values are frozen as published\n", r.ID, person, n)
		return err
	})
}

// approve approves a release and freezes every period that it prints under the
// release's own run; a period that an earlier release froze stays as it is.
func approve(ctx context.Context, p *publish.Publisher, k *indicator.Keeper, id, person string, at time.Time) (publish.Release, uint64, error) {
	r, err := p.Approve(ctx, access.Job("publish"), id, person, at)
	if err != nil {
		return r, 0, err
	}
	var frozen uint64
	for _, column := range r.Table.Columns {
		n, err := k.FreezeRun(ctx, r.Table.Run, indicator.Period{Kind: column.Kind, Period: column.Period})
		if err != nil && warehouse.CodeOf(err) != warehouse.Conflict {
			return r, frozen, fmt.Errorf("freeze %s of release %s: %w", column.Period, id, err)
		}
		frozen += n
	}
	return r, frozen, nil
}
