package verify

import (
	"errors"
	"fmt"
	"time"
)

// Config says when the verifier reads everything.
type Config struct {
	First time.Duration // after the start
	Every time.Duration // between two readings
}

// DefaultConfig reads a minute after the start and then once a day.
func DefaultConfig() Config { return Config{First: time.Minute, Every: 24 * time.Hour} }

// Validate lists every problem.
func (c Config) Validate() error {
	var problems []error
	if c.First < 0 {
		problems = append(problems, fmt.Errorf("verify.first is %s: write a time that is not negative", c.First))
	}
	if c.Every < time.Minute {
		problems = append(problems, fmt.Errorf("verify.every is %s: write at least 1m", c.Every))
	}
	return errors.Join(problems...)
}
