package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"gonum.org/v1/gonum/stat"

	"hengjian/jobs/link/measure"
	"hengjian/warehouse"
)

// usage is what a child process took.
type usage struct{ seconds, processor, gigabytes float64 }

// spend runs a command to its end and returns its wall time and peak memory.
func spend(c *call, name string, args ...string) (usage, []byte, error) {
	command := exec.CommandContext(c.ctx, name, args...)
	var log strings.Builder
	command.Stderr = &log
	began := time.Now()
	out, err := command.Output()
	took := usage{seconds: time.Since(began).Seconds()}
	if err != nil {
		return took, nil, fmt.Errorf("%s: %w: %s", filepath.Base(name), err, log.String())
	}
	if u, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		took.processor = command.ProcessState.UserTime().Seconds() + command.ProcessState.SystemTime().Seconds()
		took.gigabytes = float64(u.Maxrss) / 1e6 // kilobytes on Linux
	}
	fmt.Fprint(c.err, log.String())
	return took, out, nil
}

// benchLink links the records of a folder of the generator and compares with
// its truth; Splink on DuckDB does the same where Python has it.
func benchLink(c *call) (measured, error) {
	if c.bench.Input == "" {
		return measured{}, usageError{errors.New("bench link needs --input DIR with records.csv and truth.csv")}
	}
	self, err := os.Executable()
	if err != nil {
		return measured{}, fmt.Errorf("find this program: %w", err)
	}
	truth, err := measure.ReadTruth(filepath.Join(c.bench.Input, "truth.csv"))
	if err != nil {
		return measured{}, &warehouse.Error{Code: warehouse.Invalid, Message: "the folder holds no readable truth.csv: name one that the generator wrote", Err: err}
	}
	result, err := os.CreateTemp("", "hengjian-clusters-")
	if err != nil {
		return measured{}, fmt.Errorf("make a scratch file: %w", err)
	}
	result.Close()
	defer os.Remove(result.Name())
	ours, _, err := spend(c, self, "link", "run", "--input", filepath.Join(c.bench.Input, "records.csv"), "--out", result.Name())
	if err != nil {
		return measured{}, err
	}
	clusters, beside, err := measure.ReadClusters(result.Name(), truth)
	if err != nil {
		return measured{}, err
	}
	s := measure.Of(clusters, beside)
	found := measured{Ratios: map[string]float64{}, Figures: map[string]float64{
		"records": float64(len(beside)), "hengjian s": ours.seconds, "hengjian GB": ours.gigabytes, "hengjian processor s": ours.processor, "hengjian precision": s.Precision, "hengjian recall": s.Recall,
		"hengjian F1": s.F1, "persons sharing a cluster %": 100 * s.Shared, "persons split %": 100 * s.Split,
	}}
	for name, r := range s.Slices {
		found.Figures["recall of "+name] = r.Share()
	}
	if err := benchKeyed(c, self, truth, s.F1, &found); err != nil {
		return measured{}, err
	}
	if err := benchGrowth(c, self, ours, len(beside), &found); err != nil {
		return measured{}, err
	}
	return found, benchSplink(c, ours, s, &found)
}

// benchKeyed links the same file on keys, with a key process of its own, and says
// what that loses.
func benchKeyed(c *call, self string, truth map[uint64]measure.Truth, clear float64, found *measured) error {
	dir, err := os.MkdirTemp("", "hengjian-keyed-")
	if err != nil {
		return fmt.Errorf("make a scratch folder: %w", err)
	}
	defer os.RemoveAll(dir)
	result := filepath.Join(dir, "clusters.csv")
	took, _, err := spend(c, self, "link", "run", "--pseudonymised", "--data", dir, "--input", filepath.Join(c.bench.Input, "records.csv"), "--out", result)
	if err != nil {
		return err
	}
	clusters, beside, err := measure.ReadClusters(result, truth)
	if err != nil {
		return err
	}
	s := measure.Of(clusters, beside)
	for name, v := range map[string]float64{
		"s": took.seconds, "processor s": took.processor, "precision": s.Precision, "recall": s.Recall, "F1": s.F1, "loss of F1": clear - s.F1,
		"persons sharing a cluster %": 100 * s.Shared, "persons split %": 100 * s.Split,
	} {
		found.Figures["pseudonymised "+name] = v
	}
	for name, r := range s.Slices {
		found.Figures["pseudonymised recall of "+name] = r.Share()
	}
	return nil
}

