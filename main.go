// Command hengjian runs the platform with which procuratorates supervise the
// application of law: ingest, warehouse, jobs, API and dashboards in one binary.
// It owns flags, wiring and signals, and holds no logic of a room.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // legal days are days in Shanghai on every machine

	"hengjian/warehouse/engine"
)

func main() {
	if engine.IsChild(os.Args) {
		os.Exit(engine.ChildMain(os.Args))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr)
	stop()
	os.Exit(code)
}
