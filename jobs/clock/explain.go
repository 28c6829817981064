package clock

import (
	"fmt"
	"strings"
)

// step is one phase of a verdict as people read it; it becomes the JSON of verdict.steps.
type step struct {
	Phase   string   `json:"phase"`
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
	From    string   `json:"from"`
	Due     string   `json:"due"`
	Stopped string   `json:"stopped"`
	Limit   string   `json:"limit"`
	Outcome string   `json:"outcome"`
	Basis   string   `json:"basis"`
	Records []string `json:"records"`
}

// outcomeWords are what people read; only an issued document says 违法.
var outcomeWords = map[string]Text{
	inTime:          {"未见不符", "no non-conformity seen"},
	dueSoon:         {"即将届满", "due soon"},
	outOfTime:       {"疑似不符，待核查", "apparent non-conformity, to be verified"},
	withoutDocument: {"疑似延长而无批准文号，待核查", "apparently extended without a document number, to be verified"},
	cannotJudge:     {"数据缺失或解释不一，无法判断", "cannot be judged: data are missing or readings differ"},
	notApplicable:   {"本规则不适用", "this rule does not apply"},
}

// text of a span in both languages and as an ISO 8601 duration.
func (s span) text() Text {
	var zh, en []string
	add := func(n int, unitZH, unitEN string) {
		if n == 0 {
			return
		}
		if n > 1 {
			unitEN += "s"
		}
		zh, en = append(zh, fmt.Sprintf("%d%s", n, unitZH)), append(en, fmt.Sprintf("%d %s", n, unitEN))
	}
	add(s.Months, "个月", "month")
	add(s.Days, "日", "day")
	add(s.Hours, "小时", "hour")
	if len(zh) == 0 {
		return Text{"0日", "0 days"}
	}
	return Text{strings.Join(zh, "零"), strings.Join(en, " and ")}
}

func (s span) iso() string {
	out := "P"
	if s.Months > 0 {
		out += fmt.Sprintf("%dM", s.Months)
	}
	if s.Days > 0 || s.Months+s.Hours == 0 {
		out += fmt.Sprintf("%dD", s.Days)
	}
	if s.Hours > 0 {
		out += fmt.Sprintf("T%dH", s.Hours)
	}
	return out
}

// label names an event in both languages.
func (r *Rule) label(event string) Text {
	if t, ok := r.labels[event]; ok {
		return t
	}
	return Text{event, event}
}

// articles lists the legal basis, with what is not verified marked.
func (r *Rule) articles() Text {
	var zh, en []string
	for _, b := range r.Basis {
		one, other := "《"+b.Law+"》"+b.Article, b.Law+" "+b.Article
		if b.Unverified {
			one, other = one+"（未核实）", other+" (unverified)"
		}
		zh, en = append(zh, one), append(en, other)
	}
	return Text{strings.Join(zh, "、"), strings.Join(en, "; ")}
}

// sentence collects one explanation in both languages.
type sentence struct{ zh, en strings.Builder }

func (s *sentence) add(zh, en string) {
	s.zh.WriteString(zh)
	s.en.WriteString(en)
}

func (s *sentence) text() Text { return Text{s.zh.String(), s.en.String()} }

// step tells one phase: from which event, with which limit, to which day.
func (c *kase) step(s *stretch) step {
	p := s.phase
	t := &sentence{}
	t.add(p.Name.ZH+"：", p.Name.EN+": ")
	c.tellStart(t, s)
	c.tellEnd(t, s)
	words := outcomeWords[s.outcome]
	t.add("结论："+words.ZH+"。", "Result: "+words.EN+".")
	out := step{
		Phase: p.ID, From: s.from.String(), Due: s.due.String(), Stopped: s.end.String(),
		Limit: s.limitISO(), Outcome: s.outcome, Basis: c.r.cited.ZH, Records: []string{},
	}
	if p.Informative {
		out.Outcome = "informative"
	}
	for _, e := range []*event{s.start, s.stop} {
		if e == nil {
			continue
		}
		if ref := e.RecordType + ":" + e.Record; len(out.Records) == 0 || out.Records[0] != ref {
			out.Records = append(out.Records, ref)
		}
	}
	s.told = t.text()
	out.ZH, out.EN = s.told.ZH, s.told.EN
	return out
}

func (s *stretch) limitISO() string {
	if s.limit.Span.isZero() {
		return ""
	}
	if s.extension == nil {
		return s.limit.Span.iso()
	}
	if s.extension.Replace != nil {
		return s.added.iso()
	}
	return s.limit.Span.iso() + "+" + s.added.iso()
}

