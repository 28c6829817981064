package simulate

// documents plans the supervision documents (监督文书) that a chain gives rise to.
func (p *planner) documents() {
	if p.chance(0.17) {
		p.document("recommendation")
	}
	if p.chance(0.22) {
		p.document("correction_notice")
	}
}

// replyClock is how the planned document's reply is measured.
type replyClock struct {
	rule  rule
	sums  indicator
	lead  day
	start day // when the target had it, as planned even if not recorded
}

func (p *planner) document(kind string) {
	r := documentRecord{kind: kind, issued: none, served: none, due: none, replied: none, corrected: none, urged: none, escalated: none, persons: -1}
	k := replyClock{rule: ruleRecommendation, sums: su01, lead: 15}
	b, word := bookRecommendation, "检建"
	if kind == "correction_notice" {
		k = replyClock{rule: ruleNotice, sums: su02, lead: 5}
		b, word = bookNotice, "检纠违"
	}
	p.address(&r)
	due := p.serve(&r, &k)
	r.num = p.number(r.organ, word, b, r.issued)
	p.replyTo(&r, k, due)
	if kind == "correction_notice" {
		p.correction(&r)
	} else if r.replied.present() {
		r.adopted = triOf(p.chance(0.9))
	}
	p.file(r)
}

func (p *planner) file(r documentRecord) {
	c := &p.c
	c.documents = append(c.documents, r)
	c.send(typeDocument, len(c.documents), latest(r.issued, r.served, r.replied, r.corrected, r.urged, r.escalated))
}

// address draws matter, issuer and target.
func (p *planner) address(r *documentRecord) {
	a := p.c.area
	r.organ, r.target = a.procuratorate, a.police
	switch p.pick(0.5, 0.14, 0.16, 0.08, 0.12) {
	case 0:
		r.matter = "investigation_activity"
	case 1:
		r.matter, r.target = "trial_activity", a.court
	case 2:
		r.matter, r.organ = "sentence_change", a.province.procuratorate
		r.target = a.province.prisons[p.rng.IntN(len(a.province.prisons))]
		r.persons = p.between(1, 5)
		if p.chance(0.1) && r.kind == "correction_notice" {
			r.persons = -1
			p.c.note(personsUnrecorded)
		}
	case 3:
		r.matter, r.target = "penalty_execution", a.detention
	case 4:
		r.matter = "filing"
		if r.kind == "recommendation" {
			r.matter = "social_governance"
		}
	}
	if r.kind == "correction_notice" && r.matter == "investigation_activity" && p.chance(0.03) {
		r.matter = ""
		p.c.note(matterUnrecorded)
	}
}

// serve draws issue, service and the due day; none when nobody can tell it.
func (p *planner) serve(r *documentRecord, k *replyClock) day {
	at := p.days(int(p.start)+60, int(p.asOf))
	if p.chance(0.15) {
		at = p.asOf - p.days(0, 50)
	}
	if p.chance(0.4) { // the document states its own limit
		r.due = at + p.days(10, 45)
		if p.chance(0.08) { // about to fall due
			r.due = p.asOf + p.days(1, int(k.lead)-1)
			at = r.due - p.days(15, 45)
		}
		r.issued, r.served = at-p.days(0, 3), at
		k.start = at
		p.c.note(replyStated)
		if p.chance(0.06) {
			r.served = none
			p.c.note(replyStatedUnserved)
		}
		return r.due
	}
	due := none
	for k.start = p.asOf + 1; k.start > p.asOf; at -= 45 {
		if k.rule == ruleRecommendation {
			due = p.quietDay(at.plusMonths(2))
			y, m, d := due.civil()
			k.start = dateOf(y, m-2, d)
		} else {
			due = p.quietDay(at + 15)
			k.start = due - 15
		}
	}
	r.served, r.issued = k.start, k.start-p.days(0, 4)
	if p.chance(0.02) {
		r.served = none
		return none
	}
	return due
}

