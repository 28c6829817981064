package loader_test

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// stopped reports whether a process has been stopped by a signal.
func stopped(t testing.TB, pid int) bool {
	t.Helper()
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return strings.HasPrefix(strings.TrimSpace(string(state)), "T")
}
