package recount

// truths says for every indicator of the catalogue what a record adds to it,
// written from the definition's text.
func truths() map[string][]count {
	all := map[string][]count{}
	for _, part := range []map[string][]count{arrestTruths(), prosecutionTruths(), trialTruths(), investigationTruths(), executionTruths(), civilTruths(), publicTruths(), qualityTruths()} {
		for id, c := range part {
			all[id] = c
		}
	}
	return all
}

// dropped are the final non-prosecutions (不起诉).
func dropped() when {
	return is("decision", "not_prosecuted_statutory", "not_prosecuted_relative", "not_prosecuted_doubtful", "not_prosecuted_special")
}

func arrestTruths() map[string][]count {
	const review = "arrest_review"
	refused, arrested := is("decision", "not_approved"), is("decision", "approved", "decided")
	return map[string][]count{
		"AR01a": {total(review, "accepted_on", always), undated(review, "accepted_on", always)},
		"AR01b": {total(review, "decided_on", always)},
		"AR02a": {rate(review, "decided_on", not(is("decision", "decided")), refused, is("decision", "approved"))},
		"AR02b": {rate(review, "decided_on", always, refused, arrested)},
		"AR03":  {kinds(review, "decided_on", refused, "refusal_kind", "not_a_crime", "insufficient_evidence", "no_necessity")},
		"AR04a": {over(review, "reconsideration_requested_on", refused), under(review, "decided_on", refused), missed(review, "decided_on", refused)},
		"AR04b": {flag(review, "reconsideration_decided_on", refused, "decision_changed")},
		"AR04c": {flag(review, "review_decided_on", refused, "review_changed")},
		"AR06b": {
			over(review, "decided_on", arrested),
			under("prosecution_decision", "decided_on", either(dropped(), is("decision", "prosecuted"))),
			missed("prosecution_decision", "decided_on", either(dropped(), is("decision", "prosecuted"))),
		},
		"AR08a": {total("necessity_review", "filed_on", always), undated("necessity_review", "filed_on", always)},
		"AR08b": {flag("necessity_review", "suggestion_served_on", is("decision", "release", "change"), "adopted")},
		"AR09a": {kinds("custody_extension", "decided_on", is("decision", "approved"), "basis", "complex", "four_kinds", "ten_years", "special")},
		"AR09b": {rate("custody_extension", "decided_on", always, is("decision", "not_approved"), is("decision", "approved"))},
		"JV01":  {rate(review, "decided_on", yes("juvenile"), refused, arrested)},
		"PR07a": {span(review, "decided_on", always, "accepted_on", "decided_on")},
		"SV05a": {total(review, "decided_on", both(yes("supplementary_arrest"), arrested)), undated(review, "decided_on", both(yes("supplementary_arrest"), arrested))},
		"SV07a": {total(review, "decided_on", yes("evidence_excluded")), undated(review, "decided_on", yes("evidence_excluded"))},
	}
}

