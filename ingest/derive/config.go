package derive

import (
	"errors"
	"fmt"
	"time"
)

// Config is the section "derive" of the configuration.
type Config struct {
	// Rows is the greatest number of log rows per stream in one pass.
	Rows int `koanf:"rows"`
	// Idle is the pause when nothing new was found; it doubles up to MaxIdle.
	Idle time.Duration `koanf:"idle"`
	// MaxIdle bounds the pause when idle and after a failure.
	MaxIdle time.Duration `koanf:"max_idle"`
}

// DefaultConfig returns the values that hold when nothing is configured.
func DefaultConfig() Config {
	return Config{Rows: 50_000, Idle: 200 * time.Millisecond, MaxIdle: 3 * time.Second}
}

// Validate names every value that is out of range.
func (c Config) Validate() error {
	var errs []error
	if c.Rows < 1 || c.Rows > 500_000 {
		errs = append(errs, fmt.Errorf("derive.rows is %d: use 1 to 500000", c.Rows))
	}
	if c.Idle < time.Millisecond {
		errs = append(errs, fmt.Errorf("derive.idle is %s: use 1ms or more", c.Idle))
	}
	if c.MaxIdle < c.Idle {
		errs = append(errs, fmt.Errorf("derive.max_idle is %s: use at least derive.idle (%s)", c.MaxIdle, c.Idle))
	}
	return errors.Join(errs...)
}
