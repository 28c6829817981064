package engine

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"hengjian/warehouse"
)

// The engine's error codes that have a sentence of their own.
const (
	codePathLocked = 76
	codePortInUse  = 210
	codeNoSpace    = 243
)

// sentence makes an Unavailable error with one clear sentence for the person.
func sentence(cause error, format string, args ...any) error {
	return &warehouse.Error{Code: warehouse.Unavailable, Message: fmt.Sprintf(format, args...), Err: cause}
}

// ring keeps the last bytes a child wrote to stderr.
type ring struct {
	mu   sync.Mutex
	text []byte
}

// ringSize bounds what is kept of a child's stderr.
const ringSize = 64 << 10

// Write keeps the end of what was written.
func (r *ring) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, p...)
	if over := len(r.text) - ringSize; over > 0 {
		r.text = append(r.text[:0], r.text[over:]...)
	}
	return len(p), nil
}

// String returns what is kept.
func (r *ring) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(bytes.Clone(r.text))
}

// exception finds the engine's own words in its stderr: the last exception,
// without the query it belongs to. It returns code 0 when there is none.
func exception(stderr string) (code int, words string) {
	found := regexp.MustCompile(`Code: (\d+)\. ?(DB::[A-Za-z]*Exception: [^\n]*)`).FindAllStringSubmatch(stderr, -1)
	if len(found) == 0 {
		return 0, ""
	}
	last := found[len(found)-1]
	code, err := strconv.Atoi(last[1])
	if err != nil {
		return 0, ""
	}
	words, _, _ = strings.Cut(last[2], "(in query")
	words, _, _ = strings.Cut(words, ", Stack trace")
	return code, strings.TrimSpace(words)
}

// explain turns the end of a child into one sentence. failure is what the
// child itself said, stderr what the engine wrote, exit how the process ended.
func explain(c Config, failure, stderr, exit string) (code int, err error) {
	code, words := exception(stderr)
	cause := fmt.Errorf("engine child ended (%s): %s %s", exit, failure, words)
	switch {
	case strings.Contains(failure, "load the engine library"), strings.Contains(failure, "find the engine's entry"):
		return code, sentence(cause, "the engine library %s is missing or damaged: run `hengjian engine fetch --force`", c.Library)
	case code == codePathLocked:
		return code, sentence(cause, "the engine's data directory %s is in use by another process: stop it or name another with --data", c.Dir)
	case code == codePortInUse:
		return code, sentence(cause, "the port of the engine is taken: free it or set another clickhouse.port")
	case code == codeNoSpace:
		return code, sentence(cause, "the disk of %s is full: free space and the engine will start again", c.Dir)
	case code == codeAuthentication:
		return code, sentence(cause, "the engine refused its own account file %s: remove it and start again", c.usersFile())
	case strings.Contains(words, "Permission denied"), strings.Contains(words, "Read-only file system"):
		return code, sentence(cause, "the engine's data directory %s cannot be written: check its owner and rights or name another with --data", c.Dir)
	}
	return code, sentence(cause, "the engine ended unexpectedly (%s): start again, and if it happens again check the disk and the memory of the machine", exit)
}
