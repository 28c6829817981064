package publish

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes the release as a workbook of two sheets: the table with its
// head, and notes with definitions. The same release gives the same bytes.
func (r Release) WriteXLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("close workbook: %w", e)
		}
	}()
	stamp := r.Drafted.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Hengjian 衡鉴", Created: stamp, Modified: stamp, LastModifiedBy: "Hengjian 衡鉴", Title: r.ID, Language: "zh-CN"}); err != nil {
		return fmt.Errorf("describe workbook: %w", err)
	}
	const table, notes = "表 Table", "说明 Notes"
	if err := f.SetSheetName("Sheet1", table); err != nil {
		return fmt.Errorf("name sheet: %w", err)
	}
	if _, err := f.NewSheet(notes); err != nil {
		return fmt.Errorf("add sheet: %w", err)
	}
	head := append(r.head(), []string{""})
	if err := sheet(f, table, append(head, r.body()...)); err != nil {
		return err
	}
	if err := f.SetPanes(table, &excelize.Panes{Freeze: true, XSplit: 5, YSplit: len(head) + 1, TopLeftCell: "F" + strconv.Itoa(len(head)+2), ActivePane: "bottomRight"}); err != nil {
		return fmt.Errorf("freeze head: %w", err)
	}
	if err := sheet(f, notes, append(append(r.notes(), []string{""}), r.definitions()...)); err != nil {
		return err
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// sheet writes lines of cells: whole numbers and rates as numbers, all else as
// guarded text, so that nothing is ever a formula.
func sheet(f *excelize.File, name string, lines [][]string) error {
	for i, line := range lines {
		for j, text := range line {
			if text == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return fmt.Errorf("name cell: %w", err)
			}
			if n, numeric := number(text); numeric && j >= 5 {
				err = f.SetCellValue(name, at, n)
			} else {
				err = f.SetCellStr(name, at, guard(text))
			}
			if err != nil {
				return fmt.Errorf("write cell %s: %w", at, err)
			}
		}
	}
	return nil
}

// number reads a plain count or a rate with one decimal.
func number(s string) (any, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil && s[len(s)-2] == '.' {
		return x, true
	}
	return nil, false
}