func prosecutionTruths() map[string][]count {
	const decision = "prosecution_decision"
	prosecuted, conditional, final := is("decision", "prosecuted"), is("decision", "conditional"), either(dropped(), is("decision", "prosecuted"))
	supervisory := is("case_source", "supervisory")
	returned := func(n string) count {
		return rate(decision, "decided_on", always, has("returned_"+n+"_on"), both(blank("returned_"+n+"_on"), blank("resubmitted_"+n+"_on")))
	}
	return map[string][]count{
		"AD06a": {rate(decision, "decided_on", both(dropped(), not(no("penalty_needed"))), both(yes("penalty_needed"), has("opinion_issued_on")), both(yes("penalty_needed"), blank("opinion_issued_on")))},
		"AD06c": {flag(decision, "opinion_replied_on", always, "penalised")},
		"AR05a": {rate(decision, "arrested_on", is("custody_before", "arrested"), dropped(), prosecuted)},
		"AR06a": {rate(decision, "decided_on", final, is("custody_before", "arrested"), is("custody_before", "detained", "retained", "none"))},
		"AR07":  {rate(decision, "decided_on", final, is("custody_before", "arrested", "detained", "retained"), is("custody_before", "none"))},
		"DQ08":  {rate(decision, "decided_on", always, both(has("decision"), has("decision_document_number")), has("decision"))},
		"JV02":  {rate(decision, "decided_on", both(yes("juvenile"), not(conditional)), dropped(), prosecuted)},
		"JV03a": {rate(decision, "decided_on", yes("juvenile"), conditional, has("decision"))},
		"JV03b": {rate(decision, "probation_decided_on", conditional, is("probation_result", "prosecuted"), is("probation_result", "not_prosecuted"))},
		"JV04":  {total(decision, "decided_on", both(yes("harms_juvenile"), prosecuted))},
		"JZ01a": {total(decision, "accepted_on", supervisory), undated(decision, "accepted_on", supervisory)},
		"JZ01b": {rate(decision, "decided_on", supervisory, has("returned_1_on"), both(blank("returned_1_on"), blank("resubmitted_1_on")))},
		"JZ01c": {flag(decision, "decided_on", supervisory, "self_supplemented")},
		"JZ01d": {rate(decision, "decided_on", both(supervisory, dropped()), has("upper_approval_on"), both(blank("upper_approval_on"), blank("upper_approval_document_number")))},
		"PL01":  {flag(decision, "decided_on", not(conditional), "plea_leniency")},
		"PL02a": {rate(decision, "decided_on", both(prosecuted, yes("plea_leniency")), is("sentencing_recommendation", "range", "fixed"), is("sentencing_recommendation", "none"))},
		"PL02b": {rate(decision, "decided_on", both(prosecuted, not(is("sentencing_recommendation", "none"))), is("sentencing_recommendation", "fixed"), is("sentencing_recommendation", "range"))},
		"PR01a": {total(decision, "accepted_on", always), undated(decision, "accepted_on", always)},
		"PR01b": {total(decision, "decided_on", always)},
		"PR02":  {rate(decision, "decided_on", not(conditional), dropped(), prosecuted)},
		"PR02b": {kinds(decision, "decided_on", not(prosecuted), "decision", "prosecuted", "not_prosecuted_statutory", "not_prosecuted_relative", "not_prosecuted_doubtful", "not_prosecuted_special", "conditional")},
		"PR03a": {flag(decision, "reconsideration_decided_on", always, "reconsideration_changed")},
		"PR03b": {flag(decision, "review_decided_on", always, "review_changed")},
		"PR03c": {flag(decision, "appeal_decided_on", always, "appeal_changed")},
		"PR03d": {over(decision, "victim_appealed_on", dropped()), under(decision, "decided_on", dropped()), missed(decision, "decided_on", dropped())},
		"PR04a": {returned("1")},
		"PR04b": {returned("2")},
		"PR05":  {rate(decision, "decided_on", always, has("extended_on"), both(blank("extended_on"), blank("extension_document_number")))},
		"PR06":  {flag(decision, "decided_on", always, "self_supplemented")},
		"PR07b": {span(decision, "decided_on", always, "accepted_on", "decided_on")},
		"PR07c": {span(decision, "decided_on", both(blank("extended_on"), blank("returned_1_on")), "accepted_on", "decided_on")},
		"PR08a": {over(decision, "prosecution_withdrawn_on", always), under(decision, "decided_on", prosecuted), missed(decision, "decided_on", prosecuted)},
		"PT01d": {rate(decision, "decided_on", both(dropped(), not(no("has_seized_property"))), both(yes("has_seized_property"), has("property_released_on")), yes("has_seized_property"))},
		"SV05b": {total(decision, "decided_on", both(yes("supplementary_prosecution"), prosecuted)), undated(decision, "decided_on", both(yes("supplementary_prosecution"), prosecuted))},
		"SV07b": {total(decision, "decided_on", yes("evidence_excluded")), undated(decision, "decided_on", yes("evidence_excluded"))},
	}
}