// benchGrowth links the first tenth and the first third of the file too, and fits
// how processor time and memory grow: the exponent of the size, and what ten
// million records would take.
func benchGrowth(c *call, self string, whole usage, records int, found *measured) error {
	sizes, times, memory := []float64{math.Log(float64(records))}, []float64{math.Log(whole.processor)}, []float64{math.Log(whole.gigabytes)}
	for _, part := range []int{10, 3} {
		path, err := head(filepath.Join(c.bench.Input, "records.csv"), records/part)
		if err != nil {
			return err
		}
		took, _, err := spend(c, self, "link", "run", "--input", path, "--out", os.DevNull)
		os.Remove(path)
		if err != nil {
			return err
		}
		sizes, times, memory = append(sizes, math.Log(float64(records/part))), append(times, math.Log(took.processor)), append(memory, math.Log(took.gigabytes))
	}
	for name, values := range map[string][]float64{"processor s": times, "GB": memory} {
		at, slope := stat.LinearRegression(sizes, values, nil, false)
		found.Figures["exponent of size for "+name] = slope
		found.Figures["ten million records by the fit, "+name] = math.Exp(at + slope*math.Log(1e7))
	}
	return nil
}

// head copies the header and the first lines of a file into a scratch file.
func head(path string, lines int) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("copy part of the records: %w", err)
	}
	defer in.Close()
	out, err := os.CreateTemp("", "hengjian-records-")
	if err != nil {
		return "", fmt.Errorf("copy part of the records: %w", err)
	}
	w := bufio.NewWriter(out)
	scanner := bufio.NewScanner(in)
	for range lines + 1 {
		if !scanner.Scan() {
			break
		}
		w.Write(scanner.Bytes())
		w.WriteByte('\n')
	}
	if err := errors.Join(scanner.Err(), w.Flush(), out.Close()); err != nil {
		return "", fmt.Errorf("copy part of the records: %w", err)
	}
	return out.Name(), nil
}

// benchSplink adds the peer, or a note why it is missing.
func benchSplink(c *call, ours usage, s measure.Score, found *measured) error {
	if c.bench.Python == "" {
		found.Notes = append(found.Notes, "Splink was not run: name a Python that has splink, duckdb, pandas, pyarrow, pypinyin and opencc-python-reimplemented with --python")
		return nil
	}
	peer, out, err := spend(c, c.bench.Python, "-c", splinkScript, c.bench.Input)
	if err != nil {
		return err
	}
	var best struct{ Precision, Recall, F1, Threshold, Seconds, Processor, GB float64 }
	out = bytes.TrimSpace(out) // the peer tells its progress above its last line
	if err := json.Unmarshal(out[bytes.LastIndexByte(out, '\n')+1:], &best); err != nil {
		return fmt.Errorf("read what Splink found: %w", err)
	}
	found.Figures["Splink F1 at its best threshold"] = best.F1
	found.Figures["Splink precision"], found.Figures["Splink recall"] = best.Precision, best.Recall
	found.Figures["Splink s without reading and normalising"], found.Figures["Splink GB"] = best.Seconds, best.GB
	found.Figures["Splink s with both"], found.Figures["Splink processor s"] = peer.seconds, best.Processor
	found.Figures["processor time ours/Splink"] = ours.processor / best.Processor
	found.Figures["time ours/Splink"], found.Figures["memory ours/Splink"] = ours.seconds/best.Seconds, ours.gigabytes/best.GB
	found.Ratios["speed of Splink 5 on DuckDB"], found.Ratios["leanness of Splink 5 on DuckDB"] = best.Seconds/ours.seconds, best.GB/ours.gigabytes
	found.Ratios["F1 of Splink 5 on DuckDB"] = s.F1 / best.F1
	found.Notes = append(found.Notes,
		"ours reads the CSV, normalises, learns, joins with a fixed threshold and writes; Splink gets normalised features and the threshold that is best on the truth",
		"processor seconds do not depend on what else the machine does, wall seconds do",
		"Splink's time counts load, training, prediction and one clustering, not its reading and normalising of the CSV")
	return nil
}
