package measure

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Turn is what one contender has shown in one round. Processor seconds are per
// million records.
type Turn struct {
	Name          string   `json:"name"`
	Label         string   `json:"label"`
	Rows          uint64   `json:"rows"` // when the clock stopped
	Seconds       float64  `json:"seconds"`
	RowsPerSecond float64  `json:"rows_per_s"`
	MBPerSecond   float64  `json:"mb_per_s"`
	LoaderCPU     float64  `json:"loader_cpu_s_per_million"`
	EngineCPU     float64  `json:"engine_cpu_s_per_million"`
	BrokerCPU     float64  `json:"broker_cpu_s_per_million"`
	LoaderPeakMB  float64  `json:"loader_peak_mb,omitempty"`
	EnginePeakMB  float64  `json:"engine_peak_mb"`
	Parts         uint64   `json:"parts"`       // written for INSERTs
	MergedRows    uint64   `json:"merged_rows"` // rewritten by merges while the clock ran
	Doubled       int64    `json:"rows_too_many,omitempty"`
	Lacks         []string `json:"does_not_do,omitempty"`
}

// CPU is all processor time per million records.
func (r Turn) CPU() float64 { return r.LoaderCPU + r.EngineCPU + r.BrokerCPU }

// Bar is one thing that must hold, and whether it does.
type Bar struct {
	What     string  `json:"what"`
	Want     string  `json:"want"`
	Measured float64 `json:"measured"`
	Held     bool    `json:"held"`
}

// Result is one benchmark.
type Result struct {
	Records uint64             `json:"records"`
	Bytes   uint64             `json:"bytes"`
	Topics  int                `json:"topics"`
	Runs    []Turn             `json:"runs"`
	Ratios  map[string]float64 `json:"-"`
	Bars    []Bar              `json:"bars"`
}

// median returns the run in the middle of a contender's rounds, by rows/s.
func (r *Result) median(name string) (Turn, bool) {
	var all []Turn
	for _, one := range r.Runs {
		if one.Name == name {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return Turn{}, false
	}
	slices.SortFunc(all, func(a, b Turn) int {
		if a.RowsPerSecond < b.RowsPerSecond {
			return -1
		}
		return 1
	})
	return all[len(all)/2], true
}

// compare makes ratios and bars of the median runs.
func (r *Result) compare() {
	r.Ratios = map[string]float64{}
	plain, ok := r.median(namePlain)
	if !ok {
		return
	}
	least := func(peer string, want float64) {
		if other, ok := r.median(peer); ok {
			ratio := plain.RowsPerSecond / other.RowsPerSecond
			r.Ratios[peer] = ratio
			r.Bars = append(r.Bars, Bar{What: "rows/s like for like against " + peer, Want: fmt.Sprintf(">= %.1f", want), Measured: ratio, Held: ratio >= want})
		}
	}
	least(nameEngine, 2)
	least(nameRows, 4)
	least(nameFile, 1)
	if file, ok := r.median(nameFile); ok {
		r.Ratios["cpu_to_file"] = plain.CPU() / file.CPU()
	}
	if sealed, ok := r.median(nameSealed); ok {
		ratio := sealed.RowsPerSecond / plain.RowsPerSecond
		r.Ratios["sealed_to_plain"] = ratio
		r.Bars = append(r.Bars, Bar{What: "rows/s with sealing and pseudonyms against without", Want: ">= 0.7", Measured: ratio, Held: ratio >= 0.7},
			Bar{What: "peak memory of the loader, MB", Want: "<= 512", Measured: sealed.LoaderPeakMB, Held: sealed.LoaderPeakMB <= 512})
	}
	if two, ok := r.median(nameTwo); ok {
		r.Ratios["two_loaders_to_one"] = two.RowsPerSecond / plain.RowsPerSecond
	}
	if engine, ok := r.median(nameEngine); ok {
		ratio := plain.CPU() / engine.CPU()
		r.Ratios["cpu_to_kafka_engine"] = ratio
		r.Bars = append(r.Bars, Bar{What: "processor seconds like for like against " + nameEngine, Want: "<= 1.5", Measured: ratio, Held: ratio <= 1.5})
	}
}

// Print writes the result as a table with its notes.
func (r *Result) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records, %.0f MB, %.0f bytes each, %d topics of %d partitions\n\n", r.Records, float64(r.Bytes)/1e6, float64(r.Bytes)/float64(max(1, r.Records)), r.Topics, partitions)
	fmt.Fprintf(&b, "%-15s %9s %9s %7s  %s  %s  %s\n", "contender", "rows", "rows/s", "MB/s", "CPU s/million: loader engine broker    all", "peak MB: loader engine", "parts    merged")
	for _, one := range r.Runs {
		fmt.Fprintf(&b, "%-15s %9d %9.0f %7.1f                 %6.2f %6.2f %6.2f %6.2f           %6.0f %6.0f  %5d %9d\n", one.Name, one.Rows, one.RowsPerSecond, one.MBPerSecond,
			one.LoaderCPU, one.EngineCPU, one.BrokerCPU, one.CPU(), one.LoaderPeakMB, one.EnginePeakMB, one.Parts, one.MergedRows)
	}
	b.WriteByte('\n')
	for _, bar := range r.Bars {
		fmt.Fprintf(&b, "%-6s %-60s %7.2f  (%s)\n", map[bool]string{true: "held", false: "MISSED"}[bar.Held], bar.What, bar.Measured, bar.Want)
	}
	b.WriteByte('\n')
	seen := map[string]bool{}
	for _, one := range r.Runs {
		if !seen[one.Name] {
			seen[one.Name] = true
			fmt.Fprintf(&b, "%s: %s\n", one.Name, one.Label)
			if len(one.Lacks) > 0 {
				fmt.Fprintf(&b, "    does not do: %s\n", strings.Join(one.Lacks, ", "))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
