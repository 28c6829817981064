package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"hengjian/ingest/measure"
)

// benchIngest loads the same records by every way into fresh tables.
func benchIngest(c *call) (found measured, err error) {
	o := c.bench
	dir, err := os.MkdirTemp("", "hengjian-bench-")
	if err != nil {
		return found, fmt.Errorf("make the scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := os.Executable()
	if err != nil {
		return found, fmt.Errorf("find this program: %w", err)
	}
	result, err := measure.Run(c.ctx, measure.Config{
		Dir: dir, Records: o.Records, Sample: o.Sample, Seed: 7, Rounds: o.Rounds, Contenders: o.Only, Library: c.cfg.ClickHouse.Library, Profile: o.Profile,
	}, measure.Deps{
		Part: []string{program, "bench-part"},
		Say:  func(format string, args ...any) { fmt.Fprintln(c.err, strings.TrimSpace(fmt.Sprintf(format, args...))) },
	})
	if err != nil {
		return found, err
	}
	if err := result.Print(c.out); err != nil {
		return found, err
	}
	return measured{Ratios: result.Ratios, Details: result}, nil
}

// benchPartCommand is one process of the ingest bench; its order comes on
// standard input.
type benchPartCommand struct{}

// Help gives an example.
func (benchPartCommand) Help() string {
	return "Example: hengjian bench ingest (which runs this by itself)"
}

// Run does as the order says.
func (benchPartCommand) Run(c *call) error {
	return measure.Part(context.WithoutCancel(c.ctx), os.Stdin, c.out)
}
