package simulate

// open writes the police docket and what follows from its front.
func (p *planner) open(f front, a anchor) {
	c := &p.c
	var pr *running
	handed := f.hand + f.gap // base to acceptance by prosecution review
	if f.requested {
		handed += f.lag + f.longest
	}
	base := p.days(int(p.start)+45, int(p.asOf)-f.after())
	switch a {
	case anchorHeld:
		base = p.asOf - day(f.used)
	case anchorAsked:
		base = p.asOf - p.days(0, 4)
		if p.chance(0.3) {
			base = p.asOf - p.days(14, 45)
		}
	case anchorReview:
		f.running = p.runningReview()
		base = p.asOf - day(f.running) - day(f.lag)
	case anchorProsecution, anchorTrial:
		pr = p.anchorLater(a, f)
		base = pr.accepted - day(handed)
	}
	opened := base - day(f.lead)
	if f.requested {
		opened -= day(f.used)
	}
	d := caseRecord{
		organ: c.area.police, kind: "police_investigation", charge: c.charge, opened: opened, closed: none,
		requested: none, transferred: none, juvenile: c.juvenile, enterprise: c.enterprise,
	}
	d.num = number{form: opaque, prefix: d.organ.code[2:], year: opened.year(), serial: p.serial(bookPolice)}
	fact := opened
	if f.requested {
		d.requested = base
		d.requestNum = p.number(d.organ, "公刑提捕", bookRequest, base)
		fact = base
	}
	moves := base + day(handed-f.hand)
	goes := a == free && p.chance(0.88) && moves+day(f.hand) <= p.asOf || pr != nil
	if goes {
		d.transferred, d.closed, d.reason = moves, moves, "transferred"
		d.transferNum = p.number(d.organ, "公刑诉", bookTransfer, moves)
		fact = moves
	} else if a == free && p.chance(0.4) && moves <= p.asOf {
		d.closed, d.reason, fact = moves, "withdrawn", moves
	}
	c.cases = append(c.cases, d)
	c.send(typeCase, len(c.cases), fact)
	for i := range c.people {
		p.enter(&d, i, policeEntries[i], "suspect", opened)
	}
	if f.requested && a != anchorAsked {
		p.arrestReview(f, a, d, base)
	}
	p.detain(f, a, d, base)
	if goes {
		p.prosecute(d.organ, d.transferNum, moves+day(f.hand), pr)
	}
}

// runningReview is how long an undecided arrest review has been going on.
func (p *planner) runningReview() int {
	switch p.pick(0.5, 0.25, 0.25) {
	case 0:
		return p.between(0, 4)
	case 1:
		return 7
	}
	return 7 + p.between(1, 15)
}

// arrestReview writes the procuratorate's docket and its decisions.
func (p *planner) arrestReview(f front, a anchor, police caseRecord, base day) {
	c := &p.c
	o := c.area.procuratorate
	accepted := base + day(f.lag)
	ref, linked := p.cite(police.requestNum, base < p.asOf-20)
	d := caseRecord{
		organ: o, kind: "arrest_review", charge: c.charge, opened: accepted, closed: none, from: police.organ, ref: ref,
		requested: none, transferred: none, juvenile: c.juvenile, enterprise: c.enterprise,
	}
	d.num = p.number(o, "检捕受", bookReview, accepted)
	last := accepted
	for i := range c.people {
		last = max(last, accepted+day(f.stays[i].taken))
	}
	fact := accepted
	if a != anchorReview {
		d.closed, d.reason, fact = last, "decided", last
	}
	c.cases = append(c.cases, d)
	c.send(typeCase, len(c.cases), fact)
	for i := range c.people {
		no := reviewEntries[len(c.people)-1-i]
		p.enter(&d, i, no, "suspect", accepted)
		s := &f.stays[i]
		r := reviewRecord{
			organ: o, who: i, num: d.num, no: no, accepted: accepted, custody: triOf(f.detained), decided: none, receipt: none,
			reconsidered: none, reconsideredBy: none,
		}
		fact := accepted
		if a != anchorReview {
			r.decided = accepted + day(s.taken)
			fact = r.decided
			p.decideArrest(&r, i)
			if !f.detained && p.chance(0.06) {
				r.accepted = none
				c.note(reviewAcceptanceUnrecorded)
			}
			if r.receipt.present() {
				fact = latest(fact, r.receipt, r.reconsideredBy)
			}
		}
		p.countReview(&r, fact)
		p.judgeStay(f, s, a, linked)
		c.reviews = append(c.reviews, r)
		c.send(typeReview, len(c.reviews), fact)
	}
}

// judgeStay states what the clock of detention must find for one person.
func (p *planner) judgeStay(f front, s *stay, a anchor, linked bool) {
	if !f.detained {
		return
	}
	out := s.outcome
	switch {
	case !linked:
		out = worst(out, cannotJudge)
		p.c.note(reviewUnlinked)
	case a == anchorReview && f.running <= 4:
		p.c.note(reviewRunning)
	case a == anchorReview && f.running == 7:
		out = worst(out, dueSoon)
		p.c.note(reviewDueSoon)
	case a == anchorReview:
		out = worst(out, outOfTime)
		p.c.note(reviewRunningLate)
	default:
		out = worst(out, s.review)
	}
	p.c.verdict(ruleDetention, p.c.area.procuratorate, out)
}

