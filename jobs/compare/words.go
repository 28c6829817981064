package compare

import (
	"fmt"
	"strings"

	"hengjian/jobs/compare/control"
)

// Text is a sentence in both languages.
type Text struct{ ZH, EN string }

// Reason says in plain words why an organ stands out and where it comes from.
// name writes a part's name in a language ("zh", "en"). It states, and judges nothing.
func Reason(s Standing, unit string, parts []Part, name func(p Part, lang string) string) Text {
	if s.Limits == nil {
		return Text{
			fmt.Sprintf("分母为%d，不足以比较。", s.Den),
			fmt.Sprintf("A denominator of %d is too small to compare.", s.Den),
		}
	}
	l, what := *s.Limits, Text{"随机波动", "chance"}
	if s.Wide != nil {
		l, what = *s.Wide, Text{"随机波动与同类机关之间本来的差别", "chance and the usual differences between such organs"}
	}
	value := float64(s.Num) / float64(s.Den)
	zh := fmt.Sprintf("本期%s（%d/%d），同类机关合计%s；考虑%s，99.8%%的情形在%s至%s之间。",
		show(value, unit), s.Num, s.Den, show(s.Centre, unit), what.ZH, show(l.Lower998, unit), show(l.Upper998, unit))
	en := fmt.Sprintf("%s in this period (%d/%d); the group as a whole has %s. With %s, 99.8 %% of cases lie between %s and %s.",
		show(value, unit), s.Num, s.Den, show(s.Centre, unit), what.EN, show(l.Lower998, unit), show(l.Upper998, unit))
	if s.Notable {
		zh += "与同类机关的差别值得了解。"
		en += " The difference from its group is worth looking into."
	}
	for _, kind := range []struct {
		kind   string
		zh, en string
	}{{"office", "差别主要来自", " It comes mostly from "}, {"charge_group", "按案由主要为", " By charge mostly "}} {
		if from := contributors(parts, kind.kind, float64(s.Num)-s.Centre*float64(s.Den)); len(from) > 0 {
			zh += kind.zh + list(from, "、", func(p Part) string { return fmt.Sprintf("%s（%+.0f）", name(p, "zh"), p.Excess()) }) + "。"
			en += kind.en + list(from, ", ", func(p Part) string { return fmt.Sprintf("%s (%+.0f)", name(p, "en"), p.Excess()) }) + "."
		}
	}
	mix := mixSentence(s, unit)
	return Text{zh + mix.ZH, en + mix.EN}
}

// contributors are at most three parts on the side of the organ's own excess
// that make up at least a tenth of it.
func contributors(parts []Part, kind string, excess float64) []Part {
	var out []Part
	for _, p := range parts {
		if p.Kind == kind && p.Excess()*excess > 0 && p.Excess()/excess >= 0.1 && len(out) < 3 {
			out = append(out, p)
		}
	}
	return out
}

func list(parts []Part, sep string, one func(Part) string) string {
	all := make([]string, len(parts))
	for i, p := range parts {
		all[i] = one(p)
	}
	return strings.Join(all, sep)
}

func show(v float64, unit string) string {
	if unit == "%" {
		return fmt.Sprintf("%.1f%%", 100*v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Sentence says in plain words what a signal of a course is.
func Sentence(s control.Signal, unit string) Text {
	side := Text{"低于", "below"}
	if s.Up {
		side = Text{"高于", "above"}
	}
	switch s.Kind {
	case control.Outside:
		return Text{
			fmt.Sprintf("%s为%s，%s本院自然波动的界限（中心%s）。", s.Period, show(s.After, unit), side.ZH, show(s.Before, unit)),
			fmt.Sprintf("%s has %s, %s the natural limits of this organ's own course (centre %s).", s.Period, show(s.After, unit), side.EN, show(s.Before, unit)),
		}
	case control.Run:
		return Text{
			fmt.Sprintf("%s至%s连续%s中心%s，平均%s。", s.Since, s.Period, side.ZH, show(s.Before, unit), show(s.After, unit)),
			fmt.Sprintf("From %s to %s all months lie %s the centre %s, on average %s.", s.Since, s.Period, side.EN, show(s.Before, unit), show(s.After, unit)),
		}
	case control.Drift:
		return Text{
			fmt.Sprintf("%s起逐步偏离，至%s累计%s中心%s。", s.Since, s.Period, side.ZH, show(s.Before, unit)),
			fmt.Sprintf("Since %s the course has drifted; by %s it lies %s the centre %s in sum.", s.Since, s.Period, side.EN, show(s.Before, unit)),
		}
	case control.Change:
		return Text{
			fmt.Sprintf("自%s起水平由%s变为%s。", s.Since, show(s.Before, unit), show(s.After, unit)),
			fmt.Sprintf("From %s on the level is %s instead of %s.", s.Since, show(s.After, unit), show(s.Before, unit)),
		}
	}
	return Text{"月份不足十二个，无法画出走势。", "Fewer than twelve months: there is no course to chart."}
}
