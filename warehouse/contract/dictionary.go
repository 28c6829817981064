package contract

import (
	"fmt"
	"io"
	"strings"
)

// wording is the dictionary's own text in one language.
type wording struct {
	title, sender, key, door, fields, codes, events, none string
	head, eventHead                                       string
	yes                                                   string
}

var wordings = map[string]wording{
	"zh": {
		title: "数据字典", sender: "报送单位", key: "自然主键", door: "报送方式", fields: "字段", codes: "代码表", events: "事件", none: "无",
		head: "| 字段 | 名称 | 类型 | 必填 | 最大长度 | 个人信息 | 错值处理 | 说明 |", eventHead: "| 事件 | 时间字段 | 精度 | 条件 | 属性 |", yes: "是",
	},
	"en": {
		title: "Data dictionary", sender: "Senders", key: "Natural key", door: "Door", fields: "Fields", codes: "Codes", events: "Events", none: "none",
		head: "| Field | Name | Type | Required | Length | Personal data | Bad value | Notes |", eventHead: "| Event | Time | Precision | Condition | Attributes |", yes: "yes",
	},
}

// Dictionary writes the data dictionary (数据字典) as Markdown in zh or en.
func (c *Catalogue) Dictionary(w io.Writer, lang string) error {
	words, ok := wordings[lang]
	if !ok {
		return fmt.Errorf("no data dictionary in language %q: take zh or en", lang)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nSHA-256 %s\n", words.title, c.digest)
	for _, t := range c.types {
		t.describe(&b, words, lang, c.codes)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the data dictionary: %w", err)
	}
	return nil
}

func (t *Type) describe(b *strings.Builder, words wording, lang string, lists map[string]CodeList) {
	pick := func(zh, en string) string {
		if lang == "zh" {
			return zh
		}
		return en
	}
	fmt.Fprintf(b, "\n## %s `%s` v%d\n\n%s\n\n", pick(t.ZH, t.EN), t.Name, t.Version, t.Doc)
	fmt.Fprintf(b, "- %s: %s\n- %s: %s\n- %s: %s `%s`\n\n", words.sender, strings.Join(t.Senders, ", "), words.key, strings.Join(t.Key, ", "), words.door, t.Door, t.Topic())
	fmt.Fprintf(b, "### %s\n\n%s\n|---|---|---|---|---|---|---|---|\n", words.fields, words.head)
	coded := false
	for _, f := range t.Fields {
		required, length := "", ""
		if f.Required {
			required = words.yes
		}
		if f.Max > 0 {
			length = fmt.Sprint(f.Max)
		}
		coded = coded || len(f.Values) > 0
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", f.Name, cell(pick(f.ZH, f.EN)), f.Kind, required, length, f.Personal, f.OnBad, cell(f.Doc))
	}
	if coded {
		fmt.Fprintf(b, "\n### %s\n\n", words.codes)
	}
	for _, f := range t.Fields {
		if len(f.Values) == 0 {
			continue
		}
		codes := make([]string, len(f.Values))
		for i, v := range f.Values {
			codes[i] = "`" + v.Code + "` " + v.ZH
		}
		source := ""
		if list, shared := lists[f.Codes]; shared && list.SourceZH != "" {
			source = pick("（来源："+list.SourceZH+"）", " (source: "+list.SourceEN+")")
		}
		fmt.Fprintf(b, "- `%s`: %s%s\n", f.Name, strings.Join(codes, ", "), source)
	}
	fmt.Fprintf(b, "\n### %s\n\n", words.events)
	if len(t.Events) == 0 {
		fmt.Fprintf(b, "%s\n", words.none)
		return
	}
	fmt.Fprintf(b, "%s\n|---|---|---|---|---|\n", words.eventHead)
	for _, e := range t.Events {
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s | %s |\n", e.Type, e.At, e.Precision, strings.Join(e.conditions(), ", "), strings.Join(e.Attributes, ", "))
	}
}

// cell keeps a text inside its table cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
