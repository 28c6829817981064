// Package auth owns who may sign in and which operation a role is granted. It
// promises that everything not granted is denied and that guessing passwords is
// slow. It never stores a password and never decides about rows: that is the
// scope, which the database enforces.
package auth

import (
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"hengjian/warehouse"
)

// Limit bounds wrong passwords: per account and per address, in a window.
type Limit struct {
	Attempts int           // wrong passwords before the next is refused unread
	Window   time.Duration // how long they count
}

// DefaultLimit allows five wrong passwords in a minute.
func DefaultLimit() Limit { return Limit{Attempts: 5, Window: time.Minute} }

// Door checks passwords.
type Door struct {
	hashes map[string][]byte
	nobody []byte // compared with for unknown accounts, so that both take equal time
	limit  Limit
	now    func() time.Time
	mu     sync.Mutex
	wrong  map[string][]time.Time
}

// Hash returns what is kept of a password.
func Hash(password string) (string, error) {
	h, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return "", &warehouse.Error{Code: warehouse.Invalid, Message: "a password has at most 72 bytes", Err: err}
	}
	return string(h), nil
}

// NewDoor takes the hash of each account's password; Invalid for one that Hash did not make.
func NewDoor(hashes map[string]string, limit Limit, now func() time.Time) (*Door, error) {
	d := &Door{hashes: map[string][]byte{}, limit: limit, now: now, wrong: map[string][]time.Time{}}
	cost := bcrypt.DefaultCost
	for account, hash := range hashes {
		c, err := bcrypt.Cost([]byte(hash))
		if err != nil {
			return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "the password hash of the account " + account + " is not a bcrypt hash", Err: err}
		}
		cost = c
		d.hashes[account] = []byte(hash)
	}
	nobody, err := bcrypt.GenerateFromPassword([]byte("nobody signs in with this"), cost)
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "bcrypt does not work", Err: err}
	}
	d.nobody = nobody
	return d, nil
}

// Check lets an account in. Unauthenticated for a wrong account or password,
// TooMany after too many of them from the address or for the account.
func (d *Door) Check(account, password, address string) error {
	keys := []string{"account " + account, "address " + address}
	if !d.open(keys) {
		return &warehouse.Error{Code: warehouse.TooMany, Message: "too many wrong passwords: wait a minute"}
	}
	hash, known := d.hashes[account]
	if !known {
		hash = d.nobody
	}
	if err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil || !known {
		d.note(keys)
		return &warehouse.Error{Code: warehouse.Unauthenticated, Message: "account or password is wrong"}
	}
	return nil
}

// open reports whether none of the keys has used up its attempts.
func (d *Door) open(keys []string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	since := d.now().Add(-d.limit.Window)
	for key, times := range d.wrong {
		for len(times) > 0 && times[0].Before(since) {
			times = times[1:]
		}
		if d.wrong[key] = times; len(times) == 0 {
			delete(d.wrong, key)
		}
	}
	for _, key := range keys {
		if len(d.wrong[key]) >= d.limit.Attempts {
			return false
		}
	}
	return true
}

// note remembers a wrong password.
func (d *Door) note(keys []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, key := range keys {
		d.wrong[key] = append(d.wrong[key], d.now())
	}
}
