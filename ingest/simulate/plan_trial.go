package simulate

// try writes the first trial (一审) of everyone prosecuted, and what follows it.
func (p *planner) try(indictment number, prosecutor *organ, decided day, pr *running) {
	c := &p.c
	custody, any := true, false
	for i := range c.people {
		if !c.people[i].gone {
			any, custody = true, custody && c.people[i].custody
		}
	}
	filed := decided + p.days(1, 7)
	if pr != nil && pr.filed.present() {
		filed = pr.filed
	}
	if !any || filed > p.asOf {
		return
	}
	t := trialRecord{
		organ: c.area.court, kind: "trial_first", prosecutor: prosecutor, origin: "indictment", filed: filed,
		hearing: none, extended: none, suspended: none, resumed: none, judged: none, serve: none, effective: none,
	}
	t.num = p.number(t.organ, "刑初", bookTrial, filed)
	out := p.planTrial(&t, custody, pr)
	ref, _ := p.cite(indictment, true)
	d := p.courtDocket(&t, filed, prosecutor, ref)
	serious := p.between(0, 99)
	for i := range c.people {
		if c.people[i].gone {
			continue
		}
		r := t
		r.no, r.who = trialEntries[i], i
		r.custody = triOf(c.people[i].custody)
		p.enter(&d, i, r.no, "defendant", filed)
		if r.judged.present() {
			p.sentence(&r, i, serious)
		}
		c.note(out.note)
		c.verdict(ruleTrial, c.area.procuratorate, out.outcome)
		c.trials = append(c.trials, r)
		c.send(typeTrial, len(c.trials), p.trialFact(&r, filed))
	}
	if t.judged.present() {
		p.afterTrial(&t, d)
	}
}

func (p *planner) trialFact(r *trialRecord, filed day) day {
	h := r.hearing
	if h > p.asOf || h > r.judged && r.judged.present() {
		h = none
	}
	return latest(filed, h, r.extended, r.suspended, r.resumed, r.judged, r.serve)
}

// courtDocket writes the docket of a trial.
func (p *planner) courtDocket(t *trialRecord, filed day, from *organ, ref quote) caseRecord {
	c := &p.c
	d := caseRecord{
		organ: t.organ, kind: t.kind, num: t.num, charge: c.charge, opened: filed, closed: t.judged, from: from, ref: ref,
		requested: none, transferred: none, juvenile: c.juvenile, enterprise: c.enterprise,
	}
	if t.judged.present() {
		d.reason = "judged"
	}
	c.cases = append(c.cases, d)
	c.send(typeCase, len(c.cases), latest(filed, t.judged))
	return d
}

// planTrial draws the planned kind of a first trial and its dates.
func (p *planner) planTrial(t *trialRecord, custody bool, pr *running) shape {
	filed := t.filed
	t.hearing = filed + p.days(5, 30)
	if pr != nil && pr.filed.present() {
		t.procedure = "ordinary"
		return shape{pr.kind, pr.outcome()}
	}
	whole := *t
	out := p.shapeTrial(t, custody)
	if latest(t.judged, t.resumed, t.extended) > p.asOf {
		*t = whole
		out = p.shortTrial(t, out)
	}
	if t.judged.present() {
		t.hearing = min(t.hearing, t.judged)
		t.serve = min(t.judged+p.days(0, 5), p.asOf)
	}
	return out
}

func (p *planner) shortTrial(t *trialRecord, planned shape) shape {
	elapsed := int(p.asOf - t.filed)
	over := elapsed > 8 && (elapsed > 60 || p.chance(0.5))
	if over {
		t.judged = t.filed + p.days(7, min(elapsed, 60))
	}
	switch {
	case planned.note == trialSummary:
		t.procedure = "summary"
		return planned
	case planned.note == trialFastTrack:
		t.procedure = "fast_track"
		return planned
	}
	t.procedure = "ordinary"
	if over {
		return shape{trialInTime, inTime}
	}
	return shape{trialRunning, inTime}
}

