package resolve

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hengjian/jobs/link/record"
)

// Columns are those of a file of records, in the order of the generator; a file
// may have them in any order and may lack all but the first.
func Columns() []string {
	return []string{"rec_id", "sender", "record_type", "doc_type", "id_no", "name", "sex", "birth", "ethnic", "region", "address", "phone", "own_no", "ref_no", "event_date", "org_region"}
}

// ReadCSV hands on the records of a file with a header, one by one. An error names
// the line, the column and what to write there.
func ReadCSV(r io.Reader, add func(*record.Raw) error) error {
	reader := csv.NewReader(bufio.NewReaderSize(r, 1<<20))
	reader.ReuseRecord = true
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: a header line with rec_id and the other columns is needed")
	}
	if err != nil {
		return fmt.Errorf("read the header: %w", err)
	}
	place, err := places(header)
	if err != nil {
		return err
	}
	var raw record.Raw
	fields := []*string{
		&raw.Sender, &raw.Kind, &raw.DocumentType, &raw.Number, &raw.Name, &raw.Sex, &raw.Birth, &raw.Ethnic,
		&raw.Region, &raw.Address, &raw.Phone, &raw.Own, &raw.Cited, &raw.EventDate, &raw.OrganRegion,
	}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a record: %w", err)
		}
		line, _ := reader.FieldPos(0)
		if raw.Key, err = strconv.ParseUint(row[place[0]], 10, 64); err != nil {
			return fmt.Errorf("line %d: rec_id %q is not a whole number: give every record its own", line, row[place[0]])
		}
		for i, field := range fields {
			*field = ""
			if at := place[i+1]; at >= 0 {
				*field = row[at]
			}
		}
		if err := add(&raw); err != nil {
			return err
		}
	}
}

// places finds each column in a header, -1 for one that is missing.
func places(header []string) ([]int, error) {
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	var out []int
	for _, name := range Columns() {
		out = append(out, slices.Index(header, name))
	}
	if out[0] < 0 {
		return nil, errors.New("the header has no column rec_id: every record needs its own number")
	}
	if out[4] < 0 && out[5] < 0 {
		return nil, errors.New("the header has neither id_no nor name: there is nothing to link by")
	}
	return out, nil
}
