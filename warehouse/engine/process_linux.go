package engine

import (
	"fmt"
	"net"
	"syscall"
)

// childAttributes puts the child into its own process group, so that Ctrl-C
// does not reach it, and lets it die with its parent.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// setNonblocking undoes what handing a listener to a child did to it.
func setNonblocking(listener *net.TCPListener) error {
	raw, err := listener.SyscallConn()
	if err != nil {
		return fmt.Errorf("reach the port: %w", err)
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = syscall.SetNonblock(int(fd), true) }); err != nil {
		return fmt.Errorf("reach the port: %w", err)
	}
	return inner
}
