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

	Arithmetic []line `json:"arithmetic"`
}

// line is one day of the reckoning.
type line struct {
	On string `json:"on"`
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// outcomeWords are what people read; only an issued document says 违法.
var outcomeWords = map[string]Text{
	inTime:          {"未见不符", "no non-conformity seen"},
	dueSoon:         {"即将届满", "due soon"},
	outOfTime:       {"疑似不符，待核查", "apparent non-conformity, to be verified"},
	withoutDocument: {"疑似延长而无批准文号，待核查", "apparently extended without a document number, to be verified"},
	cannotJudge:     {"数据缺失或解释不一，无法判断", "cannot be judged: data are missing or readings differ"},
	notApplicable:   {"本规则不适用", "this rule does not apply"},
	conforming:      {"未见不符", "no non-conformity seen"},
	nonconforming:   {"疑似不符，待核查", "apparent non-conformity, to be verified"},
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

// label names an event, attribute or fact in both languages.
func (r *Rule) label(name string) Text { return r.words.label(name) }

// labelOf names an event that happened.
func (r *Rule) labelOf(e *event) Text { return r.words.label(r.words.events.names[e.Code]) }

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
func (v *verdict) step(s *stretch) step {
	t := &sentence{}
	out := step{
		From: s.from.String(), Due: s.due.String(), Stopped: s.end.String(),
		Limit: s.limitISO(), Outcome: s.outcome, Basis: v.Rule.cited.ZH, Records: []string{}, Arithmetic: []line{},
	}
	if s.check != nil {
		out.Phase = s.check.ID
		t.add(s.check.Name.ZH+"：", s.check.Name.EN+": ")
		v.tellCheck(t, s)
	} else {
		out.Phase = s.phase.ID
		if s.phase.Informative {
			out.Outcome = "informative"
		}
		t.add(s.phase.Name.ZH+"：", s.phase.Name.EN+": ")
		v.tellStart(t, s)
		v.tellEnd(t, s)
		out.Arithmetic = v.arithmetic(s)
	}
	words := outcomeWords[s.outcome]
	t.add("结论："+words.ZH+"。", "Result: "+words.EN+".")
	for _, e := range []*event{s.start, s.stop} {
		if e == nil {
			continue
		}
		rec := &v.Unit.chain.records[e.Rec]
		if ref := v.Unit.chain.typeName(v.Rule.words, rec.Type) + ":" + rec.Key; len(out.Records) == 0 || out.Records[0] != ref {
			out.Records = append(out.Records, ref)
		}
	}
	told := t.text()
	out.ZH, out.EN = told.ZH, told.EN
	return out
}

func (s *stretch) limitISO() string {
	if s.limit == nil || s.limit.Unlimited {
		return ""
	}
	out := s.limit.Span.iso()
	for _, g := range s.granted {
		if g.x.Replace != nil {
			out = g.added.iso()
		} else {
			out += "+" + g.added.iso()
		}
	}
	return out
}

// tellCheck tells what was required.
func (v *verdict) tellCheck(t *sentence, s *stretch) {
	t.add("要求："+s.check.Note.ZH+"；", "required: "+s.check.Note.EN+"; ")
	if s.overlap {
		t.add("条文重叠："+s.check.OverlapNote.ZH+"；", "overlapping provisions: "+s.check.OverlapNote.EN+"; ")
	}
	if s.missing != "" {
		missing := v.Rule.label(s.missing)
		t.add("缺少："+missing.ZH+"；", "missing: "+missing.EN+"; ")
	}
}

// tellStart tells the trigger and the limit.
func (v *verdict) tellStart(t *sentence, s *stretch) {
	trigger := v.Rule.label(s.phase.Triggers[0].Event)
	switch {
	case s.stated:
		t.add("文书载明的期限为"+s.due.String()+"；", "the document itself states "+s.due.String()+"; ")
		return
	case s.start == nil:
		t.add("未见起算事件（"+trigger.ZH+"）；", "no trigger ("+trigger.EN+") is known; ")
		return
	}
	trigger = v.Rule.labelOf(s.start)
	if s.deferred != nil {
		d := s.phase.Deferred
		t.add(d.Note.ZH+"；", d.Note.EN+"; ")
		if s.waiting {
			return
		}
		trigger = v.Rule.labelOf(s.deferred)
	}
	t.add(fmt.Sprintf("自%s（%s）起算", s.from, trigger.ZH), fmt.Sprintf("counted from %s (%s)", s.from, trigger.EN))
	if s.limit == nil {
		t.add("；", "; ")
		return
	}
	v.tellLimit(t, s)
	for _, m := range s.phase.Marks {
		at := s.from.after(m.Span).String()
		t.add("，"+m.Note.ZH+"为"+at, ", "+m.Note.EN+" "+at)
	}
	for _, g := range s.granted {
		added := g.added.text()
		verb := Text{"，另延长", ", extended by "}
		if g.x.Replace != nil {
			verb = Text{"，延长至", ", extended to "}
		}
		t.add(verb.ZH+added.ZH+"（"+g.x.Note.ZH+"）", verb.EN+added.EN+" ("+g.x.Note.EN+")")
	}
	if s.late != nil {
		t.add(fmt.Sprintf("，%s的延长在期限届满之后，不计", s.late.Day), fmt.Sprintf(", the extension of %s came after the end and does not count", s.late.Day))
	}
	if s.suspended > 0 {
		t.add(fmt.Sprintf("，中止%d日不计入", s.suspended), fmt.Sprintf(", %d days of suspension not counted", s.suspended))
	}
	t.add("；", "; ")
}

// tellLimit tells the length, and whether any text states it.
func (v *verdict) tellLimit(t *sentence, s *stretch) {
	l := s.limit
	switch {
	case l.Unlimited:
		t.add("，法无上限", ", the law states no end")
	case l.Immediate && l.Span.isZero():
		t.add("，应当立即（当日）", ", at once (the same day)")
	case l.Immediate:
		span := l.Span.text()
		t.add("，应当立即（按设定"+span.ZH+"内）", ", at once (within "+span.EN+" as configured)")
	default:
		span := l.Span.text()
		counted := Text{"起算日不计入", "that day not counted"}
		if l.Span.Hours > 0 {
			counted = Text{"起算之时不计入", "that hour not counted"}
		}
		t.add("，"+counted.ZH+"，期限"+span.ZH, ", "+counted.EN+", limit "+span.EN)
	}
	if l.Note.ZH != "" {
		t.add("（"+l.Note.ZH+"）", " ("+l.Note.EN+")")
	}
	switch l.Label {
	case labelNoNumber:
		t.add("（默认值，法无明文数字）", " (a default: the law states no number)")
	case labelUnverified:
		t.add("（未核实）", " (unverified)")
	}
	if l.Also != nil {
		span := l.Also.Span.text()
		t.add("；另有一数字为"+span.ZH+"（"+l.Also.Note.ZH+"），先届满者"+s.hint.String()+"仅作提示",
			"; another number is "+span.EN+" ("+l.Also.Note.EN+"), the earlier end "+s.hint.String()+" is a hint only")
	}
}

// tellEnd tells the due day, how it was rolled, and what stopped the clock.
func (v *verdict) tellEnd(t *sentence, s *stretch) {
	if s.rolledFrom != none {
		t.add(fmt.Sprintf("最后一日%s为节假日，顺延；", s.rolledFrom), fmt.Sprintf("the last day %s is no working day and rolls on; ", s.rolledFrom))
	}
	switch {
	case s.due != none && s.unit == "hour":
		at := s.due.String() + " " + clockText(s.dueAt)
		t.add("届满时间"+at+"；", "due at "+at+"; ")
	case s.due != none:
		t.add("届满日"+s.due.String()+"；", "due on "+s.due.String()+"; ")
	}
	if !s.sure {
		t.add("该年度节假日安排未载入，届满日为暂定；", "no holiday notice of that year is loaded, so the due day is provisional; ")
	}
	switch {
	case s.restarted:
		stop := v.Rule.labelOf(s.stop)
		t.add(fmt.Sprintf("%s于%s发生，重新计算；", stop.ZH, s.end), fmt.Sprintf("counted anew from %s (%s); ", s.end, stop.EN))
	case s.stop != nil:
		stop := v.Rule.labelOf(s.stop)
		t.add(fmt.Sprintf("%s于%s发生；", stop.ZH, s.end), fmt.Sprintf("stopped on %s (%s); ", s.end, stop.EN))
	case s.waiting:
		t.add("尚未起算；", "not counting yet; ")
	case s.start != nil && s.outcome != cannotJudge:
		t.add(fmt.Sprintf("截至%s仍在进行；", v.asOf), fmt.Sprintf("still running on %s; ", v.asOf))
	}
	if s.over > 0 {
		unit := Text{"日", "day(s)"}
		if s.unit == "hour" {
			unit = Text{"小时", "hour(s)"}
		}
		t.add(fmt.Sprintf("超过%d%s；", s.over, unit.ZH), fmt.Sprintf("%d %s over; ", s.over, unit.EN))
	}
	if s.missing != "" {
		missing := v.Rule.label(s.missing)
		t.add("缺少："+missing.ZH+"；", "missing: "+missing.EN+"; ")
	}
}

// arithmetic tells the day-by-day reckoning: first counted day, each addition, and
// where the last day went.
func (v *verdict) arithmetic(s *stretch) []line {
	out := []line{}
	add := func(on day, zh, en string) { out = append(out, line{On: on.String(), ZH: zh, EN: en}) }
	if s.start == nil || s.limit == nil || s.due == none || s.stated {
		return out
	}
	if s.unit == "hour" {
		add(s.from, "起算之时不计入，自下一整时起算", "the running hour is not counted; counting begins with the next full hour")
		add(s.due, "期限届满 "+clockText(s.dueAt), "the limit ends at "+clockText(s.dueAt))
		return out
	}
	if !s.limit.Immediate {
		add(s.from, "起算日，不计入", "first day, not counted")
		add(s.from+1, "第1日", "day 1")
	}
	end, span := s.from.after(s.limit.Span), s.limit.Span.text()
	add(end, "期限"+span.ZH+"届满", "end of "+span.EN)
	for _, g := range s.granted {
		if g.x.Replace != nil {
			end = s.from.after(g.added)
		} else {
			end = end.after(g.added)
		}
		more := g.added.text()
		add(end, "延长（"+g.x.Note.ZH+"，"+more.ZH+"）后届满，加在未顺延之日", "end after the extension ("+g.x.Note.EN+", "+more.EN+"), added to the unrolled day")
	}
	if s.suspended > 0 {
		end += day(s.suspended)
		add(end, fmt.Sprintf("扣除不计入的%d日后届满", s.suspended), fmt.Sprintf("end after %d days not counted", s.suspended))
	}
	for d := end; s.rolledFrom != none && d < s.due; d++ {
		add(d, "非工作日，顺延", "no working day, rolls on")
	}
	if s.rolledFrom != none {
		add(s.due, "顺延后的届满日", "due day after rolling")
	}
	return out
}

// steps are all phases or checks as people read them.
func (v *verdict) steps() []step {
	out := make([]step, len(v.parts))
	for i := range v.parts {
		out[i] = v.step(&v.parts[i])
	}
	return out
}

// explain writes the verdict in both languages: reading, events, limit, article.
func (v *verdict) explain(steps []step) Text {
	t := &sentence{}
	r := v.Rule
	t.add(r.Name.ZH+"。", r.Name.EN+". ")
	if r.Source.ID != "" {
		t.add("本版本依据"+r.Source.Name.ZH+"，另有来源并存。", "This version follows "+r.Source.Name.EN+"; another source stands beside it. ")
	}
	if v.deciding >= 0 {
		t.add(steps[v.deciding].ZH, steps[v.deciding].EN+" ")
	} else {
		words := outcomeWords[v.Outcome]
		if v.Missing != "" {
			missing := r.label(v.Missing)
			t.add("缺少："+missing.ZH+"；", "Missing: "+missing.EN+"; ")
		}
		t.add("结论："+words.ZH+"。", "Result: "+words.EN+". ")
	}
	if len(v.uncertain) > 0 {
		var zh, en []string
		for _, name := range v.uncertain {
			l := r.label(name)
			zh, en = append(zh, l.ZH), append(en, l.EN)
		}
		same := Text{"各种情形结论一致，", "every reading gives the same result"}
		if v.Outcome == cannotJudge {
			same = Text{"各种情形结论不一，", "the readings give different results"}
		}
		t.add("未知："+strings.Join(zh, "、")+"；"+same.ZH+"各步骤见明细。", "Unknown: "+strings.Join(en, ", ")+"; "+same.EN+", see the steps. ")
	}
	t.add("口径："+r.Reading.ZH+"。依据："+r.cited.ZH+"。", "Reading: "+r.Reading.EN+". Basis: "+r.cited.EN+".")
	return t.text()
}
