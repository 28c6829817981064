package simulate

import (
	"errors"
	"fmt"
	"time"

	"hengjian/warehouse/contract"
)

// maxCases bounds one country: a court's case number has seven digits, of which
// the last million belongs to scenarios, and the greatest prime below that keeps
// every book of numbers a permutation.
const maxCases = 8_999_993

// Config says which country is made. The zero value of Start, AsOf means the
// default window; everything else is as given.
type Config struct {
	Seed        uint64              // the same seed and size give the same bytes
	Cases       int                 // case chains (案链), 1 to 8,999,993
	Start       time.Time           // first day of the window, default 2023-07-01
	AsOf        time.Time           // legal day (基准日) on which clocks are read, default 2026-06-30
	Contracts   *contract.Catalogue // record types, nil for the embedded ones
	Definitions string              // folder that overlays the scenarios, "" for none
	Faults      float64             // share of records that get a fault, 0 to 0.5; 0.05 is usual
	Progress    func(sent uint64)   // called about every ten thousand messages; may be nil
}

// withDefaults fills the window.
func (c Config) withDefaults() Config {
	if c.Start.IsZero() {
		c.Start = time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC)
	}
	if c.AsOf.IsZero() {
		c.AsOf = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	}
	return c
}

// Validate lists every value out of range.
func (c Config) Validate() error {
	var errs []error
	if c.Cases < 1 || c.Cases > maxCases {
		errs = append(errs, fmt.Errorf("simulate.cases: %d: want 1 to %d", c.Cases, maxCases))
	}
	if c.Faults < 0 || c.Faults > 0.5 {
		errs = append(errs, fmt.Errorf("simulate.faults: %v: want 0 to 0.5", c.Faults))
	}
	c = c.withDefaults()
	if dayOf(c.AsOf)-dayOf(c.Start) < 300 {
		errs = append(errs, fmt.Errorf("simulate.as_of: %s: want at least 300 days after the start %s", dayOf(c.AsOf), dayOf(c.Start)))
	}
	return errors.Join(errs...)
}
