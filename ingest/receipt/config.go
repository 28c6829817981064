package receipt

import (
	"errors"
	"fmt"
	"time"
)

// Config bounds a pass.
type Config struct {
	Pause time.Duration // between two looks
	Rows  int           // rows per stream and pass
}

// DefaultConfig looks every five seconds.
func DefaultConfig() Config { return Config{Pause: 5 * time.Second, Rows: 5_000} }

// Validate lists every problem.
func (c Config) Validate() error {
	var problems []error
	if c.Pause < 100*time.Millisecond {
		problems = append(problems, fmt.Errorf("receipt.pause is %s: write at least 100ms", c.Pause))
	}
	if c.Rows < 1 || c.Rows > 100_000 {
		problems = append(problems, fmt.Errorf("receipt.rows is %d: write a number between 1 and 100000", c.Rows))
	}
	return errors.Join(problems...)
}
