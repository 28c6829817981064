package run

import (
	"errors"
	"fmt"
	"time"
)

// Config says when the pipeline runs by itself and how much it keeps.
type Config struct {
	Poll   time.Duration // how often the positions are read
	Settle time.Duration // how long they must stand still before a run
	Retry  time.Duration // pause after a failed run
	Keep   int           // committed generations kept per family
}

// DefaultConfig is what a single machine needs.
func DefaultConfig() Config {
	return Config{Poll: 5 * time.Second, Settle: 10 * time.Second, Retry: time.Minute, Keep: 3}
}

// Validate names every value out of range.
func (c Config) Validate() error {
	var found []error
	for _, v := range []struct {
		key   string
		value time.Duration
	}{{"poll", c.Poll}, {"settle", c.Settle}, {"retry", c.Retry}} {
		if v.value < time.Millisecond || v.value > 24*time.Hour {
			found = append(found, fmt.Errorf("run.%s is %s: write a duration between 1ms and 24h", v.key, v.value))
		}
	}
	if c.Keep < 1 || c.Keep > 100 {
		found = append(found, fmt.Errorf("run.keep is %d: write a number between 1 and 100", c.Keep))
	}
	return errors.Join(found...)
}