// tellStart tells the trigger and the limit.
func (c *kase) tellStart(t *sentence, s *stretch) {
	trigger := c.r.label(s.phase.Trigger.Event)
	switch {
	case s.stated:
		t.add("文书载明的期限为"+s.due.String()+"；", "the document itself states "+s.due.String()+"; ")
		return
	case s.start == nil:
		t.add("未见起算事件（"+trigger.ZH+"）；", "no trigger ("+trigger.EN+") is known; ")
		return
	}
	t.add(fmt.Sprintf("自%s（%s）起算，起算日不计入", s.from, trigger.ZH), fmt.Sprintf("counted from %s (%s), that day not counted", s.from, trigger.EN))
	if s.limit.Span.isZero() {
		t.add("；", "; ")
		return
	}
	span := s.limit.Span.text()
	t.add("，期限"+span.ZH, ", limit "+span.EN)
	if s.limit.Note.ZH != "" {
		t.add("（"+s.limit.Note.ZH+"）", " ("+s.limit.Note.EN+")")
	}
	for _, m := range s.phase.Marks {
		at := s.from.after(m.Span).String()
		t.add("，"+m.Note.ZH+"为"+at, ", "+m.Note.EN+" "+at)
	}
	if s.extension != nil {
		added := s.added.text()
		verb := Text{"，另延长", ", extended by "}
		if s.extension.Replace != nil {
			verb = Text{"，延长至", ", extended to "}
		}
		t.add(verb.ZH+added.ZH+"（"+s.extension.Note.ZH+"）", verb.EN+added.EN+" ("+s.extension.Note.EN+")")
	}
	if s.suspended > 0 {
		t.add(fmt.Sprintf("，中止%d日不计入", s.suspended), fmt.Sprintf(", %d days of suspension not counted", s.suspended))
	}
	t.add("；", "; ")
}

// tellEnd tells the due day, how it was rolled, and what stopped the clock.
func (c *kase) tellEnd(t *sentence, s *stretch) {
	if s.rolledFrom != none {
		t.add(fmt.Sprintf("最后一日%s为节假日，顺延；", s.rolledFrom), fmt.Sprintf("the last day %s is no working day and rolls on; ", s.rolledFrom))
	}
	if s.due != none {
		t.add("届满日"+s.due.String()+"；", "due on "+s.due.String()+"; ")
	}
	if !s.sure {
		t.add("该年度节假日安排未载入，届满日为暂定；", "no holiday notice of that year is loaded, so the due day is provisional; ")
	}
	switch {
	case s.stop != nil:
		stop := c.r.label(s.stop.Name)
		t.add(fmt.Sprintf("%s于%s发生；", stop.ZH, s.end), fmt.Sprintf("stopped on %s (%s); ", s.end, stop.EN))
	case s.waiting:
		t.add("尚在等待期内；", "still within the waiting time; ")
	case s.start != nil && s.outcome != cannotJudge:
		t.add(fmt.Sprintf("截至%s仍在进行；", c.asOf), fmt.Sprintf("still running on %s; ", c.asOf))
	}
	if s.over > 0 {
		unit := Text{"日", "day(s)"}
		if s.unit == "hour" {
			unit = Text{"小时", "hour(s)"}
		}
		t.add(fmt.Sprintf("超过%d%s；", s.over, unit.ZH), fmt.Sprintf("%d %s over; ", s.over, unit.EN))
	}
	if s.missing != "" {
		missing := c.r.label(s.missing)
		t.add("缺少："+missing.ZH+"；", "missing: "+missing.EN+"; ")
	}
}

// explain writes the verdict in both languages: reading, events, limit, article.
func (c *kase) explain(v *verdict) {
	t := &sentence{}
	t.add(c.r.Name.ZH+"。", c.r.Name.EN+". ")
	switch {
	case v.deciding != nil:
		t.add(v.deciding.told.ZH, v.deciding.told.EN+" ")
	default:
		words := outcomeWords[v.Outcome]
		if v.Missing != "" {
			missing := c.r.label(v.Missing)
			t.add("缺少："+missing.ZH+"；", "Missing: "+missing.EN+"; ")
		}
		t.add("结论："+words.ZH+"。", "Result: "+words.EN+". ")
	}
	if len(v.uncertain) > 0 {
		var zh, en []string
		for _, name := range v.uncertain {
			l := c.r.label(name)
			zh, en = append(zh, l.ZH), append(en, l.EN)
		}
		same := Text{"各种情形结论一致，", "every reading gives the same result"}
		if v.Outcome == cannotJudge {
			same = Text{"各种情形结论不一，", "the readings give different results"}
		}
		t.add("未知："+strings.Join(zh, "、")+"；"+same.ZH+"各步骤见明细。", "Unknown: "+strings.Join(en, ", ")+"; "+same.EN+", see the steps. ")
	}
	t.add("口径："+c.r.Reading.ZH+"。依据："+c.r.cited.ZH+"。", "Reading: "+c.r.Reading.EN+". Basis: "+c.r.cited.EN+".")
	v.explained = t.text()
}