func trialTruths() map[string][]count {
	first, judged := is("docket_kind", "trial_first"), either(blank("result"), is("result", "guilty", "exempt", "acquitted"))
	at := func(all ...count) []count { return by("prosecuting_organ", all...) }
	return map[string][]count{
		"AR05b": at(rate("trial", "judged_on", both(first, yes("in_custody"), judged), is("result", "acquitted", "exempt"), is("result", "guilty"))),
		"PL03":  at(flag("trial", "judged_on", both(first, is("result", "guilty"), not(is("recommended_kind", "none"))), "recommendation_adopted")),
		"PL04a": at(rate("trial", "judged_on", both(first, not(no("plea_leniency"))), both(yes("plea_leniency"), blank("appealed_on")), both(yes("plea_leniency"), has("appealed_on")))),
		"PL04b": at(rate("trial", "judged_on", both(first, is("result", "guilty", "exempt")), has("appealed_on"), both(blank("appealed_on"), blank("appeal_withdrawn_on")))),
		"PR07d": at(span("trial", "judged_on", first, "filed_on", "judged_on")),
		"PR08b": at(rate("trial", "judged_on", both(first, judged), is("result", "acquitted"), is("result", "guilty", "exempt"))),
		"PR08c": at(rate("trial", "effective_on", judged, is("result", "guilty", "exempt"), is("result", "acquitted"))),
		"SV07c": at(total("trial", "judged_on", yes("evidence_excluded")), undated("trial", "judged_on", yes("evidence_excluded"))),
		"TR01":  at(rate("trial", "judged_on", both(is("docket_kind", "trial_second"), is("origin", "protest")), is("result", "changed", "remanded"), is("result", "upheld", "withdrawn"))),
		"TR03b": at(total("trial", "extended_on", always)),
		"TR03c": at(total("trial", "suspended_on", always)),
		"TR01b": {total("filed", "protested_on", is("case_class", "criminal")), undated("filed", "protested_on", is("case_class", "criminal"))},
		"TR01c": {rate("filed", "upper_reviewed_on", is("case_class", "criminal"), is("upper_decision", "supported", "partly"), is("upper_decision", "withdrawn"))},
		"TR04a": {total("activity", "held_on", is("activity_kind", "death_review_opinion"))},
		"TR04b": {total("activity", "held_on", is("activity_kind", "committee"))},
		"JZ01e": {total("activity", "held_on", both(is("activity_kind", "early_involvement"), is("case_source", "supervisory")))},
		"TR03a": {overdue("R070", "R071", "R073", "R075")},
	}
}

// corrected are two flows of notices: those corrected and those issued in a period (同期).
func corrected(matter string, documents ...string) []count {
	w := both(is("document_kind", documents...), is("matter", matter))
	return []count{over("supervision_document", "corrected_on", w), under("supervision_document", "issued_on", w), missed("supervision_document", "issued_on", w)}
}

// complied are two flows of requests: those followed and those issued in a period.
func complied(document string, outcomes ...string) []count {
	w := is("document_kind", document)
	return []count{over("supervision_document", "complied_on", both(w, is("outcome", outcomes...))), under("supervision_document", "issued_on", w), missed("supervision_document", "issued_on", w)}
}

// issued counts documents of a kind.
func issued(document string) []count {
	w := is("document_kind", document)
	return []count{total("supervision_document", "issued_on", w), undated("supervision_document", "issued_on", w)}
}

// adopted is the rate of recommendations on a matter that were adopted.
func adopted(matter string) []count {
	return []count{flag("supervision_document", "issued_on", both(is("document_kind", "recommendation"), is("matter", matter)), "adopted")}
}

// overdue is the stock of what a machine found out of time and still open.
func overdue(rules ...string) count {
	return standing("verdict", "due_on", both(is("rule", rules...), is("outcome", "out_of_time")), "stopped_on")
}

