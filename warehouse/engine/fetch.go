package engine

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"hengjian/warehouse"
)

// FetchConfig says where the engine library is kept.
type FetchConfig struct {
	Cache string // "" means hengjian/engine in the user's cache directory
	Force bool   // fetch again although a library is there
}

// fetchTries is how often a failing download is tried in all.
const fetchTries = 3

// Fetch brings the pinned engine library into the cache through npm, checks its
// digest and unpacks it; it does nothing when it is there. progress (may be
// nil) is told bytes done and bytes in all. Two fetches at once do not clash.
func Fetch(ctx context.Context, c FetchConfig, progress func(done, total int64)) error {
	r, err := releaseFor(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return err
	}
	return fetch(ctx, c, r, progress)
}

// fetch is Fetch for a given release.
func fetch(ctx context.Context, c FetchConfig, r release, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	folder, err := r.folder(c.Cache)
	if err != nil {
		return err
	}
	library := filepath.Join(folder, r.library)
	if !c.Force && stamped(library) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return sentence(err, "npm is missing, it brings the engine: install Node.js 20 (apt-get install nodejs npm) and %s", fetchRemedy)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return sentence(err, "the engine cache %s cannot be written: check its owner and rights", filepath.Dir(folder))
	}
	unlock, err := lockFile(ctx, folder+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if !c.Force && stamped(library) {
		return nil // another process fetched it while we waited
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = time.Second
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		err := fetchOnce(ctx, npm, folder, r, progress)
		var final *warehouse.Error
		if errors.As(err, &final) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(fetchTries))
	var final *warehouse.Error
	if err != nil && !errors.As(err, &final) && ctx.Err() == nil {
		return sentence(err, "the engine package %s could not be downloaded: check the network and npm's registry setting, then %s", r.pkg, fetchRemedy)
	}
	return err
}

// stamped reports whether a fetched library with a matching stamp is there.
func stamped(library string) bool {
	_, ok, err := readStamp(library)
	return err == nil && ok && checkStamp(library) == nil
}

// fetchOnce downloads, checks and unpacks beside the folder, then renames.
func fetchOnce(ctx context.Context, npm, folder string, r release, progress func(done, total int64)) error {
	stage, err := os.MkdirTemp(filepath.Dir(folder), ".fetch-")
	if err != nil {
		return sentence(err, "the engine cache %s cannot be written: check its owner and rights", filepath.Dir(folder))
	}
	defer os.RemoveAll(stage)
	total := r.packed + r.unpacked
	packed, err := pack(ctx, npm, stage, r, func(done int64) { progress(min(done, r.packed), total) })
	if err != nil {
		return err
	}
	if err := checkIntegrity(packed, r); err != nil {
		return err
	}
	fresh := filepath.Join(stage, "engine")
	s, err := unpack(ctx, packed, fresh, r, func(done int64) { progress(r.packed+min(done, r.unpacked), total) })
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write the stamp: %w", err)
	}
	if err := os.WriteFile(filepath.Join(fresh, stampFile), append(text, '\n'), 0o644); err != nil {
		return noSpace(err, folder)
	}
	if err := os.Rename(folder, filepath.Join(stage, "old")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return sentence(err, "the old engine in %s cannot be replaced: check its owner and rights", folder)
	}
	if err := os.Rename(fresh, folder); err != nil {
		return fmt.Errorf("put the engine in place: %w", err)
	}
	progress(total, total)
	return nil
}

// pack lets npm download the package into stage and returns the file.
func pack(ctx context.Context, npm, stage string, r release, progress func(done int64)) (string, error) {
	cache, target := filepath.Join(stage, "npm"), filepath.Join(stage, "packed")
	if err := os.MkdirAll(target, 0o755); err != nil {
		return "", fmt.Errorf("make room for the download: %w", err)
	}
	cmd := exec.CommandContext(ctx, npm, "pack", r.pkg+"@"+Version, "--pack-destination", target,
		"--cache", cache, "--ignore-scripts", "--silent", "--no-update-notifier")
	cmd.WaitDelay = 2 * time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	cmd.Dir = stage
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start npm: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			progress(sizeOf(stage))
		case err := <-done:
			if err != nil {
				return "", fmt.Errorf("npm pack: %w: %s", err, lastLine(said.String()))
			}
			files, err := filepath.Glob(filepath.Join(target, "*.tgz"))
			if err != nil || len(files) != 1 {
				return "", fmt.Errorf("npm pack left %d files", len(files))
			}
			return files[0], nil
		}
	}
}

// checkIntegrity compares the packed file with the pinned digest.
func checkIntegrity(packed string, r release) error {
	file, err := os.Open(packed)
	if err != nil {
		return fmt.Errorf("open the download: %w", err)
	}
	defer file.Close()
	digest := sha512.New()
	if _, err := io.Copy(digest, file); err != nil {
		return fmt.Errorf("read the download: %w", err)
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(digest.Sum(nil)); got != r.integrity {
		return sentence(fmt.Errorf("digest %s", got), "the downloaded engine package %s is not the pinned one (its digest differs) and was thrown away: check npm's registry setting, then %s", r.pkg, fetchRemedy)
	}
	return nil
}

// unpack writes the library of the packed file into the new folder fresh.
func unpack(ctx context.Context, packed, fresh string, r release, progress func(done int64)) (stamp, error) {
	if err := os.MkdirAll(fresh, 0o755); err != nil {
		return stamp{}, noSpace(err, fresh)
	}
	file, err := os.Open(packed)
	if err != nil {
		return stamp{}, fmt.Errorf("open the download: %w", err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return stamp{}, fmt.Errorf("open the download: %w", err)
	}
	members := tar.NewReader(plain)
	for {
		member, err := members.Next()
		if errors.Is(err, io.EOF) {
			return stamp{}, sentence(nil, "the engine package %s holds no %s: this program and the package do not fit", r.pkg, r.library)
		}
		if err != nil {
			return stamp{}, fmt.Errorf("unpack the download: %w", err)
		}
		if member.Typeflag != tar.TypeReg || member.Name != "package/"+r.library {
			continue
		}
		digest := sha256.New()
		size, err := writeLibrary(filepath.Join(fresh, r.library), io.TeeReader(contextReader{ctx, members}, digest), progress)
		if err != nil {
			return stamp{}, noSpace(err, fresh)
		}
		return stamp{
			Package: r.pkg, Version: Version, Integrity: r.integrity, Library: r.library,
			Size: size, SHA256: hex.EncodeToString(digest.Sum(nil)),
		}, nil
	}
}

// writeLibrary writes and syncs one file, telling how far it is.
func writeLibrary(path string, from io.Reader, progress func(done int64)) (int64, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var size int64
	for {
		n, err := io.CopyN(file, from, 16<<20)
		size += n
		progress(size)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return size, err
		}
	}
	if err := file.Sync(); err != nil {
		return size, err
	}
	return size, file.Close()
}

// noSpace names a full disk; other errors stay as they are.
func noSpace(err error, folder string) error {
	if isDiskFull(err) {
		return sentence(err, "the disk of %s is full, the engine needs about 1.5 GB there: free space and %s", filepath.Dir(folder), fetchRemedy)
	}
	return fmt.Errorf("unpack the engine: %w", err)
}

// sizeOf sums the files under a folder.
func sizeOf(folder string) int64 {
	var sum int64
	filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error { //nolint:errcheck // a file may vanish meanwhile
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}

// lastLine returns the last line that says something.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
