package simulate

// variant says how a record's content departs from the plan.
type variant struct {
	shift day    // moves the main date
	extra string // makes the natural key another one
	bad   badness
	isBad bool
	sent  day
}

// main writes the main date of a record as the variant wants it.
func (v variant) main(w *payload, name string, d day) {
	switch {
	case !v.isBad:
		if d.present() {
			d += v.shift
		}
		w.date(name, d)
	case v.bad == futureDate:
		w.date(name, v.sent+40)
	case v.bad == notADate:
		w.text(name, "2024-02-30")
	default:
		w.date(name, d)
	}
}

// head writes the members that all records share.
func (v variant) head(w *payload, o *organ, compartment string) {
	w.begin()
	if v.isBad && v.bad == unknownOrgan {
		w.text("organ", "JC999999")
	} else {
		w.organ("organ", o)
	}
	if !v.isBad || v.bad != missingField {
		w.text("handling_region", o.region)
	}
	if v.isBad && v.bad == unknownValue {
		compartment = "open"
	}
	w.text("compartment", compartment)
}

// own writes a record's own number; an extra record has another serial.
func (v variant) own(n number) number {
	if v.extra != "" {
		n.serial += extraSerial
	}
	return n
}

// extraSerial lifts the numbers of extra records above every book.
const extraSerial = 700_000_000_000

func (c *chain) writeCase(w *payload, r *caseRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.text("docket_kind", r.kind)
	w.number("docket_number", v.own(r.num))
	w.text("charge", r.charge.name)
	w.text("charge_group", r.charge.group)
	v.main(w, "opened_on", r.opened)
	w.date("closed_on", r.closed)
	w.text("close_reason", r.reason)
	w.organ("referred_from_organ", r.from)
	w.quote("referred_document_number", r.ref)
	w.date("arrest_requested_on", r.requested)
	if v.extra == "" {
		w.number("arrest_request_document_number", r.requestNum)
	}
	w.date("transferred_on", r.transferred)
	if v.extra == "" {
		w.number("transfer_document_number", r.transferNum)
	}
	w.truth("juvenile", triOf(r.juvenile))
	w.truth("enterprise", triOf(r.enterprise))
	w.end()
}

func (c *chain) writePerson(w *payload, r *personRecord, v variant) {
	h := &c.people[r.person]
	v.head(w, r.organ, c.compartment)
	w.text("docket_kind", r.kind)
	w.number("docket_number", r.num)
	w.text("person_no", r.no+v.extra)
	w.text("name", r.name)
	if r.id != idMissing {
		w.name("resident_id")
		w.b = append(w.b, '"')
		w.b = appendWrittenIdentity(w.b, c.people, r)
		w.b = append(w.b, '"')
	}
	v.main(w, "birth_date", r.birth)
	if h.male {
		w.text("sex", "male")
	} else {
		w.text("sex", "female")
	}
	if h.foreign {
		w.text("nationality", "VNM")
	} else {
		w.text("household_region", h.county)
		w.text("nationality", "CHN")
	}
	w.text("role", r.role)
	w.truth("juvenile", triOf(h.juvenile))
	w.truth("public_official", triOf(h.official))
	if r.kind == "prosecution_review" || r.kind == "trial_first" {
		w.truth("plea_leniency", triOf(h.plea))
	}
	if r.id == idMissing {
		if h.foreign {
			w.absent("resident_id", "not_applicable")
		} else {
			w.absent("resident_id", "unknown_to_sender")
		}
	}
	w.end()
}

// absent states why a field is missing; it is the last member of a payload.
func (w *payload) absent(field, reason string) {
	w.name("_absent")
	w.b = append(w.b, '{', '"')
	w.b = append(w.b, field...)
	w.b = append(w.b, `":"`...)
	w.b = append(w.b, reason...)
	w.b = append(w.b, '"', '}')
}