// met is the rate of what rules found in order.
func met(rules ...string) []count {
	known := is("outcome", "in_time", "conforming", "out_of_time", "extended_without_document", "apparent_nonconformity", "cannot_judge")
	return []count{rate("verdict", "period_on", both(is("rule", rules...), known, func(s *Record) bool { return s.day("period_on") <= lastDay }),
		is("outcome", "in_time", "conforming"), is("outcome", "out_of_time", "extended_without_document", "apparent_nonconformity"))}
}

// answered is the rate of replies in time: what cannot be judged has no last day and counts where it belongs.
func answered(rule string) []count {
	judged := both(is("rule", rule), is("outcome", "in_time", "out_of_time", "extended_without_document"), func(s *Record) bool { return s.day("due_on") <= lastDay })
	unknown := both(is("rule", rule), is("outcome", "cannot_judge"))
	return []count{
		rate("verdict", "due_on", judged, is("outcome", "in_time"), not(is("outcome", "in_time"))),
		at("verdict", "period_on", unknown, share{und: 1, n: 1, divided: true}),
	}
}

func due(field string) when {
	return func(s *Record) bool { return s.day(field) != "" && s.day(field) <= lastDay }
}

func investigationTruths() map[string][]count {
	const document, measure = "supervision_document", "coercive_measure"
	filedAfter := both(is("document_kind", "reason_request_no_filing", "filing_notice"), is("outcome", "filed"))
	notice := is("document_kind", "correction_notice")
	hanging := []string{"R020", "R021", "R022", "R023"}
	return map[string][]count{
		"SV01a": issued("reason_request_no_filing"), "SV02a": issued("reason_request_filing"), "SV03a": issued("transfer_advice"), "SV06b": issued("urging_letter"),
		"SV01b": complied("reason_request_no_filing", "filed"), "SV02b": complied("reason_request_filing", "withdrawn"), "SV03b": complied("transfer_advice", "transferred", "filed"),
		"SV01c": {rate(document, "complied_on", filedAfter, has("investigation_ended_on"), blank("prosecuted_on"))},
		"SV03c": by("procuratorate", rate("admin_penalty", "transferred_on", is("direction", "forward"), is("police_decision", "filed"), is("police_decision", "declined", "forwarded"))),
		"SV04": {
			over(document, "corrected_on", both(notice, is("matter", "investigation_activity"))), under(document, "issued_on", both(notice, is("matter", "investigation_activity"))),
			at(document, "issued_on", both(notice, blank("matter")), share{und: 1, n: 1, divided: true}), missed(document, "issued_on", both(notice, is("matter", "investigation_activity", ""))),
		},
		"SV04b": {kinds(document, "issued_on", both(notice, is("matter", "investigation_activity")), "violation_class",
			"v01", "v02", "v03", "v04", "v05", "v06", "v07", "v08", "v09", "v10", "v11", "v12", "v13", "v14", "v15", "v16")},
		"SV05c": {flag(document, "sentenced_on", always, "sentenced_to_term")},
		"SV06a": {overdue(hanging...)},
		"SV06c": {rate("verdict", "due_on", both(is("rule", hanging...), is("outcome", "out_of_time", "cannot_judge"), due("due_on")),
			both(is("outcome", "out_of_time"), has("stopped_on")), is("outcome", "out_of_time"))},
		"SV06d": {span("verdict", "stopped_on", both(is("rule", hanging...), is("outcome", "out_of_time")), "due_on", "stopped_on")},
		"SV08a": {standing(measure, "executed_at", always, "ended_on"), undated(measure, "executed_at", always)},
		"SV08b": {total(measure, "expires_on", always)},
		"SV08c": {}, // counted by Persons
		"SV08d": {standing(measure, "expires_on", always, "ended_on")},
		"SV09":  {rate(measure, "executed_at", is("measure", "detention"), is("end_reason", "released", "bail", "residential_surveillance", "expired"), is("end_reason", "arrested", "transferred", "retention"))},
		"TR02":  corrected("trial_activity", "correction_notice"),
		"SU01":  answered("R110"), "SU02": answered("R114"),
		"SU01b": {total(document, "issued_on", is("document_kind", "recommendation"))},
		"SU01c": {flag(document, "issued_on", is("document_kind", "recommendation"), "adopted")},
		"SU01d": {rate(document, "issued_on", both(is("document_kind", "recommendation"), yes("adopted")), both(blank("verified_on"), not(yes("rectified"))), has("verified_on"))},
		"SU02b": {rate(document, "issued_on", both(notice, due("reply_due_on"), either(blank("replied_on"), late("replied_on", "reply_due_on"))), has("urged_on"), both(blank("urged_on"), blank("escalated_on")))},
		"SU02c": {total(document, "escalated_on", notice)},
		"JZ02a": {total("clue_transfer", "transferred_on", is("clue_kind", "duty_violation", "duty_crime", "judicial_crime"))},
		"JZ02b": {rate("clue_transfer", "transferred_on", is("clue_kind", "duty_violation", "duty_crime", "judicial_crime"), has("feedback_on"), blank("result"))},
		"CI04b": {total("clue_transfer", "transferred_on", is("clue_kind", "fake_litigation"))},
		"JZ01f": met("R038"),
		"PT01a": {flag("property", "counted_on", always, "count_matches")},
		"PT01b": {standing("property", "expires_on", always, "disposed_on", "released_on", "returned_on")},
		"PT01c": by("procuratorate", rate("transfer_prosecution", "transferred_on", not(is("property_with_case", "no_property")), is("property_with_case", "all"), is("property_with_case", "part", "none"))),
		"PT01e": {worth("property", "seized_on", "amount", has("amount"), "disposed_on", "returned_on")},
	}
}

