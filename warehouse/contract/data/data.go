// Package data owns the data files brought in from elsewhere. It promises that
// SOURCES.md names origin, licence and digest of each. It never changes them.
package data

import "embed"

//go:embed *.csv SOURCES.md
var files embed.FS

// Files returns the data files and their register SOURCES.md.
func Files() embed.FS { return files }