func (p *planner) shapeTrial(t *trialRecord, custody bool) shape {
	switch p.pick(0.37, 0.29, 0.34) {
	case 0:
		t.procedure = "summary"
		t.judged = t.filed + p.days(7, 44)
		return shape{trialSummary, notApplicable}
	case 1:
		t.procedure = "fast_track"
		t.judged = t.filed + p.days(4, 15)
		return shape{trialFastTrack, notApplicable}
	}
	t.procedure = "ordinary"
	due := t.filed.plusMonths(3)
	switch p.pick(0.58, 0.07, 0.04*p.c.area.late, 0.12, 0.06, 0.025, 0.02) {
	case 1:
		if custody && t.filed.dayOfMonth() <= 28 {
			t.judged = due
			return shape{trialBoundary, inTime}
		}
	case 2:
		t.judged = due + p.days(14, 60)
		return shape{trialLate, outOfTime}
	case 3:
		return p.extendTrial(t, due)
	case 4:
		t.suspended = t.filed + p.days(20, 60)
		away := p.days(45, 90)
		t.resumed = t.suspended + away
		t.judged = max(t.resumed+1, due+14)
		t.judged += p.days(0, max(0, int(due+away-14-t.judged)))
		return shape{trialSuspended, inTime}
	case 5:
		t.procedure = ""
		t.judged = t.filed + p.days(20, 70)
		return shape{trialProcedureUnrecorded, cannotJudge}
	case 6:
		t.judged = t.filed + p.days(20, 70)
		t.filed = none
		return shape{trialFilingUnrecorded, cannotJudge}
	}
	t.judged = t.filed + p.days(15, 75)
	return shape{trialInTime, inTime}
}

func (p *planner) extendTrial(t *trialRecord, due day) shape {
	t.extended, t.approver = t.filed+p.days(70, 85), "upper_court"
	t.extensionDoc = p.number(t.organ, "刑延", bookTrialExtension, t.extended)
	end := t.filed.plusMonths(6)
	switch p.pick(0.6, 0.06, 0.17, 0.1) {
	case 1:
		t.judged = end + p.days(14, 60)
		return shape{trialExtendedLate, outOfTime}
	case 2:
		t.extensionDoc = number{}
		t.judged = due + p.days(14, 70)
		return shape{trialUndocumented, undocumented}
	case 3:
		t.approver = "supreme_court"
		t.judged = end + p.days(30, 120)
		return shape{trialNoStatedLimit, cannotJudge}
	}
	t.judged = due + p.days(14, 70)
	return shape{trialExtended, inTime}
}

// sentence draws the result for one defendant.
func (p *planner) sentence(r *trialRecord, who, serious int) {
	h := &p.c.people[who]
	r.result = [...]string{"guilty", "exempt", "acquitted", "withdrawn"}[p.pick(0.965, 0.015, 0.005, 0.015)]
	r.adopted = triOf(p.chance(0.95))
	if r.result != "guilty" {
		return
	}
	switch {
	case serious < 25:
		r.sentence, r.months = "short_detention", p.between(1, 6)
	case serious < 92:
		r.sentence, r.months = "fixed_term", p.between(6, 84)
	case serious < 95:
		r.sentence, r.months = "control", p.between(3, 24)
	case serious < 96:
		r.sentence = "life"
	default:
		r.sentence = "fine_only"
	}
	if r.months > 0 && r.months <= 36 && r.sentence != "control" {
		r.probation = triOf(p.chance(0.35))
	}
	r.fine = p.between(1, 60) * 1000
	if r.sentence == "fixed_term" && r.probation != yes {
		h.firstTerm = r.months
	}
}

// afterTrial goes on to second trial (二审) and to sentence changes.
func (p *planner) afterTrial(t *trialRecord, first caseRecord) {
	c := &p.c
	last := first
	protested := p.chance(c.area.protest)
	if protested {
		p.protest(t)
	}
	if protested || p.chance(0.09) {
		filed := t.judged + p.days(12, 40)
		if filed <= p.asOf {
			last = p.second(filed, first, protested)
		}
	}
	p.execution(last)
}

// second writes the second trial; its result counts for the procuratorate that prosecuted.
func (p *planner) second(filed day, first caseRecord, protested bool) caseRecord {
	c := &p.c
	t := trialRecord{
		organ: c.area.province.court, kind: "trial_second", prosecutor: c.area.procuratorate, origin: "appeal", procedure: "ordinary",
		filed: filed, hearing: filed + p.days(5, 20), extended: none, suspended: none, resumed: none, judged: none, serve: none, effective: none,
	}
	if protested {
		t.origin = "protest"
	}
	t.num = p.number(t.organ, "刑终", bookSecond, filed)
	if judged := filed + p.days(22, 55); judged <= p.asOf {
		t.judged, t.serve = judged, min(judged+p.days(0, 5), p.asOf)
	}
	ref, _ := p.cite(first.num, false)
	d := p.courtDocket(&t, filed, first.organ, ref)
	for i := range c.people {
		if c.people[i].gone {
			continue
		}
		r := t
		r.no, r.who, r.custody = secondEntries[i], i, triOf(c.people[i].custody)
		p.enter(&d, i, r.no, "defendant", filed)
		if r.judged.present() {
			p.secondResult(&r, protested)
		}
		c.trials = append(c.trials, r)
		c.send(typeTrial, len(c.trials), p.trialFact(&r, filed))
	}
	return d
}

