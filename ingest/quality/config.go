package quality

import (
	"errors"
	"fmt"
	"time"
)

// Config says when the data are looked at and from how many rows on.
type Config struct {
	First time.Duration // after the start
	Every time.Duration // between two looks
	Least int           // rows of a sender and month from which a share is judged
}

// DefaultConfig looks two minutes after the start and then once a day.
func DefaultConfig() Config {
	return Config{First: 2 * time.Minute, Every: 24 * time.Hour, Least: 20}
}

// Validate lists every problem.
func (c Config) Validate() error {
	var problems []error
	if c.Every < time.Minute {
		problems = append(problems, fmt.Errorf("quality.every is %s: write at least 1m", c.Every))
	}
	if c.Least < 1 {
		problems = append(problems, fmt.Errorf("quality.least is %d: write at least 1", c.Least))
	}
	return errors.Join(problems...)
}
