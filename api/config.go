package api

import (
	"errors"
	"fmt"
	"net"
	"time"

	"hengjian/api/adhoc"
	"hengjian/api/auth"
)

// Config is the section "api" of the configuration.
type Config struct {
	Listen  string        // host:port; port 0 takes a free one; "" means 127.0.0.1:8080
	Hosts   []string      // further host names a request may name, without port
	Idle    time.Duration // session without a request; 0 means 30 min
	Longest time.Duration // session in all; 0 means 12 h
	Refresh time.Duration // how often register, scopes and streams are read again; 0 means 5 s
	Grace   time.Duration // how long open requests may take at the end; 0 means 5 s
	Logins  auth.Limit    // zero means auth.DefaultLimit
	Queries adhoc.Config  // limits of ad hoc SQL; zero fields take their defaults
}

// EnsureDefaults fills what was left zero.
func (c *Config) EnsureDefaults() {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.Logins == (auth.Limit{}) {
		c.Logins = auth.DefaultLimit()
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&c.Idle, 30 * time.Minute}, {&c.Longest, 12 * time.Hour}, {&c.Refresh, 5 * time.Second}, {&c.Grace, 5 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.usual
		}
	}
	c.Queries.EnsureDefaults()
}

// Validate lists every problem of the section as key, value and range. There
// are development accounts only, so nothing but loopback may be listened on.
func (c Config) Validate() error {
	var errs []error
	host, _, err := net.SplitHostPort(c.Listen)
	switch ip := net.ParseIP(host); {
	case err != nil:
		errs = append(errs, fmt.Errorf("api.listen: %q, write host:port such as 127.0.0.1:8080", c.Listen))
	case ip == nil || !ip.IsLoopback():
		errs = append(errs, fmt.Errorf("api.listen: %q, development accounts allow 127.0.0.1 only", c.Listen))
	}
	for key, d := range map[string]time.Duration{"idle": c.Idle, "longest": c.Longest, "refresh": c.Refresh, "grace": c.Grace} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("api.%s: %s, must not be negative", key, d))
		}
	}
	return errors.Join(append(errs, c.Queries.Validate())...)
}
