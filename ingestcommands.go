package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"hengjian/ingest/loader"
	"hengjian/ingest/quality"
	"hengjian/ingest/receipt"
	"hengjian/ingest/verify"
	"hengjian/warehouse"
)

type ingestCommand struct {
	Load     ingestLoadCommand     `cmd:"" default:"withargs" help:"Load and derive until stopped, or until all is in."`
	Redecode redecodeCommand       `cmd:"" help:"Decode sealed originals again by the present contract; shows the effect first."`
	Take     ingestTakeCommand     `cmd:"" help:"Take in one file package (zip)."`
	Quality  ingestQualityCommand  `cmd:"" help:"Check the data over time: keys, codes, empty fields, dates, numbers of rows, gaps."`
	Verify   ingestVerifyCommand   `cmd:"" help:"Prove from the data alone that nothing was lost, doubled or bent; exit 1 if not."`
	Receipts ingestReceiptsCommand `cmd:"" help:"Show who may read the receipts of each sender."`
	Status   ingestStatusCommand   `cmd:"" help:"Show position, lag and state of every stream."`
	Pause    ingestPauseCommand    `cmd:"" help:"Let the loading of a topic rest until it is resumed."`
	Resume   ingestResumeCommand   `cmd:"" help:"Go on loading a paused topic."`
}

// Help gives an example.
func (ingestCommand) Help() string {
	return "Example: hengjian ingest --once\nExample: hengjian ingest verify"
}

type ingestLoadCommand struct {
	Once bool `help:"Stop when everything in the broker is in."`
}

// Help gives an example.
func (ingestLoadCommand) Help() string { return "Example: hengjian ingest --once" }

// Run loads and derives.
func (i ingestLoadCommand) Run(c *call) error {
	loader.DefaultConfig().BoundMemory()
	return c.withStore(func(ctx context.Context, s *store) error {
		return c.alongside(ctx, func(ctx context.Context, group *errgroup.Group) error {
			in, err := c.newIntake(ctx, s, group, prometheus.NewRegistry())
			if err != nil {
				return err
			}
			in.start(ctx, group)
			if !i.Once {
				<-ctx.Done()
				return ctx.Err()
			}
			defer fmt.Fprintln(c.err)
			return in.caughtUp(ctx, c.progress("loaded", "records"))
		})
	})
}

type ingestVerifyCommand struct {
	JSON bool `help:"Print one JSON object per fault."`
}

// Help gives an example.
func (ingestVerifyCommand) Help() string { return "Example: hengjian ingest verify" }

// Run verifies once.
func (i ingestVerifyCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		v, err := c.verifier(s, nil)
		if err != nil {
			return err
		}
		r, err := v.Once(ctx)
		if err != nil {
			return err
		}
		for _, f := range r.Faults {
			if i.JSON {
				if err := json.NewEncoder(c.out).Encode(f); err != nil {
					return fmt.Errorf("print the faults: %w", err)
				}
				continue
			}
			fmt.Fprintf(c.out, "%-16s %-24s %s:%d %s (%d in all)\n", f.Fault, f.RecordType, f.Stream, f.Offset, f.Detail, f.Total)
		}
		if n := r.Count(); n > 0 {
			return &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("%d faults in %d rows (发现 %d 处不符)", n, r.Rows, n)}
		}
		fmt.Fprintf(c.out, "%d record types, %d streams, %d rows: nothing lost, doubled or bent (无缺失、重复、不符)\n", r.Types, r.Streams, r.Rows)
		return nil
	})
}

type ingestQualityCommand struct{}

// Help gives an example.
func (ingestQualityCommand) Help() string { return "Example: hengjian ingest quality" }

// Run looks once; breaches are shown, they are no failure of the command.
func (ingestQualityCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		k, err := c.quality(s)
		if err != nil {
			return err
		}
		r, err := k.Once(ctx)
		if err != nil {
			return err
		}
		for _, f := range r.Findings {
			exempt := ""
			if f.Exempt != nil {
				exempt = "  exempt (豁免): " + f.Exempt.ReasonZH + " / " + f.Exempt.ReasonEN
			}
			fmt.Fprintf(c.out, "%s %s.%s  %s %s  %d of %d, %.3f against %.3f%s\n", f.Kind, f.RecordType, f.Field, f.Sender, f.Month[:7], f.Bad, f.Total, f.Value, f.Expected, exempt)
		}
		fmt.Fprintf(c.out, "%d series checked, %d breaches, %d gaps in senders' numbers (检核 %d 项，异常 %d，断号 %d)\n", r.Evaluated, len(r.Findings), r.Gaps, r.Evaluated, len(r.Findings), r.Gaps)
		return nil
	})
}

// quality wires the raw-data checks over the warehouse.
func (c *call) quality(s *store) (*quality.Checker, error) {
	config := quality.DefaultConfig()
	config.Every = c.cfg.Ingest.VerifyEvery
	return quality.New(config, quality.Deps{DB: s.owner, Catalogue: s.defs.contracts, Overlay: c.cfg.Definitions, Log: s.log, Now: time.Now})
}

// verifier wires the verifier over the warehouse.
func (c *call) verifier(s *store, registry prometheus.Registerer) (*verify.Verifier, error) {
	config := verify.DefaultConfig()
	config.Every = c.cfg.Ingest.VerifyEvery
	return verify.New(config, verify.Deps{DB: s.owner, Catalogue: s.defs.contracts, Log: s.log, Registerer: registry, Now: time.Now})
}

// watch runs the parts that check what came in and answer its senders.
func (c *call) watch(ctx context.Context, s *store, in *intake, group *errgroup.Group, registry prometheus.Registerer) error {
	v, err := c.verifier(s, registry)
	if err != nil {
		return err
	}
	group.Go(func() error { return v.Run(ctx) })
	data, err := c.quality(s)
	if err != nil {
		return err
	}
	group.Go(func() error { return data.Run(ctx) })
	if err := c.watchFolder(ctx, s, group); err != nil {
		return err
	}
	if on := c.cfg.Ingest.Receipts; on == "off" || (on == "auto" && len(c.cfg.Kafka.Brokers) == 0) {
		return nil
	}
	readers, err := senderPrincipals(c.cfg.Ingest.Principals)
	if err != nil {
		return err
	}
	answers, err := receipt.New(receipt.DefaultConfig(), receipt.Deps{DB: s.owner, Catalogue: s.defs.contracts, Broker: in.client, Readers: readers, Log: s.log})
	if err != nil {
		return err
	}
	group.Go(func() error { return answers.Run(ctx) })
	return nil
}
