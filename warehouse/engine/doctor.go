package engine

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// Finding is one result of Doctor.
type Finding struct {
	Check  string // what was looked at
	OK     bool   // false when the engine would not start or not be fetched
	Detail string // what was found; when not OK, a sentence with the remedy
}

// The space a fetch needs in the cache, and below which a data directory is
// called too small.
const (
	fetchSpace = 3 << 29 // 1.5 GiB
	dataSpace  = 1 << 30
)

// Doctor looks at everything the embedded engine needs and changes nothing. It
// reads the library whole, which takes seconds.
func Doctor(ctx context.Context, c Config, f FetchConfig) []Finding {
	c.EnsureDefaults()
	library, platform := c.Library, error(nil)
	if library == "" {
		library, platform = FetchedLibrary(f.Cache)
	}
	findings := []Finding{found("platform", runtime.GOOS+"/"+runtime.GOARCH, platform)}
	if platform != nil {
		return findings
	}
	damage := Verify(ctx, library)
	findings = append(findings, found("engine library", library, damage))
	if damage != nil {
		npm, err := exec.LookPath("npm")
		if err != nil {
			err = sentence(err, "npm is missing, it brings the engine: install Node.js 20 (apt-get install nodejs npm)")
		}
		findings = append(findings, found("npm", npm, err), space("space for the engine library", library, fetchSpace))
	}
	if c.Dir != "" {
		findings = append(findings, space("space for the data", c.Dir, dataSpace))
	}
	return append(findings, port(c.Port))
}

// found makes a finding of a check's outcome.
func found(check, detail string, err error) Finding {
	if err != nil {
		return Finding{Check: check, Detail: err.Error()}
	}
	return Finding{Check: check, OK: true, Detail: detail}
}

// space looks at the free space of the disk that will hold path.
func space(check, path string, need uint64) Finding {
	var disk unix.Statfs_t
	at := path
	for unix.Statfs(at, &disk) != nil {
		parent := filepath.Dir(at)
		if parent == at {
			return Finding{Check: check, Detail: fmt.Sprintf("the disk of %s cannot be read: check the path", path)}
		}
		at = parent
	}
	free := disk.Bavail * uint64(disk.Bsize)
	detail := fmt.Sprintf("%.1f GB free at %s", float64(free)/1e9, at)
	if free < need {
		return Finding{Check: check, Detail: fmt.Sprintf("%s, at least %.1f GB are needed: free space or choose another directory", detail, float64(need)/1e9)}
	}
	return Finding{Check: check, OK: true, Detail: detail}
}

// port looks whether the engine's port can be opened.
func port(number int) Finding {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: number})
	if err != nil {
		return Finding{Check: "port", Detail: fmt.Sprintf("the port %d of the engine is taken: free it or set another clickhouse.port", number)}
	}
	listener.Close()
	if number == 0 {
		return Finding{Check: "port", OK: true, Detail: "any free port"}
	}
	return Finding{Check: "port", OK: true, Detail: fmt.Sprintf("%d is free", number)}
}
