package broker

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"hengjian/warehouse"
)

// messageLimit is the size of a message that every part accepts: 16 MiB.
const messageLimit = 16 << 20

// embeddedPrefix begins the cluster id of every embedded broker.
const embeddedPrefix = "embedded-"

// Config is the section of the embedded broker.
type Config struct {
	Dir        string // its folder, created 0700; holds the log and the cluster id
	Port       int    // port on 127.0.0.1; 0 = any free one
	SyncWrites bool   // every produced batch is on disk before it is acknowledged
}

// Validate lists every problem at once.
func (c Config) Validate() error {
	var errs []error
	if c.Dir == "" {
		errs = append(errs, errors.New("broker.dir: empty, name the folder of the embedded broker"))
	}
	if c.Port < 0 || c.Port > 65535 {
		errs = append(errs, fmt.Errorf("broker.port: %d, allowed are 0 (any free port) to 65535", c.Port))
	}
	return joined(errs)
}

// The SASL mechanisms of Remote; empty means no sign-in.
const (
	Plain       = "plain"
	ScramSHA256 = "scram-sha-256"
	ScramSHA512 = "scram-sha-512"
)

// Remote names a Kafka cluster, embedded or not, and how to sign in.
type Remote struct {
	Brokers   []string // host:port, one is enough to find the others
	TLS       bool     // speak TLS, certificates checked against CAFile or the system's roots
	CAFile    string   // PEM file of the authority that signed the brokers' certificates; "" = the system's roots
	Mechanism string   // "", Plain, ScramSHA256 or ScramSHA512
	User      string
	Password  string
	ClientID  string        // how the brokers name this client in their logs; "" = hengjian
	Timeout   time.Duration // for a connection and for one request; 0 = 10 s
}

// EnsureDefaults fills what was left zero.
func (r *Remote) EnsureDefaults() {
	if r.ClientID == "" {
		r.ClientID = "hengjian"
	}
	if r.Timeout == 0 {
		r.Timeout = 10 * time.Second
	}
}

// Validate lists every problem at once.
func (r Remote) Validate() error {
	var errs []error
	if len(r.Brokers) == 0 {
		errs = append(errs, errors.New("kafka.brokers: empty, name one broker at least as host:port"))
	}
	for _, b := range r.Brokers {
		if _, _, err := net.SplitHostPort(b); err != nil {
			errs = append(errs, fmt.Errorf("kafka.brokers: %q, write host:port", b))
		}
	}
	if !slices.Contains([]string{"", Plain, ScramSHA256, ScramSHA512}, r.Mechanism) {
		errs = append(errs, fmt.Errorf("kafka.mechanism: %q, write plain, scram-sha-256 or scram-sha-512, or leave it empty", r.Mechanism))
	}
	if r.Mechanism != "" && r.User == "" {
		errs = append(errs, errors.New("kafka.user: empty, the mechanism needs one"))
	}
	return joined(errs)
}

// joined makes one error for the person of several, nil of none.
func joined(errs []error) error {
	if err := errors.Join(errs...); err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the Kafka settings are not valid: " + err.Error(), Err: err}
	}
	return nil
}

// unreachable is the one sentence for a cluster that does not answer.
func unreachable(brokers []string, err error) error {
	return &warehouse.Error{
		Code:    warehouse.Unavailable,
		Message: fmt.Sprintf("the Kafka brokers %v cannot be reached: check kafka.brokers, the network, TLS and the sign-in", brokers),
		Err:     err,
	}
}
