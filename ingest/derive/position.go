package derive

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hengjian/warehouse"
)

// rangeOf is a cut: per stream the offsets from <= offset < upto.
type rangeOf struct {
	from, upto map[string]uint64
}

func (r rangeOf) streams() []string {
	names := make([]string, 0, len(r.upto))
	for s := range r.upto {
		names = append(names, s)
	}
	slices.Sort(names)
	return names
}

// where is the cut as a condition on (stream, offset), made so that the primary key serves it.
func (r rangeOf) where() (string, []any) {
	var terms []string
	var args []any
	for i, s := range r.streams() {
		n := strconv.Itoa(i)
		terms = append(terms, "(stream = {s"+n+":String} AND offset >= {f"+n+":UInt64} AND offset < {u"+n+":UInt64})")
		args = append(args, warehouse.Param("s"+n, s), number("f"+n, r.from[s]), number("u"+n, r.upto[s]))
	}
	return "(" + strings.Join(terms, " OR ") + ")", args
}

func number(name string, v uint64) any { return warehouse.Param(name, strconv.FormatUint(v, 10)) }

// beyondOf is the condition for rows after the positions: of the named streams
// only, or, with none named, of all streams, known or not.
func beyondOf(next map[string]uint64, only []string) (string, []any) {
	names, open := only, false
	if names == nil {
		open = true
		for s := range next {
			names = append(names, s)
		}
		slices.Sort(names)
	}
	var terms, list []string
	var args []any
	for i, s := range names {
		n := strconv.Itoa(i)
		terms = append(terms, "(stream = {b"+n+":String} AND offset >= {n"+n+":UInt64})")
		list = append(list, "{b"+n+":String}")
		args = append(args, warehouse.Param("b"+n, s), number("n"+n, next[s]))
	}
	switch {
	case len(names) == 0:
		return "1", nil
	case open:
		terms = append(terms, "stream NOT IN ("+strings.Join(list, ", ")+")")
	}
	return "(" + strings.Join(terms, " OR ") + ")", args
}

// next gives the positions of one type; it is the only writer, so they are read once.
func (v *Deriver) next(ctx context.Context, t table) (map[string]uint64, error) {
	if next, ok := v.position[t.name]; ok {
		return next, nil
	}
	next, err := v.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	v.position[t.name] = next
	return next, nil
}

func (v *Deriver) stored(ctx context.Context, t table) (map[string]uint64, error) {
	rows, err := v.deps.DB.Query(ctx, "SELECT toString(stream), max(offset) + 1 FROM record_fate WHERE record_type = {type:String} GROUP BY stream", warehouse.Param("type", t.name))
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	defer rows.Close()
	next := map[string]uint64{}
	for rows.Next() {
		var stream string
		var offset uint64
		if err := rows.Scan(&stream, &offset); err != nil {
			return nil, fmt.Errorf("read positions: %w", err)
		}
		next[stream] = offset
	}
	return next, rows.Err()
}

// cut takes the next rows of every stream that has some.
func (v *Deriver) cut(ctx context.Context, t table, next map[string]uint64) (rangeOf, warehouse.Counts, error) {
	cut := rangeOf{from: map[string]uint64{}, upto: map[string]uint64{}}
	var counts warehouse.Counts
	beyond, args := beyondOf(next, nil)
	rows, err := v.deps.DB.Query(ctx, t.behind(beyond), append(args, number("rows", uint64(v.config.Rows)))...)
	if err != nil {
		return cut, counts, fmt.Errorf("look for new rows: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var stream string
		var last, n, accepted uint64
		if err := rows.Scan(&stream, &last, &n, &accepted); err != nil {
			return cut, counts, fmt.Errorf("look for new rows: %w", err)
		}
		cut.from[stream], cut.upto[stream] = next[stream], last+1
		counts.Read += n
		counts.Accepted += accepted
	}
	counts.Quarantined = counts.Read - counts.Accepted
	return cut, counts, rows.Err()
}
