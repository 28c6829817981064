package main

import _ "embed"

// splinkScript runs the peer: normalise, link with Splink 5 on DuckDB in memory,
// choose the threshold on the truth, print one line of JSON.
//
//go:embed deploy/link/splink.py
var splinkScript string
