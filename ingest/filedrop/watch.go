package filedrop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hengjian/ingest/regular"
	"hengjian/warehouse"
)

// Watcher takes in the packages that are dropped in a folder. A package counts
// as complete when its size and time stay as they are between two looks; taken
// ones go to taken/, refused ones to refused/ with the reason beside them.
type Watcher struct {
	Folder string
	Every  time.Duration
	Keys   Keys
	Deps   func(ctx context.Context) (Deps, error) // made anew for each package
	Log    *slog.Logger
	seen   map[string]string
}

// Run looks until ctx ends.
func (w *Watcher) Run(ctx context.Context) error {
	for _, name := range []string{"taken", "refused"} {
		if err := os.MkdirAll(filepath.Join(w.Folder, name), 0o750); err != nil {
			return fmt.Errorf("prepare the folder of packages: %w", err)
		}
	}
	return regular.Run(ctx, 0, w.Every, func(ctx context.Context) {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("packages could not be taken in, will try again", "error", err)
		}
	})
}

// Look takes in what is complete now. A package that fails for another reason
// than its content stays and is tried again.
func (w *Watcher) Look(ctx context.Context) error {
	names, err := filepath.Glob(filepath.Join(w.Folder, "*.zip"))
	if err != nil {
		return fmt.Errorf("list packages: %w", err)
	}
	now := map[string]string{}
	var problems []error
	for _, name := range names {
		info, err := os.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		now[name] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		if w.seen[name] != now[name] {
			continue // still being written, or new: look again
		}
		problems = append(problems, w.one(ctx, name))
	}
	w.seen = now
	return errors.Join(problems...)
}

func (w *Watcher) one(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	d, err := w.Deps(ctx)
	if err != nil {
		return err
	}
	taken, err := Take(ctx, file, info.Size(), w.Keys, d)
	var known *warehouse.Error
	switch {
	case errors.As(err, &known) && known.Code == warehouse.Invalid:
		w.Log.Warn("a package was refused", "package", filepath.Base(name), "reason", known.Message)
		reason := strings.TrimSuffix(filepath.Join(w.Folder, "refused", filepath.Base(name)), ".zip") + ".txt"
		return errors.Join(os.WriteFile(reason, []byte(err.Error()+"\n"), 0o600), os.Rename(name, filepath.Join(w.Folder, "refused", filepath.Base(name))))
	case err != nil:
		return fmt.Errorf("take %s: %w", name, err)
	}
	w.Log.Info("a package was taken in", "package", taken.Package, "sender", taken.Sender, "members", len(taken.Members), "already", taken.Already)
	return os.Rename(name, filepath.Join(w.Folder, "taken", filepath.Base(name)))
}