func (p *planner) secondResult(r *trialRecord, protested bool) {
	c := &p.c
	if !protested {
		r.result = [...]string{"upheld", "changed", "remanded", "withdrawn"}[p.pick(0.78, 0.12, 0.04, 0.06)]
		return
	}
	r.result = [...]string{"upheld", "changed", "remanded", "withdrawn"}[p.pick(0.2, 0.66, 0.1, 0.04)]
	if p.chance(0.08) {
		r.result = ""
	}
	if p.chance(0.08) {
		r.prosecutor = nil
		c.note(protestUnattributed)
		return
	}
	switch r.result {
	case "":
		c.undetermined(tr01, r.prosecutor, r.judged)
		c.note(protestUndetermined)
	case "changed", "remanded":
		c.count(tr01, r.prosecutor, r.judged, 1, 1)
	default:
		c.count(tr01, r.prosecutor, r.judged, 0, 1)
	}
}

// execution writes a prison's docket and a sentence change for one offender.
func (p *planner) execution(last caseRecord) {
	c := &p.c
	who := -1
	for i := range c.people {
		if !c.people[i].gone && c.people[i].firstTerm >= 18 {
			who = i
			break
		}
	}
	if who < 0 || !last.closed.present() || !p.chance(0.5) {
		return
	}
	pr := c.area.province
	opened := last.closed + p.days(25, 45)
	if opened > p.asOf {
		return
	}
	prison := pr.prisons[p.rng.IntN(len(pr.prisons))]
	ref, _ := p.cite(last.num, false)
	d := caseRecord{
		organ: prison, kind: "execution", charge: c.charge, opened: opened, closed: none, from: last.organ, ref: ref,
		requested: none, transferred: none, juvenile: c.juvenile, enterprise: c.enterprise,
	}
	d.num = p.number(prison, "狱执", bookExecution, opened)
	p.effective(last, who)
	lost := p.doubles.rng.Float64() < undelivered
	if lost {
		c.note(deliveryLost)
	} else {
		c.cases = append(c.cases, d)
		c.send(typeCase, len(c.cases), opened)
		p.enter(&d, who, "R-1", "offender", opened)
	}
	p.change(d, who, opened, lost)
}

// undelivered is the share of deliveries (交付执行) of which the prison's docket
// never arrives.
const undelivered = 0.1

// effective records when the judgment on a person came into force: at second
// instance on its day, else when the ten days for an appeal have passed.
func (p *planner) effective(last caseRecord, who int) {
	c := &p.c
	sentence, months := "", 0
	for i := range c.trials {
		t := &c.trials[i]
		if t.who != who {
			continue
		}
		if t.sentence != "" {
			sentence, months = t.sentence, t.months
		}
		if t.kind != last.kind || !t.judged.present() {
			continue
		}
		t.effective = t.judged
		if t.kind == "trial_first" {
			t.effective = max(t.judged, t.serve) + 11
		} else {
			t.sentence, t.months = sentence, months
		}
		for k := range c.sendings {
			if s := &c.sendings[k]; s.kind == typeTrial && int(s.index) == i {
				s.fact = max(s.fact, t.effective)
			}
		}
	}
}

func (p *planner) change(prison caseRecord, who int, opened day, lost bool) {
	c := &p.c
	r := changeRecord{organ: c.area.province.areas[0].court, requester: prison.organ, no: "G1"}
	r.requested = opened + p.days(150, 540)
	r.published = r.requested + p.days(2, 5)
	r.ruled = r.requested + p.days(15, 50)
	r.served = r.ruled + p.days(1, 7)
	if r.served > p.asOf {
		return
	}
	if lost { // the ruling quotes a number that nobody sent
		c.unlinked++
		c.note(deliveryProven)
	}
	r.kind = [...]string{"commutation", "parole", "temporary_release"}[p.pick(0.85, 0.1, 0.05)]
	r.original = c.people[who].firstTerm
	r.executed = int(r.requested-opened) / 30
	r.reduction = p.between(1, 9)
	r.strict = p.chance(0.1)
	r.opinion = [...]string{"agree", "disagree", "none"}[p.pick(0.85, 0.1, 0.05)]
	r.num = p.number(r.organ, "刑更", bookChange, r.requested)
	ref, _ := p.cite(prison.num, false)
	t := trialRecord{organ: r.organ, kind: "sentence_change", num: r.num, judged: r.ruled}
	d := p.courtDocket(&t, r.requested, prison.organ, ref)
	p.enter(&d, who, r.no, "offender", r.requested)
	c.changes = append(c.changes, r)
	c.send(typeChange, len(c.changes), r.served)
}
