package loader

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"hengjian/warehouse"
)

// Config is the section "loader". Zero values take the defaults.
type Config struct {
	Incarnation uint32 // raised by an operator after a topic was deleted and made anew; counts from 1

	MaxRows  int           // rows of one block, 1 to 500,000
	MaxBytes int           // bytes of the records of one block
	Linger   time.Duration // how long a block waits for more rows when none are at hand

	Memory   int64 // bytes of records, fetched and decoded, that all topics may hold at once
	Decoders int   // goroutines that decode for all topics; 0 = one per processor
	Turns    int   // topics with a backlog that fill a block at the same time; the others wait, so that blocks are large though memory is bounded

	FetchBytes int64         // compressed bytes of one fetch
	FetchWait  time.Duration // how long a fetch waits for the first record

	InsertTimeout  time.Duration // for one attempt of an INSERT
	ReceiveTimeout int           // seconds the server waits for a silent INSERT
	FenceTimeout   time.Duration // for one fence
	Grace          time.Duration // how long the block in flight may take at a stop

	PauseMin, PauseMax time.Duration // back-off between attempts
	Patience           time.Duration // a stream with lag that has not moved so long is an alarm; a standby takes over then
	StandbyPoll        time.Duration // how often a standby looks
	ControlPoll        time.Duration // how often pauses are looked for
	StopAtGap          bool          // stop at a gap instead of declaring it
}

// DefaultConfig returns the values in force where nothing is said.
func DefaultConfig() Config {
	return Config{
		Incarnation: 1,
		MaxRows:     50_000, MaxBytes: 36 << 20, Linger: 300 * time.Millisecond,
		Memory: 144 << 20, Decoders: runtime.GOMAXPROCS(0), Turns: 1,
		FetchBytes: 1 << 20, FetchWait: 2 * time.Second,
		InsertTimeout: time.Minute, ReceiveTimeout: 2, FenceTimeout: time.Minute, Grace: 10 * time.Second,
		PauseMin: 100 * time.Millisecond, PauseMax: 10 * time.Second,
		Patience: 30 * time.Second, StandbyPoll: time.Second, ControlPoll: 2 * time.Second,
	}
}

// BoundMemory bounds the memory of a process that loads and does little else: what
// records, blocks kept for use again and definitions take, and so much more that
// the collector rarely works. A limit that the environment gives stays.
func (c Config) BoundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	c.EnsureDefaults()
	debug.SetMemoryLimit(2*c.Memory + 96<<20)
	debug.SetGCPercent(400)
}

// EnsureDefaults fills what was left zero.
func (c *Config) EnsureDefaults() {
	d := DefaultConfig()
	fill(&c.Incarnation, d.Incarnation)
	fill(&c.MaxRows, d.MaxRows)
	fill(&c.MaxBytes, d.MaxBytes)
	fill(&c.Linger, d.Linger)
	fill(&c.Memory, d.Memory)
	fill(&c.Decoders, d.Decoders)
	fill(&c.Turns, d.Turns)
	fill(&c.FetchBytes, d.FetchBytes)
	fill(&c.FetchWait, d.FetchWait)
	fill(&c.InsertTimeout, d.InsertTimeout)
	fill(&c.ReceiveTimeout, d.ReceiveTimeout)
	fill(&c.FenceTimeout, d.FenceTimeout)
	fill(&c.Grace, d.Grace)
	fill(&c.PauseMin, d.PauseMin)
	fill(&c.PauseMax, d.PauseMax)
	fill(&c.Patience, d.Patience)
	fill(&c.StandbyPoll, d.StandbyPoll)
	fill(&c.ControlPoll, d.ControlPoll)
}

func fill[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

// Validate lists every problem at once as key, value and range.
func (c Config) Validate() error {
	var errs []error
	within := func(key string, value, least, most int64) {
		if value < least || value > most {
			errs = append(errs, fmt.Errorf("loader.%s: %d, allowed are %d to %d", key, value, least, most))
		}
	}
	within("max_rows", int64(c.MaxRows), 1, 500_000)
	within("max_bytes", int64(c.MaxBytes), 1<<10, 1<<30)
	within("memory", c.Memory, 8<<20, 64<<30)
	within("decoders", int64(c.Decoders), 1, 1024)
	within("turns", int64(c.Turns), 1, 1024)
	within("fetch_bytes", c.FetchBytes, 1<<10, 64<<20)
	within("receive_timeout", int64(c.ReceiveTimeout), 1, 300)
	for key, value := range map[string]time.Duration{
		"linger": c.Linger, "fetch_wait": c.FetchWait, "insert_timeout": c.InsertTimeout, "fence_timeout": c.FenceTimeout,
		"grace": c.Grace, "pause_min": c.PauseMin, "pause_max": c.PauseMax, "patience": c.Patience, "standby_poll": c.StandbyPoll, "control_poll": c.ControlPoll,
	} {
		if value <= 0 {
			errs = append(errs, fmt.Errorf("loader.%s: %s, must be positive", key, value))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the loader's settings are not valid: " + err.Error(), Err: err}
	}
	return nil
}
