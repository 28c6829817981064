package engine

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is the loaded engine.
type library struct {
	run func(argc int32, argv unsafe.Pointer) uintptr
}

// openLibrary loads the engine library into this process.
func openLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("load the engine library: %w", err)
	}
	symbol, err := purego.Dlsym(handle, "chdb_query_cmdline")
	if err != nil {
		return nil, fmt.Errorf("find the engine's entry: %w", err)
	}
	l := &library{}
	purego.RegisterFunc(&l.run, symbol)
	return l, nil
}

// runCommand runs the engine with the given arguments and returns when its
// last query ends. What went wrong stands on stderr, never in the result.
func (l *library) runCommand(args []string) {
	var pins runtime.Pinner
	defer pins.Unpin()
	pointers := make([]*byte, len(args)+2)
	for i, arg := range append([]string{"clickhouse"}, args...) {
		text := append([]byte(arg), 0)
		pins.Pin(&text[0])
		pointers[i] = &text[0]
	}
	pins.Pin(&pointers[0])
	l.run(int32(len(args)+1), unsafe.Pointer(&pointers[0]))
}
