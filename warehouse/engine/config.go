package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Config is the section "engine" of the configuration.
type Config struct {
	Dir                  string        // data directory of this engine, created 0700; also holds backups
	Library              string        // path of the unpacked engine library; "" takes the fetched one
	Port                 int           // native protocol on 127.0.0.1; 0 takes a free one
	MaxMemory            uint64        // bytes the engine may use in all; 0 means 4 GiB
	MarkCache            uint64        // bytes of the mark cache; 0 means 256 MiB
	MaxConnections       int           // open native connections; 0 means 512
	MaxConcurrentQueries int           // running queries; 0 means 128
	BrokerThreads        int           // for consumers of Kafka tables; 0 means the engine's own 16
	Timezone             string        // time zone of the server; "" means Asia/Shanghai
	Accounts             []Account     // who may sign in; empty means StandardAccounts("hengjian")
	MinFree              uint64        // bytes that must be free on the disk to start; 0 means 256 MiB
	Grace                time.Duration // how long a graceful end may take; 0 means 15 s
	LockPatience         time.Duration // how long to wait for a data directory still in use; 0 means 10 s
}

// formatVersion is the version of the data directory this program writes.
const formatVersion = 1

// EnsureDefaults fills what was left zero.
func (c *Config) EnsureDefaults() {
	if c.MaxMemory == 0 {
		c.MaxMemory = 4 << 30
	}
	if c.MarkCache == 0 {
		c.MarkCache = 256 << 20
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 512
	}
	if c.MaxConcurrentQueries == 0 {
		c.MaxConcurrentQueries = 128
	}
	if c.Timezone == "" {
		c.Timezone = "Asia/Shanghai"
	}
	if c.MinFree == 0 {
		c.MinFree = 256 << 20
	}
	if c.Grace == 0 {
		c.Grace = 15 * time.Second
	}
	if c.LockPatience == 0 {
		c.LockPatience = 10 * time.Second
	}
	if len(c.Accounts) == 0 {
		c.Accounts = StandardAccounts("hengjian")
	}
}

// Validate lists every problem of the section as key, value and range.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("engine."+format, args...)) }
	if c.Dir == "" {
		bad("dir: empty, name the data directory of the engine")
	}
	if c.Port < 0 || c.Port > 65535 {
		bad("port: %d, allowed are 0 (any free port) to 65535", c.Port)
	}
	if c.MaxMemory < 512<<20 {
		bad("max_memory: %d bytes, at least 512 MiB are needed", c.MaxMemory)
	}
	if c.MarkCache >= c.MaxMemory {
		bad("mark_cache: %d bytes, must be smaller than max_memory", c.MarkCache)
	}
	if c.MaxConnections < 1 || c.MaxConcurrentQueries < 1 {
		bad("max_connections, max_concurrent_queries: %d, %d, must be positive", c.MaxConnections, c.MaxConcurrentQueries)
	}
	if c.Grace < 0 || c.LockPatience < 0 {
		bad("grace, lock_patience: %s, %s, must not be negative", c.Grace, c.LockPatience)
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil {
		bad("timezone: %q is not a known time zone", c.Timezone)
	}
	errs = append(errs, validateAccounts(c.Accounts)...)
	return errors.Join(errs...)
}

// The places inside the data directory.
func (c Config) dataDir() string    { return filepath.Join(c.Dir, "data") }
func (c Config) backupsDir() string { return filepath.Join(c.Dir, "backups") }
func (c Config) filesDir() string   { return filepath.Join(c.Dir, "files") }
func (c Config) tempDir() string    { return filepath.Join(c.Dir, "tmp") }
func (c Config) configFile() string { return filepath.Join(c.Dir, "config.xml") }
func (c Config) usersFile() string  { return filepath.Join(c.Dir, "users.xml") }
func (c Config) versionFile() string {
	return filepath.Join(c.Dir, "version")
}

// prepare creates the data directory, refuses a newer format, and writes the
// settings files. passwords holds the random password of each account.
func (c Config) prepare(passwords map[string]string) error {
	for _, dir := range []string{c.Dir, c.dataDir(), c.backupsDir(), c.filesDir(), c.tempDir()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return sentence(err, "the engine's data directory %s cannot be written: check its owner and rights or name another with --data", c.Dir)
		}
	}
	if disk := space("disk", c.Dir, c.MinFree); !disk.OK {
		return sentence(nil, "the disk is too full to start: %s", disk.Detail)
	}
	if err := c.checkVersion(); err != nil {
		return err
	}
	for path, text := range map[string]string{
		c.configFile(): serverXML(c),
		c.usersFile():  usersXML(c.Accounts, passwords),
	} {
		if err := writeSecret(path, text); err != nil {
			return sentence(err, "the engine's data directory %s cannot be written: check its owner and rights or name another with --data", c.Dir)
		}
	}
	return nil
}

// checkVersion refuses a data directory of a newer program and marks a new one.
func (c Config) checkVersion() error {
	text, err := os.ReadFile(c.versionFile())
	if errors.Is(err, os.ErrNotExist) {
		if err := writeSecret(c.versionFile(), fmt.Sprintf("%d %s\n", formatVersion, Version)); err != nil {
			return sentence(err, "the engine's data directory %s cannot be written: check its owner and rights or name another with --data", c.Dir)
		}
		return nil
	}
	if err != nil {
		return sentence(err, "the file %s cannot be read: check its owner and rights", c.versionFile())
	}
	var format int
	if _, err := fmt.Sscan(string(text), &format); err != nil {
		return sentence(err, "the file %s does not say a format version: restore it from the backup of the data directory", c.versionFile())
	}
	if format > formatVersion {
		return sentence(nil, "the data in %s were written by a newer program (format %d, this one knows %d): use the newer program or another folder with --data", c.Dir, format, formatVersion)
	}
	return nil
}

// writeSecret replaces a file readable by its owner only.
func writeSecret(path, text string) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", tmp, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	return nil
}
