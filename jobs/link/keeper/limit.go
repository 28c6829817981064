package keeper

import (
	"sync"
	"time"
)

// Limits bound what a caller may ask, so that nobody can try out all values: at
// the standard ones the 110 thousand million possible identity numbers take a year.
type Limits struct {
	Burst int     // values at once
	Rate  float64 // values per second after that
	Daily uint64  // values in any 24 hours from the first; 0: no bound
}

// DefaultLimits let a national run through in a few minutes.
func DefaultLimits() Limits { return Limits{Burst: 4_000_000, Rate: 500_000, Daily: 300_000_000} }

// account is what one caller has left.
type account struct {
	left  float64
	seen  time.Time
	began time.Time // of the day that is counted
	today uint64
}

// ledger holds the accounts of the callers.
type ledger struct {
	limits Limits
	mu     sync.Mutex
	of     map[string]*account
}

// take books values for a caller: 0 when they are granted, the time to wait when
// they come too fast, less than 0 when the day's bound is reached.
func (l *ledger) take(caller string, values int, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.of[caller]
	if a == nil {
		a = &account{left: float64(l.limits.Burst), seen: now, began: now}
		l.of[caller] = a
	}
	a.left = min(a.left+now.Sub(a.seen).Seconds()*l.limits.Rate, float64(l.limits.Burst))
	a.seen = now
	if now.Sub(a.began) >= 24*time.Hour {
		a.began, a.today = now, 0
	}
	if l.limits.Daily > 0 && a.today+uint64(values) > l.limits.Daily {
		return -1
	}
	if short := float64(values) - a.left; short > 0 {
		return time.Duration(short/l.limits.Rate*float64(time.Second)) + time.Millisecond
	}
	a.left -= float64(values)
	a.today += uint64(values)
	return 0
}