func (c *chain) writeMeasure(w *payload, r *measureRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.name("measure_number")
	w.b = append(w.b, '"', 'M')
	w.b = appendPadded(w.b, r.serial, 9)
	w.b = append(w.b, r.slot)
	w.b = append(w.b, v.extra...)
	w.b = append(w.b, '"')
	w.text("docket_kind", r.kind)
	w.number("docket_number", r.num)
	w.text("person_no", r.no)
	w.text("measure", r.measure)
	w.number("document_number", r.doc)
	v.main(w, "decided_on", r.decided)
	w.instant("executed_at", r.executed, r.minute)
	w.date("ended_on", r.ended)
	w.text("end_reason", r.endReason)
	w.date("extended_on", r.extended)
	w.text("extension_class", r.class)
	w.count("extension_days", r.days)
	w.text("extension_approver", r.approver)
	w.number("extension_document_number", r.extensionDoc)
	w.end()
}

// mix writes what a person's case is of (案件结构): charge, age and sex, and whether
// it concerns juveniles and enterprises.
func (c *chain) mix(w *payload, who int, at day) {
	h := &c.people[who]
	w.text("charge", c.charge.name)
	w.text("charge_group", c.charge.group)
	w.truth("juvenile", triOf(h.juvenile))
	w.truth("enterprise", triOf(c.enterprise))
	if h.male {
		w.text("sex", "male")
	} else {
		w.text("sex", "female")
	}
	if at.present() {
		w.text("age_band", ageBand(h.birth, at))
	}
}

// ageBand is a person's age in whole years on a day, as the contract's code.
func ageBand(birth, at day) string {
	band := "under_14"
	for _, b := range []struct {
		from int
		code string
	}{
		{14, "from_14_to_15"},
		{16, "from_16_to_17"},
		{18, "from_18_to_24"},
		{25, "from_25_to_34"},
		{35, "from_35_to_44"},
		{45, "from_45_to_59"},
		{60, "from_60_to_74"},
		{75, "from_75"},
	} {
		if birth.plusMonths(12*b.from) <= at {
			band = b.code
		}
	}
	return band
}

// source writes from whom the docket came.
func (c *chain) source(w *payload) {
	if c.compartment == "supervisory" {
		w.text("case_source", "supervisory")
		return
	}
	w.text("case_source", "police")
}

// custody writes the strongest custody before a decision, and the day of arrest.
func (c *chain) custody(w *payload, r *decisionRecord) {
	h := &c.people[r.who]
	switch {
	case h.custody:
		w.text("custody_before", "arrested")
		if h.arrested <= r.decided {
			w.date("arrested_on", h.arrested)
		}
	case h.detained:
		w.text("custody_before", "detained")
	case c.compartment == "supervisory" && len(c.measures) > 0:
		w.text("custody_before", "retained")
	default:
		w.text("custody_before", "none")
	}
}

func (c *chain) writeReview(w *payload, r *reviewRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.number("docket_number", r.num)
	w.text("person_no", r.no+v.extra)
	if r.decided.present() {
		w.date("accepted_on", r.accepted)
		v.main(w, "decided_on", r.decided)
	} else {
		v.main(w, "accepted_on", r.accepted)
	}
	w.truth("in_custody", r.custody)
	w.text("decision", r.decision)
	w.text("refusal_kind", r.refusal)
	w.date("execution_receipt_on", r.receipt)
	w.date("reconsideration_requested_on", r.reconsidered)
	w.date("reconsideration_decided_on", r.reconsideredBy)
	w.truth("decision_changed", r.changed)
	c.mix(w, r.who, latest(r.accepted, r.decided))
	c.source(w)
	w.end()
}

func (c *chain) writeDecision(w *payload, r *decisionRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.number("docket_number", r.num)
	w.text("person_no", r.no+v.extra)
	if r.decided.present() {
		w.date("accepted_on", r.accepted)
		v.main(w, "decided_on", r.decided)
	} else {
		v.main(w, "accepted_on", r.accepted)
	}
	w.truth("in_custody", r.custody)
	w.date("rights_notified_on", r.accepted)
	w.text("procedure", r.procedure)
	w.truth("over_one_year", r.overYear)
	w.date("extended_on", r.extended)
	w.number("extension_document_number", r.extensionDoc)
	w.date("returned_1_on", r.returned[0])
	w.date("resubmitted_1_on", r.resubmit[0])
	w.date("returned_2_on", r.returned[1])
	w.date("resubmitted_2_on", r.resubmit[1])
	w.text("decision", r.decision)
	if v.extra == "" {
		w.number("decision_document_number", r.decisionDoc)
	}
	w.text("sentencing_recommendation", r.recommendation)
	w.truth("plea_leniency", r.plea)
	w.truth("self_supplemented", r.supplemented)
	w.date("upper_approval_on", r.approved)
	c.mix(w, r.who, latest(r.accepted, r.decided))
	c.source(w)
	c.custody(w, r)
	w.end()
}

