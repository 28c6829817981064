package measure

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// ReadTruth reads a file of rec_id, person_id, case_id, errors.
func ReadTruth(path string) (map[uint64]Truth, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the truth: %w", err)
	}
	defer file.Close()
	reader := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	reader.ReuseRecord = true
	if _, err := reader.Read(); err != nil {
		return nil, fmt.Errorf("read the truth: %w", err)
	}
	out := map[uint64]Truth{}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the truth: %w", err)
		}
		key, err1 := strconv.ParseUint(row[0], 10, 64)
		person, err2 := strconv.ParseUint(row[1], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("read the truth: %w", err)
		}
		out[key] = Truth{Person: person, Errors: Errors(row[3])}
	}
}

// ReadClusters reads a result file of rec_id, person_id and further columns, in
// any order of lines, and lays it beside the truth.
func ReadClusters(path string, truth map[uint64]Truth) ([]uint32, []Truth, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the clusters: %w", err)
	}
	defer file.Close()
	reader := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	reader.ReuseRecord = true
	if _, err := reader.Read(); err != nil {
		return nil, nil, fmt.Errorf("read the clusters: %w", err)
	}
	codes := map[string]uint32{}
	var of []uint32
	var beside []Truth
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the clusters: %w", err)
		}
		key, err := strconv.ParseUint(row[0], 10, 64)
		if err != nil {
			return nil, nil, fmt.Errorf("read the clusters: %w", err)
		}
		known, ok := truth[key]
		if !ok {
			return nil, nil, fmt.Errorf("the clusters name record %d, which the truth does not know", key)
		}
		code, ok := codes[row[1]]
		if !ok {
			code = uint32(len(codes))
			codes[string(append([]byte(nil), row[1]...))] = code
		}
		of, beside = append(of, code), append(beside, known)
	}
	if len(of) != len(truth) {
		return nil, nil, fmt.Errorf("the clusters hold %d records and the truth %d", len(of), len(truth))
	}
	return of, beside, nil
}
