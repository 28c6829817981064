package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/normal"
	"hengjian/jobs/link/record"
	"hengjian/jobs/link/resolve"
)

// benchStrangers links the records of a folder, then once more among the records
// of another folder, with the weights and frequencies of the first run, and counts
// how many persons changed though nothing was learned about them.
func benchStrangers(c *call) (measured, error) {
	if c.bench.Input == "" || c.bench.Strangers == "" {
		return measured{}, usageError{errors.New("bench strangers needs --input DIR and --strangers DIR, each with a records.csv")}
	}
	plan, err := level.Standard()
	if err != nil {
		return measured{}, err
	}
	link := func(in resolve.Input, folders ...string) (*resolve.Output, *record.Table, error) {
		t, err := readAmong(folders)
		if err != nil {
			return nil, nil, err
		}
		in.Plan, in.Table = plan, t
		out, err := resolve.Persons(c.ctx, resolve.DefaultConfig(), in)
		return out, t, err
	}
	out, t, err := link(resolve.Input{}, c.bench.Input)
	if err != nil {
		return measured{}, err
	}
	snapshot := out.Frequencies.Snapshot(t)
	alone := personsIn(out, t)
	frozen, records := out.Parameters, len(t.Rows)
	out, t, err = link(resolve.Input{Frozen: &frozen, Snapshot: &snapshot}, c.bench.Input, c.bench.Strangers)
	if err != nil {
		return measured{}, err
	}
	among := personsIn(out, t)
	holders := map[uint64][]uint64{}
	for _, person := range among {
		for _, key := range person {
			holders[key] = person
		}
	}
	changed, mixed := 0, 0
	for _, person := range alone {
		now := holders[person[0]]
		ours := slices.DeleteFunc(slices.Clone(now), func(key uint64) bool { return key >= stranger })
		if !slices.Equal(ours, person) {
			changed++
		}
		if len(ours) != len(now) {
			mixed++
		}
	}
	return measured{Ratios: map[string]float64{}, Figures: map[string]float64{
		"records": float64(records), "strangers": float64(len(t.Rows) - records), "persons": float64(len(alone)),
		"persons changed among themselves": float64(changed), "persons changed among themselves %": 100 * share(changed, len(alone)),
		"persons that took in a stranger %": 100 * share(mixed, len(alone)),
	}, Notes: []string{"no peer keeps persons while strangers arrive; the bar is 0.1 % changed among themselves", "a stranger taken in is a wrong link like any other, counted by the precision of bench link"}}, nil
}

// stranger is added to the keys of strangers.
const stranger = 1 << 40

// readAmong reads the records of folders into one table; those of all but the
// first are strangers, in dockets of their own.
func readAmong(folders []string) (*record.Table, error) {
	tables, err := normal.Load()
	if err != nil {
		return nil, err
	}
	t := record.New(tables, 1<<17)
	for i, folder := range folders {
		path := filepath.Join(folder, "records.csv")
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read the records: %w", err)
		}
		err = resolve.ReadCSV(file, func(r *record.Raw) error {
			if i > 0 {
				r.Key += stranger
				r.Own, r.Cited = elsewhere(r.Own), elsewhere(r.Cited)
			}
			t.Add(r)
			return nil
		})
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	_, err = t.Seal(record.DefaultLimits())
	return t, err
}

// elsewhere makes a docket number one of the strangers' own.
func elsewhere(number string) string {
	if number == "" {
		return ""
	}
	return "外" + number
}

// personsIn lists the keys of each person, in order.
func personsIn(out *resolve.Output, t *record.Table) [][]uint64 {
	members := map[uint32][]uint64{}
	for i, top := range out.Clusters.Of {
		members[top] = append(members[top], t.Rows[i].Key)
	}
	all := make([][]uint64, 0, len(members))
	for _, keys := range members {
		slices.Sort(keys)
		all = append(all, keys)
	}
	return all
}
