// Package warehouse owns the words that every room shares: Run, Report, Counts,
// Error, and DB, the one handle on ClickHouse. It promises that rooms outside
// warehouse and ingest need no driver import. It never holds SQL of a room.
package warehouse

import "time"

// Known says what had arrived: the greatest offset taken into account per stream.
// A stream that is absent contributes nothing.
type Known map[string]uint64

// Run is one execution of the batch jobs: what law day it reads, what data it
// may know, and by which definitions and code it judges.
type Run struct {
	ID          string    // time-ordered unique id
	Generation  uint32    // partition of the results; a full run starts a new one
	AsOf        time.Time // legal day (基准日) on which clocks are read, midnight Asia/Shanghai
	Known       Known     // what had arrived, per stream
	Definitions string    // digest of all definitions in force, hex SHA-256
	Code        string    // version of the program
	Started     time.Time // wall clock, for the ledger only
}

// Report is what a job says of its run. Units are the job's own (cases, cells).
type Report struct {
	Units   uint64            // units judged or computed
	Rows    uint64            // rows appended
	Notes   []string          // sentences for the person, such as what was left out and why
	Figures map[string]uint64 // named counts, such as unlinked dockets
}

// Counts is the accounting of ingest; Read = Accepted + Quarantined and
// Accepted = Applied + Duplicate + Superseded + Conflict hold always.
type Counts struct {
	Read, Accepted, Quarantined              uint64
	Applied, Duplicate, Superseded, Conflict uint64
}

// Balanced reports whether the accounting identities hold.
func (c Counts) Balanced() bool {
	return c.Read == c.Accepted+c.Quarantined && c.Accepted == c.Applied+c.Duplicate+c.Superseded+c.Conflict
}
