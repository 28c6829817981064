package simulate

// prosecute writes the docket of prosecution review (审查起诉) and goes on to trial.
func (p *planner) prosecute(from *organ, transfer number, accepted day, pr *running) {
	c := &p.c
	o := c.area.procuratorate
	ref, _ := p.cite(transfer, true)
	d := caseRecord{
		organ: o, kind: "prosecution_review", charge: c.charge, opened: accepted, closed: none, from: from, ref: ref,
		requested: none, transferred: none, juvenile: c.juvenile, enterprise: c.enterprise,
	}
	d.num = p.number(o, "检诉受", bookProsecution, accepted)
	at := len(c.cases)
	c.cases = append(c.cases, d)
	first := len(c.decisions)
	open, last := false, accepted
	for i := range c.people {
		r := decisionRecord{
			organ: o, who: i, approved: none, num: d.num, no: prosecutionEntries[(i+1)%len(c.people)], accepted: accepted,
			custody: triOf(c.people[i].custody), procedure: "ordinary", extended: none, decided: none,
			returned: [2]day{none, none}, resubmit: [2]day{none, none}, plea: triOf(c.people[i].plea),
		}
		if p.chance(0.4) {
			r.procedure = "summary"
		}
		p.planProsecution(&r, c.people[i].custody, pr)
		c.decisions = append(c.decisions, r)
		open = open || !r.decided.present()
		last = latest(last, r.decided)
	}
	fact := accepted
	if !open {
		c.cases[at].closed, c.cases[at].reason, fact = last, "decided", last
	}
	c.send(typeCase, at+1, fact)
	indictment := p.number(o, "检刑诉", bookIndictment, last)
	for i := range c.people {
		r := &c.decisions[first+i]
		p.enter(&d, i, r.no, "suspect", accepted)
		p.decideProsecution(r, i, pr, indictment)
		f := latest(r.accepted, r.extended, r.returned[0], r.resubmit[0], r.returned[1], r.resubmit[1], r.decided)
		p.countProsecution(r, f)
		c.send(typeDecision, first+i+1, f)
	}
	p.try(indictment, o, last, pr)
}

// shape is a chosen kind of prosecution review with its days.
type shape struct {
	note    note
	outcome outcome
}

// planProsecution draws the planned kind of one review and its dates. A kind
// whose end would lie after the legal day is replaced by a short or running one.
func (p *planner) planProsecution(r *decisionRecord, custody bool, pr *running) {
	out := shape{}
	switch {
	case pr != nil && pr.filed.present():
		r.decided, out = r.accepted+day(pr.length), shape{prosecutionInTime, inTime}
	case pr != nil:
		r.returned[0] = pr.returned
		out = shape{pr.kind, pr.outcome()}
	default:
		whole := *r
		out = p.shapeProsecution(r, custody)
		if latest(r.extended, r.returned[0], r.resubmit[0], r.returned[1], r.resubmit[1], r.decided) > p.asOf {
			*r = whole
			out = p.shortProsecution(r, custody)
		}
	}
	p.c.note(out.note)
	p.c.verdict(ruleProsecution, r.organ, out.outcome)
}

func (p *planner) shortProsecution(r *decisionRecord, custody bool) shape {
	elapsed := int(p.asOf - r.accepted)
	still := 7
	if custody {
		still = 16
	}
	if elapsed < 3 || elapsed <= still && p.chance(0.6) {
		return shape{prosecutionRunning, inTime}
	}
	r.decided = r.accepted + p.days(3, min(elapsed, 14))
	return shape{prosecutionInTime, inTime}
}

// over is a number of days past a limit that no holiday can excuse.
func (p *planner) over(custody bool) day {
	if custody {
		return p.days(1, 20)
	}
	return p.days(14, 40)
}

// within is a length that surely lies inside one month.
func (p *planner) within(custody bool) day {
	if custody {
		return p.days(4, 26)
	}
	return p.days(3, 14)
}

func (p *planner) shapeProsecution(r *decisionRecord, custody bool) shape {
	late := p.c.area.late
	due := r.accepted.plusMonths(1)
	switch p.pick(0.42, 0.03, 0.02*late, 0.1, 0.16, 0.13, 0.008, 0.012) {
	case 1:
		if custody && r.accepted.dayOfMonth() <= 28 {
			r.decided = due
			return shape{prosecutionBoundary, inTime}
		}
	case 2:
		r.decided = due + p.over(custody)
		return shape{prosecutionLate, outOfTime}
	case 3:
		return p.extendProsecution(r, custody, due)
	case 4:
		return p.fastTrack(r, custody)
	case 5:
		return p.returns(r, custody)
	case 6:
		r.decided = r.accepted + p.within(custody)
		r.accepted = none
		return shape{prosecutionAcceptanceUnrecorded, cannotJudge}
	case 7:
		r.custody = unsaid
		r.decided = r.accepted + p.within(false)
		return shape{prosecutionCustodyUnsaid, inTime}
	}
	r.decided = r.accepted + p.within(custody)
	return shape{prosecutionInTime, inTime}
}

