package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the confined child may do with the places it needs.
const (
	mayRead = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	mayLoad = mayRead | unix.LANDLOCK_ACCESS_FS_EXECUTE
	mayUse  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	// everything but running programs
	mayOwn = mayRead | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SYM |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_REFER
	// what a rule about a single file may name
	onFile = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_EXECUTE
	handled = mayOwn | mayLoad | unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
)

// confinementVersion is the first Landlock version that knows renames between
// folders and truncation, both of which the engine needs.
const confinementVersion = 3

// landlockVersion returns what the kernel offers, 0 for nothing.
func landlockVersion() int {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(version)
}

// confinement returns the child's further arguments: what it may reach.
func (e *Engine) confinement() []string {
	dir, err := filepath.Abs(e.config.Dir)
	if err != nil || landlockVersion() < confinementVersion {
		return nil
	}
	library, err := filepath.Abs(e.config.Library)
	if err != nil {
		return nil
	}
	return []string{library, dir}
}

// confineAndExec closes the file system for this process but for the library,
// the folders and what every program reads, and starts the program again, so
// that all its threads are inside. It returns only when that does not work; the
// engine then runs unconfined and says so.
func confineAndExec(library string, folders []string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	program, err := os.Executable()
	if err != nil {
		return
	}
	if err := confine(program, library, folders); err != nil {
		return
	}
	unix.Exec(program, []string{program, childArgument, confinedArgument}, os.Environ()) //nolint:errcheck // see above
}

// confine puts the calling thread into a Landlock domain.
func confine(program, library string, folders []string) error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: handled}
	rules, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr.Handled_access_fs), 0)
	if errno != 0 {
		return fmt.Errorf("make the rules: %w", errno)
	}
	defer unix.Close(int(rules))
	places := map[string]uint64{
		program: mayLoad, library: mayLoad, "/lib": mayLoad, "/lib64": mayLoad, "/usr/lib": mayLoad, "/usr/lib64": mayLoad,
		"/etc/ld.so.cache": mayRead, "/etc/localtime": mayRead, "/etc/hosts": mayRead, "/etc/nsswitch.conf": mayRead, "/etc/resolv.conf": mayRead,
		"/usr/share/zoneinfo": mayRead, "/proc": mayRead, "/sys/fs/cgroup": mayRead, "/sys/devices/system": mayRead, "/sys/block": mayRead,
		"/dev/null": mayUse, "/dev/urandom": mayRead, "/dev/random": mayRead,
	}
	for _, folder := range folders {
		places[folder] = mayOwn
	}
	for place, access := range places {
		if err := allow(int(rules), place, access); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new rights: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, rules, 0, 0); errno != 0 {
		return fmt.Errorf("enter the domain: %w", errno)
	}
	return nil
}

// allow adds one place to the rules; a place that is not there needs no rule.
func allow(rules int, place string, access uint64) error {
	fd, err := unix.Open(place, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("look at %s: %w", place, err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= onFile
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allow %s: %w", place, errno)
	}
	return nil
}