// decideArrest draws the decision on one person.
func (p *planner) decideArrest(r *reviewRecord, who int) {
	c := &p.c
	refuse := c.area.refuse
	if c.juvenile {
		refuse = 0.6
	}
	switch c.want {
	case yes:
		refuse = 0
	case no:
		refuse = 1
	}
	r.receipt = min(r.decided+p.days(1, 3), p.asOf)
	switch {
	case c.want == unsaid && p.chance(0.006):
		r.receipt = none
		c.note(reviewDecisionUnrecorded)
	case p.chance(refuse):
		r.decision = "not_approved"
		if p.chance(0.015) {
			c.note(refusalKindUnrecorded)
		} else {
			r.refusal = refusalKinds[p.pick(0.06, 0.34, 0.6)]
		}
		if p.chance(0.04) && r.decided+20 < p.asOf {
			r.reconsidered = r.decided + p.days(1, 5)
			r.reconsideredBy = r.reconsidered + p.days(2, 7)
			r.changed = triOf(p.chance(0.15))
		}
	default:
		r.decision = "approved"
		c.people[who].custody = true
	}
}

func (p *planner) countReview(r *reviewRecord, fact day) {
	c := &p.c
	if r.accepted.present() {
		c.count(ar01a, r.organ, r.accepted, 1, 0)
	} else {
		c.undetermined(ar01a, r.organ, fact)
	}
	if !r.decided.present() {
		return
	}
	c.count(ar01b, r.organ, r.decided, 1, 0)
	switch r.decision {
	case "":
		c.undetermined(ar02b, r.organ, r.decided)
	case "not_approved":
		c.count(ar02b, r.organ, r.decided, 1, 1)
		p.countRefusal(r)
	default:
		c.count(ar02b, r.organ, r.decided, 0, 1)
	}
}

// countRefusal gives each refusal kind its row of the distribution.
func (p *planner) countRefusal(r *reviewRecord) {
	for i, kind := range refusalKinds {
		cell := plannedCell{indicator: ar03, dim: uint8(i + 1), organ: r.organ, month: r.decided.month(), den: 1}
		switch r.refusal {
		case "":
			cell.den, cell.und = 0, 1
		case kind:
			cell.num = 1
		}
		p.c.cells = append(p.c.cells, cell)
	}
}

// detain writes the detention, the arrest and the bail of everyone.
func (p *planner) detain(f front, a anchor, police caseRecord, base day) {
	c := &p.c
	for i := range c.people {
		s := &f.stays[i]
		m := measureRecord{
			organ: police.organ, kind: police.kind, num: police.num, no: policeEntries[i], serial: p.serial(bookMeasure),
			slot: byte('a' + i), decided: none, executed: none, ended: none, extended: none, days: -1, minute: p.between(0, 1070),
		}
		changes := base + day(s.used) // when the detention gives way to something else
		if f.requested {
			changes = base + day(f.lag+s.taken)
		}
		if f.detained {
			p.detention(m, f, s, a, base, changes)
		}
		if a == anchorHeld || a == anchorAsked || a == anchorReview {
			continue
		}
		m.slot = byte('j' + i)
		m.decided = changes
		if !f.detained && !f.requested {
			m.decided = base
		}
		m.executed = min(m.decided+p.days(0, 1), p.asOf)
		m.measure, m.doc = "bail", p.number(m.organ, "公取保", bookWarrant, m.decided)
		if c.people[i].custody {
			m.measure, m.doc = "arrest", p.number(m.organ, "公捕", bookWarrant, m.decided)
			c.people[i].arrested = m.executed
		} else if p.chance(0.1) {
			continue
		}
		m.doc.serial += uint64(i) * 3 * p.serials
		c.measures = append(c.measures, m)
		c.send(typeMeasure, len(c.measures), m.executed)
	}
}

// detention writes one detention (拘留) and, where no review will judge it, its verdict.
func (p *planner) detention(m measureRecord, f front, s *stay, a anchor, base, changes day) {
	c := &p.c
	m.measure = "detention"
	m.executed = base - day(s.used)
	if !f.requested && a != anchorHeld {
		m.executed = base
	}
	if a == anchorHeld {
		m.executed = p.asOf - day(s.used)
	}
	m.decided = m.executed
	m.doc = p.number(m.organ, "公拘", bookWarrant, m.decided)
	m.doc.serial += uint64(m.slot) * 3 * p.serials
	fact := m.executed
	if s.class != "" {
		m.class, m.days, m.approver = s.class, s.days, "county"
		m.extended = m.executed + min(3, day(s.used))
		fact = m.extended
		if s.document {
			m.extensionDoc = p.number(m.organ, "公延拘", bookExtension, m.extended)
		}
	}
	if !s.recorded {
		m.executed = none
	}
	if a == free || a == anchorProsecution || a == anchorTrial {
		m.ended, fact = changes, changes
		m.endReason = "released"
		if f.requested {
			m.endReason = "bail"
		}
		if c.people[m.slot-'a'].custody {
			m.endReason = "arrested"
		}
	}
	switch {
	case !f.requested:
		c.verdict(ruleDetention, c.area.procuratorate, s.outcome)
	case a == anchorAsked && p.asOf-base <= 4:
		c.verdict(ruleDetention, c.area.procuratorate, s.outcome)
		c.note(askedJustNow)
	case a == anchorAsked:
		c.verdict(ruleDetention, c.area.procuratorate, worst(s.outcome, cannotJudge))
		c.note(askedUnanswered)
	}
	c.measures = append(c.measures, m)
	c.send(typeMeasure, len(c.measures), fact)
}