func executionTruths() map[string][]count {
	const correction = "community_correction"
	change := both(is("document_kind", "correction_notice"), is("matter", "sentence_change"))
	community := both(is("document_kind", "correction_notice"), is("matter", "community_correction"))
	uncounted := func(w when) count { // without a number of persons or a day of issue
		return count{from: "supervision_document", add: func(s *Record, put func(string, string, share)) {
			if d := s.day("issued_on"); w(s) && (d == "" || s.text("persons") == "") {
				if d == "" {
					d = s.Business
				}
				put(month(d), "", share{und: 1, n: 1, divided: true})
			}
		}}
	}
	return map[string][]count{
		"EX01":  {persons("supervision_document", "corrected_on", change, "persons", toNum), persons("supervision_document", "issued_on", change, "persons", toDen), uncounted(change)},
		"EX04e": {persons("supervision_document", "corrected_on", community, "persons", toNum), persons("supervision_document", "issued_on", community, "persons", toDen), uncounted(community)},
		"EX01b": {total("sentence_change", "ruled_on", always)},
		"EX01c": {rate("sentence_change", "ruled_on", always, is("opinion", "disagree"), is("opinion", "agree"))},
		"EX02":  met("R089", "R089a", "R089b", "R08A", "R08B", "R08C", "R08D"),
		"EX03a": {overdue("R080", "R081")},
		"EX03b": {
			total("execution_delivery", "effective_on", both(yes("kept_in_detention_centre"), is("remaining_class", "over_three_months"))),
			undated("execution_delivery", "effective_on", both(yes("kept_in_detention_centre"), is("remaining_class", "over_three_months"))),
		},
		"EX04a": {standing(correction, "accepted_on", always, "ended_on"), undated(correction, "accepted_on", always)},
		"EX04b": {rate(correction, "report_due_on", due("report_due_on"), late("reported_on", "report_due_on"), has("reported_on"))},
		"EX04c": {standing(correction, "out_of_control_on", always, "found_again_on")},
		"EX04d": {standing(correction, "revocation_decided_on", is("revocation_result", "revoked"), "recalled_on")},
		"EX05a": corrected("property_penalty", "correction_notice", "recommendation"),
		"EX05b": {at("property_penalty_exec", "collected_on", always, share{n: 1}), {from: "property_penalty_exec", add: func(s *Record, put func(string, string, share)) {
			if d := s.day("collected_on"); d != "" {
				put(month(d), "", share{num: hundredths(s.text("collected"))})
			}
		}}},
		"EX05c": {rate("property_penalty_exec", "filed_on", always, is("end_kind", "ended_programme"), is("end_kind", "completed", "ended", "rejected"))},
		"EX05d": corrected("penalty_execution", "correction_notice"),
		"EX06a": {overdue("R050", "R051", "R052", "R053", "R100")},
		"EX06b": met("R05A", "R05AT"),
		"EX06c": {total("custody_event", "happened_at", both(is("event_kind", "death"), no("natural_death")))},
		"EX07a": {total("facility_inspection", "began_on", not(is("inspection_kind", "resident"))), undated("facility_inspection", "began_on", not(is("inspection_kind", "resident")))},
		"EX07b": {persons("facility_inspection", "feedback_on", always, "problems", toFlow)},
		"EX07c": {
			persons("facility_inspection", "verified_on", has("problems"), "rectified_problems", toNum), persons("facility_inspection", "verified_on", has("rectified_problems"), "problems", toDen),
			at("facility_inspection", "verified_on", either(blank("problems"), blank("rectified_problems")), share{und: 1, n: 1, divided: true}),
		},
		"EX08": {total("special_procedure", "executed_on", is("procedure_kind", "compulsory_treatment"))},
	}
}

