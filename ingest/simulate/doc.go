// Package simulate owns a synthetic country whose truth is known: the organs of
// all departments and coherent case chains (案链) between them, sent as the
// messages of the record contracts. It promises that the same seed and size give
// the same bytes, that chain i depends on seed, i and size class only (so memory
// does not grow), and that Truth is added up from plans that exist before any
// record is encoded. It never reads its own records back, and shares no date
// arithmetic, rule or SQL with the jobs it is a truth for.
//
// Every unit of a clock (办案期限) is planned with its outcome first; dates are
// then made to fit. A planned kind that would end after the legal day (基准日) is
// replaced by a short or a running one. The planned kinds, named as in
// Truth.Planned:
//
//   - Detention to request for arrest (拘留后提请批捕): request_in_time,
//     request_boundary (third day), request_special and request_thirty (extended
//     with a document), request_special_days_unsaid (days not sent: seven in all),
//     request_late, request_late_extended, request_undocumented (extension
//     without document), execution_unrecorded (cannot be judged), ended_in_time,
//     ended_boundary, ended_special, ended_late (ended without a request),
//     held_in_time, held_due_soon, held_late (still running), asked_just_now and
//     asked_unanswered (requested, no arrest review known).
//   - Arrest review (审查批捕): review_in_time, review_boundary (seventh day),
//     review_late, review_running, review_due_soon, review_running_late,
//     review_unlinked (its reference is lost, so the detention cannot be judged
//     unless it is worse already), review_acceptance_unrecorded,
//     review_decision_unrecorded, refusal_kind_unrecorded.
//   - Prosecution review (审查起诉): prosecution_in_time, prosecution_boundary,
//     prosecution_late, prosecution_extended, prosecution_extended_boundary,
//     prosecution_extended_late, prosecution_undocumented, prosecution_fast_track,
//     prosecution_fast_boundary, prosecution_fast_late,
//     prosecution_fast_over_year, prosecution_returned, prosecution_returned_twice,
//     prosecution_return_late (the police), prosecution_resubmitted_late,
//     prosecution_acceptance_unrecorded, prosecution_decision_unrecorded,
//     prosecution_custody_unsaid (both readings agree), prosecution_running,
//     prosecution_due_soon, prosecution_running_late, return_running,
//     return_due_soon, return_running_late.
//   - First trial (一审): trial_summary and trial_fast_track (not applicable),
//     trial_in_time, trial_boundary, trial_late, trial_extended,
//     trial_extended_late, trial_undocumented, trial_no_stated_limit (approved by
//     the Supreme People's Court: no limit to judge by), trial_suspended,
//     trial_procedure_unrecorded, trial_filing_unrecorded, trial_running,
//     trial_due_soon, trial_running_late.
//   - Second trial after a protest (抗诉): protest_undetermined (no result),
//     protest_unattributed (no prosecuting organ: counted nowhere).
//   - Replies to supervision documents (监督文书): reply_in_time, reply_boundary,
//     reply_late, reply_running, reply_due_soon, reply_running_late,
//     reply_service_unrecorded (cannot be judged), reply_stated and
//     reply_stated_unserved (the document states its own day), matter_unrecorded,
//     persons_unrecorded.
//   - References and persons: reference_missing, reference_mistyped,
//     identity_missing, identity_bad_check, identity_legacy (15 digits),
//     identity_mistyped, identity_exchanged (two neighbouring digits), identity_lent
//     (a co-defendant's number), name_homophone, name_traditional, name_mistyped,
//     name_transcribed (of names with a dot), birth_missing, birth_off (another
//     day), birth_swapped (day and month exchanged), birth_first (1 January). One
//     chain of adults in seven is about a human who may stand in other chains too,
//     never while held or serving a sentence; EachEntry tells who is who.
//   - Delivery for execution (交付执行): delivery_lost (the prison's docket never
//     arrives), delivery_proven (and a later ruling quotes its number).
//
// Of several phases the worst counts: out of time, then extended without
// document, then cannot be judged, then due soon. Units out of custody keep a
// fortnight from their limit or end before its unrolled day, exact boundaries lie
// in custody and start by the 28th, and replies without a stated day fall due on
// a Tuesday to Thursday in a month without holidays there: so no outcome hangs
// on a calendar of holidays.
//
// Faults (Config.Faults) change how records arrive, never what is true in the
// end: duplicate, late, out_of_order (the second statement before the first),
// corrected (first with a wrong date), retracted (an extra record), conflict (the
// same revision with another date: the first stays) and malformed (an extra
// message that is refused, twelve ways). Organs have none.
package simulate
