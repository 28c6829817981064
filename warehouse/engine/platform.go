package engine

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Version is the pinned version of the engine package.
const Version = "26.7.3-stable.1"

// fetchRemedy is what a person does about a missing or damaged library.
const fetchRemedy = "run `hengjian engine fetch --force`"

// release is one pinned engine package.
type release struct {
	pkg       string // npm package
	integrity string // sha512 of the packed package, as the registry metadata write it
	library   string // file inside the package
	packed    int64  // bytes to download
	unpacked  int64  // bytes of the library
}

// releaseFor returns the pinned package of a platform. Only platforms whose
// digest was checked are pinned; the others are refused.
func releaseFor(goos, goarch string) (release, error) {
	if goos == "linux" && goarch == "amd64" {
		return release{
			pkg:       "@chdb/lib-linux-x64-gnu",
			integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
			library:   "libchdb.so",
			packed:    177817999,
			unpacked:  566330096,
		}, nil
	}
	return release{}, sentence(nil, "there is no checked engine for %s/%s: run on linux/amd64, name a library in engine.library, or connect to a ClickHouse server", goos, goarch)
}

// digest is the short name of the pinned package in the cache.
func (r release) digest() string {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.integrity, "sha512-"))
	if err != nil || len(raw) < 8 {
		return "unknown"
	}
	return hex.EncodeToString(raw[:8])
}

// folder is where the unpacked package of this release stands inside cache.
func (r release) folder(cache string) (string, error) {
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", sentence(err, "the cache directory of this user is unknown: set HOME or name a cache directory")
		}
		cache = filepath.Join(user, "hengjian", "engine")
	}
	return filepath.Join(cache, Version+"-"+r.digest()), nil
}

// FetchedLibrary returns the path where Fetch puts the library of this
// platform; cache "" means the user's cache directory. It does not look whether
// the file is there.
func FetchedLibrary(cache string) (string, error) {
	r, err := releaseFor(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	folder, err := r.folder(cache)
	if err != nil {
		return "", fmt.Errorf("find the engine library: %w", err)
	}
	return filepath.Join(folder, r.library), nil
}
