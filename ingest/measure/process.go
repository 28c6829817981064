package measure

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// usage is processor time in seconds, by whom.
type usage struct{ engine, broker float64 }

func (f *field) usage() usage {
	return usage{engine: CPUSeconds(f.bench.engine.PID()), broker: CPUSeconds(f.bench.broker.cmd.Process.Pid)}
}

// ticks is the unit of /proc/<pid>/stat on every Linux that Go runs on.
const ticks = 100

// CPUSeconds reads how long a process has run on processors; 0 where /proc does
// not say.
func CPUSeconds(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

// settle forgets the greatest memory a process has had so far.
func settle(pid int) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o200) // where it is refused the peak counts from the start
}

// peakMB reads the greatest memory a process has had; 0 where /proc does not say.
func peakMB(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, found := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if !found || len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseFloat(fields[0], 64)
	return kilobytes / 1024
}

// ownSeconds is the processor time of this process.
func ownSeconds() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}
