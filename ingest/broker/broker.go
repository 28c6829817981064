// Package broker owns the connection to Kafka and the embedded broker that
// stands in for a cluster. It promises that what the embedded broker has
// acknowledged survives a kill (SyncWrites), that its cluster id never changes,
// and one clear sentence when a broker cannot be reached. It never commits an
// offset; a consumer group only shares partitions among loaders.
package broker

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
	"golang.org/x/sys/unix"

	"hengjian/warehouse"
)

// Deps are the neighbours of the embedded broker.
type Deps struct {
	Log *slog.Logger // nil = no log
}

// Embedded is a Kafka broker inside this process, with one folder.
type Embedded struct {
	config  Config
	log     *slog.Logger
	ready   chan struct{} // closed when the broker answers or has failed
	ended   chan struct{} // closed when Run returned
	stop    context.CancelFunc
	running context.Context

	mu      sync.Mutex
	started bool
	addrs   []string
	id      string
	failure error
}

// NewEmbedded checks the configuration; it starts nothing.
func NewEmbedded(c Config, d Deps) (*Embedded, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	running, stop := context.WithCancel(context.Background())
	return &Embedded{config: c, log: d.Log, ready: make(chan struct{}), ended: make(chan struct{}), running: running, stop: stop}, nil
}

// Run opens the folder and serves until ctx ends or Close is called, then writes
// its state and returns nil. Run may be called once; Conflict when the folder is
// in use by another process.
func (b *Embedded) Run(ctx context.Context) error {
	b.mu.Lock()
	if b.started {
		b.mu.Unlock()
		return errors.New("the embedded broker was started before")
	}
	b.started = true
	b.mu.Unlock()
	defer close(b.ended)
	cluster, unlock, err := b.open()
	b.mu.Lock()
	b.failure = err
	b.mu.Unlock()
	close(b.ready)
	if err != nil {
		return err
	}
	defer unlock()
	b.log.Info("embedded broker ready", "addrs", b.Addrs(), "cluster", b.ClusterID())
	select {
	case <-ctx.Done():
	case <-b.running.Done():
	}
	cluster.Close()
	return nil
}

// open locks the folder, reads or writes the cluster id and starts the broker.
func (b *Embedded) open() (*kfake.Cluster, func(), error) {
	if err := os.MkdirAll(b.config.Dir, 0o700); err != nil {
		return nil, nil, b.folder(err)
	}
	unlock, err := lock(filepath.Join(b.config.Dir, "lock"))
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, nil, &warehouse.Error{Code: warehouse.Conflict, Message: fmt.Sprintf("the broker folder %s is in use by another process: stop it or name another folder", b.config.Dir), Err: err}
	}
	if err != nil {
		return nil, nil, b.folder(err)
	}
	id, err := clusterID(filepath.Join(b.config.Dir, "cluster-id"))
	if err != nil {
		unlock()
		return nil, nil, b.folder(err)
	}
	limit := strconv.Itoa(messageLimit + 1<<16)
	options := []kfake.Opt{
		kfake.ClusterID(id), kfake.DataDir(filepath.Join(b.config.Dir, "log")), kfake.Ports(b.config.Port),
		kfake.BrokerConfigs(map[string]string{"message.max.bytes": limit, "log.retention.ms": "-1", "log.retention.bytes": "-1"}),
	}
	if b.config.SyncWrites {
		options = append(options, kfake.SyncWrites())
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		unlock()
		return nil, nil, &warehouse.Error{Code: warehouse.Unavailable, Message: fmt.Sprintf("the embedded broker cannot start on port %d with the folder %s: check that the port is free and the folder is whole", b.config.Port, b.config.Dir), Err: err}
	}
	b.mu.Lock()
	b.addrs, b.id = cluster.ListenAddrs(), id
	b.mu.Unlock()
	return cluster, unlock, nil
}

func (b *Embedded) folder(err error) error {
	return &warehouse.Error{Code: warehouse.Unavailable, Message: fmt.Sprintf("the broker folder %s cannot be written: check its owner and rights", b.config.Dir), Err: err}
}

// Ready waits until the broker answers; it returns Run's error when it could not start.
func (b *Embedded) Ready(ctx context.Context) error {
	select {
	case <-b.ready:
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.failure
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Addrs returns host:port of the broker, nil before it is ready.
func (b *Embedded) Addrs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.addrs
}

// ClusterID returns the identity that is written in the folder, "" before it is ready.
func (b *Embedded) ClusterID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.id
}

// Close ends Run and waits until the state is on disk. It may be called twice.
func (b *Embedded) Close() error {
	b.stop()
	b.mu.Lock()
	started := b.started
	b.mu.Unlock()
	if started {
		<-b.ended
	}
	return nil
}

// clusterID reads the identity from path, or draws it and writes it there first.
func clusterID(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err == nil && strings.TrimSpace(string(text)) != "" {
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read the cluster id: %w", err)
	}
	raw := make([]byte, 8)
	rand.Read(raw) //nolint:errcheck // never fails by its contract
	id := embeddedPrefix + hex.EncodeToString(raw)
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return "", fmt.Errorf("write the cluster id: %w", err)
	}
	_, err = file.WriteString(id + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", fmt.Errorf("write the cluster id: %w", err)
	}
	return id, os.Rename(path+".new", path)
}

// lock takes the folder for this process; the kernel gives it back at its end.
func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	return func() { file.Close() }, nil
}
