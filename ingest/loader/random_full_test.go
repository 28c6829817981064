//go:build faults

package loader_test

// faultRunsByDefault is how many random runs `go test -tags faults` makes.
const faultRunsByDefault = 200
