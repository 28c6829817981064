// Command slowest reads `go test -json` on standard input, prints the ordinary
// output of failures and packages, and ends with the ten slowest tests and one
// line "N passed, N failed, N skipped". It exits 1 when a test or package failed
// and never hides output of a failure.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of test2json.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	if !summarise(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// summarise copies what matters from in to out and reports whether all passed.
func summarise(in io.Reader, out io.Writer) bool {
	held := map[string][]string{}
	count := map[string]int{}
	var done []event
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			held[key] = append(held[key], e.Output)
		case "fail", "build-fail":
			fmt.Fprint(out, strings.Join(held[key], ""))
			fallthrough
		case "pass", "skip":
			if e.Test == "" {
				fmt.Fprintf(out, "%s\t%s\t%.1fs\n", e.Action, e.Package, e.Elapsed)
				count["package "+e.Action]++
			} else {
				count[e.Action]++
				done = append(done, e)
			}
			delete(held, key)
		}
	}
	slices.SortStableFunc(done, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	fmt.Fprintln(out, "ten slowest tests:")
	for _, e := range done[:min(10, len(done))] {
		fmt.Fprintf(out, "  %6.1fs  %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	failed := count["fail"] + count["package fail"] + count["package build-fail"]
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", count["pass"], failed, count["skip"])
	return failed == 0 && count["pass"] > 0 && lines.Err() == nil
}
