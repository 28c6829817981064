package clock

import (
	"errors"
	"fmt"
	"runtime"
)

// Config bounds the work of one run.
type Config struct {
	Workers   int // chains judged at a time
	BatchRows int // verdicts per insert
}

// DefaultConfig uses every core.
func DefaultConfig() Config { return Config{Workers: runtime.GOMAXPROCS(0), BatchRows: 300_000} }

// Validate names every value out of range.
func (c Config) Validate() error {
	var found []error
	if c.Workers < 1 || c.Workers > 1024 {
		found = append(found, fmt.Errorf("clock.workers is %d: write a number between 1 and 1024", c.Workers))
	}
	if c.BatchRows < 1 || c.BatchRows > 1_000_000 {
		found = append(found, fmt.Errorf("clock.batch_rows is %d: write a number between 1 and 1000000", c.BatchRows))
	}
	return errors.Join(found...)
}
