package simulate

// supervisory plans a chain that a supervisory commission (监察委员会) begins.
func (p *planner) supervisory() {
	c := &p.c
	c.compartment = "supervisory"
	c.charge = dutyCharges[p.rng.IntN(len(dutyCharges))]
	c.enterprise = c.charge.enterprise
	p.crowd(1)
	c.people[0].official = true
	p.identify()
	o := c.area.province.commission
	opened := p.days(int(p.start), int(p.asOf)-60)
	moves := opened + p.days(60, 150)
	accepted := moves + p.days(0, 2)
	goes := accepted+12 <= p.asOf
	d := caseRecord{organ: o, kind: "supervisory_investigation", charge: c.charge, opened: opened, closed: none, requested: none, transferred: none}
	d.num = p.number(o, "监案", bookPolice, opened)
	fact := opened
	if goes {
		d.transferred, d.closed, d.reason, fact = moves, moves, "transferred", moves
		d.transferNum = p.number(o, "监移诉", bookSupervisory, moves)
	}
	c.cases = append(c.cases, d)
	c.send(typeCase, len(c.cases), fact)
	p.enter(&d, 0, policeEntries[0], "suspect", opened)
	if p.chance(0.7) {
		m := measureRecord{
			organ: o, measure: "supervisory_retention", kind: d.kind, num: d.num, no: policeEntries[0], serial: p.serial(bookMeasure), slot: 'a',
			decided: opened + 2, executed: opened + 3, ended: none, extended: none, days: -1, minute: p.between(0, 1070),
		}
		m.doc = p.number(o, "监留", bookWarrant, m.decided)
		fact = m.executed
		if goes {
			m.ended, m.endReason, fact = moves, "arrested", moves
		}
		c.measures = append(c.measures, m)
		c.send(typeMeasure, len(c.measures), fact)
	}
	if !goes {
		return
	}
	if p.chance(0.6) {
		p.ownArrest(d, accepted)
	}
	p.prosecute(o, d.transferNum, accepted, nil)
}

// ownArrest writes the procuratorate's own decision to arrest (决定逮捕).
func (p *planner) ownArrest(from caseRecord, accepted day) {
	c := &p.c
	o := c.area.procuratorate
	ref, _ := p.cite(from.transferNum, true)
	decided := accepted + p.days(3, 10)
	d := caseRecord{
		organ: o, kind: "arrest_review", charge: c.charge, opened: accepted, closed: decided, reason: "decided", from: from.organ, ref: ref,
		requested: none, transferred: none,
	}
	d.num = p.number(o, "检捕受", bookReview, accepted)
	c.cases = append(c.cases, d)
	c.send(typeCase, len(c.cases), decided)
	p.enter(&d, 0, reviewEntries[0], "suspect", accepted)
	c.people[0].custody, c.people[0].arrested = true, decided
	r := reviewRecord{
		organ: o, num: d.num, no: reviewEntries[0], accepted: accepted, custody: yes, decision: "decided", decided: decided,
		receipt: min(decided+1, p.asOf), reconsidered: none, reconsideredBy: none,
	}
	p.countReview(&r, latest(r.decided, r.receipt))
	c.reviews = append(c.reviews, r)
	c.send(typeReview, len(c.reviews), latest(r.decided, r.receipt))
}