func civilTruths() map[string][]count {
	const supervision = "civil_supervision"
	all := map[string][]count{
		"CI03a": adopted("civil_trial"), "CI03b": adopted("civil_execution"), "AD03a": adopted("administrative_trial"), "AD03b": adopted("administrative_execution"), "AD05": adopted("administrative_act"),
		"AD04":  {total(supervision, "dispute_resolved_on", is("docket_kind", "administrative_supervision"))},
		"CI04a": {total(supervision, "decided_on", is("subject", "fake_litigation"))},
		"CI05":  {total(supervision, "decided_on", both(is("subject", "support"), is("decision", "supported_suit")))},
		"AD06b": {rate("verdict", "due_on", both(is("rule", "R064"), is("outcome", "in_time", "out_of_time", "cannot_judge"), due("due_on")), is("outcome", "in_time"), is("outcome", "out_of_time"))},
	}
	for _, c := range []struct {
		ids           [5]string
		docket, class string
	}{
		{[5]string{"CI01a", "CI01b", "CI01c", "CI01d", "CI02"}, "civil_supervision", "civil"},
		{[5]string{"AD01a", "AD01b", "AD01c", "AD01d", "AD02"}, "administrative_supervision", "administrative"},
	} {
		judgment := both(is("docket_kind", c.docket), is("subject", "judgment"))
		retrial := both(is("docket_kind", c.docket), is("decision", "retrial_recommendation"))
		all[c.ids[0]] = []count{total(supervision, "accepted_on", judgment), undated(supervision, "accepted_on", judgment)}
		all[c.ids[1]] = []count{total(supervision, "decided_on", judgment)}
		all[c.ids[2]] = []count{total("filed", "protested_on", is("case_class", c.class))}
		all[c.ids[3]] = []count{rate("filed", "concluded_on", is("case_class", c.class), is("result", "changed", "remanded", "mediated", "settled"), is("result", "upheld", "withdrawn", "ended"))}
		all[c.ids[4]] = []count{over(supervision, "retrial_ruled_on", retrial), under(supervision, "document_issued_on", retrial), missed(supervision, "document_issued_on", retrial)}
	}
	return all
}

