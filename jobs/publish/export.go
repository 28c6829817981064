package publish

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
)

// onlyThisTable limits what the protection is good for.
const onlyThisTable = "仅限本表, 不得发布 / this table only, not for release"

// simulatedMark stands on everything that comes from simulated data.
const simulatedMark = "「模拟数据」 / simulated data"

// WriteCSV writes the release as CSV in UTF-8 with a byte order mark: head,
// table in administrative order, notes, definitions. The same release gives the
// same bytes.
func (r Release) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, block := range [][][]string{r.head(), r.body(), r.notes(), r.definitions()} {
		for _, line := range append(block, []string{""}) {
			guarded := make([]string, len(line))
			for i, field := range line {
				guarded[i] = guard(field)
			}
			if err := out.Write(guarded); err != nil {
				return fmt.Errorf("write CSV: %w", err)
			}
		}
	}
	out.Flush()
	return out.Error()
}

// guard keeps a spreadsheet from reading text as a formula.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// head names the table, its limits and its sources.
func (r Release) head() [][]string {
	t := r.Table
	form := templates[t.Template]
	lines := [][]string{{form.zh + " / " + form.en}}
	if t.Simulated {
		lines = append(lines, []string{simulatedMark})
	}
	period := t.Columns[len(t.Columns)-1]
	return append(lines,
		[]string{onlyThisTable},
		[]string{"期间 / Period", period.ZH + " / " + period.EN},
		[]string{"基准日 / As of", t.AsOf.Format(time.DateOnly)},
		[]string{"单位 / Unit", "见各指标 / see each indicator"},
		[]string{"来源 / Source", "衡鉴 Hengjian, 运行 / run " + t.Run},
		[]string{"口径摘要 / Definitions", t.Definitions},
		[]string{"发布编号 / Release", r.ID},
		[]string{"内容摘要 / Digest (SHA-256)", r.Digest},
	)
}

// body is the table: one row for each indicator and organ.
func (r Release) body() [][]string {
	t := r.Table
	header := []string{"指标编号 / Id", "指标 / Indicator", "单位 / Unit", "机关代码 / Code", "机关 / Organ"}
	for _, c := range t.Columns {
		header = append(header, c.ZH+" 计数或分子 / "+c.EN+" count or numerator", c.ZH+" 分母 / "+c.EN+" denominator", c.ZH+" 比率 / "+c.EN+" rate")
	}
	out := [][]string{header}
	for i := range t.Sections {
		s := &t.Sections[i]
		for l, line := range t.Lines {
			row := []string{s.ID, s.ZH + " / " + s.EN, s.Unit, line.Code, line.Name}
			for c := range t.Columns {
				den := ""
				if s.Den != nil {
					den = s.Den[l][c].text()
				}
				row = append(row, s.Num[l][c].text(), den, s.Rate(l, c))
			}
			out = append(out, row)
		}
	}
	return out
}

// notes explain the marks of the table.
func (r Release) notes() [][]string {
	t := r.Table
	out := [][]string{
		{"说明 / Notes"},
		{fmt.Sprintf("* 为保护个人信息隐去: 1 至 %d 的计数, 以及可据以推算的其他数字 / hidden to protect persons: counts from 1 to %d, and figures that would reveal them", t.Threshold-1, t.Threshold-1)},
		{"— 分母为零 / denominator zero"},
		{"比率 = 分子合计 ÷ 分母合计, 不是各地比率的平均 / rates are sums divided by sums, never averages of rates"},
		{"机关按行政序排列, 不作排名 / organs stand in administrative order; this is no ranking"},
	}
	for i := range t.Sections {
		s := &t.Sections[i]
		if s.Undetermined > 0 {
			n := fmt.Sprint(s.Undetermined)
			if int64(s.Undetermined) < t.Threshold {
				n = fmt.Sprintf("少于 / fewer than %d", t.Threshold)
			}
			out = append(out, []string{s.ID + " 无法判断、未计入 (全国, 累计) / undetermined, not counted (national, cumulative)", n})
		}
	}
	return out
}

// definitions say what each indicator counts.
func (r Release) definitions() [][]string {
	out := [][]string{{"口径 / Definitions"}, {"指标编号 / Id", "指标 / Indicator", "单位 / Unit", "定义", "Definition", "依据 / Basis"}}
	for _, s := range r.Table.Sections {
		out = append(out, []string{s.ID, s.ZH + " / " + s.EN, s.Unit, s.TextZH, s.TextEN, s.Basis})
	}
	return out
}