func (p *planner) extendProsecution(r *decisionRecord, custody bool, due day) shape {
	r.extended = r.accepted + p.days(20, 26)
	r.extensionDoc = p.number(r.organ, "检延", bookProsecutionExtension, r.extended)
	r.extensionDoc.serial += uint64(p.rng.IntN(1000)) * 3 * p.serials
	end := due + 15
	switch p.pick(0.6, 0.12, 0.06*p.c.area.late, 0.15) {
	case 1:
		if custody && r.accepted.dayOfMonth() <= 28 {
			r.decided = end
			return shape{prosecutionExtendedBoundary, inTime}
		}
	case 2:
		r.decided = end + p.over(custody)
		return shape{prosecutionExtendedLate, outOfTime}
	case 3:
		if custody {
			r.extensionDoc = number{}
			r.decided = due + p.days(1, 15)
			return shape{prosecutionUndocumented, undocumented}
		}
	}
	r.decided = due + p.days(-1, 1)
	if custody {
		r.decided = due + p.days(1, 14)
	}
	return shape{prosecutionExtended, inTime}
}

func (p *planner) fastTrack(r *decisionRecord, custody bool) shape {
	r.procedure, r.overYear = "fast_track", no
	switch p.pick(0.6, 0.1, 0.03*p.c.area.late, 0.2) {
	case 1:
		if custody {
			r.decided = r.accepted + 10
			return shape{prosecutionFastBoundary, inTime}
		}
	case 2:
		r.decided = r.accepted + 10 + p.over(custody)
		return shape{prosecutionFastLate, outOfTime}
	case 3:
		r.overYear = yes
		r.decided = r.accepted + p.days(11, 14)
		return shape{prosecutionFastOverYear, inTime}
	}
	r.decided = r.accepted + p.days(2, 9)
	return shape{prosecutionFastTrack, inTime}
}

// returns plans one or two returns for supplementary investigation (退回补充侦查).
func (p *planner) returns(r *decisionRecord, custody bool) shape {
	r.returned[0] = r.accepted + p.within(custody)
	r.resubmit[0] = r.returned[0] + p.within(custody)
	late := 0.05 * p.c.area.late
	switch p.pick(0.7, 0.2, late, late) {
	case 1:
		r.returned[1] = r.resubmit[0] + p.within(custody)
		r.resubmit[1] = r.returned[1] + p.within(custody)
		r.decided = r.resubmit[1] + p.within(custody)
		return shape{prosecutionReturnedTwice, inTime}
	case 2:
		r.resubmit[0] = r.returned[0].plusMonths(1) + p.over(custody)
		r.decided = r.resubmit[0] + p.within(custody)
		return shape{prosecutionReturnLate, outOfTime}
	case 3:
		r.decided = r.resubmit[0].plusMonths(1) + p.over(custody)
		return shape{prosecutionResubmittedLate, outOfTime}
	}
	r.decided = r.resubmit[0] + p.within(custody)
	return shape{prosecutionReturned, inTime}
}

// decideProsecution draws what was decided on one person.
func (p *planner) decideProsecution(r *decisionRecord, who int, pr *running, indictment number) {
	c := &p.c
	h := &c.people[who]
	h.gone = true
	if !r.decided.present() {
		return
	}
	r.recommendation = [...]string{"none", "range", "fixed"}[p.pick(0.06, 0.1, 0.84)]
	r.supplemented = triOf(p.chance(0.07))
	trial := pr != nil && pr.filed.present()
	drop := c.area.drop
	if h.custody {
		drop *= 0.4
	}
	switch {
	case trial:
		r.decision = "prosecuted"
	case p.chance(0.006):
		c.note(prosecutionDecisionUnrecorded)
		return
	case c.juvenile && p.chance(0.28):
		r.decision = "conditional"
	case p.chance(drop):
		r.decision = [...]string{"not_prosecuted_statutory", "not_prosecuted_relative", "not_prosecuted_doubtful", "not_prosecuted_special"}[p.pick(0.03, 0.86, 0.1, 0.01)]
	default:
		r.decision = "prosecuted"
	}
	if r.decision == "prosecuted" {
		h.gone = false
		r.decisionDoc = indictment
		return
	}
	r.recommendation = ""
	if c.compartment == "supervisory" && r.decision != "conditional" && p.chance(0.95) {
		r.approved = r.decided
	}
	r.decisionDoc = p.number(r.organ, "检刑不诉", bookIndictment, r.decided)
	r.decisionDoc.serial += uint64(who) * 3 * p.serials
}

func (p *planner) countProsecution(r *decisionRecord, fact day) {
	c := &p.c
	if r.accepted.present() {
		c.count(pr01a, r.organ, r.accepted, 1, 0)
	} else {
		c.undetermined(pr01a, r.organ, fact)
	}
	if !r.decided.present() {
		return
	}
	c.count(pr01b, r.organ, r.decided, 1, 0)
	switch r.decision {
	case "conditional":
	case "":
		c.undetermined(pr02, r.organ, r.decided)
	case "prosecuted":
		c.count(pr02, r.organ, r.decided, 0, 1)
	default:
		c.count(pr02, r.organ, r.decided, 1, 1)
	}
}