func publicTruths() map[string][]count {
	const interest = "public_interest_case"
	pretrial := both(is("litigation_kind", "administrative"), is("pretrial_kind", "recommendation"))
	ended := both(pretrial, due("reply_due_on"))
	replied, silent := has("replied_on"), both(blank("replied_on"), blank("rectified"))
	partly := is("rectified", "partly", "none")
	return map[string][]count{
		"PI01a": {rate(interest, "clue_on", always, has("filed_on"), has("not_filed_on"))},
		"PI01b": {total(interest, "filed_on", always)},
		"PI02a": {rate(interest, "reply_due_on", ended, replied, silent)},
		"PI02b": {rate(interest, "reply_due_on", ended, both(replied, not(late("replied_on", "reply_due_on"))), either(replied, silent))},
		"PI02c": {rate(interest, "reply_due_on", ended, is("rectified", "full"), partly)},
		"PI02d": {rate(interest, "reply_due_on", ended, both(replied, is("rectified", "full")), either(both(replied, partly), silent))},
		"PI03a": {total(interest, "sued_on", always)},
		"PI03b": {rate(interest, "judged_on", either(blank("result"), is("result", "supported", "partly", "rejected")), is("result", "supported", "partly"), is("result", "rejected"))},
		"PI04":  {standing(interest, "reply_due_on", pretrial, "replied_on", "sued_on", "ended_on")},
	}
}

// steps are the legal steps of a criminal case that 案-件比 counts besides its acceptance.
func steps() map[string][]string {
	return map[string][]string{
		"prosecution_decision": {
			"returned_1_on", "returned_2_on", "extended_on", "extended_2_on", "extended_3_on", "reconsideration_requested_on", "review_requested_on",
			"prosecution_withdrawn_on", "court_returned_on", "postponement_proposed_on", "compensation_decided_on",
		},
		"arrest_review":     {"reconsideration_requested_on", "review_requested_on", "victim_appealed_on"},
		"custody_extension": {"requested_on"},
	}
}

func qualityTruths() map[string][]count {
	fits := func(field string) when {
		return func(s *Record) bool {
			return s.text(field) == "" || hundredths(s.text(field)) <= hundredths(s.text("problems"))
		}
	}
	all := map[string][]count{
		"DQ01":  {rate("every", "business", always, yes("in_time"), no("in_time"))},
		"DQ02":  {rate("every", "business", always, yes("complete"), no("complete"))},
		"DQ03":  {rate("every", "business", always, yes("coded"), no("coded"))},
		"DQ04":  {rate("person_in_case", "business", always, is("identity", "valid"), is("identity", "bad"))},
		"DQ05":  {rate("case", "linked_on", has("link"), is("link", "root", "linked"), is("link", "unlinked"))},
		"DQ05b": {rate("hop", "announced_on", not(is("status", "none_due")), is("status", "proven", "probable"), is("status", "linked"))},
		"SU03":  {total("hop", "announced_on", is("status", "proven", "probable"))},
		"DQ06":  {rate("facility_inspection", "feedback_on", always, both(has("problems"), fits("serious_problems"), fits("rectified_problems")), has("problems"))},
		"DQ07":  {rate("statement", "business", always, is("fate", "duplicate", "superseded"), is("fate", "applied", "conflict"))},
	}
	ratio := []count{
		at("prosecution_decision", "accepted_on", always, share{num: 1, den: 1, n: 1, divided: true}),
		{from: "prosecution_decision", add: func(s *Record, put func(string, string, share)) {
			d := s.day("victim_appealed_on")
			if d == "" {
				d = s.day("suspect_appealed_on")
			}
			if d != "" {
				put(month(d), "", share{num: 1, divided: true})
			}
		}},
	}
	for kind, fields := range steps() {
		for _, f := range fields {
			ratio = append(ratio, at(kind, f, always, share{num: 1, divided: true}))
		}
	}
	all["RJ01"] = ratio
	return all
}