// quietDay is a Tuesday to Thursday from the 10th to the 20th of a month
// without public holidays there, in the month of d or the next such month.
func (p *planner) quietDay(d day) day {
	y, m, _ := d.civil()
	for {
		switch m {
		case 3, 7, 8, 11, 12:
			for {
				if q := dateOf(y, m, p.between(10, 20)); q.weekday() >= 2 && q.weekday() <= 4 {
					return q
				}
			}
		}
		if m++; m > 12 {
			y, m = y+1, 1
		}
	}
}

// replyTo plans the reply and states what the clock must find.
func (p *planner) replyTo(r *documentRecord, k replyClock, due day) {
	c := &p.c
	a := c.area
	if !due.present() {
		c.note(replyServiceUnrecorded)
		if p.chance(0.7) {
			r.replied = min(k.start+p.days(3, 40), p.asOf)
		}
		c.verdict(k.rule, r.organ, cannotJudge)
		c.undetermined(k.sums, r.organ, r.issued)
		return
	}
	out, n := inTime, replyInTime
	switch p.pick(a.reply, 0.04, 0.6*(1-a.reply), 0.4*(1-a.reply)) {
	case 0:
		r.replied = k.start + p.days(1, int(due-k.start))
	case 1:
		r.replied, n = due, replyBoundary
	case 2:
		r.replied, out, n = due+p.days(1, 30), outOfTime, replyLate
	}
	if r.replied > p.asOf {
		r.replied = none
	}
	if !r.replied.present() {
		out, n = p.unanswered(r, k, due)
	}
	c.note(n)
	c.verdict(k.rule, r.organ, out)
	switch {
	case due > p.asOf:
	case out == inTime:
		c.count(k.sums, r.organ, due, 1, 1)
	default:
		c.count(k.sums, r.organ, due, 0, 1)
	}
}

// unanswered plans a document still without reply on the legal day. Where the
// reading of the lead could differ by a day, the reply comes on the legal day.
func (p *planner) unanswered(r *documentRecord, k replyClock, due day) (outcome, note) {
	left := due - p.asOf
	switch {
	case left < 0:
		if p.chance(0.5) && due+7 <= p.asOf {
			r.urged = due + p.days(1, 7)
			if p.chance(0.3) && r.urged+10 <= p.asOf {
				r.escalated = r.urged + 10
			}
		}
		return outOfTime, replyRunningLate
	case left > 0 && left < k.lead:
		return dueSoon, replyDueSoon
	case left > k.lead+1:
		return inTime, replyRunning
	}
	r.replied = p.asOf
	return inTime, replyInTime
}

// correction plans what came of a correction notice and counts it.
func (p *planner) correction(r *documentRecord) {
	c := &p.c
	if p.chance(c.area.correct) {
		if at := latest(r.issued, r.served) + p.days(5, 60); at <= p.asOf {
			r.corrected, r.adopted = at, yes
		}
	}
	switch r.matter {
	case "":
		c.undetermined(sv04, r.organ, r.issued)
	case "investigation_activity":
		c.count(sv04, r.organ, r.issued, 0, 1)
		if r.corrected.present() {
			c.count(sv04, r.organ, r.corrected, 1, 0)
		}
	case "sentence_change":
		if r.persons < 0 {
			c.undetermined(ex01, r.organ, r.issued)
			return
		}
		c.count(ex01, r.organ, r.issued, 0, r.persons)
		if r.corrected.present() {
			c.count(ex01, r.organ, r.corrected, r.persons, 0)
		}
	}
}

// protest writes the protest (抗诉) against a first judgment.
func (p *planner) protest(t *trialRecord) {
	a := p.c.area
	r := documentRecord{
		organ: a.procuratorate, target: a.province.court, kind: "protest", matter: "trial_activity",
		issued: min(t.judged+p.days(3, 10), p.asOf), served: none, due: none, replied: none, corrected: none, urged: none, escalated: none, persons: -1,
	}
	r.num = p.number(r.organ, "检刑抗", bookProtest, r.issued)
	p.file(r)
}
