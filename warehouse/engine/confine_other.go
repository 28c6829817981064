//go:build !linux

package engine

// confinement returns nothing: only Linux offers it.
func (e *Engine) confinement() []string { return nil }

// confineAndExec does nothing: only Linux offers it.
func confineAndExec(string, []string) {}
