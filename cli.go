package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"hengjian/warehouse"
)

// cli is the command line. Each command carries its own example in Help.
type cli struct {
	Config        string            `help:"Configuration file; hengjian.yaml in this folder is read by itself." placeholder:"FILE"`
	Set           map[string]string `help:"Set any value that hengjian config lists; may be repeated." placeholder:"KEY=VALUE"`
	Data          string            `help:"Folder of the embedded warehouse, broker and keys." placeholder:"DIR"`
	Definitions   string            `help:"Folder that overlays contracts, rules and indicators." placeholder:"DIR"`
	ClickhouseDSN string            `help:"Use this server instead of the embedded engine." placeholder:"URL" name:"clickhouse-dsn"`
	KafkaBrokers  string            `help:"Use this cluster instead of the embedded broker." placeholder:"HOST:PORT,…"`
	LogLevel      string            `help:"debug, info, warn or error." placeholder:"LEVEL"`

	Up         upCommand         `cmd:"" help:"Start everything on this machine, with simulated data in a new warehouse."`
	Serve      serveCommand      `cmd:"" help:"Start everything without simulating anything."`
	Ingest     ingestCommand     `cmd:"" help:"Load and derive until stopped, or until all is in."`
	Simulate   simulateCommand   `cmd:"" help:"Write a synthetic country to Kafka or to a folder."`
	Jobs       jobsCommand       `cmd:"" help:"List or run the batch jobs."`
	Publish    publishCommand    `cmd:"" help:"Draft and export a periodic table."`
	Indicators indicatorsCommand `cmd:"" help:"The indicator catalogue: definitions, values, checks, vintages."`
	Link       linkCommand       `cmd:"" help:"Which records are one person, which dockets one case; also for files."`
	Backup     backupCommand     `cmd:"" help:"Back up the warehouse and its keys."`
	Restore    restoreCommand    `cmd:"" help:"Restore a backup into an empty data folder."`
	Keys       keysCommand       `cmd:"" help:"The master key and the data keys: list, rotate, expire."`
	Check      checkCommand      `cmd:"" help:"Validate configuration and definitions; start nothing."`
	Doctor     doctorCommand     `cmd:"" help:"Say what this machine lacks."`
	Engine     engineCommand     `cmd:"" help:"The embedded ClickHouse engine."`
	Contract   contractCommand   `cmd:"" help:"Record contracts: dictionary, schemas, samples, checks."`
	Quarantine quarantineCommand `cmd:"" help:"Records that were refused: list, show, send in again."`
	Conflict   conflictCommand   `cmd:"" help:"Statements that contradict each other: list, rule."`
	Bench      benchCommand      `cmd:"" help:"Measure a part of the product against named peers."`
	Settings   configCommand     `cmd:"" name:"config" help:"Print every setting and where it comes from; secrets are hidden."`
	Part       benchPartCommand  `cmd:"" name:"bench-part" hidden:""`
	Version    versionCommand    `cmd:"" help:"Print the version."`
	Clocks     clocksCommand     `cmd:"" help:"Judge timelines by the statutory clocks and explain findings."`
	Rules      rulesCommand      `cmd:"" help:"List, show, compare and test the rules."`
}

// flags returns what was said on the command line as settings.
func (c *cli) flags() map[string]any {
	all := map[string]any{}
	for key, value := range c.Set {
		all[key] = value
	}
	named := map[string]string{"data": c.Data, "definitions": c.Definitions, "clickhouse.dsn": c.ClickhouseDSN, "log.level": c.LogLevel}
	maps.DeleteFunc(named, func(_, v string) bool { return v == "" })
	for key, value := range named {
		all[key] = value
	}
	if c.KafkaBrokers != "" {
		all["kafka.brokers"] = strings.Split(c.KafkaBrokers, ",")
	}
	return all
}

// call is what a command gets besides its own flags.
type call struct {
	ctx         context.Context
	out         io.Writer // answers
	err         io.Writer // progress and logs
	mu          sync.Mutex
	closing     []io.Closer  // what the parts of a platform used, in the order of opening
	bench       benchCommand // which bench to run on what
	restoreFrom string       // backup to restore before the tables are opened
	cfg         Config
	settings    []setting
}

// usageError is a wrong use of the command line; the exit code is 2.
type usageError struct{ error }

// run parses args and runs one command; it never exits the process.
func run(ctx context.Context, args []string, out, errOut io.Writer) (err error) {
	var c cli
	done := false
	parser, err := kong.New(&c, kong.Name("hengjian"), kong.Description("衡鉴 Hengjian: supervision analytics for procuratorates."),
		kong.Writers(out, errOut), kong.Exit(func(int) { done = true }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if done {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	cfg, settings, err := loadConfig(c.Config, os.Environ, c.flags())
	if err != nil {
		return err
	}
	return parsed.Run(&call{ctx: ctx, out: out, err: errOut, cfg: cfg, settings: settings})
}

// exitCode prints one clear sentence for a failure: 0 done, 1 failed, 2 wrong use.
func exitCode(err error, errOut io.Writer) int {
	var wrong usageError
	var known *warehouse.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(errOut, "hengjian:", wrong.Error(), "- see hengjian --help")
		return 2
	case errors.As(err, &known):
		fmt.Fprintln(errOut, "hengjian:", known.Message)
		if known.Code == warehouse.Internal && known.Err != nil {
			fmt.Fprintln(errOut, "cause:", known.Err)
		}
	default:
		fmt.Fprintln(errOut, "hengjian:", err)
	}
	return 1
}
