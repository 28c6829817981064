package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/backup"
	"hengjian/warehouse/engine"
)

type doctorCommand struct{}

// Help gives an example.
func (doctorCommand) Help() string { return "Example: hengjian doctor" }

// Run prints what was looked at and fails when something is missing.
func (doctorCommand) Run(c *call) error {
	library := c.cfg.ClickHouse.Library
	findings := engine.Doctor(c.ctx, engine.Config{Dir: c.cfg.path("engine"), Port: c.cfg.ClickHouse.Port}, engine.FetchConfig{Cache: library})
	bad := 0
	for _, f := range findings {
		mark := "ok     "
		if !f.OK {
			mark, bad = "missing", bad+1
		}
		fmt.Fprintf(c.out, "%s  %s: %s\n", mark, f.Check, f.Detail)
	}
	if bad > 0 {
		return &warehouse.Error{Code: warehouse.Unavailable, Message: fmt.Sprintf("%d of %d checks failed; the lines above say what to do", bad, len(findings))}
	}
	return nil
}

type backupCommand struct {
	Out string `help:"New folder for the backup." required:"" placeholder:"DIR"`
}

// Help gives an example.
func (backupCommand) Help() string {
	return "Example: hengjian backup --out ./backup-2026-06-30\n\nIt may run while records are loaded: loading goes on from a restored copy with nothing lost or doubled.\nThe folder holds the warehouse and the master key: guard it like the data."
}

// Run writes the warehouse and the keys into a new folder.
func (b backupCommand) Run(c *call) error {
	if c.cfg.ClickHouse.DSN != "" {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "an external server is backed up with its own BACKUP command; copy the keys folder beside it"}
	}
	if _, err := os.Stat(b.Out); err == nil {
		return &warehouse.Error{Code: warehouse.Conflict, Message: "the folder " + b.Out + " exists already: name a new one"}
	}
	return c.withStore(func(ctx context.Context, s *store) error {
		name := "backup-" + time.Now().UTC().Format("20060102T150405")
		inner := filepath.Join(c.cfg.path("engine/backups"), name)
		path, err := filepath.Abs(inner)
		if err != nil {
			return fmt.Errorf("name the backup: %w", err)
		}
		defer os.RemoveAll(inner)
		if err := backup.Save(ctx, s.owner, path, nil); err != nil {
			return fmt.Errorf("back up the warehouse: %w", err)
		}
		if err := os.MkdirAll(b.Out, 0o700); err != nil {
			return fmt.Errorf("make the backup folder: %w", err)
		}
		if err := os.CopyFS(filepath.Join(b.Out, "warehouse"), os.DirFS(inner)); err != nil {
			return fmt.Errorf("copy the backup: %w", err)
		}
		if err := copyPrivate(filepath.Join(b.Out, "keys"), c.cfg.path("keys")); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "backed up to %s\n", b.Out)
		return err
	})
}

type restoreCommand struct {
	From string `help:"Folder of a backup." required:"" placeholder:"DIR"`
}

// Help gives an example.
func (restoreCommand) Help() string {
	return "Example: hengjian restore --from ./backup-2026-06-30 --data ./restored"
}

// Run restores into an empty data folder.
func (r restoreCommand) Run(c *call) error {
	if _, err := os.Stat(c.cfg.path("engine")); err == nil {
		return &warehouse.Error{Code: warehouse.Conflict, Message: "the data folder " + c.cfg.Data + " is not empty: name a new one with --data"}
	}
	if _, err := os.Stat(filepath.Join(r.From, "warehouse")); err != nil {
		return &warehouse.Error{Code: warehouse.NotFound, Message: r.From + " is not a backup: it has no folder warehouse", Err: err}
	}
	if err := copyPrivate(c.cfg.path("keys"), filepath.Join(r.From, "keys")); err != nil {
		return err
	}
	inner := filepath.Join(c.cfg.path("engine/backups"), "restore")
	if err := os.MkdirAll(filepath.Dir(inner), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.CopyFS(inner, os.DirFS(filepath.Join(r.From, "warehouse"))); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	defer os.RemoveAll(inner)
	path, err := filepath.Abs(inner)
	if err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	c.restoreFrom = path
	return c.withStore(func(context.Context, *store) error {
		_, err := fmt.Fprintf(c.out, "restored into %s\n", c.cfg.Data)
		return err
	})
}

// copyPrivate copies the files of a folder with rights for this user alone.
func copyPrivate(to, from string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("make the folder of the keys: %w", err)
	}
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the keys: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			return fmt.Errorf("read the keys: %w", err)
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), text, 0o600); err != nil {
			return fmt.Errorf("write the keys: %w", err)
		}
	}
	return nil
}
