// Command hengjian runs the platform with which procuratorates supervise the
// application of law: ingest, warehouse, jobs, API and dashboards in one binary.
// It owns flags, wiring and signals, and holds no logic of a room.
package main

func main() {}