func (c *chain) writeTrial(w *payload, r *trialRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.text("docket_kind", r.kind)
	w.number("docket_number", r.num)
	w.text("person_no", r.no+v.extra)
	w.organ("prosecuting_organ", r.prosecutor)
	w.text("origin", r.origin)
	w.text("procedure", r.procedure)
	if r.judged.present() {
		w.date("filed_on", r.filed)
		v.main(w, "judged_on", r.judged)
	} else {
		v.main(w, "filed_on", r.filed)
	}
	w.truth("in_custody", r.custody)
	w.date("hearing_on", r.hearing)
	w.date("extended_on", r.extended)
	w.text("extension_approver", r.approver)
	w.number("extension_document_number", r.extensionDoc)
	w.date("suspended_on", r.suspended)
	w.date("resumed_on", r.resumed)
	w.date("served_on", r.serve)
	w.date("effective_on", r.effective)
	w.text("result", r.result)
	w.text("sentence_kind", r.sentence)
	if r.months > 0 {
		w.count("sentence_months", r.months)
	}
	w.truth("probation", r.probation)
	if r.probation == yes || r.result == "acquitted" || r.result == "exempt" {
		w.date("released_on", r.judged)
	}
	if r.fine > 0 {
		w.name("fine")
		w.b = append(w.b, '"')
		w.b = appendPadded(w.b, uint64(r.fine), 1)
		w.b = append(w.b, `.00"`...)
	}
	w.truth("recommendation_adopted", r.adopted)
	if r.kind == "trial_first" {
		w.truth("plea_leniency", triOf(c.people[r.who].plea))
	}
	c.mix(w, r.who, latest(r.filed, r.judged))
	w.end()
}

func (c *chain) writeChange(w *payload, r *changeRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.number("docket_number", r.num)
	w.text("person_no", r.no+v.extra)
	w.text("change_kind", r.kind)
	w.organ("requesting_organ", r.requester)
	w.date("requested_on", r.requested)
	w.date("published_on", r.published)
	v.main(w, "ruled_on", r.ruled)
	w.date("served_on", r.served)
	w.count("original_months", r.original)
	w.count("executed_months", r.executed)
	w.count("reduction_months", r.reduction)
	w.truth("strict_regime", triOf(r.strict))
	w.text("opinion", r.opinion)
	w.end()
}

func (c *chain) writeDocument(w *payload, r *documentRecord, v variant) {
	v.head(w, r.organ, c.compartment)
	w.number("document_number", v.own(r.num))
	w.text("document_kind", r.kind)
	w.text("matter", r.matter)
	w.organ("target_organ", r.target)
	v.main(w, "issued_on", r.issued)
	w.date("served_on", r.served)
	w.date("reply_due_on", r.due)
	w.date("replied_on", r.replied)
	w.truth("adopted", r.adopted)
	w.date("corrected_on", r.corrected)
	w.date("urged_on", r.urged)
	w.date("escalated_on", r.escalated)
	w.count("persons", r.persons)
	w.end()
}

// writeOrgan writes one organ of the register.
func writeOrgan(w *payload, o *organ, since day) {
	w.begin()
	w.text("organ_id", o.id)
	w.text("code", o.code)
	w.text("code_system", o.codeSystem)
	w.text("name", o.name)
	w.text("system", o.system)
	w.text("level", o.level)
	w.text("kind", o.kind)
	w.text("region", o.region)
	w.count("admin_order", o.order)
	w.date("valid_from", since)
	w.text("led_by", o.ledBy)
	w.text("supervised_by", o.supervisedBy)
	w.text("appeals_to", o.appealsTo)
	w.text("counterpart", o.peer)
	w.end()
}
