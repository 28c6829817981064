package engine

// confinement returns the child's further arguments.
func (e *Engine) confinement() []string { return nil }

// confineAndExec closes the file system but for the given folders.
func confineAndExec(library string, folders []string) {}
