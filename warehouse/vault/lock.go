package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"hengjian/warehouse"
)

// exclusively runs work while no other process of this machine makes, wraps or
// destroys keys, with the master key in force as the file has it now. So a key
// is never wrapped with a master key that is being replaced.
func (v *Vault) exclusively(ctx context.Context, work func() error) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	file, err := os.OpenFile(v.file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the folder of the master key cannot be written: check its owner and rights", Err: err}
	}
	defer file.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("lock the keys: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	if err := v.loadMasters(ctx); err != nil {
		return err
	}
	return work()
}

// learn reads the master keys that the files hold now: another process may have
// put a new one in force, or be about to.
func (v *Vault) learn() error {
	for _, file := range []string{v.file, v.nextFile()} {
		raw, err := readKey(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		m, err := newMaster(raw)
		if err != nil {
			return err
		}
		v.mu.Lock()
		v.masters[m.print] = m
		v.mu.Unlock()
	}
	return nil
}

// marker is touched when a key is destroyed: processes that hold it in memory
// forget it before they open anything.
func (v *Vault) marker() string { return v.file + ".destroyed" }

// touch moves the marker on.
func (v *Vault) touch() error {
	file, err := os.OpenFile(v.marker(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err == nil {
		_, err = file.WriteString(".")
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("tell other processes that a key was destroyed: %w", err)
	}
	return nil
}

// forget drops the keys in memory when another process destroyed one.
func (v *Vault) forget() {
	var size int64
	if info, err := os.Stat(v.marker()); err == nil {
		size = info.Size()
	}
	if v.destroyed.Swap(size) == size {
		return
	}
	v.mu.Lock()
	clear(v.bySlot)
	clear(v.byID)
	v.mu.Unlock()
}
