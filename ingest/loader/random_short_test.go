//go:build !faults

package loader_test

// faultRunsByDefault is how many random runs the everyday tests make.
const faultRunsByDefault = 3
