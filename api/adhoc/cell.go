package adhoc

import (
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
)

// collect reads a whole result or fails: it is never shortened.
func (g *Gateway) collect(rows warehouse.Rows) (*Result, int, error) {
	out := &Result{Rows: [][]*string{}}
	kinds := rows.ColumnTypes()
	targets := make([]any, len(kinds))
	for i, k := range kinds {
		out.Columns = append(out.Columns, Column{Name: k.Name(), Type: k.DatabaseTypeName()})
		targets[i] = reflect.New(k.ScanType()).Interface()
	}
	bytes := 0
	for rows.Next() {
		for i, k := range kinds {
			targets[i] = reflect.New(k.ScanType()).Interface()
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, 0, &Failure{Kind: "failed", Message: "a value of the result cannot be shown: convert it to text"}
		}
		row := make([]*string, len(targets))
		for i, t := range targets {
			if row[i] = cell(reflect.ValueOf(t).Elem(), out.Columns[i].Type); row[i] != nil {
				bytes += len(*row[i])
			}
		}
		out.Rows = append(out.Rows, row)
		if len(out.Rows) > g.config.MaxRows || bytes > g.config.MaxBytes {
			return nil, 0, &Failure{Kind: "limit", Message: fmt.Sprintf("the result has more than %d rows or %d bytes", g.config.MaxRows, g.config.MaxBytes)}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, 0, failure(err)
	}
	return out, bytes, nil
}

// cell writes a value as the engine would, nil for NULL.
func cell(v reflect.Value, kind string) *string {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	s := plain(v, kind)
	return &s
}

// plain writes a value that is not NULL.
func plain(v reflect.Value, kind string) string {
	switch x := v.Interface().(type) {
	case time.Time:
		return moment(x, kind)
	case string:
		return x
	case []byte:
		if !strings.HasPrefix(kind, "Array") {
			return string(x)
		}
	case bool:
		return strconv.FormatBool(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(x), 'g', -1, 32)
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = inner(v.Index(i), kind)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case reflect.Map:
		var parts []string
		for _, key := range v.MapKeys() {
			parts = append(parts, inner(key, kind)+":"+inner(v.MapIndex(key), kind))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprint(v.Interface())
}

// inner writes a value inside an array or a map; texts and times are quoted.
func inner(v reflect.Value, kind string) string {
	s := cell(v, kind)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if s == nil {
		return "NULL"
	}
	if _, isTime := v.Interface().(time.Time); isTime || v.Kind() == reflect.String {
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(*s) + "'"
	}
	return *s
}

// moment writes a date or an instant by the column's type.
func moment(t time.Time, kind string) string {
	switch {
	case strings.Contains(kind, "DateTime64"):
		return t.Format("2006-01-02 15:04:05.000")
	case strings.Contains(kind, "DateTime"):
		return t.Format(time.DateTime)
	}
	return t.Format(time.DateOnly)
}

// WriteCSV writes a result as RFC 4180 text. A text that a spreadsheet would run
// as a formula gets an apostrophe in front; bom puts the mark that old
// spreadsheets need to read UTF-8.
func WriteCSV(w io.Writer, r *Result, bom bool) error {
	if bom {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		header[i] = harmless(c.Name, "String")
	}
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	line := make([]string, len(r.Columns))
	for _, row := range r.Rows {
		for i, value := range row {
			line[i] = ""
			if value != nil {
				line[i] = harmless(*value, r.Columns[i].Type)
			}
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// harmless guards a text against being run as a formula; numbers are none.
func harmless(value, kind string) string {
	kind = strings.TrimPrefix(strings.TrimPrefix(kind, "LowCardinality("), "Nullable(")
	for _, numeric := range []string{"Int", "UInt", "Float", "Decimal"} {
		if strings.HasPrefix(kind, numeric) {
			return value
		}
	}
	if value != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(value)[0]) {
		return "'" + value
	}
	return value
}
